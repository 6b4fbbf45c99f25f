"""Find the part of a graph that hangs together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.streets.graph import StreetGraph


def hangs_together(graph: StreetGraph, edges: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Say which edges lie in the largest strongly connected part (by nodes; the lowest-numbered one of equals).

    With ``edges`` (edges,) only those count, and no other lies in it.
    """
    used = np.arange(graph.n_edges) if edges is None else np.flatnonzero(edges)
    tail, head = graph.tail[used], graph.head[used]
    matrix = coo_array((np.ones(len(used), dtype=np.int8), (tail, head)), shape=(graph.n_nodes, graph.n_nodes)).tocsr()
    _, part = connected_components(matrix, directed=True, connection="strong")
    sizes = np.bincount(part)
    first_node = np.full(len(sizes), graph.n_nodes)
    np.minimum.at(first_node, part, np.arange(graph.n_nodes))
    largest = np.lexsort((first_node, -sizes))[0]
    found = np.zeros(graph.n_edges, dtype=bool)
    found[used] = (part[tail] == largest) & (part[head] == largest)
    return found
