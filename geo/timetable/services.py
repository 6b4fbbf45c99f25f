"""Read on which dates each service of a feed runs, from calendar.txt and calendar_dates.txt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.profile import WEEKDAYS
from geo.timetable.feed import positions
from geo.timetable.ledger import Ledger

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MAX_CELLS = 400_000_000  # services × days
ADDED, REMOVED = "1", "2"


@dataclass(frozen=True)
class Services:
    """``runs[service, day]``: whether the service runs on ``first_date + day``. Services that run on the same days are one.

    ``service_id`` holds the ids of the feed, ``index`` the row of ``runs`` of each.
    """

    service_id: pd.Series
    index: NDArray[np.int64]
    runs: NDArray[np.bool_]
    first_date: date


def read_services(tables: dict[str, pd.DataFrame], ledger: Ledger) -> Services | None:
    """Return the services, or None (and the reason in ``ledger.fatal``) where no service runs on any date."""
    calendar = _checked_calendar(tables["calendar.txt"], ledger)
    changes = _checked_changes(tables["calendar_dates.txt"], ledger)
    ids = pd.Series(pd.concat([calendar["service_id"], changes["service_id"]]).unique(), dtype="str")
    days = [*calendar["first"], *calendar["last"], *changes.loc[changes["exception_type"] == ADDED, "day"]]
    if not days:
        _stop(ledger)
        return None
    first, n_days = min(days), max(days) - min(days) + 1
    if len(ids) * n_days > MAX_CELLS:
        ledger.stop(
            "calendar.txt",
            f"has {len(ids):,} services on {n_days:,} days.",
            "Shorten the calendar to the dates needed.",
        )
        return None
    runs = np.zeros((len(ids), n_days), np.bool_)
    weekday = (np.arange(first, first + n_days) - 1) % 7  # day 1 of the proleptic calendar was a Monday
    rows = positions(calendar["service_id"], ids)
    for row, start, end, on in zip(
        rows, calendar["first"], calendar["last"], calendar[list(WEEKDAYS)].to_numpy() == "1", strict=True
    ):
        runs[row, start - first : end - first + 1] = on[weekday[start - first : end - first + 1]]
    inside = changes[(changes["day"] >= first) & (changes["day"] < first + n_days)]
    runs[positions(inside["service_id"], ids), (inside["day"] - first).to_numpy(np.int64)] = (
        inside["exception_type"] == ADDED
    )
    if not runs.any():
        _stop(ledger)
        return None
    _, keep, index = np.unique(np.packbits(runs, axis=1), axis=0, return_index=True, return_inverse=True)
    return Services(ids, index.ravel().astype(np.int64), runs[keep], date.fromordinal(int(first)))


def _stop(ledger: Ledger) -> None:
    ledger.stop(
        "", "has no service that runs on any date.", ledger.first_faults("Fetch a feed whose calendar has dates.")
    )


def _checked_calendar(calendar: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    calendar = calendar.assign(first=_ordinals(calendar["start_date"]), last=_ordinals(calendar["end_date"]))
    flags = calendar[list(WEEKDAYS)].isin(["0", "1"]).all(axis=1)
    faults = {
        "has a start_date or end_date that is not a date between 2000 and 2100.": (calendar["first"] < 0)
        | (calendar["last"] < 0),
        "ends before it starts.": calendar["last"] < calendar["first"],
        "has a weekday that is neither 0 nor 1.": ~flags,
        "repeats the service_id of a row above.": calendar["service_id"].duplicated(),
    }
    return _without(calendar, "calendar.txt", faults, "Mend the dates (YYYYMMDD) and days of the service.", ledger)


def _checked_changes(changes: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    changes = changes.assign(day=_ordinals(changes["date"]))
    faults = {
        "has a date that is not one between 2000 and 2100.": changes["day"] < 0,
        "has an exception_type that is neither 1 nor 2.": ~changes["exception_type"].isin([ADDED, REMOVED]),
        "repeats the service and date of a row above.": changes.duplicated(["service_id", "date"]),
    }
    return _without(changes, "calendar_dates.txt", faults, "Mend the row.", ledger)


def _without(
    frame: pd.DataFrame, table: str, faults: dict[str, pd.Series], remedy: str, ledger: Ledger
) -> pd.DataFrame:
    """Refuse the rows that have a fault, each for the first that it has, and return the others."""
    bad = pd.Series(data=False, index=frame.index)
    for problem, has_it in faults.items():
        ledger.refuse(table, frame.index[has_it & ~bad].to_numpy(), problem, remedy)
        bad |= has_it
    return frame[~bad]


def _ordinals(texts: pd.Series) -> pd.Series:
    """Return the day numbers of YYYYMMDD texts, -1 where there is no such date within the bounds."""
    found: dict[str, int] = {}
    for text in texts.unique():
        try:
            day = date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 and text.isdigit() else None
        except ValueError:
            day = None
        found[text] = day.toordinal() if day and EARLIEST <= day <= LATEST else -1
    return texts.map(found).astype(np.int64)
