"""What all hangs on: the one session, place, provider or funder without which people would have nothing left."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, get_args

import pandas as pd
import streamlit as st

from access.catchments import say_unknown
from access.counted import minutes_in_full
from access.reliance import What, describe, single_points
from views import loading
from views.asked import Asked
from views.charts import Bar
from views.language import language, text
from views.numbers import MISSING, count_text
from views.sections.parts import Row, download, name_of, note, say_all, table, when, without

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
    of = loading.catchments_of(asked.gaps, asked.figures)
    found = single_points(of, what or kinds[0])
    note(text("sections.all_categories", minutes=minutes_in_full(asked.gaps.standard.within_min)))
    say_all((*describe(found), *say_unknown(of)))
    if found.empty:
        return
    most = max(float(found["relying_persons"].max()), 1.0)
    zone_names = asked.area.zones.set_index("zone_code")[f"name_{language()}"]
    rows: list[Row] = [
        [
            name_of(row) + (f"\n{row['venue_name']}" if isinstance(row["venue_name"], str) and what != "venue" else ""),
            text(f"category.{row['category']}"),
            when(row),
            Bar(count_text(row["relying_persons"], language()), row["relying_persons"] / most),
            count_text(row["need_weighted_persons"], language()),
            count_text(row["unknown_persons"], language()),
            without(_where(row, zone_names), row["uncounted_zones"]),
        ]
        for row in found.head(SHOWN).astype({"need_weighted_persons": float}).to_dict("records")
    ]
    headers = (
        "column.name",
        "choose.category",
        "sessions.when",
        "reliance.persons",
        "options.weighted",
        "column.unknown_persons",
        "reliance.where",
    )
    table(text("reliance.caption", count=len(rows), all=len(found)), headers, rows, numeric=(4, 5))
    download(asked, found, f"reliance-{what}", asked.provenance(what=what))


def _where(row: Mapping[Hashable, Any], zone_names: pd.Series) -> str:
    """Return in how many small areas the people live, and in which the most of them; a dash where nobody is known to rely on it."""
    if not isinstance(row["worst_zone_code"], str):
        return MISSING
    return text("reliance.worst", count=int(row["zones"]), name=zone_names[row["worst_zone_code"]])
