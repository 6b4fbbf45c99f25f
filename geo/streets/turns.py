"""Keep forbidden turns out of a graph: where one is forbidden, every street gets an end of its own, and every allowed turn an edge.

Only such junctions, and for cars those next to them, are taken apart, so that the graph stays small. Cars do not turn round at any of
these while another street leads on: else a forbidden turn would be made by turning round a few metres farther.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.streets.bans import Bans
from geo.streets.graph import StreetGraph
from geo.streets.rewire import Wiring, rewired
from geo.streets.ways import ranges


@dataclass(frozen=True)
class _Edges:
    """The graph's edges, and after them the copies: a copy is ``base`` as it is travelled after ``before`` (-1: after any edge)."""

    base: NDArray[np.int64]
    before: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]


def without(graph: StreetGraph, bans: Bans) -> StreetGraph:
    """Return ``graph`` without the forbidden turns; itself where nothing is forbidden.

    An edge that a ban leads along has a copy for those who must not turn at its end, and takes no points: which of the two would they
    be on?
    """
    if not bans:
        return graph
    entered = sorted({(before, via) for before, via, _ in bans.triples})
    base = np.concatenate([np.arange(graph.n_edges), [via for _, via in entered]]).astype(np.int64)
    before = np.concatenate([np.full(graph.n_edges, -1), [before for before, _ in entered]]).astype(np.int64)
    edges = _Edges(base, before, graph.tail[base].astype(np.int64), graph.head[base].astype(np.int64))
    is_apart = _taken_apart(graph, bans)
    coming, leaving = _turns(graph, edges, is_apart)
    allowed = _is_allowed(graph, edges, bans, coming, leaving)
    return _with_turns(graph, edges, is_apart, coming[allowed], leaving[allowed])


def _taken_apart(graph: StreetGraph, bans: Bans) -> NDArray[np.bool_]:
    """Say which junctions are taken apart: those with forbidden turns; for cars, also the next, where one could turn round."""
    at = [before for before, _ in bans.pairs] + [edge for before, via, _ in bans.triples for edge in (before, via)]
    is_apart = np.zeros(graph.n_nodes, dtype=bool)
    is_apart[graph.head[at]] = True
    if graph.mode == "drive":
        n_leaving = np.bincount(graph.tail, minlength=graph.n_nodes)
        back = is_apart[graph.tail] & (graph.twin >= 0) & (n_leaving[graph.head] > 1)
        is_apart[graph.head[back]] = True
    return is_apart


def _turns(
    graph: StreetGraph, edges: _Edges, is_apart: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return every turn at the junctions taken apart, as numbers of ``edges``: from which, to which."""
    ins, outs = np.flatnonzero(is_apart[edges.head]), np.flatnonzero(is_apart[edges.tail])
    outs = outs[np.argsort(edges.tail[outs], kind="stable")]
    first = np.searchsorted(edges.tail[outs], edges.head[ins], side="left")
    count = np.searchsorted(edges.tail[outs], edges.head[ins], side="right") - first
    return np.repeat(ins, count), outs[ranges(first, count)]


def _is_allowed(
    graph: StreetGraph, edges: _Edges, bans: Bans, coming: NDArray[np.int64], leaving: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Say which turns may be made."""
    one, other = edges.base[coming], edges.base[leaving]
    banned = np.array([one * graph.n_edges + other for one, other in sorted(bans.pairs)], dtype=np.int64)
    allowed = ~np.isin(one * graph.n_edges + other, banned)
    # A copy is entered from the edge that it is for, and by that edge only.
    is_copy = edges.before[leaving] >= 0
    entered = {(before, via) for before, via, _ in bans.triples}
    has_copy = np.array([pair in entered for pair in zip(one.tolist(), other.tolist(), strict=True)], dtype=bool)
    allowed &= np.where(is_copy, edges.before[leaving] == one, ~has_copy)
    last = edges.before[coming]
    for turn in np.flatnonzero(last >= 0):
        allowed[turn] &= (int(last[turn]), int(one[turn]), int(other[turn])) not in bans.triples
    if graph.mode == "drive":
        n_leaving = np.bincount(graph.tail, minlength=graph.n_nodes)
        allowed &= (graph.twin[one] != other) | (n_leaving[graph.head[one]] == 1)
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
    vias = edges.base[graph.n_edges :]
    takes_points = graph.is_snappable.copy()
    takes_points[vias] = False
    takes_points[graph.twin[vias][graph.twin[vias] >= 0]] = False
    wiring = Wiring(
        copied=vias,
        link_name=graph.name_index[edges.base[leaving]],
        link_is_access_only=graph.is_access_only[edges.base[coming]] & graph.is_access_only[edges.base[leaving]],
        tail=np.concatenate([tail, head[coming]]),
        head=np.concatenate([head, tail[leaving]]),
        spot=np.concatenate([np.arange(graph.n_nodes), edges.head[ins], edges.tail[outs]]),
        arrived_by=np.arange(graph.n_edges),
    )
    return rewired(replace(graph, is_snappable=takes_points), wiring)
