"""Points a user brings: a CSV of ``id,lon,lat``, checked row by row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pyproj import Transformer

from access.own_tables import read_texts
from geo.errors import DataError, Fault

COLUMNS = ("id", "lon", "lat")
LON_RANGE, LAT_RANGE = (-9.0, 3.0), (49.0, 61.5)  # Great Britain with its islands
MAX_POINTS = 200_000
MAX_FILE_BYTES = 20_000_000


@dataclass(frozen=True)
class Points:
    """Named places, EPSG:27700."""

    ids: tuple[str, ...]
    xy: NDArray[np.float64]  # (points, 2)

    def __len__(self) -> int:
        return len(self.ids)


def from_lonlat(ids: tuple[str, ...], lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Points:
    """Return points given in degrees (EPSG:4326)."""
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True).transform(lon, lat)
    return Points(ids, np.column_stack([x, y]))


def read_points(path: Path) -> Points:
    """Read points.

    Raises:
        DataError: the file is missing, too large, not UTF-8 or without its columns; or rows without an id, with an id given
            twice, or with coordinates that are no numbers or lie outside Great Britain. All faults together.
    """
    if path.is_file() and path.stat().st_size > MAX_FILE_BYTES:
        raise DataError.of(path.name, f"has over {MAX_FILE_BYTES:,} bytes.", "Split it.")
    table = read_texts(path, "a CSV with the columns id,lon,lat")
    absent = [name for name in COLUMNS if name not in table]
    if absent:
        raise DataError.of(
            path.name, f"lacks the column(s) {', '.join(absent)}.", "The header must have id,lon,lat.", row=1
        )
    if not 0 < len(table) <= MAX_POINTS:
        raise DataError.of(path.name, f"has {len(table):,} points.", f"Give from 1 to {MAX_POINTS:,}.")
    lon, lat = (pd.to_numeric(table[name], errors="coerce").to_numpy(np.float64) for name in ("lon", "lat"))
    is_inside = (lon >= LON_RANGE[0]) & (lon <= LON_RANGE[1]) & (lat >= LAT_RANGE[0]) & (lat <= LAT_RANGE[1])
    faults = [
        Fault(path.name, f"'{table['id'][row]}' has the coordinates '{table['lon'][row]}, {table['lat'][row]}'.",
              "Give degrees in Great Britain: lon from -9 to 3, lat from 49 to 61.5.", int(row) + 2)
        for row in np.flatnonzero(~is_inside)
    ]  # fmt: skip
    faults += [
        Fault(path.name, "has no id.", "Give each point an id.", int(row) + 2)
        for row in np.flatnonzero(table["id"] == "")
    ]
    faults += [
        Fault(path.name, f"gives the id '{table['id'][row]}' again.", "Give each point an id of its own.", int(row) + 2)
        for row in np.flatnonzero(table["id"].duplicated() & (table["id"] != ""))
    ]
    if faults:
        raise DataError(faults)
    return from_lonlat(tuple(table["id"]), lon, lat)
