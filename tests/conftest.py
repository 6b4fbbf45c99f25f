"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from geo.area import Area
from geo.build import build_area
from geo.profile import read_profile

PROJECT = Path(__file__).resolve().parent.parent

# How fast things are is measured in benchmarks/: a law does not fail because the machine is busy.
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")


@pytest.fixture(scope="session")
def demo_area() -> Area:
    """Return the demonstration area, built from the files that are checked in."""
    return build_area(read_profile(PROJECT / "data" / "areas" / "cantrer-gwaelod.toml"))


@pytest.fixture(scope="session")
def newport(real_data: Path) -> Area:
    """Return real Newport, built from its raw files."""
    return build_area(read_profile(PROJECT / "tests" / "areas" / "newport.toml"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real Welsh files, or skip: they are not part of the project (tests/areas/README.md)."""
    folder = Path(os.environ.get("CYRRAEDD_REAL_DATA", PROJECT.parent / "shared" / "data"))
    if not (folder / "README.md").is_file():
        pytest.skip(f"the real Welsh files are not at {folder} (set CYRRAEDD_REAL_DATA)")
    return folder
