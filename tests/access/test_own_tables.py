"""Tables that users bring: as a spreadsheet saves them, and what is said of those that can't be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from access.costs import PRICES_FILE, read_prices
from access.own_tables import check_columns, read_texts
from access.traffic import TRAFFIC_FILE, default_peaks, read_peaks
from geo.errors import DataError

MARK = b"\xef\xbb\xbf"  # with which spreadsheets begin "CSV UTF-8"


def test_tables_saved_by_a_spreadsheet_are_the_same_tables(tmp_path: Path) -> None:
    on = date(2026, 10, 13)
    for file in (PRICES_FILE, TRAFFIC_FILE):
        (tmp_path / file.name).write_bytes(MARK + file.read_bytes())
    assert read_prices(on, tmp_path / PRICES_FILE.name) == read_prices(on)
    assert read_peaks(tmp_path / TRAFFIC_FILE.name) == default_peaks()


def test_cells_are_texts_and_blank_ones_stay_blank(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("id,ŷ\n007,NA\n,\n", encoding="utf-8")
    assert read_texts(path, "a table").to_dict("list") == {"id": ["007", ""], "ŷ": ["NA", ""]}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "none.csv: is missing. Give the path of a table."),
        ("ŷ".encode("cp1252", errors="replace") + b"\xf4\n1\n", "none.csv: is not a UTF-8 CSV table"),
        (b"", "none.csv: is not a UTF-8 CSV table"),
        (b"a\n1,2\n1,2,3\n", "none.csv: is not a UTF-8 CSV table"),
    ],
)
def test_what_can_not_be_read_is_named(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "none.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError) as error:
        read_texts(path, "a table")
    assert told in str(error.value)


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is missing"):
        read_texts(tmp_path, "a table")


def test_columns_must_be_those_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n")
    table = read_texts(path, "a table")
    check_columns(table, ("a", "b"), "own.csv")
    with pytest.raises(DataError, match=r"own\.csv, row 1: has missing or unknown columns: b, c\. It needs a, c\."):
        check_columns(table, ("a", "c"), "own.csv")
