"""Lay out a day's timetable for the search by a person's rules, and turn it round in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from access.routing.raptor import Int32s, Rides
from geo.timetable.model import DayTimetable, Timetable

Wheelchair = Literal["any", "possible", "known"]


@dataclass(frozen=True)
class TransitRules:
    """What a person will do: walk so long at most in one go, ride so often, and be at the stop so long before departure.

    ``wheelchair``: ``any`` asks for nothing; ``possible`` uses no trip or stop that a feed says is not accessible, ``known`` only those
    that it says are. What can be reached by the second and not by the third is unknown, which is not the same as no.
    """

    max_walk_s: int = 1200
    max_rides: int = 4
    board_slack_s: int = 60
    wheelchair: Wheelchair = "any"

    def __post_init__(self) -> None:
        if not (0 <= self.max_walk_s <= 7200 and 1 <= self.max_rides <= 10 and 0 <= self.board_slack_s <= 3600):
            raise ValueError(f"{self} is not allowed: walk 0 to 7200 s, 1 to 10 rides, slack 0 to 3600 s")
        if self.wheelchair not in get_args(Wheelchair):
            raise ValueError(f"wheelchair={self.wheelchair!r} is not allowed: {', '.join(get_args(Wheelchair))}")


@dataclass(frozen=True)
class DayRides:
    """All that is asked of one service day by one person's rules: its rides both ways in time, and the timetable that names them."""

    timetable: Timetable
    service_date: date
    rules: TransitRules
    forwards: Rides
    backwards: Rides
    run_start: NDArray[np.int64]  # (rides + 1,) into trip
    trip: Int32s  # rows of Timetable.trips that each ride consists of, pattern by pattern


def prepare(day: DayTimetable, walk_start: Int32s, walk_stop: Int32s, walk_s: Int32s, board_slack_s: int) -> Rides:
    """Return ``day`` with its changes (``access/routing/changes.py``) ready for searching forwards."""
    departure = day.departure_s - np.int32(board_slack_s)
    return indexed(
        day.pattern_start, day.pattern_stop, day.may_board, day.may_alight, np.diff(day.trip_start), day.time_start[:-1],
        day.arrival_s, departure, day.n_stops, walk_start, walk_stop, walk_s,
    )  # fmt: skip


def turned(rides: Rides, walk_start: Int32s, walk_stop: Int32s, walk_s: Int32s) -> Rides:
    """Return ``rides`` turned round in time, with the changes turned round as given."""
    lengths = np.diff(rides.pattern_start)
    call = _reversed_blocks(rides.pattern_start[:-1].astype(np.int64), lengths.astype(np.int64))
    time = _reversed_blocks(rides.time_start, lengths.astype(np.int64) * rides.n_trips)
    return indexed(
        rides.pattern_start, rides.pattern_stop[call], rides.may_alight[call], rides.may_board[call], rides.n_trips, rides.time_start,
        -rides.departure_s[time], -rides.arrival_s[time], len(rides.stop_start) - 1, walk_start, walk_stop, walk_s,
    )  # fmt: skip


def _reversed_blocks(start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for blocks that lie one after another the index that reverses each. A block of trips × calls reverses both at once."""
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    return np.repeat(start + length - 1, length) - within


def indexed(
    pattern_start: NDArray[np.integer], pattern_stop: Int32s, may_board: NDArray[np.bool_], may_alight: NDArray[np.bool_],
    n_trips: NDArray[np.integer], time_start: NDArray[np.int64], arrival_s: Int32s, departure_s: Int32s, n_stops: int,
    walk_start: Int32s, walk_stop: Int32s, walk_s: Int32s,
) -> Rides:  # fmt: skip
    """Return the rides of a day's patterns with what a search looks up: which patterns one may board at each stop, and where in them."""
    lengths = np.diff(pattern_start)
    pattern = np.repeat(np.arange(len(lengths)), lengths)
    position = np.arange(len(pattern_stop)) - np.repeat(pattern_start[:-1], lengths)
    usable = np.flatnonzero(may_board & (position < lengths[pattern] - 1))
    by_stop = usable[np.argsort(pattern_stop[usable], kind="stable")]
    counts = np.bincount(pattern_stop[usable], minlength=n_stops)
    return Rides(
        pattern_start=np.array(pattern_start, np.int32),
        pattern_stop=np.array(pattern_stop, np.int32),
        may_board=np.array(may_board, np.bool_),
        may_alight=np.array(may_alight, np.bool_),
        n_trips=np.array(n_trips, np.int32),
        time_start=np.array(time_start, np.int64),
        arrival_s=np.array(arrival_s, np.int32),
        departure_s=np.array(departure_s, np.int32),
        stop_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        stop_pattern=pattern[by_stop].astype(np.int32),
        stop_position=position[by_stop].astype(np.int32),
        walk_start=np.array(walk_start, np.int32),
        walk_stop=np.array(walk_stop, np.int32),
        walk_s=np.array(walk_s, np.int32),
    )  # copies, so that all arrays are of one kind and the search is compiled once
