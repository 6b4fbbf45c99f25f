"""Read the calls of each trip from stop_times.txt: in order, with every time known, and none before the one before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.timetable.feed import note_hail_and_ride, positions, whole_numbers
from geo.timetable.ledger import Ledger, cut

BLANK, WRONG, TOO_LATE = -1, -2, -3
MAX_HOURS = 96
TABLE = "stop_times.txt"
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)")
_LATE = f"{MAX_HOURS} hours or more after its service day began"
_EARLIER = "Divide the trip by service days, or correct its times."
NOT_AT_ALL, TO_BE_ARRANGED = 1, (2, 3)


@dataclass(frozen=True)
class Calls:
    """Calls of trips, in order: call ``i`` of trip ``t`` is row ``start[t] + i`` of the other arrays."""

    start: NDArray[np.int64]
    stop: NDArray[np.int32]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]
    may_board: NDArray[np.bool_]
    may_alight: NDArray[np.bool_]
    ask_to_board: NDArray[np.bool_]  # to be arranged with the operator or driver
    ask_to_alight: NDArray[np.bool_]

    def parts(self) -> tuple[NDArray, ...]:
        """Return the arrays that have one value for each call."""
        return tuple(getattr(self, part.name) for part in fields(self)[1:])

    def of(self, trips: NDArray[np.int64]) -> Calls:
        """Return the calls of ``trips`` alone, in that order (a trip may be asked for more than once)."""
        lengths = self.start[trips + 1] - self.start[trips]
        start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        rows = np.arange(start[-1]) + np.repeat(self.start[trips] - start[:-1], lengths)
        return Calls(start, *(part[rows] for part in self.parts()))


def seconds(texts: pd.Series) -> NDArray[np.int64]:
    """Return HH:MM:SS as seconds, hours past 24 included; BLANK where there is none, WRONG where it is not a time, TOO_LATE from
    96 hours."""
    codes, unique = pd.factorize(texts)
    values = [_seconds(text) for text in unique]
    return np.array(values, np.int64)[codes] if values else np.empty(0, np.int64)


def _seconds(text: str) -> int:
    if not text:
        return BLANK
    found = _CLOCK.fullmatch(text)
    if not found:
        return WRONG
    hours, minutes, rest = (int(part) for part in found.groups())
    return TOO_LATE if hours >= MAX_HOURS else hours * 3600 + minutes * 60 + rest


def read_calls(
    frame: pd.DataFrame, trips: pd.DataFrame, stop_ids: pd.Series, ledger: Ledger
) -> tuple[pd.DataFrame, Calls]:
    """Return the trips that can be ridden, and their calls. Refused rows and trips are in the ledger, with their rows."""
    rows = _in_order(_checked_rows(frame, trips, stop_ids, ledger))
    trip = rows["trip"].to_numpy()
    arrival, departure = (rows[c].to_numpy().copy() for c in ("arrival", "departure"))
    same = trip[1:] == trip[:-1]
    again = _after_first(same & (np.diff(rows["sequence"]) == 0), len(trip))
    is_end = ~(_after_first(same, len(trip)) & _after_first(same[::-1], len(trip))[::-1])
    open_end = is_end & (arrival < 0)
    n_open = _interpolate(arrival, departure)
    backwards = (departure < arrival) | _after_first(same & (arrival[1:] < departure[:-1]), len(trip))
    refused = np.zeros(len(trips), bool)
    for has_it, problem, remedy in (
        (again, "has the stop_sequence of another call of trip {}", "Number the calls of a trip apart."),
        (open_end, "leaves the first or last time of trip {} open", "Give both ends of a trip a time."),
        (backwards, "goes back in time on trip {}", "Correct the times; past midnight they go on from 24:00:00."),
    ):
        found, first = np.unique(trip[has_it], return_index=True)
        new = ~refused[found]
        refused[found] = True
        _refuse_trips(found[new], rows["record"].to_numpy()[has_it][first][new], problem, remedy, trip, trips, ledger)
    if n_open:
        ledger.note(f"{TABLE}: {n_open:,} calls between timed ones had no time; they are spread evenly between them.")
    lengths = np.bincount(trip, minlength=len(trips))
    good = ~refused & ~_lonely(lengths, refused, trips, ledger)
    kept = rows.assign(arrival=arrival, departure=departure)[good[trip]]
    _note_arranged(kept, ledger)
    note_hail_and_ride(frame, TABLE, "calls", ledger)
    calls = Calls(
        np.concatenate([[0], np.cumsum(lengths[good])]).astype(np.int64),
        *(kept[c].to_numpy(np.int32) for c in ("stop", "arrival", "departure")),
        *(kept[c].to_numpy() != NOT_AT_ALL for c in ("pickup", "drop_off")),
        *(kept[c].isin(TO_BE_ARRANGED).to_numpy() for c in ("pickup", "drop_off")),
    )
    return trips[good].reset_index(drop=True), calls


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    trip, sequence = np.diff(rows["trip"]), np.diff(rows["sequence"])
    if ((trip > 0) | ((trip == 0) & (sequence > 0))).all():
        return rows
    return rows.iloc[np.lexsort((rows["sequence"], rows["trip"]))]


def _after_first(of_the_others: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    """Return what holds for all rows but the first as an array of all ``n`` rows."""
    return np.concatenate([[False], of_the_others])[:n]


def _lonely(
    lengths: NDArray[np.int64], refused: NDArray[np.bool_], trips: pd.DataFrame, ledger: Ledger
) -> NDArray[np.bool_]:
    """Return which trips have fewer than two calls, and refuse them."""
    lonely = (lengths < 2) & ~refused
    problems = [f"has trip {i} with fewer than two calls that can be used." for i in cut(trips.loc[lonely, "trip_id"])]
    ledger.refuse(
        "trips.txt", trips.loc[lonely, "record"].to_numpy(), problems, "Complete its stop times, or remove it."
    )
    ledger.take_along(TABLE, int(lengths[lonely].sum()))
    return lonely


def _checked_rows(frame: pd.DataFrame, trips: pd.DataFrame, stop_ids: pd.Series, ledger: Ledger) -> pd.DataFrame:
    times = seconds(pd.concat([frame["arrival_time"], frame["departure_time"]]))
    rows = pd.DataFrame(
        {
            "record": frame.index.to_numpy(),
            "trip": positions(frame["trip_id"], trips["trip_id"]),
            "stop": positions(frame["stop_id"], stop_ids),
            "sequence": whole_numbers(frame["stop_sequence"], blank=-1),
            "arrival": times[: len(frame)],
            "departure": times[len(frame) :],
            "pickup": whole_numbers(frame["pickup_type"], blank=0),
            "drop_off": whole_numbers(frame["drop_off_type"], blank=0),
        }
    )
    checks = (
        (rows["trip"] < 0, "trip_id", "names trip {}, which is not in trips.txt or was refused.", "Add the trip, or remove its calls."),
        (rows["stop"] < 0, "stop_id", "calls at stop {}, which is not in stops.txt or was refused.", "Add the stop, or remove the call."),
        (rows["sequence"] < 0, "stop_sequence", "has '{}' as stop_sequence.", "Give a whole number."),
        (rows["arrival"] == WRONG, "arrival_time", "has '{}' as arrival_time.", "Give HH:MM:SS."),
        (rows["departure"] == WRONG, "departure_time", "has '{}' as departure_time.", "Give HH:MM:SS."),
        (rows["arrival"] == TOO_LATE, "arrival_time", f"has '{{}}' as arrival_time: {_LATE}.", _EARLIER),
        (rows["departure"] == TOO_LATE, "departure_time", f"has '{{}}' as departure_time: {_LATE}.", _EARLIER),
        (~rows["pickup"].between(0, 3), "pickup_type", "has '{}' as pickup_type.", "Give 0, 1, 2 or 3."),
        (~rows["drop_off"].between(0, 3), "drop_off_type", "has '{}' as drop_off_type.", "Give 0, 1, 2 or 3."),
    )  # fmt: skip
    bad = np.zeros(len(rows), bool)
    for has_it, column, problem, remedy in checks:
        new = has_it.to_numpy() & ~bad
        if new.any():
            problems = [problem.format(text) for text in cut(frame[column].to_numpy(object)[new])]
            ledger.refuse(TABLE, rows["record"].to_numpy()[new], problems, remedy)
            bad |= new
    rows["arrival"] = rows["arrival"].where(rows["arrival"] != BLANK, rows["departure"])
    rows["departure"] = rows["departure"].where(rows["departure"] != BLANK, rows["arrival"])
    return rows[~bad] if bad.any() else rows


def _refuse_trips(
    found: NDArray[np.int64],
    records: NDArray[np.int64],
    problem: str,
    remedy: str,
    trip: NDArray[np.int64],
    trips: pd.DataFrame,
    ledger: Ledger,
) -> None:
    """Refuse whole trips, naming for each the row at fault; its other rows and its trip go with it."""
    if not len(found):
        return
    lengths = np.bincount(trip, minlength=len(trips))[found]
    names = cut(trips["trip_id"].to_numpy(object)[found])
    problems = [
        f"{problem.format(name)}: the trip is refused with its {n} calls."
        for name, n in zip(names, lengths, strict=True)
    ]
    ledger.refuse(TABLE, records, problems, remedy)
    ledger.take_along(TABLE, int(lengths.sum()) - len(found))
    ledger.take_along("trips.txt", len(found))


def _interpolate(arrival: NDArray[np.int64], departure: NDArray[np.int64]) -> int:
    """Spread calls without a time evenly between the timed ones around them, in place; return how many there were.

    Both ends of every trip that matters have a time, so nothing is taken from a neighbouring trip.
    """
    is_open = arrival < 0
    if not is_open.any():
        return 0
    at = np.arange(len(arrival))
    before = np.maximum.accumulate(np.where(is_open, 0, at))
    after = np.minimum.accumulate(np.where(is_open, len(at) - 1, at)[::-1])[::-1]
    i, a, b = at[is_open], before[is_open], after[is_open]
    arrival[i] = departure[i] = departure[a] + (arrival[b] - departure[a]) * (i - a) // np.maximum(b - a, 1)
    return len(i)


def _note_arranged(kept: pd.DataFrame, ledger: Ledger) -> None:
    for column, what in (("pickup", "boarding"), ("drop_off", "alighting")):
        count = int(kept[column].isin(TO_BE_ARRANGED).sum())
        if count:
            ledger.note(
                f"{TABLE}: at {count:,} calls {what} is to be arranged with the operator or driver; it counts as possible."
            )
