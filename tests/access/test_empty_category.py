"""A category of which no session runs, or whose every venue is unplaced, is a gap like any other: on the busy road, by every command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from access.__main__ import main
from access.catchments import find_catchments
from access.compare import footprint_figures
from access.funding import by_funder, find_funding_cliff
from access.gaps import find_gaps
from access.measures import kinds, measure
from access.network import AreaNetwork
from access.query import Standard
from access.sessions import SessionAccess, there_and_back
from access.standards import depth, for_everyone
from access.why import explain_zone
from geo.area import Area
from geo.build import build_area
from geo.notes import add_note
from geo.profile import read_profile
from geo.store import save_area
from geo.words import LANGUAGES, say
from tests.worlds import FREE_FLOW, lose_the_shed, stop_everything, stop_woodwork, write_one_road

WOODWORK = ("--category", "woodwork")
WITHOUT_SESSIONS = {"times", "journey", "need", "posts", "counts", "ready"}  # commands that ask for no session


def busy_road(folder: Path, edit: Callable[[Path], None]) -> Area:
    folder.mkdir()
    profile = write_one_road(folder, busy=True)
    edit(folder)
    return build_area(read_profile(profile))


@pytest.fixture(scope="module", params=[stop_woodwork, lose_the_shed], ids=["none runs", "unplaced"])
def area(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Area:
    return busy_road(tmp_path_factory.mktemp("road") / "source", request.param)


@pytest.fixture(scope="module")
def built(area: Area, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("built") / "road"
    save_area(area, folder)
    return str(folder)


@pytest.fixture(scope="module")
def access(area: Area) -> SessionAccess:
    return there_and_back(AreaNetwork(area, FREE_FLOW))


def run(built: str, *words: str) -> Result:
    name, *rest = words
    found = CliRunner().invoke(main, [name, built, *rest])
    if found.exception and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found


ASKED = [
    *(("gaps", "--by", by) for by in ("zone", "cluster")),
    ("gaps", "--max-fare", "3"),
    *(("standards", "--depth-in", unit) for unit in ("sessions", "minutes")),
    ("standards", "--depth-in", "minutes", "--sure", "--depart", "09:00", "--until", "09:10", "--group", "older"),
    ("standards", "--category", "crafts", "--depth-in", "minutes"),
    *(("explain", *zone, "--language", language) for zone in ((), ("--zone", "C")) for language in LANGUAGES),
    ("options", "--zone", "C"),
    ("options", "--footprint", "east"),
    *(("measure", "--measure", name) for name in kinds()),
    *(("measure", "--measure", "nearest", "--n", "3", "--by", by) for by in ("origin", "cluster")),
    *(("equity", "--measure", name, "--level", "cluster") for name in ("met", *kinds()) if "nearest" not in name),
    ("compare", "west"),
    ("compare", "west", "east", "--percentile", "50"),
    *(("deep-end", "--by", by) for by in ("cluster", "la", "practice")),
    ("duplication",),
    ("similar",),
    *(("reliance", "--of", what) for what in ("session", "venue", "funder")),
    *(("funding", "--by", by) for by in ("month", "category", "funder", "cluster")),
    ("sessions", "--zone", "C"),
]

WRITTEN = [("explain",), ("duplication",), ("similar",), ("reliance",), ("funding",), ("sessions", "--zone", "C")]


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_every_command_answers(built: str, words: tuple[str, ...]) -> None:
    found = run(built, *words, *WOODWORK)
    assert found.exit_code == 0, found.output
    assert "nan" not in found.output.split() and "Empty DataFrame" not in found.output


@pytest.mark.parametrize("words", WRITTEN, ids=" ".join)
def test_tables_without_rows_are_written(built: str, words: tuple[str, ...], tmp_path: Path) -> None:
    for ending in ("csv", "parquet"):
        found = run(built, *words, *WOODWORK, "--out", str(tmp_path / f"t.{ending}"))
        assert found.exit_code == 0 and (tmp_path / f"t.{ending}").exists()


def test_notes_and_the_week_too(built: str, tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    add_note(file, author="M", about="venue", about_id="shed", text="x", written_on=date(2026, 10, 13), treat_as_absent=True)  # fmt: skip
    assert "No zone changes." in CliRunner().invoke(main, ["notes", "effect", built, str(file), *WOODWORK]).output
    assert run(built, "week", "--out", str(tmp_path / "week")).exit_code == 0


def test_no_command_is_left_out() -> None:
    asked = {words[0] for words in ASKED} | WITHOUT_SESSIONS | {"notes", "week"}
    assert asked == set(main.list_commands(click.Context(main)))


def test_a_category_that_nobody_offers_is_one_all_the_same(built: str) -> None:
    for words in (("gaps",), ("sessions", "--zone", "C"), ("explain", "--zone", "C")):
        found = run(built, *words, "--category", "dance")
        assert found.exit_code == 0
        assert words == ("gaps",) or "No such session runs in the week in question." in found.output


def test_where_nothing_runs_at_all(tmp_path: Path) -> None:
    save_area(busy_road(tmp_path / "source", stop_everything), tmp_path / "road")
    for command in ("deep-end", "duplication", "similar", "reliance", "funding"):
        found = run(str(tmp_path / "road"), command)
        assert found.exit_code == 1 and "No session of any category runs in the week of 2026-10-13." in found.output
        assert run(str(tmp_path / "road"), command, *WOODWORK).exit_code == 0
    for words in (("compare", "west"), ("sessions", "--zone", "A"), ("week", "--out", str(tmp_path / "week"))):
        assert run(str(tmp_path / "road"), *words).exit_code == 0


def test_everybody_goes_wholly_without(access: SessionAccess) -> None:
    # A 100, B1 200 and C 300 are placed and lack all that is asked for, in sessions and in minutes; of B2's 100 it is not known.
    gaps = find_gaps(access, Standard("woodwork"))
    assert gaps.by_origin["unmet_persons"].tolist() == [100, 200, 0, 300]
    assert gaps.by_origin["unknown_persons"].tolist() == [0, 0, 100, 0]
    for unit in ("sessions", "minutes"):
        found = depth(for_everyone(gaps), gap_in=unit)
        assert found.iloc[0].tolist() == [600, 1, 1, 1]
        by_cluster = depth(for_everyone(gaps), gap_in=unit, level="cluster").set_index("footprint_id")
        assert by_cluster.loc["west"].tolist() == [300, 1, 1, 1]


def test_the_places_of_no_session_are_none_and_not_unknown(access: SessionAccess) -> None:
    for name in ("two_step", "enhanced_two_step", "three_step"):
        for assumed in (12.0, None):
            found = measure(name, access, "woodwork", assumed_capacity=assumed)
            assert found.values.fillna(-1).tolist() == [0, 0, -1, 0]


def test_nothing_can_end(access: SessionAccess) -> None:
    of = [find_catchments(access, Standard("woodwork"))]
    cliff = find_funding_cliff(of)
    held = len(cliff.endings)  # the shed's grant, one session a week, where it is only not placed
    assert cliff.by_month["sessions_per_week_ending"].sum() == held == len(by_funder(of))
    assert cliff.timeline["cumulative_lost_persons"].tolist() == [0] * len(cliff.months)
    said = [say(message, "en") for message in cliff.describe()]
    assert held or said == ["Of these kinds of activity no session runs: there is no funding to end."]


def test_of_a_venue_that_could_not_be_placed_it_is_not_known_who_reaches_it(access: SessionAccess) -> None:
    why = explain_zone(find_gaps(access, Standard("woodwork")), "C")
    if len(access.of_category("woodwork")):
        [shed] = why.nearly
        assert (shed.what.key, shed.persons, shed.changes) == ("why.not_known", 300, ())
    else:
        assert why.nearly == () and why.summary[-1].key == "access.none_runs"


def test_times_say_that_nobody_reaches_any(built: str) -> None:
    for name in ("nearest", "nearest_in_window"):
        found = run(built, "equity", "--measure", name, *WOODWORK)
        assert found.exit_code == 1 and "nobody reaches any" in found.output


def test_both_footprints_are_as_badly_off(access: SessionAccess) -> None:
    found = footprint_figures(access, "cluster", categories=["woodwork"]).compare("west").set_index("measure")
    assert found.loc[["covered_share", "depth_sessions", "depth_minutes"], "first"].tolist() == [0, 1, 1]
    for name in ("covered_share", "depth_minutes", "nearest", "nearest_2", "within", "two_step"):
        assert found.loc[name, "better"] == "same", name
    assert np.isinf(found.loc["nearest", "first"])
    assert pd.isna(found["problem"]).all()
