"""What all hangs on: the one session, place, provider or funder without which people would have nothing left."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from access.counted import minutes_in_full
from access.reliance import What
from geo.words import Message
from views import loading
from views.asked import Asked
from views.charts import Bar
from views.language import language, text
from views.numbers import count_text
from views.sections.parts import Row, download, name_of, note, say_all, table, when

SHOWN = 25


def draw(asked: Asked) -> None:
    """Ask for a kind of thing, and show which of them most people rely on."""
    st.subheader(text("section.reliance"), anchor="reliance")
    kinds: tuple[What, ...] = get_args(What)
    what = st.segmented_control(
        text("choose.what"),
        kinds,
        format_func=lambda kind: text(f"reliance.{kind}"),
        key="what",
        required=True,
        wrap=True,
    )
    found = loading.reliance_of(asked.gaps, asked.figures, what or kinds[0])
    note(text("sections.all_categories", minutes=minutes_in_full(asked.gaps.standard.within_min)))
    if found.empty:
        say_all([Message("reliance.none")])
        return
    first = found.iloc[0].to_dict()
    names = {"name_en": first["name_en"], "name_cy": first["name_cy"]}
    category = Message(f"category.{first['category']}")
    persons = count_text(first["relying_persons"], language())
    say_all([Message("reliance.first", {**names, "category": category, "persons": persons})])
    most = float(found["relying_persons"].max())
    zone_names = asked.area.zones.set_index("zone_code")[f"name_{language()}"]
    rows: list[Row] = [
        [
            name_of(row) + (f"\n{row['venue_name']}" if isinstance(row["venue_name"], str) and what != "venue" else ""),
            text(f"category.{row['category']}"),
            when(row),
            Bar(count_text(row["relying_persons"], language()), row["relying_persons"] / most),
            count_text(row["need_weighted_persons"], language()),
            text("reliance.worst", count=int(row["zones"]), name=zone_names[row["worst_zone_code"]]),
        ]
        for row in found.head(SHOWN).astype({"need_weighted_persons": float}).to_dict("records")
    ]
    headers = (
        "column.name",
        "choose.category",
        "sessions.when",
        "reliance.persons",
        "options.weighted",
        "reliance.where",
    )
    table(text("reliance.caption", count=len(rows), all=len(found)), headers, rows, numeric=(4,))
    download(asked, found, f"reliance-{what}", asked.provenance(what=what))
