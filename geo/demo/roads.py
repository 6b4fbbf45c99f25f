"""The roads of Cantre'r Gwaelod: main roads, streets of the quarters, lanes between farms, and links for walkers only."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely
from scipy.spatial import Delaunay
from shapely.geometry import LineString, Point, Polygon

from geo.demo.land import Xy, coast, metres, ridges, round_off, wander
from geo.demo.main_roads import MAIN_ROADS, ROUNDABOUTS_KM
from geo.demo.names import farm_names
from geo.demo.places import QUARTERS
from geo.demo.town import quarter_grounds, quarter_streets, seams
from geo.demo.weave import Network, Way, weave

ROUNDABOUT_M = 24.0  # radius


def main_road_ways(seed: int) -> list[Way]:
    """Return the main roads, winding between the points of the table."""
    found = []
    for number, road in enumerate(MAIN_ROADS):
        rng = random.Random(f"{seed}/road/{number}")
        line = wander([metres(p) for p in road.via], rng, road.winding, 450)
        smooth = [line[0], *[(round(x, 1), round(y, 1)) for x, y in round_off(line)[1:-1]], line[-1]]
        points = _through(smooth, [metres(road.via[0]), metres(road.via[-1])])
        names = {"name": road.name_cy, "name:cy": road.name_cy, "name:en": road.name_en}
        found.append(Way(tuple(points), {"highway": road.highway, "ref": road.ref, **names, "maxspeed": road.maxspeed}))
    for name, xy_km in ROUNDABOUTS_KM:
        centre = metres(xy_km)
        found = [_cut_back(way, centre) for way in found]
        found.append(_roundabout(name, centre, found))
    return found


def _cut_back(way: Way, centre: Xy) -> Way:
    """Let a road that ends at ``centre`` end on the roundabout there."""
    points = list(way.points)
    for end, after in ((0, 1), (-1, -2)):
        if math.dist(points[end], centre) < 1:
            angle = math.atan2(points[after][1] - centre[1], points[after][0] - centre[0])
            points[end] = _on_circle(centre, angle)
    return replace(way, points=tuple(points))


def _roundabout(name: str, centre: Xy, roads: Sequence[Way]) -> Way:
    """Return the ring, in the direction in which one drives: clockwise."""
    joins = {
        p for way in roads for p in (way.points[0], way.points[-1]) if abs(math.dist(p, centre) - ROUNDABOUT_M) < 1
    }
    ring = joins | {_on_circle(centre, math.radians(turn)) for turn in range(10, 360, 40)}
    clockwise = sorted(ring, key=lambda p: -math.atan2(p[1] - centre[1], p[0] - centre[0]))
    tags = {
        "highway": "trunk",
        "junction": "roundabout",
        "ref": "A9901",
        "name": name,
        "name:cy": name,
        "maxspeed": "30 mph",
    }
    return Way((*clockwise, clockwise[0]), tags)


def _on_circle(centre: Xy, angle: float) -> Xy:
    return round(centre[0] + ROUNDABOUT_M * math.cos(angle), 1), round(centre[1] + ROUNDABOUT_M * math.sin(angle), 1)


def _through(line: Sequence[Xy], ends: Sequence[Xy]) -> list[Xy]:
    """Return ``line`` with exactly the ends of the table, so that roads meet."""
    return [(round(ends[0][0], 1), round(ends[0][1], 1)), *line[1:-1], (round(ends[1][0], 1), round(ends[1][1], 1))]


def hamlet_points(seed: int, land: Polygon) -> list[Xy]:
    """Return where the hamlets are: scattered over the land, never near a settlement or each other (EPSG:27700)."""
    rng = random.Random(f"{seed}/hamlets")
    inland, barriers = land.buffer(-350), ridges()
    built = [(metres(q.xy_km), 1000 * max(q.half_km) + 650) for q in QUARTERS]
    west, south, east, north = land.bounds
    found: list[Xy] = []
    for _ in range(9000):
        point = (round(rng.uniform(west, east), 1), round(rng.uniform(south, north), 1))
        spot = Point(point)
        high = min(spot.distance(ridge) for ridge in barriers)
        apart = 1550 if high > 2200 else 2300
        if (
            inland.contains(spot) and high > 450 and all(math.dist(point, xy) > limit for xy, limit in built)
            and all(math.dist(point, other) > apart for other in found)
        ):  # fmt: skip
            found.append(point)
    return found


def lanes(seed: int, land: Polygon, hamlets: Sequence[Xy], main: Sequence[Way]) -> Iterator[Way]:
    """Yield lanes between neighbouring hamlets, villages and main roads: a Gabriel graph that no ridge or water crosses."""
    rng = random.Random(f"{seed}/lanes")
    on_main = [p for way in main if not _is_bypass(way) for p in way.points[4:-4:9]]
    points = [*hamlets, *on_main]
    xy = np.array(points)
    tree = shapely.STRtree([Point(point) for point in points])
    barriers, inside = shapely.union_all([*ridges(), land.exterior.buffer(60)]), len(hamlets)
    edges = {tuple(sorted((int(t[i]), int(t[j])))) for t in Delaunay(xy).simplices for i, j in ((0, 1), (1, 2), (0, 2))}
    for a, b in sorted(edges):
        if a >= inside or (line := LineString([points[a], points[b]])).length > 4200 or line.intersects(barriers):
            continue
        disc = line.centroid.buffer(line.length / 2 - 1)
        if any(n not in (a, b) for n in tree.query(disc, predicate="intersects")):
            continue
        bends = wander([points[a], points[b]], rng, 0.13, 260)
        yield Way(
            tuple(bends),
            {"highway": "unclassified"} if rng.random() < 0.85 else {"highway": "unclassified", "lanes": "1"},
        )


def farm_tracks(seed: int, land: Polygon, hamlets: Sequence[Xy]) -> Iterator[tuple[Way, str]]:
    """Yield the drives from each hamlet to its farms, each with the farm's name."""
    rng = random.Random(f"{seed}/farms")
    names = farm_names(rng)
    inside = land.buffer(-100)
    for n, hamlet in enumerate(hamlets):
        name = names[n % len(names)]
        for k in range(rng.randint(2, 4)):
            angle, length = rng.uniform(0, 2 * math.pi), rng.uniform(180, 620)
            end = (round(hamlet[0] + length * math.cos(angle), 1), round(hamlet[1] + length * math.sin(angle), 1))
            if inside.contains(Point(end)):
                kind = (
                    {"highway": "service", "service": "driveway"}
                    if k % 2
                    else {"highway": "track", "tracktype": "grade2"}
                )
                yield Way(tuple(wander([hamlet, end], rng, 0.1, 160)), kind), name


BRIDLEWAYS_KM: tuple[tuple[Xy, Xy], ...] = (
    ((17.2, 19.2), (23.3, 18.6)),
    ((15.9, 23.0), (24.2, 22.4)),
    ((25.2, 20.4), (29.6, 20.6)),
)
PROMENADE_KM: tuple[Xy, ...] = ((15.25, 6.95), (15.9, 6.9), (16.6, 6.85), (17.3, 6.9), (17.75, 7.05), (17.9, 7.35))


def special_ways(network_points: Sequence[Xy], seed: int) -> list[Way]:
    """Return what only walkers use: the promenade and its footbridge over the bypass, the ferry, bridleways over the ridges."""
    rng = random.Random(f"{seed}/special")
    nearest = _nearest(network_points)
    promenade = tuple(wander([metres(p) for p in PROMENADE_KM], rng, 0.02, 120))
    bridge_south = min(promenade, key=lambda p: math.dist(p, metres((16.7, 6.9))))
    bridge_north, quay, slip = nearest(metres((16.75, 7.7))), nearest(metres((19.75, 7.35))), metres((19.5, 7.25))
    bridge = {"highway": "footway", "bridge": "yes", "layer": "1"}
    ferry = {"route": "ferry", "foot": "yes", "bicycle": "no", "motor_vehicle": "no", "duration": "00:06"}
    found = [
        Way(promenade, {"highway": "pedestrian", **_named("Rhodfa'r Môr", "Marine Walk")}, 2),
        Way((bridge_south, bridge_north), bridge | _named("Pont y Forwyn", "Mermaid Bridge"), 1),
        Way((promenade[-1], slip), ferry | _named("Fferi'r Harbwr", "Harbour Ferry"), 3),
        Way((slip, quay), {"highway": "footway", **_named("Y Llithrfa", "The Slipway")}, 2),
    ]
    for a, b in BRIDLEWAYS_KM:
        line = wander([nearest(metres(a)), nearest(metres(b))], rng, 0.1, 350)
        found.append(Way(tuple(line), {"highway": "bridleway", "bicycle": "yes", "foot": "yes", "surface": "ground"}))
    return found


def _named(cy: str, en: str) -> dict[str, str]:
    return {"name": cy, "name:cy": cy, "name:en": en}


def _nearest(points: Sequence[Xy]) -> Callable[[Xy], Xy]:
    def nearest(xy: Xy) -> Xy:
        return min(points, key=lambda p: (math.dist(p, xy), p))

    return nearest


def _is_bypass(way: Way) -> bool:
    return way.tags.get("highway") == "trunk"


def build_streets(seed: int) -> tuple[Network, dict[Xy, str]]:
    """Return the whole street network, and the hamlets with their names."""
    land = coast(seed)
    main = main_road_ways(seed)
    grounds = quarter_grounds(land)
    ways = list(main)
    for quarter in QUARTERS:
        ways += quarter_streets(quarter, grounds[quarter.key], random.Random(f"{seed}/quarter/{quarter.key}"))
    ways += seams(ways)
    hamlets = hamlet_points(seed, land)
    ways += lanes(seed, land, hamlets, main)
    names: dict[Xy, str] = {}
    for way, name in farm_tracks(seed, land, hamlets):
        ways.append(way)
        names[way.points[0]] = name
    walkable = [
        p
        for way in ways
        if way.tags["highway"] in ("residential", "tertiary", "primary", "secondary")
        for p in way.points
    ]
    ways += special_ways(walkable, seed)
    return weave(ways, land), names
