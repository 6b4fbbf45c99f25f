"""Travel times between any points, by every mode: on the streets, or by public transport at a time or over a window of times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.network import AreaNetwork
from access.points import Points
from access.query import STREET_MODE_OF, Mode, QueryError
from geo.streets.graph import PlacedPoints

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


When = DepartAt | ArriveBy | Window


@dataclass(frozen=True)
class TravelTimes:
    """``travel_s[statistic, origin, target]``, NaN unreachable; and the points that could not be placed, which have no times at all."""

    origins: Points
    targets: Points
    statistics: tuple[str, ...]  # ("travel_s",), or ("travel_p5_s", …)
    travel_s: NDArray[np.float64]
    unplaced_origins: tuple[str, ...]
    unplaced_targets: tuple[str, ...]

    def as_table(self) -> pd.DataFrame:
        """Return one row per pair: ``from_id, to_id`` and a column per statistic; missing where unreachable or not placed."""
        pairs = pd.MultiIndex.from_product([self.origins.ids, self.targets.ids], names=["from_id", "to_id"]).to_frame(
            index=False
        )
        for name, values in zip(self.statistics, self.travel_s, strict=True):
            pairs[name] = np.round(values.ravel(), 3)
        return pairs


def travel_times(
    network: AreaNetwork, mode: Mode, origins: Points, targets: Points, when: When | None = None, on: date | None = None
) -> TravelTimes:
    """Return travel times from each origin to each target.

    Args:
        network: the area with its rules.
        mode: one of ``MODES``.
        origins: where journeys begin, EPSG:27700.
        targets: where they end.
        when: for ``transit`` only, and needed there.
        on: the service date; the profile's by default.

    Raises:
        QueryError: ``when`` is missing for transit or given for another mode.
        DateOutsideTimetable: the timetable does not cover the date.
    """
    if (mode == "transit") != (when is not None):
        raise QueryError("Public transport needs a time to leave or to arrive by; other modes take none.")
    router = network.routers["walk" if mode == "transit" else STREET_MODE_OF[mode]]
    start, end = router.place(origins.xy), router.place(targets.xy)
    if when is None:
        statistics: tuple[str, ...] = ("travel_s",)
        travel_s = router.matrix_s(start, end)[None] + network.parking_s(mode)
    else:
        travel_s, statistics = _transit_s(network, start, end, when, on or network.area.profile.service_date)
    return TravelTimes(origins, targets, statistics, travel_s, _unplaced(origins, start), _unplaced(targets, end))


def _unplaced(points: Points, placed: PlacedPoints) -> tuple[str, ...]:
    return tuple(points.ids[row] for row in np.flatnonzero(~placed.is_placed))


def _transit_s(
    network: AreaNetwork, start: PlacedPoints, end: PlacedPoints, when: When, on: date
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    day = network.transit.on(on)
    start_links, end_links = network.transit.link(start), network.transit.link(end)
    walk_s = network.routers["walk"].matrix_s(start, end).astype(np.float32)
    limit_s = round(network.rules.max_travel_min * 60)
    if isinstance(when, Window):
        found = day.window(
            start_links, end_links, when.depart_s, when.until_s, when.percentiles, walk_s, max_travel_s=limit_s
        )
        return found.astype(np.float64), tuple(f"travel_p{percentile}_s" for percentile in when.percentiles)
    if isinstance(when, ArriveBy):
        target = np.arange(len(end))
        times = day.latest_departures(
            start_links, end_links, target, np.full(len(end), when.arrive_s, np.int32), walk_s.T, limit_s
        )
        return times.travel_s.T[None].astype(np.float64), ("travel_s",)
    source = np.arange(len(start))
    times = day.earliest_arrivals(
        start_links, end_links, source, np.full(len(start), when.depart_s, np.int32), walk_s, limit_s
    )
    return times.travel_s[None].astype(np.float64), ("travel_s",)
