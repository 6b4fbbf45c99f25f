"""Tables and numbers: what a person reads, and what a spreadsheet must not run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.network import AreaNetwork
from access.query import code_digest
from tests.views.small_area import small_area
from views.charts import Bar
from views.numbers import clock_text, count_text, date_text, minutes_text, percent_text, pounds_text, rate_text
from views.sections.equity import interval
from views.tables import html_table, neutral, plain, plain_lines, provenance_line, safe_csv


@pytest.mark.parametrize("said", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_are_written_as_text(said: str) -> None:
    table = safe_csv(pd.DataFrame({"name": [said], "n": [-1.5]}), "abc").decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(table, newline=""))
    assert row == {"name": f"'{said}", "n": "-1.5", "provenance": "abc"}


@given(st.text())
def test_texts_never_start_as_formulas_and_lose_nothing(said: str) -> None:
    written = neutral(said)
    assert isinstance(written, str) and written.endswith(said)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_missing_values_stay_empty_and_the_table_is_not_written_to() -> None:
    table = pd.DataFrame({"name": ["a", None], "n": [1.0, float("nan")]})
    assert safe_csv(table, "abc").decode("utf-8-sig").splitlines() == ["name,n,provenance", "a,1.0,abc", ",,abc"]
    assert list(table) == ["name", "n"]


def test_a_table_taken_away_says_whose_it_is_and_that_it_is_fiction() -> None:
    area = small_area()
    fiction = replace(area, profile=area.profile.model_copy(update={"is_fictional": True}))
    fact = replace(area, profile=area.profile.model_copy(update={"is_fictional": False}))
    assert provenance_line(AreaNetwork(fact), "abc") == f"abc; code {code_digest()}; © Someone <b>bold</b>"
    said = provenance_line(AreaNetwork(fiction), "abc")
    assert said == f"abc; code {code_digest()}; FICTIONAL AREA – ARDAL DDYCHMYGOL; © Someone <b>bold</b>"


def test_unknown_is_not_drawn_as_nought() -> None:
    assert "track" in Bar("0", 0.0).html()
    assert "track" not in Bar("–", float("nan")).html()
    assert interval(float("nan"), 0.5) == interval(0.1, float("nan")) == "–"


def test_lines_stay_lines() -> None:
    assert plain_lines("2 faults\n  a*\n  b") == "2 faults  \na\\*  \nb"


def test_cells_are_escaped_and_scoped() -> None:
    made = html_table("<b>", ["Name", "People"], [["<i>x</i>", "1\n(0–2)"]], numeric=[1], marked=0)
    assert "<b>" not in made and "<i>" not in made and "&lt;i&gt;x&lt;/i&gt;" in made
    assert '<th scope="col">Name</th><th class="number" scope="col">People</th>' in made
    assert '<tr class=marked><th scope="row">' in made and '<td class="number">1 <small>(0–2)</small></td>' in made


@pytest.mark.parametrize(
    "said", ["[a](http://b)", "![x](y)", ":material/home:", "**a**", "<b>", "$x$", "a\n\nb", "`x`", ":red[x]"]
)
def test_markdown_from_files_is_shown_as_it_stands(said: str) -> None:
    escaped = plain(said)
    for character in "[]*<>$`:!":
        assert escaped.count(character) == escaped.count(f"\\{character}")


def test_numbers_are_written_for_people() -> None:
    assert (count_text(1234.5, "en"), count_text(1234.4, "cy"), count_text(float("nan"), "en")) == (
        "1,234",
        "1,234",
        "–",
    )
    assert (percent_text(0.004, "en"), percent_text(0.0, "en"), percent_text(0.336, "cy")) == ("<1%", "0%", "34%")
    assert (percent_text(0.996, "en"), percent_text(1 - 1e-9, "en"), percent_text(1.0, "cy")) == (
        ">99%",
        "100%",
        "100%",
    )
    assert [rate_text(rate, "en") for rate in (0.1, 2.0, 1234.5, float("nan"))] == ["0.10", "2.00", "1,234.50", "–"]
    assert (pounds_text(3.456, "en"), pounds_text(0, "en"), pounds_text(640, "cy")) == ("£3.46", "£0", "£640")
    assert pounds_text(12_345, "en") == "£12,300"  # three figures: no false precision in a yearly cost
    assert (minutes_text(44.01, "en"), minutes_text(45.0, "cy"), minutes_text(float("nan"), "en")) == (
        "45 min",
        "45 mun",
        "–",
    )
    assert (clock_text(50_400), clock_text(90_000)) == ("14:00", "01:00")
    assert (date_text(date(2024, 3, 5), "cy"), date_text(date(2024, 3, 5), "en")) == ("5 Mawrth 2024", "5 March 2024")
