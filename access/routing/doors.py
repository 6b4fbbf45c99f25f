"""Tell where one comes from the street to a stop and back: at the stop itself, or through the entrances of its station.

A walk to a stop behind entrances is the walk on streets to one of them and the way from there to the platform, the entrance that is
best for the whole of it; likewise out of the station. What a person walks in one go is bounded as a whole, so the way indoors counts too.
Those who need a way without steps use the ways that need none; without one the stop can't be reached from the street.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array

from access.routing.changes import at_pace, is_among
from access.routing.streets import Nearby, StreetRouter
from geo.streets.graph import PlacedPoints
from geo.streets.ways import ranges
from geo.timetable.model import IN_S, IN_STEP_FREE_S, OUT_S, OUT_STEP_FREE_S, WALKED, Timetable

NO_LIMIT_S = 2**31  # longer than any walk that a router tells of


class Walks(NamedTuple):
    """Walks in whole seconds, row by row: from row to column."""

    row: NDArray[np.int64]
    column: NDArray[np.int64]
    seconds: NDArray[np.int64]


@dataclass(frozen=True)
class _Ways:
    """Ways between doors and stops, by door: those of door ``d`` are ``start[d]:start[d + 1]``."""

    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    seconds: NDArray[np.int64]

    @classmethod
    def of(cls, door: NDArray[np.int64], stop: NDArray[np.int64], seconds: NDArray[np.int64], n_doors: int) -> _Ways:
        order = np.argsort(door, kind="stable")
        return cls(np.searchsorted(door[order], np.arange(n_doors + 1)), stop[order], seconds[order])

    def from_each(self, door: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each way of each of ``door`` which of them it is of, and the way."""
        count = self.start[door + 1] - self.start[door]
        return np.repeat(np.arange(len(door)), count), ranges(self.start[door], count)

    def doors_of(self, stops: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the doors of any of ``stops``."""
        door = np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))
        return np.unique(door[np.isin(self.stop, stops)])


class Doors:
    """The doors of a timetable's stops on the streets: the point of each stop that is its own door, then the entrances."""

    def __init__(
        self, timetable: Timetable, stops: NDArray[np.int64], walk: StreetRouter, *, is_step_free: bool
    ) -> None:
        """``stops``: rows of ``timetable.stops`` where vehicles call."""
        ways = timetable.entrance_ways.astype(np.int64)
        entrance, behind = ways[:, 0], ways[:, 1]
        self._walk, self._own = walk, np.setdiff1d(stops, behind)
        own_xy = shapely.get_coordinates(timetable.stops.geometry.to_numpy()[self._own])
        self.places: PlacedPoints = walk.place(np.concatenate([own_xy, timetable.entrance_xy]))
        n_own, n_doors = len(self._own), len(self.places)
        is_used = np.isin(behind, stops)

        def joined(column: int) -> _Ways:
            told = is_used & (ways[:, column] >= 0)
            indoors_s = at_pace(ways[told, column], ways[told, column + WALKED], walk.slowness)
            return _Ways.of(
                np.concatenate([np.arange(n_own), n_own + entrance[told]]),
                np.concatenate([self._own, behind[told]]),
                np.concatenate([np.zeros(n_own, np.int64), indoors_s]),
                n_doors,
            )

        self._in = joined(IN_STEP_FREE_S if is_step_free else IN_S)
        self._out = joined(OUT_STEP_FREE_S if is_step_free else OUT_S)

    def walks_in(self, points: PlacedPoints, limit_s: int) -> Walks:
        """Return the walks of at most ``limit_s`` from ``points`` (rows) to stops (columns)."""
        return self._indoors(_whole(self._walk.within(points, self.places, limit_s * 1000)), limit_s, is_in=True)

    def walks_out(self, points: PlacedPoints, limit_s: int) -> Walks:
        """Return the walks of at most ``limit_s`` from stops (rows) to ``points`` (columns)."""
        return self._indoors(_whole(self._walk.within(self.places, points, limit_s * 1000)), limit_s, is_out=True)

    def walks_between(self, limit_s: int) -> Walks:
        """Return the walks of at most ``limit_s`` between different stops by way of the streets."""
        walks = _whole(self._walk.within(self.places, self.places, limit_s * 1000))
        walks = self._indoors(walks, limit_s, is_in=True, is_out=True)
        differs = walks.row != walks.column
        return Walks(*(part[differs] for part in walks))

    def walks_however_long(self, pairs: NDArray[np.int64]) -> Walks:
        """Return the walk by way of the streets for each of ``pairs`` of stops (pairs, 2) that streets join at all."""
        found = [np.empty((3, 0), np.int64)]
        for group in _apart(pairs):
            leave, reach = self._out.doors_of(group[:, 0]), self._in.doors_of(group[:, 1])
            walk_s = whole_seconds(self._walk.matrix_s(self.places.take(leave), self.places.take(reach)) * 1000)
            row, column = np.nonzero(~np.isnan(walk_s))
            doors = Walks(leave[row], reach[column], walk_s[row, column].astype(np.int64))
            walks = np.array(self._indoors(doors, NO_LIMIT_S, is_in=True, is_out=True))
            found.append(walks[:, is_among(walks[:2].T, group)])
        return Walks(*np.concatenate(found, axis=1))

    def nearest_s(self, points: PlacedPoints) -> NDArray[np.float64]:
        """Return the seconds on foot from each of ``points`` to the nearest stop, however far; infinite where there is no way."""
        to_platform = np.full(len(self.places), np.inf)
        door = np.repeat(np.arange(len(self.places)), np.diff(self._in.start))
        np.minimum.at(to_platform, door, self._in.seconds)
        walk_s = np.nan_to_num(self._walk.matrix_s(points, self.places), nan=np.inf) + to_platform
        nearest: NDArray[np.float64] = walk_s.min(axis=1, initial=np.inf)
        return nearest

    def _indoors(self, walks: Walks, limit_s: int, *, is_in: bool = False, is_out: bool = False) -> Walks:
        """Lengthen walks between doors by the ways indoors, stops in place of doors; of several the quickest stays."""
        row, column, seconds = walks
        if is_in:
            which, way = self._in.from_each(column)
            row, column, seconds = row[which], self._in.stop[way], seconds[which] + self._in.seconds[way]
        if is_out:
            which, way = self._out.from_each(row)
            row, column, seconds = self._out.stop[way], column[which], seconds[which] + self._out.seconds[way]
        order = np.lexsort((seconds, column, row))
        order = order[seconds[order] <= limit_s]
        row, column, seconds = row[order], column[order], seconds[order]
        first = np.concatenate([[True], (np.diff(row) != 0) | (np.diff(column) != 0)])[: len(row)]
        return Walks(row[first], column[first], seconds[first])


def _apart(pairs: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return ``pairs`` in groups, most often stations, that share no stop: what is searched for one is of no use to another."""
    if not len(pairs):
        return []
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - takes long to import, and few timetables ask for it

    n = int(pairs.max()) + 1
    _, group = connected_components(coo_array((np.ones(len(pairs)), tuple(pairs.T)), shape=(n, n)), directed=False)
    of_pair = group[pairs[:, 0]]
    order = np.argsort(of_pair, kind="stable")
    return np.split(pairs[order], np.flatnonzero(np.diff(of_pair[order])) + 1)


def whole_seconds(travel_ms: ArrayLike) -> NDArray[np.float64]:
    """Round milliseconds on foot up to whole seconds: the one place where walks meet the timetable. NaN stays."""
    return np.ceil(np.asarray(travel_ms, np.float64) / 1000)


def _whole(near: Nearby) -> Walks:
    row = np.repeat(np.arange(len(near.start) - 1), np.diff(near.start))
    return Walks(row, near.target.astype(np.int64), whole_seconds(near.travel_ms).astype(np.int64))
