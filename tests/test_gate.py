"""The gate: lint, format and types are tests like the others, so that one command says whether all is well."""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]],
    ids=["lint", "format", "types"],
)
def test_finds_nothing(command: list[str]) -> None:
    found = subprocess.run([sys.executable, "-m", *command], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


WARNINGS = (UserWarning, RuntimeWarning, FutureWarning, DeprecationWarning, PendingDeprecationWarning)


@pytest.mark.parametrize("kind", WARNINGS)
@pytest.mark.parametrize("module", ["geo.build", "access.routing.transit", "views.map", "benchmarks.windows"])
def test_a_warning_that_our_own_code_gives_rise_to_is_an_error(kind: type[Warning], module: str) -> None:
    with pytest.raises(kind, match="ours"):
        warnings.warn_explicit("ours", kind, f"{module}.py", 1, module=module)


@pytest.mark.parametrize("module", ["geopandas.array", "accessible_pygments", "numba.core"])
def test_a_warning_of_a_library_is_not(module: str) -> None:
    with warnings.catch_warnings(record=True) as told:  # pytest.warns would set the filters aside
        warnings.warn_explicit("theirs", FutureWarning, f"{module}.py", 1, module=module)
    assert [str(one.message) for one in told] == ["theirs"]
