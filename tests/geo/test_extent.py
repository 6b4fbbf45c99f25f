"""Beyond the end of an extract nothing is placed, however near the last street is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.build import build_area
from geo.profile import read_profile
from geo.store import load_area, save_area
from geo.streets.extent import header_box, ring_of
from geo.streets.snap import place_points
from tests.worlds import WEST, Y, degrees, write_one_road

# One Road runs from km 0 to km 9; the extract is said to end at km 6 (and 1 km to each side of the road)
SOUTH_WEST, NORTH_EAST = degrees(-1, -1), degrees(6, 1)
BOX = (*SOUTH_WEST, *NORTH_EAST)
ROAD = np.array([[WEST + 1000, Y], [WEST + 5900, Y], [WEST + 6200, Y], [WEST + 9000, Y], [np.nan, np.nan]])


def places(profile_path: Path, kept: Path) -> list[bool]:
    save_area(build_area(read_profile(profile_path)), kept)
    return place_points(load_area(kept).streets["walk"], ROAD).is_placed.tolist()


def test_points_beyond_the_extent_are_not_placed_though_a_street_is_there(tmp_path: Path) -> None:
    path = write_one_road(tmp_path)
    assert places(path, tmp_path / "whole") == [True, True, True, True, False]
    said = f'path = "streets.osm", extent = {list(BOX)}'
    path.write_text(path.read_text(encoding="utf-8").replace('path = "streets.osm"', said), encoding="utf-8")
    assert places(path, tmp_path / "cut") == [True, True, False, False, False]
    notes = build_area(read_profile(path)).quality.sources[-2].notes
    assert any("beyond it nothing is placed" in note for note in notes)


def test_the_files_own_box_counts_where_the_profile_is_silent(tmp_path: Path) -> None:
    path, streets = write_one_road(tmp_path), tmp_path / "streets.osm"
    assert header_box(streets) is None
    west, south, east, north = BOX
    bounds = f'<osm version="0.6">\n<bounds minlon="{west}" minlat="{south}" maxlon="{east}" maxlat="{north}"/>'
    streets.write_text(streets.read_text(encoding="utf-8").replace('<osm version="0.6">', bounds), encoding="utf-8")
    assert header_box(streets) == pytest.approx(BOX)
    assert places(path, tmp_path / "cut") == [True, True, False, False, False]


def test_the_outline_is_the_box_on_the_grid() -> None:
    ring = shapely.Polygon(ring_of(BOX))
    assert ring.is_valid
    assert ring.bounds == pytest.approx(
        (WEST - 1000, Y - 1000, WEST + 6000, Y + 1000), abs=150
    )  # the grid is turned there
    assert ring.contains(shapely.Point(WEST, Y))
