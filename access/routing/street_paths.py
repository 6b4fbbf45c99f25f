"""Draw the way between two placed points and name its streets."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from access.routing.dijkstra import Star, shortest_path
from access.routing.street_ends import OnEdge, along_one_edge, arriving, leaving
from geo.streets.graph import StreetGraph
from geo.streets.snap import edge_lines


@dataclass(frozen=True)
class StreetPath:
    """A way from door to door: its line (EPSG:27700) and length, and the names of its streets in order, unnamed ones left out."""

    xy: NDArray[np.float64]  # (points, 2)
    length_m: float
    travel_ms: int
    street_names: tuple[str, ...]


@dataclass(frozen=True)
class _Stretch:
    """Part of an edge, from one share of its length to another (backwards where the second is smaller)."""

    edge: int
    from_share: float = 0.0
    to_share: float = 1.0


def find_path(
    graph: StreetGraph, star: Star, start: OnEdge, end: OnEdge, doors: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> StreetPath | None:
    """Return the quickest way from the first point of ``start`` to the first of ``end``; ``doors`` are where they were asked for."""
    leave, arrive = leaving(graph, start), arriving(graph, end)
    found = shortest_path(star, leave, arrive)
    _, _, along = along_one_edge(start, end)
    first, last, from_share, to_share = int(start.edge[0]), int(end.edge[0]), float(start.share[0]), float(end.share[0])
    if len(along) and (found is None or along[0] <= found[0]):
        return _drawn(graph, [_Stretch(first, from_share, to_share)], int(along[0]), doors)
    if found is None:
        return None
    travel_ms, arrive_end, edges = found
    start_node = graph.tail[edges[0]] if edges else arrive.node[0, arrive_end]
    usable = np.flatnonzero(leave.node[0] == start_node)
    leave_end = usable[np.argmin(leave.ms[0, usable])]
    stretches = [
        _Stretch(first, from_share, 1.0 - leave_end),
        *map(_Stretch, edges),
        _Stretch(last, float(arrive_end), to_share),
    ]
    return _drawn(graph, stretches, travel_ms, doors)


def _drawn(
    graph: StreetGraph,
    stretches: list[_Stretch],
    travel_ms: int,
    doors: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> StreetPath:
    """Join the stretches to one line from door to door."""
    edges = np.array([stretch.edge for stretch in stretches])
    lines = edge_lines(graph, edges)
    parts = [
        shapely.get_coordinates(
            substring(line, stretch.from_share, stretch.to_share, normalized=True) if _is_part(stretch) else line
        )
        for line, stretch in zip(lines, stretches, strict=True)
    ]
    xy = np.vstack([doors[0].reshape(1, 2), *parts, doors[1].reshape(1, 2)])
    moves = np.ones(len(xy), dtype=bool)
    moves[1:] = (np.abs(np.diff(xy, axis=0)) > 1e-6).any(axis=1)
    xy = xy[moves]
    named = [graph.names[graph.name_index[s.edge]] for s in stretches if s.from_share != s.to_share]
    names = tuple(name for name, _ in groupby(name for name in named if name))
    return StreetPath(xy, float(np.hypot(*np.diff(xy, axis=0).T).sum()), travel_ms, names)


def _is_part(stretch: _Stretch) -> bool:
    return (stretch.from_share, stretch.to_share) != (0.0, 1.0)
