"""Prices, ranges and the demand model."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.costs import COLUMNS, PRICES_FILE, NoPrice, Prices, Range, prices_of, read_prices
from access.demand import expected_demand
from geo.errors import DataError

PRICES = read_prices(date(2026, 10, 13))


def test_a_price_holds_between_its_dates() -> None:
    # HMRC: 45p until 5 April 2026, 55p from the day after.
    assert read_prices(date(2026, 4, 5))["mileage_gbp_per_mile"].middle == 0.45
    assert read_prices(date(2026, 4, 6))["mileage_gbp_per_mile"].middle == 0.55


def test_taxi_fare_of_the_sourced_example() -> None:
    # methods: £3.50 for the first 100 yards, then 10p per 100 yards; 5 miles are 8,800 yards: 3.50 + 87 × 0.10 = 12.20.
    assert PRICES.taxi_gbp(5 * 1609.344 - 0.01).middle == pytest.approx(12.20)
    assert PRICES.taxi_gbp(50).middle == 3.50  # 55 yards
    assert PRICES.mileage_gbp(2 * 1609.344).middle == pytest.approx(1.10)


def test_every_price_has_source_certainty_and_both_languages() -> None:
    table = pd.read_csv(PRICES_FILE, dtype=str, keep_default_na=False)
    for column in ("unit", "valid_from", "certainty", "source", "note_en", "note_cy"):
        assert (table[column] != "").all(), column
    assert (table.loc[table["certainty"] == "U", "source"] == "Assumption to be confirmed").all()


def test_the_demand_model_multiplies_its_shares() -> None:
    # 1,000 people × 0.03 referred × 0.6 take part = 18 participants; × 8 sessions = 144 trips. Low: 1,000 × 0.01 × 0.4 = 4, × 6 = 24.
    demand = expected_demand(1000, PRICES)
    assert demand.participants_per_year.middle == pytest.approx(18)
    assert demand.return_trips_per_year.middle == pytest.approx(144)
    assert demand.return_trips_per_year.low == pytest.approx(24)


def test_faults_are_reported_together_with_their_rows(tmp_path: Path) -> None:
    table = pd.read_csv(PRICES_FILE, dtype=str, keep_default_na=False).head(4)
    table.loc[0, "low"] = "ten"
    table.loc[1, ["low", "high"]] = ["2", "1"]
    table.loc[2, "certainty"] = "sure"
    table.loc[3, "valid_from"] = "6 April"
    with pytest.raises(DataError) as error:
        prices_of(table, date(2026, 10, 13), "mine.csv")
    assert [fault.row for fault in error.value.faults] == [2, 3, 4, 5]
    path = tmp_path / "mine.csv"
    path.write_bytes("key\nŷ\n".encode("cp1252", errors="replace"))
    with pytest.raises(DataError, match="missing or unknown columns"):
        read_prices(date(2026, 10, 13), path)
    with pytest.raises(DataError, match="is missing"):
        read_prices(date(2026, 10, 13), tmp_path / "none.csv")


def test_two_rows_for_one_figure_on_a_day_are_a_fault() -> None:
    table = pd.read_csv(PRICES_FILE, dtype=str, keep_default_na=False)
    with pytest.raises(DataError, match="a second time"):
        prices_of(pd.concat([table, table.tail(1)]), date(2026, 10, 13), "mine.csv")


def test_a_figure_that_is_not_there_is_an_error() -> None:
    with pytest.raises(NoPrice, match=r"no 'bus_single_gbp' that holds on 1999-01-01"):
        Prices(date(1999, 1, 1), {})["bus_single_gbp"]


ranges = st.lists(st.floats(0, 1e6), min_size=3, max_size=3).map(lambda values: Range(*sorted(values)))


@given(a=ranges, b=ranges, factor=st.floats(0, 100))
def test_ranges_stay_in_order(a: Range, b: Range, factor: float) -> None:
    for found in (a * b, a + b, a * factor):
        assert found.low <= found.middle <= found.high


def test_columns_are_those_of_the_file() -> None:
    assert tuple(pd.read_csv(PRICES_FILE, nrows=0).columns) == COLUMNS


def test_what_is_divided_by_must_be_above_nothing() -> None:
    table = pd.read_csv(PRICES_FILE, dtype=str, keep_default_na=False)
    table.loc[table["key"] == "minibus_seats", "low"] = "0"
    with pytest.raises(DataError, match="minibus_seats: must be above 0"):
        prices_of(table, date(2026, 10, 13), "mine.csv")
