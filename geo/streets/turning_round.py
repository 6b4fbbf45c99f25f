"""Find the junctions at which a driver could undo a forbidden turn by turning round.

Turning round pays nowhere else: whoever comes to a junction, goes on, turns round and comes back might have gone at once where they go
then, unless that turn is forbidden. So it is enough to look about forbidden turns, as far as one can go and come back before whoever
takes the lawful way round is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from geo.streets.bans import Bans
from geo.streets.graph import StreetGraph

LONGEST_MS = 600_000  # of a way round that is looked for, and of going on and coming back


@dataclass(frozen=True)
class _Town:
    """A graph as lists, which single steps read faster than arrays."""

    head: list[int]
    twin: list[int]
    ms: list[int]
    is_access_only: list[bool]
    first: list[int]  # (nodes + 1,) of the edges that leave each junction
    banned: frozenset[tuple[int, ...]]  # the last two of what forbidden turns lead along: more than is forbidden

    def leaving(self, edge: int) -> range:
        """Return the edges that leave the junction where ``edge`` ends."""
        return range(self.first[self.head[edge]], self.first[self.head[edge] + 1])


def where_turning_round_pays(graph: StreetGraph, bans: Bans) -> NDArray[np.bool_]:
    """Say at which junctions (nodes,), dead ends apart, to turn round may be quicker than the lawful way round a forbidden turn."""
    first = np.searchsorted(graph.tail, np.arange(graph.n_nodes + 1))
    town = _Town(
        graph.head.tolist(),
        graph.twin.tolist(),
        graph.travel_ms.tolist(),
        graph.is_access_only.tolist(),
        first.tolist(),
        frozenset(turn[-2:] for turn in bans.turns),
    )
    pays = np.zeros(graph.n_nodes, dtype=bool)
    for turn in bans.turns:
        for n, before in enumerate(turn[:-1]):  # who comes back to any edge of it has not come by those before
            if town.twin[before] != turn[-1]:
                along_ms = sum(town.ms[edge] for edge in turn[n + 1 : -1])
                pays[_within(town, before, _lawful_ms(town, before, turn[-1]) - along_ms)] = True
    return pays & (np.diff(first) > 1)


def _lawful_ms(town: _Town, before: int, after: int) -> int:
    """Return how long one takes from the end of one edge to the start of another without turning round, but at dead ends.

    It may be longer than need be, never shorter: streets that are open to some only are taken only to or from such a street.
    """
    seen: set[int] = set()
    queue = [(0, before)]
    ends = (town.is_access_only[before], town.is_access_only[after])
    while queue:
        ms, edge = heappop(queue)
        if edge in seen:
            continue
        seen.add(edge)
        leaving = town.leaving(edge)
        for other in leaving:
            sides = (town.is_access_only[edge], town.is_access_only[other])
            is_round = other == town.twin[edge] and len(leaving) > 1
            if is_round or (edge, other) in town.banned or (sides[0] != sides[1] and sides != ends):
                continue
            if other == after:
                return ms
            later = ms + town.ms[other] + 1  # a turn may be an edge of 1 ms
            if later <= LONGEST_MS:
                heappush(queue, (later, other))
    return LONGEST_MS


def _within(town: _Town, before: int, limit_ms: int) -> list[int]:
    """Return the junctions to which one may go on from ``before`` and come back in less than ``limit_ms``."""
    seen: set[int] = set()
    queue = [(0, before)]
    while queue:
        ms, edge = heappop(queue)
        if town.head[edge] in seen:
            continue
        seen.add(town.head[edge])
        for other in town.leaving(edge):
            if town.twin[other] in (-1, edge) or (edge == before and (edge, other) in town.banned):
                continue
            later = ms + town.ms[other] + town.ms[town.twin[other]]
            if later < limit_ms:
                heappush(queue, (later, other))
    return sorted(seen)
