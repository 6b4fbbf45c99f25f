"""Zones, origins, practices and footprints, on One Road (``tests/worlds.py``) with one thing changed at a time."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.footprints import load_footprints
from geo.origins import load_origins, weighted_points
from geo.practices import load_practices
from geo.profile import AreaProfile, read_profile
from geo.quality import SourceQuality
from geo.zones import load_zones
from tests.worlds import WEST, Y, degrees, write_one_road

SOURCE = 'licence = "CC0-1.0", attribution = "made", vintage = "made"'


@pytest.fixture
def world(tmp_path: Path) -> Path:
    write_one_road(tmp_path)
    return tmp_path


def profile(world: Path, more: str = "", drop: str | None = None) -> AreaProfile:
    """Read the world's profile, with ``more`` at its end and without the line that starts with ``drop``."""
    path = world / "one-road.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if not drop or not line.startswith(drop)) + more, encoding="utf-8")
    return read_profile(path)


def csv(world: Path, name: str, *lines: str) -> None:
    (world / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def at(km: float, north_km: float = 0.0) -> str:
    return "{:.7f},{:.7f}".format(*degrees(km, north_km))


def outlines(world: Path, **squares: tuple[float, float, float, float] | None) -> None:
    """Write zones as boxes: west km, south km, east km, north km; None: without geometry."""
    features = []
    for code, box in squares.items():
        geometry = None
        if box:
            west, south, east, north = box
            ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
            geometry = {"type": "Polygon", "coordinates": [[degrees(*corner) for corner in ring]]}
        features.append({"type": "Feature", "properties": {"zone_code": code}, "geometry": geometry})
    content = {"type": "FeatureCollection", "features": features}
    (world / "zones.geojson").write_text(json.dumps(content), encoding="utf-8")


def zones_of(world: Path) -> tuple[gpd.GeoDataFrame, tuple[SourceQuality, ...]]:
    return load_zones(profile(world))


# Zones


def test_zones_join_outlines_and_figures(world: Path) -> None:
    zones, (outline, figures) = zones_of(world)
    assert zones["zone_code"].tolist() == ["A", "B", "C"]
    assert zones["population"].tolist() == [100, 300, 300]
    assert zones["name_cy"].tolist() == ["Tref A", "Tref B", "Tref C"]
    assert zones["la_code"].tolist() == ["L1", "L1", "L2"]  # kept, since footprints are made of it
    assert zones["disabled"].isna().all()
    assert zones.crs == "EPSG:27700"
    assert zones.geometry.area.tolist() == pytest.approx([28e6] * 3, rel=1e-3)  # each is 4 km by 7 km
    assert (outline.rows_in, outline.rows_kept, figures.rows_in, figures.rows_kept) == (3, 3, 3, 3)
    assert "disabled" in figures.notes[-1]


def test_zones_without_figures_stay_and_figures_without_zones_are_counted(world: Path) -> None:
    csv(world, "figures.csv", "zone_code,name_en,population", "A,Aton,100", "Z,Nowhere,5")
    zones, (outline, figures) = zones_of(world)
    assert zones["population"].isna().tolist() == [False, True, True]
    assert zones["name_en"].tolist() == ["Aton", "B", "C"]  # the code stands in for a name
    assert [fault.row for fault in outline.doubts] == [3, 4]
    assert "zone B has no row of figures" in outline.doubts[0].problem
    assert (figures.rows_kept, figures.out_of_scope) == (1, 1)


def test_ill_figures_are_refused_with_row_and_the_zone_becomes_unknown(world: Path) -> None:
    csv(
        world, "figures.csv",
        "zone_code,population,deprivation_rank,households_no_car_share",
        "A,1 200,1,0.2",
        "B,-3,2,0.2",
        "C,300,4,0.2",  # there are three ranks
        "C,300,3,0.2",
        ",1,1,1",
    )  # fmt: skip
    zones, (_, figures) = zones_of(world)
    assert [(fault.row, fault.problem.split(" is ")[0]) for fault in figures.refused] == [
        (2, "population"),
        (3, "population"),
        (4, "deprivation_rank"),
        (5, "zone_code 'C' stands in an earlier row too; the row was refused."),
        (6, "zone_code"),
    ]
    assert "'1 200', not a number from 0" in figures.refused[0].problem
    assert "without separators" in figures.refused[0].remedy
    assert zones["population"].isna().all()


def test_a_zone_without_an_outline_twice_given_or_abroad_is_refused(world: Path) -> None:
    outlines(world, A=(0, 0, 1, 1), B=None, C=(0, 3000, 1, 3001))
    zones, (outline, _) = zones_of(world)
    assert zones["zone_code"].tolist() == ["A"]
    assert [(fault.row, fault.problem) for fault in outline.refused] == [
        (3, "has no polygon; the row was refused."),
        (4, "lies outside Great Britain; the row was refused."),
    ]


def test_a_bow_tie_is_mended_and_noted(world: Path) -> None:
    # corners crossed: two triangles that meet in the middle, half of the square's 4 km² in all
    ring = [degrees(0, 0), degrees(2, 2), degrees(2, 0), degrees(0, 2), degrees(0, 0)]
    feature = {
        "type": "Feature",
        "properties": {"zone_code": "A"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    content = {"type": "FeatureCollection", "features": [feature]}
    (world / "zones.geojson").write_text(json.dumps(content), encoding="utf-8")
    zones, (outline, _) = zones_of(world)
    assert zones.geometry.area.tolist() == pytest.approx([2e6], rel=1e-3)
    assert zones.geometry.is_valid.all()
    assert "1 invalid outlines were made valid." in outline.notes


# Origins


def test_origins_have_the_zones_people(world: Path) -> None:
    zones, _ = zones_of(world)
    origins, (quality,) = load_origins(profile(world), zones)
    assert origins["population"].tolist() == [100, 200, 100, 300]
    assert quality.rows_kept == 4
    # B: 200 people at km 5, 100 five km north of it
    moved = weighted_points(zones, origins).set_index("zone_code")
    assert moved.loc["B", "point_x"] == pytest.approx(WEST + 5000, abs=0.1)
    assert moved.loc["B", "point_y"] == pytest.approx(Y + 5000 / 3, abs=0.1)


def test_counts_that_do_not_sum_to_the_zones_are_scaled_and_noted(world: Path) -> None:
    csv(world, "origins.csv", "origin_id,zone_code,population,lon,lat", f"A1,A,20,{at(1)}", f"A2,A,60,{at(2)}")
    origins, (quality,) = load_origins(profile(world), zones_of(world)[0])
    # A has 100 people: 20 : 60 becomes 25 : 75, a factor of 1.25; B and C get one origin each
    assert origins["population"].tolist() == [25, 75, 300, 300]
    assert any("scaled" in note and "1.250" in note for note in quality.notes)
    assert any("2 zones have no origin, one was made inside each: B, C." in note for note in quality.notes)


@pytest.mark.parametrize("counts", [("", "60"), ("0", "0")])
def test_people_are_shared_equally_where_origins_are_not_counted(world: Path, counts: tuple[str, str]) -> None:
    first, second = counts
    csv(
        world,
        "origins.csv",
        "origin_id,zone_code,population,lon,lat",
        f"A1,A,{first},{at(1)}",
        f"A2,A,{second},{at(2)}",
    )
    origins, (quality,) = load_origins(profile(world), zones_of(world)[0])
    assert origins["population"].tolist()[:2] == [50, 50]
    assert any("In 1 zones the people are shared equally" in note for note in quality.notes)


def test_origins_find_their_zone_by_location(world: Path) -> None:
    # zones reach from km -1 to km 11: 100 m beyond is C by the nearest, 500 m beyond is nobody's
    csv(world, "origins.csv", "origin_id,lon,lat", f"a,{at(1)}", f"c,{at(11.1)}", f"out,{at(11.5)}")
    origins, (quality,) = load_origins(profile(world), zones_of(world)[0])
    assert dict(zip(origins["origin_id"], origins["zone_code"], strict=True)) == {"a": "A", "B": "B", "c": "C"}
    assert quality.out_of_scope == 1
    assert any("1 origins lie up to 100 m outside" in note for note in quality.notes)


def test_an_origin_without_coordinates_or_with_them_exchanged_is_refused(world: Path) -> None:
    lon, lat = degrees(1)
    csv(
        world,
        "origins.csv",
        "origin_id,zone_code,lon,lat",
        f"a,A,{lon},{lat}",
        "b,B,,",
        f"c,C,{lat},{lon}",
        f"a,A,{lon},{lat}",
    )
    origins, (quality,) = load_origins(profile(world), zones_of(world)[0])
    assert origins["origin_id"].tolist() == ["a", "B", "C"]
    assert [(fault.row, fault.problem.split(";")[0]) for fault in quality.refused] == [
        (3, "has no coordinates"),
        (4, "lies outside Great Britain"),
        (5, "origin_id 'a' stands in an earlier row too"),
    ]
    assert "exchanged" in quality.refused[1].remedy


def test_without_a_file_each_zone_is_one_origin_and_that_is_said(world: Path) -> None:
    zones, _ = zones_of(world)
    origins, (quality,) = load_origins(profile(world, drop="origins"), zones)
    assert origins["origin_id"].tolist() == ["A", "B", "C"]
    assert origins["population"].tolist() == [100, 300, 300]
    assert "no file of origins" in quality.notes[0]


@settings(max_examples=40, deadline=None)
@given(
    people=st.lists(st.one_of(st.none(), st.integers(0, 5000)), min_size=3, max_size=3),
    counts=st.lists(st.tuples(st.sampled_from("ABC"), st.one_of(st.none(), st.integers(0, 900))), max_size=8),
)
def test_people_of_origins_sum_to_their_zones(
    people: list[int | None], counts: list[tuple[str, int | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = tmp_path_factory.getbasetemp() / "sums"
    world.mkdir(exist_ok=True)
    made = read_profile(write_one_road(world))
    lines = [f"{i},{code},{'' if n is None else n},{at(1)}" for i, (code, n) in enumerate(counts)]
    csv(world, "origins.csv", "origin_id,zone_code,population,lon,lat", *lines)
    known = pd.DataFrame({"zone_code": list("ABC"), "population": people, "point_x": WEST, "point_y": Y})
    zones = gpd.GeoDataFrame(known.astype({"population": float}), geometry=gpd.points_from_xy([WEST] * 3, [Y] * 3))
    origins, _ = load_origins(made, zones)
    total = origins.groupby("zone_code")["population"].sum(min_count=1)
    for code, expected in zip("ABC", people, strict=True):
        if expected is None:
            assert pd.isna(total[code])
        else:
            assert total[code] == pytest.approx(expected)


# Practices and footprints

PRACTICES = f'\npractices = {{ path = "practices.csv", {SOURCE} }}\n'


def with_practices(world: Path, *lines: str) -> AreaProfile:
    csv(world, "practices.csv", "practice_id,name,cluster,list_size,lon,lat", *lines)
    path = world / "one-road.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\n[zones]", f"{PRACTICES}\n[zones]", 1), encoding="utf-8")
    return profile(world, '\n[footprints.cluster]\nhow = "nearest_practice"\n')


def test_clusters_are_derived_from_the_nearest_practice_and_labelled(world: Path) -> None:
    # the zones' points lie at km 1, 5 and 9: East at km 6 is nearer to B (1 km) than West at km 3 (2 km)
    made = with_practices(
        world, f"w,West surgery,West,5000,{at(3)}", f"e,East surgery,East,,{at(6)}", "x,New,North,1,,"
    )
    zones, _ = load_zones(made)
    zones = zones.assign(point_x=[WEST + 1000, WEST + 5000, WEST + 9000], point_y=Y)
    practices, (quality,) = load_practices(made)
    assert practices["list_size"].isna().tolist() == [True, False, False]
    assert quality.doubts[0].row == 4  # kept without a place
    footprints, belongs, _ = load_footprints(made, zones, practices)
    assert belongs["cluster"].tolist() == ["West", "East", "East"]
    clusters = footprints[footprints["level"] == "cluster"].set_index("footprint_id")
    assert clusters.index.tolist() == ["East", "West"]  # North has no zone
    assert clusters["is_derived"].all()
    assert not footprints.loc[footprints["level"] == "la", "is_derived"].any()
    assert clusters.loc["East"].geometry.area == pytest.approx(56e6, rel=1e-3)  # the union of B and C


def test_clusters_cannot_be_derived_from_practices_nobody_can_place(world: Path) -> None:
    made = with_practices(world, "x,New,North,1,,")
    with pytest.raises(DataError, match="hold none with coordinates"):
        load_footprints(made, load_zones(made)[0], load_practices(made)[0])


def test_footprints_from_columns_are_the_union_of_their_zones(world: Path) -> None:
    made = profile(world)
    footprints, belongs, (quality,) = load_footprints(made, load_zones(made)[0], load_practices(made)[0])
    assert belongs["la"].to_dict() == {"A": "L1", "B": "L1", "C": "L2"}
    assert footprints.geometry.area.tolist() == pytest.approx([56e6, 28e6], rel=1e-3)
    assert quality.name == "footprints.la"


def test_footprints_from_a_list_leave_other_areas_out_and_name_zones_in_none(world: Path) -> None:
    csv(
        world,
        "rpb.csv",
        "zone_code,footprint_id,name_en,name_cy",
        "A,G,Gwent,Gwent",
        "B,G,Gwent,Gwent",
        "Z,P,Powys,Powys",
    )
    made = profile(world, f'\n[footprints.rpb]\nhow = "zone_list"\nfile = {{ path = "rpb.csv", {SOURCE} }}\n')
    footprints, belongs, (_, quality) = load_footprints(made, load_zones(made)[0], load_practices(made)[0])
    assert belongs["rpb"].fillna("none").tolist() == ["G", "G", "none"]
    assert footprints.loc[footprints["level"] == "rpb", "footprint_id"].tolist() == ["G"]
    assert quality.out_of_scope == 1
    assert "1 zones lie in none: C." in quality.notes


def test_footprints_from_polygons_hold_the_zones_points(world: Path) -> None:
    # one outline over km -1 … 4 holds A's point; the second, km 4.9 … 6 north of B's point, only covers part of B; C lies in none
    boxes = {"w": (-1, -1, 4, 6), "m": (5.5, 3, 6, 6), "far": (50, 0, 60, 10)}
    features = []
    for code, (west, south, east, north) in boxes.items():
        ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        said = {"footprint_id": code, "name_en": code.upper()}
        geometry = {"type": "Polygon", "coordinates": [[degrees(*corner) for corner in ring]]}
        features.append({"type": "Feature", "properties": said, "geometry": geometry})
    (world / "hb.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    made = profile(world, f'\n[footprints.hb]\nhow = "polygons"\nfile = {{ path = "hb.geojson", {SOURCE} }}\n')
    zones = load_zones(made)[0].assign(point_x=[WEST + 1000, WEST + 5000, WEST + 9000], point_y=Y)
    footprints, belongs, (_, quality) = load_footprints(made, zones, load_practices(made)[0])
    # B's point is in no outline: w covers 1 km × 7 km of it, m 0.5 km × 3 km
    assert belongs["hb"].fillna("none").tolist() == ["w", "w", "none"]
    assert footprints.loc[footprints["level"] == "hb", "footprint_id"].tolist() == ["w"]
    assert any("1 zones whose point lies in no outline" in note for note in quality.notes)
    assert quality.out_of_scope == 2
