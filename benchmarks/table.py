"""Write what was measured as a table of a page, between two marks; everything about it is written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results.json"
PAGE = RESULTS.parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- measured: written by python -m benchmarks -->", "<!-- /measured -->"


def as_markdown(results: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table."""
    lines = [
        "| row | work | to reach | measured | reached | peak of memory | what bounds it |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row, found in results.items():
        met = {True: "yes", False: "**no**", None: "–"}[found["is_met"]]
        memory = f"{found['peak_mib'] / 1024:.1f} GiB"
        cells = (f"`{row}`", found["work"], found["target"], found["shown"], met, memory, found["bound_by"])
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write_table(results: Mapping[str, Mapping[str, Any]], page: Path = PAGE) -> None:
    """Put the table of all rows into docs/performance.md."""
    put(as_markdown(results), page)


def put(table: str, page: Path) -> None:
    """Put a table between the marks of a page.

    Raises:
        ValueError: the page has lost its marks.
    """
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{page} has lost its marks: put '{BEGIN}' and '{END}' where the table stands")
    page.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
