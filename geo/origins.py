"""Load origins: the weighted points in each zone where its people live, and where every journey starts."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.contradictions import doubt_far_origins
from geo.profile import AreaProfile, Table
from geo.quality import SourceQuality
from geo.schemas import BRITISH_GRID, ORIGINS, conform
from geo.sieve import Sieve
from geo.tables import listed, read_rows

NEAR_ZONE_M = 200.0  # simplified outlines: a point this near to a zone is taken to be in it
COLUMNS = ("origin_id", "zone_code", "population", "lon", "lat", "easting", "northing")


def load_origins(profile: AreaProfile, zones: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, tuple[SourceQuality, ...]]:
    """Return origins as ``schemas.ORIGINS`` (EPSG:27700) and what became of the rows.

    Populations of a zone's origins sum to the zone's: they are scaled to it, and shared equally where the file gives
    none. A zone without any origin gets one, at the point inside it. Whatever was scaled, shared or made is noted.

    Raises:
        DataError: the file cannot be used, or every row of it was refused.
    """
    if profile.origins is None:
        made = _one_per_zone(zones)
        note = "There is no file of origins: each zone has one, at a point inside it. Zones cannot be half served."
        return _finish(made), (SourceQuality("origins", 0, 0, notes=(note,)),)
    sieve = _read(profile, profile.origins, zones)
    frame = _share_out(sieve, zones)
    bare = zones[~zones["zone_code"].isin(frame["zone_code"])]
    if len(bare):
        sieve.notes.append(
            f"{len(bare)} zones have no origin, one was made inside each: {listed(bare['zone_code'].tolist())}."
        )
        frame = pd.concat([frame, _one_per_zone(bare)])
    return _finish(frame), (sieve.quality("origins"),)


def weighted_points(zones: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return ``zones`` with ``point_x, point_y`` at the mean of each zone's origins, weighted by their people."""
    people = origins["population"].fillna(0).to_numpy(float)
    total = pd.Series(people).groupby(origins["zone_code"].to_numpy()).transform("sum").to_numpy()
    weight = np.where(total > 0, people, 1.0)
    sums = (
        pd.DataFrame({"w": weight, "x": weight * origins.geometry.x, "y": weight * origins.geometry.y})
        .groupby(origins["zone_code"].to_numpy())
        .sum()
    )
    mean = sums.reindex(zones["zone_code"].to_numpy())
    return zones.assign(point_x=(mean["x"] / mean["w"]).to_numpy(), point_y=(mean["y"] / mean["w"]).to_numpy())


def _read(profile: AreaProfile, table: Table, zones: gpd.GeoDataFrame) -> Sieve:
    sieve = Sieve(read_rows(profile, table, COLUMNS, ("origin_id",)))
    sieve.required("origin_id")
    sieve.unique("origin_id")
    sieve.points(may_lack=False)
    if "zone_code" in sieve.frame:
        sieve.required("zone_code")
        sieve.keep_known("zone_code", zones["zone_code"], "their zone is not one of this area")
        doubt_far_origins(sieve, zones)
    else:
        _find_zones(sieve, zones)
    sieve.numbers("population")
    sieve.some_left("origin")
    return sieve


def _find_zones(sieve: Sieve, zones: gpd.GeoDataFrame) -> None:
    """Set ``zone_code`` by location: the zone that holds the point, or the nearest within ``NEAR_ZONE_M``."""
    points = gpd.GeoSeries(list(sieve.frame["geometry"]), crs=BRITISH_GRID)
    outlines = zones.geometry.reset_index(drop=True)
    (row, zone), away = outlines.sindex.nearest(
        points, max_distance=NEAR_ZONE_M, return_distance=True, return_all=False
    )
    code = np.full(len(points), None, dtype=object)
    code[row] = zones["zone_code"].to_numpy(object)[zone]
    sieve.frame["zone_code"] = pd.Series(code, index=sieve.frame.index).astype(zones["zone_code"].dtype)
    sieve.notes.append("zone_code was found by location.")
    if (away > 0).any():
        sieve.notes.append(
            f"{int((away > 0).sum())} origins lie up to {away.max():.0f} m outside every zone and took the nearest."
        )
    sieve.leave_out(sieve.frame["zone_code"].isna(), f"they lie more than {NEAR_ZONE_M:.0f} m outside every zone")


def _share_out(sieve: Sieve, zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Set ``population`` so that it sums to each zone's: by the origins' counts where all are known, else equally."""
    frame = sieve.frame
    zone_people = frame["zone_code"].map(zones.set_index("zone_code")["population"]).astype(float)
    groups = frame.groupby("zone_code")["population"]
    given = groups.transform("sum")
    is_counted = groups.transform("count").eq(groups.transform("size")) & (given > 0)
    share = np.where(is_counted, frame["population"] / given.where(given > 0), 1 / groups.transform("size"))
    alike = frame.loc[~is_counted, "zone_code"].nunique()
    if alike:
        sieve.notes.append(
            f"In {alike} zones the people are shared equally among the origins: their own counts are not known."
        )
    factor = (zone_people / given)[is_counted].groupby(frame["zone_code"]).first().dropna()
    off = factor[(factor - 1).abs() > 1e-9]
    if len(off):
        said = f"factors {off.min():.3f} to {off.max():.3f}, median {off.median():.3f}"
        sieve.notes.append(f"In {len(off)} zones the origins' people were scaled to the zone's ({said}).")
    return frame.assign(population=share * zone_people)


def _one_per_zone(zones: gpd.GeoDataFrame) -> pd.DataFrame:
    points = gpd.points_from_xy(zones["point_x"], zones["point_y"], crs=BRITISH_GRID)
    columns = {"origin_id": zones["zone_code"].to_numpy(), "zone_code": zones["zone_code"].to_numpy()}
    return pd.DataFrame({**columns, "population": zones["population"].to_numpy(), "geometry": list(points)})


def _finish(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(conform(frame.sort_values(["zone_code", "origin_id"]), ORIGINS))
