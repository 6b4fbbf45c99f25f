"""The whole demonstration area in memory, as it is before it is written; several copies side by side make a national-sized one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import pandas as pd
import shapely
import shapely.affinity
from shapely.geometry import MultiPolygon

from geo.demo.boundaries import Practice, practices
from geo.demo.circumstances import zone_scores
from geo.demo.groups import Group, all_groups
from geo.demo.gtfs_writer import Feed
from geo.demo.land import Xy, coast, metres
from geo.demo.osm_writer import place_nodes, railway
from geo.demo.people import Zone, settle
from geo.demo.places import PLACES
from geo.demo.roads import build_streets
from geo.demo.shapes import zone_shapes
from geo.demo.timetables import bus_feed, rail_feed
from geo.demo.venues import Venue, all_venues
from geo.demo.weave import Way

TILE_M = (36_000.0, 46_000.0)  # from one copy to the next
TILES_IN_A_ROW = 6
Tags = dict[str, str]
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class World:
    """Everything that is written. Coordinates are EPSG:27700; ``scores`` are the zones' figures before they are ranked."""

    ways: tuple[Way, ...]
    places: tuple[tuple[Xy, Tags], ...]
    zones: tuple[Zone, ...]
    shapes: tuple[MultiPolygon, ...]
    scores: pd.DataFrame
    practices: tuple[Practice, ...]
    venues: tuple[Venue, ...]
    groups: tuple[Group, ...]
    feeds: dict[str, Feed]


def build_world(seed: int) -> World:
    """Return the demonstration area of ``seed``."""
    network, hamlets = build_streets(seed)
    zones = settle(seed, network, hamlets)
    venues = all_venues(seed, network)
    return World(
        ways=(*network.ways, *railway()),
        places=tuple(place_nodes(sorted(hamlets.items()))),
        zones=tuple(zones),
        shapes=tuple(zone_shapes(zones, coast(seed))),
        scores=zone_scores(seed, zones),
        practices=tuple(practices(network)),
        venues=tuple(venues),
        groups=tuple(all_groups(seed, venues)),
        feeds={"bus": bus_feed(network, hamlets), "rail": rail_feed()},
    )


def tiled(world: World, copies: int) -> World:
    """Return ``copies`` of ``world`` side by side, with ids of their own and a causeway from each to its neighbours.

    For benchmarks only: beyond the first, the copies lie wherever they fall, on real land too.
    """
    tiles = [_moved(world, n) for n in range(copies)]
    feeds = {
        name: replace(
            feed,
            stops={key: stop for tile in tiles for key, stop in tile.feeds[name].stops.items()},
            routes=[route for tile in tiles for route in tile.feeds[name].routes],
            shapes={key: points for tile in tiles for key, points in tile.feeds[name].shapes.items()},
            trips=[trip for tile in tiles for trip in tile.feeds[name].trips],
        )
        for name, feed in world.feeds.items()
    }
    return World(
        ways=(*_chain(tile.ways for tile in tiles), *_causeways(world.ways, copies)),
        places=_chain(tile.places for tile in tiles),
        zones=_chain(tile.zones for tile in tiles),
        shapes=_chain(tile.shapes for tile in tiles),
        scores=pd.concat([tile.scores for tile in tiles], ignore_index=True),
        practices=_chain(tile.practices for tile in tiles),
        venues=_chain(tile.venues for tile in tiles),
        groups=_chain(tile.groups for tile in tiles),
        feeds=feeds,
    )


def _chain(parts: Iterable[Sequence[_Item]]) -> tuple[_Item, ...]:
    return tuple(item for part in parts for item in part)


def _shift(tile: int) -> Xy:
    return tile % TILES_IN_A_ROW * TILE_M[0], tile // TILES_IN_A_ROW * TILE_M[1]


def _moved(world: World, tile: int) -> World:
    """Return the copy number ``tile``: moved, and with the number in every id."""
    if tile == 0:
        return world
    (dx, dy), suffix = _shift(tile), f"-{tile + 1}"

    def at(xy: Xy) -> Xy:
        return round(xy[0] + dx, 1), round(xy[1] + dy, 1)

    zones = tuple(
        replace(
            zone, code=f"D{tile + 1:02d}{zone.code[3:]}", tile=tile, name_cy=f"{zone.name_cy} ({tile + 1})",
            name_en=f"{zone.name_en} ({tile + 1})", origins=tuple(replace(o, xy=at(o.xy)) for o in zone.origins),
        )
        for zone in world.zones
    )  # fmt: skip
    return World(
        ways=tuple(replace(way, points=tuple(at(point) for point in way.points)) for way in world.ways),
        places=tuple((at(xy), tags) for xy, tags in world.places),
        zones=zones,
        shapes=tuple(shapely.affinity.translate(shape, dx, dy) for shape in world.shapes),
        scores=world.scores.assign(zone_code=[zone.code for zone in zones]),
        practices=tuple(
            replace(p, practice_id=f"{p.practice_id}-{tile + 1}", cluster=f"{p.cluster}-{tile + 1}", xy=at(p.xy))
            for p in world.practices
        ),
        venues=tuple(replace(v, venue_id=v.venue_id + suffix, xy=at(v.xy)) for v in world.venues),
        groups=tuple(replace(group, venue_id=group.venue_id + suffix) for group in world.groups),
        feeds={name: _moved_feed(feed, f"{tile + 1}:", dx, dy) for name, feed in world.feeds.items()},
    )


def _moved_feed(feed: Feed, prefix: str, dx: float, dy: float) -> Feed:
    stops = (
        replace(
            stop,
            stop_id=prefix + stop.stop_id,
            xy=(stop.xy[0] + dx, stop.xy[1] + dy),
            parent=stop.parent and prefix + stop.parent,
        )
        for stop in feed.stops.values()
    )
    return replace(
        feed,
        stops={stop.stop_id: stop for stop in stops},
        routes=[replace(route, route_id=prefix + route.route_id) for route in feed.routes],
        shapes={prefix + key: [(x + dx, y + dy) for x, y in points] for key, points in feed.shapes.items()},
        trips=[
            replace(
                trip, trip_id=prefix + trip.trip_id, route_id=prefix + trip.route_id,
                calls=tuple((prefix + stop, seconds) for stop, seconds in trip.calls),
            )
            for trip in feed.trips
        ],
    )  # fmt: skip


def _causeways(ways: Sequence[Way], copies: int) -> list[Way]:
    """Return the roads over the sea: from Dôl y Garreg to the next Gull Moor, from Sarn Badrig to the next Oak Park."""
    points = sorted(
        {
            point
            for way in ways
            if way.tags.get("highway") in ("primary", "secondary", "tertiary")
            for point in way.points
        }
    )

    def near(place: str) -> Xy:
        target = metres(PLACES[place].xy_km)
        return min(points, key=lambda p: (math.dist(p, target), p))

    found = []
    for tile in range(copies):
        for step, start, end in ((1, "dol-garreg", "rhos"), (TILES_IN_A_ROW, "sarn-badrig", "parc")):
            if tile + step >= copies or (step == 1 and (tile + 1) % TILES_IN_A_ROW == 0):
                continue
            line = [
                (round(x + _shift(n)[0], 1), round(y + _shift(n)[1], 1))
                for n, (x, y) in ((tile, near(start)), (tile + step, near(end)))
            ]
            tags = {
                "highway": "primary",
                "name": "Y Sarn",
                "name:cy": "Y Sarn",
                "name:en": "The Causeway",
                "bridge": "yes",
                "layer": "1",
            }
            found.append(Way(tuple(line), tags, 1))
    return found
