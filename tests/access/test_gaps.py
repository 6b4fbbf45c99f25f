"""Gaps on One Road, by hand; and the laws that hold for any standard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.catchments import find_catchments, say_unknown
from access.costs import read_prices
from access.explain import zone_sessions
from access.gaps import PERSONS, find_gaps
from access.need import NeedWeights, NoNeed, need_index
from access.network import AreaNetwork
from access.query import MODES, QueryError, Standard, TravelRules
from access.sessions import SessionAccess, there_and_back
from geo.area import Area
from geo.build import build_area
from geo.errors import UnknownName
from geo.profile import read_profile
from geo.words import say
from tests.worlds import write_one_road

CRAFTS = Standard("crafts")
PRICES = read_prices(date(2026, 10, 13))


def persons(access: SessionAccess, standard: Standard) -> dict[str, list[float]]:
    found = find_gaps(access, standard, PRICES).by_zone.set_index("zone_code").sort_index()
    return {code: found.loc[code, list(PERSONS)].tolist() for code in found.index}


def test_met_unmet_and_unknown(access: SessionAccess) -> None:
    # A walks, B1 takes the bus, B2 is not placed, C has no way home.
    assert persons(access, CRAFTS) == {"A": [100, 0, 0], "B": [200, 0, 100], "C": [0, 300, 0]}


def test_ranks_by_need(access: SessionAccess) -> None:
    gaps = find_gaps(access, Standard("singing"))
    # Nobody but B1 reaches the choir. Need: C 1, B 1/2, A 0, so C's 300 count 600 and A's 100 count 100.
    assert gaps.by_zone["zone_code"].tolist() == ["C", "A", "B"]
    assert gaps.by_zone["need_weighted_unmet_persons"].tolist() == [600, 100, 0]
    assert gaps.by_zone.set_index("zone_code").loc["B", "covered_share"] == 1  # of those who are known


def test_ranks_are_shared_and_unknown_need_hides_nobody(access: SessionAccess, one_road: Area) -> None:
    # The choir again: A's 100 and C's 300 are unmet, of B nobody. C's need is not known: its 300 stand after A's 100, who are weighted,
    # and before B. Of crafts A and B go without nobody: they are level behind C.
    ranks = one_road.zones["income_rank"].mask(one_road.zones["zone_code"] == "C")
    area = replace(one_road, zones=one_road.zones.assign(income_rank=ranks))
    unknown = replace(access, network=replace(access.network, area=area))
    found = find_gaps(unknown, Standard("singing")).by_zone
    assert found[["zone_code", "rank"]].values.tolist() == [["A", 1], ["C", 2], ["B", 3]]
    level = find_gaps(access, CRAFTS).by_zone
    assert level[["zone_code", "rank"]].values.tolist() == [["C", 1], ["A", 2], ["B", 2]]


def test_who_is_in_no_catchment_is_said(access: SessionAccess) -> None:
    # B2's 100 people are not placed, so it is not known of them.
    assert [say(message, "en") for message in say_unknown([find_catchments(access, CRAFTS)])] == [
        "Of 100 people it is not known, for at least one kind of activity, whether they find the standard met: they are not in those "
        "figures."
    ]


def test_sums_over_footprints(access: SessionAccess) -> None:
    found = find_gaps(access, CRAFTS).by("la").set_index("footprint_id")
    assert found.loc["L1", [*PERSONS, "population"]].tolist() == [300, 0, 100, 400]
    assert found.loc["L2", [*PERSONS, "population"]].tolist() == [0, 300, 0, 300]
    with pytest.raises(QueryError, match="no footprints of the level 'rpb'"):
        find_gaps(access, CRAFTS).by("rpb")


def test_fares_split_a_zone_by_its_pass_holders(access: SessionAccess) -> None:
    # A return by bus is two singles of £3. B1's 200 people: 60 of B's 300 are 65 and over, so a fifth rides free.
    assert persons(access, replace(CRAFTS, max_fare_gbp=6.0))["B"] == [200, 0, 100]
    assert persons(access, replace(CRAFTS, max_fare_gbp=5.0))["B"] == pytest.approx([40, 160, 100])
    assert persons(access, replace(CRAFTS, max_fare_gbp=5.0))["A"] == [100, 0, 0]  # walking is free


def test_counts_sessions_a_week(access: SessionAccess) -> None:
    assert persons(access, replace(CRAFTS, sessions_per_week=2))["A"] == [0, 100, 0]


def test_a_category_of_which_nothing_runs_is_the_greatest_gap(access: SessionAccess) -> None:
    # No dance anywhere: all who are placed go without.
    assert persons(access, Standard("dance")) == {"A": [0, 100, 0], "B": [0, 200, 100], "C": [0, 300, 0]}


def test_impossible_questions_say_so(access: SessionAccess) -> None:
    with pytest.raises(UnknownName, match="no category called 'crochet'"):
        find_gaps(access, Standard("crochet"))
    with pytest.raises(QueryError, match="price table"):
        find_gaps(access, replace(CRAFTS, max_fare_gbp=5.0))
    with pytest.raises(QueryError, match="not computed by drive"):
        find_gaps(replace(access, by_mode={"walk": access.by_mode["walk"]}), Standard("crafts", modes=("drive",)))


def test_an_area_without_ranks_has_gaps_but_no_need(access: SessionAccess, one_road: Area) -> None:
    bare = replace(one_road, zones=one_road.zones.assign(income_rank=np.nan))
    with pytest.raises(NoNeed, match="lacks income_rank"):
        need_index(bare)
    gaps = find_gaps(replace(access, network=replace(access.network, area=bare)), CRAFTS)
    assert gaps.need_problem is not None
    assert gaps.by_zone["unmet_persons"].sum() == 300
    assert gaps.by_zone.set_index("zone_code").loc["C", "need_weighted_unmet_persons"] != 300  # not silently unweighted


def test_a_sum_by_need_says_of_how_many_it_is_known(access: SessionAccess, one_road: Area) -> None:
    # Nobody but B1 reaches the choir; A's need is not known. L1: A's 100 are unmet, none of whose need is known. L2: C's 300 count 600.
    ranks = one_road.zones["income_rank"].mask(one_road.zones["zone_code"] == "A")
    area = replace(one_road, zones=one_road.zones.assign(income_rank=ranks))
    gaps = find_gaps(replace(access, network=replace(access.network, area=area)), Standard("singing"))
    columns = ["need_weighted_unmet_persons", "need_known_unmet_persons"]
    found = gaps.by("la").set_index("footprint_id")
    assert found.loc["L2", columns].tolist() == [600, 300]
    assert np.isnan(found.loc["L1", columns[0]]) and found.loc["L1", columns[1]] == 0  # B's are all met: not 0 in all
    # By foot C's too are unmet in one authority with A's: the sum is of the 300 of 400 whose need is known.
    footprints = one_road.zone_footprints.assign(la="L1")
    gaps = find_gaps(
        replace(access, network=replace(access.network, area=replace(area, zone_footprints=footprints))),
        Standard("singing"),
    )
    assert gaps.by("la")[["unmet_persons", *columns]].values.tolist() == [[400, 600, 300]]


def test_zones_whose_people_are_not_counted_are_named(access: SessionAccess, one_road: Area) -> None:
    def bare(frame: pd.DataFrame, *zones: str) -> pd.DataFrame:
        return frame.assign(population=frame["population"].mask(frame["zone_code"].isin(zones)))

    def by_la(*zones: str) -> pd.DataFrame:
        area = replace(one_road, zones=bare(one_road.zones, *zones), origins=bare(one_road.origins, *zones))
        return (
            find_gaps(replace(access, network=replace(access.network, area=area)), CRAFTS)
            .by("la")
            .set_index("footprint_id")
        )

    # Of L1 only A's 100 are counted, and met; B's two origins are one zone. Of L2 nobody is without C's.
    assert by_la("B").loc["L1", [*PERSONS, "population", "uncounted_zones"]].tolist() == [100, 0, 0, 100, 1]
    found = by_la("C").loc["L2"]
    assert found[[*PERSONS, "population", "need_weighted_unmet_persons"]].isna().all()
    assert found["uncounted_zones"] == 1 and by_la().loc["L1", "uncounted_zones"] == 0


def test_need_is_the_weighted_mean_of_scaled_ranks(one_road: Area) -> None:
    weights = NeedWeights({"income_rank": 3.0, "health_rank": 1.0})
    zones = one_road.zones.assign(income_rank=[3.0, 2.0, 1.0], health_rank=[1.0, 3.0, 2.0])
    # Ranks 1, 2, 3 of 3 scale to 1, 1/2, 0. A: (3·0 + 1·1)/4, B: (3·½ + 0)/4, C: (3·1 + 1·½)/4.
    found = need_index(replace(one_road, zones=zones), weights)
    assert found.tolist() == pytest.approx([0.25, 0.375, 0.875])


standards = st.builds(
    Standard,
    category=st.sampled_from(["crafts", "singing"]),
    sessions_per_week=st.sampled_from([0.5, 1.0, 2.0]),
    within_min=st.floats(1, 120),
    modes=st.sets(st.sampled_from(MODES), min_size=1).map(tuple),
    max_fare_gbp=st.none() | st.floats(0, 20),
)


@settings(max_examples=60, deadline=None)
@given(standard=standards)
def test_met_unmet_and_unknown_add_up_to_the_population(access: SessionAccess, standard: Standard) -> None:
    gaps = find_gaps(access, standard, PRICES)
    assert gaps.by_origin[list(PERSONS)].sum(axis=1).to_numpy() == pytest.approx(
        gaps.by_origin["population"].to_numpy()
    )
    for table in (gaps.by_zone, gaps.by("la")):
        assert table[list(PERSONS)].to_numpy().sum() == pytest.approx(700)
        assert (table[list(PERSONS)].to_numpy() >= 0).all()


@settings(max_examples=60, deadline=None)
@given(standard=standards, looser_min=st.floats(0, 120), mode=st.sampled_from(MODES))
def test_a_looser_standard_never_adds_unmet(
    access: SessionAccess, standard: Standard, looser_min: float, mode: str
) -> None:
    def unmet(asked: Standard) -> np.ndarray:
        return find_gaps(access, asked, PRICES).by_origin["unmet_persons"].to_numpy()

    before = unmet(standard)
    assert (unmet(replace(standard, within_min=min(180, standard.within_min + looser_min))) <= before + 1e-9).all()
    assert (unmet(replace(standard, modes=(*standard.modes, mode))) <= before + 1e-9).all()  # type: ignore[arg-type]
    assert (unmet(replace(standard, max_fare_gbp=None)) <= before + 1e-9).all()
    assert (unmet(replace(standard, sessions_per_week=standard.sessions_per_week / 2)) <= before + 1e-9).all()


def test_a_fare_nobody_has_told_is_unknown_not_a_gap(one_road_booked: Area) -> None:
    untold = one_road_booked.demand_responsive.assign(price_gbp=np.nan)
    access = there_and_back(AreaNetwork(replace(one_road_booked, demand_responsive=untold)), ("transit",))
    found = persons(access, replace(CRAFTS, max_fare_gbp=5.0))
    # C1 comes home by the booked ride only, at a price nobody knows; A1 may be booked for, but walks free of charge.
    assert found["C"] == [0, 0, 300]
    assert found["A"] == [100, 0, 0]


def test_a_booked_ride_is_paid_with_a_pass_too(one_road_booked: Area) -> None:
    access = there_and_back(AreaNetwork(one_road_booked), ("transit",))
    # £2 a ride: £4 there and back, for C1's 300 people with a pass or without.
    assert persons(access, replace(CRAFTS, max_fare_gbp=4.0))["C"] == [300, 0, 0]
    assert persons(access, replace(CRAFTS, max_fare_gbp=3.0))["C"] == [0, 300, 0]


def test_pass_holders_who_might_make_up_the_number_are_unknown(one_road: Area, tmp_path: Path) -> None:
    # Two sessions a week asked for, £5 at most: B1 has the one on Tuesday with a pass only, and of the one on Monday nothing is known.
    area = build_area(read_profile(write_one_road(tmp_path, trusted='["tuesday"]')))
    second = area.sessions[area.sessions["session_id"] == "craft-tue"].assign(session_id="craft-mon", weekday="monday")
    area = replace(area, sessions=pd.concat([area.sessions, second], ignore_index=True))
    found = persons(there_and_back(AreaNetwork(area), ("transit",)), Standard("crafts", 2, max_fare_gbp=5.0))
    assert found["B"] == [0, 0, 300]


def test_a_limit_beyond_what_was_looked_for_is_refused_and_not_called_a_gap(one_road: Area) -> None:
    # Looked for up to 20 minutes, the bus of B1 (26 minutes) is no way; whether it meets 30 can't be said, on foot it can.
    access = there_and_back(AreaNetwork(one_road, TravelRules(max_travel_min=20)), ("transit", "walk"))
    assert find_gaps(access, Standard("crafts", within_min=20)).by_origin["met_persons"].sum() == 100
    assert find_gaps(access, Standard("crafts", within_min=30, modes=("walk",))).by_origin["met_persons"].sum() == 100
    with pytest.raises(QueryError, match="looked for up to 20 minutes, so 30 minutes can't be judged"):
        find_gaps(access, Standard("crafts", within_min=30))
    with pytest.raises(QueryError, match="looked for up to 20 minutes"):
        zone_sessions(access, "B", 30, ("walk", "transit"))


@pytest.mark.parametrize("limit", [np.nan, np.inf, -1.0])
def test_a_limit_that_is_no_number_or_below_0_is_refused(access: SessionAccess, limit: float) -> None:
    for name in ("sessions_per_week", "within_min", "max_fare_gbp"):
        with pytest.raises(QueryError):
            replace(CRAFTS, **{name: limit})
    rules = ("walk_kmh", "max_walk_min", "max_rides", "board_slack_s", "max_travel_min", "drive_factor", "park_min")
    for name in rules:
        with pytest.raises(QueryError):
            TravelRules(**{name: limit})  # type: ignore[arg-type]
    with pytest.raises(QueryError):
        zone_sessions(access, "A", limit, ("transit",))
