"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real Welsh files, or skip: they are not part of the project (tests/areas/README.md)."""
    folder = Path(os.environ.get("CYRRAEDD_REAL_DATA", PROJECT.parent / "shared" / "data"))
    if not (folder / "README.md").is_file():
        pytest.skip(f"the real Welsh files are not at {folder} (set CYRRAEDD_REAL_DATA)")
    return folder
