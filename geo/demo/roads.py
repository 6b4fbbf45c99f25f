"""The roads of Cantre'r Gwaelod: the main roads as a table, the lanes between farms, and the few links for walkers only."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import Delaunay
from shapely.geometry import LineString, Point, Polygon

from geo.demo.land import QUARTERS, Xy, coast, metres, ridges, round_off, wander
from geo.demo.names import farm_names
from geo.demo.town import quarter_grounds, quarter_streets, seams
from geo.demo.weave import Network, Way, weave


@dataclass(frozen=True)
class MainRoad:
    """One road of the table: class, number, names, speed limit, how much it winds, and the points it goes through (km)."""

    highway: str
    ref: str
    name_cy: str
    name_en: str
    maxspeed: str
    winding: float
    via: tuple[Xy, ...]


_R = MainRoad
MAIN_ROADS: tuple[MainRoad, ...] = (
    _R("trunk", "A9901", "Ffordd y Glannau", "Coast Road", "50 mph", 0.04,
       ((8.0, 12.45), (9.9, 12.0), (11.6, 10.6), (13.4, 8.9), (15.0, 7.6))),
    _R("trunk", "A9901", "Ffordd Osgoi Porth Wyddno", "Porth Wyddno Bypass", "50 mph", 0.015,
       ((15.0, 7.6), (15.7, 7.2), (16.6, 7.1), (17.3, 7.2), (17.7, 7.6), (17.85, 8.3), (18.0, 9.1), (18.4, 10.0))),
    _R("trunk", "A9901", "Pont y Clychau", "Bridge of Bells", "30 mph", 0.01, ((18.4, 10.0), (19.0, 10.1))),
    _R("trunk", "A9901", "Heol y Brenin", "King's Road", "30 mph", 0.02, ((19.0, 10.1), (20.3, 9.3), (21.6, 8.7), (22.5, 8.9))),
    _R("trunk", "A9901", "Ffordd y Glannau", "Coast Road", "60 mph", 0.04, ((22.5, 8.9), (24.6, 8.9), (26.4, 8.6), (28.0, 9.1))),
    _R("primary", "A9901", "Ffordd y Glannau", "Coast Road", "60 mph", 0.07,
       ((28.0, 9.1), (30.0, 11.0), (30.5, 14.0), (30.2, 17.0), (30.0, 20.0), (30.3, 23.0), (30.0, 26.0), (29.4, 29.0), (28.0, 32.0))),
    _R("primary", "A9902", "Heol Clychau", "Clychau Road", "40 mph", 0.05,
       ((19.6, 10.2), (19.0, 11.4), (18.9, 12.4), (18.4, 13.8), (18.0, 15.0), (17.3, 17.0), (16.5, 19.0), (16.0, 20.8), (15.5, 22.5),
        (15.0, 24.3), (14.5, 26.0))),
    _R("primary", "A9902", "Bwlch y Gloch", "Bell Pass", "50 mph", 0.13, ((14.5, 26.0), (15.3, 28.2), (17.4, 30.3), (19.0, 32.1), (20.0, 33.0))),
    _R("primary", "A9903", "Heol Gwymon", "Gwymon Road", "40 mph", 0.05,
       ((20.3, 10.0), (21.6, 10.6), (22.3, 12.4), (23.0, 14.5), (23.6, 16.6), (24.0, 18.5), (24.4, 20.3), (24.8, 22.0), (25.1, 24.0),
        (25.5, 26.0))),
    _R("primary", "A9903", "Bwlch yr Halen", "Salt Pass", "50 mph", 0.14, ((25.5, 26.0), (25.0, 28.2), (23.2, 30.6), (21.4, 32.2), (20.0, 33.0))),
    _R("secondary", "B9910", "Heol y Traeth", "Beach Road", "40 mph", 0.07, ((8.0, 12.45), (6.9, 14.3), (5.3, 16.2), (4.0, 17.0))),
    _R("tertiary", "B9910", "Ffordd y Gorllewin", "West Road", "60 mph", 0.11,
       ((4.0, 17.0), (4.8, 19.5), (5.0, 22.0), (6.0, 24.0), (7.8, 27.0), (10.0, 30.0))),
    _R("secondary", "B9911", "Heol Llandonnau", "Llandonnau Road", "60 mph", 0.09, ((10.0, 30.0), (13.5, 31.4), (17.0, 32.4), (20.0, 33.0))),
    _R("secondary", "B9912", "Heol Sarn Badrig", "Sarn Badrig Road", "60 mph", 0.09, ((20.0, 33.0), (21.4, 34.7), (22.9, 36.4), (24.0, 38.0))),
    _R("tertiary", "B9913", "Heol Halen", "Salt Road", "60 mph", 0.10, ((20.0, 33.0), (17.5, 34.3), (14.5, 35.2), (12.0, 36.0), (10.6, 33.2), (10.0, 30.0))),
    _R("secondary", "B9914", "Heol Bryn Heli", "Bryn Heli Road", "60 mph", 0.08, ((20.0, 33.0), (22.6, 33.3), (25.4, 32.7), (28.0, 32.0))),
    _R("tertiary", "B9915", "Ffordd y Gogledd", "North Road", "60 mph", 0.10, ((24.0, 38.0), (26.2, 36.2), (27.4, 34.2), (28.0, 32.0))),
    _R("secondary", "B9916", "Ffordd y Bryniau", "Hill Road", "50 mph", 0.08, ((8.0, 12.45), (9.6, 13.3), (11.8, 14.4), (14.8, 14.7), (18.0, 15.0))),
    _R("tertiary", "B9917", "Hen Ffordd y Porth", "Old Harbour Road", "20 mph", 0.03, ((15.0, 7.6), (16.0, 8.1), (17.0, 8.45), (17.6, 9.3), (18.4, 10.0))),
    _R("tertiary", "B9918", "Rhodfa'r Dderwen", "Oak Avenue", "30 mph", 0.03, ((22.5, 8.9), (23.0, 8.5), (23.4, 7.9), (24.0, 8.2), (24.6, 8.9))),
    _R("tertiary", "B9919", "Heol y Graig", "Rock Road", "60 mph", 0.12, ((17.4, 30.3), (19.0, 28.0), (20.3, 30.2), (20.0, 33.0))),
    _R("secondary", "B9920", "Heol y Dociau", "Docks Road", "20 mph", 0.02, ((19.6, 10.2), (19.75, 9.2), (19.95, 8.2), (20.6, 7.4), (21.6, 7.9), (22.5, 8.9))),
    _R("secondary", "B9921", "Cylchffordd y Dwyrain", "Eastern Ring", "40 mph", 0.02, ((22.5, 8.9), (22.9, 10.2), (22.3, 12.4))),
)  # fmt: skip
ROUNDABOUTS_KM: tuple[tuple[str, Xy], ...] = (
    ("Cylchfan y Dderwen", (22.5, 8.9)),
    ("Cylchfan y Morglawdd", (15.0, 7.6)),
)


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
    return found


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
    tree = shapely.STRtree(shapely.points(xy))
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


def special_ways(network_points: Sequence[Xy], seed: int) -> list[Way]:
    """Return what only walkers use: the promenade and its footbridge over the bypass, the ferry, bridleways over the ridges."""
    rng = random.Random(f"{seed}/special")
    prom = [metres(p) for p in ((15.25, 6.95), (15.9, 6.9), (16.6, 6.85), (17.3, 6.9), (17.75, 7.05), (17.9, 7.35))]
    promenade = Way(
        tuple(wander(prom, rng, 0.02, 120)),
        {"highway": "pedestrian", "name": "Rhodfa'r Môr", "name:cy": "Rhodfa'r Môr", "name:en": "Marine Walk"},
        2,
    )
    nearest = _nearest(network_points)
    landing_west, landing_east = promenade.points[-1], nearest(metres((19.75, 7.35)))
    bridge_south = min(promenade.points, key=lambda p: math.dist(p, metres((16.7, 6.9))))
    bridge_north = nearest(metres((16.75, 7.7)))
    bridge = {
        "highway": "footway",
        "bridge": "yes",
        "layer": "1",
        "name": "Pont y Forwyn",
        "name:cy": "Pont y Forwyn",
        "name:en": "Mermaid Bridge",
    }
    ferry = {
        "route": "ferry",
        "foot": "yes",
        "bicycle": "no",
        "motor_vehicle": "no",
        "duration": "00:06",
        "name": "Fferi'r Harbwr",
        "name:cy": "Fferi'r Harbwr",
        "name:en": "Harbour Ferry",
    }
    quay = nearest(metres((19.75, 7.35)))
    slip = metres((19.5, 7.25))
    found = [
        promenade,
        Way((bridge_south, bridge_north), bridge, 1),
        Way((landing_west, slip), ferry, 3),
        Way(
            (slip, quay),
            {"highway": "footway", "name": "Y Llithrfa", "name:cy": "Y Llithrfa", "name:en": "The Slipway"},
            2,
        ),
    ]
    assert landing_east == quay
    for a, b in (((17.2, 19.2), (23.3, 18.6)), ((15.9, 23.0), (24.2, 22.4)), ((25.2, 20.4), (29.6, 20.6))):
        line = wander([nearest(metres(a)), nearest(metres(b))], rng, 0.1, 350)
        found.append(Way(tuple(line), {"highway": "bridleway", "bicycle": "yes", "foot": "yes", "surface": "ground"}))
    return found


def _nearest(points: Sequence[Xy]):  # noqa: ANN202
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
