"""What is planted in the demonstration area for a planner to find is there: read from the files, as anyone would."""

from __future__ import annotations

import math
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest

from geo.demo import AREA
from geo.demo.land import metres
from geo.demo.lines import departures
from geo.demo.places import PLACES
from tests.demo_feeds import DATA, Feed, demo_feed, from_to, minute_of, near, waits

TUESDAY, THURSDAY, SATURDAY, SUNDAY = date(2026, 10, 13), date(2026, 10, 15), date(2026, 10, 17), date(2026, 10, 18)


@pytest.fixture(scope="module")
def bus() -> Feed:
    return demo_feed("bus")


@pytest.fixture(scope="module")
def rail() -> Feed:
    return demo_feed("rail")


@pytest.fixture(scope="module")
def sessions() -> pd.DataFrame:
    folder = DATA / "services" / AREA
    activities = pd.read_csv(folder / "activities.csv").merge(pd.read_csv(folder / "venues.csv"), on="venue_id")
    return pd.read_csv(folder / "sessions.csv").merge(activities, on="activity_id")


def test_departures_are_written_as_spans_and_single_times() -> None:
    assert departures("06:05-07:05/20 24:40") == [365, 385, 405, 425, 1480]


def test_the_last_bus_up_gwymon_leaves_at_five_past_six(bus: Feed) -> None:
    up = from_to(bus.on(TUESDAY), "caer", "blaengwymon", 700)
    assert up[-1] == 18 * 60 + 5
    assert waits(up) == {20}
    assert waits(from_to(bus.on(SATURDAY), "caer", "blaengwymon", 700)) == {60}
    assert len(from_to(bus.on(SUNDAY), "caer", "blaengwymon", 700)) == 3


def test_the_train_runs_until_half_past_nine_in_the_other_valley(rail: Feed) -> None:
    up = from_to(rail.on(TUESDAY), "caer", "blaen-clychau", 900)
    assert up[-1] == 21 * 60 + 30
    assert waits(up) == {60}


def test_traeth_gwyn_has_a_bus_every_two_hours_and_none_on_sunday(bus: Feed) -> None:
    assert not near(bus.on(SUNDAY), "traeth", 2_000).any()
    there = from_to(bus.on(TUESDAY), "traeth", "tywyn")
    assert len(there) >= 4
    assert waits(there) == {120}


def test_hamlets_have_a_bus_on_market_day_only(bus: Feed) -> None:
    wednesday = date(2026, 10, 14)
    for hamlet in ("rhos", "ffynnon", "capel"):
        assert near(bus.on(wednesday), hamlet, 700).any(), hamlet
        assert not near(bus.on(TUESDAY), hamlet, 700).any(), hamlet


def test_from_llanllanw_a_bus_goes_to_market_and_none_comes_back(bus: Feed) -> None:
    assert len(from_to(bus.on(TUESDAY), "llanllanw", "marchnad", 700)) == 1
    assert from_to(bus.on(TUESDAY), "marchnad", "llanllanw", 700) == []


def test_the_carers_lunch_ends_ten_minutes_after_the_last_bus(bus: Feed, sessions: pd.DataFrame) -> None:
    lunch = sessions[sessions["name_en"] == "Sarn Badrig Carers' Lunch"].iloc[0]
    assert (lunch["category"], lunch["weekday"]) == ("carers", "thursday")
    back = from_to(bus.on(THURSDAY), "sarn-badrig", "marchnad", 700)
    assert back[-1] == minute_of(lunch["end"]) - 10
    # It can be moved: the bus from market is there well before a lunch that ends in time would start.
    there = [
        minute
        for minute in from_to(bus.on(THURSDAY), "marchnad", "sarn-badrig", 700)
        if minute < minute_of(lunch["start"])
    ]
    assert there
    assert there[-1] <= minute_of(lunch["start"]) - 30
    # And nothing else in the north is for carers.
    uplands_north = sessions[(sessions["category"] == "carers") & (sessions["lat"] > 52.50)]
    assert uplands_north["activity_id"].nunique() == 1


def test_six_craft_groups_meet_on_one_afternoon_within_a_mile(sessions: pd.DataFrame) -> None:
    crafts = sessions[
        (sessions["category"] == "crafts")
        & (sessions["weekday"] == "wednesday")
        & (sessions["start"].between("13:00", "14:30"))
    ]
    points = gpd.GeoSeries(gpd.points_from_xy(crafts["lon"], crafts["lat"], crs="EPSG:4326")).to_crs(27700)
    x, y = metres(PLACES["caer"].xy_km)
    middle = points[[math.hypot(point.x - x, point.y - y) < 1_609 / 2 for point in points]]
    assert len(middle) == 6  # all within half a mile of the middle, so within a mile of each other


def test_gwymon_has_few_activities_and_no_mens_shed(sessions: pd.DataFrame) -> None:
    folder = DATA / "boundaries" / AREA
    clusters = pd.read_csv(folder / "clusters.csv")
    zones = gpd.read_file(folder / "zones.gpkg")
    gwymon = zones[zones["zone_code"].isin(clusters.loc[clusters["footprint_id"] == "gwymon", "zone_code"])].union_all()
    points = gpd.GeoSeries(gpd.points_from_xy(sessions["lon"], sessions["lat"], crs="EPSG:4326")).to_crs(27700)
    here = sessions[points.within(gwymon).to_numpy()]
    assert 1 <= here["activity_id"].nunique() <= 10
    assert not here["category"].eq("mens_group").any()
    assert sessions["name_cy"].str.startswith("Sied Dynion").any()


def test_a_bank_holiday_runs_the_sunday_times(bus: Feed, rail: Feed) -> None:
    for feed in (bus, rail):
        assert feed.services_on(date(2026, 12, 28)) == feed.services_on(SUNDAY) == {"Su"}
        assert feed.services_on(date(2026, 12, 25)) == set()


def test_a_bus_runs_past_midnight_at_the_weekend_only(bus: Feed) -> None:
    late = bus.calls[bus.calls["minute"] >= 24 * 60]
    assert set(late["service_id"]) == {"FS"}
    assert "FS" not in bus.services_on(TUESDAY)


def test_buses_are_slower_than_cars_and_never_stand_still(bus: Feed) -> None:
    calls = bus.on(TUESDAY)
    ends = calls.groupby("trip_id").agg(first=("minute", "min"), last=("minute", "max"))
    step = calls.assign(dx=calls.groupby("trip_id")["x"].diff(), dy=calls.groupby("trip_id")["y"].diff())
    flown_km = ((step["dx"] ** 2 + step["dy"] ** 2) ** 0.5).groupby(step["trip_id"]).sum() / 1000
    kmh = flown_km / (ends["last"] - ends["first"]) * 60
    assert kmh.max() < 50  # as the crow flies from stop to stop; a car may drive 64 to 97 on the same roads
    assert kmh.min() > 8
    assert (calls.groupby("trip_id")["minute"].diff().dropna() >= 0).all()


def test_the_directory_has_the_faults_of_a_real_one() -> None:
    folder = DATA / "services" / AREA
    venues, activities = pd.read_csv(folder / "venues.csv"), pd.read_csv(folder / "activities.csv")
    sessions = pd.read_csv(folder / "sessions.csv")
    assert venues["lon"].isna().sum() == 1
    assert (activities["last_checked"] < "2023").sum() == 1
    assert (activities["valid_to"] < "2026-09").sum() == 1
    assert activities.duplicated(["name_cy", "venue_id"]).sum() == 1
    assert (sessions["end"] <= sessions["start"]).sum() == 1
    assert 280 <= len(activities) <= 330
    assert 380 <= len(sessions) <= 460
