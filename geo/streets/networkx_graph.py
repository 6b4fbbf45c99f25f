"""Hand a street graph to others, in the form that osmnx and networkx understand."""

from __future__ import annotations

import networkx as nx
import numpy as np

from geo.streets.graph import StreetGraph
from geo.streets.snap import edge_lines


def to_networkx(graph: StreetGraph) -> nx.MultiDiGraph:
    """Return the graph as osmnx writes them: nodes with ``x``, ``y``, ``osmid``; edges with ``length``, ``geometry``, ``name``.

    Nodes carry our numbers, since a barrier makes several of one OSM node. Edges also have ``travel_ms`` (as a Python int) and
    ``edge``, our number. ``crs`` is EPSG:27700.
    """
    out = nx.MultiDiGraph(crs="EPSG:27700", mode=graph.mode)
    for node, ((x, y), osm_id) in enumerate(zip(graph.node_xy.tolist(), graph.node_osm_id.tolist(), strict=True)):
        out.add_node(node, x=x, y=y, osmid=osm_id)
    lines = edge_lines(graph, np.arange(graph.n_edges))
    columns = (graph.tail, graph.head, graph.length_m, graph.travel_ms, graph.name_index, graph.twin)
    for edge, (tail, head, length_m, travel_ms, name, twin) in enumerate(
        zip(*(c.tolist() for c in columns), strict=True)
    ):
        facts = {"edge": edge, "length": length_m, "travel_ms": travel_ms, "geometry": lines[edge], "oneway": twin < 0}
        if graph.names[name]:
            facts["name"] = graph.names[name]
        out.add_edge(tail, head, **facts)
    return out
