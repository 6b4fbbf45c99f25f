"""The four answers on One Road, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.catchments import find_catchments
from access.costs import Prices, Range, read_prices
from access.duplication import find_duplication
from access.gaps import count_sessions, find_gaps, pass_share
from access.network import AreaNetwork
from access.options import NoGap, Option, Question, answers, as_table
from access.options.new_session import TIMES_S
from access.query import Standard
from access.reliance import single_points
from access.sessions import CLOCKS, SessionAccess, drive_s, there_and_back
from access.similar import find_similar
from geo.area import Area
from tests.worlds import FREE_FLOW

CRAFTS = Standard("crafts")
PRICES = read_prices(date(2026, 10, 13))
KINDS = ["fare_support", "community_transport", "taxi_or_mileage", "new_session"]


def ask(access: SessionAccess, zone: str, standard: Standard = CRAFTS, prices: Prices = PRICES) -> dict[str, Option]:
    return {option.kind: option for option in answers(Question(find_gaps(access, standard, prices), (zone,), prices))}


def notes(option: Option) -> set[str]:
    return {message.key.rpartition(".")[2] for message in option.notes}


def test_four_answers_in_their_order(access: SessionAccess) -> None:
    assert list(ask(access, "C")) == KINDS


def test_fares_help_nobody_where_no_bus_goes_home(access: SessionAccess) -> None:
    option = ask(access, "C")["fare_support"]
    assert option.gaining_persons == 0
    assert option.gbp_per_person is None
    assert "nobody" in notes(option)


def test_fares_help_those_without_a_pass_whom_the_fare_keeps_away(access: SessionAccess) -> None:
    # B1's 200 people, a fifth of them with a pass; a return is 2 × £3 (2 × £2 to 2 × £4).
    option = ask(access, "B", replace(CRAFTS, max_fare_gbp=5.0))["fare_support"]
    assert option.gaining_persons == pytest.approx(160)
    # Middle: 160 × 0.03 × 0.6 × 8 = 23.04 trips × £6 = £138.24; low: 160 × 0.01 × 0.4 × 6 = 3.84 × £4 = £15.36.
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.middle == pytest.approx(138.24)
    assert option.cost_gbp_per_year.low == pytest.approx(15.36)
    # 160 people in B count 1.5 each; 160 × 0.03 × 0.6 = 2.88 participants, £48 each.
    assert option.need_weighted_persons == pytest.approx(240)
    assert option.gbp_per_participant is not None
    assert option.gbp_per_participant.middle == pytest.approx(48)


def test_fares_help_those_who_may_now_take_the_bus(access: SessionAccess) -> None:
    # Asked on foot only, B1's 200 miss the standard; by bus they would get there. A fifth ride free already and gain nothing.
    option = ask(access, "B", replace(CRAFTS, modes=("walk",)))["fare_support"]
    assert option.gaining_persons == pytest.approx(160)


def test_a_vehicle_fetches_them_from_door_to_door(access: SessionAccess) -> None:
    # 900 s by road and 15 minutes' detour is 30 minutes: within 45. All 300 of C gain; each counts twice.
    option = ask(access, "C")["community_transport"]
    assert option.gaining_persons == 300
    assert option.need_weighted_persons == 600
    # From first pick-up to last set-down: 30 + 120 + 30 minutes = 3 h × £35 × 48 weeks = £5,040.
    # One vehicle is enough: 300 × 0.03 × 0.6 × 8 / 48 = 0.9 people each time; at the most 300 × 0.06 × 0.8 × 12 / 44 = 3.9.
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.middle == pytest.approx(5040, rel=0.002)
    assert option.gbp_per_person is not None
    assert option.gbp_per_person.middle == pytest.approx(16.80, rel=0.002)


def test_the_bounds_of_a_vehicle_take_one_bound_of_everything(access: SessionAccess) -> None:
    # As above, with 10 and 20 minutes' detour: 25 + 120 + 25 minutes × £25 × 44 weeks, and 35 + 120 + 35 × £50 × 50.
    # In the 50 weeks of the high bound 172.8 trips are 3.5 at a time, one vehicle of 3.5 seats; in 44 weeks it would be two.
    few = replace(PRICES.row("minibus_seats"), value=Range(3.5, 3.5, 3.5))
    option = ask(access, "C", prices=replace(PRICES, rows={**PRICES.rows, "minibus_seats": few}))["community_transport"]
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.low == pytest.approx(170 / 60 * 25 * 44, rel=0.002)
    assert option.cost_gbp_per_year.high == pytest.approx(190 / 60 * 50 * 50, rel=0.002)


def test_a_taxi_for_those_without_a_car_and_mileage_for_the_others(access: SessionAccess) -> None:
    option = ask(access, "C")["taxi_or_mileage"]
    assert option.gaining_persons == 300  # 900 s and 10 minutes' wait: 25 minutes each way
    # 9 km are 9,842.5 yards: £3.50 + 98 × £0.10 = £13.30 each way; mileage 18 km = 11.18 miles × £0.55 = £6.15.
    # Half of C's households have no car: (26.60 + 6.15) / 2 = £16.376 a trip; 300 × 0.03 × 0.6 × 8 = 43.2 trips.
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.middle == pytest.approx(43.2 * 16.376, rel=0.005)


def test_a_taxi_for_all_where_cars_are_not_known(access: SessionAccess, one_road: Area) -> None:
    zones = one_road.zones.assign(households_no_car_share=np.nan)
    unknown = replace(access, network=replace(access.network, area=replace(one_road, zones=zones)))
    option = ask(unknown, "C")["taxi_or_mileage"]
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.middle == pytest.approx(43.2 * 26.60, rel=0.005)
    assert "car_unknown" in notes(option)


def test_a_new_session_where_they_live(access: SessionAccess) -> None:
    option = ask(access, "C")["new_session"]
    assert option.gaining_persons == 300
    at = next(message for message in option.notes if message.key.endswith(".at"))
    assert at.values["venue"] == "Shed"  # at km 9, where C1 lives; from km 5 or km 0 no bus brings C1 home
    # £100 × 48 weeks.
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.middle == pytest.approx(4800)


def test_nothing_within_reach_is_an_answer_too(access: SessionAccess) -> None:
    # Within 1 minute nobody gets anywhere by road, but a session at the shed is next door to C1.
    found = ask(access, "C", replace(CRAFTS, within_min=1.0))
    assert [found[kind].gaining_persons for kind in KINDS] == [0, 0, 0, 300]
    assert found["community_transport"].cost_gbp_per_year is None
    assert "nobody" in notes(found["taxi_or_mileage"])


def test_a_zone_without_a_gap_is_said_to_have_none(access: SessionAccess) -> None:
    with pytest.raises(NoGap, match="Nobody in A is known to miss this standard"):
        ask(access, "A")


def test_a_table_of_them_names_what_is_to_be_confirmed(access: SessionAccess) -> None:
    table = as_table(list(ask(access, "C").values())).set_index("kind")
    assert table.loc["new_session", "cost_gbp_per_year_middle"] == pytest.approx(4800)
    assert "session_gbp" in table.loc["new_session", "to_be_confirmed"]
    assert "mileage_gbp_per_mile" not in table.loc["taxi_or_mileage", "to_be_confirmed"]


def test_a_table_of_them_says_where_and_when(access: SessionAccess) -> None:
    table = as_table(list(ask(access, "C").values())).set_index("kind")
    assert table.loc["new_session", ["venue", "weekday", "start"]].tolist() == ["Shed", "tuesday", "10:30"]
    assert table.loc["community_transport", ["venue", "weekday", "start"]].tolist() == ["Hall", "tuesday", "14:00"]
    assert table.loc["taxi_or_mileage", ["venue", "weekday", "start"]].isna().all()
    assert "One session a week at Shed, Tuesday at 10:30." in table.loc["new_session", "notes_en"]
    assert "Shed" in table.loc["new_session", "notes_cy"]


@settings(max_examples=25, deadline=None)
@given(within_min=st.floats(1, 120), sessions_per_week=st.sampled_from([0.5, 1, 2]), zone=st.sampled_from("ABC"))
def test_nobody_gains_who_was_not_unmet(
    access: SessionAccess, within_min: float, sessions_per_week: float, zone: str
) -> None:
    standard = Standard("crafts", sessions_per_week, within_min)
    unmet = find_gaps(access, standard, PRICES).by_zone.set_index("zone_code").loc[zone, "unmet_persons"]
    if unmet == 0:
        return
    for option in ask(access, zone, standard).values():
        assert 0 <= option.gaining_persons <= unmet + 1e-9
        if option.gbp_per_person is not None:
            assert option.gbp_per_person.low <= option.gbp_per_person.middle <= option.gbp_per_person.high


def fortnightly(access: SessionAccess, one_road: Area) -> SessionAccess:
    """Return there and back where crafts are held every second week, at the hall and at the shed where C1 lives."""
    activities = pd.concat(
        [
            one_road.activities,
            one_road.activities.query("activity_id == 'craft'").assign(activity_id="shed", venue_id="shed"),
        ]
    )
    sessions = one_road.sessions.assign(freq="fortnightly")
    added = sessions[sessions["activity_id"] == "craft"].assign(session_id="shed-tue", activity_id="shed")
    area = replace(one_road, activities=activities, sessions=pd.concat([sessions, added], ignore_index=True))
    return there_and_back(AreaNetwork(area, FREE_FLOW))


def test_a_taxi_goes_to_what_is_out_of_reach_not_next_door(access: SessionAccess, one_road: Area) -> None:
    # C1 has half a session a week at the shed next door; what is lacking is the other half, at the hall 9 km away: £16.376 as above.
    option = ask(fortnightly(access, one_road), "C")["taxi_or_mileage"]
    assert option.gaining_persons == 300
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.middle == pytest.approx(43.2 * 16.376, rel=0.005)


def test_a_vehicle_serves_fortnightly_sessions_until_there_are_enough(access: SessionAccess, one_road: Area) -> None:
    option = ask(fortnightly(access, one_road), "C")["community_transport"]
    # The hall every second week is enough beside the shed: half of the £5,040 above.
    assert option.gaining_persons == 300
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.middle == pytest.approx(2520, rel=0.002)


def test_of_sessions_that_bring_as_many_a_vehicle_serves_the_cheapest(access: SessionAccess, one_road: Area) -> None:
    # An hour longer, and first in the file: 30 + 180 + 30 minutes would cost £6,720 for the same people as the £5,040 above.
    longer = one_road.sessions.query("activity_id == 'craft'").assign(session_id="craft-long", end_s=17 * 3600)
    area = replace(one_road, sessions=pd.concat([longer, one_road.sessions], ignore_index=True))
    option = ask(there_and_back(AreaNetwork(area, FREE_FLOW)), "C")["community_transport"]
    assert option.gaining_persons == 300
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.middle == pytest.approx(5040, rel=0.002)


def test_what_does_not_follow_demand_has_the_widest_bounds_per_participant(access: SessionAccess) -> None:
    option = ask(access, "C")["new_session"]
    # £60 × 44 to £160 × 50 a year; participants 300 × 0.01 × 0.4 = 1.2 to 300 × 0.06 × 0.8 = 14.4.
    assert option.gbp_per_participant is not None
    assert option.gbp_per_participant.low == pytest.approx(2640 / 14.4)
    assert option.gbp_per_participant.high == pytest.approx(8000 / 1.2)


def with_crafts(area: Area, *added: tuple[str, int, int]) -> Area:
    """Return the area with more crafts on Tuesday: at a venue, from one hour to another."""
    clubs = [
        area.activities.query("activity_id == 'craft'").assign(activity_id=f"more-{row}", venue_id=venue)
        for row, (venue, _, _) in enumerate(added)
    ]
    sessions = [
        area.sessions.query("activity_id == 'craft'").assign(
            session_id=f"more-{row}", activity_id=f"more-{row}", start_s=start_s, end_s=end_s
        )
        for row, (_, start_s, end_s) in enumerate(added)
    ]
    return replace(
        area,
        activities=pd.concat([area.activities, *clubs], ignore_index=True),
        sessions=pd.concat([area.sessions, *sessions], ignore_index=True),
    )


def test_a_new_session_counts_the_pass_holders_who_ride_there_free(one_road: Area) -> None:
    # The hall alone is left. Of B1's 200 a fifth hold a pass and have Tuesday's crafts free; two are asked for, and no fares at all.
    # A second session at the hall, 14:00–15:30, is an hour's way home by the 16:10 bus: free with a pass (40 people), £6 without.
    venues = one_road.venues.query("venue_id == 'hall'").reset_index(drop=True)
    kept = [one_road.activities.query("activity_id == 'craft'"), one_road.sessions.query("activity_id == 'craft'")]
    area = replace(one_road, venues=venues, activities=kept[0], sessions=kept[1].reset_index(drop=True))
    asked = Standard("crafts", 2, within_min=60, max_fare_gbp=0)
    option = ask(there_and_back(AreaNetwork(area, FREE_FLOW)), "B", asked)["new_session"]
    assert option.gaining_persons == pytest.approx(40)


def test_a_road_brings_pass_holders_what_they_lack_beside_what_they_ride_to_free(one_road: Area) -> None:
    # Two crafts a week within 27 minutes, no fares: the hall at 14:00, 25 minutes by bus and free with a pass; and the shed at 10:00.
    # By road, with 20 minutes' detour or wait, B1 is 20 + 8.3 minutes from the hall, 20 + 6.7 from the shed. So the road brings the shed
    # alone: enough for the fifth of 200 who hold a pass, not for the others.
    slow = replace(PRICES.row("taxi_wait_min"), value=Range(20, 20, 20))
    prices = replace(PRICES, rows={**PRICES.rows, "taxi_wait_min": slow, "minibus_detour_min": slow})
    area = with_crafts(one_road, ("shed", 10 * 3600, 12 * 3600))
    asked = Standard("crafts", 2, within_min=27, max_fare_gbp=0)
    found = ask(there_and_back(AreaNetwork(area, FREE_FLOW)), "B", asked, prices)
    assert found["taxi_or_mileage"].gaining_persons == pytest.approx(40)
    assert found["community_transport"].gaining_persons == pytest.approx(40)
    # The taxi goes to the shed, 4 km off, though the hall is out of the others' reach too: 4,374 yards are £3.50 + 43 × £0.10 each way,
    # mileage 8 km = 4.97 miles × £0.55. A fifth have no car: 0.2 × £15.60 + 0.8 × £2.734 a trip; 40 × 0.03 × 0.6 × 8 = 5.76 trips.
    cost = found["taxi_or_mileage"].cost_gbp_per_year
    assert cost is not None
    assert cost.middle == pytest.approx(5.76 * (0.2 * 15.60 + 0.8 * 2.734), rel=0.005)


@settings(max_examples=40, deadline=None)
@given(
    within_min=st.floats(1, 120),
    sessions_per_week=st.sampled_from([0.5, 1, 1.5, 2, 3]),
    max_fare_gbp=st.none() | st.sampled_from([0.0, 5.0, 6.0]),
    zone=st.sampled_from("ABC"),
)
def test_taxis_bring_each_group_what_it_lacks(
    busy: SessionAccess, within_min: float, sessions_per_week: float, max_fare_gbp: float | None, zone: str
) -> None:
    """The slow way: those who pay and those who ride free are two worlds, each with the sessions it has now or would have by taxi."""
    standard = Standard("crafts", sessions_per_week, within_min, max_fare_gbp=max_fare_gbp)
    area = busy.network.area
    wait_s = PRICES["taxi_wait_min"].middle * 60
    share = pass_share(busy)
    expected = unmet = 0.0
    for origin, row in area.origins.reset_index(drop=True).iterrows():
        if row["zone_code"] != zone or not busy.network.origins["walk"].is_placed[origin]:
            continue
        for limit, part in ((max_fare_gbp, 1 - share[zone]), (None, share[zone])):
            asked = replace(standard, max_fare_gbp=limit)
            now = would_be = 0.0
            for session in busy.of_category("crafts"):
                alone = replace(busy, sessions=busy.sessions.assign(per_week=np.eye(len(busy.sessions))[session]))
                has = count_sessions(alone, asked, PRICES).reachable[origin]
                road_s = max(drive_s(busy.network, busy.sessions.iloc[session], clock)[origin] for clock in CLOCKS)
                now += has
                would_be += max(has, float(road_s + wait_s <= standard.limit_s))
            unmet += part * row["population"] * (now < sessions_per_week)
            expected += part * row["population"] * (now < sessions_per_week <= would_be)
    if unmet:
        assert ask(busy, zone, standard)["taxi_or_mileage"].gaining_persons == pytest.approx(expected)


@settings(max_examples=12, deadline=None)
@given(
    within_min=st.sampled_from([20, 45, 60, 90]),
    max_fare_gbp=st.none() | st.sampled_from([0.0, 6.0]),
    zone=st.sampled_from("ABC"),
)
def test_a_new_session_brings_what_the_gaps_say_once_it_is_there(
    access: SessionAccess, one_road: Area, within_min: float, max_fare_gbp: float | None, zone: str
) -> None:
    """The slow way: put each session that is tried into the area and ask for the gaps again."""
    standard = Standard("crafts", 1, within_min, max_fare_gbp=max_fare_gbp)

    def met(area: Area) -> float:
        found = find_gaps(there_and_back(AreaNetwork(area, FREE_FLOW), ("transit",)), standard, PRICES)
        return float(found.by_zone.set_index("zone_code").loc[zone, "met_persons"])

    if find_gaps(access, standard, PRICES).by_zone.set_index("zone_code").loc[zone, "unmet_persons"]:
        tried = [(venue, *times_s) for venue in one_road.venues["venue_id"] for times_s in TIMES_S]
        most = max(met(with_crafts(one_road, session)) for session in tried)
        gain = ask(access, zone, standard)["new_session"].gaining_persons
        assert gain == pytest.approx(most - met(one_road))


def test_people_who_lack_one_session_get_one(access: SessionAccess) -> None:
    # Asked for two a week, A1 walks to the one there is: one more, £100 × 48 weeks, is enough for all 100.
    option = ask(access, "A", replace(CRAFTS, sessions_per_week=2))["new_session"]
    assert option.gaining_persons == 100
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.middle == pytest.approx(4800)
    # C1 has none, and needs both.
    option = ask(access, "C", replace(CRAFTS, sessions_per_week=2))["new_session"]
    assert option.gaining_persons == 300
    assert option.cost_gbp_per_year is not None
    assert option.cost_gbp_per_year.middle == pytest.approx(9600)


def test_fares_help_where_many_rare_sessions_just_make_up_the_number(one_road: Area) -> None:
    # Ten times a tenth of a session a week is one, though the computer's tenths add up to 0.9999999999999999.
    found = there_and_back(AreaNetwork(with_crafts(one_road, *[("hall", 14 * 3600, 16 * 3600)] * 9), FREE_FLOW))
    rare = replace(found, sessions=found.sessions.assign(per_week=0.1))
    assert ask(rare, "B", replace(CRAFTS, max_fare_gbp=5.0))["fare_support"].gaining_persons == pytest.approx(160)


def test_where_nothing_runs_a_new_session_alone_helps(access: SessionAccess) -> None:
    found = ask(access, "C", Standard("dance"))
    assert [found[kind].gaining_persons for kind in KINDS] == [0, 0, 0, 300]
    assert all("nobody" in notes(found[kind]) for kind in KINDS[:3])


def test_where_nothing_runs_nothing_is_doubled_relied_on_or_alike(busy: SessionAccess) -> None:
    catchments = find_catchments(busy, Standard("dance"))
    assert find_duplication(catchments).groups == ()
    assert single_points([catchments], "session").empty
    assert find_similar([catchments], "cluster").empty
