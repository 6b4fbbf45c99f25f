"""Building: all sources, all faults at once, progress, and what is kept between two openings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geo import build, opening
from geo.area import Area
from geo.build import build_area
from geo.check import check_area
from geo.errors import DataError, DateOutsideTimetable, UnknownName
from geo.findings import services_by_operator
from geo.opening import area_profiles, open_area
from geo.profile import read_profile
from geo.store import load_area, save_area
from geo.streets.graph import Streets
from geo.streets.osm import read_streets
from tests.worlds import write_one_road


@pytest.fixture
def profile_path(tmp_path: Path) -> Path:
    world = tmp_path / "world"
    world.mkdir()
    return write_one_road(world)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_one_road_builds_and_tells_each_step(profile_path: Path) -> None:
    told: list[tuple[str, float]] = []
    area = build_area(read_profile(profile_path), lambda step, share: told.append((step, share)))
    assert (len(area.zones), len(area.origins), len(area.sessions), len(area.timetable.trips)) == (3, 4, 2, 2)
    assert set(area.streets) == {"walk", "cycle", "drive"}
    names = [quality.name for quality in area.quality.sources]
    assert set(read_profile(profile_path).sources()) <= set(names)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] < 1


def test_the_least_that_a_profile_must_say_is_enough(profile_path: Path, tmp_path: Path) -> None:
    change(profile_path, '[footprints.la]\nhow = "zone_columns"\nid = "la_code"\nname_en = "la_code"\n', "")
    lines = profile_path.read_text(encoding="utf-8").splitlines()
    left = [line for line in lines if not line.startswith(("origins", "figures", "rank_total", "is_f"))]
    profile_path.write_text("\n".join(left), encoding="utf-8")
    save_area(build_area(read_profile(profile_path)), tmp_path / "area")
    area = load_area(tmp_path / "area")
    assert (len(area.zones), len(area.origins), len(area.footprints)) == (3, 3, 0)
    assert area.footprints["is_derived"].dtype == bool
    assert area.zone_footprints.shape == (3, 0)


def test_all_faults_of_all_sources_come_together(profile_path: Path) -> None:
    world = profile_path.parent
    (world / "origins.csv").unlink()
    (world / "figures.csv").write_bytes(b"zone_code\nA\nT\xf4n\n")
    (world / "streets.osm").write_text("not a map")
    (world / "bus.zip").write_bytes(b"not a zip")
    change(world / "venues.csv", "venue_id", "id")
    with pytest.raises(DataError) as caught:
        build_area(read_profile(profile_path))
    files = {Path(fault.file).name for fault in caught.value.faults}
    assert {"origins.csv", "figures.csv", "streets.osm", "bus.zip", "venues.csv"} <= files
    assert all(fault.remedy for fault in caught.value.faults)


def test_a_date_outside_the_timetable_names_the_dates_covered(profile_path: Path) -> None:
    change(profile_path, "2026-10-13", "2026-12-01")
    with pytest.raises(DateOutsideTimetable) as caught:
        build_area(read_profile(profile_path))
    for said in ("2026-12-01", "2026-09-01", "2026-10-31"):
        assert said in str(caught.value)
    # with other faults it joins them
    (profile_path.parent / "origins.csv").unlink()
    with pytest.raises(DataError, match="does not cover 2026-12-01"):
        build_area(read_profile(profile_path))


def test_services_by_operator_counts_what_runs(profile_path: Path) -> None:
    timetable = build_area(read_profile(profile_path)).timetable
    (tuesday,) = services_by_operator(timetable, date(2026, 10, 13)).to_dict("records")
    (sunday,) = services_by_operator(timetable, date(2026, 10, 11)).to_dict("records")
    assert (tuesday["feed"], tuesday["operator"], tuesday["mode"]) == ("bus", "One Bus", "bus")
    assert (tuesday["services"], tuesday["services_running"], tuesday["trips"], tuesday["trips_running"]) == (
        1,
        1,
        2,
        2,
    )
    assert (sunday["services"], sunday["services_running"], sunday["trips"], sunday["trips_running"]) == (1, 0, 2, 0)


def test_findings_warn_of_a_day_without_service_and_of_unknown_people(profile_path: Path) -> None:
    change(profile_path, "2026-10-13", "2026-10-11")  # a Sunday
    change(profile_path.parent / "figures.csv", "Tref A,100", "Tref A,")
    findings = build_area(read_profile(profile_path)).quality.findings
    assert "1 of 3 zones have no population: A." in findings
    assert any("WARNING: on 2026-10-11 only 0% of the timetable's services run" in finding for finding in findings)


def test_untrusted_weekdays_are_told(tmp_path: Path) -> None:
    path = write_one_road(tmp_path, trusted='["sunday"]')
    findings = build_area(read_profile(path)).quality.findings
    assert any("the service date is a tuesday, the timetable is trusted on sunday" in finding for finding in findings)
    assert any(
        "2 of 2 sessions fall on weekdays on which the timetable is not trusted" in finding for finding in findings
    )


def test_streets_by_the_name_of_a_place_go_through_the_same_build(
    profile_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fetched(place: str, read_terrain: object) -> Streets:
        assert read_terrain is None
        asked.append(place)
        return read_streets(profile_path.parent / "streets.osm")

    monkeypatch.setattr("geo.streets.by_place.read_streets_by_place", fetched)
    text = profile_path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("streets"))
    change(profile_path, line, 'streets = { place = "One Road, Nowhere" }')
    area = build_area(read_profile(profile_path))
    assert asked == ["One Road, Nowhere"]
    assert area.streets["walk"].length_m.sum() == pytest.approx(18_000, rel=1e-3)  # 9 km, both ways
    assert "© OpenStreetMap contributors" in area.manifest.attributions()


def test_another_download_of_the_same_place_gives_another_digest(
    profile_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = next(line for line in profile_path.read_text(encoding="utf-8").splitlines() if line.startswith("streets"))
    change(profile_path, line, 'streets = { place = "One Road, Nowhere" }')
    streets, areas = read_streets(profile_path.parent / "streets.osm"), {}
    for name, sha256 in (("monday", "a" * 64), ("again", "a" * 64), ("tuesday", "b" * 64)):
        downloaded = replace(streets, downloaded_sha256=sha256)
        monkeypatch.setattr("geo.streets.by_place.read_streets_by_place", lambda *asked, found=downloaded: found)
        areas[name] = open_area(profile_path, built=tmp_path / name)
    for digest in ("digest", "public_digest"):
        monday, again, tuesday = (getattr(area.manifest, digest) for area in areas.values())
        assert monday == again != tuesday
    (entry,) = (entry for entry in areas["tuesday"].manifest.entries if entry.name == "streets")
    assert entry.sha256 == "b" * 64
    # What is kept is opened as it was built, without asking the network again.
    assert open_area(profile_path, built=tmp_path / "monday").digest == areas["monday"].digest


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count how often areas are built."""
    built: list[str] = []
    real = build.build_area

    def counting(profile: object, progress: object = None) -> Area:
        built.append("once")
        return real(profile, progress)  # type: ignore[arg-type]

    monkeypatch.setattr(build, "build_area", counting)
    return built


def test_an_opened_area_is_built_once_and_again_when_a_file_changes(
    profile_path: Path, tmp_path: Path, counted: list[str]
) -> None:
    kept = tmp_path / "kept"
    first = open_area(profile_path, built=kept)
    again = open_area(str(profile_path), built=kept)
    assert len(counted) == 1
    assert first.digest == again.digest
    (folder,) = kept.iterdir()
    assert folder.name.startswith(f"one-road-{first.digest[:12]}-")
    change(profile_path.parent / "figures.csv", "Tref A,100", "Tref A,150")
    third = open_area(profile_path, built=kept)
    assert len(counted) == 2
    assert third.digest != first.digest
    assert third.zones["population"].tolist() == [150, 300, 300]
    # the folder itself is an area too, whatever becomes of the sources
    (profile_path.parent / "figures.csv").unlink()
    assert open_area(folder).zones["population"].tolist() == [100, 300, 300]


def test_what_other_code_built_is_not_opened(
    profile_path: Path, tmp_path: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    open_area(profile_path, built=tmp_path / "kept")
    monkeypatch.setattr(opening, "_code_digest", lambda: "another")
    open_area(profile_path, built=tmp_path / "kept")
    assert len(counted) == 2


def test_only_the_last_few_are_kept_and_other_areas_are_left_alone(
    profile_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "KEPT_PER_AREA", 2)
    kept = tmp_path / "kept"
    (kept / "one-road-west-000000000000-000000").mkdir(parents=True)
    for code in ("aaaaaa", "bbbbbb", "cccccc"):
        monkeypatch.setattr(opening, "_code_digest", lambda code=code: code)
        open_area(profile_path, built=kept)
    assert sorted(path.name[-6:] for path in kept.iterdir()) == ["000000", "bbbbbb", "cccccc"]


def test_a_damaged_kept_area_is_built_anew(profile_path: Path, tmp_path: Path, counted: list[str]) -> None:
    kept = tmp_path / "kept"
    first = open_area(profile_path, built=kept)
    (folder,) = kept.iterdir()
    (folder / "zones.parquet").write_bytes(b"")
    pd.testing.assert_frame_equal(open_area(profile_path, built=kept).zones, first.zones)
    assert len(counted) == 2


def test_opening_a_faulty_area_keeps_nothing(profile_path: Path, tmp_path: Path) -> None:
    (profile_path.parent / "zones.geojson").unlink()
    change(profile_path.parent / "venues.csv", "venue_id", "id")
    with pytest.raises(DataError) as caught:
        open_area(profile_path, built=tmp_path / "kept")
    assert {Path(fault.file).name for fault in caught.value.faults} == {"zones.geojson", "venues.csv"}
    assert not (tmp_path / "kept").exists()


def test_an_unknown_area_offers_those_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "newport.toml").write_text("")
    assert list(area_profiles(tmp_path)) == ["newport"]
    monkeypatch.setattr(opening, "area_profiles", lambda: area_profiles(tmp_path))
    with pytest.raises(UnknownName, match=r"no area called 'newprot'\. Known: newport"):
        open_area("newprot")


def test_the_check_names_zones_partly_not_placed_with_their_people(profile_path: Path, tmp_path: Path) -> None:
    # B2 (100 of B's 300 people) lives 5 km north of the road: no street within 1,600 m
    area = build_area(read_profile(profile_path))
    save_area(area, tmp_path / "kept")
    for opened in (area, open_area(tmp_path / "kept")):
        check = check_area(opened)
        walk = check.zones[check.zones["mode"] == "walk"]
        assert walk[
            ["zone_code", "name_en", "origins", "origins_not_placed", "persons", "persons_not_placed"]
        ].values.tolist() == [["B", "Beeton", 2, 1, 300, 100]]
        snaps = check.snaps.set_index(["what", "mode"])
        assert snaps.loc[("origin", "walk"), ["points", "not_placed", "over_300_m"]].tolist() == [4, 1, 0]
        assert snaps.loc[("stop", "walk"), "max_m"] < 1  # every stop stands on the road
        assert check.far["id"].tolist() == ["B2"] * 3
