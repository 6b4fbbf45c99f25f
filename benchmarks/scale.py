"""Work out from the measured week of a nation what a larger one costs, as the table of docs/scale.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.table import PAGE, put

SCALE_PAGE = PAGE.parent / "scale.md"
ROW = "whole-week"
PIECES = 23  # of Wales' size make Great Britain: 188,880 and 46,363 output areas by 10,300
MARGIN = 2  # a margin as wide as the longest journey at most doubles a piece
WEEKS = 52
LARGE = 8 * 8 // 2  # times the measuring machine of two processors: eight machines of eight
PARTS = {
    "hierarchies of three graphs": ("hierarchies",),
    "places on streets, walks to stops": ("placing points", "stops and walks"),
    "six street matrices": ("walk, there", "walk, back", "cycle, there", "cycle, back", "drive, there", "drive, back"),
    "public transport, and the rest": ("public transport, and the rest",),
}
TRANSIT = "public transport, and the rest"


def as_markdown(results: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what the week took in its parts, and what Great Britain would take in pieces as large, in seconds of two processors."""
    took = {name: timing["median_s"] for name, timing in results[ROW]["timings"].items()}
    lines = ["| what | seconds, two processors | of Great Britain |", "| --- | --- | --- |"]
    for name, parts in PARTS.items():
        seconds = sum(took[part] for part in parts)
        lines.append(f"| {name} | {seconds:.0f} | {PIECES * MARGIN * seconds:,.0f} |")
    week_s = PIECES * MARGIN * took["ours"]
    year_s = week_s + PIECES * MARGIN * (WEEKS - 1) * took[TRANSIT]
    lines.append(f"| one week | {took['ours']:.0f} | {week_s:,.0f}, or {_said(week_s)} |")
    lines.append(f"| one week, on 8 machines of 8 processors | | {_said(week_s / LARGE)} |")
    lines.append(
        f"| every week of a year: streets once, searches {WEEKS} times | | {year_s:,.0f}, or {_said(year_s)} |"
    )
    lines.append(f"| every week of a year, on 8 machines of 8 processors | | {_said(year_s / LARGE)} |")
    return "\n".join(lines)


def _said(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 3600:.1f} hours" if seconds >= 3600 else f"{seconds / 60:.0f} minutes"


def write_scale(results: Mapping[str, Mapping[str, Any]]) -> None:
    """Put the table into docs/scale.md, once the week has been measured."""
    if ROW in results:
        put(as_markdown(results), SCALE_PAGE)
