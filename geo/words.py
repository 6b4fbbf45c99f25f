"""What the catalogues say: every text that a person reads, in Welsh and English, by key.

The catalogues are gettext files, ``locale/<language>/LC_MESSAGES/<domain>.po``, with symbolic keys as msgids, so that
neither language is the other's source. They are read once; a key that a language lacks is an error, never the other
language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from babel.messages.pofile import read_po

Language = Literal["en", "cy"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
CATALOGUES = Path(__file__).resolve().parent.parent / "locale"


@dataclass(frozen=True)
class Message:
    """Something to say, before it is known in which language: a key and the values that fill it.

    A value may itself be a :class:`Message`. ``count`` chooses the plural form where the key has several.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    count: float | None = None


def cy_plural(n: float) -> int:
    """Return the index of the CLDR plural form of Welsh: zero, one, two, few (3), many (6), other."""
    return {0.0: 0, 1.0: 1, 2.0: 2, 3.0: 3, 6.0: 4}.get(n, 5)


def en_plural(n: float) -> int:
    """Return the index of the English plural form: one, other."""
    return int(n != 1)


_PLURAL = {"en": en_plural, "cy": cy_plural}


@cache
def catalogue(language: Language) -> Mapping[str, str | tuple[str, ...]]:
    """Return all texts of ``language`` by key; plural texts are tuples in the order of the language's forms."""
    found: dict[str, str | tuple[str, ...]] = {}
    for path in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=language):
                if entry.id:
                    key = entry.id[0] if isinstance(entry.id, (tuple, list)) else entry.id
                    found[key] = (
                        tuple(entry.string) if isinstance(entry.string, (tuple, list)) else str(entry.string or "")
                    )
    return found


def say(message: str | Message, language: Language, /, count: float | None = None, **values: object) -> str:
    """Return the text for a key or a :class:`Message` in ``language``.

    Raises:
        KeyError: the catalogue of that language has no such key, or has it empty.
    """
    if isinstance(message, Message):
        values = {**message.values, **values}
        count = message.count if count is None else count
        key = message.key
    else:
        key = message
    text = catalogue(language).get(key)
    if not text:
        raise KeyError(f"the {language} catalogue has no text for '{key}'")
    if isinstance(text, tuple):
        if count is None:
            raise KeyError(f"'{key}' has plural forms: say it with a count")
        text = text[_PLURAL[language](count)]
        values = {"count": count, **values}
    filled = {name: say(value, language) if isinstance(value, Message) else value for name, value in values.items()}
    return text.format(**filled) if filled else text
