"""Why a small area is out of reach: what is reachable, what nearly is, which rule fails by how much, and what would turn it."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from access.change_sentences import Turn
from access.why import Nearly, Why
from views import loading
from views.asked import Asked
from views.language import language, text
from views.numbers import count_text
from views.sections.parts import download, note, say_all


def draw(asked: Asked) -> None:
    """Explain one zone, the one with the greatest gap unless another is chosen."""
    st.subheader(text("section.why"), anchor="why")
    zones = asked.gaps.by_zone
    names = dict(zip(zones["zone_code"], zones[f"name_{language()}"], strict=True))
    persons = dict(zip(zones["zone_code"], zones["unmet_persons"], strict=True))
    if st.session_state.get("zone") not in names:
        st.session_state["zone"] = zones["zone_code"].iloc[0]
    zone = st.selectbox(
        text("choose.zone"),
        list(names),
        format_func=lambda code: text("why.zone", name=names[code], persons=count_text(persons[code], language())),
        key="zone",
    )
    found = loading.why_of(asked.gaps, zone, asked.figures)
    asks, *said = found.summary
    note(text(asks))
    say_all(said)
    if found.reached:
        st.html(
            f'<h3 class="journey">{escape(text("why.within_reach"))}</h3>' + _list([text(one) for one in found.reached])
        )
    if found.nearly:
        st.html(f'<h3 class="journey">{escape(text("why.nearly"))}</h3>')
        st.html("".join(_card(one) for one in found.nearly))
    download(asked, _as_table(found), f"why-{zone}", asked.provenance(zone=zone, why=True))


def _card(one: Nearly) -> str:
    fails = "".join(f"<li>{escape(text(message))}</li>" for message in one.fails)
    turns = "".join(_turn(turn) for turn in one.turns)
    none = "".join(f'<li class="none">{escape(text(message))}</li>' for message in one.none)
    return f'<article class="one"><h3>{escape(text(one.what))}</h3><ul>{fails}{turns}{none}</ul></article>'


def _turn(turn: Turn) -> str:
    """Return what would bring the session within reach, marked where that turns the standard, and below it what else it does."""
    more = "".join(f"<li>{escape(text(message))}</li>" for message in turn.more)
    said = f'<span class="turns">{escape(text(turn.said))}</span>' if turn.is_enough else escape(text(turn.said))
    return f"<li>{said}{f'<ul>{more}</ul>' if more else ''}</li>"


def _list(said: list[str]) -> str:
    return f'<ul class="said">{"".join(f"<li>{escape(one)}</li>" for one in said)}</ul>'


def _as_table(found: Why) -> pd.DataFrame:
    """Return what is said, one row a sentence."""
    rows = [("reached", text(one), "", "") for one in found.reached]
    for one in found.nearly:
        fails, changes = (" ".join(text(message) for message in part) for part in (one.fails, one.changes))
        rows.append(("nearly", text(one.what), fails, changes))
    return pd.DataFrame(rows, columns=["kind", "session", "why", "what_would_turn_it"])
