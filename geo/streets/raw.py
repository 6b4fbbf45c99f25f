"""Hold what a source of streets says, as it was read, and lay it out as arrays and tables: the same for every source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geo.streets import access_tags, rules
from geo.streets.graph import STREET_MODES, StreetMode
from geo.streets.restrictions import Restriction, read_restriction
from geo.streets.ways import Ways, ranges

CRS = "EPSG:27700"
PLACE_KINDS = ("city", "town", "village", "hamlet", "suburb")
FARTHEST_M = 2_000_000.0  # beyond this the British grid means nothing: such a node counts as missing


@dataclass
class RawStreets:
    """What has been read so far, in degrees; lists grow here and become arrays afterwards.

    Stretch ``i`` of way ``way_id[i]`` has ``n_points[i]`` points and the way's ``tags[i]``.
    """

    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    node_id: list[int] = field(default_factory=list)
    n_points: list[int] = field(default_factory=list)
    way_id: list[int] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)
    blocked: dict[StreetMode, list[int]] = field(default_factory=lambda: {mode: [] for mode in STREET_MODES})
    gates: dict[StreetMode, list[int]] = field(default_factory=lambda: {mode: [] for mode in STREET_MODES})
    places: list[tuple[str, str, str, float, float]] = field(default_factory=list)
    marks: dict[int, int] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    idle_restrictions: Counter[str] = field(default_factory=Counter)
    has_restrictions: bool = True
    has_relations: bool = True
    idle_nodes_share: float = (
        0.0  # of the nodes without tags, which only ways have use for; looked at where relations are missing
    )
    unnamed_places: int = 0
    broken_ways: set[int] = field(default_factory=set)

    def add_stretch(self, way_id: int, points: Sequence[tuple[int, float, float]], tags: dict[str, str]) -> None:
        """Keep ``(node, lon, lat)`` points that a way runs through; fewer than two are no stretch."""
        if len(points) > 1:
            ids, lons, lats = zip(*points, strict=True)
            self.node_id.extend(ids)
            self.lon.extend(lons)
            self.lat.extend(lats)
            self.n_points.append(len(points))
            self.way_id.append(way_id)
            self.tags.append(tags)

    def add_barrier(self, node_id: int, tags: Mapping[str, str]) -> None:
        """Note the modes that a barrier stops, and those of which it lets only some through."""
        for mode in STREET_MODES:
            if access_tags.closes_barrier(tags, mode):
                self.blocked[mode].append(node_id)
            elif access_tags.is_access_only(tags, mode):
                self.gates[mode].append(node_id)

    def add_mark(self, node_id: int, tags: Mapping[str, str]) -> None:
        """Note signals, crossings and the like."""
        mark = rules.node_mark(tags)
        if mark:
            self.marks[node_id] = mark

    def add_restriction(self, tags: Mapping[str, str], members: Iterable[tuple[str, str, int]]) -> None:
        """Keep a turn restriction, or why it is not applied."""
        read = read_restriction(tags, members)
        if isinstance(read, Restriction):
            self.restrictions.append(read)
        else:
            self.idle_restrictions[read] += 1

    def add_place(self, tags: Mapping[str, str], lon: float, lat: float) -> None:
        """Keep a place with its names in both languages; where one lacks, the local name serves."""
        name = tags.get("name") or tags.get("name:cy") or tags.get("name:en")
        if name:
            self.places.append((tags["place"], tags.get("name:en") or name, tags.get("name:cy") or name, lon, lat))
        else:
            self.unnamed_places += 1


def to_grid(lon: NDArray[np.float64] | list[float], lat: NDArray[np.float64] | list[float]) -> NDArray[np.float64]:
    """Return EPSG:27700 metres, (points, 2), of WGS 84 degrees."""
    x, y = pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True).transform(
        np.asarray(lon, float), np.asarray(lat, float)
    )
    return np.column_stack([x, y])


def to_ways(raw: RawStreets) -> Ways:
    """Turn lists into arrays: speeds by mode, names numbered, coordinates on the grid; ways off the grid are left out, in ``raw`` too."""
    way_start = np.concatenate([[0], np.cumsum(raw.n_points)]).astype(np.int64)
    xy = to_grid(raw.lon, raw.lat)
    node_id = np.asarray(raw.node_id, dtype=np.int64)
    is_off_grid = ~(np.isfinite(xy).all(axis=1) & (np.abs(xy) < FARTHEST_M).all(axis=1))
    off_grid_before = np.concatenate([[0], np.cumsum(is_off_grid)])
    kept = np.flatnonzero(off_grid_before[way_start[1:]] == off_grid_before[way_start[:-1]])
    raw.broken_ways |= set(raw.way_id) - {raw.way_id[way] for way in kept}
    raw.tags, raw.way_id = [raw.tags[way] for way in kept], [raw.way_id[way] for way in kept]
    count = np.diff(way_start)[kept]
    points = ranges(way_start[kept], count)
    names = {"": 0}
    name_index = [names.setdefault(tags.get("name") or tags.get("ref") or "", len(names)) for tags in raw.tags]
    kmh = {
        mode: np.array([rules.speeds_kmh(tags, mode) for tags in raw.tags], dtype=float).reshape(-1, 2)
        for mode in STREET_MODES
    }
    _time_ferries(raw, kmh, np.concatenate([[0], np.cumsum(count)]), xy[points])
    kinds = [rules.street_class(tags) for tags in raw.tags]
    return Ways(
        way_id=np.array(raw.way_id, dtype=np.int64),
        way_start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        node_id=node_id[points],
        xy=xy[points],
        mark=_marks(raw, node_id[points]),
        kmh=kmh,
        may_snap={mode: np.array([rules.may_snap(tags, mode) for tags in raw.tags], bool) for mode in STREET_MODES},
        rank=np.array([rules.RANK.get(kind, rules.LOWEST_RANK) for kind in kinds], dtype=np.int8),
        is_roundabout=np.array([tags.get("junction") in rules.ROUNDABOUTS for tags in raw.tags], dtype=bool),
        lie=np.array([rules.lie(tags) for tags in raw.tags], dtype=np.int8),
        is_access_only={
            mode: np.array([access_tags.is_access_only(tags, mode) for tags in raw.tags], dtype=bool)
            for mode in STREET_MODES
        },
        is_step_free=np.array([rules.is_step_free(tags) for tags in raw.tags], dtype=bool),
        name_index=np.array(name_index, dtype=np.int32),
        names=tuple(names),
        blocked={mode: np.array(ids, dtype=np.int64) for mode, ids in raw.blocked.items()},
        gates={mode: np.array(ids, dtype=np.int64) for mode, ids in raw.gates.items()},
    )


def _time_ferries(
    raw: RawStreets,
    kmh: Mapping[StreetMode, NDArray[np.float64]],
    way_start: NDArray[np.int64],
    xy: NDArray[np.float64],
) -> None:
    """Set the speeds of ferries that say how long they take, in the directions open to each mode."""
    for way, tags in enumerate(raw.tags):
        if "duration" in tags:
            line = xy[way_start[way] : way_start[way + 1]]
            said = rules.ferry_kmh(tags, float(np.hypot(*np.diff(line, axis=0).T).sum()))
            for speeds in kmh.values() if said is not None else ():
                speeds[way][speeds[way] > 0] = said


def _marks(raw: RawStreets, node_id: NDArray[np.int64]) -> NDArray[np.int8]:
    """Return the bits of every point."""
    marked = np.array(sorted(raw.marks), dtype=np.int64)
    if len(marked) == 0:
        return np.zeros(len(node_id), dtype=np.int8)
    bits = np.array([raw.marks[node] for node in marked.tolist()], dtype=np.int8)
    at = np.minimum(np.searchsorted(marked, node_id), len(marked) - 1)
    return np.where(marked[at] == node_id, bits[at], 0).astype(np.int8)


def to_places(raw: RawStreets) -> gpd.GeoDataFrame:
    """Return named places."""
    kinds, en, cy, lon, lat = zip(*raw.places, strict=True) if raw.places else ((), (), (), (), ())
    xy = to_grid(list(lon), list(lat))
    return gpd.GeoDataFrame(
        {"kind": list(kinds), "name_en": list(en), "name_cy": list(cy)}, geometry=shapely.points(xy), crs=CRS
    )


def to_main_roads(raw: RawStreets, ways: Ways) -> gpd.GeoDataFrame:
    """Return the lines of main roads; ways of one road that meet end to end are one line."""
    roads: dict[tuple[str, str, str], list[shapely.LineString]] = {}
    for way, tags in enumerate(raw.tags):
        kind = tags.get("highway", "")
        if kind in rules.MAIN_ROADS:
            line = shapely.LineString(ways.xy[ways.way_start[way] : ways.way_start[way + 1]])
            roads.setdefault((kind, tags.get("name", ""), tags.get("ref", "")), []).append(line)
    lines = [shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts))) for parts in roads.values()]
    said = [road for road, merged in zip(roads, lines, strict=True) for _ in merged]
    kinds, names, refs = (list(column) for column in zip(*said, strict=True)) if said else ([], [], [])
    geometry = np.concatenate([np.empty(0, dtype=object), *lines])
    return gpd.GeoDataFrame({"class": kinds, "name": names, "ref": refs}, geometry=geometry, crs=CRS)
