"""Load demand-responsive services: the area within which one can be picked up, its days, hours, notice and price."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.errors import DataError
from geo.profile import WEEKDAYS, AreaProfile
from geo.quality import SourceQuality
from geo.schemas import DEMAND_RESPONSIVE, conform
from geo.sieve import Sieve
from geo.tables import read_rows

REQUIRED = ("service_id", "weekdays", "open", "close", "notice_h", "overhead_min")
COLUMNS = (*REQUIRED, "name_en", "name_cy", "price_gbp")


def load_demand_responsive(profile: AreaProfile) -> tuple[gpd.GeoDataFrame, tuple[SourceQuality, ...]]:
    """Return services as ``schemas.DEMAND_RESPONSIVE`` (EPSG:27700) and what became of the rows; none without a file.

    Hours are ``open`` and ``close`` as HH:MM, days are English weekday names with spaces between.

    Raises:
        DataError: the file cannot be used.
    """
    if profile.demand_responsive is None:
        return gpd.GeoDataFrame(conform(pd.DataFrame({"geometry": []}), DEMAND_RESPONSIVE)), ()
    sieve = Sieve(read_rows(profile, profile.demand_responsive, COLUMNS, REQUIRED))
    if "geometry" not in sieve.frame:
        raise DataError.of(
            sieve.file, "holds no areas.", "Give the service areas as polygons: a GeoPackage or GeoJSON file."
        )
    sieve.required(*REQUIRED)
    sieve.unique("service_id")
    sieve.names(otherwise="service_id")
    days = sieve.frame["weekdays"].str.lower().str.split()
    unknown = days.map(lambda words: not set(words) <= set(WEEKDAYS)).to_numpy(bool)
    sieve.refuse(unknown, "weekdays is '{weekdays}'", f"Known: {', '.join(WEEKDAYS)}, with spaces between.")
    sieve.clocks("open", "close")
    sieve.refuse(
        sieve.frame["close"] <= sieve.frame["open"], "closes before it opens", "Write a close past midnight as 25:00."
    )
    sieve.numbers("notice_h", "price_gbp", "overhead_min")
    sieve.polygons()
    frame = sieve.frame.rename(columns={"open": "open_s", "close": "close_s"}).sort_values("service_id")
    frame["weekdays"] = frame["weekdays"].str.lower()
    return gpd.GeoDataFrame(conform(frame, DEMAND_RESPONSIVE)), (sieve.quality("demand_responsive"),)
