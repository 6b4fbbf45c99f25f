"""Rules of transit journeys, each in a world small enough to check by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from access.routing.doors import whole_seconds
from access.routing.journey import RideLeg, WalkLeg
from access.routing.rides import TransitRules
from geo.timetable.clock import clock_time
from tests.access.transit_worlds import DAY, NO_SLACK, World, at, trip

#   A ---- B ---- C ---- D      a bus on the hour, and another from B to D that leaves when the first arrives
LINE = World(
    [
        trip("A 9:00, B 9:10, C 9:20"),
        trip("A 10:00, B 10:10, C 10:20"),
        trip("B 9:10, D 9:30"),
        trip("B 10:10, D 10:30"),
    ]
)


@pytest.mark.parametrize(
    ("start", "end", "depart", "expected"),
    [
        ("A", "C", "9:00", "9:20"),  # caught to the second
        ("A", "C", "9:00:01", "10:20"),  # missed by one
        ("A", "D", "8:00", "9:30"),  # one change at B without slack
        ("B", "C", "9:30", "10:20"),
        ("A", "C", "10:00:01", None),  # the last has gone
        ("C", "A", "8:00", None),  # nothing runs back
    ],
)
def test_earliest_arrival_on_two_lines(start, end, depart, expected):
    assert LINE.arrive(start, end, depart) == (expected and at(expected))


@pytest.mark.parametrize(
    ("start", "end", "arrive_by", "expected"),
    [
        ("A", "C", "9:20", "9:00"),
        ("A", "C", "9:19:59", None),
        ("A", "D", "11:00", "10:00"),
        ("A", "D", "10:29", "9:00"),
    ],
)
def test_latest_departure_on_two_lines(start, end, arrive_by, expected):
    assert LINE.leave(start, end, arrive_by) == (expected and at(expected))


def test_slack_is_needed_at_every_boarding():
    slack = TransitRules(board_slack_s=60)
    # at A 60 s before 9:00, so 8:59 will do; at B the 9:10 is missed (0 s to change) and the 10:10 arrives at 10:30
    assert LINE.arrive("A", "C", "8:59", slack) == at("9:20")
    assert LINE.arrive("A", "C", "8:59:01", slack) == at("10:20")
    assert LINE.arrive("A", "D", "8:00", slack) == at("10:30")
    # backwards: D by 10:30 needs B at 10:09, so the 9:00 from A, where one is at 8:59
    assert LINE.leave("A", "D", "10:30", slack) == at("8:59")


def test_overtaking_trip_is_caught_at_its_own_time():
    # the slow bus leaves A first and is overtaken between B and C
    world = World([trip("A 9:00, B 9:10, C 10:00"), trip("A 9:05, B 9:15, C 9:30")])
    assert world.arrive("A", "C", "9:00") == at("9:30")  # waits for the fast one
    assert world.arrive("B", "C", "9:12") == at("9:30")
    assert world.leave("A", "C", "9:45") == at("9:05")
    assert world.leave("A", "B", "9:12") == at("9:00")
    assert world.leave("A", "C", "10:30") == at("9:05")


def test_trips_of_yesterday_run_past_midnight():
    # last night's bus, 24:30 by yesterday's count, is at 0:30 today; tomorrow's is at 24:30
    world = World([trip("A 24:30, B 24:50", days=(-1, 0))])
    assert world.arrive("A", "B", "0:10") == at("0:50")
    assert world.arrive("A", "B", "0:31") == at("24:50")
    assert world.leave("A", "B", "1:00") == at("0:30")


def test_trips_of_tomorrow_take_one_home_at_night():
    world = World([trip("A 0:20, B 0:40", days=(0, 1))])
    assert world.arrive("A", "B", "23:50") == at("24:40")
    assert world.arrive("A", "B", "0:20") == at("0:40")


def test_trips_that_do_not_run_on_the_date_are_not_taken():
    world = World([trip("A 9:00, B 9:10", days=(-2, 2))])
    assert world.arrive("A", "B", "8:00") is None
    assert world.leave("A", "B", "12:00") is None


def test_pickup_and_drop_off_are_obeyed():
    # picks up at A only, sets down at C only
    world = World([trip("A 9:00, B 9:10, C 9:20", no_board=frozenset({1}), no_alight=frozenset({1}))])
    assert world.arrive("A", "B", "8:00") is None
    assert world.arrive("B", "C", "8:00") is None
    assert world.arrive("A", "C", "8:00") == at("9:20")
    assert world.leave("B", "C", "12:00") is None


def test_one_walk_between_rides_but_never_two():
    #  A ==> B ..120 s.. C ==> D        B to E is 120 s + 120 s on foot by way of C, and no single walk
    world = World(
        [trip("A 9:00, B 9:10"), trip("C 9:12, D 9:30"), trip("E 9:30, F 9:40")], {("B", "C"): 120, ("C", "E"): 120}
    )
    assert world.arrive("A", "D", "9:00") == at("9:30")
    assert world.arrive("A", "C", "9:00") is None  # the walk to C is a change, not an end: its own link would end there
    assert world.arrive("A", "F", "9:00") is None  # two walks in a row
    assert world.leave("A", "D", "9:30") == at("9:00")
    assert world.leave("A", "F", "12:00") is None


def test_walks_are_one_way_where_given_so():
    world = World([trip("A 9:00, B 9:10"), trip("C 9:20, D 9:30")], {("C", "B"): 60})
    assert world.arrive("A", "D", "9:00") is None
    assert world.leave("A", "D", "12:00") is None


def test_rides_are_limited_and_the_fewest_are_told():
    # A to D: three quick rides, arriving 9:30, or one slow one at 9:40; with a fourth line that also arrives at 9:40 by two rides
    world = World(
        [
            trip("A 9:00, B 9:10"),
            trip("B 9:10, C 9:20"),
            trip("C 9:20, D 9:30"),
            trip("A 9:00, D 9:40"),
            trip("B 9:15, D 9:40"),
        ]
    )
    expected = {1: (at("9:40"), 1), 2: (at("9:40"), 1), 3: (at("9:30"), 3), 4: (at("9:30"), 3)}
    for max_rides, (arrival, rides) in expected.items():
        day = world.on_day(TransitRules(max_rides=max_rides, board_slack_s=0))
        times = day.earliest_arrivals(world.link({"A": 0}), world.link({"D": 0}), [0], [at("9:00")], [[np.nan]])
        assert (at("9:00") + times.travel_s[0, 0], times.rides[0, 0]) == (arrival, rides)


def test_walking_all_the_way_counts_within_the_limit():
    links = LINE.link({"A": 0}), LINE.link({"C": 0})
    day = LINE.on_day()
    for direct, expected in ((600, (600, 0)), (1200, (1200, 1)), (1201, (1200, 1)), (np.nan, (1200, 1))):
        # the bus takes 20 minutes; a walk of the same length needs no ride, but 1,201 s is beyond what one walks
        times = day.earliest_arrivals(*links, [0], [at("9:00")], [[direct]])
        wanted = (1200, 0) if direct == 1200 else expected
        assert (times.travel_s[0, 0], times.rides[0, 0]) == wanted


def test_longer_than_the_bound_is_unreachable():
    links = LINE.link({"A": 0}), LINE.link({"C": 0})
    for bound, reachable in ((1200, True), (1199, False)):
        there = LINE.on_day().earliest_arrivals(*links, [0], [at("9:00")], [[np.nan]], max_travel_s=bound)
        back = LINE.on_day().latest_departures(*links, [0], [at("9:20")], [[np.nan]], max_travel_s=bound)
        for times in (there, back):
            assert (not np.isnan(times.travel_s[0, 0])) == reachable
            assert times.rides[0, 0] == (1 if reachable else -1)


def test_loop_line_calls_twice_at_a_stop():
    #  A -> B -> C -> B -> D : to D one boards at the second B too
    world = World([trip("A 9:00, B 9:10, C 9:20, B 9:30, D 9:40")])
    assert world.arrive("B", "D", "9:15") == at("9:40")
    assert world.arrive("B", "C", "9:10") == at("9:20")
    assert world.leave("B", "D", "9:40") == at("9:30")


def test_spring_night_has_23_hours():
    # 29 March 2026: clocks go from 1:00 to 2:00. The day counts from noon less 12 h, which is 23:00 on Saturday by the clock.
    # Saturday's 24:30 bus leaves at 0:30 by the clock: 1 h 30 min into Sunday's count.
    world = World([trip("A 24:30, B 24:50", days=(-1,))], day=date(2026, 3, 29))
    assert world.arrive("A", "B", "0:00") == at("1:50")
    assert world.leave("A", "B", "3:00") == at("1:30")


def test_autumn_night_has_25_hours():
    # 25 October 2026: second 0 is 1:00 summer time. Saturday's 25:30 bus leaves at 1:30 summer time, half an hour into Sunday's count.
    world = World([trip("A 25:30, B 25:50", days=(-1,))], day=date(2026, 10, 25))
    assert world.arrive("A", "B", "0:00") == at("0:50")
    # Monday's first bus at 0:10 is 24:10 of Sunday's count, as Sunday is 24 h from noon to noon
    world = World([trip("A 0:10, B 0:20", days=(1,))], day=date(2026, 10, 25))
    assert world.arrive("A", "B", "23:00") == at("24:20")


@pytest.mark.parametrize(
    ("day", "first", "then", "leaves", "shown"),
    [
        # 29 March: Saturday's bus leaves at 0:30 and is there an hour later, at 25:30 by its day's count; the clocks show 2:30
        (date(2026, 3, 29), "A 24:30, B 25:30", "B 4:00, C 4:30", "1:30", ["00:30", "02:30", "04:00", "04:30"]),
        # 25 October: it leaves at 0:30 summer time and is there two hours later, when the clocks show 1:30 for the second time
        (date(2026, 10, 25), "A 24:30, B 26:30", "B 4:00, C 4:30", "-0:30", ["00:30", "01:30", "04:00", "04:30"]),
    ],
)
def test_journeys_over_the_change_of_the_clocks(day, first, then, leaves, shown):
    world = World([trip(first, days=(-1,)), trip(then)], day=day)
    found = world.on_day().journey(world.link({"A": 0}), world.link({"C": 0}), np.nan, arrive_by_s=at("4:30"))
    assert found.depart_s == (-at(leaves[1:]) if leaves.startswith("-") else at(leaves))
    times = [second for leg in found.legs for second in (leg.depart_s, leg.arrive_s)]
    assert [clock_time(day, s, "Europe/London").strftime("%H:%M") for s in times] == shown
    assert world.leave("A", "C", "4:30") == found.depart_s
    assert world.on_day().journey(world.link({"A": 0}), world.link({"C": 0}), np.nan, depart_s=found.depart_s) == found


def test_window_ranks_every_departure():
    # minutes 8:55 … 9:04: leaving 8:55–9:00 one arrives at 9:20 (25, 24, 23, 22, 21, 20 min), then at 10:20 (79, 78, 77, 76 min)
    links = LINE.link({"A": 0}), LINE.link({"C": 0}), LINE.link({"A": 0})
    found = LINE.on_day().window(links[0], links[1], at("8:55"), at("9:05"), [10, 50, 60, 61, 100], [[np.nan]])
    # sorted: 20 21 22 23 24 25 76 77 78 79: ranks 1, 5, 6, 7 and 10
    assert (found[:, 0, 0] / 60).tolist() == [20, 24, 25, 76, 79]
    bounded = LINE.on_day().window(links[0], links[1], at("8:55"), at("9:05"), [60, 61], [[np.nan]], max_travel_s=3600)
    assert bounded[0, 0, 0] == 1500
    assert np.isnan(bounded[1, 0, 0])
    assert np.isnan(LINE.on_day().window(links[1], links[2], at("8:55"), at("9:05"), [5], [[np.nan]])).all()
    on_foot = LINE.on_day(TransitRules(max_walk_s=1320, board_slack_s=0)).window(
        links[0], links[1], at("8:55"), at("9:05"), [10, 50, 100], [[1320.0]]
    )
    assert (on_foot[:, 0, 0] / 60).tolist() == [20, 22, 22]


def test_journey_names_its_legs():
    world = World(LINE.trips, {("C", "E"): 90})
    day = world.on_day()
    found = day.journey(world.link({"A": 300}), world.link({"D": 120}), np.nan, depart_s=at("8:00"))
    # leaves 8:55 for the 9:00, changes at B at 9:10, is at D at 9:30 and at the door at 9:32
    assert (found.depart_s, found.arrive_s, found.rides) == (at("8:55"), at("9:32"), 2)
    assert [type(leg) for leg in found.legs] == [WalkLeg, RideLeg, RideLeg, WalkLeg]
    assert [(leg.from_name, leg.to_name) for leg in found.legs] == [(None, "A"), ("A", "B"), ("B", "D"), ("D", None)]
    assert [(leg.depart_s, leg.arrive_s) for leg in found.legs] == [
        (at(a), at(b)) for a, b in (("8:55", "9:00"), ("9:00", "9:10"), ("9:10", "9:30"), ("9:30", "9:32"))
    ]
    assert [leg.trip_id for leg in found.legs if isinstance(leg, RideLeg)] == ["t0", "t2"]
    assert day.journey(world.link({"C": 0}), world.link({"A": 0}), np.nan, depart_s=at("8:00")) is None
    walked = day.journey(world.link({"C": 0}), world.link({"A": 0}), 700.2, arrive_by_s=at("8:00"))
    assert (walked.depart_s, walked.arrive_s, walked.rides) == (at("8:00") - 701, at("8:00"), 0)


def test_a_journey_leaves_late_but_takes_no_more_rides_for_it():
    # By 9:30 one is at C by the bus at 9:00; whoever leaves at 9:10 is there to the second as soon, but changes at B.
    world = World([trip("A 9:00, C 9:30"), trip("A 9:10, B 9:15"), trip("B 9:20, C 9:30")])
    found = world.on_day().journey(world.link({"A": 0}), world.link({"C": 0}), np.nan, depart_s=at("8:50"))
    assert (found.depart_s, found.arrive_s, found.rides) == (at("9:00"), at("9:30"), 1)
    found = world.on_day().journey(world.link({"A": 0}), world.link({"C": 0}), np.nan, arrive_by_s=at("9:30"))
    assert (found.depart_s, found.arrive_s, found.rides) == (at("9:10"), at("9:30"), 2)


def test_a_trip_of_two_days_before_runs_on_into_the_spring_sunday():
    # Its seconds begin at 23:00 on Saturday, 47 hours after Friday's: 47:30 by Friday's count is 0:30 by its own.
    world = World([trip("A 47:30, B 47:45", days=(-2,)), trip("A 5:00, B 5:10")], day=date(2026, 3, 29))
    assert world.arrive("A", "B", "0:10") == at("0:45")


def test_rules_and_shapes_are_checked():
    with pytest.raises(ValueError, match="not allowed"):
        TransitRules(max_rides=0)
    with pytest.raises(ValueError, match="shape"):
        LINE.on_day().earliest_arrivals(LINE.link({"A": 0}), LINE.link({"C": 0}), [0], [0], [[np.nan, np.nan]])
    with pytest.raises(ValueError, match="either"):
        LINE.on_day().journey(LINE.link({"A": 0}), LINE.link({"C": 0}), np.nan)
    assert whole_seconds([1, 1000, 1001]).tolist() == [1, 1, 2]
    assert NO_SLACK.board_slack_s == 0
    assert date(2026, 6, 9) == DAY
