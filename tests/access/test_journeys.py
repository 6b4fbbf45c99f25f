"""The way itself, on One Road: its legs agree with the times, and read well in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from access.counted import minutes_said
from access.departures import departures, departures_as_json, describe_all
from access.journeys import Plan, describe, journey_as_json, plan, session_way
from access.network import AreaNetwork
from access.points import Points
from access.query import MODES, QueryError
from access.routing.journey import Continuation, Journey, RideLeg
from access.sessions import SessionAccess, there_and_back
from geo.area import Area
from geo.errors import NotPlaced
from geo.words import LANGUAGES, Message, say
from tests.access.test_travel_times import at


def test_legs_of_a_journey(one_road: Area) -> None:
    found = plan(AreaNetwork(one_road), at(8.5, 0), arrive_by_s=14 * 3600)
    assert found.journey is not None
    rides = [leg for leg in found.journey.legs if isinstance(leg, RideLeg)]
    assert [(ride.from_name, ride.to_name) for ride in rides] == [("Stop 9", "Stop 0")]
    assert (rides[0].depart_s, rides[0].arrive_s) == (13 * 3600 + 1200, 13 * 3600 + 3000)
    # 500 m to the stop are 375 s, and one is there a minute before 13:20.
    assert found.journey.depart_s == pytest.approx(13 * 3600 + 1200 - 60 - 375, abs=4)
    assert say(describe(found)[2], "en") == "13:20 Bus 1 from Stop 9 towards Hall; get off at Stop 0 at 13:50"
    assert say(describe(found)[2], "cy") == "13:20 Bws 1 (cyfeiriad: Hall), esgyn: Stop 9; disgyn: Stop 0, 13:50"
    as_json = journey_as_json(found)
    assert as_json["rides"] == 1
    assert as_json["travel_s"] == found.journey.arrive_s - found.journey.depart_s


def test_no_way_and_not_placed_are_told_apart(one_road: Area) -> None:
    network = AreaNetwork(one_road)
    none = plan(network, at(0, 9), depart_s=16 * 3600)
    assert [message.key for message in describe(none)] == ["leg.none"]
    assert journey_as_json(none)["is_reachable"] is False
    far = Points(("near", "far"), np.vstack([at(0).xy, at(5, north_km=5).xy]))
    with pytest.raises(NotPlaced, match="no usable way within 1600 m of far"):
        plan(network, far, depart_s=0)


def test_every_way_shown_agrees_with_its_times(access: SessionAccess) -> None:
    for session in range(len(access.sessions)):
        for mode in MODES:
            times = access.by_mode[mode]
            way = session_way(access, "B", session, mode)
            out_s, back_s = times.out_s[times.out_row[session], 1], times.back_s[times.back_row[session], 1]  # B1
            assert (way.there is None) == np.isnan(out_s)
            assert (way.back is None) == np.isnan(back_s)
            if mode == "transit" and way.there is not None and way.there[0].key == "leg.summary":
                start_s = int(access.sessions["start_s"].iloc[session])
                hours, minutes = map(int, str(way.there[0].values["depart"]).split(":"))
                assert (start_s - out_s) // 60 == hours * 60 + minutes
                _adds_up(way.there)
            for message in (*(way.there or ()), *(way.back or ())):
                for language in LANGUAGES:
                    assert "{" not in say(message, language)


def _adds_up(legs: tuple[Message, ...]) -> None:
    """Check that minutes are what lies between the times said beside them."""
    for leg in legs:
        if "minutes" in leg.values:
            depart, arrive = (str(leg.values[end]).split(":") for end in ("depart", "arrive"))
            shown = 60 * (int(arrive[0]) - int(depart[0])) + int(arrive[1]) - int(depart[1])
            assert leg.values["minutes"] == minutes_said(shown)


def test_a_booked_ride_says_what_to_book(one_road_booked: Area) -> None:
    access = there_and_back(AreaNetwork(one_road_booked), ("transit",))
    crafts = int(np.flatnonzero(access.sessions["category"] == "crafts")[0])
    way = session_way(access, "C", crafts, "transit")
    assert way.back is not None
    assert say(way.back[0], "en") == "16:00 Flex, to be booked 24 hours before; there at 16:20"
    assert say(way.back[0], "cy") == "16:00 Fflecs, i'w archebu 24 awr ymlaen llaw; yno am 16:20"


def test_says_where_to_stay_seated_and_what_to_arrange() -> None:
    onward = Continuation("2", "One Bus", "bus", "Beyond", "later", 1, "Square")
    ride = RideLeg(
        line="1", operator="One Bus", mode="bus", headsign="Square", trip_id="first", from_stop=0, to_stop=2,
        from_name="Home", to_name="Hall", depart_s=36_000, arrive_s=37_800, boarding_to_arrange=True, stay_seated=(onward,),
    )  # fmt: skip
    said = describe(Plan(Journey(36_000, 37_800, (ride,)), date(2026, 10, 13), "Europe/London"))
    assert [say(message, "en") for message in said] == [
        "Leave 10:00, arrive 10:30: 30 min",
        "10:00 Bus 1 from Home towards Square; get off at Hall at 10:30",
        "At Square stay on: it goes on as 2 towards Beyond",
        "To be arranged with One Bus beforehand",
    ]
    assert say(said[2], "cy") == "Square: arhoswch ar y cerbyd; mae'n mynd ymlaen fel 2 (cyfeiriad: Beyond)"


def test_a_booked_ride_runs_only_while_the_service_is_open(one_road_booked: Area) -> None:
    """A session that ends before the service opens: whoever comes from it waits, and is told when the ride leaves."""
    sessions = one_road_booked.sessions.copy()
    is_craft = (sessions["session_id"] == "craft-tue").to_numpy()
    sessions.loc[is_craft, ["start_s", "end_s"]] = [7 * 3600, 8 * 3600 + 1800]
    access = there_and_back(AreaNetwork(replace(one_road_booked, sessions=sessions)), ("transit",))
    crafts = int(np.flatnonzero(access.sessions["category"] == "crafts")[0])
    way = session_way(access, "C", crafts, "transit")
    # Open from 09:00; 15 minutes' drive and 5 minutes' overhead.
    assert way.back is not None
    assert say(way.back[0], "en") == "09:00 Flex, to be booked 24 hours before; there at 09:20"


def test_a_journey_by_a_ride_to_be_booked(one_road_booked: Area) -> None:
    network = AreaNetwork(one_road_booked)
    found = plan(network, at(9, 0), depart_s=13 * 3600)
    assert [say(message, "en") for message in describe(found)] == [
        "Leave 13:00, arrive 13:20: 20 min",
        "13:00 Flex, to be booked 24 hours before; there at 13:20",
    ]
    as_json = journey_as_json(found)
    assert (as_json["rides"], as_json["legs"][0]["kind"], as_json["legs"][0]["service_id"]) == (1, "booked", "flex")  # type: ignore[index]
    late = plan(network, at(9, 0), arrive_by_s=17 * 3600)  # it closes at 16:25
    assert say(describe(late)[0], "en") == "Leave 16:05, arrive 16:25: 20 min"
    by_bus = plan(network, at(9, 0), depart_s=13 * 3600, on=date(2026, 10, 14))  # a Wednesday, on which it does not run
    assert by_bus.journey is not None and isinstance(by_bus.journey.legs[-2], RideLeg)


def test_every_departure_of_use(one_road: Area, one_road_booked: Area) -> None:
    found = departures(AreaNetwork(one_road), at(9, 0), 13 * 3600, 14 * 3600)
    assert say(describe_all(found)[0], "en") == "Leave 13:18, arrive 13:50: 32 min"
    assert len(found.plans) == 1 and (found.walk_s, found.booked) == (None, ())
    as_json = departures_as_json(found)
    assert (as_json["is_reachable"], len(as_json["departures"])) == (True, 1)  # type: ignore[arg-type]
    none = departures(AreaNetwork(one_road), at(9, 0), 14 * 3600, 15 * 3600)
    assert [message.key for message in describe_all(none)] == ["leg.none"]
    near = departures(AreaNetwork(one_road_booked), at(1, 0), 16 * 3600, 17 * 3600)
    # no bus goes from km 1 to km 0; on foot 750 s; Flex takes 400 s while it is open, the last of it leaves at 16:18:19
    assert [say(message, "en") for message in describe_all(near)] == [
        "On foot, at any time: 13 min",
        "Flex, to be booked 24 hours before, at any time from 16:00 to 16:18: 7 min",
    ]
    assert "unrhyw bryd rhwng 16:00 a 16:18" in say(describe_all(near)[1], "cy")
    with pytest.raises(QueryError, match="must end after it begins"):
        departures(AreaNetwork(one_road), at(9, 0), 14 * 3600, 14 * 3600)


def test_two_minutes_have_a_form_of_their_own_in_welsh() -> None:
    assert [say(minutes_said(n), "cy") for n in (1, 2, 3)] == ["1 munud", "2 funud", "3 munud"]
