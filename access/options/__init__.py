"""The answers to a gap: one file per kind of intervention, each with ``ORDER`` and ``answer(question) -> Option``.

A new kind is a new file here, its words in the ``access`` catalogues, and its prices in the price table.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from access.options.base import NoGap, Option, Question, as_table, zone_rows

__all__ = ["NoGap", "Option", "Question", "answers", "as_table"]


def answers(question: Question) -> list[Option]:
    """Return every kind of answer to a gap, in their fixed order.

    Raises:
        NoGap: nobody in the zones asked for is known to miss the standard.
    """
    zone_rows(question)
    return [kind.answer(question) for kind in kinds()]


@cache
def kinds() -> tuple[ModuleType, ...]:
    """Return the modules of this folder that answer gaps."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return tuple(sorted((module for module in modules if hasattr(module, "answer")), key=lambda module: module.ORDER))
