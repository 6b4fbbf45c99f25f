"""What slopes do to walking and cycling: figures to work out by hand, and laws."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.streets.slope import RIDE_DOWN_TO, STEEPEST, pace

SLOPES = st.floats(-STEEPEST, STEEPEST)
CYCLE_KMH = st.sampled_from([4.8, 10.0, 12.0, 13.0, 15.0])


def paces(mode: str, *rise: float, kmh: float = 15.0) -> NDArray[np.float64]:
    return pace(mode, np.array(rise), np.full(len(rise), kmh))


def test_tobler_by_hand() -> None:
    # 6 exp(-3.5 |s + 0.05|) km/h against 6 exp(-3.5 × 0.05) on the flat: 5 % down is quickest, 10 % down is as the flat
    found = paces("walk", 0.0, 0.10, -0.05, -0.10, -0.20)
    np.testing.assert_allclose(found, [1.0, exp(0.35), exp(-0.175), 1.0, exp(0.35)])
    assert found[0] == 1.0  # to the last bit: what is flat takes what it took without heights


def test_parkin_and_rotheram_by_hand() -> None:
    # 3 % up: 6.01 - 3 × 0.4002 = 4.8094 m/s of 6.01; 3 % down: 6.01 + 3 × 0.2379 = 6.7237
    found = paces("cycle", 0.0, 0.03, -0.03)
    np.testing.assert_allclose(found, [1.0, 6.01 / 4.8094, 6.01 / 6.7237])
    assert found[0] == 1.0
    # nobody goes faster than at 15 % down, where 6.01 + 15 × 0.2379 = 9.5785
    np.testing.assert_allclose(paces("cycle", -0.15, -0.3), 6.01 / 9.5785)


def test_where_it_is_steep_a_cycle_is_pushed() -> None:
    # 20 % up: walked at 4.8 exp(-0.7) = 2.384 km/h; a ride would have 6.01 - 8.004 m/s, less than nothing
    assert paces("cycle", 0.2)[0] == pytest.approx(15 / (4.8 * exp(-0.7)))
    # a way along which it is pushed anyway takes what walking takes, down too
    np.testing.assert_array_equal(paces("cycle", 0.1, -0.1, 0.0, kmh=4.8), paces("walk", 0.1, -0.1, 0.0))


@given(SLOPES, CYCLE_KMH)
def test_cars_do_not_mind(rise: float, kmh: float) -> None:
    assert paces("drive", rise, kmh=kmh).tolist() == [1.0]


@given(SLOPES, CYCLE_KMH)
def test_up_and_down_again_is_never_quicker_than_the_flat(rise: float, kmh: float) -> None:
    # Walking, s ≤ 0.05: exp(3.5 s) + exp(-3.5 s) ≥ 2; beyond, exp(3.5 s)(1 + exp(-0.35)), which grows. Riding: each side of the pace
    # is 1 at 0 and bends upwards, steeper up than down; where pushing is quicker, the push alone is 2 (10 km/h: 10/4.8 exp(0.35 …)).
    assert paces("walk", rise, -rise).sum() >= 2 - 1e-12
    assert paces("cycle", rise, -rise, kmh=kmh).sum() >= 2 - 1e-12


@given(st.lists(SLOPES, min_size=1, max_size=20))
def test_a_bumpy_walk_is_never_quicker_than_the_even_one_between_the_same_ends(rises: list[float]) -> None:
    # exp(3.5 (|s + 0.05| - 0.05)) is convex: Jensen's inequality
    assert paces("walk", *rises).mean() >= paces("walk", float(np.mean(rises)))[0] - 1e-12


@given(SLOPES, SLOPES, CYCLE_KMH)
def test_steeper_up_is_slower_and_no_way_is_without_bounds(one: float, other: float, kmh: float) -> None:
    low, high = sorted((abs(one), abs(other)))
    for mode in ("walk", "cycle"):
        found = paces(mode, low, high, -low, -high, kmh=kmh)
        assert found[0] <= found[1]
        assert found.min() >= min(exp(-0.175), 6.01 / 9.5785)
        assert found.max() <= 15 / 4.8 * exp(3.5 * STEEPEST)
    assert RIDE_DOWN_TO < STEEPEST
