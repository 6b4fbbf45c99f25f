"""What is got ready while the visitor's browser loads is what the page then asks for, and leaves the map's front end alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from geo.errors import DataError
from views import ahead, loading

PROJECT = Path(__file__).resolve().parents[2]

# The page's own calls, in its order, with the search for travel times forbidden; and the map's component, which names itself to the
# server of the page that imports it and so must not have been imported before there was one.
FIRST_QUESTION = """
import sys
from views import ahead, choices, driving, first_question, loading
ahead.get_ready()
assert "folium" in sys.modules and "streamlit_folium" not in sys.modules
def forbidden(*_): raise AssertionError("worked out again")
loading.times_by_mode = loading.open_area = loading.area_shapes = forbidden
area = loading.area_of(loading.profiles()[0])
who = loading.TRAVELLERS[choices.DEFAULTS["who"]]
choices.read_address("explore")
access = loading.access_by(loading.network_of(area, driving.driving_of(area).rules_of(who)), tuple(choices.DEFAULTS["modes"]))
loading.shapes_of(area.digest, area)
first_question.gap.widest_gap = forbidden
first_question.widest_gap(area)
print(sorted(access.by_mode))
"""


def test_the_first_question_is_answered_before_it_is_asked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_QUESTION],
        check=False,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "['transit']"


def test_a_fault_is_left_to_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: str) -> None:
        raise DataError([])

    monkeypatch.setattr(loading, "open_area", broken)
    loading.area_at.clear()
    ahead.get_ready()
    with pytest.raises(DataError):
        loading.area_of(loading.profiles()[0])
