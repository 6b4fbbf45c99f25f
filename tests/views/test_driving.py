"""Minutes to park and busy hours on the page, in the address, in the answer and on the command line, on One Road (tests/worlds.py).

Crafts are at the hall on Tuesday from 14:00 to 16:00. From C1, at km 9, the drive there takes 900 s. The drive home leaves as the evening
peak begins: 1.3 × 900 s = 1,170 s, or 19.5 minutes. With a minute to park that is 20.5, more than the 20 that are asked; in free flow it
is 16. B1 (650 s) and A1 (130 s) are nearer, and of the 100 people at B2 it is not known. So of 600 people 300, or nobody, are out of reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from access.__main__ import main
from access.query import Standard, TravelRules
from access.traffic import default_peaks, default_table, read_peaks
from access.travellers import AVERAGE, SLOWER
from geo.area import Area
from geo.build import build_area
from geo.profile import WEEKDAYS, read_profile
from geo.store import save_area
from tests.views.test_page import in_address, opened, shown
from tests.worlds import write_one_road
from views import loading
from views.choices import hours_of
from views.driving import Driving, code_of, own_hours, said_by
from views.tables import safe_csv

USUAL = ["12345-0730-0930-1.3", "12345-1600-1830-1.3"]
ASKED: dict[str, str | list[str]] = {"category": "crafts", "modes": "drive", "within": "20", "lang": "en"}
NOBODY, OF_C = "0 of 600 people", "300 of 600 people"
HOURS = ("weekdays", "from", "until", "factor")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Area:
    return build_area(read_profile(write_one_road(tmp_path_factory.mktemp("driven"))))


@pytest.fixture
def road(built: Area, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Area]:
    monkeypatch.setattr(loading, "profiles", lambda: [built.profile])
    monkeypatch.setattr(loading, "area_of", lambda profile: built)
    monkeypatch.setattr(loading, "notes_file", lambda profile: tmp_path / "notes.jsonl")
    yield built
    st.cache_resource.clear()
    st.cache_data.clear()


def digest(page: AppTest) -> str:
    return re.findall(r"question ([0-9a-f]{16})", shown(page))[-1]


def test_without_changes_the_rules_are_the_usual_ones_and_the_page_says_which(road: Area) -> None:
    usual = Driving(0, default_table(), False)
    assert usual.rules_of(AVERAGE) == AVERAGE.rules == TravelRules() and not usual.is_own
    page = opened(**ASKED)
    assert NOBODY in shown(page)
    note = (
        '<p class="hint">By car: 0 minutes to park each way (an assumption, to be confirmed). Driving time against free flow: '
        "Monday–Friday 07:30–09:30, 16:00–18:30 × 1.3 (an assumption, to be confirmed).</p>"
    )
    assert note in shown(page)
    assert "By car:" not in shown(opened(**(ASKED | {"modes": "transit"})))
    assert "dim munudau i barcio bob ffordd" in shown(opened(**(ASKED | {"lang": "cy"})))


def test_minutes_to_park_and_busy_hours_change_the_answer_and_its_digest_and_stay_in_the_address(road: Area) -> None:
    page = opened(**ASKED)
    before = digest(page)
    page.number_input(key="park").set_value(1).run()
    assert OF_C in shown(page) and in_address(page, "park") == "1"
    assert '<p class="own">By car: 1 minute to park each way' in shown(page)
    parked = digest(page)
    linked = opened(**ASKED, park="1", peaks="none")
    assert NOBODY in shown(linked) and "free flow at all hours" in shown(linked)
    assert len({before, parked, digest(linked)}) == 3
    linked.button(key="language_button").click().run()
    assert (in_address(linked, "park"), in_address(linked, "peaks")) == ("1", "none")
    page.button(key="reset-driving").click().run()
    assert digest(page) == before and {"park", "peaks"}.isdisjoint(page.query_params)


def test_both_pages_have_the_same_figures(road: Area) -> None:
    page = opened("views/pages/gaps.py", **ASKED, section="list", park="1")
    assert '<p class="own">By car: 1 minute to park' in shown(page)
    assert page.number_input(key="park").value == 1


def test_an_answer_for_a_place_says_that_its_vehicles_do_not_park_and_lets_the_hours_be_changed(road: Area) -> None:
    page = opened(**(ASKED | {"modes": "transit"}), zone="C")
    assert "Taxis and minibuses do not park. Driving time against free flow: Monday–Friday 07:30–09:30" in shown(page)
    page.number_input(key="park")


def test_who_walks_more_slowly_is_still_named_where_parking_takes_time(road: Area) -> None:
    assert ", by car, at a slower walk" in shown(opened(**ASKED, who="slower", park="5"))


def test_nonsense_in_the_address_falls_back_and_hours_that_contradict_each_other_are_a_message(road: Area) -> None:
    for nonsense in ("x", "12345-0730-0930", "8-0730-0930-1.3", "1-2500-2600-1.3", "1-0730-0930-١"):
        assert opened(**ASKED, peaks=["1-0730-0930-1.2", nonsense], park="61").session_state["peaks"] is None
    page = opened(**ASKED, peaks=["1-0730-0930-1.2", "1-0900-1000-1.2", "1-1200-1100-9"])
    assert not page.exception
    said = " ".join(error.value for error in page.error)
    assert "your busy hours" in said and "overlaps" in said and "has no time in it" in said
    page.button(key="reset-driving").click().run()
    assert not page.error and NOBODY in shown(page)


def test_the_address_says_every_row_of_the_table_and_back() -> None:
    assert [code_of(row) for row in default_table().to_dict("records")] == USUAL
    for row, code in zip(default_table().to_dict("records"), USUAL, strict=True):
        assert hours_of(code) == tuple(row[name] for name in HOURS)
    assert own_hours(USUAL, "2026-10-13").equals(default_table())
    assert own_hours(["none"], "2026-10-13").empty


def test_a_row_of_ones_own_says_so_and_what_it_replaces() -> None:
    table = own_hours([USUAL[0], "12345-1500-1730-1.6", "67-1200-1300-1.1"], "2026-10-13")
    assert table.iloc[0].equals(default_table().iloc[0])
    assert table["source"][1].startswith("Your own figure (before: 16:00–18:30 × 1.3; Assumption to be confirmed")
    assert table["source"][2] == "Your own figure"
    assert set(table["certainty"]) == {"U"} and list(table["as_of"]) == ["2015-04-01", "2026-10-13", "2026-10-13"]


def test_what_is_done_in_the_grid_is_what_the_address_says() -> None:
    shown_rows = default_table().assign(
        weekdays=[list(WEEKDAYS[:5])] * 2, factor=default_table()["factor"].astype(float)
    )

    def done(**edits: object) -> list[str] | None:
        return said_by(shown_rows, {"edited_rows": {}, "deleted_rows": [], "added_rows": [], **edits})

    assert done() is None
    assert done(edited_rows={1: {"factor": 1.45, "from": "15:00"}}) == [USUAL[0], "12345-1500-1830-1.45"]
    assert done(edited_rows={0: {"weekdays": ["friday", "monday"]}}) == ["15-0730-0930-1.3", USUAL[1]]
    assert done(deleted_rows=[0]) == [USUAL[1]] and done(deleted_rows=[0, 1]) == ["none"]
    saturday = {"weekdays": ["saturday"], "from": "10:00", "until": "24:00", "factor": 2}
    assert done(added_rows=[saturday, {"weekdays": ["sunday"]}]) == [
        *USUAL,
        "6-1000-2400-2",
    ]  # the second is half filled in


def test_networks_that_differ_in_driving_alone_share_the_rest(road: Area) -> None:
    usual = loading.network_of(road, AVERAGE.rules)
    _ = usual.transit
    other = loading.network_of(road, Driving(5, own_hours(["none"], "2026-10-13"), True).rules_of(AVERAGE))
    assert other.rules == TravelRules(park_min=5, peaks=()) and usual.rules == TravelRules()
    assert other.routers is usual.routers and other.transit is usual.transit
    by_transit = [loading.access_by(network, ("transit",)).by_mode["transit"] for network in (usual, other)]
    assert by_transit[0] is by_transit[1]
    assert loading.network_of(road, SLOWER.rules).routers is not usual.routers


@pytest.mark.parametrize("said", [None, ["none"], [USUAL[0], "2-1500-1700-1.5"]])
def test_the_command_line_with_the_download_gives_the_same_answer(
    road: Area, tmp_path: Path, said: list[str] | None
) -> None:
    driving = Driving(1, default_table() if said is None else own_hours(said, "2026-10-13"), said is not None)
    (tmp_path / "traffic.csv").write_bytes(safe_csv(driving.hours, None))
    assert read_peaks(tmp_path / "traffic.csv") == driving.peaks
    assert (driving.peaks == default_peaks()) == (said is None)
    network = loading.network_of(road, driving.rules_of(AVERAGE))
    gaps = loading.find_gaps(loading.access_by(network, ("drive",)), Standard("crafts", 1.0, 20.0, ("drive",)))
    save_area(road, tmp_path / "area")
    asked = ["--category", "crafts", "--mode", "drive", "--within", "20", "--park", "1"]
    files = ["--traffic", str(tmp_path / "traffic.csv"), "--out", str(tmp_path / "gaps.csv")]
    done = CliRunner().invoke(main, ["gaps", str(tmp_path / "area"), *asked, *files])
    assert done.exit_code == 0, done.output
    unmet = pd.read_csv(tmp_path / "gaps.csv").set_index("zone_code")["unmet_persons"]
    pd.testing.assert_series_equal(unmet, gaps.by_zone.set_index("zone_code")["unmet_persons"], check_dtype=False)
    # On the way home at 16:00 only the third has another factor than the usual: 1.5 × 900 s and a minute are 23.5 minutes.
    assert unmet.sum() == (0 if said == ["none"] else 300)
