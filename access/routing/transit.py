"""Public transport: the network of an area's stops and streets, and its travel times on one day.

The rules of a journey are written in ``access/routing/raptor.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from access.routing.batches import search_many
from access.routing.changes import changes_between, guessed_pairs, is_among, possible_changes
from access.routing.doors import Doors
from access.routing.journey import Journey, find_journey
from access.routing.least_walking import best_walking_little, find_walking_little, search_many_walking_little
from access.routing.parted import part_stops
from access.routing.profile import Departure, useful_departures
from access.routing.raptor import CSR, NEVER, Int32s, Rides
from access.routing.rides import DayRides, TransitRules, Wheelchair, prepare, turned
from access.routing.streets import StreetRouter
from access.routing.window import window_percentiles
from geo.streets.graph import PlacedPoints
from geo.timetable.day import Usable, on_date
from geo.timetable.model import NO_MODE, Timetable

NO_LIMIT_S = 4 * 86_400
DAYS_KEPT = 16


@dataclass(frozen=True)
class StopLinks:
    """Walks between points and stops, in whole seconds: row ``i`` of ``to_stop`` starts at point i, of ``from_stop`` ends there.

    Rows are compressed: ``start`` (points + 1), ``stop`` (row of ``Timetable.stops``), ``seconds``. A point whose row is empty has no
    stop within the limit, or is not placed.
    """

    to_stop: CSR
    from_stop: CSR

    @classmethod
    def of(cls, to_stop: Sequence[ArrayLike], from_stop: Sequence[ArrayLike]) -> StopLinks:
        """Return links from two (start, stop, seconds)."""
        return cls(_csr(to_stop), _csr(from_stop))

    def __len__(self) -> int:
        return len(self.to_stop[0]) - 1

    def row(self, point: int) -> StopLinks:
        """Return the links of one point alone."""
        parts = []
        for start, stop, seconds in (self.to_stop, self.from_stop):
            part = slice(start[point], start[point + 1])
            parts.append(_csr((np.array([0, part.stop - part.start]), stop[part], seconds[part])))
        return StopLinks(*parts)


@dataclass(frozen=True)
class TransitTimes:
    """Travel times of searches (rows) at points (columns): seconds, NaN where unreachable; rides 0 on foot, -1 where unreachable."""

    travel_s: NDArray[np.float32]
    rides: NDArray[np.int8]


class TransitNetwork:
    """A timetable on an area's streets: stops placed once, and the walks between them found once.

    Stops outside the streets are not placed: vehicles pass through them and one may change there, but nobody walks to or from them.
    """

    def __init__(self, timetable: Timetable, walk: StreetRouter, rules: TransitRules) -> None:
        self.timetable, self.rules, self._slowness = timetable, rules, walk.slowness
        called = np.flatnonzero((timetable.stops["mode"] != NO_MODE).to_numpy())
        self._doors = Doors(timetable, called, walk, is_step_free=rules.wheelchair != "any")
        near = self._doors.walks_between(rules.max_walk_s)
        of_trips = timetable.changes_of_trips[:, [0, 1, *range(6, 9)]]
        asked = guessed_pairs(np.concatenate([timetable.changes, of_trips]), near)
        asked = asked[np.isin(asked, called).all(axis=1)]
        far = np.array(self._doors.walks_however_long(asked))
        asked = asked[~is_among(asked, far[:2].T)]
        if (
            len(asked) and walk.with_steps is not walk
        ):  # streets that join two stops by steps alone leave nothing to guess
            by_steps = np.array(Doors(timetable, called, walk.with_steps, is_step_free=False).walks_however_long(asked))
            by_steps[2] = NEVER
            far = np.concatenate([far, by_steps], axis=1)
        row, column, seconds = np.concatenate([near, far], axis=1)
        self.transfers = _csr_of(row, column, seconds, len(timetable.stops))
        self._days: dict[date, TransitDay] = {}

    def for_wheelchairs(self, wheelchair: Wheelchair) -> TransitNetwork:
        """Return the same stops and walks with vehicles and stops under another rule of wheelchairs."""
        other = copy(self)
        other.rules, other._days = replace(self.rules, wheelchair=wheelchair), {}
        return other

    def link(self, points: PlacedPoints) -> StopLinks:
        """Return the walks between ``points`` and the stops within the walking limit, both ways."""
        limit_s = self.rules.max_walk_s
        stop, point, seconds = self._doors.walks_out(points, limit_s)
        to_stop = _csr_of(*self._doors.walks_in(points, limit_s), len(points))
        return StopLinks.of(to_stop, _csr_of(point, stop, seconds, len(points)))

    def nearest_stop_s(self, points: PlacedPoints) -> NDArray[np.float64]:
        """Return the seconds on foot from each point to the nearest stop, however far; infinite where there is no way."""
        return self._doors.nearest_s(points)

    def on(self, service_date: date) -> TransitDay:
        """Return the network on one day.

        Raises:
            DateOutsideTimetable: the timetable does not cover the date.
        """
        if service_date not in self._days:
            day = make_day(self.timetable, service_date, self.transfers, self.rules, self._slowness)
            if len(self._days) >= DAYS_KEPT:
                self._days.pop(next(iter(self._days)))
            self._days[service_date] = day
        return self._days[service_date]


def make_day(
    timetable: Timetable, service_date: date, transfers: Sequence[ArrayLike], rules: TransitRules, slowness: float = 1.0
) -> TransitDay:
    """Return a day's network from walks between stops given as compressed rows (start, stop, seconds), one row per stop.

    Those longer than one walks are no changes, but show that no guess is to stand in for them (``access/routing/changes.py``).
    One walks ``slowness`` times as long as at 4.8 km/h: what the timetable counts as walked is longer by that.

    Raises:
        DateOutsideTimetable: the timetable does not cover the date.
    """
    called = (timetable.stops["mode"] != NO_MODE).to_numpy()
    changes, of_trips = (
        rows[called[rows[:, :2]].all(axis=1)]  # no vehicle brings one to the others
        for rows in (timetable.changes, timetable.changes_of_trips)
    )
    parted = part_stops(replace(timetable, changes=changes, changes_of_trips=of_trips))
    n_stops = len(parted.real)
    told = possible_changes(parted.changes, slowness, is_step_free=rules.wheelchair != "any")
    walks = parted.walks(*transfers)
    there = _csr(changes_between(told, walks, parted.own(), n_stops, rules.board_slack_s, rules.max_walk_s))
    back = _csr_of(there[1], np.repeat(np.arange(n_stops), np.diff(there[0])), there[2], n_stops)
    day = on_date(parted.timetable, service_date, _usable(parted.timetable, rules))
    forwards = prepare(day, *there, rules.board_slack_s)
    return TransitDay(
        parted.timetable, service_date, rules, forwards, turned(forwards, *back), day.run_start, day.trip, parted
    )


def _usable(timetable: Timetable, rules: TransitRules) -> Usable | None:
    """Return the trips and stops that the rules allow, None where they allow all."""
    if rules.wheelchair == "any":
        return None
    said = {"possible": ("yes", "unknown"), "known": ("yes",)}[rules.wheelchair]
    return Usable(*(frame["wheelchair"].isin(said).to_numpy() for frame in (timetable.trips, timetable.stops)))


@dataclass(frozen=True)
class TransitDay(DayRides):
    """Travel times by public transport on one service day. All times are seconds of that day (``geo/timetable/clock.py``)."""

    def latest_departures(
        self, origins: StopLinks, venues: StopLinks, venue_index: ArrayLike, arrive_by_s: ArrayLike,
        direct_walk_s: ArrayLike, max_travel_s: int = NO_LIMIT_S, max_walking_s: int | None = None,
    ) -> TransitTimes:  # fmt: skip
        """Return how long before ``arrive_by_s[q]`` one must leave each origin for venue ``venue_index[q]``: (q, origins).

        ``direct_walk_s`` (venues, origins) is the way on foot to the venue, NaN where there is none. With ``max_walking_s`` only ways
        on which one walks no longer than that in all count: exact, one slower search each (``access/routing/least_walking.py``).
        """
        ends = self._seen(venues).from_stop, self._seen(origins).to_stop
        asked = np.asarray(venue_index, np.int32), -np.asarray(arrive_by_s, np.int32), max_travel_s
        return self._found(self.backwards, ends, asked, direct_walk_s, max_walking_s)

    def earliest_arrivals(
        self, venues: StopLinks, origins: StopLinks, venue_index: ArrayLike, depart_s: ArrayLike,
        direct_walk_s: ArrayLike, max_travel_s: int = NO_LIMIT_S, max_walking_s: int | None = None,
    ) -> TransitTimes:  # fmt: skip
        """Return how long after ``depart_s[q]`` from venue ``venue_index[q]`` one is at each origin: (q, origins).

        ``direct_walk_s`` (venues, origins) is the way on foot from the venue, NaN where there is none; ``max_walking_s`` as above.
        """
        ends = self._seen(venues).to_stop, self._seen(origins).from_stop
        asked = np.asarray(venue_index, np.int32), np.asarray(depart_s, np.int32), max_travel_s
        return self._found(self.forwards, ends, asked, direct_walk_s, max_walking_s)

    def _found(
        self, rides: Rides, ends: tuple[CSR, CSR], asked: tuple[Int32s, Int32s, int], direct_walk_s: ArrayLike, max_walking_s: int | None
    ) -> TransitTimes:  # fmt: skip
        seeds, reads = ends
        walk = self._direct(direct_walk_s, (len(seeds[0]) - 1, len(reads[0]) - 1), max_walking_s)
        given = rides, self.rules.max_rides, seeds, reads, *asked, walk
        if max_walking_s is None:
            return TransitTimes(*search_many(*given))
        return TransitTimes(*search_many_walking_little(*given, max_walking_s, self.parted.real))

    def window(
        self, origins: StopLinks, targets: StopLinks, depart_s: int, until_s: int, percentiles: Sequence[float],
        direct_walk_s: ArrayLike, step_s: int = 60, max_travel_s: int = NO_LIMIT_S,
    ) -> NDArray[np.float32]:  # fmt: skip
        """Return travel seconds (percentiles, origins, targets) over the departures from ``depart_s`` to before ``until_s``.

        Nearest rank; a departure from which the target is unreachable counts as infinitely long, so NaN is "unreachable that often".
        ``direct_walk_s`` is (origins, targets).
        """
        departures = np.arange(depart_s, until_s, step_s, dtype=np.int32)
        if not len(departures) or not all(0 < p <= 100 for p in percentiles):
            raise ValueError("a window needs at least one departure, and percentiles above 0 and up to 100")
        origins, targets = self._seen(origins), self._seen(targets)
        start, stop, seconds = targets.from_stop
        by_stop = _csr_of(stop, np.repeat(np.arange(len(targets)), np.diff(start)), seconds, len(self.parted.real))
        return window_percentiles(
            self.forwards, self.rules.max_rides, origins.to_stop, by_stop, len(targets), departures, percentiles,
            max_travel_s, self._direct(direct_walk_s, (len(origins), len(targets))),
        )  # fmt: skip

    def profile(
        self, origin: StopLinks, target: StopLinks, direct_walk_s: float, depart_s: int, until_s: int, max_travel_s: int = NO_LIMIT_S,
        max_walking_s: int | None = None,
    ) -> tuple[Departure, ...]:  # fmt: skip
        """Return every useful departure from ``origin`` for ``target`` (one point each) in ``[depart_s, until_s)``, earliest first.

        Of use is one that nothing beats: nothing that leaves later is there as early by as few rides, nor is a walk all the way (NaN:
        there is none) as quick. By as many rides, whoever leaves then arrives then at the earliest, and leaves then at the latest.
        With ``max_walking_s`` only ways on which one walks no longer than that in all count.
        """
        walk = self._one_direct(direct_walk_s, max_walking_s)
        ends = self._seen(origin).to_stop, self._seen(target).from_stop
        asked = depart_s, until_s, max_travel_s
        if max_walking_s is None:
            return useful_departures(self, *ends, walk, *asked)
        best = best_walking_little(self, NEVER, until_s - depart_s + max_travel_s, max_walking_s)
        return useful_departures(self, *ends, walk, *asked, best)

    def journey(
        self, origin: StopLinks, target: StopLinks, direct_walk_s: float,
        depart_s: int | None = None, arrive_by_s: int | None = None, max_travel_s: int = NO_LIMIT_S, max_walking_s: int | None = None,
    ) -> Journey | None:  # fmt: skip
        """Return the legs of one way from ``origin`` to ``target`` (one point each), or None where there is none.

        With ``depart_s`` it arrives as early as can be, by the fewest rides that do, and leaves no earlier than it must for that; with
        ``arrive_by_s`` it leaves as late as can be. Times agree to the second with the searches above, and so does what is longer than
        ``max_travel_s``: there is none. NaN: no way on foot. With ``max_walking_s`` only ways on which one walks no longer than that in
        all count (``access/routing/least_walking.py``).
        """
        walk = self._one_direct(direct_walk_s, max_walking_s)
        asked = (self, self._seen(origin).to_stop, self._seen(target).from_stop, walk, max_travel_s)
        if max_walking_s is None:
            return find_journey(*asked, depart_s=depart_s, arrive_by_s=arrive_by_s)
        return find_walking_little(*asked, max_walking_s, depart_s=depart_s, arrive_by_s=arrive_by_s)

    def _seen(self, links: StopLinks) -> StopLinks:
        """Return walks to stops as walks to their copies too."""
        parted = self.parted
        return StopLinks(parted.seen(links.to_stop, parted.boarding), parted.seen(links.from_stop, parted.alighting))

    def walk_all_the_way_s(self, direct_walk_s: float, max_walking_s: int | None = None) -> int | None:
        """Return the whole seconds of a way on foot, None where there is none (NaN) or it is longer than one walks."""
        walk = self._one_direct(direct_walk_s, max_walking_s)
        return walk if walk < NEVER else None

    def _one_direct(self, direct_walk_s: float, max_walking_s: int | None) -> int:
        return int(self._direct([[direct_walk_s]], (1, 1), max_walking_s)[0, 0])

    def _direct(self, direct_walk_s: ArrayLike, shape: tuple[int, int], max_walking_s: int | None = None) -> Int32s:
        """Return ways on foot as whole seconds, NEVER where there is none or it is longer than one walks, at once or in all."""
        given = np.asarray(direct_walk_s, np.float64)
        if given.shape != shape:
            raise ValueError(f"the ways on foot have the shape {given.shape}, not {shape}")
        whole = np.ceil(given)
        most_s = self.rules.max_walk_s if max_walking_s is None else min(self.rules.max_walk_s, max_walking_s)
        return np.where(whole <= most_s, whole, NEVER).astype(np.int32)


def _csr(parts: Sequence[ArrayLike]) -> CSR:
    """Return compressed rows as fresh int32 arrays: one kind of array, so that the search is compiled once."""
    start, stop, seconds = (np.array(part, np.int32) for part in parts)
    return start, stop, seconds


def _csr_of(rows: ArrayLike, columns: ArrayLike, seconds: ArrayLike, n_rows: int) -> CSR:
    """Return compressed rows from triples in any order."""
    rows, columns, seconds = np.asarray(rows), np.asarray(columns), np.asarray(seconds)
    order = np.lexsort((columns, rows))
    start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n_rows))])
    return _csr((start, columns[order], seconds[order]))
