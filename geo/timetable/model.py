"""The timetable as frozen arrays, for all dates (:class:`Timetable`) and for one (:class:`DayTimetable`).

Seconds count from noon minus twelve hours of the service day, as GTFS does, so they hold on the two nights of the clock change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

NO_MODE = "none"  # of stops where nothing calls
FORBIDDEN, TIMED, INDOORS, IF_APART, STEP_FREE = range(5)  # kinds of ``Timetable.changes``
IN_S, OUT_S, IN_STEP_FREE_S, OUT_STEP_FREE_S = range(2, 6)  # columns of ``Timetable.entrance_ways``


@dataclass(frozen=True)
class Timetable:
    """Every trip of every feed, once.

    ``stops``: GeoDataFrame (EPSG:27700) ``stop_id, name, mode, parent_id, wheelchair, geometry``, row number = stop index; ``mode``
    is ``none`` where nothing calls, and a bus stop where coaches call too is ``bus``;
    ids carry their feed's prefix (``bus:2640WIX001``), since feeds reuse each other's.
    ``routes``: ``route_id, short_name, long_name, operator, mode`` (``bus | coach | rail | tram | ferry | other``).
    ``trips``: ``trip_id, route_index, service_index, headsign, wheelchair`` (``yes | no | unknown``), ``repeats`` (how many trips like
    it were folded into this one).
    Calls of trip ``t`` are rows ``call_start[t]:call_start[t + 1]`` of the ``call_*`` arrays, in order.
    ``runs[service, day]`` says whether the service runs on ``first_date + day``.
    ``lines``: GeoDataFrame ``route_index, mode, geometry`` for drawing (shapes, or stop to stop).

    What few feeds say is in lists, empty where none does; stops and trips are given by row, in order:
    ``changes``: from stop, to stop, kind, seconds, each pair at most once for each kind, also of platforms where nothing calls; see
    ``geo/timetable/changes.py``.
    ``block_trip``: block, trip. ``stay_seated``: from trip, to trip, and 1 where one may stay on board, 0 where not
    (``geo/timetable/runs.py``). ``boarding_to_arrange``, ``alighting_to_arrange``: calls where one must ask operator or driver.
    ``entrance_xy`` (entrances, 2): where entrances of stations lie on the street. ``entrance_ways``: entrance, stop, seconds from the
    one to the other and back, and both again without steps, -1 where there is no such way; each pair at most once. A stop named there
    joins the street by these entrances alone (``geo/timetable/entrances.py``).
    """

    stops: gpd.GeoDataFrame
    routes: pd.DataFrame
    trips: pd.DataFrame
    call_start: NDArray[np.int64]  # (trips + 1,)
    call_stop: NDArray[np.int32]
    call_arrival_s: NDArray[np.int32]
    call_departure_s: NDArray[np.int32]
    call_may_board: NDArray[np.bool_]
    call_may_alight: NDArray[np.bool_]
    runs: NDArray[np.bool_]  # (services, days)
    first_date: date
    lines: gpd.GeoDataFrame
    timezone: str = "Europe/London"
    changes: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 4), np.int32))
    block_trip: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 2), np.int32))
    stay_seated: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 3), np.int32))
    boarding_to_arrange: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    alighting_to_arrange: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    entrance_xy: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    entrance_ways: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 6), np.int32))

    @property
    def last_date(self) -> date:
        """The last date covered."""
        return date.fromordinal(self.first_date.toordinal() + self.runs.shape[1] - 1)


@dataclass(frozen=True)
class DayTimetable:
    """All rides one can take on one service day, grouped in patterns: trips with the same calls, none overtaking another.

    Trips of the day before and the day after are there too, their seconds moved to this day's count.
    Pattern ``p`` visits ``pattern_stop[pattern_start[p]:pattern_start[p + 1]]`` (k stops); it has n trips, earliest first,
    whose times are the (n, k) block that starts at ``time_start[p]`` of ``arrival_s`` and ``departure_s``, row by row.
    The i-th of ``p`` is ride ``r = trip_start[p] + i``, a run of one trip or of several during which one may stay on board:
    ``trip[run_start[r]:run_start[r + 1]]`` are its rows of ``Timetable.trips``, and their calls follow one another.
    ``may_board`` and ``may_alight`` run beside ``pattern_stop``.
    """

    service_date: date
    n_stops: int
    pattern_start: NDArray[np.int64]
    pattern_stop: NDArray[np.int32]
    may_board: NDArray[np.bool_]
    may_alight: NDArray[np.bool_]
    trip_start: NDArray[np.int64]
    run_start: NDArray[np.int64]
    trip: NDArray[np.int32]
    time_start: NDArray[np.int64]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]

    @property
    def n_patterns(self) -> int:
        """How many patterns run."""
        return len(self.pattern_start) - 1

    @property
    def n_trips(self) -> int:
        """How many rides there are, the neighbouring days' included; trips that are one run count once."""
        return len(self.run_start) - 1
