"""Demand-responsive transport that exists: a ride from door to door within its area, days and hours, to be booked beforehand.

A ride takes the drive plus the service's overhead (wait and detour). It may set down until the service closes and picks up
from when it opens; before and after that one waits at the venue, and the wait counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from access.network import AreaNetwork, points_xy

# seconds of a ride by a service (row), given the seconds of its drive from (to) each origin, for a session (row)
RideSeconds = Callable[[Any, NDArray[np.float32], int], NDArray[np.float32]]


@dataclass(frozen=True)
class BookedRides:
    """The best booked ride of each (session, origin): seconds, NaN where there is none; ``service`` is -1 there."""

    travel_s: NDArray[np.float32]  # (sessions, origins)
    service: NDArray[np.int16]  # (sessions, origins), row of area.demand_responsive


@dataclass(frozen=True)
class DemandResponsive:
    """The services of an area with the origins and venues inside each."""

    network: AreaNetwork

    @cached_property
    def _has_origin(self) -> NDArray[np.bool_]:
        return self._inside(points_xy(self.network.area.origins))

    @cached_property
    def _has_venue(self) -> NDArray[np.bool_]:
        return self._inside(points_xy(self.network.area.venues))

    def _inside(self, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Say for (services, points) which point lies in which area."""
        areas = self.network.area.demand_responsive.geometry
        return np.array([shapely.intersects_xy(area, xy[:, 0], xy[:, 1]) for area in areas]).reshape(
            len(areas), len(xy)
        )

    def out(self, venue: NDArray[np.intp], weekday: Sequence[str], start_s: NDArray[np.int32]) -> BookedRides:
        """Return the rides that bring people by each session's start, in seconds from leaving home to the start."""

        def seconds(service: Any, ride_s: NDArray[np.float32], row: int) -> NDArray[np.float32]:
            set_down_s = min(int(start_s[row]), service.close_s)
            is_open = (set_down_s - ride_s >= service.open_s) & (set_down_s > service.open_s)
            return np.where(is_open, start_s[row] - set_down_s + ride_s, np.nan).astype(np.float32)

        return self._best(self._drive_s(is_return=False), venue, weekday, seconds)

    def back(self, venue: NDArray[np.intp], weekday: Sequence[str], end_s: NDArray[np.int32]) -> BookedRides:
        """Return the rides that bring people home from each session's end, in seconds from the end to the front door."""

        def seconds(service: Any, ride_s: NDArray[np.float32], row: int) -> NDArray[np.float32]:
            pick_up_s = max(int(end_s[row]), service.open_s)
            return np.where(pick_up_s + ride_s <= service.close_s, pick_up_s - end_s[row] + ride_s, np.nan).astype(
                np.float32
            )

        return self._best(self._drive_s(is_return=True), venue, weekday, seconds)

    @cached_property
    def _served(self) -> NDArray[np.intp]:
        """Return the venues that some service serves: no others need a drive."""
        return np.flatnonzero(self._has_venue.any(axis=0)) if len(self._has_venue) else np.empty(0, np.intp)

    @cached_property
    def _drives_s(self) -> dict[bool, NDArray[np.float32]]:
        return {}

    def _drive_s(self, *, is_return: bool) -> NDArray[np.float32]:
        """Return seconds (served venues, origins) of the drive to each served venue, or home from it."""
        if is_return not in self._drives_s:
            router, origins = self.network.routers["drive"], self.network.origins["drive"]
            served = self.network.venues["drive"].take(self._served)
            found = router.matrix_s(served, origins) if is_return else router.matrix_s(origins, served).T
            self._drives_s[is_return] = found.astype(np.float32)
        return self._drives_s[is_return]

    def _best(
        self, drive_s: NDArray[np.float32], venue: NDArray[np.intp], weekday: Sequence[str], seconds: RideSeconds
    ) -> BookedRides:
        services = self.network.area.demand_responsive
        travel_s = np.full((len(venue), len(self.network.area.origins)), np.nan, dtype=np.float32)
        best = np.full(travel_s.shape, -1, dtype=np.int16)
        for index, service in enumerate(services.itertuples(index=False)):
            has_origin, has_venue = self._has_origin[index], self._has_venue[index]
            for row in np.flatnonzero(has_venue[venue]):
                if weekday[int(row)] not in str(service.weekdays).split():
                    continue
                ride_s = drive_s[np.searchsorted(self._served, venue[row])] + np.float32(service.overhead_min * 60)
                candidate = np.where(has_origin, seconds(service, ride_s, int(row)), np.nan)
                is_better = np.isfinite(candidate) & ~(travel_s[row] <= candidate)
                travel_s[row, is_better] = candidate[is_better]
                best[row, is_better] = index
        return BookedRides(travel_s, best)
