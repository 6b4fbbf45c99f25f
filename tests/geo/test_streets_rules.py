"""Which ways a mode may use, and how fast."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.streets import access_tags, rules
from geo.streets.graph import STREET_MODES

MPH = 1.609344


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("30 mph", 30 * MPH), ("20mph", 20 * MPH), ("50", 50.0), ("50 km/h", 50.0), ("national", 60 * MPH),
        ("GB:nsl_dual", 70 * MPH), ("walk", 6.0), ("40 mph; 30 mph", 30 * MPH), ("7.5 mph", 7.5 * MPH),
        ("none", None), ("signals", None), ("", None), ("thirty", None), ("0", None), ("3000 mph", None), ("-30", None),
    ],
)  # fmt: skip
def test_limits_are_read(text: str, kmh: float | None) -> None:
    assert rules.parse_maxspeed(text) == (None if kmh is None else pytest.approx(kmh))


@given(st.text(max_size=200))
def test_no_limit_is_beyond_belief(text: str) -> None:
    kmh = rules.parse_maxspeed(text)
    assert kmh is None or rules.SLOWEST_LIMIT_KMH <= kmh <= rules.FASTEST_LIMIT_KMH


def test_a_limit_that_says_nothing_is_not_a_fault_but_a_typo_is() -> None:
    assert not rules.has_unreadable_maxspeed({"maxspeed": "none"})
    assert not rules.has_unreadable_maxspeed({})
    assert rules.has_unreadable_maxspeed({"maxspeed": "30mhp"})


@pytest.mark.parametrize(
    ("tags", "walk", "cycle", "drive"),
    [
        ({"highway": "residential"}, True, True, True),
        ({"highway": "motorway"}, False, False, True),
        ({"highway": "footway"}, True, True, False),  # cycles are pushed
        ({"highway": "footway", "bicycle": "no"}, True, False, False),
        ({"highway": "footway", "access": "private"}, True, True, False),  # for some
        ({"highway": "track", "motor_vehicle": "private"}, True, True, False),  # leave opens no class that is closed to all
        ({"highway": "pedestrian", "motor_vehicle": "delivery"}, True, True, False),
        ({"highway": "footway", "bicycle": "yes"}, True, True, False),
        ({"highway": "steps"}, True, False, False),
        ({"highway": "cycleway"}, True, True, False),
        ({"highway": "cycleway", "foot": "no"}, False, True, False),
        ({"highway": "bridleway"}, True, True, False),
        ({"highway": "track"}, True, True, False),
        ({"highway": "track", "motor_vehicle": "yes"}, True, True, True),
        ({"highway": "track", "access": "yes"}, True, True, False),  # open in general is not open to cars
        ({"highway": "residential", "access": "private"}, True, True, True),  # for some
        ({"highway": "residential", "access": "no", "foot": "yes"}, True, False, False),
        ({"highway": "residential", "access": "no", "bus": "yes"}, False, False, False),
        ({"highway": "residential", "motor_vehicle": "no"}, True, True, False),
        ({"highway": "residential", "vehicle": "no", "bicycle": "yes"}, True, True, False),
        ({"highway": "residential", "vehicle": "no", "motorcar": "destination"}, True, False, True),
        ({"highway": "pedestrian", "access": "destination"}, True, True, False),  # open: pushed as where nothing is said
        ({"highway": "corridor"}, True, False, False),
        ({"highway": "service", "access": "private;customers"}, True, True, True),  # the most open part counts
        ({"highway": "residential", "motor_vehicle": "agricultural; forestry"}, True, True, False),
        ({"highway": "residential", "motor_vehicle": "residents", "access": "no"}, False, False, False),  # not known
        ({"highway": "service", "service": "emergency_access"}, True, True, False),
        ({"highway": "construction", "construction": "primary"}, False, False, False),
        ({"highway": "proposed"}, False, False, False),
        ({"highway": "trunk", "motorroad": "yes"}, False, False, True),
        ({"highway": "trunk"}, True, True, True),
        ({"highway": "primary", "foot": "use_sidepath"}, False, True, True),
        ({"route": "ferry"}, True, False, False),
        ({"route": "ferry", "motorcar": "yes", "bicycle": "yes"}, True, True, True),
        ({"route": "ferry", "motor_vehicle": "no", "foot": "yes"}, True, False, False),
        ({"route": "ferry", "foot": "no"}, False, False, False),
        ({"route": "bus"}, False, False, False),
        ({"man_made": "pier"}, True, True, False),  # cycles are pushed
        ({"man_made": "pier", "foot": "no"}, False, False, False),
        ({"man_made": "pier", "motor_vehicle": "yes"}, True, True, True),
        ({"man_made": "breakwater"}, False, False, False),
        ({"railway": "platform"}, True, False, False),
        ({"public_transport": "platform"}, True, False, False),
        ({"public_transport": "platform", "highway": "residential"}, True, True, True),
        ({"railway": "rail"}, False, False, False),
        ({"highway": "elevator"}, True, False, False),
        ({}, False, False, False),
    ],
)  # fmt: skip
def test_who_may_use_a_way(tags: dict[str, str], walk: bool, cycle: bool, drive: bool) -> None:
    open_to = {mode: any(rules.speeds_kmh(tags, mode)) for mode in STREET_MODES}
    assert open_to == {"walk": walk, "cycle": cycle, "drive": drive}


@pytest.mark.parametrize(
    ("tags", "cycle", "drive"),
    [
        ({"oneway": "yes"}, (True, False), (True, False)),
        ({"oneway": "-1"}, (False, True), (False, True)),
        ({"oneway": "yes", "oneway:bicycle": "no"}, (True, True), (True, False)),
        ({"oneway": "yes", "cycleway": "opposite_lane"}, (True, True), (True, False)),
        ({"junction": "roundabout"}, (True, False), (True, False)),
        ({"junction": "roundabout", "oneway": "no"}, (True, True), (True, True)),
        ({"oneway": "reversible"}, (False, False), (False, False)),
        ({"junction": "circular"}, (True, False), (True, False)),
        ({"oneway:motor_vehicle": "yes"}, (True, True), (True, False)),
        ({"oneway": "yes", "cycleway:both": "opposite_lane"}, (True, True), (True, False)),
        ({"oneway": "yes", "cycleway:left": "lane", "cycleway:left:oneway": "-1"}, (True, True), (True, False)),
        ({"oneway": "yes", "cycleway:right:oneway": "no"}, (True, True), (True, False)),
        ({"oneway": "yes", "cycleway:right": "lane"}, (True, False), (True, False)),
        ({"motor_vehicle:backward": "no"}, (True, True), (True, False)),
        ({"vehicle:forward": "no"}, (False, True), (False, True)),
        ({"vehicle": "no", "bicycle:backward": "yes"}, (False, True), (False, False)),
        ({"access": "no", "vehicle:forward": "yes"}, (True, False), (True, False)),
    ],
)
def test_one_way_streets_bind_wheels_and_not_feet(tags: dict[str, str], cycle: tuple, drive: tuple) -> None:
    tags = {"highway": "tertiary", "foot": "yes", **tags}
    assert all(rules.speeds_kmh(tags, "walk"))
    assert tuple(kmh > 0 for kmh in rules.speeds_kmh(tags, "cycle")) == cycle
    assert tuple(kmh > 0 for kmh in rules.speeds_kmh(tags, "drive")) == drive


def test_motorways_are_one_way_and_their_national_limit_is_70() -> None:
    # 70 mph × 1.609344 = 112.654 km/h
    assert rules.speeds_kmh({"highway": "motorway", "maxspeed": "national"}, "drive") == (
        pytest.approx(112.654, abs=1e-3),
        0,
    )


def test_a_limit_counts_for_each_direction() -> None:
    tags = {"highway": "primary", "maxspeed": "30 mph", "maxspeed:backward": "20 mph"}
    assert rules.speeds_kmh(tags, "drive") == (pytest.approx(30 * MPH), pytest.approx(20 * MPH))


@pytest.mark.parametrize(
    ("tags", "kmh"),
    [
        ({"highway": "tertiary", "maxspeed": "60 mph"}, 60 * MPH),
        ({"highway": "unclassified", "maxspeed": "60 mph"}, 40 * MPH),  # no limit makes a lane a road
        ({"highway": "residential", "maxspeed:forward": "60 mph", "maxspeed:backward": "50 mph"}, 40 * MPH),
        ({"highway": "unclassified", "maxspeed": "60 mph", "lanes": "1"}, 30 * MPH),
        ({"highway": "unclassified", "maxspeed": "60 mph", "width": "2.5"}, 30 * MPH),
        ({"highway": "tertiary", "maxspeed": "60 mph", "width": "3 m"}, 30 * MPH),
        ({"highway": "tertiary", "maxspeed": "60 mph", "width": "3.5"}, 60 * MPH),
        ({"highway": "tertiary", "maxspeed": "60 mph", "lanes": "2"}, 60 * MPH),
        ({"highway": "residential", "maxspeed": "20 mph", "lanes": "1"}, 20 * MPH),
        ({"highway": "unclassified", "lanes": "1"}, 30),
        ({"highway": "tertiary", "maxspeed": "60 mph", "surface": "gravel"}, 40),
        ({"highway": "tertiary", "maxspeed": "60 mph", "surface": "asphalt"}, 60 * MPH),
        ({"highway": "unclassified", "surface": "ground"}, 30),  # 40 at most, and 30 by its class
        ({"highway": "unclassified", "surface": "asphalt;earth"}, 20),  # the worse of the two
        ({"highway": "unclassified", "maxspeed": "60 mph", "smoothness": "very_bad"}, 20),
        ({"highway": "unclassified", "smoothness": "impassable"}, 0),
        ({"highway": "track", "motor_vehicle": "yes", "maxspeed": "60 mph"}, 15),
        ({"highway": "track", "motor_vehicle": "yes", "tracktype": "grade5", "smoothness": "horrible"}, 10),
        ({"highway": "service", "maxspeed": "60 mph"}, 15),
        ({"highway": "service", "maxspeed": "5 mph"}, 5 * MPH),
        ({"highway": "service", "service": "driveway", "maxspeed": "20 mph"}, 10),
        ({"highway": "living_street", "maxspeed": "20 mph"}, 10),
    ],
)
def test_cars_drive_no_faster_than_a_street_lets_them(tags: dict[str, str], kmh: float) -> None:
    assert rules.speeds_kmh(tags, "drive") == (pytest.approx(kmh), pytest.approx(kmh))


def test_one_lane_is_enough_where_all_go_one_way() -> None:
    tags = {"highway": "tertiary", "maxspeed": "60 mph", "lanes": "1", "oneway": "yes"}
    assert rules.speeds_kmh(tags, "drive") == (pytest.approx(60 * MPH), 0)
    assert rules.speeds_kmh({**tags, "oneway": "no", "motor_vehicle:backward": "no"}, "drive")[0] == pytest.approx(
        60 * MPH
    )


def test_bollards_stop_cars_only_and_gates_stop_no_one_unless_they_say_so() -> None:
    def stopped(tags: dict[str, str]) -> list[str]:
        return [mode for mode in STREET_MODES if access_tags.closes_barrier(tags, mode)]

    assert stopped({"barrier": "bollard"}) == ["drive"]
    assert stopped({"barrier": "bollard", "motor_vehicle": "yes"}) == []
    for barrier in ("chain", "bar", "rising_bollard", "guard_rail", "cable_barrier"):
        assert stopped({"barrier": barrier}) == ["drive"]
        assert stopped({"barrier": barrier, "motor_vehicle": "yes"}) == []
    for barrier in ("ditch", "city_wall", "retaining_wall"):
        assert stopped({"barrier": barrier}) == ["walk", "cycle", "drive"]
    assert stopped({"barrier": "gate"}) == []
    assert stopped({"barrier": "gate", "locked": "yes"}) == ["drive"]
    assert stopped({"barrier": "gate", "locked": "yes", "motor_vehicle": "permit"}) == []
    assert stopped({"barrier": "gate", "locked": "no"}) == []
    assert stopped({"barrier": "gate", "access": "no"}) == ["walk", "cycle", "drive"]
    assert stopped({"barrier": "gate", "access": "no", "foot": "yes"}) == ["cycle", "drive"]
    assert stopped({"barrier": "gate", "access": "private"}) == []  # they let some through


@pytest.mark.parametrize(
    ("duration", "kmh"),
    [
        ("00:12", 5.0),
        ("12", 5.0),
        ("0:12:00", 5.0),
        ("01:00", 1.0),
        ("00:00", None),
        ("", None),
        ("PT12M", 5.0),
        ("PT1H", 1.0),
        ("PT0H11M60S", 5.0),
        ("PT", None),
        ("x", None),
    ],
)
def test_how_long_a_ferry_takes(duration: str, kmh: float | None) -> None:
    # 1 km in 12 minutes is 5 km/h
    assert rules.ferry_kmh({"route": "ferry", "duration": duration}, 1000.0) == (
        None if kmh is None else pytest.approx(kmh)
    )
    assert rules.ferry_kmh({"highway": "residential", "duration": duration}, 1000.0) is None


def test_cycles_are_pushed_on_footways_and_cars_crawl_in_car_parks() -> None:
    assert rules.speeds_kmh({"highway": "footway"}, "cycle") == (4.8, 4.8)
    assert rules.speeds_kmh({"highway": "pedestrian", "bicycle": "dismount"}, "cycle") == (4.8, 4.8)
    assert rules.speeds_kmh({"highway": "footway", "bicycle": "yes"}, "cycle") == (10, 10)
    assert rules.speeds_kmh({"highway": "footway", "vehicle": "permissive"}, "cycle") == (10, 10)
    for open_to_all in ("yes", "permissive", "destination", "customers"):
        assert rules.speeds_kmh({"highway": "pedestrian", "access": open_to_all}, "cycle") == (4.8, 4.8)
    for service in ("parking_aisle", "parking", "driveway", "drive-through", "alley"):
        assert rules.speeds_kmh({"highway": "service", "service": service}, "drive") == (10, 10)
    assert rules.speeds_kmh({"highway": "service"}, "drive") == (15, 15)


@pytest.mark.parametrize(
    ("tags", "is_only"),
    [
        ({"access": "destination"}, True),
        ({"access": "private;customers"}, True),
        ({"access": "yes;destination"}, False),
        ({"motor_vehicle": "no", "access": "destination"}, False),  # closed
        ({"motor_vehicle:forward": "destination", "motor_vehicle:backward": "no"}, True),
        ({"motor_vehicle:forward": "destination"}, False),  # all may come back by it
    ],
)
def test_who_has_business_in_a_street_may_drive_there(tags: dict[str, str], is_only: bool) -> None:
    assert access_tags.is_access_only(tags, "drive") == is_only
    assert not access_tags.is_access_only(tags, "cycle")


def test_what_is_private_is_for_some_on_foot_and_by_cycle_too() -> None:
    assert all(access_tags.is_access_only({"access": "private"}, mode) for mode in STREET_MODES)
    assert not access_tags.is_access_only({"access": "private", "foot": "yes"}, "walk")
    assert not access_tags.is_access_only({"motor_vehicle": "private"}, "walk")


def test_access_that_says_nothing_to_us_is_told() -> None:
    assert access_tags.has_unread_access({"motor_vehicle": "residents"})
    assert access_tags.has_unread_access({"bicycle:forward": "maybe;perhaps"})
    for said in ({}, {"access": "private"}, {"foot": "yes;residents"}, {"access": "unknown"}, {"oneway": "what"}):
        assert not access_tags.has_unread_access(said)
