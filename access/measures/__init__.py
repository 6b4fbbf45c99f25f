"""How much is within reach, by origin and zone: one file per measure, with ``NAME`` and ``measure(access, category, modes, *, legs, …)``.

A new measure is a new file here and its words in the ``measures`` catalogues.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from access.measures.base import LEGS, Legs, Measured
from access.query import Mode, QueryError
from access.sessions import SessionAccess

__all__ = ["LEGS", "Legs", "Measured", "kinds", "measure", "parameters"]


@cache
def kinds() -> dict[str, ModuleType]:
    """Return the measures of this folder by name."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {module.NAME: module for module in modules if hasattr(module, "measure")}


def parameters(name: str) -> dict[str, object]:
    """Return a measure's own parameters with their defaults (beside access, category, modes and legs).

    Raises:
        QueryError: there is no such measure.
    """
    if name not in kinds():
        raise QueryError(f"There is no measure called '{name}'. Known: {', '.join(sorted(kinds()))}.")
    own = inspect.signature(kinds()[name].measure).parameters
    return {key: own[key].default for key in own if key not in ("access", "category", "modes", "legs")}


def measure(
    name: str, access: SessionAccess, category: str, modes: Sequence[Mode] = ("transit",), *, legs: Legs = "round_trip", **asked: object
) -> Measured:  # fmt: skip
    """Return a measure by name.

    Raises:
        QueryError: there is no such measure, it has no such parameter, or the question is one that it can't answer.
    """
    known = parameters(name)
    foreign = sorted(set(asked) - set(known))
    if foreign:
        raise QueryError(f"'{name}' has no {', '.join(foreign)}. It has: {', '.join(known) or 'no parameters'}.")
    found: Measured = kinds()[name].measure(access, category, modes, legs=legs, **asked)
    return found
