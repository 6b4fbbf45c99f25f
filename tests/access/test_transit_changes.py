"""What a timetable says of changing, staying seated, asking beforehand and wheelchairs, each in a world worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from access.routing.journey import RideLeg, WalkLeg
from access.routing.rides import TransitRules
from access.routing.streets import Nearby
from geo.timetable.model import FORBIDDEN, IF_APART, INDOORS, TIMED
from tests.access.transit_worlds import DAY, NO_SLACK, Street, World, at, trip

SLACK = TransitRules(board_slack_s=60)
#   A ==9:00–9:10==> B ..240 s on the street.. C ==> D     from C every two minutes from 9:10 to 9:40, each ten minutes to D
TRIPS = [trip("A 9:00, B 9:10"), *(trip(f"C 9:{m}, D 9:{m + 10}") for m in range(10, 42, 2))]
STREET = {("B", "C"): 240}


@pytest.mark.parametrize(
    ("changes", "walks", "expected"),
    [
        ([], STREET, "9:26"),  # 240 s to walk and 60 s to spare: 9:15, so the 9:16
        ([("B", "C", TIMED, 360)], STREET, "9:26"),  # six minutes in all, in place of the five
        ([("B", "C", TIMED, 361)], STREET, "9:28"),  # one second too many for the 9:16
        ([("B", "C", TIMED, 120)], STREET, "9:22"),  # less than the walk
        ([("B", "C", TIMED, 30)], STREET, "9:22"),  # less than the slack: 9:10:30
        ([("B", "C", TIMED, 0)], STREET, "9:20"),  # the vehicle waits: the 9:10 itself
        ([("B", "C", FORBIDDEN, 0)], STREET, None),  # on foot neither
        ([("C", "B", FORBIDDEN, 0)], STREET, "9:26"),  # the other way round only
        ([], {}, None),  # no street
        ([("B", "C", IF_APART, 300)], {}, "9:26"),  # platforms of a station: five minutes in all, 9:15
        ([("B", "C", IF_APART, 600)], STREET, "9:26"),  # the street joins them: it counts
        ([("B", "C", INDOORS, 120)], STREET, "9:24"),  # two minutes' walk indoors and 60 s to spare: 9:13, so the 9:14
        (
            [("B", "C", INDOORS, 120), ("B", "C", TIMED, 500)],
            STREET,
            "9:30",
        ),  # 9:18:20: the time for changing comes first
        ([("B", "C", INDOORS, 120), ("B", "C", IF_APART, 300)], {}, "9:24"),
        # nobody walks longer than 20 minutes in one go, by streets, indoors, or where it is guessed
        (
            [("B", "C", IF_APART, 300)],
            {("B", "C"): 1201},
            None,
        ),  # streets join them, only too long: no guess stands in for that
        ([("B", "C", IF_APART, 1201)], {}, None),
        ([("B", "C", INDOORS, 1201)], {}, None),
        (
            [("B", "C", INDOORS, 1201), ("B", "C", IF_APART, 300)],
            STREET,
            None,
        ),  # the pathways are the way, and too long
        ([("B", "C", TIMED, 300)], {("B", "C"): 1201}, "9:26"),  # the feed's own time is no walk
    ],
)
def test_a_change_takes_what_the_timetable_says(changes, walks, expected):
    world = World(TRIPS, walks, changes=changes)
    assert world.arrive("A", "D", "8:00", SLACK) == (expected and at(expected))
    if expected:  # and backwards: to be at D by then one must be at A a minute before nine, and no later
        assert world.leave("A", "D", expected, SLACK) == at("8:59")
        before = at(expected) - 1
        clock = f"{before // 3600}:{before // 60 % 60:02d}:{before % 60:02d}"
        assert world.leave("A", "D", clock, SLACK) is None


#   x (m)  0 ... 900 .. 1000 ..... 9000     P and Q are platforms of one station, the guess five minutes; Q lies behind the entrance E,
#          A      P      E          R       500 s from it: 101 s on the street and 500 s, 601 in all. R is off the streets
@pytest.mark.parametrize(
    ("max_walk_s", "to_q", "to_r"),
    [(1200, "9:25", "9:15"), (601, "9:25", "9:15"), (600, None, "9:15"), (299, None, None)],
)
def test_a_guess_counts_only_where_no_street_joins_two_platforms(max_walk_s, to_q, to_r):
    guess = [(a, b, IF_APART, 300) for a in "PQR" for b in "PQR" if a != b]
    trips = [trip("A 9:00, P 9:05"), *(trip(f"{p} 9:{m}, {p}2 9:{m + 5}") for p in "QR" for m in range(10, 30, 5))]
    world = World(trips, changes=guess, entrance_ways=[("E", "Q", 500, 500, 500, 500)])
    x_m = {"A": 0, "P": 900, "E": 1000, "Q": 1000, "R": 9000, "Q2": 9100, "R2": 9100}
    day = world.on_street(x_m, TransitRules(max_walk_s, board_slack_s=0)).on(DAY)
    for end, expected in (("Q2", to_q), ("R2", to_r)):  # P to Q 9:05 + 601 s: not the 9:15, the 9:20; to R 9:10
        found = day.earliest_arrivals(world.link({"A": 0}), world.link({end: 0}), [0], [at("9:00")], [[np.nan]])
        expected_s = np.nan if expected is None else at(expected) - at("9:00")
        np.testing.assert_equal(found.travel_s[0, 0], expected_s)


class OnlySteps(Street):
    """A street without a way for a wheelchair: steps from end to end."""

    @property
    def with_steps(self):
        return Street()

    def within(self, origins, targets, limit_ms):
        return Nearby(np.zeros(len(origins) + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.int64))


@pytest.mark.parametrize(
    ("q_m", "street", "wheelchair", "expected"),
    [
        (900, Street(), "any", "9:55"),  # 900 s on the street: 9:25, so the 9:40
        (
            900,
            OnlySteps(),
            "possible",
            None,
        ),  # by steps alone: no change, and no four minutes in place of a quarter of an hour
        (9000, OnlySteps(), "possible", "9:30"),  # off the streets: 9:14 by the guess, so the 9:16
    ],
)
def test_nothing_is_guessed_for_a_wheelchair_where_streets_lead_by_steps(q_m, street, wheelchair, expected):
    trips = [trip("A 9:00, P 9:10"), trip("Q 9:16, E 9:30"), trip("Q 9:40, E 9:55")]
    world = World(trips, changes=[("P", "Q", IF_APART, 240, 240)])
    rules = TransitRules(1200, board_slack_s=0, wheelchair=wheelchair)
    network = world.on_street({"A": 9500, "P": 0, "Q": q_m, "E": 9600}, rules, street=street)
    found = network.on(DAY).earliest_arrivals(world.link({"A": 0}), world.link({"E": 0}), [0], [at("9:00")], [[np.nan]])
    np.testing.assert_equal(found.travel_s[0, 0], np.nan if expected is None else at(expected) - at("9:00"))


@pytest.mark.parametrize(
    ("said", "slowness", "expected"),
    [
        ((INDOORS, 120, 60), 1.0, "9:24"),  # 9:12 and a minute to spare: the 9:14
        ((INDOORS, 120, 60), 2.0, "9:24"),  # a minute more: 9:13, and the 9:14 still
        ((INDOORS, 120, 60), 2.1, "9:26"),
        ((INDOORS, 120, 0), 2.1, "9:24"),  # told, not walked
        ((IF_APART, 240, 180), 1.0, "9:24"),  # four minutes in all
        ((IF_APART, 240, 180), 4 / 3, "9:26"),  # 60 + 240: 9:15
        ((TIMED, 240, 0), 2.0, "9:24"),
        ((INDOORS, 700, 600), 1.5, "9:38"),  # 100 + 900 s and a minute: 9:27:40, so the 9:28
        ((INDOORS, 700, 600), 2.0, None),  # 1,300 s are longer than anyone walks
    ],
)
def test_a_slower_walker_changes_more_slowly(said, slowness, expected):
    trips = [trip("A 9:00, B 9:10"), *(trip(f"C 9:{m}, D 9:{m + 10}") for m in range(10, 42, 2))]
    world = World(trips, changes=[("B", "C", *said)])
    day = world.on_street({"A": 9000, "B": 9000, "C": 9000, "D": 9000}, SLACK, street=Street(slowness)).on(DAY)
    found = day.earliest_arrivals(world.link({"A": 0}), world.link({"D": 0}), [0], [at("8:59")], [[np.nan]])
    expected_s = np.nan if expected is None else at(expected) - at("8:59")
    np.testing.assert_equal(found.travel_s[0, 0], expected_s)


def test_changing_at_one_stop_can_take_time_or_be_forbidden():
    # to D at B: 9:10, 9:13 and 9:15
    trips = [trip("A 9:00, B 9:10"), *(trip(f"B 9:{m}, D 9:{m + 10}") for m in (10, 13, 15))]
    for said, expected in (
        ((), "9:20"),
        ((TIMED, 180), "9:23"),
        ((TIMED, 181), "9:25"),
        ((FORBIDDEN, 0), None),
    ):
        world = World(trips, changes=[("B", "B", *said)] if said else [])
        assert world.arrive("A", "D", "8:00") == (expected and at(expected)), said
        assert world.arrive("B", "D", "9:10") == at("9:20")  # who comes on foot does not change
        found = world.on_day().journey(world.link({"A": 0}), world.link({"D": 0}), np.nan, depart_s=at("8:00"))
        assert (found is None) == (expected is None)
        if found is not None:
            assert [type(leg) for leg in found.legs] == [RideLeg, RideLeg]  # waiting is no leg
            assert found.arrive_s == at(expected)


def test_a_short_change_is_told_without_running_back_in_time():
    world = World(TRIPS, STREET, changes=[("B", "C", TIMED, 30)])
    found = world.on_day(SLACK).journey(world.link({"A": 0}), world.link({"D": 0}), np.nan, depart_s=at("8:00"))
    walk = next(leg for leg in found.legs if isinstance(leg, WalkLeg))
    assert (walk.from_name, walk.to_name, walk.depart_s, walk.arrive_s) == ("B", "C", at("9:10"), at("9:10"))
    assert found.legs[-1].depart_s == at("9:12")


#   A --9:00--> B 9:10 = B 9:15 --> C 9:25 = C 9:25 --> D 9:40: one vehicle, three trips; another from B to E
THROUGH = [
    trip("A 9:00, B 9:10", block=7, headsign="Bont"),
    trip("B 9:15, C 9:25", block=7, headsign="Capel"),
    trip("C 9:25, D 9:40", block=7, headsign="Dol"),
    trip("B 9:12, E 9:20"),
]
ONE_RIDE = TransitRules(max_rides=1, board_slack_s=60)


def test_staying_seated_is_one_ride_and_needs_no_slack():
    world = World(THROUGH)
    assert world.arrive("A", "D", "8:59", ONE_RIDE) == at("9:40")  # changing at C would need a minute
    assert world.leave("A", "D", "9:40", ONE_RIDE) == at("8:59")
    assert world.arrive("A", "E", "8:59", ONE_RIDE) is None  # another vehicle: two rides
    assert world.arrive("B", "D", "9:14", ONE_RIDE) == at("9:40")  # on at B by the trip that leaves there
    assert world.arrive("B", "D", "9:09", ONE_RIDE) == at("9:40")
    assert world.arrive("B", "D", "9:15", ONE_RIDE) is None
    found = world.on_day(SLACK).journey(world.link({"A": 0}), world.link({"D": 0}), np.nan, depart_s=at("8:00"))
    (leg,) = found.legs
    assert (leg.trip_id, leg.headsign, leg.depart_s, leg.arrive_s) == ("t0", "Bont", at("9:00"), at("9:40"))
    assert [(then.headsign, then.trip_id, then.at_name) for then in leg.stay_seated] == [
        ("Capel", "t1", "B"),
        ("Dol", "t2", "C"),
    ]
    short = world.on_day(SLACK).journey(world.link({"B": 0}), world.link({"C": 0}), np.nan, depart_s=at("9:00"))
    assert (short.legs[0].headsign, short.legs[0].stay_seated) == ("Capel", ())


def test_where_one_may_not_stay_seated():
    def arrives(world):
        return world.arrive("A", "D", "8:59", ONE_RIDE)

    assert arrives(World([*THROUGH[:2], trip("C 9:25, D 9:40")])) is None  # no block
    assert arrives(World(THROUGH, seated=[(0, 1, 0)])) is None  # one must get off at B
    parted = [*THROUGH[:2], trip("C 9:24, D 9:40", block=7)]
    assert arrives(World(parted)) is None  # it leaves C before the bus is there
    elsewhere = [*THROUGH[:2], trip("F 9:25, D 9:40", block=7)]
    assert arrives(World(elsewhere)) is None  # it goes on from somewhere else
    assert arrives(World(elsewhere, stations={"C": "S", "F": "S"})) == at(
        "9:40"
    )  # from another platform of the station
    assert arrives(World(elsewhere, seated=[(1, 2, 1)])) == at("9:40")  # unless the feed says so
    parked = [*THROUGH[:2], trip("C 9:55, D 10:10", block=7)]
    assert arrives(World(parked)) == at("10:10")  # half an hour at C
    assert arrives(World([*THROUGH[:2], trip("C 9:55:01, D 10:10", block=7)])) is None  # longer: it is parked
    another_day = [*THROUGH[:2], trip("C 33:25, D 33:40", block=7, days=(-1,))]
    assert arrives(World(another_day)) is None  # 9:25 by yesterday's count


def test_blocks_run_on_past_midnight_and_on_neighbouring_days():
    # yesterday's vehicle turns into another line at 24:20, which is 0:20 today
    night = [trip("A 24:00, B 24:20", block=1, days=(-1, 0)), trip("B 24:20, C 24:40", block=1, days=(-1, 0))]
    assert World(night).arrive("A", "C", "0:00", TransitRules(max_rides=1, board_slack_s=0)) == at("0:40")
    assert World(night).leave("A", "C", "0:40", TransitRules(max_rides=1, board_slack_s=0)) == at("0:00")


@pytest.mark.parametrize("is_told", [False, True])
def test_a_vehicle_goes_on_into_the_next_service_day(is_told):
    # yesterday's last trip is at B at 23:58; as today's first it leaves at 0:05: 7 minutes, of which nobody needs to get off
    first, block, seated = "A 23:30, B 23:58", (-1 if is_told else 3), ([(0, 1, 1)] if is_told else [])
    world = World(
        [trip(first, days=(-1, 0), block=block), trip("B 0:05, C 0:20", days=(0, 1), block=block)], seated=seated
    )
    assert world.leave("A", "C", "0:20", ONE_RIDE) == at("23:30") - 86_400 - 60
    assert world.arrive("A", "C", "23:00", ONE_RIDE) == at("24:20")
    # a trip of the same day that leaves before the other ends is not that one
    assert world.arrive("B", "C", "0:00", ONE_RIDE) == at("0:20")
    if not is_told:
        parked = World([trip(first, days=(-1,), block=3), trip("B 0:29, C 0:40", days=(0,), block=3)])
        assert parked.leave("A", "C", "0:40", ONE_RIDE) is None  # 31 minutes: it is parked


def test_a_train_that_parts_and_trains_that_become_one():
    #  A --9:00--> B 9:10 = 9:10 --> C 9:20 and, the other half, --> D 9:25;  from E and F two halves to G, 10:10, as one to H 10:20
    world = World(
        [trip("A 9:00, B 9:10"), trip("B 9:10, C 9:20"), trip("B 9:10, D 9:25"),
         trip("E 10:00, G 10:10"), trip("F 10:05, G 10:10"), trip("G 10:10, H 10:20")],
        seated=[(0, 1, 1), (0, 2, 1), (3, 5, 1), (4, 5, 1)],
    )  # fmt: skip
    for start, end, depart, arrive in (
        ("A", "C", "8:59", "9:20"), ("A", "D", "8:59", "9:25"), ("E", "H", "9:59", "10:20"), ("F", "H", "10:04", "10:20"),
        ("G", "H", "10:09", "10:20"), ("B", "D", "9:09", "9:25"),
    ):  # fmt: skip
        assert world.arrive(start, end, depart, ONE_RIDE) == at(arrive)
        assert world.leave(start, end, arrive, ONE_RIDE) == at(depart)
    assert world.arrive("E", "F", "9:00", ONE_RIDE) is None
    found = world.on_day(SLACK).journey(world.link({"A": 0}), world.link({"D": 0}), np.nan, depart_s=at("8:00"))
    assert [then.trip_id for then in found.legs[0].stay_seated] == ["t2"]


def test_two_trips_that_go_on_as_each_other_are_no_circle():
    # both take no time at all; the feed lets the first go on as the second and the second as the first. The first in the feed is first.
    world = World([trip("A 9:00, B 9:00"), trip("B 9:00, C 9:00")], seated=[(0, 1, 1), (1, 0, 1)])
    assert world.arrive("A", "C", "8:59", ONE_RIDE) == at("9:00")
    assert world.arrive("B", "B", "8:59", ONE_RIDE) is None


def test_ways_on_are_bounded():
    # forty times over a train parts and becomes one again: two to the power of forty ways
    trips, seated = [trip("A 9:00:00, A 9:00:01")], []
    for n in range(40):
        clock = [f"9:{(2 * n + k) // 60:02d}:{(2 * n + k) % 60:02d}" for k in (1, 2, 3)]
        one = len(trips) - 1
        trips += [trip(f"A {clock[0]}, A {clock[1]}")] * 2 + [trip(f"A {clock[1]}, A {clock[2]}")]
        seated += [(one, one + 1, 1), (one, one + 2, 1), (one + 1, one + 3, 1), (one + 2, one + 3, 1)]
    day = World(trips, seated=seated).on_day(SLACK)
    assert len(day.run_start) - 1 < 1000
    assert set(day.trip.tolist()) == set(range(len(trips)))  # none is lost


def test_what_is_to_be_arranged_is_told_with_the_leg():
    world = World([trip("A 9:00, B 9:10, C 9:20", ask_on=frozenset({0}), ask_off=frozenset({1}))])
    expected = {("A", "B"): (True, True), ("A", "C"): (True, False), ("B", "C"): (False, False)}
    for (start, end), told in expected.items():
        found = world.on_day().journey(world.link({start: 0}), world.link({end: 0}), np.nan, depart_s=at("8:00"))
        assert (found.legs[0].boarding_to_arrange, found.legs[0].alighting_to_arrange) == told


def test_wheelchair_unknown_is_neither_yes_nor_no():
    # A to B: at 9:00 by a trip that says no, at 9:10 by one that says nothing, at 9:20 by one that says yes; C says no, D nothing
    trips = [trip("A 9:00, B 9:05, C 9:07, D 9:09", wheelchair="no"), trip("A 9:10, B 9:15, C 9:17, D 9:19")]
    trips += [trip("A 9:20, B 9:25, C 9:27, D 9:29", wheelchair="yes")]
    world = World(trips, wheelchair={"A": "yes", "B": "yes", "C": "no"})
    for wheelchair, at_b, at_c, at_d in (
        ("any", "9:05", "9:07", "9:09"),
        ("possible", "9:15", None, "9:19"),
        ("known", "9:25", None, None),
    ):
        rules = TransitRules(board_slack_s=0, wheelchair=wheelchair)
        for end, expected in (("B", at_b), ("C", at_c), ("D", at_d)):
            assert world.arrive("A", end, "8:00", rules) == (expected and at(expected)), (wheelchair, end)
    with pytest.raises(ValueError, match="not allowed: any, possible, known"):
        TransitRules(wheelchair="no")


def test_a_vehicle_that_turns_into_one_that_is_not_accessible_is_left():
    world = World([trip("A 9:00, B 9:10", block=1, wheelchair="yes"), trip("B 9:10, C 9:20", block=1, wheelchair="no"),
                   trip("C 9:20, D 9:30", block=1, wheelchair="yes")], wheelchair=dict.fromkeys("ABCD", "yes"))  # fmt: skip
    assert world.arrive("A", "D", "8:00", NO_SLACK) == at("9:30")
    assert world.arrive("A", "D", "8:00", TransitRules(board_slack_s=0, wheelchair="known")) is None
    assert world.arrive("C", "D", "8:00", TransitRules(board_slack_s=0, wheelchair="known")) == at("9:30")


def test_journeys_longer_than_the_bound_are_none():
    world = World([trip("A 9:00, B 9:10")])
    ends = world.link({"A": 0}), world.link({"B": 0}), np.nan
    for bound, is_there in ((600, True), (599, False)):
        for asked in ({"depart_s": at("9:00")}, {"arrive_by_s": at("9:10")}):
            assert (world.on_day().journey(*ends, **asked, max_travel_s=bound) is not None) == is_there
    assert (
        world.on_day().journey(*ends, depart_s=at("8:59"), max_travel_s=600) is None
    )  # the wait counts, as in the searches
