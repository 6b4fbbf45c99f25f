"""Writes the demonstration area, Cantre'r Gwaelod: the legendary land under Cardigan Bay, wholly invented, in real formats."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from geo.demo.boundaries import write_demand_responsive, write_tables, write_zones
from geo.demo.circumstances import zone_figures
from geo.demo.groups import write_directory
from geo.demo.gtfs_writer import write_feed
from geo.demo.osm_writer import write_osm
from geo.demo.posts import write_posts
from geo.demo.profile_text import profile_toml
from geo.demo.world import World, build_world, tiled

SEED = 1826
AREA = "cantrer-gwaelod"
Progress = Callable[[str, float], None]


def write_demo(out: Path, seed: int = SEED, scale: float = 1.0, progress: Progress | None = None) -> None:
    """Write the area's profile and all its sources into the folder ``out``, as ``data/`` has them.

    The same seed gives the same content. ``scale`` above 1 writes that many copies of the land side by side (rounded up),
    linked by road, for benchmarks. ``progress`` is told each step and the share (0 to 1) done before it.

    Raises:
        ValueError: ``scale`` is below 1.
    """
    if scale < 1:
        raise ValueError(f"scale is {scale}: the land cannot be less than whole. Choose 1 or more.")
    say = progress or (lambda step, share: None)
    say("building the land", 0.0)
    world = build_world(seed)
    if scale > 1:
        world = tiled(world, math.ceil(scale))
    write_world(world, out, say)


def write_world(world: World, out: Path, say: Progress) -> None:
    """Write what :func:`geo.demo.world.build_world` gives into the folder ``out``."""
    folders = {name: out / name / AREA for name in ("boundaries", "services", "timetables")}
    for folder in (*folders.values(), out / "areas", out / "streets"):
        folder.mkdir(parents=True, exist_ok=True)
    say("writing streets", 0.6)
    write_osm(world.ways, world.places, out / "streets" / f"{AREA}.osm.pbf")
    say("writing zones and groups", 0.7)
    write_zones(world.zones, world.shapes, folders["boundaries"] / "zones.gpkg")
    write_tables(world.zones, zone_figures(world.scores), world.practices, folders["boundaries"])
    write_directory(world.venues, world.groups, folders["services"])
    write_posts(world.practices, folders["services"] / "posts.csv")
    write_demand_responsive(world.zones, world.shapes, folders["services"] / "demand_responsive.geojson")
    say("writing timetables", 0.85)
    for name, feed in world.feeds.items():
        write_feed(feed, folders["timetables"] / f"{name}.zip")
    profile = profile_toml(len(world.zones))
    (out / "areas" / f"{AREA}.toml").write_text(profile, encoding="utf-8", newline="\n")
