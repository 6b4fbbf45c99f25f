"""The tables that travel between modules: their columns, types and what may be missing."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa

from geo.profile import WEEKDAYS
from geo.vocabulary import CATEGORIES, DOMAINS, FREQUENCIES, PLACED_BY

BRITISH_GRID = "EPSG:27700"

TEXT = pd.StringDtype(na_value=np.nan)  # missing text is NaN, in memory and after a journey through Parquet
_ID = pa.Column(TEXT, unique=True, coerce=True)
_TEXT = pa.Column(TEXT, coerce=True)
_TEXT_OR_NONE = pa.Column(TEXT, nullable=True, coerce=True)
_COUNT = pa.Column(float, pa.Check.ge(0), nullable=True, coerce=True)
_SHARE = pa.Column(float, pa.Check.in_range(0, 1), nullable=True, coerce=True)
_RANK = pa.Column(float, pa.Check.ge(1), nullable=True, coerce=True)

ZONES = pa.DataFrameSchema(
    {
        "zone_code": _ID,
        "name_en": _TEXT,
        "name_cy": _TEXT,
        "population": _COUNT,
        "population_65plus": _COUNT,
        "disabled": _COUNT,
        "households_no_car_share": _SHARE,
        "deprivation_rank": _RANK,
        "deprivation_decile": pa.Column(float, pa.Check.in_range(1, 10), nullable=True, coerce=True),
        **{f"{domain}_rank": _RANK for domain in DOMAINS},
        "geometry": pa.Column("geometry"),
        "point_x": pa.Column(float),  # where its people are, or a point inside it; EPSG:27700
        "point_y": pa.Column(float),
    },
    strict=False,
)
ORIGINS = pa.DataFrameSchema(
    {
        "origin_id": _ID,
        "zone_code": _TEXT,
        "population": pa.Column(
            float, pa.Check.ge(0), nullable=True, coerce=True
        ),  # sums to the zone's; missing if the zone's is
        "geometry": pa.Column("geometry"),
    },
    strict=True,
)
FOOTPRINTS = pa.DataFrameSchema(
    {
        "footprint_id": _TEXT,
        "level": _TEXT,
        "name_en": _TEXT,
        "name_cy": _TEXT,
        "is_derived": pa.Column(bool),
        "geometry": pa.Column("geometry"),
    },
    strict=True,
    unique=["level", "footprint_id"],
)
PRACTICES = pa.DataFrameSchema(
    {
        "practice_id": _ID,
        "name": _TEXT,
        "cluster": _TEXT,
        "list_size": _COUNT,
        "geometry": pa.Column("geometry", nullable=True),  # None: not placed
    },
    strict=True,
)
POSTS = pa.DataFrameSchema(
    {
        "post_id": _ID,
        "practice_id": _TEXT_OR_NONE,  # the practice a post belongs to; missing: it serves its cluster
        "cluster_id": _TEXT_OR_NONE,  # given, or that of the practice
        "whole_time_equivalent": pa.Column(float, pa.Check.in_range(0, 10), coerce=True),
    },
    strict=True,
)
VENUES = pa.DataFrameSchema(
    {
        "venue_id": _ID,
        "name": _TEXT,
        "postcode": _TEXT_OR_NONE,
        "placed_by": pa.Column(TEXT, pa.Check.isin(PLACED_BY), coerce=True),
        "is_placed": pa.Column(bool),
        "geometry": pa.Column("geometry", nullable=True),  # None where is_placed is false
    },
    strict=True,
)
ACTIVITIES = pa.DataFrameSchema(
    {
        "activity_id": _ID,
        "name_en": _TEXT,
        "name_cy": _TEXT,
        "category": pa.Column(TEXT, pa.Check.isin(CATEGORIES), coerce=True),
        "provider": _TEXT_OR_NONE,
        "venue_id": _TEXT,
        "cost_gbp": pa.Column(float, pa.Check.ge(0), nullable=True, coerce=True),
        "capacity": _COUNT,
        "wheelchair": pa.Column(TEXT, pa.Check.isin(("yes", "no", "unknown")), coerce=True),
        "languages": _TEXT_OR_NONE,
        "referral": _TEXT_OR_NONE,
        "age_min": pa.Column(float, nullable=True, coerce=True),
        "age_max": pa.Column(float, nullable=True, coerce=True),
        "eligibility": _TEXT_OR_NONE,  # sex or other, in words
        "is_full": pa.Column(TEXT, pa.Check.isin(("yes", "no", "unknown")), coerce=True),
        "valid_from": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "valid_to": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "last_checked": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "contact": _TEXT_OR_NONE,
        "source": _TEXT_OR_NONE,
        "funder": _TEXT_OR_NONE,
        "funded_until": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "measures": _TEXT_OR_NONE,  # what is recorded of those who come: scales, questionnaires, in words
    },
    strict=True,
)
SESSIONS = pa.DataFrameSchema(
    {
        "session_id": _ID,  # activity_id + weekday + start, made by the loader where absent
        "activity_id": _TEXT,
        "weekday": pa.Column(TEXT, pa.Check.isin(WEEKDAYS), coerce=True),
        "start_s": pa.Column("int32", pa.Check.in_range(0, 86_400), coerce=True),
        "end_s": pa.Column("int32", pa.Check.in_range(0, 129_600), coerce=True),  # after midnight: above 86 400
        "freq": pa.Column(TEXT, pa.Check.isin(FREQUENCIES), coerce=True),
        "valid_from": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "valid_to": pa.Column("datetime64[ns]", nullable=True, coerce=True),
    },
    strict=True,
)
DEMAND_RESPONSIVE = pa.DataFrameSchema(
    {
        "service_id": _ID,
        "name_en": _TEXT,
        "name_cy": _TEXT,
        "weekdays": _TEXT,  # space separated
        "open_s": pa.Column("int32", coerce=True),
        "close_s": pa.Column("int32", coerce=True),
        "notice_h": pa.Column(float, pa.Check.ge(0), coerce=True),
        "price_gbp": pa.Column(float, pa.Check.ge(0), nullable=True, coerce=True),  # one way
        "overhead_min": pa.Column(float, pa.Check.ge(0), coerce=True),  # wait and detour, added to the drive
        "geometry": pa.Column("geometry"),
    },
    strict=True,
)


def conform(frame: pd.DataFrame, schema: pa.DataFrameSchema, keep: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the columns of ``schema`` (then those of ``keep``) in its order and types, rows numbered from 0.

    Columns that ``frame`` lacks come out missing. A ``geometry`` column is taken to be EPSG:27700.

    Raises:
        pandera.errors.SchemaErrors: the loader let through what the schema forbids; that is a fault of the program.
    """
    columns = list(schema.columns) + [column for column in keep if column not in schema.columns]
    tidy = pd.DataFrame(frame).reindex(columns=columns).reset_index(drop=True)
    if "geometry" in schema.columns:
        geometry = gpd.GeoSeries(list(tidy.pop("geometry")), crs=BRITISH_GRID)
        tidy = gpd.GeoDataFrame(tidy, geometry=geometry)[columns]
    return schema.validate(tidy, lazy=True)
