"""Write out trips that frequencies.txt gives by headway, one for each departure."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
    trip, headway = positions(frame["trip_id"], trips["trip_id"]), whole_numbers(frame["headway_secs"], blank=0)
    start, end = seconds(frame["start_time"]), seconds(frame["end_time"])
    lost, wrong = trip < 0, (trip >= 0) & ((start < 0) | (end <= start) | (headway <= 0))
    ledger.refuse(
        TABLE,
        frame.index[lost].to_numpy(),
        "names a trip that trips.txt lacks or that was refused.",
        "Add the trip, or remove the row.",
    )
    ledger.refuse(
        TABLE,
        frame.index[wrong].to_numpy(),
        "has no usable start, end or headway.",
        "Give start before end and a headway above 0.",
    )
    good = np.flatnonzero(~lost & ~wrong)
    counts = -(-(end[good] - start[good]) // headway[good])
    if counts.sum() > MAX_DEPARTURES:
        ledger.stop(
            TABLE, f"makes {int(counts.sum()):,} departures.", f"The limit is {MAX_DEPARTURES:,}: check the headways."
        )
        return trips, calls
    which = np.repeat(good, counts)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    template = trip[which]
    shift = start[which] + nth * headway[which] - calls.departure_s[calls.start[template]]
    plain = np.setdiff1d(np.arange(len(trips)), trip[trip >= 0])
    source = np.concatenate([plain, template])
    made = trips.iloc[source].reset_index(drop=True)
    suffix = [""] * len(plain) + [f"#{int(s)}" for s in start[which] + nth * headway[which]]
    made["trip_id"] = [f"{i}{s}" for i, s in zip(made["trip_id"], suffix, strict=True)]
    moved = calls.of(source)
    by_call = np.repeat(np.concatenate([np.zeros(len(plain), np.int64), shift]), np.diff(moved.start)).astype(np.int32)
    approximate = int((frame["exact_times"].iloc[good] != "1").sum())
    how = f"; in {approximate} of its rows the times are approximate" if approximate else ""
    ledger.note(f"{TABLE}: {len(which):,} departures are written out from headways{how}.")
    return made, Calls(
        moved.start,
        moved.stop,
        moved.arrival_s + by_call,
        moved.departure_s + by_call,
        moved.may_board,
        moved.may_alight,
    )
