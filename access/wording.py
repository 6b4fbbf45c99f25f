"""Reduce the name of an activity to the kind of thing it is: its words without place names, order and accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

import pandas as pd

from geo.area import Area

# Words that tell one thing of a kind from no other; both languages.
COMMON = frozenset(
    ("a", "an", "and", "at", "for", "in", "of", "on", "the", "to", "with", "y", "yr", "i", "o", "ar", "yn", "gyda")
)
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


def words_of(name: str) -> list[str]:
    """Return the words of a name, in lower case and without accents; a possessive s is dropped."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("’", "'"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word.removesuffix("'s").removesuffix("'r") for word in _WORD.findall(plain)]


def kind_of(name: str, places: Collection[str] = ()) -> frozenset[str]:
    """Return the words that say what a thing is; all of its words where nothing but common words and places is left."""
    words = words_of(name)
    kept = frozenset(word for word in words if word not in COMMON and word not in places)
    return kept or frozenset(words)


def place_words(area: Area) -> frozenset[str]:
    """Return the words that stand in the names of the area's zones, places and footprints."""
    columns: list[pd.Series] = [
        frame[name] for frame in (area.zones, area.footprints) for name in ("name_en", "name_cy")
    ]
    columns += [area.places[name] for name in area.places.columns if name.startswith("name")]
    return frozenset(word for column in columns for name in column.dropna().unique() for word in words_of(str(name)))
