"""Demand-responsive transport that exists: a ride from door to door within its area, days and hours, to be booked beforehand.

A ride takes the drive plus the service's overhead (wait and detour). It may set down until the service closes and picks up
from when it opens; before and after that one waits at the place, and the wait counts. What takes longer than the rules allow is no way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from access.query import TravelRules
from access.routing.journey import BookedLeg
from access.routing.streets import StreetRouter
from geo.area import Area
from geo.profile import WEEKDAYS
from geo.streets.graph import StreetMode

# seconds of a ride by a service that opens and closes then, given the seconds of the ride itself, and the time asked for
Waits = Callable[[int, int, NDArray[np.float32], int], NDArray[np.floating]]


class Network(Protocol):
    """What booked rides ask of the network that knows them (:class:`access.network.AreaNetwork`)."""

    @property
    def area(self) -> Area:
        """The area with its services."""

    @property
    def rules(self) -> TravelRules:
        """How people travel."""

    @property
    def is_sure(self) -> bool:
        """Whether only what is said to be accessible counts."""

    @property
    def routers(self) -> Mapping[StreetMode, StreetRouter]:
        """One router per street mode."""

    def service_s(self, on: date, clock_s: ArrayLike) -> NDArray[np.int32]:
        """Return what the clocks show on a date in seconds of its service day."""


@dataclass(frozen=True)
class BookedRides:
    """The best booked ride of each (query, home): seconds, NaN where there is none; ``service`` is -1 there."""

    travel_s: NDArray[np.float32]  # (queries, homes)
    service: NDArray[np.int16]  # (queries, homes), row of area.demand_responsive

    def are_better(self, travel_s: NDArray[np.floating]) -> NDArray[np.bool_]:
        """Say where a booked ride is quicker than what takes ``travel_s``; where both take as long, nobody needs to book."""
        return np.isfinite(self.travel_s) & ~(travel_s <= self.travel_s)


@dataclass(frozen=True)
class DemandResponsive:
    """The services of an area, with the homes and the places inside each: coordinates (points, 2), EPSG:27700.

    A place is where one is to be at a time, or leaves at one; homes are all that can be at the other end. The streets of cars are
    asked only where a service runs.
    """

    network: Network
    homes: NDArray[np.float64]
    places: NDArray[np.float64]

    @cached_property
    def _has_home(self) -> NDArray[np.bool_]:
        return self._inside(self.homes)

    @cached_property
    def _has_place(self) -> NDArray[np.bool_]:
        return self._inside(self.places)

    def _inside(self, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Say for (services, points) which point lies in which area."""
        areas = self.network.area.demand_responsive.geometry
        return np.array([shapely.intersects_xy(area, xy[:, 0], xy[:, 1]) for area in areas]).reshape(
            len(areas), len(xy)
        )

    def out(self, place: NDArray[np.intp], on: date, arrive_s: NDArray[np.integer]) -> BookedRides:
        """Return the rides that bring people to places by a time (of the service day ``on``), in seconds from leaving home to that time."""

        def seconds(open_s: int, close_s: int, ride_s: NDArray[np.float32], at_s: int) -> NDArray[np.floating]:
            set_down_s = min(at_s, close_s)
            return np.where(set_down_s - ride_s >= open_s, at_s - set_down_s + ride_s, np.nan)

        return self._best(seconds, place, on, arrive_s, is_return=False)

    def back(self, place: NDArray[np.intp], on: date, leave_s: NDArray[np.integer]) -> BookedRides:
        """Return the rides that bring people home from places, in seconds from a time (of the service day ``on``) to the front door."""

        def seconds(open_s: int, close_s: int, ride_s: NDArray[np.float32], at_s: int) -> NDArray[np.floating]:
            pick_up_s = max(at_s, open_s)
            return np.where(pick_up_s + ride_s <= close_s, pick_up_s - at_s + ride_s, np.nan)

        return self._best(seconds, place, on, leave_s, is_return=True)

    def leg(self, service: int, on: date, depart_s: int, arrive_s: int) -> BookedLeg:
        """Return a ride by a service between two times of the service day ``on``; whoever waits for it, waits at the place."""
        row, (open_s, close_s) = self.network.area.demand_responsive.iloc[service], self.hours_s(service, on)
        named = {name: str(row[name]) for name in ("service_id", "name_en", "name_cy")}
        notice_h = float(row["notice_h"])
        return BookedLeg(**named, notice_h=notice_h, depart_s=max(depart_s, open_s), arrive_s=min(arrive_s, close_s))

    def between(self, on: date, from_s: int, until_s: int) -> list[tuple[BookedLeg, BookedLeg]]:
        """Return for each service that takes one from the first place to the first home its first and last ride that start in
        ``[from_s, until_s)``; one can leave at any time between."""
        found = []
        for index in self.running(on):
            if self._has_place[index][0] and self._has_home[index][0]:
                overhead_s = self.network.area.demand_responsive["overhead_min"].iloc[index] * 60
                ride_s = float(self._drive_s(is_return=True)[0, 0] + overhead_s)
                open_s, close_s = self.hours_s(index, on)
                first_s, last_s = max(from_s, open_s), min(until_s - 1, math.floor(close_s - ride_s))
                if first_s <= last_s and ride_s <= self._limit_s:
                    first, last = (self.leg(index, on, at_s, at_s + round(ride_s)) for at_s in (first_s, last_s))
                    found.append((first, last))
        return found

    @property
    def _limit_s(self) -> int:
        return round(self.network.rules.max_travel_min * 60)

    def is_at_will(self, on: date, from_s: int, until_s: int) -> bool:
        """Say whether every service that runs takes people up at any time from ``from_s`` to ``until_s``, however long the ride."""
        hours = [self.hours_s(index, on) for index in self.running(on)]
        return all(open_s <= from_s and until_s + self._limit_s <= close_s for open_s, close_s in hours)

    def hours_s(self, service: int, on: date) -> tuple[int, int]:
        """Return when a service opens and closes, in seconds of the service day ``on``."""
        row = self.network.area.demand_responsive.iloc[service]
        open_s, close_s = self.network.service_s(on, [row["open_s"], row["close_s"]]).tolist()
        return open_s, close_s

    def running(self, on: date) -> list[int]:
        """Return the services that run on a date; none where only what is said to be accessible counts, as no table says it of them."""
        weekdays = self.network.area.demand_responsive["weekdays"].str.split()
        return [] if self.network.is_sure else [i for i, days in enumerate(weekdays) if WEEKDAYS[on.weekday()] in days]

    @cached_property
    def _served(self) -> NDArray[np.intp]:
        """Return the places that some service serves: no others need a drive."""
        return np.flatnonzero(self._has_place.any(axis=0)) if len(self._has_place) else np.empty(0, np.intp)

    @cached_property
    def _drives_s(self) -> dict[bool, NDArray[np.float32]]:
        return {}

    def _drive_s(self, *, is_return: bool) -> NDArray[np.float32]:
        """Return seconds (served places, homes) of the drive to each served place, or home from it."""
        if is_return not in self._drives_s:
            router = self.network.routers["drive"]
            served, homes = router.place(self.places[self._served]), router.place(self.homes)
            found = router.matrix_s(served, homes) if is_return else router.matrix_s(homes, served).T
            self._drives_s[is_return] = found.astype(np.float32)
        return self._drives_s[is_return]

    def _best(
        self, waits: Waits, place: NDArray[np.intp], on: date, time_s: NDArray[np.integer], *, is_return: bool
    ) -> BookedRides:
        travel_s = np.full((len(place), len(self.homes)), np.nan, dtype=np.float32)
        best = np.full(travel_s.shape, -1, dtype=np.int16)
        for index in self.running(on):
            overhead_s = np.float32(self.network.area.demand_responsive["overhead_min"].iloc[index] * 60)
            hours_s = self.hours_s(index, on)
            for row in np.flatnonzero(self._has_place[index][place]):
                ride_s = self._drive_s(is_return=is_return)[np.searchsorted(self._served, place[row])] + overhead_s
                candidate = waits(*hours_s, ride_s, int(time_s[row])).astype(np.float32)
                candidate[~self._has_home[index] | (candidate > self._limit_s)] = np.nan
                is_better = np.isfinite(candidate) & ~(travel_s[row] <= candidate)
                travel_s[row, is_better] = candidate[is_better]
                best[row, is_better] = index
        return BookedRides(travel_s, best)
