"""Files that contradict themselves: kept, but reported with the row and what to check. One Road as it stands does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.build import build_area
from geo.footprints import load_footprints
from geo.origins import load_origins
from geo.practices import load_practices
from geo.profile import AreaProfile, read_profile
from geo.quality import SourceQuality
from geo.zones import load_zones
from tests.worlds import degrees, write_one_road

Box = tuple[float, float, float, float]  # west, south, east, north; km on and north of the road
SOURCE = 'licence = "x", attribution = "x", vintage = "x"'


@pytest.fixture
def world(tmp_path: Path) -> Path:
    write_one_road(tmp_path, busy=True)
    return tmp_path


def boxes(path: Path, key: str, squares: dict[str, Box]) -> None:
    features = []
    for code, (west, south, east, north) in squares.items():
        ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        geometry = {"type": "Polygon", "coordinates": [[degrees(*corner) for corner in ring]]}
        features.append({"type": "Feature", "properties": {key: code}, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def said(quality: SourceQuality) -> list[tuple[int | None, str]]:
    return [(fault.row, fault.problem) for fault in quality.doubts]


def of_footprints(made: AreaProfile, level: str) -> SourceQuality:
    qualities = load_footprints(made, load_zones(made)[0], load_practices(made)[0])[2]
    return next(quality for quality in qualities if quality.name == f"footprints.{level}")


def test_one_road_contradicts_nothing(world: Path) -> None:
    area = build_area(read_profile(world / "one-road.toml"))
    assert [said(quality) for quality in area.quality.sources if quality.doubts] == []


def test_zones_that_overlap_are_named_once_each_with_the_share(world: Path) -> None:
    # A and B share 1 km² of 2 each; B and C share a strip of 5 m, 0.25 % of B; C lies wholly in D
    boxes(
        world / "zones.geojson", "zone_code", {"A": (0, 0, 2, 1), "B": (1, 0, 3, 1), "C": (2.995, 0, 5, 1), "D": (2.995, 0, 9, 9)}
    )  # fmt: skip
    (outlines, _) = load_zones(read_profile(world / "one-road.toml"))[1]
    assert said(outlines)[:2] == [
        (3, "zone 'B' and 'A' overlap by 50% of the smaller one."),
        (5, "zone 'D' and 'C' overlap by 100% of the smaller one."),
    ]


def test_a_part_of_the_people_is_not_more_than_all_of_them(world: Path) -> None:
    change(world / "figures.csv", "Tref B,300,60", "Tref B,300,301")
    (_, figures) = load_zones(read_profile(world / "one-road.toml"))[1]
    assert said(figures) == [(3, "zone 'B' has more people in population_65plus than in population.")]


def test_an_origin_far_from_its_zone_is_reported(world: Path) -> None:
    # C1 stands at km 9, in C; said to be of A, which ends at km 3
    change(world / "origins.csv", "C1,C,", "C1,A,")
    made = read_profile(world / "one-road.toml")
    (quality,) = load_origins(made, load_zones(made)[0])[1]
    assert said(quality) == [(5, "lies 6.0 km from its zone 'A'.")]


def test_a_footprint_of_two_names_is_reported_and_a_blank_name_is_none(world: Path) -> None:
    clusters = world / "clusters.csv"
    change(clusters, "B,west,West,Gorllewin", "B,west,Wild West,")
    assert said(of_footprints(read_profile(world / "one-road.toml"), "cluster")) == [
        (3, "footprint 'west' is 'Wild West' here and 'West' in an earlier row.")
    ]
    # the same among columns of the zones: L1 holds A and B
    change(world / "one-road.toml", 'name_en = "la_code"', 'name_en = "name_en"')
    assert said(of_footprints(read_profile(world / "one-road.toml"), "la")) == [
        (None, "call footprint 'L1' by 2 names: Aton, Beeton.")
    ]


def test_footprints_that_overlap_are_reported(world: Path) -> None:
    # e, of 105 km², reaches 1 km into w, of 77 km²: 7 of these
    boxes(world / "hb.geojson", "footprint_id", {"w": (-5, -1, 6, 6), "e": (5, -1, 20, 6)})
    with (world / "one-road.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[footprints.hb]\nhow = "polygons"\nfile = {{ path = "hb.geojson", {SOURCE} }}\n')
    quality = of_footprints(read_profile(world / "one-road.toml"), "hb")
    assert [problem for _, problem in said(quality)] == ["footprint 'e' and 'w' overlap by 9% of the smaller one."]


def test_footprints_without_a_name_are_shown_by_their_id(world: Path) -> None:
    (world / "clusters.csv").write_text("zone_code,footprint_id\nA,west\nB,west\nC,east\n", encoding="utf-8")
    made = read_profile(world / "one-road.toml")
    footprints, _, qualities = load_footprints(made, load_zones(made)[0], load_practices(made)[0])
    named = footprints[footprints["level"] == "cluster"].set_index("footprint_id")
    assert named["name_cy"].to_dict() == {"west": "west", "east": "east"}
    (quality,) = [quality for quality in qualities if quality.name == "footprints.cluster"]
    assert "3 rows have no name: footprint_id is shown instead." in quality.notes
