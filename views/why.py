"""Why a zone stands where it does: its people, each session there and back, one journey leg by leg, and what would help."""

from __future__ import annotations

from collections.abc import Hashable
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from access.costs import Price, Range
from access.counted import minutes_in_full
from access.explain import zone_sessions
from access.gaps import NO_FOOTPRINT, Gaps
from access.journeys import session_way
from access.mode_times import Reason
from access.options.base import Option
from access.query import Mode
from geo.profile import Level
from views.figures import Figures
from views.folding import folded
from views.language import language, text
from views.loading import zones_of
from views.map import venue_text
from views.numbers import MISSING, clock_text, count_text, date_text, minutes_text, percent_text, pounds_text
from views.tables import html_table

UNCONFIRMED = "U"


def show_facts(gaps: Gaps, zone_code: str) -> None:
    """Show who lives in the zone, how deprived it is, and how many have the standard met."""
    row = gaps.by_zone.set_index("zone_code").to_dict("index")[zone_code]
    total = gaps.access.network.area.profile.zones.rank_total
    facts = _persons(row)
    if pd.notna(row["deprivation_rank"]):
        rank = count_text(row["deprivation_rank"], language())
        said = text("fact.rank_of", rank=rank, total=count_text(total, language())) if total else rank
        facts.append(("fact.rank", said))
    facts.append(("fact.place", text("fact.place_of", rank=int(row["rank"]), total=len(gaps.by_zone))))
    _facts(str(row[f"name_{language()}"]), zone_code, facts)


def show_footprint(gaps: Gaps, level: Level, footprint: str) -> None:
    """Show who lives in the footprint, how many have the standard met, and in how many of its zones some have not."""
    found = gaps.by(level)
    row = found.set_index("footprint_id").to_dict("index")[footprint]
    name = text("level.none") if footprint == NO_FOOTPRINT else str(row[f"name_{language()}"])
    zones = gaps.by_zone[gaps.by_zone["zone_code"].isin(zones_of(gaps.access.network.area, level, footprint))]
    unmet = int((zones["unmet_persons"] > 0).sum())
    facts = [
        *_persons(row),
        ("fact.unmet_zones", text("fact.place_of", rank=unmet, total=len(zones))),
        ("fact.place", text("fact.place_of", rank=int(row["rank"]), total=len(found))),
    ]
    without = text("sections.without", int(row["uncounted_zones"])) if row["uncounted_zones"] else ""
    _facts(name, without, facts)


def _persons(row: dict[Hashable, Any]) -> list[tuple[str, str]]:
    """Return the people and how many find the standard met, with the map's base: shares are of those of whom it is known."""
    unknown, everyone = row["unknown_persons"], row["population"]
    of_known = "fact.share_of_known" if unknown > 0 else "fact.persons_share"
    return [
        ("fact.population", count_text(everyone, language())),
        *(
            (f"fact.{kind}", _persons_of(row[f"{kind}_persons"], everyone - unknown, of_known))
            for kind in ("met", "unmet")
        ),
        ("fact.unknown", _persons_of(unknown, everyone, "fact.share_of_all" if unknown > 0 else "fact.persons_share")),
    ]


def _facts(name: str, beside: str, facts: list[tuple[str, str]]) -> None:
    items = "".join(f"<div><dt>{escape(text(key))}</dt><dd>{escape(said)}</dd></div>" for key, said in facts)
    small = f" <small>{escape(beside)}</small>" if beside else ""
    st.html(f'<h2 class="zone">{escape(name)}{small}</h2><dl class="facts">{items}</dl>')


def _persons_of(persons: float, base: float, key: str) -> str:
    """Return a number of people and their share of ``base`` people, or the number alone where there are none to share among."""
    if not base > 0:
        return count_text(persons, language())
    return text(key, persons=count_text(persons, language()), share=percent_text(persons / base, language()))


def show_sessions(gaps: Gaps, zone_code: str) -> None:
    """Show each session of the category there and back for the zone's people, and the legs of one chosen."""
    standard = gaps.standard
    table = zone_sessions(gaps.access, zone_code, standard.within_min, standard.modes, standard.category)
    table = table.sort_values("reachable_share", ascending=False, kind="stable").reset_index(drop=True)
    st.subheader(text("why.sessions", category=text(f"category.{standard.category}")))
    if table.empty:
        st.write(text("why.no_sessions"))
        return
    headers = [text(f"sessions.{name}") for name in ("activity", "when", "mode", "out", "back", "share", "finding")]
    activities = gaps.access.network.area.activities.set_index("activity_id").to_dict("index")
    everyone = float(gaps.by_zone.set_index("zone_code")["population"][zone_code])
    rows = [_session_row(row, activities[row["activity_id"]], everyone) for row in table.to_dict("records")]
    slot = st.container()
    picked = _pick_session(table)
    slot.html(
        html_table(
            text("sessions.caption", minutes=minutes_in_full(standard.within_min)),
            headers,
            rows,
            numeric=(3, 4, 5),
            marked=picked,
        )
    )
    _show_way(gaps, zone_code, table.to_dict("records")[picked])


def _session_row(row: dict[Hashable, Any], activity: dict[Hashable, Any], everyone: float) -> list[str]:
    venue = venue_text(str(row["venue_name"]), str(activity["venue_id"]), language())
    where = f"{row[f'name_{language()}']}, {venue}".replace("\n", " ") + _who_may_come(activity)
    finding = text(Reason(int(row["reason"])).key)
    if row["to_be_booked"]:
        finding = text("sessions.booked", finding=finding)
    if everyone > 0:
        persons = count_text(float(row["reason_share"]) * everyone, language())
        finding += "\n" + text("sessions.of_people", persons=persons, all=count_text(everyone, language()))
    return [
        where,
        _when(row).replace(" ", "\u00a0"),
        text(f"mode.{row['mode']}"),
        minutes_text(float(row["out_min"]), language()),
        minutes_text(float(row["back_min"]), language()),
        percent_text(float(row["reachable_share"]), language()),
        finding,
    ]


def _who_may_come(activity: dict[Hashable, Any]) -> str:
    """Return, on a line of its own, what the directory says against coming: that it is full, and whom it is for."""
    said = [text("sessions.full")] if activity["is_full"] == "yes" else []
    if isinstance(activity["eligibility"], str):
        said.append(text("sessions.for", who=activity["eligibility"]))
    return "\n" + " ".join(said) if said else ""


def _when(row: dict[Hashable, Any]) -> str:
    """Return the day, and on a line of its own the time."""
    return f"{text('weekday.' + row['weekday'])}\n{clock_text(float(row['start_s']))}–{clock_text(float(row['end_s']))}"


def _pick_session(table: pd.DataFrame) -> int:
    """Ask which session's journey to show; returns its row."""
    codes = [f"{row['session_id']}|{row['mode']}" for row in table.to_dict("records")]
    names = {
        code: f"{row[f'name_{language()}']}, {_when(row).replace(chr(10), ' ')}, {text('mode.' + row['mode'])}"
        for code, row in zip(codes, table.to_dict("records"), strict=True)
    }
    if st.session_state.get("session") not in codes:
        st.session_state["session"] = codes[0]
    return codes.index(st.selectbox(text("choose.session"), codes, format_func=names.__getitem__, key="session"))


def _show_way(gaps: Gaps, zone_code: str, row: dict[Hashable, Any]) -> None:
    session = int(np.flatnonzero(gaps.access.sessions["session_id"].to_numpy() == row["session_id"])[0])
    mode: Mode = row["mode"]
    way = session_way(gaps.access, zone_code, session, mode)
    for column, key, steps in zip(st.columns(2), ("journey.there", "journey.back"), (way.there, way.back), strict=True):
        summary, *legs = [text(step) for step in steps] if steps else [text("journey.none")]
        items = "".join(f"<li>{escape(leg)}</li>" for leg in legs)
        column.html(
            f'<h3 class="journey">{escape(text(key))}</h3><p class="summary">{escape(summary)}</p>'
            + (f'<ol class="legs">{items}</ol>' if items else "")
        )


def show_options(options: list[Option], own: Figures) -> None:
    """Show the answers side by side, their notes, and the figures behind them with what is still to be confirmed."""
    if own.changed:
        names = ", ".join(text(f"figure_name.{key}") for key in own.changed)
        st.html(f'<p class="own"><strong>{escape(text("figures.with_own"))}</strong> {escape(names)}</p>')
    headers = [
        text(f"options.{name}")
        for name in ("answer", "gaining", "weighted", "cost", "per_person", "participants", "per_participant")
    ]
    st.html(
        html_table(
            text("options.caption"),
            headers,
            [_option_row(option) for option in options],
            numeric=range(1, len(headers)),
        )
    )
    for option in options:
        notes = "".join(f"<li>{escape(text(note))}</li>" for note in option.notes)
        if notes:
            st.html(f'<h3 class="note">{escape(text(option.name))}</h3><ul class="notes">{notes}</ul>')
    figures = list({price.key: price for option in options for price in option.figures}.values())
    with folded(text("figures.title", count=sum(price.certainty == UNCONFIRMED for price in figures)), "figures"):
        headers = [text(f"figures.{name}") for name in ("figure", "range", "valid", "certainty", "source")]
        st.html(html_table(text("figures.caption"), headers, [_figure_row(price) for price in figures], numeric=(1,)))


def _option_row(option: Option) -> list[str]:
    demand = option.demand.participants_per_year
    return [
        text(option.name),
        count_text(option.gaining_persons, language()),
        MISSING if option.need_weighted_persons is None else count_text(option.need_weighted_persons, language()),
        _pounds_range(option.cost_gbp_per_year),
        _pounds_range(option.gbp_per_person),
        _range(*(count_text(value, language()) for value in (demand.middle, demand.low, demand.high))),
        _pounds_range(option.gbp_per_participant),
    ]


def _pounds_range(value: Range | None) -> str:
    if value is None:
        return MISSING
    low, middle, high = (pounds_text(x, language()) for x in (value.low, value.middle, value.high))
    return middle if low == high else _range(middle, low, high)


def _range(middle: str, low: str, high: str) -> str:
    """Return a middle figure, and on a line of its own the range."""
    return f"{middle}\n{text('number.range', low=low, high=high)}"


def _figure_row(price: Price) -> list[str]:
    first = date_text(price.valid_from, language())
    last = date_text(price.valid_to, language()) if price.valid_to else None
    low, middle, high = (f"{x:g}" for x in (price.value.low, price.value.middle, price.value.high))
    return [
        f"{text(f'figure_name.{price.key}')}\n{price.note_cy if language() == 'cy' else price.note_en}",
        middle if low == high else _range(middle, low, high),
        text("figures.from_to", first=first, last=last) if last else text("figures.from", first=first),
        text(f"certainty.{price.certainty}"),
        price.source,
    ]
