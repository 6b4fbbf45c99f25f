"""Figures of one's own: what changes in the table, what does not, and that the command line takes it back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from access.costs import COLUMNS, PRICES_FILE, Range, read_prices
from geo.errors import DataError
from geo.words import LANGUAGES, Language, catalogue
from views.figures import with_changes
from views.tables import safe_csv

ON = date(2026, 10, 13)
TABLE = pd.read_csv(PRICES_FILE, dtype=str, keep_default_na=False)
OWN = {"mileage_gbp_per_mile": {"low": 0.2, "middle": 0.25, "high": 0.3}}


def test_without_changes_it_is_the_table() -> None:
    same = with_changes(TABLE, {"mileage_gbp_per_mile": {"low": 0.55, "middle": 0.55, "high": 0.55}}, ON)
    assert same.table.equals(TABLE) and same.changed == ()
    assert same.digest == with_changes(TABLE, {}, ON).digest


def test_a_table_that_was_edited_in_its_file_has_another_digest() -> None:
    # What the pages keep is kept under it: without changes of one's own, too, an answer must not outlive the table it was made from.
    edited = TABLE.assign(high=TABLE["high"].mask(TABLE["key"] == "minibus_gbp_per_hour", "9999"))
    assert with_changes(edited, {}, ON).digest != with_changes(TABLE, {}, ON).digest


def test_only_the_row_that_holds_changes_and_it_says_so() -> None:
    # Mileage was 45 pence until 5 April 2026 and is 55 since.
    made = with_changes(TABLE, OWN, ON)
    rows = made.table[made.table["key"] == "mileage_gbp_per_mile"]
    assert list(rows["middle"]) == ["0.45", "0.25"]
    assert list(rows["certainty"]) == ["E", "U"]
    assert rows["source"].iloc[1].startswith("Your own figure (before: 0.55 / 0.55 / 0.55; HMRC")
    assert made.prices["mileage_gbp_per_mile"] == Range(0.2, 0.25, 0.3)
    assert made.changed == ("mileage_gbp_per_mile",) and made.problem is None


def test_other_changes_have_another_digest() -> None:
    other = {"mileage_gbp_per_mile": {"low": 0.2, "middle": 0.26, "high": 0.3}}
    assert with_changes(TABLE, OWN, ON).digest != with_changes(TABLE, other, ON).digest


def test_the_command_line_takes_the_download(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(safe_csv(with_changes(TABLE, OWN, ON).table, None))
    assert read_prices(ON, path)["mileage_gbp_per_mile"] == Range(0.2, 0.25, 0.3)
    assert list(pd.read_csv(path)) == list(COLUMNS)


def test_what_makes_no_sense_is_said_and_never_used() -> None:
    made = with_changes(TABLE, {"take_part_share": {"low": 0.4, "middle": 0.6, "high": 1.5}}, ON)
    assert made.problem is not None and "a share can't be above 1" in made.problem
    with pytest.raises(DataError):
        _ = made.prices


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_and_unit_of_the_table_has_words(language: Language) -> None:
    known = catalogue(language)
    assert {f"figure_name.{key}" for key in TABLE["key"]} <= known.keys()
    assert {f"figure_unit.{unit.lower().replace(' ', '_')}" for unit in TABLE["unit"]} <= known.keys()
