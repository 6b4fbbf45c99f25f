"""Write what was measured as the table of docs/performance.md, between two marks; everything about it is written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results.json"
PAGE = RESULTS.parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: written by python -m benchmarks -->", "<!-- /measured -->"


def as_markdown(results: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table."""
    lines = ["| row | work | to reach | measured | reached | what bounds it |", "| --- | --- | --- | --- | --- | --- |"]
    for row, found in results.items():
        met = {True: "yes", False: "**no**", None: "–"}[found["is_met"]]
        cells = (f"`{row}`", found["work"], found["target"], found["shown"], met, found["bound_by"])
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write_table(results: Mapping[str, Mapping[str, Any]], page: Path = PAGE) -> None:
    """Put the table into the page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{page} has lost its marks: put '{BEGIN}' and '{END}' where the table stands")
    page.write_text(f"{before}{BEGIN}\n{as_markdown(results)}\n{END}{after}", encoding="utf-8")
