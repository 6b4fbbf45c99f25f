"""docs/architecture.md names every module where it lies, and none that does not exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import access.routing

PROJECT = Path(__file__).resolve().parent.parent
LAYERS = ("geo", "access", "views", "benchmarks")
ONE_LINE_FOR_ALL = ("geo/demo", "access/commands", "access/measures", "access/options", "views/pages", "views/sections")


def named(tree: str) -> set[str]:
    """Return the modules that a tree names: two spaces before what a layer holds, more before what goes on from the line above."""
    found, layer, folder = set(), "", ""
    for line in tree.splitlines():
        indent = len(line) - len(line.lstrip(" "))
        if indent <= 2:
            first = re.match(r" *(\w+)/", line)
            layer = first[1] if first and not indent else layer
            folder = layer if not first or not indent else f"{layer}/{first[1]}"
        found |= {f"{folder}/{name}" for name in re.findall(r"(?<![\w/])(\w+\.py)\b", line) if name != "dashboard.py"}
    return found


def modules() -> set[str]:
    paths = (path for layer in LAYERS for path in (PROJECT / layer).rglob("*.py") if not path.name.startswith("__"))
    found = {path.relative_to(PROJECT).as_posix() for path in paths}
    return {path for path in found if path.rpartition("/")[0] not in ONE_LINE_FOR_ALL}


def test_every_module_is_named_where_it_lies_and_none_else() -> None:
    page = (PROJECT / "docs" / "architecture.md").read_text(encoding="utf-8")
    said, there = named(page.split("```")[1]), modules()
    assert there - said == set(), "say in docs/architecture.md what a reader finds in them"
    assert {name for name in said - there if not (PROJECT / name).is_file()} == set(), (
        "docs/architecture.md names what is not there"
    )
    assert all(f"{folder.rpartition('/')[2]}/" in page for folder in ONE_LINE_FOR_ALL)


def test_the_loops_that_papers_lead_to_are_there() -> None:
    said = re.findall(r"``(\w+)\.(\w+)``", access.routing.__doc__ or "")
    assert len(said) > 15
    for module, name in said:
        assert hasattr(importlib.import_module(f"access.routing.{module}"), name), (module, name)


def test_a_tree_is_read_by_its_indents() -> None:
    tree = "geo/   a layer\n  one.py two.py\n  streets/   three.py\n             four.py (five)\n  six.py\nviews/  x\n  seven.py"
    assert named(tree) == {
        "geo/one.py",
        "geo/two.py",
        "geo/streets/three.py",
        "geo/streets/four.py",
        "geo/six.py",
        "views/seven.py",
    }
