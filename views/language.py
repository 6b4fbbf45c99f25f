"""The language of the page: chosen at once by a button, kept in the address, told to the browser."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from geo.words import LANGUAGES, Language, Message, say

KEY = "lang"
OTHER: dict[Language, Language] = {"en": "cy", "cy": "en"}


def language() -> Language:
    """Return the language chosen, else the browser's if it is one of ours, else English."""
    if (chosen := st.session_state.get(KEY)) in LANGUAGES:
        return chosen
    return "cy" if (st.context.locale or "").lower().startswith("cy") else "en"


def text(message: str | Message, /, count: float | None = None, **values: object) -> str:
    """Say ``message`` in the language of the page."""
    return say(message, language(), count, **values)


def language_button(keys: Iterable[str]) -> None:
    """Show the button that turns the page into the other language, written in that language; ``keys`` name the widgets to keep."""
    other = OTHER[language()]
    st.button(say("language.name", other), key="language_button", on_click=_turn, args=(other, tuple(keys)))


def _turn(other: Language, keys: Iterable[str]) -> None:
    """Change the language, and set each choice anew: a select box goes on showing the old label otherwise."""
    st.session_state[KEY] = other
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def tell_browser() -> None:
    """Set ``<html lang>``, which Streamlit leaves at English, and the page's title in the tab."""
    st.html(f"<script>document.documentElement.lang = '{language()}'</script>", unsafe_allow_javascript=True)
