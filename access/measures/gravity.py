"""Sessions a week, each counted less the farther it is: ``A_i = Σ_j O_j f(t_ij)`` (Hansen 1959)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from access.decay import DecayName, decay_of
from access.measures.base import Legs, Measured, measured, reach
from access.query import Mode
from access.sessions import SessionAccess

NAME = "gravity"


def measure(
    access: SessionAccess, category: str, modes: Sequence[Mode] = ("transit",), *, legs: Legs = "round_trip",
    decay: DecayName = "logistic", cutoff_min: float = 45.0, width_min: float = 10.0,
) -> Measured:  # fmt: skip
    """Return the decayed number of sessions a week (``access.decay`` has the forms).

    Raises:
        QueryError: as in :func:`access.decay.decay_of` and :func:`access.measures.base.reach`.
    """
    weight = decay_of(decay, cutoff_min, width_min)
    found = reach(access, category, modes, legs, within_min=cutoff_min)
    per_week = found.sessions["per_week"].to_numpy(np.float64)
    weights = weight(found.minutes)
    return measured(found, NAME, "unit.sessions_per_week", per_week @ weights, (weights > 0).any(axis=0))
