"""Load general practices, each with its cluster, its place and its list."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.profile import AreaProfile
from geo.quality import SourceQuality
from geo.schemas import PRACTICES, conform
from geo.sieve import Sieve
from geo.tables import read_rows

COLUMNS = ("practice_id", "name", "cluster", "list_size", "lon", "lat", "easting", "northing")


def load_practices(profile: AreaProfile) -> tuple[gpd.GeoDataFrame, tuple[SourceQuality, ...]]:
    """Return practices as ``schemas.PRACTICES`` (EPSG:27700; no geometry: not placed) and what became of the rows.

    Raises:
        DataError: the file cannot be used.
    """
    if profile.practices is None:
        return gpd.GeoDataFrame(conform(pd.DataFrame({"geometry": []}), PRACTICES)), ()
    sieve = Sieve(read_rows(profile, profile.practices, COLUMNS, ("practice_id", "cluster")))
    sieve.required("practice_id", "cluster")
    sieve.unique("practice_id")
    sieve.numbers("list_size")
    sieve.optional("name")
    sieve.frame["name"] = sieve.frame["name"].fillna(sieve.frame["practice_id"])
    sieve.points(may_lack=True)
    frame = conform(sieve.frame.sort_values("practice_id"), PRACTICES)
    return gpd.GeoDataFrame(frame), (sieve.quality("practices"),)
