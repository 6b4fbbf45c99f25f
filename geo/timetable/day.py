"""Cut one service day out of the timetable: the rides of that date and of the days around it, in patterns without overtaking."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo.timetable.clock import DAY_S, seconds_between_days
from geo.timetable.model import DayTimetable, Timetable
from geo.timetable.running import check_covered
from geo.timetable.runs import runs_of_days


@dataclass(frozen=True)
class Usable:
    """Which trips (rows of ``Timetable.trips``) may be ridden, and at which stops (rows of ``Timetable.stops``) got on and off."""

    trips: NDArray[np.bool_]
    stops: NDArray[np.bool_]


def on_date(timetable: Timetable, service_date: date, usable: Usable | None = None) -> DayTimetable:
    """Return all that runs on ``service_date``, with the trips of the day before that go on past midnight and of the day after.

    The neighbouring days are moved by the true distance of the service days, which is not 24 hours when the clocks change.
    With ``usable`` the other trips are left out, and vehicles pass through the other stops without opening their doors.

    Raises:
        DateOutsideTimetable: no feed says anything about the date.
    """
    runs = _runs(timetable, service_date, usable)
    groups: dict[bytes, list[int]] = defaultdict(list)
    for run, (begin, end) in enumerate(pairwise(runs.call_start.tolist())):
        flags = runs.may_board[begin:end].tobytes() + runs.may_alight[begin:end].tobytes()
        groups[runs.stop[begin:end].tobytes() + flags].append(run)
    lanes = [lane for group in groups.values() for lane in _lanes(runs, np.array(group))]
    first = [runs.call_start[lane[0][0]] for lane in lanes]
    lengths = [arrival.shape[1] for _, arrival, _ in lanes]
    rows = np.concatenate([np.arange(f, f + n) for f, n in zip(first, lengths, strict=True)] or [np.empty(0, np.int64)])
    order = np.concatenate([of for of, _, _ in lanes] or [np.empty(0, np.int64)])
    run_start, trips = _blocks(runs.trip_start, order)
    return DayTimetable(
        service_date=service_date,
        n_stops=len(timetable.stops),
        pattern_start=_starts(lengths),
        pattern_stop=runs.stop[rows].astype(np.int32),
        may_board=runs.may_board[rows],
        may_alight=runs.may_alight[rows],
        trip_start=_starts([len(of) for of, _, _ in lanes]),
        run_start=run_start,
        trip=runs.trip[trips].astype(np.int32),
        time_start=_starts([arrival.size for _, arrival, _ in lanes]),
        arrival_s=_joined([arrival.ravel() for _, arrival, _ in lanes]),
        departure_s=_joined([departure.ravel() for _, _, departure in lanes]),
    )


def trips_running(timetable: Timetable, service_date: date) -> NDArray[np.int64]:
    """Return the trips (rows of ``timetable.trips``) of the service day ``service_date`` itself; none outside the timetable."""
    day = (service_date - timetable.first_date).days
    if not 0 <= day < timetable.runs.shape[1]:
        return np.empty(0, np.int64)
    return np.flatnonzero(timetable.runs[timetable.trips["service_index"].to_numpy(), day])


@dataclass(frozen=True)
class _Runs:
    """The trips and the calls of runs, one run after another, in seconds of the date asked for."""

    trip_start: NDArray[np.int64]  # (runs + 1,)
    trip: NDArray[np.int64]
    call_start: NDArray[np.int64]  # (runs + 1,)
    stop: NDArray[np.int32]
    arrival_s: NDArray[np.int64]
    departure_s: NDArray[np.int64]
    may_board: NDArray[np.bool_]
    may_alight: NDArray[np.bool_]


def _runs(timetable: Timetable, service_date: date, usable: Usable | None) -> _Runs:
    """Return the runs of the date, of the days before that still run, and of the day after."""
    check_covered(timetable, service_date)
    last_s = int(timetable.call_arrival_s.max(initial=0))
    days = range(-max(1, (last_s + 3600) // DAY_S), 2)  # in spring a service day begins an hour sooner
    of_day = [trips_running(timetable, date.fromordinal(service_date.toordinal() + day)) for day in days]
    shift = [seconds_between_days(service_date, day, timetable.timezone) for day in days]
    trip_start, trip, day = runs_of_days(timetable, of_day, shift, None if usable is None else usable.trips)
    start, rows = _blocks(timetable.call_start, trip)
    moved = np.repeat(np.array(shift, np.int64)[day], np.diff(start))
    stop = timetable.call_stop[rows]
    opens = np.ones(len(stop), np.bool_) if usable is None else usable.stops[stop]
    board, alight = timetable.call_may_board[rows] & opens, timetable.call_may_alight[rows] & opens
    arrival, departure = timetable.call_arrival_s[rows] + moved, timetable.call_departure_s[rows] + moved
    # where a run goes on as another trip, one gets off by the last call of the one and on by the first call of the other
    goes_on = np.setdiff1d(np.arange(1, len(trip)), trip_start)
    last, first = start[goes_on] - 1, start[goes_on]
    board[last], alight[first] = False, False
    departure[last], arrival[first] = arrival[last], departure[first]
    return _Runs(trip_start, trip, start[trip_start], stop, arrival, departure, board, alight)


def _blocks(start: NDArray[np.int64], which: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the blocks ``which`` of those that ``start`` bounds, one after another: where each starts, and the rows of all."""
    lengths = start[which + 1] - start[which]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return starts, np.arange(starts[-1]) + np.repeat(start[which] - starts[:-1], lengths)


_Lane = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]  # runs, and their (runs, calls) times


def _lanes(runs: _Runs, group: NDArray[np.int64]) -> list[_Lane]:
    """Part runs with the same calls so that in each part none overtakes another."""
    start = runs.call_start[group]
    rows = start[:, None] + np.arange(runs.call_start[group[0] + 1] - start[0])
    arrival, departure = runs.arrival_s[rows].astype(np.int32), runs.departure_s[rows].astype(np.int32)
    order = np.lexsort((group, arrival[:, -1], departure[:, 0]))
    arrival, departure, of = arrival[order], departure[order], group[order]
    if (np.diff(arrival, axis=0) >= 0).all() and (np.diff(departure, axis=0) >= 0).all():
        return [(of, arrival, departure)]
    parts: list[list[int]] = []
    for i in range(len(of)):
        fits = (p for p in parts if (arrival[i] >= arrival[p[-1]]).all() and (departure[i] >= departure[p[-1]]).all())
        part = next(fits, None)
        if part is None:
            parts.append([i])
        else:
            part.append(i)
    return [(of[part], arrival[part], departure[part]) for part in parts]


def _starts(lengths: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _joined(parts: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    return np.concatenate(parts).astype(np.int32) if parts else np.empty(0, np.int32)
