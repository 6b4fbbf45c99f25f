"""Put points on the nearest street that a mode may use, with the walk from the door to the street."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.streets.graph import PlacedPoints, StreetGraph
from geo.streets.rules import WALK_KMH

RADII_M = (300.0, 1600.0)  # docs/methods.md: R5 looks within the first, then the second


def edge_lines(graph: StreetGraph, edges: NDArray[np.integer]) -> NDArray[np.object_]:
    """Return the lines of ``edges`` as shapely geometries, from tail to head."""
    count = np.diff(graph.line_start)[edges]
    first = np.cumsum(count) - count
    points = np.repeat(graph.line_start[edges] - first, count) + np.arange(count.sum())
    return shapely.linestrings(graph.line_xy[points], indices=np.repeat(np.arange(len(edges)), count))


class StreetIndex:
    """Finds the nearest street of one graph. Made once for many questions: 0.1 s for Newport."""

    def __init__(self, graph: StreetGraph) -> None:
        numbers = np.arange(graph.n_edges)
        self._offered = np.flatnonzero(graph.is_snappable & ((graph.twin < 0) | (numbers <= graph.twin)))
        self._lines = edge_lines(graph, self._offered)
        self._tree = shapely.STRtree(self._lines)
        self._extent = shapely.polygons(graph.extent_xy) if len(graph.extent_xy) else None

    def place(self, xy: NDArray[np.float64], radii_m: Sequence[float] = RADII_M) -> PlacedPoints:
        """Return the points ``xy`` on the graph; see :func:`place_points`."""
        xy = np.array(xy, dtype=np.float64).reshape(-1, 2)
        edge = np.full(len(xy), -1, dtype=np.int32)
        share, snap_m = np.zeros(len(xy)), np.full(len(xy), np.nan)
        points = np.atleast_1d(np.asarray(shapely.points(xy), dtype=object))
        is_known = np.isfinite(xy).all(axis=1)
        if self._extent is not None:
            is_known &= shapely.intersects_xy(self._extent, xy)
        for radius_m in radii_m if len(self._offered) else ():
            waiting = np.flatnonzero((edge < 0) & is_known)
            (asked, found), distance_m = self._tree.query_nearest(
                points[waiting], max_distance=radius_m, return_distance=True
            )
            order = np.lexsort((found, asked))
            asked, first = np.unique(asked[order], return_index=True)
            found, distance_m, rows = found[order][first], distance_m[order][first], waiting[asked]
            edge[rows], snap_m[rows] = self._offered[found], distance_m
            along = shapely.line_locate_point(self._lines[found], points[rows], normalized=True)
            share[rows] = np.clip(np.nan_to_num(along, nan=0.0), 0.0, 1.0)  # NaN: two nodes mapped at one spot
        access_ms = np.rint(np.nan_to_num(snap_m) * 3600.0 / WALK_KMH).astype(np.int64)
        return PlacedPoints(xy, edge, share, snap_m, access_ms)


def place_points(graph: StreetGraph, xy: NDArray[np.float64], radii_m: Sequence[float] = RADII_M) -> PlacedPoints:
    """Return the points ``xy`` (points, 2; EPSG:27700) on their nearest snappable edge, within the last of ``radii_m``.

    A street's two directions are one place: of the two edges the lower number is given. Of streets equally near, so is the
    lowest number. The walk to the street is straight, at 4.8 km/h. Points farther away, outside the
    graph's extent or with missing coordinates are *not placed*: ``edge`` is -1. To place points many times, keep a :class:`StreetIndex`.
    """
    return StreetIndex(graph).place(xy, radii_m)
