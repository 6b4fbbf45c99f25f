"""Search streets from each point by Dijkstra's algorithm, compiled: bounded neighbourhoods, paths, and matrices without a hierarchy.

Labels never exceed the limit given, so that every label left by a finished search is final.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

LONGEST_MS = 2**31 - 2  # the longest travel any engine tells of: 24 days, the arithmetic of the hierarchy
UNSEEN = 2**62
_NODE_BITS = 32
_NODE_MASK = 2**32 - 1
T = TypeVar("T")


@dataclass(frozen=True)
class Star:
    """Edges by the node they are searched from: forward by tail, or backward by head."""

    first: NDArray[np.int64]  # (nodes + 1,)
    to: NDArray[np.int32]
    ms: NDArray[np.int64]
    edge: NDArray[np.int64]  # the graph's number of each

    @classmethod
    def of(cls, start: NDArray[np.int32], to: NDArray[np.int32], ms: NDArray[np.integer], n_nodes: int) -> Star:
        """Sort edges by where they start."""
        order = np.argsort(start, kind="stable")
        first = np.searchsorted(start[order], np.arange(n_nodes + 1)).astype(np.int64)
        return cls(first, to[order], ms[order].astype(np.int64), order.astype(np.int64))


@dataclass(frozen=True)
class Ends:
    """How points join the graph: by up to two nodes each (-1: none), ``ms`` away. Arrays are (points, 2)."""

    node: NDArray[np.int32]
    ms: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.node)


class DijkstraEngine:
    """Matrices by one search from each origin; exact, and on every platform."""

    def __init__(self, star: Star) -> None:
        self._star = star

    def matrix_ms(self, leave: Ends, arrive: Ends) -> NDArray[np.int64]:
        """Return milliseconds (origins, targets) through the graph's nodes; :data:`UNSEEN` or more where there is no way."""
        star = self._star
        is_wanted = np.zeros(len(star.first) - 1, dtype=np.bool_)
        is_wanted[arrive.node[arrive.node >= 0]] = True
        out = np.empty((len(leave), len(arrive)), dtype=np.int64)

        def rows(begin: int, end: int) -> None:
            _matrix(
                star.first,
                star.to,
                star.ms,
                leave.node[begin:end],
                leave.ms[begin:end],
                arrive.node,
                arrive.ms,
                is_wanted,
                out[begin:end],
            )

        in_threads(rows, len(leave))
        return out


def in_threads(work: Callable[[int, int], T], n_rows: int) -> list[T]:
    """Run ``work(begin, end)`` over all rows, a stretch to each processor: the compiled code lets go of Python's lock."""
    n_threads = max(1, min(os.cpu_count() or 1, n_rows // 16))
    cuts = np.linspace(0, n_rows, n_threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(n_threads) as pool:
        return list(pool.map(work, cuts[:-1], cuts[1:]))


@njit(cache=True, nogil=True)
def _push(heap, size, key):  # type: ignore[no-untyped-def]
    """Add a key to the heap (four children a node); return its new size."""
    at = size
    while at > 0:
        above = (at - 1) >> 2
        if heap[above] <= key:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = key
    return size + 1


@njit(cache=True, nogil=True)
def _pop(heap, size):  # type: ignore[no-untyped-def]
    """Take the smallest key, ``heap[0]``, out of the heap; return its new size."""
    size -= 1
    key = heap[size]
    at = 0
    while True:
        child = 4 * at + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < heap[least]:
                least = other
        if heap[least] >= key:
            break
        heap[at] = heap[least]
        at = least
    heap[at] = key
    return size


@njit(cache=True, nogil=True)
def _search(first, to, ms, seed_node, seed_ms, limit_ms, is_wanted, n_wanted, dist, via, seen, heap):  # type: ignore[no-untyped-def]
    """Fill ``dist`` and ``via`` (position in the star, -1 at a seed); return how many nodes ``seen`` lists.

    Stops when ``n_wanted`` nodes of ``is_wanted`` have their final label; 0 means never.
    """
    n_seen = 0
    size = 0
    for seed in range(len(seed_node)):
        node = seed_node[seed]
        if node >= 0 and seed_ms[seed] <= limit_ms and seed_ms[seed] < dist[node]:
            if dist[node] == UNSEEN:
                seen[n_seen] = node
                n_seen += 1
            dist[node] = seed_ms[seed]
            via[node] = -1
            size = _push(heap, size, (np.int64(seed_ms[seed]) << _NODE_BITS) | np.int64(node))
    n_left = n_wanted
    while size > 0:
        here_ms = heap[0] >> _NODE_BITS
        node = heap[0] & _NODE_MASK
        size = _pop(heap, size)
        if here_ms > dist[node]:
            continue
        if is_wanted[node]:
            n_left -= 1
            if n_left == 0:
                break
        for position in range(first[node], first[node + 1]):
            there = to[position]
            total = here_ms + ms[position]
            if total < dist[there] and total <= limit_ms:
                if dist[there] == UNSEEN:
                    seen[n_seen] = there
                    n_seen += 1
                dist[there] = total
                via[there] = position
                size = _push(heap, size, (total << _NODE_BITS) | np.int64(there))
    return n_seen


@njit(cache=True, nogil=True)
def _matrix(first, to, ms, leave_node, leave_ms, arrive_node, arrive_ms, is_wanted, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` row by row."""
    n_nodes = len(first) - 1
    dist = np.full(n_nodes, UNSEEN, np.int64)
    via = np.empty(n_nodes, np.int64)
    seen = np.empty(n_nodes, np.int64)
    heap = np.empty(len(to) + 2, np.int64)
    n_wanted = is_wanted.sum()
    for row in range(len(leave_node)):
        n_seen = _search(
            first, to, ms, leave_node[row], leave_ms[row], LONGEST_MS, is_wanted, n_wanted, dist, via, seen, heap
        )
        for column in range(len(arrive_node)):
            best = UNSEEN
            for end in range(2):
                node = arrive_node[column, end]
                if node >= 0 and dist[node] < UNSEEN:
                    best = min(best, dist[node] + arrive_ms[column, end])
            out[row, column] = best
        for index in range(n_seen):
            dist[seen[index]] = UNSEEN


@njit(cache=True, nogil=True)
def nearby(first, to, ms, leave_node, leave_ms, limit_ms, at_first, at_point, at_ms, n_points):  # type: ignore[no-untyped-def]
    """Return which points each row reaches within the limit: ``(count by row, points, ms)``, points in the order met.

    ``at_point[at_first[node]:at_first[node + 1]]`` are the points that join the graph at ``node``, ``at_ms`` away from it.
    """
    n_nodes = len(first) - 1
    dist = np.full(n_nodes, UNSEEN, np.int64)
    via = np.empty(n_nodes, np.int64)
    seen = np.empty(n_nodes, np.int64)
    heap = np.empty(len(to) + 2, np.int64)
    nothing_wanted = np.zeros(n_nodes, np.bool_)
    best = np.full(n_points, UNSEEN, np.int64)
    met = np.empty(n_points, np.int64)
    count = np.zeros(len(leave_node), np.int64)
    points = np.empty(1024, np.int64)
    travel_ms = np.empty(1024, np.int64)
    used = 0
    for row in range(len(leave_node)):
        n_met = 0
        n_seen = _search(
            first, to, ms, leave_node[row], leave_ms[row], limit_ms, nothing_wanted, 0, dist, via, seen, heap
        )
        for index in range(n_seen):
            node = seen[index]
            for entry in range(at_first[node], at_first[node + 1]):
                total = dist[node] + at_ms[entry]
                if total <= limit_ms and total < best[at_point[entry]]:
                    if best[at_point[entry]] == UNSEEN:
                        met[n_met] = at_point[entry]
                        n_met += 1
                    best[at_point[entry]] = total
            dist[node] = UNSEEN
        while used + n_met > len(points):
            points = np.concatenate((points, np.empty(len(points), np.int64)))
            travel_ms = np.concatenate((travel_ms, np.empty(len(travel_ms), np.int64)))
        for index in range(n_met):
            points[used] = met[index]
            travel_ms[used] = best[met[index]]
            best[met[index]] = UNSEEN
            used += 1
        count[row] = n_met
    return count, points[:used], travel_ms[:used]


def shortest_path(star: Star, leave: Ends, arrive: Ends) -> tuple[int, int, list[int]] | None:
    """Return ``(ms, end of arrive used, edges in order)`` from the first point of ``leave`` to the first of ``arrive``, if any."""
    n_nodes = len(star.first) - 1
    dist, via, seen = np.full(n_nodes, UNSEEN, np.int64), np.empty(n_nodes, np.int64), np.empty(n_nodes, np.int64)
    is_wanted = np.zeros(n_nodes, dtype=np.bool_)
    is_wanted[arrive.node[0][arrive.node[0] >= 0]] = True
    heap = np.empty(len(star.to) + 2, np.int64)
    _search(
        star.first,
        star.to,
        star.ms,
        leave.node[0],
        leave.ms[0],
        LONGEST_MS,
        is_wanted,
        is_wanted.sum(),
        dist,
        via,
        seen,
        heap,
    )
    ends = [
        (int(dist[node] + ms), end)
        for end, (node, ms) in enumerate(zip(arrive.node[0], arrive.ms[0], strict=True))
        if node >= 0
    ]
    reached = [(total, end) for total, end in ends if total <= LONGEST_MS]
    if not reached:
        return None
    total, end = min(reached)
    node, edges = int(arrive.node[0][end]), []
    while via[node] >= 0:
        position = int(via[node])
        edges.append(int(star.edge[position]))
        node = int(np.searchsorted(star.first, position, side="right")) - 1
    return total, end, edges[::-1]
