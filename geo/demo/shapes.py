"""The outlines of the zones: they tile the land without a gap or an overlap, and every origin lies in its own."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.demo.land import Xy, wander
from geo.demo.people import Zone

GRID_M = 0.1


def zone_shapes(zones: Sequence[Zone], land: Polygon) -> list[MultiPolygon]:
    """Return the polygon of each zone: the ground nearer to one of its origins than to another zone's; together they tile the land.

    All borders are noded together and the faces gathered again, so that neighbours share every vertex. Borders in the
    country wind as streams do, as far as that leaves every origin in its zone.
    """
    points = [origin.xy for zone in zones for origin in zone.origins]
    owner = np.array([n for n, zone in enumerate(zones) for _ in zone.origins])
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(points), extend_to=land.buffer(2000), ordered=True))
    merged = [shapely.coverage_union_all(cells[owner == n]) for n in range(len(zones))]
    borders = shapely.node(shapely.union_all([land.exterior, *shapely.boundary(merged)], grid_size=GRID_M))
    for winding in (0.07, 0.035, 0.0):
        shapes = _gather(_winding(borders, land, winding), land, points, owner)
        if shapes is not None:
            return shapes
    raise ValueError("an origin lies on the border of its zone")


def _winding(borders: BaseGeometry, land: Polygon, amount: float) -> BaseGeometry:
    """Return ``borders`` with their long pieces inland winding by ``amount``; each piece has its own chance, so the order is no matter."""
    coast_line = land.exterior.buffer(1)
    lines = []
    for line in shapely.get_parts(shapely.line_merge(borders)):
        xy = [(x, y) for x, y in line.coords]
        is_coast = coast_line.contains(line.interpolate(0.5, normalized=True))
        if not is_coast and amount:
            xy = wander(xy, random.Random(repr(min(xy[0], xy[-1]))), amount, 220)
        lines.append(LineString(xy))
    return shapely.node(shapely.union_all(lines, grid_size=GRID_M))


def _gather(
    borders: BaseGeometry, land: Polygon, points: Sequence[Xy], owner: NDArray[np.int64]
) -> list[MultiPolygon] | None:
    """Return the faces between ``borders`` by zone, or None where one holds origins of two zones."""
    tree = shapely.STRtree([Point(point) for point in points])
    faces: dict[int, list[Polygon]] = defaultdict(list)
    for face in shapely.get_parts(shapely.polygonize([borders])):
        inside = face.representative_point()
        if not land.contains(inside):
            continue
        holders = set(owner[tree.query(face, predicate="contains")].tolist())
        if len(holders) > 1:
            return None
        faces[holders.pop() if holders else int(owner[int(tree.nearest(inside))])].append(face)
    shapes = [shapely.coverage_union_all(faces[n]) for n in range(int(owner.max()) + 1)]
    return [MultiPolygon(shapely.get_parts(shape).tolist()) for shape in shapes]
