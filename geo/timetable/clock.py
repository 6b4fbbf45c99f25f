"""Turn wall-clock times into seconds of a service day and back, on the nights of the clock change too.

A service day counts from noon minus twelve hours, as GTFS does. That is midnight but on two days a year: on the last Sunday in March
second 0 is 23:00 of the day before, on the last in October it is 01:00 summer time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_S = 86_400


def start_of_service_day(day: date, timezone: str) -> datetime:
    """Return the moment from which the seconds of ``day`` count, in UTC."""
    return datetime.combine(day, time(12), ZoneInfo(timezone)).astimezone(UTC) - timedelta(hours=12)


def seconds_between_days(day: date, days_later: int, timezone: str) -> int:
    """Return how many seconds of ``day`` pass before second 0 of the service day ``days_later`` (which may be negative)."""
    other = start_of_service_day(day + timedelta(days=days_later), timezone)
    return round((other - start_of_service_day(day, timezone)).total_seconds())


def seconds_of_day(day: date, clock: time, timezone: str, days_later: int = 0) -> int:
    """Return when the clocks show ``clock`` on ``day`` (or ``days_later``), in seconds of the service day ``day``.

    An hour that comes twice is taken the first time unless ``clock.fold`` is 1; one that is skipped counts on from before the change.
    """
    moment = datetime.combine(day + timedelta(days=days_later), clock, ZoneInfo(timezone)).astimezone(UTC)
    return round((moment - start_of_service_day(day, timezone)).total_seconds())


def seconds_by_clock(day: date, clock_s: int, timezone: str) -> int:
    """Return when the clocks show ``clock_s`` seconds after 00:00 of ``day``, in seconds of its service day.

    24 hours and more are those of the days after. Hours that come twice or not at all are taken as by :func:`seconds_of_day`.
    """
    days_later, rest = divmod(int(clock_s), DAY_S)
    return seconds_of_day(day, time(rest // 3600, rest // 60 % 60, rest % 60), timezone, days_later)


def clock_time(day: date, seconds: int, timezone: str) -> datetime:
    """Return what the clocks show ``seconds`` into the service day ``day``, with its date (``fold`` is 1 in the repeated hour)."""
    return (start_of_service_day(day, timezone) + timedelta(seconds=int(seconds))).astimezone(ZoneInfo(timezone))


def hhmm(seconds: float) -> str:
    """Return seconds of a day as HH:MM, past midnight from 00:00 again: for times that are told by the clock, as sessions' are."""
    return f"{int(seconds) // 3600 % 24:02d}:{int(seconds) % 3600 // 60:02d}"
