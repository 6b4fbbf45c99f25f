"""Percentiles of travel time over every departure of a window, by range-RAPTOR from each origin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from access.routing.batches import in_chunks
from access.routing.raptor import NEVER, Int32s, Rides, blank_labels, forget, search


def nearest_ranks(percentiles: Sequence[float], n: int) -> NDArray[np.int64]:
    """Return for each percentile the rank, from 1, of the value that stands for it among ``n``: ceil(p / 100 · n), at least 1."""
    return np.array([max(1, -(-round(p * 1000) * n // 100_000)) for p in percentiles], np.int64)


def window_percentiles(
    rides: Rides, max_rides: int, seeds: tuple[Int32s, Int32s, Int32s], reads_by_stop: tuple[Int32s, Int32s, Int32s], n_reads: int,
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
        _window_chunk(
            rides, max_rides, *seeds, *reads_by_stop, departures_s, ranks, max_travel_s, walk_s, travel_s, begin, end
        )  # fmt: skip

    in_chunks(work, n_origins)
    return travel_s


@njit(cache=True, nogil=True)
def _window_chunk(  # type: ignore[no-untyped-def]
    rides, max_rides, seed_start, seed_stop, seed_s, read_start, read_target, read_s, departures_s, ranks, max_travel_s, walk_s, travel_s,
    begin, end,
):  # fmt: skip
    labels = blank_labels(rides, max_rides)
    n, n_targets = len(departures_s), travel_s.shape[2]
    step_s = departures_s[1] - departures_s[0] if n > 1 else 1
    # from the last departure to the first the arrival at a target falls in steps: since which departure, and to what
    since = np.empty((n_targets, n), np.int32)
    arrives_s = np.empty((n_targets, n), np.int32)
    n_steps = np.empty(n_targets, np.int32)
    for o in range(begin, end):
        if o > begin:
            forget(labels)
        n_steps[:] = 0
        seeds = slice(seed_start[o], seed_start[o + 1])
        for d in range(n):
            start_s = np.int64(departures_s[n - 1 - d])
            n_improved = search(rides, labels, seed_stop[seeds], seed_s[seeds], start_s, start_s + max_travel_s)
            for i in range(n_improved):
                stop = labels.improved[i]
                for r in range(read_start[stop], read_start[stop + 1]):
                    target, at_s = read_target[r], labels.by_ride_s[stop, max_rides] + read_s[r]
                    last = n_steps[target] - 1
                    if last < 0 or since[target, last] < d:
                        if last < 0 or at_s < arrives_s[target, last]:
                            since[target, last + 1] = d
                            arrives_s[target, last + 1] = at_s
                            n_steps[target] = last + 2
                    elif at_s < arrives_s[target, last]:
                        arrives_s[target, last] = at_s
        for target in range(n_targets):
            for p in range(len(ranks)):
                took = _ranked(
                    since[target], arrives_s[target], n_steps[target], n, departures_s[n - 1], step_s, ranks[p]
                )
                took = min(took, walk_s[o, target])
                travel_s[p, o, target] = took if took <= max_travel_s else np.nan


@njit(cache=True, nogil=True)
def _ranked(since, arrives_s, n_steps, n, last_departure_s, step_s, rank):  # type: ignore[no-untyped-def]
    """Return the travel time of the given rank (from 1). Within a step it grows evenly, so ranks are found by counting, not sorting."""
    if n_steps == 0 or n - since[0] < rank:
        return NEVER
    low, high = 0, 0
    for i in range(n_steps):
        end = since[i + 1] if i + 1 < n_steps else n
        high = max(high, arrives_s[i] - last_departure_s + (end - 1) * step_s)
    while low < high:
        middle, count = (low + high) >> 1, 0
        for i in range(n_steps):
            end = since[i + 1] if i + 1 < n_steps else n
            shortest = arrives_s[i] - last_departure_s + since[i] * step_s
            if middle >= shortest:
                count += min((middle - shortest) // step_s + 1, end - since[i])
        if count >= rank:
            high = middle
        else:
            low = middle + 1
    return low
