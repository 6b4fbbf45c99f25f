"""Give a graph more nodes at its spots: copies of edges, and links without length that tell which edge may follow which."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.streets.graph import StreetGraph
from geo.streets.ways import ranges

LINK_MS = 1  # the least that an edge may take


@dataclass(frozen=True)
class Wiring:
    """The graph's edges with the ends they are to have, then copies of some, then links.

    ``tail`` and ``head`` number nodes anew: node ``n`` lies where the graph's node ``spot[n]`` does. Copies and links take no points.
    """

    copied: NDArray[np.int64]  # (copies,) the edge that each is a copy of
    link_name: NDArray[np.int32]  # (links,) into the graph's names
    link_is_access_only: NDArray[np.bool_]  # (links,)
    tail: NDArray[np.int64]  # (edges + copies + links,)
    head: NDArray[np.int64]
    spot: NDArray[np.int64]  # (nodes,)
    arrived_by: NDArray[np.int64]  # (edges,) which of the edges and copies points on it are arrived at by


def rewired(graph: StreetGraph, wiring: Wiring) -> StreetGraph:
    """Return ``graph`` with the ends, copies and links of ``wiring``, sorted anew; nodes that no edge ends at are left out."""
    n_links = len(wiring.link_name)
    base = np.concatenate([np.arange(graph.n_edges), wiring.copied, np.zeros(n_links, np.int64)])
    number = np.arange(len(base))
    is_own, is_link = number < graph.n_edges, number >= len(base) - n_links
    kept, ends = np.unique(np.concatenate([wiring.tail, wiring.head]), return_inverse=True)
    tail, head = ends[: len(base)], ends[len(base) :]
    order = np.lexsort((head, tail))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    twin = np.where(is_own & (graph.twin[base] >= 0), place[graph.twin[base]], -1)
    name = np.concatenate([graph.name_index[base[~is_link]], wiring.link_name])
    is_access_only = np.concatenate([graph.is_access_only[base[~is_link]], wiring.link_is_access_only])
    arrived_by = place.copy()
    arrived_by[: graph.n_edges] = place[wiring.arrived_by]
    wider = replace(
        graph,
        node_xy=graph.node_xy[wiring.spot[kept]],
        node_osm_id=graph.node_osm_id[wiring.spot[kept]],
        tail=tail[order].astype(np.int32),
        head=head[order].astype(np.int32),
        twin=twin[order].astype(np.int32),
        arrived_by=arrived_by[order].astype(np.int32),
        length_m=np.where(is_link, 0.0, graph.length_m[base])[order],
        travel_ms=np.where(is_link, LINK_MS, graph.travel_ms[base])[order].astype(np.uint32),
        junction_ms=np.where(is_link, 0, graph.junction_ms[base])[order].astype(np.uint32),
        is_snappable=(is_own & graph.is_snappable[base])[order],
        is_access_only=is_access_only[order],
        is_step_free=(is_link | graph.is_step_free[base])[order],
        is_ferry=(~is_link & graph.is_ferry[base])[order],
        name_index=name[order].astype(np.int32),
    )
    return _drawn(graph, wider, base[order], is_link[order], wiring.spot[wiring.tail][order])


def _drawn(
    graph: StreetGraph, wider: StreetGraph, base: NDArray[np.int64], is_link: NDArray[np.bool_], spot: NDArray[np.int64]
) -> StreetGraph:
    """Return ``wider`` with the lines of the edges that its own are made of; a link is its spot, twice."""
    count = np.where(is_link, 2, np.diff(graph.line_start)[base])
    first = np.where(is_link, len(graph.line_xy) + spot, graph.line_start[base])
    points = ranges(first, count, np.where(is_link, 0, 1))
    xy = np.concatenate([graph.line_xy, graph.node_xy])
    return replace(wider, line_start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64), line_xy=xy[points])
