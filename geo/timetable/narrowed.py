"""Read of whom rows of transfers.txt speak that hold for single routes or trips, and put them in the order in which they count.

Source of the rules: GTFS Schedule Reference, transfers.txt. Of the rows that apply to a pair of trips the most specific counts: two trips,
a trip and a route, a trip, two routes, a route; a trip named stands in place of its route. Of rows alike in that the one counts that
names the stops most nearly, then the first.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.timetable.feed import positions
from geo.timetable.ledger import Ledger

TABLE = "transfers.txt"
ROUTES, TRIPS = ("from_route_id", "to_route_id"), ("from_trip_id", "to_trip_id")
ANY = -1
MOST_PAIRS = 1_000_000  # of kinds of trips at stops: beyond, changes would take more memory than all else


def read_named(
    frame: pd.DataFrame, routes: pd.DataFrame, trips: pd.DataFrame, by_headway: pd.Series, ledger: Ledger
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return of which routes and trips each row of ``frame`` speaks, and which rows can be used; the others are refused.

    The first is (rows, 4): from route and to route (rows of ``routes``), from trip and to trip (of ``trips``), -1 for any.
    """
    is_named = (frame[[*ROUTES, *TRIPS]] != "").to_numpy()
    is_named[:, :2] &= ~is_named[:, 2:]
    known = (*(routes["route_id"],) * 2, *(trips["trip_id"],) * 2)
    found = np.column_stack([positions(frame[c], of) for c, of in zip((*ROUTES, *TRIPS), known, strict=True)])
    lost: NDArray[np.bool_] = np.asarray((is_named & (found < 0)).any(axis=1))
    unsaid = lost & frame[list(TRIPS)].isin(set(by_headway) - {""}).any(axis=1).to_numpy()
    for is_lost, problem, remedy in (
        (unsaid, "names a trip by headway: which of its departures is meant is not said.", "Remove the row, or write the departures out."),
        (lost & ~unsaid, "names a route or trip that cannot be ridden.", "Correct the name, or remove the row."),
    ):  # fmt: skip
        ledger.refuse(TABLE, frame.index[is_lost].to_numpy(), problem, remedy)
    return np.where(is_named, found, ANY), ~lost


def in_order(rows: NDArray[np.int64], far: NDArray[np.int64], n_told: int, ledger: Ledger) -> NDArray[np.int32]:
    """Return ``rows`` (those of ``Timetable.changes_of_trips``) by what counts first; ``far`` is how far each is from naming its stops.

    They stand for ``n_told`` rows of transfers.txt. Where they part the trips of stops into more kinds than a search can hold, none is
    used, and that is told.
    """
    if not len(rows):
        return rows.astype(np.int32)
    kinds = [np.unique(rows[:, columns], axis=0)[:, 0] for columns in ([0, 2, 4], [1, 3, 5])]
    off, on = (np.bincount(stops, minlength=int(rows[:, :2].max()) + 1) + 1 for stops in kinds)
    pairs = int(off @ on)
    if pairs > MOST_PAIRS:
        ledger.leave_out(TABLE, n_told)
        ledger.note(
            f"{TABLE}: {n_told:,} rows about single routes or trips are not used: they part the trips of stops into {pairs:,} pairs, "
            f"and {MOST_PAIRS:,} can be searched."
        )
        return rows[:0].astype(np.int32)
    n_routes, n_trips = ((rows[:, part] != ANY).sum(axis=1) for part in (slice(2, 4), slice(4, 6)))
    return rows[np.lexsort((far, -n_routes, -n_trips))].astype(np.int32)
