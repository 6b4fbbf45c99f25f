"""The same thing a little differently: activities of one kind that several clusters or providers run, as candidates for one model.

Two activities are of one kind when they share a category and, in English or in Welsh, the words of their names once place names, common
words, order and accents are left out. That is all that is known of what they do: whether they are one thing is for people to say.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components

from access.catchments import Catchments
from access.wording import kind_of, place_words
from geo.area import Area
from geo.profile import Level

COLUMNS = (
    "kind", "category", "words", "words_cy", "activities", "clusters", "providers", "funders", "kind_reached_persons",
    "activity_id", "name_en", "name_cy", "provider", "funder", "funded_until", "footprint_id", "venue_name", "sessions_per_week",
    "cost_gbp", "capacity", "is_full", "measures", "reached_persons",
)  # fmt: skip


def find_similar(of: Sequence[Catchments], level: Level = "cluster", least: int = 2) -> pd.DataFrame:
    """Return one row per activity of a kind that at least ``least`` footprints or providers run (columns: ``COLUMNS``).

    Kinds are numbered from 1, those of most footprints and providers first. ``reached_persons`` is who reaches the activity there and back
    within the standard, ``kind_reached_persons`` who reaches any of its kind. ``footprint_id`` is that of the zone that holds the venue,
    missing where the area has no such level. Cost, capacity, funding and measures are as known: missing is not nothing. ``words`` are those
    that the English names share, ``words_cy`` the Welsh ones; where names of one language share none, the first of them stands for all.
    """
    kinds = [table for catchments in of for table in _of_category(catchments, level, least)]
    kinds.sort(
        key=lambda table: (-table["clusters"].iloc[0], -table["providers"].iloc[0], table["activity_id"].iloc[0])
    )
    numbered = [table.assign(kind=number) for number, table in enumerate(kinds, 1)]
    if not numbered:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(numbered, ignore_index=True)[list(COLUMNS)]


def _of_category(catchments: Catchments, level: Level, least: int) -> list[pd.DataFrame]:
    sessions = catchments.sessions
    area = catchments.access.network.area
    first = sessions.drop_duplicates("activity_id").reset_index(drop=True)
    label = _kinds(first, place_words(area))
    where = _footprints(area, first, level)
    found = []
    for kind in np.unique(label):
        own = first[label == kind]
        footprints = where[label == kind]
        clusters, providers = footprints.nunique(), own["provider"].nunique()
        if len(own) < 2 or max(clusters, providers) < least:
            continue
        is_kind = sessions["activity_id"].isin(own["activity_id"]).to_numpy()
        rows = [_activity(catchments, str(name)) for name in own["activity_id"]]
        columns = [
            "activity_id",
            "name_en",
            "name_cy",
            "provider",
            "funder",
            "funded_until",
            "venue_name",
            "cost_gbp",
            "capacity",
            "is_full",
            "measures",
        ]
        table = own[columns].reset_index(drop=True).assign(
            category=catchments.standard.category,
            words=_shared(own["name_en"], place_words(area)),
            words_cy=_shared(own["name_cy"], place_words(area)),
            activities=len(own),
            clusters=clusters,
            providers=providers,
            funders=own["funder"].nunique(),
            kind_reached_persons=float(catchments.persons[is_kind].max(axis=0).sum()),
            footprint_id=footprints.to_numpy(),
            sessions_per_week=[row[0] for row in rows],
            reached_persons=[row[1] for row in rows],
        )  # fmt: skip
        found.append(table)
    return found


def _shared(names: pd.Series, places: frozenset[str]) -> str:
    """Return the words that all names share, in the order of the alphabet; the first name where they share none."""
    words = frozenset.intersection(*(kind_of(name, places) for name in names))
    return " ".join(sorted(words)) or str(names.iloc[0])


def _activity(catchments: Catchments, activity_id: str) -> tuple[float, float]:
    is_own = (catchments.sessions["activity_id"] == activity_id).to_numpy()
    return float(catchments.sessions["per_week"][is_own].sum()), float(catchments.persons[is_own].max(axis=0).sum())


def _kinds(activities: pd.DataFrame, places: frozenset[str]) -> np.ndarray:
    """Return a label for each activity: the same where the words of either language's names are the same."""
    english, welsh = ([kind_of(name, places) for name in activities[column]] for column in ("name_en", "name_cy"))
    alike = np.array(
        [[e == f or w == v for f, v in zip(english, welsh, strict=True)] for e, w in zip(english, welsh, strict=True)]
    ).reshape(len(english), len(english))
    return connected_components(alike, directed=False)[1]


def _footprints(area: Area, activities: pd.DataFrame, level: Level) -> pd.Series:
    """Return the footprint of each activity's venue: that of the zone that holds it."""
    if level not in area.zone_footprints:
        return pd.Series(np.nan, index=activities.index, dtype=object)
    points = area.venues.geometry.to_numpy()[activities["venue"].to_numpy(int)]
    zone, activity = area.zones.sindex.query(points, predicate="within")[::-1]
    codes = area.zones["zone_code"].to_numpy(object)
    footprint = dict(zip(activity, area.zone_footprints[level].reindex(codes[zone]), strict=True))
    return pd.Series(
        [footprint.get(row, np.nan) for row in range(len(activities))], index=activities.index, dtype=object
    )
