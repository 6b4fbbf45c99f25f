"""Give every open direction of every line of street its arc, sorted by where it begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.streets.join import Lines


@dataclass(frozen=True)
class Arcs:
    """Directed edges over :class:`Lines`: arc ``a`` runs along ``line[a]``, the way it is drawn where ``forward[a]``."""

    line: NDArray[np.int64]
    forward: NDArray[np.bool_]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    twin: NDArray[np.int64]  # the other direction; -1: one-way
    kmh: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.line)

    def at_tail(self, of_line: NDArray) -> NDArray:
        """Return what (lines, 2) values at the lines' two ends say of where each arc begins."""
        return of_line[self.line, np.where(self.forward, 0, 1)]

    def at_head(self, of_line: NDArray) -> NDArray:
        """Return what (lines, 2) values at the lines' two ends say of where each arc ends."""
        return of_line[self.line, np.where(self.forward, 1, 0)]


def direct(lines: Lines) -> Arcs:
    """Return the arcs of ``lines``, sorted by tail and head; the two of a street name each other."""
    line, forward = np.repeat(np.arange(len(lines)), 2), np.tile([True, False], len(lines))
    kmh = lines.kmh.ravel()
    is_open = kmh > 0
    has_twin = np.repeat(is_open.reshape(-1, 2).all(axis=1), 2)[is_open]
    line, forward, kmh = line[is_open], forward[is_open], kmh[is_open]
    tail = np.where(forward, lines.tail[line], lines.head[line])
    head = np.where(forward, lines.head[line], lines.tail[line])
    # A street's two directions are neighbours here: the first looks forward, the second back.
    twin = np.where(has_twin, np.arange(len(line)) + np.where(forward, 1, -1), -1)
    order = np.lexsort((head, tail))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    twin = np.where(twin >= 0, place[twin], -1)[order]
    return Arcs(line[order], forward[order], tail[order], head[order], twin, kmh[order])
