"""The page as Streamlit runs it, on the small town of ``small_area.py``: choices, messages and both languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from access.gaps import find_gaps
from access.query import Standard, TravelRules
from geo.area import Area
from geo.errors import ProfileError
from tests.views.small_area import small_access
from views import choices, loading
from views.legend import LAYERS
from views.overview import headline_html

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard.py"


def opened(at: str | None = None, **address: str | list[str]) -> AppTest:
    page = AppTest.from_file(str(DASHBOARD), default_timeout=30)
    if at:
        page.switch_page(at)
    for key, value in address.items():
        page.query_params[key] = value
    return page.run()


def shown(page: AppTest) -> str:
    assert not page.exception
    return " ".join(element.proto.body for element in page.get("html"))


def in_address(page: AppTest, key: str) -> str:
    value = page.query_params[key]
    return value if isinstance(value, str) else value[0]


def test_the_finding_is_the_one_in_the_drawing(area: Area) -> None:
    page = opened(category="singing")
    # Three zones of 1,000 people cannot get home, one is not placed.
    assert "Townsend: 3,000 of 15,000 people cannot get there and back (20%)" in shown(page)
    assert page.session_state["category"] == "singing" and page.session_state["zone"] is None


@pytest.mark.parametrize(
    ("language", "more"), [("en", "Of another 1,000 it is not known."), ("cy", "Ni wyddys am 1,000 arall.")]
)
def test_people_of_whom_it_is_not_known_stand_in_the_finding(area: Area, language: str, more: str) -> None:
    assert more in shown(opened(category="singing", lang=language))  # Z15 is not placed


def test_nothing_is_said_of_people_not_known_where_there_are_none(area: Area) -> None:
    all_known = find_gaps(small_access(area), Standard("singing"))
    met = all_known.by_origin.assign(
        met_persons=all_known.by_origin["population"], unmet_persons=0.0, unknown_persons=0.0
    )
    assert "not known." not in headline_html(replace(all_known, by_origin=met), "Townsend")


def test_shares_beside_the_map_are_of_the_same_people_as_on_it(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.loading.answers", lambda question: [])  # the small town has no streets to drive
    # East: of 8,000 people 1,000 are not placed, 1,000 cannot get home, 6,000 can. Of the 7,000 that are known these are 14% and 86%.
    said = shown(opened(category="singing", footprint="E", lang="en"))
    for share in (
        "6,000 (86% of those of whom it is known)",
        "1,000 (14% of those of whom it is known)",
        "1,000 (12% of all)",
    ):
        assert f"<dd>{share}</dd>" in said
    assert "<dd>2,000 (25%)</dd>" in shown(opened(category="singing", footprint="W", lang="en"))


def test_what_the_profile_notes_is_said_of_any_area(area: Area) -> None:
    assert '<p class="remark">' not in shown(opened(category="singing"))
    object.__setattr__(
        area, "profile", area.profile.model_copy(update={"note_en": "A <day> only.", "note_cy": "Un dydd."})
    )
    assert '<p class="remark">A &lt;day&gt; only.</p>' in shown(opened(category="singing", lang="en"))
    assert '<p class="remark">Un dydd.</p>' in shown(opened(category="singing", lang="cy"))


@pytest.mark.parametrize("wanting", ["singing", "crafts"])
def test_the_page_begins_with_what_most_people_go_without(
    area: Area, monkeypatch: pytest.MonkeyPatch, wanting: str
) -> None:
    access = small_access(area)
    access.by_mode["transit"].back_s[list(access.sessions["category"]).index(wanting)] = float(
        "nan"
    )  # nobody gets home
    monkeypatch.setattr(loading, "access_by", lambda network, modes: access)
    st.cache_data.clear()
    page = opened()
    assert page.session_state["category"] == wanting and "15,000 of 15,000" in shown(page)
    assert opened(category="dance").session_state["category"] == "dance"  # nothing of it runs, and it was asked for


def test_a_tighter_limit_leaves_more_people_out(area: Area) -> None:
    page = opened(category="singing")
    page.slider(key="within").set_value(10).run()
    # Within 10 minutes each way: Z00 (0), Z01 (5), Z02 (10), Z04 (10). 4 of 15 known zones.
    assert "11,000 of 15,000" in shown(page)
    assert in_address(page, "within") == "10"


def test_a_zone_without_a_gap_says_so_and_shows_its_sessions(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.why._show_way", lambda *arguments: None)  # the small town has no streets to walk
    page = opened(category="singing", zone="Z01", lang="en")
    said = shown(page)
    assert '<th scope="row">Choir, Neuadd</th>' in said and "<small>1,000 of 1,000 people</small>" in said
    assert any("no gap to answer" in element.value for element in page.markdown)


@pytest.mark.parametrize("layer", LAYERS)
def test_whatever_the_map_shows_stands_in_tables(area: Area, layer: str) -> None:
    page = opened(category="singing", layer=layer, lang="en")
    said = shown(page)
    [drawn] = page.get("component_instance")
    texts = json.loads(re.search(r'"texts":({.*?})', drawn.proto.json_args.replace("\\", ""))[1])  # type: ignore[index]
    assert len(texts) >= 15
    for code, words in texts.items():
        assert f'<th scope="row">Square {int(code[1:])}</th><td>{words}</td>' in said
    assert said.count("<td>not known</td>") == 16 - len(texts)
    assert '<th scope="row">Neuadd</th><td>Choir – 1 session a week</td>' in said


def test_changing_the_language_keeps_every_choice(area: Area) -> None:
    page = opened(category="crafts", within="30", sessions="2", layer="need", modes=["transit"])
    page.button(key="language_button").click().run()
    said = shown(page)
    assert "documentElement.lang = 'cy'" in said and "Crefftau: o leiaf 2 sesiwn yr wythnos" in said
    kept = {key: page.session_state[key] for key in ("category", "within", "sessions", "layer", "lang")}
    assert kept == {"category": "crafts", "within": 30, "sessions": 2, "layer": "need", "lang": "cy"}
    assert (in_address(page, "lang"), in_address(page, "category")) == ("cy", "crafts")


def test_the_session_looked_at_is_in_the_address(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    shown_ways: list[str] = []
    monkeypatch.setattr("views.why._show_way", lambda gaps, zone, row: shown_ways.append(row["session_id"]))
    more = area.sessions.iloc[[0]].assign(session_id="S9", weekday="friday")
    object.__setattr__(area, "sessions", pd.concat([area.sessions, more], ignore_index=True))
    monkeypatch.setattr(loading, "access_by", lambda network, modes: small_access(area))
    page = opened(category="singing", zone="Z01", session="S9|transit", lang="en")
    assert shown_ways[-1] == "S9" and in_address(page, "session") == "S9|transit"
    page.button(key="language_button").click().run()
    assert shown_ways[-1] == "S9" and in_address(page, "session") == "S9|transit"
    for nonsense in ("S7|transit", "S9|fly", "|transit", "x" * 200 + "|walk"):
        page = opened(category="singing", zone="Z01", session=nonsense, lang="en")
        assert shown_ways[-1] == "S0" and in_address(page, "session") == "S0|transit"


def test_the_other_language_shuts_no_part_and_turns_no_table(area: Area) -> None:
    page = opened(category="singing", table="footprints", lang="en")
    assert page.session_state["part-map-tables"] is False
    page.session_state["part-map-tables"] = True
    page.run()
    page.button(key="language_button").click().run()
    assert page.session_state["part-map-tables"] is True
    [opener] = [part for part in page.expander if part.label == "Yr hyn y mae'r map yn ei ddangos, ar ffurf tablau"]
    assert opener.proto.expanded
    assert page.session_state["table"] == "footprints" and in_address(page, "table") == "footprints"
    assert page.dataframe[0].value["name"].tolist() == ["Gorllewin", "Dwyrain (yn deillio o'i bractisiau)"]


def test_nonsense_in_the_address_falls_back_to_the_defaults(area: Area) -> None:
    page = opened(
        area="x",
        category="<b>",
        level="moon",
        within="9999",
        sessions="many",
        fare="-3",
        layer="y",
        zone="Z99",
        modes="fly",
    )
    said = shown(page)
    assert "at least 1 session a week, there and back within 45 minutes each way, by public transport" in said
    assert (page.session_state["level"], page.session_state["zone"], page.session_state["fare"]) == (
        "cluster",
        None,
        None,
    )


def test_no_way_to_travel_is_a_message_not_a_fault(area: Area) -> None:
    page = opened(category="singing")
    page.button_group(key="modes").set_value([]).run()
    assert not page.exception
    assert "Choose at least one way to travel" in page.error[0].value


def test_an_area_that_cannot_be_opened_is_a_message(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(profile: object) -> Area:
        raise ProfileError("small.toml is not a TOML file: mend line 3.")

    monkeypatch.setattr(loading, "area_of", refuse)
    page = opened(lang="cy")
    assert not page.exception
    assert page.error[0].value == "Ni ellir ateb hyn fel y mae:\n\nsmall.toml is not a TOML file\\: mend line 3."


def test_an_error_that_quotes_a_file_fetches_nothing(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(profile: object) -> Area:
        raise ProfileError("![x](http://example.org/x.png) is no date.")

    monkeypatch.setattr(loading, "area_of", refuse)
    assert "![" not in opened(lang="en").error[0].value


def test_a_session_says_that_it_is_full_and_whom_it_is_for(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("views.why._show_way", lambda *arguments: None)
    area.activities.loc[area.activities["activity_id"] == "A0", ["is_full", "eligibility"]] = ["yes", "<b>carers</b>"]
    said = shown(opened(category="singing", zone="Z01", lang="en"))
    assert "Choir, Neuadd <small>Listed as full. For: &lt;b&gt;carers&lt;/b&gt;.</small>" in said
    said = shown(opened(category="singing", zone="Z01", lang="cy"))
    assert "Côr, Neuadd <small>Wedi&#x27;i restru fel llawn. Ar gyfer: &lt;b&gt;carers&lt;/b&gt;.</small>" in said


def test_what_a_file_says_is_never_markup(area: Area) -> None:
    assert "<b>bold</b>" not in shown(opened(category="singing"))
    assert "© Someone &lt;b&gt;bold&lt;/b&gt;" in shown(opened(category="singing"))


def test_sources_are_thanked_in_the_language_of_the_page_where_the_profile_says_so(area: Area) -> None:
    [entry] = area.manifest.entries
    streets = replace(entry, attribution="© Streets, ODbL.", attribution_cy="© Strydoedd, ODbL.")
    object.__setattr__(area, "manifest", replace(area.manifest, entries=(entry, streets)))
    said = shown(opened(category="singing", lang="en"))
    assert "<p>© Someone &lt;b&gt;bold&lt;/b&gt;</p><p>© Streets, ODbL.</p>" in said
    said = shown(opened(category="singing", lang="cy"))
    assert '<p lang="en">© Someone &lt;b&gt;bold&lt;/b&gt;</p><p>© Strydoedd, ODbL.</p>' in said


def test_a_whole_footprint_is_one_of_the_two_things_to_look_at(area: Area, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr("views.loading.answers", lambda question: asked.append(question.zone_codes) or [])
    page = opened(category="singing", footprint="W")
    # West is columns 0 and 1; of its eight zones the two of row 3 cannot get home (the drawing in small_area.py).
    assert "2,000 (25%)" in shown(page) and "<dd>2 of 8</dd>" in shown(page)
    assert asked == [tuple(f"Z{row * 4 + column:02d}" for row in range(4) for column in (0, 1))]
    assert in_address(page, "footprint") == "W"
    monkeypatch.setattr("views.why._show_way", lambda *arguments: None)
    page.selectbox(key="zone").set_value("Z12").run()
    assert (page.session_state["zone"], page.session_state["footprint"]) == ("Z12", None)
    assert "<small>Z12</small>" in shown(page) and asked[-1] == ("Z12",)


def test_figures_of_ones_own_change_the_answer_and_its_digest(area: Area) -> None:
    # A single is £3.00, so that there and back costs £6: under a limit of £5 only the fifth of people with a pass get there,
    # a fifth of 12,000. At £1.00 it costs £2, and the standard is met as without a limit.
    page = opened(category="singing", fare="5")
    assert "12,600 of 15,000" in shown(page)
    before = re.findall(r"question ([0-9a-f]{16})", shown(page))[0]
    page.session_state["_figures"] = {"bus_single_gbp": {"low": 0.5, "middle": 1.0, "high": 2.0}}
    page.run()
    assert "3,000 of 15,000" in shown(page)
    assert re.findall(r"question ([0-9a-f]{16})", shown(page))[0] != before


def test_figures_that_make_no_sense_are_a_message_with_the_way_back(area: Area) -> None:
    page = opened(category="singing", fare="5")
    page.session_state["_figures"] = {"bus_single_gbp": {"low": 9.0, "middle": 1.0, "high": 2.0}}
    page.run()
    assert not page.exception
    assert "your figures" in page.error[0].value and "low ≤ middle ≤ high does not hold" in page.error[0].value
    page.button(key="reset-error").click().run()
    assert not page.error and "12,600 of 15,000" in shown(page)


def test_the_page_asks_for_no_limit_beyond_what_is_looked_for() -> None:
    assert choices.WITHIN_MIN[1] <= TravelRules().max_travel_min
