"""Turns that depend on the way before the last: two carriageways with a gap between them, to check by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from geo.streets.graph import Streets
from geo.streets.osm import read_streets
from geo.streets.snap import place_points
from tests.access.street_worlds import ROAD, seconds
from tests.geo.osm_xml import Member, Tags, grid, write_osm

#   4 ←── 5 ←── 6     two carriageways 20 m apart: ways 1, 2 (1 → 2 → 3) and 3, 4 (6 → 5 → 4);
#         │           way 5 is the gap 2 ─ 5; way 6 comes from 7 to 2, way 7 joins 3 and 6, way 8 joins 4 and 1
#   1 ──→ 2 ──→ 3
#         7
NODES = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (0, 20), 5: (100, 20), 6: (200, 20), 7: (100, -100)}
ONE_WAY = {**ROAD, "oneway": "yes"}
WAYS: list[tuple[Sequence[int], Tags]] = [
    ([1, 2], ONE_WAY), ([2, 3], ONE_WAY), ([6, 5], ONE_WAY), ([5, 4], ONE_WAY), ([2, 5], ROAD), ([7, 2], ROAD), ([3, 6], ROAD),
    ([4, 1], ROAD),
]  # fmt: skip
# From (50, 0) to (50, 20): by the gap 50 + 20 + 50 m, round by 3 and 6 200 m more. 1 s each time at 2 and at 5, where there are
# three or four streets of one class; 3, 6, 1 and 4 are no junctions.
THERE, BACK, FROM_7 = (50, 0), (50, 20), (100, -50)
BY_THE_GAP_S, ROUND_S = 12 + 2, 32 + 2


def town(
    tmp_path: Path,
    kind: str,
    from_way: int,
    via: Sequence[int] = (5,),
    ways: Sequence[tuple[Sequence[int], Tags]] = WAYS,
    became: str = "1 apply",
    **nodes: tuple[float, float],
) -> Streets:
    members: list[Member] = [("from", "way", from_way), *(("via", "way", way) for way in via), ("to", "way", 4)]
    more = {int(name[1:]): spot for name, spot in nodes.items()}
    relations = [(members, {"type": "restriction", "restriction": kind})]
    found = read_streets(write_osm(tmp_path / "dual.osm", {**NODES, **more}, ways, relations=relations))
    assert f"drive: of 1 turn restrictions {became}." in found.quality.notes
    return found


def test_who_comes_from_one_way_must_not_and_who_comes_from_another_may(tmp_path: Path) -> None:
    forbidden = town(tmp_path, "no_u_turn", 1)
    assert seconds(forbidden, THERE, BACK) == pytest.approx(ROUND_S, abs=0.02)
    # From 7 nothing is forbidden: 50 + 20 + 50 m
    assert seconds(forbidden, FROM_7, BACK) == pytest.approx(BY_THE_GAP_S, abs=0.02)


def test_who_must_take_the_gap_takes_it(tmp_path: Path) -> None:
    # Whoever comes from 7 must take the gap and then go to 4: the way to (150, 0) is 50 + 20 + 100 + 20 + 100 + 50 m, by 2
    # twice; from 1 it is straight on.
    forced = town(tmp_path, "only_left_turn", 6)
    assert seconds(forced, FROM_7, (150, 0)) == pytest.approx(34 + 3, abs=0.02)
    assert seconds(forced, THERE, (150, 0)) == pytest.approx(10 + 1, abs=0.02)


def test_a_door_on_the_gap_is_come_to_from_everywhere_and_binds_nobody_who_begins_there(tmp_path: Path) -> None:
    graph = town(tmp_path, "no_u_turn", 1).graphs["drive"]
    is_gap = np.isclose(graph.length_m, 20, atol=0.05) & (graph.node_xy[graph.tail, 0] > grid(50, 0)[0])
    is_gap &= graph.node_xy[graph.tail, 0] < grid(150, 0)[0]
    # both ways, once more for those who come from 1, and once more for those who come to a door on it
    assert is_gap.sum() == 4
    assert graph.is_snappable[is_gap].sum() == 2
    found, door = town(tmp_path, "no_u_turn", 1), (100, 8)
    assert place_points(graph, np.array([grid(*door)])).snap_m[0] == pytest.approx(0, abs=0.05)
    # 50 + 8 m from either street, 1 s at 2; on to 4, 12 + 50 m and 1 s at 5; and from 6 50 + 12 m, 1 s at 5
    assert seconds(found, THERE, door) == pytest.approx(5.8 + 1, abs=0.02)
    assert seconds(found, FROM_7, door) == pytest.approx(5.8 + 1, abs=0.02)
    assert seconds(found, door, BACK) == pytest.approx(6.2 + 1, abs=0.02)
    assert seconds(found, (150, 20), door) == pytest.approx(6.2 + 1, abs=0.02)


@pytest.mark.parametrize("value", ["destination", "private"])
def test_a_door_on_a_gap_for_some_is_come_to(tmp_path: Path, value: str) -> None:
    # The gap is for some, or what lies behind one that is: in either case the door on it is come to, as above
    ways = list(WAYS)
    ways[4] = ([2, 5], {**ROAD, "access": value})
    found = town(tmp_path, "no_u_turn", 1, ways=ways)
    assert seconds(found, THERE, (100, 8)) == pytest.approx(5.8 + 1, abs=0.02)
    assert seconds(found, FROM_7, (100, 8)) == pytest.approx(5.8 + 1, abs=0.02)
    assert seconds(found, FROM_7, BACK) == pytest.approx(5 + 10 + 2 + 10 + 5 + 2, abs=0.02)  # by 3 and 6
    # Now the street 7 ─ 2 is for some, and a larger town of 40 closes lies beyond it: so the gap lies behind a street for some
    behind = list(WAYS)
    behind[5] = ([7, 2], {**ROAD, "access": value})
    closes = {f"n{100 + i}": (100 * i, -200) for i in range(40)} | {f"n{200 + i}": (100 * i, -250) for i in range(40)}
    behind += [([7, 101], ROAD), ([100 + i for i in range(40)], ROAD), *(([100 + i, 200 + i], ROAD) for i in range(40))]
    found = town(tmp_path, "no_u_turn", 1, ways=behind, **closes)
    graph, gap = found.graphs["drive"], place_points(found.graphs["drive"], np.array([grid(100, 8)])).edge[0]
    assert graph.is_access_only[gap] and not graph.is_access_only.all()
    for one, s in ((THERE, 5.8 + 1), (FROM_7, 5.8 + 1), ((100, -150), 5 + 10 + 0.8 + 1)):
        assert seconds(found, one, (100, 8)) == pytest.approx(s, abs=0.02)
    assert seconds(found, THERE, BACK) == pytest.approx(ROUND_S, abs=0.02)


def test_where_all_who_come_must_not_the_gap_keeps_its_doors(tmp_path: Path) -> None:
    # Without 7 ─ 2 and 2 ─ 3 all who take the gap come from 1: they must not turn to 4, whether they come through it or begin there
    ways = [
        *WAYS[:1],
        *WAYS[2:5],
        *WAYS[7:],
    ]  # 1, [6, 5], [5, 4], the gap, [4, 1]: the ways from and to are 1 and 3, the gap 4
    ways[3] = ([2, 5], ONE_WAY)
    ways += [([5, 9], ROAD), ([9, 1], ROAD)]
    members: list[Member] = [("from", "way", 1), ("via", "way", 4), ("to", "way", 3)]
    relations = [(members, {"type": "restriction", "restriction": "no_left_turn"})]
    nodes = {**NODES, 9: (100, 500)}
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways, relations=relations))
    assert place_points(found.graphs["drive"], np.array([grid(100, 8)])).snap_m[0] == pytest.approx(0, abs=0.05)
    assert seconds(found, THERE, (100, 8)) == pytest.approx(5.8, abs=0.02)  # 2 is no junction


def test_a_street_that_cuts_the_gap_does_not_undo_the_restriction(tmp_path: Path) -> None:
    # A close leads off half-way along the gap: one junction more, 1 s, for those who may take it
    ways = [*WAYS, ([9, 10], ROAD)]
    ways[4] = ([2, 9, 5], ROAD)
    cut = town(tmp_path, "no_u_turn", 1, ways=ways, n9=(100, 10), n10=(150, 10))
    assert seconds(cut, THERE, BACK) == pytest.approx(ROUND_S, abs=0.02)
    assert seconds(cut, FROM_7, BACK) == pytest.approx(BY_THE_GAP_S + 1, abs=0.02)
    assert seconds(cut, THERE, (140, 10)) == pytest.approx(5 + 1 + 4 + 2, abs=0.02)  # 50 + 10 + 40 m; 1 s at 2 and at 9


@pytest.mark.parametrize("via", [(5, 9), (9, 5)])
def test_a_gap_of_two_ways(tmp_path: Path, via: tuple[int, int]) -> None:
    ways = [*WAYS, ([9, 5], ROAD)]
    ways[4] = ([2, 9], ROAD)
    forbidden = town(tmp_path, "no_u_turn", 1, via, ways, n9=(100, 10))
    assert seconds(forbidden, THERE, BACK) == pytest.approx(ROUND_S, abs=0.02)
    assert seconds(forbidden, FROM_7, BACK) == pytest.approx(BY_THE_GAP_S, abs=0.02)
    forced = town(tmp_path, "only_left_turn", 6, via, ways, n9=(100, 10))  # as with one way
    assert seconds(forced, FROM_7, (150, 0)) == pytest.approx(34 + 3, abs=0.02)
    assert seconds(forced, THERE, (150, 0)) == pytest.approx(10 + 1, abs=0.02)


def test_ways_that_do_not_meet_forbid_nothing(tmp_path: Path) -> None:
    town(tmp_path, "no_u_turn", 1, (5, 7), became="0 apply, 1 forbid what is impossible anyway")


@pytest.mark.parametrize("wide_m", [90, 150, 1000])
def test_a_gap_may_be_wide(tmp_path: Path, wide_m: int) -> None:
    found = town(tmp_path, "no_u_turn", 1, n4=(0, wide_m), n5=(100, wide_m), n6=(200, wide_m))
    # by 3 and 6 the width, and 300 m in all along the carriageways; 1 s at 2 and at 5
    assert seconds(found, THERE, (50, wide_m)) == pytest.approx((300 + wide_m) / 10 + 2, abs=0.02)
    assert seconds(found, FROM_7, (50, wide_m)) == pytest.approx((100 + wide_m) / 10 + 2, abs=0.02)
    assert seconds(found, THERE, (100, wide_m / 2)) == pytest.approx((50 + wide_m / 2) / 10 + 1, abs=0.02)


def test_who_turns_round_beside_the_gap_does_not_undo_the_restriction(tmp_path: Path) -> None:
    # A close of 100 m leads off at 11, 30 m along the street to 7: one does not drive there from 1, turn round, and take the gap as
    # those from 7 may. To turn round at 7 takes longer than the way by 3 and 6.
    ways = [*WAYS, ([11, 12], ROAD)]
    ways[5] = ([7, 11, 2], ROAD)
    found = town(tmp_path, "no_u_turn", 1, ways=ways, n11=(100, -30), n12=(200, -30))
    assert seconds(found, THERE, BACK) == pytest.approx(ROUND_S, abs=0.02)
