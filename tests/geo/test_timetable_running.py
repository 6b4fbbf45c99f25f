"""Dates outside the timetable, and outside that of one of its operators."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import DateOutsideTimetable
from geo.timetable.day import on_date
from geo.timetable.gtfs import read_timetable
from geo.timetable.running import operator_dates, silent_operators
from tests.geo.gtfs_files import GOOD, with_instead, with_rows, write_feed


@pytest.fixture
def timetable(tmp_path):
    # the coach has an operator of its own, and ends on 20 June; the bus runs on weekdays of June, the last a Tuesday
    changes = with_rows("agency.txt", "P,Coets Cyf,http://example.org,Europe/London") | with_instead(
        "routes.txt", "2,O", "2,P"
    )
    changes["calendar.txt"] = GOOD["calendar.txt"].replace(
        "daily,1,1,1,1,1,1,1,20260601,20260630", "daily,1,1,1,1,1,1,1,20260601,20260620"
    )
    return read_timetable([("bus", write_feed(tmp_path / "bus.zip", changes))])[0]


def test_operators_have_dates_of_their_own(timetable):
    found = operator_dates(timetable).set_index("operator")
    assert found.loc["Coets Cyf"].tolist() == [date(2026, 6, 1), date(2026, 6, 20)]
    assert found.loc["Bws Bach"].tolist() == [date(2026, 6, 1), date(2026, 6, 30)]


def test_an_operator_beyond_its_dates_is_named(timetable):
    assert silent_operators(timetable, date(2026, 6, 20)) == ()  # a Saturday: the bus rests, but its dates go on
    (warning,) = silent_operators(timetable, date(2026, 6, 21))
    assert warning.startswith("Coets Cyf has no service on 2026-06-21: its trips run from 2026-06-01 to 2026-06-20.")


@pytest.mark.parametrize("day", [date(2026, 5, 31), date(2026, 7, 1)])
def test_a_date_outside_is_an_error_naming_those_covered(timetable, day):
    for ask in (on_date, silent_operators):
        with pytest.raises(DateOutsideTimetable, match="from 2026-06-01 to 2026-06-30"):
            ask(timetable, day)
