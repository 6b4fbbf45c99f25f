"""Seconds of a service day and what the clocks show, on ordinary days and on the two nights of the change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geo.timetable.clock import clock_time, seconds_between_days, seconds_of_day

LONDON = "Europe/London"
ORDINARY, SPRING, AUTUMN = date(2026, 6, 9), date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        (ORDINARY, time(0), 0),
        (ORDINARY, time(9, 30), 34_200),
        (SPRING, time(0), 3_600),  # noon less 12 h is 23:00 of the evening before
        (SPRING, time(0, 59), 7_140),
        (SPRING, time(2), 7_200),  # a minute later: the hour from 1:00 is skipped
        (SPRING, time(9), 32_400),
        (AUTUMN, time(0), -3_600),  # noon less 12 h is 1:00 summer time
        (AUTUMN, time(1, 30), 1_800),  # the first 1:30
        (AUTUMN, time(1, 30, fold=1), 5_400),  # the second
        (AUTUMN, time(9), 32_400),
    ],
)
def test_wall_clock_to_seconds_and_back(day, clock, expected):
    assert seconds_of_day(day, clock, LONDON) == expected
    shown = clock_time(day, expected, LONDON)
    assert (shown.date(), shown.time(), shown.fold) == (day, clock.replace(fold=0), clock.fold)


def test_times_past_midnight_are_the_next_day():
    assert clock_time(ORDINARY, 87_000, LONDON).replace(tzinfo=None) == datetime(2026, 6, 10, 0, 10)
    assert seconds_of_day(ORDINARY, time(0, 10), LONDON, days_later=1) == 87_000


def test_distance_of_service_days():
    assert seconds_between_days(ORDINARY, 1, LONDON) == 86_400
    assert seconds_between_days(SPRING, -1, LONDON) == -82_800  # from Saturday's noon to Sunday's are 23 h
    assert seconds_between_days(SPRING, 1, LONDON) == 86_400
    assert seconds_between_days(AUTUMN, -1, LONDON) == -90_000


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-86_400, 3 * 86_400))
@example(SPRING, 5_400)
@example(AUTUMN, 5_400)
def test_round_trip_past_midnight(day, seconds):
    shown = clock_time(day, seconds, LONDON)
    later = (shown.date() - day).days
    assert seconds_of_day(day, shown.timetz().replace(tzinfo=None), LONDON, later) == seconds


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, 3 * 86_400))
def test_moving_to_the_next_service_day_is_the_same_moment(day, seconds):
    moved = seconds - seconds_between_days(day, 1, LONDON)
    assert clock_time(day + timedelta(days=1), moved, LONDON) == clock_time(day, seconds, LONDON)
