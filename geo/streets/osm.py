"""Read an OpenStreetMap extract (PBF or XML) into street graphs, place names and main roads; OSM's format ends here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import osmium.filter
import osmium.osm
import pyproj
import shapely
from numpy.typing import NDArray

from geo.errors import DataError, Fault
from geo.quality import SourceQuality
from geo.streets import rules
from geo.streets.assemble import build_graph
from geo.streets.graph import STREET_MODES, StreetGraph, StreetMode, Streets
from geo.streets.ways import Ways, ranges

CRS = "EPSG:27700"
PLACE_KINDS = ("city", "town", "village", "hamlet", "suburb")
FARTHEST_M = 2_000_000.0  # beyond this the British grid means nothing: such a node counts as missing
_REMEDY = (
    "Get the extract again and compare its size or checksum with the source's; it must be OpenStreetMap PBF or XML."
)


@dataclass
class _Reading:
    """What has been read so far; lists grow here and become arrays afterwards."""

    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    node_id: list[int] = field(default_factory=list)
    n_points: list[int] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    blocked: dict[StreetMode, list[int]] = field(default_factory=lambda: {mode: [] for mode in STREET_MODES})
    places: list[tuple[str, str, str, float, float]] = field(default_factory=list)
    unnamed_places: int = 0
    broken_ways: int = 0


def read_streets(path: Path) -> Streets:
    """Return the streets of an OpenStreetMap extract. Turn restrictions are not read: the quality notes say so.

    Raises:
        DataError: the file is not OpenStreetMap data, is cut short, or holds no way for one of the modes.
    """
    read = _read(path)
    ways = _ways(read)
    graphs: dict[StreetMode, StreetGraph] = {}
    faults = []
    for mode in STREET_MODES:
        try:
            graphs[mode] = build_graph(ways, mode)
        except ValueError as error:
            faults.append(
                Fault(path.name, f"gives no graph: {error}.", "Load an extract that covers the area with its streets.")
            )
    if faults:
        raise DataError(faults)
    return Streets(graphs, _places(read), _main_roads(read, ways), _quality(read, ways, graphs))


def _read(path: Path) -> _Reading:
    """Go once through the file."""
    read = _Reading()
    try:
        for entity in _entities(path):
            if isinstance(entity, osmium.osm.Node):
                _read_node(read, entity, dict(entity.tags))
            elif isinstance(entity, osmium.osm.Way):
                _read_way(read, entity, dict(entity.tags))
    except (RuntimeError, ValueError, OSError) as error:
        raise DataError.of(path.name, f"cannot be read to its end as OpenStreetMap data ({error}).", _REMEDY) from error
    return read


def _entities(path: Path) -> osmium.FileProcessor:
    """Return the nodes and ways that may concern us, ways with the locations of their nodes."""
    nodes, ways = osmium.filter.KeyFilter("place", "barrier"), osmium.filter.KeyFilter("highway", "route")
    nodes.enable_for(osmium.osm.NODE)
    ways.enable_for(osmium.osm.WAY)
    processor = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
    return processor.with_locations().with_filter(nodes).with_filter(ways)


def _read_way(read: _Reading, way: osmium.osm.Way, tags: dict[str, str]) -> None:
    """Keep the points of a street or ferry; where nodes are missing from the file, keep the stretches between them."""
    if "highway" not in tags and not rules.is_ferry(tags):
        return
    stretches: list[list[tuple[int, float, float]]] = [[]]
    for node in way.nodes:
        if not node.location.valid():
            stretches.append([])
        elif not stretches[-1] or stretches[-1][-1][0] != node.ref:
            stretches[-1].append((node.ref, node.location.lon, node.location.lat))
    read.broken_ways += len(stretches) > 1
    for stretch in stretches:
        if len(stretch) > 1:
            ids, lons, lats = zip(*stretch, strict=True)
            read.node_id.extend(ids)
            read.lon.extend(lons)
            read.lat.extend(lats)
            read.n_points.append(len(stretch))
            read.tags.append(tags)


def _read_node(read: _Reading, node: osmium.osm.Node, tags: dict[str, str]) -> None:
    """Keep a place with its names, or a barrier that stops a mode."""
    if "barrier" in tags:
        for mode in STREET_MODES:
            if rules.closes_barrier(tags, mode):
                read.blocked[mode].append(node.id)
    if tags.get("place") in PLACE_KINDS and node.location.valid():
        name = tags.get("name") or tags.get("name:cy") or tags.get("name:en")
        if name is None:
            read.unnamed_places += 1
            return
        names = tags.get("name:en") or name, tags.get("name:cy") or name
        read.places.append((tags["place"], *names, node.location.lon, node.location.lat))


def to_grid(lon: NDArray[np.float64] | list[float], lat: NDArray[np.float64] | list[float]) -> NDArray[np.float64]:
    """Return EPSG:27700 metres, (points, 2), of WGS 84 degrees."""
    x, y = pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(
        np.asarray(lon, float), np.asarray(lat, float)
    )
    return np.column_stack([x, y])


def _ways(read: _Reading) -> Ways:
    """Turn lists into arrays: speeds by mode, names numbered, coordinates on the grid; ways off the grid are left out."""
    way_start = np.concatenate([[0], np.cumsum(read.n_points)]).astype(np.int64)
    xy = to_grid(read.lon, read.lat)
    node_id = np.asarray(read.node_id, dtype=np.int64)
    is_off_grid = ~(np.isfinite(xy).all(axis=1) & (np.abs(xy) < FARTHEST_M).all(axis=1))
    off_grid_before = np.concatenate([[0], np.cumsum(is_off_grid)])
    kept = np.flatnonzero(off_grid_before[way_start[1:]] == off_grid_before[way_start[:-1]])
    read.broken_ways += len(read.tags) - len(kept)
    read.tags = [read.tags[way] for way in kept]
    count = np.diff(way_start)[kept]
    points = ranges(way_start[kept], count)
    names = {"": 0}
    name_index = [names.setdefault(tags.get("name") or tags.get("ref") or "", len(names)) for tags in read.tags]
    kmh = {
        mode: np.array([rules.speeds_kmh(tags, mode) for tags in read.tags], dtype=float).reshape(-1, 2)
        for mode in STREET_MODES
    }
    return Ways(
        way_start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        node_id=node_id[points],
        xy=xy[points],
        kmh=kmh,
        may_snap=np.array([rules.street_class(tags) not in rules.NOT_SNAPPABLE for tags in read.tags], dtype=bool),
        name_index=np.array(name_index, dtype=np.int32),
        names=tuple(names),
        blocked={mode: np.array(ids, dtype=np.int64) for mode, ids in read.blocked.items()},
    )


def _places(read: _Reading) -> gpd.GeoDataFrame:
    """Return named places."""
    kinds, en, cy, lon, lat = zip(*read.places, strict=True) if read.places else ((), (), (), (), ())
    xy = to_grid(list(lon), list(lat))
    return gpd.GeoDataFrame(
        {"kind": list(kinds), "name_en": list(en), "name_cy": list(cy)}, geometry=shapely.points(xy), crs=CRS
    )


def _main_roads(read: _Reading, ways: Ways) -> gpd.GeoDataFrame:
    """Return the lines of main roads, as drawn."""
    chosen = [way for way, tags in enumerate(read.tags) if tags.get("highway") in rules.MAIN_ROADS]
    lines = [shapely.LineString(ways.xy[ways.way_start[way] : ways.way_start[way + 1]]) for way in chosen]
    columns = {
        "class": [read.tags[way]["highway"] for way in chosen],
        "name": [read.tags[way].get("name") for way in chosen],
        "ref": [read.tags[way].get("ref") for way in chosen],
    }
    return gpd.GeoDataFrame(columns, geometry=lines, crs=CRS)


def _quality(read: _Reading, ways: Ways, graphs: Mapping[StreetMode, StreetGraph]) -> SourceQuality:
    """Count what became of the ways."""
    open_ways = int(np.any([kmh.any(axis=1) for kmh in ways.kmh.values()], axis=0).sum())
    unreadable = sum(map(rules.has_unreadable_maxspeed, read.tags))
    notes = ["Turn restrictions are not read: a drive may turn where a sign forbids it."]
    for mode, graph in graphs.items():
        notes.append(
            f"{mode}: {graph.n_nodes:,} junctions, {graph.n_edges:,} directed edges; points may lie on {graph.is_snappable.mean():.1%}."
        )
    if read.broken_ways:
        notes.append(
            f"{read.broken_ways:,} ways lack nodes in the file or leave the British grid: used where they are whole."
        )
    if unreadable:
        notes.append(
            f"{unreadable:,} ways have a maxspeed that says nothing usable: the default of their class is used."
        )
    if read.unnamed_places:
        notes.append(f"{read.unnamed_places:,} places have no name and are not shown.")
    return SourceQuality("streets", len(read.tags), open_ways, len(read.tags) - open_ways, notes=tuple(notes))
