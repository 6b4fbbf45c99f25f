"""Read an OpenStreetMap extract (PBF or XML) into street graphs, place names and main roads; OSM's format ends here."""

from __future__ import annotations

from pathlib import Path

import osmium
import osmium.filter
import osmium.osm

from geo.errors import DataError
from geo.streets import rules
from geo.streets.graph import Streets
from geo.streets.raw import PLACE_KINDS, RawStreets, to_streets

_REMEDY = (
    "Get the extract again and compare its size or checksum with the source's; it must be OpenStreetMap PBF or XML."
)


def read_streets(path: Path) -> Streets:
    """Return the streets of an OpenStreetMap extract. Turn restrictions are not read: the quality notes say so.

    Raises:
        DataError: the file is not OpenStreetMap data, is cut short, or holds no way for one of the modes.
    """
    return to_streets(_read(path), path.name)


def _read(path: Path) -> RawStreets:
    """Go once through the file."""
    raw = RawStreets()
    try:
        for entity in _entities(path):
            if isinstance(entity, osmium.osm.Node):
                _read_node(raw, entity, dict(entity.tags))
            elif isinstance(entity, osmium.osm.Way):
                _read_way(raw, entity, dict(entity.tags))
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        raise DataError.of(path.name, f"cannot be read to its end as OpenStreetMap data ({error}).", _REMEDY) from error
    return raw


def _entities(path: Path) -> osmium.FileProcessor:
    """Return the nodes and ways that may concern us, ways with the locations of their nodes."""
    nodes, ways = osmium.filter.KeyFilter("place", "barrier"), osmium.filter.KeyFilter("highway", "route")
    nodes.enable_for(osmium.osm.NODE)
    ways.enable_for(osmium.osm.WAY)
    processor = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
    return processor.with_locations().with_filter(nodes).with_filter(ways)


def _read_way(raw: RawStreets, way: osmium.osm.Way, tags: dict[str, str]) -> None:
    """Keep the points of a street or ferry; where nodes are missing from the file, keep the stretches between them."""
    if "highway" not in tags and not rules.is_ferry(tags):
        return
    stretches: list[list[tuple[int, float, float]]] = [[]]
    for node in way.nodes:
        if not node.location.valid():
            stretches.append([])
        elif not stretches[-1] or stretches[-1][-1][0] != node.ref:
            stretches[-1].append((node.ref, node.location.lon, node.location.lat))
    if len(stretches) > 1:
        raw.broken_ways.add(way.id)
    for stretch in stretches:
        raw.add_stretch(way.id, stretch, tags)


def _read_node(raw: RawStreets, node: osmium.osm.Node, tags: dict[str, str]) -> None:
    """Keep a place with its names, or a barrier that stops a mode."""
    if "barrier" in tags:
        raw.add_barrier(node.id, tags)
    if tags.get("place") in PLACE_KINDS and node.location.valid():
        raw.add_place(tags, node.location.lon, node.location.lat)
