"""Streets of a quarter by its pattern: grids of terraces, closes of an estate, loose avenues of villas, village lanes."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import shapely
import shapely.affinity
from scipy.spatial import cKDTree
from shapely.geometry import MultiPoint, Point, Polygon

from geo.demo.land import Xy, metres
from geo.demo.names import close_names, street_names
from geo.demo.places import QUARTERS, Quarter
from geo.demo.weave import Way


@dataclass(frozen=True)
class Grain:
    """How dense a pattern is: spacing across and along its streets, how irregular, and the share of pieces left out."""

    across_m: float
    along_m: float
    jitter: float
    gaps: float


GRAINS = {
    "centre": Grain(95, 95, 0.16, 0.16),
    "terrace": Grain(72, 150, 0.08, 0.11),
    "villas": Grain(150, 190, 0.24, 0.22),
    "valley": Grain(66, 170, 0.10, 0.12),
    "village": Grain(105, 130, 0.26, 0.42),
}
TWENTY = {"maxspeed": "20 mph"}


def quarter_streets(quarter: Quarter, shape: Polygon, rng: random.Random) -> list[Way]:
    """Return the streets of ``quarter`` within its ground, ``shape``."""
    shapely.prepare(shape)
    return list(_estate(quarter, shape, rng) if quarter.pattern == "estate" else _grid(quarter, shape, rng))


def quarter_grounds(land: Polygon) -> dict[str, Polygon]:
    """Return the ground of each quarter: its ellipse, less the sea, the shore and what lies nearer to another quarter."""
    centres = [Point(metres(quarter.xy_km)) for quarter in QUARTERS]
    cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(centres), extend_to=land))
    found = {}
    for quarter, centre in zip(QUARTERS, centres, strict=True):
        ellipse = shapely.affinity.scale(
            Point(0, 0).buffer(1, 24), 1000 * quarter.half_km[0], 1000 * quarter.half_km[1]
        )
        ellipse = shapely.affinity.rotate(ellipse, -quarter.angle_deg, origin=(0, 0))
        cell = next(cell for cell in cells if cell.contains(centre))
        shape = shapely.affinity.translate(ellipse, *metres(quarter.xy_km)).intersection(land.buffer(-70))
        shape = shape.intersection(cell.buffer(-18))
        found[quarter.key] = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    return found


def seams(ways: Sequence[Way]) -> list[Way]:
    """Return the short streets that join neighbouring quarters, one every 150 m or so along their border."""
    corners: dict[str, list[Xy]] = {}
    for way in ways:
        if way.quarter and way.tags["highway"] != "steps":
            corners.setdefault(way.quarter, []).extend(way.points)
    found: list[Way] = []
    for a, b in combinations(sorted(corners), 2):
        near = sorted(set(corners[b]))
        sources = sorted(set(corners[a]))
        reached = cKDTree(np.array(near)).query(np.array(sources), distance_upper_bound=140)
        distances, index = map(np.atleast_1d, reached)
        used: list[Xy] = []
        for n in np.argsort(distances, kind="stable"):
            if not np.isfinite(distances[n]):
                break
            if all(math.dist(sources[n], other) > 150 for other in used):
                used.append(sources[n])
                found.append(Way((sources[n], near[index[n]]), {"highway": "residential", **TWENTY}, 0, a))
    return found


def _turn(quarter: Quarter, u: float, v: float) -> Xy:
    """Return a point ``u`` metres across and ``v`` along the grain of the quarter; the grain bends a little, as hills make it."""
    bend = 0.00006 * v * v if quarter.pattern in ("valley", "villas") else 0.00005 * v * v
    u += bend
    angle = -math.radians(quarter.angle_deg)
    cx, cy = metres(quarter.xy_km)
    x = cx + u * math.cos(angle) - v * math.sin(angle)
    y = cy + u * math.sin(angle) + v * math.cos(angle)
    return round(x, 1), round(y, 1)


def _grid(quarter: Quarter, shape: Polygon, rng: random.Random) -> Iterator[Way]:
    grain = GRAINS[quarter.pattern]
    reach = 1000 * max(quarter.half_km) * 1.1
    columns, rows = int(reach / grain.across_m), int(reach / grain.along_m)
    corner: dict[tuple[int, int], Xy] = {}
    for i in range(-columns, columns + 1):
        for j in range(-rows, rows + 1):
            u = (i + rng.gauss(0, grain.jitter)) * grain.across_m
            v = (j + rng.gauss(0, grain.jitter) + (0.5 * (i % 2) if quarter.pattern == "villas" else 0)) * grain.along_m
            point = _turn(quarter, u, v)
            if shape.contains(Point(point)):
                corner[i, j] = point
    names = iter(street_names(rng))
    lengthwise = [[(i, j) for j in range(-rows, rows + 1)] for i in range(-columns, columns + 1)]
    crosswise = [[(i, j) for i in range(-columns, columns + 1)] for j in range(-rows, rows + 1)]
    for n, line in enumerate(lengthwise):
        yield from _streets_along(quarter, [corner.get(c) for c in line], rng, names, grain.gaps, is_main=n % 5 == 2)
    for n, line in enumerate(crosswise):
        # Terraces are long blocks: streets across them are fewer, some only steps or an alley.
        steps = quarter.pattern == "valley" and n % 2 == 0
        yield from _streets_along(
            quarter, [corner.get(c) for c in line], rng, names, grain.gaps * 1.6, is_main=n % 4 == 1, is_steps=steps
        )


def _streets_along(
    quarter: Quarter,
    line: Sequence[Xy | None],
    rng: random.Random,
    names: Iterator[tuple[str, str]],
    gaps: float,
    *,
    is_main: bool,
    is_steps: bool = False,
) -> Iterator[Way]:
    """Cut one line of corners into streets: where a corner is missing, at random gaps, and where the name changes."""
    run: list[Xy] = []
    longest = rng.randint(4, 9)
    for point in [*line, None]:
        if point is not None:
            run.append(point)
        is_gap = not is_main and rng.random() < gaps
        if point is None or is_gap or len(run) > longest:
            if len(run) > 1:
                yield Way(tuple(run), _tags(quarter, names, rng, is_main, is_steps), 0, quarter.key)
            run = [] if point is None or is_gap else [run[-1]]
            longest = rng.randint(4, 9)


def _tags(
    quarter: Quarter, names: Iterator[tuple[str, str]], rng: random.Random, is_main: bool, is_steps: bool
) -> dict[str, str]:
    if is_steps and rng.random() < 0.6:
        return {"highway": "steps", "surface": "paving_stones"}
    found = next(names, None)
    named = {} if found is None else {"name": found[0], "name:cy": found[0], "name:en": found[1]}
    if is_main and quarter.pattern not in ("village",):
        return {"highway": "tertiary", **named, "maxspeed": "20 mph", "sidewalk": "both"}
    if quarter.pattern == "centre" and rng.random() < 0.08:
        return {"highway": "pedestrian", **named}
    if quarter.pattern in ("centre", "terrace") and rng.random() < 0.12:
        return {"highway": "residential", **named, **TWENTY, "oneway": "yes"}
    return {"highway": "residential", **named, **TWENTY}


def _estate(quarter: Quarter, shape: Polygon, rng: random.Random) -> Iterator[Way]:
    """Yield collectors through the estate with closes off both sides; footpaths join some of their ends."""
    names, closes = iter(street_names(rng)), iter(close_names(rng) * 12)
    reach = 1000 * max(quarter.half_km) * 1.1
    spines = [
        [_turn(quarter, u, v) for v in range(-int(reach), int(reach), 85)] for u in range(-int(reach), int(reach), 260)
    ]
    ends: list[Xy] = []
    for spine in spines:
        run = [point for point in spine if shape.contains(Point(point))]
        if len(run) < 3:
            continue
        name = next(names)
        named = {"name": name[0], "name:cy": name[0], "name:en": name[1]}
        yield Way(tuple(run), {"highway": "tertiary", **named, **TWENTY}, 0, quarter.key)
        for k, start in enumerate(run[1:-1]):
            way, end = _close(quarter, shape, start, run[k + 2], 1 if k % 2 else -1, next(closes), rng)
            if way is not None and end is not None:
                yield way
                ends.append(end)
    for u_line in (-0.45, 0.0, 0.45):  # streets that join the collectors
        line = [_turn(quarter, u, u_line * reach) for u in range(-int(reach), int(reach), 60)]
        run = [point for point in line if shape.contains(Point(point))]
        if len(run) > 2:
            name = next(names)
            yield Way(
                tuple(run),
                {"highway": "residential", "name": name[0], "name:cy": name[0], "name:en": name[1], **TWENTY},
                0,
                quarter.key,
            )
    for a, b in pairwise(ends):
        if 20 < math.dist(a, b) < 190 and rng.random() < 0.4:
            yield Way((a, b), {"highway": "footway", "surface": "asphalt"}, 0, quarter.key)


def _close(
    quarter: Quarter, shape: Polygon, start: Xy, along: Xy, side: int, name: tuple[str, str], rng: random.Random
) -> tuple[Way | None, Xy | None]:
    length = math.dist(start, along)
    ux, uy = (along[0] - start[0]) / length, (along[1] - start[1]) / length
    points = [start]
    for step in range(1, rng.randint(2, 4)):
        curl = rng.gauss(0, 7) + step * step * 5
        out = side * step * 38
        points.append((round(start[0] - uy * out + ux * curl, 1), round(start[1] + ux * out + uy * curl, 1)))
    points = [point for point in points if shape.contains(Point(point))]
    if len(points) < 2 or points[0] != start:
        return None, None
    tags = {
        "highway": "residential",
        "name": name[0],
        "name:cy": name[0],
        "name:en": name[1],
        **TWENTY,
        "noexit": "yes",
    }
    return Way(tuple(points), tags, 0, quarter.key), points[-1]
