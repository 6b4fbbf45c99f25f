"""Standards for groups on One Road, by hand: persons, depth, and how sure the answer is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.confidence import confidence, confidence_in_window
from access.costs import read_prices
from access.equity import equity, sentences
from access.gaps import PERSONS, find_gaps
from access.network import AreaNetwork
from access.query import MODES, QueryError, Standard, TravelRules
from access.sessions import SessionAccess, there_and_back
from access.standards import (
    EVERYONE,
    GROUPS,
    GroupGaps,
    GroupStandard,
    PersonGroup,
    as_table,
    depth,
    gap_of,
    group_share,
    judge_standards,
    measured_for,
    met_share,
)
from access.travellers import slower
from geo.area import Area
from geo.build import build_area
from geo.profile import read_profile
from geo.words import say
from tests.access.test_need import with_extra
from tests.worlds import without_people

CRAFTS = Standard("crafts")
PRICES = read_prices(date(2026, 10, 13))


def judged(access: SessionAccess, standard: Standard = CRAFTS, group: str = "everyone") -> GroupGaps:
    return judge_standards([GroupStandard(standard, access, GROUPS[group])], PRICES)[0]


def persons(found: GroupGaps) -> dict[str, list[float]]:
    return {row["zone_code"]: [row[name] for name in PERSONS] for _, row in found.by_zone.iterrows()}


def test_everyone_is_what_the_gaps_say(access: SessionAccess) -> None:
    assert persons(judged(access)) == {"A": [100, 0, 0], "B": [200, 0, 100], "C": [0, 300, 0]}
    assert judged(access).rule is None


def test_groups_are_shares_of_the_zones_people(access: SessionAccess) -> None:
    # 65 and over: 20 of 100, 60 of 300, 90 of 300; without a car: 0.1, 0.2, 0.5
    assert persons(judged(access, group="older")) == {
        "A": pytest.approx([20, 0, 0]), "B": pytest.approx([40, 0, 20]), "C": pytest.approx([0, 90, 0]),
    }  # fmt: skip
    assert persons(judged(access, group="no_car"))["C"] == pytest.approx([0, 150, 0])


def test_joint_groups_multiply_within_the_zone_and_say_so(access: SessionAccess) -> None:
    found = judged(access, group="older_no_car")
    assert persons(found)["C"] == pytest.approx([0, 300 * 0.3 * 0.5, 0])
    assert found.rule is not None and "multiplied" in say(found.rule, "en") and say(found.rule, "cy")
    households = judged(access, group="no_car").rule
    assert households is not None and "households" in say(households, "en")


def test_older_people_hold_a_pass_others_as_many_as_in_their_zone(access: SessionAccess) -> None:
    dear = replace(CRAFTS, max_fare_gbp=5.0)  # the return by bus from B costs £6; a fifth of B's people is 65 and over
    assert persons(judged(access, dear))["B"] == pytest.approx([40, 160, 100])
    assert persons(judged(access, dear, "older"))["B"] == pytest.approx([40, 0, 20])
    assert persons(judged(access, dear, "no_car"))["B"] == pytest.approx([8, 32, 20])


def test_rolls_up_and_tabulates(access: SessionAccess) -> None:
    found = judged(access, group="older").by("la").set_index("footprint_id")
    assert found.loc["L1", list(PERSONS)].tolist() == pytest.approx([60, 0, 20])
    assert found.loc["L1", "covered_share"] == 1
    both = judge_standards([GroupStandard(CRAFTS, access), GroupStandard(Standard("singing"), access, GROUPS["older"])])
    table = as_table(both)
    assert table[["category", "group"]].to_numpy().tolist() == [["crafts", "everyone"], ["singing", "older"]]
    assert table["met_persons"].tolist() == pytest.approx([300, 40])  # the choir: B1's walkers, a fifth of 200


def test_a_group_that_can_not_be_counted_says_so(access: SessionAccess) -> None:
    with pytest.raises(QueryError, match="lacks disabled_share"):
        judged(access, group="disabled")
    with pytest.raises(QueryError, match="not a share"):
        judge_standards([GroupStandard(CRAFTS, access, PersonGroup("many", ("population",)))])


@pytest.mark.parametrize(
    ("rows", "counts"), [("A,1\nB,0\nC,1\n", ""), ("A,1\nB,0\nC,1\n", "referred"), ("A,0.5\nB,0\nC,1\n", "referred")]
)
def test_counts_that_a_user_brought_are_no_shares_of_people(tmp_path: Path, rows: str, counts: str) -> None:
    # One person was referred in A and none in B. Taken for a share, all of A's 100 people would be of the group and none of B's.
    profile = with_extra(tmp_path, f"zone_code,n\n{rows}", 'referred = "n"', need="")
    text = profile.read_text(encoding="utf-8")
    if counts:
        profile.write_text(text.replace("rank_total = 3", f'rank_total = 3\ncounts = ["{counts}"]'), encoding="utf-8")
    area = build_area(read_profile(profile))
    with pytest.raises(QueryError, match="counts people that were brought"):
        group_share(area, PersonGroup("referred", ("referred",)))


def test_a_share_that_a_user_brought_is_one(tmp_path: Path) -> None:
    area = build_area(read_profile(with_extra(tmp_path, "zone_code,n\nA,0.5\nB,0\nC,1\n", 'lonely = "n"', need="")))
    assert group_share(area, PersonGroup("lonely", ("lonely",))).tolist() == [0.5, 0, 1]


def test_people_of_a_zone_whose_share_is_not_known_are_missing(access: SessionAccess, one_road: Area) -> None:
    zones = one_road.zones.assign(households_no_car_share=[0.1, 0.2, np.nan])
    partly = replace(access, network=replace(access.network, area=replace(one_road, zones=zones)))
    found = judged(partly, group="no_car").by_zone.set_index("zone_code")
    assert found.loc["A", "met_persons"] == pytest.approx(10) and np.isnan(found.loc["C", "unmet_persons"])
    # It is said of how many zones, in the table and beside a measure; of everyone all are counted.
    table = as_table([judged(partly, group="no_car"), judged(partly)])
    assert table["uncounted_zones"].tolist() == [1, 0]
    measured = met_share(find_gaps(partly, CRAFTS))
    assert measured_for(measured, GROUPS["no_car"]).uncounted_zones == 1
    assert measured_for(measured, EVERYONE).uncounted_zones == 0


def older_unknown_in(access: SessionAccess, *zones: str) -> SessionAccess:
    """Return the same there and back, where nobody knows how many of some zones are 65 and over."""
    area = access.network.area
    older = area.zones["population_65plus"].mask(area.zones["zone_code"].isin(zones))
    bare = replace(area, zones=area.zones.assign(population_65plus=older))
    return replace(access, network=replace(access.network, area=bare))


def test_sums_of_a_group_say_of_how_many_zones_they_know_nothing(access: SessionAccess) -> None:
    # How many of B are older is not known: what is left are A's 20, who craft, and C's 90, who don't. Of everyone all are counted.
    partly = older_unknown_in(access, "B")
    table = as_table(judge_standards([GroupStandard(CRAFTS, partly, GROUPS[name]) for name in ("everyone", "older")]))
    assert table[[*PERSONS, "uncounted_zones"]].to_numpy().tolist() == [
        [300, 300, 100, 0],
        pytest.approx([20, 90, 0, 1]),
    ]
    by_la = judged(partly, group="older").by("la").set_index("footprint_id")
    assert by_la.loc["L1", [*PERSONS, "uncounted_zones"]].tolist() == pytest.approx([20, 0, 0, 1])
    assert by_la.loc["L2", "uncounted_zones"] == 0
    # Where B's people are not counted at all, nobody is in the sums of any group; where nobody's are, there are no sums.
    for group in ("everyone", "older"):
        [row] = as_table([judged(without_people(access, "B"), group=group)]).to_dict("records")
        assert row["unknown_persons"] == 0 and row["uncounted_zones"] == 1
    [row] = as_table([judged(without_people(access, "A", "B", "C"))]).to_dict("records")
    assert np.isnan([row[name] for name in PERSONS]).all() and row["uncounted_zones"] == 3


def test_a_zone_without_people_has_none_of_any_group(access: SessionAccess, one_road: Area) -> None:
    # Nobody lives in C, so nobody there is older, with a car or without: that is known, though there are no shares of nobody.
    shares = {
        "households_no_car_share": [0.1, 0.2, np.nan],
        "population": [100.0, 300, 0],
        "population_65plus": [20.0, 60, 0],
    }
    people = one_road.origins["population"].mask(one_road.origins["zone_code"] == "C", 0)
    area = replace(one_road, zones=one_road.zones.assign(**shares), origins=one_road.origins.assign(population=people))
    empty = replace(access, network=replace(access.network, area=area))
    for group in ("older", "no_car", "older_no_car"):
        assert persons(judged(empty, group=group))["C"] == [0, 0, 0]
        assert as_table([judged(empty, group=group)])["uncounted_zones"].tolist() == [0]
        assert measured_for(met_share(find_gaps(empty, CRAFTS)), GROUPS[group]).uncounted_zones == 0


def test_a_measure_of_a_group_says_of_how_many_zones_it_knows_nothing(access: SessionAccess) -> None:
    partly = older_unknown_in(access, "B")
    everyone = met_share(find_gaps(partly, CRAFTS))
    older = measured_for(everyone, GROUPS["older"])
    assert (everyone.uncounted_zones, older.uncounted_zones) == (0, 1) and older.group == "older"
    found = older.by("la").set_index("footprint_id")
    persons_of = ["reaching_persons", "not_reaching_persons", "unknown_persons", "uncounted_zones"]
    assert found.loc["L1", persons_of].tolist() == pytest.approx([20, 0, 0, 1])
    assert found.loc["L2", persons_of].tolist() == pytest.approx([0, 90, 0, 0])
    # A's and C's are in the figures of equity, 110 people, and the words say whom these leave out.
    fair = equity(older, bounds=(0, 1))
    assert fair.persons == pytest.approx(110) and fair.uncounted_zones == 1
    said = "How many of the group live in 1 small area is not known: they are in none of these figures."
    assert say(sentences(fair)[-1], "en") == said and "o'r grŵp" in say(sentences(fair)[-1], "cy")
    uncounted = equity(met_share(find_gaps(without_people(access, "B"), CRAFTS)), bounds=(0, 1))
    assert say(sentences(uncounted)[-1], "en").startswith("The people of 1 small area have not been counted")
    assert not any("none of these figures" in say(one, "en") for one in sentences(equity(everyone, bounds=(0, 1))))


def test_how_sure_an_answer_is_hangs_on_nobody_where_nobody_is_counted(access: SessionAccess) -> None:
    nobody = judged(without_people(access, "A", "B", "C"), replace(CRAFTS, within_min=22.0))
    moved = confidence(nobody)
    assert moved[[*PERSONS, "gaining_persons", "losing_persons"]].isna().all(axis=None)
    window = {"depart_s": 13 * 3600, "until_s": 13 * 3600 + 900, "back_s": 16 * 3600}
    found = confidence_in_window(nobody.asked.access, "crafts", 30, legs="back", percentiles=(50,), **window)  # type: ignore[arg-type]
    assert found[list(PERSONS)].isna().all(axis=None)


def test_depth_in_sessions(access: SessionAccess) -> None:
    # Two sessions a week asked for: A and B1 (300) lack half, C (300) all. B2 is unknown and left out.
    found = judged(access, replace(CRAFTS, sessions_per_week=2.0))
    assert depth(found).to_dict("records")[0] == pytest.approx(
        {"known_persons": 600, "fgt_0": 1, "fgt_1": 0.75, "fgt_2": (0.25 + 1) / 2}
    )
    by_la = depth(found, level="la").set_index("footprint_id")
    assert by_la["fgt_1"].to_dict() == pytest.approx({"L1": 0.5, "L2": 1})


def test_holders_of_a_pass_lack_only_what_they_can_not_ride_to(access: SessionAccess) -> None:
    # Two crafts a week for £5 there and back: B1's 200 ride to one for £6, a fifth of them free. A's 100 walk to one; C's 300 reach none.
    dear = replace(CRAFTS, sessions_per_week=2.0, max_fare_gbp=5.0)
    everyone = depth(judged(access, dear)).iloc[0]
    assert everyone["known_persons"] == 600
    assert everyone["fgt_1"] == pytest.approx((100 * 0.5 + 40 * 0.5 + 160 + 300) / 600)
    # The older: 20 in A and 40 in B1 lack half, 90 in C all.
    assert depth(judged(access, dear, "older")).iloc[0].tolist() == pytest.approx(
        [150, 1, (60 * 0.5 + 90) / 150, (60 * 0.25 + 90) / 150]
    )


def test_depth_in_minutes(access: SessionAccess) -> None:
    # On foot within 50 minutes: A 12.5, B 62.5 (a quarter of 50 too far), C 112.5 (more than twice 50: 1).
    found = judged(access, Standard("crafts", within_min=50, modes=("walk",)))
    assert gap_of(found.gaps, "minutes")[[0, 1, 3]].tolist() == pytest.approx([0, 0.25, 1], abs=1e-4)
    assert depth(found, gap_in="minutes").iloc[0].tolist() == pytest.approx(
        [600, 500 / 600, (200 * 0.25 + 300) / 600, (200 / 16 + 300) / 600], abs=1e-4
    )
    # Two sessions a week are never reached: the gap is 1 for all.
    assert (gap_of(find_gaps(access, replace(CRAFTS, sessions_per_week=2.0)), "minutes") == 1).all()
    with pytest.raises(QueryError, match="leaves fares out"):
        depth(judged(access, replace(CRAFTS, max_fare_gbp=5.0)), gap_in="minutes")
    with pytest.raises(QueryError, match="alpha"):
        depth(found, alphas=(-1,))


def test_confidence_at_5_minutes_more_or_less_and_walking_slower(access: SessionAccess, one_road: Area) -> None:
    # By bus within 22 minutes: A 12.5; B 26 out. At 27 B is met, at 17 A still. At 3.6 km/h A walks 16:40, B is as before.
    slower = there_and_back(AreaNetwork(one_road, TravelRules(walk_kmh=3.6)), ("transit",))
    found = confidence(judged(access, replace(CRAFTS, within_min=22.0)), slower=slower).set_index("question")
    assert found["met_persons"].to_dict() == {"as_asked": 100, "shorter": 100, "longer": 300, "slower": 100}
    assert found["gaining_persons"].to_dict() == {"as_asked": 0, "shorter": 0, "longer": 200, "slower": 0}
    assert found.loc["slower", "walk_kmh"] == 3.6
    # Within 15 minutes the slower walk (16:40) loses A.
    tight = confidence(judged(access, replace(CRAFTS, within_min=15.0)), slower=slower, margin_min=1.0).set_index(
        "question"
    )
    assert tight.loc["slower", "losing_persons"] == 100 and tight.loc["shorter", "losing_persons"] == 0
    with pytest.raises(QueryError, match="margin"):
        confidence(judged(access, replace(CRAFTS, within_min=5.0)))


def test_each_question_has_the_depth_of_its_own_shortfall(access: SessionAccess) -> None:
    # Of the 600 who are known, C's 300 and B's 200 miss the one session within 22 and 17 minutes; within 27 B's reach it (26).
    found = confidence(judged(access, replace(CRAFTS, within_min=22.0))).set_index("question")
    for name in ("fgt_0", "fgt_1", "fgt_2"):  # who misses one session of one misses all of it
        assert found[name].to_dict() == pytest.approx({"as_asked": 5 / 6, "shorter": 5 / 6, "longer": 1 / 2})
    # In minutes: A 12.5, B 26 at most, C never, so B lacks 4/22, 9/17 and 0 of T.
    minutes = confidence(judged(access, replace(CRAFTS, within_min=22.0)), gap_in="minutes").set_index("question")
    assert minutes.loc["shorter", "fgt_1"] == pytest.approx((300 + 200 * 9 / 17) / 600, abs=1e-3)
    assert minutes.loc["longer", "fgt_1"] == pytest.approx(1 / 2)


def test_where_ways_are_looked_for_no_longer_there_is_no_longer_question(one_road: Area) -> None:
    capped = there_and_back(AreaNetwork(one_road, TravelRules(max_travel_min=30)), ("transit",))
    at_the_cap = confidence(judged(capped, replace(CRAFTS, within_min=30.0)))
    assert at_the_cap["question"].tolist() == ["as_asked", "shorter"]
    below = confidence(judged(capped, replace(CRAFTS, within_min=28.0))).set_index("question")
    assert below.loc["longer", "within_min"] == 30  # no farther than is known, which is said


def test_confidence_in_a_window(access: SessionAccess) -> None:
    # As in test_measures: leaving the hall in 16:00 … 16:14, B gets home in 23 minutes at the median and not at 75 %; A walks.
    window = {"depart_s": 13 * 3600, "until_s": 13 * 3600 + 900, "back_s": 16 * 3600}
    found = confidence_in_window(access, "crafts", 30, legs="back", percentiles=(50, 75), **window)  # type: ignore[arg-type]
    assert found.to_numpy().tolist() == [[50, 300, 300, 100], [75, 100, 500, 100]]


def test_a_slower_walk_leaves_all_else_as_it_is() -> None:
    wheelchair = TravelRules(wheelchair=True, max_rides=2)
    assert slower(wheelchair) == TravelRules(walk_kmh=3.6, wheelchair=True, max_rides=2)
    assert slower(TravelRules(walk_kmh=3.6)) is None is slower(TravelRules(walk_kmh=3.0))


def test_the_share_met_as_a_measure_of_equity(access: SessionAccess) -> None:
    found = met_share(find_gaps(access, CRAFTS))
    assert found.values[["A1", "B1", "C1"]].tolist() == [1, 1, 0] and np.isnan(found.values["B2"])
    # as in test_equity: the 300 most deprived of 600 have nothing
    assert equity(found, bounds=(0, 1)).indices["erreygers"].value == pytest.approx(1)


asked = st.builds(
    Standard,
    category=st.sampled_from(["crafts", "singing"]),
    sessions_per_week=st.sampled_from([0.5, 1.0, 2.0]),
    within_min=st.floats(6, 120),
    modes=st.sets(st.sampled_from(MODES), min_size=1).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(
    asked, st.sampled_from(["everyone", "older", "no_car", "older_no_car"]), st.sampled_from(["sessions", "minutes"])
)
def test_laws(access: SessionAccess, standard: Standard, group: str, gap_in: str) -> None:
    found = judged(access, standard, group)
    total = found.by_origin[list(PERSONS)].sum(axis=1).to_numpy()
    np.testing.assert_allclose(total, found.by_origin["population"].to_numpy())  # met + unmet + unknown = the group
    deep = depth(found, gap_in=gap_in).iloc[0]  # type: ignore[arg-type]
    if deep["known_persons"] > 0:
        unmet = found.by_origin["unmet_persons"].sum() / deep["known_persons"]
        assert deep["fgt_0"] == pytest.approx(unmet)
        assert 0 <= deep["fgt_2"] <= deep["fgt_1"] + 1e-12 <= deep["fgt_0"] + 2e-12
    moved = confidence(found, prices=PRICES).set_index("question")
    assert moved.loc["longer", "losing_persons"] == 0 == moved.loc["shorter", "gaining_persons"]
    assert EVERYONE.rule is None
