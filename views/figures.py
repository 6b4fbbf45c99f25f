"""The figures behind the answers: those of the price table, or with changes made on the page, which are checked as a file would be."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from access.costs import BOUNDS, PRICES_FILE, Prices, prices_of, read_prices
from access.own_tables import read_texts
from geo.area import Area
from geo.errors import DataError
from views.folding import folded
from views.language import language, text
from views.overview import hint
from views.tables import plain_lines, safe_csv

CHANGES, MOUNTED, TURN = "_figures", "_figures_mounted", "_figures_turn"

Changes = Mapping[str, Mapping[str, float]]  # figure → low, middle, high


@dataclass(frozen=True)
class Figures:
    """The whole price table as texts, with the user's changes, and the date that it is asked for; ``digest`` is empty without changes."""

    table: pd.DataFrame
    on: date
    changed: tuple[str, ...]
    digest: str

    @property
    def prices(self) -> Prices:
        """The prices that hold.

        Raises:
            DataError: the changes make no sense.
        """
        return prices_of(self.table, self.on, text("figures.own_name"))

    @property
    def problem(self) -> str | None:
        """What is wrong with the changes."""
        try:
            _ = self.prices
        except DataError as error:
            return str(error)
        return None


def figures_of(area: Area) -> Figures:
    """Return the figures that hold on the area's service date, with the changes made on the page."""
    on = area.profile.service_date
    return with_changes(_table(PRICES_FILE.stat().st_mtime_ns), st.session_state.get(CHANGES, {}), on)


@st.cache_data(show_spinner=False, max_entries=1)
def _table(changed_ns: int) -> pd.DataFrame:
    read_prices(date.today())  # says what is wrong with the file
    return read_texts(PRICES_FILE, "a price table")


def with_changes(table: pd.DataFrame, changes: Changes, on: date) -> Figures:
    """Put changes into the rows that hold on a date, each said to be the user's own beside what it replaces."""
    made = table.copy()
    changed = []
    for row in holding(table, on).index:
        values = changes.get(str(table.at[row, "key"]), {})
        before = [str(table.at[row, bound]) for bound in BOUNDS]
        if not any(
            values.get(bound) != float(old) for bound, old in zip(BOUNDS, before, strict=True) if bound in values
        ):
            continue
        for bound, value in values.items():
            made.at[row, bound] = f"{value:.12g}"
        made.at[row, "source"] = text("figures.own_source", before=" / ".join(before), source=table.at[row, "source"])
        made.at[row, "certainty"] = "U"
        changed.append(str(table.at[row, "key"]))
    digest = hashlib.sha256(made.to_csv(index=False).encode()).hexdigest()[:16]
    return Figures(made, on, tuple(changed), digest)


def holding(table: pd.DataFrame, on: date) -> pd.DataFrame:
    """Return the rows of a table of texts that hold on a date."""
    day = on.isoformat()
    return table[(table["valid_from"] <= day) & ((table["valid_to"] == "") | (table["valid_to"] >= day))]


def edit_figures(figures: Figures) -> None:
    """Let the figures be changed, say what is wrong with them, and hand the changed table out for the command line."""
    with folded(text("figures.own_title"), "own-figures", is_open=bool(figures.changed)):
        hint(text("figures.own_hint"))
        editor = f"figures-{language()}-{st.session_state.get(TURN, 0)}"
        if (
            editor not in st.session_state
        ):  # shown anew: a grid starts from what it is given, so it is given the changes
            st.session_state[MOUNTED] = _shown(figures)
        st.data_editor(
            st.session_state[MOUNTED],
            key=editor,
            hide_index=True,
            column_order=["figure", *BOUNDS, "unit", "certainty", "note", "source"],
            column_config=_columns(),
            disabled=["figure", "unit", "certainty", "note", "source"],
            on_change=take_changes,
            args=(editor,),
            alt=text("figures.own_title"),
        )
        if figures.problem:
            st.error(plain_lines(figures.problem))
        with st.container(horizontal=True):
            st.download_button(
                text("figures.download"),
                safe_csv(figures.table, None),
                file_name=f"prices{'-' + figures.digest if figures.changed else ''}.csv",
                mime="text/csv",
                key="csv-figures",
                on_click="ignore",
            )
            reset_button("figures")


def _columns() -> dict[Any, Any]:
    numbers: dict[Any, Any] = {
        bound: st.column_config.NumberColumn(text(f"figures.{bound}"), min_value=0.0, required=True) for bound in BOUNDS
    }
    texts: dict[Any, Any] = {
        name: st.column_config.TextColumn(text(f"figures.{name}"), width="medium")
        for name in ("figure", "unit", "certainty", "note", "source")
    }
    return {**texts, **numbers}


def _shown(figures: Figures) -> pd.DataFrame:
    rows = holding(figures.table, figures.on)
    said: dict[str, Any] = {
        "key": rows["key"],
        "figure": [text(f"figure_name.{key}") for key in rows["key"]],
        **{bound: rows[bound].astype(float) for bound in BOUNDS},
        "unit": [text(f"figure_unit.{unit.lower().replace(' ', '_')}") for unit in rows["unit"]],
        "certainty": [text(f"certainty.{certainty}") for certainty in rows["certainty"]],
        "source": rows["source"],
        "note": rows[f"note_{language()}"],
    }
    return pd.DataFrame(said).reset_index(drop=True)


def take_changes(editor: str) -> None:
    """Keep what stands in the grid, so that it outlasts the grid."""
    shown: pd.DataFrame = st.session_state[MOUNTED]
    changes = {key: dict(values) for key, values in st.session_state.get(CHANGES, {}).items()}
    for row, cells in st.session_state[editor]["edited_rows"].items():
        key = str(shown.at[int(row), "key"])
        values = changes.setdefault(key, {bound: float(str(shown.at[int(row), bound])) for bound in BOUNDS})
        values.update({bound: float(value) for bound, value in cells.items() if bound in BOUNDS and value is not None})
    st.session_state[CHANGES] = changes


def reset_button(place: str) -> None:
    """Offer the way back to the table's own figures where something was changed."""
    if st.session_state.get(CHANGES):
        st.button(text("figures.reset"), key=f"reset-{place}", on_click=_reset)


def _reset() -> None:
    st.session_state[CHANGES] = {}
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
