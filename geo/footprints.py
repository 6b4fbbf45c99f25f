"""Load footprints, from clusters to partnership boards, and say which of them each zone belongs to."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.contradictions import doubt_overlaps, doubt_two_names, two_names
from geo.errors import DataError
from geo.profile import AreaProfile, FootprintSpec, FromFile, FromList, FromPractices, FromZones, Level
from geo.quality import SourceQuality
from geo.schemas import BRITISH_GRID, FOOTPRINTS, TEXT, conform
from geo.sieve import Sieve
from geo.tables import listed, read_rows

NAMED = ("footprint_id", "name_en", "name_cy")


def load_footprints(
    profile: AreaProfile, zones: gpd.GeoDataFrame, practices: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, tuple[SourceQuality, ...]]:
    """Return footprints as ``schemas.FOOTPRINTS``, the table zone → footprint, and what became of the rows.

    The second frame is indexed by ``zone_code``, one column per level of the profile, holding footprint ids (missing:
    in none). Outlines that no file gives are the union of their zones'.

    Raises:
        DataError: a file cannot be used, or clusters are to be derived from practices and none is placed.
    """
    found, belongs, qualities = [], {}, []
    for level, spec in profile.footprints.items():
        named, of_zone, quality = _load_level(profile, level, spec, zones, practices)
        lost = zones.loc[of_zone.isna().to_numpy(), "zone_code"].tolist()
        notes = (f"{len(lost)} zones lie in none: {listed(lost)}.",) if lost else ()
        qualities.append(SourceQuality(**{**vars(quality), "notes": quality.notes + notes}))
        named = named.assign(level=level, is_derived=isinstance(spec, FromPractices))
        found.append(_with_outlines(named, zones, of_zone))
        belongs[level] = of_zone.astype(TEXT).to_numpy()
    frame = pd.concat(found) if found else pd.DataFrame({"geometry": [], "is_derived": np.empty(0, dtype=bool)})
    zone_footprints = pd.DataFrame(
        belongs, index=pd.Index(zones["zone_code"].to_numpy(), name="zone_code", dtype=TEXT), dtype=TEXT
    )
    return gpd.GeoDataFrame(conform(frame, FOOTPRINTS)), zone_footprints, tuple(qualities)


def _load_level(
    profile: AreaProfile, level: Level, spec: FootprintSpec, zones: gpd.GeoDataFrame, practices: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, pd.Series, SourceQuality]:
    """Return the footprints of one level (and ``geometry`` if known), each zone's id, and quality."""
    name = f"footprints.{level}"
    match spec:
        case FromZones():
            return _from_zones(name, spec, zones)
        case FromFile():
            return _from_file(name, profile, spec, zones)
        case FromList():
            return _from_list(name, profile, spec, zones)
        case FromPractices():
            return _from_practices(name, zones, practices)


def _from_zones(name: str, spec: FromZones, zones: gpd.GeoDataFrame) -> tuple[pd.DataFrame, pd.Series, SourceQuality]:
    of_zone = zones[spec.id]
    if of_zone.isna().all():
        raise DataError.of(
            "zones", f"hold nothing in the column '{spec.id}' ({name}).", "Mend the column's name in the profile."
        )
    columns = {"footprint_id": of_zone, "name_en": zones[spec.name_en], "name_cy": zones[spec.name_cy or spec.name_en]}
    every = pd.DataFrame(columns).dropna(subset="footprint_id")
    named = every.drop_duplicates("footprint_id").sort_values("footprint_id")
    blank = named[["name_en", "name_cy"]].isna().any(axis=1)
    named["name_en"] = named["name_en"].fillna(named["name_cy"]).fillna(named["footprint_id"])
    named["name_cy"] = named["name_cy"].fillna(named["name_en"])
    notes = ["Made of columns of the zones."]
    if spec.name_cy is None or blank.any():
        notes.append("Where a name is known in one language only, it stands for both.")
    counts = (len(zones), int(of_zone.notna().sum()), int(of_zone.isna().sum()))
    return named, of_zone, SourceQuality(name, *counts, doubts=two_names(every, "zones"), notes=tuple(notes))


def _from_file(
    name: str, profile: AreaProfile, spec: FromFile, zones: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, pd.Series, SourceQuality]:
    """Each zone belongs to the footprint that holds its point, or else to the one that covers most of it."""
    sieve = Sieve(read_rows(profile, spec.file, NAMED, ("footprint_id",)))
    if "geometry" not in sieve.frame:
        raise DataError.of(
            sieve.file, "holds no outlines.", "Footprints need polygons here: a GeoPackage or GeoJSON file."
        )
    sieve.required("footprint_id")
    sieve.unique("footprint_id")
    sieve.names(otherwise="footprint_id")
    sieve.polygons()
    outlines, ids = np.array(sieve.frame["geometry"], dtype=object), sieve.frame["footprint_id"].to_numpy(object)
    points = shapely.points(zones[["point_x", "point_y"]].to_numpy(float))
    of_zone = np.full(len(zones), None, dtype=object)
    holder, zone = shapely.STRtree(points).query(outlines, predicate="covers")
    of_zone[zone[::-1]] = ids[holder[::-1]]  # the first in the file wins where outlines overlap
    by_share = 0
    for index in np.flatnonzero(pd.isna(of_zone)):
        shared = shapely.area(shapely.intersection(outlines, zones.geometry.iloc[index]))
        if len(shared) and shared.max() > 0:
            of_zone[index], by_share = ids[int(shared.argmax())], by_share + 1
    if by_share:
        sieve.notes.append(f"{by_share} zones whose point lies in no outline went to the one that covers most of them.")
    sieve.leave_out(~sieve.frame["footprint_id"].isin(list(of_zone)), "they hold no zone of this area")
    doubt_overlaps(sieve, "footprint", "footprint_id")
    return sieve.frame, pd.Series(of_zone, index=zones.index), sieve.quality(name)


def _from_list(
    name: str, profile: AreaProfile, spec: FromList, zones: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, pd.Series, SourceQuality]:
    sieve = Sieve(read_rows(profile, spec.file, ("zone_code", *NAMED), ("zone_code", "footprint_id")))
    sieve.required("zone_code", "footprint_id")
    sieve.unique("zone_code")
    sieve.keep_known("zone_code", zones["zone_code"], "their zone is not one of this area")
    doubt_two_names(sieve)
    sieve.names(otherwise="footprint_id")
    of_zone = zones["zone_code"].map(sieve.frame.set_index("zone_code")["footprint_id"])
    named = sieve.frame.drop_duplicates("footprint_id").sort_values("footprint_id")
    return named, of_zone, sieve.quality(name)


def _from_practices(
    name: str, zones: gpd.GeoDataFrame, practices: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, pd.Series, SourceQuality]:
    """Each zone belongs to the cluster of the practice nearest to its point, by straight line."""
    placed = practices[practices.geometry.notna()]
    if placed.empty:
        raise DataError.of(
            "practices", f"hold none with coordinates, so {name} cannot be derived.", "Fill in lon and lat."
        )
    xy = np.column_stack([placed.geometry.x, placed.geometry.y])
    points = zones[["point_x", "point_y"]].to_numpy(float)
    away_m = np.hypot(points[:, None, 0] - xy[None, :, 0], points[:, None, 1] - xy[None, :, 1])
    of_zone = pd.Series(placed["cluster"].to_numpy()[away_m.argmin(axis=1)], index=zones.index)
    clusters = sorted(of_zone.unique())
    note = f"DERIVED, not official: the cluster of the nearest of {len(placed)} placed practices, by straight line."
    named = pd.DataFrame({"footprint_id": clusters, "name_en": clusters, "name_cy": clusters})
    return (
        named,
        of_zone,
        SourceQuality(
            name, len(zones), len(zones), notes=(note, "Names are as the practices give them, in one language.")
        ),
    )


def _with_outlines(named: pd.DataFrame, zones: gpd.GeoDataFrame, of_zone: pd.Series) -> pd.DataFrame:
    """Add the union of each footprint's zones where a file gave no outline."""
    if "geometry" in named:
        return named
    ids = of_zone.to_numpy(object)
    unions = [shapely.union_all(zones.geometry[ids == footprint].to_numpy()) for footprint in named["footprint_id"]]
    return named.assign(geometry=list(gpd.GeoSeries(unions, crs=BRITISH_GRID)))
