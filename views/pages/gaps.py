"""The gaps in depth: where they are and why, how fair access is, what is done twice, what all hangs on, and what ends when."""

from __future__ import annotations

import streamlit as st

from views import choices, frame, sections
from views.asked import Asked
from views.driving import edit_driving
from views.language import text


def answer(asked: Asked) -> None:
    """Ask for a part of the answer, and draw it."""
    section = st.segmented_control(
        text("choose.section"),
        choices.SECTIONS,
        format_func=lambda name: text(f"section.{name}"),
        key="section",
        required=True,
        wrap=True,
        on_change=anew,
    )
    sections.draw(section or choices.SECTIONS[0], asked)
    if "drive" in asked.gaps.standard.modes:
        edit_driving(asked.driving)


def anew() -> None:
    """Set the chosen zone anew: parts name zones differently, and a select box goes on showing the old label otherwise."""
    if "zone" in st.session_state:
        st.session_state["zone"] = st.session_state["zone"]


frame.page("gaps", answer)
