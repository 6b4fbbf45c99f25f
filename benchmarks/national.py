"""Make the national-sized area: copies of the demonstration area side by side, joined by road and by trains from end to end.

The trains are the benchmark's own. Without them a search would stay within the copy it began in, and a national timetable would cost no
more than a county's.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from geo.area import Area
from geo.build import build_area
from geo.demo import SEED, write_world
from geo.demo.gtfs_writer import Feed, Route, Stop, Trip
from geo.demo.land import metres
from geo.demo.lines import STATIONS_KM
from geo.demo.people import Origin, Zone
from geo.demo.world import TILE_M, TILES_IN_A_ROW, World, build_world, tiled
from geo.opening import _code_digest
from geo.profile import read_profile
from geo.store import is_area_folder, load_area, save_area

KEPT = Path(__file__).resolve().parent.parent / "build" / "benchmarks"
FULL = 29  # copies: 23,000 stops where something calls, 1.7 million stop times
ORIGINS, VENUES, SESSIONS = 10_300, 2_000, 5_000  # what the whole-week row asks
THROUGH_KMH, THROUGH_DWELL_S, EVERY_MIN = 110.0, 120, 30


def national_folder(copies: int = FULL, origins: int = ORIGINS, venues: int = VENUES, sessions: int = SESSIONS) -> Path:
    """Return the built area of so many copies with at most so many origins, venues and sessions; made where it is not there yet."""
    folder = KEPT / f"national-{copies}-{origins}-{venues}-{sessions}-{_code_digest()[:6]}"
    if not is_area_folder(folder):
        source = KEPT / f"{folder.name}-source"
        write_world(national_world(copies, origins, venues, sessions), source, lambda step, share: None)
        save_area(build_area(read_profile(source / "areas" / "cantrer-gwaelod.toml")), folder)
        shutil.rmtree(source)
    return folder


def national_area(copies: int = FULL) -> Area:
    """Return :func:`national_folder` loaded."""
    return load_area(national_folder(copies))


def national_world(copies: int, origins: int, venues: int, sessions: int) -> World:
    """Return the world that :func:`national_folder` builds."""
    world = tiled(build_world(SEED), copies)
    kept = set(evenly([venue.venue_id for venue in world.venues], venues))
    groups, left = [], sessions
    for group in evenly(world.groups, len(world.groups)):
        if group.venue_id in kept and left > 0:
            groups.append(replace(group, sessions=group.sessions[:left]))
            left -= len(groups[-1].sessions)
    return replace(
        world,
        zones=_with_origins(world.zones, origins),
        venues=tuple(venue for venue in world.venues if venue.venue_id in kept),
        groups=tuple(groups),
        feeds=world.feeds | {"rail": _with_through_trains(world.feeds["rail"], copies)},
    )


def evenly(items: Sequence, n: int) -> list:
    """Return ``n`` of ``items``, spread evenly; all where there are no more."""
    return list(items) if n >= len(items) else [items[i * len(items) // n] for i in range(n)]


def _with_origins(zones: Sequence[Zone], n: int) -> tuple[Zone, ...]:
    """Return the zones with about ``n`` origins in all, at least one each; those left out give their people to the last one kept."""
    share = n / sum(len(zone.origins) for zone in zones)
    found, due = [], 0.0
    for zone in zones:
        due += share * len(zone.origins)
        kept: list[Origin] = evenly(zone.origins, max(1, min(len(zone.origins), round(due))))
        due -= len(kept)
        missing = zone.people - sum(origin.people for origin in kept)
        kept[-1] = replace(kept[-1], people=kept[-1].people + missing)
        found.append(replace(zone, origins=tuple(kept)))
    return tuple(found)


def _with_through_trains(feed: Feed, copies: int) -> Feed:
    """Add a line along each row of copies and one that joins the rows, every half hour both ways, every day."""
    rows = [[c for c in range(copies) if c // TILES_IN_A_ROW == row] for row in range(-(-copies // TILES_IN_A_ROW))]
    columns = [[c for c in range(copies) if c % TILES_IN_A_ROW == 0]]
    stops, routes, trips, shapes = dict(feed.stops), list(feed.routes), list(feed.trips), dict(feed.shapes)
    agency = next(iter(feed.agencies))
    for number, tiles in enumerate(line for line in (*rows, *columns) if len(line) > 1):
        route = f"T{number}"
        routes.append(Route(route, agency, route, "Llinell drwodd (dychmygol)"))
        for direction, via in enumerate((tiles, tiles[::-1])):
            calls, at = [], 0.0
            for n, tile in enumerate(via):
                stop = _through_stop(tile, direction, stops)
                if n:
                    at += math.dist(stops[calls[-1][0]].xy, stop.xy) / 1000 / THROUGH_KMH * 3600 + THROUGH_DWELL_S
                calls.append((stop.stop_id, round(at / 60) * 60))
            shapes[f"{route}-{direction}"] = [stops[stop_id].xy for stop_id, _ in calls]
            for service in ("MF", "Sa", "Su"):
                for minute in range(6 * 60, 22 * 60, EVERY_MIN):
                    times = tuple((stop_id, minute * 60 + s) for stop_id, s in calls)
                    trips.append(
                        Trip(f"{route}-{direction}-{service}-{minute}", route, service, "", direction, times, 1)
                    )
    return replace(feed, stops=stops, routes=routes, trips=trips, shapes=shapes)


def _through_stop(tile: int, direction: int, stops: dict[str, Stop]) -> Stop:
    """Return the platform of the through trains at the main station of a copy, put into ``stops`` where it is not there yet."""
    stop_id, station = f"T{tile + 1}-{direction}", metres(STATIONS_KM["caer"][1])
    east, north = tile % TILES_IN_A_ROW * TILE_M[0], tile // TILES_IN_A_ROW * TILE_M[1]
    xy = (station[0] + east + 4.0, station[1] + north + 4.0 * direction)
    return stops.setdefault(stop_id, Stop(stop_id, "Caer Wyddno", xy, 1))
