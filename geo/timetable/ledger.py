"""Keep account of one feed while it is read: what is refused, what stops it, what is worth knowing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.errors import Fault
from geo.quality import SourceQuality

LISTED = 200  # rows named one by one for each kind of fault; the others are counted
FIRST_RECORD_ROW = 2  # the header is row 1


def cut(cells: Iterable[str]) -> list[str]:
    """Return what the cells hold, as much of it as a message may."""
    return [cell[:60] for cell in cells]


class Ledger:
    """Faults, notes and row counts of one feed, in the order in which they were met."""

    def __init__(self, prefix: str, path: Path) -> None:
        self.prefix, self.path = prefix, path
        self.fatal: list[Fault] = []
        self.refused: list[Fault] = []
        self.notes: list[str] = []
        self.rows_in: dict[str, int] = {}
        self.rows_refused: dict[str, int] = {}
        self.rows_out_of_scope: dict[str, int] = {}

    def stop(self, table: str, problem: str, remedy: str, row: int | None = None) -> None:
        """Say that the feed cannot be used."""
        self.fatal.append(Fault(self._file(table), problem, remedy, row))

    def refuse(self, table: str, records: NDArray[np.integer], problems: Sequence[str] | str, remedy: str) -> None:
        """Refuse records (counted from 0) of ``table``; ``problems`` is one text for all, or one for each record."""
        if not len(records):
            return
        self.rows_refused[table] = self.rows_refused.get(table, 0) + len(records)
        for i, record in enumerate(records[:LISTED].tolist()):
            problem = problems if isinstance(problems, str) else problems[i]
            self.refused.append(Fault(self._file(table), problem, remedy, record + FIRST_RECORD_ROW))
        if len(records) > LISTED:
            self.refused.append(
                Fault(self._file(table), f"has {len(records) - LISTED:,} more rows like these.", remedy)
            )

    def first_faults(self, otherwise: str) -> str:
        """Return the first three faults of rows, which are the cause where all were refused; ``otherwise`` where there is none."""
        return "The first faults found: " + " ".join(map(str, self.refused[:3])) if self.refused else otherwise

    def take_along(self, table: str, count: int) -> None:
        """Count records of ``table`` that go because what they belong to was refused and named."""
        if count:
            self.rows_refused[table] = self.rows_refused.get(table, 0) + count

    def leave_out(self, table: str, count: int) -> None:
        """Count records of ``table`` that the timetable has no use for."""
        if count:
            self.rows_out_of_scope[table] = self.rows_out_of_scope.get(table, 0) + count

    def note(self, text: str) -> None:
        """Write down a fact about the feed, in plain English."""
        self.notes.append(text)

    def quality(self) -> SourceQuality:
        """Return the account, with a line for each table."""
        refused, outside = sum(self.rows_refused.values()), sum(self.rows_out_of_scope.values())
        rows_in = sum(self.rows_in.values())
        tables = [
            f"{table}: {rows:,} rows, {rows - self.rows_refused.get(table, 0) - self.rows_out_of_scope.get(table, 0):,} kept"
            for table, rows in self.rows_in.items()
        ]
        return SourceQuality(
            name=f"timetable.{self.prefix}",
            rows_in=rows_in,
            rows_kept=rows_in - refused - outside,
            out_of_scope=outside,
            refused=tuple(self.refused),
            notes=(*tables, *self.notes),
        )

    def _file(self, table: str) -> str:
        return f"{self.path.name}/{table}" if table else self.path.name
