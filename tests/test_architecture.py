"""Imports go one way, geo ← access ← views ← dashboard.py, and in no circle; pages' libraries stay in the pages; modules stay short."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
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


def names(path: Path) -> str:
    """Return the name under which a module is imported."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


def needed(source: str, known: set[str]) -> set[str]:
    """Return the modules among ``known`` that a source imports: anywhere, and for types alone too."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inside & known or {node.module}
    return found & known


def circle(sources: Mapping[str, str]) -> list[str]:
    """Return modules of which each needs the next and the last is the first again; none: they can be read one after another."""
    try:
        TopologicalSorter({name: needed(source, set(sources)) - {name} for name, source in sources.items()}).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


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


def test_no_module_needs_one_that_needs_it() -> None:
    """Nor for types alone: what two modules both speak of has its place in the lower one."""
    assert circle({names(path): path.read_text(encoding="utf-8") for path in modules()}) == []


def test_a_circle_is_found_at_run_time_and_for_types_alone() -> None:
    only_types = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from geo.c import C\n"
    inside = "def f():\n    import geo.a\n"
    sources = {
        "geo.a": "from geo import b\n",
        "geo.b": only_types,
        "geo.c": inside,
        "geo": "",
        "geo.d": "import geo.a\n",
    }
    found = circle(sources)
    assert set(pairwise(found)) == {("geo.a", "geo.b"), ("geo.b", "geo.c"), ("geo.c", "geo.a")}
    assert circle({**sources, "geo.c": ""}) == []


def test_the_layers_are_where_they_should_be() -> None:
    assert len(modules()) > 20  # an empty list would let everything pass
