"""Find the turns that restrictions forbid among the edges of one mode's graph, and say why a restriction forbids none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.streets.graph import StreetGraph
from geo.streets.restrictions import Restriction

LONGEST_VIA_M = 100.0  # no point is placed on a way that a restriction leads along, so it must be short

APPLIED = "apply"
NO_JUNCTION = "lie where this mode has no junction"
NO_WAY = "forbid what is impossible anyway"
THROUGH_WAY = "name a way that runs on through the junction"
LONG_VIA = f"lead along a way of over {LONGEST_VIA_M:.0f} m"


@dataclass(frozen=True)
class Bans:
    """Turns that must not be made: pairs of edges, and ``(before, via, after)`` where it depends on the edge before the last."""

    pairs: set[tuple[int, int]] = field(default_factory=set)
    triples: set[tuple[int, int, int]] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.pairs or self.triples)


class _Finder:
    """Looks up edges of a graph by the ways that they begin and end on (OSM ids, (edges,))."""

    def __init__(self, graph: StreetGraph, way_at_tail: NDArray[np.int64], way_at_head: NDArray[np.int64]) -> None:
        self.graph, self.way_at_tail, self.way_at_head = graph, way_at_tail, way_at_head
        self.first = np.searchsorted(graph.tail, np.arange(graph.n_nodes + 1))
        self.by_head = np.argsort(graph.head, kind="stable")
        self.head_first = np.searchsorted(graph.head[self.by_head], np.arange(graph.n_nodes + 1))
        order = np.argsort(graph.node_osm_id, kind="stable")
        self.node_order, self.node_ids = order, graph.node_osm_id[order]

    def nodes(self, osm_id: int) -> NDArray[np.int64]:
        """Return the junctions at an OSM node: several where a barrier parts it."""
        begin, end = np.searchsorted(self.node_ids, [osm_id, osm_id + 1])
        return self.node_order[begin:end]

    def leaving(self, node: int, ways: Iterable[int] | None = None) -> list[int]:
        """Return the edges that leave a junction, by one of ``ways`` if given."""
        edges = range(self.first[node], self.first[node + 1])
        return [edge for edge in edges if ways is None or self.way_at_tail[edge] in ways]

    def coming(self, node: int, ways: Iterable[int]) -> list[int]:
        """Return the edges that come to a junction by one of ``ways``."""
        edges = self.by_head[self.head_first[node] : self.head_first[node + 1]].tolist()
        return [edge for edge in edges if self.way_at_head[edge] in ways]


def find_bans(
    graph: StreetGraph,
    way_at_tail: NDArray[np.int64],
    way_at_head: NDArray[np.int64],
    restrictions: Sequence[Restriction],
) -> tuple[Bans, Counter[str]]:
    """Return the turns that ``restrictions`` forbid, and how many of them ``apply`` or, by reason, do not."""
    finder = _Finder(graph, way_at_tail, way_at_head)
    bans = Bans()
    became: Counter[str] = Counter()
    for restriction in restrictions:
        if graph.mode in restriction.modes:
            by_node = restriction.via_node is not None
            became[_at_node(finder, restriction, bans) if by_node else _along_way(finder, restriction, bans)] += 1
    return bans, became


def _at_node(finder: _Finder, restriction: Restriction, bans: Bans) -> str:
    """Add what a restriction at one node forbids; return what became of it."""
    nodes = finder.nodes(restriction.via_node or 0)
    if len(nodes) == 0:
        return NO_JUNCTION
    found = NO_WAY
    for node in nodes.tolist():
        before, after = finder.coming(node, restriction.from_ways), finder.leaving(node, restriction.to_ways)
        if len(before) > len(restriction.from_ways) or len(after) > len(restriction.to_ways):
            return THROUGH_WAY
        if not before or not after:
            continue
        forbidden = set(finder.leaving(node)) - set(after) if restriction.is_only else set(after)
        bans.pairs.update((one, other) for one in before for other in forbidden)
        found = APPLIED
    return found


def _along_way(finder: _Finder, restriction: Restriction, bans: Bans) -> str:
    """Add what a restriction along a way forbids, if that way is one edge; return what became of it."""
    graph, via_way = finder.graph, restriction.via_way
    on_via = np.flatnonzero((finder.way_at_tail == via_way) & (finder.way_at_head == via_way))
    found = NO_JUNCTION if len(on_via) == 0 else NO_WAY
    for via in on_via.tolist():
        befores = [
            edge for edge in finder.coming(int(graph.tail[via]), restriction.from_ways) if edge != graph.twin[via]
        ]
        afters = [edge for edge in finder.leaving(int(graph.head[via]), restriction.to_ways) if edge != graph.twin[via]]
        if not befores or not afters:
            continue
        if len(befores) > len(restriction.from_ways) or len(afters) > len(restriction.to_ways):
            return THROUGH_WAY
        if graph.length_m[via] > LONGEST_VIA_M:
            return LONG_VIA
        forbidden = set(finder.leaving(int(graph.head[via]))) - set(afters) if restriction.is_only else set(afters)
        bans.triples.update((before, via, after) for before in befores for after in forbidden)
        if restriction.is_only:
            elsewhere = set(finder.leaving(int(graph.tail[via]))) - {via}
            bans.pairs.update((before, edge) for before in befores for edge in elsewhere)
        found = APPLIED
    return found
