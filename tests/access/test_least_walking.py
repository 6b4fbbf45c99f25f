"""A limit on walking in all: by hand, against every way there is, and without effect where it is wide."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.routing.journey import RideLeg
from access.routing.rides import TransitRules
from tests.access.oracle_csa import INFINITE, changes, connections
from tests.access.test_transit_laws import POINT, TIME, WALK, _follow, backwards, forwards, walked, worlds
from tests.access.transit_worlds import NO_SLACK, World, at, trip

#   home ~60 s~ A ---- B ~600 s~ C ---- D ~60 s~ hall       quick, with a long walk between the two buses
#   home ~300 s~ E ------------------- F ~300 s~ hall       slower, 600 s on foot in all
#   home ~20 s~ G ---- H (change) ---- D                    slowest, and hardly a step: 80 s
WORLD = World(
    [
        trip("A 9:10, B 9:20"),
        trip("C 9:35, D 9:45"),
        trip("E 9:10, F 9:55"),
        trip("G 9:10, H 9:50"),
        trip("H 9:55, D 10:30"),
    ],
    walks={("B", "C"): 600},
)
HOME, HALL = {"A": 60, "E": 300, "G": 20}, {"D": 60, "F": 300}


@pytest.mark.parametrize(
    ("at_most_s", "arrives", "walking_s", "leaves"),
    [
        (7200, "9:46", 720, "9:09"),
        (720, "9:46", 720, "9:09"),
        (719, "10:00", 600, "9:05"),
        (599, "10:31", 80, "9:09:40"),
        (79, None, None, None),
    ],
)
def test_less_walking_takes_longer(at_most_s, arrives, walking_s, leaves):
    day, links = WORLD.on_day(NO_SLACK), (WORLD.link(HOME), WORLD.link(HALL))
    found = day.journey(*links, np.nan, depart_s=at("9:00"), max_walking_s=at_most_s)
    if arrives is None:
        assert found is None
        return
    assert (found.arrive_s, found.walking_s, found.depart_s) == (at(arrives), walking_s, at(leaves))
    back = day.journey(*links, np.nan, arrive_by_s=at("10:40"), max_walking_s=at_most_s)
    # the latest to leave: 9:09:40 by G, whose walk of 80 s any of the limits allows
    assert (back.depart_s, back.arrive_s, back.walking_s) == (at("9:09:40"), at("10:31"), 80)


def test_a_walk_all_the_way_counts_too():
    links = WORLD.link(HOME), WORLD.link(HALL)
    day = WORLD.on_day(NO_SLACK)
    assert day.journey(*links, 900.0, depart_s=at("9:00"), max_walking_s=900).rides == 0
    assert day.journey(*links, 900.0, depart_s=at("9:00"), max_walking_s=899).rides == 2
    assert (
        day.journey(*links, 900.0, depart_s=at("9:00"), max_walking_s=600, max_travel_s=3599) is None
    )  # the ride is there at 10:00
    with pytest.raises(ValueError, match="either"):
        day.journey(*links, 900.0, max_walking_s=600)


def test_a_table_under_the_limit():
    day, many = WORLD.on_day(NO_SLACK), WORLD.link(HOME, {"G": 0}, {"B": 10})
    halls, on_foot = WORLD.link(HALL, {"C": 30}), np.full((3, 2), np.nan)
    found = day.earliest_arrivals(many, halls, [0, 1, 2], [at("9:00")] * 3, on_foot, max_walking_s=640)
    # from home by E and F at 10:00; C is 60 + 600 + 30 s on foot away, too far. From G 0 + 60 s on foot by H. From B only C is
    # walked to, and a walk after no ride is none that the timetable knows.
    assert found.travel_s[:, 0].tolist() == pytest.approx([3600, 5460, np.nan], nan_ok=True)
    assert np.isnan(found.travel_s[:, 1]).all()
    assert found.rides.tolist() == [[1, -1], [2, -1], [-1, -1]]
    back = day.latest_departures(many, halls, [0], [at("10:40")], on_foot.T, max_walking_s=640)
    # to be at the hall by 10:40: home at 9:09:40, G at 9:10
    assert back.travel_s.tolist() == [pytest.approx([5420, 5400, np.nan], nan_ok=True)]


RULES = st.builds(TransitRules, max_rides=st.integers(1, 2), board_slack_s=st.sampled_from([0, 5]))


@given(worlds(), RULES, POINT, POINT, WALK, TIME, st.integers(0, 150), st.booleans())
@settings(max_examples=80, deadline=None)
def test_equals_the_best_of_all_ways(world, rules, start, end, walk, when, limit, is_depart):
    asked = {"depart_s": when} if is_depart else {"arrive_by_s": when + 300}
    links = world.link(start), world.link(end)
    found = world.on_day(rules).journey(*links, np.nan if walk is None else walk, **asked, max_walking_s=limit)
    if found is not None:
        assert found.walking_s <= limit
        _follow(world, rules, start, end, found)
    hops, ways = connections(world.timetable, world.day), changes(world.timetable, walked(world), rules.board_slack_s)
    named = [{world.stops.index(s): seconds for s, seconds in point.items()} for point in (start, end)]
    on_foot = INFINITE if walk is None or walk > min(limit, rules.max_walk_s) else walk
    if is_depart:
        arrive, rides = min((when + on_foot, 0), _every_way(hops, ways, *named, when, limit, rules))
        assert (found is None) == (arrive == INFINITE)
        assert found is None or (found.arrive_s, found.rides) == (arrive, rides)
    elif found is not None:
        assert found.arrive_s <= when + 300
        later, _ = min(
            (found.depart_s + 1 + on_foot, 0), _every_way(hops, ways, *named, found.depart_s + 1, limit, rules)
        )
        assert later > when + 300  # nobody who leaves a second later is there in time
    else:
        arrive, _ = min((on_foot, 0), _every_way(hops, ways, *named, -(10**6), limit, rules))
        assert arrive > when + 300 or on_foot == INFINITE


def _every_way(hops, ways, start, end, depart_s, limit, rules):
    """Return the earliest arrival and the fewest rides of all ways, tried one by one."""
    best = (INFINITE, 0)
    ready = {(stop, depart_s + seconds, seconds) for stop, seconds in start.items() if seconds <= limit}
    of_ride = defaultdict(list)
    for hop in hops:
        of_ride[hop.ride].append(hop)
    for rides in range(1, rules.max_rides + 1):
        alighted = set()
        for ride in of_ride.values():
            aboard = set()  # seconds walked by those on board
            for hop in ride:
                aboard |= {
                    w
                    for stop, at_s, w in ready
                    if hop.may_board and stop == hop.from_stop and at_s <= hop.depart_s - rules.board_slack_s
                }
                alighted |= {(hop.to_stop, hop.arrive_s, w) for w in aboard if hop.may_alight}
        for stop, at_s, w in alighted:
            if stop in end and w + end[stop] <= limit:
                best = min(best, (at_s + end[stop], rides))
        ready = {
            (other, at_s + takes, w + (0 if other == stop else max(takes, 0)))
            for stop, at_s, w in alighted
            for other, takes in ways.get(stop, {}).items()
            if w + (0 if other == stop else max(takes, 0)) <= limit
        }
    return best


@given(worlds(), RULES, POINT, POINT, WALK, TIME, st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_wide_limit_changes_nothing(world, rules, start, end, walk, when, is_depart):
    took, rides = (forwards if is_depart else backwards)(world, rules, start, end, walk, when)
    asked = {"depart_s": when} if is_depart else {"arrive_by_s": when}
    links = world.link(start), world.link(end)
    found = world.on_day(rules).journey(*links, np.nan if walk is None else walk, **asked, max_walking_s=10**6)
    assert (found is None) == (took == INFINITE)
    if found is not None:
        assert found.rides == rides == sum(isinstance(leg, RideLeg) for leg in found.legs)
        assert (found.arrive_s if is_depart else -found.depart_s) == (when + took if is_depart else took - when)


@given(
    worlds(),
    RULES,
    st.lists(POINT, min_size=1, max_size=3),
    st.lists(POINT, min_size=1, max_size=3),
    WALK,
    TIME,
    st.integers(0, 150),
)
@settings(max_examples=60, deadline=None)
def test_each_cell_of_a_table_is_the_single_journey(world, rules, starts, ends, walk, when, limit):
    day, origins, targets = world.on_day(rules), world.link(*starts), world.link(*ends)
    on_foot, by = np.full((len(starts), len(ends)), np.nan if walk is None else walk), when + 300
    asked = {"max_travel_s": 400, "max_walking_s": limit}
    out = day.earliest_arrivals(origins, targets, np.arange(len(starts)), np.full(len(starts), when), on_foot, **asked)
    home = day.latest_departures(origins, targets, np.arange(len(ends)), np.full(len(ends), by), on_foot.T, **asked)
    for i in range(len(starts)):
        for j in range(len(ends)):
            one = origins.row(i), targets.row(j), on_foot[i, j]
            there, back = day.journey(*one, depart_s=when, **asked), day.journey(*one, arrive_by_s=by, **asked)
            # the rides of a search back are the fewest for the latest departure; the journey is free to be there earlier by as many
            assert told(out, i, j) == (None if there is None else (there.arrive_s - when, there.rides))
            assert told(home, j, i) == (None if back is None else (by - back.depart_s, back.rides))


def told(times, row, column):
    seconds = times.travel_s[row, column]
    return None if np.isnan(seconds) else (int(seconds), int(times.rides[row, column]))
