"""Draw each route lightly: one simplified line for each distinct shape, or for each run of stops where there is none."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geo.timetable.calls import Calls
from geo.timetable.feed import positions, whole_numbers
from geo.timetable.ledger import Ledger
from geo.timetable.stops import BRITAIN_AND_AROUND

TOLERANCE_M = 15.0
GRID_M = 10.0  # lines that agree on this grid are drawn once


def draw_lines(
    shapes: pd.DataFrame,
    trips: pd.DataFrame,
    calls: Calls,
    stops: gpd.GeoDataFrame,
    routes: pd.DataFrame,
    ledger: Ledger,
) -> gpd.GeoDataFrame:
    """Return ``route_index, mode, geometry`` (EPSG:27700), each line once for its route, whichever way it is travelled."""
    shape_ids, shape_lines = _shapes(shapes, set(trips["shape_id"]) - {""}, ledger)
    shape = positions(trips["shape_id"], shape_ids)
    stop_xy = shapely.get_coordinates(stops.geometry.to_numpy())
    seen: set[tuple[int, bytes]] = set()
    pairs: list[tuple[int, shapely.LineString]] = []
    for t, route in enumerate(trips["route_index"].to_numpy()):
        visited = calls.stop[calls.start[t] : calls.start[t + 1]]
        key = (int(route), shape[t].tobytes() if shape[t] >= 0 else visited.tobytes())
        if key not in seen:
            seen.add(key)
            pairs.append((int(route), shape_lines[shape[t]] if shape[t] >= 0 else shapely.LineString(stop_xy[visited])))
    index = np.array([route for route, _ in pairs], np.int32)
    light = shapely.simplify(np.array([line for _, line in pairs], object), TOLERANCE_M)
    rounded = shapely.normalize(shapely.set_precision(light, GRID_M, mode="pointwise"))
    distinct = pd.DataFrame({"route": index, "line": shapely.to_wkb(rounded)}).drop_duplicates().index.to_numpy()
    frame = {"route_index": index[distinct], "mode": routes["mode"].to_numpy(object)[index[distinct]]}
    return gpd.GeoDataFrame(frame, geometry=light[distinct], crs=27700)


def _shapes(shapes: pd.DataFrame, used: set[str], ledger: Ledger) -> tuple[pd.Series, NDArray[np.object_]]:
    lon, lat = (pd.to_numeric(shapes[c], errors="coerce").to_numpy(float) for c in ("shape_pt_lon", "shape_pt_lat"))
    sequence = whole_numbers(shapes["shape_pt_sequence"], blank=-1)
    west, south, east, north = BRITAIN_AND_AROUND
    wrong = ~((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)) | (sequence < 0)
    ledger.refuse(
        "shapes.txt",
        shapes.index[wrong].to_numpy(),
        "has no usable point in or near Britain.",
        "Correct its coordinates and sequence.",
    )
    codes, ids = pd.factorize(shapes["shape_id"])
    keep = ~wrong & np.isin(codes, np.flatnonzero(ids.isin(used)))
    ledger.leave_out("shapes.txt", int((~keep & ~wrong).sum()))
    codes, lon, lat, sequence = codes[keep], lon[keep], lat[keep], sequence[keep]
    order = np.lexsort((sequence, codes))
    codes, lon, lat = codes[order], lon[order], lat[order]
    long_enough = np.bincount(codes, minlength=len(ids)) >= 2
    at = long_enough[codes]
    x, y = Transformer.from_crs(4326, 27700, always_xy=True).transform(lon[at], lat[at])
    found, ring = np.unique(codes[at], return_inverse=True)
    lines = shapely.linestrings(np.column_stack([x, y]), indices=ring) if len(found) else np.empty(0, object)
    return pd.Series(ids[found], dtype="str"), np.asarray(lines, object)
