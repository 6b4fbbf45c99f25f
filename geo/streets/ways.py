"""Hold the ways of a source as plain arrays, before they become a graph for each mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.streets.graph import StreetMode


@dataclass(frozen=True)
class Ways:
    """Way ``w`` runs through points ``way_start[w]:way_start[w + 1]``; each has at least two, none twice in a row.

    ``kmh[mode]`` is (ways, 2): speed along the drawing and against it, 0 where closed. ``blocked[mode]`` are ids of nodes that
    the mode cannot pass. ``mark`` are the bits of :mod:`geo.streets.rules` for what stands at a point. Coordinates are EPSG:27700 metres.
    """

    way_id: NDArray[np.int64]  # (ways,) several may be stretches of one way
    way_start: NDArray[np.int64]  # (ways + 1,)
    node_id: NDArray[np.int64]  # (points,)
    xy: NDArray[np.float64]  # (points, 2)
    mark: NDArray[np.int8]  # (points,)
    kmh: Mapping[StreetMode, NDArray[np.float64]]
    may_snap: Mapping[StreetMode, NDArray[np.bool_]]  # (ways,)
    rank: NDArray[np.int8]  # (ways,) of importance, 0 a motorway
    is_roundabout: NDArray[np.bool_]  # (ways,)
    lie: NDArray[np.int8]  # (ways,) on the ground, on steps, on a bridge or in a tunnel, on water: as in rules
    is_access_only: Mapping[
        StreetMode, NDArray[np.bool_]
    ]  # (ways,) open to those only whose journey begins or ends there
    is_step_free: NDArray[np.bool_]  # (ways,) a wheelchair can go there
    name_index: NDArray[np.int32]  # (ways,) into names
    names: tuple[str, ...]
    blocked: Mapping[StreetMode, NDArray[np.int64]]
    gates: Mapping[
        StreetMode, NDArray[np.int64]
    ]  # ids of nodes that only those pass whose journey begins or ends behind


def ranges(begin: NDArray[np.int64], count: NDArray[np.int64], step: NDArray[np.int64] | int = 1) -> NDArray[np.int64]:
    """Return ``begin[i], begin[i] + step[i], …`` (``count[i]`` numbers) for every ``i``, one after the other."""
    first = np.cumsum(count) - count
    position = np.arange(int(count.sum()), dtype=np.int64) - np.repeat(first, count)
    stride = np.broadcast_to(np.asarray(step, dtype=np.int64), begin.shape)
    return np.repeat(begin.astype(np.int64), count) + position * np.repeat(stride, count)
