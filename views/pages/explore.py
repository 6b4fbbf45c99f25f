"""The region on a map: who misses a standard there and back, why, and what would help."""

from __future__ import annotations

from html import escape

import streamlit as st

from access.gaps import NO_FOOTPRINT, Gaps
from access.options import NoGap
from geo.errors import DataError
from views import choices, frame, loading
from views.asked import Asked
from views.driving import driving_html, edit_driving
from views.figures import edit_figures
from views.language import language, text
from views.numbers import count_text
from views.on_map import choose_zone, show_map, take_choice
from views.overview import choose_place, digest_line, gaps_table, hint
from views.tables import plain
from views.why import show_facts, show_footprint, show_options, show_sessions

GREATEST = 10


def answer(asked: Asked) -> None:
    """Show the answer: map and place side by side, why and what would help, tables."""
    left, right = st.columns([5, 3], gap="medium")
    with right:
        zone = choose_zone(asked.gaps)
        footprint = choose_footprint(asked)
        if zone:
            show_facts(asked.gaps, zone)
            for _ in range(2):  # or the list that stood here stays on, grey, until the answers below are worked out
                st.empty()
        elif footprint and asked.level:
            show_footprint(asked.gaps, asked.level, footprint)
        else:
            show_greatest(asked.gaps)
    with left:
        show_map(asked, zone, footprint)
    if zone:
        show_sessions(asked.gaps, zone)
        show_answers(asked, (zone,), asked.provenance(zone=zone))
    elif footprint and asked.level:
        zones = loading.zones_of(asked.area, asked.level, footprint)
        show_answers(asked, zones, asked.provenance(level=asked.level, footprint=footprint))
    if zone or footprint or "drive" in asked.gaps.standard.modes:
        edit_driving(asked.driving)
    show_tables(asked)


def choose_footprint(asked: Asked) -> str | None:
    """Ask for a whole footprint, the one with most need first."""
    if asked.level is None:
        return None
    found = asked.gaps.by(asked.level)
    names = dict(zip(found["footprint_id"], found[f"name_{language()}"], strict=True))
    if st.session_state.get("footprint") not in names or st.session_state["zone"]:
        st.session_state["footprint"] = None
    return st.selectbox(
        text("choose.footprint"),
        list(names),
        index=None,
        format_func=lambda code: text("level.none") if code == NO_FOOTPRINT else names[code],
        placeholder=text(f"level.{asked.level}"),
        key="footprint",
        on_change=take_choice,
        args=("footprint",),
    )


def show_greatest(gaps: Gaps) -> None:
    """Say what a zone opens, and offer those with the greatest gap."""
    st.write(text("why.choose"))
    greatest = gaps.by_zone[gaps.by_zone["unmet_persons"] > 0].head(GREATEST)
    if greatest.empty:
        return
    st.html(f'<h2 class="zone">{escape(text("why.greatest"))}</h2>')
    with st.container(key="greatest", gap=None):
        for row in greatest.to_dict("records"):
            persons = count_text(row["unmet_persons"], language())
            label = text("why.greatest_zone", rank=row["rank"], name=plain(row[f"name_{language()}"]), persons=persons)
            code = str(row["zone_code"])
            st.button(label, key=f"open-{code}", type="tertiary", on_click=choose_place, args=("zone", code))


def show_answers(asked: Asked, zones: tuple[str, ...], digest: str) -> None:
    """Show the answers to the gap of some zones, and the figures behind them to be changed."""
    st.subheader(text("options.title"))
    try:
        options = loading.options_of(asked.gaps, zones, asked.figures)
    except NoGap:
        st.write(text("options.no_gap"))
    except DataError:
        st.write(text("options.mend"))
        edit_figures(asked.figures)
    else:
        show_options(options, asked.figures)
        st.html(driving_html(asked.driving, "driving.vehicles"))
        edit_figures(asked.figures)
        digest_line(digest, asked.area.profile.service_date)


def show_tables(asked: Asked) -> None:
    """Show the same answer as tables, to be sorted and taken away."""
    st.subheader(text("tables.title"))
    gaps, area_id, service_date = asked.gaps, asked.area.profile.area_id, asked.area.profile.service_date
    digest = asked.provenance()
    names = {
        "zones": text("tables.zones"),
        "footprints": text(f"level.{asked.level}" if asked.level else "tables.footprints"),
    }
    by = st.segmented_control(
        text("tables.title"),
        choices.TABLES,
        format_func=names.__getitem__,
        key="table",
        required=True,
        label_visibility="collapsed",
    )
    if by == "footprints" and not asked.level:
        st.write(text("tables.no_footprints"))
        return
    hint(text("tables.zones_hint"))
    if by == "footprints" and asked.level:
        table, name, choose = gaps.by(asked.level), str(asked.level), "footprint_id"
    else:
        table, name, choose = gaps.by_zone, "zones", "zone_code"
    gaps_table(gaps.access.network, table, by or "zones", digest, f"{area_id}-{name}-{digest}.csv", choose=choose)
    digest_line(digest, service_date)


frame.page("explore", answer)
