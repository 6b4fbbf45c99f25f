"""Write small GTFS feeds for tests, table by table."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

#  A ---- B ---- C     one bus on weekdays of June 2026 (1 June is a Monday), and a coach every day
GOOD: dict[str, str] = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nO,Bws Bach,http://example.org,Europe/London\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,Aber,52.40,-4.08\nB,Bont,52.41,-4.07\nC,Capel,52.42,-4.06\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\n1,O,1,3\n2,O,X2,200\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign\n1,week,t1,Capel\n2,daily,t2,Capel\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
        "t1,09:00:00,09:00:00,A,1,0,1\nt1,09:10:00,09:11:00,B,2,0,0\nt1,09:20:00,09:20:00,C,3,1,0\n"
        "t2,24:10:00,24:10:00,A,1,,\nt2,25:00:00,25:00:00,C,2,,\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "week,1,1,1,1,1,0,0,20260601,20260630\ndaily,1,1,1,1,1,1,1,20260601,20260630\n"
    ),
}


def write_feed(path: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """Write :data:`GOOD` with whole tables changed, added, or (None) left out."""
    tables: dict[str, str | bytes | None] = {**GOOD, **(changes or {})}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in tables.items():
            if content is not None:
                archive.writestr(name, content)
    return path


def with_rows(table: str, *rows: str) -> dict[str, str]:
    """The good table with rows more."""
    return {table: GOOD[table] + "".join(f"{row}\n" for row in rows)}


def with_instead(table: str, old: str, new: str) -> dict[str, str]:
    """The good table with one text in it replaced."""
    assert old in GOOD[table]
    return {table: GOOD[table].replace(old, new)}
