"""What a page asks when it is opened without a question, and its answer worked out before anyone comes."""

from __future__ import annotations

import folium  # noqa: F401  # with the pages below: imported ahead of the first visitor
import streamlit as st

from access import widest_gap as gap
from access.sessions import SessionAccess
from access.travellers import TRAVELLERS
from geo.area import Area
from geo.opening import area_profiles
from views import charts, loading, overview, why  # noqa: F401
from views.choices import DEFAULTS

WHO, MODES = TRAVELLERS[DEFAULTS["who"]], tuple(DEFAULTS["modes"])


def widest_gap(area: Area) -> str | None:
    """Return the category that a page begins with (:func:`access.widest_gap.widest_gap`).

    It is judged by what is asked without a question, whatever is chosen, so that an area always opens with the same one.
    """
    return _widest_gap(area.digest, loading.access_by(loading.network_of(area, WHO), MODES))


@st.cache_data(show_spinner=False, max_entries=loading.KEPT_AREAS)
def _widest_gap(digest: str, _access: SessionAccess) -> str | None:
    return gap.widest_gap(_access, MODES)


def get_ready() -> None:
    """Keep what the page asks first of the first area: its travel times, shapes and category (errors: :func:`geo.opening.open_area`)."""
    path = next(iter(area_profiles().values()))
    area = loading.area_at(str(path), path.stat().st_mtime_ns)
    network = loading.network_of(area, WHO)
    by_mode = {mode: loading.times_of(area.digest, network.rules, mode, network) for mode in MODES}
    _widest_gap(area.digest, SessionAccess(network, loading.sessions_of(area.digest, network), by_mode))
    loading.shapes_of(area.digest, area)
