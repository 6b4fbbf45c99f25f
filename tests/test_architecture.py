"""Imports go one way, geo ← access ← views ← dashboard.py; pages' libraries stay in the pages; modules stay short."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
LAYERS = ("geo", "access", "views", "dashboard")
PAGES_ONLY = ("streamlit", "folium", "streamlit_folium", "branca", "xstatic")
MAX_LINES = 320


def modules() -> list[Path]:
    return [*sorted(path for layer in LAYERS[:3] for path in (PROJECT / layer).rglob("*.py")), PROJECT / "dashboard.py"]


def imported(source: str) -> Iterator[str]:
    """Yield the top-level package of every import in ``source``, those inside functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.split(".")[0]


def faults(layer: str, source: str) -> set[str]:
    """Return the packages that a module of ``layer`` may not import, but does."""
    found = set(imported(source))
    above = set(LAYERS[LAYERS.index(layer) + 1 :])
    barred = above | (set(PAGES_ONLY) if layer in ("geo", "access") else set()) | {"tests", "benchmarks"}
    return found & barred


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_module_keeps_to_its_layer_and_its_length(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    layer = path.relative_to(PROJECT).parts[0].removesuffix(".py")
    assert faults(layer, source) == set()
    assert len(source.splitlines()) <= MAX_LINES, f"{path.name} is too long to read at one sitting: split it"


def test_an_arrow_back_is_found_wherever_it_stands() -> None:
    assert faults("geo", "def f():\n    from access.query import Standard\n") == {"access"}
    assert faults("access", "import views.map\nimport streamlit as st\n") == {"views", "streamlit"}
    assert faults("views", "import folium\nfrom access import gaps\nimport dashboard\n") == {"dashboard"}
    assert faults("dashboard", "import streamlit\nfrom views import pages\n") == set()


def test_the_layers_are_where_they_should_be() -> None:
    assert len(modules()) > 20  # an empty list would let everything pass
