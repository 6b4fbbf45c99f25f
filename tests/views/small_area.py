"""A town of sixteen square kilometres to draw: 4 × 4 zones of 1,000 people, two clusters, three venues, no streets.

::

    row 3  Z12 Z13 | Z14 Z15        zone Zn: column n % 4, row n // 4; south-west corner at (300 000, 200 000)
    row 2  Z08 Z09 | Z10 Z11        cluster W: columns 0 and 1, cluster E: columns 2 and 3
    row 1  Z04 Z05 | Z06 Z07        venue V0 in Z00 and V1 in Z15; V2 has no coordinates
    row 0  Z00 Z01 | Z02 Z03        each zone has one origin, in its middle

Singing is at V0 on Monday 10:00–12:00, run by Corau, and paid for by Loteri until 30 June 2024. By public transport every zone of rows 0
to 2 gets there in 10 minutes a row and 5 a column, and back likewise; row 3 gets there but not home; the origin of Z15 is not placed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from access.mode_times import ModeTimes
from access.network import AreaNetwork
from access.sessions import SessionAccess, running_sessions
from geo.area import Area
from geo.manifest import Entry, Manifest
from geo.posts import no_posts
from geo.profile import AreaProfile
from geo.quality import QualityReport
from geo.streets.graph import PlacedPoints
from geo.timetable.model import Timetable

SIDE, CORNER = 4, (300_000, 200_000)
HOSTILE = "</script><img src=x onerror=alert(1)> {{ 'x' }}"


def small_area() -> Area:
    """Return the town. The activity's name at V1 is hostile: it must come out as text everywhere."""
    return Area(
        profile=_profile(),
        zones=_zones(),
        origins=_origins(),
        footprints=_footprints(),
        zone_footprints=_zone_footprints(),
        practices=_points({"practice_id": [], "name": [], "cluster": [], "list_size": []}, []),
        posts=no_posts(),
        venues=_points(
            {
                "venue_id": ["V0", "V1", "V2"],
                "name": ["Neuadd", "Capel", "Rhywle"],
                "postcode": [None] * 3,
                "placed_by": ["coordinates", "coordinates", "none"],
                "is_placed": [True, True, False],
            },
            [shapely.Point(300_500, 200_500), shapely.Point(303_500, 203_500), None],
        ),
        activities=_activities(),
        sessions=_sessions(),
        demand_responsive=_points(
            {
                "service_id": [],
                "name_en": [],
                "name_cy": [],
                "weekdays": [],
                "open_s": [],
                "close_s": [],
                "notice_h": [],
                "price_gbp": [],
                "overhead_min": [],
            },
            [],
        ),
        streets={},
        places=_points(
            {"kind": ["town", "hamlet"], "name_en": ["Townsend", "Hill"], "name_cy": ["Pen-y-dref", "Bryn"]},
            [shapely.Point(302_000, 202_000), shapely.Point(302_050, 202_050)],
        ),
        main_roads=_points({"name": ["A1"]}, [shapely.LineString([(300_000, 200_500), (304_000, 200_500)])]),
        timetable=_timetable(),
        manifest=Manifest(
            (Entry("zones.geometry", Path("zones.gpkg"), 1, "0" * 64, "OGL", "© Someone <b>bold</b>", None, "2024"),),
            "d" * 64,
            "e" * 64,
        ),
        quality=QualityReport(),
    )


def small_access(area: Area | None = None) -> SessionAccess:
    """Return there and back as the drawing says, by public transport only."""
    area = area or small_area()
    network = AreaNetwork(area)
    placed = _placed(area.origins, unplaced=15)
    venues = _placed(area.venues, unplaced=2)
    network.__dict__["origins"] = dict.fromkeys(("walk", "cycle", "drive"), placed)
    network.__dict__["venues"] = dict.fromkeys(("walk", "cycle", "drive"), venues)
    sessions = running_sessions(network)
    n = len(area.origins)
    nobody = np.full((len(area.venues), n), np.nan, np.float32)  # no streets: nobody walks all the way
    network.__dict__["_walks_s"] = {False: nobody, True: nobody}
    column, row = np.arange(n) % SIDE, np.arange(n) // SIDE
    out_s = np.tile((10 * row + 5 * column) * 60.0, (len(sessions), 1)).astype(np.float32)
    back_s = np.where(row == 3, np.nan, out_s).astype(np.float32)
    out_s[:, 15] = np.nan
    rows = np.arange(len(sessions))
    transit = ModeTimes(
        mode="transit",
        out_s=out_s,
        back_s=back_s,
        out_row=rows,
        back_row=rows,
        is_covered=np.ones(len(sessions), bool),
        is_placed=np.tile(placed.is_placed, (len(sessions), 1)),
        has_stop=np.ones((len(sessions), n), bool),
        out_rides=np.where(np.isnan(out_s), -1, 1).astype(np.int8),
        back_rides=np.where(np.isnan(back_s), -1, 1).astype(np.int8),
        out_service=np.full((len(sessions), n), -1, np.int16),
        back_service=np.full((len(sessions), n), -1, np.int16),
    )
    return SessionAccess(network, sessions, {"transit": transit})


def _points(columns: dict[str, list], geometry: list) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(geometry, crs=27700))


def _squares() -> list[shapely.Polygon]:
    x, y = CORNER
    return [
        shapely.box(x + 1000 * c, y + 1000 * r, x + 1000 * (c + 1), y + 1000 * (r + 1))
        for r in range(SIDE)
        for c in range(SIDE)
    ]


def _zones() -> gpd.GeoDataFrame:
    n = SIDE * SIDE
    rank = np.arange(1.0, n + 1)
    squares = _squares()
    columns = {
        "zone_code": [f"Z{i:02d}" for i in range(n)],
        "name_en": [f"Square {i}" for i in range(n)],
        "name_cy": [f"Sgwâr {i}" for i in range(n)],
        "population": np.full(n, 1000.0),
        "population_65plus": np.full(n, 200.0),
        "households_no_car_share": np.full(n, 0.25),
        "deprivation_rank": rank,
        "deprivation_decile": np.ceil(rank / n * 10),
        "income_rank": rank,
        "employment_rank": rank,
        "health_rank": rank,
        "point_x": [square.centroid.x for square in squares],
        "point_y": [square.centroid.y for square in squares],
    }
    return gpd.GeoDataFrame(columns, geometry=squares, crs=27700)


def _origins() -> gpd.GeoDataFrame:
    zones = _zones()
    columns = {
        "origin_id": "o" + zones["zone_code"],
        "zone_code": zones["zone_code"],
        "population": zones["population"],
    }
    return gpd.GeoDataFrame(columns, geometry=zones.geometry.centroid, crs=27700)


def _zone_footprints() -> pd.DataFrame:
    n = SIDE * SIDE
    return pd.DataFrame(
        {"cluster": ["W" if i % SIDE < 2 else "E" for i in range(n)]},
        index=pd.Index([f"Z{i:02d}" for i in range(n)], name="zone_code"),
    )


def _footprints() -> gpd.GeoDataFrame:
    x, y = CORNER
    columns = {
        "footprint_id": ["W", "E"],
        "level": ["cluster"] * 2,
        "name_en": ["West", "East"],
        "name_cy": ["Gorllewin", "Dwyrain"],
        "is_derived": [False, True],
    }
    return gpd.GeoDataFrame(
        columns,
        geometry=[shapely.box(x, y, x + 2000, y + 4000), shapely.box(x + 2000, y, x + 4000, y + 4000)],
        crs=27700,
    )


def _activities() -> pd.DataFrame:
    missing = pd.Series([pd.NaT] * 3, dtype="datetime64[ns]")
    return pd.DataFrame(
        {
            "activity_id": ["A0", "A1", "A2"],
            "name_en": ["Choir", HOSTILE, "Choir nowhere"],
            "name_cy": ["Côr", HOSTILE, "Côr unman"],
            "category": ["singing", "crafts", "singing"],
            "venue_id": ["V0", "V1", "V2"],
            "provider": ["Corau", None, None],
            "capacity": [np.nan] * 3,
            "cost_gbp": [2.5, 0.0, np.nan],
            "contact": ["cor@example.org; 01632 960001", None, None],
            "languages": ["cy en", None, None],
            "referral": [None] * 3,
            "is_full": ["unknown"] * 3,
            "eligibility": [None] * 3,
            "funder": ["Loteri", None, None],
            "funded_until": pd.to_datetime(["2024-06-30", None, None]),
            "measures": [None] * 3,
            "valid_from": missing,
            "valid_to": missing,
        }
    )


def _sessions() -> pd.DataFrame:
    missing = pd.Series([pd.NaT] * 2, dtype="datetime64[ns]")
    return pd.DataFrame(
        {
            "session_id": ["S0", "S1"],
            "activity_id": ["A0", "A1"],
            "weekday": ["monday", "tuesday"],
            "start_s": np.array([36_000, 50_400], np.int32),
            "end_s": np.array([43_200, 57_600], np.int32),
            "freq": ["weekly", "weekly"],
            "valid_from": missing,
            "valid_to": missing,
        }
    )


def _placed(points: gpd.GeoDataFrame, unplaced: int) -> PlacedPoints:
    n = len(points)
    edge = np.zeros(n, np.int32)
    edge[unplaced] = -1
    xy = np.column_stack([points.geometry.x, points.geometry.y])
    return PlacedPoints(xy, edge, np.zeros(n), np.where(edge < 0, np.nan, 0.0), np.zeros(n, np.int64))


def _timetable() -> Timetable:
    nothing = np.zeros(0, np.int32)
    lines = _points(
        {"route_index": [0, 1], "mode": ["bus", "rail"]},
        [
            shapely.LineString([(300_000, 201_000), (304_000, 201_000)]),
            shapely.LineString([(301_000, 200_000), (301_000, 204_000)]),
        ],
    )
    return Timetable(
        stops=_points({"stop_id": []}, []),
        routes=pd.DataFrame({"route_id": ["b", "r"], "mode": ["bus", "rail"], "short_name": ["62", None]}),
        trips=pd.DataFrame({"trip_id": [], "route_index": np.zeros(0, int)}),
        call_start=np.zeros(1, np.int64),
        call_stop=nothing,
        call_arrival_s=nothing,
        call_departure_s=nothing,
        call_may_board=np.zeros(0, bool),
        call_may_alight=np.zeros(0, bool),
        runs=np.ones((1, 14), bool),
        first_date=date(2024, 3, 4),
        lines=lines,
    )


def _profile() -> AreaProfile:
    source = {"path": "x", "licence": "OGL", "attribution": "© Someone", "vintage": "2024"}
    return AreaProfile.model_validate(
        {
            "area_id": "small",
            "name_en": "Townsend",
            "name_cy": "Pen-y-dref",
            "service_date": date(2024, 3, 5),
            "zones": {"geometry": source, "rank_total": 16},
            "activities": {"venues": source, "activities": source, "sessions": source},
            "streets": source,
            "timetable": {"feeds": [source | {"prefix": "bus"}]},
        }
    )
