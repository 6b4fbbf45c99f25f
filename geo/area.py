"""An area ready to use: everything later steps read, checked once and never written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from geo.manifest import Manifest
from geo.profile import AreaProfile
from geo.quality import QualityReport
from geo.streets.graph import StreetGraph, StreetMode
from geo.timetable.model import Timetable


@dataclass(frozen=True)
class Area:
    """A loaded area. All geometry is EPSG:27700. Columns of each table: ``geo/schemas.py``.

    ``footprints`` has one row per footprint and level; ``zone_footprints`` has one row per zone and one column per
    level (its footprint's id, or missing). ``digest`` names the profile and every file behind the area: same digest,
    same answers.
    """

    profile: AreaProfile
    zones: gpd.GeoDataFrame
    origins: gpd.GeoDataFrame
    footprints: gpd.GeoDataFrame
    zone_footprints: pd.DataFrame
    practices: gpd.GeoDataFrame
    posts: pd.DataFrame  # no rows where the profile names no source: none are known
    venues: gpd.GeoDataFrame
    activities: pd.DataFrame
    sessions: pd.DataFrame
    demand_responsive: gpd.GeoDataFrame
    streets: Mapping[StreetMode, StreetGraph]
    places: gpd.GeoDataFrame
    main_roads: gpd.GeoDataFrame
    timetable: Timetable
    manifest: Manifest
    quality: QualityReport

    @property
    def digest(self) -> str:
        """Digest of the profile and of every file's content: what is kept is kept by it, and it is not published."""
        return self.manifest.digest

    @property
    def public_digest(self) -> str:
        """Digest that goes with results: without what a user's own table holds, so that nobody can try counts until it fits."""
        return self.manifest.public_digest
