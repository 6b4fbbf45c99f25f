"""Write a timetable as a plain GTFS feed for other engines: one day, whole minutes, ids that are row numbers."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from geo.timetable.model import Timetable


def plain(timetable: Timetable, day: date) -> Timetable:
    """The trips of ``day`` alone, at whole minutes (rounded down), boarded and left anywhere, without blocks and changes."""
    runs = np.zeros_like(timetable.runs)
    column = (day - timetable.first_date).days
    runs[:, column] = timetable.runs[:, column]
    return replace(
        timetable,
        runs=runs,
        call_arrival_s=timetable.call_arrival_s // 60 * 60,
        call_departure_s=timetable.call_departure_s // 60 * 60,
        call_may_board=np.ones_like(timetable.call_may_board),
        call_may_alight=np.ones_like(timetable.call_may_alight),
        changes=timetable.changes[:0],
        changes_of_trips=timetable.changes_of_trips[:0],
        block_trip=timetable.block_trip[:0],
        stay_seated=timetable.stay_seated[:0],
    )


def write_plain_feed(timetable: Timetable, day: date, path: Path) -> Path:
    """Write the trips of ``day``; stops are called by their row, trips too, blocks where there are any."""
    lon_lat = timetable.stops.to_crs(4326).get_coordinates()
    running = timetable.runs[timetable.trips["service_index"].to_numpy(), (day - timetable.first_date).days]
    trip = np.repeat(np.arange(len(timetable.trips)), np.diff(timetable.call_start))
    kept = running[trip]
    block = dict(timetable.block_trip[:, ::-1].tolist())
    rows = np.flatnonzero(running)
    tables = {
        "agency": {"agency_id": [1], "agency_name": ["O"], "agency_url": ["http://example.org"], "agency_timezone": ["Europe/London"]},
        "stops": {
            "stop_id": np.arange(len(lon_lat)), "stop_name": np.arange(len(lon_lat)),
            "stop_lat": lon_lat["y"].round(7), "stop_lon": lon_lat["x"].round(7),
        },
        "routes": {"route_id": [1], "agency_id": [1], "route_short_name": ["1"], "route_long_name": [""], "route_type": [3]},
        "trips": {"route_id": 1, "service_id": "s", "trip_id": rows, "block_id": [block.get(t, "") for t in rows.tolist()]},
        "calendar_dates": {"service_id": ["s"], "date": [day.strftime("%Y%m%d")], "exception_type": [1]},
        "stop_times": {
            "trip_id": trip[kept],
            "arrival_time": _clock(timetable.call_arrival_s[kept]),
            "departure_time": _clock(timetable.call_departure_s[kept]),
            "stop_id": timetable.call_stop[kept],
            "stop_sequence": (np.arange(len(trip)) - timetable.call_start[trip])[kept],
            "pickup_type": 1 - timetable.call_may_board[kept].astype(int),
            "drop_off_type": 1 - timetable.call_may_alight[kept].astype(int),
        },
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            archive.writestr(f"{name}.txt", pd.DataFrame(table).to_csv(index=False))
    return path


def _clock(seconds: np.ndarray) -> list[str]:
    return [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in seconds.tolist()]
