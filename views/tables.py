"""Tables for people: HTML that screen readers can walk, and CSV that a spreadsheet cannot be tricked by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import pandas as pd

from access.network import AreaNetwork
from views.charts import Bar, Span

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>()#+!|~$:&-]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def html_table(
    caption: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[str | Bar | Span]],
    numeric: Sequence[int] = (),
    marked: int | None = None,
) -> str:
    """Return a table whose every text is escaped; ``numeric`` columns are set right, row ``marked`` stands out.

    The first cell of each row is its header; what follows a line break in a cell is set small below it. A cell can be a drawing.
    """

    def cell(tag: str, column: int, words: str | Bar | Span, scope: str = "") -> str:
        if not isinstance(words, str):
            return f'<{tag} class="drawn"{scope}>{words.html()}</{tag}>'
        kind = ' class="number"' if column in numeric else ""
        first, _, rest = words.partition("\n")
        more = f" <small>{escape(rest)}</small>" if rest else ""
        return f"<{tag}{kind}{scope}>{escape(first)}{more}</{tag}>"

    head = "".join(cell("th", i, words, ' scope="col"') for i, words in enumerate(headers))
    body = []
    for number, row in enumerate(rows):
        cells = "".join(cell("td" if i else "th", i, words, "" if i else ' scope="row"') for i, words in enumerate(row))
        body.append(f"<tr{' class=marked' if number == marked else ''}>{cells}</tr>")
    said = escape(caption)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{said}"><table class="plain"><caption>{said}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def safe_csv(table: pd.DataFrame, provenance: str | None) -> bytes:
    """Return UTF-8 CSV (with a byte-order mark, for Excel) whose texts cannot run as formulas; ``provenance``, if any, comes last."""
    said = table.copy()
    for name in said.columns:
        if not pd.api.types.is_numeric_dtype(said[name]) or pd.api.types.is_bool_dtype(said[name]):
            said[name] = said[name].map(neutral)
    if provenance is not None:
        said["provenance"] = provenance
    return said.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def provenance_line(network: AreaNetwork, digest: str) -> str:
    """Return what a table says of itself wherever it is taken: its digest and code, that it is fictional if it is, and whose data it is."""
    made_from = network.provenance()
    return "; ".join([digest, f"code {made_from.code}", *made_from.area_says])


def neutral(value: object) -> object:
    """Return a text with an apostrophe before what a spreadsheet would take for a formula; other values as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def plain(words: object) -> str:
    """Return a text from a file so that Streamlit's Markdown shows it as it stands: no links, images, directives or formulas."""
    return _MARKDOWN.sub(r"\\\g<0>", str(words).replace("\n", " "))


def plain_lines(words: object) -> str:
    """Return a text of several lines likewise, each on a line of its own."""
    return "  \n".join(plain(line.strip()) for line in str(words).splitlines())
