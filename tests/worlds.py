"""One Road: a world small enough to work out by hand, written in the formats of real data.

::

    km 0        1                   5                       9
    HALL ───── A1 ──────────────── B1 ──────────────────── C1   one straight road, limit 36 km/h
                                                                 100 s/km by car, 750 s/km on foot
    stop                          stop                    stop
    (hall)                        (chapel)                (shed)
                                                                B2 lies 5 km north of B1: no street near, not placed

    bus there   13:20 at km 9 → 13:35 at km 5 → 13:50 at km 0     every day but Sunday
    bus home    16:10 at km 0 → 16:25 at km 5, where it ends

    people      A 100 · B 200 at B1 and 100 at B2 · C 300         ranks of deprivation: C 1, B 2, A 3
    sessions    crafts at the hall, Tuesday 14:00–16:00; singing at the chapel, Tuesday 18:30–20:00

With ``busy`` there is more going on, with providers, funders and ends, and there are clusters, practices and posts::

    craft   hall    Tue 14:00–16:00  Wool     Grant   until 31 December 2026     clusters    west: A, B · east: C
    knit    hall    Tue 14:15–16:00  Needle   Council until 31 March 2027        practices   P1 west, 500 registered · P2 east, not known
    sew     hall    Tue 10:00–12:00  Wool     Council until 31 March 2027        posts       half a post at P1 · one post for east
    choir   chapel  Tue 18:30–20:00  Chapels  no end known
    shed    shed    Tue 10:00–12:00  Sheds    Grant   until 31 March 2027        (woodwork)
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

from pyproj import Transformer

from access.query import TravelRules
from access.sessions import SessionAccess

WEST, Y = 300_000.0, 200_000.0
_TO_DEGREES = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)

FREE_FLOW = TravelRules(peaks=())  # drives as the streets alone have them: what is derived in comments knows no peak


def degrees(km: float, north_km: float = 0.0) -> tuple[float, float]:
    """Return lon, lat of a place on (or north of) the road."""
    lon, lat = _TO_DEGREES.transform(WEST + 1000 * km, Y + 1000 * north_km)
    return float(lon), float(lat)


def without_people(access: SessionAccess, *zones: str) -> SessionAccess:
    """Return the same there and back, with the people of some zones not counted."""
    area = access.network.area
    origins = area.origins.assign(population=area.origins["population"].mask(area.origins["zone_code"].isin(zones)))
    bare = area.zones.assign(population=area.zones["population"].mask(area.zones["zone_code"].isin(zones)))
    return replace(access, network=replace(access.network, area=replace(area, zones=bare, origins=origins)))


def write_one_road(
    folder: Path, *, booked_rides: bool = False, trusted: str = "", busy: bool = False, late_bus: bool = False
) -> Path:
    """Write the world and return its profile.

    ``booked_rides`` adds a demand-responsive service over the whole road, Tuesday 09:00–16:25, 5 minutes' overhead, £2 a ride.
    ``trusted`` is put in the profile as ``trusted_weekdays``. ``busy`` adds what the second drawing shows. ``late_bus`` adds another bus
    home, which does not stop at km 5: 16:30 at km 0 → 17:00 at km 9.
    """
    _write_streets(folder / "streets.osm")
    _write_gtfs(folder / "bus.zip", late_bus=late_bus)
    _write_zones(folder / "zones.geojson")
    _csv(
        folder / "figures.csv",
        "zone_code,name_en,name_cy,population,population_65plus,households_no_car_share,deprivation_rank,income_rank,employment_rank,health_rank,la_code",
        "A,Aton,Tref A,100,20,0.1,3,3,3,3,L1",
        "B,Beeton,Tref B,300,60,0.2,2,2,2,2,L1",
        "C,Ceeton,Tref C,300,90,0.5,1,1,1,1,L2",
    )
    _csv(
        folder / "origins.csv",
        "origin_id,zone_code,population,lon,lat",
        _row("A1,A,100", 1),
        _row("B1,B,200", 5),
        _row("B2,B,100", 5, 5),
        _row("C1,C,300", 9),
    )
    _csv(
        folder / "venues.csv",
        "venue_id,name,lon,lat",
        _row("hall,Hall", 0),
        _row("chapel,Chapel", 5),
        _row("shed,Shed", 9),
    )
    _csv(
        folder / "activities.csv",
        "activity_id,name_en,name_cy,category,venue_id",
        "craft,Craft club,Clwb crefftau,crafts,hall",
        "choir,Choir,Côr,singing,chapel",
    )
    _csv(
        folder / "sessions.csv",
        "session_id,activity_id,weekday,start,end,freq",
        "craft-tue,craft,tuesday,14:00,16:00,weekly",
        "choir-tue,choir,tuesday,18:30,20:00,weekly",
    )
    if booked_rides:
        _write_booked(folder / "booked.geojson")
    if busy:
        _write_busy(folder)
    profile = folder / "one-road.toml"
    profile.write_text(_profile(booked_rides=booked_rides, trusted=trusted, busy=busy), encoding="utf-8")
    return profile


def _write_busy(folder: Path) -> None:
    _csv(
        folder / "activities.csv",
        "activity_id,name_en,name_cy,category,venue_id,provider,funder,funded_until,capacity,cost_gbp,is_full,measures",
        "craft,Aton Craft Club,Clwb Crefftau Tref A,crafts,hall,Wool,Grant,2026-12-31,12,2,no,<b>Wellbeing</b> scale",
        "knit,Beeton Club for Craft,Clwb Crefftau Tref B,crafts,hall,Needle,Council,2027-03-31,10,,unknown,",
        "sew,Sewing,Gwnïo,crafts,hall,Wool,Council,2027-03-31,,0,no,",
        "choir,Choir,Côr,singing,chapel,Chapels,,,,,no,",
        "shed,Shed,Sied,woodwork,shed,Sheds,Grant,2027-03-31,,,no,",
    )
    _csv(
        folder / "sessions.csv",
        "session_id,activity_id,weekday,start,end,freq",
        "craft-tue,craft,tuesday,14:00,16:00,weekly",
        "knit-tue,knit,tuesday,14:15,16:00,weekly",
        "sew-tue,sew,tuesday,10:00,12:00,weekly",
        "choir-tue,choir,tuesday,18:30,20:00,weekly",
        "shed-tue,shed,tuesday,10:00,12:00,weekly",
    )
    _csv(
        folder / "clusters.csv",
        "zone_code,footprint_id,name_en,name_cy",
        "A,west,West,Gorllewin",
        "B,west,West,Gorllewin",
        "C,east,East,Dwyrain",
    )
    _csv(
        folder / "practices.csv",
        "practice_id,name,cluster,list_size,lon,lat",
        _row("P1,One,west,500", 1),
        _row("P2,Two,east,", 9),
    )
    _csv(
        folder / "posts.csv",
        "post_id,practice_id,cluster_id,whole_time_equivalent",
        "half,P1,,0.5",
        "whole,,east,1",
    )


def stop_woodwork(folder: Path) -> None:
    """Leave woodwork, of a busy road, without a session: the category stays in the directory."""
    _without(folder / "sessions.csv", "shed-tue,")


def lose_the_shed(folder: Path) -> None:
    """Leave the shed, where all woodwork of a busy road is, without a place."""
    _without(folder / "venues.csv", "shed,")
    with (folder / "venues.csv").open("a", encoding="utf-8") as venues:
        venues.write("shed,Shed,,\n")


def stop_everything(folder: Path) -> None:
    """Let every session end before the service date."""
    header, *rows = (folder / "sessions.csv").read_text(encoding="utf-8").splitlines()
    _csv(folder / "sessions.csv", f"{header},valid_to", *(f"{row},2026-01-01" for row in rows))


def _without(path: Path, start: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    _csv(path, *(line for line in lines if not line.startswith(start)))


def _row(start: str, km: float, north_km: float = 0.0) -> str:
    lon, lat = degrees(km, north_km)
    return f"{start},{lon:.7f},{lat:.7f}"


def _csv(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_streets(path: Path) -> None:
    nodes = []
    for km in range(10):
        lon, lat = degrees(km)
        nodes.append(f'<node id="{km + 1}" version="1" lon="{lon:.7f}" lat="{lat:.7f}"/>')
    ways = [
        f'<way id="{km + 1}" version="1"><nd ref="{km + 1}"/><nd ref="{km + 2}"/>'
        '<tag k="highway" v="residential"/><tag k="name" v="One Road"/><tag k="maxspeed" v="36"/></way>'
        for km in range(9)
    ]
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n' + "\n".join(nodes + ways) + "\n</osm>\n",
        encoding="utf-8",
    )


def _write_gtfs(path: Path, *, late_bus: bool) -> None:
    stops = {"s0": 0, "s5": 5, "s9": 9}
    late_trip = ["r,w,late,Ceeton"] if late_bus else []
    late_calls = ["late,16:30:00,16:30:00,s0,1", "late,17:00:00,17:00:00,s9,2"] if late_bus else []
    files = {
        "agency.txt": [
            "agency_id,agency_name,agency_url,agency_timezone",
            "a,One Bus,https://example.org,Europe/London",
        ],
        "stops.txt": ["stop_id,stop_name,stop_lat,stop_lon"]
        + [f"{stop},Stop {km},{degrees(km)[1]:.7f},{degrees(km)[0]:.7f}" for stop, km in stops.items()],
        "routes.txt": ["route_id,agency_id,route_short_name,route_type", "r,a,1,3"],
        "trips.txt": ["route_id,service_id,trip_id,trip_headsign", "r,w,there,Hall", "r,w,home,Beeton", *late_trip],
        "stop_times.txt": [
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence",
            "there,13:20:00,13:20:00,s9,1",
            "there,13:35:00,13:35:00,s5,2",
            "there,13:50:00,13:50:00,s0,3",
            "home,16:10:00,16:10:00,s0,1",
            "home,16:25:00,16:25:00,s5,2",
            *late_calls,
        ],
        "calendar.txt": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            "w,1,1,1,1,1,1,0,20260901,20261031",
        ],
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, lines in files.items():
            archive.writestr(name, "\n".join(lines) + "\n")


def _box(code: str, west_km: float, east_km: float) -> str:
    ring = [(west_km, -1), (east_km, -1), (east_km, 6), (west_km, 6), (west_km, -1)]
    corners = ", ".join("[{:.7f}, {:.7f}]".format(*degrees(*corner)) for corner in ring)
    return (
        f'{{"type": "Feature", "properties": {code}, "geometry": {{"type": "Polygon", "coordinates": [[{corners}]]}}}}'
    )


def _write_zones(path: Path) -> None:
    boxes = [
        _box(f'{{"zone_code": "{code}"}}', west, east) for code, west, east in (("A", -1, 3), ("B", 3, 7), ("C", 7, 11))
    ]
    path.write_text('{"type": "FeatureCollection", "features": [' + ", ".join(boxes) + "]}", encoding="utf-8")


def _write_booked(path: Path) -> None:
    said = (
        '{"service_id": "flex", "name_en": "Flex", "name_cy": "Fflecs", "weekdays": "tuesday", "open": "09:00", "close": "16:25", '
        '"notice_h": "24", "price_gbp": "2", "overhead_min": "5"}'
    )
    path.write_text('{"type": "FeatureCollection", "features": [' + _box(said, -1, 11) + "]}", encoding="utf-8")


def _profile(*, booked_rides: bool, trusted: str, busy: bool) -> str:
    source = 'licence = "CC0-1.0", attribution = "One Road, made for tests", vintage = "2026"'
    booked = f'demand_responsive = {{ path = "booked.geojson", {source} }}' if booked_rides else ""
    trusted_line = f"trusted_weekdays = {trusted}" if trusted else ""
    practices = ""
    if busy:
        practices = "\n".join(f'{name} = {{ path = "{name}.csv", {source} }}' for name in ("practices", "posts"))
    clusters = f'[footprints.cluster]\nhow = "zone_list"\nfile = {{ path = "clusters.csv", {source} }}' if busy else ""
    return f"""
area_id = "one-road"
name_en = "One Road"
name_cy = "Un Ffordd"
is_fictional = true
service_date = 2026-10-13
origins = {{ path = "origins.csv", {source} }}
streets = {{ path = "streets.osm", {source} }}
{booked}
{practices}

[zones]
geometry = {{ path = "zones.geojson", {source} }}
figures = {{ path = "figures.csv", {source} }}
rank_total = 3

[footprints.la]
how = "zone_columns"
id = "la_code"
name_en = "la_code"

{clusters}

[activities]
venues = {{ path = "venues.csv", {source} }}
activities = {{ path = "activities.csv", {source} }}
sessions = {{ path = "sessions.csv", {source} }}

[timetable]
feeds = [{{ path = "bus.zip", prefix = "bus", {source} }}]
{trusted_line}
"""
