"""What is in reach of a zone's people over all categories: what a link worker looks up before somebody is referred.

A session is in reach of a zone where at least half of its people of whom it is known get there and back within the standard's minutes
(and fare, where it has one) by one of its modes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.costs import Prices
from access.explain import weighted_median, zone_origins
from access.gaps import are_placed, judge
from access.query import Mode, Standard
from access.sessions import SessionAccess
from geo.area import Area
from geo.vocabulary import CATEGORIES

MOST = 0.5  # of the people of whom it is known
COLUMNS = (
    "session_id", "activity_id", "name_en", "name_cy", "category", "provider", "venue_id", "venue_name", "weekday", "start_s", "end_s",
    "freq", "mode",
    "out_min", "back_min", "reachable_share", "to_be_booked", "contact", "cost_gbp", "languages", "referral", "eligibility", "is_full",
)  # fmt: skip


def sessions_in_reach(
    access: SessionAccess, zone_code: str, standard: Standard, prices: Prices | None = None
) -> pd.DataFrame:
    """Return one row for each session in reach, of any category, by the mode that most people reach it by, then the quickest.

    Columns: ``COLUMNS``; ``out_min`` and ``back_min`` are the medians, by people, of those who get there and back. Sorted by category,
    the nearest (by the longer of its two ways) first.

    Raises:
        UnknownName: the area has no such zone.
        QueryError: a mode of the standard was not computed, or not as far as its limit, or prices are wanting.
    """
    access.network.rules.check_within(standard.within_min, standard.modes)
    origins = zone_origins(access, zone_code)
    people = np.nan_to_num(access.network.area.origins["population"].to_numpy(np.float64)[origins])
    people = people if people.sum() else np.ones(len(origins))
    own = access.sessions.to_dict("records")
    found: list[dict[Any, Any]] = []
    for row in range(len(own)):
        ways = [_way(access, row, origins, people, replace(standard, modes=(mode,)), prices) for mode in standard.modes]
        best = min(ways, key=lambda way: (-way.reachable_share, max(way.out_min, way.back_min)))
        if best.reachable_share >= MOST:
            found.append({**own[row], **asdict(best)})
    table = pd.DataFrame(found, columns=list(COLUMNS))
    longer = table[["out_min", "back_min"]].max(axis=1)
    return table.assign(longer=longer).sort_values(["category", "longer"], kind="stable").drop(columns="longer")


@dataclass(frozen=True)
class _Way:
    """How a zone's people reach a session by one mode: medians in minutes (NaN: nobody does), and the share of those that are known."""

    mode: Mode
    out_min: float
    back_min: float
    reachable_share: float  # 0 where it is known of nobody
    to_be_booked: bool


def _way(
    access: SessionAccess, row: int, origins: NDArray[np.intp], people: NDArray[np.float64], standard: Standard, prices: Prices | None
) -> _Way:  # fmt: skip
    """Return the way by the standard's one mode."""
    [mode] = standard.modes
    times = access.by_mode[mode]
    is_reachable, _, is_unjudged = (one[origins] for one in judge(access, standard, row, prices))
    is_known = (are_placed(access, standard.modes)[origins] & ~is_unjudged) | is_reachable
    known = people[is_known].sum()
    out_s, back_s = times.out_s[times.out_row[row]][origins], times.back_s[times.back_row[row]][origins]
    return _Way(
        mode=mode,
        out_min=weighted_median(out_s[is_reachable], people[is_reachable]) / 60,
        back_min=weighted_median(back_s[is_reachable], people[is_reachable]) / 60,
        reachable_share=float(people[is_reachable].sum() / known) if known else 0.0,
        to_be_booked=bool(times.is_booked(row)[origins][is_reachable].any()),
    )


def by_category(in_reach: pd.DataFrame) -> pd.DataFrame:
    """Return one row for every category: how many ``sessions`` are in reach, and the columns of the nearest, missing where none is."""
    nearest = in_reach.drop_duplicates("category").set_index("category").reindex(sorted(CATEGORIES))
    counted = in_reach["category"].value_counts().reindex(nearest.index).fillna(0).astype(int)
    return nearest.assign(sessions=counted).reset_index()


def is_any_placed(access: SessionAccess, zone_code: str, standard: Standard) -> bool:
    """Say whether anybody in a zone could be placed for the standard's modes; otherwise what is in reach is not known."""
    return bool(are_placed(access, standard.modes)[zone_origins(access, zone_code)].any())


def zone_of_practices(area: Area) -> pd.Series:
    """Return the zone that each placed practice stands in, by practice id; practices that are not placed, or in no zone, are left out."""
    placed = area.practices[area.practices.geometry.notna()]
    if placed.empty:
        return pd.Series([], index=pd.Index([], name="practice_id"), dtype=object)
    joined = placed[["practice_id", "geometry"]].sjoin(area.zones[["zone_code", "geometry"]], predicate="within")
    return joined.drop_duplicates("practice_id").set_index("practice_id")["zone_code"]
