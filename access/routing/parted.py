"""Part stops where a change is another one for some routes or trips, so that the search needs to know of stops alone.

Where the timetable says something of a change between single routes or trips (``Timetable.changes_of_trips``), the trips that it speaks of
get off or on at a copy of the stop: one copy for all trips of which the same is said. Between two copies a change then takes what is said
of their trips: of what is said of both the first row, which names them most nearly, and otherwise what holds between their stops. A vehicle
of which different things are said where one gets off and where one gets on calls at two copies, one after the other. Streets, and whoever
comes on foot, know no difference. Where nothing of the kind is said, all stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from access.routing.raptor import Int32s
from geo.streets.ways import ranges
from geo.timetable.model import FORBIDDEN, TIMED, Timetable

_Ints = NDArray[np.int64]
Rows = tuple[Int32s, Int32s, Int32s]  # start of each row, stop, seconds


@dataclass(frozen=True)
class Copies:
    """The copies of each stop at which one gets on, or off: of stop ``s`` ``copy[start[s]:start[s + 1]]``, itself first."""

    start: _Ints
    copy: _Ints

    @classmethod
    def of(cls, key: _Ints, copy: _Ints, n: int) -> Copies:
        """Return the copies by key from pairs of both."""
        order = np.argsort(key, kind="stable")
        return cls(np.searchsorted(key[order], np.arange(n + 1)), copy[order])

    def of_each(self, key: _Ints) -> tuple[_Ints, _Ints]:
        """Return for each copy of each of ``key`` which of them it is of, and the copy."""
        count = self.start[key + 1] - self.start[key]
        return np.repeat(np.arange(len(key)), count), self.copy[ranges(self.start[key], count)]


@dataclass(frozen=True)
class Parted:
    """A timetable with parted stops: ``real`` names the row of ``Timetable.stops`` that each is (itself or what it is a copy of)."""

    timetable: Timetable
    real: Int32s
    boarding: Copies
    alighting: Copies
    changes: NDArray[np.int32]  # as ``Timetable.changes``, between copies

    @property
    def n_real(self) -> int:
        """How many stops there are without copies; these are the first."""
        return len(self.boarding.start) - 1

    def own(self) -> tuple[_Ints, _Ints]:
        """Return each pair of copies of one stop: where one gets off, and where one gets on."""
        stop = np.arange(self.n_real)
        _, tail, head = self._pairs(stop, stop)
        return tail, head

    def walks(self, start: ArrayLike, stop: ArrayLike, seconds: ArrayLike) -> tuple[_Ints, _Ints, _Ints]:
        """Return walks between stops, given as rows by stop, as (tail, head, seconds) between copies."""
        starts: _Ints = np.asarray(start, np.int64)
        tail = np.repeat(np.arange(self.n_real), starts[1:] - starts[:-1])
        which, tail, head = self._pairs(tail, np.asarray(stop, np.int64))
        return tail, head, np.asarray(seconds, np.int64)[which]

    def seen(self, rows: Rows, copies: Copies) -> Rows:
        """Return walks between points and stops (rows by point) as walks to all copies of these."""
        if len(self.real) == self.n_real:
            return rows
        start, stop, seconds = rows
        which, copy = copies.of_each(stop.astype(np.int64))
        starts = np.concatenate([[0], np.cumsum(np.diff(copies.start)[stop])])[start]
        return starts.astype(np.int32), copy.astype(np.int32), seconds[which]

    def _pairs(self, a: _Ints, b: _Ints) -> tuple[_Ints, _Ints, _Ints]:
        return _each_with_each(self.alighting, a, self.boarding, b)


def part_stops(timetable: Timetable) -> Parted:
    """Return ``timetable`` with its stops parted."""
    n, said = len(timetable.stops), timetable.changes_of_trips.astype(np.int64)
    if not len(said):
        itself = Copies(np.arange(n + 1), np.arange(n))
        return Parted(timetable, np.arange(n, dtype=np.int32), itself, itself, timetable.changes)
    on, off = _Side.of(timetable, said[:, [1, 3, 5]], n), _Side.of(timetable, said[:, [0, 2, 4]], n)
    off = replace(off, call=np.where(off.call >= n, off.call + on.n_copies, off.call), copy=off.copy + on.n_copies)
    real = np.concatenate([np.arange(n), on.stop, off.stop]).astype(np.int32)
    parted = Parted(timetable, real, on.copies(n), off.copies(n), timetable.changes)
    stops = pd.concat([timetable.stops, timetable.stops.iloc[real[n:]]], ignore_index=True)
    return replace(
        parted,
        timetable=_with_calls(replace(timetable, stops=stops), off.call, on.call),
        changes=_changes(parted, said, off, on),
    )


@dataclass(frozen=True)
class _Side:
    """What is said of trips where one gets off, or where one gets on: conditions (stop, route, trip; -1: any), and who fulfils them."""

    condition: _Ints  # by row of what is said: its number, or beyond all numbers its stop, where it is about all trips
    n_conditions: int
    call: _Ints  # by call: the copy of the stop, or the stop
    stop: _Ints  # by copy
    copy: _Ints  # by copy: its number among all stops
    fulfilled: _Ints  # (copies, 2): the condition of the route and that of the trip, -1 where there is none

    @classmethod
    def of(cls, timetable: Timetable, said: _Ints, n_stops: int) -> _Side:
        named, number = np.unique(said, axis=0, return_inverse=True)
        is_all = (named[:, 1:] < 0).all(axis=1)
        trip = np.repeat(np.arange(len(timetable.trips)), np.diff(timetable.call_start))
        route = timetable.trips["route_index"].to_numpy(np.int64)[trip]
        stop = timetable.call_stop.astype(np.int64)
        fulfilled = np.column_stack([
            _found(np.column_stack([stop, of_call]), named[:, [0, column]], (named[:, column] >= 0))
            for of_call, column in ((route, 1), (trip, 2))
        ])  # fmt: skip
        of_copy, which = np.unique(np.column_stack([stop, fulfilled]), axis=0, return_inverse=True)
        is_copy = (of_copy[:, 1:] >= 0).any(axis=1)
        copy = np.where(is_copy, n_stops + np.cumsum(is_copy) - 1, of_copy[:, 0])
        return cls(
            np.where(is_all, len(named) + named[:, 0], np.arange(len(named)))[number.ravel()], len(named),
            copy[which.ravel()], of_copy[is_copy, 0], copy[is_copy], of_copy[is_copy, 1:],
        )  # fmt: skip

    @property
    def n_copies(self) -> int:
        return len(self.copy)

    def copies(self, n_stops: int) -> Copies:
        stop = np.arange(n_stops)
        return Copies.of(np.concatenate([stop, self.stop]), np.concatenate([stop, self.copy]), n_stops)

    def by_condition(self, n_stops: int) -> Copies:
        """Return the copies that fulfil each condition, and beyond these all copies of each stop."""
        row, which = np.nonzero(self.fulfilled >= 0)
        stop = np.arange(n_stops)
        key = np.concatenate([self.fulfilled[row, which], self.n_conditions + np.concatenate([stop, self.stop])])
        return Copies.of(key, np.concatenate([self.copy[row], stop, self.copy]), self.n_conditions + n_stops)


def _found(pairs: _Ints, named: _Ints, is_meant: NDArray[np.bool_]) -> _Ints:
    """Return for each of ``pairs`` the row of ``named`` that it is, among those meant; -1 where there is none."""
    rows = np.flatnonzero(is_meant)
    if not len(rows):
        return np.full(len(pairs), -1)
    by_number = np.array([int(max(pairs[:, 1].max(initial=0), named[:, 1].max())) + 1, 1])
    keys = named[rows] @ by_number
    order = np.argsort(keys)
    asked = pairs @ by_number
    at = np.minimum(np.searchsorted(keys[order], asked), len(rows) - 1)
    return np.where(keys[order][at] == asked, rows[order][at], -1)


def _each_with_each(tails: Copies, a: _Ints, heads: Copies, b: _Ints) -> tuple[_Ints, _Ints, _Ints]:
    """Return each pair of a copy of ``a[i]`` and one of ``b[i]``: i, and both copies."""
    which, tail = tails.of_each(a)
    again, head = heads.of_each(b[which])
    return which[again], tail[again], head


def _changes(parted: Parted, said: _Ints, off: _Side, on: _Side) -> NDArray[np.int32]:
    """Return what is said of changes between copies: of single routes and trips first, then of their stops."""
    n = parted.n_real
    which, tail, head = _each_with_each(off.by_condition(n), off.condition, on.by_condition(n), on.condition)
    code = tail * len(parted.real) + head
    _, first = np.unique(code, return_index=True)
    of_trips = np.column_stack([tail[first], head[first], said[which[first], 6:]])
    general = parted.timetable.changes.astype(np.int64)
    which, tail, head = parted._pairs(general[:, 0], general[:, 1])
    is_word = np.isin(general[which, 2], [FORBIDDEN, TIMED])
    kept = ~(is_word & np.isin(tail * len(parted.real) + head, code))
    of_stops = np.column_stack([tail, head, general[which, 2:]])[kept]
    return np.concatenate([of_trips, of_stops]).astype(np.int32)


def _with_calls(timetable: Timetable, off: _Ints, on: _Ints) -> Timetable:
    """Return ``timetable`` with each call at the copies where one gets off and on: where these are two, at both, one after the other."""
    n_calls, starts = len(timetable.call_stop), timetable.call_start
    is_first, is_last = np.zeros(n_calls, np.bool_), np.zeros(n_calls, np.bool_)
    is_first[starts[:-1]], is_last[starts[1:] - 1] = True, True
    leaves = timetable.call_may_alight & ~is_first
    boards = timetable.call_may_board & ~is_last
    count = 1 + ((off != on) & leaves & boards)
    end = np.cumsum(count)
    row = np.repeat(np.arange(n_calls), count)
    is_two = (count == 2)[row]
    is_second = is_two & (np.arange(len(row)) == end[row] - 1)
    is_before = is_two & ~is_second
    arrival, departure = timetable.call_arrival_s[row], timetable.call_departure_s[row]
    return replace(
        timetable,
        call_start=np.concatenate([[0], end])[starts],
        call_stop=np.where(is_second | ~leaves[row], on[row], off[row]).astype(np.int32),
        call_arrival_s=np.where(is_second, departure, arrival),
        call_departure_s=np.where(is_before, arrival, departure),
        call_may_board=timetable.call_may_board[row] & ~is_before,
        call_may_alight=timetable.call_may_alight[row] & ~is_second,
        boarding_to_arrange=(end - 1)[timetable.boarding_to_arrange].astype(np.int32),
        alighting_to_arrange=(end - count)[timetable.alighting_to_arrange].astype(np.int32),
    )
