"""The pages on a category of which no session runs, or whose every venue is unplaced: One Road, whose streets can be searched."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.area import Area
from geo.build import build_area
from geo.profile import read_profile
from geo.words import LANGUAGES, say
from tests.views.test_page import opened, shown
from tests.worlds import lose_the_shed, stop_everything, stop_woodwork, write_one_road
from views import loading
from views.choices import MEASURES, SECTIONS

EDITS: dict[str, Callable[[Path], None]] = {
    "none runs": stop_woodwork,
    "unplaced": lose_the_shed,
    "nothing runs": stop_everything,
}


@pytest.fixture(scope="module", params=list(EDITS))
def road(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Area:
    folder = tmp_path_factory.mktemp("road")
    profile = write_one_road(folder, busy=True)
    EDITS[request.param](folder)
    return build_area(read_profile(profile))


@pytest.fixture
def page(road: Area, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., AppTest]]:
    monkeypatch.setattr(loading, "profiles", lambda: [road.profile])
    monkeypatch.setattr(loading, "area_of", lambda profile: road)
    monkeypatch.setattr(loading, "notes_file", lambda profile: tmp_path / "notes.jsonl")

    def ask(at: str | None = "views/pages/gaps.py", **address: str) -> AppTest:
        found = opened(at, category="woodwork", **address)
        assert not found.exception and not found.error
        return found

    yield ask
    st.cache_resource.clear()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_answers(page: Callable[..., AppTest], name: str, language: str) -> None:
    found = page(section=name, lang=language)
    assert say(f"section.{name}", language) in [one.value for one in found.subheader]
    assert "nan" not in re.sub(r"<[^>]+>", " ", shown(found)).split()


@pytest.mark.parametrize("measure", MEASURES)
def test_how_fair_it_is_by_every_measure(page: Callable[..., AppTest], measure: str) -> None:
    for language in LANGUAGES:
        said = html.unescape(shown(page(section="equity", measure=measure, lang=language)))
        assert (say("equity.nobody_reaches", language) in said) == (measure == "nearest")


def test_both_clusters_are_as_badly_off(page: Callable[..., AppTest]) -> None:
    said = shown(page(section="compare", lang="en"))
    row = said[said.index("Depth of the shortfall in minutes") :]
    row = row[: row.index("</tr>")]
    assert row.count("100%") == 2 and "<td>the same</td>" in row


def test_when_nothing_can_end_it_is_said(page: Callable[..., AppTest], road: Area) -> None:
    for language in LANGUAGES:
        said = html.unescape(shown(page(section="funding", lang=language)))
        assert (say("funding.none_runs", language) in said) == bool(road.sessions["valid_to"].notna().all())


def test_of_an_uncounted_area_no_number_of_people_is_made_up(page: Callable[..., AppTest], road: Area) -> None:
    for frame in (road.zones, road.origins):
        frame.loc[frame["zone_code"] == "C", "population"] = np.nan
    try:
        for language, name in (("en", "Ceeton"), ("cy", "Tref C")):
            said = html.unescape(shown(page(section="why", zone="C", lang=language)))
            lead = f'<p class="lead">{say("why.persons.uncounted", language, name_en=name, name_cy=name)}</p>'
            assert lead in said and not re.search(r"\b(nan|0 people|0 o bobl)\b", said)
    finally:
        for frame in (road.zones, road.origins):
            frame.loc[frame["zone_code"] == "C", "population"] = 300.0


def test_the_map_and_the_answers(page: Callable[..., AppTest]) -> None:
    assert "One Road: 600 of 600 people cannot get there and back (100%)" in shown(page(None, lang="en"))
    for chosen in ({"zone": "C"}, {"footprint": "east"}, {"footprint": "east", "fare": "3"}):
        page(None, **chosen)
