"""Keep forbidden turns out of a graph: where one is forbidden, every street gets an end of its own, and every allowed turn an edge.

Only such junctions, and for cars those where one could undo a forbidden turn by turning round, are taken apart, so that the graph stays
small. Cars turn round at none of these while another street leads on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.streets.bans import Bans
from geo.streets.graph import StreetGraph
from geo.streets.rewire import Wiring, rewired
from geo.streets.turning_round import where_turning_round_pays
from geo.streets.ways import ranges


@dataclass(frozen=True)
class _Edges:
    """The graph's edges; after them copies: edges as they are travelled by those who came by ``trail``, the edge the last of it.

    At the end come copies without a trail, by which doors on the copied edges are come to, whoever comes: nothing leads on from these.
    """

    trail: list[tuple[int, ...]]
    base: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]


def without(graph: StreetGraph, bans: Bans) -> StreetGraph:
    """Return ``graph`` without the forbidden turns; itself where nothing is forbidden.

    An edge that a ban leads along has a copy for those who must not turn at its end, or farther on. Points on it are left by the edge
    itself, for who begins there has not come by the way that the ban is about, and arrived at by another copy, a dead end.
    """
    if not bans:
        return graph
    copies = sorted({turn[:n] for turn in bans.turns for n in range(2, len(turn))})
    trail = [*((edge,) for edge in range(graph.n_edges)), *copies]
    vias = sorted({copy[-1] for copy in copies})
    base = np.array([*(edges[-1] for edges in trail), *vias], dtype=np.int64)
    trail += [()] * len(vias)
    edges = _Edges(trail, base, graph.tail[base].astype(np.int64), graph.head[base].astype(np.int64))
    is_apart = np.zeros(graph.n_nodes, dtype=bool)
    is_apart[[graph.head[edge] for turn in bans.turns for edge in turn[:-1]]] = True
    if graph.mode == "drive":
        is_apart |= where_turning_round_pays(graph, bans)
    coming, leaving = _turns(graph, edges, is_apart)
    allowed = _is_allowed(graph, edges, bans, coming, leaving)
    return _with_turns(graph, edges, is_apart, coming[allowed], leaving[allowed])


def _turns(
    graph: StreetGraph, edges: _Edges, is_apart: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every turn at the junctions taken apart, as numbers of ``edges``: from which, to which."""
    leads_on = np.array([bool(trail) for trail in edges.trail])
    ins, outs = np.flatnonzero(is_apart[edges.head] & leads_on), np.flatnonzero(is_apart[edges.tail])
    outs = outs[np.argsort(edges.tail[outs], kind="stable")]
    first = np.searchsorted(edges.tail[outs], edges.head[ins], side="left")
    count = np.searchsorted(edges.tail[outs], edges.head[ins], side="right") - first
    return np.repeat(ins, count), outs[ranges(first, count)]


def _is_allowed(
    graph: StreetGraph, edges: _Edges, bans: Bans, coming: NDArray[np.int64], leaving: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Say which turns may be made: none that ends a forbidden way, and into the copy for the longest part of one that was come by."""
    copies = set(edges.trail[graph.n_edges :])
    allowed = np.ones(len(coming), dtype=bool)
    for turn, (one, other) in enumerate(zip(coming.tolist(), leaving.tolist(), strict=True)):
        came = (*edges.trail[one], int(edges.base[other]))
        ends = [came[first:] for first in range(len(came) - 1)]
        is_banned = any(end in bans.turns for end in ends)
        taken = next((end for end in ends if end in copies), came[-1:])
        allowed[turn] = not is_banned and edges.trail[other] in (taken, ())
    if graph.mode == "drive":
        n_leaving = np.bincount(graph.tail, minlength=graph.n_nodes)
        one = edges.base[coming]
        allowed &= (graph.twin[one] != edges.base[leaving]) | (n_leaving[graph.head[one]] == 1)
    return allowed


def _with_turns(
    graph: StreetGraph,
    edges: _Edges,
    is_apart: NDArray[np.bool_],
    coming: NDArray[np.int64],
    leaving: NDArray[np.int64],
) -> StreetGraph:
    """Return the graph in which ``edges`` have ends of their own at the junctions taken apart, joined by the turns."""
    ins, outs = np.flatnonzero(is_apart[edges.head]), np.flatnonzero(is_apart[edges.tail])
    head, tail = edges.head.copy(), edges.tail.copy()
    head[ins] = graph.n_nodes + np.arange(len(ins))
    tail[outs] = graph.n_nodes + len(ins) + np.arange(len(outs))
    arrived_by = np.arange(graph.n_edges)
    to_doors = np.array([number for number, trail in enumerate(edges.trail) if not trail], dtype=np.int64)
    arrived_by[edges.base[to_doors]] = to_doors
    wiring = Wiring(
        copied=edges.base[graph.n_edges :],
        link_name=graph.name_index[edges.base[leaving]],
        link_is_access_only=graph.is_access_only[edges.base[coming]] & graph.is_access_only[edges.base[leaving]],
        tail=np.concatenate([tail, head[coming]]),
        head=np.concatenate([head, tail[leaving]]),
        spot=np.concatenate([np.arange(graph.n_nodes), edges.head[ins], edges.tail[outs]]),
        arrived_by=arrived_by,
    )
    return rewired(graph, wiring)
