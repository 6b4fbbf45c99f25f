"""Percentiles of travel time over every departure of a window, by range-RAPTOR from each origin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from access.routing.batches import in_chunks
from access.routing.raptor import CSR, Int32s, Rides, window_chunk


def nearest_ranks(percentiles: Sequence[float], n: int) -> NDArray[np.int64]:
    """Return for each percentile the rank, from 1, of the value that stands for it among ``n``: ceil(p / 100 · n), at least 1."""
    return np.array([max(1, -(-round(p * 1000) * n // 100_000)) for p in percentiles], np.int64)


def window_percentiles(
    rides: Rides, max_rides: int, seeds: CSR, reads_by_stop: CSR, n_reads: int,
    departures_s: Int32s, percentiles: Sequence[float], max_travel_s: int, walk_s: Int32s,
) -> NDArray[np.float32]:  # fmt: skip
    """Return travel seconds (percentiles, origins, targets) over ``departures_s`` (rising, evenly spaced); NaN: unreachable then.

    ``seeds`` are compressed rows by origin; ``reads_by_stop`` by stop: the targets reached from it and the seconds on foot.
    An unreachable departure counts as infinitely long. ``walk_s[origin, target]`` is the way on foot, NEVER where there is none.
    """
    n_origins = len(seeds[0]) - 1
    travel_s = np.empty((len(percentiles), n_origins, n_reads), np.float32)
    ranks = nearest_ranks(percentiles, len(departures_s))

    def work(begin: int, end: int) -> None:
        window_chunk(
            rides, max_rides, *seeds, *reads_by_stop, departures_s, ranks, max_travel_s, walk_s, travel_s, begin, end
        )  # fmt: skip

    in_chunks(work, n_origins)
    return travel_s
