"""Compute street matrices by customisable contraction hierarchies (RoutingKit's, through ``pyroutingkit``).

Source: J. Dibbelt, B. Strasser, D. Wagner, "Customizable Contraction Hierarchies", ACM Journal of Experimental Algorithmics 21, 2016. Of
its three phases the first orders and contracts the nodes, without times (:func:`build_topology`); the second gives every arc its time,
again for each walking speed and traffic (a metric of :class:`CchEngine`); the third answers, here for all pairs of nodes at once.
"""

from __future__ import annotations

import os
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from numpy.typing import NDArray

from access.routing.dijkstra import LONGEST_MS, UNSEEN, Ends, in_threads

if TYPE_CHECKING:
    from pyroutingkit import CCHMetric, CCHTopology

try:  # there is no wheel for every platform (requirements.txt)
    import pyroutingkit
except ImportError:
    pyroutingkit = None

IS_AVAILABLE = pyroutingkit is not None
BLOCK_CELLS = 2**22  # node-to-node milliseconds that a thread holds at once: 16 MiB
MOST_METRICS = 4  # threads that may ask at once; each metric holds a weight for every arc of the hierarchy


class CchEngine:
    """Matrices over a hierarchy whose topology is built once; other speeds only re-weight it.

    A metric must not be asked by two threads at once (it crashes), so each thread borrows one of a few.
    """

    def __init__(self, topology: CCHTopology, travel_ms: NDArray[np.uint32]) -> None:
        if pyroutingkit.INF_WEIGHT != LONGEST_MS + 1:
            raise RuntimeError(f"this pyroutingkit takes {pyroutingkit.INF_WEIGHT} for infinity, not {LONGEST_MS + 1}")
        if travel_ms.min() < 1 or travel_ms.max() > LONGEST_MS:
            raise ValueError(f"every edge must take 1 to {LONGEST_MS} ms, not {travel_ms.min()} to {travel_ms.max()}")
        self._topology = topology
        self._metrics: SimpleQueue[CCHMetric] = SimpleQueue()
        for _ in range(min(MOST_METRICS, os.cpu_count() or 1)):
            metric = pyroutingkit.CCHMetric(topology)
            metric.customize(travel_ms)
            self._metrics.put(metric)

    def matrix_ms(self, leave: Ends, arrive: Ends) -> NDArray[np.int64]:
        """Return milliseconds (origins, targets) through the graph's nodes; :data:`UNSEEN` or more where there is no way."""
        out = np.full((len(leave), len(arrive)), UNSEEN, dtype=np.int64)
        target_node, target_at = _numbered(arrive.node)
        if len(target_node) == 0:
            return out
        rows_at_once = max(1, BLOCK_CELLS // (2 * len(target_node)))

        def fill(begin: int, end: int) -> None:
            for first in range(begin, end, rows_at_once):
                block = slice(first, min(first + rows_at_once, end))
                source_node, source_at = _numbered(leave.node[block])
                if len(source_node):
                    _join(
                        self._between(source_node, target_node),
                        source_at,
                        leave.ms[block],
                        target_at,
                        arrive.ms,
                        LONGEST_MS,
                        UNSEEN,
                        out[block],
                    )

        in_threads(fill, len(leave))
        return out

    def _between(self, source_node: NDArray[np.uint32], target_node: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Return milliseconds between nodes, with a metric that no other thread has."""
        metric = self._metrics.get()
        try:
            return metric.distances_many_to_many(source_node, target_node)
        finally:
            self._metrics.put(metric)


def build_topology(tail: NDArray[np.int32], head: NDArray[np.int32], node_xy: NDArray[np.float64]) -> CCHTopology:
    """Order and contract the nodes (0.2 s for Newport). Only the relative position of nodes matters, so metres will do."""
    topology = pyroutingkit.CCHTopology()
    xy = (node_xy - node_xy.min(axis=0)).astype(np.float32)
    topology.build(tail.astype(np.uint32), head.astype(np.uint32), xy[:, 1].copy(), xy[:, 0].copy(), len(node_xy))
    return topology


def _numbered(node: NDArray[np.int32]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the distinct nodes, and for each entry of ``node`` its position among them (-1: none)."""
    found, at = np.unique(node, return_inverse=True)
    n_none = int(np.count_nonzero(found < 0))
    return found[n_none:].astype(np.uint32), at.reshape(node.shape).astype(np.int64) - n_none


@njit(cache=True, nogil=True)
def _join(node_ms, source_at, source_ms, target_at, target_ms, longest_ms, unseen, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` with the best of the up to four ways between each origin's and each target's ends.

    First the better of an origin's two ends for every target node, along a row of memory; then the better of each target's two.
    The constants are handed in: as globals they would be compiled in, and stay so on disk when ``dijkstra.py`` changes them.
    """
    from_origin = np.empty(node_ms.shape[1], np.int64)
    for row in range(len(source_at)):
        from_origin[:] = unseen
        for one in range(2):
            at = source_at[row, one]
            if at < 0:
                continue
            add = source_ms[row, one]
            for node in range(len(from_origin)):
                between = np.int64(node_ms[at, node])
                if between <= longest_ms:
                    from_origin[node] = min(from_origin[node], between + add)
        for column in range(len(target_at)):
            best = unseen
            for other in range(2):
                at = target_at[column, other]
                if at >= 0 and from_origin[at] < unseen:
                    best = min(best, from_origin[at] + target_ms[column, other])
            out[row, column] = best
