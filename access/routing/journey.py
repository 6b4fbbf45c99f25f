"""Find one journey: when one leaves, and its legs, traced back from what a search knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from access.routing.raptor import CSR, NEVER, Labels, Rides, blank_labels, search
from access.routing.rides import DayRides
from geo.timetable.model import Timetable


@dataclass(frozen=True)
class WalkLeg:
    """A walk. ``from_stop`` and ``to_stop`` are rows of ``Timetable.stops``; None is the start or the end of the journey."""

    from_stop: int | None
    to_stop: int | None
    from_name: str | None
    to_name: str | None
    depart_s: int
    arrive_s: int


@dataclass(frozen=True)
class Continuation:
    """As what a vehicle goes on at a stop where one may stay seated."""

    line: str
    operator: str
    mode: str
    headsign: str
    trip_id: str
    at_stop: int
    at_name: str


@dataclass(frozen=True)
class RideLeg:
    """A ride on one vehicle, from departure to arrival: line, headsign and trip are those it starts as.

    Where boarding or alighting is to be arranged, one must ask the operator or the driver beforehand.
    """

    line: str
    operator: str
    mode: str
    headsign: str
    trip_id: str
    from_stop: int
    to_stop: int
    from_name: str
    to_name: str
    depart_s: int
    arrive_s: int
    boarding_to_arrange: bool = False
    alighting_to_arrange: bool = False
    stay_seated: tuple[Continuation, ...] = ()


@dataclass(frozen=True)
class BookedLeg:
    """A ride from door to door by a demand-responsive service, to be booked so many hours beforehand."""

    service_id: str
    name_en: str
    name_cy: str
    notice_h: float
    depart_s: int
    arrive_s: int


Leg = WalkLeg | RideLeg | BookedLeg


@dataclass(frozen=True)
class Journey:
    """A way from door to door. Seconds of the service day; waiting is the time between legs."""

    depart_s: int
    arrive_s: int
    legs: tuple[Leg, ...]

    @property
    def walking_s(self) -> int:
        """How long one walks in all."""
        return sum(leg.arrive_s - leg.depart_s for leg in self.legs if isinstance(leg, WalkLeg))

    @property
    def rides(self) -> int:
        """How many vehicles it takes."""
        return sum(not isinstance(leg, WalkLeg) for leg in self.legs)


class Way(NamedTuple):
    """When one leaves for a journey, by when one arrives, and by how many rides."""

    leave_s: int
    arrive_by_s: int
    rides: int


# Rides of the day, the most that one takes, walks to stops, walks from stops, start → seconds of the best way, rides it takes.
Best = Callable[[Rides, int, CSR, CSR, int], tuple[int, int]]


def find_journey(
    day: DayRides, access: CSR, egress: CSR, walk_s: int, max_travel_s: int, *, depart_s: int | None, arrive_by_s: int | None
) -> Journey | None:  # fmt: skip
    """See :meth:`access.routing.transit.TransitDay.journey`; ``walk_s`` is the way on foot, NEVER where there is none."""

    def best(rides: Rides, max_rides: int, seeds: CSR, reads: CSR, start_s: int) -> tuple[int, int]:
        return best_way(rides, max_rides, seeds, reads, walk_s, start_s)

    way = when_and_how_often(day, best, access, egress, max_travel_s, depart_s=depart_s, arrive_by_s=arrive_by_s)
    if way is None:
        return None
    if way.rides == 0:
        return on_foot(way.leave_s, walk_s)
    return _trace(day, _labels(day.forwards, way.rides, access, way.leave_s), access, egress, way.leave_s)


def when_and_how_often(
    day: DayRides, best: Best, access: CSR, egress: CSR, max_travel_s: int, *, depart_s: int | None, arrive_by_s: int | None
) -> Way | None:  # fmt: skip
    """Return when one leaves and by how many rides, None where there is no way or it takes longer than ``max_travel_s``.

    The search that answers the question (``best``) says how long it takes and how many rides; another the other way round takes the
    waiting out of the start. One forwards from there can then be traced.
    """
    if (depart_s is None) == (arrive_by_s is None):
        raise ValueError("give either depart_s or arrive_by_s")
    max_rides = day.rules.max_rides
    if depart_s is not None:
        took, max_rides = best(day.forwards, max_rides, access, egress, depart_s)
        if took > max_travel_s:
            return None
        arrive_by_s = depart_s + took
    assert arrive_by_s is not None
    took, n_rides = best(day.backwards, max_rides, egress, access, -arrive_by_s)
    return None if took > max_travel_s else Way(arrive_by_s - took, arrive_by_s, n_rides)


def on_foot(leave_s: int, walk_s: int) -> Journey:
    """Return the journey that is a walk all the way."""
    return Journey(leave_s, leave_s + walk_s, (WalkLeg(None, None, None, None, leave_s, leave_s + walk_s),))


def _labels(rides: Rides, max_rides: int, seeds: CSR, start_s: int) -> Labels:
    labels: Labels = blank_labels(rides, max_rides)
    search(rides, labels, seeds[1], seeds[2], start_s, NEVER - 1)
    return labels


def best_way(rides: Rides, max_rides: int, seeds: CSR, reads: CSR, walk_s: int, start_s: int) -> tuple[int, int]:
    """Return how long the best way takes, and the fewest rides of the ways that take so long."""
    labels = _labels(rides, max_rides, seeds, start_s)
    best = (walk_s, 0)
    for k in range(1, max_rides + 1):
        at_s = labels.by_ride_s[reads[1], k]
        took = np.where(at_s < NEVER, at_s.astype(np.int64) + reads[2] - start_s, NEVER)
        best = min(best, (int(took.min(initial=NEVER)), k))
    return best


def _trace(day: DayRides, labels: Labels, access: CSR, egress: CSR, leave_s: int) -> Journey:
    """Walk back through the labels: out of the last vehicle, into it, and so on to the start."""
    names, width = day.timetable.stops["name"].to_numpy(object), labels.by_ride_s.shape[1]
    by_ride = labels.by_ride_s.astype(np.int64)
    arrivals = by_ride[egress[1], width - 1] + egress[2]
    last = int(np.lexsort((egress[2], arrivals))[0])
    stop, arrive_s = int(egress[1][last]), int(arrivals[last])
    at_s = int(by_ride[stop, width - 1])
    legs: list[Leg] = []
    if egress[2][last]:
        legs.append(WalkLeg(stop, None, names[stop], None, at_s, arrive_s))
    k = int(np.argmax(by_ride[stop] == at_s))
    while True:
        leg, on_s = _ride_to(day, labels, stop, at_s, k)
        legs.append(leg)
        stop, k = leg.from_stop, int(np.argmax(labels.ready_s[leg.from_stop] == on_s))
        if k == 0:
            break
        change = _change_to(day, by_ride, stop, on_s, k)
        if change != stop:
            at_s = int(by_ride[change, k])
            legs.append(WalkLeg(change, stop, names[change], names[stop], at_s, max(at_s, on_s)))
            stop = change
        at_s = int(by_ride[stop, k])
    if on_s > leave_s:
        legs.append(WalkLeg(None, stop, None, names[stop], leave_s, on_s))
    return Journey(leave_s, arrive_s, tuple(reversed(legs)))


def _ride_to(day: DayRides, labels: Labels, stop: int, at_s: int, k: int) -> tuple[RideLeg, int]:
    """Return a ride that ends at ``stop`` at ``at_s`` as the ``k``-th, and since when one was at the stop where it starts."""
    rides = day.forwards
    for c in np.flatnonzero((rides.pattern_stop == stop) & rides.may_alight):
        p = int(np.searchsorted(rides.pattern_start, c, side="right")) - 1
        begin, end = int(rides.pattern_start[p]), int(rides.pattern_start[p + 1])
        n, length = int(rides.n_trips[p]), end - begin
        block = slice(int(rides.time_start[p]), int(rides.time_start[p]) + n * length)
        arrival, departure = (a[block].reshape(n, length) for a in (rides.arrival_s, rides.departure_s))
        for trip in np.flatnonzero(arrival[:, c - begin] == at_s):
            ready = labels.ready_s[rides.pattern_stop[begin:c], k - 1]
            can = np.flatnonzero(rides.may_board[begin:c] & (ready <= departure[trip, : c - begin]))
            if len(can):
                i = int(
                    can[::-1][np.argmin(ready[can[::-1]])]
                )  # where one is first: the least walk, and then the shortest ride
                depart_s = int(departure[trip, i]) + day.rules.board_slack_s
                return ride_leg(day, p, int(trip), i, int(c) - begin, depart_s, at_s), int(ready[i])
    raise AssertionError("the labels of a search hold a ride that the timetable lacks")


def ride_leg(day: DayRides, pattern: int, trip: int, on: int, off: int, depart_s: int, arrive_s: int) -> RideLeg:
    """Return the leg from call ``on`` to call ``off`` (counted from 0) of a pattern's ride; its trips may change on the way."""
    timetable, names = day.timetable, day.timetable.stops["name"].to_numpy(object)
    ride = int(day.forwards.n_trips[:pattern].sum()) + trip
    of_run = day.trip[day.run_start[ride] : day.run_start[ride + 1]].astype(np.int64)
    begin, end = timetable.call_start[of_run], timetable.call_start[of_run + 1]
    first = np.concatenate([[0], np.cumsum(end - begin)])  # call of the run at which each trip starts
    one, last = (int(np.searchsorted(first, call, side="right")) - 1 for call in (on, off))
    row_on, row_off = int(begin[one] + on - first[one]), int(begin[last] + off - first[last])
    of_trips = [_named(timetable, int(t)) for t in of_run[one : last + 1]]
    changes_at = [int(timetable.call_stop[begin[n]]) for n in range(one + 1, last + 1)]
    from_stop, to_stop = int(timetable.call_stop[row_on]), int(timetable.call_stop[row_off])
    return RideLeg(
        **of_trips[0],
        from_stop=from_stop,
        to_stop=to_stop,
        from_name=names[from_stop],
        to_name=names[to_stop],
        depart_s=depart_s,
        arrive_s=arrive_s,
        boarding_to_arrange=bool(np.isin(row_on, timetable.boarding_to_arrange)),
        alighting_to_arrange=bool(np.isin(row_off, timetable.alighting_to_arrange)),
        stay_seated=tuple(
            Continuation(**then, at_stop=at, at_name=names[at])
            for then, at in zip(of_trips[1:], changes_at, strict=True)
        ),
    )


def _named(timetable: Timetable, trip: int) -> dict[str, str]:
    row = timetable.trips.iloc[trip]
    route = timetable.routes.iloc[int(row["route_index"])]
    return {
        "line": route["short_name"] or route["long_name"],
        "operator": route["operator"],
        "mode": route["mode"],
        "headsign": row["headsign"],
        "trip_id": row["trip_id"],
    }


def _change_to(day: DayRides, by_ride: np.ndarray, stop: int, on_s: int, k: int) -> int:
    """Return the stop from which one came to ``stop`` to board there at ``on_s`` after ``k`` rides: itself if it may be, or another."""
    start, other, takes_s = day.backwards.walk_start, day.backwards.walk_stop, day.backwards.walk_s
    rows = slice(start[stop], start[stop + 1])
    found = other[rows][by_ride[other[rows], k] + takes_s[rows] == on_s]
    if not len(found):
        raise AssertionError("the labels of a search hold a change that the network lacks")
    return stop if stop in found else int(found[0])
