"""The loader and the search together: random feeds, as text, against an oracle that reads that text itself."""

from __future__ import annotations

import math
import random
import zipfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from access.routing.rides import TransitRules
from access.routing.transit import StopLinks, make_day
from geo.timetable.gtfs import read_timetable
from tests.access.oracle_gtfs import INFINITE, Feed, clock, earliest
from tests.access.transit_worlds import rows_of

DAYS = (date(2026, 6, 9), date(2026, 3, 29), date(2026, 3, 28), date(2026, 10, 25), date(2026, 10, 26))
STOPS = "ABCDEF"
WEEKDAYS = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"


def write_random_feed(path: Path, rng: random.Random, day: date) -> None:
    """Write a feed of some trips around one hour of ``day``, or of the nights before and after it."""
    around = [(day + timedelta(days=n)).strftime("%Y%m%d") for n in range(-3, 3)]
    tables = {
        "agency.txt": ["agency_id,agency_name,agency_timezone", "O,Op,Europe/London"],
        "routes.txt": ["route_id,agency_id,route_type", "1,O,3", "2,O,200"],
        "stops.txt": ["stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding"],
        "calendar.txt": [f"service_id,{WEEKDAYS},start_date,end_date", f"all,1,1,1,1,1,1,1,{around[0]},{around[-1]}"],
        "calendar_dates.txt": ["service_id,date,exception_type"],
        "trips.txt": ["trip_id,route_id,service_id,block_id,wheelchair_accessible"],
        "stop_times.txt": ["trip_id,stop_sequence,stop_id,arrival_time,departure_time,pickup_type,drop_off_type"],
        "frequencies.txt": ["trip_id,start_time,end_time,headway_secs,exact_times"],
        "transfers.txt": ["from_stop_id,to_stop_id,transfer_type,min_transfer_time"],
    }
    tables["stops.txt"] += [f"S,S,52.4,-4.08,1,,{rng.choice(['', '1', '2'])}"]
    for n, stop in enumerate(
        STOPS
    ):  # on a circle of 190 m: too far apart to be one place, and less than five minutes' walk
        lies_in = rng.choice(["S", "", ""])
        lat, lon = 52.4 + 0.00171 * math.sin(n * math.pi / 3), -4.08 + 0.0028 * math.cos(n * math.pi / 3)
        tables["stops.txt"] += [f"{stop},{stop},{lat:.5f},{lon:.5f},,{lies_in},{rng.choice(['', '0', '1', '1', '2'])}"]
    for service in "xy":
        runs = ",".join(rng.choice("011") for _ in range(7))
        tables["calendar.txt"] += [f"{service},{runs},{rng.choice(around[:3])},{rng.choice(around[3:])}"]
        changed = rng.sample(around, 2)
        tables["calendar_dates.txt"] += [f"{service},{when},{rng.choice('12')}" for when in changed]
    _write_trips(tables, rng, rng.choice([600, 36_000, 86_000]))
    for _ in range(rng.choice([0, 3, 8])):
        kind = rng.choice(["", "0", "1", "2", "3"])
        least = rng.choice(["0", "30", "200"]) if kind == "2" else rng.choice(["", "", "90"])
        tables["transfers.txt"] += [f"{rng.choice('ABCS')},{rng.choice('ABCS')},{kind},{least}"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, lines in tables.items():
            archive.writestr(name, "\n".join([*lines, ""]))


def _write_trips(tables: dict[str, list[str]], rng: random.Random, begins_s: int) -> None:
    """Write trips alone, several of the same calls (some of them repeats, some a little otherwise), in blocks, and by headway."""

    def write(calls: list[str], route: str, service: str, block: str, wheelchair: str) -> None:
        trip = f"t{len(tables['trips.txt'])}"
        tables["trips.txt"] += [f"{trip},{route},{service},{block},{wheelchair}"]
        tables["stop_times.txt"] += [f"{trip},{n},{call}" for n, call in enumerate(calls)]

    def random_calls(now_s: int, first: str) -> tuple[list[str], int, str]:
        calls = []
        for stop in [first, *rng.choices(STOPS, k=rng.randint(1, 3))]:
            arrive_s = now_s + (rng.randint(0, 300) if calls else 0)
            now_s = arrive_s + rng.choice([0, 0, 60])
            flags = rng.choice("00001"), rng.choice("00001")
            calls.append(f"{stop},{clock(arrive_s)},{clock(now_s)},{','.join(flags)}")
        return calls, now_s, stop

    for _ in range(rng.randint(4, 8)):
        how = rng.choice(["alone", "alike", "block", "headway"])
        now_s = begins_s + rng.randint(0, 1500) + rng.choice([0, 0, 86_400])
        said = rng.choice("12"), rng.choice(["all", "all", "x", "y"]), "", rng.choice(["", "1", "1", "2"])
        calls, ends_s, last = random_calls(now_s, rng.choice(STOPS))
        for _ in range(rng.randint(1, 2) if how == "alike" else 0):
            flags = [
                call if rng.random() < 0.7 else f"{call[:-3]}{rng.choice('01')},{rng.choice('01')}" for call in calls
            ]
            write(flags, said[0], rng.choice([said[1], "all", "x", "y"]), "", rng.choice(["", "1", "1", "2"]))
        if how == "headway":
            trip = f"t{len(tables['trips.txt'])}"
            every_s = rng.choice([200, 301])
            ends = clock(now_s + rng.choice([every_s, 2 * every_s, rng.randint(1, 900)]))
            tables["frequencies.txt"] += [f"{trip},{clock(now_s)},{ends},{every_s},"]
        write(calls, *said[:2], f"b{len(tables['trips.txt'])}" if how == "block" else "", said[3])
        block = tables["trips.txt"][-1].split(",")[3]
        for _ in range(rng.randint(1, 2) if how == "block" else 0):
            calls, ends_s, last = random_calls(
                ends_s + rng.choice([0, 60, 1800, 1801]), rng.choice([last, last, rng.choice(STOPS)])
            )
            write(calls, said[0], rng.choice([said[1], "all"]), block, rng.choice([said[3], "1"]))


@pytest.mark.parametrize("tenth", range(10))
def test_random_feeds_are_ridden_as_their_text_says(tmp_path: Path, tenth: int) -> None:
    for seed in range(tenth * 8, tenth * 8 + 8):
        rng = random.Random(seed)
        day, path = rng.choice(DAYS), tmp_path / f"{seed}.zip"
        write_random_feed(path, rng, day)
        rules = TransitRules(1200, rng.randint(1, 3), rng.choice([0, 30]), rng.choice(["any", "possible", "known"]))  # type: ignore[arg-type]
        walks = {tuple(rng.sample(STOPS, 2)): rng.randint(0, 200) for _ in range(3)}
        timetable, _ = read_timetable([("f", path)])
        row = {stop.removeprefix("f:"): n for n, stop in enumerate(timetable.stops["stop_id"])}
        transfers = rows_of(len(row), [(row[a], row[b], s) for (a, b), s in walks.items()])
        links = rows_of(len(STOPS), [(n, row[stop], 0) for n, stop in enumerate(STOPS)])
        times = np.repeat(
            [rng.randint(0, 3600) - 600, 36_000 + rng.randint(0, 2400), 86_400 + rng.randint(0, 2400)], len(STOPS)
        )
        sources = np.tile(np.arange(len(STOPS)), 3)
        found = make_day(timetable, day, transfers, rules).earliest_arrivals(
            StopLinks.of(links, links), StopLinks.of(links, links), sources, times, np.full((len(STOPS),) * 2, np.nan)
        )
        feed = Feed(path)
        vehicles, changes = feed.vehicles(day, rules.wheelchair), feed.changes(walks, rules.board_slack_s)  # type: ignore[arg-type]
        for query, (source, when) in enumerate(zip(sources.tolist(), times.tolist(), strict=True)):
            rounds = earliest(vehicles, changes, STOPS[source], when, rules.max_rides, rules.board_slack_s)
            for n, stop in enumerate(STOPS):
                arrive = rounds[-1].get(stop, INFINITE)
                fewest = 1 + next((k for k, one in enumerate(rounds) if one.get(stop) == arrive), -2)
                took = found.travel_s[query, n]
                got = (INFINITE if np.isnan(took) else when + took, found.rides[query, n])
                assert got == (arrive, fewest), (seed, STOPS[source], stop, when)
