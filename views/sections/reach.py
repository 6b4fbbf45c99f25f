"""For a link worker: what the people of one place can get to and home from, over all kinds of activity, and whom to ask."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd
import streamlit as st

from access.counted import minutes_in_full
from access.in_reach import by_category, is_any_placed, zone_of_practices
from geo.area import Area
from geo.words import Message
from views import loading
from views.asked import Asked
from views.language import language, text
from views.map import venue_text
from views.numbers import MISSING, minutes_text, percent_text, pounds_text
from views.overview import modes_text
from views.sections.parts import Row, download, name_of, note, say_all, table, when
from views.tables import plain


def draw(asked: Asked) -> None:
    """Ask for a place, and show category by category what is in reach of it, then each session with contact, cost and language."""
    st.subheader(text("section.reach"), anchor="reach")
    zone = _choose_place(asked)
    standard = asked.gaps.standard
    if not is_any_placed(asked.gaps.access, zone, standard):
        say_all([text("reach.unknown")])
        return
    found = loading.in_reach_of(asked.gaps, zone, asked.figures)
    kinds = by_category(found)
    name = name_of(asked.gaps.by_zone.set_index("zone_code").loc[zone].to_dict())
    values = {
        "name": name,
        "all": Message("count.kinds", count=len(kinds)),
        "minutes": minutes_in_full(standard.within_min),
        "modes": modes_text(asked.gaps),
    }
    say_all([Message("reach.lead", values, count=int((kinds["sessions"] > 0).sum()))])
    note(text("reach.read"))
    _kinds(kinds)
    if not found.empty:
        _sessions(found)
    download(asked, found, f"reach-{zone}", asked.provenance(zone=zone, reach=True))


def _choose_place(asked: Asked) -> str:
    """Ask for a zone or a practice; a practice stands for the zone that it is in."""
    zones = asked.gaps.by_zone
    names = dict(zip(zones["zone_code"], zones[f"name_{language()}"], strict=True))
    if st.session_state.get("zone") not in names:
        st.session_state["zone"] = zones["zone_code"].iloc[0]
    _choose_practice(asked.area)
    return st.selectbox(
        text("choose.zone"), list(names), format_func=lambda code: f"{names[code]} ({code})", key="zone"
    )


def _choose_practice(area: Area) -> None:
    zone_of = zone_of_practices(area).to_dict()
    if not zone_of:
        return
    names = {
        code: name
        for code, name in zip(area.practices["practice_id"], area.practices["name"], strict=True)
        if code in zone_of
    }
    if zone_of.get(st.session_state.get("practice")) != st.session_state["zone"]:
        st.session_state["practice"] = None  # another zone was chosen since
    st.selectbox(
        text("choose.practice"),
        sorted(names, key=names.__getitem__),
        index=None,
        format_func=lambda code: plain(names[code]),
        placeholder=text("choose.practice_hint"),
        key="practice",
        on_change=_take_practice,
        args=(zone_of,),
    )


def _take_practice(zone_of: dict[str, str]) -> None:
    """Look at the zone of the practice just chosen."""
    if st.session_state["practice"]:
        st.session_state["zone"] = zone_of[st.session_state["practice"]]


def _kinds(kinds: pd.DataFrame) -> None:
    kinds = kinds.assign(said=[text(f"category.{code}") for code in kinds["category"]])
    rows: list[Row] = [
        [row["said"], str(row["sessions"]), *(_nearest(row) if row["sessions"] else [MISSING] * 4)]
        for row in kinds.sort_values("said", key=lambda said: said.str.casefold()).to_dict("records")
    ]
    headers = ("choose.category", "reach.sessions", "reach.nearest", "sessions.when", "sessions.out", "sessions.back")
    table(text("reach.kinds"), headers, rows, numeric=(1, 4, 5))


def _nearest(row: dict[Hashable, Any]) -> list[str]:
    return [f"{name_of(row)}\n{_venue(row)}", when(row), *_ways(row)]


def _venue(row: dict[Hashable, Any]) -> str:
    return venue_text(str(row["venue_name"]), str(row["venue_id"]), language())


def _ways(row: dict[Hashable, Any]) -> list[str]:
    return [minutes_text(float(row[way]), language()) for way in ("out_min", "back_min")]


def _sessions(found: pd.DataFrame) -> None:
    headers = (
        *("sessions.activity", "choose.category", "sessions.when", "sessions.mode", "sessions.out", "sessions.back"),
        *("sessions.share", "reach.contact", "reach.cost", "reach.languages"),
    )
    rows: list[Row] = [[*_session(row)] for row in found.to_dict("records")]
    table(text("reach.all"), headers, rows, numeric=(4, 5, 6, 8))


def _session(row: dict[Hashable, Any]) -> list[str]:
    against = [text("sessions.full")] if row["is_full"] == "yes" else []
    against += [text("sessions.for", who=row["eligibility"])] if isinstance(row["eligibility"], str) else []
    mode = text(f"mode.{row['mode']}")
    return [
        "\n".join([f"{name_of(row)}, {_venue(row)}".replace("\n", " "), *([" ".join(against)] if against else [])]),
        text(f"category.{row['category']}"),
        when(row),
        text("sessions.booked", finding=mode) if row["to_be_booked"] else mode,
        *_ways(row),
        percent_text(float(row["reachable_share"]), language()),
        row["contact"].replace("; ", "\n", 1) if isinstance(row["contact"], str) else MISSING,
        _cost(float(row["cost_gbp"])),
        _languages(row["languages"]),
    ]


def _cost(cost_gbp: float) -> str:
    return text("reach.free") if cost_gbp == 0 else pounds_text(cost_gbp, language())


def _languages(said: object) -> str:
    """Return the languages of an activity in words; a code that is neither Welsh nor English stands as it is."""
    known = {"cy": text("reach.language.cy"), "en": text("reach.language.en")}
    return ", ".join(known.get(code, code) for code in said.split()) if isinstance(said, str) else MISSING
