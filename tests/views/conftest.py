"""The small town behind the dashboard, instead of the areas on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
import streamlit_folium  # noqa: F401  # here, not within a test: when imported it tries whether there is a network

from geo.area import Area
from tests.views.small_area import small_access
from views import loading


@pytest.fixture
def area(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Area]:
    access = small_access()
    found = access.network.area
    monkeypatch.setattr(loading, "profiles", lambda: [found.profile])
    monkeypatch.setattr(loading, "area_of", lambda profile: found)
    monkeypatch.setattr(loading, "access_by", lambda network, modes: access)
    monkeypatch.setattr(loading, "notes_file", lambda profile: tmp_path / "notes.jsonl")
    yield found
    st.cache_resource.clear()
    st.cache_data.clear()
