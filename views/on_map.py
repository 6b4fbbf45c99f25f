"""The map of an answer with the same as tables, and the choice of a small area on it or in a list: on whichever page shows it."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from access.gaps import Gaps
from views import assets, loading
from views.asked import Asked
from views.folding import folded
from views.language import language, text
from views.legend import LAYERS, PROVISION, Layer, Shading, legend_html, shade
from views.map import Venue, base_map, paint, paint_group, venues_of
from views.overview import choose_place, digest_line, hint
from views.sections.parts import Row, download, name_of, table

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
    """Show the map with its layers, legend and digest, and what it shows as tables."""
    chosen = st.segmented_control(
        text("choose.layer"),
        LAYERS,
        format_func=lambda code: text(f"layer.{code}"),
        key="layer",
        required=True,
        wrap=True,
    )
    layer = chosen or LAYERS[0]
    area, gaps = asked.area, asked.gaps
    shapes = loading.shapes_of(area.digest, area)
    zones, notes = loading.layer_of(gaps, layer)
    shading = shade(zones, layer, language())
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
    with folded(text("map.tables"), "map-tables"):
        _tables(asked, layer, zones, shading, venues)


def _tables(asked: Asked, layer: Layer, zones: pd.DataFrame, shading: Shading, venues: list[Venue]) -> None:
    """Show the layer zone by zone, greatest gap first, and what is held at each place: the map for those who don't see it."""
    rows: list[Row] = [
        [name_of(row), shading.texts.get(str(row["zone_code"]), text("map.unknown"))]
        for row in zones.to_dict("records")
    ]
    table(shading.title, (text("column.name"), text(f"layer.{layer}")), rows, are_keys=False)
    if layer in PROVISION:  # the others stand in the tables of gaps
        download(asked, zones, f"map-{layer}", asked.provenance(layer=layer))
    held: list[Row] = [[venue.lines[0], "; ".join(venue.lines[1:])] for venue in venues]
    table(text("map.venues"), ("map.place", "map.held"), held)


def take_click() -> None:
    """Choose the zone that was clicked on the map."""
    clicked = (st.session_state.get("map") or {}).get("last_active_drawing")
    if clicked:
        choose_place("zone", clicked["zone_code"])
