"""The map of an answer, and the choice of a small area on it or in a list: one component, on whichever page shows it."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from access.gaps import Gaps
from views import assets, loading
from views.asked import Asked
from views.language import language, text
from views.legend import LAYERS, legend_html, shade
from views.map import base_map, paint, paint_group, venues_of
from views.overview import choose_place, digest_line, hint

MAP_HEIGHT_PX = 660


def choose_zone(gaps: Gaps, hint_key: str = "choose.zone_hint") -> str | None:
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
        placeholder=text(hint_key),
        key="zone",
        on_change=take_choice,
        args=("zone",),
    )


def take_choice(kind: str) -> None:
    """Look at the zone or the footprint just chosen, and no longer at the other."""
    choose_place(kind, st.session_state[kind])


def show_map(asked: Asked, zone: str | None, footprint: str | None) -> None:
    """Show the map with its layers, legend and digest."""
    layer = st.segmented_control(
        text("choose.layer"),
        LAYERS,
        format_func=lambda code: text(f"layer.{code}"),
        key="layer",
        required=True,
        wrap=True,
    )
    area, gaps = asked.area, asked.gaps
    shapes = loading.shapes_of(area.digest, area)
    zones, notes = loading.layer_of(gaps, layer or LAYERS[0])
    shading = shade(zones, layer or LAYERS[0], language())
    venues = venues_of(area.activities, gaps.access.sessions, area.venues, gaps.standard.category, language())
    st_folium(
        base_map(assets.FROM_COMPONENT + shapes.name, shapes.bounds),
        key="map",
        height=MAP_HEIGHT_PX,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=paint_group(paint(shading, language(), asked.level, zone, footprint, venues)),
        on_change=take_click,
    )
    st.html(legend_html(shading, language()))
    for note in notes:
        hint(text(note))
    unplaced = int((~area.venues["is_placed"]).sum())
    if unplaced:
        hint(text("map.not_placed", count=unplaced))
    digest_line(asked.provenance(), area.profile.service_date)


def take_click() -> None:
    """Choose the zone that was clicked on the map."""
    clicked = (st.session_state.get("map") or {}).get("last_active_drawing")
    if clicked:
        choose_place("zone", clicked["zone_code"])
