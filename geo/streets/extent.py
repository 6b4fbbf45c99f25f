"""Where an extract of streets ends: beyond it a missing street means nothing, so no point is placed there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import osmium.io
from numpy.typing import NDArray
from pyproj import Transformer

from geo.streets.graph import Streets

Box = tuple[float, float, float, float]  # west, south, east, north; degrees, EPSG:4326
STEPS = 32  # a side that is straight in degrees bends on the grid: by under a metre over 1/32 of a county
_TO_GRID = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)


def header_box(path: Path) -> Box | None:
    """Return the box that the file says it was cut to; None where it says nothing sensible."""
    with osmium.io.Reader(str(path)) as reader:
        box = reader.header().box()
    if not box.valid():
        return None
    west, south, east, north = box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat
    return (west, south, east, north) if west < east and south < north else None


def cut_to(streets: Streets, box: Box | None) -> Streets:
    """Return ``streets`` such that points are placed within ``box`` only, and that say so; as they are without a box."""
    if box is None:
        note = "Where the extract ends is not known: points up to 1,600 m beyond its last street are placed on it."
        return replace(streets, quality=replace(streets.quality, notes=(*streets.quality.notes, note)))
    ring = ring_of(box)
    graphs = {mode: replace(graph, extent_xy=ring) for mode, graph in streets.graphs.items()}
    west, south, east, north = (f"{degrees:.4f}" for degrees in box)
    note = f"The extract covers longitudes {west} to {east}, latitudes {south} to {north}; beyond it nothing is placed."
    return replace(streets, graphs=graphs, quality=replace(streets.quality, notes=(*streets.quality.notes, note)))


def ring_of(box: Box) -> NDArray[np.float64]:
    """Return the closed outline of ``box`` (corners, 2) in EPSG:27700."""
    west, south, east, north = box
    there, back = np.linspace(0, 1, STEPS, endpoint=False), np.linspace(1, 0, STEPS, endpoint=False)
    lon = np.concatenate(
        [west + there * (east - west), np.full(STEPS, east), west + back * (east - west), np.full(STEPS, west)]
    )
    lat = np.concatenate(
        [np.full(STEPS, south), south + there * (north - south), np.full(STEPS, north), south + back * (north - south)]
    )
    x, y = _TO_GRID.transform(np.append(lon, west), np.append(lat, south))
    return np.column_stack([x, y])
