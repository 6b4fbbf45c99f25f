"""Reckon what slopes do to walking and cycling: heights along lines become factors of time, one for each direction.

Walking follows Tobler (1993), *Three presentations on geographical analysis and modeling*: 6 exp(-3.5 |s + 0.05|) km/h on a slope s,
taken relative to the flat. Cycling follows Parkin and Rotheram (2010), *Design speeds and acceleration characteristics of bicycle
traffic*: 6.01 m/s on the flat, 0.4002 m/s less for each per cent up, 0.2379 m/s more for each per cent down, relative likewise; where
pushing is quicker the cycle is pushed. On bridges and in tunnels the terrain is not the street: it runs evenly between their ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csgraph
from scipy.sparse.linalg import spsolve

from geo.streets import rules
from geo.streets.graph import StreetMode
from geo.streets.join import Lines
from geo.streets.ways import Ways, ranges

SPACING_M = 25.0  # heights are read at least so often along a line, evenly: ours
STEEPEST = (
    0.40  # what is steeper is taken for a fault of the raster: Wales' steepest street, Ffordd Pen Llech, has 0.37
)
TOBLER_RATE, TOBLER_BEST = 3.5, 0.05
RIDE_UP, RIDE_DOWN = 100 * 0.4002 / 6.01, 100 * 0.2379 / 6.01  # of the speed on the flat, for a slope of 1
RIDE_DOWN_TO = 0.15  # how steep the descents were that were measured
SLOWEST_RIDE = 0.01  # of the speed on the flat, so that nothing is divided by 0: all push long before

HeightsAt = Callable[
    [NDArray[np.float64]], NDArray[np.float64]
]  # (points, 2) in EPSG:27700 → metres, NaN where unknown


@dataclass(frozen=True)
class Relief:
    """The heights of an area's ways. ``span`` names the bridge or tunnel that a point of the ways is part of, its ends included; -1: none.

    ``span_height_m`` are heights of such points in metres; NaN where nothing is known of either end, and on the ground.
    """

    heights_at: HeightsAt
    span: NDArray[np.int64]  # (points of the ways,)
    span_height_m: NDArray[np.float64]


@dataclass(frozen=True)
class Climb:
    """What slopes do to the lines of one mode: factors of time along the drawing and against it, and what they rest on."""

    factor: NDArray[np.float64]  # (lines, 2)
    unknown_m: NDArray[np.float64]  # (lines,) metres whose height is not known: flat
    too_steep_m: NDArray[np.float64]  # (lines,) metres beyond STEEPEST: taken for that steep
    length_m: NDArray[np.float64]  # (lines,) of those on land


def relief_of(ways: Ways, heights_at: HeightsAt) -> Relief:
    """Return the heights of ``ways``; those along bridges and tunnels rise evenly between the ends that stand on the ground."""
    span = np.full(len(ways.xy), -1, dtype=np.int64)
    height_m = np.full(len(ways.xy), np.nan)
    spans = np.flatnonzero(ways.lie == rules.ON_SPAN)
    if len(spans) == 0:
        return Relief(heights_at, span, height_m)
    first, count = ways.way_start[spans], np.diff(ways.way_start)[spans]
    points = ranges(first, count)
    ids, at, node = np.unique(ways.node_id[points], return_index=True, return_inverse=True)
    joins = np.ones(len(points), dtype=bool)
    joins[np.cumsum(count) - 1] = False  # a way's last point leads nowhere
    tail = np.flatnonzero(joins)
    part, of_node = _parts(node[tail], node[tail + 1], len(ids))
    xy = ways.xy[points]
    step_m = np.maximum(np.hypot(*(xy[tail + 1] - xy[tail]).T), 0.01)
    is_end = np.zeros(len(ids), dtype=bool)
    is_end[node[np.concatenate([np.cumsum(count) - count, np.cumsum(count) - 1])]] = True
    known_m = np.where(_stands(ways, ids, is_end, of_node, part), heights_at(xy[at]), np.nan)
    even_m = _evenly(node[tail], node[tail + 1], step_m, known_m, of_node, part)
    # Where lines are joined, the point that is kept may be the street's.
    also = np.flatnonzero(np.isin(ways.node_id, ids))
    node = np.searchsorted(ids, ways.node_id[also])
    span[also], height_m[also] = of_node[node], even_m[node]
    return Relief(heights_at, span, height_m)


def _parts(tail: NDArray[np.int64], head: NDArray[np.int64], n_nodes: int) -> tuple[int, NDArray[np.int64]]:
    """Return how many bridges and tunnels there are, and which each node is part of."""
    matrix = coo_array((np.ones(len(tail)), (tail, head)), shape=(n_nodes, n_nodes))
    n_parts, of_node = csgraph.connected_components(matrix, directed=False)
    return n_parts, of_node.astype(np.int64)


def _stands(
    ways: Ways, ids: NDArray[np.int64], is_end: NDArray[np.bool_], of_node: NDArray[np.int64], n_parts: int
) -> NDArray[np.bool_]:
    """Say which nodes of bridges and tunnels lie on the terrain: ends that meet a street; where none does, ends that meet steps."""
    found = np.zeros(len(ids), dtype=bool)
    for lie in (rules.ON_GROUND, rules.ON_STEPS):
        others = np.flatnonzero(ways.lie == lie)
        nodes = ways.node_id[ranges(ways.way_start[others], np.diff(ways.way_start)[others])]
        is_served = np.zeros(n_parts, dtype=bool)
        is_served[of_node[found]] = True
        found |= is_end & np.isin(ids, nodes) & ~is_served[of_node]
    return found


def _evenly(
    tail: NDArray[np.int64],
    head: NDArray[np.int64],
    step_m: NDArray[np.float64],
    known_m: NDArray[np.float64],
    of_node: NDArray[np.int64],
    n_parts: int,
) -> NDArray[np.float64]:
    """Return heights (nodes,) with no bend between the known ones: each other node lies between its neighbours, the nearer counting more.

    Along one bridge this is the straight line between its ends; where several meet, the even surface of Laplace's equation.
    """
    n_nodes = len(known_m)
    is_known = np.isfinite(known_m)
    is_served = np.zeros(n_parts, dtype=bool)
    is_served[of_node[is_known]] = True
    free = np.flatnonzero(~is_known & is_served[of_node])
    height_m = known_m.copy()
    if len(free) == 0:
        return height_m
    ends = (np.concatenate([tail, head]), np.concatenate([head, tail]))
    weight = coo_array((np.tile(1 / step_m, 2), ends), shape=(n_nodes, n_nodes)).tocsr()
    inner = weight[free]
    total = np.asarray(inner.sum(axis=1)).ravel()
    pull = inner @ np.nan_to_num(known_m)
    balance = coo_array((total, (np.arange(len(free)), np.arange(len(free))))).tocsc() - inner[:, free].tocsc()
    height_m[free] = spsolve(balance, pull)
    return height_m


def climb(relief: Relief, ways: Ways, lines: Lines, mode: StreetMode) -> Climb:
    """Return what slopes do to ``lines`` of one mode: nothing to cars, on ferries, and where a height is not known."""
    first, piece_m, segment, share = _samples(lines)
    height_m = np.round(_heights(relief, lines, segment, share), 3)  # so that what is level stays level
    n_pieces = np.diff(first) - 1
    is_piece = np.ones(len(height_m), dtype=bool)
    is_piece[first[1:] - 1] = False
    begin = np.flatnonzero(is_piece)
    line = np.repeat(np.arange(len(lines)), n_pieces)
    is_land = ways.lie[lines.way[:, 0]] != rules.ON_WATER
    rise = (height_m[begin + 1] - height_m[begin]) / np.maximum(piece_m[line], 0.01)
    is_unknown = np.isnan(rise)
    is_too_steep = np.abs(rise) > STEEPEST
    rise = np.where(is_land[line] & ~is_unknown, np.clip(rise, -STEEPEST, STEEPEST), 0.0)
    begins = np.cumsum(n_pieces) - n_pieces
    factors = [
        np.add.reduceat(pace(mode, way * rise, lines.kmh[line, side]), begins) / n_pieces
        for side, way in enumerate((1.0, -1.0))
    ]
    return Climb(
        factor=np.column_stack(factors),
        unknown_m=np.add.reduceat(is_unknown * 1.0, begins) * piece_m * is_land,
        too_steep_m=np.add.reduceat(is_too_steep * 1.0, begins) * piece_m * is_land,
        length_m=n_pieces * piece_m * is_land,
    )


def pace(mode: StreetMode, rise: NDArray[np.float64], kmh: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the time on slopes ``rise`` (metres up for each metre ahead) as a multiple of that on the flat, at ``kmh``.

    1 on the flat. A cycle at walking speed or less is pushed: it takes what walking takes.
    """
    if mode == "drive":
        return np.ones(len(rise))
    on_foot = np.exp(TOBLER_RATE * (np.abs(rise + TOBLER_BEST) - TOBLER_BEST))
    if mode == "walk":
        return on_foot
    change = np.where(rise > 0, -RIDE_UP * rise, -RIDE_DOWN * np.maximum(rise, -RIDE_DOWN_TO))
    ridden = 1 / np.maximum(1 + change, SLOWEST_RIDE)
    pushed = on_foot * np.maximum(kmh / rules.WALK_KMH, 1.0)
    return np.where(kmh > rules.WALK_KMH, np.minimum(ridden, pushed), on_foot)


def _samples(
    lines: Lines,
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return places along every line, both ends included, at even steps of at most :data:`SPACING_M`.

    Those of line ``i`` are ``first[i]:first[i + 1]``, ``piece_m[i]`` apart; each lies ``share`` of the way from
    the point ``segment`` to the next.
    """
    step_m = np.zeros(len(lines.xy))
    step_m[1:] = np.hypot(*np.diff(lines.xy, axis=0).T)
    step_m[lines.line_start[:-1]] = 0.0
    way_m = np.cumsum(step_m)
    begin, end = lines.line_start[:-1], lines.line_start[1:] - 1
    length_m = way_m[end] - way_m[begin]
    n_pieces = np.maximum(1, np.ceil(length_m / SPACING_M)).astype(np.int64)
    piece_m = length_m / n_pieces
    first = np.concatenate([[0], np.cumsum(n_pieces + 1)])
    line = np.repeat(np.arange(len(lines)), n_pieces + 1)
    number = np.arange(first[-1]) - first[line]
    at_m = way_m[begin[line]] + number * piece_m[line]
    segment = np.clip(np.searchsorted(way_m, at_m, side="right") - 1, begin[line], end[line] - 1)
    segment_m = way_m[segment + 1] - way_m[segment]
    share = np.clip((at_m - way_m[segment]) / np.where(segment_m > 0, segment_m, 1.0), 0.0, 1.0)
    is_last = number == n_pieces[line]
    return first, piece_m, np.where(is_last, end[line] - 1, segment), np.where(is_last, 1.0, share)


def _heights(
    relief: Relief, lines: Lines, segment: NDArray[np.int64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the height of each sample: the terrain's, or on a bridge or in a tunnel that between its points."""
    one, other = lines.point[segment], lines.point[segment + 1]
    is_span = (relief.span[one] >= 0) & (relief.span[one] == relief.span[other])
    height_m = (1 - share) * relief.span_height_m[one] + share * relief.span_height_m[other]
    ground = np.flatnonzero(~is_span)
    xy = (1 - share[ground, None]) * lines.xy[segment[ground]] + share[ground, None] * lines.xy[segment[ground] + 1]
    height_m[ground] = relief.heights_at(xy)
    return height_m
