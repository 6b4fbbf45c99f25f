"""A GTFS feed as tables in memory, and the zip that holds them: the same content gives the same bytes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from geo.demo.land import Xy, lonlat
from geo.demo.lines import FIRST_DAY, LAST_DAY, NO_SERVICE, SUNDAY_TIMES

SERVICES: dict[str, str] = {
    "MF": "1111100",
    "Sa": "0000010",
    "Su": "0000001",
    "We": "0010000",
    "FS": "0000110",
}  # Monday first
_ZIP_TIME = (2026, 8, 1, 0, 0, 0)


@dataclass(frozen=True)
class Stop:
    """A stop, a platform or a station (EPSG:27700); ``wheelchair`` as in GTFS: 0 unknown, 1 yes, 2 no."""

    stop_id: str
    name: str
    xy: Xy
    wheelchair: int
    parent: str = ""
    is_station: bool = False


@dataclass(frozen=True)
class Route:
    """One line of an operator."""

    route_id: str
    agency: str
    number: str
    long_name: str


@dataclass(frozen=True)
class Trip:
    """One run: its calls are (stop, seconds after midnight of the service day)."""

    trip_id: str
    route_id: str
    service: str
    headsign: str
    direction: int
    calls: tuple[tuple[str, int], ...]
    wheelchair: int


@dataclass
class Feed:
    """One feed. ``agencies`` maps ids to names; ``mode`` is the GTFS route type (2 rail, 3 bus); shapes are EPSG:27700."""

    publisher: str
    agencies: dict[str, str]
    mode: int
    stops: dict[str, Stop] = field(default_factory=dict)
    routes: list[Route] = field(default_factory=list)
    shapes: dict[str, list[Xy]] = field(default_factory=dict)
    trips: list[Trip] = field(default_factory=list)


def write_feed(feed: Feed, path: Path) -> None:
    """Write ``feed`` as a zip; the members' times are fixed, so that equal feeds are equal files."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in _tables(feed).items():
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(rows)
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            archive.writestr(member, text.getvalue().encode(), compresslevel=9)


HEADERS: dict[str, str] = {
    "agency.txt": "agency_id agency_name agency_url agency_timezone agency_lang",
    "stops.txt": "stop_id stop_name stop_lat stop_lon location_type parent_station wheelchair_boarding",
    "routes.txt": "route_id agency_id route_short_name route_long_name route_type",
    "trips.txt": "route_id service_id trip_id trip_headsign direction_id shape_id wheelchair_accessible",
    "stop_times.txt": "trip_id arrival_time departure_time stop_id stop_sequence",
    "calendar.txt": "service_id monday tuesday wednesday thursday friday saturday sunday start_date end_date",
    "calendar_dates.txt": "service_id date exception_type",
    "shapes.txt": "shape_id shape_pt_lat shape_pt_lon shape_pt_sequence",
    "feed_info.txt": "feed_publisher_name feed_publisher_url feed_lang feed_start_date feed_end_date feed_version",
}


def _tables(feed: Feed) -> dict[str, list[Sequence[object]]]:
    url = "https://example.org/cantrer-gwaelod"
    used = {trip.service for trip in feed.trips}
    ordered = sorted(feed.stops.values(), key=lambda stop: (not stop.is_station, stop.stop_id))
    rows: dict[str, list[Sequence[object]]] = {
        "agency.txt": [[key, name, url, "Europe/London", "cy"] for key, name in feed.agencies.items()],
        "stops.txt": [_stop_row(stop) for stop in ordered],
        "routes.txt": [[r.route_id, r.agency, r.number, r.long_name, feed.mode] for r in feed.routes],
        "trips.txt": [
            [t.route_id, t.service, t.trip_id, t.headsign, t.direction, f"{t.route_id}-{t.direction}", t.wheelchair]
            for t in feed.trips
        ],
        "stop_times.txt": [
            [t.trip_id, _clock(s), _clock(s), stop, n] for t in feed.trips for n, (stop, s) in enumerate(t.calls)
        ],
        "calendar.txt": [
            [key, *days, _day(FIRST_DAY), _day(LAST_DAY)] for key, days in SERVICES.items() if key in used
        ],
        "calendar_dates.txt": _exceptions(used),
        "shapes.txt": [row for key, points in feed.shapes.items() for row in _shape_rows(key, points)],
        "feed_info.txt": [[feed.publisher, url, "cy", _day(FIRST_DAY), _day(LAST_DAY), "1"]],
    }
    return {name: [header.split(), *rows[name]] for name, header in HEADERS.items()}


def _stop_row(stop: Stop) -> list[object]:
    lon, lat = lonlat(stop.xy)
    place = [f"{lat:.6f}", f"{lon:.6f}"]
    return [stop.stop_id, stop.name, *place, int(stop.is_station), stop.parent, stop.wheelchair]


def _shape_rows(key: str, points: Sequence[Xy]) -> list[list[object]]:
    return [[key, f"{lat:.5f}", f"{lon:.5f}", n] for n, (lon, lat) in enumerate(map(lonlat, points))]


def _exceptions(used: set[str]) -> list[Sequence[object]]:
    """Return the bank holidays: what would run that day does not, and the Sunday services do."""
    found: list[Sequence[object]] = []
    for day in sorted((*SUNDAY_TIMES, *NO_SERVICE)):
        found += [[key, _day(day), 2] for key in SERVICES if key in used and SERVICES[key][day.weekday()] == "1"]
        if day in SUNDAY_TIMES and "Su" in used:
            found.append(["Su", _day(day), 1])
    return found


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
