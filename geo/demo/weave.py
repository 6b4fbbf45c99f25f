"""Ways become a street network: every crossing at one level becomes a junction, and loose parts are tied in."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import Polygon

from geo.demo.land import Xy

JOIN_M = 9.0  # a crossing this near to a corner goes through the corner


@dataclass(frozen=True)
class Way:
    """A way as OpenStreetMap has it: its points (EPSG:27700 metres, to 0.1 m), its tags, and the level it lies on.

    Ways of different levels cross without meeting (a footbridge over a bypass); they meet where they share a point.
    """

    points: tuple[Xy, ...]
    tags: Mapping[str, str]
    level: int = 0
    quarter: str = ""  # of which the street is part, if any


@dataclass(frozen=True)
class Network:
    """The woven ways, and the graph of points that a car or a walker can use (edges carry ``way`` and ``length_m``)."""

    ways: tuple[Way, ...]
    graph: nx.Graph = field(repr=False)


def weave(ways: Sequence[Way], land: Polygon) -> Network:
    """Return the network of ``ways``: crossings joined, and each part that hangs loose tied to the rest or left out."""
    joined = _join_crossings(ways)
    graph = graph_of(joined)
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    kept = [way for way in joined if way.points[0] in parts[0]]
    by_part = defaultdict(list)
    number = {point: n for n, part in enumerate(parts) for point in part}
    for way in joined:
        by_part[number[way.points[0]]].append(way)
    inside = land.buffer(-5)
    for n in range(1, len(parts)):
        tie = _tie(kept, by_part[n], inside)
        if tie is not None:
            kept += [*by_part[n], tie]
    kept = _join_crossings(kept)
    return Network(tuple(kept), graph_of(kept))


def graph_of(ways: Sequence[Way]) -> nx.Graph:
    """Return the graph whose nodes are the points of ``ways``."""
    graph = nx.Graph()
    for way in ways:
        for a, b in zip(way.points, way.points[1:], strict=False):
            if a != b:
                graph.add_edge(a, b, way=way, length_m=math.dist(a, b))
    return graph


def _join_crossings(ways: Sequence[Way]) -> list[Way]:
    """Give two ways of one level a common point wherever they cross."""
    owner, position, lines = [], [], []
    for w, way in enumerate(ways):
        for s, pair in enumerate(zip(way.points, way.points[1:], strict=False)):
            owner.append(w)
            position.append(s)
            lines.append(pair)
    segments = shapely.linestrings(np.array(lines))
    first, second = shapely.STRtree(segments).query(segments, predicate="intersects")
    extra: dict[tuple[int, int], set[Xy]] = defaultdict(set)
    for i, j in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        a, b = ways[owner[i]], ways[owner[j]]
        if i >= j or owner[i] == owner[j] or a.level != b.level or set(lines[i]) & set(lines[j]):
            continue
        meeting = shapely.intersection(segments[i], segments[j])
        if meeting.geom_type != "Point":
            continue
        point = _nearest_corner((round(meeting.x, 1), round(meeting.y, 1)), (*lines[i], *lines[j]))
        for k in (i, j):
            if point not in lines[k]:
                extra[owner[k], position[k]].add(point)
    return [_with_points(way, w, extra) for w, way in enumerate(ways)]


def _nearest_corner(point: Xy, corners: Sequence[Xy]) -> Xy:
    near = min(corners, key=lambda corner: (math.dist(point, corner), corner))
    return near if math.dist(point, near) <= JOIN_M else point


def _with_points(way: Way, w: int, extra: Mapping[tuple[int, int], set[Xy]]) -> Way:
    points: list[Xy] = []
    for s, a in enumerate(way.points):
        points.append(a)
        points += sorted(extra.get((w, s), ()), key=lambda p, a=a: (math.dist(a, p), p))
    cleaned = [p for n, p in enumerate(points) if n == 0 or p != points[n - 1]]
    return Way(tuple(cleaned), way.tags, way.level, way.quarter)


def _tie(kept: Sequence[Way], loose: Sequence[Way], inside: Polygon) -> Way | None:
    """Return a short street from the loose part to the rest, or None where there is none within 600 m."""
    targets = sorted({point for way in kept if way.level == 0 and "highway" in way.tags for point in way.points})
    sources = sorted({point for way in loose if way.level == 0 for point in way.points})
    if not sources:
        return None
    distances, index = cKDTree(targets).query(sources)
    for n in np.argsort(distances, kind="stable")[:20]:
        a, b = sources[n], targets[index[n]]
        if distances[n] <= 600 and a != b and inside.contains(shapely.LineString([a, b])):
            tags = {"highway": "residential", "maxspeed": "20 mph"} if loose[0].quarter else {"highway": "unclassified"}
            return Way((a, b), tags, 0, loose[0].quarter)
    return None
