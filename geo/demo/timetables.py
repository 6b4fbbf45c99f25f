"""Lines become GTFS feeds: buses follow the streets at speeds below a car's and stop on the way; trains keep their own running times."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import networkx as nx
import numpy as np
from scipy.spatial import cKDTree

from geo.demo.gtfs_writer import Feed, Route, Stop, Trip
from geo.demo.land import Xy, metres
from geo.demo.lines import (
    BUS_LINES,
    BUS_STATIONS,
    OPERATORS,
    RAIL_DWELL_S,
    RAIL_KMH,
    RAIL_LINES,
    STATIONS_KM,
    STOPS_KM,
    Line,
    departures,
)
from geo.demo.places import QUARTERS
from geo.demo.weave import Network, Way

BUS_KMH = {"trunk": 58, "primary": 45, "secondary": 42, "tertiary": 33, "unclassified": 29, "residential": 17}
BUS_SHARE_OF_LIMIT = 0.72  # of the speed limit, over a stretch with junctions
DWELL_S = 16
TOWN_SPACING_M, COUNTRY_SPACING_M, EXPRESS_SPACING_M = 300.0, 650.0, 4000.0
KERB_M = 5.0


@dataclass
class _Stops:
    """Stops are put down where the first line needs one, and shared by all later lines: one on each side of the street."""

    feed: Feed
    names: dict[Xy, str]
    at: dict[Xy, int] = field(default_factory=dict)

    def number(self, corner: Xy) -> int:
        return self.at.setdefault(corner, len(self.at) + 1)

    def pole(self, corner: Xy, before: Xy, after: Xy, bay: tuple[str, int] | None) -> str:
        """Return the stop at ``corner`` for a bus that comes from ``before`` and goes to ``after``, on the left of the street."""
        heading = math.atan2(after[1] - before[1], after[0] - before[0])
        if bay is not None:
            return self._bay(corner, *bay)
        side = "A" if -math.pi / 4 <= heading < 3 * math.pi / 4 else "B"
        stop_id = f"9990{self.number(corner):05d}{side}"
        if stop_id not in self.feed.stops:
            left = (corner[0] - math.sin(heading) * KERB_M, corner[1] + math.cos(heading) * KERB_M)
            # Country stops are seldom known to be step-free: 0 is "unknown", not "no".
            wheelchair = 0 if self.number(corner) % 3 == 0 else 1
            self.feed.stops[stop_id] = Stop(stop_id, self.names[corner], left, wheelchair)
        return stop_id

    def _bay(self, corner: Xy, station: str, bay: int) -> str:
        name, _ = STOPS_KM[station]
        parent = f"9990G{station}"
        if parent not in self.feed.stops:
            self.feed.stops[parent] = Stop(parent, name, corner, 1, is_station=True)
        stop_id = f"{parent}{bay}"
        if stop_id not in self.feed.stops:
            self.feed.stops[stop_id] = Stop(
                stop_id, f"{name} (Safle {bay})", (corner[0] + 4.0 * bay, corner[1] + 6.0), 1, parent=parent
            )
        return stop_id


def bus_feed(network: Network, hamlets: dict[Xy, str]) -> Feed:
    """Return the feed of all bus lines."""
    roads = _bus_roads(network)
    corners = sorted(roads.nodes)
    tree = cKDTree(np.array(corners))
    place = {key: corners[int(tree.query(metres(xy))[1])] for key, (_, xy) in STOPS_KM.items()}
    feed = Feed(
        "Cyrraedd demonstration area (fictional): buses",
        {key: f"{name} (dychmygol)" for key, name in OPERATORS.items()},
        3,
    )
    names = _stop_names(network, hamlets) | {place[key]: name for key, (name, _) in STOPS_KM.items()}
    stops = _Stops(feed, names)
    for number, line in enumerate(BUS_LINES):
        ends = [STOPS_KM[key][0].split(",")[0] for key in (line.via[0], line.via[-1])]
        feed.routes.append(Route(line.number, line.operator, line.number, f"{ends[0]} – {ends[1]}"))
        for direction, (via, days) in enumerate(((line.via, line.out), (line.via[::-1], line.back))):
            if days:
                calls, shape = _calls(roads, [place[key] for key in via], via, stops, number, line.is_express)
                feed.shapes[f"{line.number}-{direction}"] = shape
                for trip in _trips(line, direction, ends[1 - direction], calls, days):
                    feed.trips.append(trip)
    return feed


def _trips(
    line: Line, direction: int, headsign: str, calls: Sequence[tuple[str, int]], days: Mapping[str, str]
) -> Iterator[Trip]:
    for service, text in days.items():
        for minute in departures(text):
            trip_id = f"{line.number}-{direction}-{service}-{minute // 60:02d}{minute % 60:02d}"
            # One bus in six on country lines is an old one: unknown, or a step.
            wheelchair = (1, 1, 0, 1, 2, 1)[minute // 5 % 6] if line.operator == "seithenyn" else 1
            times = tuple((stop, minute * 60 + after) for stop, after in calls)
            yield Trip(trip_id, line.number, service, headsign, direction, times, wheelchair)


def _bus_roads(network: Network) -> nx.DiGraph:
    roads = nx.DiGraph()
    for way in network.ways:
        if way.tags.get("highway") not in BUS_KMH or way.level:
            continue
        kmh: float = BUS_KMH[way.tags["highway"]]
        if "maxspeed" in way.tags:
            kmh = min(kmh, int(way.tags["maxspeed"].split()[0]) * 1.609 * BUS_SHARE_OF_LIMIT)
        for a, b in pairwise(way.points):
            length = math.dist(a, b)
            roads.add_edge(a, b, seconds=length / kmh * 3.6, length_m=length, way=way)
            if way.tags.get("oneway") != "yes" and "junction" not in way.tags:
                roads.add_edge(b, a, seconds=length / kmh * 3.6, length_m=length, way=way)
    return roads.subgraph(max(nx.strongly_connected_components(roads), key=len)).copy()


def _calls(
    roads: nx.DiGraph, places: Sequence[Xy], via: Sequence[str], stops: _Stops, line_number: int, is_express: bool
) -> tuple[list[tuple[str, int]], list[Xy]]:
    """Return the stops of one direction with seconds after the start, and the way there."""
    path = [places[0]]
    for a, b in pairwise(places):
        path += nx.shortest_path(roads, a, b, weight="seconds")[1:]
    wanted = set(places)
    calls: list[tuple[str, int]] = []
    ran_s, since_m = 0.0, math.inf
    seen: set[Xy] = set()
    for n, corner in enumerate(path):
        if n:
            edge = roads.edges[path[n - 1], corner]
            ran_s, since_m = ran_s + edge["seconds"], since_m + edge["length_m"]
        is_end = n in (0, len(path) - 1)
        if (
            is_end
            or (corner in wanted and corner not in seen)
            or (corner not in seen and _stops_here(roads, path, n, since_m, stops, is_express))
        ):
            before, after = path[max(0, n - 1)], path[min(n + 1, len(path) - 1)]
            key = next((k for k, xy in zip(via, places, strict=True) if xy == corner), "")
            bay = (key, line_number % BUS_STATIONS[key] + 1) if key in BUS_STATIONS else None
            calls.append((stops.pole(corner, before, after, bay), round(ran_s / 60) * 60))
            ran_s, since_m = ran_s + DWELL_S, 0.0
            seen.add(corner)
    return calls, path


def _stops_here(roads: nx.DiGraph, path: Sequence[Xy], n: int, since_m: float, stops: _Stops, is_express: bool) -> bool:
    """Say whether a bus stops at corner ``n`` of its path: far enough from the last stop, and not just before the end."""
    way: Way = roads.edges[path[n - 1], path[n]]["way"]
    spacing = EXPRESS_SPACING_M if is_express else TOWN_SPACING_M if way.quarter or _is_slow(way) else COUNTRY_SPACING_M
    if math.dist(path[n], path[-1]) < spacing * 0.5 or roads.degree(path[n]) < 3:
        return False
    return since_m >= spacing or (path[n] in stops.at and since_m >= spacing * 0.6)


def _is_slow(way: Way) -> bool:
    return way.tags.get("maxspeed", "60 mph") in ("20 mph", "30 mph")


def _stop_names(network: Network, hamlets: dict[Xy, str]) -> dict[Xy, str]:
    """Return a name for every corner: its settlement and street, or the nearest farm and the road."""
    quarters = [(quarter.name_cy, metres(quarter.xy_km), 1000 * max(quarter.half_km)) for quarter in QUARTERS]
    farms = sorted(hamlets)
    tree = cKDTree(np.array(farms))
    streets: dict[Xy, str] = {}
    for way in network.ways:
        for point in way.points:
            if "name" in way.tags:
                streets.setdefault(point, way.tags["name"])
            else:
                streets.setdefault(point, "")
    points = sorted(streets)
    nearest = np.atleast_1d(tree.query(np.array(points))[1])
    found = {}
    for point, farm in zip(points, nearest, strict=True):
        distance, name = min((math.dist(point, xy) / reach, name) for name, xy, reach in quarters)
        street = streets[point]
        where = name if distance <= 1.7 else hamlets[farms[int(farm)]]
        found[point] = f"{where}, {street}" if street else f"{where}, Y Groesffordd"
    return found


def rail_feed() -> Feed:
    """Return the feed of the trains; each station has a platform for either direction."""
    feed = Feed(
        "Cyrraedd demonstration area (fictional): trains", {"rheilffordd": "Rheilffordd y Gwaelod (dychmygol)"}, 2
    )
    for key, (name, xy) in STATIONS_KM.items():
        parent = f"CG{key}"
        feed.stops[parent] = Stop(parent, name, metres(xy), 1, is_station=True)
        for platform in (1, 2):
            aside = metres((xy[0] + 0.004 * (platform * 2 - 3), xy[1]))
            # The halts have steps only.
            feed.stops[f"{parent}{platform}"] = Stop(
                f"{parent}{platform}",
                f"{name} (Platfform {platform})",
                aside,
                2 if name.startswith("Arhosfa") else 1,
                parent=parent,
            )
    for line in RAIL_LINES:
        ends = [STATIONS_KM[key][0] for key in (line.via[0], line.via[-1])]
        feed.routes.append(
            Route(line.number, line.operator, line.number, f"Llinell {line.number}: {ends[0]} – {ends[1]}")
        )
        for direction, (via, days) in enumerate(((line.via, line.out), (line.via[::-1], line.back))):
            calls = _rail_calls(via, direction)
            feed.shapes[f"{line.number}-{direction}"] = [metres(STATIONS_KM[key][1]) for key in via]
            for trip in _trips(line, direction, ends[1 - direction], calls, days):
                feed.trips.append(trip)
    return feed


def _rail_calls(via: Sequence[str], direction: int) -> list[tuple[str, int]]:
    found, ran_s = [], 0.0
    for n, key in enumerate(via):
        if n:
            ran_s += math.dist(STATIONS_KM[via[n - 1]][1], STATIONS_KM[key][1]) * 1.1 / RAIL_KMH * 3600 + RAIL_DWELL_S
        found.append((f"CG{key}{direction + 1}", round(ran_s / 60) * 60))
    return found
