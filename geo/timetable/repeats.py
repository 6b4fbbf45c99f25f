"""Fold trips that a feed repeats into one: same route, same calls at the same times, and a day that both run on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.timetable.calls import Calls
from geo.timetable.ledger import Ledger


@dataclass
class _Kept:
    trip: int
    days: NDArray[np.bool_]
    flags: NDArray[np.bool_]
    goes_on_as: str  # what says as which trip it goes on: its block, or itself
    repeats: int = 0


def fold_repeats(
    trips: pd.DataFrame,
    calls: Calls,
    runs: NDArray[np.bool_],
    linked: Collection[str],
    apart: Collection[str],
    ledger: Ledger,
) -> tuple[pd.DataFrame, Calls, NDArray[np.bool_]]:
    """Return the trips without repeats (``repeats``: how many each took in), their calls, and the services' days.

    A trip that repeats another on some days only lends it the others. One that may be boarded at fewer stops is folded where the
    other runs on all its days, so no ride is lost and none is made up; likewise one of no block where the other has one. Trips of
    different blocks, trips named in ``linked`` and trips that differ in what is to be arranged, or in what is said of wheelchairs, are
    not alike. Trips named in ``apart``, of which something is said that holds for them alone, take none in either.
    """
    alike: dict[tuple[int, str, bytes, str], list[int]] = defaultdict(list)
    route, wheelchair = trips["route_index"].to_numpy(), trips["wheelchair"].to_numpy(object)
    times = np.column_stack(
        [calls.stop, calls.arrival_s, calls.departure_s, calls.ask_to_board + 2 * calls.ask_to_alight]
    )
    goes_on_as = [f"trip {i}" if i in linked else b for i, b in zip(trips["trip_id"], trips["block_id"], strict=True)]
    by_itself = [i if i in apart else "" for i in trips["trip_id"]]
    flags = np.column_stack([calls.may_board, calls.may_alight])
    for t in range(len(trips)):
        alike[int(route[t]), wheelchair[t], times[calls.start[t] : calls.start[t + 1]].tobytes(), by_itself[t]].append(
            t
        )
    service, days = trips["service_index"].to_numpy().copy(), list(runs)
    repeats = np.zeros(len(trips), np.int32)
    for group in alike.values():
        if len(group) == 1:
            continue
        kept: list[_Kept] = []
        for t in group:
            _take_in(kept, _Kept(t, runs[service[t]], flags[calls.start[t] : calls.start[t + 1]], goes_on_as[t]))
        repeats[group] = -1
        for one in kept:
            repeats[one.trip] = one.repeats
            if not np.array_equal(one.days, runs[service[one.trip]]):
                service[one.trip] = len(days)
                days.append(one.days)
    stay = np.flatnonzero(repeats >= 0)
    if len(stay) < len(trips):
        ledger.note(
            f"{len(trips) - len(stay):,} trips repeat another of their route, call for call; each is counted once."
        )
    used, index = np.unique(service[stay], return_inverse=True)
    distinct, same = np.unique(np.array(days)[used], axis=0, return_inverse=True)
    folded = trips.iloc[stay].reset_index(drop=True)
    return (
        folded.assign(repeats=repeats[stay], service_index=same.ravel()[index].astype(np.int32)),
        calls.of(stay),
        distinct,
    )


def _take_in(kept: list[_Kept], new: _Kept) -> None:
    """Add ``new`` to the trips kept of those alike, or fold it into one of them, or one of them into it."""
    for i, old in enumerate(kept):
        if not (old.days & new.days).any():
            continue
        if np.array_equal(old.flags, new.flags) and old.goes_on_as == new.goes_on_as:
            kept[i] = _Kept(old.trip, old.days | new.days, old.flags, old.goes_on_as, old.repeats + 1)
            return
        for more, less in ((old, new), (new, old)):
            goes_on = less.goes_on_as in ("", more.goes_on_as)
            if goes_on and (more.flags >= less.flags).all() and (more.days >= less.days).all():
                kept[i] = _Kept(more.trip, more.days, more.flags, more.goes_on_as, old.repeats + new.repeats + 1)
                return
    kept.append(new)
