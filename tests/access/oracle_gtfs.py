"""Earliest arrivals straight from the text of a feed, written apart from the loader and the search: slow, short and obvious.

It knows what the random feeds of ``test_transit_from_text.py`` hold: calendars with exceptions, times past midnight, headways, blocks,
stations, transfers of type 0 to 3, pick-up and drop-off, and wheelchairs. Their stops lie between 100 and 400 metres apart, so one stays
seated only within a stop or a station, and a change of which nothing is said takes five minutes there.
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

INFINITE = float("inf")
SAID = {"any": {"", "0", "1", "2"}, "possible": {"", "0", "1"}, "known": {"1"}}
Row = dict[str, str]
Call = tuple[str, int, int, bool, bool]  # stop, arrival, departure, may board, may alight
Trip = tuple[list[Call], bool]  # and whether it may be used


class Feed:
    """The tables of a feed as they stand there."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.tables = {n: list(csv.DictReader(io.StringIO(archive.read(n).decode()))) for n in archive.namelist()}
        self.stops = {row["stop_id"]: row for row in self["stops.txt"]}

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def station(self, stop: str) -> str:
        """The station of a stop, itself where it has none."""
        return self.stops[stop]["parent_station"] or stop

    def runs(self, service: str, day: date) -> bool:
        """Whether a service runs on a day."""
        text = day.strftime("%Y%m%d")
        for row in self["calendar_dates.txt"]:
            if (row["service_id"], row["date"]) == (service, text):
                return row["exception_type"] == "1"
        name = day.strftime("%A").lower()
        rows = [row for row in self["calendar.txt"] if row["service_id"] == service]
        return any(row["start_date"] <= text <= row["end_date"] and row[name] == "1" for row in rows)

    def is_open(self, stop: str, wheelchair: str) -> bool:
        """Whether a stop may be used; one that says nothing has it of its station."""
        own = self.stops[stop]["wheelchair_boarding"]
        return (self.stops[self.station(stop)]["wheelchair_boarding"] if own in ("", "0") else own) in SAID[wheelchair]

    def departures(self, trip: str) -> list[list[Row]]:
        """The calls of a trip, once for each departure where it runs by headway."""
        calls = sorted(
            (r for r in self["stop_times.txt"] if r["trip_id"] == trip), key=lambda r: int(r["stop_sequence"])
        )
        rows = [row for row in self["frequencies.txt"] if row["trip_id"] == trip]
        if not rows:
            return [calls]
        found = []
        for row in rows:
            for start in range(seconds(row["start_time"]), seconds(row["end_time"]), int(row["headway_secs"])):
                by = start - seconds(calls[0]["departure_time"])
                moved = ("arrival_time", "departure_time")
                found.append([call | {name: clock(seconds(call[name]) + by) for name in moved} for call in calls])
        return found

    def vehicles(self, day: date, wheelchair: str) -> list[list[Call]]:
        """All that one can ride around a day in its seconds, each vehicle with the trips on which one may stay seated."""
        blocks: dict[tuple[str, int], list[Trip]] = {}
        alone = []
        for offset in (-2, -1, 0, 1):
            other = day + timedelta(days=offset)
            for trip in self["trips.txt"]:
                if not self.runs(trip["service_id"], other):
                    continue
                for calls in self.departures(trip["trip_id"]):
                    ride = [self._call(row, noon_s(other) - noon_s(day), wheelchair) for row in calls]
                    is_usable = trip["wheelchair_accessible"] in SAID[wheelchair]
                    by_headway = any(row["trip_id"] == trip["trip_id"] for row in self["frequencies.txt"])
                    if trip["block_id"] and not by_headway:
                        blocks.setdefault((trip["block_id"], offset), []).append((ride, is_usable))
                    elif is_usable:
                        alone.append(ride)
        return alone + self._joined(blocks)

    def _call(self, row: Row, shift: int, wheelchair: str) -> Call:
        is_open = self.is_open(row["stop_id"], wheelchair)
        times = (seconds(row[name]) + shift for name in ("arrival_time", "departure_time"))
        return row["stop_id"], *times, is_open and row["pickup_type"] != "1", is_open and row["drop_off_type"] != "1"

    def _joined(self, blocks: dict[tuple[str, int], list[Trip]]) -> list[list[Call]]:
        """Join the trips of each block that follow one another; a vehicle with a trip that may not be used ends before it."""
        after: dict[int, Trip] = {}
        for trips in blocks.values():
            trips.sort(key=lambda trip: (trip[0][0][2], trip[0][-1][1]))
        for (block, offset), trips in blocks.items():
            for (calls, _), then in pairwise([*trips, *blocks.get((block, offset + 1), [])[:1]]):
                waits_s, ends, begins = then[0][0][2] - calls[-1][1], calls[-1][0], then[0][0][0]
                if 0 <= waits_s <= 1800 and self.station(ends) == self.station(begins):
                    after[id(calls)] = then
        usable = [calls for trips in blocks.values() for calls, is_usable in trips if is_usable]
        led_to = {id(after[id(calls)][0]) for calls in usable if id(calls) in after}
        found = []
        for first in usable:
            if id(first) not in led_to:
                ride, last = list(first), first
                while id(last) in after and after[id(last)][1]:
                    last = after[id(last)][0]
                    ride[-1] = (*ride[-1][:3], False, ride[-1][4])  # here one stays, and need not get off and on again
                    ride += [(*last[0][:4], False), *last[1:]]
                found.append(ride)
        return found

    def changes(self, walks: dict[tuple[str, str], int], slack: int, longest: int) -> dict[tuple[str, str], int]:
        """Seconds from getting off to being able to board, slack apart, for each pair of stops between which one can change.

        Nobody walks longer than ``longest``; ``walks`` may be.
        """
        places = [stop for stop, row in self.stops.items() if row["location_type"] != "1"]
        told: dict[tuple[str, str], tuple[int, Row]] = {}
        for row in self["transfers.txt"]:
            ends = [[s for s in places if row[end] in (s, self.station(s))] for end in ("from_stop_id", "to_stop_id")]
            for a, b in ((a, b) for a in ends[0] for b in ends[1]):
                far = (a != row["from_stop_id"]) + (b != row["to_stop_id"])
                if (a, b) not in told or far < told[a, b][0]:
                    told[a, b] = (far, row)
        found = {}
        for a, b in ((a, b) for a in places for b in places):
            kind, least = (
                ("", "")
                if (a, b) not in told
                else (told[a, b][1]["transfer_type"] or "0", told[a, b][1]["min_transfer_time"])
            )
            if kind == "3":
                continue
            if kind in ("1", "2") or (kind == "0" and least):
                found[a, b] = int(least or 0) - slack
            elif a == b:
                found[a, b] = 0
            elif (a, b) in walks:
                found |= {(a, b): walks[a, b]} if walks[a, b] <= longest else {}
            elif (kind == "0" or self.station(a) == self.station(b)) and longest >= 300:
                found[a, b] = 300 - slack
        return found


def earliest(
    vehicles: list[list[Call]],
    changes: dict[tuple[str, str], int],
    start: str,
    depart_s: int,
    max_rides: int,
    slack: int,
) -> list[dict[str, float]]:
    """Return for each number of rides when one has alighted at each stop at the earliest, leaving the stop ``start`` at ``depart_s``."""
    ready: dict[str, float] = {start: depart_s}
    found: list[dict[str, float]] = []
    for _ in range(max_rides):
        alighted = dict(found[-1]) if found else {}
        for ride in vehicles:
            is_aboard = False
            for stop, arrive_s, leave_s, may_board, may_alight in ride:
                if is_aboard and may_alight:
                    alighted[stop] = min(alighted.get(stop, INFINITE), arrive_s)
                is_aboard |= may_board and ready.get(stop, INFINITE) + slack <= leave_s
        found.append(alighted)
        ready = {start: depart_s}
        for (a, b), takes_s in changes.items():
            ready[b] = min(ready.get(b, INFINITE), alighted.get(a, INFINITE) + takes_s)
    return found


def noon_s(day: date) -> int:
    """The noon of a day by the clock in London, in seconds of an epoch."""
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/London")).timestamp())


def seconds(text: str) -> int:
    """HH:MM:SS as seconds."""
    hours, minutes, rest = map(int, text.split(":"))
    return hours * 3600 + minutes * 60 + rest


def clock(at_s: int) -> str:
    """Seconds as HH:MM:SS, past 24:00 too."""
    return f"{at_s // 3600:02d}:{at_s % 3600 // 60:02d}:{at_s % 60:02d}"
