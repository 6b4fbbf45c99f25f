"""Bound what a route can change: whom each of its trips can bring where, at the earliest and at the latest.

A way that uses the route uses one of its trips first, boarding it on some stretch of its calls. Whoever leaves origin ``o`` for venue
``v`` and boards trip ``r`` first, on stretch ``g``, leaves no later than ``L(o, r, g)``, the latest departure that still catches ``r``
there, and is at ``v`` no earlier than ``E(r, g, v)``, the earliest arrival of someone who alights from ``r`` on that stretch or later.
Both are searched on the timetable with the route and with all rides allowed, which can only widen them. So a search to be at ``v`` by
``T`` can change at ``o`` only where some trip and stretch have ``E(r, g, v) ≤ T`` and ``T - L(o, r, g)`` is no more than the time there
is and the limit. An equal time counts, for it may need fewer rides. Back home likewise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from access.network import AreaNetwork
from access.routing.raptor import CSR, Int32s, Rides
from access.routing.transit import NO_LIMIT_S, StopLinks, TransitDay
from access.sessions import Clock

FAR_S = np.float32(NO_LIMIT_S * 2)  # whole seconds below 2**24 are exact in 32 bits
STRETCHES = 4  # of a trip: more of them bound more tightly, and cost a search each
Seeds = tuple[NDArray[np.int64], NDArray[np.int64]]  # stops, and when one can be there


@dataclass(frozen=True)
class RouteReach:
    """The bounds of one day. ``alone`` holds the rides of the route, ``day`` all rides, these among them.

    Only trips that run between ``from_s`` and ``until_s`` are looked at: the times of all searches, and the longest travel about them.
    """

    network: AreaNetwork
    day: TransitDay
    alone: TransitDay
    from_s: int
    until_s: int

    @property
    def n_searches(self) -> int:
        """How many searches the bounds themselves take."""
        return 2 * sum(len(_stretches(len(stops) - 1)) for stops, _, _ in self._rides())

    @property
    def _limit_s(self) -> int:
        return round(self.network.rules.max_travel_min * 60)

    def may_change(
        self,
        clock: Clock,
        venue: NDArray[np.intp],
        time_s: NDArray[np.int64],
        travel_s: NDArray[np.float32],
        rows: NDArray[np.intp],
    ) -> NDArray[np.bool_]:
        """Say which searches the route may change: search ``i`` is ``(venue[i], time_s[i])`` and now takes ``travel_s[rows[i]]``."""
        n_venues = len(self.network.venue_links)
        if clock == "start_s":  # turned round, so that one comparison does for both ways
            time_s, at_venue, at_origin = -time_s, -self._arrivals[:, :n_venues], self._departures[:, n_venues:]
        else:
            at_venue, at_origin = -self._departures[:, :n_venues], self._arrivals[:, n_venues:]
        found = np.zeros(len(venue), np.bool_)
        if not at_origin.size:
            return found
        first, soonest = at_origin.min(axis=1), {}
        for i in range(len(venue)):
            catches = (at_venue[:, venue[i]] >= time_s[i]) & (first <= time_s[i] + self._limit_s)
            if not catches.any():
                continue
            key = catches.tobytes()
            if key not in soonest:
                soonest[key] = at_origin[catches].min(axis=0)
            took_s = soonest[key] - np.float32(time_s[i])
            found[i] = bool(((took_s <= self._limit_s) & ~(took_s > travel_s[rows[i]])).any())
        return found

    @cached_property
    def _departures(self) -> NDArray[np.float32]:
        """When one must leave each venue and origin to catch each trip on each stretch at the latest, negative: (items, points)."""
        reads = _both(self.network.venue_links.to_stop, self.network.origin_links.to_stop)
        calls = [(stop[g], at_s[g]) for stop, _, at_s in self._rides() for g in _stretches(len(stop) - 1)]
        return self._reached(self.day.backwards, [(stop, -at_s) for stop, at_s in calls], reads, is_reverse=True)

    @cached_property
    def _arrivals(self) -> NDArray[np.float32]:
        """When one who was on each trip from each stretch on is at each venue and origin at the earliest: (items, points)."""
        reads = _both(self.network.venue_links.from_stop, self.network.origin_links.from_stop)
        calls = [
            (stop[g.start + 1 :], at_s[g.start + 1 :])
            for stop, at_s, _ in self._rides()
            for g in _stretches(len(stop) - 1)
        ]
        return self._reached(self.day.forwards, calls, reads, is_reverse=False)

    def _rides(self) -> list[tuple[Int32s, Int32s, Int32s]]:
        """Return the stops of each trip, when it arrives there, and when it leaves, less the slack.

        Whether one may get on and off is not asked: that too can only widen the bounds.
        """
        found, rides = [], self.alone.forwards
        for p, (begin, end) in enumerate(pairwise(rides.pattern_start.tolist())):
            for trip in range(int(rides.n_trips[p])):
                times = int(rides.time_start[p]) + trip * (end - begin)
                block = slice(times, times + end - begin)
                if rides.departure_s[block.start] <= self.until_s and rides.arrival_s[block.stop - 1] >= self.from_s:
                    found.append((rides.pattern_stop[begin:end], rides.arrival_s[block], rides.departure_s[block]))
        return found

    def _reached(
        self, rides: Rides, calls: Sequence[tuple[Int32s, Int32s]], reads: CSR, *, is_reverse: bool
    ) -> NDArray[np.float32]:
        """Search from where each item lets one off (of the timetable turned round: on), and read out at the points."""
        if not calls:
            return np.empty((0, len(reads[0]) - 1), np.float32)
        seeds = [self._seeds(rides, *call) for call in calls]
        best = self._on_foot(seeds, reads, len(rides.stop_start) - 1)
        first_s = np.array([at_s.min() for _, at_s in seeds])
        links = self._links([(stop, at_s - first) for (stop, at_s), first in zip(seeds, first_s, strict=True)])
        within_s = self._limit_s + max(int(np.ptp(at_s)) for _, at_s in seeds)
        one_each, points = np.arange(len(seeds)), StopLinks(reads, reads)
        no_walk = np.full(best.shape, np.nan, np.float32)
        if is_reverse:
            found = self.day.latest_departures(points, links, one_each, -first_s, no_walk, within_s)
        else:
            found = self.day.earliest_arrivals(links, points, one_each, first_s, no_walk, within_s)
        return np.fmin(best, first_s[:, None].astype(np.float32) + found.travel_s)

    @staticmethod
    def _on_foot(seeds: Sequence[Seeds], reads: CSR, n_stops: int) -> NDArray[np.float32]:
        """Return when the points (trips, points) are reached on foot from where each item lets one off."""
        n_points = len(reads[0]) - 1
        best = np.full((len(seeds), n_points), FAR_S, np.float32)
        point = np.repeat(np.arange(n_points), np.diff(reads[0]))
        for row, (stop, at_s) in enumerate(seeds):
            at_stop = np.full(n_stops, FAR_S, np.float32)
            np.minimum.at(at_stop, stop, at_s)
            near = np.flatnonzero(at_stop[reads[1]] < FAR_S)
            np.minimum.at(best[row], point[near], at_stop[reads[1][near]] + reads[2][near])
        return best

    @staticmethod
    def _seeds(rides: Rides, stop: Int32s, at_s: Int32s) -> Seeds:
        """Return where and when one can be after getting off: at the stop, or after one change on foot."""
        count = np.diff(rides.walk_start)[stop]
        first = np.cumsum(count) - count
        walks = np.arange(count.sum()) + np.repeat(rides.walk_start[stop] - first, count)
        stops = np.concatenate([stop, rides.walk_stop[walks]]).astype(np.int64)
        return stops, np.concatenate([at_s, np.repeat(at_s, count) + rides.walk_s[walks]]).astype(np.int64)

    @staticmethod
    def _links(seeds: Sequence[Seeds]) -> StopLinks:
        start = np.concatenate([[0], np.cumsum([len(stop) for stop, _ in seeds])])
        rows = (start, np.concatenate([stop for stop, _ in seeds]), np.concatenate([seconds for _, seconds in seeds]))
        return StopLinks.of(rows, rows)


def _stretches(n: int) -> list[slice]:
    """Return the ``n`` calls where one may board (all but the last) in at most :data:`STRETCHES` stretches."""
    cuts = sorted({int(cut) for cut in np.linspace(0, n, STRETCHES + 1)})
    return [slice(begin, end) for begin, end in pairwise(cuts)]


def _both(venues: CSR, origins: CSR) -> CSR:
    """Return the links of venues and, behind them, of origins."""
    start = np.concatenate([venues[0], origins[0][1:] + venues[0][-1]])
    return start, np.concatenate([venues[1], origins[1]]), np.concatenate([venues[2], origins[2]])
