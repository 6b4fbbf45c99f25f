"""Tell how placed points join a street graph: by which nodes they leave and arrive, and what lies between two on one edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from access.routing.dijkstra import Ends
from geo.streets.graph import PlacedPoints, StreetGraph
from geo.streets.ways import ranges

SAME_SPOT = 1e-9  # shares of an edge that differ by less are one place


@dataclass(frozen=True)
class OnEdge:
    """Placed points on the lower-numbered edge of their street, in whole milliseconds from and to its nodes.

    ``before + after`` is the time of the edge; what is lost at its head is part of ``after``. ``back_before`` and ``back_after`` are the
    same on the street's other direction ``twin``, -1 where it is one-way. ``access`` is the walk between the door and the street.
    """

    edge: NDArray[np.int64]  # -1: not placed
    twin: NDArray[np.int64]  # -1: one-way
    share: NDArray[np.float64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    back_before: NDArray[np.int64]
    back_after: NDArray[np.int64]
    access: NDArray[np.int64]


def on_edge(
    graph: StreetGraph,
    edge_ms: NDArray[np.int64],
    junction_ms: NDArray[np.int64],
    points: PlacedPoints,
    access_factor: float,
) -> OnEdge:
    """Return how far along their edge the points lie; where a point is, is rounded once, so that before and after always add up."""
    is_placed = points.is_placed
    edge = np.where(is_placed, points.edge, 0).astype(np.int64)
    twin = graph.twin[edge].astype(np.int64)
    is_turned = (twin >= 0) & (twin < edge)
    share = np.where(is_turned, 1.0 - points.offset_share, points.offset_share)
    edge, twin = np.where(is_turned, twin, edge), np.where(is_turned, edge, twin)
    before = np.rint(share * (edge_ms - junction_ms)[edge]).astype(np.int64)
    back_after = np.rint(share * (edge_ms - junction_ms)[twin]).astype(np.int64) + junction_ms[twin]
    return OnEdge(
        edge=np.where(is_placed, edge, -1),
        twin=np.where(is_placed, twin, -1),
        share=share,
        before=before,
        after=edge_ms[edge] - before,
        back_before=np.where(twin >= 0, edge_ms[twin] - back_after, -1),
        back_after=np.where(twin >= 0, back_after, -1),
        access=np.rint(points.access_ms * access_factor).astype(np.int64),
    )


def leaving(graph: StreetGraph, points: OnEdge) -> Ends:
    """Return the nodes by which journeys leave: the edge's head first; then its tail, where the street is open that way."""
    at_tail = np.where((points.twin < 0) & (points.share <= SAME_SPOT), 0, points.back_after)
    tail = np.where(points.twin < 0, graph.tail[points.edge], graph.head[points.twin])
    return _ends(points, (graph.head[points.edge], points.after), (tail, at_tail))


def arriving(graph: StreetGraph, points: OnEdge) -> Ends:
    """Return the nodes by which journeys arrive: the edge's tail first; then its head, where the street is open that way."""
    at_head = np.where((points.twin < 0) & (points.share >= 1 - SAME_SPOT), 0, points.back_before)
    edge, twin = graph.arrived_by[points.edge], graph.arrived_by[points.twin]
    head = np.where(points.twin < 0, graph.head[edge], graph.tail[twin])
    return _ends(points, (graph.tail[edge], points.before), (head, at_head))


def along_one_edge(origins: OnEdge, targets: OnEdge) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return ``(origin, target, ms)`` for every pair on one street that can be joined without leaving it, each pair once."""
    order = np.argsort(targets.edge, kind="stable")
    first = np.searchsorted(targets.edge[order], origins.edge, side="left")
    count = np.searchsorted(targets.edge[order], origins.edge, side="right") - first
    count[origins.edge < 0] = 0
    row, column = np.repeat(np.arange(len(count)), count), order[ranges(first, count)]
    ahead = targets.share[column] - origins.share[row]
    forward = targets.before[column] - origins.before[row]
    back = targets.back_before[column] - origins.back_before[row]
    is_two_way = origins.back_before[row] >= 0
    never = np.iinfo(np.int64).max
    best = np.where(ahead >= -SAME_SPOT, np.maximum(forward, 0), never)
    best = np.minimum(best, np.where(is_two_way & (ahead <= SAME_SPOT), np.maximum(back, 0), never))
    joined = best < never
    row, column = row[joined], column[joined]
    return row, column, best[joined] + origins.access[row] + targets.access[column]


def _ends(points: OnEdge, *sides: tuple[NDArray[np.int32], NDArray[np.int64]]) -> Ends:
    """Join nodes and times, the walk between door and street included; a time below zero means no such end."""
    nodes = [np.where((points.edge >= 0) & (ms >= 0), node, -1) for node, ms in sides]
    times = [ms + points.access for _, ms in sides]
    return Ends(np.column_stack(nodes).astype(np.int32), np.column_stack(times).astype(np.int64))
