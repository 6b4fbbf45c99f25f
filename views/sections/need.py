"""Where need is greatest, and how far that hangs on the weights given to its parts."""

from __future__ import annotations

import streamlit as st

from access.need import default_reason
from views import loading
from views.asked import Asked
from views.charts import Bar, Span
from views.language import language, text
from views.numbers import count_text, percent_text
from views.sections.parts import Row, download, name_of, note, say_all, table
from views.weighting import column_text, edit_weights, is_own, shares_of, slope_text

SHOWN = 20


def draw(asked: Asked) -> None:
    """Show the weights, and for footprints and zones the rank with the range in which it lies when the weights move."""
    st.subheader(text("section.need"), anchor="need")
    need = asked.gaps.need_weights
    if not is_own(asked.area, need):  # the user's own weights stand above every answer
        note(text(default_reason(asked.area)))
    rows: list[Row] = [
        [column_text(name), Bar(percent_text(share, language()), share, "plain"), text(f"scale.{need.scale_of(name)}")]
        for name, share in shares_of(need).items()
    ]
    table(text("need.weights"), ("need.part", "need.weight", "need.scale"), rows)
    note(f"{slope_text(need)}.")
    edit_weights(asked.area, need)
    if asked.gaps.need_problem:  # said above the section
        return
    if asked.level:
        _ranks(asked, "footprints")
    _ranks(asked, "zones")


def _ranks(asked: Asked, kind: str) -> None:
    level = asked.level if kind == "footprints" else None
    found = loading.need_ranks_of(asked.gaps, level)
    known = found[found["rank"].notna()]
    first = known.iloc[0].to_dict()
    if level:
        low, high = int(first["rank_low"]), int(first["rank_high"])
        key = "need.first_sure" if low == high else "need.first"
        say_all([text(key, name=name_of(first), low=low, high=high)])
    last = max(float(known.head(SHOWN)["rank_high"].max()) - 1, 1.0)
    rows: list[Row] = [
        [
            name_of(row),
            f"{row['need']:.2f}",
            Span(
                text("need.range", rank=int(row["rank"]), low=int(row["rank_low"]), high=int(row["rank_high"])),
                *((row[at] - 1) / last for at in ("rank_low", "rank", "rank_high")),
            ),
            percent_text(row["top_fifth_share"], language()),
        ]
        for row in known.head(SHOWN).to_dict("records")
    ]
    all_said = count_text(len(known), language())
    caption = text(f"level.{level}") if level else text("need.zones", count=len(rows), all=all_said)
    table(caption, ("column.name", "column.need", "need.rank", "need.top"), rows, numeric=(1, 3))
    download(asked, found, f"need-{kind}", asked.provenance(need=kind, level=level))
