"""Write out trips that frequencies.txt gives by headway, one for each departure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.timetable.calls import Calls, seconds
from geo.timetable.feed import positions, whole_numbers
from geo.timetable.ledger import Ledger

TABLE = "frequencies.txt"
MAX_DEPARTURES = 2_000_000


def expand_frequencies(
    frame: pd.DataFrame, trips: pd.DataFrame, calls: Calls, ledger: Ledger
) -> tuple[pd.DataFrame, Calls]:
    """Return the trips with each trip by headway replaced by its departures (start included, end not), and their calls."""
    if not len(frame):
        return trips, calls
    trip, departs_s = _departures(frame, trips, ledger)
    by_headway = positions(frame["trip_id"], trips["trip_id"])
    plain = np.setdiff1d(np.arange(len(trips)), by_headway)
    # Their calls are only a pattern: nothing says when they leave.
    lost = np.setdiff1d(by_headway[by_headway >= 0], trip)
    ledger.take_along("trips.txt", len(lost))
    ledger.take_along("stop_times.txt", int(np.diff(calls.start)[lost].sum()))
    source = np.concatenate([plain, trip])
    made, moved = trips.iloc[source].reset_index(drop=True), calls.of(source)
    in_block = int((made["block_id"].iloc[len(plain) :] != "").sum())
    if in_block:
        ledger.note(f"{TABLE}: {in_block:,} of the departures are in blocks; it is not said which goes on as which.")
        made["block_id"] = [*made["block_id"][: len(plain)], *[""] * len(trip)]
    made["trip_id"] = [
        *made["trip_id"][: len(plain)],
        *(f"{i}#{s}" for i, s in zip(made["trip_id"][len(plain) :], departs_s, strict=True)),
    ]
    shift = np.concatenate([np.zeros(len(plain), np.int64), departs_s - calls.departure_s[calls.start[trip]]])
    by_call = np.repeat(shift, np.diff(moved.start)).astype(np.int32)
    return made, replace(moved, arrival_s=moved.arrival_s + by_call, departure_s=moved.departure_s + by_call)


def _departures(
    frame: pd.DataFrame, trips: pd.DataFrame, ledger: Ledger
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return trip and first departure of each departure that the rows of ``frame`` stand for."""
    trip, headway = positions(frame["trip_id"], trips["trip_id"]), whole_numbers(frame["headway_secs"], blank=0)
    start, end = seconds(frame["start_time"]), seconds(frame["end_time"])
    lost, wrong = trip < 0, (trip >= 0) & ((start < 0) | (end <= start) | (headway <= 0))
    remedy = "Add the trip, or remove the row."
    ledger.refuse(TABLE, frame.index[lost].to_numpy(), "names a trip that trips.txt lacks or that was refused.", remedy)
    remedy = "Give start before end and a headway above 0."
    problem = "has no usable start, end or headway: a trip without another row is refused with its calls."
    ledger.refuse(TABLE, frame.index[wrong].to_numpy(), problem, remedy)
    good = np.flatnonzero(~lost & ~wrong)
    counts = -(-(end[good] - start[good]) // headway[good])
    if counts.sum() > MAX_DEPARTURES:
        ledger.stop(
            TABLE, f"makes {int(counts.sum()):,} departures.", f"The limit is {MAX_DEPARTURES:,}: check the headways."
        )
        return np.empty(0, np.int64), np.empty(0, np.int64)
    which = np.repeat(good, counts)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    approximate = int((frame["exact_times"].iloc[good] != "1").sum())
    how = f"; in {approximate} of its rows the times are approximate" if approximate else ""
    ledger.note(f"{TABLE}: {len(which):,} departures are written out from headways{how}.")
    return trip[which], start[which] + nth * headway[which]
