"""Steps: a world in which steps cut the short way, and one bus takes wheelchairs, one says nothing, one does not.

::

                 detour, 500 m north: 2.0 km in all, 1,500 s on foot
            ┌──────────────────────┐
    km 0    │                      1               5               7               9
    HALL ───┴── path ── steps ─────A1 ─── road ─── B1 ──────────── D1 ──────────── C1
                0.5 to 0.6 km                      bus that says   bus that says   bus that says
                1.0 km in all, 750 s               nothing         no              yes

    bus there   from 9 at 13:20, from 5 and 7 at 13:30, at the hall 13:50          each a line of its own, all stops say yes
    bus home    from the hall at 16:10, at 9 at 16:40, at 5 and 7 at 16:30
    people      A1 100 · B1 200 · D1 400 · C1 300        stops 2 km apart: 1,500 s, beyond the longest walk of 1,200 s
    sessions    all at the hall, Tuesday 14:00–16:00: crafts, where wheelchairs get in; singing, where nobody says; woodwork, where not
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.worlds import _csv, _profile, _row, _write_booked, _write_zones, degrees

STOPS_KM = {"s0": 0, "s5": 5, "s7": 7, "s9": 9}


def write_steps(folder: Path, *, booked_rides: bool = False) -> Path:
    """Write the world and return its profile; ``booked_rides`` adds One Road's service: nobody says whether it takes wheelchairs."""
    _write_streets(folder / "streets.osm")
    _write_gtfs(folder / "bus.zip")
    _write_zones(folder / "zones.geojson")
    _csv(
        folder / "figures.csv",
        "zone_code,name_en,name_cy,population,population_65plus,households_no_car_share,deprivation_rank,income_rank,employment_rank,health_rank,la_code",
        "A,Aton,Tref A,100,20,0.1,3,3,3,3,L1",
        "B,Beeton,Tref B,200,60,0.2,2,2,2,2,L1",
        "C,Ceeton,Tref C,700,90,0.5,1,1,1,1,L2",
    )
    homes = (_row("A1,A,100", 1), _row("B1,B,200", 5), _row("C1,C,300", 9), _row("D1,C,400", 7))
    _csv(folder / "origins.csv", "origin_id,zone_code,population,lon,lat", *homes)
    _csv(folder / "venues.csv", "venue_id,name,lon,lat", _row("hall,Hall", 0))
    _csv(
        folder / "activities.csv",
        "activity_id,name_en,name_cy,category,venue_id,wheelchair",
        "craft,Craft club,Clwb crefftau,crafts,hall,yes",
        "choir,Choir,Côr,singing,hall,unknown",
        "shed,Shed,Sied,woodwork,hall,no",
    )
    _csv(
        folder / "sessions.csv",
        "session_id,activity_id,weekday,start,end,freq",
        *(f"{name}-tue,{name},tuesday,14:00,16:00,weekly" for name in ("craft", "choir", "shed")),
    )
    if booked_rides:
        _write_booked(folder / "booked.geojson")
    profile = folder / "steps.toml"
    said = _profile(booked_rides=booked_rides, trusted="", busy=False).replace("one-road", "steps")
    profile.write_text(said, encoding="utf-8")
    return profile


def _write_streets(path: Path) -> None:
    places = [(float(km), 0.0) for km in range(10)] + [(0.5, 0.0), (0.6, 0.0), (0.0, 0.5), (1.0, 0.5)]
    nodes = [
        f'<node id="{number}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>'
        for number, (lon, lat) in enumerate((degrees(*place) for place in places), start=1)
    ]
    ways = [([1, 11], "footway"), ([11, 12], "steps"), ([12, 2], "footway"), ([1, 13, 14, 2], "residential")]
    ways += [([km, km + 1], "residential") for km in range(2, 10)]
    lines = [
        f'<way id="{number}" version="1">{"".join(f"<nd ref={ref!r}/>" for ref in map(str, refs))}<tag k="highway" v="{kind}"/></way>'
        for number, (refs, kind) in enumerate(ways, start=1)
    ]
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n' + "\n".join(nodes + lines) + "\n</osm>\n",
        encoding="utf-8",
    )


def _write_gtfs(path: Path) -> None:
    stops = [f"{stop},Stop {km},{degrees(km)[1]:.7f},{degrees(km)[0]:.7f},1" for stop, km in STOPS_KM.items()]
    buses = {
        "s5": ("13:30:00", "16:30:00", ""),
        "s7": ("13:30:00", "16:30:00", "2"),
        "s9": ("13:20:00", "16:40:00", "1"),
    }
    trips, calls = [], []
    for stop, (leaves, arrives, says) in buses.items():
        trips += [f"r{stop},w,there-{stop},{says}", f"r{stop},w,home-{stop},{says}"]
        calls += [f"there-{stop},{leaves},{leaves},{stop},1", f"there-{stop},13:50:00,13:50:00,s0,2"]
        calls += [f"home-{stop},16:10:00,16:10:00,s0,1", f"home-{stop},{arrives},{arrives},{stop},2"]
    files = {
        "agency.txt": ["agency_id,agency_name,agency_url,agency_timezone", "a,Bus,https://example.org,Europe/London"],
        "stops.txt": ["stop_id,stop_name,stop_lat,stop_lon,wheelchair_boarding", *stops],
        "routes.txt": ["route_id,agency_id,route_short_name,route_type", *(f"r{stop},a,{stop},3" for stop in buses)],
        "trips.txt": ["route_id,service_id,trip_id,wheelchair_accessible", *trips],
        "stop_times.txt": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence", *calls],
        "calendar.txt": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            "w,1,1,1,1,1,1,0,20260901,20261031",
        ],
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, lines in files.items():
            archive.writestr(name, "\n".join(lines) + "\n")
