"""Whole feeds against the slow connection scan, to the second, at random stops and times.

``CYRRAEDD_TRANSIT_PAIRS`` says how many (stop, time) pairs to try on each feed (default 20; 2000 for the full proof).
"""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from access.routing.rides import TransitRules
from access.routing.transit import StopLinks, make_day
from geo.timetable.gtfs import read_timetable
from tests.access.oracle_csa import arrivals, changes, connections, reversed_ways, turned_round
from tests.access.transit_worlds import rows_of

PAIRS = int(os.environ.get("CYRRAEDD_TRANSIT_PAIRS", "20"))
WITHIN_S = 2 * 3600
WALK_M_PER_S = 1.0  # as the crow flies, so slower than a walk on the streets; the streets are tested elsewhere
RULES = TransitRules(max_walk_s=600)
DEMO = Path(__file__).resolve().parent.parent.parent / "data" / "timetables"

FEEDS = {
    "newport-2023": (date(2023, 6, 13), [("bus", "newport/newport-20230613_gtfs.zip")]),
    "newport-2024": (
        date(2024, 3, 5),
        [("bus", "newport-2024/bus_and_coach_gtfs.zip"), ("rail", "newport-2024/rail_gtfs.zip")],
    ),
}


@cache
def timetable_of(folder, name):
    """The timetable of a feed and the day it is for, read once for all tests."""
    day, feeds = FEEDS[name]
    timetable, _ = read_timetable([(prefix, Path(folder) / path) for prefix, path in feeds])
    return timetable, day


@cache
def world(folder, name):
    """The day of a feed, its walks as the crow flies, and the oracle's hops both ways."""
    return world_of(*timetable_of(folder, name))


def world_of(timetable, day):
    xy = timetable.stops.get_coordinates().to_numpy()
    near = cKDTree(xy).sparse_distance_matrix(cKDTree(xy), RULES.max_walk_s * WALK_M_PER_S, output_type="coo_matrix")
    apart = near.row != near.col
    seconds = np.ceil(near.data / WALK_M_PER_S).astype(int)
    triples = list(zip(near.row[apart].tolist(), near.col[apart].tolist(), seconds[apart].tolist(), strict=True))
    transit = make_day(timetable, day, rows_of(len(xy), triples), RULES)
    walks = {}
    for a, b, s in triples:
        walks.setdefault(a, {})[b] = s
    ways = changes(timetable, walks, RULES.board_slack_s)
    hops = connections(timetable, day)
    return transit, ways, hops, turned_round(hops, RULES.board_slack_s)


def equals_the_scan(transit, ways, hops, back, seed, n):
    """Compare ``n`` pairs, half of them forwards and half backwards, each at every stop."""
    stops = len(transit.timetable.stops)
    at_stops = StopLinks.of(
        rows_of(stops, [(s, s, 0) for s in range(stops)]), rows_of(stops, [(s, s, 0) for s in range(stops)])
    )
    no_walk = np.full((1, stops), np.nan)
    rng, backways = np.random.default_rng(seed), reversed_ways(ways)
    used = np.unique(transit.timetable.call_stop)
    leaves, reached = {True: [h.depart_s for h in hops], False: [h.depart_s for h in back]}, 0
    for i in range(n):
        stop, when, is_forward = int(rng.choice(used)), int(rng.integers(0, 86_400)), i % 2 == 0
        one = at_stops.row(stop)
        if is_forward:
            times = transit.earliest_arrivals(one, at_stops, [0], [when], no_walk, max_travel_s=WITHIN_S)
        else:
            times = transit.latest_departures(at_stops, one, [0], [when], no_walk, max_travel_s=WITHIN_S)
        start, slack = (when, RULES.board_slack_s) if is_forward else (-when, 0)
        its_hops, its_ways = (hops, ways) if is_forward else (back, backways)
        until = start + WITHIN_S
        found = arrivals(its_hops, leaves[is_forward], its_ways, {stop: start}, RULES.max_rides, slack, until)
        wanted, rides = np.full(stops, np.nan, np.float32), np.full(stops, -1)
        for s, by_rides in found.items():
            first = min(by_rides)
            if first - start <= WITHIN_S:
                wanted[s], rides[s] = first - start, by_rides.index(first)
        assert np.array_equal(times.travel_s[0], wanted, equal_nan=True), (stop, when, is_forward)
        assert np.array_equal(times.rides[0], rides), (stop, when, is_forward)
        reached += int((rides > 0).sum())
    assert reached > n  # or nothing was compared


@pytest.mark.real
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", FEEDS)
def test_newport_equals_a_connection_scan(real_data, name):
    equals_the_scan(*world(str(real_data), name), seed=20240305, n=PAIRS)


def test_demonstration_area_equals_a_connection_scan():
    feeds = sorted(DEMO.rglob("*.zip"))
    if not feeds:
        pytest.skip("the demonstration area has not been written (python -m geo demo)")
    timetable, _ = read_timetable([(path.stem, path) for path in feeds])
    first = timetable.first_date.toordinal()
    days = (date.fromordinal(first + int(i)) for i in np.flatnonzero(timetable.runs.any(axis=0)))
    tuesday = next(day for day in days if day.weekday() == 1)
    equals_the_scan(*world_of(timetable, tuesday), seed=1, n=PAIRS)
