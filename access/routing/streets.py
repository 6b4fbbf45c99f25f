"""Route over streets between placed points: matrices, neighbourhoods and paths, exact to the millisecond.

A journey runs from the door to the street on foot, along the street from where the point lies on its edge, and likewise at the
other end (``street_ends.py``). Journeys along a single edge are looked at by themselves.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from access.routing import cch
from access.routing.dijkstra import LONGEST_MS, DijkstraEngine, Ends, Star, in_threads, nearby
from access.routing.street_ends import OnEdge, along_one_edge, arriving, leaving, on_edge
from access.routing.street_paths import StreetPath, find_path
from geo.streets.graph import PlacedPoints, StreetGraph
from geo.streets.rules import WALK_KMH
from geo.streets.snap import StreetIndex

EngineName = Literal["auto", "cch", "dijkstra"]
UNREACHABLE_MS = -1


class Engine(Protocol):
    """What computes matrices between points that join the graph at its nodes."""

    def matrix_ms(self, leave: Ends, arrive: Ends) -> NDArray[np.int64]:
        """Return milliseconds; ``UNSEEN`` or more where there is no way."""


@dataclass(frozen=True)
class Nearby:
    """Targets within a limit: those of origin ``i`` are ``target[start[i]:start[i + 1]]``, by number, ``travel_ms`` away."""

    start: NDArray[np.int64]  # (origins + 1,)
    target: NDArray[np.int32]
    travel_ms: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start) - 1


class StreetRouter:
    """Routes over one :class:`StreetGraph`. Placed points count their walk at 4.8 km/h whatever the router's speed: it converts.

    ``engine``: ``cch`` (fast; no Windows), ``dijkstra`` (everywhere), ``auto`` (the first that is there). Results are equal. The attribute
    names the one that is used.
    """

    def __init__(self, graph: StreetGraph, engine: EngineName = "auto") -> None:
        name = ("cch" if cch.IS_AVAILABLE else "dijkstra") if engine == "auto" else engine
        if name == "cch" and not cch.IS_AVAILABLE:
            raise RuntimeError(
                "pyroutingkit is not installed on this platform: ask for the engine 'dijkstra' or 'auto'"
            )
        self.graph, self.engine = graph, name
        self._topology = cache(lambda: cch.build_topology(graph.tail, graph.head, graph.node_xy))
        self._index = cache(lambda: StreetIndex(graph))
        self._weigh(1.0, 1.0)

    def _weigh(self, factor: float, access_factor: float) -> None:
        """Set the times of edges, ferries apart, and of walks to the street, as multiples of the graph's own."""
        graph = self.graph
        self._factor, self._access_factor = factor, access_factor
        of_edge = np.where(graph.is_ferry, 1.0, factor)
        self._ms = np.maximum(1, np.rint(graph.travel_ms * of_edge)).astype(np.int64)
        self._junction_ms = np.minimum(np.rint(graph.junction_ms * of_edge).astype(np.int64), self._ms)
        if self._ms.max() > LONGEST_MS:
            raise ValueError(f"an edge takes {self._ms.max()} ms; the longest that can be routed is {LONGEST_MS}")
        self._star = Star.of(graph.tail, graph.head, self._ms, graph.n_nodes)
        self._reverse = Star.of(graph.head, graph.tail, self._ms, graph.n_nodes)
        self._engine = cache(self._make_engine)

    def _make_engine(self) -> Engine:
        """Return what computes matrices, made when the first is asked for: whoever walks to a stop needs none."""
        if self.engine == "dijkstra":
            return DijkstraEngine(self._star)
        return cch.CchEngine(self._topology(), self._ms.astype(np.uint32))

    def scaled(self, factor: float) -> StreetRouter:
        """Return a router whose times, the walk to the street too and ferries not, are ``factor`` times this one's (edges in whole ms)."""
        return self._weighed(self._factor * factor, self._access_factor * factor)

    def slowed(self, factor: float) -> StreetRouter:
        """Return a router whose edges take ``factor`` times as long, and whose ferries and walks to the street do not."""
        return self._weighed(self._factor * factor, self._access_factor)

    def with_walk_speed(self, walk_kmh: float) -> StreetRouter:
        """Return a router for people who walk at ``walk_kmh``: all that is walked changes, on other graphs the walk to the street."""
        factor = WALK_KMH / walk_kmh
        return self._weighed(factor if self.graph.mode == "walk" else self._factor, factor)

    @property
    def slowness(self) -> float:
        """How many times as long one walks as at 4.8 km/h."""
        return self._access_factor

    def _weighed(self, factor: float, access_factor: float) -> StreetRouter:
        """Return a router over the same topology with other times; itself where nothing changes."""
        if (factor, access_factor) == (self._factor, self._access_factor):
            return self
        other = copy(self)
        other._weigh(factor, access_factor)
        return other

    @property
    def has_ferries(self) -> bool:
        """Whether some ways lead over water, which no factor slows."""
        return bool(self.graph.is_ferry.any())

    @property
    def with_steps(self) -> StreetRouter:
        """The router by which one may take steps: itself, as here nobody is kept from them."""
        return self

    def place(self, xy: NDArray[np.float64]) -> PlacedPoints:
        """Return the points ``xy`` (points, 2; EPSG:27700) on the graph; see :func:`geo.streets.snap.place_points`."""
        return self._index().place(xy)

    def matrix_ms(self, origins: PlacedPoints, targets: PlacedPoints) -> NDArray[np.int64]:
        """Return milliseconds from each origin to each target, (origins, targets); :data:`UNREACHABLE_MS` (-1) where there is no way.

        A point that is not placed is reached from nowhere: tell it apart by ``is_placed``.
        """
        start, end = self._on_edge(origins), self._on_edge(targets)
        out = self._engine().matrix_ms(leaving(self.graph, start), arriving(self.graph, end))
        row, column, along = along_one_edge(start, end)
        out[row, column] = np.minimum(out[row, column], along)
        out[out > LONGEST_MS] = UNREACHABLE_MS
        return out

    def matrix_s(self, origins: PlacedPoints, targets: PlacedPoints) -> NDArray[np.float64]:
        """Return seconds from each origin to each target, (origins, targets); NaN where there is no way or a point is not placed."""
        travel_ms = self.matrix_ms(origins, targets)
        return np.where(travel_ms == UNREACHABLE_MS, np.nan, travel_ms / 1000.0)

    def within(self, origins: PlacedPoints, targets: PlacedPoints, limit_ms: int) -> Nearby:
        """Return the targets at most ``limit_ms`` from each origin, walks to the street included.

        Searches no farther than the limit, from the side that has fewer points.
        """
        start, end = self._on_edge(origins), self._on_edge(targets)
        limit_ms = min(int(limit_ms), LONGEST_MS)
        leave, arrive = leaving(self.graph, start), arriving(self.graph, end)
        if len(origins) <= len(targets):
            found = _search_out(self._star, leave, arrive, limit_ms)
        else:
            found = _search_out(self._reverse, arrive, leave, limit_ms).T.tocsr()
        row, column, along = along_one_edge(start, end)
        kept = along <= limit_ms
        return _with_pairs(found, row[kept], column[kept], along[kept])

    def path(self, origin: PlacedPoints, target: PlacedPoints) -> StreetPath | None:
        """Return the quickest way from one placed point to another (the first of each), ``None`` where there is none."""
        if not (origin.is_placed[0] and target.is_placed[0]):
            return None
        start, end = self._on_edge(origin.take([0])), self._on_edge(target.take([0]))
        return find_path(self.graph, self._star, start, end, (origin.xy[0], target.xy[0]))

    def _on_edge(self, points: PlacedPoints) -> OnEdge:
        return on_edge(self.graph, self._ms, self._junction_ms, points, self._access_factor)


def _search_out(star: Star, seeds: Ends, others: Ends, limit_ms: int) -> csr_array:
    """Return milliseconds + 1 (0 ms is a time too) of the pairs within the limit, (seeds, others), searching from the seeds."""
    n_nodes = len(star.first) - 1
    point, end = np.nonzero(others.node >= 0)
    node = others.node[point, end]
    order = np.argsort(node, kind="stable")
    at_first = np.searchsorted(node[order], np.arange(n_nodes + 1)).astype(np.int64)
    at_point, at_ms = point[order].astype(np.int64), others.ms[point, end][order]

    def search(begin: int, stop: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        rows = slice(begin, stop)
        return nearby(
            star.first,
            star.to,
            star.ms,
            seeds.node[rows],
            seeds.ms[rows],
            limit_ms,
            at_first,
            at_point,
            at_ms,
            len(others),
        )

    count, points, travel_ms = (np.concatenate(parts) for parts in zip(*in_threads(search, len(seeds)), strict=True))
    start = np.concatenate([[0], np.cumsum(count)])
    return csr_array((travel_ms + 1, points, start), shape=(len(seeds), len(others)))


def _with_pairs(
    found: csr_array, row: NDArray[np.int64], column: NDArray[np.int64], travel_ms: NDArray[np.int64]
) -> Nearby:
    """Return ``found`` with some pairs added, or bettered: those that lie on one street."""
    if len(row):
        longest = LONGEST_MS + 2  # turned round, so that the sparse maximum keeps the shorter time
        found.data = longest - found.data
        found = found.maximum(coo_array((longest - 1 - travel_ms, (row, column)), shape=found.shape).tocsr())
        found.data = longest - found.data
    found.sort_indices()
    return Nearby(found.indptr.astype(np.int64), found.indices.astype(np.int32), (found.data - 1).astype(np.int64))
