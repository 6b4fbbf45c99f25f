"""The question, asked in the side bar: area, footprints, activity, modes of travel, who travels, and the standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from access.query import MODES, Mode, Standard
from access.travellers import TRAVELLERS, Traveller
from geo.area import Area
from geo.errors import CyrraeddError
from geo.profile import LEVELS, AreaProfile, Level
from geo.vocabulary import CATEGORIES
from views import choices
from views.first_question import widest_gap
from views.language import language, text
from views.numbers import decimal_text


@dataclass(frozen=True)
class Question:
    """Everything chosen but the zone and the map's layer."""

    level: Level | None
    who: Traveller
    standard: Standard


class NoQuestion(CyrraeddError):
    """Too little is chosen to ask anything."""


def choose_area(profiles: Sequence[AreaProfile]) -> AreaProfile:
    """Ask for an area; the fictional one is said to be that in its label."""
    by_id = {profile.area_id: profile for profile in profiles}
    choices.keep_valid("area", list(by_id))
    chosen = st.selectbox(text("choose.area"), list(by_id), format_func=lambda code: area_name(by_id[code]), key="area")
    return by_id[chosen]


def area_name(profile: AreaProfile) -> str:
    """Return the area's name in the language of the page, marked if it is fictional."""
    name = profile.name_cy if language() == "cy" else profile.name_en
    return text("area.fictional_name", name=name) if profile.is_fictional else name


def ask(area: Area) -> Question:
    """Ask for everything else about ``area``."""
    levels = [level for level in LEVELS if level in area.zone_footprints.columns]
    choices.keep_valid("level", levels)
    level = (
        st.selectbox(text("choose.level"), levels, format_func=lambda code: text(f"level.{code}"), key="level")
        if levels
        else None
    )
    categories = sorted(CATEGORIES, key=lambda code: text(f"category.{code}").casefold())
    if st.session_state.get("category") not in categories:
        # A newcomer's first map should have something to say: where most people, weighted by need, lack what others have.
        st.session_state["category"] = widest_gap(area) or categories[0]
    category = st.selectbox(
        text("choose.category"), categories, format_func=lambda code: text(f"category.{code}"), key="category"
    )
    st.pills(
        text("choose.modes"), MODES, selection_mode="multi", format_func=lambda code: text(f"mode.{code}"), key="modes"
    )
    who = st.selectbox(
        text("choose.who"),
        list(TRAVELLERS),
        format_func=lambda name: text(f"who.{name}", speed=decimal_text(TRAVELLERS[name].walk_kmh, language())),
        key="who",
        help=text("choose.who_help"),
    )
    st.subheader(text("choose.standard"))
    sessions = st.number_input(text("choose.sessions"), *choices.SESSIONS, step=1, key="sessions")
    within = st.slider(
        text("choose.within"), *choices.WITHIN_MIN, step=5, format=text("number.slider_minutes"), key="within"
    )
    fare = st.number_input(
        text("choose.fare"),
        *choices.FARE_GBP,
        value=None,
        step=0.5,
        format="%.2f",
        placeholder=text("choose.no_limit"),
        key="fare",
        help=text("choose.fare_help"),
    )
    modes: tuple[Mode, ...] = tuple(mode for mode in MODES if mode in (st.session_state["modes"] or ()))
    if not modes:
        raise NoQuestion(text("explore.no_mode"))
    return Question(level, TRAVELLERS[who], Standard(category, float(sessions), float(within), modes, fare))
