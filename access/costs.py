"""Prices and other assumed figures: an editable table in which each has a low, middle and high value, dates, source and certainty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from access.own_tables import check_columns, read_texts
from geo.errors import CyrraeddError, DataError, Fault

PRICES_FILE = Path(__file__).resolve().parent.parent / "data" / "figures" / "prices.csv"
COLUMNS = (
    "key",
    "low",
    "middle",
    "high",
    "unit",
    "valid_from",
    "valid_to",
    "certainty",
    "source",
    "note_en",
    "note_cy",
)
CERTAINTIES = {
    "V": "read in the source",
    "E": "read in an excerpt of the source",
    "U": "an assumption, to be confirmed",
}
YARDS_PER_M = 1 / 0.9144
MILES_PER_M = 1 / 1609.344
DIVISORS = ("minibus_seats", "session_weeks_per_year")
SHARES = ("referred_share_per_year", "take_part_share")

Bound = Literal["low", "middle", "high"]
BOUNDS: tuple[Bound, ...] = ("low", "middle", "high")


@dataclass(frozen=True)
class Range:
    """A figure that is known only within bounds. ``low ≤ middle ≤ high``."""

    low: float
    middle: float
    high: float

    def at(self, bound: Bound) -> float:
        """Return one of the three values."""
        return {"low": self.low, "middle": self.middle, "high": self.high}[bound]

    def map(self, function: Callable[[float], float]) -> Range:
        """Return the range of a rising function of this figure."""
        return Range(function(self.low), function(self.middle), function(self.high))

    def __mul__(self, other: Range | float) -> Range:
        if isinstance(other, Range):
            return Range(self.low * other.low, self.middle * other.middle, self.high * other.high)
        return Range(self.low * other, self.middle * other, self.high * other)

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.middle + other.middle, self.high + other.high)


@dataclass(frozen=True)
class Price:
    """One row of the table: a figure, the time in which it holds, and where it comes from."""

    key: str
    value: Range
    unit: str
    valid_from: date
    valid_to: date | None
    certainty: Literal["V", "E", "U"]
    source: str
    note_en: str
    note_cy: str


class NoPrice(CyrraeddError):
    """The table has no value for a figure on the date asked for."""


@dataclass(frozen=True)
class Prices:
    """The figures that hold on one date, by key."""

    on: date
    rows: Mapping[str, Price]

    def __getitem__(self, key: str) -> Range:
        return self.row(key).value

    def row(self, key: str) -> Price:
        """Return the whole row of a figure.

        Raises:
            NoPrice: the table has none for it on this date.
        """
        if key not in self.rows:
            raise NoPrice(f"The price table has no '{key}' that holds on {self.on.isoformat()}. Add a row for it.")
        return self.rows[key]

    def taxi_gbp(self, length_m: float) -> Range:
        """Return what a taxi costs over a length: the start covers the first 100 yards, then each 100 yards begun counts."""
        steps = max(0, -(-(length_m * YARDS_PER_M - 100) // 100))
        return self["taxi_start_gbp"] + self["taxi_gbp_per_100_yards"] * steps

    def mileage_gbp(self, length_m: float) -> Range:
        """Return the mileage payment for a length driven."""
        return self["mileage_gbp_per_mile"] * (length_m * MILES_PER_M)


def read_prices(on: date, path: Path = PRICES_FILE) -> Prices:
    """Read the table and keep the rows that hold on a date.

    Raises:
        DataError: the file is missing or not UTF-8, columns are missing or unknown, values are no numbers or in the wrong order,
            a share above 1, dates or certainties that can't be read, or two rows for one figure on that date; all together.
    """
    return prices_of(read_texts(path, "a price table"), on, path.name)


def prices_of(table: pd.DataFrame, on: date, name: str) -> Prices:
    """Check a table of texts, as read from a file or edited on a page, and keep what holds on a date (errors: :func:`read_prices`)."""
    check_columns(table, COLUMNS, name)
    faults: list[Fault] = []
    rows: dict[str, Price] = {}
    for number, record in enumerate(table.to_dict("records"), start=2):
        try:
            price = _price({str(key): str(value).strip() for key, value in record.items()})
        except ValueError as error:
            faults.append(Fault(name, f"{error}.", "Mend the row; numbers with a point, dates as 2026-04-06.", number))
            continue
        if price.valid_from <= on and (price.valid_to is None or on <= price.valid_to):
            if price.key in rows:
                faults.append(
                    Fault(name, f"gives '{price.key}' a second time for {on}.", "Let the dates not overlap.", number)
                )
            rows[price.key] = price
    if faults:
        raise DataError(faults)
    return Prices(on, rows)


def _price(record: Mapping[str, str]) -> Price:
    low, middle, high = (float(record[bound]) for bound in BOUNDS)
    if not 0 <= low <= middle <= high < 1e9:
        raise ValueError(f"{record['key']}: 0 ≤ low ≤ middle ≤ high does not hold")
    if record["key"] in DIVISORS and low <= 0:
        raise ValueError(f"{record['key']}: must be above 0")
    if record["key"] in SHARES and high > 1:
        raise ValueError(f"{record['key']}: a share can't be above 1")
    if record["certainty"] not in CERTAINTIES:
        raise ValueError(f"{record['key']}: certainty '{record['certainty']}' is none of {', '.join(CERTAINTIES)}")
    valid_to = date.fromisoformat(record["valid_to"]) if record["valid_to"] else None
    return Price(
        key=record["key"],
        value=Range(low, middle, high),
        unit=record["unit"],
        valid_from=date.fromisoformat(record["valid_from"]),
        valid_to=valid_to,
        certainty=record["certainty"],  # type: ignore[arg-type]
        source=record["source"],
        note_en=record["note_en"],
        note_cy=record["note_cy"],
    )
