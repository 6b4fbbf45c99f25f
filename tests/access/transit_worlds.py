"""Small hand-made timetables for tests of routing: stops are letters, lines are runs of calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from access.routing.rides import TransitRules
from access.routing.streets import Nearby
from access.routing.transit import StopLinks, TransitDay, TransitNetwork, make_day
from geo.streets.graph import PlacedPoints
from geo.timetable.model import Timetable

DAY = date(2026, 6, 9)  # a Tuesday
NO_SLACK = TransitRules(max_walk_s=1200, max_rides=4, board_slack_s=0)


NO_LINES = gpd.GeoDataFrame({"route_index": [], "mode": []}, geometry=[], crs=27700)


@cache
def _stops(
    names: tuple[str, ...], stations: tuple[tuple[str, str], ...], wheelchair: tuple[tuple[str, str], ...]
) -> gpd.GeoDataFrame:
    """Stops a kilometre apart, made once: tests of laws make the same ones hundreds of times."""
    parents, said = dict(stations), dict(wheelchair)
    table = {
        "stop_id": names,
        "name": names,
        "mode": "bus",
        "parent_id": [parents.get(s) for s in names],
        "wheelchair": [said.get(s, "unknown") for s in names],
    }
    points = gpd.points_from_xy([1000 * i for i in range(len(names))], [0] * len(names))
    return gpd.GeoDataFrame(table, geometry=points, crs=27700)


def at(clock: str) -> int:
    """``"9:05"`` or ``"9:05:30"`` as seconds."""
    hours, minutes, *seconds = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60 + (seconds[0] if seconds else 0)


@dataclass(frozen=True)
class Street:
    """Stands in for a street router: a straight street of 8 km along which one walks 1 m/s eastwards and 0.5 m/s westwards.

    A slower walker takes ``slowness`` times as long. A ten-thousandth of a second is lost on the way, so that rounding up shows.
    """

    slowness: float = 1.0

    @property
    def with_steps(self) -> Street:
        return self

    def place(self, xy: np.ndarray) -> PlacedPoints:
        x = np.asarray(xy, float).reshape(-1, 2)[:, 0]
        edge = np.where(x < 8000, 0, -1).astype(np.int32)
        return PlacedPoints(
            np.asarray(xy, float).reshape(-1, 2), edge, x / 8000, np.zeros(len(x)), np.zeros(len(x), np.int64)
        )

    def within(self, origins: PlacedPoints, targets: PlacedPoints, limit_ms: int) -> Nearby:
        rows = []
        for i in np.flatnonzero(origins.is_placed):
            for j in np.flatnonzero(targets.is_placed):
                ahead = targets.xy[j, 0] - origins.xy[i, 0]
                ms = round((ahead * 1000 if ahead >= 0 else -ahead * 2000) * self.slowness) + 1
                rows += [(i, j, ms)] if ms <= limit_ms else []
        start = np.searchsorted([i for i, _, _ in rows], np.arange(len(origins) + 1))
        return Nearby(start, np.array([j for _, j, _ in rows], np.int32), np.array([s for _, _, s in rows], np.int64))

    def matrix_s(self, origins: PlacedPoints, targets: PlacedPoints) -> np.ndarray:
        found = self.within(origins, targets, 10**9)
        out = np.full((len(origins), len(targets)), np.nan)
        out[np.repeat(np.arange(len(origins)), np.diff(found.start)), found.target] = found.travel_ms / 1000
        return out


@dataclass(frozen=True)
class Trip:
    """Calls as (stop, arrival, departure); ``no_board`` and ``no_alight`` are positions in the trip."""

    calls: Sequence[tuple[str, int, int]]
    no_board: frozenset[int] = frozenset()
    no_alight: frozenset[int] = frozenset()
    days: tuple[int, ...] = (0,)  # counted from DAY; of the whole timetable -3 … 3
    block: int = -1
    ask_on: frozenset[int] = frozenset()  # positions where boarding is to be arranged
    ask_off: frozenset[int] = frozenset()
    headsign: str = ""
    wheelchair: str = "unknown"


def trip(calls: str, **more: object) -> Trip:
    """Make a trip from ``"A 9:00, B 9:10"`` or, with a stop on the way, ``"A 9:00, B 9:10-9:12, C 9:20"``."""
    found = []
    for call in calls.split(","):
        stop, times = call.split()
        first, _, last = times.partition("-")
        found.append((stop, at(first), at(last or first)))
    return Trip(found, **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class World:
    trips: Sequence[Trip]
    walks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    day: date = DAY
    changes: Sequence[
        tuple[str, str, int, int] | tuple[str, str, int, int, int]
    ] = ()  # as the feed says: from, to, kind, seconds, walked
    seated: Sequence[tuple[int, int, int]] = ()  # trip, trip, 1 may stay on board or 0 may not
    stations: Mapping[str, str] = field(default_factory=dict)  # platform: station
    wheelchair: Mapping[str, str] = field(default_factory=dict)  # by stop
    # entrance, stop, seconds in and out, and both without steps, -1 where there is no way; of these walked
    entrance_ways: Sequence[tuple[str, str, *tuple[int, ...]]] = ()

    @cached_property
    def stops(self) -> list[str]:
        return sorted(
            {s for t in self.trips for s, _, _ in t.calls}
            | {s for pair in self.walks for s in pair}
            | set(self.stations.values())
        )

    @cached_property
    def timetable(self) -> Timetable:
        stops, trips = self.stops, self.trips
        calls = [
            (stops.index(s), a, d, i not in t.no_board, i not in t.no_alight)
            for t in trips
            for i, (s, a, d) in enumerate(t.calls)
        ]
        stop, arrival, departure, board, alight = zip(*calls, strict=True) if calls else ((),) * 5
        runs = np.zeros((len(trips), 7), bool)
        for i, t in enumerate(trips):
            runs[i, [3 + d for d in t.days]] = True
        n = len(trips)
        ends = np.cumsum([0, *(len(t.calls) for t in trips)])
        return Timetable(
            stops=_stops(tuple(stops), tuple(self.stations.items()), tuple(self.wheelchair.items())),
            routes=pd.DataFrame({"route_id": ["r"], "short_name": ["1"], "long_name": [""], "operator": ["O"], "mode": ["bus"]}),
            trips=pd.DataFrame({"trip_id": [f"t{i}" for i in range(n)], "service_index": range(n)}).assign(
                route_index=0, headsign=[t.headsign for t in trips], wheelchair=[t.wheelchair for t in trips], repeats=0
            ),
            call_start=ends.astype(np.int64),
            call_stop=np.array(stop, np.int32),
            call_arrival_s=np.array(arrival, np.int32),
            call_departure_s=np.array(departure, np.int32),
            call_may_board=np.array(board, bool),
            call_may_alight=np.array(alight, bool),
            runs=runs,
            first_date=date.fromordinal(self.day.toordinal() - 3),
            lines=NO_LINES,
            changes=np.array(
                [(stops.index(a), stops.index(b), k, *s, *[0] * (2 - len(s))) for a, b, k, *s in self.changes], np.int32
            ).reshape(-1, 5),
            block_trip=np.array([(t.block, i) for i, t in enumerate(trips) if t.block >= 0], np.int32).reshape(-1, 2),
            stay_seated=np.array(self.seated, np.int32).reshape(-1, 3),
            boarding_to_arrange=np.array([ends[i] + c for i, t in enumerate(trips) for c in sorted(t.ask_on)], np.int32),
            alighting_to_arrange=np.array([ends[i] + c for i, t in enumerate(trips) for c in sorted(t.ask_off)], np.int32),
        )  # fmt: skip

    def on_street(
        self, x_m: Mapping[str, float], rules: TransitRules = NO_SLACK, unused: str = "", street: Street = Street()
    ) -> TransitNetwork:
        """The network on ``street``, stops and entrances at ``x_m``; nothing calls at the stops of ``unused``."""
        timetable, entrances = self.timetable, sorted({row[0] for row in self.entrance_ways})
        points = gpd.points_from_xy([x_m[s] for s in self.stops], [0] * len(self.stops), crs=27700)
        modes = ["none" if s in unused else "bus" for s in self.stops]
        rows = [
            (entrances.index(e), self.stops.index(s), *seconds, *[0] * (8 - len(seconds)))
            for e, s, *seconds in self.entrance_ways
        ]
        timetable = replace(
            timetable,
            stops=timetable.stops.set_geometry(points).assign(mode=modes),
            entrance_xy=np.array([(x_m[e], 0.0) for e in entrances]).reshape(-1, 2),
            entrance_ways=np.array(rows, np.int32).reshape(-1, 10),
        )
        return TransitNetwork(timetable, street, rules)  # type: ignore[arg-type]

    @cached_property
    def _days(self) -> dict[TransitRules, TransitDay]:
        return {}

    def on_day(self, rules: TransitRules = NO_SLACK) -> TransitDay:
        if rules not in self._days:
            walks = [(self.stops.index(a), self.stops.index(b), s) for (a, b), s in self.walks.items()]
            self._days[rules] = make_day(self.timetable, self.day, rows_of(len(self.stops), walks), rules)
        return self._days[rules]

    def link(self, *points: Mapping[str, int]) -> StopLinks:
        """Points from which, and to which, it takes so long to walk: ``link({"A": 60}, {"B": 0})``."""
        rows = rows_of(
            len(points), [(i, self.stops.index(s), seconds) for i, p in enumerate(points) for s, seconds in p.items()]
        )
        return StopLinks.of(rows, rows)

    def arrive(self, start: str, end: str, depart: str, rules: TransitRules = NO_SLACK) -> int | None:
        """Seconds of the day at which one is at ``end``, leaving ``start`` (both at the stop) at ``depart``."""
        found = self.on_day(rules).earliest_arrivals(
            self.link({start: 0}), self.link({end: 0}), [0], [at(depart)], [[np.nan]]
        )
        took = found.travel_s[0, 0]
        return None if np.isnan(took) else at(depart) + int(took)

    def leave(self, start: str, end: str, arrive_by: str, rules: TransitRules = NO_SLACK) -> int | None:
        """Seconds of the day at which one must leave ``start`` to be at ``end`` by ``arrive_by``."""
        found = self.on_day(rules).latest_departures(
            self.link({start: 0}), self.link({end: 0}), [0], [at(arrive_by)], [[np.nan]]
        )
        took = found.travel_s[0, 0]
        return None if np.isnan(took) else at(arrive_by) - int(took)


def rows_of(n: int, triples: Iterable[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compressed rows (start, column, seconds) of triples."""
    ordered = sorted(triples)
    start = np.searchsorted([row for row, _, _ in ordered], np.arange(n + 1))
    return start, np.array([c for _, c, _ in ordered], int), np.array([s for _, _, s in ordered], int)
