"""The street network as an OpenStreetMap extract: nodes and ways in the order of their ids, all of one fixed date."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import osmium
from osmium.osm import mutable

from geo.demo.land import PLACES, Xy, lonlat, metres
from geo.demo.lines import RAIL_LINES, STATIONS_KM
from geo.demo.weave import Way

DATED = "2026-08-01T00:00:00Z"
PLACE_KIND = {"town": "town", "suburb": "suburb", "village": "village", "hamlet": "hamlet"}
FIRST_NODE, FIRST_WAY = 9_000_000_001, 900_000_001  # far above the ids of real streets


def write_osm(ways: Sequence[Way], hamlets: Sequence[tuple[Xy, str]], path: Path) -> None:
    """Write ``ways``, the railway, and a node for each settlement, station and hamlet, as PBF."""
    rails = _railway()
    points = sorted({point for way in (*ways, *rails) for point in way.points})
    node_id = {point: FIRST_NODE + n for n, point in enumerate(points)}
    named = _place_nodes(hamlets)
    header = osmium.io.Header()
    header.set("generator", "Cyrraedd demonstration area (fictional)")
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for point in points:
            writer.add_node(mutable.Node(id=node_id[point], version=1, timestamp=DATED, location=lonlat(point)))
        for node, (xy, tags) in zip(itertools.count(FIRST_NODE + len(points)), named, strict=False):
            writer.add_node(mutable.Node(id=node, version=1, timestamp=DATED, location=lonlat(xy), tags=tags))
        for n, way in enumerate((*ways, *rails)):
            refs = [node_id[point] for point in way.points]
            writer.add_way(mutable.Way(id=FIRST_WAY + n, version=1, timestamp=DATED, nodes=refs, tags=dict(way.tags)))


def _place_nodes(hamlets: Sequence[tuple[Xy, str]]) -> list[tuple[Xy, dict[str, str]]]:
    found = []
    for place in PLACES.values():
        kind = "hamlet" if place.rank == "hamlet" else PLACE_KIND[place.rank]
        found.append(
            (
                metres(place.xy_km),
                {"place": kind, "name": place.name_cy, "name:cy": place.name_cy, "name:en": place.name_en},
            )
        )
    for xy, name in sorted(hamlets):
        found.append((xy, {"place": "isolated_dwelling", "name": name, "name:cy": name}))
    for name, xy_km in STATIONS_KM.values():
        found.append(
            (
                metres((xy_km[0] + 0.006, xy_km[1])),
                {"railway": "halt" if name.startswith("Arhosfa") else "station", "name": name},
            )
        )
    return found


def _railway() -> list[Way]:
    tags = {"railway": "rail", "gauge": "1435", "operator": "Rheilffordd y Gwaelod"}
    lines = [[metres(STATIONS_KM[key][1]) for key in line.via] for line in RAIL_LINES]
    return [Way(tuple((round(x, 1), round(y, 1)) for x, y in line), tags) for line in lines]
