"""Footprints side by side, provision against need, and things of one kind, on the busy One Road by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from access.__main__ import main
from access.catchments import Catchments, categories, find_catchments
from access.compare import FootprintFigures, as_table, footprint_figures, measure_name
from access.costs import read_prices
from access.deep_end import DeepEnd, find_deep_end
from access.equity.report import LEAST_RESAMPLED
from access.gaps import find_gaps
from access.network import AreaNetwork
from access.posts import posts_by_cluster
from access.query import QueryError, Standard
from access.sessions import SessionAccess, there_and_back
from access.similar import find_similar
from access.wording import kind_of, words_of
from geo.area import Area
from geo.errors import UnknownName
from geo.opening import open_area
from geo.profile import Need
from geo.words import LANGUAGES, Language, say
from tests.worlds import without_people, write_one_road


@pytest.fixture(scope="module")
def of(busy: SessionAccess) -> list[Catchments]:
    return [find_catchments(busy, Standard(category)) for category in categories(busy)]


@pytest.fixture(scope="module")
def figures(busy: SessionAccess) -> FootprintFigures:
    return footprint_figures(busy, "cluster", measures=["nearest", "within"])


def row(table: pd.DataFrame, measure: str, category: str | None = None) -> pd.Series:
    found = table[
        (table["measure"] == measure)
        & (table["category"].isna() if category is None else table["category"] == category)
    ]
    assert len(found) == 1
    return found.iloc[0]


def test_west_against_east(figures: FootprintFigures) -> None:
    table = figures.compare("west", "east")
    assert row(table, "population")[["first", "second", "rank"]].tolist() == [400, 300, 1]
    # Older people 20 + 60 of 400, and 90 of 300. Cars: (100 · 0.1 + 300 · 0.2) / 400, and 0.5.
    assert row(table, "share_65plus")[["first", "second"]].tolist() == pytest.approx([0.2, 0.3])
    assert row(table, "no_car_share")[["first", "second"]].tolist() == pytest.approx([0.175, 0.5])
    assert row(table, "mean_need")[["first", "second"]].tolist() == pytest.approx([0.375, 1])
    assert row(table, "mean_need")["unit"] == "unit.need"  # 0 to 1, not a share
    assert (
        say(row(table, "no_car_share")["unit"], "en") == "share of households"
    )  # of which there are fewer than people
    assert say(row(table, "share_65plus")["unit"], "en") == "share of people"
    assert row(table, "wte_per_10000_residents")["better"] == "second"  # 12.5 against 33.3
    crafts = row(table, "covered_share", "crafts")
    assert crafts[["first", "second", "better", "rank", "ranked"]].tolist() == [
        1,
        0,
        "first",
        1,
        2,
    ]  # of those who are known
    assert row(table, "covered_share", "woodwork")["better"] == "second"
    assert pd.isna(row(table, "population")["better"])  # more people are neither better nor worse
    assert row(table, "within", "crafts")["better"] == "first"


def test_a_share_is_of_those_of_whom_it_is_known(busy: SessionAccess, busy_road: Area) -> None:
    # Of B it is not known how many are older: of west's A 20 in 100 are, not 20 in 400.
    zones = busy_road.zones.assign(population_65plus=[20.0, np.nan, 90.0])
    access = replace(busy, network=replace(busy.network, area=replace(busy_road, zones=zones)))
    found = footprint_figures(access, "cluster", categories=["crafts"], measures=["within"])
    assert row(found.compare("west", "east"), "share_65plus")["first"] == pytest.approx(0.2)


def test_every_measure_is_held_against_the_limit_that_was_asked(busy: SessionAccess) -> None:
    # A walks 12.5 minutes to the hall's three crafts; B1 rides 15. B2 is not placed, so west is 300 people: (100 · 3 + 200 · 0) / 300.
    asked = footprint_figures(busy, "cluster", categories=["crafts"], measures=["within"], within_min=13.0)
    table = asked.compare("west", "east")
    assert row(table, "within", "crafts")["first"] == pytest.approx(1)
    assert row(table, "covered_share", "crafts")["first"] == pytest.approx(100 / 300)
    tighter = footprint_figures(
        busy, "cluster", categories=["crafts"], measures=["within", "two_step"], within_min=12.0
    )
    for name in ("covered_share", "within", "two_step"):
        assert row(tighter.compare("west"), name, "crafts")["first"] == 0


def test_need_is_the_profiles_where_none_is_chosen(busy_road: Area, of: list[Catchments]) -> None:
    # Older people are 20, 60 and 90: scaled from the least to the greatest, A 0, B 4/7, C 1. West: 300 · 4/7 / 400.
    own = Need(weights={"population_65plus": 1.0}, slope=3.0, reason_en="Age.", reason_cy="Oed.")
    area = replace(busy_road, profile=busy_road.profile.model_copy(update={"need": own}))
    network = replace(of[0].access.network, area=area)
    access = replace(of[0].access, network=network)
    mean_need = pytest.approx({"west": 3 / 7, "east": 1})
    compared = footprint_figures(access, "cluster", categories=["crafts"], measures=["within"])
    assert row(compared.compare("west", "east"), "mean_need")[["first", "second"]].tolist() == pytest.approx([3 / 7, 1])
    posts = posts_by_cluster(area).set_index("cluster_id")
    assert posts["mean_need"].to_dict() == mean_need
    # The profile's slope counts too: west 400 + 3 · 300 · 4/7, east 300 + 3 · 300.
    assert posts["need_weighted_residents"].to_dict() == pytest.approx({"west": 400 + 3 * 300 * 4 / 7, "east": 1200})
    deep = find_deep_end([replace(one, access=access) for one in of]).table.set_index("id")
    # The deep end knows where people live, but need is the zone's: the same means.
    assert deep["mean_need"].to_dict() == mean_need


def test_no_place_is_worse_off_than_where_most_reach_nothing(figures: FootprintFigures) -> None:
    # Crafts: C's 300, all of east, have no way home; in west A walks 12.5 minutes and B1 takes 26. It is known, so it is compared.
    nearest = row(figures.compare("east", "west"), "nearest", "crafts")
    assert nearest["first"] == np.inf and nearest["second"] == pytest.approx(26, abs=0.1)
    assert (nearest["better"], nearest["rank"], nearest["ranked"]) == ("second", 2, 2)
    both = replace(figures, values=figures.values.assign(west=figures.values["east"]))
    assert row(both.compare("east", "west"), "nearest", "crafts")["better"] == "same"


def test_a_standard_that_is_answered_is_the_one_compared(busy: SessionAccess) -> None:
    # Four crafts a week are nobody's, and one is all of west's.
    asked = find_gaps(busy, Standard("crafts", sessions_per_week=4.0))
    found = footprint_figures(busy, "cluster", categories=["crafts", "singing"], measures=["within"], answered=[asked])
    table = found.compare("west", "east")
    assert row(table, "covered_share", "crafts")["first"] == 0 and row(table, "covered_share", "singing")["first"] > 0


def test_how_deep_the_shortfall_is(busy: SessionAccess) -> None:
    # Of four crafts a week A's 100 reach three and B1's 200 two; B2's 100 are not placed: west (100 · 1/4 + 200 · 2/4) / 300.
    # C reaches none.
    asked = find_gaps(busy, Standard("crafts", sessions_per_week=4.0))
    table = footprint_figures(busy, "cluster", categories=["crafts"], measures=["within"], answered=[asked]).compare(
        "west", "east"
    )
    sessions = row(table, "depth_sessions", "crafts")
    assert sessions[["first", "second", "better"]].tolist() == [pytest.approx(125 / 300), 1, "first"]
    assert sessions[["first_known_persons", "second_known_persons", "unit"]].tolist() == [300, 300, "unit.gap"]
    # One a week within 20 minutes: A walks 12.5, B1 takes 26, so it lacks 6 of 20; C is never home, which counts as all of the limit.
    near = footprint_figures(busy, "cluster", categories=["crafts"], measures=["within"], within_min=20.0)
    minutes = row(near.compare("west", "east"), "depth_minutes", "crafts")
    assert minutes[["first", "second", "better"]].tolist() == [pytest.approx(200 / 300 * 6 / 20, abs=4e-3), 1, "first"]


def test_minutes_have_no_depth_where_fares_have_a_say(busy: SessionAccess) -> None:
    asked = find_gaps(busy, Standard("crafts", max_fare_gbp=0.0), read_prices(date(2026, 10, 13)))
    table = footprint_figures(busy, "cluster", categories=["crafts"], measures=["within"], answered=[asked]).compare(
        "west"
    )
    minutes = row(table, "depth_minutes", "crafts")
    assert np.isnan(minutes["first"]) and "leaves fares out" in say(minutes["problem"], "en")
    # A's 100 walk. Of B's 300 people 60 hold a pass: of B1's 200 a fifth ride free, the others find nothing.
    assert row(table, "depth_sessions", "crafts")["first"] == pytest.approx(160 / 300)


def test_minutes_to_more_than_one_option(busy: SessionAccess) -> None:
    # A walks 12.5 minutes to each of the three crafts, while B1 has two: the 26 minutes of the first and, having left at 13:34
    # for 14:15, 41 of the second. Of west's 300 who are known B1's 200 are the middle: 26, 41, and no third. C has none.
    found = footprint_figures(busy, "cluster", categories=["crafts"], measures=["nearest"], nth=(1, 2, 3, 2))
    table = found.compare("west", "east")
    assert table.loc[table["unit"] == "unit.min", "measure"].tolist() == ["nearest", "nearest_2", "nearest_3"]
    assert row(table, "nearest_2", "crafts")["first"] == pytest.approx(41, abs=0.1)
    assert row(table, "nearest_2", "crafts")["second"] == np.inf
    assert row(table, "nearest_2", "crafts")[["better", "rank", "first_known_persons"]].tolist() == ["first", 1, 300]
    assert row(table, "nearest_3", "crafts")[["first", "better"]].tolist() == [np.inf, "same"]
    with pytest.raises(QueryError, match="from 1 to 100"):
        footprint_figures(busy, "cluster", categories=["crafts"], measures=["nearest"], nth=(0,))


def test_a_percentile_of_a_window_is_compared_too(busy: SessionAccess) -> None:
    # Leaving B1 from 13:00 to 13:15 for the bus of 13:35, at the hall 13:50: the 4th shortest of 15 departures takes 39 minutes, the 8th
    # 43. Home by the bus of 16:10 ten departures of 15 have a way, so at three quarters (the 12th) B1's 200, the most of west, have none.
    def nearest(percentile: int) -> pd.Series:
        window = {"depart_s": 13 * 3600, "until_s": 13 * 3600 + 900, "back_s": 16 * 3600, "percentile": percentile}
        found = footprint_figures(busy, "cluster", categories=["crafts"], measures=["nearest_in_window"], asked=window)
        return row(found.compare("west", "east"), "nearest_in_window", "crafts")

    quarter, half, most = nearest(25), nearest(50), nearest(75)
    assert [quarter["first"], half["first"]] == pytest.approx([39, 43], abs=0.1) and most["first"] == np.inf
    assert quarter[["second", "unit", "better", "first_known_persons"]].tolist() == [np.inf, "unit.min", "first", 300]


def test_what_is_asked_goes_to_the_measures_that_have_it(busy: SessionAccess) -> None:
    # Of crafts A's 100 and B1's 200 share the 12 and 10 places of two sessions; the third, which A alone reaches, is taken to have 8.
    # West: (12 + 10 + 8) places for 300 people.
    found = footprint_figures(busy, "cluster", categories=["crafts"], asked={"assumed_capacity": 8.0})
    table = found.compare("west", "east")
    assert row(table, "two_step", "crafts")["first"] == pytest.approx(100)
    assert "nearest_in_window" not in table["measure"].tolist()  # it searches anew, and nothing of it was asked
    with_window = footprint_figures(busy, "cluster", categories=["crafts"], asked={"percentile": 50})
    assert {*table["measure"], "nearest_in_window"} == set(with_window.about["measure"])
    with pytest.raises(QueryError, match="None of nearest, within has percentile"):
        footprint_figures(busy, "cluster", measures=["nearest", "within"], asked={"percentile": 50})
    with pytest.raises(QueryError, match="no measure called 'x'"):
        footprint_figures(busy, "cluster", measures=["x"])


def test_a_zone_whose_people_are_not_counted_stops_no_comparison(busy: SessionAccess) -> None:
    # B's people are not counted: of west only A's 100 are known, who are not all of west.
    found = footprint_figures(without_people(busy, "B"), "cluster", categories=["crafts"])
    table = found.compare("west", "east")
    people = row(table, "population")
    assert np.isnan(people["first"]) and people["second"] == 300
    assert people[["first_known_persons", "second_known_persons"]].tolist() == [100, 300]
    assert row(table, "share_65plus")[["first", "first_known_persons"]].tolist() == pytest.approx([0.2, 100])
    assert row(table, "covered_share", "crafts")[["first", "first_known_persons"]].tolist() == [1, 100]
    assert row(table, "within", "crafts")["first_known_persons"] == 100
    # Who shares the places can't be said, so those rows are there, missing, with their reason; the others are whole.
    places = row(table, "two_step", "crafts")
    assert np.isnan(places["first"]) and np.isnan(places["second"])
    assert "said: 1 small area has no population" in say(places["problem"], "en")  # B
    assert table.loc[table["measure"] == "nearest", "problem"].isna().all()
    assert found.uncounted_zones.to_dict() == {"west": 1, "east": 0}
    assert found.compare("west")["second_known_persons"].isna().all()  # the median of the peers is of no one's people


def test_why_a_row_is_missing_is_said_in_either_language(busy: SessionAccess) -> None:
    # Nobody counts the people of B and C: who shares the places of crafts is not known, while the rest of the table is whole.
    found = footprint_figures(
        without_people(busy, "B", "C"), "cluster", categories=["crafts"], measures=["two_step", "within"]
    )
    table = as_table(found.compare("west", "east"))
    places = row(table, "two_step", "crafts")
    assert places["problem_en"] == "How many people share the places can't be said: 2 small areas have no population."
    assert "ni wyddys poblogaeth 2 ardal fach" in places["problem_cy"]
    assert row(table, "within", "crafts")[["problem_en", "problem_cy"]].isna().all() and "problem" not in table


def test_how_many_people_a_value_is_known_of(figures: FootprintFigures) -> None:
    # Of west's 400, B2's 100 are not placed.
    crafts = row(figures.compare("west", "east"), "covered_share", "crafts")
    assert crafts[["first_known_persons", "second_known_persons"]].tolist() == [300, 300]


def test_one_against_the_median_of_its_peers(figures: FootprintFigures) -> None:
    # West has one peer, so the median is the peer; an area of one cluster has none.
    pair, median = figures.compare("west", "east"), figures.compare("west")
    people = ["second_known_persons"]  # which a middle of several has not
    pd.testing.assert_frame_equal(pair.drop(columns=people), median.drop(columns=people))
    with pytest.raises(UnknownName, match="footprint"):
        figures.compare("north")
    with pytest.raises(QueryError, match="nothing to be compared"):
        figures.compare("west", "west")
    with pytest.raises(QueryError, match="nothing to be compared"):
        replace(figures, values=figures.values[["west"]]).compare("west")


def of_values(values: pd.DataFrame, about: pd.DataFrame) -> FootprintFigures:
    """Return figures of no area: comparing reads the two tables only."""
    return FootprintFigures(cast(Area, None), "cluster", values, about.assign(problem=None), values)


def test_the_median_is_of_the_others() -> None:
    about = pd.DataFrame(
        [{"measure": "covered_share", "category": "arts", "unit": "unit.share", "more_is_better": True}]
    )
    values = pd.DataFrame([[0.9, 0.1, 0.2, np.nan]], columns=["a", "b", "c", "d"])
    table = of_values(values, about).compare("a")
    assert table[["second", "difference", "rank", "ranked"]].values.tolist() == [
        [pytest.approx(0.15), pytest.approx(0.75), 1, 3]
    ]
    unknown = of_values(values, about).compare("d")
    assert unknown["better"].isna().all() and unknown["rank"].isna().all()


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.floats(-5, 5), min_size=2, max_size=6), more=st.booleans())
def test_comparison_turned_round(values: list[float], more: bool) -> None:
    about = pd.DataFrame([{"measure": "x", "category": None, "unit": "unit.min", "more_is_better": more}])
    figures = of_values(pd.DataFrame([values], columns=[f"f{n}" for n in range(len(values))]), about)
    one, other = (figures.compare(*pair).iloc[0] for pair in (("f0", "f1"), ("f1", "f0")))
    turned = {"first": "second", "second": "first", "same": "same"}
    assert one["difference"] == -other["difference"] and other["better"] == turned[one["better"]]
    assert (one["rank"] < other["rank"]) <= (one["better"] in ("first", "same"))


def test_provision_against_need(of: list[Catchments], figures: FootprintFigures) -> None:
    found = find_deep_end(of)
    table = found.table.set_index("id")
    assert table.index.tolist() == ["east", "west"]  # most need first
    # West: A's 100 reach three crafts (of three a week), B1's 200 two crafts and the choir: (300 + 600) / 300. Of B2's 100 it is not known.
    assert table["sessions_in_reach"].to_dict() == {"east": 1, "west": pytest.approx(900 / 300)}
    within = [row(figures.compare("west", "east"), "within", one.standard.category)["first"] for one in of]
    assert table.loc["west", "sessions_in_reach"] == pytest.approx(
        sum(within)
    )  # the same as where footprints are compared
    assert table["sessions_held_per_1000"].to_dict() == {
        "east": pytest.approx(1000 / 300),
        "west": pytest.approx(4000 / 400),
    }
    assert np.isnan(found.line("sessions_in_reach")).all()  # two points make no law
    assert "too few points" in say(found.describe("sessions_in_reach"), "en")
    by_practice = find_deep_end(of, "practice").table.set_index("id")
    # A lives at P1 and C at P2; B is as far from either.
    assert by_practice["population"].sum() == 700 and (by_practice["population"] >= [300, 100]).all()
    assert by_practice["is_derived"].all() and by_practice.index.tolist() == ["P2", "P1"]
    with pytest.raises(QueryError, match="no footprints"):
        find_deep_end(of, "rpb")
    with pytest.raises(QueryError, match="at least one"):
        find_deep_end([])


def test_the_deep_end_divides_by_no_part_of_the_people(of: list[Catchments]) -> None:
    # West without B's people: need is A's alone, and what is held there is of no number of people.
    access = without_people(of[0].access, "B")
    table = find_deep_end([replace(one, access=access) for one in of]).table.set_index("id")
    west = table.loc["west"]
    assert west[["population", "uncounted_zones", "mean_need", "need_known_persons"]].tolist() == [100, 1, 0, 100]
    assert west[["sessions_in_reach", "reach_known_persons"]].tolist() == [3, 100]
    assert np.isnan(west["sessions_held_per_1000"]) and table.loc["east", "uncounted_zones"] == 0
    # East without C's: nobody is counted there, which is not nobody.
    access = without_people(of[0].access, "C")
    east = find_deep_end([replace(one, access=access) for one in of]).table.set_index("id").loc["east"]
    assert np.isnan(east["population"]) and np.isnan(east["mean_need"]) and east["uncounted_zones"] == 1


def test_the_line_is_weighted_by_people() -> None:
    # Three points on y = 10 − 4 x, and one far off where nobody lives: the line does not see it.
    table = pd.DataFrame(
        {
            "mean_need": [0, 0.5, 1, 1],
            "sessions_in_reach": [10, 8, 6, 99],
            "population": [100, 50, 200, 0],
            "id": list("abcd"),
        }
    )
    slope, start, correlation = DeepEnd(table).line("sessions_in_reach")
    assert (slope, start, correlation) == (pytest.approx(-4), pytest.approx(10), pytest.approx(-1))
    # Three points with people are too few to read a law out of them, however well they lie on a line.
    said = say(DeepEnd(table).describe("sessions_in_reach"), "en")
    assert "too few points" in said and "points: 3" in said and "Inverse Care Law" not in said
    assert not DeepEnd(table).correlation("sessions_in_reach").has_interval


def many_points(slope: float, noise: float, n: int = 24) -> DeepEnd:
    """Return footprints of as many people each on a line, every second of them so much above it and the others below."""
    need = np.linspace(0, 1, n)
    provision = 10 + slope * need + noise * np.where(np.arange(n) % 2, 1, -1)
    return DeepEnd(pd.DataFrame({"mean_need": need, "sessions_in_reach": provision, "population": 100.0}))


def test_a_law_is_named_only_where_the_interval_leaves_nought_out() -> None:
    def said(found: DeepEnd, language: Language = "en") -> str:
        return say(found.describe("sessions_in_reach"), language)

    # 24 needs from 0 to 1 have a variance of 25 / (12 · 23) = 0.0906: the line gives provision one of 16 · 0.0906 = 1.45, the noise 1.
    falling, rising = many_points(-4, 1), many_points(4, 1)
    assert (
        "falls as need rises" in said(falling) and "Inverse Care Law" in said(falling) and "points: 24" in said(falling)
    )
    assert "rises as need rises" in said(rising) and "Inverse Care Law" not in said(rising)
    assert falling.correlation("sessions_in_reach").high < 0 < rising.correlation("sessions_in_reach").low
    # As steep a line under ten times the noise, which has a variance of 100: the interval lies on both sides of nought.
    faint = many_points(-4, 10)
    found = faint.correlation("sessions_in_reach")
    assert found.value < 0 and found.low < found.value < 0 < found.high
    assert "can't be told" in said(faint) and "Inverse Care Law" not in said(faint)
    assert faint.correlation("sessions_in_reach") == found  # same seed, same interval
    assert "too few points" in said(many_points(-4, 0, n=LEAST_RESAMPLED - 1))
    assert "falls" in said(many_points(-4, 0, n=LEAST_RESAMPLED)) and "too few" not in said(
        many_points(-4, 0, n=LEAST_RESAMPLED)
    )
    for case in (falling, rising, faint, many_points(-4, 0, n=5), many_points(0, 0)):
        assert "{" not in said(case, "cy") and said(case, "cy") != said(case)
    assert "the same everywhere" in said(many_points(0, 0))  # provision is the same everywhere


def test_the_same_thing_a_little_differently(of: list[Catchments]) -> None:
    found = find_similar(of)
    # "Aton Craft Club" and "Beeton Club for Craft" say the same once places, order and "for" are gone; sewing is another thing.
    assert found["activity_id"].tolist() == ["craft", "knit"]
    assert found["words"].unique().tolist() == ["club craft"]
    assert found["words_cy"].unique().tolist() == ["clwb crefftau"]
    assert found[["providers", "clusters", "funders", "kind_reached_persons"]].drop_duplicates().values.tolist() == [
        [2, 1, 2, 300]
    ]
    assert found["footprint_id"].tolist() == ["west", "west"]  # the hall stands in A
    assert found["cost_gbp"].tolist()[0] == 2 and np.isnan(found["cost_gbp"].tolist()[1])  # not known is not nothing
    assert found["measures"].tolist()[0] == "<b>Wellbeing</b> scale" and found["measures"].isna().tolist() == [
        False,
        True,
    ]
    assert find_similar(of, least=3).empty


def test_words_in_each_language(of: list[Catchments]) -> None:
    # The same in English, but in Welsh "Tref" (a place) and "Clwb" / "Grŵp": nothing is shared, so the first name stands for both.
    crafts = next(one for one in of if one.standard.category == "crafts")
    sessions = crafts.access.sessions
    other = sessions.assign(name_cy=sessions["name_cy"].where(sessions["activity_id"] != "knit", "Grŵp Gwlân"))
    found = find_similar([replace(crafts, access=replace(crafts.access, sessions=other))])
    assert found["words"].unique().tolist() == ["club craft"]
    assert found["words_cy"].unique().tolist() == ["Clwb Crefftau Tref A"]


def test_words_of_a_name() -> None:
    assert words_of("Grŵp Crefftio’r Tŵr, Ninian's") == ["grwp", "crefftio", "twr", "ninian"]
    assert kind_of("The Tower Craft Club", {"tower"}) == {"craft", "club"}
    assert kind_of("The Tower", {"tower"}) == {"the", "tower"}  # nothing else is left, so all of it counts
    assert kind_of("Clwb Crefft y Tŵr") == kind_of("clwb TWR crefft")


def test_the_demonstration_area_compared() -> None:
    access = there_and_back(AreaNetwork(open_area("cantrer-gwaelod")), ("transit",))
    table = footprint_figures(access, "cluster", categories=["arts"], measures=["within"]).compare("gwymon")
    assert row(table, "mean_need")["rank"] == 1  # the valley in most need
    assert row(table, "covered_share", "arts")["better"] == "second"
    deep = find_deep_end([find_catchments(access, Standard(category)) for category in categories(access)])
    assert deep.table["id"].iloc[0] == "gwymon"
    assert deep.table["sessions_held_per_1000"].idxmin() == 0  # most need, fewest sessions a head
    # Six clusters: the line falls, and no law is read out of so few.
    assert deep.line("sessions_held_per_1000")[2] < 0
    assert "too few points" in say(deep.describe("sessions_held_per_1000"), "en")
    assert "points: 6" in say(deep.describe("sessions_held_per_1000"), "en")
    kinds = find_similar([find_catchments(access, Standard("food"))])
    first = kinds[kinds["kind"] == 1]
    assert first["words"].iloc[0] == "bank food" and first["clusters"].iloc[0] == 6


def test_what_rows_are_called() -> None:
    for name in (
        "population",
        "covered_share",
        "depth_sessions",
        "depth_minutes",
        "nearest",
        "nearest_2",
        "within",
        "two_step",
    ):
        for language in LANGUAGES:
            assert say(measure_name(name), language)


def test_the_commands(tmp_path: Path) -> None:
    profile = str(write_one_road(tmp_path, busy=True))

    def run(*words: str) -> str:
        found = CliRunner().invoke(main, list(words))
        assert found.exit_code == 0, found.output
        return found.output

    assert "Share of people who find the standard met" in run(
        "compare", profile, "west", "east", "--category", "crafts"
    )
    assert "Minutes until 2 options are in reach" in run("compare", profile, "west", "--category", "crafts")
    fourth = run("compare", profile, "west", "--category", "crafts", "--n", "4")
    assert "Minutes until 4 options" in fourth and "until 2 options" not in fourth
    assert "median of peers" in run("compare", profile, "west", "--category", "crafts")
    assert "inf: half the people or more reach nothing" in run("compare", profile, "east", "--category", "crafts")
    words = ("--measure", "nearest_in_window", "--depart", "13:00", "--until", "13:15", "--back", "16:00")
    window = run("compare", profile, "west", "--category", "crafts", *words, "--percentile", "25")
    [line] = [line for line in window.splitlines() if "leaving at any minute" in line]
    assert "39" in line.split() and "Sessions a week within reach" not in window
    digest = re.compile(r"Made from data and question (\w+)")
    later = run("compare", profile, "west", "--category", "crafts", *words, "--percentile", "50")
    assert digest.findall(window) != digest.findall(later)
    refused = CliRunner().invoke(main, ["compare", profile, "west", "--measure", "within", "--percentile", "25"])
    assert refused.exit_code == 1 and "None of within has percentile" in refused.output
    assert "too few points" in run("deep-end", profile)
    assert '2 activities of one kind ("club craft")' in run("similar", profile)
    assert "what they measure: <b>Wellbeing</b> scale (1), not known (1)" in run("similar", profile)
    for words in (["compare", profile, "west"], ["deep-end", profile], ["similar", profile]):
        out = tmp_path / "out.csv"
        run(*words, "--out", str(out))
        assert out.with_name("out.csv.digest").is_file() and out.stat().st_size > 0


def test_the_command_says_and_writes_why_a_row_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = str(write_one_road(tmp_path, busy=True))
    network = AreaNetwork(open_area(profile))
    access = without_people(there_and_back(network, ("transit",)), "B")
    monkeypatch.setattr("access.commands.compare.open_network", lambda *rules: access.network)
    monkeypatch.setattr("access.commands.compare.there_and_back", lambda *asked: access)
    words = ["compare", profile, "west", "east", "--category", "crafts"]
    told = CliRunner().invoke(main, words)
    assert told.exit_code == 0, told.output
    reason = "How many people share the places can't be said: 1 small area has no population."
    [missing] = [line for line in told.output.splitlines() if line.startswith("missing: ")]
    assert "not counted in west: the people of 1 zone without a population" in told.output
    assert "not counted in east" not in told.output
    assert "(2SFCA)" in missing and "(3SFCA)" in missing and missing.endswith(reason)
    for name in ("out.csv", "out.parquet"):
        out = tmp_path / name
        found = CliRunner().invoke(main, [*words, "--out", str(out)])
        assert found.exit_code == 0, found.output
        table = pd.read_csv(out) if out.suffix == ".csv" else pd.read_parquet(out)
        assert row(table, "two_step", "crafts")["problem_en"] == reason
