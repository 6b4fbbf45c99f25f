"""What junctions cost a driver: worlds to check by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.streets.osm import read_streets
from tests.access.street_worlds import A_TO_C, NODES, ON_A, ON_E, ROAD, WAYS, seconds
from tests.geo.osm_xml import Tags, write_osm

SIGNAL, CROSSING = {"highway": "traffic_signals"}, {"highway": "crossing", "crossing": "uncontrolled"}


@pytest.mark.parametrize(
    ("node_tags", "there_s", "back_s"),
    [
        ({}, 0, 0),
        ({2: SIGNAL}, 3, 0),  # nearer to 3, so for those who have most of A behind them
        ({3: SIGNAL}, 3, 3),  # where two streets meet it is for all
        ({2: {**SIGNAL, "traffic_signals:direction": "backward"}}, 0, 3),
        ({2: CROSSING}, 0.5, 0.5),
        ({2: {"highway": "crossing", "crossing": "unmarked"}}, 0, 0),
        ({2: {"highway": "bus_stop"}}, 0, 0),
    ],
)
def test_signals_and_crossings_on_the_way(
    tmp_path: Path, node_tags: dict[int, Tags], there_s: float, back_s: float
) -> None:
    # 5 ─── 1 ─── 2 ─ 3 ─── 4: A from 1 by 2 to 3, others on both sides of it; 300 m from door to door
    nodes = {1: (0, 0), 2: (150, 0), 3: (200, 0), 4: (400, 0), 5: (-200, 0)}
    ways = [([1, 2, 3], {**ROAD, "name": "A"}), ([3, 4], {**ROAD, "name": "B"}), ([5, 1], {**ROAD, "name": "C"})]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways, node_tags))
    assert seconds(found, (-50, 0), (250, 0)) == pytest.approx(30 + there_s, abs=0.02)
    assert seconds(found, (250, 0), (-50, 0)) == pytest.approx(30 + back_s, abs=0.02)


def test_who_gives_way(tmp_path: Path) -> None:
    #        5                     2 is a crossroads of a main road (1 ─ 2 ─ 3) with a side road (4 ─ 2 ─ 5): straight on along the main
    #  1 ─── 2 ─── 3               road costs nothing, from the side road 3 s; with signals 3 s from anywhere
    #        4
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, -100), 5: (100, 100)}
    main, side = {**ROAD, "highway": "secondary"}, ROAD
    ways = [([1, 2, 3], main), ([4, 2, 5], side)]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways))
    assert seconds(found, (50, 0), (150, 0)) == pytest.approx(10, abs=0.02)
    assert seconds(found, (100, -50), (150, 0)) == pytest.approx(13, abs=0.02)
    assert seconds(found, (50, 0), (100, 50)) == pytest.approx(10, abs=0.02)
    signals = read_streets(write_osm(tmp_path / "b.osm", nodes, ways, {2: SIGNAL}))
    assert seconds(signals, (50, 0), (150, 0)) == pytest.approx(13, abs=0.02)
    island = read_streets(write_osm(tmp_path / "c.osm", nodes, ways, {2: {"highway": "mini_roundabout"}}))
    assert seconds(island, (50, 0), (150, 0)) == pytest.approx(13, abs=0.02)


def test_who_drives_into_a_roundabout_waits_and_who_leaves_it_does_not(tmp_path: Path) -> None:
    # 1 ─ 5 (ring 5 → 4 → 3 → 2 → 5, sides of 20·√2 m) 3 ─ 6. Half the ring is 56.57 m; 50 m before it and after it.
    nodes = {1: (0, 0), 5: (100, 0), 4: (120, -20), 3: (140, 0), 2: (120, 20), 6: (240, 0)}
    ways = [([1, 5], ROAD), ([5, 4, 3, 2, 5], {**ROAD, "junction": "roundabout"}), ([3, 6], ROAD)]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways))
    assert seconds(found, (50, 0), (190, 0)) == pytest.approx(10 + 40 * 2**0.5 / 10 + 2, abs=0.02)


def test_signals_keep_their_direction_where_ways_drawn_to_and_fro_are_joined(tmp_path: Path) -> None:
    # A is drawn from 1 to 6 and from 3 by 2 to 6: "forward" at 2 is towards 6, and so towards 1
    nodes = {1: (0, 0), 6: (100, 0), 2: (150, 0), 3: (200, 0), 4: (400, 0), 5: (-200, 0)}
    ways = [
        ([1, 6], {**ROAD, "name": "A"}),
        ([3, 2, 6], {**ROAD, "name": "A"}),
        ([3, 4], {**ROAD, "name": "B"}),
        ([5, 1], {**ROAD, "name": "C"}),
    ]
    signal = {2: {**SIGNAL, "traffic_signals:direction": "forward"}}
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways, signal))
    assert seconds(found, (-50, 0), (250, 0)) == pytest.approx(30, abs=0.02)
    assert seconds(found, (250, 0), (-50, 0)) == pytest.approx(30 + 3, abs=0.02)


def test_a_signal_on_a_one_way_street_is_for_all_who_come(tmp_path: Path) -> None:
    # 1 → 2 → 3 with signals at 2, soon after its start; 3 ─ 4 ─ 1 leads back. 190 + 50 m
    nodes = {1: (0, 0), 2: (20, 0), 3: (200, 0), 4: (200, 300)}
    ways = [([1, 2, 3], {**ROAD, "oneway": "yes"}), ([3, 4, 1], {**ROAD, "name": "B"})]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways, {2: SIGNAL}))
    assert seconds(found, (10, 0), (200, 50)) == pytest.approx(24 + 3, abs=0.02)


def test_who_comes_along_a_motorway_does_not_wait_for_those_who_join_it(tmp_path: Path) -> None:
    # 1 ─ 2 ═▶ 6 ═▶ 3 ─ 4 ─ 7 ─ 1, and a slip road from 5 to 6; 5 ─ 7. From (50, 0) to (350, 0) 300 m, and no junction but 6
    nodes = {1: (0, 0), 2: (100, 0), 6: (200, 0), 3: (300, 0), 4: (400, 0), 7: (200, -300), 5: (150, -50)}
    motorway = {"highway": "motorway", "maxspeed": "36"}
    ways = [
        ([1, 2], ROAD), ([2, 6, 3], motorway), ([3, 4], ROAD), ([4, 7, 1], ROAD), ([7, 5], ROAD),
        ([5, 6], {"highway": "motorway_link", "maxspeed": "36", "oneway": "yes"}),
    ]  # fmt: skip
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways))
    assert seconds(found, (50, 0), (350, 0)) == pytest.approx(30, abs=0.02)


def test_turning_round_costs_where_no_other_street_can_be_driven_into(tmp_path: Path) -> None:
    # At 3 ends B, and a street that is one-way from 1 to there: who comes along B can only turn round, for 20 s, as the forbidden turn
    # makes them. 50 + 100 + 100 + 100 + 50 m, and 1 s at 2 each time; at 3 and 4 two streets meet.
    nodes = {**NODES, 9: (300, 0), 10: (300, -100)}
    ways = [*WAYS[:3], ([1, 10, 9, 3], {**ROAD, "oneway": "yes"}), WAYS[4]]
    said = [(A_TO_C, {"type": "restriction", "restriction": "no_left_turn"})]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways, relations=said))
    assert seconds(found, ON_A, ON_E) == pytest.approx(40 + 20 + 2, abs=0.02)
