"""Why: for a zone, every session there and back with the reason it is in reach or not, and the legs of the way there and home."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.gaps import are_placed
from access.mode_times import MAY_BE_REACHABLE, ModeTimes, Reason
from access.query import Mode, Standard, check_minutes
from access.sessions import SessionAccess
from geo.errors import UnknownName

COLUMNS = (
    "session_id", "activity_id", "name_en", "name_cy", "category", "venue_name", "weekday", "start_s", "end_s", "freq", "mode",
    "out_min", "back_min", "reachable_share", "unknown_share", "reason", "reason_share", "to_be_booked",
)  # fmt: skip


def zone_origins(access: SessionAccess, zone_code: str) -> NDArray[np.intp]:
    """Return the rows of a zone's origins.

    Raises:
        UnknownName: the area has no such zone.
    """
    area = access.network.area
    rows = np.flatnonzero(area.origins["zone_code"].to_numpy() == zone_code)
    if not len(rows):
        raise UnknownName("zone", zone_code, area.zones["zone_code"])
    return rows


def zone_sessions(
    access: SessionAccess, zone_code: str, within_min: float, modes: Sequence[Mode], category: str | None = None
) -> pd.DataFrame:
    """Return one row for each session and mode, as a zone's people find it (columns: ``COLUMNS``).

    ``reachable_share`` is the share who get there and back within the limit among the zone's people of whom it is known, NaN where it is
    known of nobody; ``unknown_share`` the share of whom it is not. ``reason`` is what holds for more of all its people than anything
    else (``REACHABLE`` among the rest), ``reason_share`` their share of all, and ``out_min`` and ``back_min`` are the medians of these
    same people, NaN where they have no way: minutes of those who get there would say nothing of those who don't.

    Raises:
        UnknownName: the area has no such zone.
        QueryError: there is no such limit, or ways were not looked for as far as that.
    """
    check_minutes(within_min)
    access.network.rules.check_within(within_min, modes)
    origins = zone_origins(access, zone_code)
    people = access.network.area.origins["population"].to_numpy(np.float64)[origins]
    people = np.ones(len(origins)) if not np.nansum(people) else np.nan_to_num(people)
    rows = np.arange(len(access.sessions)) if category is None else access.of_category(category)
    own = [name for name in COLUMNS if name in access.sessions]
    found: list[dict[str, object]] = []
    for row in map(int, rows):
        said = {name: access.sessions[name].iloc[row] for name in own}
        for mode in modes:
            seen = _as_seen(access.by_mode[mode], row, origins, people, within_min * 60)
            found.append({**said, "mode": mode, **seen})
    return pd.DataFrame(found, columns=list(COLUMNS))


def _as_seen(
    times: ModeTimes, session: int, origins: NDArray[np.intp], people: NDArray[np.float64], limit_s: float
) -> dict[str, object]:
    reason = times.reasons(session, limit_s)[origins]
    is_reachable = reason == Reason.REACHABLE
    is_known = ~np.isin(reason, [one for one in Reason if not one.is_known])
    known = people[is_known].sum()
    by_reason = np.bincount(reason, weights=people, minlength=len(Reason))
    most = Reason(int(by_reason.argmax()))
    same = reason == most
    return {
        "out_min": weighted_median(times.out_s[times.out_row[session]][origins][same], people[same]) / 60,
        "back_min": weighted_median(times.back_s[times.back_row[session]][origins][same], people[same]) / 60,
        "reachable_share": float(people[is_reachable].sum() / known) if known else float("nan"),
        "unknown_share": float(people[~is_known].sum() / people.sum()),
        "reason": most,
        "reason_share": float(by_reason[most] / people.sum()),
        "to_be_booked": bool(times.is_booked(session)[origins][is_reachable].any()),
    }


def weighted_median(values: NDArray[np.float32], weights: NDArray[np.float64]) -> float:
    """Return the smallest value at or below which half the weight of the finite values lies; NaN where none is finite."""
    is_finite = np.isfinite(values)
    if not is_finite.any():
        return float("nan")
    order = np.argsort(values[is_finite], kind="stable")
    reached = np.cumsum(weights[is_finite][order])
    return float(values[is_finite][order][np.searchsorted(reached, reached[-1] / 2)])


def not_known_why(access: SessionAccess, standard: Standard, origins: NDArray[np.intp]) -> list[Reason]:
    """Return what is wanting where it is not known whether people at ``origins`` find a standard met, each cause once."""
    causes = set() if are_placed(access, standard.modes)[origins].all() else {Reason.NOT_PLACED}
    for session in map(int, access.of_category(standard.category)):
        for mode in standard.modes:
            reasons = access.by_mode[mode].reasons(session, standard.limit_s)[origins]
            causes |= {reason for reason in MAY_BE_REACHABLE if (reasons == reason).any()}
    return sorted(causes)


def typical_origin(access: SessionAccess, zone_code: str, session: int, mode: Mode) -> int:
    """Return the row of the origin whose way is shown for a zone: of those with most of a way, the one with most people.

    Raises:
        UnknownName: the area has no such zone.
    """
    origins = zone_origins(access, zone_code)
    times = access.by_mode[mode]
    ways = np.isfinite(times.out_s[times.out_row[session]][origins]).astype(int)
    ways += np.isfinite(times.back_s[times.back_row[session]][origins])
    people = np.nan_to_num(access.network.area.origins["population"].to_numpy(np.float64)[origins])
    return int(origins[np.lexsort((-people, -ways))[0]])
