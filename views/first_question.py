"""What a page asks when it is opened without a question, and its answer worked out before anyone comes."""

from __future__ import annotations

import folium  # noqa: F401  # with the pages below: imported ahead of the first visitor
import numpy as np
import streamlit as st

from access.catchments import categories
from access.gaps import count_sessions, judge_counts, need_weight, pass_share
from access.query import Standard
from access.sessions import SessionAccess
from access.travellers import AVERAGE, TRAVELLERS
from geo.area import Area
from geo.build import area_profiles
from views import charts, choices, loading, overview, why  # noqa: F401


def widest_gap(area: Area) -> str | None:
    """Return, of the categories of which anything runs, the one that most people go without, weighted by need where that is known.

    It is judged by the usual standard and by public transport, whatever is chosen, so that an area always opens with the same one.
    """
    access = loading.access_by(loading.network_of(area, AVERAGE), ("transit",))
    return _widest_gap(area.digest, access)


@st.cache_data(show_spinner=False, max_entries=loading.KEPT_AREAS)
def _widest_gap(digest: str, _access: SessionAccess) -> str | None:
    area = _access.network.area
    people, weight = area.origins["population"].to_numpy(np.float64), need_weight(area)
    holders = pass_share(_access)[area.origins["zone_code"]].to_numpy(np.float64)

    def missing(category: str) -> tuple[float, float]:
        standard = Standard(category)
        share, is_unknown = judge_counts(count_sessions(_access, standard), standard.sessions_per_week, holders)
        unmet = np.where(is_unknown, 0.0, people * (1.0 - np.nan_to_num(share)))
        return float(np.nansum(unmet * weight)), float(np.nansum(unmet))

    return max(categories(_access), key=missing, default=None)


def get_ready() -> None:
    """Keep what the page asks first of the first area: its travel times, its shapes, the category (errors: :func:`geo.build.open_area`)."""
    path = next(iter(area_profiles().values()))
    area = loading.area_at(str(path), path.stat().st_mtime_ns)
    network = loading.network_of(area, TRAVELLERS[choices.DEFAULTS["who"]])
    by_mode = {mode: loading.times_of(area.digest, network.rules, mode, network) for mode in choices.DEFAULTS["modes"]}
    _widest_gap(area.digest, SessionAccess(network, loading.sessions_of(area.digest, network), by_mode))
    loading.shapes_of(area.digest, area)
