"""Equity: published examples, PySAL's ``inequality``, worlds by hand, and the laws of the indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from access.equity import equity, indices, sentences
from access.equity.report import LEAST_RESAMPLED
from access.measures import measure
from access.measures.base import Measured
from access.query import QueryError
from access.sessions import SessionAccess
from geo.area import Area
from geo.words import LANGUAGES, say

FIFTHS = np.arange(5.0)


def test_the_world_banks_worked_example() -> None:
    """Deaths of children under five in India, 1982-92, by wealth: Quantitative Techniques for Health Equity Analysis, Technical Note 7,
    table 1 (also O'Donnell et al. 2008, table 8.1): births, deaths per 1,000, concentration index -0.1694.
    The table's figures are quoted at second hand and stand to be confirmed; that they give its index speaks for them."""
    births = np.array([29_939, 28_776, 26_528, 24_689, 19_739.0])
    rate = np.array([154.7, 152.9, 119.5, 86.9, 54.3])
    assert indices.concentration_index(rate, births, FIFTHS) == pytest.approx(-0.1694, abs=5e-5)
    assert indices.mean(rate, births) == pytest.approx(118.9, abs=0.05)


def test_the_world_health_organizations_worked_example() -> None:
    """Births attended by skilled staff, by wealth: ``OrderedSample`` of WHO's R package healthequal 1.0.1, reference pages rci and aci:
    relative concentration index 0.0469506, absolute 4.30052."""
    births = np.array([2072.436, 2112.204, 1983.059, 2052.124, 1884.510])
    attended = np.array([75.60530, 91.01997, 96.03959, 97.04223, 99.22405])
    relative = indices.concentration_index(attended, births, FIFTHS)
    assert relative == pytest.approx(0.0469506, abs=1e-7)
    assert relative * indices.mean(attended, births) == pytest.approx(4.30052, abs=1e-5)
    # bounded by 0 and 100: Erreygers 4 · absolute / 100
    assert indices.erreygers_index(attended, births, FIFTHS, 0, 100) == pytest.approx(4 * 4.30052 / 100, abs=1e-6)


def test_the_fingertips_rank_of_deciles() -> None:
    # The documentation of PHEindicatormethods, phe_sii: a first group of 12 % has rank 0.06, a second of 10 % 0.12 + 0.05 = 0.17.
    assert indices.ridits(np.arange(3.0), np.array([12.0, 10, 78]))[:2].tolist() == pytest.approx([0.06, 0.17])


def test_slope_and_relative_index_by_hand_and_by_another_regression() -> None:
    # Two halves, ranks 1/4 and 3/4, values 10 and 20: the line through them rises by 20 over the whole range; mean 15.
    two, order = np.array([10.0, 20.0]), np.arange(2.0)
    assert indices.slope_index(two, np.ones(2), order) == pytest.approx(20)
    assert indices.relative_index(two, np.ones(2), order) == pytest.approx(20 / 15)
    chance = np.random.default_rng(1)
    value, people = chance.random(9), chance.integers(1, 100, 9).astype(float)
    # numpy's polyfit weighs residuals, so takes the square root: the transformed regression of OHID's guidance
    line = np.polyfit(indices.ridits(np.arange(9.0), people), value, 1, w=np.sqrt(people))
    assert indices.slope_index(value, people, np.arange(9.0)) == pytest.approx(line[0])


def test_gini_and_theil_are_pysals() -> None:
    inequality = pytest.importorskip("inequality")
    chance = np.random.default_rng(2)
    value, group, one = chance.lognormal(size=200), chance.integers(0, 6, 200), np.ones(200)
    assert indices.gini(value, one) == pytest.approx(inequality.gini.Gini(value).g, abs=1e-12)
    assert indices.theil(value, one) == pytest.approx(inequality.theil.Theil(value).T, abs=1e-12)
    parts = inequality.theil.TheilD(value, group)
    assert indices.theil_between(value, one, group) == pytest.approx(np.ravel(parts.bg)[0], abs=1e-12)
    within = indices.theil(value, one) - indices.theil_between(value, one, group)
    assert within == pytest.approx(np.ravel(parts.wg)[0], abs=1e-12)


def test_quantiles_divide_who_lies_across_an_edge() -> None:
    # Three units of 10, 20 and 70 people with 1, 2 and 3. First fifth: 10 · 1 and 10 · 2 → 1.5. Last fifth 3: the gap is 1.5.
    value, people, order = np.array([1.0, 2, 3]), np.array([10.0, 20, 70]), np.arange(3.0)
    assert indices.quintile_gap(value, people, order) == pytest.approx(1.5)
    # Worst-served 40: 10 · 1 + 20 · 2 + 10 · 3 = 80 → 2. Best-served tenth 3.
    assert indices.palma(value, people) == pytest.approx(1.5)
    # As times, less is better: the best tenth has 1, the worst two fifths 3.
    assert indices.palma(value, people, more_is_better=False) == pytest.approx(1 / 3)
    # Level in the order, they share every part of their place alike.
    assert indices.quintile_gap(value, people, np.zeros(3)) == pytest.approx(0)


def test_extremes() -> None:
    value, people = np.array([0.0, 0, 0, 1]), np.ones(4)
    order = np.arange(4.0)
    # One of n has everything: Gini and concentration 1 - 1/n, Theil ln n, all of it between if that one is a group.
    assert indices.gini(value, people) == indices.concentration_index(value, people, order) == pytest.approx(0.75)
    assert indices.concentration_index(value, people, -order) == pytest.approx(-0.75)
    assert indices.theil(value, people) == pytest.approx(np.log(4))
    assert indices.theil_between(value, people, np.array([0, 0, 0, 1])) == pytest.approx(np.log(4))
    assert np.isnan(indices.palma(value, people))  # the worst-served have nothing: no ratio
    assert np.isnan(indices.gini(np.zeros(4), people))


worlds = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.float64, n, elements=st.floats(0.01, 100)),
        hnp.arrays(np.float64, n, elements=st.floats(1, 1000)),
        hnp.arrays(np.float64, n, elements=st.integers(0, 5).map(float)),
        hnp.arrays(np.intp, n, elements=st.integers(0, 2)),
    )
)


def all_indices(value, people, order, group) -> np.ndarray:  # type: ignore[no-untyped-def]
    return np.array(
        [
            indices.concentration_index(value, people, order),
            indices.erreygers_index(value, people, order, 0, 100),
            indices.relative_index(value, people, order) if len(set(order)) > 1 else 0.0,
            indices.gini(value, people),
            indices.theil(value, people),
            indices.theil_between(value, people, group),
            indices.palma(value, people),
            indices.quintile_gap(value, people, order),
        ]
    )


@given(worlds)
def test_bounds(world) -> None:  # type: ignore[no-untyped-def]
    people = world[1]
    concentration, erreygers, _, gini, theil, between, palma, _ = all_indices(*world)
    assert -gini - 1e-9 <= concentration <= gini + 1e-9 <= 1 + 2e-9
    assert -1 - 1e-9 <= erreygers <= 1 + 1e-9
    assert -1e-9 <= between <= theil + 1e-9
    assert theil <= np.log(people.sum() / people.min()) + 1e-9
    assert palma >= 1 - 1e-9


@given(worlds, st.floats(0.01, 100))
def test_unchanged_by_scaling_and_by_splitting_people(world, factor: float) -> None:  # type: ignore[no-untyped-def]
    value, people, order, group = world
    expected = all_indices(*world)
    np.testing.assert_allclose(all_indices(value, people * factor, order, group), expected, rtol=1e-6, atol=1e-7)
    split = [np.repeat(part, 2) for part in (value, people, order, group)]
    split[1] = split[1] * np.tile([0.3, 0.7], len(value))
    np.testing.assert_allclose(all_indices(*split), expected, rtol=1e-6, atol=1e-7)
    relative = np.array([0, 2, 3, 4, 5, 6])  # the others are amounts
    np.testing.assert_allclose(
        all_indices(value * factor, people, order, group)[relative], expected[relative], rtol=1e-6, atol=1e-7
    )


@given(worlds, st.floats(0.1, 10))
def test_0_where_all_have_the_same(world, same: float) -> None:  # type: ignore[no-untyped-def]
    value, people, order, group = world
    found = all_indices(np.full(len(value), same), people, order, group)
    np.testing.assert_allclose(found, [0, 0, 0, 0, 0, 0, 1, 0], atol=1e-7)


@given(worlds)
def test_the_mirror_of_an_order_turns_the_sign(world) -> None:  # type: ignore[no-untyped-def]
    value, people, order, _ = world
    there = indices.concentration_index(value, people, order)
    assert indices.concentration_index(value, people, -order) == pytest.approx(-there, abs=1e-9)


@given(worlds)
def test_samples_at_once_are_samples_one_by_one(world) -> None:  # type: ignore[no-untyped-def]
    value, people, order, group = world
    many = np.vstack([people, people[::-1], np.r_[people[:1], 0 * people[1:]]])
    for name, rest in (
        ("concentration_index", (order,)),
        ("gini", ()),
        ("theil_between", (group,)),
        ("quintile_gap", (order,)),
    ):
        index = getattr(indices, name)
        np.testing.assert_allclose(index(value, many, *rest), [index(value, row, *rest) for row in many], atol=1e-12)


def test_equity_on_one_road(access: SessionAccess) -> None:
    # Sessions within reach by bus: C (300 people, most deprived) 0, B 1 for the 200 known, A (100) 1.
    found = equity(measure("within", access, "crafts"), "la", bounds=(0, 1))
    assert (found.persons, found.unknown_persons) == (600, 100)
    value = {name: figure.value for name, figure in found.indices.items()}
    # Ranks: C 1/4, B 1/2 + 1/6 = 2/3, A 11/12. Mean 1/2. CI = 2/μ Σ p (r - ½) a = 4 (1/3 · 1/6 + 1/6 · 5/12) = 1/2.
    assert value["mean"] == pytest.approx(0.5)
    assert value["concentration"] == pytest.approx(0.5)
    assert value["erreygers"] == pytest.approx(4 * 0.5 * 0.5)
    # Half have 1, half 0: Gini ½, Theil ln 2; L2 is C and L1 the rest, so all lies between them.
    assert value["gini"] == pytest.approx(0.5)
    assert value["theil"] == value["theil_between"] == pytest.approx(np.log(2))
    # var r = ½·(1/4)² + 1/3·(1/6)² + 1/6·(5/12)²; cov = Σ p (r - ½)(a - μ) = 1/8
    variance = 0.5 / 16 + 1 / 3 / 36 + 25 / 144 / 6
    assert value["slope"] == pytest.approx(0.125 / variance)
    assert value["quintile_gap"] == 1
    assert found.tenths["value"].tolist() == pytest.approx([0] * 5 + [1] * 5)
    np.testing.assert_allclose(found.tenths["value_share_so_far"], [0] * 5 + [0.2, 0.4, 0.6, 0.8, 1])
    np.testing.assert_allclose(found.curve.to_numpy(), [[0, 0], [0.5, 0], [5 / 6, 2 / 3], [1, 1]])
    assert found.groups is not None and found.groups["footprint_id"].tolist() == ["L1", "L2"]


def test_the_same_seed_gives_the_same_interval_round_the_value(one_road: Area) -> None:
    counted = in_zones(one_road, np.random.default_rng(3).random(12))
    one, again, other = (
        equity(counted, order_by="deprivation_rank", seed=seed, samples=300).as_table() for seed in (7, 7, 8)
    )
    assert one.equals(again) and not one.equals(other)
    known = one.dropna()
    assert len(known) == len(one)
    assert ((known["low"] <= known["value"] + 1e-9) & (known["value"] <= known["high"] + 1e-9)).all()


def test_the_order_can_be_the_overall_rank(access: SessionAccess, one_road) -> None:  # type: ignore[no-untyped-def]
    counted = measure("within", access, "crafts")
    assert (
        equity(counted, order_by="deprivation_rank").as_table().equals(equity(counted).as_table())
    )  # here the ranks agree
    zones = one_road.zones.assign(deprivation_rank=[1.0, 2.0, 3.0])  # A the most deprived
    turned = equity(replace(counted, area=replace(one_road, zones=zones)), order_by="deprivation_rank")
    assert turned.indices["concentration"].value == pytest.approx(-0.5)


def test_who_reaches_nothing_has_no_time_and_is_said_to_be_left_out(access: SessionAccess) -> None:
    found = equity(measure("nearest", access, "crafts"))
    assert (found.persons, found.unreachable_persons, found.unknown_persons) == (300, 300, 100)
    told = [say(message, "en") for message in sentences(found)]
    assert "Left out because they reach nothing and so have no time: 300 people." in told
    assert "Left out because something needed is not known of them: 100 people." in told


def test_sentences_in_both_languages(access: SessionAccess) -> None:
    found = equity(measure("within", access, "crafts"), "la")
    told = [say(message, "en") for message in sentences(found)]
    assert (
        told[0]
        == "The fifth of people with most need: 0.00 sessions a week. The fifth with least need: 1.00 sessions a week."
    )
    assert "100 % of the inequality (Theil) lies between the footprints, the rest within them." in told
    assert all(say(message, "cy") for message in sentences(found))


def test_that_two_fifths_have_nothing_is_why_the_best_served_have_not_so_many_times_as_much(
    access: SessionAccess,
) -> None:
    # By bus half of the people have no session within reach, so the two fifths worst served have none. On foot and by car all have.
    found = equity(measure("within", access, "crafts"))
    assert np.isnan(found.indices["palma"].value)
    assert "equity.palma.nothing" in [message.key for message in sentences(found)]
    driven = equity(measure("within", access, "crafts", ("drive",)))
    assert "equity.palma.more" in [message.key for message in sentences(driven)]
    nobody = equity(measure("within", access, "woodwork"))  # where nobody has any, all have as little
    assert not [message for message in sentences(nobody) if message.key.startswith("equity.palma")]


def test_figures_of_one_sentence_have_as_many_decimals(access: SessionAccess) -> None:
    found = equity(measure("within", access, "crafts"))
    slope = replace(found.indices["slope"], value=-0.194, low=-0.452, high=0.0848)
    shares = replace(
        found, indices={**found.indices, "slope": slope}, measured=replace(found.measured, unit="unit.share")
    )
    # the greatest is 45 points, so none has decimals: not "-45 to 8.48"
    assert "-19 percentage points (slope index of inequality; 95 % interval -45 to 8)" in say(
        sentences(shares)[2], "en"
    )
    small = replace(shares, indices={**shares.indices, "slope": replace(slope, value=0.01, low=-0.02, high=0.0848)})
    assert "1.00 percentage points (slope index of inequality; 95 % interval -2.00 to 8.48)" in say(
        sentences(small)[2], "en"
    )


@pytest.mark.parametrize(("name", "less_deprived"), [("within", "less"), ("nearest", "more")])
def test_longer_times_of_the_less_deprived_lean_the_other_way(
    access: SessionAccess, name: str, less_deprived: str
) -> None:
    found = equity(measure(name, access, "crafts", ("walk",)))
    sure = replace(
        found, indices={**found.indices, "concentration": replace(found.indices["concentration"], low=0.1, high=0.2)}
    )
    assert f"leans towards those with {less_deprived} need" in say(sentences(sure)[1], "en")


def test_sentences_name_the_order_that_people_stand_in(access: SessionAccess) -> None:
    found = equity(measure("within", access, "crafts", ("walk",)), order_by="deprivation_rank")
    assert "The fifth of people who are most deprived" in say(sentences(found)[0], "en")
    assert "Y bumed ran o'r bobl sydd fwyaf difreintiedig" in say(sentences(found)[0], "cy")


def in_zones(road: Area, values: Sequence[float], unit: str = "unit.share") -> Measured:
    """Return a measure of as many zones as values, 100 people in each, the first being the most deprived."""
    n = len(values)
    codes = [f"Z{place}" for place in range(n)]
    zones = road.zones.iloc[[0] * n].assign(zone_code=codes, deprivation_rank=np.arange(1.0, n + 1))
    origins = road.origins.iloc[[0] * n].assign(zone_code=codes, origin_id=codes, population=100.0)
    is_known = np.ones(n, dtype=bool)
    area = replace(road, zones=zones.reset_index(drop=True), origins=origins.reset_index(drop=True))
    return Measured("within", unit, area, pd.Series(values, index=codes), is_known, is_known)


@pytest.mark.parametrize("zones", [1, 2, 4, LEAST_RESAMPLED - 1])
def test_where_there_are_too_few_zones_no_interval_is_said(one_road: Area, zones: int) -> None:
    # However plainly the least deprived have more: resamples of so few zones lie too close together to tell.
    found = equity(in_zones(one_road, np.linspace(0.5, 1, zones)), bounds=(0, 1), order_by="deprivation_rank")
    assert not any(figure.has_interval for figure in found.indices.values())
    assert found.zones == zones and found.indices["mean"].is_known
    told = [say(message, "en") for message in sentences(found)]
    assert f"(small areas: {zones}, where at least {LEAST_RESAMPLED} are asked for)" in told[1]
    assert "can't be told" in told[1] and not any("slope" in sentence for sentence in told)
    assert all("nan" not in say(message, language) for message in sentences(found) for language in LANGUAGES)


def test_where_there_are_enough_zones_the_interval_says_who_has_more(one_road: Area) -> None:
    # Ten zones with 0.1 to 1: r - ½ is (i - 5.5)/10, so CI = 2 · Σ (i - 5.5)² / (10 · 10 · 5.5) = 2 · 0.825 / 5.5 = 0.3
    found = equity(in_zones(one_road, np.arange(1, 11) / 10), order_by="deprivation_rank")
    assert found.zones == LEAST_RESAMPLED and found.indices["concentration"].value == pytest.approx(0.3)
    assert all(figure.has_interval for figure in found.indices.values())
    told = [say(message, "en") for message in sentences(found)]
    assert "leans towards those who are less deprived" in told[1] and "concentration index 0.30" in told[1]
    # Its slope: Σ (r - ½)(a - μ) / Σ (r - ½)² = 1, or 100 points; some resamples are a little steeper, and no share changes by more.
    assert found.indices["slope"].value == pytest.approx(1) and not any("slope" in sentence for sentence in told)


def test_a_slope_of_more_than_all_there_is_is_not_said(one_road: Area) -> None:
    # None for the first five, all for the rest: Σ p (r - ½) a = 0.125 and Σ p (r - ½)² = 0.0825, a slope of 152 points.
    found = equity(in_zones(one_road, [0.0] * 5 + [1.0] * 5), order_by="deprivation_rank")
    assert found.indices["slope"].value == pytest.approx(0.125 / 0.0825) and found.indices["slope"].has_interval
    assert not any("slope" in say(message, "en") for message in sentences(found))
    counted = equity(in_zones(one_road, [0.0] * 5 + [1.0] * 5, "unit.sessions_per_week"), order_by="deprivation_rank")
    assert "1.52 sessions a week" in say(sentences(counted)[2], "en")  # of sessions there may be any number


def test_where_hardly_anybody_has_any_no_interval_is_said(one_road: Area) -> None:
    # One of twelve zones has all: (11/12)^12 = 35 % of resamples leave it out, of which there is no concentration index.
    found = equity(in_zones(one_road, [0.0] * 11 + [1.0]), order_by="deprivation_rank")
    assert found.indices["concentration"].is_known and not found.indices["concentration"].has_interval
    told = say(sentences(found)[1], "en")
    assert "too few small areas where anybody has any" in told and "at least" not in told


def test_impossible_questions_say_so(access: SessionAccess) -> None:
    counted = measure("within", access, "crafts")
    with pytest.raises(QueryError, match="no footprints of the level 'rpb'"):
        equity(counted, "rpb")
    with pytest.raises(QueryError, match="samples can't be drawn"):
        equity(counted, samples=5)
    nobody = replace(counted, is_known=np.zeros(4, dtype=bool), values=counted.values * np.nan)
    with pytest.raises(QueryError, match="there is nobody"):
        equity(nobody)
