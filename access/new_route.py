"""A route that does not run yet, put into a copy of the timetable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from access.query import QueryError
from geo.errors import UnknownName
from geo.profile import WEEKDAYS, Weekday
from geo.timetable.model import NO_MODE, Timetable

MOST_CALLS = 100_000
LAST_S = 48 * 3600


@dataclass(frozen=True)
class Run:
    """One direction of a route: it leaves its first stop at each of ``departs_s`` (seconds of the service day), and is at each stop
    ``after_s`` later (the first is 0). ``stop_ids`` are the timetable's."""

    stop_ids: tuple[str, ...]
    after_s: tuple[int, ...]
    departs_s: tuple[int, ...]

    def __post_init__(self) -> None:
        if not 2 <= len(self.stop_ids) == len(self.after_s):
            raise QueryError(
                f"A run has {len(self.stop_ids)} stops and {len(self.after_s)} times: give two or more of both."
            )
        if self.after_s[0] != 0 or any(later < earlier for earlier, later in pairwise(self.after_s)):
            raise QueryError("The times of a run must begin with 0 and never go back.")
        if not self.departs_s or min(self.departs_s) < 0 or max(self.departs_s) + self.after_s[-1] > LAST_S:
            raise QueryError(
                "A run needs at least one departure; all must lie between 0:00 and 48:00, to its last stop."
            )


@dataclass(frozen=True)
class NewRoute:
    """A route with all its runs, on every date of its weekdays that the timetable covers, bank holidays too."""

    route_id: str
    short_name: str
    runs: tuple[Run, ...]
    weekdays: tuple[Weekday, ...] = WEEKDAYS
    long_name: str = ""
    operator: str = ""
    mode: str = "bus"
    wheelchair: str = "unknown"

    def __post_init__(self) -> None:
        if not self.runs or not self.weekdays or set(self.weekdays) - set(WEEKDAYS):
            raise QueryError("A route needs at least one run and one weekday.")
        if sum(len(run.stop_ids) * len(run.departs_s) for run in self.runs) > MOST_CALLS:
            raise QueryError(f"A route of more than {MOST_CALLS:,} calls can't be added.")

    @property
    def trips(self) -> list[tuple[Run, int]]:
        """Every trip: its run and when it leaves the first stop."""
        return [(run, depart_s) for run in self.runs for depart_s in sorted(run.departs_s)]


def with_route(timetable: Timetable, route: NewRoute) -> Timetable:
    """Return a copy of ``timetable`` in which ``route`` runs too; its trips stand behind all others.

    Raises:
        UnknownName: it calls at a stop that the timetable does not have. QueryError: its id is taken.
    """
    if (timetable.routes["route_id"] == route.route_id).any():
        raise QueryError(f"There is a route {route.route_id} already. Give the new one another id.")
    alone = only_route(timetable, route)
    n_calls = len(timetable.call_stop)
    trips = alone.trips.assign(
        route_index=len(timetable.routes),
        service_index=(alone.trips["service_index"] + len(timetable.runs)).astype(np.int32),
    )
    lines = alone.lines.assign(route_index=len(timetable.routes))
    return replace(
        timetable,
        stops=alone.stops,
        routes=pd.concat([timetable.routes, alone.routes], ignore_index=True),
        trips=pd.concat([timetable.trips, trips], ignore_index=True).astype(dict(timetable.trips.dtypes)),
        call_start=np.concatenate([timetable.call_start, alone.call_start[1:] + n_calls]),
        call_stop=np.concatenate([timetable.call_stop, alone.call_stop]),
        call_arrival_s=np.concatenate([timetable.call_arrival_s, alone.call_arrival_s]),
        call_departure_s=np.concatenate([timetable.call_departure_s, alone.call_departure_s]),
        call_may_board=np.concatenate([timetable.call_may_board, alone.call_may_board]),
        call_may_alight=np.concatenate([timetable.call_may_alight, alone.call_may_alight]),
        runs=np.vstack([timetable.runs, alone.runs]),
        lines=pd.concat([timetable.lines, lines], ignore_index=True),
    )


def only_route(timetable: Timetable, route: NewRoute) -> Timetable:
    """Return the same stops and dates with nothing running but ``route``. Stops where nothing called so far take its mode."""
    stop_of = {stop_id: row for row, stop_id in enumerate(timetable.stops["stop_id"])}
    for run in route.runs:
        for stop_id in run.stop_ids:
            if stop_id not in stop_of:
                raise UnknownName("stop", stop_id, list(stop_of))
    calls = [
        (stop_of[stop_id], depart_s + after_s)
        for run, depart_s in route.trips
        for stop_id, after_s in zip(run.stop_ids, run.after_s, strict=True)
    ]
    stop, time_s = np.array(calls, np.int32).T.copy()
    mode = timetable.stops["mode"].to_numpy(object).copy()
    called = np.unique(stop)
    mode[called] = np.where(mode[called] == NO_MODE, route.mode, mode[called])
    names = timetable.stops["name"].to_numpy(object)
    return Timetable(
        stops=timetable.stops.assign(mode=mode),
        routes=pd.DataFrame({name: [getattr(route, name)] for name in timetable.routes.columns}),
        trips=pd.DataFrame(
            {
                "trip_id": [f"{route.route_id}/{n}" for n in range(len(route.trips))],
                "route_index": 0,
                "service_index": 0,
                "headsign": [names[stop_of[run.stop_ids[-1]]] for run, _ in route.trips],
                "wheelchair": route.wheelchair,
                "repeats": 0,
            }
        ),
        call_start=np.concatenate([[0], np.cumsum([len(run.stop_ids) for run, _ in route.trips])]).astype(np.int64),
        call_stop=stop,
        call_arrival_s=time_s,
        call_departure_s=time_s,
        call_may_board=np.ones(len(stop), np.bool_),
        call_may_alight=np.ones(len(stop), np.bool_),
        runs=_dates(timetable, route),
        first_date=timetable.first_date,
        lines=_lines(timetable, route, stop_of),
        timezone=timetable.timezone,
    )


def _dates(timetable: Timetable, route: NewRoute) -> np.ndarray[Any, np.dtype[np.bool_]]:
    weekday = (timetable.first_date.weekday() + np.arange(timetable.runs.shape[1])) % 7
    return np.isin(weekday, [WEEKDAYS.index(day) for day in route.weekdays])[None]


def _lines(timetable: Timetable, route: NewRoute, stop_of: dict[str, int]) -> gpd.GeoDataFrame:
    points = timetable.stops.geometry.to_numpy()
    lines = [
        shapely.linestrings([points[stop_of[stop_id]].coords[0] for stop_id in run.stop_ids]) for run in route.runs
    ]
    return gpd.GeoDataFrame(
        {"route_index": 0, "mode": route.mode}, geometry=lines, crs=timetable.stops.crs, index=range(len(lines))
    )
