"""Where the gaps are: footprint by footprint, for groups of people, and how sure the answer is."""

from __future__ import annotations

import streamlit as st

from access.need import need_columns
from access.standards import GROUPS, GroupStandard, as_table, judge_standards
from geo.words import Message
from views.asked import Asked
from views.charts import Bar
from views.language import language, text
from views.numbers import count_text, percent_text
from views.on_map import choose_zone, show_map
from views.sections import sure
from views.sections.parts import Row, download, name_of, note, say_all, table, without
from views.why import show_facts

SHOWN = 15


def draw(asked: Asked) -> None:
    """Show which footprints and zones have most people out of reach, weighted by need."""
    st.subheader(text("section.list"), anchor="list")
    if asked.level:
        _places(asked, "footprints")
    _map(asked)
    _places(asked, "zones")
    _groups(asked)
    sure.show(asked)


def _map(asked: Asked) -> None:
    """Show the map, and of the small area chosen on it the facts and the way to why."""
    left, right = st.columns([5, 3], gap="medium")
    with right:
        zone = choose_zone(asked.gaps)
        if zone:
            show_facts(asked.gaps, zone)
            st.button(text("list.why"), key="to-why", on_click=_to_why)
    with left:
        show_map(asked, zone, None)


def _to_why() -> None:
    """Turn to why, where the zone's select box has other labels: set anew, or it goes on showing the old one."""
    st.session_state["section"] = "why"
    st.session_state["zone"] = st.session_state["zone"]


def _places(asked: Asked, kind: str) -> None:
    found = asked.gaps.by(asked.level) if kind == "footprints" and asked.level else asked.gaps.by_zone
    is_open = (found["unmet_persons"] > 0) | (found["unknown_persons"] > 0)
    shown = (
        found if kind == "footprints" else found[is_open].head(SHOWN)
    )  # of a footprint, that nobody is, is an answer too
    if not (found["unmet_persons"] > 0).any():
        say_all([text("list.nobody")])
    if shown.empty:
        return
    total, people = found["unmet_persons"].sum(), found["population"].sum()
    worst = found.nlargest(1, "unmet_persons").to_dict("records")[0]
    if kind == "footprints" and total > 0:
        values = {
            "name": name_of(worst),
            "persons": count_text(worst["unmet_persons"], language()),
            "share": percent_text(worst["unmet_persons"] / total, language()),
            "people": percent_text(worst["population"] / people, language()),
        }
        say_all([Message("list.worst", values)])
    rows: list[Row] = [
        [
            without(name_of(row), row.get("uncounted_zones", 0)),
            Bar(
                count_text(row["unmet_persons"], language()),
                row["unmet_persons"] / max(1.0, shown["unmet_persons"].max()),
            ),
            percent_text(1 - row["covered_share"], language()),
            count_text(row["unknown_persons"], language()),
            count_text(row["need_weighted_unmet_persons"], language()),
        ]
        for row in shown.to_dict("records")
    ]
    headers = ("column.name", "list.unmet", "list.share", "column.unknown_persons", "options.weighted")
    caption = (
        text(f"level.{asked.level}") if kind == "footprints" else text("list.zones", count=len(shown), all=len(found))
    )
    table(caption, headers, rows, numeric=(2, 3, 4))
    download(asked, found, f"gaps-{kind}", asked.provenance(by=asked.level if kind == "footprints" else "zone"))


def _groups(asked: Asked) -> None:
    """Show the standard for groups of people: the same times, each counting its own people."""
    st.subheader(text("list.groups"), anchor="groups")
    known = need_columns(asked.area)
    groups = [group for group in GROUPS.values() if set(group.shares) <= set(known)]
    standard, access = asked.gaps.standard, asked.gaps.access
    prices = None if standard.max_fare_gbp is None else asked.figures.prices
    found = as_table(
        judge_standards([GroupStandard(standard, access, group) for group in groups], prices, asked.gaps.need_weights)
    )
    rows: list[Row] = []
    rules = []
    for group, row in zip(groups, found.to_dict("records"), strict=True):
        judged = row["met_persons"] + row["unmet_persons"]
        share = row["unmet_persons"] / judged if judged else float("nan")
        rows.append(
            [
                without(text(f"group.{group.name}"), row["uncounted_zones"]),
                Bar(percent_text(share, language()), share),
                count_text(row["unmet_persons"], language()),
                count_text(judged, language()),
            ]
        )
        rules += [group.rule] if group.rule else []
    table(text("list.groups_caption"), ("list.group", "list.share", "list.unmet", "list.judged"), rows, numeric=(2, 3))
    for rule in dict.fromkeys(text(rule) for rule in rules):
        note(rule)
    download(asked, found, "gaps-groups", asked.provenance(groups=[group.name for group in groups]))
