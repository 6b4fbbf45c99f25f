"""Sessions a week within T minutes: the cumulative (primal) measure (Transport Access Manual, 2020)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from access.measures.base import Legs, Measured, measured, reach
from access.query import Mode, QueryError
from access.sessions import SessionAccess

NAME = "within"


def measure(
    access: SessionAccess, category: str, modes: Sequence[Mode] = ("transit",), *, legs: Legs = "round_trip", within_min: float = 45.0
) -> Measured:  # fmt: skip
    """Return the sessions a week within ``within_min`` (fortnightly ones count half); there and back, each way.

    Raises:
        QueryError: ``within_min`` is not above 0; or as in :func:`access.measures.base.reach`.
    """
    if not within_min > 0:
        raise QueryError(f"{within_min:g} minutes can't be asked: give more than 0.")
    found = reach(access, category, modes, legs, within_min=within_min)
    per_week = found.sessions["per_week"].to_numpy(np.float64)
    is_near = found.minutes <= within_min  # NaN is not
    return measured(found, NAME, "unit.sessions_per_week", per_week @ is_near, is_near.any(axis=0))
