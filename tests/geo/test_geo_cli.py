"""The command line: help that reads well, one clear message for an error, and nothing half-written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geo.__main__ import main
from geo.opening import PROJECT
from tests.worlds import write_one_road


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def profile_path(tmp_path: Path) -> Path:
    world = tmp_path / "world"
    world.mkdir()
    return write_one_road(world)


def test_help_names_every_command_as_a_person_would_start_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "geo", "--help"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("Usage: python -m geo")
    for command in ("areas", "build", "check", "download", "demo"):
        assert f"  {command}" in done.stdout
        assert run(command, "--help").exit_code == 0


def test_build_then_check(profile_path: Path, tmp_path: Path) -> None:
    built = run("build", profile_path, "--out", tmp_path / "area")
    assert built.exit_code == 0
    assert "3 zones, 2 sessions, 0 rows refused" in built.output
    said = run("check", tmp_path / "area").output
    for text in ("One Road · Un Ffordd (fictional)", "zones.figures", "CC0-1.0", "One Bus", "B2"):
        assert text in said
    assert ["B", "Beeton", "2", "1", "300", "100"] in [line.split() for line in said.splitlines()]
    whole = json.loads(run("check", tmp_path / "area", "--json").output)
    assert whole["area_id"] == "one-road"
    assert whole["sources"][0]["source"] == "zones.geometry"
    # every place with its distance: 4 origins and 3 venues by three modes, 3 stops on foot; B2 lies 5 km off the road
    assert len(whole["placed"]) == (4 + 3) * 3 + 3
    assert {point["id"] for point in whole["placed"] if point["snap_m"] is None} == {"B2"}
    assert [zone["persons_not_placed"] for zone in whole["zones"]] == [100, 100, 100]  # by three modes


def test_the_check_shows_refused_rows_with_numbers_and_remedies(profile_path: Path, tmp_path: Path) -> None:
    sessions = profile_path.parent / "sessions.csv"
    sessions.write_text(sessions.read_text(encoding="utf-8") + "x,craft,someday,10:00,11:00,weekly\n", encoding="utf-8")
    assert "1 rows refused" in run("build", profile_path, "--out", tmp_path / "area").output
    said = run("check", tmp_path / "area").output
    assert (
        "refused: sessions.csv, row 4: weekday is 'someday', which is not known; the row was refused. Known: monday"
        in said
    )
    whole = json.loads(run("check", tmp_path / "area", "--json").output)
    refused = [fault for source in whole["sources"] for fault in source["refused"]]
    assert [(fault["file"], fault["row"]) for fault in refused] == [("sessions.csv", 4)]


def test_an_error_is_one_message_without_a_traceback_and_leaves_nothing(profile_path: Path, tmp_path: Path) -> None:
    (profile_path.parent / "figures.csv").write_bytes(b"zone_code\nA\nT\xf4n\n")
    before = sorted(tmp_path.rglob("*"))
    done = run("build", profile_path, "--out", tmp_path / "area")
    assert done.exit_code == 1
    assert done.output.startswith(
        "Error: 1 fault in the input:\n  figures.csv, row 3: holds bytes that are not UTF-8: f4."
    )
    assert "Traceback" not in done.output
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_read(profile_path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = run("build", tmp_path / "no-such.toml", "--out", tmp_path / "file" / "area")
    assert done.exit_code == 1
    assert (
        done.output
        == f"Error: {tmp_path / 'file' / 'area'} cannot be made: {tmp_path / 'file'} cannot be written to. Choose another folder.\n"
    )


def test_what_the_system_refuses_is_one_message(
    monkeypatch: pytest.MonkeyPatch, profile_path: Path, tmp_path: Path
) -> None:
    def full(area: object, folder: Path) -> None:
        raise OSError(28, "No space left on device", str(folder))

    monkeypatch.setattr("geo.__main__.save_area", full)
    done = run("build", profile_path, "--out", tmp_path / "area")
    assert done.exit_code == 1
    assert done.output.endswith(f"Error: Cannot read or write {tmp_path / 'area'}: No space left on device.\n")


def test_wrong_usage_ends_with_2_and_unknown_areas_with_1() -> None:
    assert run("build").exit_code == 2
    assert run("nonsense").exit_code == 2
    done = run("check", "atlantis-of-the-east")
    assert done.exit_code == 1
    assert done.output.startswith("Error: There is no area called 'atlantis-of-the-east'.")


def test_download_has_nothing_to_do_without_a_url(profile_path: Path) -> None:
    done = run("download", profile_path)
    assert (done.exit_code, done.output) == (0, "Nothing to fetch: every file with a url is there.\n")


def test_areas_lists_the_demonstration_area_as_fictional() -> None:
    said = run("areas").output
    assert "cantrer-gwaelod" in said
    assert "(fictional)" in said


def test_welsh_letters_can_be_sent_to_a_file_where_the_system_has_none() -> None:
    said = "from geo.console import write_welsh; write_welsh(); import click; click.echo('dŵr, tŷ')"
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}  # what Windows offers a file in Western Europe
    ran = subprocess.run([sys.executable, "-c", said], env=environment, capture_output=True, check=True, cwd=PROJECT)
    assert ran.stdout.decode("utf-8").strip() == "dŵr, tŷ"
