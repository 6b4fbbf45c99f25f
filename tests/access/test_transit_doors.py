"""Walks between the street and platforms behind entrances, on a straight street where each can be worked out by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.routing.journey import RideLeg, WalkLeg
from access.routing.rides import TransitRules
from geo.timetable.model import IF_APART, INDOORS, STEP_FREE
from tests.access.transit_worlds import DAY, Street, World, at, rows_of, trip

#   x (m)  0 ......... 900 ... 1000 ... 1100 ................ 2000      one walks 1 m/s eastwards, 0.5 m/s westwards,
#          A            W       (P)      E                     B        and each walk on the street is rounded up to the next second
# P's platform lies at 1,000 m behind a wall: by W it takes 60 s in and 90 s out (by lift 150 and 160), by E 200 s and 20 s, by stairs
X_M = {"A": 0, "W": 900, "P": 1000, "E": 1100, "B": 2000}
WAYS = [("W", "P", 60, 90, 150, 160), ("E", "P", 200, 20, -1, -1)]
WORLD = World([trip("A 9:00, P 9:10, B 9:20"), trip("P 9:30, A 9:40")], entrance_ways=WAYS,
              wheelchair=dict.fromkeys("APB", "yes"))  # fmt: skip
RULES = TransitRules(max_walk_s=600, board_slack_s=0)
A, B, P = 0, 1, 2


def points(*x_m: float):
    return Street().place(np.array([(x, 0.0) for x in x_m]))


def rows(csr) -> list[dict[int, int]]:
    start, stop, seconds = csr
    return [dict(zip(stop[a:b].tolist(), seconds[a:b].tolist(), strict=True)) for a, b in pairwise(start)]


def test_the_best_entrance_counts_each_way():
    links = WORLD.on_street(X_M, RULES).link(points(800, 1100, 1000, 1400))
    # in from 800 m: by W 101 + 60 (by E 301 + 200); from 1,100 m: by W 401 + 60, by E 1 + 200
    # in from 1,000 m, where P lies: by W 201 + 60, by E 101 + 200; from 1,400 m by E 601 + 200 is too far
    assert [row.get(P) for row in rows(links.to_stop)] == [161, 201, 261, None]
    # out to 800 m: by W 90 + 201, by E 20 + 601; to 1,100 m: by W 90 + 201, by E 20 + 1; to 1,000 m: W 90 + 101, E 20 + 201
    # to 1,400 m: by W 90 + 501, by E 20 + 301
    assert [row.get(P) for row in rows(links.from_stop)] == [291, 21, 191, 321]


@pytest.mark.parametrize(("limit_s", "is_near"), [(161, True), (160, False)])
def test_the_longest_walk_bounds_the_street_and_the_way_indoors_together(limit_s, is_near):
    links = WORLD.on_street(X_M, TransitRules(max_walk_s=limit_s)).link(points(800))
    assert (P in rows(links.to_stop)[0]) == is_near


def test_stops_behind_entrances_are_walked_between():
    # Q at 1,300 m is behind its own entrance F at 1,250 m: 30 s in, 45 s out
    x_m = {**X_M, "F": 1250, "Q": 1300}
    world = World([*WORLD.trips, trip("Q 9:00, A 9:30")], entrance_ways=[*WAYS, ("F", "Q", 30, 45, 30, 45)])
    start, stop, seconds = world.on_street(x_m, RULES).transfers
    # P to Q: out by E 20, 150 m in 151, in 30; by W 90 + 351 + 30. Q to P: out 45, to E 301, in 200; to W 701 is too far. A, B: too far
    assert rows((start, stop, seconds)) == [{}, {}, {3: 201}, {2: 546}]


def test_without_steps_other_ways_count_and_the_guess_does_not():
    network = WORLD.on_street(X_M, TransitRules(max_walk_s=600, board_slack_s=0, wheelchair="known"))
    links = network.link(points(800, 1100))
    assert [row.get(P) for row in rows(links.to_stop)] == [101 + 150, 401 + 150]  # by W alone
    assert [row.get(P) for row in rows(links.from_stop)] == [160 + 201, 160 + 201]
    stairs = World(WORLD.trips, entrance_ways=[("W", "P", 60, 60, -1, -1)], wheelchair=WORLD.wheelchair)
    for wheelchair, is_reached in (("any", True), ("possible", False), ("known", False)):
        network = stairs.on_street(X_M, TransitRules(max_walk_s=600, wheelchair=wheelchair))
        assert (P in rows(network.link(points(900)).to_stop)[0]) == is_reached


@pytest.mark.parametrize(
    ("changes", "walks", "any_s", "free_s"),
    [
        ([("B", "C", INDOORS, 60), ("B", "C", STEP_FREE, 180)], {}, "9:21", "9:23"),
        (
            [("B", "C", INDOORS, 60), ("B", "C", IF_APART, 120)],
            {},
            "9:21",
            None,
        ),  # by steps alone: no guess stands in for it
        ([("B", "C", INDOORS, 60)], {("B", "C"): 240}, "9:21", "9:24"),  # round by the street
        ([("B", "C", IF_APART, 120)], {}, "9:22", "9:22"),  # nothing is known of steps
    ],
)
def test_changing_indoors_with_steps_and_without(changes, walks, any_s, free_s):
    trips = [trip("A 9:00, B 9:10"), *(trip(f"C 9:{m}, D 9:{m + 10}") for m in range(10, 20))]
    for wheelchair, expected in (("any", any_s), ("possible", free_s)):
        rules = TransitRules(board_slack_s=0, wheelchair=wheelchair)
        world = World(trips, walks, changes=changes)
        assert world.arrive("A", "D", "9:00", rules) == (expected and at(expected))
        if expected:
            assert world.leave("A", "D", expected, rules) == at("9:00")


def test_a_closed_station_is_left_and_not_entered():
    world = World(WORLD.trips, entrance_ways=[("E", "P", -1, 20, -1, -1)])
    network = world.on_street(X_M, RULES)
    links = network.link(points(1000, 2000))
    assert [P in row for row in rows(links.to_stop)] == [False, False]
    assert [P in row for row in rows(links.from_stop)] == [True, False]  # 20 + 201; 20 + 901 is too far
    day = network.on(DAY)
    start, end = links.row(0), network.link(points(2000))
    # from 1,000 m one can't board at P; from A one can get off there
    assert np.isnan(day.earliest_arrivals(start, end, [0], [at("8:00")], [[np.nan]]).travel_s).all()
    from_a = day.earliest_arrivals(network.link(points(0)), links, [0], [at("8:59")], [[np.nan, np.nan]])
    assert from_a.travel_s[0].tolist() == [at("9:10") + 221 - at("8:59"), at("9:20") + 1 - at("8:59")]


def test_forwards_backwards_and_the_journey_agree():
    network = WORLD.on_street(X_M, RULES)
    day, origin, target = network.on(DAY), network.link(points(800)), network.link(points(2000))
    # 161 s to the platform for the 9:10, at B at 9:20, and a second to the point (a thousandth of one, rounded up)
    out = day.earliest_arrivals(origin, target, [0], [at("9:10") - 161], [[np.nan]])
    assert out.travel_s[0, 0] == 161 + 600 + 1
    assert day.earliest_arrivals(origin, target, [0], [at("9:10") - 160], [[np.nan]]).travel_s[0, 0] != 160 + 600 + 1
    back = day.latest_departures(origin, target, [0], [at("9:20") + 1], [[np.nan]])
    assert back.travel_s[0, 0] == 161 + 600 + 1
    for asked in ({"depart_s": at("9:00")}, {"arrive_by_s": at("9:25")}):
        found = day.journey(origin, target, np.nan, **asked)
        assert [type(leg) for leg in found.legs] == [WalkLeg, RideLeg, WalkLeg]
        assert [(leg.depart_s, leg.arrive_s) for leg in found.legs] == [
            (at("9:10") - 161, at("9:10")), (at("9:10"), at("9:20")), (at("9:20"), at("9:20") + 1),
        ]  # fmt: skip
        assert (found.depart_s, found.arrive_s) == (at("9:10") - 161, at("9:20") + 1)


def test_nearest_stop_is_told_with_the_way_indoors():
    network = WORLD.on_street(X_M, RULES)
    assert network.nearest_stop_s(points(800, 1400, 9000)).tolist() == [100.001 + 60, 600.001, np.inf]


SECONDS = st.integers(-1, 300)
PLACE = st.integers(0, 20).map(lambda n: n * 50)


@given(
    st.lists(PLACE, min_size=3, max_size=3), st.lists(PLACE, min_size=2, max_size=2),
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), SECONDS, SECONDS), max_size=6, unique_by=lambda way: way[:2]),
    PLACE, st.integers(0, 700),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_links_and_transfers_equal_looking_at_every_door(stop_m, entrance_m, told, point_m, limit_s):
    names = "ABC"
    ways = [("VW"[e], names[s], i, o, i, o) for e, s, i, o in told if max(i, o) >= 0]
    x_m = dict(zip(names, stop_m, strict=True)) | dict(zip("VW", entrance_m, strict=True))
    world = World([trip("A 9:00, B 9:10, C 9:20")], entrance_ways=ways)
    network = world.on_street(x_m, TransitRules(max_walk_s=limit_s))
    behind = {stop for _, stop, *_ in ways}
    doors = [(x_m[s], s, 0, 0) for s in names if s not in behind] + [(x_m[e], s, i, o) for e, s, i, o, _, _ in ways]

    def on_street(a: int, b: int) -> int:
        return (b - a if b >= a else 2 * (a - b)) + 1  # the thousandth of a second that is lost, rounded up

    def best(found) -> dict:
        kept: dict = {}
        for key, seconds in found:
            if seconds <= limit_s:
                kept[key] = min(kept.get(key, seconds), seconds)
        return kept

    links = network.link(points(point_m))
    into = best((s, on_street(point_m, x) + i) for x, s, i, _ in doors if i >= 0)
    out = best((s, on_street(x, point_m) + o) for x, s, _, o in doors if o >= 0)
    assert rows(links.to_stop) == [{names.index(s): t for s, t in into.items()}]
    assert rows(links.from_stop) == [{names.index(s): t for s, t in out.items()}]
    between = best(
        ((a, b), o + on_street(x, y) + i)
        for x, a, _, o in doors
        for y, b, i, _ in doors
        if a != b and o >= 0 and i >= 0
    )
    expected = rows_of(3, [(names.index(a), names.index(b), t) for (a, b), t in between.items()])
    assert rows(network.transfers) == rows(expected)
