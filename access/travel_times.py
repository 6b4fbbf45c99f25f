"""Travel times between any points, by every mode: on the streets, or by public transport at a time or over a window of times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.demand_responsive import DemandResponsive
from access.network import AreaNetwork
from access.points import Points
from access.query import STREET_MODE_OF, Mode, QueryError
from access.routing.transit import StopLinks, TransitDay
from access.routing.window import nearest_ranks
from access.traffic import factor_at
from geo.opening import Progress
from geo.profile import WEEKDAYS
from geo.streets.graph import PlacedPoints

MINUTE_S = 60
LONGEST_DAY_S = 90_000  # that on which the clocks go back


@dataclass(frozen=True)
class DepartAt:
    """Leave at a time; seconds of the service day."""

    depart_s: int


@dataclass(frozen=True)
class ArriveBy:
    """Be there by a time; travel counts from leaving home to that time, the wait at the end included."""

    arrive_s: int


@dataclass(frozen=True)
class Window:
    """Leave at every minute of ``[depart_s, until_s)`` of the service day; percentiles by nearest rank, no way counting as infinite."""

    depart_s: int
    until_s: int
    percentiles: tuple[int, ...] = (5, 25, 50, 75, 95)

    def __post_init__(self) -> None:
        if not self.depart_s < self.until_s <= self.depart_s + LONGEST_DAY_S:
            raise QueryError("The window must end after it begins, at most a day later.")
        if not self.percentiles or not all(0 < percentile <= 100 for percentile in self.percentiles):
            raise QueryError("Percentiles must be whole numbers from 1 to 100.")

    @property
    def minutes(self) -> NDArray[np.int64]:
        """The seconds of every departure."""
        return np.arange(self.depart_s, self.until_s, MINUTE_S)

    def percentiles_of(self, seconds: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return the percentiles (percentiles, …) of ``seconds`` (minutes, …) in any order; NaN stands last, as infinitely long."""
        return np.sort(seconds, axis=0)[nearest_ranks(self.percentiles, len(seconds)) - 1]


When = DepartAt | ArriveBy | Window


@dataclass(frozen=True)
class TravelTimes:
    """``travel_s[statistic, origin, target]``, NaN unreachable; and the points that could not be placed, which have no times at all.

    ``booked`` (origins, targets) names the demand-responsive service to be booked that does better than the timetable, at some of the
    statistics if there are several; "" where none does. It is None where nothing can be booked.
    """

    origins: Points
    targets: Points
    statistics: tuple[str, ...]  # ("travel_s",), or ("travel_p5_s", …)
    travel_s: NDArray[np.float64]
    unplaced_origins: tuple[str, ...]
    unplaced_targets: tuple[str, ...]
    booked: NDArray[np.object_] | None = None

    def as_table(self) -> pd.DataFrame:
        """Return one row per pair: ``from_id, to_id``, a column per statistic, missing where unreachable or not placed, and
        ``booked_service_id`` where anything can be booked."""
        pairs = pd.MultiIndex.from_product([self.origins.ids, self.targets.ids], names=["from_id", "to_id"]).to_frame(
            index=False
        )
        for name, values in zip(self.statistics, self.travel_s, strict=True):
            pairs[name] = np.round(values.ravel(), 3)
        return pairs if self.booked is None else pairs.assign(booked_service_id=self.booked.ravel())


def travel_times(
    network: AreaNetwork, mode: Mode, origins: Points, targets: Points, when: When | None = None, on: date | None = None,
    progress: Progress | None = None,
) -> TravelTimes:  # fmt: skip
    """Return travel times from each origin to each target; by public transport with the rides that exist and are to be booked.

    Args:
        network: the area with its rules.
        mode: one of ``MODES``.
        origins: where journeys begin, EPSG:27700.
        targets: where they end.
        when: for ``transit``, which needs it; for ``drive`` one time by the clock, at whose hour the drive is made, free flow without one.
        on: the service date, or the day of the drive; the profile's by default.
        progress: told of a window under a limit on walking in all, which is searched minute by minute.

    Raises:
        QueryError: ``when`` is missing for transit, given on foot or by cycle, or a window of drives.
        DateOutsideTimetable: the timetable does not cover the date.
    """
    if (mode == "transit" and when is None) or (mode in ("walk", "cycle") and when is not None):
        raise QueryError("Public transport needs a time to leave or to arrive by; on foot and by cycle there is none.")
    if mode == "drive" and isinstance(when, Window):
        raise QueryError("A drive is asked for at one time, or at none for free flow: not over a window of times.")
    router = network.routers["walk" if mode == "transit" else STREET_MODE_OF[mode]]
    start, end = router.place(origins.xy), router.place(targets.xy)
    unplaced = _unplaced(origins, start), _unplaced(targets, end)
    on = on or network.area.profile.service_date
    if when is None or mode == "drive":
        factor = _traffic_factor(network, when, on) if isinstance(when, DepartAt | ArriveBy) else 1.0
        travel_s = router.slowed(factor).matrix_s(start, end)
        return TravelTimes(origins, targets, ("travel_s",), travel_s[None] + network.parking_s(mode), *unplaced)
    asked = _Asked.of(network, start, end, on)
    travel_s, statistics = asked.seconds(when, progress), _statistics(when)
    if not len(network.area.demand_responsive):
        return TravelTimes(origins, targets, statistics, travel_s, *unplaced)
    travel_s, service = _with_booked(network, asked, (origins.xy, targets.xy), when, travel_s)
    is_known = start.is_placed[:, None] & end.is_placed
    names = np.array([*network.area.demand_responsive["service_id"], ""], object)
    booked = names[np.where(is_known, service, -1)]
    return TravelTimes(origins, targets, statistics, np.where(is_known, travel_s, np.nan), *unplaced, booked)


def _traffic_factor(network: AreaNetwork, when: DepartAt | ArriveBy, on: date) -> float:
    """Return how many times as long as in free flow drives take by the rules, in the hour in which they begin or end."""
    is_leaving = isinstance(when, DepartAt)
    at_s = when.depart_s if isinstance(when, DepartAt) else when.arrive_s
    return factor_at(network.rules.peaks, WEEKDAYS[on.weekday()], at_s, is_return=is_leaving)


def _statistics(when: When) -> tuple[str, ...]:
    return tuple(f"travel_p{p}_s" for p in when.percentiles) if isinstance(when, Window) else ("travel_s",)


def _unplaced(points: Points, placed: PlacedPoints) -> tuple[str, ...]:
    return tuple(points.ids[row] for row in np.flatnonzero(~placed.is_placed))


@dataclass(frozen=True)
class _Asked:
    """Two sets of points on a day, as public transport is asked for."""

    day: TransitDay
    start: StopLinks
    end: StopLinks
    walk_s: NDArray[np.float32]  # (start, end)
    limit_s: int
    max_walking_s: int | None

    @classmethod
    def of(cls, network: AreaNetwork, start: PlacedPoints, end: PlacedPoints, on: date) -> _Asked:
        day, walk_s = network.transit.on(on), network.routers["walk"].matrix_s(start, end).astype(np.float32)
        links = network.transit.link(start), network.transit.link(end)
        return cls(day, *links, walk_s, round(network.rules.max_travel_min * 60), network.max_walking_s)

    def each_minute(self, row: int, minutes: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return seconds (minutes, end) for those who leave a start at each minute; NaN where there is no way."""
        one = self.start.row(row), self.end, np.zeros(len(minutes), int), minutes, self.walk_s[[row]]
        return self.day.earliest_arrivals(*one, self.limit_s, self.max_walking_s).travel_s

    def minute_by_minute(self, when: Window, progress: Progress | None) -> NDArray[np.float64]:
        """Return percentiles (percentiles, start, end) over a window as :meth:`TransitDay.window` does, by a search for each minute."""
        found = np.empty((len(when.percentiles), len(self.start), len(self.end)))
        for row in range(len(self.start)):
            if progress:
                progress("minute by minute", row / len(self.start))
            found[:, row] = when.percentiles_of(self.each_minute(row, when.minutes))
        return found

    def seconds(self, when: When, progress: Progress | None = None) -> NDArray[np.float64]:
        """Return seconds (statistics, start, end)."""
        limits = self.limit_s, self.max_walking_s
        if isinstance(when, Window) and self.max_walking_s is not None:
            return self.minute_by_minute(when, progress)
        if isinstance(when, Window):
            asked = when.depart_s, when.until_s, when.percentiles
            found = self.day.window(self.start, self.end, *asked, self.walk_s, max_travel_s=self.limit_s)
        elif isinstance(when, ArriveBy):
            target, by_s = np.arange(len(self.end)), np.full(len(self.end), when.arrive_s, np.int32)
            back = self.day.latest_departures(self.start, self.end, target, by_s, self.walk_s.T, *limits)
            found = back.travel_s.T[None]
        else:
            source, at_s = np.arange(len(self.start)), np.full(len(self.start), when.depart_s, np.int32)
            found = self.day.earliest_arrivals(self.start, self.end, source, at_s, self.walk_s, *limits).travel_s[None]
        return found.astype(np.float64)


def _with_booked(
    network: AreaNetwork, asked: _Asked, ends_xy: tuple[NDArray[np.float64], NDArray[np.float64]], when: When, travel_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int16]]:  # fmt: skip
    """Return the times with booked rides where these are quicker, and by which service (start, end), -1 by none."""
    start, end = ends_xy
    on = asked.day.service_date
    if isinstance(when, ArriveBy):
        rides = DemandResponsive(network, start, end).out(np.arange(len(end)), on, np.full(len(end), when.arrive_s))
        ride_s, service = rides.travel_s.T, rides.service.T
    else:
        booked = DemandResponsive(network, end, start)
        if isinstance(when, Window) and not booked.is_at_will(on, when.depart_s, when.until_s):
            return _with_booked_by_minute(booked, asked, when, travel_s)
        rides = booked.back(np.arange(len(start)), on, np.full(len(start), when.depart_s))
        ride_s, service = rides.travel_s, rides.service
    # a ride that takes as long at every minute of a window bounds each percentile, as a walk does
    is_quicker = np.isfinite(ride_s) & ~(travel_s <= ride_s)
    return np.where(is_quicker, ride_s, travel_s), np.where(is_quicker.any(axis=0), service, -1).astype(np.int16)


def _with_booked_by_minute(
    booked: DemandResponsive, asked: _Asked, when: Window, travel_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int16]]:
    """Return the percentiles with booked rides of services that open or close in a window: minute by minute, where there is any ride."""
    minutes = when.minutes
    travel_s, service = travel_s.copy(), np.full(travel_s.shape[1:], -1, np.int16)
    for row in range(len(asked.start)):
        rides = booked.back(np.full(len(minutes), row), asked.day.service_date, minutes)
        if not np.isfinite(rides.travel_s).any():
            continue
        each_s = when.percentiles_of(np.fmin(asked.each_minute(row, minutes), rides.travel_s))
        is_quicker = np.isfinite(each_s) & ~(travel_s[:, row] <= each_s)
        quickest = rides.service[
            np.argmin(np.nan_to_num(rides.travel_s, nan=np.inf), axis=0), np.arange(len(asked.end))
        ]
        travel_s[:, row] = np.where(is_quicker, each_s, travel_s[:, row])
        service[row] = np.where(is_quicker.any(axis=0), quickest, -1)
    return travel_s, service
