"""OpenStreetMap extracts become graphs: hand-made worlds, broken files, and Newport."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.errors import DataError
from geo.streets.graph import STREET_MODES, StreetGraph
from geo.streets.osm import read_streets
from tests.geo.osm_xml import grid, write_osm

ROAD = {"highway": "residential", "name": "High Street"}


def links(graph: StreetGraph) -> set[tuple[int, int]]:
    """Return the directed edges as pairs of OSM ids."""
    ids = graph.node_osm_id
    return set(zip(ids[graph.tail].tolist(), ids[graph.head].tolist(), strict=True))


def check_contract(graph: StreetGraph) -> None:
    """Assert what StreetGraph promises."""
    assert (np.diff(graph.tail) >= 0).all()
    assert graph.travel_ms.dtype == np.uint32
    assert graph.travel_ms.min() >= 1
    twins = np.flatnonzero(graph.twin >= 0)
    assert (graph.twin[graph.twin[twins]] == twins).all()
    # One spot, though two nodes where turns are forbidden
    np.testing.assert_array_equal(graph.node_xy[graph.tail[graph.twin[twins]]], graph.node_xy[graph.head[twins]])
    assert (graph.junction_ms < graph.travel_ms).all()
    assert graph.line_start[-1] == len(graph.line_xy)
    np.testing.assert_array_equal(graph.line_xy[graph.line_start[:-1]], graph.node_xy[graph.tail])
    np.testing.assert_array_equal(graph.line_xy[graph.line_start[1:] - 1], graph.node_xy[graph.head])
    for edge in twins[:50]:
        line = graph.line_xy[graph.line_start[edge] : graph.line_start[edge + 1]]
        other = graph.twin[edge]
        back = graph.line_xy[graph.line_start[other] : graph.line_start[other + 1]]
        np.testing.assert_array_equal(line, back[::-1])
        assert np.hypot(*np.diff(line, axis=0).T).sum() == pytest.approx(graph.length_m[edge])


def test_a_street_is_cut_at_junctions_only(tmp_path: Path) -> None:
    #  1 ── 2 ── 3 ── 4      2 is a bend, 3 a junction with the lane to 5
    #            └─── 5
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (200, 100), 5: (200, 0)}
    path = write_osm(tmp_path / "a.osm", nodes, [([1, 2, 3, 4], ROAD), ([3, 5], {"highway": "service"})])
    streets = read_streets(path)
    for mode in STREET_MODES:
        graph = streets.graphs[mode]
        check_contract(graph)
        assert links(graph) == {(1, 3), (3, 1), (3, 4), (4, 3), (3, 5), (5, 3)}
        assert graph.is_snappable.all()
    walk = streets.graphs["walk"]
    bent = int(np.flatnonzero((walk.node_osm_id[walk.tail] == 1) & (walk.node_osm_id[walk.head] == 3))[0])
    assert walk.length_m[bent] == pytest.approx(200, abs=0.03)
    assert walk.travel_ms[bent] == pytest.approx(150_000, abs=25)  # 200 m at 4.8 km/h = 1⅓ m/s: 150 s
    assert walk.names[walk.name_index[bent]] == "High Street"
    # 30 km/h where nothing is known of a residential street: 200 m take 24 s; and 20 s to turn round at the end, 1
    drive = streets.graphs["drive"]
    assert drive.travel_ms[(drive.length_m > 199)].tolist() == pytest.approx([24_000, 44_000], abs=5)
    assert drive.junction_ms[(drive.length_m > 199)].tolist() == [0, 20_000]


def test_two_ways_that_meet_end_to_end_are_one_street(tmp_path: Path) -> None:
    #  1 ── 2 ── 3 ── 4: three ways drawn to and fro, the last with another name
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (300, 0)}
    ways = [([1, 2], ROAD), ([3, 2], ROAD), ([3, 4], {**ROAD, "name": "Low Street"})]
    graph = read_streets(write_osm(tmp_path / "a.osm", nodes, ways)).graphs["drive"]
    check_contract(graph)
    assert links(graph) == {(1, 3), (3, 1), (3, 4), (4, 3)}
    assert sorted(graph.length_m.tolist()) == pytest.approx([100, 100, 200, 200], abs=0.03)


def test_one_way_streets_that_meet_head_to_head_stay_apart(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    ways = [([1, 2], {**ROAD, "oneway": "yes"}), ([3, 2], {**ROAD, "oneway": "yes"})]
    graph = read_streets(write_osm(tmp_path / "a.osm", nodes, ways)).graphs["drive"]
    assert links(graph) == {(1, 2), (3, 2)}


def test_one_way_steps_closed_and_motorway(tmp_path: Path) -> None:
    #  1 → 2 one-way;  2 ─ 3 steps;  3 ─ 4 closed;  1 ─ 5 motorway (along its drawing);  5 ─ 1 road back;  2 ─ 1 road back
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (200, 100), 5: (0, 300)}
    ways = [
        ([1, 2], {**ROAD, "oneway": "yes"}),
        ([2, 3], {"highway": "steps"}),
        ([3, 4], {**ROAD, "access": "no"}),
        ([1, 5], {"highway": "motorway"}),
        ([5, 1], {**ROAD, "name": "Low Street"}),
    ]
    graphs = read_streets(write_osm(tmp_path / "a.osm", nodes, ways)).graphs
    assert links(graphs["walk"]) == {(1, 2), (2, 1), (2, 3), (3, 2), (1, 5), (5, 1)}
    assert links(graphs["cycle"]) == {(1, 2), (1, 5), (5, 1)}
    assert links(graphs["drive"]) == {(1, 2), (1, 5), (5, 1)}
    drive = graphs["drive"]
    # 1 → 2 leads nowhere back: not in the part that hangs together. The motorway is, but no door opens on it.
    assert drive.n_edges == 4
    assert int(drive.is_snappable.sum()) == 2
    # 300 m at 30 km/h; 3 s to join the motorway, 20 s to turn round at its end, where there is no other way on
    assert drive.travel_ms[drive.is_snappable].tolist() == pytest.approx([56_000, 39_000], abs=5)


def test_a_roundabout_goes_one_way_round(tmp_path: Path) -> None:
    #      2
    #  1 ─ 5   3 ─ 6     5, 2, 3, 4 is the ring, drawn 5 → 4 → 3 → 2 → 5
    #      4
    nodes = {1: (0, 0), 5: (100, 0), 4: (120, -20), 3: (140, 0), 2: (120, 20), 6: (240, 0)}
    ways = [([1, 5], ROAD), ([5, 4, 3, 2, 5], {**ROAD, "junction": "roundabout"}), ([3, 6], ROAD)]
    graphs = read_streets(write_osm(tmp_path / "a.osm", nodes, ways)).graphs
    assert links(graphs["drive"]) == {(1, 5), (5, 1), (5, 3), (3, 5), (3, 6), (6, 3)}
    ring = graphs["drive"].twin < 0
    assert int(ring.sum()) == 2
    assert (graphs["walk"].twin >= 0).all()
    check_contract(graphs["walk"])
    check_contract(graphs["drive"])


def test_a_lane_is_driven_at_half_the_national_limit(tmp_path: Path) -> None:
    # 10 km of single track at 60 mph: 30 mph are 48.28032 km/h, so 745.65 s, and 20 s to turn round at the end
    lane = {"highway": "unclassified", "maxspeed": "60 mph", "lanes": "1"}
    graph = read_streets(write_osm(tmp_path / "a.osm", {1: (0, 0), 2: (10_000, 0)}, [([1, 2], lane)])).graphs["drive"]
    assert (graph.travel_ms - graph.junction_ms).tolist() == pytest.approx([745_645] * 2, abs=10)


def test_a_bridge_is_no_junction(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (200, 0), 3: (100, -100), 4: (100, 100), 5: (200, 100)}
    ways = [
        ([1, 2], ROAD),
        ([3, 4], {**ROAD, "bridge": "yes", "layer": "1"}),
        ([2, 5], ROAD),
        ([5, 4], {**ROAD, "name": "B"}),
    ]
    graph = read_streets(write_osm(tmp_path / "a.osm", nodes, ways)).graphs["drive"]
    crossing = np.hypot(*(graph.node_xy - np.array(grid(100, 0))).T)
    assert crossing.min() > 50


def test_loops_and_parallel_streets_are_kept(tmp_path: Path) -> None:
    #  6 ─ 1; 1 ─ 2 twice, once by way of 3; a close 2 → 4 → 5 → 2 that comes back to where it began
    nodes = {1: (0, 0), 2: (200, 0), 3: (100, 50), 4: (300, 50), 5: (300, -50), 6: (-100, 0)}
    ways = [([6, 1, 2], ROAD), ([1, 3, 2], ROAD), ([2, 4, 5, 2], ROAD)]
    graph = read_streets(write_osm(tmp_path / "a.osm", nodes, ways)).graphs["drive"]
    check_contract(graph)
    assert graph.n_nodes == 3
    assert graph.n_edges == 8
    loops = graph.tail == graph.head
    assert int(loops.sum()) == 2
    assert graph.twin[loops].tolist() == np.flatnonzero(loops)[::-1].tolist()


def test_a_ring_that_meets_nothing_is_one_loop(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (0, 100)}
    graph = read_streets(write_osm(tmp_path / "a.osm", nodes, [([1, 2], ROAD), ([2, 3], ROAD), ([3, 1], ROAD)])).graphs[
        "walk"
    ]
    check_contract(graph)
    assert graph.n_nodes == 1
    assert graph.length_m.tolist() == pytest.approx([200 + 100 * 2**0.5] * 2, abs=0.05)


def test_an_island_takes_no_points_and_a_bollard_makes_a_dead_end(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 8: (5000, 0), 9: (5100, 0)}
    path = write_osm(tmp_path / "a.osm", nodes, [([1, 2, 3], ROAD), ([8, 9], ROAD)], {2: {"barrier": "bollard"}})
    graphs = read_streets(path).graphs
    walk, drive = graphs["walk"], graphs["drive"]
    on_island = np.isin(walk.node_osm_id[walk.tail], [8, 9])
    assert (walk.is_snappable == ~on_island).all()
    assert links(walk) == {(1, 3), (3, 1), (8, 9), (9, 8)}
    assert links(drive) == {(1, 2), (2, 1), (2, 3), (3, 2), (8, 9), (9, 8)}
    assert int((drive.node_osm_id == 2).sum()) == 2  # each side has its own end


def test_places_and_main_roads(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (50, 50), 4: (60, 60), 5: (70, 70)}
    node_tags = {
        3: {"place": "town", "name": "Newport", "name:cy": "Casnewydd"},
        4: {"place": "village", "name": "Caerllion", "name:en": "Caerleon"},
        5: {"place": "hamlet"},
    }
    path = write_osm(tmp_path / "a.osm", nodes, [([1, 2], {"highway": "primary", "ref": "A48"})], node_tags)
    streets = read_streets(path)
    said = list(zip(streets.places["kind"], streets.places["name_en"], streets.places["name_cy"], strict=True))
    assert said == [("town", "Newport", "Casnewydd"), ("village", "Caerleon", "Caerllion")]
    assert streets.places.crs.to_epsg() == 27700
    assert streets.places.geometry.x.iloc[0] == pytest.approx(grid(50, 50)[0], abs=0.02)
    assert list(streets.main_roads["class"]) == ["primary"]
    assert list(streets.main_roads["ref"]) == ["A48"]
    assert any("1 places have no name" in note for note in streets.quality.notes)


def test_what_became_of_the_ways_is_counted(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    ways = [
        ([1, 2], {**ROAD, "maxspeed": "fast", "access": "residents"}),
        ([2, 3, 99, 1], ROAD),
        ([1, 3], {"highway": "construction"}),
    ]
    quality = read_streets(write_osm(tmp_path / "a.osm", nodes, ways)).quality
    assert (quality.rows_in, quality.rows_kept, quality.out_of_scope) == (3, 2, 1)
    assert any("1 ways lack nodes" in note for note in quality.notes)
    assert any("1 ways have a maxspeed" in note for note in quality.notes)
    assert any("1 ways have a value of access" in note for note in quality.notes)


def test_ways_under_a_condition_are_named_and_used_as_their_plain_tags_say(tmp_path: Path) -> None:
    #  1 ── 2 ── 3    a school street (way 1), open by its plain tags, and way 2, closed by them
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    school = {**ROAD, "motor_vehicle:conditional": "no @ (Mo-Fr 08:30-09:15)"}
    market = {**ROAD, "motor_vehicle": "no", "motor_vehicle:forward:conditional": "delivery @ (06:00-10:00)"}
    streets = read_streets(write_osm(tmp_path / "a.osm", nodes, [([1, 2], school), ([2, 3], market)]))
    assert links(streets.graphs["drive"]) == {(1, 2), (2, 1)}
    (said,) = (note for note in streets.quality.notes if "under a condition" in note)
    assert said.startswith("2 ways ") and said.endswith("which is not applied: way 1, 2.")
    plainly = read_streets(write_osm(tmp_path / "b.osm", nodes, [([1, 2], ROAD), ([2, 3], ROAD)]))
    assert not any("under a condition" in note for note in plainly.quality.notes)


def test_of_many_ways_under_a_condition_the_first_are_named(tmp_path: Path) -> None:
    nodes = {n: (100 * n, 0) for n in range(1, 29)}  # 27 ways between them, of which 25 are named
    ways = [([n, n + 1], {**ROAD, "access:conditional": "no @ (22:00-06:00)"}) for n in range(1, 28)]
    notes = read_streets(write_osm(tmp_path / "a.osm", nodes, ways)).quality.notes
    assert any(note.startswith("27 ways ") and note.endswith(" 24, 25 and 2 more.") for note in notes)


def test_a_file_that_lost_its_end_between_two_blocks_is_doubted(tmp_path: Path) -> None:
    # nodes come first in a file, relations last: where ways were lost, nodes lie about that none of the others uses
    nodes = {node: (100.0 * node, 0.0) for node in range(1, 11)}
    street, building = ([1, 2, 3, 4], ROAD), ([5, 6, 7, 8, 9, 10, 5], {"building": "yes"})
    banned = [([("via", "node", 2)], {"type": "restriction", "restriction": "no_u_turn"})]

    def doubts(*ways: object, relations: object = ()) -> list[str]:
        return [
            f.problem for f in read_streets(write_osm(tmp_path / "a.osm", nodes, ways, {}, relations)).quality.doubts
        ]

    assert doubts(street, building) == []  # whole, if without relations
    assert doubts(street) == ["may be cut short: no way uses 60% of its nodes, and it holds no relation."]
    assert doubts(street, relations=banned) == []  # the end is there: the ways have been chosen


def test_a_file_without_streets_names_each_mode(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "empty.osm", {1: (0, 0), 2: (9, 9)}, [([1, 2], {"highway": "steps"})])
    with pytest.raises(DataError) as refused:
        read_streets(path)
    assert [fault.problem for fault in refused.value.faults] == [
        "gives no graph: no way is open to the mode 'cycle'.",
        "gives no graph: no way is open to the mode 'drive'.",
    ]


def test_ways_without_their_nodes_are_told_apart_from_no_ways(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "unsaved.osm", {-1: (0, 0), -2: (100, 0)}, [([-1, -2], ROAD)])  # an editor's new nodes
    with pytest.raises(DataError, match=r"1 ways but not the nodes .* ids above 0"):
        read_streets(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.osm.pbf", b"\x00\x00\x00\x0e\x0a\x09OSMHeader\x18\x05trunc"),
        ("a.osm.pbf", b"not a map at all"),
        ("a.osm", b"<osm version='0.6'><node id='1' lat='51.5'"),
        ("a.osm", b"<html></html>"),
        ("a.osm", b"<!DOCTYPE x [<!ENTITY a 'b'>]><osm version='0.6'>&a;</osm>"),
        ("a.osm", b"<osm version='0.6'><node id='1' lat='fifty' lon='-3'/></osm>"),
        ("a.osm", b"<osm version='0.6'><node id='1' lat='51' lon='-3'><tag k='place' v='\xff\xfe'/></node></osm>"),
        ("a.osm.pbf", b""),
        ("a.txt", b"hello"),
    ],
)
def test_a_file_that_is_no_map_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as refused:
        read_streets(path)
    assert name in str(refused.value)
    assert all(fault.remedy for fault in refused.value.faults)


@pytest.mark.real
def test_newport(real_data: Path) -> None:
    streets = read_streets(real_data / "newport" / "newport-2023-06-13.osm.pbf")
    assert (
        streets.quality.rows_in == 8965 + 7
    )  # its README counts 8,965 highway ways; 5 platforms and 2 piers, no ferry
    for graph in streets.graphs.values():
        check_contract(graph)
        assert (
            graph.is_snappable[(graph.length_m > 0) & ~graph.is_way_in].mean() > 0.93
        )  # private service roads have no doors
    names = dict(zip(streets.places["name_en"], streets.places["name_cy"], strict=True))
    assert names["Newport"] == "Casnewydd"
    assert {"motorway", "primary"} <= set(streets.main_roads["class"])


@pytest.mark.real
def test_a_truncated_extract_is_refused(real_data: Path, tmp_path: Path) -> None:
    whole = (real_data / "newport" / "newport-2023-06-13.osm.pbf").read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"cut\.osm\.pbf: cannot be read to its end"):
        read_streets(cut)
