"""What a command found: written to a file or shown, either way with what it was made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click
import pandas as pd

from access.query import Provenance
from geo.console import write_table

PEOPLE = ("_persons", "persons", "population", "_patients", "list_size")


def give(out: Path | None, table: pd.DataFrame, made_from: Provenance, lines: Iterable[str]) -> None:
    """Write the table to ``out``; without it, print the lines (read only then) and under them what they are made from.

    Raises:
        CyrraeddError: the table can't be written there (:func:`geo.console.write_table`).
    """
    if out:
        write_table(table, out, made_from.statement)
        return
    for line in lines:
        click.echo(line)
    click.echo(f"\n{made_from.in_words}")


def as_text(table: pd.DataFrame, decimals: int = 2) -> str:
    """Return a table for the terminal: each column as its unit, which is in its name, is best read; – where nothing is known.

    Of a table without rows it is said that it has none.
    """
    if table.empty:
        return "Nothing to list."
    shown = table.drop(columns="geometry", errors="ignore").copy()
    for column in shown.select_dtypes("number"):
        shown[column] = shown[column].map(_as_unit(str(column), decimals), na_action="ignore")
    return shown.to_string(index=False, na_rep="–")


def _as_unit(column: str, decimals: int) -> Callable[[float], str]:
    if column.endswith(PEOPLE):
        return "{:,.0f}".format
    if column.endswith("_share"):
        return "{:.0%}".format
    return lambda value: f"{value:,.{decimals}f}" if value % 1 else f"{value:,.0f}"
