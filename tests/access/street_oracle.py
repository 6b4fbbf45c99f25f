"""The slow, obvious way over streets: every point becomes a node of a networkx graph, and networkx finds the way."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise, product

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from geo.streets.graph import PlacedPoints, StreetGraph
from geo.streets.networkx_graph import to_networkx


def oracle_ms(graph: StreetGraph, origins: PlacedPoints, targets: PlacedPoints) -> NDArray[np.int64]:
    """Return milliseconds (origins, targets), -1 where there is no way."""
    network = nx.DiGraph()
    network.add_nodes_from(range(graph.n_nodes))
    for tail, head, travel_ms in to_networkx(graph).edges(data="travel_ms"):
        _link(network, tail, head, travel_ms)
    on_edge: dict[int, list[tuple[float, int, tuple[str, int]]]] = defaultdict(list)  # share, ms after its tail, point
    is_two_way = {}
    for kind, points in (("origin", origins), ("target", targets)):
        for number in np.flatnonzero(points.is_placed).tolist():
            edge, share = int(points.edge[number]), float(points.offset_share[number])
            twin = int(graph.twin[edge])
            if 0 <= twin < edge:
                edge, twin, share = twin, edge, 1.0 - share
            ways = [(edge, share, round(share * _run_ms(graph, edge)))]
            if twin >= 0:
                ways.append((twin, 1.0 - share, _run_ms(graph, twin) - round(share * _run_ms(graph, twin))))
            for way, part, after in ways:
                for copy in {way, int(graph.arrived_by[way])} if kind == "target" else {way}:
                    on_edge[copy].append((part, after, (kind, number)))
                    is_two_way[copy] = twin >= 0
    for edge, placed in on_edge.items():
        tail, head, whole = int(graph.tail[edge]), int(graph.head[edge]), int(graph.travel_ms[edge])
        # A spot of its own in each direction: whoever drives past a point does not turn round there.
        spots = [(share, before, (point, edge)) for share, before, point in sorted(placed, key=lambda entry: entry[0])]
        for _, _, (point, _) in spots:
            _link(network, *((point, (point, edge)) if point[0] == "origin" else ((point, edge), point)), 0)
        if graph.arrived_by[edge] != edge:  # from elsewhere it is arrived at by its copy: here only along it
            starts = [spot for spot in spots if spot[2][0][0] == "origin"]
            for (share, before, one), (next_share, after, other) in product(starts, spots):
                if next_share >= share and other[0][0] == "target":
                    _link(network, one[0], other[0], max(0, after - before))
            spots = starts
        stops = [(0.0, 0, tail), *spots, (1.0, whole, head)]
        for (share, before, one), (next_share, after, other) in pairwise(stops):
            _link(network, one, other, after - before)
            is_corner = one == tail or other == head  # there the other direction leads back, and may lose time
            if next_share == share and not (is_corner and is_two_way[edge]):  # at one spot
                _link(network, other, one, 0)
    out = np.full((len(origins), len(targets)), -1, dtype=np.int64)
    for row in np.flatnonzero(origins.is_placed).tolist():
        found = nx.single_source_dijkstra_path_length(network, ("origin", row), weight="ms")
        for column in np.flatnonzero(targets.is_placed).tolist():
            if ("target", column) in found:
                out[row, column] = found["target", column] + origins.access_ms[row] + targets.access_ms[column]
    return out


def _run_ms(graph: StreetGraph, edge: int) -> int:
    """Return the time of an edge without what is lost at its head."""
    return int(graph.travel_ms[edge]) - int(graph.junction_ms[edge])


def _link(network: nx.DiGraph, tail: object, head: object, ms: int) -> None:
    if tail != head and (not network.has_edge(tail, head) or network[tail][head]["ms"] > ms):
        network.add_edge(tail, head, ms=ms)
