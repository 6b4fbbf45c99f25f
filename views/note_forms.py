"""The forms of local knowledge: what a note can be about, by name, a note written down, and a note taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import streamlit as st

from geo.area import Area
from geo.errors import CyrraeddError
from geo.notes import ABOUT, About, Note, add_note, withdraw
from views.folding import folded
from views.language import language, text
from views.numbers import clock_text
from views.tables import plain

AUTHOR_CHARS, TEXT_CHARS = 100, 2000
PROBLEM = "_note_problem"
KEYS = ("note-about", *(f"note-{kind}" for kind in ABOUT), "back-note")  # whose labels change with the language


@dataclass(frozen=True)
class Things:
    """What notes can be about, by kind: id → name in the page's language; ``here`` holds the ids of the chosen zone."""

    names: Mapping[About, Mapping[str, str]]
    here: Mapping[About, frozenset[str]] | None

    def name(self, note: Note) -> str:
        """Return what a note is about, in words; by its id where the area does not have it."""
        name = self.names[note.about].get(note.about_id, note.about_id)
        when = f" {note.departure}" if note.departure else ""
        return f"{text(f'about.{note.about}')}: {name}{when}"

    def shown(self, note: Note) -> bool:
        """Say whether a note is about the chosen zone, or something in it; about anything where none is chosen."""
        if self.here is None:
            return True
        if note.about == "line":
            return note.about_id.casefold() in {name.casefold() for name in self.here["line"]}
        return note.about_id in self.here[note.about]

    def offered(self, kind: About) -> list[str]:
        """Return the ids that a new note can be about."""
        return [one for one in self.names[kind] if self.here is None or one in self.here[kind]]


def things_of(area: Area, zone: str | None) -> Things:
    """Return what notes on an area can be about, and what of it lies in a zone: a line does that stops there."""
    venues = dict(zip(area.venues["venue_id"], area.venues["name"].astype(str), strict=True))
    held = area.sessions.merge(area.activities[["activity_id", f"name_{language()}", "venue_id"]], on="activity_id")
    sessions = {
        str(row["session_id"]): f"{row[f'name_{language()}']}, {text('weekday.' + row['weekday'])} "
        f"{clock_text(float(row['start_s']))}, {venues.get(row['venue_id'], '')}"
        for row in held.to_dict("records")
    }
    lines = sorted({str(name) for name in area.timetable.routes["short_name"].dropna()})
    names: dict[About, Mapping[str, str]] = {
        "zone": dict(zip(area.zones["zone_code"], area.zones[f"name_{language()}"].astype(str), strict=True)),
        "venue": venues,
        "session": sessions,
        "line": dict(zip(lines, lines, strict=True)),
    }
    if zone is None:
        return Things(names, None)
    shape = area.zones.set_index("zone_code").geometry[zone]
    there = frozenset(area.venues.loc[area.venues.geometry.within(shape), "venue_id"])
    here: dict[About, frozenset[str]] = {
        "zone": frozenset([zone]),
        "venue": there,
        "session": frozenset(held.loc[held["venue_id"].isin(there), "session_id"]),
        "line": _lines_in(area, zone),
    }
    return Things(names, here)


def _lines_in(area: Area, zone: str) -> frozenset[str]:
    timetable = area.timetable
    is_in = timetable.stops.geometry.within(area.zones.set_index("zone_code").geometry[zone]).to_numpy(bool)
    trip_of_call = np.repeat(np.arange(len(timetable.trips)), np.diff(timetable.call_start))
    trips = np.unique(trip_of_call[is_in[timetable.call_stop]])
    routes = timetable.trips["route_index"].to_numpy()[trips]
    return frozenset(map(str, timetable.routes["short_name"].iloc[np.unique(routes)].dropna()))


def write_form(path: Path, things: Things) -> None:
    """Offer to write a note: who, about what, what, and whether computations shall do without it."""
    st.subheader(text("notes.write"), anchor="write")
    kinds = [kind for kind in ABOUT if things.offered(kind)]
    if st.session_state.get("note-about") not in kinds:
        st.session_state["note-about"] = kinds[0]
    st.segmented_control(
        text("notes.about"), kinds, format_func=lambda one: text(f"about.{one}"), key="note-about", required=True
    )
    kind: About = st.session_state["note-about"]
    with st.form("note-form"):
        st.selectbox(
            text(f"about.{kind}"), things.offered(kind), format_func=things.names[kind].__getitem__, key=f"note-{kind}"
        )
        if kind == "line":
            st.text_input(text("notes.departure"), key="note-departure", max_chars=5, help=text("notes.departure_help"))
        st.text_area(text("notes.text"), key="note-text", max_chars=TEXT_CHARS)
        if kind != "zone":
            st.checkbox(text("notes.absent"), key="note-absent", help=text("notes.absent_help"))
        st.text_input(text("notes.author"), key="note-author", max_chars=AUTHOR_CHARS)
        st.form_submit_button(text("notes.save"), key="note-save", on_click=_write, args=(path, kind))


def take_back_form(path: Path, notes: tuple[Note, ...], things: Things) -> None:
    """Offer to take a note back; it stays on record."""
    if not notes:
        return
    labels = {note.note_id: f"{note.note_id} · {things.name(note)} · {note.author}" for note in notes}
    if st.session_state.get("back-note") not in labels:
        st.session_state["back-note"] = notes[-1].note_id
    with folded(text("notes.take_back"), "take-back"), st.form("back-form"):
        st.selectbox(text("notes.which"), list(labels), format_func=labels.__getitem__, key="back-note")
        st.text_input(text("notes.reason"), key="back-text", max_chars=TEXT_CHARS)
        st.text_input(text("notes.author"), key="back-author", max_chars=AUTHOR_CHARS)
        st.form_submit_button(text("notes.take_back"), key="note-take-back", on_click=_take_back, args=(path,))


def show_problem() -> None:
    """Show why the last note was not written; what was typed still stands in its form."""
    if problem := st.session_state.pop(PROBLEM, None):
        st.error(plain(problem))


def _write(path: Path, kind: About) -> None:
    state = st.session_state
    try:
        add_note(
            path, author=state["note-author"], about=kind, about_id=state[f"note-{kind}"], text=state["note-text"],
            written_on=date.today(), treat_as_absent=kind != "zone" and state["note-absent"],
            departure=(state["note-departure"].strip() or None) if kind == "line" else None,
        )  # fmt: skip
    except (CyrraeddError, OSError) as error:
        state[PROBLEM] = str(error)
        return
    state["note-text"] = state["note-departure"] = ""
    state["note-absent"] = False  # the next note shall not take over what this one asked


def _take_back(path: Path) -> None:
    state = st.session_state
    try:
        withdraw(
            path, state["back-note"], author=state["back-author"], written_on=date.today(), text=state["back-text"]
        )
    except (CyrraeddError, OSError) as error:
        state[PROBLEM] = str(error)
        return
    state["back-text"] = ""
