"""Real Newport, from its raw files: the totals that its sources state, and what the report must say of it."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from geo.area import Area
from geo.build import build_area
from geo.check import check_area
from geo.profile import read_profile
from geo.store import load_area, save_area
from geo.vocabulary import CATEGORIES

PROFILE = Path(__file__).with_name("newport.toml")
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def area(real_data: Path) -> Area:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CYRRAEDD_REAL_DATA", str(real_data.resolve()))
        return build_area(read_profile(PROFILE))


def test_the_totals_are_those_of_the_sources(area: Area) -> None:
    # the data's own README: 100 LSOAs, 159,596 people, 511 output areas, 9 and 7 practices
    assert len(area.zones) == 100
    assert area.zones["population"].sum() == 159_596
    assert len(area.origins) == 511
    assert area.practices["cluster"].value_counts().to_dict() == {"Newport East": 9, "Newport West": 7}
    assert area.zones["deprivation_rank"].between(1, 1917).all()


def test_people_add_up_at_every_level(area: Area) -> None:
    by_zone = area.origins.groupby("zone_code")["population"].sum()
    np.testing.assert_allclose(by_zone.to_numpy(), area.zones.set_index("zone_code")["population"][by_zone.index])
    assert set(area.zone_footprints) == {"cluster", "la", "hb", "rpb"}
    people = area.zones.set_index("zone_code")["population"]
    for level in area.zone_footprints:
        assert people.groupby(area.zone_footprints[level]).sum().sum() == 159_596
    assert area.footprints.set_index("level").loc["cluster", "is_derived"].all()


def test_the_made_sessions_are_all_kept_fall_on_tuesdays_and_say_that_they_are_made(area: Area) -> None:
    assert (len(area.activities), len(area.sessions)) == (33, 39)
    assert set(area.sessions["weekday"]) == {"tuesday"} == set(area.profile.timetable.trusted_weekdays)
    assert area.activities["name_en"].str.startswith("Made session: ").all()
    assert set(area.activities["provider"]) == {"made for tests"}
    assert len(set(area.activities["category"])) >= 10
    assert set(area.activities["category"]) <= set(CATEGORIES)
    assert area.venues["is_placed"].all()


def test_the_report_names_zones_outside_the_extract_with_their_people(area: Area) -> None:
    check = check_area(area)
    walk = check.zones[check.zones["mode"] == "walk"].set_index("zone_code")
    # Caerleon lies north of the extract's edge: nobody of it can be placed
    assert walk.loc["W01001623", ["persons", "persons_not_placed"]].tolist() == pytest.approx([1_407, 1_407])
    assert (walk["persons_not_placed"] <= walk["persons"] + 1e-6).all()
    # 61,505 people live in the 42 LSOAs whose centres lie outside the extract's box; zones on its edge are partly outside
    assert walk["persons_not_placed"].sum() == pytest.approx(61_505, rel=0.05)
    assert len(walk) >= 42
    snaps = check.snaps.set_index(["what", "mode"])
    assert snaps.loc[("origin", "walk"), "max_m"] < 300  # nobody is laid on a street at the edge, from far outside
    venues = check.snaps.set_index(["what", "mode"]).loc[("venue", "walk")]
    assert venues["not_placed"] == 0
    assert check.services["trips_running"].sum() > 5_000


def test_it_builds_in_a_minute_and_loads_in_two_seconds(area: Area, tmp_path: Path) -> None:
    began = time.perf_counter()
    again = build_area(area.profile)
    assert time.perf_counter() - began < 60
    assert again.digest == area.digest
    save_area(again, tmp_path / "newport")
    began = time.perf_counter()
    loaded = load_area(tmp_path / "newport")
    assert time.perf_counter() - began < 2  # 0.2 s on an idle machine
    assert loaded.zones.equals(again.zones)
