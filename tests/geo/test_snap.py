"""Points find their street."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.streets.graph import StreetGraph
from geo.streets.osm import read_streets
from geo.streets.snap import place_points
from tests.geo.osm_xml import grid, write_osm

ROAD = {"highway": "residential"}


@pytest.fixture
def graph(tmp_path: Path) -> StreetGraph:
    #  4 ─ 3          a street of 100 + 100 + 100 m with two bends, 1 to 4, and far off an island 8 ─ 9 beside a motorway-like link
    #      |
    #  1 ─ 2          8 ─ 9
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 8: (3000, 0), 9: (3100, 0)}
    return read_streets(write_osm(tmp_path / "a.osm", nodes, [([1, 2, 3, 4], ROAD), ([8, 9], ROAD)])).graphs["walk"]


def test_a_point_lies_at_its_share_of_the_street(graph: StreetGraph) -> None:
    # (110, 50) is 10 m beside the middle of the second leg: 150 of 300 m along. 10 m at 4⁄3 m/s are 7.5 s.
    placed = place_points(graph, np.array([grid(110, 50), grid(30, -40)]))
    assert placed.is_placed.all()
    from_1 = np.where(graph.node_osm_id[graph.tail[placed.edge]] == 1, placed.offset_share, 1 - placed.offset_share)
    assert from_1.tolist() == pytest.approx([0.5, 0.1], abs=1e-3)
    assert placed.snap_m.tolist() == pytest.approx([10, 40], abs=0.03)
    assert placed.access_ms.tolist() == pytest.approx([7_500, 30_000], abs=25)
    assert (placed.edge < graph.twin[placed.edge]).all()  # of a street's two directions, the lower number


def test_how_far_is_too_far(graph: StreetGraph) -> None:
    far = np.array([grid(-2000, 0), grid(-1599, 0), grid(-1601, 0), (np.nan, 188_000.0), (np.inf, 0.0)])
    placed = place_points(graph, far)
    assert placed.is_placed.tolist() == [False, True, False, False, False]
    assert placed.edge.tolist()[0] == -1
    assert np.isnan(placed.snap_m[[0, 2, 3, 4]]).all()
    assert placed.access_ms[1] == pytest.approx(1599 * 750, abs=50)
    np.testing.assert_array_equal(placed.xy, far)
    assert place_points(graph, far, radii_m=(10.0,)).is_placed.sum() == 0
    assert len(place_points(graph, np.empty((0, 2)))) == 0


def test_no_point_lies_on_the_island(graph: StreetGraph) -> None:
    placed = place_points(graph, np.array([grid(3050, 0), grid(1600, 50)]))
    assert placed.is_placed.tolist() == [False, True]
    assert placed.snap_m[1] > 1499  # it goes to the mainland, though the island is nearer


def test_the_first_radius_does_not_change_who_is_nearest(graph: StreetGraph) -> None:
    random = np.random.default_rng(5)
    xy = np.array(grid(0, 0)) + random.uniform(-900, 900, (200, 2))
    one, two = place_points(graph, xy), place_points(graph, xy, radii_m=(1600.0,))
    np.testing.assert_array_equal(one.edge, two.edge)
    np.testing.assert_array_equal(one.offset_share, two.offset_share)


def test_two_nodes_at_one_spot_do_no_harm(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (100, 0), 4: (100, 80)}
    ways = [([1, 2], ROAD), ([2, 3], {**ROAD, "name": "Nowhere"}), ([3, 4], ROAD)]
    graph = read_streets(write_osm(tmp_path / "a.osm", nodes, ways)).graphs["walk"]
    assert graph.travel_ms.min() == 1
    placed = place_points(graph, np.array([grid(101, -1)]))
    assert np.isfinite(placed.offset_share).all()


def test_rows_are_taken_in_order(graph: StreetGraph) -> None:
    placed = place_points(graph, np.array([grid(10, 0), grid(20, 0), grid(30, 0)]))
    np.testing.assert_array_equal(placed.take([2, 0]).xy, placed.xy[[2, 0]])
    assert len(placed.take(slice(0, 2))) == 2
