"""Run many searches of one day at once, in threads, and read each out at the points asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from access.routing.raptor import CSR, Int32s, Rides, search_chunk

CHUNKS_PER_THREAD = 4


def in_chunks(work: Callable[[int, int], object], n: int) -> None:
    """Call ``work(begin, end)`` for pieces of ``range(n)`` in as many threads as there are processors."""
    threads = max(1, min(os.cpu_count() or 1, n))
    bounds = np.linspace(0, n, min(n, threads * CHUNKS_PER_THREAD) + 1).astype(int).tolist()
    pieces = list(pairwise(bounds))
    if threads == 1 or len(pieces) == 1:
        for begin, end in pieces:
            work(begin, end)
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, begin, end) for begin, end in pieces]:
            done.result()


def search_many(
    rides: Rides, max_rides: int, seeds: CSR, reads: CSR,
    source: Int32s, start_s: Int32s, max_travel_s: int, walk_s: Int32s,
) -> tuple[NDArray[np.float32], NDArray[np.int8]]:  # fmt: skip
    """Search from row ``source[q]`` of ``seeds`` at ``start_s[q]`` for each q; read out at every row of ``reads``.

    ``seeds`` and ``reads`` are compressed rows (start, stop, seconds); ``walk_s[source, read]`` is the way on foot, NEVER where there
    is none. Returns travel seconds (NaN where unreachable within ``max_travel_s``) and rides (0 on foot, -1 unreachable), both (q, reads).
    """
    n_reads = len(reads[0]) - 1
    travel_s = np.empty((len(source), n_reads), np.float32)
    n_rides = np.empty((len(source), n_reads), np.int8)

    def work(begin: int, end: int) -> None:
        part = slice(begin, end)
        search_chunk(
            rides, max_rides, *seeds, *reads, source[part], start_s[part], max_travel_s, walk_s, travel_s[part], n_rides[part]
        )  # fmt: skip

    in_chunks(work, len(source))
    return travel_s, n_rides
