"""Search a day's timetable by rounds: our own RAPTOR and range-RAPTOR, compiled, second-exact, and free of the interpreter's lock.

Source: D. Delling, T. Pajor, R. F. Werneck, "Round-Based Public Transit Routing", Transportation Science 49(3), 2015.

The rules, here and nowhere else:

* One may be at a stop on foot from the start within the walking limit, and boards where one is at the stop ``board_slack_s`` before
  the departure, on every boarding. The slack is taken off the departures beforehand, so the search itself knows none.
* One boards where ``may_board`` and alights where ``may_alight`` says so. Staying on board costs nothing.
* Between two rides there is one walk from stop to stop within the limit, or none at the same stop. Walks are never chained: they
  start only from a stop that was reached by riding.
* The way ends with a walk from a stop that was reached by riding. At most ``max_rides`` rides.

The reverse search is the same code on the timetable turned round (:func:`turned`): times negated, stops and trips in reverse,
boarding and alighting exchanged. "Depart as late as possible" then is "arrive as early as possible".

Labels are kept per number of rides, ``label[stop, rides]`` being the best with at most so many rides; so they never rise along a row,
and they may stay from one departure to the next earlier one (range-RAPTOR). ``caught[call, rides]`` remembers, for each call of a
pattern, the earliest trip one has been aboard there: a trip that is no earlier has nothing new to tell.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from geo.timetable.model import DayTimetable

NEVER = 2**30  # seconds; above any time of a day and below overflow

Int32s = NDArray[np.int32]


class Rides(NamedTuple):
    """A day's timetable and its changes on foot as the search reads them. Stops per pattern and patterns per stop, both ways."""

    pattern_start: Int32s  # (patterns + 1,)
    pattern_stop: Int32s  # (calls of patterns,)
    may_board: NDArray[np.bool_]
    may_alight: NDArray[np.bool_]
    n_trips: Int32s  # (patterns,)
    time_start: NDArray[np.int64]  # (patterns,)
    arrival_s: Int32s
    departure_s: Int32s  # less the slack
    stop_start: Int32s  # (stops + 1,) into stop_pattern: where one may board
    stop_pattern: Int32s
    stop_position: Int32s
    walk_start: Int32s  # (stops + 1,) into walk_stop: changes on foot
    walk_stop: Int32s
    walk_s: Int32s


class Labels(NamedTuple):
    """What a search knows, and its working space. ``width`` is max_rides + 1."""

    ready_s: Int32s  # (stops, width): at the stop and able to board
    by_ride_s: Int32s  # (stops, width): alighted there
    caught: Int32s  # (calls of patterns, width): earliest trip aboard when leaving
    marked: Int32s  # (stops,) stops whose ready_s improved
    is_marked: NDArray[np.bool_]
    alighted: Int32s  # (stops,) stops whose by_ride_s improved
    has_alighted: NDArray[np.bool_]
    improved: Int32s  # (stops,) stops that the last search reached earlier than was known, by any number of rides
    has_improved: NDArray[np.bool_]
    first: Int32s  # (patterns,) where to start scanning, -1 not at all
    last: Int32s  # (patterns,) the last call where one may board anew
    queue: Int32s  # (patterns,)


def prepare(day: DayTimetable, walk_start: Int32s, walk_stop: Int32s, walk_s: Int32s, board_slack_s: int) -> Rides:
    """Return ``day`` with its changes on foot (compressed rows by stop, seconds) ready for searching forwards."""
    departure = day.departure_s - np.int32(board_slack_s)
    return _indexed(
        day.pattern_start, day.pattern_stop, day.may_board, day.may_alight, np.diff(day.trip_start), day.time_start[:-1],
        day.arrival_s, departure, day.n_stops, walk_start, walk_stop, walk_s,
    )  # fmt: skip


def turned(rides: Rides, walk_start: Int32s, walk_stop: Int32s, walk_s: Int32s) -> Rides:
    """Return ``rides`` turned round in time, with the changes on foot turned round as given."""
    lengths = np.diff(rides.pattern_start)
    call = _reversed_blocks(rides.pattern_start[:-1].astype(np.int64), lengths.astype(np.int64))
    time = _reversed_blocks(rides.time_start, lengths.astype(np.int64) * rides.n_trips)
    return _indexed(
        rides.pattern_start, rides.pattern_stop[call], rides.may_alight[call], rides.may_board[call], rides.n_trips, rides.time_start,
        -rides.departure_s[time], -rides.arrival_s[time], len(rides.stop_start) - 1, walk_start, walk_stop, walk_s,
    )  # fmt: skip


def _reversed_blocks(start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for blocks that lie one after another the index that reverses each. A block of trips × calls reverses both at once."""
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    return np.repeat(start + length - 1, length) - within


def _indexed(
    pattern_start: NDArray[np.integer], pattern_stop: Int32s, may_board: NDArray[np.bool_], may_alight: NDArray[np.bool_],
    n_trips: NDArray[np.integer], time_start: NDArray[np.int64], arrival_s: Int32s, departure_s: Int32s, n_stops: int,
    walk_start: Int32s, walk_stop: Int32s, walk_s: Int32s,
) -> Rides:  # fmt: skip
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


@njit(cache=True, nogil=True)
def blank_labels(rides, max_rides):  # type: ignore[no-untyped-def]
    """Return labels that know nothing yet."""
    n_stops, n_patterns, width = len(rides.stop_start) - 1, len(rides.n_trips), max_rides + 1
    labels = Labels(
        np.empty((n_stops, width), np.int32),
        np.empty((n_stops, width), np.int32),
        np.empty((len(rides.pattern_stop), width), np.int32),
        np.empty(n_stops, np.int32),
        np.zeros(n_stops, np.bool_),
        np.empty(n_stops, np.int32),
        np.zeros(n_stops, np.bool_),
        np.empty(n_stops, np.int32),
        np.zeros(n_stops, np.bool_),
        np.full(n_patterns, -1, np.int32),
        np.empty(n_patterns, np.int32),
        np.empty(n_patterns, np.int32),
    )
    forget(labels)
    return labels


@njit(cache=True, nogil=True)
def forget(labels):  # type: ignore[no-untyped-def]
    """Make labels blank again."""
    labels.ready_s[:] = NEVER
    labels.by_ride_s[:] = NEVER
    labels.caught[:] = NEVER


@njit(cache=True, nogil=True)
def search(rides, labels, seed_stop, seed_s, start_s, limit_s):  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    """Improve ``labels`` by leaving at ``start_s`` and being at ``seed_stop`` after ``seed_s`` more; nothing after ``limit_s`` counts.

    Labels from a later ``start_s`` may stay in (range-RAPTOR); call :func:`forget` before anything else.
    Returns the number of stops that are now reached earlier than before; they stand first in ``labels.improved``.
    """
    ready, by_ride, caught = labels.ready_s, labels.by_ride_s, labels.caught
    marked, is_marked, alighted, has_alighted = labels.marked, labels.is_marked, labels.alighted, labels.has_alighted
    first, last, queue = labels.first, labels.last, labels.queue
    width = ready.shape[1]
    improved, has_improved, n_improved = labels.improved, labels.has_improved, 0
    n_marked = 0
    for i in range(len(seed_stop)):
        at_s = start_s + seed_s[i]
        if at_s <= limit_s and _lower(ready, seed_stop[i], 0, at_s) and not is_marked[seed_stop[i]]:
            is_marked[seed_stop[i]] = True
            marked[n_marked] = seed_stop[i]
            n_marked += 1
    for ride in range(1, width):
        n_queue = 0
        for m in range(n_marked):
            for j in range(rides.stop_start[marked[m]], rides.stop_start[marked[m] + 1]):
                p = rides.stop_pattern[j]
                if first[p] < 0:
                    queue[n_queue] = p
                    n_queue += 1
                    first[p] = last[p] = rides.stop_position[j]
                elif rides.stop_position[j] < first[p]:
                    first[p] = rides.stop_position[j]
                elif rides.stop_position[j] > last[p]:
                    last[p] = rides.stop_position[j]
        n_alighted = 0
        for q in range(n_queue):
            p = queue[q]
            begin, end = rides.pattern_start[p], rides.pattern_start[p + 1]
            length, trip = end - begin, NEVER
            for c in range(begin + first[p], end):
                stop = rides.pattern_stop[c]
                time = rides.time_start[p] + c - begin
                if trip != NEVER:
                    arrival = rides.arrival_s[time + trip * length]
                    if arrival > limit_s:
                        trip = NEVER
                    elif rides.may_alight[c] and _lower(by_ride, stop, ride, arrival) and not has_alighted[stop]:
                        has_alighted[stop] = True
                        alighted[n_alighted] = stop
                        n_alighted += 1
                known = min(trip, caught[c, ride])
                if is_marked[stop] and rides.may_board[c]:
                    # the earliest trip before the one known that can be caught; most often there is none, so ask its neighbour first
                    low, high = 0, min(known, rides.n_trips[p])
                    at_s = ready[stop, ride - 1]
                    if high > 0 and rides.departure_s[time + (high - 1) * length] >= at_s:
                        while low < high:
                            middle = (low + high) >> 1
                            if rides.departure_s[time + middle * length] >= at_s:
                                high = middle
                            else:
                                low = middle + 1
                        trip = high
                if trip != NEVER and not _lower(caught, c, ride, trip):
                    trip = NEVER  # all that it can tell from here on is known
                if trip == NEVER and c - begin >= last[p]:
                    break
            first[p] = -1
        for m in range(n_marked):
            is_marked[marked[m]] = False
        n_marked = 0
        for a in range(n_alighted):
            stop = alighted[a]
            has_alighted[stop] = False
            at_s = by_ride[stop, ride]
            if not has_improved[stop] and by_ride[stop, width - 1] == at_s:
                has_improved[stop] = True
                improved[n_improved] = stop
                n_improved += 1
            if ride == width - 1:
                continue
            if _lower(ready, stop, ride, at_s) and not is_marked[stop]:
                is_marked[stop] = True
                marked[n_marked] = stop
                n_marked += 1
            for w in range(rides.walk_start[stop], rides.walk_start[stop + 1]):
                other = rides.walk_stop[w]
                if (
                    at_s + rides.walk_s[w] <= limit_s
                    and _lower(ready, other, ride, at_s + rides.walk_s[w])
                    and not is_marked[other]
                ):
                    is_marked[other] = True
                    marked[n_marked] = other
                    n_marked += 1
        if n_marked == 0:
            break
    for i in range(n_improved):
        has_improved[improved[i]] = False
    return n_improved


@njit(cache=True, nogil=True)
def _lower(table, row, column, value):  # type: ignore[no-untyped-def]
    """Lower ``table[row, column:]`` to ``value`` where it is above; say whether ``table[row, column]`` was."""
    if table[row, column] <= value:
        return False
    for k in range(column, table.shape[1]):
        if table[row, k] <= value:
            break
        table[row, k] = value
    return True
