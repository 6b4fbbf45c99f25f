"""Need on One Road: any column, scaled by hand; a profile's own; and how ranks hang on the weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.brought_counts import spread_out, suppress_column
from access.gaps import find_gaps
from access.need import (
    NeedWeights,
    NoNeed,
    default_need,
    default_reason,
    need_columns,
    need_index,
    need_sensitivity,
    scaled_columns,
)
from access.network import AreaNetwork
from access.query import Standard
from access.sessions import there_and_back
from geo.area import Area
from geo.build import build_area
from geo.errors import DataError, ProfileError
from geo.profile import read_profile
from geo.store import load_area, save_area
from geo.words import say
from tests.worlds import write_one_road

SOURCE = 'licence = "CC0-1.0", attribution = "made for tests", vintage = "2026"'
NEED = """
[need]
weights = { lonely = 3.0, health_rank = 1.0 }
scales = { health_rank = "rank" }
reason_en = "Loneliness is what this board works on."
reason_cy = "Unigrwydd yw gwaith y bwrdd hwn."
"""


def with_extra(folder: Path, rows: str, columns: str = 'lonely = "lonely_pct"', need: str = NEED) -> Path:
    """Write One Road with a table of a user's own."""
    profile = write_one_road(folder)
    (folder / "mine.csv").write_text(rows, encoding="utf-8")
    text = profile.read_text(encoding="utf-8")
    extra = f'rank_total = 3\nextra = {{ path = "mine.csv", {SOURCE}, columns = {{ {columns} }} }}'
    profile.write_text(text.replace("rank_total = 3", extra) + need, encoding="utf-8")
    return profile


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Area:
    folder = tmp_path_factory.mktemp("lonely")
    return build_area(read_profile(with_extra(folder, "zone_code,lonely_pct,other\nA,5,1\nB,25,1\nC,15,1\nX,1,1\n")))


def test_a_users_own_column_counts_under_the_profiles_weights(lonely: Area) -> None:
    # lonely 5, 25, 15 → 0, 1, ½; health ranks 3, 2, 1 among three → 0, ½, 1. Weights 3 and 1.
    assert scaled_columns(lonely).to_numpy().tolist() == [[0, 0], [1, 0.5], [0.5, 1]]
    assert need_index(lonely).to_dict() == pytest.approx({"A": 0, "B": 3.5 / 4, "C": 2.5 / 4})
    assert say(default_reason(lonely), "en") == "Loneliness is what this board works on."
    assert say(default_reason(lonely), "cy") == "Unigrwydd yw gwaith y bwrdd hwn."
    assert "lonely" in need_columns(lonely) and "other" not in need_columns(lonely)


def test_a_users_column_is_kept_with_the_built_area(lonely: Area, tmp_path: Path) -> None:
    save_area(lonely, tmp_path / "built")
    assert need_index(load_area(tmp_path / "built")).equals(need_index(lonely))


def test_gaps_are_weighted_by_the_profiles_need(lonely: Area) -> None:
    gaps = find_gaps(there_and_back(AreaNetwork(lonely), ("transit",)), Standard("crafts")).by_zone.set_index(
        "zone_code"
    )
    assert gaps.loc["C", "need_weighted_unmet_persons"] == pytest.approx(300 * (1 + 2.5 / 4))  # nobody of C gets home


def test_where_it_came_from_is_kept(lonely: Area) -> None:
    assert "zones.extra" in [entry.name for entry in lonely.manifest.entries]
    quality = {source.name: source for source in lonely.quality.sources}["zones.extra"]
    assert (quality.rows_in, quality.rows_kept, quality.out_of_scope) == (4, 3, 1)  # X


def test_need_does_not_give_small_counts_away(tmp_path: Path) -> None:
    # Referrals 4, 30 and 50. A's 4 are withheld and B's 30 with them, as west (A and B) is shown as 34: were B's need 30/50, A would be
    # 34 - 30. So either stands as half of west: 17, 17, 50.
    profile = with_extra(tmp_path, "zone_code,n\nA,4\nB,30\nC,50\n", 'referred = "n"', need="")
    text = profile.read_text(encoding="utf-8")
    profile.write_text(text.replace("rank_total = 3", 'rank_total = 3\ncounts = ["referred"]'), encoding="utf-8")
    area = build_area(read_profile(profile))
    assert spread_out(area, "referred").tolist() == [17, 17, 50]
    assert need_index(area, NeedWeights({"referred": 1.0})).tolist() == [0, 0, 1]
    profile.write_text(text.replace("rank_total = 3", 'rank_total = 3\ncounts = ["others"]'), encoding="utf-8")
    with pytest.raises(ProfileError, match="counts names others"):
        read_profile(profile)


def test_what_is_small_is_said_by_the_profile(tmp_path: Path) -> None:
    # Under 4 nothing is small. Under 40 A and B are, and west with its 34; the total of 84 would give west away beside C's 50, so none
    # is shown: no sum is left to share out, and all three stand alike.
    profile = with_extra(tmp_path, "zone_code,n\nA,4\nB,30\nC,50\n", 'referred = "n"', need="")
    text = profile.read_text(encoding="utf-8")
    for under, expected in ((4, [4, 30, 50]), (40, [20, 20, 50])):
        said = f'rank_total = 3\ncounts = ["referred"]\ncounts_under = {under}'
        profile.write_text(text.replace("rank_total = 3", said), encoding="utf-8")
        area = build_area(read_profile(profile))
        assert spread_out(area, "referred").tolist() == expected
        assert suppress_column(area, "referred").threshold == under


def test_counts_that_are_none_make_no_need(tmp_path: Path) -> None:
    profile = with_extra(tmp_path, "zone_code,n\nA,4.5\nB,30\nC,50\n", 'referred = "n"', need="")
    text = profile.read_text(encoding="utf-8")
    profile.write_text(text.replace("rank_total = 3", 'rank_total = 3\ncounts = ["referred"]'), encoding="utf-8")
    with pytest.raises(NoNeed, match="whole numbers"):
        need_index(build_area(read_profile(profile)), NeedWeights({"referred": 1.0}))


def test_what_weighs_nothing_may_be_missing(one_road: Area) -> None:
    # C has no figure of cars, which do not count: its need is that of its health alone. Ranks 3, 2, 1 of three.
    zones = one_road.zones.assign(households_no_car_share=[0.1, 0.2, np.nan])
    asked = NeedWeights({"health_rank": 1.0, "households_no_car_share": 0.0})
    partly = replace(one_road, zones=zones)
    assert need_index(partly, asked).tolist() == pytest.approx([0, 0.5, 1])
    assert need_sensitivity(partly, asked)["rank"].tolist() == [1, 2, 3]


def test_zones_of_equal_need_are_level_to_the_bit(one_road: Area) -> None:
    # Weights 1, 1, 3. A: 3/5 · ½; C: 1/5 · ½ + 1/5. Both are 0.3, but one of the sums is 0.30000000000000004.
    zones = one_road.zones.assign(one=[0.0, 1.0, 0.5], two=[0.0, 0.0, 1.0], three=[0.5, 1.0, 0.0])
    index = need_index(replace(one_road, zones=zones), NeedWeights({"one": 1.0, "two": 1.0, "three": 3.0}))
    assert index.iloc[0] == index.iloc[2] == 0.3


def test_the_default_is_three_domains_and_says_why(one_road: Area) -> None:
    assert default_need(one_road) == NeedWeights()
    assert "count access twice" in say(default_reason(one_road), "en")


def test_shares_and_counts_and_ranks_are_scaled_as_asked(one_road: Area) -> None:
    # 65 and over: 20/100, 60/300, 90/300 → 0, 0, 1 by min-max; ranks 1.5, 1.5, 3 of the area → 0, 0, 1 too
    share = NeedWeights({"population_65plus_share": 1.0})
    assert need_index(one_road, share).tolist() == pytest.approx([0, 0, 1])
    # no car: 0.1, 0.2, 0.5 → 0, ¼, 1 by min-max; 0, ½, 1 by rank
    assert need_index(one_road, NeedWeights({"households_no_car_share": 1.0})).tolist() == pytest.approx([0, 0.25, 1])
    by_rank = NeedWeights({"households_no_car_share": 1.0}, scales={"households_no_car_share": "rank"})
    assert need_index(one_road, by_rank).tolist() == pytest.approx([0, 0.5, 1])
    # a count that is the same everywhere tells nobody apart
    alike = replace(one_road, zones=one_road.zones.assign(population=300.0))
    assert need_index(alike, NeedWeights({"population": 1.0})).tolist() == [0, 0, 0]


def test_published_ranks_are_scaled_by_the_countrys_not_the_areas(one_road: Area) -> None:
    zones = one_road.zones.assign(income_rank=[3.0, 2.0, 2.0])
    weights = NeedWeights({"income_rank": 1.0})
    assert need_index(replace(one_road, zones=zones), weights).tolist() == pytest.approx([0, 0.5, 0.5])
    min_max = replace(weights, scales={"income_rank": "min_max"})
    assert need_index(replace(one_road, zones=zones), min_max).tolist() == pytest.approx([0, 1, 1])


def test_a_missing_figure_is_unknown_need(one_road: Area) -> None:
    zones = one_road.zones.assign(households_no_car_share=[0.1, np.nan, 0.5])
    found = need_index(replace(one_road, zones=zones), NeedWeights({"households_no_car_share": 1.0}))
    assert found["A"] == 0 and np.isnan(found["B"]) and found["C"] == 1


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (NeedWeights({"loneliness": 1.0}), "lacks loneliness. It has: population"),
        (NeedWeights({"population": -1.0}), "must not be negative"),
        (NeedWeights({"population": 0.0}), "at least one must be above 0"),
        (NeedWeights({}), "at least one must be above 0"),
        (NeedWeights({"population": 1.0}, scales={"population": "published"}), "can't be scaled so"),
    ],
)
def test_impossible_weights_say_so(one_road: Area, weights: NeedWeights, said: str) -> None:
    with pytest.raises(NoNeed, match=said):
        need_index(one_road, weights)


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        ("zone_code,lonely_pct\nA,5\n", 'population = "lonely_pct"', "would replace population"),
        ("zone_code,lonely_pct\nA,5\n", "", "brings no column"),
        ("zone_code,other\nA,5\n", 'lonely = "lonely_pct"', "lonely_pct"),
    ],
)
def test_a_table_that_cannot_be_joined_is_refused(tmp_path: Path, rows: str, columns: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        build_area(read_profile(with_extra(tmp_path, rows, columns, need="")))


def test_a_cell_that_is_no_number_is_refused_and_its_zone_unknown(tmp_path: Path) -> None:
    area = build_area(read_profile(with_extra(tmp_path, "zone_code,lonely_pct\nA,5\nB,many\nC,15\n")))
    quality = {source.name: source for source in area.quality.sources}["zones.extra"]
    assert (quality.rows_in, quality.rows_kept) == (3, 2)
    assert np.isnan(need_index(area)["B"])


def test_a_profiles_need_must_give_its_reason(tmp_path: Path) -> None:
    profile = with_extra(tmp_path, "zone_code,lonely_pct\nA,5\n", need="\n[need]\nweights = { lonely = 1.0 }\n")
    with pytest.raises(ProfileError, match=r"need\.reason_en"):
        read_profile(profile)


def test_sensitivity_by_hand(one_road: Area) -> None:
    # Ranks of income 3, 2, 1 and of health 1, 2, 3: C leads where income weighs more than half, else A; B is always second.
    zones = one_road.zones.assign(health_rank=[1.0, 2.0, 3.0])
    area = replace(one_road, zones=zones)
    found = need_sensitivity(area, NeedWeights({"income_rank": 1.0, "health_rank": 1.0}), samples=4000).set_index(
        "zone_code"
    )
    assert found.loc["B", ["rank_low", "rank_high", "top_fifth_share"]].tolist() == [2, 2, 0]
    assert (
        found.loc["A", ["rank_low", "rank_high"]].tolist()
        == found.loc["C", ["rank_low", "rank_high"]].tolist()
        == [1, 3]
    )
    assert found.loc["C", "top_fifth_share"] == pytest.approx(0.5, abs=0.03)  # equal weights: drawn evenly
    # Income three times: the share of samples in which it weighs more is that of Beta(1.5, 0.5) above ½: 0.818
    leaning = need_sensitivity(area, NeedWeights({"income_rank": 3.0, "health_rank": 1.0}), samples=4000).set_index(
        "zone_code"
    )
    assert leaning.loc["C", "top_fifth_share"] == pytest.approx(0.818, abs=0.03)
    assert leaning.index[0] == "C" and leaning.loc["C", "rank"] == 1


def test_sensitivity_of_footprints_weighs_zones_by_people(one_road: Area) -> None:
    found = need_sensitivity(one_road, NeedWeights({"income_rank": 1.0}), level="la", samples=10).set_index(
        "footprint_id"
    )
    # L1: A 100 people at 0, B 300 at ½. L2: C at 1.
    assert found["need"].to_dict() == pytest.approx({"L2": 1, "L1": 300 * 0.5 / 400})
    assert found["rank"].tolist() == [1, 2]
    with pytest.raises(NoNeed, match="no footprints of the level 'rpb'"):
        need_sensitivity(one_road, level="rpb")
    with pytest.raises(NoNeed, match="samples can't be drawn"):
        need_sensitivity(one_road, samples=1)


columns = st.dictionaries(
    st.sampled_from(["income_rank", "health_rank", "population", "households_no_car_share", "population_65plus_share"]),
    st.floats(0.01, 100),
    min_size=1,
)


@settings(max_examples=40, deadline=None)
@given(columns, st.integers(0, 99), st.floats(0.1, 10))
def test_need_lies_between_0_and_1_and_only_proportions_of_weights_matter(
    one_road: Area, weights: dict[str, float], seed: int, factor: float
) -> None:
    need = NeedWeights(weights)
    index = need_index(one_road, need)
    assert index.between(-1e-12, 1 + 1e-12).all()
    scaled = NeedWeights({name: weight * factor for name, weight in weights.items()})
    np.testing.assert_allclose(need_index(one_road, scaled), index, atol=1e-12)
    found = need_sensitivity(one_road, need, samples=20, seed=seed)
    assert found.equals(need_sensitivity(one_road, need, samples=20, seed=seed))
    assert ((found["rank_low"] >= 1) & (found["rank_low"] <= found["rank_high"]) & (found["rank_high"] <= 3)).all()
