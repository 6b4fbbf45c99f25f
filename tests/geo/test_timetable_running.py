"""What runs on a date, and the warnings and errors about dates."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import DateOutsideTimetable
from geo.timetable.day import on_date
from geo.timetable.gtfs import read_timetable
from geo.timetable.running import coverage_warnings, services_running
from tests.geo.gtfs_files import GOOD, with_rows, write_feed


@pytest.fixture
def timetable(tmp_path):
    # the coach has an operator of its own, and ends on 20 June
    changes = with_rows("agency.txt", "P,Coets Cyf,http://example.org,Europe/London")
    changes["routes.txt"] = GOOD["routes.txt"].replace("2,O", "2,P")
    changes["calendar.txt"] = GOOD["calendar.txt"].replace(
        "daily,1,1,1,1,1,1,1,20260601,20260630", "daily,1,1,1,1,1,1,1,20260601,20260620"
    )
    return read_timetable([("bus", write_feed(tmp_path / "bus.zip", changes))])[0]


def test_operators_are_counted(timetable):
    found = services_running(timetable, date(2026, 6, 6))  # a Saturday: the coach alone
    assert found["operator"].tolist() == ["Coets Cyf", "Bws Bach"]
    assert found["trips_on_date"].tolist() == [1, 0]
    assert found["trips"].tolist() == [1, 1]
    assert found["last_date"].tolist() == [date(2026, 6, 20), date(2026, 6, 30)]
    assert coverage_warnings(timetable, date(2026, 6, 5)) == ()


def test_an_operator_beyond_its_dates_is_named(timetable):
    (warning,) = coverage_warnings(timetable, date(2026, 6, 24))
    assert "Coets Cyf has no service on 2026-06-24" in warning
    assert "2026-06-20" in warning


def test_a_thin_day_is_warned_about(timetable):
    thin, coach = coverage_warnings(
        timetable, date(2026, 6, 27)
    )  # a Saturday after the coach has ended: none of two services
    assert thin.startswith("Only 0 of 2 services run on 2026-06-27")
    assert "Coets Cyf" in coach


@pytest.mark.parametrize("day", [date(2026, 5, 31), date(2026, 7, 1)])
def test_a_date_outside_is_an_error_naming_those_covered(timetable, day):
    for ask in (on_date, services_running, coverage_warnings):
        with pytest.raises(DateOutsideTimetable, match="from 2026-06-01 to 2026-06-30"):
            ask(timetable, day)


@pytest.mark.real
def test_a_filtered_feed_is_thin_at_the_weekend(real_data):
    folder = real_data / "newport-2024"
    timetable, _ = read_timetable([("bus", folder / "bus_and_coach_gtfs.zip"), ("rail", folder / "rail_gtfs.zip")])
    assert coverage_warnings(timetable, date(2024, 3, 5)) == ()
    assert any("fewer than a fifth" in text for text in coverage_warnings(timetable, date(2024, 3, 10)))  # a Sunday
