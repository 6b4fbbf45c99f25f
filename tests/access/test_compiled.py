"""What the compiler keeps on disk is never stale: it is renewed with the function's own file, so all that goes into it stands there."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from access.network import AreaNetwork
from access.routing.raptor import Rides, search
from access.sessions import there_and_back
from geo.area import Area
from tests.worlds import FREE_FLOW

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("geo", "access", "views")


def foreign(source: str) -> set[str]:
    """Return the names that compiled functions of a module use and that come from another module of ours."""
    tree = ast.parse(source)
    theirs = {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").split(".")[0] in OURS))
        or (isinstance(node, ast.Import) and any(alias.name.split(".")[0] in OURS for alias in node.names))
        for alias in node.names
    }
    for node in tree.body:  # in order, so that a name made of a foreign one is foreign too
        if isinstance(node, ast.Assign) and used(node.value) & theirs:
            theirs |= {name for target in node.targets for name in used(target)}
    compiled = (node for node in tree.body if isinstance(node, ast.FunctionDef) and is_compiled(node))
    return theirs & {name for function in compiled for statement in function.body for name in used(statement)}


def used(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def is_compiled(function: ast.FunctionDef) -> bool:
    return any(used(decorator) & {"njit", "jit", "vectorize", "guvectorize"} for decorator in function.decorator_list)


def compiling() -> list[Path]:
    found = [path for layer in OURS for path in (PROJECT / layer).rglob("*.py")]
    return sorted(path for path in found if "numba" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", compiling(), ids=lambda path: path.stem)
def test_compiled_functions_use_nothing_of_another_module(path: Path) -> None:
    assert foreign(path.read_text(encoding="utf-8")) == set()


def test_what_comes_from_another_module_is_found() -> None:
    kernel = "@njit(cache=True)\ndef f(x):\n    return min(x, NEVER)\n"
    assert foreign(f"from access.routing.rides import NEVER\n{kernel}") == {"NEVER"}
    assert foreign(f"from .rides import HUGE\nLATE = HUGE\nNEVER = LATE - 1\n{kernel}") == {"NEVER"}
    assert foreign(f"import access.routing.rides\n{kernel.replace('NEVER', 'access.routing.rides.NEVER')}") == {
        "access"
    }
    assert foreign(f"NEVER = 2**30\n{kernel}") == set()
    assert foreign("from access.query import TOP\ndef f():\n    return TOP\n") == set()  # not compiled
    assert {path.stem for path in compiling()} >= {"raptor", "dijkstra", "cch"}


def modules() -> Iterator[ModuleType]:
    return (module for name, module in sorted(sys.modules.items()) if name.split(".")[0] in OURS)


def test_compiled_functions_are_built_for_tuples_of_their_own_module(one_road: Area) -> None:
    """A field of a named tuple is compiled to its position: were the tuple elsewhere, another order would be read as the old one."""
    there_and_back(AreaNetwork(one_road, FREE_FLOW))
    tuples = {
        (function.py_func.__module__, kind.instance_class)
        for module in modules()
        for function in vars(module).values()
        if hasattr(function, "py_func")
        for signature in function.signatures
        for kind in signature
        if hasattr(kind, "instance_class")
    }
    assert (search.py_func.__module__, Rides) in tuples
    assert all(own.__module__ == module for module, own in tuples), tuples
