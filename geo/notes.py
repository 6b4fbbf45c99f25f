"""Local knowledge as people sign it: notes on a zone, venue, session or line, in a file of their own that only ever grows.

One JSON object a line. Nothing is ever changed or removed: who was wrong adds a withdrawal, so what was known, by whom and when, stays
on record. Everything in the file is hostile until read: sizes are bounded, lines that do not fit are refused and counted, and texts are
escaped where they are shown.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import IO, Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from geo.errors import CyrraeddError, DataError, Fault, UnknownName

About = Literal["zone", "venue", "session", "line"]
ABOUT: tuple[About, ...] = get_args(About)
MAX_BYTES = 20_000_000
MAX_LINE = 20_000
MAX_ID = 999_999_999
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # controls, marks that turn the direction of writing, separators of lines


@dataclass(frozen=True)
class Note:
    """What somebody knows about a place or a service.

    ``departure`` (HH:MM) narrows a note on a line to the rides that leave one of their stops then. ``treat_as_absent`` asks that
    computations do without the venue, session, line or rides.
    """

    note_id: str
    author: str
    written_on: date
    about: About
    about_id: str
    text: str
    treat_as_absent: bool = False
    departure: str | None = None


@dataclass(frozen=True)
class Withdrawal:
    """What takes a note back: the note stays on record, but stands no more."""

    note_id: str
    withdraws: str
    author: str
    written_on: date
    text: str = ""


@dataclass(frozen=True)
class NoteBook:
    """A file of notes as read. ``refused`` says which lines could not be used, and why."""

    notes: tuple[Note, ...]
    withdrawals: tuple[Withdrawal, ...]
    refused: tuple[Fault, ...]

    @property
    def standing(self) -> tuple[Note, ...]:
        """The notes that nobody has withdrawn, in the order written."""
        gone = {one.withdraws for one in self.withdrawals}
        return tuple(note for note in self.notes if note.note_id not in gone)


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)
    note_id: str = Field(pattern=r"^n[0-9]{1,9}$")
    author: str = Field(min_length=1, max_length=100)
    written_on: date
    text: str = Field(max_length=2000)

    # Before the lengths are looked at: what is made of blanks is empty.
    @field_validator("author", mode="before")
    @classmethod
    def _on_one_line(cls, value: object) -> object:
        return _seen(value) if isinstance(value, str) else value

    @field_validator("text", mode="before")
    @classmethod
    def _on_lines(cls, value: object) -> object:
        return "\n".join(map(_seen, value.strip().split("\n"))).strip() if isinstance(value, str) else value


class _NoteLine(_Line):
    kind: Literal["note"]
    about: About
    about_id: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=2000)
    treat_as_absent: bool = False
    departure: str | None = Field(default=None, pattern=r"^([01][0-9]|2[0-9]):[0-5][0-9]$")

    @field_validator("about_id")
    @classmethod
    def _can_be_seen(cls, value: str) -> str:
        if not value.isprintable() or not value.strip():  # mended, it would be about something else
            raise ValueError("must be an id of characters that can be seen")
        return value


class _WithdrawalLine(_Line):
    kind: Literal["withdrawal"]
    withdraws: str = Field(pattern=r"^n[0-9]{1,9}$")
    text: str = Field(default="", max_length=2000)


_LINES: TypeAdapter[_NoteLine | _WithdrawalLine] = TypeAdapter(
    Annotated[_NoteLine | _WithdrawalLine, Field(discriminator="kind")]
)


def notes_beside(profile: Path) -> Path:
    """Return where the notes on an area are kept unless another file is named: beside its profile, ``<area>-notes.jsonl``."""
    return profile.with_name(f"{profile.stem}-notes.jsonl")


def read_notes(path: Path, *, may_be_new: bool = False) -> NoteBook:
    """Read a file of notes; one that is not there yet has none where it ``may_be_new``.

    Raises:
        DataError: it is not there, no file, or too large.
    """
    if may_be_new and not path.exists():
        return NoteBook((), (), ())
    if not path.is_file():
        raise DataError.of(str(path), "is not a file of notes.", "Check its name; 'notes add' begins a new file.")
    if path.stat().st_size > MAX_BYTES:
        raise DataError.of(path.name, f"has over {MAX_BYTES:,} bytes.", "Begin another file of notes.")
    notes: dict[str, Note] = {}
    withdrawals: list[Withdrawal] = []
    refused: list[Fault] = []
    for row, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        found = _parse(line)
        if isinstance(found, str):
            refused.append(Fault(path.name, f"{found}; the line was refused.", "Mend the line, or leave it.", row))
        elif found.note_id in notes or found.note_id in {one.note_id for one in withdrawals}:
            refused.append(
                Fault(path.name, f"repeats the id {found.note_id}; the line was refused.", "Give it another.", row)
            )
        elif isinstance(found, Withdrawal) and found.withdraws not in notes:
            refused.append(
                Fault(path.name, f"withdraws {found.withdraws}, which no earlier line has.", "Mend the id.", row)
            )
        elif isinstance(found, Withdrawal):
            withdrawals.append(found)
        else:
            notes[found.note_id] = found
    return NoteBook(tuple(notes.values()), tuple(withdrawals), tuple(refused))


def add_note(
    path: Path, *, author: str, about: About, about_id: str, text: str, written_on: date, treat_as_absent: bool = False,
    departure: str | None = None,
) -> Note:  # fmt: skip
    """Write a note at the end of the file and return it. Safe while others write: each waits for the one before.

    Raises:
        CyrraeddError: it is unsigned or empty, too long, asks that a zone be absent, or narrows something else than a line.
    """
    if treat_as_absent and about == "zone":
        raise CyrraeddError(
            "People live in a zone: it can't be treated as absent. Write the note on a venue, session or line."
        )
    if departure is not None and about != "line":
        raise CyrraeddError("A departure belongs to a note on a line.")
    note = Note("n0", author, written_on, about, about_id, text, treat_as_absent, departure)
    written = _append(path, "note", note)
    assert isinstance(written, Note)
    return written


def withdraw(path: Path, note_id: str, *, author: str, written_on: date, text: str = "") -> Withdrawal:
    """Take a note back by a line of its own.

    Raises:
        UnknownName: no note of that id stands.
    """
    standing = [note.note_id for note in read_notes(path).standing]
    if note_id not in standing:
        raise UnknownName("note", note_id, standing)
    written = _append(path, "withdrawal", Withdrawal("n0", note_id, author, written_on, text))
    assert isinstance(written, Withdrawal)
    return written


def _parse(line: bytes) -> Note | Withdrawal | str:
    """Return what a line says, or what is wrong with it."""
    if len(line) > MAX_LINE:
        return f"is longer than {MAX_LINE:,} bytes"
    try:
        found = _LINES.validate_python(json.loads(line.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        if isinstance(error, ValidationError):
            faults = (f"{'.'.join(map(str, one['loc'])) or 'line'}: {one['msg']}" for one in error.errors()[:3])
            return _seen("; ".join(faults))  # keys of the file stand in it
        return "is not a JSON object in UTF-8"
    values = found.model_dump(exclude={"kind"})
    return Note(**values) if isinstance(found, _NoteLine) else Withdrawal(**values)


def _append(path: Path, kind: str, record: Note | Withdrawal) -> Note | Withdrawal:
    """Give a record the next id and write it as one line, whole, after whatever stands in the file."""
    if not path.parent.is_dir():
        raise CyrraeddError(f"There is no folder {path.parent}. Make it, or choose another.")
    with _locked(path):
        values = {**asdict(record), "note_id": _next_id(read_notes(path, may_be_new=True)), "kind": kind}
        line = json.dumps(values, ensure_ascii=False, default=str).encode()
        found = _parse(line)
        if isinstance(found, str):
            raise CyrraeddError(f"The note was not written: {found}. Mend it.")
        with path.open("ab+") as file:
            file.seek(0, os.SEEK_END)
            if file.tell():
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else b"\n" + line  # a line broken off by a crash stays apart
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
    return found


def _next_id(book: NoteBook) -> str:
    """Return the id after the greatest; where that is the last there is, the first that is free."""
    taken = {int(note.note_id[1:]) for note in book.notes} | {int(one.note_id[1:]) for one in book.withdrawals}
    following = max(taken, default=0) + 1
    if following > MAX_ID:
        following = next(free for free in count(1) if free not in taken)
    return f"n{following}"


def _seen(text: str) -> str:
    """Return a text on one line, blanks in place of what can't be seen and nothing around it."""
    return "".join(" " if unicodedata.category(character) in _UNSEEN else character for character in text).strip()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the file's lock; the system lets go of it should this process die."""
    with path.with_name(f"{path.name}.lock").open("a+b") as handle:
        _lock(handle)
        yield


if sys.platform == "win32":
    import msvcrt
    import time

    def _lock(handle: IO[bytes]) -> None:
        handle.seek(0)
        while True:
            try:
                msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                return
            except OSError:  # after ten seconds; others are still writing
                time.sleep(0.1)

else:
    import fcntl

    def _lock(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)
