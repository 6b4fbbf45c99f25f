"""2SFCA: places a week per 1,000 persons, everybody within T minutes counting alike (Luo and Wang 2003)."""

from __future__ import annotations

from collections.abc import Sequence

from access.decay import decay_of
from access.measures.base import Legs, Measured, reach
from access.measures.catchments import ASSUMED_CAPACITY, measure_catchment
from access.query import Mode
from access.sessions import SessionAccess

NAME = "two_step"


def measure(
    access: SessionAccess, category: str, modes: Sequence[Mode] = ("transit",), *, legs: Legs = "round_trip",
    within_min: float = 45.0, assumed_capacity: float | None = ASSUMED_CAPACITY,
) -> Measured:  # fmt: skip
    """Return places a week per 1,000 persons (errors: :func:`access.measures.catchments.measure_catchment`)."""
    found = reach(access, category, modes, legs, within_min=within_min)
    return measure_catchment(found, NAME, decay_of("step", within_min), assumed_capacity)
