"""The command line asks what the pages ask: the same standard, limit on fares and weights of need, wherever an answer hangs on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from access.__main__ import main
from geo.area import Area
from geo.store import save_area

Run = Callable[..., Result]
CRAFTS = ("--category", "crafts")
# Of A, B and C 10, 20 and 50 % of households have no car: ranked, need is 0, 1/2 and 1.
BY_CARS = ("--weight", "households_no_car_share=1:rank")
# A return from B costs £6, and a fifth of B's people hold a pass; A walks.
CHEAP = ("--max-fare", "5")


@pytest.fixture(scope="module")
def run(busy_road: Area, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("built") / "one-road"
    save_area(busy_road, folder)

    def call(command: str, *words: str) -> Result:
        return CliRunner().invoke(main, [command, str(folder), *words])

    return call


@pytest.fixture
def table(run: Run, tmp_path: Path) -> Callable[..., pd.DataFrame]:
    def call(command: str, *words: str) -> pd.DataFrame:
        found = run(command, *words, "--out", str(tmp_path / "x.csv"))
        assert found.exit_code == 0, found.output
        return pd.read_csv(tmp_path / "x.csv")

    return call


Table = Callable[..., pd.DataFrame]


def test_a_limit_on_fares_holds_for_every_answer(run: Run, table: Table) -> None:
    # Crafts: met for A's 100 and the 200 at B1; who may not pay £6 are A's 100 and the 40 at B1 with a pass.
    assert "40 people find this met, 160 do not" in run("explain", *CRAFTS, "--zone", "B", *CHEAP).output
    assert "together reach 300 people" in run("duplication", *CRAFTS).output
    assert "together reach 140 people" in run("duplication", *CRAFTS, *CHEAP).output
    assert table("similar", *CRAFTS, *CHEAP)["kind_reached_persons"].max() == 140
    # When the last of the three sessions ends, all who found it met lose it.
    for limit, lost in (((), 300), (CHEAP, 140)):
        assert table("funding", *CRAFTS, *limit)["cumulative_lost_persons"].iloc[-1] == lost
    equity = table("equity", *CRAFTS, *CHEAP).set_index("index")
    assert equity.loc["mean", "value"] == pytest.approx(140 / 600)
    compared = table("compare", "west", "east", *CRAFTS, *CHEAP, "--measure", "within").set_index("measure")
    assert compared.loc["covered_share", "first"] == pytest.approx(140 / 300)
    assert isinstance(compared.loc["depth_minutes", "problem_en"], str)  # minutes say nothing of fares
    # A's 100 have craft, knit and sew in reach, the 200 at B1 who pay none: 300 / 300 = 1.
    deep = table("deep-end", *CRAFTS, *CHEAP).set_index("id")
    assert deep.loc["west", "sessions_in_reach"] == pytest.approx(1)


def test_a_standard_asks_for_several_sessions_in_every_answer(run: Run, table: Table) -> None:
    # B1's 200 reach craft and knit: where two sessions a week are asked for neither may stop. A's 100 reach sew too.
    assert table("reliance", *CRAFTS, "--at-least", "2")["relying_persons"].tolist() == [200, 200]
    assert "nobody would lose" in run("duplication", *CRAFTS).output
    told = run("duplication", *CRAFTS, "--at-least", "2").output
    assert "200" in told and "any one of them stopped, nobody would lose" not in told
    words = ["west", "east", *CRAFTS, "--measure", "within"]
    assert table("compare", *words).set_index("measure").loc["covered_share", "first"] == 1
    three = table("compare", *words, "--at-least", "3").set_index("measure")
    assert three.loc["covered_share", "first"] == pytest.approx(100 / 300)
    for command in ("gaps", "equity", "explain", "reliance", "funding", "duplication", "standards"):
        refused = run(command, *CRAFTS, "--at-least", "0")
        assert refused.exit_code == 1 and "0.0 sessions a week can't be asked" in refused.stderr


def test_weights_of_need_hold_for_every_answer(run: Run, table: Table) -> None:
    gaps = table("gaps", *CRAFTS, *BY_CARS).set_index("zone_code")
    assert gaps["need"].to_dict() == {"C": 1, "B": 0.5, "A": 0}
    assert gaps.loc["C", "need_weighted_unmet_persons"] == 300 * 2
    steep = table("gaps", *CRAFTS, *BY_CARS, "--slope", "3").set_index("zone_code")
    assert steep.loc["C", "need_weighted_unmet_persons"] == 300 * (1 + 3)
    # the 200 at B1 count 1 + 1/2 each
    assert table("reliance", *CRAFTS, "--at-least", "2", *BY_CARS)["need_weighted_persons"].tolist() == [300, 300]
    funding = table("funding", *CRAFTS, *BY_CARS)["cumulative_need_weighted_persons"]
    assert funding.iloc[-1] == 100 + 200 * 1.5
    options = table("options", *CRAFTS, "--zone", "C", *BY_CARS)
    assert set(options["need_weighted_persons"]) == {0, 600}
    # west: A's 100 of no need and B's 300 of a half
    assert table("deep-end", *CRAFTS, *BY_CARS).set_index("id").loc["west", "mean_need"] == pytest.approx(150 / 400)
    compared = table("compare", "west", "east", *CRAFTS, *BY_CARS, "--measure", "within").set_index("measure")
    assert compared.loc["mean_need", ["first", "second"]].tolist() == pytest.approx([0.375, 1])
    posts = table("posts", *BY_CARS, "--slope", "2").set_index("cluster_id")
    assert posts.loc["west", "need_weighted_residents"] == 100 + 300 * 2
    # By cars C comes before B before A; by population B and C, of 300 each, are level.
    level, apart = (
        table("equity", *CRAFTS, "--weight", f"{name}=1").set_index("index").loc["concentration", "value"]
        for name in ("population", "households_no_car_share")
    )
    # C before B1's 200 before A: 1/2. B and C level: their 500 stand at 5/12, A's 100 at 11/12; Σ p (r - ½) a / μ · 2 =
    # 4 · (1/3 · (5/12 - 1/2) + 1/6 · (11/12 - 1/2)) = 4 · (1/6 · 5/12 - 1/3 · 1/12) = 1/6
    assert (apart, level) == (pytest.approx(1 / 2), pytest.approx(1 / 6))


@pytest.mark.parametrize("command", ["gaps", "options", "reliance", "funding", "deep-end", "equity", "compare"])
def test_a_weight_that_nobody_has_is_no_need_that_is_not_known(run: Run, command: str) -> None:
    words = {"options": ("--zone", "C"), "compare": ("west",)}.get(command, ())
    refused = run(command, *words, *CRAFTS, "--weight", "typo=1")
    assert refused.exit_code == 1 and "it lacks typo" in refused.stderr and not refused.stdout
    twice = run(command, *words, *CRAFTS, *BY_CARS, *BY_CARS)
    assert twice.exit_code == 2 and "weighted more than once" in twice.stderr


@pytest.mark.parametrize(
    ("command", "words", "said"),
    [
        ("gaps", (*CRAFTS, "--prices", "p.csv"), "no effect without --max-fare"),
        ("funding", ("--prices", "p.csv"), "no effect without --max-fare"),
        ("posts", ("--by", "practice", "--slope", "2"), "not weighted by need"),
        ("equity", (*CRAFTS, *BY_CARS, "--order-by", "deprivation_rank"), "order by need"),
        ("equity", (*CRAFTS, "--measure", "within", *CHEAP), "'within' has no limit on fares"),
    ],
)
def test_what_would_have_no_effect_is_refused(run: Run, command: str, words: tuple[str, ...], said: str) -> None:
    refused = run(command, *words)
    assert refused.exit_code != 0 and said in refused.stderr and not refused.stdout


def test_the_question_is_part_of_what_an_answer_is_made_from(run: Run, tmp_path: Path) -> None:
    digests = set()
    for words in ((), CHEAP, ("--at-least", "2"), BY_CARS, ("--slope", "2")):
        out = tmp_path / "r.csv"
        assert run("reliance", *CRAFTS, *words, "--out", str(out)).exit_code == 0
        digests.add(out.with_name("r.csv.digest").read_text().splitlines()[0])
    assert len(digests) == 5


def test_notes_that_can_be_followed_are_and_the_others_are_named(run: Run, busy_road: Area, tmp_path: Path) -> None:
    file = str(tmp_path / "notes.jsonl")

    def add(about: str, name: str, *words: str) -> None:
        said = ["--author", "Megan", "--about", about, name, "--text", "x", "--absent", *words]
        assert CliRunner().invoke(main, ["notes", "add", file, *said]).exit_code == 0

    add("venue", "gone-venue")
    add("line", "1", "--departure", "16:10")  # with it the 200 at B1 have no way home
    add("line", "1", "--departure", "03:00")
    folder = tmp_path / "one-road"
    save_area(busy_road, folder)
    told = CliRunner().invoke(main, ["notes", "effect", str(folder), file, *CRAFTS])
    assert told.exit_code == 0 and "people who find it met: -200" in told.stdout
    assert "n1 is not followed: There is no venue called 'gone-venue'" in told.stderr
    assert "n3 is not followed: Note n3: no ride of line 1 leaves" in told.stderr and "n2" not in told.stderr
    # of those who may not pay £6 the 40 with a pass alone had a way
    cheap = CliRunner().invoke(main, ["notes", "effect", str(folder), file, *CRAFTS, *CHEAP])
    assert "people who find it met: -40" in cheap.stdout
