"""How much an option counts by the minutes it is away: weights from 1 to 0 that never rise.

The forms of linear, exponential and logistic decay are those of Conveyal R5 (``analysis/decay``, E), so that figures can be
compared; step weights are data, with their sources, in :data:`STEPS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from access.query import QueryError

Floats = NDArray[np.float64]
DecayName = Literal["step", "linear", "exponential", "logistic"]
DECAYS: tuple[DecayName, ...] = get_args(DecayName)
LOG_MAX = 700.0  # exp of more overflows


class Decay(Protocol):
    """Minutes to weights of the same shape; no way (NaN) weighs 0."""

    def __call__(self, minutes: Floats) -> Floats:
        """Return a weight from 0 to 1 for each number of minutes."""
        ...


@dataclass(frozen=True)
class Step:
    """``weights`` holds pairs (up to and including so many minutes, weight); beyond the last an option counts nothing."""

    weights: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        until = [minutes for minutes, _ in self.weights]
        weight = [1.0, *(weight for _, weight in self.weights), 0.0]
        if not until or until[0] <= 0 or any(a >= b for a, b in pairwise(until)):
            raise QueryError("The minutes of a step decay must be above 0 and rise.")
        if any(a < b for a, b in pairwise(weight)):
            raise QueryError("The weights of a step decay must lie between 0 and 1 and never rise.")

    @property
    def until_min(self) -> float:
        """The minutes beyond which an option counts nothing."""
        return self.weights[-1][0]

    def __call__(self, minutes: Floats) -> Floats:
        """Return the weight of the first step that holds the minutes."""
        until = np.array([step for step, _ in self.weights])
        weight = np.array([*(weight for _, weight in self.weights), 0.0])
        return weight[np.searchsorted(until, minutes, side="left")]  # NaN sorts after all numbers: weight 0


@dataclass(frozen=True)
class Linear:
    """1 up to ``cutoff_min - width_min / 2``, 0 from ``cutoff_min + width_min / 2``, a straight line between."""

    cutoff_min: float
    width_min: float = 10.0

    def __post_init__(self) -> None:
        _check_positive("cutoff", self.cutoff_min)
        if not 0 < self.width_min <= 2 * self.cutoff_min:
            raise QueryError("The width of a linear decay must be above 0 and at most twice its cutoff.")

    def __call__(self, minutes: Floats) -> Floats:
        """Return the height of the line."""
        ends_min = self.cutoff_min + self.width_min / 2
        return np.nan_to_num(np.clip((ends_min - minutes) / self.width_min, 0.0, 1.0))


@dataclass(frozen=True)
class Exponential:
    """Half the weight every ``cutoff_min`` minutes."""

    cutoff_min: float

    def __post_init__(self) -> None:
        _check_positive("cutoff", self.cutoff_min)

    def __call__(self, minutes: Floats) -> Floats:
        """Return ``2 ** (-minutes / cutoff_min)``."""
        return np.nan_to_num(np.exp2(-np.maximum(minutes, 0.0) / self.cutoff_min))


@dataclass(frozen=True)
class Logistic:
    """``f(t) = g(0) / g(t)`` with ``g(t) = 1 + exp((t - cutoff) π / (width √3))``; ``width_min`` is its standard deviation."""

    cutoff_min: float
    width_min: float = 10.0

    def __post_init__(self) -> None:
        _check_positive("cutoff", self.cutoff_min)
        _check_positive("width", self.width_min)

    def __call__(self, minutes: Floats) -> Floats:
        """Return the scaled logistic curve."""
        return np.nan_to_num(self._g(np.zeros(1)) / self._g(np.maximum(minutes, 0.0)))

    def _g(self, minutes: Floats) -> Floats:
        rate = np.pi / (self.width_min * np.sqrt(3))
        return 1 + np.exp(np.minimum((minutes - self.cutoff_min) * rate, LOG_MAX))


STEPS: dict[str, tuple[Step, str]] = {
    "e2sfca_30": (Step(((10, 1.0), (20, 0.68), (30, 0.22))), "Luo & Qi 2009, V"),
    "e2sfca_60": (Step(((20, 1.0), (40, 0.68), (60, 0.22))), "the 60-minute form of Luo & Qi's weights, V"),
    "3sfca_60": (Step(((10, 0.962), (20, 0.704), (30, 0.377), (60, 0.042))), "Wan, Zou & Sternberg 2012, V"),
}


def decay_of(name: DecayName, cutoff_min: float, width_min: float = 10.0) -> Decay:
    """Return a decay by name; ``width_min`` is used by the linear and the logistic one.

    Raises:
        QueryError: there is no such decay, or its minutes are not above 0.
    """
    if name == "step":
        return Step(((cutoff_min, 1.0),))
    if name == "linear":
        return Linear(cutoff_min, width_min)
    if name == "exponential":
        return Exponential(cutoff_min)
    if name == "logistic":
        return Logistic(cutoff_min, width_min)
    raise QueryError(f"There is no decay called '{name}'. Known: {', '.join(DECAYS)}.")


def steps_of(name: str) -> Step:
    """Return step weights by their name in :data:`STEPS`.

    Raises:
        QueryError: there are none of that name.
    """
    if name not in STEPS:
        raise QueryError(f"There are no step weights called '{name}'. Known: {', '.join(STEPS)}.")
    return STEPS[name][0]


def _check_positive(what: str, minutes: float) -> None:
    if not 0 < minutes <= 1440:
        raise QueryError(f"The {what} of a decay must be above 0 and at most 1,440 minutes; got {minutes:g}.")
