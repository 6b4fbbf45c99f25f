"""Find one journey under a limit on walking in all: to the first stop, at changes and from the last.

How long one has walked is a second thing to know beside when one is where, so a stop has not one label but a staircase: who comes later may
have walked less. Rounds of rides as in RAPTOR (``access/routing/raptor.py``, whose rules hold here too); in each round, for every call of
every trip, the least that anyone on board can have walked, which is the least of those who boarded there or before. That is exact, and
slower than the search without a limit (docs/methods.md says how much): one search a row of a table, by the same code as a single journey.

A change counts as the walk that its leg shows: none at one and the same stop, otherwise the time until one can board.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from access.routing.batches import in_chunks
from access.routing.journey import Best, Journey, Leg, RideLeg, WalkLeg, on_foot, ride_leg, when_and_how_often
from access.routing.raptor import CSR, NEVER, Int32s, Rides
from access.routing.rides import DayRides
from geo.streets.ways import ranges

FAR_S = 2**16  # more than anyone is let walk: 18 hours
_ROW_BITS = 24
_Ints = NDArray[np.int64]


@dataclass(frozen=True)
class _Known:
    """Where one can be, when, and having walked how long; each row names the row it comes from."""

    stop: _Ints
    at_s: _Ints
    walked_s: _Ints
    before: _Ints
    board: _Ints  # for those who alight: the calls of the ride, by their number in _Calls
    alight: _Ints

    def take(self, rows: NDArray[np.intp]) -> _Known:
        """Return some rows."""
        return _Known(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def steps(self) -> NDArray[np.intp]:
        """Return the rows that no other row beats, by stop and time: whoever is there earlier has walked farther."""
        order = np.lexsort((self.walked_s, self.at_s, self.stop))
        return order[_least_so_far(self.walked_s[order], self.stop[order]) == np.arange(len(order))]


_Rounds = list[tuple[_Known, _Known]]


class _Calls(NamedTuple):
    """The calls of all trips that may count, trip by trip."""

    pattern: _Ints
    ride: _Ints  # number of the ride, of all patterns together
    call: _Ints  # of the pattern, from 0
    stop: _Ints
    arrival_s: _Ints
    departure_s: _Ints
    may_board: NDArray[np.bool_]
    may_alight: NDArray[np.bool_]


def find_walking_little(
    day: DayRides, access: CSR, egress: CSR, walk_s: int, max_travel_s: int, max_walking_s: int,
    *, depart_s: int | None, arrive_by_s: int | None,
) -> Journey | None:  # fmt: skip
    """See :meth:`access.routing.transit.TransitDay.journey`, whose answer it is under a limit on walking in all.

    ``walk_s``, the way on foot, is NEVER where it is longer than that.
    """
    max_walking_s = min(max_walking_s, FAR_S - 2)
    best = best_walking_little(day, walk_s, max_travel_s, max_walking_s)
    way = when_and_how_often(day, best, access, egress, max_travel_s, depart_s=depart_s, arrive_by_s=arrive_by_s)
    if way is None:
        return None
    if way.rides == 0:
        return on_foot(way.leave_s, walk_s)
    calls = _calls(day.forwards, way.leave_s, way.arrive_by_s)
    rounds = _search(day.forwards, calls, access, way.leave_s, max_walking_s, way.rides, day.parted.real)
    return _trace(day, calls, rounds, egress, way.leave_s, max_walking_s)


def best_walking_little(day: DayRides, walk_s: int, span_s: int, max_walking_s: int) -> Best:
    """Return what finds the best way that takes no longer than ``span_s``, by ways on which one walks no longer than ``max_walking_s``."""
    most_s = min(max_walking_s, FAR_S - 2)

    def best(rides: Rides, max_rides: int, seeds: CSR, reads: CSR, start_s: int) -> tuple[int, int]:
        calls = _calls(rides, start_s, start_s + span_s)
        rounds = _search(rides, calls, seeds, start_s, most_s, max_rides, day.parted.real)
        at_s, k, *_ = _last(rounds, reads, most_s)
        return min((walk_s, 0), (at_s - start_s if k else NEVER, k))

    return best


def search_many_walking_little(
    rides: Rides, max_rides: int, seeds: CSR, reads: CSR, source: Int32s, start_s: Int32s, max_travel_s: int, walk_s: Int32s,
    max_walking_s: int, real: Int32s,
) -> tuple[NDArray[np.float32], NDArray[np.int8]]:  # fmt: skip
    """Answer as :func:`access.routing.batches.search_many` does, by ways on which one walks no longer than ``max_walking_s`` in all.

    ``walk_s``, the ways on foot, are NEVER where they are longer than that. ``real`` says which stop each is
    (``access/routing/parted.py``).
    """
    max_walking_s = min(max_walking_s, FAR_S - 2)
    target = np.repeat(np.arange(len(reads[0]) - 1), np.diff(reads[0]))
    travel_s = walk_s[source].astype(np.int64)
    n_rides = np.where(travel_s < NEVER, 0, -1).astype(np.int8)

    def work(begin: int, end: int) -> None:
        for q in range(begin, end):
            start, row = int(start_s[q]), slice(*seeds[0][source[q] : source[q] + 2])
            calls, of_source = _calls(rides, start, start + max_travel_s), (seeds[0], seeds[1][row], seeds[2][row])
            for k, (_, alighted) in enumerate(
                _search(rides, calls, of_source, start, max_walking_s, max_rides, real), 1
            ):
                first = _first_within(alighted, reads, max_walking_s)
                took = np.full(travel_s.shape[1], NEVER, np.int64)
                able = np.flatnonzero(first >= 0)
                np.minimum.at(took, target[able], alighted.at_s[first[able]] + reads[2][able] - start)
                n_rides[q, took < travel_s[q]] = k
                travel_s[q] = np.minimum(travel_s[q], took)

    in_chunks(work, len(source))
    is_reached = travel_s <= min(max_travel_s, NEVER - 1)
    return np.where(is_reached, travel_s, np.nan).astype(np.float32), np.where(is_reached, n_rides, np.int8(-1))


def _first_within(alighted: _Known, reads: CSR, max_walking_s: int) -> NDArray[np.intp]:
    """Return for each walk from a stop the row of ``alighted`` (steps, in order) that is first there and may still walk it; -1: none.

    At a stop whoever comes later has walked less, so the first of them who has walked little enough is the earliest.
    """
    stop, left_s = reads[1].astype(np.int64), max_walking_s - reads[2].astype(np.int64)
    row = np.searchsorted(alighted.stop * FAR_S - alighted.walked_s, stop * FAR_S - left_s)
    able = (left_s >= 0) & (row < len(alighted.stop))
    able[able] = alighted.stop[row[able]] == stop[able]
    return np.where(able, row, -1)


def _last(rounds: _Rounds, reads: CSR, max_walking_s: int) -> tuple[int, int, int, int]:
    """Return when one is at the end at the earliest, the fewest rides for it, the row of those alighted, and the last walk's seconds."""
    best = (NEVER, 0, -1, 0)
    for k, (_, alighted) in enumerate(rounds, 1):
        for first, seconds in zip(
            _first_within(alighted, reads, max_walking_s).tolist(), reads[2].tolist(), strict=True
        ):
            if first >= 0:
                best = min(best, (int(alighted.at_s[first]) + seconds, k, first, seconds))
    return best


def _search(
    rides: Rides, calls: _Calls, seeds: CSR, start_s: int, max_walking_s: int, max_rides: int, real: Int32s
) -> _Rounds:
    """Return for each number of rides who is ready to board, and who has alighted."""
    seconds, none = seeds[2].astype(np.int64), np.full(len(seeds[1]), -1, np.int64)
    ready = _Known(seeds[1].astype(np.int64), start_s + seconds, seconds, none, none, none)
    ready = ready.take(np.flatnonzero(seconds <= max_walking_s))
    found = []
    for _ in range(max_rides):
        ready = ready.take(ready.steps())
        alighted = _ridden(calls, ready)
        alighted = alighted.take(alighted.steps())
        found.append((ready, alighted))
        ready = _changed(rides, alighted, max_walking_s, real)
    return found


def _calls(rides: Rides, start_s: int, until_s: int) -> _Calls:
    """Return the calls between two times, trip by trip."""
    length, n_trips = np.diff(rides.pattern_start).astype(np.int64), rides.n_trips.astype(np.int64)
    use = np.flatnonzero((rides.departure_s >= start_s) & (rides.arrival_s <= until_s))
    pattern = np.searchsorted(rides.time_start, use, side="right") - 1
    trip, call = np.divmod(use - rides.time_start[pattern], length[pattern])
    of_pattern = rides.pattern_start[pattern] + call
    return _Calls(
        pattern, (np.cumsum(n_trips) - n_trips)[pattern] + trip, call, rides.pattern_stop[of_pattern].astype(np.int64),
        rides.arrival_s[use].astype(np.int64), rides.departure_s[use].astype(np.int64),
        rides.may_board[of_pattern], rides.may_alight[of_pattern],
    )  # fmt: skip


def _ridden(calls: _Calls, ready: _Known) -> _Known:
    """Return where those who are ready to board can alight, having walked as little as can be; ``ready`` are steps, in order."""
    if not len(ready.stop) or not len(calls.stop):
        return ready.take(np.empty(0, np.intp))
    zero_s = min(int(ready.at_s.min()), int(calls.departure_s.min()))
    span_s = max(int(ready.at_s.max()), int(calls.departure_s.max())) - zero_s + 1
    known = ready.stop * span_s + ready.at_s - zero_s
    leaves = calls.stop * span_s + calls.departure_s - zero_s
    last = np.maximum(
        np.searchsorted(known, leaves, side="right") - 1, 0
    )  # of all there by then this one has walked least
    boards = calls.may_board & (ready.stop[last] == calls.stop) & (ready.at_s[last] <= calls.departure_s)
    walked_s = np.where(boards, ready.walked_s[last], FAR_S - 1)
    board = np.roll(_least_so_far(walked_s, calls.ride), 1)  # at a call before this one
    is_aboard = (np.diff(calls.ride, prepend=-1) == 0) & boards[board]
    alight = np.flatnonzero(is_aboard & calls.may_alight)
    board = board[alight]
    return _Known(calls.stop[alight], calls.arrival_s[alight], walked_s[board], last[board], board, alight)


def _changed(rides: Rides, alighted: _Known, max_walking_s: int, real: Int32s) -> _Known:
    """Return where and when those who have alighted can be ready to board again."""
    start = rides.walk_start.astype(np.int64)
    count = np.diff(start)[alighted.stop]
    before = np.repeat(np.arange(len(count)), count)
    way = ranges(start[alighted.stop], count)
    other, takes_s = rides.walk_stop[way].astype(np.int64), rides.walk_s[way].astype(np.int64)
    walked_s = alighted.walked_s[before] + np.where(
        real[other] == real[alighted.stop[before]], 0, np.maximum(takes_s, 0)
    )
    none = np.full(len(before), -1, np.int64)
    found = _Known(other, alighted.at_s[before] + takes_s, walked_s, before, none, none)
    return found.take(np.flatnonzero(walked_s <= max_walking_s))


def _least_so_far(walked_s: _Ints, group: _Ints) -> _Ints:
    """Return for each row the row, itself or before it in its stretch of equal ``group``, where least was walked; the first of several."""
    stretch = np.cumsum(np.diff(group, prepend=group[:1]) != 0) * (FAR_S << _ROW_BITS)
    least = np.minimum.accumulate((walked_s << _ROW_BITS) + np.arange(len(group)) - stretch) + stretch
    row: _Ints = least & ((1 << _ROW_BITS) - 1)
    return row


def _trace(day: DayRides, calls: _Calls, rounds: _Rounds, egress: CSR, leave_s: int, max_walking_s: int) -> Journey:
    """Walk back through what is known: out of the last vehicle, into it, and so on to the start."""
    names, real = day.timetable.stops["name"].to_numpy(object), day.parted.real.tolist()
    arrive_s, k, row, seconds = _last(rounds, egress, max_walking_s)
    ready, alighted = rounds[k - 1]
    stop, at_s = int(alighted.stop[row]), int(alighted.at_s[row])
    legs: list[Leg] = [WalkLeg(real[stop], None, names[stop], None, at_s, arrive_s)] if seconds else []
    while True:
        leg = _ride(day, calls, int(alighted.board[row]), int(alighted.alight[row]))
        legs.append(leg)
        row = int(alighted.before[row])
        stop = int(ready.stop[row])
        on_s, row, k = int(ready.at_s[row]), int(ready.before[row]), k - 1
        if k == 0:
            break
        ready, alighted = rounds[k - 1]
        change, at_s = int(alighted.stop[row]), int(alighted.at_s[row])
        if real[change] != real[stop]:
            legs.append(WalkLeg(real[change], real[stop], names[change], names[stop], at_s, max(at_s, on_s)))
    if on_s > leave_s:
        legs.append(WalkLeg(None, real[stop], None, names[stop], leave_s, on_s))
    return Journey(leave_s, arrive_s, tuple(reversed(legs)))


def _ride(day: DayRides, calls: _Calls, board: int, alight: int) -> RideLeg:
    pattern = int(calls.pattern[board])
    trip = int(calls.ride[board]) - int(day.forwards.n_trips[:pattern].sum())
    depart_s = int(calls.departure_s[board]) + day.rules.board_slack_s
    return ride_leg(
        day, pattern, trip, int(calls.call[board]), int(calls.call[alight]), depart_s, int(calls.arrival_s[alight])
    )
