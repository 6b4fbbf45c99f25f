"""The street network as an OpenStreetMap extract: nodes and ways in the order of their ids, all of one fixed date."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import osmium
from osmium.osm import mutable

from geo.demo.land import Xy, lonlat, metres, round_off, wander
from geo.demo.lines import RAIL_LINES, STATIONS_KM
from geo.demo.places import PLACES
from geo.demo.weave import Way

DATED = "2026-08-01T00:00:00Z"
FIRST_NODE, FIRST_WAY = 9_000_000_001, 900_000_001  # far above the ids of real streets


def write_osm(ways: Sequence[Way], places: Sequence[tuple[Xy, dict[str, str]]], path: Path) -> None:
    """Write ``ways``, and a node for each of ``places`` with its tags, as PBF."""
    points = sorted({point for way in ways for point in way.points})
    node_id = {point: FIRST_NODE + n for n, point in enumerate(points)}
    header = osmium.io.Header()
    header.set("generator", "Cyrraedd demonstration area (fictional)")
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for point in points:
            writer.add_node(mutable.Node(id=node_id[point], version=1, timestamp=DATED, location=lonlat(point)))
        for node, (xy, tags) in zip(itertools.count(FIRST_NODE + len(points)), places, strict=False):
            writer.add_node(mutable.Node(id=node, version=1, timestamp=DATED, location=lonlat(xy), tags=tags))
        for n, way in enumerate(ways):
            refs = [node_id[point] for point in way.points]
            writer.add_way(mutable.Way(id=FIRST_WAY + n, version=1, timestamp=DATED, nodes=refs, tags=dict(way.tags)))


def place_nodes(hamlets: Sequence[tuple[Xy, str]]) -> list[tuple[Xy, dict[str, str]]]:
    """Return where settlements, hamlets and stations are, with their tags."""
    found = [
        (metres(p.xy_km), {"place": p.rank, "name": p.name_cy, "name:cy": p.name_cy, "name:en": p.name_en})
        for p in PLACES.values()
    ]
    found += [(xy, {"place": "isolated_dwelling", "name": name, "name:cy": name}) for xy, name in sorted(hamlets)]
    for name, xy_km in STATIONS_KM.values():
        found.append(
            (
                metres((xy_km[0] + 0.006, xy_km[1])),
                {"railway": "halt" if name.startswith("Arhosfa") else "station", "name": name},
            )
        )
    return found


def railway() -> list[Way]:
    """Return the tracks."""
    tags = {"railway": "rail", "gauge": "1435", "operator": "Rheilffordd y Gwaelod"}
    rng = random.Random("railway")  # the same on every land: stations and sea leave it little choice
    lines = [wander([metres(STATIONS_KM[key][1]) for key in line.via], rng, 0.05, 900) for line in RAIL_LINES]
    return [Way(tuple((round(x, 1), round(y, 1)) for x, y in round_off(line)), tags) for line in lines]
