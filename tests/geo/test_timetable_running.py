"""Dates outside the timetable, and outside that of one of its feeds or operators."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import DateOutsideTimetable
from geo.timetable.day import on_date
from geo.timetable.gtfs import read_timetable
from geo.timetable.running import check_covered, running_dates, silences
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
    found = running_dates(timetable, "operator").set_index("operator")
    assert found.loc["Coets Cyf"].tolist() == [date(2026, 6, 1), date(2026, 6, 20)]
    assert found.loc["Bws Bach"].tolist() == [date(2026, 6, 1), date(2026, 6, 30)]


def test_an_operator_beyond_its_dates_is_named(timetable):
    assert silences(timetable, date(2026, 6, 20)) == ()  # a Saturday: the bus rests, but its dates go on
    (warning,) = silences(timetable, date(2026, 6, 21))
    assert warning.startswith(
        "Coets Cyf (feed 'bus') has no service on 2026-06-21: its trips run from 2026-06-01 to 2026-06-20."
    )


@pytest.mark.parametrize("day", [date(2026, 5, 31), date(2026, 7, 1)])
def test_a_date_outside_is_an_error_naming_those_covered(timetable, day):
    for ask in (on_date, silences):
        with pytest.raises(DateOutsideTimetable, match="from 2026-06-01 to 2026-06-30"):
            ask(timetable, day)


def two_feeds(tmp_path, first, last):
    """The buses of June 2026, and a second feed of the same operators whose trips run from ``first`` to ``last``."""
    calendar = GOOD["calendar.txt"].replace("20260601", first).replace("20260630", last)
    paths = [write_feed(tmp_path / "bus.zip"), write_feed(tmp_path / "rail.zip", {"calendar.txt": calendar})]
    return read_timetable(list(zip(("bus", "rail"), paths, strict=True)))[0]


def test_a_feed_that_ended_is_named_though_its_operator_is_in_another(tmp_path):
    # the second feed's last day is 31 March 2025; the operator, Bws Bach, runs in both
    timetable = two_feeds(tmp_path, "20250301", "20250331")
    (warning,) = silences(timetable, date(2026, 6, 9))
    assert warning.startswith(
        "The feed 'rail' has no service on 2026-06-09: its trips run from 2025-03-01 to 2025-03-31."
    )


def test_a_date_between_two_feeds_is_an_error_naming_the_dates_of_both(tmp_path):
    timetable = two_feeds(tmp_path, "20261001", "20261031")
    said = r"does not cover 2026-08-04: it runs from 2026-06-01 to 2026-06-30 and from 2026-10-01 to 2026-10-31\."
    with pytest.raises(DateOutsideTimetable, match=said):
        check_covered(timetable, date(2026, 8, 4))
    # within a week of a feed's last trip the feed still says that nothing runs: 30 June is its last, 6 July is near, 7 July is not
    check_covered(timetable, date(2026, 7, 6))
    with pytest.raises(DateOutsideTimetable):
        check_covered(timetable, date(2026, 7, 7))
