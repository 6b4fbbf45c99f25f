"""Cut one service day out of the timetable: the rides of that date and of the days around it, in patterns without overtaking."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo.errors import DateOutsideTimetable
from geo.timetable.clock import DAY_S, seconds_between_days
from geo.timetable.model import DayTimetable, Timetable


def on_date(timetable: Timetable, service_date: date) -> DayTimetable:
    """Return all that runs on ``service_date``, with the trips of the day before that go on past midnight and of the day after.

    The neighbouring days are moved by the true distance of the service days, which is not 24 hours when the clocks change.

    Raises:
        DateOutsideTimetable: the date lies before the first or after the last of the timetable.
    """
    trips, shifts = _rides(timetable, service_date)
    groups: dict[bytes, list[int]] = defaultdict(list)
    for ride, trip in enumerate(trips.tolist()):
        calls = slice(timetable.call_start[trip], timetable.call_start[trip + 1])
        flags = timetable.call_may_board[calls].tobytes() + timetable.call_may_alight[calls].tobytes()
        groups[timetable.call_stop[calls].tobytes() + flags].append(ride)
    lanes = [lane for rides in groups.values() for lane in _lanes(timetable, trips, shifts, np.array(rides))]
    first = [timetable.call_start[ride_trips[0]] for ride_trips, _, _ in lanes]
    lengths = [arrival.shape[1] for _, arrival, _ in lanes]
    rows = np.concatenate([np.arange(f, f + n) for f, n in zip(first, lengths, strict=True)] or [np.empty(0, np.int64)])
    return DayTimetable(
        service_date=service_date,
        n_stops=len(timetable.stops),
        pattern_start=_starts(lengths),
        pattern_stop=timetable.call_stop[rows].astype(np.int32),
        may_board=timetable.call_may_board[rows],
        may_alight=timetable.call_may_alight[rows],
        trip_start=_starts([len(ride_trips) for ride_trips, _, _ in lanes]),
        trip=_joined([ride_trips for ride_trips, _, _ in lanes]),
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


def check_covered(timetable: Timetable, service_date: date) -> None:
    """Raise :class:`~geo.errors.DateOutsideTimetable` where the timetable says nothing about ``service_date``."""
    if not timetable.first_date <= service_date <= timetable.last_date:
        raise DateOutsideTimetable(service_date, timetable.first_date, timetable.last_date)


def _rides(timetable: Timetable, service_date: date) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return trip and shift (seconds) of each ride of the date, of the days before that still run, and of the day after."""
    check_covered(timetable, service_date)
    last_s = int(timetable.call_arrival_s.max(initial=0))
    days = range(-max(1, last_s // DAY_S), 2)
    found = [trips_running(timetable, date.fromordinal(service_date.toordinal() + day)) for day in days]
    shifts = [seconds_between_days(service_date, day, timetable.timezone) for day in days]
    return np.concatenate(found), np.repeat(np.array(shifts, np.int64), [len(trips) for trips in found])


_Lane = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]  # trips, and their (trips, calls) times


def _lanes(
    timetable: Timetable, trips: NDArray[np.int64], shifts: NDArray[np.int64], rides: NDArray[np.int64]
) -> list[_Lane]:
    """Part rides with the same calls so that in each part no trip overtakes another."""
    start = timetable.call_start[trips[rides]]
    rows = start[:, None] + np.arange(timetable.call_start[trips[rides[0]] + 1] - start[0])
    shift = shifts[rides][:, None]
    arrival = (timetable.call_arrival_s[rows] + shift).astype(np.int32)
    departure = (timetable.call_departure_s[rows] + shift).astype(np.int32)
    order = np.lexsort((rides, arrival[:, -1], departure[:, 0]))
    arrival, departure, of = arrival[order], departure[order], trips[rides[order]].astype(np.int32)
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
