"""The parts of the Gaps page: one file for each, with ``draw(asked)``.

A new part is a new file here, its name in ``views.choices.SECTIONS``, and its words in the ``gaps_page`` catalogues.
"""

from __future__ import annotations

from importlib import import_module

from views.asked import Asked


def draw(name: str, asked: Asked) -> None:
    """Draw the part of that name."""
    import_module(f"{__name__}.{name}").draw(asked)
