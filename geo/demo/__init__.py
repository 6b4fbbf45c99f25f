"""Writes the demonstration area, Cantre'r Gwaelod: the legendary land under Cardigan Bay, wholly invented, in real formats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from geo.demo.boundaries import practice_targets, write_demand_responsive, write_tables, write_zones
from geo.demo.circumstances import zone_figures
from geo.demo.groups import all_groups, write_directory
from geo.demo.gtfs_writer import write_feed
from geo.demo.land import coast
from geo.demo.osm_writer import write_osm
from geo.demo.people import settle, zone_shapes
from geo.demo.profile_text import profile_toml
from geo.demo.roads import build_streets
from geo.demo.timetables import bus_feed, rail_feed
from geo.demo.venues import all_venues, beside, quarter_corners

SEED = 1826
AREA = "cantrer-gwaelod"
Progress = Callable[[str, float], None]


def write_demo(out: Path, seed: int = SEED, progress: Progress | None = None) -> None:
    """Write the area's profile and all its sources into the folder ``out``, as ``data/`` has them.

    The same seed gives the same content. ``progress`` is told each step and the share (0 to 1) done before it.
    """
    say = progress or (lambda step, share: None)
    folders = {name: out / name / AREA for name in ("boundaries", "services", "timetables")}
    for folder in (*folders.values(), out / "areas", out / "streets"):
        folder.mkdir(parents=True, exist_ok=True)
    say("building streets", 0.0)
    network, hamlets = build_streets(seed)
    write_osm(network.ways, sorted(hamlets.items()), out / "streets" / f"{AREA}.osm.pbf")
    say("settling people", 0.5)
    zones = settle(seed, network, hamlets)
    shapes = zone_shapes(zones, coast(seed))
    write_zones(zones, shapes, folders["boundaries"] / "zones.gpkg")
    spots = {
        name: beside(target, quarter_corners(network, quarter))
        for name, (quarter, target) in practice_targets().items()
    }
    write_tables(zones, zone_figures(seed, zones), spots, folders["boundaries"])
    say("founding groups", 0.65)
    venues = all_venues(seed, network)
    write_directory(venues, all_groups(seed, venues), folders["services"])
    write_demand_responsive(zones, shapes, folders["services"] / "demand_responsive.geojson")
    say("running buses and trains", 0.75)
    write_feed(bus_feed(network, hamlets), folders["timetables"] / "bus.zip")
    write_feed(rail_feed(), folders["timetables"] / "rail.zip")
    (out / "areas" / f"{AREA}.toml").write_text(profile_toml(len(zones)), encoding="utf-8", newline="\n")
