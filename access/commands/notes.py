"""``notes``: local knowledge – write it down, read it, take it back, and see what it changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from access.commands.arguments import DateType, open_network, rule_options
from access.commands.asked import standard_asked, standard_options
from access.commands.result import as_text, give
from access.knowledge import can_be_followed, effect_of, overrides
from geo.console import tell_errors
from geo.notes import ABOUT, About, add_note, read_notes, withdraw

_file = click.argument("file", type=click.Path(path_type=Path))
_author = click.option("--author", required=True, help="Who knows it; notes are signed.")
_on = click.option("--on", type=DateType(), help="The day it was written; today by default.")


@click.group()
def notes() -> None:
    """Signed, dated notes of people who live there, in a FILE of their own beside the data."""


@notes.command()
@_file
@_author
@_on
@click.option("--about", type=(click.Choice(ABOUT), str), required=True, help="Kind and id: 'venue V001', 'line 62'.")
@click.option("--text", required=True)
@click.option("--departure", help="Only the rides of a line that leave a stop at HH:MM.")
@click.option("--absent", is_flag=True, help="Ask that computations do without it.")
@tell_errors
def add(
    file: Path, author: str, on: date | None, about: tuple[About, str], text: str, departure: str | None, absent: bool
) -> None:
    """Write a note."""
    note = add_note(
        file, author=author, about=about[0], about_id=about[1], text=text, written_on=on or date.today(),
        treat_as_absent=absent, departure=departure,
    )  # fmt: skip
    click.echo(f"{note.note_id} written.")


@notes.command()
@_file
@click.argument("note_id")
@_author
@_on
@click.option("--text", default="", help="Why.")
@tell_errors
def take_back(file: Path, note_id: str, author: str, on: date | None, text: str) -> None:
    """Withdraw a note; it stays on record."""
    withdraw(file, note_id, author=author, written_on=on or date.today(), text=text)
    click.echo(f"{note_id} stands no more.")


@notes.command()
@_file
@tell_errors
def show(file: Path) -> None:
    """List the notes that stand, and the lines that could not be used."""
    book = read_notes(file)
    for note in book.standing:
        when = f" {note.departure}" if note.departure else ""
        absent = " (treated as absent)" if note.treat_as_absent else ""
        text = note.text.replace("\n", "\n    ")  # further lines stand in, so that none looks like a note of its own
        click.echo(
            f"{note.note_id}  {note.written_on}  {note.author}: {note.about} {note.about_id}{when}{absent} – {text}"
        )
    for fault in book.refused:
        click.echo(str(fault), err=True)


@notes.command()
@click.argument("area")
@_file
@click.option("--category", required=True)
@standard_options
@rule_options
@tell_errors
def effect(area: str, file: Path, category: str, walk_kmh: float, max_walk: float, max_rides: int) -> None:
    """What the notes that stand change: a standard before and after. Notes that can't be followed are named, and change nothing."""
    asked = standard_asked()
    standard, standing = asked.of(category), read_notes(file).standing
    network = open_network(area, walk_kmh, max_walk, max_rides)
    followed, problems = can_be_followed(network.area, overrides(standing))
    for note, problem in problems:
        click.echo(f"{note.note_id} is not followed: {problem}", err=True)
    found = effect_of(network, followed, standard, asked.prices(network.area))
    said = [
        f"people who find it met: {found.change_met_persons:+,.0f}",
        as_text(found.by_zone) if len(found.by_zone) else "No zone changes.",
    ]
    made_from = network.provenance(command="notes", standard=standard, notes=followed, prices=asked.prices_sha256)
    give(None, found.by_zone, made_from, said)
