"""Find the turns that restrictions forbid among the edges of one mode's graph, and say why a restriction forbids none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geo.streets.graph import StreetGraph
from geo.streets.restrictions import Restriction

APPLIED = "apply"
NO_JUNCTION = "lie where this mode has no junction"
NO_WAY = "forbid what is impossible anyway"
THROUGH_WAY = "name a way that runs on through the junction"


@dataclass(frozen=True)
class Bans:
    """Turns that must not be made: edges one after the other, of which the last must not be entered by those who came by all others."""

    turns: set[tuple[int, ...]] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.turns)


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

    def coming(self, node: int, ways: Iterable[int] | None = None) -> list[int]:
        """Return the edges that come to a junction, by one of ``ways`` if given."""
        edges = self.by_head[self.head_first[node] : self.head_first[node + 1]].tolist()
        return [edge for edge in edges if ways is None or self.way_at_head[edge] in ways]


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
            find = _along_ways if restriction.via_node is None else _at_node
            became[find(finder, restriction, bans)] += 1
    return _for_all_who_come(finder, bans), became


def _for_all_who_come(finder: _Finder, bans: Bans) -> Bans:
    """Return the bans without their first edges where nobody comes by others: what is forbidden to all needs no copies."""
    graph, turns = finder.graph, set(bans.turns)
    for turn in bans.turns:
        rest = turn
        while len(rest) > 2:
            coming = set(finder.coming(int(graph.tail[rest[1]])))
            if graph.mode == "drive":
                coming.discard(int(graph.twin[rest[1]]))  # cars do not turn round there
            if not all((one, *rest[1:]) in turns for one in coming):
                break
            turns -= {(one, *rest[1:]) for one in coming}
            rest = rest[1:]
            turns.add(rest)
    return Bans(turns)


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
        bans.turns.update((one, other) for one in before for other in forbidden)
        found = APPLIED
    return found


def _along_ways(finder: _Finder, restriction: Restriction, bans: Bans) -> str:
    """Add what a restriction along ways forbids; return what became of it."""
    starts = np.unique(finder.graph.tail[np.isin(finder.way_at_tail, restriction.via_ways)]).tolist()
    found = NO_WAY if starts else NO_JUNCTION
    for node in starts:
        befores = finder.coming(node, restriction.from_ways)
        for chain in (chain for before in befores for chain in _chains(finder, restriction, before)):
            afters = _leaving_to(finder, restriction, chain[-1])
            if len(befores) > len(restriction.from_ways) or len(afters) > len(restriction.to_ways):
                return THROUGH_WAY
            bans.turns.update(_forbidden(finder, restriction, chain, afters))
            found = APPLIED
    return found


def _chains(finder: _Finder, restriction: Restriction, before: int) -> Iterator[tuple[int, ...]]:
    """Yield the ways on from ``before`` along all the restriction's via ways to its last: other streets may cut them into many edges."""
    graph, via_ways = finder.graph, set(restriction.via_ways)
    begun: list[tuple[int, ...]] = [(before,)]
    while begun:
        chain = begun.pop()
        been = {*chain, *graph.twin[list(chain)].tolist()}
        for edge in finder.leaving(int(graph.head[chain[-1]]), via_ways):
            longer = (*chain, edge)
            if edge in been:
                continue
            if {*finder.way_at_tail[list(longer[1:])]} == via_ways and _leaving_to(finder, restriction, edge):
                yield longer
            else:
                begun.append(longer)


def _leaving_to(finder: _Finder, restriction: Restriction, edge: int) -> list[int]:
    """Return the edges by which one goes on from ``edge`` into the ways that the restriction is about."""
    leaving = finder.leaving(int(finder.graph.head[edge]), restriction.to_ways)
    return [other for other in leaving if other != finder.graph.twin[edge]]


def _forbidden(
    finder: _Finder, restriction: Restriction, chain: tuple[int, ...], afters: list[int]
) -> Iterator[tuple[int, ...]]:
    """Yield what must not follow ``chain``; where only one way is allowed, also what must not follow its parts."""
    if not restriction.is_only:
        yield from ((*chain, after) for after in afters)
        return
    for n in range(1, len(chain) + 1):
        allowed = afters if n == len(chain) else [chain[n]]
        leaving = finder.leaving(int(finder.graph.head[chain[n - 1]]))
        yield from ((*chain[:n], edge) for edge in leaving if edge not in allowed)
