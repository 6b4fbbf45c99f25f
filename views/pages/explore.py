"""The region on a map: who misses a standard there and back, why, and what would help."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st
from streamlit_folium import st_folium

from access.gaps import Gaps
from access.options import NoGap
from geo.area import Area
from geo.errors import CyrraeddError
from views import assets, choices, loading
from views.controls import Question, area_name, ask, choose_area
from views.language import language, language_button, text
from views.legend import LAYERS, legend_html, shade
from views.map import base_map, paint, paint_group, venues_of
from views.numbers import count_text
from views.overview import digest_line, gaps_table, headline_html, hint
from views.tables import plain
from views.why import show_facts, show_options, show_sessions

MAP_HEIGHT_PX = 660
GREATEST = 10
STYLE = (Path(__file__).parent.parent / "style.css").read_text(encoding="utf-8")


def page() -> None:
    """Draw the page from the top; what a user can mend is shown as a message."""
    st.html(f"<style>{STYLE}</style>")
    masthead()
    try:
        with st.sidebar:
            profile = choose_area(loading.profiles())
        area = loading.area_of(profile)
        with st.sidebar:
            question = ask(area)
        access = loading.access_by(loading.network_of(area.digest, area), question.standard.modes)
        answer(area, question, loading.gaps_of(area.digest, question.standard, access))
    except CyrraeddError as error:
        st.error(f"{text('page.error')}\n\n{error}")
    choices.write_address()


def masthead() -> None:
    """Show the name, what it is for, and the way to the other language."""
    left, right = st.columns([6, 1], vertical_alignment="center")
    left.html(f'<div class="masthead"><h1>Cyrraedd</h1><p>{escape(text("page.purpose"))}</p></div>')
    with right, st.container(horizontal=True, horizontal_alignment="right"):
        language_button([*choices.PARSERS, "session"])


def answer(area: Area, question: Question, gaps: Gaps) -> None:
    """Show the answer: headline, map and zone side by side, why and what would help, tables, sources."""
    profile = area.profile
    if profile.is_fictional:
        note = profile.note_cy if language() == "cy" else profile.note_en
        st.html(f'<p class="fictional"><strong>{escape(text("area.fictional"))}</strong> {escape(note)}</p>')
    st.html(headline_html(gaps, profile.name_cy if language() == "cy" else profile.name_en))
    if gaps.need_problem:
        st.warning(f"{text('page.no_need')}\n\n{gaps.need_problem}")
    left, right = st.columns([5, 3], gap="medium")
    with right:
        zone = choose_zone(gaps)
        if zone:
            show_facts(gaps, zone)
            for _ in range(2):  # or the list that stood here stays on, grey, until the answers below are worked out
                st.empty()
        else:
            show_greatest(gaps)
    with left:
        show_map(area, question, gaps, zone)
    if zone:
        show_why(gaps, zone)
    show_tables(area, question, gaps)
    show_sources(area)


def choose_zone(gaps: Gaps) -> str | None:
    """Ask for a zone, the one with most need first: the map's own way of choosing, for those who use no mouse."""
    zones = gaps.by_zone
    names = dict(zip(zones["zone_code"], zones[f"name_{language()}"], strict=True))
    if st.session_state.get("zone") not in names:
        st.session_state["zone"] = None
    return st.selectbox(
        text("choose.zone"),
        list(names),
        index=None,
        format_func=lambda code: f"{names[code]} ({code})",
        placeholder=text("choose.zone_hint"),
        key="zone",
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
            st.button(
                label, key=f"open-{code}", type="tertiary", on_click=st.session_state.__setitem__, args=("zone", code)
            )


def show_map(area: Area, question: Question, gaps: Gaps, zone: str | None) -> None:
    """Show the map with its layers, legend and digest."""
    layer = st.segmented_control(
        text("choose.layer"),
        LAYERS,
        format_func=lambda code: text(f"layer.{code}"),
        key="layer",
        required=True,
        wrap=True,
    )
    shapes = loading.shapes_of(area.digest, area)
    shading = shade(gaps.by_zone, layer or LAYERS[0], language())
    venues = venues_of(area.activities, gaps.access.sessions, area.venues, question.standard.category, language())
    st_folium(
        base_map(assets.FROM_COMPONENT + shapes.name, shapes.bounds),
        key="map",
        height=MAP_HEIGHT_PX,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=paint_group(paint(shading, language(), question.level, zone, venues)),
        on_change=take_click,
    )
    st.html(legend_html(shading, language()))
    unplaced = int((~area.venues["is_placed"]).sum())
    if unplaced:
        hint(text("map.not_placed", count=unplaced))
    digest_line(provenance(gaps), area.profile.service_date)


def take_click() -> None:
    """Choose the zone that was clicked on the map."""
    clicked = (st.session_state.get("map") or {}).get("last_active_drawing")
    if clicked:
        st.session_state["zone"] = clicked["zone_code"]


def show_why(gaps: Gaps, zone: str) -> None:
    """Show the zone's sessions and journeys, and the answers to its gap."""
    show_sessions(gaps, zone)
    st.subheader(text("options.title"))
    try:
        show_options(loading.options_of(gaps, zone))
    except NoGap:
        st.write(text("options.no_gap"))
    digest_line(provenance(gaps, zone=zone), gaps.access.network.area.profile.service_date)


def show_tables(area: Area, question: Question, gaps: Gaps) -> None:
    """Show the same answer as tables, to be sorted and taken away."""
    st.subheader(text("tables.title"))
    service_date, digest = area.profile.service_date, provenance(gaps)
    by_zone, by_footprint = st.tabs(
        [text("tables.zones"), text(f"level.{question.level}") if question.level else text("tables.footprints")]
    )
    with by_zone:
        hint(text("tables.zones_hint"))
        gaps_table(gaps.by_zone, "zones", digest, f"{area.profile.area_id}-zones-{digest}.csv", choose="zone_code")
        digest_line(digest, service_date)
    with by_footprint:
        if question.level:
            gaps_table(
                gaps.by(question.level), "footprints", digest, f"{area.profile.area_id}-{question.level}-{digest}.csv"
            )
            digest_line(digest, service_date)
        else:
            st.write(text("tables.no_footprints"))


def provenance(gaps: Gaps, **more: object) -> str:
    """Return the digest of the area, the rules and the standard."""
    standard = gaps.standard
    return gaps.access.network.provenance(
        category=standard.category,
        sessions=standard.sessions_per_week,
        within=standard.within_min,
        modes=standard.modes,
        fare=standard.max_fare_gbp,
        **more,
    ).digest


def show_sources(area: Area) -> None:
    """Name whose data these are."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in area.manifest.attributions())
    title = f"<p><strong>{escape(text('page.sources'))}</strong> {escape(area_name(area.profile))}</p>"
    st.html(f'<footer class="foot">{title}{lines}<p>{escape(text("page.map_software"))}</p></footer>')


page()
