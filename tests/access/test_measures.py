"""Measures on One Road with two craft groups, by hand; and the laws of decays and catchments.

::

    by car (100 s/km)      hall (km 0)     chapel (km 5)
    A1  km 1  100 people     1:40            6:40            crafts   Craft club   hall    12 places   Tuesday, weekly
    B1  km 5  200 people     8:20            0:00                     Knitting     chapel  30 places   Tuesday, fortnightly
    C1  km 9  300 people    15:00            6:40                                                      Thursday, weekly
    B2        100 people    not placed
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from access.decay import DECAYS, STEPS, Exponential, Linear, Logistic, Step, decay_of, steps_of
from access.gaps import find_gaps
from access.measures import LEGS, kinds, measure, parameters
from access.measures.base import Measured
from access.measures.catchments import NEGLIGIBLE, catchment
from access.network import AreaNetwork
from access.query import QueryError, Standard
from access.sessions import SessionAccess, there_and_back
from geo.build import build_area
from geo.errors import UnknownName
from geo.profile import read_profile
from geo.words import say
from tests.worlds import FREE_FLOW, degrees, write_one_road

MODES = ("drive",)


def two_groups(
    folder: Path, *, capacity: tuple[str, str] = ("12", "30"), trusted: str = "", hall_north_km: float = 0.0
) -> SessionAccess:
    profile = write_one_road(folder, trusted=trusted)
    (lon, lat), chapel = degrees(0, hall_north_km), degrees(5)
    (folder / "venues.csv").write_text(
        f"venue_id,name,lon,lat\nhall,Hall,{lon:.7f},{lat:.7f}\nchapel,Chapel,{chapel[0]:.7f},{chapel[1]:.7f}\n",
        encoding="utf-8",
    )
    (folder / "activities.csv").write_text(
        "activity_id,name_en,name_cy,category,venue_id,capacity\n"
        f"craft,Craft club,Clwb crefftau,crafts,hall,{capacity[0]}\n"
        f"knit,Knitting,Gwau,crafts,chapel,{capacity[1]}\n",
        encoding="utf-8",
    )
    (folder / "sessions.csv").write_text(
        "session_id,activity_id,weekday,start,end,freq\n"
        "craft-tue,craft,tuesday,14:00,16:00,weekly\n"
        "knit-tue,knit,tuesday,14:00,16:00,fortnightly\n"
        "knit-thu,knit,thursday,10:00,12:00,weekly\n",
        encoding="utf-8",
    )
    return there_and_back(AreaNetwork(build_area(read_profile(profile)), FREE_FLOW), ("walk", "drive", "transit"))


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> SessionAccess:
    return two_groups(tmp_path_factory.mktemp("groups"))


def values(found: Measured) -> list[float]:
    """Return the values of A1, B1, C1; B2 is not placed, so unknown in every measure."""
    assert np.isnan(found.values["B2"]) and not found.by_origin.set_index("origin_id").loc["B2", "is_known"]
    return found.values[["A1", "B1", "C1"]].tolist()


def test_nearest_counts_activities_not_sessions(groups: SessionAccess) -> None:
    assert values(measure("nearest", groups, "crafts", MODES)) == pytest.approx([100 / 60, 0, 400 / 60], abs=1e-3)
    assert values(measure("nearest", groups, "crafts", MODES, n=2)) == pytest.approx([400 / 60, 500 / 60, 15], abs=1e-3)
    third = measure("nearest", groups, "crafts", MODES, n=3)  # knitting twice a week is one choice
    assert np.isnan(values(third)).all()
    assert third.by_origin["is_known"].tolist() == [True, True, False, True]  # unreachable is not unknown
    assert not third.by_origin["is_reachable"].any()


def test_within_counts_sessions_a_week(groups: SessionAccess) -> None:
    # within 10 minutes: A and B both (1 + 1/2 + 1), C the chapel only
    assert values(measure("within", groups, "crafts", MODES, within_min=10.0)) == [2.5, 2.5, 1.5]
    assert values(measure("within", groups, "crafts", MODES, within_min=1.0)) == [
        0,
        1.5,
        0,
    ]  # reaching nothing is 0, known


def test_legs(access: SessionAccess) -> None:
    # One Road's craft club by bus: C gets there (41 minutes) and not home; B 26 minutes out and 25 back
    found = {legs: measure("nearest", access, "crafts", legs=legs).values for legs in LEGS}
    assert found["out"][["B1", "C1"]].tolist() == pytest.approx([26, 41], abs=0.1)
    assert found["back"]["B1"] == pytest.approx(25, abs=0.1)
    assert found["round_trip"]["B1"] == pytest.approx(26, abs=0.1)
    assert np.isnan(found["back"]["C1"]) and np.isnan(found["round_trip"]["C1"])


def test_the_best_mode_counts(groups: SessionAccess) -> None:
    # on foot from A: the hall 12.5 minutes; by bus or car no worse
    assert values(measure("nearest", groups, "crafts", ("walk",)))[0] == pytest.approx(12.5, abs=1e-3)
    assert values(measure("nearest", groups, "crafts", ("walk", "drive")))[0] == pytest.approx(100 / 60, abs=1e-3)


def test_a_window_asks_for_every_minutes_departure(access: SessionAccess) -> None:
    # Leaving at 13:00 … 13:14 for the hall: all reach it at 13:50 by the one bus, so the middle departure, 13:07, takes 43 minutes;
    # A walks. Back in 16:00 … 16:14: the bus of 16:10 is caught until 16:09 (a minute to board) and is at B at 16:25: 16 to 25 minutes, of
    # 15 departures the 8th shortest 23; the other 5 have no way, so at 75 % (the 12th) there is none. Nothing goes home to C.
    def minutes(legs: str, percentile: int) -> list[float]:
        window = {"depart_s": 13 * 3600, "until_s": 13 * 3600 + 900, "back_s": 16 * 3600, "percentile": percentile}
        return values(measure("nearest_in_window", access, "crafts", legs=legs, **window))  # type: ignore[arg-type]

    assert minutes("out", 50) == pytest.approx([12.5, 43, 43], abs=0.1)
    assert minutes("back", 50) == pytest.approx([12.5, 23, np.nan], abs=0.1, nan_ok=True)
    assert minutes("round_trip", 50) == pytest.approx([12.5, 43, np.nan], abs=0.1, nan_ok=True)
    assert minutes("back", 75) == pytest.approx([12.5, np.nan, np.nan], abs=0.1, nan_ok=True)
    by_car = measure("nearest_in_window", access, "crafts", MODES)  # no timetable: the same at every minute
    assert values(by_car) == pytest.approx([100 / 60, 500 / 60, 15], abs=1e-3)


def test_gravity(groups: SessionAccess) -> None:
    found = measure("gravity", groups, "crafts", MODES, decay="exponential", cutoff_min=5.0)
    # A: 1 session 1:40 away (a third of the half-life) and 1.5 sessions 6:40 away (four thirds)
    a, b, c = values(found)
    assert a == pytest.approx(2 ** (-1 / 3) + 1.5 * 2 ** (-4 / 3), abs=1e-4)
    assert b == pytest.approx(2 ** (-5 / 3) + 1.5, abs=1e-4)
    assert c == pytest.approx(2**-3 + 1.5 * 2 ** (-4 / 3), abs=1e-4)
    assert values(measure("gravity", groups, "crafts", MODES, decay="step", cutoff_min=10.0)) == [2.5, 2.5, 1.5]


def test_two_step(groups: SessionAccess) -> None:
    # within 10 minutes the hall's 12 places are for A and B (300 people), the chapel's 15 + 30 for all 600:
    # 40 and 75 per 1,000
    found = measure("two_step", groups, "crafts", MODES, within_min=10.0)
    assert values(found) == pytest.approx([115, 115, 75])
    assert np.nansum(found.by_origin["value"] * found.by_origin["population"]) == pytest.approx(57_000)


def test_enhanced_two_step(groups: SessionAccess) -> None:
    # C is 15 minutes from the hall: weight 0.68. 12 places for 100 + 200 + 0.68 · 300 = 504; all weigh 1 at the chapel
    found = measure("enhanced_two_step", groups, "crafts", MODES, weights="e2sfca_30")
    assert values(found) == pytest.approx([12e3 / 504 + 75, 12e3 / 504 + 75, 0.68 * 12e3 / 504 + 75])


def test_three_step(groups: SessionAccess) -> None:
    # f: 0.962 within 10 minutes, 0.704 within 20. A and B go to each of three sessions with 1/3; C to the hall with
    # 0.704/2.628 and to each at the chapel with 0.962/2.628
    near, far, at_chapel = 0.962 / 3, 0.704**2 / 2.628, 0.962**2 / 2.628
    hall, chapel = 12 / (300 * near + 300 * far), 45 / (300 * near + 300 * at_chapel)
    found = measure("three_step", groups, "crafts", MODES)
    assert values(found) == pytest.approx(
        [1e3 * near * (hall + chapel)] * 2 + [1e3 * (far * hall + at_chapel * chapel)]
    )


def test_a_capacity_is_never_assumed_in_silence(tmp_path: Path) -> None:
    one_unknown = two_groups(tmp_path, capacity=("12", ""))
    told = measure("two_step", one_unknown, "crafts", MODES, within_min=10.0)
    assert say(told.notes[0], "en").startswith(
        "2 sessions do not say how many they can take: 12 places each are assumed"
    )
    assert values(told) == pytest.approx([40 + 30, 40 + 30, 30])  # 12 · 1.5 places for 600
    without = measure("two_step", one_unknown, "crafts", MODES, within_min=10.0, assumed_capacity=None)
    assert "are left out" in say(without.notes[0], "en")
    assert values(without) == pytest.approx([40, 40, 0])
    # In three steps a session without places draws nobody: all of C, like all of A and B, goes to the hall.
    drawn = measure("three_step", one_unknown, "crafts", MODES, assumed_capacity=None)
    total = 300 * 0.962 + 300 * 0.704
    assert values(drawn) == pytest.approx([12e3 * 0.962 / total] * 2 + [12e3 * 0.704 / total])


def test_no_capacity_at_all_is_an_error_unless_one_is_assumed(access: SessionAccess) -> None:
    with pytest.raises(QueryError, match="Assume a capacity"):
        measure("two_step", access, "crafts", assumed_capacity=None)
    with pytest.raises(QueryError, match="can't be assumed"):
        measure("two_step", access, "crafts", assumed_capacity=-1.0)


def test_what_may_be_nearer_on_a_day_without_timetable_is_unknown(tmp_path: Path) -> None:
    tuesdays = two_groups(tmp_path, trusted='["tuesday"]')
    found = measure("nearest", tuesdays, "crafts", ("transit",)).by_origin.set_index("origin_id")
    # Thursday's knitting: B walks next door all the same; whether a bus takes A and C there is not known.
    assert found["is_known"].to_dict() == {"A1": False, "B1": True, "B2": False, "C1": False}


def test_rolls_up_by_people(groups: SessionAccess) -> None:
    found = measure("within", groups, "crafts", MODES, within_min=10.0)
    zone = found.by_zone.set_index("zone_code")
    assert zone.loc["B", ["reaching_persons", "unknown_persons", "value"]].tolist() == [200, 100, 2.5]
    la = found.by("la").set_index("footprint_id")
    assert la.loc["L1", "value"] == pytest.approx((100 * 2.5 + 200 * 2.5) / 300)
    assert la.loc["L1", ["reaching_persons", "not_reaching_persons", "unknown_persons"]].tolist() == [300, 0, 100]
    with pytest.raises(QueryError, match="no footprints of the level 'rpb'"):
        found.by("rpb")


def test_times_roll_up_to_the_median_in_which_unreachable_is_longest(access: SessionAccess) -> None:
    found = measure("nearest", access, "crafts").by("la").set_index("footprint_id")
    # L1: A's 100 people 12.5 minutes, B's 200 known ones 26: half of 300 have 26 or better. L2: C never gets home.
    assert found.loc["L1", "value"] == pytest.approx(26, abs=0.1)
    assert np.isnan(found.loc["L2", "value"]) and found.loc["L2", "reachable_share"] == 0


def test_a_venue_that_is_not_placed_is_said_to_be_left_out(tmp_path: Path) -> None:
    found = measure("within", two_groups(tmp_path, hall_north_km=5.0), "crafts", MODES)
    assert say(found.notes[0], "en").startswith("1 session is left out")
    assert values(found) == [1.5, 1.5, 1.5]  # the knitting


def test_impossible_questions_say_so(access: SessionAccess) -> None:
    for asked, said in (
        ({"name": "far"}, "no measure called 'far'"),
        ({"n": 2, "name": "within"}, "'within' has no n"),
        ({"n": 0}, "from 1 to 100"),
        ({"legs": "sideways"}, "no legs called"),
        ({"modes": ()}, "not computed by any mode"),
        ({"name": "within", "within_min": 0.0}, "0 minutes"),
        ({"name": "within", "within_min": 181.0}, "looked for up to 180 minutes"),
        ({"name": "two_step", "within_min": 181.0}, "looked for up to 180 minutes"),
        ({"name": "gravity", "cutoff_min": 181.0}, "looked for up to 180 minutes"),
        ({"name": "enhanced_two_step", "weights": "mine"}, "no step weights called 'mine'"),
        ({"name": "gravity", "decay": "cubic"}, "no decay called 'cubic'"),
    ):
        arguments = {"name": "nearest", "category": "crafts", **asked}
        with pytest.raises(QueryError, match=said):
            measure(access=access, **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(kinds()))
def test_where_no_session_of_a_category_runs_everybody_has_none(access: SessionAccess, name: str) -> None:
    found = measure(name, access, "dance")
    is_placed = access.network.origins["walk"].is_placed
    assert not found.is_reachable.any()
    if found.more_is_better:
        assert (found.values[is_placed] == 0).all()
    else:  # minutes to nothing are none
        assert found.values.isna().all()
    with pytest.raises(UnknownName, match="no category called 'crochet'"):
        measure(name, access, "crochet")


def test_every_measure_is_found_and_has_its_words() -> None:
    assert set(kinds()) == {
        "nearest",
        "nearest_in_window",
        "within",
        "gravity",
        "two_step",
        "enhanced_two_step",
        "three_step",
    }
    for name in kinds():
        assert say(f"measure.{name}", "en") and say(f"measure.{name}", "cy")
    assert parameters("nearest") == {"n": 1}


@pytest.mark.parametrize("limit", [5.0, 26.5, 45.0])
def test_within_agrees_with_the_standard(access: SessionAccess, limit: float) -> None:
    for category in ("crafts", "singing"):
        found = measure("within", access, category, within_min=limit).values.to_numpy()
        met = find_gaps(access, Standard(category, within_min=limit)).by_origin
        is_known = met["unknown_persons"] == 0
        assert ((found >= 1) == (met["met_persons"] > 0))[is_known].all()


@settings(max_examples=30, deadline=None)
@given(st.floats(1, 100), st.floats(0, 80))
def test_more_minutes_never_mean_less(access: SessionAccess, limit: float, more: float) -> None:
    for name, parameter in (("within", "within_min"), ("gravity", "cutoff_min")):
        less = measure(name, access, "crafts", ("walk", "transit"), **{parameter: limit}).values.fillna(-1)  # type: ignore[arg-type]
        wide = measure(name, access, "crafts", ("walk", "transit"), **{parameter: limit + more}).values.fillna(-1)  # type: ignore[arg-type]
        assert (wide >= less - 1e-9).all()


cutoffs = st.floats(1, 300)
decays = st.one_of(
    st.builds(decay_of, st.sampled_from(DECAYS), cutoffs, st.floats(0.5, 2)),
    st.builds(Exponential, cutoffs),
    st.builds(Logistic, cutoffs, st.floats(0.01, 100)),
    st.sampled_from([step for step, _ in STEPS.values()]),
)
minutes_lists = hnp.arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 1e6))


@given(decays, minutes_lists)
def test_a_decay_lies_between_0_and_1_and_never_rises(decay, minutes) -> None:  # type: ignore[no-untyped-def]
    weight = decay(np.sort(minutes))
    assert (weight >= 0).all() and (weight <= 1).all()
    assert (np.diff(weight) <= 1e-12).all()
    assert decay(np.array([np.nan]))[0] == 0


def test_decays_at_points_worked_out() -> None:
    at = np.array([0.0, 40, 45, 50, 90])
    assert Linear(45, 10)(at).tolist() == [1, 1, 0.5, 0, 0]
    assert Exponential(45)(at)[[0, 2, 4]].tolist() == [1, 0.5, 0.25]
    # R5: g(0)/g(45) = (1 + e^(-45π/(10√3))) / 2, a little above a half
    assert Logistic(45, 10)(at)[2] == pytest.approx((1 + np.exp(-45 * np.pi / (10 * np.sqrt(3)))) / 2)
    assert Step(((20, 1.0), (40, 0.68)))(np.array([20, 20.1, 40, 40.1])).tolist() == [1, 0.68, 0.68, 0]
    assert steps_of("3sfca_60")(np.array([5.0, 15, 25, 60, 61])).tolist() == [0.962, 0.704, 0.377, 0.042, 0]


@pytest.mark.parametrize("weights", [(), ((10, 0.5), (20, 0.6)), ((20, 1.0), (10, 0.5)), ((10, 1.2),), ((10, -0.1),)])
def test_step_weights_that_rise_are_refused(weights: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(QueryError):
        Step(weights)


@given(
    hnp.arrays(np.float64, (4, 6), elements=st.one_of(st.just(np.nan), st.floats(0, 90))),
    hnp.arrays(np.float64, 6, elements=st.floats(1, 1000)),
    hnp.arrays(np.float64, 4, elements=st.floats(0, 100)),
    decays,
    st.booleans(),
)
def test_what_is_consumed_is_what_is_supplied(minutes, people, supply, decay, with_choice) -> None:  # type: ignore[no-untyped-def]
    found = catchment(minutes, people, supply, decay, with_choice=with_choice)
    reached = (decay(minutes) >= NEGLIGIBLE).any(axis=1)
    assert (found >= 0).all()
    assert (found * people).sum() == pytest.approx(supply[reached].sum(), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("people", [0.0, np.nan])
def test_a_zone_without_people_has_none_and_one_of_unknown_number_is_not_known(
    groups: SessionAccess, people: float
) -> None:
    # C is all of L2, and reaches both by car. With nobody in it nobody reaches them; who is not counted can't be counted as none.
    area = groups.network.area
    origins = area.origins.assign(population=area.origins["population"].where(area.origins["zone_code"] != "C", people))
    partly = replace(groups, network=replace(groups.network, area=replace(area, origins=origins)))
    of_zone = measure("within", partly, "crafts", MODES).by_zone.set_index("zone_code")
    persons = ["reaching_persons", "not_reaching_persons", "unknown_persons"]
    np.testing.assert_equal(of_zone.loc["C", persons].to_numpy(float), np.full(3, people))
    assert of_zone.loc["C", "value"] > 0  # its places are within reach all the same
    of_la = find_gaps(partly, Standard("crafts", modes=MODES)).by("la").set_index("footprint_id")
    np.testing.assert_equal(of_la.loc["L2", "population"], people)
