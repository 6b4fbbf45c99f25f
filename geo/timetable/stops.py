"""Read the stops, routes and trips of a feed, with its codes turned into words."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.timetable.feed import note_hail_and_ride, positions
from geo.timetable.ledger import Ledger, cut
from geo.timetable.services import Services

# GTFS reference, route_type; and Google's extended route types, which British feeds use (200 coach, 100–117 rail).
MODE_OF_TYPE = {
    0: "tram",
    1: "rail",
    2: "rail",
    3: "bus",
    4: "ferry",
    5: "tram",
    6: "other",
    7: "other",
    11: "bus",
    12: "rail",
}
MODE_OF_EXTENDED_TYPE = (  # first and last number of each kind
    (100, 117, "rail"), (200, 209, "coach"), (300, 309, "rail"), (400, 405, "rail"), (500, 507, "rail"), (600, 607, "rail"),
    (700, 716, "bus"), (800, 800, "bus"), (900, 906, "tram"), (1000, 1021, "ferry"), (1100, 1114, "other"), (1200, 1207, "ferry"),
    (1300, 1307, "other"), (1400, 1402, "other"), (1500, 1507, "other"), (1700, 1702, "other"),
)  # fmt: skip
WHEELCHAIR = {"": "unknown", "0": "unknown", "1": "yes", "2": "no"}
WHERE_VEHICLES_CALL = ("", "0", "4")  # location_type: stop or platform, boarding area
STATION, ENTRANCE = "1", "2"
BRITAIN_AND_AROUND = (-12.0, 48.0, 4.0, 62.0)  # west, south, east, north: where EPSG:27700 means something


def read_stops(tables: dict[str, pd.DataFrame], ledger: Ledger) -> gpd.GeoDataFrame:
    """Return stops and stations (columns of ``Timetable.stops`` but mode). A stop without a point takes its station's."""
    stops = _without_repeated_ids(tables["stops.txt"], "stop_id", "stops.txt", ledger)
    used = stops["location_type"].isin([*WHERE_VEHICLES_CALL, STATION])
    pathways = tables["pathways.txt"]
    on_a_way = stops["stop_id"].isin(pathways["from_stop_id"]) | stops["stop_id"].isin(pathways["to_stop_id"])
    ledger.leave_out(
        "stops.txt", int((~used & ~on_a_way).sum())
    )  # entrances and nodes of stations that no pathway names
    stops = stops[used]
    lon, lat = lon_lat(stops)
    parent = positions(stops["parent_station"].where(stops["parent_station"] != "", "\0"), stops["stop_id"])
    wheelchair = stops["wheelchair_boarding"].map(WHEELCHAIR).fillna("unknown").to_numpy(object)
    for _ in range(2):  # a boarding area has it of its platform, and that of its station
        inherits = (parent >= 0) & np.isnan(lon + lat)
        lon[inherits], lat[inherits] = lon[parent[inherits]], lat[parent[inherits]]
        wheelchair = np.where((parent >= 0) & (wheelchair == "unknown"), wheelchair[parent], wheelchair)
    inside = is_in_britain(lon, lat)
    problems = [
        "places stop {} at '{}, {}' (lon, lat), which is not in or near Britain.".format(*cut(cells))
        for cells in stops.loc[~inside, ["stop_id", "stop_lon", "stop_lat"]].itertuples(index=False)
    ]
    ledger.refuse("stops.txt", stops.index[~inside].to_numpy(), problems, "Correct stop_lon and stop_lat.")
    stops, lon, lat = stops[inside], lon[inside], lat[inside]
    frame = {
        "stop_id": stops["stop_id"].to_numpy(object),
        "name": stops["stop_name"].to_numpy(object),
        "parent_id": stops["parent_station"].to_numpy(object),  # "" where there is none
        "wheelchair": wheelchair[inside],
    }
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(lon, lat, crs=4326).to_crs(27700))


def lon_lat(stops: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the coordinates of rows of stops.txt, NaN where there is none."""
    lon, lat = (pd.to_numeric(stops[c], errors="coerce").to_numpy(float).copy() for c in ("stop_lon", "stop_lat"))
    return lon, lat


def is_in_britain(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points lie where EPSG:27700 means something."""
    west, south, east, north = BRITAIN_AND_AROUND
    inside: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def lies_in(stops: pd.DataFrame) -> NDArray[np.int64]:
    """Return the row of the station or platform in which each row of ``stops`` lies; its own where there is none."""
    parent = positions(
        stops["parent_id"].where(stops["parent_id"].notna() & (stops["parent_id"] != ""), "\0"), stops["stop_id"]
    )
    return np.where(parent >= 0, parent, np.arange(len(stops)))


def station_of(stops: pd.DataFrame) -> NDArray[np.int64]:
    """Return the row of the station that each row of ``stops`` belongs to, directly or by its platform; its own where there is none."""
    station = lies_in(stops)
    return station[station]  # a boarding area lies on a platform, a platform in a station


def read_routes(tables: dict[str, pd.DataFrame], ledger: Ledger) -> pd.DataFrame:
    """Return routes (columns of ``Timetable.routes``). A type that nobody knows is a route of mode ``other``, with a note."""
    routes = _without_repeated_ids(tables["routes.txt"], "route_id", "routes.txt", ledger)
    note_hail_and_ride(routes, "routes.txt", "routes", ledger)
    agency = tables["agency.txt"]
    at = positions(routes["agency_id"], agency["agency_id"])
    if len(agency) == 1:
        at[(routes["agency_id"] == "").to_numpy()] = 0  # GTFS: the id may be left out where there is one agency
    modes = [_mode(text) for text in routes["route_type"]]
    unknown = sorted({t for t, mode in zip(routes["route_type"], modes, strict=True) if mode is None})
    if unknown:
        ledger.note(
            f"routes.txt has route types that are not known and count as 'other': {', '.join(cut(unknown[:10]))}."
        )
    if (at < 0).any():
        ledger.note(
            f"{int((at < 0).sum())} routes name no agency of agency.txt: their operator is shown as the id they give."
        )
    names = agency["agency_name"].to_numpy(object)
    operator = [names[a] if a >= 0 else given for a, given in zip(at, routes["agency_id"], strict=True)]
    return pd.DataFrame(
        {
            "route_id": routes["route_id"].to_numpy(object),
            "short_name": routes["route_short_name"].to_numpy(object),
            "long_name": routes["route_long_name"].to_numpy(object),
            "operator": operator,
            "mode": [mode or "other" for mode in modes],
        }
    )


def read_trips(
    tables: dict[str, pd.DataFrame], routes: pd.DataFrame, services: Services, ledger: Ledger
) -> pd.DataFrame:
    """Return trips with ``trip_id, route_index, service_index, headsign, wheelchair, shape_id, block_id, record``."""
    trips = _without_repeated_ids(tables["trips.txt"], "trip_id", "trips.txt", ledger)
    route, service = (
        positions(trips["route_id"], routes["route_id"]),
        positions(trips["service_id"], services.service_id),
    )
    lost_route, lost_service = route < 0, (service < 0) & (route >= 0)
    for lost, column, table in ((lost_route, "route_id", "routes.txt"), (lost_service, "service_id", "the calendar")):
        problems = [f"names the {column} '{i}', which {table} lacks." for i in cut(trips.loc[lost, column])]
        ledger.refuse(
            "trips.txt", trips.index[lost].to_numpy(), problems, "Add it there, or remove the trip and its stop times."
        )
    good = (route >= 0) & (service >= 0)
    return pd.DataFrame(
        {
            "trip_id": trips.loc[good, "trip_id"].to_numpy(object),
            "route_index": route[good].astype(np.int32),
            "service_index": services.index[service[good]].astype(np.int32),
            "headsign": trips.loc[good, "trip_headsign"].to_numpy(object),
            "wheelchair": trips.loc[good, "wheelchair_accessible"].map(WHEELCHAIR).fillna("unknown").to_numpy(object),
            "shape_id": trips.loc[good, "shape_id"].to_numpy(object),
            "block_id": trips.loc[good, "block_id"].to_numpy(object),
            "record": trips.index[good].to_numpy(),
        }
    )


def _mode(route_type: str) -> str | None:
    if not (route_type.isascii() and route_type.isdigit()):
        return None
    number = int(route_type[:9])
    return MODE_OF_TYPE.get(number) or next(
        (mode for first, last, mode in MODE_OF_EXTENDED_TYPE if first <= number <= last), None
    )


def _without_repeated_ids(frame: pd.DataFrame, column: str, table: str, ledger: Ledger) -> pd.DataFrame:
    blank, again = frame[column] == "", frame[column].duplicated() & (frame[column] != "")
    ledger.refuse(table, frame.index[blank].to_numpy(), f"has no {column}.", "Give it one.")
    problems = [f"repeats the {column} '{i}' of a row above." for i in cut(frame.loc[again, column])]
    ledger.refuse(table, frame.index[again].to_numpy(), problems, "Keep one of the rows.")
    return frame[~blank & ~again]
