"""Profiles: what they may say, and that one message names all that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import ProfileError
from geo.profile import AreaProfile, Extract, Place, expand, read_profile
from tests.worlds import write_one_road

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def profile_path(tmp_path: Path) -> Path:
    return write_one_road(tmp_path)


def change(path: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_profile_names_its_sources_in_order_and_finds_their_files(profile_path: Path) -> None:
    profile = read_profile(profile_path)
    assert list(profile.sources()) == [
        "zones.geometry", "zones.figures", "origins", "activities.venues", "activities.activities", "activities.sessions",
        "streets", "timetable.bus",
    ]  # fmt: skip
    assert all(profile.file(source).is_file() for source in profile.sources().values())


def test_all_faults_of_a_profile_come_in_one_message(profile_path: Path) -> None:
    change(profile_path, 'name_cy = "Un Ffordd"\n', "")
    change(profile_path, "is_fictional = true", 'is_fictional = true\ncolour = "red"')
    change(profile_path, "rank_total = 3", 'rank_total = "three"')
    change(profile_path, "2026-10-13", "1926-10-13")
    with pytest.raises(ProfileError) as caught:
        read_profile(profile_path)
    message = str(caught.value)
    assert "one-road.toml has 4 fault(s)" in message
    for said in ("name_cy: Field required", "colour: Extra inputs", "zones.rank_total", "not a plausible service date"):
        assert said in message


@pytest.mark.parametrize("key", ["zones.geometry", "streets", "timetable.feeds"])
def test_an_unknown_key_is_a_fault_at_every_depth(profile_path: Path, key: str) -> None:
    place = {"zones.geometry": '"zones.geojson"', "streets": '"streets.osm"', "timetable.feeds": '"bus.zip"'}[key]
    change(profile_path, f"path = {place}", f"path = {place}, colum = 1")
    with pytest.raises(ProfileError, match=r"colum: Extra inputs are not permitted"):
        read_profile(profile_path)


def test_a_file_that_is_not_toml_is_named_with_its_line(profile_path: Path) -> None:
    change(profile_path, "[zones]", "[zones")
    with pytest.raises(ProfileError, match=r"one-road\.toml is not a TOML file: .*line \d+"):
        read_profile(profile_path)


def test_a_profile_may_start_with_a_byte_order_mark(profile_path: Path) -> None:
    text = profile_path.read_text(encoding="utf-8")
    profile_path.write_text(text, encoding="utf-8-sig")
    assert read_profile(profile_path).name_cy == "Un Ffordd"


def test_what_the_system_will_not_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(ProfileError, match=r"folder\.toml cannot be read: Is a directory"):
        read_profile(tmp_path / "folder.toml")


def test_a_missing_profile_says_how_to_find_one(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="python -m geo areas"):
        read_profile(tmp_path / "none.toml")


def test_the_folder_is_not_a_users_to_set(profile_path: Path) -> None:
    change(profile_path, "area_id", 'folder = "/"\narea_id')
    with pytest.raises(ProfileError, match="folder"):
        read_profile(profile_path)


def test_streets_come_from_an_extract_or_by_the_name_of_a_place(profile_path: Path) -> None:
    assert isinstance(read_profile(profile_path).streets, Extract)
    text = profile_path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("streets"))
    change(profile_path, line, 'streets = { place = "Newport, Wales" }')
    profile = read_profile(profile_path)
    assert profile.streets == Place(place="Newport, Wales")
    assert "streets" not in profile.sources()
    change(profile_path, 'place = "Newport, Wales"', 'place = "Newport, Wales", path = "streets.osm"')
    with pytest.raises(ProfileError, match="streets"):
        read_profile(profile_path)


def test_an_extent_must_be_a_box(profile_path: Path) -> None:
    change(profile_path, 'path = "streets.osm"', 'path = "streets.osm", extent = [-3.0, 51.6, -2.9, 51.5]')
    with pytest.raises(ProfileError, match="is not west, south, east, north"):
        read_profile(profile_path)


def test_paths_read_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_DATA", "/data")
    monkeypatch.delenv("NO_DATA", raising=False)
    assert expand("${SOME_DATA}/a.csv") == "/data/a.csv"
    assert expand("${NO_DATA:-../b}/a.csv") == "../b/a.csv"
    with pytest.raises(ProfileError, match=r"NO_DATA.*Set it"):
        expand("${NO_DATA}/a.csv")


def test_a_profile_survives_its_own_dump(profile_path: Path) -> None:
    profile = read_profile(profile_path)
    again = AreaProfile.model_validate(profile.model_dump(mode="json") | {"folder": profile.folder})
    assert again == profile


@pytest.mark.parametrize("path", ["data/areas/cantrer-gwaelod.toml", "tests/areas/newport.toml"])
def test_the_profiles_that_come_with_the_project_thank_in_both_languages(path: str) -> None:
    for name, source in read_profile(PROJECT / path).sources().items():
        assert source.attribution_cy and source.attribution_cy != source.attribution, name


def test_openstreetmap_is_thanked_in_both_languages_where_streets_are_fetched() -> None:
    assert Place(place="Newport, Wales").attribution_cy == "© cyfranwyr OpenStreetMap"
    assert Place(place="Newport, Wales", attribution="© OpenStreetMap contributors, cut by us").attribution_cy is None
