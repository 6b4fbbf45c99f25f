"""Streets and gates that are open to some only, bridges and ferries: worlds to check by hand, and Newport."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from access.routing.streets import StreetRouter
from geo.streets.graph import STREET_MODES, PlacedPoints, StreetMode
from geo.streets.osm import read_streets
from tests.access.street_worlds import A_TO_C, NODES, ON_A, ON_E, ROAD, ROUND_S, STRAIGHT_S, WAYS, seconds, way_between
from tests.geo.osm_xml import grid, write_osm


@pytest.mark.parametrize("value", ["destination", "customers", "permit", "private", "delivery"])
def test_no_through_traffic_where_only_those_with_business_there_may_drive(tmp_path: Path, value: str) -> None:
    # C is open to those only whose journey begins or ends there: from A to E one goes round by B and D, as if the turn were forbidden
    ways = [(refs, {**tags, **({"motor_vehicle": value} if tags["name"] == "C" else {})}) for refs, tags in WAYS]
    found = read_streets(write_osm(tmp_path / "a.osm", NODES, ways))
    on_c = (100, 60)
    for one, other in ((ON_A, ON_E), (ON_E, ON_A)):
        assert seconds(found, one, other) == pytest.approx(ROUND_S, abs=0.02)
    # To and from a door on C, 60 m from 2 and 40 m from 4, it is open both ways: 50 + 60 m, and 40 + 50 m; 1 s at the junction
    assert seconds(found, ON_A, on_c) == pytest.approx(12, abs=0.02)
    assert seconds(found, on_c, ON_A) == pytest.approx(12, abs=0.02)
    assert seconds(found, ON_E, on_c) == pytest.approx(10, abs=0.02)
    assert seconds(found, on_c, ON_E) == pytest.approx(10, abs=0.02)
    assert seconds(found, on_c, (100, 30)) == pytest.approx(3, abs=0.02)  # along C
    path = way_between(found, ON_A, on_c)
    assert path.street_names == ("A", "C")
    assert path.length_m == pytest.approx(110, abs=0.1)
    # who walks or cycles is not asked
    assert seconds(found, ON_A, ON_E, "cycle") == pytest.approx(48, abs=0.05)


def test_streets_that_are_closed_are_driven_by_nobody(tmp_path: Path) -> None:
    for value in ("no", "emergency", "forestry"):
        ways = [(refs, {**tags, **({"motor_vehicle": value} if tags["name"] == "C" else {})}) for refs, tags in WAYS]
        found = read_streets(write_osm(tmp_path / "a.osm", NODES, ways))
        # 4 and 2 are no junctions for cars then
        assert seconds(found, ON_A, ON_E) == pytest.approx(ROUND_S - 2, abs=0.02)
        # a door on C is reached from the street nearest to it
        assert "C" not in way_between(found, ON_A, (100, 20)).street_names


@pytest.mark.parametrize("value", ["private", "delivery"])
def test_who_lives_up_a_private_street_goes_home_by_it_and_nobody_goes_through(tmp_path: Path, value: str) -> None:
    # 1 ─ 2 for all, then 2 ─ 3 private up to a home at 2,190 m: 3,190 m in all, at 10 m a second or 4/3 on foot; 2 is no junction
    nodes = {1: (0, 0), 2: (1000, 0), 3: (1000, 2200)}
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, [([1, 2], ROAD), ([2, 3], {**ROAD, "access": value})]))
    for one, other in (((0, 0), (1000, 2190)), ((1000, 2190), (0, 0))):
        assert seconds(found, one, other) == pytest.approx(319, abs=0.02)
        assert seconds(found, one, other, "walk") == pytest.approx(3190 * 3 / 4, abs=0.2)
    # C private: on foot from A to E one goes round by B and D too, 400 m; to a door on C 110 m
    ways = [(refs, {**tags, **({"access": value} if tags["name"] == "C" else {})}) for refs, tags in WAYS]
    town = read_streets(write_osm(tmp_path / "b.osm", NODES, ways))
    assert seconds(town, ON_A, ON_E, "walk") == pytest.approx(300, abs=0.2)
    assert seconds(town, ON_A, (100, 60), "walk") == pytest.approx(82.5, abs=0.2)


def test_a_private_service_road_leads_to_what_lies_behind_and_has_no_doors_unless_it_is_a_driveway(
    tmp_path: Path,
) -> None:
    # 1 ─ 2 a road, 2 ─ 3 a private service road of 100 m, 3 ─ 4 a road again
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (300, 0)}
    for more, has_doors in (({}, False), ({"service": "driveway"}, True)):
        between = {"highway": "service", "access": "private", "maxspeed": "36", **more}
        graphs = read_streets(
            write_osm(tmp_path / "a.osm", nodes, [([1, 2], ROAD), ([2, 3], between), ([3, 4], ROAD)])
        ).graphs
        for mode in ("walk", "drive"):
            router = StreetRouter(graphs[mode])
            home, hut, end = (router.place(np.array([grid(x, 0)])) for x in (50, 150, 250))
            assert hut.snap_m[0] == pytest.approx(0 if has_doors else 50, abs=0.1)
            assert router.matrix_s(home, end)[0, 0] > 0


def test_streets_that_cross_on_a_bridge_do_not_meet(tmp_path: Path) -> None:
    #        4          1 ─ 3 runs under 2 ─ 4; they meet only by way of 5, and nowhere where they cross on the map
    #  1 ────┼──── 3
    #        2 ─────── 5 ─ 3
    nodes = {1: (0, 0), 3: (200, 0), 2: (100, -100), 4: (100, 100), 5: (200, -100)}
    ways = [([1, 3], ROAD), ([2, 4], {**ROAD, "bridge": "yes", "layer": "1"}), ([2, 5], ROAD), ([5, 3], ROAD)]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways))
    # From (50, 0) to (100, 50): 150 + 100 + 100 + 150 m
    assert seconds(found, (50, 0), (100, 50)) == pytest.approx(50, abs=0.05)
    assert seconds(found, (50, 0), (100, 50), "walk") == pytest.approx(375, abs=0.3)


def test_ferries_take_their_time_and_cars_where_they_are_said_to(tmp_path: Path) -> None:
    # 1 ─ 2 ~~~ 3 ─ 4: the ferry of 1,000 m takes 12 minutes
    nodes = {1: (0, 0), 2: (100, 0), 3: (1100, 0), 4: (1200, 0)}
    ferry = {"route": "ferry", "duration": "00:12", "motor_vehicle": "yes", "bicycle": "no"}
    ways = [([1, 2], ROAD), ([2, 3], ferry), ([3, 4], ROAD)]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways))
    assert seconds(found, (50, 0), (1150, 0)) == pytest.approx(10 + 720, abs=0.05)
    assert seconds(found, (50, 0), (1150, 0), "walk") == pytest.approx(75 + 720, abs=0.1)
    graph = found.graphs["cycle"]
    assert graph.length_m.max() < 101


def test_a_ferry_is_come_to_by_piers_and_platforms(tmp_path: Path) -> None:
    # 1 ─ 2, a pier 2 ─ 5, a ferry 5 ~~~ 6 of 10 minutes, a landing 6 ─ 3, and 3 ─ 4: on foot 500 + 50 m, 600 s, 50 + 450 m
    nodes = {1: (0, 0), 2: (1000, 0), 5: (1050, 0), 6: (5000, 0), 3: (5050, 0), 4: (6000, 0)}
    ferry = {"route": "ferry", "duration": "10"}
    for landing in ({"public_transport": "platform"}, {"railway": "platform"}, {"highway": "elevator"}):
        ways = [([1, 2], ROAD), ([2, 5], {"man_made": "pier"}), ([5, 6], ferry), ([6, 3], landing), ([3, 4], ROAD)]
        found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways))
        assert seconds(found, (500, 0), (5500, 0), "walk") == pytest.approx(1050 * 3 / 4 + 600, abs=0.2)


def test_a_ferry_sails_no_slower_for_a_slower_walker_or_at_a_busy_hour(tmp_path: Path) -> None:
    # 1 ─ 2 ~~~ 3 ─ 4: 500 m of street on either side of a ferry that takes 10 minutes
    nodes = {1: (0, 0), 2: (1000, 0), 3: (2000, 0), 4: (3000, 0)}
    ferry = {"route": "ferry", "duration": "00:10", "motor_vehicle": "yes"}
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, [([1, 2], ROAD), ([2, 3], ferry), ([3, 4], ROAD)]))
    walk, drive = (StreetRouter(found.graphs[mode]) for mode in ("walk", "drive"))
    # On foot 600 s and 1,000 m at 4.8 km/h, or at 3.6; by car 600 s and 1,000 m at 10 m a second, or 1.3 times as long
    for router, expected_s in (
        (walk, 600 + 750), (walk.with_walk_speed(3.6), 600 + 1000), (drive, 600 + 100), (drive.slowed(1.3), 600 + 130),
    ):  # fmt: skip
        start, end = (router.place(np.array([grid(*spot)])) for spot in ((500, 0), (2500, 0)))
        assert router.matrix_s(start, end)[0, 0] == pytest.approx(expected_s, abs=0.1)


def test_what_lies_behind_a_street_for_some_is_come_to_and_left(tmp_path: Path) -> None:
    # Without D, E hangs on C alone. 50 + 100 + 50 m, and 1 s at 2; 4 is no junction.
    ways = [(refs, {**tags, **({"access": "destination"} if tags["name"] == "C" else {})}) for refs, tags in WAYS]
    del ways[3]
    found = read_streets(write_osm(tmp_path / "a.osm", NODES, ways))
    assert seconds(found, ON_A, ON_E) == pytest.approx(20 + 1, abs=0.02)
    assert seconds(found, ON_E, ON_A) == pytest.approx(20 + 1, abs=0.02)
    # From E to C, 50 + 40 m, without coming out to 2 and in again
    assert seconds(found, ON_E, (100, 60)) == pytest.approx(9, abs=0.02)


def test_a_street_for_some_is_no_lawful_way_round_a_forbidden_turn(tmp_path: Path) -> None:
    # B goes on by 3 and 11 to a dead end at 9, a close of 100 m leads off at 11. F, from 3 back to 2, is for some only: so one drives on to
    # 9, and does not turn round at 11. 50 + 200 + 200 + 100 + 50 m, 20 s at 9, 1 s at 2, 3 and 11 each time; 4 is no junction.
    nodes = {**NODES, 11: (280, 0), 9: (300, 0), 12: (280, -100), 10: (150, -50)}
    some = {**ROAD, "name": "F", "access": "destination"}
    ways = [*WAYS[:3], ([3, 11, 9], ROAD), WAYS[4], ([11, 12], ROAD), ([3, 10, 2], some)]
    said = [(A_TO_C, {"type": "restriction", "restriction": "no_left_turn"})]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways, relations=said))
    assert seconds(found, ON_A, ON_E) == pytest.approx(60 + 20 + 6, abs=0.02)


def test_nobody_drives_through_what_lies_behind_streets_for_some(tmp_path: Path) -> None:
    # 1 ─ 2 ─ 3 is open and runs 1,000 m round by 4; 2 ─ 5 and 6 ─ 3 are for some only, and 5 ─ 6 between them is open to all.
    #     5 ─ 6
    nodes = {
        1: (0, 0),
        2: (100, 0),
        5: (100, -50),
        6: (200, -50),
        3: (200, 0),
        7: (300, 0),
        4: (100, 450),
        8: (200, 450),
    }
    some = {**ROAD, "access": "permit"}
    ways = [([1, 2], ROAD), ([2, 4, 8, 3], ROAD), ([3, 7], ROAD), ([2, 5], some), ([5, 6], ROAD), ([6, 3], some)]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways))
    # Round by 4 and 8 50 + 450 + 100 + 450 + 50 m, 1 s at 2 and at 3; by 5 and 6 it would be 300 m
    assert seconds(found, (50, 0), (250, 0)) == pytest.approx(110 + 2, abs=0.02)
    # To 5 ─ 6 from either side: 50 + 50 + 50 m
    assert seconds(found, (50, 0), (150, -50)) == pytest.approx(15 + 1, abs=0.02)
    assert seconds(found, (150, -50), (250, 0)) == pytest.approx(15 + 1, abs=0.02)


@pytest.mark.parametrize(
    "gate", [{"access": "permit"}, {"motor_vehicle": "customers"}, {"motor_vehicle": "no;private"}]
)
def test_a_gate_for_some_lets_nobody_through_to_elsewhere(tmp_path: Path, gate: dict[str, str]) -> None:
    # The gate stands in the middle of C: from A to E one goes round by B and D; to a door behind it one goes through it
    nodes = {**NODES, 9: (100, 50)}
    ways = [([2, 9, 4] if tags["name"] == "C" else refs, tags) for refs, tags in WAYS]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways, {9: {"barrier": "gate", **gate}}))
    assert seconds(found, ON_A, ON_E) == pytest.approx(ROUND_S, abs=0.02)
    assert seconds(found, ON_A, (100, 60)) == pytest.approx(12, abs=0.02)  # 50 + 60 m, and 1 s at 2
    # Who cycles is not asked: 200 m at 15 km/h
    assert seconds(found, ON_A, ON_E, "cycle") == pytest.approx(48, abs=0.05)
    # Where streets meet a gate may stand in any of them, so that it keeps nobody out
    at_2 = read_streets(write_osm(tmp_path / "c.osm", nodes, ways, {2: {"barrier": "gate", "motor_vehicle": "permit"}}))
    assert seconds(at_2, ON_A, ON_E) == pytest.approx(STRAIGHT_S, abs=0.02)
    # Where C is the only way, what lies behind the gate is come to through it
    del ways[3]
    behind = read_streets(write_osm(tmp_path / "b.osm", nodes, ways, {9: {"barrier": "gate", **gate}}))
    assert seconds(behind, ON_A, ON_E) == pytest.approx(20 + 1, abs=0.02)


def test_a_street_is_cut_where_what_is_said_of_it_changes(tmp_path: Path) -> None:
    # One street of one name, 100 m for all, 100 m for some and with steps beside it that no wheelchair takes
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    ways = [([1, 2], ROAD), ([2, 3], {**ROAD, "motor_vehicle": "destination", "wheelchair": "no"})]
    graphs = read_streets(write_osm(tmp_path / "a.osm", nodes, ways)).graphs
    drive, walk = graphs["drive"], graphs["walk"]
    is_street = (drive.length_m > 0) & ~drive.is_way_in
    assert sorted(drive.is_access_only[is_street].tolist()) == [False, False, True, True]
    assert sorted(walk.is_step_free.tolist()) == [False, False, True, True]
    assert walk.length_m.tolist() == pytest.approx([100] * 4, abs=0.02)


def test_the_pavement_beside_a_road_and_the_crossing(tmp_path: Path) -> None:
    # 1 ─ 2 is a road; 3 ─ 4 its pavement, 10 m north of it, joined with it by the crossing 4 ─ 2 at its end only.
    # From a door on the pavement to one on the road: 80 + 10 + 80 m at 4⁄3 m/s, and nothing is lost at the crossing.
    nodes = {1: (0, 0), 2: (100, 0), 3: (0, 10), 4: (100, 10)}
    ways = [
        ([1, 2], ROAD),
        ([3, 4], {"highway": "footway", "footway": "sidewalk"}),
        ([4, 2], {"highway": "footway", "footway": "crossing", "crossing": "traffic_signals"}),
    ]
    node_tags = {2: {"highway": "crossing", "crossing": "traffic_signals"}}
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways, node_tags))
    assert seconds(found, (20, 10), (20, 0), "walk") == pytest.approx(127.5, abs=0.1)


@pytest.mark.real
@pytest.mark.parametrize("mode", STREET_MODES)
def test_every_street_of_newport_is_come_to_and_left(real_data: Path, mode: StreetMode) -> None:
    graph = read_streets(real_data / "newport" / "newport-2023-06-13.osm.pbf").graphs[mode]
    edge = np.flatnonzero(graph.is_snappable).astype(np.int32)
    everywhere = PlacedPoints(
        np.zeros((len(edge), 2)), edge, np.full(len(edge), 0.5), np.zeros(len(edge)), np.zeros(len(edge), np.int64)
    )
    router, hub = StreetRouter(graph), everywhere.take([len(edge) // 2])
    assert (router.matrix_ms(hub, everywhere) >= 0).all()
    assert (router.matrix_ms(everywhere, hub) >= 0).all()
