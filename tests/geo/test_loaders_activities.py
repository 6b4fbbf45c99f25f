"""The directory and demand-responsive services: what is kept, what is refused and what it says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from geo.activities import load_activities
from geo.demand_responsive import load_demand_responsive
from geo.profile import read_profile
from geo.quality import SourceQuality
from tests.worlds import degrees, write_one_road


@pytest.fixture
def world(tmp_path: Path) -> Path:
    write_one_road(tmp_path, booked_rides=True)
    return tmp_path


def csv(world: Path, name: str, *lines: str) -> None:
    (world / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def refused(quality: SourceQuality) -> list[tuple[int | None, str]]:
    return [(fault.row, fault.problem.split(";")[0]) for fault in quality.refused]


def sessions(world: Path, *lines: str) -> tuple[pd.DataFrame, SourceQuality]:
    csv(world, "sessions.csv", "activity_id,weekday,start,end,freq", *lines)
    _, _, frame, (_, _, quality) = load_activities(read_profile(world / "one-road.toml"))
    return frame.set_index("session_id"), quality


def test_the_directory_loads_whole(world: Path) -> None:
    venues, activities, frame, qualities = load_activities(read_profile(world / "one-road.toml"))
    assert venues["venue_id"].tolist() == ["chapel", "hall", "shed"]
    assert venues["placed_by"].tolist() == ["coordinates"] * 3
    assert venues["is_placed"].all()
    assert activities["category"].tolist() == ["singing", "crafts"]
    assert frame["start_s"].tolist() == [66_600, 50_400]  # 18:30 and 14:00
    assert [(q.name, q.rows_in, q.rows_kept, len(q.refused)) for q in qualities] == [
        ("activities.venues", 3, 3, 0),
        ("activities.activities", 2, 2, 0),
        ("activities.sessions", 2, 2, 0),
    ]


def test_a_venue_without_coordinates_is_kept_not_placed_and_reported(world: Path) -> None:
    lon, lat = degrees(0)
    csv(world, "venues.csv", "venue_id,name,lon,lat", "hall,Hall,,", f"chapel,Chapel,{lon},", f"shed,,{lon},{lat}")
    venues, activities, _, (quality, _, _) = load_activities(read_profile(world / "one-road.toml"))
    kept = venues.set_index("venue_id")
    assert kept["is_placed"].to_dict() == {"chapel": False, "hall": False, "shed": True}
    assert kept.loc["hall", "placed_by"] == "none"
    assert kept.loc["hall", "geometry"] is None
    assert kept.loc["shed", "name"] == "shed"
    assert len(activities) == 2  # its activity is kept too: unknown is not unreachable
    assert [(fault.file, fault.row) for fault in quality.doubts] == [("venues.csv", 2), ("venues.csv", 3)]
    assert "Fill in lon and lat" in quality.doubts[0].remedy


def test_activities_that_cannot_be_used_are_refused_one_by_one(world: Path) -> None:
    csv(
        world, "activities.csv",
        "activity_id,name_en,name_cy,category,venue_id,cost_gbp,valid_from,valid_to,is_full,age_min,age_max",
        "a,A,A,crafts,hall,2.50,2026-01-01,2026-12-31,yes,,",
        "b,B,,Crafts,nowhere,,,,,,",
        "c,C,,juggling,hall,,,,,,",
        "d,,,crafts,hall,,,,,,",
        "e,E,,crafts,hall,free,,,,,",
        "f,F,,crafts,hall,,01/02/2026,,,,",
        "g,G,,crafts,hall,,2026-02-01,2026-01-01,,,",
        "h,H,,crafts,hall,,,,perhaps,,",
        "i,I,,crafts,hall,,,,,60,50",
        "a,A,,crafts,hall,,,,,,",
        "j,,Jôc,CRAFTS,hall,,,,,,",
    )  # fmt: skip
    _, activities, _, (_, quality, _) = load_activities(read_profile(world / "one-road.toml"))
    assert refused(quality) == [
        (3, "venue 'nowhere' is not in venues.csv, or was refused there"),
        (4, "category is 'juggling', which is not known"),
        (5, "has no name"),
        (6, "cost_gbp is 'free', not a number from 0"),
        (7, "valid_from is '01/02/2026', not a date"),
        (8, "valid_to lies before valid_from"),
        (9, "is_full is 'perhaps', which is not known"),
        (10, "age_max is below age_min"),
        (11, "activity_id 'a' stands in an earlier row too"),
    ]
    assert "woodwork" in quality.refused[1].remedy  # the list of what is known
    kept = activities.set_index("activity_id")
    assert kept.index.tolist() == ["a", "j"]
    assert kept.loc["j", "name_en"] == "Jôc"
    assert kept["is_full"].tolist() == ["yes", "unknown"]
    assert quality.rows_in == quality.rows_kept + len(quality.refused) == 11


def test_what_is_measured_is_kept_as_said_and_named_where_it_runs_on(world: Path) -> None:
    csv(
        world, "activities.csv", "activity_id,name_en,category,venue_id,measures",
        "a,A,crafts,hall,<i>Mynegai</i> Lles", f"b,B,crafts,hall,{'x' * 200}", f"c,C,crafts,hall,{'x' * 201}", "d,D,crafts,hall, ",
    )  # fmt: skip
    _, activities, _, (_, quality, _) = load_activities(read_profile(world / "one-road.toml"))
    assert refused(quality) == [(4, "measures has over 200 characters")]
    kept = activities.set_index("activity_id")["measures"]
    assert kept["a"] == "<i>Mynegai</i> Lles" and kept.isna().to_dict() == {"a": False, "b": False, "d": True}


@pytest.mark.parametrize("day", ["9999-12-31", "1066-12-31", "2201-01-01", "1899-12-31"])
def test_dates_that_only_stand_for_no_end_are_refused(world: Path, day: str) -> None:
    csv(
        world, "activities.csv", "activity_id,name_en,category,venue_id,funded_until,valid_to",
        f"a,A,crafts,hall,{day},", "b,B,crafts,hall,2200-12-31,1900-01-01", f"c,C,crafts,hall,,{day}",
    )  # fmt: skip
    _, activities, _, (_, quality, _) = load_activities(read_profile(world / "one-road.toml"))
    assert refused(quality) == [
        (2, f"funded_until is '{day}', which is not from 1900 to 2200"),
        (4, f"valid_to is '{day}', which is not from 1900 to 2200"),
    ]
    assert "blank where there is no such date, or no end" in quality.refused[0].remedy
    assert activities["funded_until"].tolist() == [pd.Timestamp("2200-12-31")]


def test_sessions_past_midnight_are_kept_and_senseless_ones_refused(world: Path) -> None:
    frame, quality = sessions(
        world,
        "choir,Tuesday,22:00,01:30,weekly",  # ends on Wednesday: 01:30 is 25:30
        "choir,wednesday,14:00,13:00,weekly",
        "choir,wednesday,14:00,14:00,weekly",
        "choir,thursday,23:00,24:30,",
        "choir,fri,10:00,11:00,weekly",
        "choir,friday,10.00,11:00,weekly",
        "choir,friday,25:00,26:00,weekly",
        "ghost,friday,10:00,11:00,weekly",
        "choir,friday,10:00,11:00,yearly",
        "choir,tuesday,22:00,23:00,monthly",
    )
    assert frame["end_s"].to_dict() == {"choir-tue-2200": 91_800, "choir-thu-2300": 88_200}
    assert frame.loc["choir-thu-2300", "freq"] == "weekly"
    assert refused(quality) == [
        (3, "ends at 13:00, not after its start at 14:00"),
        (4, "ends at 14:00, not after its start at 14:00"),
        (6, "weekday is 'fri', which is not known"),
        (7, "start is '10.00', not a time of day"),
        (8, "starts at 25:00"),
        (9, "activity 'ghost' is not in activities.csv, or was refused there"),
        (10, "freq is 'yearly', which is not known"),
        (11, "session_id 'choir-tue-2200' stands in an earlier row too"),
    ]
    assert "1 sessions end after midnight." in quality.notes


def test_text_that_looks_like_a_template_stays_text(world: Path) -> None:
    frame, quality = sessions(world, "{0.__class__},friday,10:00,11:00,weekly")
    assert frame.empty
    assert refused(quality) == [(2, "activity '{0.__class__}' is not in activities.csv, or was refused there")]


def test_booked_rides_load_with_hours_notice_and_price(world: Path) -> None:
    services, (quality,) = load_demand_responsive(read_profile(world / "one-road.toml"))
    (flex,) = services.to_dict("records")
    assert (flex["open_s"], flex["close_s"]) == (32_400, 59_100)  # 09:00 and 16:25
    assert (flex["weekdays"], flex["notice_h"], flex["price_gbp"], flex["overhead_min"]) == ("tuesday", 24, 2, 5)
    assert quality.rows_kept == 1


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"tuesday"', '"tuesdays"', "weekdays is 'tuesdays'"),
        ('"09:00"', '"17:00"', "closes before it opens"),
        ('"24"', '""', "notice_h is blank"),
        ('"16:25"', '"later"', "close is 'later', not a time of day"),
    ],
)
def test_ill_booked_rides_are_refused(world: Path, old: str, new: str, problem: str) -> None:
    path = world / "booked.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    services, (quality,) = load_demand_responsive(read_profile(world / "one-road.toml"))
    assert services.empty
    assert refused(quality) == [(2, problem)]


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    services, qualities = load_demand_responsive(read_profile(write_one_road(tmp_path)))
    assert services.empty
    assert services.crs == "EPSG:27700"
    assert qualities == ()
