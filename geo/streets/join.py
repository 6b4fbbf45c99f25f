"""Join stretches of street that meet end to end, where nothing branches and nothing changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.streets.rules import turned_marks
from geo.streets.ways import ranges


@dataclass(frozen=True)
class Lines:
    """Undirected stretches of street between nodes. The line of ``i`` is ``xy[line_start[i]:line_start[i + 1]]``, tail to head.

    ``way`` names the source's way at the tail and at the head; ``mark`` are the bits of each point, as in :class:`geo.streets.ways.Ways`.
    """

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    kmh: NDArray[np.float64]  # (lines, 2), along and against; 0 where closed
    may_snap: NDArray[np.bool_]
    name_index: NDArray[np.int32]
    line_start: NDArray[np.int64]
    xy: NDArray[np.float64]
    mark: NDArray[np.int8]
    way: NDArray[np.int64]  # (lines, 2)
    is_access_only: NDArray[np.bool_]
    is_step_free: NDArray[np.bool_]
    is_ferry: NDArray[np.bool_]
    point: NDArray[np.int64]  # (points,) which of the source's points each is

    def __len__(self) -> int:
        return len(self.tail)


def join_lines(lines: Lines, kept: NDArray[np.int64]) -> Lines:
    """Return lines joined at every node, those ``kept`` apart, where just two lines end that agree in name, speeds, access, steps,
    water and snapping.

    A ring of such lines becomes one loop, at its lowest line's tail. Nodes keep their numbers; those joined over fall out of use.
    """
    beyond = _joints(lines, kept)
    joined = np.flatnonzero((beyond >= 0).any(axis=1))
    if len(joined) == 0:
        return lines
    chains = _chains(beyond, joined)
    alone = np.setdiff1d(np.arange(len(lines)), joined)
    part = np.array([line for chain in chains for line, _ in chain] + alone.tolist(), dtype=np.int64)
    flip = np.array([turned for chain in chains for _, turned in chain] + [False] * len(alone), dtype=bool)
    n_parts = np.array([len(chain) for chain in chains] + [1] * len(alone), dtype=np.int64)
    first = np.cumsum(n_parts) - n_parts
    last = first + n_parts - 1
    return _redrawn(lines, part, flip, first, last)


def _joints(lines: Lines, kept: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return (lines, 2): the end, as ``2 × line + side``, that each line's tail (0) and head (1) is to be joined with, or -1."""
    n_lines = len(lines)
    beyond = np.full(2 * n_lines, -1, dtype=np.int64)
    node = np.column_stack([lines.tail, lines.head]).ravel()
    order = np.argsort(node, kind="stable")
    _, first, count = np.unique(node[order], return_index=True, return_counts=True)
    one, other = order[first[count == 2]], order[first[count == 2] + 1]
    leaving, coming = lines.kmh.ravel(), lines.kmh[:, ::-1].ravel()  # from the node into the line, and out of it
    agree = ~np.isin(node[one], kept)
    agree &= (one // 2 != other // 2) & (leaving[one] == coming[other]) & (coming[one] == leaving[other])
    agree &= lines.name_index[one // 2] == lines.name_index[other // 2]
    agree &= lines.may_snap[one // 2] == lines.may_snap[other // 2]
    agree &= lines.is_access_only[one // 2] == lines.is_access_only[other // 2]
    agree &= lines.is_step_free[one // 2] == lines.is_step_free[other // 2]
    agree &= lines.is_ferry[one // 2] == lines.is_ferry[other // 2]
    one, other = one[agree], other[agree]
    beyond[one], beyond[other] = other, one
    return beyond.reshape(-1, 2)


def _chains(beyond: NDArray[np.int64], joined: NDArray[np.int64]) -> list[list[tuple[int, bool]]]:
    """Walk each chain of joined lines once: ``(line, is turned)`` in order, open chains from an end, rings from any line."""
    ends = dict(zip(joined.tolist(), beyond[joined].tolist(), strict=True))
    open_first = sorted(ends, key=lambda line: (min(ends[line]) >= 0, line))
    seen: set[int] = set()
    chains = []
    for line in open_first:
        if line in seen:
            continue
        turned = ends[line][0] >= 0 and ends[line][1] < 0
        chain = []
        while line not in seen:
            seen.add(line)
            chain.append((line, turned))
            following = ends[line][0 if turned else 1]
            if following < 0:
                break
            line, turned = following // 2, following % 2 == 1  # noqa: PLW2901  # entered by its head: turned
        chains.append(chain)
    return chains


def _redrawn(
    lines: Lines, part: NDArray[np.int64], flip: NDArray[np.bool_], first: NDArray[np.int64], last: NDArray[np.int64]
) -> Lines:
    """Return one line for each run of parts ``first[i]`` to ``last[i]``; points where parts meet are kept once."""
    begins = np.zeros(len(part), dtype=bool)
    begins[first] = True
    n_points = np.diff(lines.line_start)[part]
    skipped = (~begins).astype(np.int64)
    step = np.where(flip, -1, 1)
    start = np.where(flip, lines.line_start[part + 1] - 1, lines.line_start[part]) + step * skipped
    count = n_points - skipped
    points = ranges(start, count, step)
    along, against = lines.kmh[part[first], 0], lines.kmh[part[first], 1]
    turned = flip[first]
    mark = lines.mark[points]
    is_turned = np.repeat(flip, count)
    return Lines(
        tail=np.where(turned, lines.head[part[first]], lines.tail[part[first]]),
        head=np.where(flip[last], lines.tail[part[last]], lines.head[part[last]]),
        kmh=np.column_stack([np.where(turned, against, along), np.where(turned, along, against)]),
        may_snap=lines.may_snap[part[first]],
        name_index=lines.name_index[part[first]],
        line_start=np.concatenate([[0], np.cumsum(np.add.reduceat(count, first))]).astype(np.int64),
        xy=lines.xy[points],
        mark=np.where(is_turned, turned_marks(mark), mark),
        way=np.column_stack(
            [lines.way[part[first], flip[first].astype(int)], lines.way[part[last], 1 - flip[last].astype(int)]]
        ),
        is_access_only=lines.is_access_only[part[first]],
        is_step_free=lines.is_step_free[part[first]],
        is_ferry=lines.is_ferry[part[first]],
        point=lines.point[points],
    )
