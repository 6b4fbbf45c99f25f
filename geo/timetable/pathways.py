"""Find the ways inside stations from pathways.txt: the shortest walk between any two stops where vehicles call."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.streets.rules import WALK_KMH
from geo.timetable.feed import positions, whole_numbers
from geo.timetable.ledger import Ledger

TABLE = "pathways.txt"
LONGEST_S = 3600
NO_WALK_S = 0.25  # stands for a pathway that takes no time: sparse graphs hold no zeros, and seconds are rounded down to whole ones


def walks_indoors(
    frame: pd.DataFrame, all_stops: pd.DataFrame, stop_ids: pd.Series, called: NDArray[np.bool_], ledger: Ledger
) -> NDArray[np.int64]:
    """Return (from stop, to stop, seconds) for stops (rows of ``stop_ids``) that pathways join; the longest are left out.

    A pathway takes its traversal_time, or its length at 4.8 km/h. One with neither is refused: how long it takes is not known.
    """
    if not len(frame):
        return np.empty((0, 3), np.int64)
    ends = [positions(frame[c], all_stops["stop_id"]) for c in ("from_stop_id", "to_stop_id")]
    seconds = whole_numbers(frame["traversal_time"], blank=-1).astype(float)
    length_m = pd.to_numeric(frame["length"], errors="coerce").to_numpy(float)
    by_length = (seconds < 0) & (length_m >= 0)
    seconds[by_length] = np.ceil(length_m[by_length] / (WALK_KMH / 3.6))
    lost, timeless = np.minimum(*ends) < 0, ~((seconds >= 0) & (seconds <= LONGEST_S))
    ledger.refuse(
        TABLE, frame.index[lost].to_numpy(), "joins a stop that stops.txt lacks.", "Add the stop, or remove it."
    )
    ledger.refuse(
        TABLE,
        frame.index[timeless & ~lost].to_numpy(),
        "has no usable traversal_time or length.",
        "Give one of the two.",
    )
    good = ~lost & ~timeless
    both = good & (frame["is_bidirectional"] == "1").to_numpy()
    tail, head = np.concatenate([ends[0][good], ends[1][both]]), np.concatenate([ends[1][good], ends[0][both]])
    return _shortest(tail, head, np.concatenate([seconds[good], seconds[both]]), all_stops, stop_ids, called)


def _shortest(
    tail: NDArray[np.int64], head: NDArray[np.int64], seconds: NDArray[np.float64],
    all_stops: pd.DataFrame, stop_ids: pd.Series, called: NDArray[np.bool_],
) -> NDArray[np.int64]:  # fmt: skip
    weight = np.where(seconds > 0, seconds, NO_WALK_S / max(len(seconds), 1))
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order], head[order], weight[order]
    first = np.concatenate([[True], (np.diff(tail) != 0) | (np.diff(head) != 0)])[
        : len(tail)
    ]  # the quickest of parallel ones
    graph = csr_array((weight[first], (tail[first], head[first])), shape=(len(all_stops), len(all_stops)))
    platform = positions(all_stops["stop_id"], stop_ids)
    is_platform = (platform >= 0) & called[platform]
    found = []
    for at in np.unique(tail[is_platform[tail]]):
        away = dijkstra(graph, indices=at, limit=LONGEST_S)
        there = np.flatnonzero(is_platform & np.isfinite(away))
        there = there[there != at]
        found.append(np.column_stack([np.full(len(there), platform[at]), platform[there], np.floor(away[there])]))
    return np.concatenate(found).astype(np.int64) if found else np.empty((0, 3), np.int64)
