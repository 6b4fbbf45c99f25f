"""``python -m access measure | equity | need | standards``, on One Road."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from access.__main__ import main
from geo.area import Area
from geo.store import save_area
from tests.worlds import write_one_road

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def run(one_road: Area, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("built") / "one-road"
    save_area(one_road, folder)

    def call(command: str, *words: str) -> Result:
        return CliRunner().invoke(main, [command, str(folder), *words])

    return call


def test_measure_prints_and_writes(run: Run, tmp_path: Path) -> None:
    words = ["--measure", "nearest", "--category", "crafts"]
    assert "Minutes to the nearest option. Everyone" in run("measure", *words).output
    out = tmp_path / "m.csv"
    assert run("measure", *words, "--by", "origin", "--out", str(out)).exit_code == 0
    table = pd.read_csv(out).set_index("origin_id")
    assert table["value"].round(1).fillna(-1).to_dict() == {"A1": 12.5, "B1": 26, "B2": -1, "C1": -1}
    assert table["is_known"].to_dict() == {"A1": True, "B1": True, "B2": False, "C1": True}
    first = out.with_name("m.csv.digest").read_text()
    assert run("measure", *words, "--n", "2", "--by", "la", "--out", str(out)).exit_code == 0
    assert out.with_name("m.csv.digest").read_text() != first  # every option is part of the question


def test_a_measure_is_summed_up_over_a_group(run: Run, tmp_path: Path) -> None:
    # Crafts within 45 minutes there and back: A's 100 and B1's 200; B2's 100 are not placed; C has no way home.
    # Without a car: a tenth of A, a fifth of B, half of C.
    out = tmp_path / "m.csv"
    words = ["--measure", "within", "--category", "crafts", "--within", "45", "--by", "la", "--out", str(out)]
    found = run("measure", *words, "--group", "no_car")
    assert found.exit_code == 0 and "households" in found.output
    table = pd.read_csv(out).set_index("footprint_id")
    persons = ["reaching_persons", "not_reaching_persons", "unknown_persons"]
    assert table.loc["L1", persons].tolist() == pytest.approx([10 + 40, 0, 20])
    assert table.loc["L2", persons].tolist() == pytest.approx([0, 150, 0])
    own = out.with_name("m.csv.digest").read_text()
    assert run("measure", *words).exit_code == 0
    assert pd.read_csv(out).set_index("footprint_id").loc["L1", persons].tolist() == [300, 0, 100]
    assert out.with_name("m.csv.digest").read_text() != own
    # Of how many people are disabled this area's zones say nothing.
    refused = run("measure", *words, "--group", "disabled")
    assert refused.exit_code == 1 and "lacks disabled_share" in refused.output


def test_whom_sums_leave_out_is_said(tmp_path: Path) -> None:
    # How many of B are 65 and over is not known. Left are A's 20 older people, who craft, and C's 90, who don't.
    profile = write_one_road(tmp_path)
    figures = tmp_path / "figures.csv"
    figures.write_text(figures.read_text(encoding="utf-8").replace("Tref B,300,60", "Tref B,300,"), encoding="utf-8")

    def call(command: str, *words: str) -> str:
        found = CliRunner().invoke(main, [command, str(profile), "--category", "crafts", *words])
        assert found.exit_code == 0, found.output
        return found.output

    group = "How many of the group live in 1 small area is not known: they are in none of these figures."
    table = tmp_path / "standards.csv"
    call("standards", "--group", "older", "--group", "everyone", "--out", str(table))
    assert pd.read_csv(table)["uncounted_zones"].tolist() == [1, 0]
    said = call("standards", "--group", "older", "--group", "everyone")
    assert f"People aged 65 and over: {group}" in said and "Everyone: " not in said
    assert group in call("measure", "--measure", "within", "--by", "la", "--group", "older")
    assert group not in call("measure", "--measure", "within", "--by", "la")
    fair = call("equity", "--group", "older")
    assert "110 people" in fair and f"– {group}" in fair
    # Then B's people are not counted at all, and in the end nobody's are.
    figures.write_text(figures.read_text(encoding="utf-8").replace("Tref B,300", "Tref B,"), encoding="utf-8")
    everyone = "The people of 1 small area have not been counted: they are in none of these figures."
    for command, words in (
        ("standards", []),
        ("measure", ["--measure", "within"]),
        ("equity", []),
        ("gaps", []),
        ("gaps", ["--by", "la"]),
    ):
        assert everyone in call(command, *words)
    for zone, people in (("A", 100), ("C", 300)):
        known = figures.read_text(encoding="utf-8")
        figures.write_text(known.replace(f"Tref {zone},{people}", f"Tref {zone},"), encoding="utf-8")
    said = call("gaps")
    assert (
        "In none of the small areas here is it known how many people live there." in said and "= 0 people" not in said
    )


def test_what_was_assumed_is_said(run: Run) -> None:
    found = run("measure", "--measure", "two_step", "--category", "crafts", "--within", "30", "--assumed-capacity", "6")
    assert "1 session does not say how many it can take: 6 places are assumed" in found.output


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        ("measure", ["--measure", "within", "--category", "crafts", "--n", "2"], "'within' has no n"),
        ("measure", ["--measure", "within", "--category", "crafts", "--by", "rpb"], "no footprints of the level 'rpb'"),
        ("equity", ["--category", "crafts", "--n", "2"], "'met' has no n"),
        ("equity", ["--category", "crafts", "--legs", "out"], "there and back"),
        ("equity", ["--category", "crafts", "--measure", "within", "--at-least", "2"], "has no sessions a week"),
        ("equity", ["--category", "crafts", "--at-least", "0"], "0.0 sessions a week can't be asked"),
        ("equity", ["--category", "crafts", "--within", "0"], "0.0 minutes can't be asked"),
        ("need", ["--weight", "loneliness=1"], "lacks loneliness"),
        ("need", ["--by", "rpb"], "no footprints of the level 'rpb'"),
    ],
)
def test_impossible_questions_end_with_one_message(run: Run, command: str, words: list[str], said: str) -> None:
    found = run(command, *words)
    assert found.exit_code == 1
    assert said in found.output
    assert "Traceback" not in found.output


@pytest.mark.parametrize("command", ["measure", "equity"])
def test_the_nth_option_is_not_called_the_nearest(command: str, busy_road: Area, tmp_path: Path) -> None:
    save_area(busy_road, tmp_path / "busy")

    def title(*words: str) -> str:
        asked = (command, str(tmp_path / "busy"), "--category", "crafts", "--mode", "drive", "--measure", *words)
        return CliRunner().invoke(main, asked).output.partition(". ")[0]

    assert title("nearest") == title("nearest", "--n", "1") == "Minutes to the nearest option"
    assert title("nearest", "--n", "3") == "Minutes until 3 options are in reach"
    leaving = ", leaving at any minute of a window"
    assert title("nearest_in_window") == f"Minutes to the nearest option{leaving}"
    assert title("nearest_in_window", "--n", "2") == f"Minutes until 2 options are in reach{leaving}"


def test_equity_prints_indices_and_sentences(run: Run, tmp_path: Path) -> None:
    found = run("equity", "--category", "crafts", "--level", "la")
    assert found.exit_code == 0, found.output
    assert (
        "The fifth of people with most need: 0 % find the standard met. The fifth with least need: 100 % find"
        in found.output
    )
    out = tmp_path / "e.parquet"
    words = ["--category", "crafts", "--measure", "within", "--order-by", "deprivation_rank", "--samples", "200"]
    assert run("equity", *words, "--out", str(out)).exit_code == 0
    table = pd.read_parquet(out).set_index("index")
    assert table.loc["concentration", "value"] == pytest.approx(0.5)  # worked out in test_equity
    assert "erreygers" not in table.index  # sessions a week have no bound


def test_equity_among_a_group(run: Run, tmp_path: Path) -> None:
    # Crafts are met for A's 100 and B1's 200, unmet for C's 300, of B2 it is not known: half of all, and of those without a car
    # 10 + 40 of 10 + 40 + 150. From the most deprived on: C's 150 are the first 3/4 and have nothing, the other quarter, of mean
    # rank 7/8, has everything: the concentration index is twice their mean rank, less 1.
    out = tmp_path / "e.csv"
    words = ["--category", "crafts", "--order-by", "deprivation_rank", "--samples", "200", "--out", str(out)]
    assert run("equity", *words).exit_code == 0
    assert pd.read_csv(out).set_index("index").loc["mean", "value"] == pytest.approx(0.5)
    found = run("equity", *words, "--group", "no_car")
    assert found.exit_code == 0 and "households" in found.output
    table = pd.read_csv(out).set_index("index")
    assert table.loc["mean", "value"] == pytest.approx(0.25)
    assert table.loc["concentration", "value"] == pytest.approx(0.75)
    assert "without a car" in run("equity", *words[:-2], "--group", "no_car").output
    for measure in ("within", "met"):
        refused = run("equity", *words, "--measure", measure, "--group", "disabled")
        assert refused.exit_code == 1 and "lacks disabled_share" in refused.output


def test_need_shows_its_weights_and_reason(run: Run, tmp_path: Path) -> None:
    found = run("need")
    assert " 39%  income_rank (published)" in found.output
    assert "would count access twice" in found.output
    out = tmp_path / "n.csv"
    words = ["--weight", "households_no_car_share=1:rank", "--weight", "population=0"]
    assert run("need", *words, "--out", str(out)).exit_code == 0
    table = pd.read_csv(out)
    assert table["zone_code"].tolist() == ["C", "B", "A"] and table["need"].tolist() == [1, 0.5, 0]
    assert run("need", "--weight", "population").exit_code == 2
    twice = run("need", "--weight", "population=1", "--weight", "population=2")
    assert twice.exit_code == 2 and "population is weighted more than once" in twice.output


def test_standards_for_groups_with_depth_and_certainty(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "s.csv"
    words = ["--category", "crafts", "--group", "older_no_car", "--group", "everyone", "--within", "15"]
    found = run("standards", *words, "--out", str(out))
    assert found.exit_code == 0 and "shares are multiplied" in found.output
    table = pd.read_csv(out).set_index("group")
    # within 15 minutes A's 100 alone; of 600 known people 500 miss all of it. Older without a car in A: 100 · 0.2 · 0.1
    assert table.loc["everyone", ["met_persons", "unmet_persons", "unknown_persons"]].tolist() == [100, 500, 100]
    assert table.loc["everyone", "fgt_1"] == pytest.approx(5 / 6)
    assert table.loc["older_no_car", "met_persons"] == pytest.approx(2)
    assert run("standards", *words, "--sure", "--out", str(out)).exit_code == 0
    moved = pd.read_csv(out).set_index(["group", "question"])
    # at 3.6 km/h A walks 16:40, so 100 people lose it
    assert moved.loc[("everyone", "slower"), "losing_persons"] == 100
    assert moved.loc[("everyone", "as_asked"), "met_persons"] == 100 and len(moved) == 8
    # and with it all of what is known: each row has the depth of its own question
    assert moved.loc[("everyone", "as_asked"), "fgt_1"] == pytest.approx(5 / 6)
    assert moved.loc[("everyone", "slower"), "fgt_1"] == 1
    found = run("standards", *words, "--sure", "--walk-kmh", "3.6", "--out", str(out))
    assert found.exit_code == 0 and "3.6 km/h is no faster" in found.output
    assert set(pd.read_csv(out)["question"]) == {"as_asked", "shorter", "longer"}


def test_several_categories_side_by_side(run: Run, tmp_path: Path) -> None:
    # Singing at the chapel ends at 20:00, after the last bus: B1's 200, who walk no step, alone are sure of it.
    out = tmp_path / "s.csv"
    words = [
        "--category",
        "crafts",
        "--category",
        "singing",
        "--group",
        "everyone",
        "--group",
        "no_car",
        "--within",
        "15",
    ]
    assert run("standards", *words, "--out", str(out)).exit_code == 0
    table = pd.read_csv(out).set_index(["category", "group"])
    assert table.index.tolist() == [
        ("crafts", "everyone"), ("crafts", "no_car"), ("singing", "everyone"), ("singing", "no_car"),
    ]  # fmt: skip
    assert table["met_persons"].tolist() == pytest.approx([100, 10, 200, 40])
    # how sure: each category by itself, at 15, 10 and 20 minutes and a slower walk; at 10 minutes A's 100 lose crafts, nobody singing
    assert run("standards", *words, "--sure", "--out", str(out)).exit_code == 0
    moved = pd.read_csv(out).set_index(["category", "group", "question"])
    assert len(moved) == 16
    assert moved.loc[("crafts", "everyone", "shorter"), "losing_persons"] == 100
    assert moved.loc[("singing", "everyone", "shorter"), "losing_persons"] == 0
    one = run("standards", *words[:2], *words[2:4], *words[2:4], "--out", str(out))
    assert one.exit_code == 0 and len(pd.read_csv(out)) == 2  # the same category twice is one
    assert run("standards", "--group", "everyone").exit_code == 2


def test_how_sure_whoever_the_minute_of_leaving(run: Run, tmp_path: Path) -> None:
    # B leaves 13:20 … 13:34 for the bus of 13:35, there at 13:50: 30 minutes at most. From the hall 16:00 … 16:14 it catches the 16:10
    # on ten of the fifteen minutes: at half of them, not at three quarters. A walks, C has no way home, B2's 100 are not placed.
    out = tmp_path / "s.csv"
    words = ["--category", "crafts", "--within", "30", "--sure", "--group", "everyone", "--group", "no_car"]
    window = ["--depart", "13:20", "--until", "13:35", "--back", "16:00"]
    found = run("standards", *words, *window, "--out", str(out))
    assert found.exit_code == 0, found.output
    table = pd.read_csv(out).set_index(["group", "question"])
    persons = ["met_persons", "unmet_persons", "unknown_persons"]
    assert table.loc[("everyone", "percentile_50"), persons].tolist() == [300, 300, 100]
    assert table.loc[("everyone", "percentile_75"), persons].tolist() == [100, 500, 100]
    # Without a car: a tenth of A's 100; a fifth of B's 200 and 100; half of C's 300.
    assert table.loc[("no_car", "percentile_75"), persons].tolist() == pytest.approx([10, 190, 20])
    for wrong, said in (
        ([*words, "--depart", "13:20"], "both --depart and --until"),
        ([*words[:4], *window], "ask with --sure"),
        ([*words, *window, "--at-least", "2"], "leave --max-fare and --at-least out"),
    ):
        refused = run("standards", *wrong)
        assert refused.exit_code == 1 and said in refused.output
