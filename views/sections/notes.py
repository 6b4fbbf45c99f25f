"""Local knowledge: what people who live there have written down, what it changes, and who took what back."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from access.knowledge import Effect, can_be_followed, overrides
from geo.notes import Note, NoteBook, read_notes
from views import loading
from views.asked import Asked
from views.folding import folded
from views.language import language, text
from views.note_forms import Things, show_problem, take_back_form, things_of, write_form
from views.numbers import count_text, date_text
from views.on_map import choose_zone
from views.sections.parts import Row, download, name_of, note, say_all, table

SHOWN = 15


def draw(asked: Asked) -> None:
    """Show the notes on the area or the chosen zone, what their overrides change, and the forms to write one or take one back."""
    st.subheader(text("section.notes"), anchor="notes")
    path = loading.notes_file(asked.area.profile)
    book = read_notes(path, may_be_new=True)
    zone = choose_zone(asked.gaps, "notes.all_zones")
    things = things_of(asked.area, zone)
    _standing(book, things)
    _effect(asked, book, things)
    _on_record(book, things)
    show_problem()
    write_form(path, things)
    take_back_form(path, tuple(one for one in book.standing if things.shown(one)), things)


def _standing(book: NoteBook, things: Things) -> None:
    note(text("notes.read"))
    rows: list[Row] = [
        [f"{things.name(one)}\n{one.note_id}", one.text, _signed(one), text("notes.yes") if one.treat_as_absent else ""]
        for one in book.standing
        if things.shown(one)
    ]
    if rows:
        table(text("notes.standing"), ("notes.about", "notes.text", "notes.signed", "notes.is_absent"), rows)
    else:
        say_all([text("notes.none")])
    if book.refused:
        faults = "".join(f"<li>{escape(str(fault))}</li>" for fault in book.refused[:SHOWN])
        st.html(
            f'<p class="note">{escape(text("notes.refused", lines=len(book.refused)))}</p><ul class="said">{faults}</ul>'
        )


def _signed(one: Note) -> str:
    return f"{one.author}\n{date_text(one.written_on, language())}"


def _effect(asked: Asked, book: NoteBook, things: Things) -> None:
    """Show the standard before and after what the notes ask to be absent; a note that can't be followed is said with its reason."""
    usable, problems = can_be_followed(asked.area, overrides(book.standing))
    if problems:
        said = "".join(f"<li>{escape(things.name(one))}: {escape(problem)}</li>" for one, problem in problems)
        st.html(f'<p class="note">{escape(text("notes.unusable"))}</p><ul class="said">{said}</ul>')
    if not usable:
        return
    st.subheader(text("notes.effect"), anchor="effect")
    found = loading.effect_of_notes(asked.gaps, asked.figures, usable)
    before = float(found.before.by_origin["met_persons"].sum())
    change = round(found.change_met_persons)
    key = "notes.fewer" if change < 0 else "notes.more" if change > 0 else "notes.same"
    persons: dict[str, Any] = {
        "persons": count_text(abs(change), language()),
        "before": count_text(before, language()),
        "after": count_text(before + found.change_met_persons, language()),
    }
    say_all([text(key, **persons)])
    _by_zone(asked, found, usable)


def _by_zone(asked: Asked, found: Effect, usable: tuple[Note, ...]) -> None:
    changed = found.by_zone
    rows: list[Row] = [
        [
            name_of(row),
            *(count_text(row[f"met_persons_{when}"], language()) for when in ("before", "after")),
            count_text(row["change_met_persons"], language()),
        ]
        for row in changed.head(SHOWN).to_dict("records")
    ]
    if rows:
        caption = text("notes.zones", count=len(rows), all=len(changed))
        table(caption, ("column.name", "notes.before", "notes.after", "notes.change"), rows, numeric=(1, 2, 3))
    download(asked, changed, "notes-effect", asked.provenance(notes=loading.said_by(usable)))


def _on_record(book: NoteBook, things: Things) -> None:
    """Show what was taken back, by whom and why."""
    notes = {one.note_id: one for one in book.notes}
    rows: list[Row] = [
        [
            f"{things.name(notes[one.withdraws])}\n{one.withdraws}",
            notes[one.withdraws].text,
            _signed(notes[one.withdraws]),
            f"{one.author}, {date_text(one.written_on, language())}\n{one.text}",
        ]
        for one in book.withdrawals
        if things.shown(notes[one.withdraws])
    ]
    if rows:
        with folded(text("notes.record"), "record"):
            table(text("notes.record"), ("notes.about", "notes.text", "notes.signed", "notes.taken_back_by"), rows)
