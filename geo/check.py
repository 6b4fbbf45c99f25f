"""Examine a built area: how far each place was snapped, who is not placed, and which services run on the service date."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.area import Area
from geo.findings import services_by_operator
from geo.streets.graph import STREET_MODES
from geo.streets.snap import place_points

FAR_M = 300.0  # R5 looks within 300 m first: what is farther from a street deserves a look


@dataclass(frozen=True)
class AreaCheck:
    """What an examination of an area found; frames as follows.

    ``sources``: ``source, rows_in, rows_kept, rows_refused, out_of_scope, vintage, licence``, one row per source.
    ``snaps``: ``what, mode, points, not_placed, over_300_m, median_m, max_m``; distances are straight lines to the street.
    ``placed``: ``what, mode, id, name, snap_m`` of every point; ``snap_m`` is missing where one is not placed.
    ``far``: those of ``placed`` beyond 300 m or not placed.
    ``services``: :func:`geo.findings.services_by_operator` on the service date.
    ``zones``: ``zone_code, name_en, mode, origins, origins_not_placed, persons, persons_not_placed`` of zones that are wholly or
    partly not placed; persons are missing where a zone's population is.
    """

    sources: pd.DataFrame
    snaps: pd.DataFrame
    placed: pd.DataFrame
    far: pd.DataFrame
    services: pd.DataFrame
    zones: pd.DataFrame


def check_area(area: Area) -> AreaCheck:
    """Examine ``area``; nothing in it is changed."""
    placed = pd.concat([_snapped(area, *points) for points in _all_points(area)], ignore_index=True)
    is_far = ~(placed["snap_m"] <= FAR_M)
    far = placed[is_far].sort_values(["what", "mode", "snap_m", "id"], ascending=[True, True, False, True])
    return AreaCheck(
        sources=_sources(area),
        snaps=_summary(placed),
        placed=placed,
        far=far.reset_index(drop=True),
        services=services_by_operator(area.timetable, area.profile.service_date),
        zones=_zones_not_placed(area, placed),
    )


def _sources(area: Area) -> pd.DataFrame:
    entries = {entry.name: entry for entry in area.manifest.entries}
    rows = []
    for quality in area.quality.sources:
        entry = entries.get(quality.name)
        counts = (quality.rows_in, quality.rows_kept, quality.rows_refused, quality.out_of_scope)
        rows.append((quality.name, *counts, *((entry.vintage, entry.licence) if entry else ("made here", ""))))
    columns = ["source", "rows_in", "rows_kept", "rows_refused", "out_of_scope", "vintage", "licence"]
    return pd.DataFrame(rows, columns=columns)


def _all_points(area: Area) -> list[tuple[str, gpd.GeoDataFrame, str, str, tuple[str, ...]]]:
    """Return each kind of point: what it is, its frame, the columns of its id and name, and the modes it is placed for."""
    called = np.unique(area.timetable.call_stop)
    stops = area.timetable.stops.iloc[called]
    return [
        ("origin", area.origins, "origin_id", "zone_code", STREET_MODES),
        ("practice", area.practices, "practice_id", "name", STREET_MODES),
        ("stop", stops, "stop_id", "name", ("walk",)),
        ("venue", area.venues, "venue_id", "name", STREET_MODES),
    ]


def _snapped(
    area: Area, what: str, frame: gpd.GeoDataFrame, id_column: str, name: str, modes: tuple[str, ...]
) -> pd.DataFrame:
    xy = np.column_stack([frame.geometry.x, frame.geometry.y]) if len(frame) else np.empty((0, 2))
    parts = []
    for mode in modes:
        placed = place_points(area.streets[mode], xy)  # type: ignore[index]
        columns = {"what": what, "mode": mode, "id": frame[id_column].to_numpy(), "name": frame[name].to_numpy()}
        parts.append(pd.DataFrame({**columns, "snap_m": placed.snap_m}))
    return pd.concat(parts, ignore_index=True)


def _summary(placed: pd.DataFrame) -> pd.DataFrame:
    distance = placed.groupby(["what", "mode"])["snap_m"]
    counted = pd.DataFrame(
        {
            "points": distance.size(),
            "not_placed": distance.size() - distance.count(),
            "over_300_m": distance.agg(lambda away: int((away > FAR_M).sum())),
            "median_m": distance.median(),
            "max_m": distance.max(),
        }
    )
    return counted.astype({"points": int, "not_placed": int, "over_300_m": int}).reset_index()


def _zones_not_placed(area: Area, placed: pd.DataFrame) -> pd.DataFrame:
    origins = placed[placed["what"] == "origin"].rename(columns={"id": "origin_id"})
    people = area.origins.set_index("origin_id")["population"]
    lost = origins["snap_m"].isna()
    table = pd.DataFrame(
        {
            "zone_code": origins["name"],
            "mode": origins["mode"],
            "is_lost": lost,
            "persons": origins["origin_id"].map(people),
        }
    )
    table["persons_not_placed"] = table["persons"].where(lost, 0.0)
    groups = table.groupby(["zone_code", "mode"])
    counted = pd.DataFrame(
        {
            "origins": groups.size(),
            "origins_not_placed": groups["is_lost"].sum(),
            "persons": groups["persons"].sum(min_count=1),
            "persons_not_placed": groups["persons_not_placed"].sum(min_count=1),
        }
    ).reset_index()
    counted.loc[counted["persons"].isna(), "persons_not_placed"] = np.nan
    counted.insert(1, "name_en", counted["zone_code"].map(area.zones.set_index("zone_code")["name_en"]))
    return counted[counted["origins_not_placed"] > 0].reset_index(drop=True)
