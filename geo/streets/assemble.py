"""Turn ways into a routable graph: cut them at junctions, give every direction its edge, and find the part that hangs together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.streets.graph import StreetGraph, StreetMode
from geo.streets.join import Lines, join_lines
from geo.streets.ways import Ways, ranges

LONGEST_EDGE_MS = 2**31 - 2  # the hierarchy's arithmetic; an edge of 24 days is a fault in the data


@dataclass(frozen=True)
class _Pieces:
    """Stretches of way between junctions: points ``first`` to ``last`` of the source, nodes ``tail`` to ``head``."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    way: NDArray[np.int64]
    node_point: NDArray[np.int64]  # (nodes,) a point of the source at each node


def build_graph(ways: Ways, mode: StreetMode) -> StreetGraph:
    """Return the graph of one mode: edges run between nodes where its ways branch, end, change or are blocked.

    Raises:
        ValueError: no way is open to the mode, or one is impossibly long.
    """
    pieces = _cut(ways, mode)
    count = pieces.last - pieces.first + 1
    lines = Lines(
        tail=pieces.tail,
        head=pieces.head,
        kmh=ways.kmh[mode][pieces.way],
        may_snap=ways.may_snap[pieces.way],
        name_index=ways.name_index[pieces.way],
        line_start=np.concatenate([[0], np.cumsum(count)]),
        xy=ways.xy[ranges(pieces.first, count)],
    )
    lines = join_lines(lines)
    kept, ends = np.unique(np.concatenate([lines.tail, lines.head]), return_inverse=True)
    point = pieces.node_point[kept]
    lines = replace(lines, tail=ends[: len(lines)], head=ends[len(lines) :])
    return directed(lines, mode, ways.xy[point], ways.node_id[point], ways.names)


def directed(
    lines: Lines, mode: StreetMode, node_xy: NDArray[np.float64], node_osm_id: NDArray[np.int64], names: tuple[str, ...]
) -> StreetGraph:
    """Return the graph in which every open direction of every line is an edge, and the two of a street name each other.

    Raises:
        ValueError: there is no line, or one is impossibly long.
    """
    if len(lines) == 0:
        raise ValueError(f"no way is open to the mode '{mode}'")
    source, forward = (index.ravel() for index in np.meshgrid(np.arange(len(lines)), [True, False], indexing="ij"))
    kmh = lines.kmh.ravel()
    is_open = kmh > 0
    has_twin = np.repeat(is_open.reshape(-1, 2).all(axis=1), 2)[is_open]
    source, forward, kmh = source[is_open], forward[is_open], kmh[is_open]
    tail = np.where(forward, lines.tail[source], lines.head[source])
    head = np.where(forward, lines.head[source], lines.tail[source])
    # A street's two directions are neighbours here: the first looks forward, the second back.
    twin = np.where(has_twin, np.arange(len(source)) + np.where(forward, 1, -1), -1)
    order = np.lexsort((head, tail))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    twin = np.where(twin >= 0, place[twin], -1)[order]
    source, forward, kmh, tail, head = source[order], forward[order], kmh[order], tail[order], head[order]
    count = np.diff(lines.line_start)[source]
    points = ranges(
        np.where(forward, lines.line_start[source], lines.line_start[source + 1] - 1), count, np.where(forward, 1, -1)
    )
    length_m = line_lengths(lines.xy, lines.line_start)[source]
    return StreetGraph(
        mode=mode,
        node_xy=node_xy,
        node_osm_id=node_osm_id,
        tail=tail.astype(np.int32),
        head=head.astype(np.int32),
        twin=twin.astype(np.int32),
        length_m=length_m,
        travel_ms=_whole_ms(length_m, kmh),
        is_snappable=lines.may_snap[source] & _hangs_together(tail, head, len(node_xy)),
        name_index=lines.name_index[source].astype(np.int32),
        names=names,
        line_start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        line_xy=lines.xy[points],
    )


def line_lengths(xy: NDArray[np.float64], line_start: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the length in metres of each line of points."""
    step = np.zeros(len(xy))
    step[1:] = np.hypot(*np.diff(xy, axis=0).T)
    step[line_start[:-1]] = 0.0
    return np.add.reduceat(step, line_start[:-1])


def _cut(ways: Ways, mode: StreetMode) -> _Pieces:
    """Cut the mode's ways where they branch, end or are blocked. A blocked node becomes a dead end of each stretch there."""
    used = np.flatnonzero(ways.kmh[mode].any(axis=1))
    count = np.diff(ways.way_start)[used]
    points = ranges(ways.way_start[used], count)
    way = np.repeat(used, count)
    node_id, node_first, node = np.unique(ways.node_id[points], return_index=True, return_inverse=True)
    ends = np.zeros(len(points), dtype=bool)
    ends[np.cumsum(count) - count] = True
    ends[np.cumsum(count) - 1] = True
    degree = np.bincount(node, weights=np.where(ends, 1, 2), minlength=len(node_id))
    is_blocked = np.isin(node_id, ways.blocked[mode])
    cuts = np.flatnonzero(ends | (degree != 2)[node] | is_blocked[node])
    first, last = cuts[:-1], cuts[1:]
    same_way = (way[first] == way[last]) if len(cuts) else np.zeros(0, dtype=bool)
    first, last = first[same_way], last[same_way]
    nodes = np.concatenate([node[first], node[last]])
    node_point = points[node_first]
    blocked_ends = np.flatnonzero(is_blocked[nodes])
    node_point = np.concatenate([node_point, node_point[nodes[blocked_ends]]])
    nodes[blocked_ends] = len(node_id) + np.arange(len(blocked_ends))
    return _Pieces(points[first], points[last], nodes[: len(first)], nodes[len(first) :], way[first], node_point)


def _whole_ms(length_m: NDArray[np.float64], kmh: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Return whole milliseconds, at least one."""
    travel_ms = np.maximum(1.0, np.rint(length_m * 3600.0 / kmh))
    if travel_ms.max() > LONGEST_EDGE_MS:
        raise ValueError(f"a way takes {travel_ms.max() / 86_400_000:.0f} days")
    return travel_ms.astype(np.uint32)


def _hangs_together(tail: NDArray[np.int64], head: NDArray[np.int64], n_nodes: int) -> NDArray[np.bool_]:
    """Say which edges lie in the largest strongly connected part (by nodes; the lowest-numbered one of equals)."""
    matrix = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(n_nodes, n_nodes)).tocsr()
    _, part = connected_components(matrix, directed=True, connection="strong")
    sizes = np.bincount(part)
    first_node = np.full(len(sizes), n_nodes)
    np.minimum.at(first_node, part, np.arange(n_nodes))
    largest = np.lexsort((first_node, -sizes))[0]
    return (part[tail] == largest) & (part[head] == largest)
