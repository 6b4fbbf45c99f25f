"""The data-quality report: what came in, what was kept, what was refused and why."""

from __future__ import annotations

from dataclasses import dataclass, field

from geo.errors import Fault


@dataclass(frozen=True)
class SourceQuality:
    """What became of one source's rows.

    ``out_of_scope`` rows were left out by the profile's ``where`` or lie in no zone of the area; they were not refused.
    ``doubts`` are faults of rows that were kept all the same (a venue without coordinates, say).
    """

    name: str
    rows_in: int
    rows_kept: int
    out_of_scope: int = 0
    refused: tuple[Fault, ...] = ()
    doubts: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rows_refused(self) -> int:
        """How many rows were refused; one of ``refused`` may stand for several (a trip and its calls)."""
        return self.rows_in - self.rows_kept - self.out_of_scope


@dataclass(frozen=True)
class QualityReport:
    """One :class:`SourceQuality` per source; ``findings`` are facts about the area as a whole, in plain English."""

    sources: tuple[SourceQuality, ...] = ()
    findings: tuple[str, ...] = field(default=())
