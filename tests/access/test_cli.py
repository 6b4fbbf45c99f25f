"""The command line, on One Road."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner, Result

from access.__main__ import COMMANDS, main
from access.commands.result import as_text
from access.query import code_digest
from geo.area import Area
from geo.console import write_table
from geo.opening import PROJECT
from geo.store import save_area
from tests.worlds import degrees

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def area(one_road: Area, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("built") / "one-road"
    save_area(one_road, folder)
    return str(folder)


@pytest.fixture
def run(area: str) -> Run:
    def call(command: str, *words: str) -> Result:
        return CliRunner().invoke(main, [command, area, *words])

    return call


@pytest.fixture
def points(tmp_path: Path) -> Callable[..., str]:
    def write(name: str, **km: tuple[float, float]) -> str:
        lines = [f"{point},{degrees(*place)[0]:.7f},{degrees(*place)[1]:.7f}" for point, place in km.items()]
        (tmp_path / name).write_text("\n".join(["id,lon,lat", *lines]) + "\n", encoding="utf-8")
        return str(tmp_path / name)

    return write


def test_times_by_car(run: Run, points: Callable[..., str], tmp_path: Path) -> None:
    out = tmp_path / "t.csv"
    found = run(
        "times",
        "--mode",
        "drive",
        "--from",
        points("a.csv", home=(9, 0)),
        "--to",
        points("b.csv", hall=(0, 0)),
        "--out",
        str(out),
    )
    assert found.exit_code == 0, found.output
    table = pd.read_csv(out)
    assert table.columns.tolist() == ["from_id", "to_id", "travel_s"]
    assert table["travel_s"][0] == pytest.approx(900, abs=0.1)
    said = (tmp_path / "t.csv.digest").read_text(encoding="utf-8").splitlines()
    assert len(said[0]) == 16
    assert said[1:] == [f"code {code_digest()}", "FICTIONAL AREA – ARDAL DDYCHMYGOL", "One Road, made for tests"]


def test_drives_at_the_peak_with_parking(run: Run, points: Callable[..., str], tmp_path: Path) -> None:
    out = tmp_path / "t.csv"
    ends = ("--from", points("a.csv", a=(0, 0)), "--to", points("b.csv", b=(2, 0)), "--out", str(out))
    assert run("times", "--mode", "drive", *ends, "--drive-factor", "1.5", "--park", "5").exit_code == 0
    # 2 km at 36 km/h: 200 s, half as long again, and 300 s to park
    assert pd.read_csv(out, comment="#")["travel_s"].tolist() == pytest.approx([600], abs=0.3)


def test_points_not_placed_are_reported_and_fail(run: Run, points: Callable[..., str], tmp_path: Path) -> None:
    words = [
        "--mode",
        "walk",
        "--from",
        points("a.csv", home=(1, 0), moor=(5, 5)),
        "--to",
        points("b.csv", hall=(0, 0)),
        "--out",
    ]
    found = run("times", *words, str(tmp_path / "t.parquet"))
    assert found.exit_code == 3
    assert "moor" in found.output
    table = pd.read_parquet(tmp_path / "t.parquet").set_index("from_id")
    assert table.loc["home", "travel_s"] == pytest.approx(750, abs=0.1)
    assert pd.isna(table.loc["moor", "travel_s"])
    assert run("times", *words, str(tmp_path / "t.parquet"), "--allow-unplaced").exit_code == 0


def test_times_by_bus(run: Run, points: Callable[..., str], tmp_path: Path) -> None:
    ends = [
        "--mode",
        "transit",
        "--from",
        points("a.csv", home=(9, 0)),
        "--to",
        points("b.csv", hall=(0, 0)),
        "--out",
        str(tmp_path / "t.csv"),
    ]
    assert run("times", *ends, "--arrive-by", "14:00").exit_code == 0
    assert pd.read_csv(tmp_path / "t.csv")["travel_s"][0] == pytest.approx(41 * 60, abs=4)
    assert run("times", *ends, "--depart", "13:00", "--until", "13:15", "--percentiles", "50").exit_code == 0
    # 13:00 … 13:14, the middle one leaves at 13:07: 43 minutes.
    assert pd.read_csv(tmp_path / "t.csv")["travel_p50_s"][0] == pytest.approx(43 * 60, abs=4)
    assert run("times", *ends).exit_code == 2
    assert run("times", *ends, "--depart", "25 o'clock").exit_code == 2
    late = run("times", *ends, "--depart", "13:00", "--date", "2027-01-01")
    assert late.exit_code == 1
    assert "runs from 2026-09-01 to 2026-10-31" in late.output


def test_times_are_those_of_single_journeys_under_a_limit_on_walking_in_all(
    run: Run, points: Callable[..., str], tmp_path: Path
) -> None:
    out = tmp_path / "t.csv"
    ends = (
        "--from",
        points("a.csv", far=(8.5, 0), near=(9, 0)),
        "--to",
        points("b.csv", hall=(0, 0)),
        "--out",
        str(out),
    )
    for minutes in ("6", "6.5"):
        asked = ("--depart", "13:00", "--max-walk-total", minutes)
        assert run("times", "--mode", "transit", *ends, *asked).exit_code == 0
        for km, travel_s in zip((8.5, 9), pd.read_csv(out)["travel_s"], strict=True):
            way = ["--from={:.7f},{:.7f}".format(*degrees(km)), "--to={:.7f},{:.7f}".format(*degrees(0))]
            found = json.loads(run("journey", *way, *asked, "--json").output)
            assert found["is_reachable"] == pd.notna(travel_s) == (km == 9 or minutes == "6.5")
            assert pd.isna(travel_s) or found["arrive_s"] - 13 * 3600 == travel_s


@pytest.mark.parametrize(
    "words",
    [
        ("walk", "--max-walk-total", "6"),
        ("walk", "--date", "2026-10-13"),
        ("drive", "--date", "2026-10-13"),
        ("drive", "--traffic", "own.csv"),
        ("drive", "--percentiles", "5"),
        ("drive", "--depart", "08:00", "--until", "09:00"),
        ("cycle", "--depart", "08:00"),
        ("transit", "--depart", "08:00", "--percentiles", "5"),
        ("transit", "--arrive-by", "08:00", "--percentiles", "5"),
        ("transit", "--depart", "08:00", "--until", "09:00", "--percentiles", "50,50"),
    ],
)
def test_what_would_have_no_effect_on_times_is_refused(run: Run, words: tuple[str, ...], tmp_path: Path) -> None:
    files = ("--from", "a.csv", "--to", "b.csv", "--out", str(tmp_path / "t.csv"))
    found = run("times", "--mode", *words, *files)
    assert found.exit_code == 2
    assert words[-2] in found.output or "each once" in found.output


def test_journey_in_words_and_json(run: Run) -> None:
    ends = [
        "--from={:.6f},{:.6f}".format(*degrees(9)),
        "--to={:.6f},{:.6f}".format(*degrees(0)),
        "--arrive-by",
        "14:00",
    ]
    assert "13:20 Bus 1 from Stop 9 towards Hall" in run("journey", *ends).output
    assert json.loads(run("journey", *ends, "--json").output)["rides"] == 1


def test_every_departure_of_use_and_a_limit_on_walking_in_all(run: Run) -> None:
    # half a kilometre from the stop at km 9: 375 s on foot before the bus at 13:20, and a metre or two at the other end
    ends = ["--from={:.6f},{:.6f}".format(*degrees(8.5)), "--to={:.6f},{:.6f}".format(*degrees(0)), "--depart", "13:00"]
    found = json.loads(run("journey", *ends, "--until", "14:00", "--json").output)
    assert [one["rides"] for one in found["departures"]] == [1] and found["walk_s"] is None
    assert run("journey", *ends, "--until", "14:00").output.startswith("Leave 13:12, arrive 13:50: 38 min\n13:12 Walk")
    assert "arrive 13:50" in run("journey", *ends, "--max-walk-total", "6.5").output
    assert "There is no way" in run("journey", *ends, "--max-walk-total", "6").output
    bounded = [
        json.loads(run("journey", *ends, "--until", "14:00", "--max-walk-total", m, "--json").output)
        for m in ("6.5", "6")
    ]
    assert bounded[0] == found and not bounded[1]["is_reachable"]
    assert run("journey", *ends[:2], "--arrive-by", "14:00", "--until", "15:00").exit_code == 2


def test_how_far_is_looked_and_how_long_one_stands_at_the_stop(run: Run) -> None:
    asked = ("--category", "crafts", "--within", "200")
    refused = run("gaps", *asked)
    assert refused.exit_code == 1 and "looked for up to 180 minutes" in refused.output
    assert run("gaps", *asked, "--max-travel", "200").exit_code == 0
    ends = [
        "--from={:.6f},{:.6f}".format(*degrees(9)),
        "--to={:.6f},{:.6f}".format(*degrees(0)),
        "--arrive-by",
        "14:00",
    ]
    # the bus leaves next to the door at 13:20: 100 seconds before it is 13:18:20
    assert "Leave 13:18, arrive 13:50" in run("journey", *ends, "--slack", "100").output
    assert (
        "There is no way by public transport" in run("journey", *ends, "--max-travel", "40").output
    )  # leaving at 13:19 takes 41 minutes to 14:00


def test_sessions_of_a_zone(run: Run, tmp_path: Path) -> None:
    found = run("sessions", "--zone", "C", "--category", "crafts")
    assert "No way home afterwards" in found.output
    assert run("sessions", "--zone", "C", "--out", str(tmp_path / "s.csv")).exit_code == 0
    assert pd.read_csv(tmp_path / "s.csv").set_index("session_id").loc["craft-tue", "reason"] == "no_way_home"
    said = (tmp_path / "s.csv.digest").read_text(encoding="utf-8").splitlines()
    assert said[1:] == [f"code {code_digest()}", "FICTIONAL AREA – ARDAL DDYCHMYGOL", "One Road, made for tests"]
    mistyped = run("sessions", "--zone", "C", "--category", "craft")
    assert mistyped.exit_code == 1
    assert "There is no category called 'craft'. Known: crafts" in mistyped.output
    wrong = run("sessions", "--zone", "X")
    assert wrong.exit_code == 1
    assert "There is no zone called 'X'. Known: A, B, C" in wrong.output


def test_gaps_by_zone_and_footprint(run: Run, tmp_path: Path) -> None:
    found = run("gaps", "--category", "crafts")
    assert "met 300 + unmet 300 + unknown 100 = 700 people" in found.output
    assert "B (partly, 100)" in found.output
    assert "Not counted" not in found.output
    assert run("gaps", "--category", "crafts", "--by", "la", "--out", str(tmp_path / "g.csv")).exit_code == 0
    assert pd.read_csv(tmp_path / "g.csv").set_index("footprint_id").loc["L2", "unmet_persons"] == 300
    assert run("gaps", "--category", "crafts", "--out", str(tmp_path / "g.gpkg")).exit_code == 0
    assert gpd.read_file(tmp_path / "g.gpkg")["unmet_persons"].sum() == 300
    wrong = run("gaps", "--category", "crafts", "--out", str(tmp_path / "g.xls"))
    assert wrong.exit_code == 1
    assert "must end in .csv, .parquet or .gpkg" in wrong.output
    assert not list(tmp_path.glob("*partial*"))


def test_gaps_name_the_sessions_that_nobody_could_place(one_road: Area, tmp_path: Path) -> None:
    lost = one_road.venues.assign(is_placed=one_road.venues["is_placed"] & (one_road.venues["venue_id"] != "hall"))
    save_area(replace(one_road, venues=lost), tmp_path / "lost")
    found = CliRunner().invoke(main, ["gaps", str(tmp_path / "lost"), "--category", "crafts"])
    assert "Not counted, since the venue could not be placed: the sessions of craft at hall." in found.output


def test_options_for_a_zone_or_footprint(run: Run, tmp_path: Path) -> None:
    found = run("options", "--category", "crafts", "--footprint", "L2")
    assert found.exit_code == 0, found.output
    for words in (
        "Fare support",
        "Community transport",
        "Taxi or mileage",
        "One session a week at Shed, Tuesday at 10:30",
    ):
        assert words in found.output
    assert run("options", "--category", "crafts", "--zone", "C", "--out", str(tmp_path / "o.csv")).exit_code == 0
    assert pd.read_csv(tmp_path / "o.csv")["gaining_persons"].tolist() == [0, 300, 300, 300]
    assert run("options", "--category", "crafts").exit_code == 2
    nobody = run("options", "--category", "crafts", "--zone", "A")
    assert nobody.exit_code == 1
    assert "Nobody in A is known to miss this standard" in nobody.output


def test_formulas_are_neutralised(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"name": ["=1+1", "-x", "plain"], "n": [-1.5, 0.0, 1.0]}), tmp_path / "t.csv", "d")
    assert (tmp_path / "t.csv").read_text().splitlines() == ["name,n", "'=1+1,-1.5", "'-x,0.0", "plain,1.0"]


def test_ids_that_are_numbers_stay_what_they_are(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"id": ["-1", "+2.5", "-1+2", "-1e5"]}), tmp_path / "t.csv", "d")
    assert (tmp_path / "t.csv").read_text().splitlines() == ["id", "-1", "+2.5", "'-1+2", "'-1e5"]


def test_a_geopackage_is_the_same_bytes_whenever_it_is_written(tmp_path: Path) -> None:
    table = gpd.GeoDataFrame({"zone_code": ["A"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:27700")
    write_table(table, tmp_path / "z.gpkg", "made from abc")
    first = (tmp_path / "z.gpkg").read_bytes()
    time.sleep(0.01)  # GeoPackages count milliseconds
    write_table(table, tmp_path / "z.gpkg", "made from abc")
    assert (tmp_path / "z.gpkg").read_bytes() == first
    assert b"made from abc" in first


def test_an_ending_in_capitals_is_the_same_ending(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"n": [1]}), tmp_path / "T.CSV", "d")
    assert (tmp_path / "T.CSV").read_text() == "n\n1\n"


def test_gets_ready(run: Run) -> None:
    assert run("ready").exit_code == 0


def test_what_is_shown_says_what_it_is_made_from_and_the_same_as_the_file(run: Run, tmp_path: Path) -> None:
    shown = run("gaps", "--category", "crafts").output
    run("gaps", "--category", "crafts", "--out", str(tmp_path / "g.csv"))
    digest = (tmp_path / "g.csv.digest").read_text(encoding="utf-8").splitlines()[0]
    assert f"Made from data and question {digest}, for 2026-10-13. Computed by code {code_digest()}." in shown


def test_columns_are_shown_as_their_unit_is_read() -> None:
    table = pd.DataFrame({"met_persons": [1234.4, float("nan")], "covered_share": [0.126, 1.0], "need": [0.5, 2.0]})
    assert [line.split() for line in as_text(table, decimals=3).splitlines()] == [
        ["met_persons", "covered_share", "need"],
        ["1,234", "13%", "0.500"],
        ["–", "100%", "2"],
    ]


def test_why_a_zone_stands_as_it_does_goes_into_no_table(run: Run, tmp_path: Path) -> None:
    refused = run("explain", "--category", "crafts", "--zone", "A", "--out", str(tmp_path / "why.csv"))
    assert refused.exit_code == 2 and "--out goes without --zone" in refused.output


def test_help_tells_each_command_in_a_whole_sentence() -> None:
    said = CliRunner().invoke(main, ["--help"]).output.partition("Commands:")[2]
    assert "..." not in said and set(COMMANDS) <= set(said.split())


def test_every_command_of_the_folder_is_one_of_the_list() -> None:
    shared = {"__init__", "arguments", "asked", "result"}
    files = {path.stem for path in (PROJECT / "access" / "commands").glob("*.py")}
    assert files - shared == {name.replace("-", "_") for name in COMMANDS}
    refused = CliRunner().invoke(main, ["result"])
    assert refused.exit_code == 2 and "No such command 'result'" in refused.output


def test_a_question_to_a_built_area_imports_neither_other_commands_nor_what_reads_files(area: str) -> None:
    # Each of these takes a good part of a second, and a question to a built area has no use for any.
    needless = ("geo.build", "pandera", "osmium", "scipy.sparse.csgraph", "scipy.spatial", "access.commands.week")
    asked = f"""
import sys
from access.__main__ import main
main(["gaps", {area!r}, "--category", "crafts"], standalone_mode=False)
print("imported:", [name for name in {needless!r} if name in sys.modules])
"""
    said = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert "met " in said and said.endswith("imported: []\n"), said
