"""The weights of need: the profile's, or those chosen on the page, which the address keeps and every answer then uses."""

from __future__ import annotations

import json
from html import escape
from typing import get_args

import streamlit as st

from access.need import NeedWeights, Scale, default_need, need_columns
from geo.area import Area
from geo.vocabulary import DOMAINS
from views.choices import SLOPE, WEIGHT, weight_of
from views.folding import folded
from views.language import language, text
from views.numbers import decimal_text, percent_text
from views.overview import hint
from views.tables import plain

STANDARD = (
    *(f"{domain}_rank" for domain in DOMAINS),
    *("deprivation_rank", "deprivation_decile", "population", "population_65plus", "population_65plus_share"),
    *("disabled", "disabled_share", "households_no_car_share"),
)
SCALES: tuple[Scale, ...] = get_args(Scale)


def need_of(area: Area) -> NeedWeights:
    """Return the weights that hold: those chosen on the page, or the profile's. Weights of columns that the area lacks are forgotten."""
    own = default_need(area)
    said, slope = st.session_state.get("need"), st.session_state.get("slope")
    asked = [weight_of(one) for one in said or ()]
    known = need_columns(area)
    if any(one is None or one[0] not in known for one in asked):
        st.session_state["need"] = said = None
    weights = {one[0]: one[1] for one in asked if one} if said else dict(own.weights)
    scales = {one[0]: one[2] for one in asked if one and one[2]} if said else dict(own.scales)
    return NeedWeights(weights, own.slope if slope is None else slope, scales)


def key_of(need: NeedWeights) -> str:
    """Return weights, scales and slope as one text, the same for the same weights."""
    used = {name: weight for name, weight in need.weights.items() if weight > 0}
    return json.dumps(
        [{name: (weight, need.scale_of(name)) for name, weight in used.items()}, need.slope], sort_keys=True
    )


def is_own(area: Area, need: NeedWeights) -> bool:
    """Say whether weights are the user's own."""
    return key_of(need) != key_of(default_need(area))


def column_text(name: str) -> str:
    """Return what a column of need is called: in words, or where a user brought it by its own name."""
    return text(f"need_column.{name}") if name in STANDARD else name


def shares_of(need: NeedWeights) -> dict[str, float]:
    """Return each column's share of all weights, without those that do not count."""
    total = sum(need.weights.values())
    return {name: weight / total for name, weight in need.weights.items() if weight > 0}


def own_html(need: NeedWeights) -> str:
    """Say that an answer is with the user's own weights, and which."""
    parts = [f"{column_text(name)} {percent_text(share, language())}" for name, share in shares_of(need).items()]
    said = ". ".join([*([", ".join(parts)] if parts else []), slope_text(need)])
    return f'<p class="own"><strong>{escape(text("need.with_own"))}</strong> {escape(said)}</p>'


def slope_text(need: NeedWeights) -> str:
    """Say how much more a person counts where need is greatest."""
    return text("need.times", times=decimal_text(1 + need.slope, language()))


def edit_weights(area: Area, need: NeedWeights) -> None:
    """Let weights, scales and slope be changed; each change goes into the address."""
    columns = need_columns(area)
    with folded(text("need.change"), "weights", is_open=is_own(area, need)):
        hint(text("need.change_hint"))
        for row in (columns[at : at + 3] for at in range(0, len(columns), 3)):
            for cell, name in zip(st.columns(3), row, strict=False):
                with cell:
                    _edit_column(area, name, need)
        st.session_state["need-slope"] = float(need.slope)
        st.number_input(
            text("need.slope"), *SLOPE, step=0.5, key="need-slope", on_change=_take, args=(area,), help=text("need.slope_help")
        )  # fmt: skip
        reset_button("need")


def _edit_column(area: Area, name: str, need: NeedWeights) -> None:
    """Offer the weight of one column, and where it counts how it is scaled."""
    label = plain(column_text(name))
    st.session_state[f"weight-{name}"] = float(need.weights.get(name, 0.0))
    st.number_input(label, *WEIGHT, step=1.0, format="%g", key=f"weight-{name}", on_change=_take, args=(area,))
    if need.weights.get(name, 0.0) > 0:
        scales = [scale for scale in SCALES if scale != "published" or _has_published(area, name)]
        if need.scale_of(name) in scales:
            st.session_state[f"scale-{name}"] = need.scale_of(name)
        st.selectbox(
            text("need.scaled", name=label), scales, format_func=lambda scale: text(f"scale.{scale}"), key=f"scale-{name}",
            on_change=_take, args=(area,),
        )  # fmt: skip


def _has_published(area: Area, name: str) -> bool:
    return name.endswith("_rank") and area.profile.zones.rank_total is not None


def _take(area: Area) -> None:
    """Keep what stands in the fields; what is the profile's is not kept."""
    own = default_need(area)
    columns = need_columns(area)
    state = st.session_state
    weights = {name: float(state[f"weight-{name}"]) for name in columns if state.get(f"weight-{name}")}
    scales: dict[str, Scale] = {name: state[f"scale-{name}"] for name in weights if state.get(f"scale-{name}")}
    slope = float(state["need-slope"])
    made = NeedWeights(weights or {columns[0]: 0.0}, slope, scales)
    is_profile = key_of(made) == key_of(NeedWeights(own.weights, slope, own.scales))
    state["need"] = None if is_profile else [_said(made, name) for name in made.weights]
    state["slope"] = None if slope == own.slope else slope


def _said(need: NeedWeights, name: str) -> str:
    """Write one column's weight as the address has it; the scale only where it is another than usual."""
    scale = need.scale_of(name)
    usual = NeedWeights().scale_of(name)
    return f"{name}:{need.weights[name]:g}" + ("" if scale == usual else f":{scale}")


def reset_button(place: str) -> None:
    """Offer the way back to the profile's weights where others were chosen."""
    if st.session_state.get("need") or st.session_state.get("slope") is not None:
        st.button(text("need.reset"), key=f"reset-weights-{place}", on_click=_reset)


def _reset() -> None:
    st.session_state["need"] = st.session_state["slope"] = None
