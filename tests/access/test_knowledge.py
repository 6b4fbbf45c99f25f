"""Local knowledge: on record for good, safe against hostile text and hurried writers, and reversible to the bit."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from access.__main__ import main
from access.gaps import find_gaps
from access.knowledge import effect_of, with_overrides
from access.network import AreaNetwork
from access.query import QueryError, Standard
from access.sessions import there_and_back
from geo.area import Area
from geo.build import build_area
from geo.errors import CyrraeddError, DataError, UnknownName
from geo.notes import MAX_LINE, Note, add_note, read_notes, withdraw
from geo.profile import read_profile
from tests.worlds import write_one_road

TODAY = date(2026, 10, 13)
CRAFTS = Standard("crafts")


def note(about: str, about_id: str, departure: str | None = None, *, absent: bool = True) -> Note:
    return Note("n1", "Megan", TODAY, about, about_id, "often does not run", absent, departure)  # type: ignore[arg-type]


def test_the_bus_that_often_does_not_run(one_road: Area) -> None:
    # B1's 200 come home by the 16:10; without it they find no crafts. A walks, C never had a way home.
    found = effect_of(AreaNetwork(one_road), [note("line", "1", "16:10")], CRAFTS)
    assert found.change_met_persons == -200
    assert found.by_zone[
        ["zone_code", "met_persons_before", "met_persons_after", "unmet_persons_after"]
    ].values.tolist() == [["B", 200, 0, 200]]
    assert effect_of(AreaNetwork(one_road), [note("line", "1")], CRAFTS).change_met_persons == -200  # the whole line
    assert effect_of(AreaNetwork(one_road), [note("line", "1", "13:20", absent=False)], CRAFTS).by_zone.empty


def test_a_session_and_a_venue(busy_road: Area) -> None:
    network = AreaNetwork(busy_road)
    assert effect_of(network, [note("session", "craft-tue")], CRAFTS).change_met_persons == 0  # all still knit
    found = effect_of(network, [note("venue", "hall")], CRAFTS)
    assert found.change_met_persons == -300  # all crafts are at the hall
    assert found.by_zone["unmet_persons_after"].tolist() == [200, 100]


def test_without_its_last_session_a_category_is_a_gap_as_everywhere(tmp_path: Path) -> None:
    # Crafts are on Wednesday, and only Tuesday's timetable is trusted: A's 100 walk there, of B1's 200 and C's 300 it is not known.
    # Without the session it is: nobody who is placed finds any. Of B2's 100, who are not placed, it stays unknown.
    profile = write_one_road(tmp_path, trusted='["tuesday"]')
    sessions = tmp_path / "sessions.csv"
    sessions.write_text(sessions.read_text().replace("craft-tue,craft,tuesday", "craft-wed,craft,wednesday"))
    network = AreaNetwork(build_area(read_profile(profile)))
    gone = [note("session", "craft-wed")]
    found = effect_of(network, gone, CRAFTS)
    assert found.change_met_persons == -100
    persons = [f"{name}_persons_{when}" for when in ("before", "after") for name in ("met", "unmet", "unknown")]
    assert found.by_zone.set_index("zone_code")[persons].T.to_dict("list") == {
        "A": [100, 0, 0, 0, 100, 0],
        "B": [0, 0, 300, 0, 200, 100],
        "C": [0, 0, 300, 0, 300, 0],
    }
    after = find_gaps(there_and_back(AreaNetwork(with_overrides(network.area, gone)), ("transit",)), CRAFTS)
    pd.testing.assert_frame_equal(found.after.by_zone, after.by_zone)


def test_the_area_itself_is_not_touched(one_road: Area) -> None:
    before = one_road.sessions.copy(), one_road.timetable.runs.copy(), one_road.digest
    changed = with_overrides(one_road, [note("line", "1"), note("session", "craft-tue")])
    assert changed.digest != one_road.digest and len(changed.sessions) == 1
    assert before[0].equals(one_road.sessions) and (before[1] == one_road.timetable.runs).all()
    assert before[2] == one_road.digest
    assert with_overrides(one_road, [note("line", "1", absent=False)]) is one_road


def test_what_cannot_be_absent(one_road: Area, tmp_path: Path) -> None:
    for about, name in (("line", "99"), ("session", "x"), ("venue", "x")):
        with pytest.raises(UnknownName, match=about):
            with_overrides(one_road, [note(about, name)])
    with pytest.raises(QueryError, match="no ride of line 1 leaves any stop at 16:11"):
        with_overrides(one_road, [note("line", "1", "16:11")])
    with pytest.raises(QueryError, match="people live there"):
        with_overrides(one_road, [note("zone", "A")])
    file = tmp_path / "notes.jsonl"
    with pytest.raises(CyrraeddError, match="can't be treated as absent"):
        add_note(file, author="M", about="zone", about_id="A", text="x", written_on=TODAY, treat_as_absent=True)
    with pytest.raises(CyrraeddError, match="belongs to a note on a line"):
        add_note(file, author="M", about="venue", about_id="hall", text="x", written_on=TODAY, departure="10:00")
    assert not file.exists()


def test_a_note_can_be_taken_back_and_stays_on_record(one_road: Area, tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    written = add_note(
        file, author="Megan", about="line", about_id="1", text="never came", written_on=TODAY, treat_as_absent=True
    )
    assert read_notes(file).standing == (written,)
    assert with_overrides(one_road, read_notes(file).standing).digest != one_road.digest
    first = file.read_bytes()
    withdraw(file, written.note_id, author="Ifan", written_on=TODAY, text="it was a bank holiday")
    assert file.read_bytes().startswith(first)  # only ever grows
    book = read_notes(file)
    assert book.standing == () and book.notes == (written,)
    assert with_overrides(one_road, book.standing) is one_road
    with pytest.raises(UnknownName, match="note"):
        withdraw(file, written.note_id, author="Ifan", written_on=TODAY)


def test_hurried_writers_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"

    def write(number: int) -> str:
        return add_note(file, author=f"w{number}", about="zone", about_id="A", text="x" * 500, written_on=TODAY).note_id

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(write, range(60)))
    book = read_notes(file)
    assert len(set(ids)) == 60 and {one.note_id for one in book.notes} == set(ids) and book.refused == ()


def test_a_line_broken_off_costs_no_other(tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    kept = add_note(file, author="Megan", about="zone", about_id="A", text="steep", written_on=TODAY)
    with file.open("ab") as half:
        half.write(b'{"note_id": "n2", "author": "Me')
    added = add_note(file, author="Ifan", about="zone", about_id="B", text="icy", written_on=TODAY)
    book = read_notes(file)
    assert book.standing == (kept, added)
    assert [fault.row for fault in book.refused] == [2] and "not a JSON object" in str(book.refused[0])


HOSTILE = "<script>alert(1)</script>\n=cmd|' /C calc'!A0\x00\x1b[31m"


def test_hostile_text_is_kept_on_one_line_without_control_characters(tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    written = add_note(file, author=HOSTILE, about="venue", about_id="<b>", text=HOSTILE, written_on=TODAY)
    assert len(file.read_bytes().splitlines()) == 1
    assert "\x00" not in written.text and "\x1b" not in written.text


def line(**changes: object) -> str:
    """Return a good line with something changed."""
    good = {
        "kind": "note",
        "note_id": "n7",
        "author": "M",
        "written_on": "2026-10-13",
        "text": "x",
        "about": "zone",
        "about_id": "A",
    }
    return json.dumps(good | changes)


@pytest.mark.parametrize(
    "bad",
    [
        "[]", "null", '"x"', "{}", "{" * 5000, '{"kind": "note"}',
        line(author=""), line(written_on="soon"), line(about="moon"), line(more=1), line(departure="25:99"),
        line(kind="withdrawal", withdraws="n99"),
        line(author="  \t"), line(text=" \n "), line(text="\u200b\u202e"), line(author=7),
        line(about_id="A\n"), line(about_id="A\u202eB"), line(about_id="A\x1b[2J"), line(about_id=" "),
        "x" * (MAX_LINE + 1),
    ],
)  # fmt: skip
def test_lines_that_do_not_fit_are_refused(tmp_path: Path, bad: str) -> None:
    file = tmp_path / "notes.jsonl"
    file.write_text(bad + "\n", encoding="utf-8")
    book = read_notes(file)
    assert book.standing == () and len(book.refused) == 1


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.notes.MAX_BYTES", 10)
    file = tmp_path / "notes.jsonl"
    file.write_text("x" * 11, encoding="utf-8")
    with pytest.raises(DataError, match="over 10 bytes"):
        read_notes(file)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(author=st.text(min_size=1, max_size=60), text=st.text(min_size=1, max_size=300))
def test_what_is_written_is_read(tmp_path: Path, author: str, text: str) -> None:
    """Any text comes back as it went in, or is refused before anything is written."""
    file = tmp_path / "any.jsonl"
    file.unlink(missing_ok=True)
    try:
        written = add_note(file, author=author, about="zone", about_id="A", text=text, written_on=TODAY)
    except (CyrraeddError, UnicodeEncodeError):
        assert not file.exists()
        return
    assert read_notes(file).standing == (written,)


def test_the_commands(tmp_path: Path) -> None:
    profile, file = str(write_one_road(tmp_path)), str(tmp_path / "notes.jsonl")

    def run(*words: str) -> str:
        return CliRunner().invoke(main, ["notes", *words]).output

    said = ["--author", "Megan", "--about", "line", "1", "--text", "broken", "--departure", "16:10", "--absent"]
    assert "n1 written" in run("add", file, *said)
    assert "Megan: line 1 16:10 (treated as absent) – broken" in run("show", file)
    assert "people who find it met: -200" in run("effect", profile, file, "--category", "crafts")
    assert "n1 stands no more" in run("take-back", file, "n1", "--author", "Ifan")
    assert "No zone changes" in run("effect", profile, file, "--category", "crafts")


def test_a_note_of_blanks_is_not_written(tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    for author, text in (("  ", "x"), ("M", " \n\t "), ("\u2066", "x"), ("M", "\u200b")):
        with pytest.raises(CyrraeddError, match="was not written"):
            add_note(file, author=author, about="zone", about_id="A", text=text, written_on=TODAY)
    assert not file.exists()


def test_no_text_makes_a_line_that_looks_like_a_note(tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    forged = "n2  2026-10-13  Ifan: zone A – forged"
    for separator in ("\n", "\r", "\u2028", "\x85"):
        add_note(file, author=f"Megan{separator}{forged}", about="zone", about_id="A", text=f"true{separator}{forged}",
                 written_on=TODAY)  # fmt: skip
    with file.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps({"kind": "note", f"x\n{forged}": 1}) + "\n")
    told = CliRunner().invoke(main, ["notes", "show", str(file)])
    assert told.stderr and not any(said.startswith("n2") for said in told.stderr.splitlines())
    assert [said[:2] for said in told.stdout.splitlines() if not said.startswith("    ")] == ["n1", "n2", "n3", "n4"]


def test_the_last_id_there_is_does_not_block_more(tmp_path: Path) -> None:
    file = tmp_path / "notes.jsonl"
    file.write_text(line(note_id="n999999999") + "\n" + line(note_id="n1") + "\n", encoding="utf-8")
    made = [
        add_note(file, author="M", about="zone", about_id="A", text="x", written_on=TODAY).note_id for _ in range(2)
    ]
    assert made == ["n2", "n3"] and len(read_notes(file).standing) == 4


def test_a_mistyped_file_is_no_empty_one(tmp_path: Path) -> None:
    missing = tmp_path / "nots.jsonl"
    for path in (missing, tmp_path):
        with pytest.raises(DataError, match="is not a file of notes"):
            read_notes(path)
    for words in (["show", str(missing)], ["take-back", str(missing), "n1", "--author", "M"]):
        told = CliRunner().invoke(main, ["notes", *words])
        assert told.exit_code != 0 and "nots.jsonl" in told.stderr
    assert read_notes(missing, may_be_new=True).notes == ()  # the page, before anybody has written
    assert not missing.exists()
    add_note(missing, author="M", about="zone", about_id="A", text="x", written_on=TODAY)
    assert len(read_notes(missing).notes) == 1
