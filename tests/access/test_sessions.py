"""There and back on One Road (``tests/worlds.py`` draws it), every figure worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from access.explain import zone_sessions
from access.mode_times import Reason
from access.network import AreaNetwork
from access.query import Mode, TravelRules
from access.sessions import SessionAccess, there_and_back
from geo.area import Area
from geo.build import build_area
from geo.errors import UnknownName
from geo.profile import read_profile
from tests.worlds import FREE_FLOW, write_one_road

A1, B1, B2, C1 = range(4)  # rows of the origins
LIMIT_S = 45 * 60
NEAR_S = 4  # coordinates are rounded to a centimetre, walks to whole seconds


def times(access: SessionAccess, mode: Mode, session_id: str) -> tuple[np.ndarray, np.ndarray]:
    row = int(np.flatnonzero(access.sessions["session_id"] == session_id)[0])
    by_mode = access.by_mode[mode]
    return by_mode.out_s[by_mode.out_row[row]], by_mode.back_s[by_mode.back_row[row]]


def reasons(access: SessionAccess, mode: Mode, session_id: str) -> list[Reason]:
    row = int(np.flatnonzero(access.sessions["session_id"] == session_id)[0])
    return [Reason(reason) for reason in access.by_mode[mode].reasons(row, LIMIT_S)]


def test_bus_there_and_back_counts_the_waits(access: SessionAccess) -> None:
    out_s, back_s = times(access, "transit", "craft-tue")
    # B1 lives at the stop: leaves 13:34 (a minute before the bus at 13:35), and the session starts at 14:00: 26 minutes.
    assert out_s[B1] == pytest.approx(26 * 60, abs=NEAR_S)
    # It ends at 16:00, the bus home is there at 16:25.
    assert back_s[B1] == pytest.approx(25 * 60, abs=NEAR_S)
    # C1 leaves at 13:19 for the bus at 13:20 …
    assert out_s[C1] == pytest.approx(41 * 60, abs=NEAR_S)
    # … and no bus goes home beyond km 5.
    assert np.isnan(back_s[C1])
    # A1 walks one kilometre: 750 s at 4.8 km/h.
    assert out_s[A1] == pytest.approx(750, abs=NEAR_S)
    assert back_s[A1] == pytest.approx(750, abs=NEAR_S)


def test_says_why_not(access: SessionAccess) -> None:
    assert reasons(access, "transit", "craft-tue") == [
        Reason.REACHABLE,
        Reason.REACHABLE,
        Reason.NOT_PLACED,  # B2: no street within 1,600 m
        Reason.NO_WAY_HOME,  # C1: there by bus, but not back
    ]
    # B1 lives at the chapel. A1 can walk to the bus at 16:10 and wait two hours, but no bus runs after 20:00; C1 can't even get there.
    assert reasons(access, "transit", "choir-tue") == [
        Reason.NO_WAY_HOME,
        Reason.REACHABLE,
        Reason.NOT_PLACED,
        Reason.NO_WAY_THERE,
    ]
    # On foot 4 km take 50 minutes.
    assert reasons(access, "walk", "choir-tue")[A1] is Reason.TOO_FAR_TO_WALK


def test_drives_at_the_speed_of_the_road(access: SessionAccess) -> None:
    out_s, back_s = times(access, "drive", "craft-tue")
    # 36 km/h: 100 s a kilometre, both ways alike.
    assert out_s[[A1, B1, C1]] == pytest.approx([100, 500, 900], abs=1)
    assert back_s[[A1, B1, C1]] == pytest.approx([100, 500, 900], abs=1)
    assert np.isnan(out_s[B2])


def test_parking_counts_each_way_of_a_drive(one_road: Area) -> None:
    access = there_and_back(AreaNetwork(one_road, TravelRules(park_min=5, peaks=())), ("drive", "cycle"))
    out_s, back_s = times(access, "drive", "craft-tue")
    assert out_s[B1] == pytest.approx(500 + 300, abs=1)
    assert back_s[B1] == pytest.approx(500 + 300, abs=1)
    # 5 km by cycle at 15 km/h: 20 minutes, and nothing to park
    assert times(access, "cycle", "craft-tue")[0][B1] == pytest.approx(1200, abs=1)


def test_public_transport_asks_no_streets_of_cars_where_no_ride_can_be_booked(
    one_road: Area, access: SessionAccess
) -> None:
    on_foot = replace(one_road, streets={"walk": one_road.streets["walk"]})
    found = there_and_back(AreaNetwork(on_foot, FREE_FLOW), ("transit",)).by_mode["transit"]
    np.testing.assert_array_equal(found.out_s, access.by_mode["transit"].out_s)


def test_a_booked_ride_brings_people_home(one_road_booked: Area) -> None:
    access = there_and_back(AreaNetwork(one_road_booked), ("transit",))
    out_s, back_s = times(access, "transit", "craft-tue")
    # C1: 900 s by road and 5 minutes' overhead is 1,200 s, set down at the start: sooner than the bus (41 min).
    assert out_s[C1] == pytest.approx(1200, abs=1)
    # Home at 16:20, before the service closes at 16:25.
    assert back_s[C1] == pytest.approx(1200, abs=1)
    row = int(np.flatnonzero(access.sessions["session_id"] == "craft-tue")[0])
    assert access.by_mode["transit"].is_booked(row).tolist() == [True, True, False, True]
    # A1: 100 + 300 s booked beats 750 s on foot.
    assert out_s[A1] == pytest.approx(400, abs=1)


def test_a_booked_ride_keeps_to_its_hours(one_road_booked: Area) -> None:
    access = there_and_back(AreaNetwork(one_road_booked), ("transit",))
    _, back_s = times(access, "transit", "choir-tue")
    assert np.isnan(back_s[C1])  # ends at 20:00; the service closes at 16:25


def test_a_booked_ride_is_no_longer_than_the_rules_allow(one_road_booked: Area) -> None:
    # C1's ride takes 20 minutes and some milliseconds, the bus 41
    for most_min, expected in ((19.0, np.nan), (21.0, 1200.0)):
        access = there_and_back(AreaNetwork(one_road_booked, TravelRules(max_travel_min=most_min)), ("transit",))
        out_s, back_s = times(access, "transit", "craft-tue")
        assert (out_s[C1], back_s[C1]) == pytest.approx((expected, expected), abs=1, nan_ok=True)


def test_a_day_that_the_timetable_is_silent_about_is_not_known(tmp_path: Path) -> None:
    area = build_area(read_profile(write_one_road(tmp_path, trusted='["monday"]')))
    access = there_and_back(AreaNetwork(area), ("transit",))
    # A1 walks whatever the timetable says; for the others it would have to speak.
    assert reasons(access, "transit", "craft-tue") == [
        Reason.REACHABLE,
        Reason.NOT_COVERED,
        Reason.NOT_PLACED,
        Reason.NOT_COVERED,
    ]


def test_a_zone_sees_its_sessions_by_people(access: SessionAccess) -> None:
    found = zone_sessions(access, "B", 45, ("transit", "drive"), "crafts").set_index("mode")
    # B1's 200 people get there and back; of B2's 100, a third of B, nothing is known, which is not "no".
    assert found.loc["transit", "reachable_share"] == 1
    assert found.loc["transit", "unknown_share"] == pytest.approx(1 / 3)
    assert found.loc["transit", "reason"] == Reason.REACHABLE
    assert found.loc["transit", "reason_share"] == pytest.approx(2 / 3)
    assert found.loc["transit", "out_min"] == pytest.approx(26, abs=0.1)
    assert found.loc["drive", "back_min"] == pytest.approx(500 / 60, abs=0.1)


@pytest.mark.parametrize(
    ("people", "reason", "share", "out_min", "back_min"),
    [
        # B1 (26 minutes there, 25 back) and A1 (12.5 each way) get there and home, C1 gets there in 41 minutes but not home.
        ((100, 200, 0, 700), Reason.NO_WAY_HOME, 0.7, 41, np.nan),
        ((100, 500, 0, 400), Reason.REACHABLE, 0.6, 26, 25),
    ],
)
def test_minutes_and_reason_are_of_the_same_people(
    access: SessionAccess, monkeypatch: pytest.MonkeyPatch,
    people: tuple[int, ...], reason: Reason, share: float, out_min: float, back_min: float,
) -> None:  # fmt: skip
    monkeypatch.setitem(access.network.area.origins, "zone_code", "B")  # type: ignore[arg-type]
    monkeypatch.setitem(access.network.area.origins, "population", np.array(people, float))  # type: ignore[arg-type]
    row = zone_sessions(access, "B", 45, ("transit",), "crafts").iloc[0]
    assert row["reason"] == reason and row["reason_share"] == pytest.approx(share)
    assert row["reachable_share"] == pytest.approx(1 - 0.7 if reason == Reason.NO_WAY_HOME else 0.6)
    assert (row["out_min"], row["back_min"]) == pytest.approx((out_min, back_min), abs=0.1, nan_ok=True)


def test_an_unknown_zone_is_an_error_that_names_known_ones(access: SessionAccess) -> None:
    with pytest.raises(UnknownName, match=r"no zone called 'X'.*A, B, C"):
        zone_sessions(access, "X", 45, ("walk",))
