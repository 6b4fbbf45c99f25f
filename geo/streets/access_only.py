"""Keep through traffic out of streets that are open only to those whose journey begins or ends there.

What can be come to by such streets alone is as they are: nobody drives through it either. Each has two copies: one to come out by, that
nobody enters from other streets, and one to go in by, that nobody leaves. Points on it are left by the first and arrived at by the second.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geo.streets.graph import StreetGraph
from geo.streets.parts import hangs_together
from geo.streets.rewire import Wiring, rewired


def without_through_traffic(graph: StreetGraph) -> StreetGraph:
    """Return ``graph`` such that no way leads from other streets through those of ``is_access_only`` to others again.

    Streets that hang together with the others by ``is_access_only`` ones alone become so too.
    """
    if not graph.is_access_only.any():
        return graph
    is_behind = hangs_together(graph) & ~hangs_together(graph, ~graph.is_access_only)
    graph = replace(graph, is_access_only=_with_ways_in(graph, graph.is_access_only | is_behind))
    inner = np.flatnonzero(graph.is_access_only)
    is_inner, is_outer = _touched(graph, graph.is_access_only), _touched(graph, ~graph.is_access_only)
    nodes = np.flatnonzero(is_inner)
    # Three nodes at every spot of such a street: the graph's own for other streets, one on the way out, one on the way in.
    out = np.full(graph.n_nodes, -1, dtype=np.int64)
    out[nodes] = graph.n_nodes + np.arange(len(nodes))
    into = np.where(out >= 0, out + len(nodes), -1)
    tail, head = graph.tail.astype(np.int64), graph.head.astype(np.int64)
    tail[inner], head[inner] = out[graph.tail[inner]], out[graph.head[inner]]
    rim = nodes[is_outer[nodes]]
    links = np.concatenate(
        [
            np.column_stack([out[rim], rim]),
            np.column_stack([rim, into[rim]]),
            np.column_stack([out[nodes], into[nodes]]),
        ]
    )
    arrived_by = np.arange(graph.n_edges)
    arrived_by[inner] = graph.n_edges + np.arange(len(inner))
    arrived_by = arrived_by[graph.arrived_by]
    wiring = Wiring(
        copied=inner,
        link_name=np.zeros(len(links), dtype=np.int32),
        link_is_access_only=np.zeros(len(links), dtype=bool),
        tail=np.concatenate([tail, into[graph.tail[inner]], links[:, 0]]),
        head=np.concatenate([head, into[graph.head[inner]], links[:, 1]]),
        spot=np.concatenate([np.arange(graph.n_nodes), nodes, nodes]),
        arrived_by=arrived_by,
    )
    return rewired(graph, wiring)


def _with_ways_in(graph: StreetGraph, is_inner: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return ``is_inner`` with the copies by which doors on such edges are arrived at, and the turns into these from such edges.

    Nothing leads on from such a copy (``geo/streets/turns.py``), so that it hangs together with nothing.
    """
    way_in = graph.arrived_by[is_inner & (graph.arrived_by != np.arange(graph.n_edges))]
    found = is_inner.copy()
    found[way_in] = True
    comes_from = np.zeros(graph.n_nodes, dtype=bool)
    comes_from[graph.head[is_inner]] = True
    leads_in = np.zeros(graph.n_nodes, dtype=bool)
    leads_in[graph.tail[way_in]] = True
    return found | (comes_from[graph.tail] & leads_in[graph.head])


def _touched(graph: StreetGraph, edges: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which nodes some of ``edges`` end at."""
    touched = np.zeros(graph.n_nodes, dtype=bool)
    touched[graph.tail[edges]] = True
    touched[graph.head[edges]] = True
    return touched
