"""The kind of activity that most people go without: what a newcomer to an area is shown first."""

from __future__ import annotations

import numpy as np

from access.catchments import categories
from access.gaps import count_sessions, judge_counts, need_weight, pass_share_by_origin
from access.query import Mode, Standard
from access.sessions import SessionAccess


def widest_gap(access: SessionAccess, modes: tuple[Mode, ...] = ("transit",)) -> str | None:
    """Return, of the categories of which anything runs, the one that most people go without, weighted by need where that is known.

    It is the one with most ``need_weighted_unmet_persons``, then ``unmet_persons``, of :func:`access.gaps.find_gaps` under the usual
    standard by ``modes``, found from the counts alone. None where nothing runs.

    Raises:
        QueryError: a mode was not computed, or not as far as the standard's limit.
    """
    area = access.network.area
    people, weight, holders = (
        area.origins["population"].to_numpy(np.float64),
        need_weight(area),
        pass_share_by_origin(access),
    )

    def missing(category: str) -> tuple[float, float]:
        standard = Standard(category, modes=modes)
        share, is_unknown = judge_counts(count_sessions(access, standard), standard.sessions_per_week, holders)
        unmet = np.where(is_unknown, 0.0, people * (1.0 - np.nan_to_num(share)))
        return float(np.nansum(unmet * weight)), float(np.nansum(unmet))

    return max(categories(access), key=missing, default=None)
