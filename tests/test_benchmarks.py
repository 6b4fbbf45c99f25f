"""What the benchmarks say of themselves: turns, ratios, and the table that the page shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import scale
from benchmarks.harness import Timing, by_turns, ratios
from benchmarks.national import evenly
from benchmarks.table import BEGIN, END, PAGE, RESULTS, as_markdown, write_table


def test_contestants_take_turns_and_the_first_round_does_not_count() -> None:
    calls: list[str] = []
    found = by_turns({name: lambda name=name: calls.append(name) for name in ("ours", "theirs")}, runs=2)
    assert calls == ["ours", "theirs"] * 3
    assert [len(timing.runs_s) for timing in found.values()] == [2, 2]


def test_a_ratio_is_the_middle_one_of_the_rounds() -> None:
    # Rounds: 2/1, 9/3, 4/1. The medians alone, 4 by 1, would hide that a round was slow for both.
    assert ratios({"ours": Timing((1, 3, 1)), "theirs": Timing((2, 9, 4))}) == {"theirs": 3}


def test_a_few_of_many_are_spread_evenly() -> None:
    assert evenly(range(10), 4) == [0, 2, 5, 7]
    assert evenly(range(3), 5) == [0, 1, 2]


def test_the_page_shows_what_was_measured() -> None:
    if not RESULTS.is_file():
        pytest.skip("nothing has been measured (python -m benchmarks)")
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert f"{BEGIN}\n{as_markdown(results)}\n{END}" in PAGE.read_text(encoding="utf-8")


def test_the_page_on_scale_is_worked_out_from_what_was_measured() -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert f"{BEGIN}\n{scale.as_markdown(results)}\n{END}" in scale.SCALE_PAGE.read_text(encoding="utf-8")


def test_a_larger_nation_costs_as_many_pieces_as_it_has() -> None:
    parts = {part: 1.0 for names in scale.PARTS.values() for part in names}  # 10 parts of a second each
    timings = {name: {"median_s": seconds} for name, seconds in (parts | {"ours": 10.0}).items()}
    table = scale.as_markdown({"whole-week": {"timings": timings}})
    # 23 pieces with margins count 46 times: 460 s a week; a year has 51 times 46 s of searches more, 460 + 2,346 = 2,806 s = 47 minutes
    assert "| one week | 10 | 460, or 8 minutes |" in table
    assert "| 2,806, or 47 minutes |" in table and "on 8 machines of 8 processors | | 14 seconds |" in table


def test_the_table_is_put_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    found = {"work": "w", "target": "t", "shown": "s", "is_met": False, "bound_by": "b", "peak_mib": 1536}
    write_table({"row": found}, page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert "| `row` | w | t | s | **no** | 1.5 GiB | b |" in text
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="lost its marks"):
        write_table({"row": found}, page)
