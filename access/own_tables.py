"""Read a CSV of a user's own: points, prices or busy hours."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from geo.errors import DataError


def read_texts(path: Path, what: str) -> pd.DataFrame:
    """Return the cells of a UTF-8 CSV as texts, blank where nothing stands; ``what`` says what to give where there is no file.

    Raises:
        DataError: the file is missing, or no UTF-8 CSV table.
    """
    if not path.is_file():
        raise DataError.of(path, "is missing.", f"Give the path of {what}.")
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise DataError.of(path.name, f"is not a UTF-8 CSV table: {error}.", "Save it as CSV (UTF-8).") from None


def check_columns(table: pd.DataFrame, columns: Collection[str], name: str) -> None:
    """Refuse a table that has not just these columns; ``name`` is its file's.

    Raises:
        DataError: columns are missing or unknown.
    """
    wrong = sorted(set(columns) ^ set(map(str, table.columns)))
    if wrong:
        problem = f"has missing or unknown columns: {', '.join(wrong)}."
        raise DataError.of(name, problem, f"It needs {', '.join(columns)}.", row=1)
