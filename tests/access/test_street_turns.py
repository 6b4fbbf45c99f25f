"""Turns that are forbidden are not made: worlds to check by hand, and Newport."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from geo.streets.osm import read_streets
from geo.streets.snap import place_points
from tests.access.street_worlds import (
    A_TO_B,
    A_TO_C,
    NODES,
    ON_A,
    ON_E,
    ROAD,
    ROUND_S,
    STRAIGHT_S,
    WAYS,
    seconds,
    streets,
    way_between,
)
from tests.geo.osm_xml import Member, Tags, grid, write_osm


def test_without_restrictions_one_turns_left(tmp_path: Path) -> None:
    assert seconds(streets(tmp_path), ON_A, ON_E) == pytest.approx(STRAIGHT_S, abs=0.02)


@pytest.mark.parametrize(
    ("members", "tags"),
    [
        (A_TO_C, {"restriction": "no_left_turn"}),
        (A_TO_B, {"restriction": "only_straight_on"}),
        (A_TO_C, {"restriction:motorcar": "no_left_turn"}),
        (A_TO_C, {"restriction:motor_vehicle": "no_left_turn"}),
        (A_TO_C, {"restriction": "no_left_turn", "except": "bicycle;psv"}),
        (A_TO_C, {"restriction": "no_entry"}),
        (A_TO_C, {"restriction": "no_exit"}),
        (A_TO_C, {"restriction": "no_left_turn", "restriction:conditional": "no_right_turn @ (Mo-Fr 07:00-09:00)"}),
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
        ({"restriction": "no_left_turn", "hour_on": "07:00", "hour_off": "09:00"}, "1 hold at some times only"),
        (
            {"restriction": "no_left_turn", "restriction:conditional": "none @ (19:00-07:00)"},
            "1 hold at some times only",
        ),
        ({"restriction": "no_left_turn", "except": "motor_vehicle;bicycle"}, "1 concern neither cars nor bicycles"),
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
        ((*A_TO_C, ("via", "way", 2)), "1 lead by several nodes, or by a node and along a way"),
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


def test_who_turns_round_three_streets_farther_does_not_undo_a_forbidden_turn(tmp_path: Path) -> None:
    # B ends at 3, and on the way to there closes of 100 m lead off at 9 and 10: one turns at 3, for 20 s, and not at 10 for nothing.
    # 50 + 100 + 100 + 100 + 50 m; 1 s at 2, 9 and 10 each time, and 4 is no junction.
    nodes = {**NODES, 9: (130, 0), 10: (160, 0), 11: (130, -100), 12: (160, -100)}
    ways = [WAYS[0], ([2, 9, 10, 3], WAYS[1][1]), WAYS[2], ([9, 11], ROAD), ([10, 12], ROAD), WAYS[4]]
    said = [(A_TO_C, {"type": "restriction", "restriction": "no_left_turn"})]
    found = read_streets(write_osm(tmp_path / "a.osm", nodes, ways, relations=said))
    assert seconds(found, ON_A, ON_E) == pytest.approx(40 + 20 + 6, abs=0.02)


def test_no_point_lies_where_no_lawful_turn_leads(tmp_path: Path) -> None:
    # Without D and E, C is a close into which one may turn from nowhere: a door on it is put on the streets at its end
    into_c = tuple(
        (members, {"restriction": "no_entry"})
        for members in (A_TO_C, (("from", "way", 2), ("via", "node", 2), ("to", "way", 3)))
    )
    found = streets(tmp_path, *into_c, leave_out=[4, 5])
    placed = place_points(found.graphs["drive"], np.array([grid(100, 50)]))
    assert placed.snap_m[0] == pytest.approx(50, abs=0.05)
    assert place_points(found.graphs["walk"], np.array([grid(100, 50)])).snap_m[0] == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize("way", [1, 2])
def test_where_a_barrier_parts_a_junction_a_restriction_finds_its_side(tmp_path: Path, way: int) -> None:
    said = (
        (("from", "way", way), ("via", "node", 2), ("to", "way", way)),
        {"type": "restriction", "restriction": "no_u_turn"},
    )
    ways = [([1, 2], ROAD), ([2, 3], ROAD)]
    path = write_osm(tmp_path / "a.osm", NODES, ways, {2: {"barrier": "bollard"}}, relations=[said])
    assert "drive: of 1 turn restrictions 1 apply." in read_streets(path).quality.notes


@pytest.mark.real
def test_newports_restrictions(real_data: Path) -> None:
    found = read_streets(real_data / "newport" / "newport-2023-06-13.osm.pbf")
    # its README counts 94; no_u_turn (27) does not bind those who can push
    said = [note for note in found.quality.notes if "turn restrictions" in note]
    assert said == [
        "cycle: of 67 turn restrictions 61 apply, 6 forbid what is impossible anyway.",
        "drive: of 94 turn restrictions 88 apply, 5 forbid what is impossible anyway, 1 lie where this mode has no junction.",
    ]
