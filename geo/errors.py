"""The errors a user can meet: each says what is wrong, which file or place, and what to do.

::

    CyrraeddError
    ├── ProfileError        an area profile that cannot be read
    ├── DataError           files that were refused; carries every fault found
    ├── DateOutsideTimetable
    ├── NotPlaced           a point too far from any usable way
    └── UnknownName         an area, zone, footprint, category … that does not exist
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

FAULTS_SHOWN = 50


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one input: where it is, what it is, and how to mend it.

    ``row`` counts as a spreadsheet does: the header is row 1, so the first record is row 2. ``None`` means the file as
    a whole.
    """

    file: str
    problem: str
    remedy: str
    row: int | None = None

    def __str__(self) -> str:
        where = self.file if self.row is None else f"{self.file}, row {self.row}"
        return f"{where}: {self.problem} {self.remedy}"


def reason(error: Exception) -> str:
    """Return why the system or a library refused something, without its numbers and paths."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


class CyrraeddError(Exception):
    """Base of every error that is shown to a user as it stands."""


class ProfileError(CyrraeddError):
    """An area profile is missing, or says something that it may not say."""


class DataError(CyrraeddError):
    """One or more input files cannot be used; ``faults`` holds all that was found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        shown = [f"  {fault}" for fault in self.faults[:FAULTS_SHOWN]]
        if len(self.faults) > FAULTS_SHOWN:
            shown.append(f"  … and {len(self.faults) - FAULTS_SHOWN} more")
        count = len(self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in the input:\n" + "\n".join(shown))

    @classmethod
    def of(cls, file: str | Path, problem: str, remedy: str, row: int | None = None) -> DataError:
        """Return an error with a single fault."""
        return cls([Fault(str(file), problem, remedy, row)])


class DateOutsideTimetable(CyrraeddError):
    """The date asked for lies outside what the timetable covers: one span of dates, or one for each feed."""

    def __init__(self, wanted: date, *spans: tuple[date, date]) -> None:
        said = " and ".join(f"from {first.isoformat()} to {last.isoformat()}" for first, last in spans)
        super().__init__(
            f"The timetable does not cover {wanted.isoformat()}: it runs {said}. "
            "Choose a date between these, or load a newer timetable."
        )


class NotPlaced(CyrraeddError):
    """Points that lie too far from any way their mode may use."""

    def __init__(self, what: str, names: Sequence[str], limit_m: float) -> None:
        self.names = tuple(names)
        shown = ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
        super().__init__(
            f"{len(names)} {what} could not be placed: no usable way within {limit_m:.0f} m of {shown}. "
            "Check the coordinates, or load streets that cover them."
        )


class UnknownName(CyrraeddError):
    """A name that the area does not know; the message offers the nearest ones that it does."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        known = sorted(map(str, known))
        near = get_close_matches(name, known, n=5, cutoff=0.5) or known[:8]
        super().__init__(
            f"There is no {what} called '{name}'. Known: {', '.join(near)}{' …' if len(known) > len(near) else ''}"
        )
