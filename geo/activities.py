"""Load the directory: venues, the activities held at them, and their weekly sessions."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.profile import WEEKDAYS, AreaProfile, Table
from geo.quality import SourceQuality
from geo.schemas import ACTIVITIES, SESSIONS, VENUES, conform
from geo.sieve import Sieve
from geo.tables import read_rows
from geo.vocabulary import CATEGORIES, FREQUENCIES, PLACED_BY

DAY_S = 86_400
ENDS_BY_S = 6 * 3600  # a session that "ends before it starts" and by six in the morning runs past midnight
MAX_MEASURES = 200  # it stands in a cell beside those of other activities
YES_NO = ("yes", "no", "unknown")
VENUE_COLUMNS = ("venue_id", "name", "postcode", "placed_by", "lon", "lat", "easting", "northing")
SESSION_COLUMNS = ("session_id", "activity_id", "weekday", "start", "end", "freq", "valid_from", "valid_to")
DATES = ("valid_from", "valid_to", "last_checked", "funded_until")


def load_activities(
    profile: AreaProfile,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, pd.DataFrame, tuple[SourceQuality, ...]]:
    """Return venues (EPSG:27700), activities and sessions as ``schemas`` says, and what became of each file's rows.

    Activities of unknown venues and sessions of unknown activities are refused; venues without coordinates are kept,
    not placed.

    Raises:
        DataError: a file cannot be used, or every venue was refused.
    """
    venues = _venues(profile, profile.activities.venues)
    activities = _activities(profile, profile.activities.activities, set(venues.frame["venue_id"]), venues.file)
    sessions = _sessions(profile, profile.activities.sessions, set(activities.frame["activity_id"]), activities.file)
    qualities = tuple(
        s.quality(f"activities.{n}")
        for n, s in (("venues", venues), ("activities", activities), ("sessions", sessions))
    )
    frame = gpd.GeoDataFrame(conform(venues.frame.sort_values("venue_id"), VENUES))
    return (
        frame,
        conform(activities.frame.sort_values("activity_id"), ACTIVITIES),
        conform(sessions.frame.sort_values("session_id"), SESSIONS),
        qualities,
    )


def _venues(profile: AreaProfile, table: Table) -> Sieve:
    sieve = Sieve(read_rows(profile, table, VENUE_COLUMNS, ("venue_id",)))
    sieve.required("venue_id")
    sieve.unique("venue_id")
    sieve.points(may_lack=True)
    sieve.some_left("venue")
    if sieve.has("placed_by"):
        sieve.one_of("placed_by", PLACED_BY, default="coordinates")
    is_placed = sieve.frame["geometry"].notna()
    placed_by = sieve.frame.get("placed_by", pd.Series("coordinates", index=sieve.frame.index))
    sieve.frame = sieve.frame.assign(
        is_placed=is_placed, placed_by=placed_by.fillna("coordinates").where(is_placed, "none")
    )
    sieve.optional("name", "postcode")
    nameless = sieve.frame["name"].isna()
    if nameless.any():
        sieve.notes.append(f"{int(nameless.sum())} venues have no name: their id is shown.")
        sieve.frame["name"] = sieve.frame["name"].fillna(sieve.frame["venue_id"])
    return sieve


def _activities(profile: AreaProfile, table: Table, venue_ids: set[str], venues_file: str) -> Sieve:
    sieve = Sieve(read_rows(profile, table, tuple(ACTIVITIES.columns), ("activity_id", "category", "venue_id")))
    sieve.required("activity_id", "venue_id")
    sieve.unique("activity_id")
    sieve.names()
    sieve.one_of("category", CATEGORIES)
    sieve.refuse(
        ~sieve.frame["venue_id"].isin(venue_ids),
        f"venue '{{venue_id}}' is not in {venues_file}, or was refused there",
        "Add the venue, or mend venue_id.",
    )
    sieve.one_of("wheelchair", YES_NO, default="unknown")
    sieve.one_of("is_full", YES_NO, default="unknown")
    sieve.numbers("cost_gbp", "capacity")
    sieve.numbers("age_min", "age_max", high=120)
    sieve.dates(*DATES)
    sieve.optional("provider", "languages", "referral", "eligibility", "contact", "source", "funder", "measures")
    sieve.refuse(
        sieve.frame["measures"].str.len() > MAX_MEASURES,
        f"measures has over {MAX_MEASURES} characters",
        "Name what is measured, no more.",
    )
    sieve.refuse(
        sieve.frame["valid_to"] < sieve.frame["valid_from"], "valid_to lies before valid_from", "Exchange the dates."
    )
    sieve.refuse(sieve.frame["age_max"] < sieve.frame["age_min"], "age_max is below age_min", "Exchange the ages.")
    return sieve


def _sessions(profile: AreaProfile, table: Table, activity_ids: set[str], activities_file: str) -> Sieve:
    sieve = Sieve(read_rows(profile, table, SESSION_COLUMNS, ("activity_id", "weekday", "start", "end")))
    sieve.required("activity_id", "weekday", "start", "end")
    sieve.refuse(
        ~sieve.frame["activity_id"].isin(activity_ids),
        f"activity '{{activity_id}}' is not in {activities_file}, or was refused there",
        "Add the activity, or mend activity_id.",
    )
    sieve.one_of("weekday", WEEKDAYS)
    if not sieve.has("freq"):
        sieve.notes.append("no column freq: every session is taken as weekly.")
    sieve.one_of("freq", FREQUENCIES, default="weekly")
    sieve.dates("valid_from", "valid_to")
    _set_times(sieve)
    _set_ids(sieve)
    return sieve


def _set_times(sieve: Sieve) -> None:
    """Set ``start_s, end_s``; an end before the start is past midnight if by 06:00, and a fault otherwise."""
    said = sieve.frame[["start", "end"]].rename(columns=lambda column: f"said_{column}")
    sieve.frame = pd.concat([sieve.frame, said], axis=1)
    sieve.clocks("start", "end")
    late = sieve.frame["start"] >= DAY_S
    sieve.refuse(late, "starts at {said_start}", "Write the start from 00:00 to 23:59, on the weekday it falls on.")
    start, end = sieve.frame["start"], sieve.frame["end"]
    past_midnight = (end < start) & (end <= ENDS_BY_S)
    end = end + np.where(past_midnight, DAY_S, 0)
    sieve.frame = sieve.frame.assign(start_s=start, end_s=end)
    if past_midnight.any():
        sieve.notes.append(f"{int(past_midnight.sum())} sessions end after midnight.")
    sieve.refuse(
        end <= start, "ends at {said_end}, not after its start at {said_start}", "Exchange the times, or mend them."
    )


def _set_ids(sieve: Sieve) -> None:
    start = pd.to_datetime(sieve.frame["start_s"], unit="s").dt.strftime("%H%M")
    made = sieve.frame["activity_id"] + "-" + sieve.frame["weekday"].str[:3] + "-" + start
    given = sieve.frame.get("session_id", made)
    sieve.frame = sieve.frame.assign(session_id=given.fillna(made))
    sieve.unique("session_id")
