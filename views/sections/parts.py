"""What the sections share: sentences as HTML, a table with its download, names of places and times."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from access.catchments import Loss
from access.gaps import NO_FOOTPRINT
from access.uncounted import say_uncounted
from geo.words import Message
from views.asked import Asked
from views.charts import Bar, Span
from views.language import language, text
from views.numbers import clock_text, count_text
from views.overview import digest_line
from views.tables import html_table, provenance_line, safe_csv

JOINED = "\u2060"  # keeps a time and its end on one line
Row = list[str | Bar | Span]


def say_all(messages: Iterable[Message | str]) -> None:
    """Show sentences, the first of them as what the section has to say."""
    lead, *rest = [escape(said if isinstance(said, str) else text(said)) for said in messages]
    more = "".join(f"<li>{said}</li>" for said in rest)
    st.html(f'<p class="lead">{lead}</p>' + (f'<ul class="said">{more}</ul>' if more else ""))


def note(words: str) -> None:
    """Say how something is to be read."""
    st.html(f'<p class="note">{escape(words)}</p>')


def table(
    caption: str, headers: Sequence[str], rows: Sequence[Row], numeric: Sequence[int] = (), *, are_keys: bool = True
) -> None:
    """Show a table whole; its headers are keys of words unless said otherwise."""
    made = html_table(caption, [text(key) for key in headers] if are_keys else headers, rows, numeric=numeric)
    st.html(f'<div class="whole">{made}</div>')


def download(asked: Asked, found: pd.DataFrame, name: str, digest: str) -> None:
    """Offer the whole table as CSV, and print what it was made from."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            text("download.csv"),
            safe_csv(found, provenance_line(asked.gaps.access.network, digest)),
            file_name=f"{asked.area.profile.area_id}-{name}-{digest}.csv",
            mime="text/csv",
            key=f"csv-{name}",
            on_click="ignore",
        )
        digest_line(digest, asked.area.profile.service_date)


def name_of(row: Mapping[Hashable, Any]) -> str:
    """Return the name of a place in the page's language, marked where it is derived, said where it is none."""
    name = str(row[f"name_{language()}"])
    if name == NO_FOOTPRINT:
        return text("level.none")
    return text("level.derived", name=name) if row.get("is_derived") is True else name


def with_uncounted(caption: str, uncounted_zones: int) -> str:
    """Return what a table of sums over the whole area is called, and of how many small areas they say nothing."""
    said = [text(message) for message in say_uncounted(uncounted_zones)]
    return " ".join([f"{caption}.", *said]) if said else caption


def without(name: str, uncounted_zones: int) -> str:
    """Return the name of a footprint or a group and, small below it, how many of its small areas nobody has counted."""
    return f"{name}\n{text('sections.without', uncounted_zones)}" if uncounted_zones else name


def loss_text(loss: Loss) -> str:
    """Return how many lose and, small below it, of how many that is not known."""
    more = (
        [text("loss.not_known", persons=count_text(loss.unknown_persons, language()))]
        if loss.unknown_persons >= 0.5
        else []
    )
    more += [text("sections.without", loss.uncounted_zones)] if loss.uncounted_zones else []
    return f"{count_text(loss.persons, language())}\n{', '.join(more)}".rstrip()


def when(row: Mapping[Hashable, Any]) -> str:
    """Return the day, and on a line of its own the time; a dash for what has several sessions."""
    if not isinstance(row["weekday"], str):
        return text("sections.several")
    end = f"{JOINED}–{JOINED}{clock_text(float(row['end_s']))}" if "end_s" in row else ""
    return f"{text('weekday.' + row['weekday'])}\n{clock_text(float(row['start_s']))}{end}".replace(" ", "\u00a0")
