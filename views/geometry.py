"""Make the one file of an area's shapes that a browser fetches once: zones, footprints, roads, lines and place names.

Everything is EPSG:4326 with five decimals (about a metre). What changes with a question is not in it: see ``views/map.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.area import Area
from views.labels import labels_by_zoom

DECIMALS = 5
EDGE_M = 1_000  # how far beyond the zones lines and names are drawn
LINE_GRID_M = 20.0
FOOTPRINT_LEVEL_COLUMNS = ("footprint_id", "name_en", "name_cy")
LINE_MODES = {"rail": ("rail", "tram"), "bus": ("bus", "coach")}


@dataclass(frozen=True)
class AreaShapes:
    """The file's name and content, and the box of the zones as ((south, west), (north, east))."""

    name: str
    content: bytes
    bounds: tuple[tuple[float, float], tuple[float, float]]


def area_shapes(area: Area) -> AreaShapes:
    """Return the shapes of ``area`` as one JSON file, named by the digest of its content."""
    zones = area.zones
    tolerance_m = _tolerance_m(zones)
    simple = simplified(zones.geometry.to_numpy(), tolerance_m)
    land = shapely.union_all(simple)
    near = shapely.simplify(land, 200).buffer(EDGE_M)
    footprints = {
        str(level): _features(group, simplified(group.geometry.to_numpy(), tolerance_m), FOOTPRINT_LEVEL_COLUMNS)
        for level, group in area.footprints.groupby("level", sort=True)
    }
    lines = area.timetable.lines
    content = {
        "zones": _features(zones, simple, ("zone_code", "name_en", "name_cy")),
        "land": _geometry(_to_degrees(np.array([land], dtype=object))[0]),
        "footprints": footprints,
        "roads": _lines(area.main_roads, near, tolerance_m),
        **{kind: _lines(lines[lines["mode"].isin(modes)], near, tolerance_m) for kind, modes in LINE_MODES.items()},
        "places": labels_by_zoom(area.places, near, area.origins),
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    west, south, east, north = shapely.total_bounds(_to_degrees(zones.geometry.to_numpy())).tolist()
    return AreaShapes(f"areas/{hashlib.sha256(text).hexdigest()[:20]}.json", text, ((south, west), (north, east)))


def simplified(shapes: NDArray[np.object_], tolerance_m: float) -> NDArray[np.object_]:
    """Simplify polygons that share edges so that they still share them; one that would vanish is kept as it was."""
    found = np.asarray(shapely.coverage_simplify(shapes, tolerance_m), dtype=object)
    lost = shapely.is_empty(found) | ~shapely.is_valid(found)
    return np.where(lost, shapes, found)


def _tolerance_m(zones: gpd.GeoDataFrame) -> float:
    """Return about a pixel's width when the whole area fills a screen of 2,000 pixels, from 3 m to 60 m."""
    west, south, east, north = zones.total_bounds
    return float(np.clip(max(east - west, north - south) / 2_000, 3, 60))


def _to_degrees(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    degrees = gpd.GeoSeries(shapes, crs=27700).to_crs(4326).to_numpy()
    return np.asarray(shapely.transform(degrees, lambda xy: xy.round(DECIMALS)), dtype=object)


def _features(table: gpd.GeoDataFrame, shapes: NDArray[np.object_], columns: Iterable[str]) -> Mapping[str, Any]:
    properties = table[list(columns)].to_dict("records")
    features = [
        {"type": "Feature", "properties": values, "geometry": _geometry(shape)}
        for values, shape in zip(properties, _to_degrees(shapes), strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _lines(table: gpd.GeoDataFrame, near: shapely.Geometry, tolerance_m: float) -> Mapping[str, Any] | None:
    """Return all lines within ``near`` as one geometry, each stretch once: routes that agree on a grid are drawn as one."""
    shapes = table.geometry.to_numpy()
    shapes = shapely.intersection(shapes[shapely.intersects(shapes, near)], near)
    grid_m = max(2 * tolerance_m, LINE_GRID_M)
    merged = shapely.line_merge(shapely.union_all(shapely.simplify(shapes, grid_m), grid_size=grid_m))
    return None if merged.is_empty else _geometry(_to_degrees(np.array([merged], dtype=object))[0])


def _geometry(shape: shapely.Geometry) -> Any:
    """Return GeoJSON for ``shape`` with numbers as short as they are."""
    return json.loads(shapely.to_geojson(shape))
