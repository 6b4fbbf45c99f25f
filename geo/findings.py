"""Facts about an area as a whole that its users must know: what is unknown, what is thin, what does not fit together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from geo.area import Area
from geo.profile import WEEKDAYS
from geo.quality import QualityReport
from geo.tables import listed
from geo.timetable.model import Timetable
from geo.timetable.running import silences

FEW_SERVICES_SHARE = 0.2  # r5r's rule: below this a date is probably not one that the feed covers well


def find_facts(area: Area) -> Area:
    """Return ``area`` with the findings of its quality report filled in."""
    findings = (*_about_sources(area), *_about_zones(area), *_about_places(area), *_about_time(area))
    return replace(area, quality=QualityReport(area.quality.sources, findings))


def services_by_operator(timetable: Timetable, service_date: date) -> pd.DataFrame:
    """Return a row for each feed, operator and mode: ``feed, operator, mode, services, services_running, trips, trips_running, repeats``.

    A service is a set of dates of the feed; a trip runs if its service does. Trips that the feed repeats are counted once,
    and the copies in ``repeats``. ``service_date`` lies within the timetable.
    """
    day = service_date.toordinal() - timetable.first_date.toordinal()
    trips = timetable.trips
    routes = timetable.routes.iloc[trips["route_index"].to_numpy()]
    service = trips["service_index"].to_numpy()
    table = pd.DataFrame(
        {
            "feed": routes["route_id"].astype(str).str.split(":", n=1).str[0].to_numpy(),
            "operator": routes["operator"].fillna("not known").to_numpy(),
            "mode": routes["mode"].to_numpy(),
            "service": service,
            "is_running": timetable.runs[service, day],
            "repeats": trips["repeats"].to_numpy(),
        }
    )
    groups = table.groupby(["feed", "operator", "mode"], sort=True)
    running = table[table["is_running"]].groupby(["feed", "operator", "mode"])
    counted = pd.DataFrame(
        {
            "services": groups["service"].nunique(),
            "services_running": running["service"].nunique(),
            "trips": groups.size(),
            "trips_running": running.size(),
            "repeats": groups["repeats"].sum(),
        }
    )
    return counted.fillna(0).astype(int).reset_index()


def _about_sources(area: Area) -> list[str]:
    return [
        f"WARNING: no row of {source.name} could be used. The first was refused: {source.refused[0]}"
        for source in area.quality.sources
        if source.refused and not source.rows_kept
    ]


def _about_zones(area: Area) -> list[str]:
    zones, found = area.zones, []
    for column, what in (("population", "population"), ("deprivation_rank", "deprivation rank")):
        lacking = zones.loc[zones[column].isna(), "zone_code"].tolist()
        if lacking:
            found.append(f"{len(lacking)} of {len(zones)} zones have no {what}: {listed(lacking)}.")
    derived = area.footprints.loc[area.footprints["is_derived"], "level"].unique()
    found += [f"The footprints of the level {level} are derived, not official." for level in derived]
    return found


def _about_places(area: Area) -> list[str]:
    found = []
    for what, frame, name in (("venues", area.venues, "venue_id"), ("practices", area.practices, "practice_id")):
        lost = frame.loc[frame.geometry.isna(), name].tolist()
        if lost:
            found.append(f"{len(lost)} of {len(frame)} {what} have no place: {listed(lost)}.")
    used = area.activities.loc[area.activities["activity_id"].isin(area.sessions["activity_id"])]
    idle = len(area.activities) - len(used)
    if idle:
        found.append(f"{idle} of {len(area.activities)} activities have no session.")
    return found


def _about_time(area: Area) -> list[str]:
    wanted, timetable, found = area.profile.service_date, area.timetable, []
    day = wanted.toordinal() - timetable.first_date.toordinal()
    share = float(np.mean(timetable.runs[:, day])) if len(timetable.runs) else 0.0
    if share < FEW_SERVICES_SHARE:
        found.append(
            f"WARNING: on {wanted.isoformat()} only {share:.0%} of the timetable's services run. Is it the right date?"
        )
    trusted = area.profile.timetable.trusted_weekdays
    if WEEKDAYS[wanted.weekday()] not in trusted:
        found.append(
            f"WARNING: the service date is a {WEEKDAYS[wanted.weekday()]}, the timetable is trusted on {', '.join(trusted)}."
        )
    elsewhere = int((~area.sessions["weekday"].isin(trusted)).sum())
    if elsewhere:
        found.append(
            f"{elsewhere} of {len(area.sessions)} sessions fall on weekdays on which the timetable is not trusted: unknown."
        )
    found += [f"WARNING: {silence}" for silence in silences(timetable, wanted)]
    copies = int(timetable.trips["repeats"].sum())
    if copies:
        found.append(f"{copies} trips that repeat another one are counted once.")
    return found
