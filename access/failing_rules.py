"""Which rule fails where a zone's people do not reach a session: too long, no way, too far from a stop, too dear; and by how much.

It is said as most of them find it, measured against the limit. A way there or home that is wanting is told by the last journey that
there is, found by the same searches as the session itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.counted import hours_said, minutes_in_full
from access.explain import weighted_median
from access.gaps import Gaps
from access.journeys import session_way
from access.mode_times import ModeTimes, Reason
from access.query import Mode
from access.smallest_change import with_times
from geo.timetable.clock import hhmm
from geo.words import Message

LOOK_S = 4 * 3600  # how far before the end, or after the start, a useful journey is looked for
STEP_S = 300  # in which steps


def failing_rules(gaps: Gaps, zone_code: str, session: int, left: NDArray[np.intp], mode: Mode) -> Sequence[Message]:
    """Say which rule fails by one mode for most of the people who do not reach a session."""
    times, limit_s = gaps.access.by_mode[mode], gaps.standard.limit_s
    reason = times.reasons(session, limit_s)[left]
    weight = np.maximum(people_of(gaps)[left], 1e-9) * (reason != Reason.REACHABLE)
    if not weight.any():  # near enough by this mode: what keeps them away is the fare
        return (Message("why.fails.fare", {"mode": Message(f"mode.{mode}")}),)
    most = Reason(int(np.bincount(reason, weights=weight, minlength=len(Reason)).argmax()))
    own = left[reason == most]
    if most == Reason.TOO_LONG or (most == Reason.TOO_FAR_TO_WALK and mode == "walk"):
        return (_too_long(gaps, mode, session, own),)
    if most == Reason.TOO_FAR_TO_WALK:
        return (_far_from_stop(gaps, times, session, own),)
    if most in (Reason.NO_WAY_THERE, Reason.NO_WAY_HOME) and mode == "transit":
        return (_useful_journey(gaps, zone_code, session, own, is_return=most == Reason.NO_WAY_HOME),)
    return (Message(most.key),)


def _too_long(gaps: Gaps, mode: Mode, session: int, own: NDArray[np.intp]) -> Message:
    out_min, back_min, _ = out_and_back(gaps, mode, session, own)
    if np.isnan(out_min + back_min):
        return Message("why.fails.no_way", {"mode": Message(f"mode.{mode}")})
    minutes = {"out": minutes_in_full(whole_minutes(out_min)), "back": whole_minutes(back_min)}
    values = {"mode": Message(f"mode.{mode}"), **minutes, "limit": f"{gaps.standard.within_min:g}"}
    return Message("why.fails.too_long", values)


def whole_minutes(minutes: float) -> int:
    """Return whole minutes, rounded up as everywhere: what is too long never reads as long enough."""
    return math.ceil(minutes - 1e-9)


def _far_from_stop(gaps: Gaps, times: ModeTimes, session: int, own: NDArray[np.intp]) -> Message:
    """Say how far the nearest stop is on foot from home, or from the venue where home has one."""
    network = gaps.access.network
    most_m = network.rules.max_walk_min * network.rules.walk_kmh / 0.06
    is_home = ~network.origin_has_stop[own]
    if is_home.any():
        key, places = "why.fails.stop_home", network.origins["walk"].take(own[is_home])
    else:
        venue = int(gaps.access.sessions["venue"].iloc[session])
        key, places = "why.fails.stop_venue", network.venues["walk"].take([venue])
    nearest_m = float(np.median(network.transit.nearest_stop_s(places))) * network.rules.walk_kmh / 3.6
    if not np.isfinite(nearest_m):
        return Message(f"{key}.none", {"limit": f"{most_m:,.0f}"})
    return Message(f"{key}.far", {"metres": f"{nearest_m:,.0f}", "limit": f"{most_m:,.0f}"})


def _useful_journey(gaps: Gaps, zone_code: str, session: int, own: NDArray[np.intp], *, is_return: bool) -> Message:
    """Name the last journey home before the end, or the first there after the start, within the limit for most of these people."""
    key = "why.fails.home" if is_return else "why.fails.there"
    row = gaps.access.sessions.iloc[session]
    step = np.arange(0, LOOK_S + 1, STEP_S)
    start_s = np.full(len(step), row["start_s"]) if is_return else row["start_s"] + step
    end_s = row["end_s"] - step if is_return else np.full(len(step), row["end_s"])
    asked = pd.DataFrame({"start_s": start_s, "end_s": end_s})
    asked = asked[(asked["end_s"] > 0) & (asked["start_s"] < 36 * 3600)]
    trial = with_times(gaps.access, session, asked, gaps.standard)
    times = trial.by_mode["transit"]
    seconds, at = (times.back_s, times.back_row) if is_return else (times.out_s, times.out_row)
    able = (seconds[at][:, own] <= gaps.standard.limit_s) @ np.maximum(people_of(gaps)[own], 1e-9)
    if able.max() <= 0:
        limit = minutes_in_full(gaps.standard.within_min)
        return Message(f"{key}.none", {"hours": hours_said(LOOK_S // 3600), "limit": limit})
    found = int(np.argmax(able >= able.max() / 2))
    way = session_way(trial, zone_code, found, "transit")
    legs = [leg for leg in (way.back if is_return else way.there) or () if leg.key.startswith("leg.ride.")]
    said_at = hhmm(row["end_s"] if is_return else row["start_s"])
    if not legs:
        at_s = asked["end_s" if is_return else "start_s"].iloc[found]
        return Message(f"{key}.time", {"useful": hhmm(at_s), "session": said_at})
    leg = legs[0] if is_return else legs[-1]
    values = {name: leg.values[name] for name in ("line", "from_", "to", "depart", "arrive")}
    return Message(f"{key}.ride", {**values, "session": said_at})


def out_and_back(gaps: Gaps, mode: Mode, session: int, origins: NDArray[np.intp]) -> tuple[float, float, float]:
    """Return for some origins' people the median minutes out and back of those with a way, and the median of the longer way.

    The last counts people without a way as infinitely far: NaN says that half of them or more have none.
    """
    times, people = gaps.access.by_mode[mode], np.maximum(people_of(gaps)[origins], 1e-9)
    out_s, back_s = times.out_s[times.out_row[session]][origins], times.back_s[times.back_row[session]][origins]
    longer_s = np.maximum(out_s, back_s)
    has_way = people[np.isfinite(longer_s)].sum() > people.sum() / 2
    longer_s = np.where(np.isfinite(longer_s), longer_s, np.float32(1e9))
    longer = weighted_median(longer_s, people) / 60 if has_way else np.nan
    return weighted_median(out_s, people) / 60, weighted_median(back_s, people) / 60, longer


def people_of(gaps: Gaps) -> NDArray[np.float64]:
    """Return the people of each origin, none where nobody has counted them."""
    return np.nan_to_num(gaps.access.network.area.origins["population"].to_numpy(np.float64))
