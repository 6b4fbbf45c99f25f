"""What bad input gets: one clear message naming file, row and remedy; what can be refused is counted; nothing is left behind."""

from __future__ import annotations

import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from geo.__main__ import main
from geo.opening import PROJECT
from geo.store import load_area
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


def no_such_path(world: Path) -> None:
    change(world / "one-road.toml", '"venues.csv"', '"venues\\u0000.csv"')


def long_path(world: Path) -> None:
    change(world / "one-road.toml", '"venues.csv"', f'"{"v" * 300}.csv"')


@pytest.mark.parametrize(
    ("spoil", "file", "said", "remedy"),
    [
        (truncated_pbf, "streets.osm.pbf", "", "extract again"),
        (no_stop_times, "bus.zip", "stop_times.txt", ""),
        (no_such_path, "?", "cannot be used (activities.venues): embedded null byte", "Mend its path"),
        (long_path, "vvv", "cannot be used (activities.venues): File name too long", "Mend its path"),
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
    ("spoil", "source", "row", "rows_refused", "said"),
    [
        (unknown_stop, "timetable.bus", 7, 1, "nowhere"),
        (time_backwards, "timetable.bus", 7, 4, ""),  # the trip goes with its three calls
        (
            no_coordinates,
            "activities.venues",
            5,
            0,
            "has no coordinates: it is kept, but not placed. Fill in lon and lat",
        ),
        (unknown_venue, "activities.activities", 4, 1, "venue 'gym' is not in venues.csv, or was refused there"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_row_that_cannot_be_used_is_named_and_counted(
    world: Path, tmp_path: Path, spoil: World, source: str, row: int, rows_refused: int, said: str
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
    assert found["rows_refused"] == rows_refused
    assert found["rows_in"] == records_of(world, source)
    assert found["rows_kept"] == found["rows_in"] - rows_refused
    if source in KEPT:
        assert found["rows_kept"] == len(getattr(load_area(Path(out)), KEPT[source]))


KEPT = {"activities.venues": "venues", "activities.activities": "activities"}


def records_of(world: Path, source: str) -> int:
    """Count the records of a source's files: their lines but the headers."""
    if source == "timetable.bus":
        with zipfile.ZipFile(world / "bus.zip") as archive:
            texts = [archive.read(info).decode() for info in archive.infolist()]
    else:
        texts = [(world / f"{source.split('.')[1]}.csv").read_text(encoding="utf-8")]
    return sum(len(text.splitlines()) - 1 for text in texts)


def swapped_origins(world: Path) -> None:
    change(world / "origins.csv", "lon,lat", "lat,lon")


def venues_at_sea(world: Path) -> None:
    lines = (world / "venues.csv").read_text(encoding="utf-8").splitlines()
    (world / "venues.csv").write_text(
        "\n".join(lines[:1] + [",".join([*line.split(",")[:2], "0", "0"]) for line in lines[1:]]), encoding="utf-8"
    )


def zones_of_points(world: Path) -> None:
    content = json.loads((world / "zones.geojson").read_text(encoding="utf-8"))
    for feature in content["features"]:
        feature["geometry"] = {"type": "Point", "coordinates": [-3.4, 51.7]}
    (world / "zones.geojson").write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "said", "cause"),
    [
        (swapped_origins, "origins.csv: leaves no origin", "origins.csv, row 2: lies outside Great Britain"),
        (venues_at_sea, "venues.csv: leaves no venue", "venues.csv, row 2: lies outside Great Britain"),
        (zones_of_points, "zones.geojson: leaves no zone", "zones.geojson, row 2: has no polygon"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_where_every_row_is_refused_the_first_faults_say_why(
    world: Path, tmp_path: Path, spoil: World, said: str, cause: str
) -> None:
    spoil(world)
    done = CliRunner().invoke(main, ["build", str(world / "one-road.toml"), "--out", str(tmp_path / "area")])
    assert done.exit_code == 1
    assert f"{said} to work with. The first faults found: {cause}" in done.output


def other_figures(world: Path) -> None:
    text = (world / "figures.csv").read_text(encoding="utf-8")
    for code in "ABC":
        text = text.replace(f"\n{code},", f"\nW0{code}.0,")
    (world / "figures.csv").write_text(text, encoding="utf-8")


def other_origins(world: Path) -> None:
    text = (world / "origins.csv").read_text(encoding="utf-8")
    for code in "ABC":
        text = text.replace(f",{code},", f",W0{code}.0,")
    (world / "origins.csv").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("spoil", [other_figures, other_origins])
def test_codes_that_match_no_zone_are_an_error_and_not_an_area_of_unknowns(
    world: Path, tmp_path: Path, spoil: World
) -> None:
    spoil(world)
    done = CliRunner().invoke(main, ["build", str(world / "one-road.toml"), "--out", str(tmp_path / "area")])
    assert done.exit_code == 1
    assert "holds no zone_code of this area: it has W0A.0, W0B.0, W0C.0 where the zones have A, B, C." in done.output


def test_where_every_session_is_refused_the_build_warns(world: Path, tmp_path: Path) -> None:
    (world / "sessions.csv").write_text("activity_id,weekday,start,end\ncraft,mawrth,14:00,16:00\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["build", str(world / "one-road.toml"), "--out", str(tmp_path / "area")])
    assert done.exit_code == 0
    assert (
        "WARNING: no row of activities.sessions could be used. The first was refused: sessions.csv, row 2:"
        in done.output
    )


@pytest.mark.parametrize("worst", ["NaN", "Infinity", "1e308"])
def test_an_outline_with_coordinates_that_are_no_places_is_refused(world: Path, tmp_path: Path, worst: str) -> None:
    text = (world / "zones.geojson").read_text(encoding="utf-8")
    content = json.loads(text)
    content["features"][0]["geometry"]["coordinates"][0][1][0] = float(worst.replace("Infinity", "inf"))
    (world / "zones.geojson").write_text(json.dumps(content), encoding="utf-8")
    out = str(tmp_path / "area")
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        done = CliRunner().invoke(main, ["build", str(world / "one-road.toml"), "--out", out], catch_exceptions=False)
    assert done.exit_code == 0
    report = json.loads(CliRunner().invoke(main, ["check", out, "--json"]).output)
    (fault,) = report["sources"][0]["refused"]
    assert (fault["file"], fault["row"]) == ("zones.geojson", 2)
    assert fault["problem"].startswith("has coordinates that are no places")
