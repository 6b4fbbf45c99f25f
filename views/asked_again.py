"""The question asked again a little differently, to tell how sure its answer is: at the slower walk, and leaving at any minute."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from access.confidence import confidence_in_window
from access.gaps import Gaps
from access.query import Standard
from access.sessions import SessionAccess
from access.travellers import slower
from views import loading
from views.language import text

WINDOW_S = (
    36_000,
    43_200,
)  # 10:00 to 12:00 by the clock: leaving home; the way back is taken in as long a time from its end


def slower_access(access: SessionAccess) -> SessionAccess | None:
    """Return there and back by the same modes at the slower walk; None where they walk no faster already."""
    rules = slower(access.network.rules)
    if rules is None:
        return None
    return loading.access_by(loading.network_under(access.network.area, rules), tuple(access.by_mode))


def in_window_of(gaps: Gaps) -> pd.DataFrame:
    """Return who has a place of the standard's category in time on how many minutes of the window, by its modes and minutes.

    Raises:
        QueryError, DateOutsideTimetable, as in :func:`access.confidence.confidence_in_window`.
    """
    with st.spinner(text("progress.window")):
        return _in_window(loading.told(gaps), gaps.standard, gaps)


@st.cache_resource(show_spinner=False, max_entries=loading.KEPT_ANSWERS)
def _in_window(digest: str, standard: Standard, _gaps: Gaps) -> pd.DataFrame:
    network = _gaps.access.network
    begin_s, end_s = (int(network.service_s(network.area.profile.service_date, clock_s)) for clock_s in WINDOW_S)
    asked = standard.category, standard.within_min, standard.modes
    return confidence_in_window(_gaps.access, *asked, depart_s=begin_s, until_s=end_s, back_s=end_s)
