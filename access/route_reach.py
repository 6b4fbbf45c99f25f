"""Bound what a route can change: whom each of its trips can bring where, at the earliest and at the latest.

A way that uses the route uses one of its trips first. Whoever leaves origin ``o`` for venue ``v`` and boards trip ``r`` first leaves no
later than ``L(o, r)``, the latest departure that still catches ``r`` where one may board, and is at ``v`` no earlier than ``E(r, v)``, the
earliest arrival of someone who alights from ``r`` wherever one may. Both are searched on the timetable with the route and with all rides
allowed, which can only widen them. So a search to be at ``v`` by ``T`` can change at ``o`` only where a trip has ``E(r, v) ≤ T`` and
``T - L(o, r)`` is no more than the time there is and the limit. An equal time counts, for it may need fewer rides. Back home likewise.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from access.network import AreaNetwork
from access.routing.rides import Int32s, Rides
from access.routing.transit import CSR, NO_LIMIT_S, StopLinks, TransitDay
from access.sessions import Clock

FAR_S = float(NO_LIMIT_S) * 2


@dataclass(frozen=True)
class RouteReach:
    """The bounds of one day. ``alone`` holds the rides of the route, ``day`` all rides, these among them."""

    network: AreaNetwork
    day: TransitDay
    alone: TransitDay
    clock: Clock

    @property
    def _limit_s(self) -> int:
        return round(self.network.rules.max_travel_min * 60)

    def may_change(
        self, venue: NDArray[np.intp], time_s: NDArray[np.int64], travel_s: NDArray[np.float32], rows: NDArray[np.intp]
    ) -> NDArray[np.bool_]:
        """Say which searches the route may change: search ``i`` is ``(venue[i], time_s[i])`` and now takes ``travel_s[rows[i]]``."""
        found = np.zeros(len(venue), np.bool_)
        if self.clock == "start_s":  # turned round, so that one comparison does for both ways
            time_s = -time_s
            at_venue, at_origin = (
                -self._arrivals(self.network.venue_links),
                -self._departures(self.network.origin_links),
            )
        else:
            at_venue, at_origin = self._departures(self.network.venue_links), self._arrivals(self.network.origin_links)
        soonest: dict[bytes, NDArray[np.float64]] = {}
        for i in range(len(venue)):
            catches = at_venue[:, venue[i]] >= time_s[i]
            if not catches.any():
                continue
            key = catches.tobytes()
            if key not in soonest:
                soonest[key] = at_origin[catches].min(axis=0)
            took_s = soonest[key] - time_s[i]
            found[i] = bool(((took_s <= self._limit_s) & ~(took_s > travel_s[rows[i]])).any())
        return found

    def _departures(self, links: StopLinks) -> NDArray[np.float64]:
        """Return when one must leave each point to catch each trip (trips, points) at the latest; far in the past: never."""
        return -self._reached(self.alone.backwards, self.day.backwards, links.to_stop, is_reverse=True)

    def _arrivals(self, links: StopLinks) -> NDArray[np.float64]:
        """Return when one who was on each trip is at each point (trips, points) at the earliest; far in the future: never."""
        return self._reached(self.alone.forwards, self.day.forwards, links.from_stop, is_reverse=False)

    def _reached(self, alone: Rides, rides: Rides, reads: CSR, *, is_reverse: bool) -> NDArray[np.float64]:
        """Search from where each trip lets one off (of the timetable turned round: on), and read out at the points."""
        seeds = [self._seeds(rides, *call) for call in self._calls(alone, is_reverse=is_reverse)]
        best = self._on_foot(seeds, reads, len(rides.stop_start) - 1)
        first_s = np.array([at_s.min(initial=np.iinfo(np.int32).max) for _, at_s in seeds])
        links = self._links([(stop, at_s - first) for (stop, at_s), first in zip(seeds, first_s, strict=True)])
        within_s = self._limit_s + max((int(np.ptp(at_s)) for _, at_s in seeds if len(at_s)), default=0)
        one_each, points = np.arange(len(seeds)), StopLinks(reads, reads)
        no_walk = np.full(best.shape, np.nan, np.float32)
        if is_reverse:
            found = self.day.latest_departures(points, links, one_each, -first_s, no_walk, within_s)
        else:
            found = self.day.earliest_arrivals(links, points, one_each, first_s, no_walk, within_s)
        return np.fmin(best, first_s[:, None] + found.travel_s.astype(np.float64))

    @staticmethod
    def _on_foot(
        seeds: list[tuple[NDArray[np.int64], NDArray[np.int64]]], reads: CSR, n_stops: int
    ) -> NDArray[np.float64]:
        """Return when the points (trips, points) are reached on foot from where each trip lets one off."""
        n_points = len(reads[0]) - 1
        best = np.full((len(seeds), n_points), FAR_S)
        point = np.repeat(np.arange(n_points), np.diff(reads[0]))
        for row, (stop, at_s) in enumerate(seeds):
            at_stop = np.full(n_stops, FAR_S)
            np.minimum.at(at_stop, stop, at_s)
            near = np.flatnonzero(at_stop[reads[1]] < FAR_S)
            np.minimum.at(best[row], point[near], at_stop[reads[1][near]] + reads[2][near])
        return best

    @staticmethod
    def _calls(alone: Rides, *, is_reverse: bool) -> list[tuple[Int32s, Int32s]]:
        """Return for each trip, in the order of the timetable that is not turned round, where one may get off, and when.

        The first call, where nobody can be aboard yet, is left out.
        """
        found = []
        for p, (begin, end) in enumerate(pairwise(alone.pattern_start.tolist())):
            may = np.flatnonzero(alone.may_alight[begin:end])
            may = may[may > 0]
            trips = range(int(alone.n_trips[p]))
            for trip in reversed(trips) if is_reverse else trips:
                block = int(alone.time_start[p]) + trip * (end - begin)
                found.append((alone.pattern_stop[begin:end][may], alone.arrival_s[block + may]))
        return found

    @staticmethod
    def _seeds(rides: Rides, stop: Int32s, at_s: Int32s) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where and when one can be after getting off: at the stop, or after one change on foot."""
        count = np.diff(rides.walk_start)[stop]
        first = np.cumsum(count) - count
        walks = np.arange(count.sum()) + np.repeat(rides.walk_start[stop] - first, count)
        stops = np.concatenate([stop, rides.walk_stop[walks]]).astype(np.int64)
        return stops, np.concatenate([at_s, np.repeat(at_s, count) + rides.walk_s[walks]]).astype(np.int64)

    @staticmethod
    def _links(seeds: list[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> StopLinks:
        start = np.concatenate([[0], np.cumsum([len(stop) for stop, _ in seeds])])
        rows = (start, np.concatenate([stop for stop, _ in seeds]), np.concatenate([seconds for _, seconds in seeds]))
        return StopLinks.of(rows, rows)
