"""Minutes to the first, second, n-th option: the dual measure (Transport Access Manual, 2020).

An option is an activity: a choir that meets twice a week is one choice, at the better of its two times.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from access.measures.base import Floats, Legs, Measured, Reach, measured, reach
from access.query import Mode, QueryError
from access.sessions import SessionAccess

NAME = "nearest"


def measure(
    access: SessionAccess, category: str, modes: Sequence[Mode] = ("transit",), *, legs: Legs = "round_trip", n: int = 1
) -> Measured:
    """Return the minutes to the ``n``-th nearest activity of the category; NaN with ``is_reachable`` false where fewer are reached.

    Raises:
        QueryError: ``n`` is not from 1 to 100; or as in :func:`access.measures.base.reach`.
    """
    if not 1 <= n <= 100:
        raise QueryError(f"The {n}-th option can't be asked: give n from 1 to 100.")
    found = reach(access, category, modes, legs)
    minutes = nth_min(found, n)
    return measured(found, NAME, "unit.min", minutes, ~np.isnan(minutes), more_is_better=False)


def nth_min(found: Reach, n: int) -> Floats:
    """Return the minutes (origins,) to the n-th nearest activity; NaN where fewer are within reach."""
    activity, index = np.unique(found.sessions["activity_id"].to_numpy(str), return_inverse=True)
    if n > len(activity):
        return np.full(found.minutes.shape[1], np.nan)
    best = np.full((len(activity), found.minutes.shape[1]), np.inf)
    np.minimum.at(best, index, np.where(np.isnan(found.minutes), np.inf, found.minutes))
    nth = np.partition(best, n - 1, axis=0)[n - 1]
    return np.where(np.isfinite(nth), nth, np.nan)
