"""How much longer drives take at busy hours: an editable table, each row with its source, applied to the hour of each session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from access.own_tables import check_columns, read_texts
from geo.errors import DataError, Fault
from geo.profile import WEEKDAYS

TRAFFIC_FILE = Path(__file__).resolve().parent.parent / "data" / "figures" / "traffic.csv"
COLUMNS = ("weekdays", "from", "until", "factor", "as_of", "certainty", "source", "note_en", "note_cy")
CERTAINTIES = ("V", "E", "U")
LEAST, MOST = 0.5, 5.0  # times as long as in free flow
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
MEND = "Mend the row: weekdays as 'monday tuesday', times as 07:30, numbers with a point, dates as 2026-04-06."


@dataclass(frozen=True)
class Peak:
    """Hours at which drives take ``factor`` times as long as in free flow: from ``from_s`` to ``until_s`` of some weekdays."""

    weekdays: tuple[str, ...]
    from_s: int
    until_s: int
    factor: float


def factor_at(peaks: tuple[Peak, ...], weekday: str, clock_s: float, *, is_return: bool) -> float:
    """Return how many times as long a drive takes that arrives at a time (or, on the way home, leaves at it) as in free flow.

    A drive that arrives at the very second a peak begins was before it, one that leaves then is in it; at its end the other way round.
    """
    for peak in peaks:
        is_within = peak.from_s <= clock_s < peak.until_s if is_return else peak.from_s < clock_s <= peak.until_s
        if weekday in peak.weekdays and is_within:
            return peak.factor
    return 1.0


def slowed(
    free_s: NDArray[np.float32], factor: NDArray[np.float32], walk_s: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return times door to door in traffic, from those in free flow where there are no ferries.

    ``factor`` multiplies the drive and not ``walk_s``, the walks to and from the street that are part of each time; all three broadcast. As
    everything driven is slowed alike, the quickest way stays the quickest.
    """
    found: NDArray[np.float32] = free_s * factor - (factor - np.float32(1)) * walk_s
    return found


@cache
def default_peaks() -> tuple[Peak, ...]:
    """Return the peaks of the table that comes with the project."""
    return read_peaks(TRAFFIC_FILE)


def read_peaks(path: Path) -> tuple[Peak, ...]:
    """Read a table of peaks; one with its header alone stands for free flow at all hours.

    Raises:
        DataError: the file is missing or no UTF-8 CSV, columns are missing or unknown, rows can't be read, or two peaks of a
            weekday overlap; all together.
    """
    table = read_texts(path, "a table of peaks")
    check_columns(table, COLUMNS, path.name)
    faults: list[Fault] = []
    peaks: list[Peak] = []
    for number, record in enumerate(table.to_dict("records"), start=2):
        try:
            peak = _peak({str(key): str(value).strip() for key, value in record.items()})
        except ValueError as error:
            faults.append(Fault(path.name, f"{error}.", MEND, number))
            continue
        if any(_overlap(peak, other) for other in peaks):
            faults.append(
                Fault(path.name, "overlaps an earlier peak of the same weekday.", "Let the hours not overlap.", number)
            )
        peaks.append(peak)
    if faults:
        raise DataError(faults)
    return tuple(peaks)


def _peak(record: Mapping[str, str]) -> Peak:
    weekdays = tuple(record["weekdays"].split())
    if not weekdays or not set(weekdays) <= set(WEEKDAYS):
        raise ValueError(f"weekdays '{record['weekdays']}' are not some of {', '.join(WEEKDAYS)}")
    from_s, until_s = _seconds(record["from"]), _seconds(record["until"])
    if from_s >= until_s:
        raise ValueError(f"a peak from {record['from']} until {record['until']} has no time in it")
    factor = float(record["factor"])
    if not LEAST <= factor <= MOST:
        raise ValueError(f"a factor of {record['factor']} is not between {LEAST:g} and {MOST:g}")
    if record["certainty"] not in CERTAINTIES:
        raise ValueError(f"certainty '{record['certainty']}' is none of {', '.join(CERTAINTIES)}")
    if not record["source"]:
        raise ValueError("the factor has no source")
    date.fromisoformat(record["as_of"])
    return Peak(weekdays, from_s, until_s, factor)


def _seconds(clock: str) -> int:
    found = _CLOCK.fullmatch(clock)
    if not found:
        raise ValueError(f"'{clock}' is not a time like 07:30")
    return int(found[1]) * 3600 + int(found[2]) * 60


def _overlap(one: Peak, other: Peak) -> bool:
    shares_a_day = bool(set(one.weekdays) & set(other.weekdays))
    return shares_a_day and one.from_s < other.until_s and other.from_s < one.until_s
