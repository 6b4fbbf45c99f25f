"""The tables that travel between modules: their columns, types and what may be missing."""

from __future__ import annotations

import pandera.pandas as pa

from geo.profile import WEEKDAYS

DOMAINS = ("income", "employment", "health", "education", "access", "housing", "safety", "environment")
PLACED_BY = ("coordinates", "postcode", "address", "none")
FREQUENCIES = ("weekly", "fortnightly", "monthly")
CATEGORIES = (
    "advice", "arts", "carers", "crafts", "dance", "dementia", "exercise", "food", "gardening", "mens_group",
    "reading", "singing", "sport", "volunteering", "walking", "woodwork",
)  # fmt: skip

_TEXT = pa.Column(str, nullable=False)
_TEXT_OR_NONE = pa.Column(object, nullable=True, required=False)
_COUNT = pa.Column(float, pa.Check.ge(0), nullable=True, coerce=True)
_SHARE = pa.Column(float, pa.Check.in_range(0, 1), nullable=True, coerce=True)
_RANK = pa.Column(float, pa.Check.ge(1), nullable=True, coerce=True)

ZONES = pa.DataFrameSchema(
    {
        "zone_code": pa.Column(str, unique=True),
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
        "origin_id": pa.Column(str, unique=True),
        "zone_code": _TEXT,
        "population": pa.Column(float, pa.Check.ge(0), nullable=True, coerce=True),  # sums to the zone's; missing if the zone's is
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
        "practice_id": pa.Column(str, unique=True),
        "name": _TEXT,
        "cluster": _TEXT,
        "list_size": _COUNT,
        "geometry": pa.Column("geometry", nullable=True),  # None: not placed
    },
    strict=True,
)
VENUES = pa.DataFrameSchema(
    {
        "venue_id": pa.Column(str, unique=True),
        "name": _TEXT,
        "postcode": pa.Column(object, nullable=True),
        "placed_by": pa.Column(str, pa.Check.isin(PLACED_BY)),
        "is_placed": pa.Column(bool),
        "geometry": pa.Column("geometry", nullable=True),  # None where is_placed is false
    },
    strict=True,
)
ACTIVITIES = pa.DataFrameSchema(
    {
        "activity_id": pa.Column(str, unique=True),
        "name_en": _TEXT,
        "name_cy": _TEXT,
        "category": pa.Column(str, pa.Check.isin(CATEGORIES)),
        "provider": pa.Column(object, nullable=True),
        "venue_id": _TEXT,
        "cost_gbp": pa.Column(float, pa.Check.ge(0), nullable=True, coerce=True),
        "capacity": _COUNT,
        "wheelchair": pa.Column(str, pa.Check.isin(("yes", "no", "unknown"))),
        "languages": pa.Column(object, nullable=True),
        "referral": pa.Column(object, nullable=True),
        "age_min": pa.Column(float, nullable=True, coerce=True),
        "age_max": pa.Column(float, nullable=True, coerce=True),
        "eligibility": pa.Column(object, nullable=True),  # sex or other, in words
        "is_full": pa.Column(str, pa.Check.isin(("yes", "no", "unknown"))),
        "valid_from": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "valid_to": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "last_checked": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "contact": pa.Column(object, nullable=True),
        "source": pa.Column(object, nullable=True),
        "funder": pa.Column(object, nullable=True),
        "funded_until": pa.Column("datetime64[ns]", nullable=True, coerce=True),
    },
    strict=True,
)
SESSIONS = pa.DataFrameSchema(
    {
        "session_id": pa.Column(str, unique=True),  # activity_id + weekday + start, made by the loader where absent
        "activity_id": _TEXT,
        "weekday": pa.Column(str, pa.Check.isin(WEEKDAYS)),
        "start_s": pa.Column("int32", pa.Check.in_range(0, 86_400), coerce=True),
        "end_s": pa.Column("int32", pa.Check.in_range(0, 129_600), coerce=True),  # after midnight: above 86 400
        "freq": pa.Column(str, pa.Check.isin(FREQUENCIES)),
        "valid_from": pa.Column("datetime64[ns]", nullable=True, coerce=True),
        "valid_to": pa.Column("datetime64[ns]", nullable=True, coerce=True),
    },
    strict=True,
)
DEMAND_RESPONSIVE = pa.DataFrameSchema(
    {
        "service_id": pa.Column(str, unique=True),
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
