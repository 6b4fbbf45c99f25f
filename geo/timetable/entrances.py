"""Find how one comes from the street to platforms and back: through the entrances of stations, by their pathways.

Source of the rules: GTFS Schedule Reference, stops.txt and pathways.txt. A station that has pathways has all of them, so a platform to
which an entrance leads is reached through entrances alone, and not from where it lies. Three things are told in the quality report:

- a platform of such a station to which no entrance leads and from which none is reached. The reference rules it out, so it is a fault
  of the feed; vehicles call there, so people do get there: its own point joins it to the street.
- a platform that can only be entered, or only left. That is what the feed says, and stays.
- stations with entrances and no pathways: which entrance leads where is not known, so platforms are joined by their own points.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.timetable.feed import positions
from geo.timetable.ledger import Ledger, cut
from geo.timetable.model import IN_S, IN_STEP_FREE_S, OUT_S, OUT_STEP_FREE_S, WALKED
from geo.timetable.pathways import WalksIndoors
from geo.timetable.stops import ENTRANCE, is_in_britain, lon_lat, station_of

NO_WAY = -1
NAMED = 10  # stops named in a note; the others are counted


@dataclass(frozen=True)
class Entrances:
    """``xy`` (entrances, 2; EPSG:27700), and ``ways``: see :class:`geo.timetable.model.Timetable`."""

    xy: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    ways: NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 10), np.int32))


def read_entrances(
    all_stops: pd.DataFrame, stops: gpd.GeoDataFrame, walks: WalksIndoors,
    platform: NDArray[np.int64], called: NDArray[np.bool_], ledger: Ledger,
) -> Entrances:  # fmt: skip
    """Return the entrances that lead to a platform or out of one.

    ``platform`` is the row of ``stops`` of each row of stops.txt, -1 where vehicles can't call; ``called`` says by row of ``stops``
    where they do.
    """
    lon, lat = lon_lat(all_stops)
    is_entrance = (all_stops["location_type"] == ENTRANCE).to_numpy()
    used = is_entrance & np.isin(np.arange(len(all_stops)), walks.all[:, :2])
    far = used & ~is_in_britain(lon, lat)
    remedy = "Correct stop_lon and stop_lat."
    ledger.refuse(
        "stops.txt", all_stops.index[far].to_numpy(), "is an entrance that is not in or near Britain.", remedy
    )
    used &= ~far
    ways = _ways(walks, used, used & _may_be_step_free(all_stops), platform)
    rows, entrance = np.unique(ways[:, 0], return_inverse=True)
    xy = shapely.get_coordinates(gpd.points_from_xy(lon[rows], lat[rows], crs=4326).to_crs(27700))
    ways[:, 0] = entrance
    _note(all_stops, stops, is_entrance, rows, ways, called, ledger)
    return Entrances(xy, ways.astype(np.int32))


def _ways(
    walks: WalksIndoors, used: NDArray[np.bool_], step_free: NDArray[np.bool_], platform: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the ways with the row of stops.txt for the entrance, each entrance and platform once."""
    parts = []
    for column, found, is_open in (
        (IN_S, walks.all, used), (OUT_S, walks.all, used),
        (IN_STEP_FREE_S, walks.step_free, step_free), (OUT_STEP_FREE_S, walks.step_free, step_free),
    ):  # fmt: skip
        entrance, stop = found[:, :2].T if column in (IN_S, IN_STEP_FREE_S) else found[:, 1::-1].T
        kept = is_open[entrance] & (platform[stop] >= 0)
        part = np.zeros((int(kept.sum()), 10), np.int64)
        part[:, 2 : 2 + WALKED] = NO_WAY
        part[:, 0], part[:, 1] = entrance[kept], platform[stop[kept]]
        part[:, column], part[:, column + WALKED] = found[kept, 2:].T
        parts.append(part)
    every = np.concatenate(parts)
    pairs, which = np.unique(every[:, :2], axis=0, return_inverse=True)
    ways = np.column_stack([pairs, np.full((len(pairs), 8), NO_WAY)])
    np.maximum.at(ways, which.ravel(), every)  # each time is told once, and all are more than NO_WAY
    return ways


def _may_be_step_free(all_stops: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows of stops.txt do not say, themselves or through their station, that a wheelchair can't be used there."""
    said = all_stops["wheelchair_boarding"].to_numpy(object)
    parent = positions(all_stops["parent_station"].where(all_stops["parent_station"] != "", "\0"), all_stops["stop_id"])
    inherits = np.isin(said, ["", "0"]) & (parent >= 0)
    may: NDArray[np.bool_] = np.where(inherits, said[parent], said) != "2"
    return may


def _note(
    all_stops: pd.DataFrame, stops: gpd.GeoDataFrame, is_entrance: NDArray[np.bool_], rows: NDArray[np.int64],
    ways: NDArray[np.int64], called: NDArray[np.bool_], ledger: Ledger,
) -> None:  # fmt: skip
    """Tell what the entrances lead to, and what they do not."""
    parents = all_stops["parent_station"].to_numpy(object)
    open_stations = set(parents[rows]) - {""}
    is_idle = is_entrance & ~np.isin(parents, list(open_stations))
    is_idle[rows] = False
    idle = int(is_idle.sum())
    if idle:
        ledger.note(
            f"{idle:,} entrances are of stations where pathways lead from none to a platform: "
            "the platforms are joined to the street where they lie."
        )
    if not len(ways):
        return
    behind, ids = np.unique(ways[:, 1]), stops["stop_id"].to_numpy(object)
    ledger.note(
        f"{len(rows):,} entrances lead to {len(behind):,} stops by pathways: these are entered and left through them."
    )
    open_stations |= set(ids[station_of(stops)[behind]])
    is_inside = np.isin(ids[station_of(stops)], list(open_stations))
    cut_off = np.setdiff1d(np.flatnonzero(called & is_inside), behind)
    _name(
        ledger,
        ids,
        cut_off,
        "no entrance leads to, against the GTFS reference, and that are joined to the street where they lie",
    )
    behind_one = np.isin(np.arange(len(stops)), behind)
    for column, what in ((IN_S, "no entrance leads to"), (OUT_S, "nobody gets out of to the street")):
        told = np.full(len(stops), NO_WAY)
        np.maximum.at(told, ways[:, 1], ways[:, column])
        _name(ledger, ids, np.flatnonzero((told < 0) & behind_one & called), what)
    free = np.zeros(len(stops), np.bool_)
    free[ways[ways[:, IN_STEP_FREE_S] >= 0, 1]] = True
    said = (stops["wheelchair"] == "yes").to_numpy()
    _name(
        ledger,
        ids,
        np.flatnonzero(behind_one & said & ~free),
        "no way without steps leads to, although they are said to be accessible",
    )


def _name(ledger: Ledger, ids: NDArray[np.object_], rows: NDArray[np.int64], what: str) -> None:
    if len(rows):
        some = ", ".join(cut(ids[rows[:NAMED]])) + (" …" if len(rows) > NAMED else "")
        ledger.note(f"pathways.txt: {len(rows):,} stops that {what}: {some}.")
