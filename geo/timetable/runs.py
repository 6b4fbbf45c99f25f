"""Join trips that one vehicle runs one after another, so that those on board may stay seated.

Source of the rules: GTFS Schedule Reference, ``block_id`` of trips.txt and linked trips of transfers.txt. A trip goes on as the next of
its block that runs on the same service day, if that one leaves no earlier than the first ends and at most :data:`LONGEST_STAY_S`
later, and starts where it ends: at the same stop, at one of the same station, or within :data:`NEAR_M`. Type 4 of transfers.txt joins
two trips whatever their blocks, type 5 parts them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.timetable.model import Timetable
from geo.timetable.stops import station_of

NEAR_M = 100.0  # U: the stands of a bus station; the reference asks for no more than "close to each other"
LONGEST_STAY_S = (
    1800  # U: a vehicle that stands longer is parked, and nobody may stay in it; the reference sets no bound
)


def runs_of_day(
    timetable: Timetable, trips: NDArray[np.int64], usable: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the runs that ``trips`` make on one service day: start of each run (runs + 1), and the trips, run by run.

    Trips that are not ``usable`` (by row of ``timetable.trips``) are left out; a run through one of them ends before it.
    """
    after = _followers(timetable, trips) if len(timetable.block_trip) + len(timetable.stay_seated) else {}
    if usable is not None:
        trips = trips[usable[trips]]
        after = {a: b for a, b in after.items() if usable[a] and usable[b]}
    if not after:
        return np.arange(len(trips) + 1), trips.astype(np.int64)
    start, found = [0], []
    for trip in np.setdiff1d(trips, list(after.values())).tolist():
        run: int | None = trip
        while run is not None:
            found.append(run)
            run = after.get(run)
        start.append(len(found))
    return np.array(start, np.int64), np.array(found, np.int64)


def _followers(timetable: Timetable, trips: NDArray[np.int64]) -> dict[int, int]:
    """Return for each trip the one as which it goes on; no trip follows two, and time never runs back."""
    runs = np.zeros(len(timetable.trips), np.bool_)
    runs[trips] = True
    leaves = timetable.call_departure_s[timetable.call_start[:-1]]
    ends = timetable.call_arrival_s[timetable.call_start[1:] - 1]
    told = {(a, b): bool(stay) for a, b, stay in timetable.stay_seated.tolist() if runs[a] and runs[b]}
    blocks: dict[int, list[int]] = defaultdict(list)
    for block, trip in timetable.block_trip.tolist():
        if runs[trip]:
            blocks[block].append(trip)
    pairs, meet = [pair for pair, stay in told.items() if stay], _meetings(timetable, leaves, ends)
    for block in blocks.values():
        ordered = sorted(block, key=lambda trip: (leaves[trip], ends[trip], trip))
        pairs += [pair for pair in pairwise(ordered) if told.get(pair, True) and meet(*pair)]
    after: dict[int, int] = {}
    taken: set[int] = set()
    for a, b in pairs:
        if a not in after and b not in taken and a != b and leaves[a] <= ends[a] <= leaves[b] <= ends[b]:
            after[a] = b
            taken.add(b)
    return _without_circles(after)


def _without_circles(after: dict[int, int]) -> dict[int, int]:
    """Part circles, which trips that take no time can make."""
    for first in list(after):
        trip = after.get(first)
        while trip is not None and trip != first:
            trip = after.get(trip)
        if trip == first:
            del after[first]
    return after


def _meetings(timetable: Timetable, leaves: NDArray[np.int32], ends: NDArray[np.int32]) -> Callable[[int, int], bool]:
    """Return what says whether the second of two trips starts where and soon after the first ends."""
    station, xy = station_of(timetable.stops), shapely.get_coordinates(timetable.stops.geometry.to_numpy())

    def meet(first: int, then: int) -> bool:
        end, start = (
            timetable.call_stop[timetable.call_start[first + 1] - 1],
            timetable.call_stop[timetable.call_start[then]],
        )
        if leaves[then] - ends[first] > LONGEST_STAY_S:
            return False
        return bool(station[end] == station[start] or math.dist(xy[end], xy[start]) <= NEAR_M)

    return meet
