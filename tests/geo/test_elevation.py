"""Streets on a terrain: rasters written here, times worked out by hand, and rasters that say nothing usable."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from math import exp
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer

from geo.build import build_area
from geo.errors import DataError
from geo.manifest import take_stock
from geo.profile import read_profile
from geo.store import load_area, save_area
from geo.streets import elevation
from geo.streets.elevation import read_terrain
from geo.streets.graph import StreetGraph, Streets
from geo.streets.osm import read_streets
from tests.geo.osm_xml import Tags, grid, write_osm
from tests.worlds import write_one_road

rasterio = pytest.importorskip("rasterio", reason="rasterio is optional: requirements-elevation.txt")

Height = Callable[
    [NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]
]  # of metres east and north of the tests' (0, 0)
ROAD = {"highway": "residential", "name": "High Street"}
BRIDGE = {**ROAD, "bridge": "yes", "layer": "1"}
PIXEL_M = 10.0
WALK_M_S = 4.8 / 3.6
UP_10, UP_5 = (
    exp(0.35),
    exp(0.175),
)  # Tobler on slopes of 0.10 and 0.05, relative to the flat; 5 % down it is 1 / UP_5, 10 % down 1
_NEED = {"width": 140, "height": 60}


def write_raster(path: Path, height: Height, crs: str | None = "EPSG:27700", **more: object) -> Path:
    """Write heights over 1,400 × 600 m: x from -200, y from -300; a pixel's height is that of its middle."""
    west, north = grid(-200, 300)
    transform = rasterio.transform.from_origin(west, north, PIXEL_M, PIXEL_M)
    row, column = np.mgrid[0:60, 0:140]
    z = height(column * PIXEL_M - 195.0, 295.0 - row * PIXEL_M) + np.zeros((60, 140))
    said = {"driver": "GTiff", "count": 1, "dtype": "float64", "crs": crs, "transform": transform, **_NEED, **more}
    with rasterio.open(path, "w", **said) as raster:
        for band in range(1, raster.count + 1):
            raster.write(z.astype(raster.dtypes[0]), band)
    return path


def streets_of(
    folder: Path,
    raster: Path | None,
    nodes: dict[int, tuple[float, float]],
    ways: Sequence[tuple[Sequence[int], Tags]],
    crs: str | None = None,
) -> Streets:
    path = write_osm(folder / "streets.osm", nodes, ways)
    return read_streets(path, partial(read_terrain, raster, crs) if raster else None)


def seconds(graph: StreetGraph, one: int, other: int) -> float:
    """Return the time of the edge between two OSM nodes."""
    ids = graph.node_osm_id
    (edge,) = np.flatnonzero((ids[graph.tail] == one) & (ids[graph.head] == other))
    return float(graph.travel_ms[edge]) / 1000


STRAIGHT = {1: (0, 0), 2: (1000, 0)}
IN_FORTY = {1: (0, 0), 2: (984, 0)}  # 40 pieces of 24.6 m, 738 s on foot


def test_up_a_slope_of_one_in_ten_and_down(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "tilted.tif", lambda x, y: 0.1 * x)
    streets = streets_of(tmp_path, raster, STRAIGHT, [([1, 2], ROAD)])
    walk, cycle, drive = (streets.graphs[mode] for mode in ("walk", "cycle", "drive"))
    # 1,000 m are 750 s on foot; a cycle at 15 km/h takes 240 s, and has (6.01 - 4.002) / 6.01 of its speed up, (6.01 + 2.379) / 6.01 down
    assert seconds(walk, 1, 2) == pytest.approx(750 * UP_10, abs=0.1)
    assert seconds(walk, 2, 1) == pytest.approx(750, abs=0.1)
    assert seconds(cycle, 1, 2) == pytest.approx(240 * 6.01 / 2.008, abs=0.1)
    assert seconds(cycle, 2, 1) == pytest.approx(240 * 6.01 / 8.389, abs=0.1)
    flat = read_streets(tmp_path / "streets.osm").graphs["drive"]
    np.testing.assert_array_equal(drive.travel_ms, flat.travel_ms)


def test_across_the_slope_it_is_level(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "tilted.tif", lambda x, y: 0.1 * x)
    walk = streets_of(tmp_path, raster, {1: (500, -200), 2: (500, 200)}, [([1, 2], ROAD)]).graphs["walk"]
    assert seconds(walk, 1, 2) == pytest.approx(300, abs=0.1)  # 400 m


def test_a_hump_within_a_street_counts(tmp_path: Path) -> None:
    # A roof of one in ten, 200 m from eave to eave. Heights each 25 m: 0, 2.5, 5, 7.5, then 9.5 at the ridge, which the raster's
    # pixels of 10 m blunt, and down again: slopes 0.1 (three times), 0.08, and the same downwards.
    raster = write_raster(tmp_path / "roof.tif", lambda x, y: 0.1 * np.minimum(x, 200 - x))
    walk = streets_of(tmp_path, raster, {1: (0, 0), 2: (200, 0)}, [([1, 2], ROAD)]).graphs["walk"]
    expected = 150 * (3 * UP_10 + exp(0.28) + exp(3.5 * (0.03 - 0.05)) + 3 * 1.0) / 8
    assert seconds(walk, 1, 2) == pytest.approx(expected, abs=0.1)
    assert seconds(walk, 2, 1) == pytest.approx(expected, abs=0.1)


def valley(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a land that rises one in twenty, cut by a valley 60 m deep from x = 420 to 580."""
    return 0.05 * x - np.where((x > 420) & (x < 580), 60.0, 0.0)


@pytest.mark.parametrize("bridge", [[[2, 3]], [[2, 5], [3, 5]]], ids=["one way", "two ways that meet over the valley"])
def test_a_bridge_does_not_go_down_into_the_valley(tmp_path: Path, bridge: list[list[int]]) -> None:
    #  1 ── 2 ══(5)══ 3 ── 4     2 at 400 m, 3 at 600 m
    nodes = {1: (0, 0), 2: (400, 0), 5: (500, 0), 3: (600, 0), 4: (1000, 0)}
    raster = write_raster(tmp_path / "valley.tif", valley)
    ways = [([1, 2], ROAD), *((refs, BRIDGE) for refs in bridge), ([3, 4], ROAD)]
    walk = streets_of(tmp_path, raster, nodes, ways).graphs["walk"]
    assert seconds(walk, 1, 4) == pytest.approx(750 * UP_5, abs=0.1)  # as if the whole of it rose one in twenty
    assert seconds(walk, 4, 1) == pytest.approx(750 / UP_5, abs=0.1)
    down = streets_of(tmp_path, raster, nodes, [([1, 2, 5, 3, 4], ROAD)]).graphs["walk"]
    assert seconds(down, 1, 4) > 750 * UP_5 + 80  # without the bridge
    tunnel = [(refs, {**ROAD, "tunnel": "yes", "layer": "-1"} if tags is BRIDGE else tags) for refs, tags in ways]
    under = streets_of(tmp_path, raster, nodes, tunnel).graphs["walk"]
    assert seconds(under, 1, 4) == pytest.approx(750 * UP_5, abs=0.1)


def test_stairs_from_a_bridge_do_not_pull_it_down(tmp_path: Path) -> None:
    #  1 ── 2 ══ 5 ══ 3 ── 4     and from 5 steps down to 6, in the valley, which lies no lower for the bridge
    nodes = {1: (0, 0), 2: (400, 0), 5: (500, 0), 3: (600, 0), 4: (1000, 0), 6: (500, 20)}
    raster = write_raster(tmp_path / "valley.tif", valley)
    ways = [([1, 2], ROAD), ([2, 5], BRIDGE), ([5, 3], BRIDGE), ([3, 4], ROAD), ([5, 6], {"highway": "steps"})]
    walk = streets_of(tmp_path, raster, nodes, ways).graphs["walk"]
    assert seconds(walk, 1, 5) == pytest.approx(375 * UP_5, abs=0.1)
    assert seconds(walk, 5, 4) == pytest.approx(375 * UP_5, abs=0.1)


def test_a_footbridge_between_stairs_stands_on_them(tmp_path: Path) -> None:
    #  1 ── 2 ┄ 3 ══ 4 ┄ 5 ── 6    ┄ steps, ══ the footbridge, from 10 m up to 20 m: one in ten
    nodes = {1: (0, 0), 2: (90, 0), 3: (100, 0), 4: (200, 0), 5: (210, 0), 6: (300, 0)}
    raster = write_raster(tmp_path / "tilted.tif", lambda x, y: 0.1 * x - np.where((x > 120) & (x < 180), 40.0, 0.0))
    foot, steps = {"highway": "footway"}, {"highway": "steps"}
    ways = [
        ([1, 2], ROAD),
        ([2, 3], steps),
        ([3, 4], {**foot, "bridge": "yes", "name": "Footbridge"}),
        ([4, 5], steps),
        ([5, 6], ROAD),
    ]
    walk = streets_of(tmp_path, raster, nodes, ways).graphs["walk"]
    assert seconds(walk, 3, 4) == pytest.approx(75 * UP_10, abs=0.1)


def test_what_has_no_height_is_flat_and_told(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "west.tif", lambda x, y: np.where(x > 500, -9999.0, 0.1 * x), nodata=-9999.0)
    streets = streets_of(tmp_path, raster, IN_FORTY, [([1, 2], ROAD)])
    # Heights are known up to x = 495: twenty pieces, up to 492 m, rise one in ten; the others are taken as flat
    assert seconds(streets.graphs["walk"], 1, 2) == pytest.approx(738 * (20 * UP_10 + 20) / 40, abs=0.1)
    quality = streets.elevation_quality
    assert quality is not None
    assert [(fault.file, fault.problem) for fault in quality.doubts] == [
        ("west.tif", f"gives no height for 0.5 of 1.0 km ({mode}, 1 of 1 streets): flat there.")
        for mode in ("walk", "cycle")
    ]
    assert all("Give a raster that covers all streets" in fault.remedy for fault in quality.doubts)
    assert quality.rows_refused == 0
    assert quality.out_of_scope > 0


def test_nodata_that_is_not_declared_is_no_abyss(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "west.tif", lambda x, y: np.where(x > 500, -9999.0, 0.1 * x))
    streets = streets_of(tmp_path, raster, IN_FORTY, [([1, 2], ROAD)])
    assert seconds(streets.graphs["walk"], 1, 2) == pytest.approx(738 * (20 * UP_10 + 20) / 40, abs=0.1)


def test_streets_beyond_the_raster_are_flat_and_told(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "small.tif", lambda x, y: 0.1 * x)  # it ends at x = 1,200
    streets = streets_of(tmp_path, raster, {1: (200, 0), 2: (2184, 0)}, [([1, 2], ROAD)])
    # 80 pieces of 24.8 m: 40 of them end at 1,192 m
    assert seconds(streets.graphs["walk"], 1, 2) == pytest.approx(1488 * (40 * UP_10 + 40) / 80, abs=0.1)
    assert streets.elevation_quality is not None
    assert "1.0 of 2.0 km" in streets.elevation_quality.doubts[0].problem


def test_a_cliff_counts_as_forty_per_cent_and_is_told(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "cliff.tif", lambda x, y: np.where(x > 500, 100.0, 0.0))
    streets = streets_of(tmp_path, raster, IN_FORTY, [([1, 2], ROAD)])
    # The raster rises 100 m between x = 495 and 505, all of it in the piece from 492 to 516.6 m
    assert seconds(streets.graphs["walk"], 1, 2) == pytest.approx(738 * (39 + exp(1.4)) / 40, abs=0.1)
    assert streets.elevation_quality is not None
    assert "walk: 25 m steeper than 40% count as 40%." in streets.elevation_quality.notes


def test_ferries_float(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (900, 0), 4: (1000, 0)}
    ways = [([1, 2], ROAD), ([2, 3], {"route": "ferry", "duration": "00:10"}), ([3, 4], ROAD)]
    raster = write_raster(tmp_path / "tilted.tif", lambda x, y: 0.1 * x)
    walk = streets_of(tmp_path, raster, nodes, ways).graphs["walk"]
    assert seconds(walk, 2, 3) == seconds(walk, 3, 2) == pytest.approx(600, abs=0.01)


@pytest.mark.parametrize("says_so", [True, False], ids=["crs in the file", "crs in the profile"])
def test_a_raster_in_degrees(tmp_path: Path, says_so: bool) -> None:
    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    (west, south), (east, north) = to_degrees.transform(*grid(-200, -300)), to_degrees.transform(*grid(1200, 300))
    transform = rasterio.transform.from_bounds(west, south, east, north, 140, 60)
    lon = west + (np.arange(140) + 0.5) * (east - west) / 140
    lat = north - (np.arange(60) + 0.5) * (north - south) / 60
    x, _ = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True).transform(*np.meshgrid(lon, lat))
    crs = "EPSG:4326" if says_so else None
    raster = write_raster(tmp_path / "degrees.tif", lambda *_: 0.1 * (x - grid(0, 0)[0]), crs, transform=transform)
    streets = streets_of(tmp_path, raster, STRAIGHT, [([1, 2], ROAD)], None if says_so else "EPSG:4326")
    assert seconds(streets.graphs["walk"], 1, 2) == pytest.approx(750 * UP_10, abs=0.5)
    assert streets.elevation_quality is not None
    assert streets.elevation_quality.doubts == ()


def test_whole_decimetres_with_a_scale(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "scaled.tif", lambda x, y: x + 200 + 1000, dtype="int16")
    with rasterio.open(raster, "r+") as file:
        file.scales, file.offsets = (0.1,), (-120.0,)  # so that the height is 0.1 x, as above
    walk = streets_of(tmp_path, raster, STRAIGHT, [([1, 2], ROAD)]).graphs["walk"]
    assert seconds(walk, 1, 2) == pytest.approx(750 * UP_10, abs=0.1)


CORNERS = st.tuples(st.integers(0, 900), st.integers(-250, 250))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CORNERS, min_size=5, max_size=9, unique=True), st.floats(-100, 1000), st.integers(0, 3))
def test_a_level_terrain_changes_no_millisecond(
    tmp_path: Path, corners: list[tuple[int, int]], level_m: float, bridge: int
) -> None:
    nodes = {number: (float(x), float(y)) for number, (x, y) in enumerate(corners, start=1)}
    ways = [([n, n + 1], BRIDGE if n == bridge else ROAD) for n in range(1, len(nodes))] + [
        ([1, len(nodes)], {"highway": "path"})
    ]
    raster = write_raster(tmp_path / "level.tif", lambda x, y: level_m + 0 * x)
    level = streets_of(tmp_path, raster, nodes, ways)
    for mode, flat in read_streets(tmp_path / "streets.osm").graphs.items():
        np.testing.assert_array_equal(level.graphs[mode].travel_ms, flat.travel_ms)
    assert level.elevation_quality is not None
    assert level.elevation_quality.doubts == ()


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"count": 3, "dtype": "uint8"}, "has 3 bands"),
        ({"crs": None}, "says nothing of its reference system"),
        ({"transform": rasterio.transform.from_origin(10_000, 10_000, 10, 10)}, "lies elsewhere than the streets"),
        ({"transform": rasterio.Affine.identity()}, "does not say where it lies"),
        ({"dtype": "complex64"}, "complex numbers"),
    ],
    ids=["picture", "no crs", "elsewhere", "nowhere", "complex"],
)
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_raster_that_says_nothing_usable_is_refused(tmp_path: Path, more: dict[str, object], problem: str) -> None:
    raster = write_raster(tmp_path / "odd.tif", lambda x, y: 0 * x, **more)
    with pytest.raises(DataError, match=problem) as refused:
        streets_of(tmp_path, raster, STRAIGHT, [([1, 2], ROAD)])
    assert all(fault.file == "odd.tif" and fault.remedy for fault in refused.value.faults)


def test_feet_are_not_taken_for_metres(tmp_path: Path) -> None:
    raster = write_raster(tmp_path / "feet.tif", lambda x, y: 0 * x)
    with rasterio.open(raster, "r+") as file:
        file.units = ("ft",)
    with pytest.raises(DataError, match="in 'ft', not in metres"):
        streets_of(tmp_path, raster, STRAIGHT, [([1, 2], ROAD)])


def test_too_many_pixels_are_refused_and_only_those_of_the_streets_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raster = write_raster(tmp_path / "fine.tif", lambda x, y: 0 * x)
    # The street lies on columns 20 to 119 of row 29; with two pixels more on each side: 104 columns of 5 rows
    nodes = {1: (5, 5), 2: (995, 5)}
    monkeypatch.setattr(elevation, "MAX_PIXELS", 520)
    streets = streets_of(tmp_path, raster, nodes, [([1, 2], ROAD)])
    assert streets.elevation_quality is not None
    assert streets.elevation_quality.rows_in == 520
    monkeypatch.setattr(elevation, "MAX_PIXELS", 519)
    with pytest.raises(DataError, match=r"520 pixels where the streets are\. The limit is 519: make it coarser"):
        streets_of(tmp_path, raster, nodes, [([1, 2], ROAD)])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.tif", b"not a raster"),
        ("a.tif", b""),
        ("a.tif", b"II*\x00\x08\x00\x00\x00\xff\xff"),
        (
            "a.vrt",
            b'<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1"/></VRTDataset>',
        ),
    ],
)
def test_what_is_no_raster_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as a raster of heights"):
        streets_of(tmp_path, tmp_path / name, STRAIGHT, [([1, 2], ROAD)])


def hilly_road(folder: Path) -> Path:
    """Write One Road with a raster over it that rises one in ten eastwards, and return its profile."""
    profile = write_one_road(folder)
    transform = rasterio.transform.from_origin(298_000, 207_000, 100, 100)
    z = np.tile(0.1 * (np.arange(130) * 100 + 50), (90, 1))
    shape = {"width": 130, "height": 90, "count": 1, "dtype": "float32"}
    with rasterio.open(
        folder / "terrain.tif", "w", driver="GTiff", crs="EPSG:27700", transform=transform, **shape
    ) as file:
        file.write(z.astype("float32"), 1)
    said = '{ path = "terrain.tif", licence = "OGL", attribution = "© Surveyors of the road", vintage = "2025" }'
    text = profile.read_text(encoding="utf-8")
    profile.write_text(text.replace("streets = { ", f"streets = {{ elevation = {said}, "), encoding="utf-8")
    return profile


def test_an_area_names_its_raster_like_any_source(tmp_path: Path) -> None:
    profile = read_profile(hilly_road(tmp_path))
    manifest, faults = take_stock(profile)
    assert faults == {}
    entry = next(entry for entry in manifest.entries if entry.name == "streets.elevation")
    assert (entry.path, entry.licence, entry.vintage) == ((tmp_path / "terrain.tif").resolve(), "OGL", "2025")
    assert "© Surveyors of the road" in manifest.attributions()
    save_area(build_area(profile), tmp_path / "built")
    area = load_area(tmp_path / "built")
    quality = {source.name: source for source in area.quality.sources}
    assert quality["streets.elevation"].rows_kept == quality["streets.elevation"].rows_in > 0
    assert not any("Slopes are not counted" in note for note in quality["streets"].notes)
    # The road is 750 s/km on foot when flat; uphill it is east
    walk = area.streets["walk"]
    eastwards = walk.node_xy[walk.head, 0] > walk.node_xy[walk.tail, 0]
    per_m = walk.travel_ms / walk.length_m
    np.testing.assert_allclose(per_m[eastwards], 750 * UP_10, rtol=1e-3)
    np.testing.assert_allclose(per_m[~eastwards], 750, rtol=1e-3)


def test_without_rasterio_the_raster_is_a_fault_and_never_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = read_profile(hilly_road(tmp_path))
    monkeypatch.setitem(sys.modules, "rasterio", None)
    with pytest.raises(
        DataError, match=r"rasterio, which is not installed\. 'pip install -r requirements-elevation\.txt'"
    ):
        build_area(profile)


def test_without_a_raster_the_report_says_that_slopes_do_not_count(tmp_path: Path) -> None:
    area = build_area(read_profile(write_one_road(tmp_path)))
    streets = next(source for source in area.quality.sources if source.name == "streets")
    assert any("Slopes are not counted: the profile names no raster" in note for note in streets.notes)


def test_a_raster_that_is_missing_is_named(tmp_path: Path) -> None:
    path = hilly_road(tmp_path)
    (tmp_path / "terrain.tif").unlink()
    with pytest.raises(DataError, match=r"terrain\.tif: is missing \(streets\.elevation\)"):
        build_area(read_profile(path))
