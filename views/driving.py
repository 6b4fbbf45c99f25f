"""The figures behind drives: minutes to park and the table of busy hours, or those chosen on the page, which the address keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from access.query import TravelRules
from access.traffic import LEAST, MOST, Peak, default_table, overlap, peaks_of
from access.travellers import Traveller
from geo.area import Area
from geo.errors import DataError
from geo.profile import WEEKDAYS
from views.choices import FREE_FLOW, PARK_MIN, hours_of
from views.folding import folded
from views.language import language, text
from views.numbers import MISSING
from views.overview import hint
from views.tables import plain_lines, safe_csv

MOUNTED, KNOWN, TURN = "_hours_mounted", "_hours_known", "_hours_turn"
LISTS = pd.ArrowDtype(pa.list_(pa.string()))  # said, as a table without rows has nothing to tell it by
EDITED = ("weekdays", "from", "until", "factor")
SAID = ("certainty", "as_of", "note", "source")


@dataclass(frozen=True)
class Driving:
    """Minutes to park, and the table of busy hours as texts: the project's, or with rows of the user's own, each said to be that."""

    park_min: int
    hours: pd.DataFrame
    is_own_hours: bool

    @property
    def peaks(self) -> tuple[Peak, ...]:
        """The busy hours that hold.

        Raises:
            DataError: the user's own make no sense.
        """
        return peaks_of(self.hours, text("driving.own_name"))

    @property
    def problem(self) -> str | None:
        """What is wrong with the user's own hours."""
        try:
            _ = self.peaks
        except DataError as error:
            return str(error)
        return None

    @property
    def is_own(self) -> bool:
        """Whether anything is the user's own."""
        return self.is_own_hours or self.park_min != 0

    def rules_of(self, who: Traveller) -> TravelRules:
        """Return the rules by which a group travels and drives (errors: :attr:`peaks`)."""
        return replace(who.rules, peaks=self.peaks, park_min=float(self.park_min))


def driving_of(area: Area) -> Driving:
    """Return the figures of drives that hold: those chosen on the page, or the project's."""
    said = st.session_state.get("peaks")
    hours = default_table() if said is None else own_hours(said, area.profile.service_date.isoformat())
    return Driving(int(st.session_state.get("park") or 0), hours, said is not None)


def own_hours(said: Sequence[str], as_of: str) -> pd.DataFrame:
    """Return the table of busy hours that the address says: a row of the project's table as it stands there, others as the user's own."""
    usual = default_table().to_dict("records")
    known = {code_of(row): row for row in usual}
    rows = [known.get(code) or _own_row(hours, as_of) for code in said if (hours := hours_of(code))]
    return pd.DataFrame(rows, columns=list(default_table().columns), dtype=str)


def _own_row(hours: tuple[str, str, str, str], as_of: str) -> Mapping[Any, str]:
    """Return a row of the user's own, which names the row in whose place it stands."""
    made = dict(zip(EDITED, hours, strict=True))
    row = {**made, "as_of": as_of, "certainty": "U", "source": text("driving.own_source"), "note_en": "", "note_cy": ""}
    for usual in default_table().to_dict("records"):
        if _is_in_place_of(made, usual):
            before = f"{usual['from']}–{usual['until']} × {usual['factor']}"
            row["source"] = text("figures.own_source", before=before, source=usual["source"])
            row.update(note_en=usual["note_en"], note_cy=usual["note_cy"])
            break
    return row


def _is_in_place_of(own: Mapping[str, str], usual: Mapping[Any, str]) -> bool:
    pair = [
        Peak(tuple(row["weekdays"].split()), _minutes(row["from"]) * 60, _minutes(row["until"]) * 60, 1.0)
        for row in (own, usual)
    ]
    return overlap(*pair)


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def code_of(row: Mapping[Any, Any]) -> str:
    """Write a row of busy hours as the address has it: ``12345-0730-0930-1.3``, Monday being 1."""
    days = "".join(str(WEEKDAYS.index(day) + 1) for day in str(row["weekdays"]).split())
    clocks = "-".join(str(row[end]).replace(":", "") for end in ("from", "until"))
    return f"{days}-{clocks}-{float(row['factor']):g}"


def driving_html(driving: Driving, key: str) -> str:
    """Say what drives are reckoned with, under ``key``: minutes to park where it asks for them, busy hours, and how sure they are."""
    parking = text("driving.parking", count=driving.park_min)
    said = text(key, parking=f"{parking} ({text('certainty.U')})", traffic=_traffic_text(driving))
    return f'<p class="{"own" if driving.is_own else "hint"}">{escape(said)}</p>'


def _traffic_text(driving: Driving) -> str:
    rows = driving.hours.to_dict("records")
    alike: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        hours = f"{row['from']}–{row['until']}"
        alike.setdefault((row["weekdays"], row["factor"], row["certainty"]), []).append(hours)
    said = [
        text(
            "driving.hours",
            days=_days_text(days.split()),
            hours=", ".join(hours),
            factor=factor,
            certainty=text(f"certainty.{certainty}"),
        )
        for (days, factor, certainty), hours in alike.items()
    ]
    return text("driving.traffic", hours="; ".join(said)) if said else text("driving.free_flow")


def _days_text(days: Sequence[str]) -> str:
    """Return days that follow each other by the first and the last."""
    names = [text(f"day.{day}") for day in days]
    at = WEEKDAYS.index(days[0])
    is_run = len(days) > 2 and tuple(days) == tuple(WEEKDAYS[at : at + len(days)])
    return f"{names[0]}–{names[-1]}" if is_run else ", ".join(names)


def edit_driving(driving: Driving) -> None:
    """Let minutes to park and busy hours be changed, say what is wrong with them, and hand the table out for the command line."""
    with folded(text("driving.title"), "driving", is_open=driving.is_own):
        hint(text("driving.hint"))
        st.number_input(text("driving.park"), *PARK_MIN, step=1, key="park", help=text("driving.park_help"), width=260)
        _edit_hours(driving)
        if driving.problem:
            st.error(plain_lines(driving.problem))
        digest = hashlib.sha256(driving.hours.to_csv(index=False).encode()).hexdigest()[:16]
        with st.container(horizontal=True):
            st.download_button(
                text("figures.download"),
                safe_csv(driving.hours, None),
                file_name=f"traffic{'-' + digest if driving.is_own_hours else ''}.csv",
                mime="text/csv",
                key="csv-hours",
                on_click="ignore",
            )
            if driving.is_own:
                st.button(text("figures.reset"), key="reset-driving", on_click=_reset)


def _edit_hours(driving: Driving) -> None:
    """Show the grid of busy hours; it starts anew where they were changed elsewhere, as by the address."""
    state = st.session_state
    said = state.get("peaks")
    if MOUNTED in state and state.get(KNOWN) != said:
        state[TURN] = state.get(TURN, 0) + 1
    editor = f"hours-{language()}-{state.get(TURN, 0)}"
    if editor not in state:
        state[MOUNTED], state[KNOWN] = _shown(driving), said
    st.data_editor(
        state[MOUNTED],
        key=editor,
        hide_index=True,
        num_rows="dynamic",
        column_order=[*EDITED, *SAID],
        column_config=_columns(),
        disabled=list(SAID),
        on_change=take_hours,
        args=(editor,),
        placeholder=MISSING,
        alt=text("driving.hours_caption"),
    )


def _columns() -> dict[Any, Any]:
    clock = r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$"
    config = st.column_config
    of_new_rows = {"certainty": text("certainty.U"), "source": text("driving.own_source")}
    said = {
        name: config.TextColumn(text(f"figures.{name}"), width="medium", default=of_new_rows.get(name))
        for name in ("certainty", "note", "source")
    }
    return {
        "weekdays": config.MultiselectColumn(
            text("driving.weekdays"), options=WEEKDAYS, format_func=lambda day: text(f"day.{day}"), required=True, width="medium"
        ),
        "from": config.TextColumn(text("driving.from"), validate=clock, required=True),
        "until": config.TextColumn(text("driving.until"), validate=clock, required=True),
        "factor": config.NumberColumn(text("driving.factor"), min_value=LEAST, max_value=MOST, step=0.01, required=True),
        "as_of": config.TextColumn(text("driving.as_of")),
        **said,
    }  # fmt: skip


def _shown(driving: Driving) -> pd.DataFrame:
    hours = driving.hours
    return pd.DataFrame(
        {
            "weekdays": pd.Series([days.split() for days in hours["weekdays"]], dtype=LISTS, index=hours.index),
            "from": hours["from"],
            "until": hours["until"],
            "factor": hours["factor"].astype(float),
            "certainty": [text(f"certainty.{certainty}") for certainty in hours["certainty"]],
            "as_of": hours["as_of"],
            "note": hours[f"note_{language()}"],
            "source": hours["source"],
        }
    ).reset_index(drop=True)


def take_hours(editor: str) -> None:
    """Keep what stands in the grid, so that it outlasts the grid."""
    state = st.session_state
    state["peaks"] = state[KNOWN] = said_by(state[MOUNTED], state[editor])


def said_by(shown: pd.DataFrame, edits: Mapping[str, Any]) -> list[str] | None:
    """Return what stands in a grid after edits as the address has it, or nothing where it is the project's own table."""
    rows = shown.to_dict("records")
    for at, cells in edits["edited_rows"].items():
        rows[int(at)].update(cells)
    rows = [row for at, row in enumerate(rows) if at not in edits["deleted_rows"]] + edits["added_rows"]
    whole = [
        row for row in rows if all(row.get(name) is not None for name in EDITED)
    ]  # a row half filled in is none yet
    said = [code_of({**row, "weekdays": " ".join(sorted(row["weekdays"], key=WEEKDAYS.index))}) for row in whole]
    is_usual = said == [code_of(row) for row in default_table().to_dict("records")]
    return None if is_usual else said or [FREE_FLOW]


def _reset() -> None:
    st.session_state["peaks"], st.session_state["park"] = None, 0
