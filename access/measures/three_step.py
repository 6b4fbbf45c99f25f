"""3SFCA: as E2SFCA, but people share themselves out over the sessions they can reach (Wan, Zou and Sternberg 2012)."""

from __future__ import annotations

from collections.abc import Sequence

from access.decay import steps_of
from access.measures.base import Legs, Measured, reach
from access.measures.catchments import ASSUMED_CAPACITY, measure_catchment
from access.query import Mode
from access.sessions import SessionAccess

NAME = "three_step"


def measure(
    access: SessionAccess, category: str, modes: Sequence[Mode] = ("transit",), *, legs: Legs = "round_trip",
    weights: str = "3sfca_60", assumed_capacity: float | None = ASSUMED_CAPACITY,
) -> Measured:  # fmt: skip
    """Return places a week per 1,000 persons; ``weights`` names one of ``access.decay.STEPS``."""
    decay = steps_of(weights)
    found = reach(access, category, modes, legs, within_min=decay.until_min)
    return measure_catchment(found, NAME, decay, assumed_capacity, with_choice=True)
