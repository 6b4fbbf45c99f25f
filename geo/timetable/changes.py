"""Read how one changes between stops from transfers.txt, pathways.txt and stations: rows of ``Timetable.changes``.

====== ========== ==================================================================================================================
kind   seconds    meaning
====== ========== ==================================================================================================================
0      none       ``FORBIDDEN``: no change from the one to the other, on foot neither
1      whole      ``TIMED``: the feed's time from arrival to departure, in place of any walk and of the time to be there before departure
2      a walk     ``INDOORS``: the quickest way by pathways, in place of the walk on streets
3      whole      ``IF_APART``: from arrival to departure where neither says anything and no walk on streets joins the two
4      a walk     ``STEP_FREE``: the quickest way by pathways without steps, for those who need one
====== ========== ==================================================================================================================

A fifth column says how many of the seconds are walked at 4.8 km/h, which those who walk more slowly take longer for: what pathways do not
tell, and what a guess counts for the walk as the crow flies.

Source of the rules: GTFS Schedule Reference, transfers.txt. A row about a station is one about each of its platforms, one about a platform
speaks of its boarding areas too; where several rows speak of a pair, that which names the stops most nearly comes first. Platforms where
no vehicle calls so far are among them, for the sake of routes that are added. Types: 0 is a recommended place to change, 1 a change for
which the vehicle waits (0 s where the row gives no time), 2 asks for a time, 3 forbids; 4 and 5 speak of staying seated (``runs.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.streets.rules import WALK_KMH
from geo.timetable.calls import Calls
from geo.timetable.clock import DAY_S
from geo.timetable.feed import positions, whole_numbers
from geo.timetable.ledger import Ledger, cut
from geo.timetable.model import FORBIDDEN, IF_APART, INDOORS, STEP_FREE, TIMED
from geo.timetable.narrowed import ROUTES, TRIPS, in_order, read_named
from geo.timetable.pathways import WalksIndoors
from geo.timetable.runs import LONGEST_STAY_S
from geo.timetable.stops import WHERE_VEHICLES_CALL, lies_in

TABLE = "transfers.txt"
LEAST_CHANGE_S = 300  # U: five minutes, as British railway stations have where no other time is agreed
MOST_CHANGE_S = 4 * 3600
STAYING = ("4", "5")  # as the table writes types of going on as another trip
RECOMMENDED, WAITED_FOR, TIME_NEEDED, NOT_POSSIBLE, STAY, LEAVE = range(6)


@dataclass(frozen=True)
class Changes:
    """What a feed says of changing.

    ``between``: rows (from stop, to stop, kind, seconds, of these walked). ``of_trips``: those of ``Timetable.changes_of_trips``.
    ``seated``: rows (from trip, to trip, 1 may stay on board or 0 may not).
    """

    between: NDArray[np.int32]
    of_trips: NDArray[np.int32]
    seated: NDArray[np.int32]


def read_changes(
    tables: dict[str, pd.DataFrame], stops: gpd.GeoDataFrame, routes: pd.DataFrame, trips: pd.DataFrame, calls: Calls,
    walks: WalksIndoors, platform: NDArray[np.int64], ledger: Ledger,
) -> Changes:  # fmt: skip
    """Return the changes that a feed speaks of.

    ``platform`` is the row of ``stops`` of each row of stops.txt, -1 where vehicles can't call; ``walks`` are by row of stops.txt.
    """
    all_stops = tables["stops.txt"]
    kind = all_stops["location_type"].to_numpy(object)[positions(stops["stop_id"], all_stops["stop_id"])]
    is_place = np.isin(kind, WHERE_VEHICLES_CALL)
    is_place[calls.stop] = True
    platforms = _Platforms(stops, is_place)
    told, of_trips = _told(tables, stops, routes, trips, platforms, ledger)
    named = told[told[:, 2] == IF_APART]
    apart = np.concatenate([named[:, :2], platforms.of_one_station()])
    of_feed = told[told[:, 2] != IF_APART]
    between = np.concatenate([
        np.column_stack([of_feed, np.zeros(len(of_feed), np.int64)]),
        platforms.joined_by(walks.all, platform, INDOORS),
        platforms.joined_by(walks.step_free, platform, STEP_FREE),
        np.column_stack([apart, np.full(len(apart), IF_APART), platforms.guessed(apart)]),
    ])  # fmt: skip
    _, once = np.unique(between[:, :3], axis=0, return_index=True)
    return Changes(between[np.sort(once)].astype(np.int32), of_trips, _seated(tables, trips, calls, ledger))


class _Platforms:
    """The stops where vehicles call or may call, by the stop, platform or station that a row names."""

    def __init__(self, stops: gpd.GeoDataFrame, is_place: NDArray[np.bool_]) -> None:
        self.parent, self.is_place = lies_in(stops), is_place
        self.station = self.parent[self.parent]
        self.xy = shapely.get_coordinates(stops.geometry.to_numpy())
        rows = np.flatnonzero(is_place)
        self._order = rows[np.argsort(self.station[rows], kind="stable")]
        self._sorted = self.station[self._order]

    def meant_by(self, stop: int) -> list[tuple[int, int]]:
        """Return the rows that ``stop`` stands for and how far each is from it: itself, its boarding areas, the station's platforms."""
        begin, end = np.searchsorted(self._sorted, self.station[stop] + np.array([0, 1]))
        around = self._order[begin:end].tolist()
        if self.is_place[stop]:
            return [(stop, 0), *((row, 1) for row in around if self.parent[row] == stop and row != stop)]
        return [(row, 2) for row in around]

    def of_one_station(self) -> NDArray[np.int64]:
        """Return each pair of platforms of one station."""
        start = np.flatnonzero(np.diff(self._sorted, prepend=-1))
        pairs = []
        for group in np.split(self._order, start[1:]):
            if len(group) > 1:
                a, b = np.repeat(group, len(group)), np.tile(group, len(group))
                pairs.append(np.column_stack([a, b])[a != b])
        return np.concatenate(pairs) if pairs else np.empty((0, 2), np.int64)

    def joined_by(self, walks: NDArray[np.int64], platform: NDArray[np.int64], kind: int) -> NDArray[np.int64]:
        """Return the walks from platform to platform as changes of ``kind``."""
        ends = platform[walks[:, :2]]
        ends, seconds = (
            part[(ends.min(axis=1) >= 0) & self.is_place[ends].all(axis=1)] for part in (ends, walks[:, 2:])
        )
        return np.column_stack([ends, np.full(len(ends), kind), seconds])

    def guessed(self, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the seconds of a guess for each pair, and how many of them are the walk as the crow flies."""
        away_m = np.hypot(*(self.xy[pairs[:, 0]] - self.xy[pairs[:, 1]]).T)
        crow_s = np.ceil(away_m / (WALK_KMH / 3.6)).astype(np.int64)
        return np.column_stack([np.maximum(crow_s, LEAST_CHANGE_S), crow_s])


def _told(
    tables: dict[str, pd.DataFrame], stops: gpd.GeoDataFrame, routes: pd.DataFrame, trips: pd.DataFrame,
    platforms: _Platforms, ledger: Ledger,
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:  # fmt: skip
    """Return (from, to, kind, seconds) of the rows about stops, each pair once, and those about single routes or trips, as they count.

    IF_APART stands for a recommended place.
    """
    frame = tables[TABLE]
    rows = _between_stops(frame, stops, tables["stops.txt"], ledger)
    narrowed = (frame[[*ROUTES, *TRIPS]].iloc[rows[:, 0]] != "").any(axis=1).to_numpy()
    best: dict[tuple[int, int], tuple[int, int, int]] = {}
    for _, x, y, far, kind, seconds in _spelt_out(rows[~narrowed], platforms):
        if (x, y) not in best or far < best[x, y][0]:
            best[x, y] = (far, kind, seconds)
    told = np.array([(*pair, k, s) for pair, (_, k, s) in best.items()], np.int64).reshape(-1, 4)
    some = frame.iloc[rows[narrowed, 0]]
    ids, is_usable = read_named(some, routes, trips, tables["frequencies.txt"]["trip_id"], ledger)
    each = list(_spelt_out(rows[narrowed][is_usable], platforms))
    named = ids[is_usable][[one[0] for one in each]].tolist()
    of_trips = np.array(
        [(x, y, *who, k, s, 0) for (_, x, y, _, k, s), who in zip(each, named, strict=True)], np.int64
    ).reshape(-1, 9)
    is_guess = of_trips[:, 6] == IF_APART
    of_trips[is_guess, 7:] = platforms.guessed(of_trips[is_guess, :2])
    return told, in_order(of_trips, np.array([one[3] for one in each], np.int64), int(is_usable.sum()), ledger)


def _spelt_out(rows: NDArray[np.int64], platforms: _Platforms) -> Iterator[tuple[int, int, int, int, int, int]]:
    """Yield each pair of stops that each of ``rows`` means: which row, both stops, how far it is from naming them, kind and seconds."""
    for i, (_, a, b, transfer_type, told_s) in enumerate(rows.tolist()):
        kind, seconds = _kind_and_time(transfer_type, told_s)
        for (x, far_x), (y, far_y) in product(platforms.meant_by(a), platforms.meant_by(b)):
            yield i, x, y, far_x + far_y, kind, seconds


def _between_stops(
    frame: pd.DataFrame, stops: gpd.GeoDataFrame, all_stops: pd.DataFrame, ledger: Ledger
) -> NDArray[np.int64]:
    """Return the rows about changing between stops that can be used, and refuse the others: (row, stop, other stop, type, seconds)."""
    kind, seconds = whole_numbers(frame["transfer_type"], blank=0), whole_numbers(frame["min_transfer_time"], blank=-2)
    between_stops = (kind >= RECOMMENDED) & (kind <= NOT_POSSIBLE)
    nowhere = between_stops & (frame[["from_stop_id", "to_stop_id"]] == "").any(axis=1).to_numpy()
    remedy = "Name both stops, or remove the row."
    ledger.refuse(TABLE, frame.index[nowhere].to_numpy(), "does not say between which stops one changes.", remedy)
    wanted = np.flatnonzero(between_stops & ~nowhere)
    start, end = (positions(frame[c].iloc[wanted], stops["stop_id"]) for c in ("from_stop_id", "to_stop_id"))
    there = np.minimum(start, end) >= 0
    _refuse_or_leave_out(frame.iloc[wanted[~there]], all_stops, ledger)
    late = (seconds == -1) | (seconds > MOST_CHANGE_S) | ((kind == TIME_NEEDED) & (seconds < 0))
    wrong = late[wanted] & there
    remedy = f"Give whole seconds up to {MOST_CHANGE_S:,}."
    ledger.refuse(TABLE, frame.index[wanted[wrong]].to_numpy(), "has no usable min_transfer_time.", remedy)
    return np.column_stack([wanted, start, end, kind[wanted], seconds[wanted]])[there & ~wrong]


def _kind_and_time(transfer_type: int, seconds: int) -> tuple[int, int]:
    if transfer_type == NOT_POSSIBLE:
        return FORBIDDEN, 0
    if transfer_type == RECOMMENDED and seconds < 0:
        return IF_APART, 0
    return TIMED, max(seconds, 0)


def _refuse_or_leave_out(lost: pd.DataFrame, all_stops: pd.DataFrame, ledger: Ledger) -> None:
    """Leave out rows about entrances and the like, which hold no vehicle; refuse those about stops that there are not."""
    known = (positions(lost["from_stop_id"], all_stops["stop_id"]) >= 0) & (
        positions(lost["to_stop_id"], all_stops["stop_id"]) >= 0
    )
    ledger.leave_out(TABLE, int(known.sum()))
    problems = [
        "names stop '{}' or '{}', which stops.txt lacks.".format(*cut(cells))
        for cells in lost.loc[~known, ["from_stop_id", "to_stop_id"]].itertuples(index=False)
    ]
    ledger.refuse(TABLE, lost.index[~known].to_numpy(), problems, "Add the stop, or remove the row.")


def _seated(tables: dict[str, pd.DataFrame], trips: pd.DataFrame, calls: Calls, ledger: Ledger) -> NDArray[np.int32]:
    """Return (from trip, to trip, may stay) of the rows about staying on board, and refuse rows of no known type."""
    frame, by_headway = tables[TABLE], tables["frequencies.txt"]["trip_id"]
    kind = whole_numbers(frame["transfer_type"], blank=0)
    unknown = (kind < RECOMMENDED) | (kind > LEAVE)
    ledger.refuse(
        TABLE, frame.index[unknown].to_numpy(), "has a transfer_type that is none of 0 to 5.", "Correct the type."
    )
    rows = np.flatnonzero((kind == STAY) | (kind == LEAVE))
    first, then = (positions(frame[c].iloc[rows], trips["trip_id"]) for c in ("from_trip_id", "to_trip_id"))
    lost = (first < 0) | (then < 0)
    unsaid = lost & frame[["from_trip_id", "to_trip_id"]].iloc[rows].isin(set(by_headway) - {""}).any(axis=1).to_numpy()
    for is_lost, problem, remedy in (
        (unsaid, "names a trip by headway: which of its departures is meant is not said.", "Remove the row, or write the departures out."),
        (lost & ~unsaid, "names no two trips that can be ridden.", "Name both trips."),
    ):  # fmt: skip
        ledger.refuse(TABLE, frame.index[rows[is_lost]].to_numpy(), problem, remedy)
    rows, first, then = rows[~lost], first[~lost], then[~lost]
    waits_s = calls.departure_s[calls.start[then]].astype(np.int64) - calls.arrival_s[calls.start[first + 1] - 1]
    is_next_day = (waits_s + DAY_S >= 0) & (waits_s + DAY_S <= LONGEST_STAY_S)
    early = (kind[rows] == STAY) & (waits_s < 0) & ~is_next_day
    remedy = "Correct the times, or remove the row."
    ledger.refuse(TABLE, frame.index[rows[early]].to_numpy(), "goes on as a trip that leaves too early.", remedy)
    return np.column_stack([first, then, kind[rows] == STAY])[~early].astype(np.int32).reshape(-1, 3)
