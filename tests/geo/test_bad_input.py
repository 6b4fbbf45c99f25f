"""What bad input gets: one clear message naming file, row and remedy; what can be refused is counted; nothing is left behind."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo.__main__ import main
from geo.build import PROJECT
from tests.worlds import write_one_road

World = Callable[[Path], None]


@pytest.fixture
def world(tmp_path: Path) -> Path:
    folder = tmp_path / "world"
    folder.mkdir()
    write_one_road(folder, booked_rides=True)
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rezip(path: Path, name: str, new: Callable[[str], str] | None) -> None:
    """Write the zip anew with one file of it changed, or without it."""
    with zipfile.ZipFile(path) as archive:
        files = {info.filename: archive.read(info).decode() for info in archive.infolist()}
    text = files.pop(name)
    with zipfile.ZipFile(path, "w") as archive:
        for other, content in (files | ({name: new(text)} if new else {})).items():
            archive.writestr(other, content)


def truncated_pbf(world: Path) -> None:
    whole = (PROJECT / "data" / "streets" / "cantrer-gwaelod.osm.pbf").read_bytes()
    (world / "streets.osm.pbf").write_bytes(whole[: len(whole) // 2])
    change(world / "one-road.toml", '"streets.osm"', '"streets.osm.pbf"')


def no_stop_times(world: Path) -> None:
    rezip(world / "bus.zip", "stop_times.txt", None)


def unknown_crs(world: Path) -> None:
    path = world / "zones.geojson"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}
    path.write_text(json.dumps(content), encoding="utf-8")


def two_encodings(world: Path) -> None:
    (world / "activities.csv").write_bytes(
        "activity_id,name_en,name_cy,category,venue_id\ncraft,Craft club,Tŷ Crefftau,crafts,hall\n".encode()
        + "choir,Choir,Côr,singing,chapel\n".encode("cp1252")
    )


def late_date(world: Path) -> None:
    change(world / "one-road.toml", "2026-10-13", "2027-10-13")


def unknown_key(world: Path) -> None:
    change(world / "one-road.toml", "rank_total = 3", "rank_totals = 3")


@pytest.mark.parametrize(
    ("spoil", "file", "said", "remedy"),
    [
        (truncated_pbf, "streets.osm.pbf", "", "extract again"),
        (no_stop_times, "bus.zip", "stop_times.txt", ""),
        (unknown_crs, "zones.geojson", "coordinate reference system that is not known", "Save it in EPSG:27700"),
        (two_encodings, "activities.csv, row 3", "bytes that are not UTF-8: f4", "Save the whole file as UTF-8"),
        (late_date, "2027-10-13", "2026-09-01 to 2026-10-31", "Choose a date"),
        (unknown_key, "one-road.toml", "zones.rank_totals", "Extra inputs"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_file_that_cannot_be_used_is_one_message(
    world: Path, tmp_path: Path, spoil: World, file: str, said: str, remedy: str
) -> None:
    spoil(world)
    before = sorted(tmp_path.rglob("*"))
    out = str(tmp_path / "area")
    done = CliRunner().invoke(main, ["build", str(world / "one-road.toml"), "--out", out], catch_exceptions=False)
    assert done.exit_code == 1
    assert done.output.count("Error: ") == 1
    message = done.output[done.output.index("Error: ") :]  # progress may stand before it
    assert "Traceback" not in message
    for text in (file, said, remedy):
        assert text in message
    assert sorted(tmp_path.rglob("*")) == before, "something half-written was left behind"


def unknown_stop(world: Path) -> None:
    rezip(world / "bus.zip", "stop_times.txt", lambda text: text + "home,16:40:00,16:40:00,nowhere,3\n")


def time_backwards(world: Path) -> None:
    rezip(world / "bus.zip", "stop_times.txt", lambda text: text + "home,16:00:00,16:00:00,s9,3\n")


def no_coordinates(world: Path) -> None:
    with (world / "venues.csv").open("a", encoding="utf-8") as file:
        file.write("barn,Barn,,\n")


def unknown_venue(world: Path) -> None:
    with (world / "activities.csv").open("a", encoding="utf-8") as file:
        file.write("yoga,Yoga,Ioga,exercise,gym\n")


@pytest.mark.parametrize(
    ("spoil", "source", "row", "said"),
    [
        (unknown_stop, "timetable.bus", 7, "nowhere"),
        (time_backwards, "timetable.bus", 7, ""),
        (no_coordinates, "activities.venues", 5, "has no coordinates: it is kept, but not placed. Fill in lon and lat"),
        (unknown_venue, "activities.activities", 4, "venue 'gym' is not in venues.csv, or was refused there"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_row_that_cannot_be_used_is_named_and_counted(
    world: Path, tmp_path: Path, spoil: World, source: str, row: int, said: str
) -> None:
    spoil(world)
    out = str(tmp_path / "area")
    runner = CliRunner()
    assert runner.invoke(main, ["build", str(world / "one-road.toml"), "--out", out]).exit_code == 0
    report = json.loads(runner.invoke(main, ["check", out, "--json"]).output)
    (found,) = [entry for entry in report["sources"] if entry["source"] == source]
    faults = found["refused"] + found["doubts"]
    assert row in [fault["row"] for fault in faults]
    assert all(fault["remedy"] for fault in faults)
    assert said in " ".join(f"{fault['problem']} {fault['remedy']}" for fault in faults)
    assert found["rows_in"] == found["rows_kept"] + found["rows_refused"] + found["out_of_scope"]
    assert found["rows_refused"] >= len(found["refused"])
