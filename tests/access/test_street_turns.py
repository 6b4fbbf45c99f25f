"""Turns that are forbidden are not made, and what junctions cost is counted: worlds to check by hand, and Newport."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from access.routing.streets import StreetPath, StreetRouter
from geo.streets.graph import StreetMode, Streets
from geo.streets.osm import read_streets
from tests.geo.osm_xml import Member, Tags, grid, write_osm

ROAD = {"highway": "residential", "maxspeed": "36"}  # 10 m a second: 100 m take 10 s
#            8
#            │ E            every side is 100 m
#       C ┌─ 4 ─ D ─┐
#         2         7       A, B, C, D, E are ways 1 to 5
#  1 ─ A ─┴─ B ─ 3 ─┘
NODES = {1: (0, 0), 2: (100, 0), 3: (200, 0), 7: (200, 100), 4: (100, 100), 8: (100, 200)}
WAYS: list[tuple[Sequence[int], Tags]] = [
    ([1, 2], {**ROAD, "name": "A"}),
    ([2, 3], {**ROAD, "name": "B"}),
    ([2, 4], {**ROAD, "name": "C"}),
    ([3, 7, 4], {**ROAD, "name": "D"}),
    ([4, 8], {**ROAD, "name": "E"}),
]
A_TO_B: tuple[Member, ...] = (("from", "way", 1), ("via", "node", 2), ("to", "way", 2))
A_TO_C: tuple[Member, ...] = (("from", "way", 1), ("via", "node", 2), ("to", "way", 3))


def streets(tmp_path: Path, *relations: tuple[Sequence[Member], Tags], leave_out: Sequence[int] = ()) -> Streets:
    ways = [way for number, way in enumerate(WAYS, start=1) if number not in leave_out]
    said = [(members, {"type": "restriction", **tags}) for members, tags in relations]
    return read_streets(write_osm(tmp_path / "town.osm", NODES, ways, relations=said))


def way_between(
    found: Streets, one: tuple[float, float], other: tuple[float, float], mode: StreetMode = "drive"
) -> StreetPath:
    """Return the way between two spots; both engines agree on its time."""
    graph = found.graphs[mode]
    router = StreetRouter(graph)
    start, end = (router.place(np.array([grid(*spot)])) for spot in (one, other))
    path = router.path(start, end)
    assert path is not None
    for engine in {"dijkstra", router.engine}:
        assert StreetRouter(graph, engine).matrix_ms(start, end)[0, 0] == path.travel_ms  # type: ignore[arg-type]
    return path


def seconds(found: Streets, one: tuple[float, float], other: tuple[float, float], mode: StreetMode = "drive") -> float:
    return way_between(found, one, other, mode).travel_ms / 1000


# Half-way along A, and half-way along E: doors that are not at a junction.
ON_A, ON_E = (50, 0), (100, 150)
# By C: 50 + 100 + 50 m at 10 m/s, and 1 s at each of 2 and 4, where three streets of one class meet.
STRAIGHT_S = 20 + 2
# By B and D, as C is forbidden: 50 + 100 + 200 + 50 m; 3 is no junction.
ROUND_S = 40 + 2


def test_without_restrictions_one_turns_left(tmp_path: Path) -> None:
    assert seconds(streets(tmp_path), ON_A, ON_E) == pytest.approx(STRAIGHT_S, abs=0.02)


@pytest.mark.parametrize(
    ("members", "tags"),
    [
        (A_TO_C, {"restriction": "no_left_turn"}),
        (A_TO_B, {"restriction": "only_straight_on"}),
        (A_TO_C, {"restriction:motorcar": "no_left_turn"}),
        (A_TO_C, {"restriction": "no_left_turn", "except": "bicycle;psv"}),
    ],
)
def test_a_forbidden_turn_sends_one_round_the_block(tmp_path: Path, members: Sequence[Member], tags: Tags) -> None:
    found = streets(tmp_path, (members, tags))
    path = way_between(found, ON_A, ON_E)
    assert path.travel_ms / 1000 == pytest.approx(ROUND_S, abs=0.02)
    assert path.street_names == ("A", "B", "D", "E")
    assert path.length_m == pytest.approx(400, abs=0.2)
    np.testing.assert_allclose(path.xy[2:-2], [grid(*NODES[node]) for node in (2, 3, 7, 4)], atol=0.05)
    assert seconds(found, ON_E, ON_A) == pytest.approx(STRAIGHT_S, abs=0.02)  # the other way nothing is forbidden
    assert seconds(found, ON_A, ON_E, "walk") == pytest.approx(150, abs=0.1)  # nor to those on foot: 200 m at 4⁄3 m/s
    assert "drive: of 1 turn restrictions 1 apply." in found.quality.notes


@pytest.mark.parametrize(
    ("tags", "note"),
    [
        ({"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}, "1 hold at some times only"),
        ({"restriction:hgv": "no_left_turn"}, "1 concern neither cars nor bicycles"),
        ({"restriction": "no_left_turn", "except": "motorcar;bicycle"}, "1 concern neither cars nor bicycles"),
        ({"type": "restriction:bus", "restriction": "no_left_turn"}, "1 concern neither cars nor bicycles"),
        ({"restriction": "no_left_turn_on_red"}, "1 have a kind that is not known"),
    ],
)
def test_what_is_no_restriction_for_cars_is_counted(tmp_path: Path, tags: Tags, note: str) -> None:
    found = streets(tmp_path, (A_TO_C, tags))
    assert seconds(found, ON_A, ON_E) == pytest.approx(STRAIGHT_S, abs=0.02)
    assert f"Turn restrictions that are not applied: {note}." in found.quality.notes


@pytest.mark.parametrize(
    ("members", "note"),
    [
        (A_TO_C[:2], "1 lack a member"),
        ((*A_TO_C, ("via", "way", 2)), "1 lead along several ways"),
    ],
)
def test_what_is_no_whole_restriction_is_counted(tmp_path: Path, members: Sequence[Member], note: str) -> None:
    notes = streets(tmp_path, (members, {"restriction": "no_left_turn"})).quality.notes
    assert f"Turn restrictions that are not applied: {note}." in notes


def test_a_restriction_that_means_nothing_here_says_why(tmp_path: Path) -> None:
    runs_through = (("from", "way", 6), ("via", "node", 4), ("to", "way", 3))
    elsewhere = (("from", "way", 1), ("via", "node", 8), ("to", "way", 3))
    missing = (("from", "way", 1), ("via", "node", 99), ("to", "way", 3))
    tags = {"type": "restriction", "restriction": "no_left_turn"}
    ways = [*WAYS, ([8, 4, 9], ROAD)]
    relations = [(members, tags) for members in (runs_through, elsewhere, missing)]
    found = read_streets(write_osm(tmp_path / "a.osm", {**NODES, 9: (50, 50)}, ways, relations=relations))
    assert (
        "drive: of 3 turn restrictions 0 apply, 1 forbid what is impossible anyway, 1 lie where this mode has no junction, "
        "1 name a way that runs on through the junction."
    ) in found.quality.notes


def test_cyclists_obey_unless_excepted_and_may_turn_round(tmp_path: Path) -> None:
    # 15 km/h: 200 m take 48 s, 400 m take 96 s; to turn round at the end of C's other side costs them nothing
    obeyed = streets(tmp_path, (A_TO_C, {"restriction": "no_left_turn"}))
    excepted = streets(tmp_path, (A_TO_C, {"restriction": "no_left_turn", "except": "bicycle"}))
    assert seconds(excepted, ON_A, ON_E, "cycle") == pytest.approx(48, abs=0.05)
    assert seconds(obeyed, ON_A, ON_E, "cycle") == pytest.approx(96, abs=0.05)


def test_one_turns_round_at_a_dead_end_but_not_at_the_next_junction(tmp_path: Path) -> None:
    # Without D, B ends at 3: one drives there and comes back, and then C lies to the right. 50 + 100 + 100 + 100 + 50 m, 20 s to
    # turn round, 1 s at 2 each time; 4 is no junction now.
    ban = (A_TO_C, {"restriction": "no_left_turn"})
    dead_end = streets(tmp_path, ban, leave_out=[4])
    assert seconds(dead_end, ON_A, ON_E) == pytest.approx(40 + 20 + 2, abs=0.02)
    # With a street of 30 m leading on at 3, to a dead end at 9, one goes on to there: 60 m more, and 1 s at 3 each time.
    nodes = {**NODES, 9: (230, 0), 10: (200, -30)}
    ways = [WAYS[0], WAYS[1], WAYS[2], ([3, 9], ROAD), ([3, 10], ROAD), WAYS[4]]
    said = [(A_TO_C, {"type": "restriction", "restriction": "no_left_turn"})]
    leads_on = read_streets(write_osm(tmp_path / "b.osm", nodes, ways, relations=said))
    assert seconds(leads_on, ON_A, ON_E) == pytest.approx(40 + 6 + 20 + 2 + 2, abs=0.02)


def test_a_turn_that_depends_on_the_way_before_the_last(tmp_path: Path) -> None:
    #   4 ←── 5 ←── 6     two carriageways 20 m apart, ways 1 (1 → 2 → 3, cut at 2: 1 and 2) and 3, 4 (6 → 5, 5 → 4);
    #         │           way 5 is the gap 2 ─ 5; way 6 comes from 7 to 2, way 7 joins 3 and 6
    #   1 ──→ 2 ──→ 3     who comes from 1 must not turn round by the gap; who comes from 7 may take it
    #         7
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (0, 20), 5: (100, 20), 6: (200, 20), 7: (100, -100)}
    one_way = {**ROAD, "oneway": "yes"}
    ways: list[tuple[Sequence[int], Mapping[str, str]]] = [
        ([1, 2], one_way), ([2, 3], one_way), ([6, 5], one_way), ([5, 4], one_way), ([2, 5], ROAD), ([7, 2], ROAD),
        ([3, 6], ROAD), ([4, 1], ROAD),
    ]  # fmt: skip

    def town(kind: str, from_way: int) -> Streets:
        members = (("from", "way", from_way), ("via", "way", 5), ("to", "way", 4))
        relations = [(members, {"type": "restriction", "restriction": kind})]
        found = read_streets(write_osm(tmp_path / "dual.osm", nodes, ways, relations=relations))
        assert "drive: of 1 turn restrictions 1 apply." in found.quality.notes
        return found

    # From (50, 0) to (50, 20): by the gap 50 + 20 + 50 m; round by 3 and 6 200 m more. 1 s each time at 2 and at 5, where
    # there are three or four streets of one class; 3, 6, 1 and 4 are no junctions.
    forbidden = town("no_u_turn", 1)
    assert seconds(forbidden, (50, 0), (50, 20)) == pytest.approx(32 + 2, abs=0.02)
    # From (100, -50), from 7, nothing is forbidden: 50 + 20 + 50 m
    assert seconds(forbidden, (100, -50), (50, 20)) == pytest.approx(12 + 2, abs=0.02)
    # Where whoever comes from 7 must take the gap and then go to 4, the way to (150, 0) is 50 + 20 + 100 + 20 + 100 + 50 m, by 2
    # twice; from 1 it is straight on.
    forced = town("only_left_turn", 6)
    assert seconds(forced, (100, -50), (150, 0)) == pytest.approx(34 + 3, abs=0.02)
    assert seconds(forced, (50, 0), (150, 0)) == pytest.approx(10 + 1, abs=0.02)


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


@pytest.mark.real
def test_newports_restrictions(real_data: Path) -> None:
    found = read_streets(real_data / "newport" / "newport-2023-06-13.osm.pbf")
    # its README counts 94; no_u_turn (27) does not bind those who can push
    said = [note for note in found.quality.notes if "turn restrictions" in note]
    assert said == [
        "cycle: of 67 turn restrictions 61 apply, 6 forbid what is impossible anyway.",
        "drive: of 94 turn restrictions 88 apply, 5 forbid what is impossible anyway, 1 lie where this mode has no junction.",
    ]


@pytest.mark.parametrize("value", ["destination", "customers", "permit"])
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


def test_private_streets_and_those_for_deliveries_are_closed(tmp_path: Path) -> None:
    for value in ("private", "delivery", "no"):
        ways = [(refs, {**tags, **({"motor_vehicle": value} if tags["name"] == "C" else {})}) for refs, tags in WAYS]
        found = read_streets(write_osm(tmp_path / "a.osm", NODES, ways))
        # 4 and 2 are no junctions for cars then
        assert seconds(found, ON_A, ON_E) == pytest.approx(ROUND_S - 2, abs=0.02)
        # a door on C is reached from the street nearest to it
        assert "C" not in way_between(found, ON_A, (100, 20)).street_names


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
