"""The answer for the area as a whole: one sentence, a bar, and a table by zone and by footprint."""

from __future__ import annotations

import math
from datetime import date
from html import escape
from typing import Any, Literal

import pandas as pd
import streamlit as st

from access.counted import minutes_in_full
from access.gaps import PERSONS, Gaps
from access.network import AreaNetwork
from access.query import code_digest
from access.travellers import AVERAGE, TRAVELLERS
from access.uncounted import say_uncounted
from views.language import language, text
from views.numbers import count_text, date_text, percent_text
from views.tables import provenance_line, safe_csv

COLUMNS = (
    "rank",
    "name",
    "population",
    "unmet_persons",
    "covered_share",
    "unknown_persons",
    "need",
    "deprivation_rank",
    "need_weighted_unmet_persons",
    "uncounted_zones",
)


CHOSEN_BY = {"zone_code": "zone", "footprint_id": "footprint"}


def choose_place(kind: str, code: str) -> None:
    """Choose a zone or a footprint; one of the two is looked at."""
    for other in CHOSEN_BY.values():
        st.session_state[other] = code if other == kind else None


def modes_text(gaps: Gaps) -> str:
    """Return the modes of the standard as a phrase, and who travels unless it is anyone: "on foot or by public transport, step-free"."""
    phrases = [text(f"by_mode.{mode}") for mode in gaps.standard.modes]
    modes = phrases[0] if len(phrases) == 1 else text("list.or", first=", ".join(phrases[:-1]), last=phrases[-1])
    rules = gaps.access.network.rules
    who = next((one.name for one in TRAVELLERS.values() if one.rules == rules), AVERAGE.name)
    return modes if who == AVERAGE.name else f"{modes}, {text(f'by_who.{who}')}"


def headline_html(gaps: Gaps, name: str) -> str:
    """Return the finding in a sentence, its standard, a bar of met, unmet and unknown people, and whom all of this leaves out."""
    met, unmet, unknown = (float(gaps.by_origin[column].sum(min_count=1)) for column in PERSONS)
    total = met + unmet + unknown
    standard = gaps.standard
    how = text(
        "headline.standard",
        category=text(f"category.{standard.category}"),
        sessions=text("headline.sessions", count=int(standard.sessions_per_week)),
        minutes=minutes_in_full(standard.within_min),
        modes=modes_text(gaps),
    )
    parts = [("met", met), ("unmet", unmet), ("unknown", unknown)]
    bars = (
        "".join(
            f'<span class="{kind}" style="flex:{persons / total:.5f}"></span>' for kind, persons in parts if persons > 0
        )
        if total > 0
        else ""
    )
    keys = "".join(
        f'<li><span class="swatch {kind}"></span>{escape(text(f"headline.{kind}"))} <b>{count_text(persons, language())}</b></li>'
        for kind, persons in parts
    )
    without = "".join(f'<p class="hint">{escape(text(said))}</p>' for said in say_uncounted(gaps.uncounted_zones))
    return (
        f'<section class="headline"><p class="finding">{escape(_finding(name, met, unmet, unknown))}</p>'
        f'<p class="standard">{escape(how)}</p>'
        f'<div class="bar" aria-hidden="true">{bars}</div><ul class="keys">{keys}</ul>{without}</section>'
    )


def _finding(area: str, met: float, unmet: float, unknown: float) -> str:
    """Say how many people cannot get there, and of how many it is not known; NaN where nobody at all has been counted."""
    if math.isnan(met):
        return text("headline.nobody_counted", area=area)
    known = met + unmet
    finding = text(
        "headline.finding",
        area=area,
        unmet=count_text(unmet, language()),
        known=count_text(known, language()),
        share=percent_text(unmet / known if known else float("nan"), language()),
    )
    more = [text("headline.not_known", unknown=count_text(unknown, language()))] if round(unknown) else []
    return " ".join([finding, *more])


def shown_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that a table on the page shows, people rounded to whole ones, names in the page's language.

    How many small areas of a footprint are not counted is shown where there is one.
    """
    shown = table.assign(name=table[f"name_{language()}"])
    if "is_derived" in shown and shown["is_derived"].any():
        shown["name"] = shown["name"].where(
            ~shown["is_derived"], [text("level.derived", name=name) for name in shown["name"]]
        )
    shown["name"] = shown["name"].replace("-", text("level.none"))
    is_whole = "uncounted_zones" in shown and not shown["uncounted_zones"].any()
    shown = shown[[column for column in COLUMNS if column in shown and not (is_whole and column == "uncounted_zones")]]
    persons = [column for column in COLUMNS if column in shown and column.endswith(("persons", "population"))]
    return shown.assign(
        **{column: shown[column].round() for column in persons}, covered_share=(100 * shown["covered_share"]).round()
    )


def gaps_table(
    network: AreaNetwork, table: pd.DataFrame, key: str, provenance: str, file_name: str, choose: str | None = None
) -> None:
    """Show one ranked table with its download; where ``choose`` names a column, ticking a row chooses that zone or footprint."""
    config: dict[Any, Any] = {name: _column(name) for name in COLUMNS}
    frame_key = f"{key}-{provenance}"
    height: int | Literal["auto"] = 420 if len(table) > 10 else "auto"
    words = text(f"tables.{key}")

    def take_row() -> None:
        rows = st.session_state[frame_key]["selection"]["rows"]
        if rows:
            choose_place(CHOSEN_BY[choose or ""], str(table.iloc[rows[0]][choose]))

    shown = shown_table(table)
    if choose:
        st.dataframe(
            shown,
            key=frame_key,
            hide_index=True,
            column_config=config,
            height=height,
            alt=words,
            on_select=take_row,
            selection_mode="single-row",
        )
    else:
        st.dataframe(shown, hide_index=True, column_config=config, height=height, alt=words)
    st.download_button(
        text("download.csv"),
        safe_csv(table, provenance_line(network, provenance)),
        file_name=file_name,
        mime="text/csv",
        key=f"csv-{key}",
        on_click="ignore",
    )


def _column(name: str) -> Any:
    label, helped = text(f"column.{name}"), text(f"column_help.{name}")
    if name == "name":
        return st.column_config.TextColumn(label, help=helped, width="medium")
    if name == "covered_share":
        return st.column_config.ProgressColumn(label, help=helped, format="%d%%", min_value=0, max_value=100)
    return st.column_config.NumberColumn(label, help=helped, format="%.2f" if name == "need" else "localized")


def digest_line(provenance: str, service_date: date) -> None:
    """Print what the figures above were made from, and by which code."""
    said = text("page.digest", digest=provenance, date=date_text(service_date, language()), code=code_digest())
    st.html(f'<p class="digest">{escape(said)}</p>')


def hint(words: str) -> None:
    """Say something beside the point, smaller but as easy to read."""
    st.html(f'<p class="hint">{escape(words)}</p>')
