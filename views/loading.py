"""Open areas and compute answers once each, for everyone who looks: read-only, kept by digest and question."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from access.costs import Prices, read_prices
from access.gaps import Gaps, find_gaps
from access.network import AreaNetwork
from access.options import Option, Question, answers
from access.query import Mode, Standard
from access.sessions import ModeTimes, SessionAccess, running_sessions, times_by_mode
from geo.area import Area
from geo.build import area_profiles, open_area
from geo.profile import AreaProfile, read_profile
from views import assets
from views.geometry import AreaShapes, area_shapes
from views.language import text

KEPT_AREAS, KEPT_ANSWERS = 3, 64


def profiles() -> list[AreaProfile]:
    """Return the profiles that the dashboard offers, by name of their file."""
    return [read_profile(path) for path in area_profiles().values()]


def area_of(profile: AreaProfile) -> Area:
    """Open an area, saying what is being done while it is read or built."""
    path = area_profiles()[profile.area_id]
    with st.spinner(text("progress.area")):
        return _area(str(path), path.stat().st_mtime_ns)


@st.cache_resource(show_spinner=False, max_entries=KEPT_AREAS)
def _area(path: str, changed_ns: int) -> Area:
    return open_area(path)


@st.cache_resource(show_spinner=False, max_entries=KEPT_AREAS)
def network_of(digest: str, _area: Area) -> AreaNetwork:
    """Return the network of the area with that digest, under the default rules."""
    return AreaNetwork(_area)


def access_by(network: AreaNetwork, modes: tuple[Mode, ...]) -> SessionAccess:
    """Return there and back by ``modes``; each mode is computed once for an area, when it is first asked for."""
    digest = network.area.digest
    by_mode: dict[Mode, ModeTimes] = {}
    for mode in modes:
        with st.spinner(text("progress.times", mode=text(f"mode.{mode}"))):
            by_mode[mode] = _times(digest, mode, network)
    return SessionAccess(network, _sessions(digest, network), by_mode)


@st.cache_resource(show_spinner=False, max_entries=KEPT_AREAS)
def _sessions(digest: str, _network: AreaNetwork) -> pd.DataFrame:
    return running_sessions(_network)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT_AREAS)
def _times(digest: str, mode: Mode, _network: AreaNetwork) -> ModeTimes:
    return times_by_mode(_network, _sessions(digest, _network), (mode,))[mode]


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def gaps_of(digest: str, standard: Standard, _access: SessionAccess) -> Gaps:
    """Return the gaps under a standard."""
    return find_gaps(_access, standard, prices_of(_access.network.area))


def options_of(gaps: Gaps, zone_code: str) -> list[Option]:
    """Return the answers for one zone (errors: :func:`access.options.answers`)."""
    with st.spinner(text("progress.options")):
        return _options(gaps.access.network.area.digest, gaps.standard, zone_code, gaps)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _options(digest: str, standard: Standard, zone_code: str, _gaps: Gaps) -> list[Option]:
    return answers(Question(_gaps, (zone_code,), prices_of(_gaps.access.network.area)))


def prices_of(area: Area) -> Prices:
    """Return the prices that hold on the area's service date."""
    return read_prices(area.profile.service_date)


@st.cache_resource(show_spinner=False, max_entries=KEPT_AREAS)
def shapes_of(digest: str, _area: Area) -> AreaShapes:
    """Return the area's shapes, published where the map's frame can fetch them."""
    shapes = area_shapes(_area)
    assets.publish(shapes.name, shapes.content)
    return shapes
