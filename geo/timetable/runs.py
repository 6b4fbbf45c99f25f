"""Join trips that one vehicle runs one after another, so that those on board may stay seated.

Source of the rules: GTFS Schedule Reference, ``block_id`` of trips.txt and linked trips of transfers.txt. A trip goes on as the next of
its block that runs on the same service day, or the last of a day as the first of the next day, if that one leaves no earlier than the
first ends and at most :data:`LONGEST_STAY_S` later, and starts where it ends: at the same stop, at one of the same station, or within
:data:`NEAR_M`. Type 4 of transfers.txt joins two trips whatever their blocks, type 5 parts them. What leaves by its own day's count before
the other ends is that of the next day. A train may go on as several and several as one: each way through them is a run.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
MOST_WAYS = 16  # in which one vehicle may go on, counted to the end of all runs: a feed could make them endless


@dataclass(frozen=True)
class _Trips:
    """The trips of some days, day by day, and when each leaves its first stop and is at its last, by one count of seconds."""

    trip: NDArray[np.int64]
    day: NDArray[np.int64]
    leaves: NDArray[np.int64]
    ends: NDArray[np.int64]

    def may_follow(self, a: int, b: int) -> bool:
        """Say whether time runs on from ``a`` to ``b``, whose order is never turned round, so that there are no circles."""
        in_time = self.leaves[a] <= self.ends[a] <= self.leaves[b] <= self.ends[b]
        return bool(in_time and (self.leaves[a], self.ends[a], a) < (self.leaves[b], self.ends[b], b))


def runs_of_days(
    timetable: Timetable,
    trips: Sequence[NDArray[np.int64]],
    shift_s: Sequence[int],
    usable: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the runs that trips make: start of each run (runs + 1); and the trips and the number of their day, run by run.

    ``trips`` are those of consecutive service days, whose seconds are ``shift_s`` later than those asked for. Trips that are not
    ``usable`` (by row of ``timetable.trips``) are left out; a run through one of them ends before it.
    """
    day = np.repeat(np.arange(len(trips)), [len(of_day) for of_day in trips])
    trip = np.concatenate([np.empty(0, np.int64), *trips])
    shift = np.asarray(shift_s, np.int64)[day]
    leaves = timetable.call_departure_s[timetable.call_start[trip]] + shift
    ends = timetable.call_arrival_s[timetable.call_start[trip + 1] - 1] + shift
    rides = np.arange(len(trip)) if usable is None else np.flatnonzero(usable[trip])
    after: dict[int, list[int]] = {}
    if len(timetable.block_trip) + len(timetable.stay_seated):
        of = _Trips(trip, day, leaves, ends)
        can = set(rides.tolist())
        found = {a: [b for b in then if b in can] for a, then in _followers(timetable, of).items() if a in can}
        after = _countable({a: then for a, then in found.items() if then}, of)
    if not after:
        return np.arange(len(rides) + 1), trip[rides], day[rides]
    start, order = [0], []
    for first in np.setdiff1d(rides, [b for then in after.values() for b in then]).tolist():
        for run in _ways_on(first, after):
            order += run
            start.append(len(order))
    rows = np.array(order, np.int64)
    return np.array(start, np.int64), trip[rows], day[rows]


def _ways_on(first: int, after: dict[int, list[int]]) -> list[list[int]]:
    """Return each way from ``first`` to an end."""
    open_ways, found = [[first]], []
    while open_ways:
        way = open_ways.pop()
        then = after.get(way[-1])
        if then is None:
            found.append(way)
        else:
            open_ways += [[*way, b] for b in reversed(then)]
    return found


def _countable(after: dict[int, list[int]], of: _Trips) -> dict[int, list[int]]:
    """Return ``after`` with no more than :data:`MOST_WAYS` ways on from any trip; of the others the last told go."""
    ways: dict[int, int] = defaultdict(lambda: 1)
    for a in sorted(after, key=lambda a: (of.leaves[a], of.ends[a], a), reverse=True):
        while sum(ways[b] for b in after[a]) > MOST_WAYS:
            after[a].pop()
        ways[a] = sum(ways[b] for b in after[a])
    return after


def _followers(timetable: Timetable, of: _Trips) -> dict[int, list[int]]:
    """Return for each trip (by its number in ``of``) those as which it goes on; by its block it goes on as one, and alone."""
    goes_on = np.concatenate([timetable.block_trip[:, 1], timetable.stay_seated[:, :2].ravel()])
    numbers = np.flatnonzero(np.isin(of.trip, goes_on)).tolist()
    number = {(int(of.trip[i]), int(of.day[i])): i for i in numbers}
    told = {(a, b): bool(stay) for a, b, stay in timetable.stay_seated.tolist()}
    days = range(int(of.day.max(initial=-1)) + 1)
    after: dict[int, list[int]] = defaultdict(list)
    taken: set[int] = set()
    for (a, b), stay in told.items():
        is_next_day = (
            timetable.call_departure_s[timetable.call_start[b]]
            < timetable.call_arrival_s[timetable.call_start[a + 1] - 1]
        )
        for day in days if stay else ():
            one, then = number.get((a, day)), number.get((b, day + int(is_next_day)))
            if one is not None and then is not None and of.may_follow(one, then):
                after[one].append(then)
                taken.add(then)
    blocks: dict[tuple[int, int], list[int]] = defaultdict(list)
    for block, trip in timetable.block_trip.tolist():
        for day in days:
            if (trip, day) in number:
                blocks[block, day].append(number[trip, day])
    for of_day in blocks.values():
        of_day.sort(key=lambda i: (of.leaves[i], of.ends[i], of.trip[i]))
    pairs = [pair for of_day in blocks.values() for pair in pairwise(of_day)]
    pairs += [(of_day[-1], blocks[b, day + 1][0]) for (b, day), of_day in blocks.items() if (b, day + 1) in blocks]
    meet = _meetings(timetable, of)
    for a, b in pairs:
        may_stay = told.get((int(of.trip[a]), int(of.trip[b])), True)
        if may_stay and a not in after and b not in taken and of.may_follow(a, b) and meet(a, b):
            after[a].append(b)
            taken.add(b)
    return after


def _meetings(timetable: Timetable, of: _Trips) -> Callable[[int, int], bool]:
    """Return what says whether the second of two trips starts where and soon after the first ends."""
    station, xy = station_of(timetable.stops), shapely.get_coordinates(timetable.stops.geometry.to_numpy())
    last = timetable.call_stop[timetable.call_start[of.trip + 1] - 1]
    first = timetable.call_stop[timetable.call_start[of.trip]]

    def meet(a: int, b: int) -> bool:
        if of.leaves[b] - of.ends[a] > LONGEST_STAY_S:
            return False
        return bool(station[last[a]] == station[first[b]] or math.dist(xy[last[a]], xy[first[b]]) <= NEAR_M)

    return meet
