"""Earliest arrivals straight from the text of a feed, written apart from the loader and the search: slow, short and obvious.

It knows what the random feeds of ``test_transit_from_text.py`` hold: calendars with exceptions, times past midnight, headways, blocks,
stations, transfers of type 0 to 3 (for single routes and trips too), pick-up and drop-off, and wheelchairs. Their stops lie between 100
and 400 metres apart, so one stays seated only within a stop or a station, and a change of which nothing is said takes five minutes there.
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
Call = tuple[str, int, int, bool, bool, str]  # stop, arrival, departure, may board, may alight, trip
Trip = tuple[list[Call], bool]  # and whether it may be used
Place = tuple[str, str]  # a stop, and the trip that one gets off or on there
# GTFS Schedule Reference, transfers.txt: which row counts of those that apply to two trips
NOBODY = ""
ORDER = ("tt", "tr rt", "t- -t", "rr", "r- -r", "--")


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
        may = is_open and row["pickup_type"] != "1", is_open and row["drop_off_type"] != "1"
        return row["stop_id"], *times, *may, row["trip_id"]

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
                    ride[-1] = (
                        *ride[-1][:3],
                        False,
                        *ride[-1][4:],
                    )  # here one stays, and need not get off and on again
                    ride += [(*last[0][:4], False, last[0][5]), *last[1:]]
                found.append(ride)
        return found

    def changes(self, walks: dict[tuple[str, str], int], slack: int, longest: int) -> dict[Place, dict[Place, int]]:
        """Seconds from getting off to being able to board, slack apart, for each two places between which one can change.

        Nobody walks longer than ``longest``; ``walks`` may be.
        """
        calls = sorted({(row["stop_id"], row["trip_id"]) for row in self["stop_times.txt"]})
        found: dict[Place, dict[Place, int]] = {}
        for off in calls:
            for on in calls:
                seconds = self._takes(off, on, walks.get((off[0], on[0])), slack, longest)
                if seconds is not None:
                    found.setdefault(off, {})[on] = seconds
        return found

    def _takes(self, off: Place, on: Place, walk: int | None, slack: int, longest: int) -> int | None:
        row = self._said(off, on)
        kind, least = ("", "") if row is None else (row["transfer_type"] or "0", row["min_transfer_time"])
        if kind == "3":
            return None
        if kind in ("1", "2") or (kind == "0" and least):
            return int(least or 0) - slack
        if off[0] == on[0]:
            return 0
        if walk is not None:
            return walk if walk <= longest else None
        may_guess = self._is_recommended(off, on) or self.station(off[0]) == self.station(on[0])
        return 300 - slack if may_guess and longest >= 300 else None

    def _about(self, off: Place, on: Place) -> list[tuple[int, int, Row]]:
        """The rows about a change, how vague each is about its trips, and about its stops."""
        route = {row["trip_id"]: row["route_id"] for row in self["trips.txt"]}
        by_headway = {row["trip_id"] for row in self["frequencies.txt"]}
        found = []
        for row in self["transfers.txt"]:
            how, far = "", 0
            for end, (stop, trip) in (("from", off), ("to", on)):
                named, of_route, of_stop = (row[f"{end}_{what}_id"] for what in ("trip", "route", "stop"))
                if named in by_headway or of_stop not in (stop, self.station(stop)):
                    break
                if (named and named != trip) or (of_route and not named and of_route != route.get(trip)):
                    break
                how += "t" if named else "r" if of_route else "-"
                far += of_stop != stop
            else:
                found.append((next(n for n, alike in enumerate(ORDER) if how in alike.split()), far, row))
        return found

    def _said(self, off: Place, on: Place) -> Row | None:
        return min(self._about(off, on), key=lambda one: one[:2], default=(0, 0, None))[2]

    def _is_recommended(self, off: Place, on: Place) -> bool:
        """Whether what counts of what is said of their trips, or of their stops alone, is that one may change there."""
        rows = [self._said(off, on), self._said((off[0], NOBODY), (on[0], NOBODY))]
        return any(
            row is not None and row["transfer_type"] in ("", "0") and not row["min_transfer_time"] for row in rows
        )


def earliest(
    vehicles: list[list[Call]],
    changes: dict[Place, dict[Place, int]],
    start: str,
    depart_s: int,
    max_rides: int,
    slack: int,
) -> list[dict[str, float]]:
    """Return for each number of rides when one has alighted at each stop at the earliest, leaving the stop ``start`` at ``depart_s``."""
    ready: dict[Place, float] = {}
    alighted: dict[Place, float] = {}
    found: list[dict[str, float]] = []
    for _ in range(max_rides):
        for ride in vehicles:
            is_aboard = False
            for stop, arrive_s, leave_s, may_board, may_alight, trip in ride:
                if is_aboard and may_alight:
                    alighted[stop, trip] = min(alighted.get((stop, trip), INFINITE), arrive_s)
                at_s = min(ready.get((stop, trip), INFINITE), depart_s if stop == start else INFINITE)
                is_aboard |= may_board and at_s + slack <= leave_s
        ready = {}
        for off, at_s in alighted.items():
            for on, takes_s in changes.get(off, {}).items():
                ready[on] = min(ready.get(on, INFINITE), at_s + takes_s)
        by_stop: dict[str, float] = {}
        for (stop, _), at_s in alighted.items():
            by_stop[stop] = min(by_stop.get(stop, INFINITE), at_s)
        found.append(by_stop)
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
