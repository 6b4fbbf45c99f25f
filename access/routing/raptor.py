"""Search a day's timetable by rounds: our own RAPTOR and range-RAPTOR, compiled, second-exact, and free of the interpreter's lock.

Source: D. Delling, T. Pajor, R. F. Werneck, "Round-Based Public Transit Routing", Transportation Science 49(3), 2015.

The rules, here and nowhere else:

* One may be at a stop on foot from the start within the walking limit, and boards where one is at the stop ``board_slack_s`` before
  the departure, on every boarding. The slack is taken off the departures beforehand, so the search itself knows none.
* One boards where ``may_board`` and alights where ``may_alight`` says so. Staying on board costs nothing.
* Between two rides there is one change: a walk from stop to stop within the limit, none at the same stop, or what the timetable says
  instead (``access/routing/changes.py``). Changes are never chained: they start only from a stop that was reached by riding.
* Trips that one vehicle runs one after another are one ride (``geo/timetable/runs.py``).
* The way ends with a walk from a stop that was reached by riding. At most ``max_rides`` rides.

The reverse search is the same code on the timetable turned round (``access/routing/rides.py``): times negated, stops and trips in reverse,
boarding and alighting exchanged. "Depart as late as possible" then is "arrive as early as possible".

Labels are kept per number of rides, ``label[stop, rides]`` being the best with at most so many rides; so they never rise along a row,
and they may stay from one departure to the next earlier one (range-RAPTOR). ``caught[call, rides]`` remembers, for each call of a
pattern, the earliest trip one has been aboard there: a trip that is no earlier has nothing new to tell.

All that the compiled functions call, read or are built for is in this module: what the compiler keeps on disk of a function is renewed
when its own file changes, not when another does, be it a callee, a constant or the order of fields (tests/access/test_compiled.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

NEVER = 2**30  # seconds; above any time of a day and below overflow
ON_FOOT, UNREACHABLE = 0, -1
Int32s = NDArray[np.int32]
CSR = tuple[Int32s, Int32s, Int32s]  # compressed rows: start of each row, column, seconds


class Rides(NamedTuple):
    """A day's timetable and its changes as the search reads them. Stops per pattern and patterns per stop, both ways."""

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
    walk_start: Int32s  # (stops + 1,) into walk_stop: changes, that at the stop itself among them
    walk_stop: Int32s
    walk_s: Int32s  # until one can board there; below 0 where a change is to take less than the slack


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
            at_s = ready[marked[m], ride - 1]
            for j in range(rides.stop_start[marked[m]], rides.stop_start[marked[m] + 1]):
                p, position = rides.stop_pattern[j], rides.stop_position[j]
                begin = rides.pattern_start[p]
                known = min(caught[begin + position, ride], rides.n_trips[p])
                neighbour = rides.time_start[p] + position + (known - 1) * (rides.pattern_start[p + 1] - begin)
                if known == 0 or rides.departure_s[neighbour] < at_s:
                    continue  # no trip before the one known can be caught
                if first[p] < 0:
                    queue[n_queue] = p
                    n_queue += 1
                    first[p] = last[p] = position
                elif position < first[p]:
                    first[p] = position
                elif position > last[p]:
                    last[p] = position
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


@njit(cache=True, nogil=True)
def search_chunk(  # type: ignore[no-untyped-def]
    rides, max_rides, seed_start, seed_stop, seed_s, read_start, read_stop, read_s, source, start_s, max_travel_s, walk_s, travel_s, n_rides
):  # fmt: skip
    """Search for each q and read out at every row of reads; see ``access/routing/batches.py``."""
    labels = blank_labels(rides, max_rides)
    for q in range(len(source)):
        if q > 0:
            forget(labels)
        v = source[q]
        leave_s = np.int64(start_s[q])  # one kind of number everywhere, so that the search is compiled once
        seeds = slice(seed_start[v], seed_start[v + 1])
        search(rides, labels, seed_stop[seeds], seed_s[seeds], leave_s, leave_s + max_travel_s)
        for o in range(len(read_start) - 1):
            best, fewest = walk_s[v, o], ON_FOOT
            for i in range(read_start[o], read_start[o + 1]):
                at_s = labels.by_ride_s[read_stop[i], max_rides]
                took = at_s + read_s[i] - leave_s
                if at_s < NEVER and took <= best:
                    k = max_rides
                    while k > 1 and labels.by_ride_s[read_stop[i], k - 1] == at_s:
                        k -= 1
                    if took < best or k < fewest:
                        best, fewest = took, k
            reachable = best <= max_travel_s
            travel_s[q, o] = best if reachable else np.nan
            n_rides[q, o] = fewest if reachable else UNREACHABLE


@njit(cache=True, nogil=True)
def window_chunk(  # type: ignore[no-untyped-def]
    rides, max_rides, seed_start, seed_stop, seed_s, read_start, read_target, read_s, departures_s, ranks, max_travel_s, walk_s, travel_s,
    begin, end,
):  # fmt: skip
    """Fill the percentiles of the origins from ``begin`` to ``end``; see ``access/routing/window.py``."""
    labels = blank_labels(rides, max_rides)
    n, n_targets = len(departures_s), travel_s.shape[2]
    step_s = departures_s[1] - departures_s[0] if n > 1 else 1
    # from the last departure to the first the arrival at a target falls in steps: since which departure, and to what
    since = np.empty((n_targets, n), np.int32)
    arrives_s = np.empty((n_targets, n), np.int32)
    n_steps = np.empty(n_targets, np.int32)
    for o in range(begin, end):
        if o > begin:
            forget(labels)
        n_steps[:] = 0
        seeds = slice(seed_start[o], seed_start[o + 1])
        for d in range(n):
            start_s = np.int64(departures_s[n - 1 - d])
            n_improved = search(rides, labels, seed_stop[seeds], seed_s[seeds], start_s, start_s + max_travel_s)
            for i in range(n_improved):
                stop = labels.improved[i]
                for r in range(read_start[stop], read_start[stop + 1]):
                    target, at_s = read_target[r], labels.by_ride_s[stop, max_rides] + read_s[r]
                    last = n_steps[target] - 1
                    if last < 0 or since[target, last] < d:
                        if last < 0 or at_s < arrives_s[target, last]:
                            since[target, last + 1] = d
                            arrives_s[target, last + 1] = at_s
                            n_steps[target] = last + 2
                    elif at_s < arrives_s[target, last]:
                        arrives_s[target, last] = at_s
        for target in range(n_targets):
            for p in range(len(ranks)):
                took = _ranked(
                    since[target], arrives_s[target], n_steps[target], n, departures_s[n - 1], step_s, ranks[p]
                )
                took = min(took, walk_s[o, target])
                travel_s[p, o, target] = took if took <= max_travel_s else np.nan


@njit(cache=True, nogil=True)
def _ranked(since, arrives_s, n_steps, n, last_departure_s, step_s, rank):  # type: ignore[no-untyped-def]
    """Return the travel time of the given rank (from 1). Within a step it grows evenly, so ranks are found by counting, not sorting."""
    if n_steps == 0 or n - since[0] < rank:
        return NEVER
    low, high = 0, 0
    for i in range(n_steps):
        end = since[i + 1] if i + 1 < n_steps else n
        high = max(high, arrives_s[i] - last_departure_s + (end - 1) * step_s)
    while low < high:
        middle, count = (low + high) >> 1, 0
        for i in range(n_steps):
            end = since[i + 1] if i + 1 < n_steps else n
            shortest = arrives_s[i] - last_departure_s + since[i] * step_s
            if middle >= shortest:
                count += min((middle - shortest) // step_s + 1, end - since[i])
        if count >= rank:
            high = middle
        else:
            low = middle + 1
    return low
