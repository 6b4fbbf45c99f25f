"""The land of Cantre'r Gwaelod: its coast and ridges as tables of points, and the ways to draw natural lines.

Table coordinates are kilometres east and north of :data:`CORNER`, a stretch of open water in Cardigan Bay.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise

import shapely
from pyproj import Transformer
from shapely.geometry import LineString, Polygon

CORNER = (203_000.0, 266_000.0)  # EPSG:27700, the south-west corner of the land
Xy = tuple[float, float]

COAST_KM: tuple[Xy, ...] = (
    (19.35, 6.9), (19.45, 7.8), (19.15, 8.6), (18.85, 9.3), (18.55, 9.65), (18.3, 9.2), (18.2, 8.5), (18.0, 7.8), (18.1, 7.0),
    (17.5, 6.75), (16.4, 6.7), (15.2, 6.75), (13.8, 7.3), (12.3, 8.5), (10.6, 9.9), (9.2, 10.8), (7.7, 11.1), (6.9, 12.0),
    (6.3, 13.4), (5.2, 14.5), (3.7, 15.3), (2.9, 16.5), (3.1, 17.9), (3.7, 19.2), (4.3, 20.6), (3.5, 21.9), (2.3, 22.7),
    (2.9, 23.6), (4.0, 24.9), (5.1, 26.4), (6.6, 28.1), (7.3, 30.0), (7.6, 32.0), (8.7, 33.8), (9.2, 36.2), (10.4, 38.1),
    (12.2, 39.5), (14.6, 40.0), (16.9, 38.7), (18.2, 39.2), (19.4, 40.6), (21.6, 41.2), (23.4, 40.3), (24.6, 41.7), (25.6, 40.1),
    (26.6, 39.6), (28.3, 37.6), (29.6, 35.2), (30.9, 33.1), (31.2, 30.5), (32.4, 28.1), (33.1, 25.8), (32.3, 24.2), (31.2, 22.9),
    (32.4, 21.9), (32.8, 20.2), (31.6, 18.0), (32.2, 15.5), (31.5, 12.6), (31.9, 10.2), (30.6, 8.0), (28.4, 7.3), (26.0, 7.1),
    (24.0, 6.5), (21.8, 6.3), (20.3, 6.3),
)  # fmt: skip
RIDGES_KM: tuple[tuple[Xy, ...], ...] = (  # no lane crosses these; the A roads go over the passes between their ends
    ((20.4, 13.6), (20.9, 18.0), (20.2, 22.0), (20.5, 26.6)),
    ((25.6, 12.2), (26.6, 17.0), (27.2, 22.0), (27.9, 28.8)),
    ((14.6, 17.2), (13.0, 20.5), (12.2, 24.0), (11.8, 27.4)),
)


# EPSG:1314, written out: PROJ would choose another transformation where it finds grids, and the files would differ by metres.
_TO_LONLAT = Transformer.from_pipeline(
    "+proj=pipeline +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+step +proj=push +v_3 +step +proj=cart +ellps=airy +step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 "
    "+ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector +step +inv +proj=cart +ellps=WGS84 "
    "+step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


def metres(xy_km: Xy) -> Xy:
    """Return table coordinates as EPSG:27700 metres."""
    return CORNER[0] + xy_km[0] * 1000, CORNER[1] + xy_km[1] * 1000


def lonlat(xy: Xy) -> Xy:
    """Return EPSG:27700 metres as WGS 84 degrees, to seven places (a centimetre), as OpenStreetMap keeps them."""
    lon, lat = _TO_LONLAT.transform(*xy)
    return round(lon, 7), round(lat, 7)


def wander(points: Sequence[Xy], rng: random.Random, amount: float, step_m: float) -> list[Xy]:
    """Return ``points`` as a natural line: midpoints are displaced sideways until no piece is longer than ``step_m``.

    ``amount`` is the displacement as a share of a piece's length (one standard deviation); the given points stay.
    """

    def between(a: Xy, b: Xy) -> list[Xy]:
        length = math.dist(a, b)
        if length <= step_m:
            return [a]
        aside = rng.gauss(0, amount)
        aside = max(-2 * amount, min(2 * amount, aside))
        mid = ((a[0] + b[0]) / 2 - (b[1] - a[1]) * aside, (a[1] + b[1]) / 2 + (b[0] - a[0]) * aside)
        return between(a, mid) + between(mid, b)

    found = [point for a, b in pairwise(points) for point in between(a, b)]
    return [(round(x, 1), round(y, 1)) for x, y in [*found, points[-1]]]


def round_off(points: Sequence[Xy]) -> list[Xy]:
    """Return ``points`` with the corners cut once (Chaikin); both ends stay."""
    found = [points[0]]
    for (ax, ay), (bx, by) in pairwise(points):
        found += [(0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by), (0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by)]
    return [*found, points[-1]]


def coast(seed: int) -> Polygon:
    """Return the land as one polygon, EPSG:27700."""
    rng = random.Random(f"{seed}/coast")
    ring = wander([metres(point) for point in (*COAST_KM, COAST_KM[0])], rng, 0.13, 150)
    land = Polygon(ring)
    if not land.is_valid:  # a spit that crossed itself: keep the main part
        land = max(shapely.make_valid(land).geoms, key=lambda part: part.area)
    return Polygon(land.exterior)


def ridges() -> list[LineString]:
    """Return the mountain ridges that no lane crosses, EPSG:27700."""
    return [LineString([metres(point) for point in line]) for line in RIDGES_KM]
