"""Read an OpenStreetMap extract (PBF or XML) into street graphs, place names and main roads; OSM's format ends here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import osmium
import osmium.filter
import osmium.osm

from geo.errors import DataError
from geo.streets import rules
from geo.streets.assemble import ReadTerrain, to_streets
from geo.streets.graph import Streets
from geo.streets.raw import PLACE_KINDS, RawStreets
from geo.streets.restrictions import is_restriction

_REMEDY = (
    "Get the extract again and compare its size or checksum with the source's; it must be OpenStreetMap PBF or XML."
)


def read_streets(path: Path, read_terrain: ReadTerrain | None = None) -> Streets:
    """Return the streets of an OpenStreetMap extract; the quality notes say which turn restrictions are applied.

    Raises:
        DataError: the file is not OpenStreetMap data, is cut short, or holds no way for one of the modes; or the terrain cannot be read.
    """
    return to_streets(_read(path), path.name, read_terrain)


def _read(path: Path) -> RawStreets:
    """Go once through the file, and once more where it may have lost its end."""
    raw = RawStreets(has_relations=False)
    try:
        for entity in _entities(path):
            if isinstance(entity, osmium.osm.Node):
                _read_node(raw, entity, dict(entity.tags))
            elif isinstance(entity, osmium.osm.Way):
                _read_way(raw, entity, dict(entity.tags))
            elif isinstance(entity, osmium.osm.Relation):
                raw.has_relations = True
                _read_relation(raw, entity, dict(entity.tags))
        if not raw.has_relations:
            raw.idle_nodes_share = _idle_nodes_share(path)
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        raise DataError.of(path.name, f"cannot be read to its end as OpenStreetMap data ({error}).", _REMEDY) from error
    return raw


def _entities(path: Path) -> osmium.FileProcessor:
    """Return the nodes, ways and relations that may concern us, ways with the locations of their nodes."""
    kinds = (
        (osmium.osm.NODE, osmium.filter.KeyFilter("place", "barrier", "highway")),
        (osmium.osm.WAY, osmium.filter.KeyFilter("highway", "route", "man_made", "railway", "public_transport")),
        (osmium.osm.RELATION, osmium.filter.KeyFilter("type")),
    )
    processor = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY | osmium.osm.RELATION).with_locations()
    for kind, wanted in kinds:
        wanted.enable_for(kind)
        processor.with_filter(wanted)
    return processor


def _idle_nodes_share(path: Path) -> float:
    """Return which share of the nodes without tags no way runs through: next to none where the ways are all there."""
    bare: list[int] = []
    used: list[int] = []
    for entity in osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY):
        if isinstance(entity, osmium.osm.Way):
            used.extend(node.ref for node in entity.nodes)
        elif not entity.tags:
            bare.append(entity.id)
    return 1 - float(np.isin(bare, used).mean()) if bare else 0.0


def _read_way(raw: RawStreets, way: osmium.osm.Way, tags: dict[str, str]) -> None:
    """Keep the points of a street, pier, platform or ferry; where nodes are missing from the file, keep the stretches between them."""
    if not rules.street_class(tags):
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
    if "highway" in tags:
        raw.add_mark(node.id, tags)
    if "barrier" in tags:
        raw.add_barrier(node.id, tags)
    if tags.get("place") in PLACE_KINDS and node.location.valid():
        raw.add_place(tags, node.location.lon, node.location.lat)


def _read_relation(raw: RawStreets, relation: osmium.osm.Relation, tags: dict[str, str]) -> None:
    """Keep a turn restriction."""
    if is_restriction(tags):
        raw.add_restriction(tags, [(member.role, member.type, member.ref) for member in relation.members])
