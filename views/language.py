"""The language of the page: chosen at once by a button, kept in the address, told to the browser."""

from __future__ import annotations

import streamlit as st

from geo.words import LANGUAGES, Language, Message, say

KEY = "lang"
OTHER: dict[Language, Language] = {"en": "cy", "cy": "en"}


def language() -> Language:
    """Return the language chosen, else the browser's if it is one of ours, else English."""
    if (chosen := st.session_state.get(KEY)) in LANGUAGES:
        return chosen
    return "cy" if (st.context.locale or "").lower().startswith("cy") else "en"


def text(message: str | Message, /, count: int | None = None, **values: object) -> str:
    """Say ``message`` in the language of the page."""
    return say(message, language(), count, **values)


def language_button() -> None:
    """Show the button that turns the page into the other language, written in that language."""
    other = OTHER[language()]
    st.button(
        say("language.name", other), key="language_button", on_click=st.session_state.__setitem__, args=(KEY, other)
    )


def tell_browser() -> None:
    """Set ``<html lang>``, which Streamlit leaves at English, and the page's title in the tab."""
    st.html(f"<script>document.documentElement.lang = '{language()}'</script>", unsafe_allow_javascript=True)
