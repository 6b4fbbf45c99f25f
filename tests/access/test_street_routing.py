"""Routes over streets: worlds to check by hand, laws, and networkx as the judge."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from access.routing import cch
from access.routing.streets import UNREACHABLE_MS, StreetRouter
from geo.streets.access_only import without_through_traffic
from geo.streets.arcs import direct
from geo.streets.assemble import directed
from geo.streets.bans import Bans
from geo.streets.graph import STREET_MODES, PlacedPoints, StreetGraph, StreetMode
from geo.streets.join import Lines
from geo.streets.osm import read_streets
from geo.streets.parts import hangs_together
from geo.streets.turns import without
from tests.access.street_oracle import oracle_ms
from tests.geo.osm_xml import grid, write_osm

ENGINES = [
    "dijkstra",
    pytest.param("cch", marks=pytest.mark.skipif(not cch.IS_AVAILABLE, reason="no wheel on this platform")),
]
ROAD = {"highway": "residential"}
KMH_WHERE_A_METRE_TAKES_A_SECOND = 3.6


def town(
    nodes: list[tuple[float, float]], lines: list[tuple[int, int, bool]], mode: StreetMode = "walk"
) -> StreetGraph:
    """Return a graph of straight streets ``(from, to, both ways?)`` where a metre takes a second."""
    xy = np.array(nodes, dtype=float)
    tail, head, both = (np.array(column) for column in zip(*lines, strict=True))
    kmh = np.column_stack([np.ones(len(lines)), both]) * KMH_WHERE_A_METRE_TAKES_A_SECOND
    points = xy[np.column_stack([tail, head]).ravel()]
    start = np.arange(0, 2 * len(lines) + 1, 2)
    names = ("", *(f"Street {i}" for i in range(len(lines))))
    n = len(lines)
    name = np.arange(1, n + 1, dtype=np.int32)
    return graph_of(tail, head, kmh, name, start, points, mode, xy, names)


def graph_of(
    tail: NDArray,
    head: NDArray,
    kmh: NDArray,
    name: NDArray,
    start: NDArray,
    line_xy: NDArray,
    mode: StreetMode,
    xy: NDArray,
    names: tuple[str, ...],
    lost_ms: NDArray | None = None,
) -> StreetGraph:
    """Return the graph of undirected lines, points allowed on what hangs together; ``lost_ms`` (lines, 2) at their heads and tails."""
    n = len(tail)
    mark, way = np.zeros(len(line_xy), np.int8), np.column_stack([np.arange(n), np.arange(n)])
    shape = Lines(
        tail,
        head,
        kmh,
        np.ones(n, bool),
        name,
        start,
        line_xy,
        mark,
        way,
        np.zeros(n, bool),
        np.ones(n, bool),
        np.zeros(n, bool),
        np.arange(len(line_xy)),
    )
    arcs = direct(shape)
    lost = np.zeros(len(arcs), np.int64) if lost_ms is None else lost_ms[arcs.line, np.where(arcs.forward, 0, 1)]
    graph = directed(shape, mode, xy, np.arange(len(xy)), names, lost)
    return replace(graph, is_snappable=hangs_together(graph))


def points(graph: StreetGraph, *xy: tuple[float, float]) -> PlacedPoints:
    return StreetRouter(graph, "dijkstra").place(np.array(xy, dtype=float))


@pytest.mark.parametrize("engine", ENGINES)
def test_along_one_street_both_ways(engine: str) -> None:
    # One street of 100 m. From 20 to 70: 50 s; back the same; from a point to itself 0.
    graph = town([(0, 0), (100, 0)], [(0, 1, True)])
    router = StreetRouter(graph, engine)
    placed = router.place(np.array([(20.0, 0.0), (70.0, 0.0)]))
    assert router.matrix_ms(placed, placed).tolist() == [[0, 50_000], [50_000, 0]]


@pytest.mark.parametrize("engine", ENGINES)
def test_against_a_one_way_street_one_goes_round(engine: str) -> None:
    #  0 → 1 one-way (100 m), 1 ─ 2 ─ 0 both ways (100 m down, 100 m and 100·√2 back)
    graph = town([(0, 0), (100, 0), (100, 100)], [(0, 1, False), (1, 2, True), (2, 0, True)])
    router = StreetRouter(graph, engine)
    placed = router.place(np.array([(20.0, -0.0), (70.0, 0.0)]))
    # 70 → 20: 30 to node 1, 100 to node 2, 141.421 to node 0, 20 on
    assert router.matrix_ms(placed, placed).tolist() == [[0, 50_000], [291_421, 0]]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_walk_to_the_street_counts_at_both_ends(engine: str) -> None:
    # 40 m and 20 m from the street: 30 s and 15 s at 4.8 km/h = 4⁄3 m/s; 50 m along it: 50 s
    graph = town([(0, 0), (100, 0)], [(0, 1, True)])
    router = StreetRouter(graph, engine)
    origins, targets = router.place(np.array([(20.0, 40.0)])), router.place(np.array([(70.0, -20.0)]))
    assert router.matrix_ms(origins, targets).tolist() == [[95_000]]
    assert router.matrix_s(origins, targets).tolist() == [[95.0]]
    # at 2.4 km/h a walker takes twice as long for all of it; a driver only for the walk to the car
    assert router.with_walk_speed(2.4).matrix_ms(origins, targets).tolist() == [[190_000]]
    drive = StreetRouter(town([(0, 0), (100, 0)], [(0, 1, True)], "drive"), engine)
    assert drive.with_walk_speed(2.4).matrix_ms(origins, targets).tolist() == [[140_000]]
    assert router.with_walk_speed(2.4).with_walk_speed(4.8).matrix_ms(origins, targets).tolist() == [[95_000]]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_point_at_the_corner_of_a_one_way_street_may_take_the_other(engine: str) -> None:
    # 0 → 1 is one-way and has the lower number; a door at 0 need not go through it to reach 2
    graph = town([(0, 0), (100, 0), (0, 50)], [(0, 1, False), (0, 2, True), (1, 2, True)])
    router = StreetRouter(graph, engine)
    placed = router.place(np.array([(0.0, 0.0), (0.0, 50.0)]))
    assert router.matrix_ms(placed, placed).tolist() == [[0, 50_000], [50_000, 0]]


@pytest.mark.parametrize("engine", ENGINES)
def test_unreachable_and_not_placed(engine: str) -> None:
    # Two streets that never meet; points are put on each by hand, since snapping would refuse the smaller part
    graph = town([(0, 0), (100, 0), (0, 900), (100, 900)], [(0, 1, True), (2, 3, True)])
    router = StreetRouter(graph, engine)
    edge = np.array([0, 2, -1], dtype=np.int32)
    placed = PlacedPoints(np.zeros((3, 2)), edge, np.zeros(3), np.zeros(3), np.zeros(3, np.int64))
    n = UNREACHABLE_MS
    assert router.matrix_ms(placed, placed).tolist() == [[0, n, n], [n, 0, n], [n, n, n]]
    assert np.isnan(router.matrix_s(placed, placed)[0]).tolist() == [False, True, True]
    assert router.within(placed, placed, 10**9).target.tolist() == [0, 1]
    assert router.path(placed, placed.take([1])) is None
    assert router.path(placed, placed.take([2])) is None
    assert router.matrix_ms(placed.take([]), placed).shape == (0, 3)
    assert router.matrix_ms(placed, placed.take([])).shape == (3, 0)
    assert len(router.within(placed.take([]), placed, 1)) == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_journeys_of_weeks_do_not_overflow(engine: str) -> None:
    # Streets of 10⁹ ms each: two make 2·10⁹ (below 2³¹), three more than any engine tells of
    side = 1_000_000
    graph = town([(i * side, 0) for i in range(4)], [(i, i + 1, True) for i in range(3)])
    router = StreetRouter(graph, engine)
    placed = router.place(graph.node_xy)
    assert router.matrix_ms(placed, placed)[0].tolist() == [0, 10**9, 2 * 10**9, UNREACHABLE_MS]
    with pytest.raises(ValueError, match="longest that can be routed"):
        router.scaled(3.0)


def test_steps_and_one_way_streets_divide_the_modes(tmp_path: Path) -> None:
    #   3 ─ 4 ─ 5      1 → 2 is one-way, 200 m; 2 ─ 5 are steps, 100 m; 1 ─ 3 ─ 4 ─ 5 and 2 ─ 6 ─ 1 are open to all.
    #   |       ‖      From 2 to 1 one walks back along the 200 m, but drives by 6: two legs of √(100² + 300²) m.
    #   1 ─→─── 2      From 2 to 5 one walks the steps, but drives by 6, 1, 3 and 4.
    #    \─ 6 ─/
    nodes = {1: (0, 0), 2: (200, 0), 3: (0, 100), 4: (100, 100), 5: (200, 100), 6: (100, -300)}
    ways = [
        ([1, 2], {**ROAD, "oneway": "yes"}),
        ([1, 3, 4, 5], ROAD),
        ([5, 2], {"highway": "steps"}),
        ([2, 6, 1], ROAD),
    ]
    graphs = read_streets(write_osm(tmp_path / "town.osm", nodes, ways)).graphs
    walk, drive = StreetRouter(graphs["walk"]), StreetRouter(graphs["drive"])
    xy = np.array([grid(0, 0), grid(200, 0), grid(200, 100)])
    on_foot, by_car = (router.matrix_s(router.place(xy), router.place(xy)) for router in (walk, drive))
    lane = 2 * np.hypot(100, 300)
    np.testing.assert_allclose(on_foot[:2, :2], [[0, 150], [150, 0]], atol=0.1)  # 200 m at 4⁄3 m/s
    # By car at 30 km/h. At 1 three streets of one class meet, which costs 1 s: the point at 1 lies at the end of the street
    # from 3 and the one at 2 at the end of the lane, so that one comes to 1 by the first in [0, 1], and by the lane in [1, 0].
    np.testing.assert_allclose(by_car[:2, :2], [[0, 24 + 1], [lane * 3.6 / 30 + 1, 0]], atol=0.1)
    assert on_foot[1, 2] == pytest.approx(75, abs=0.1)  # the steps
    assert by_car[1, 2] == pytest.approx((lane + 300) * 3.6 / 30 + 1, abs=0.2)  # the lane, and round by 3 and 4


def test_the_path_tells_its_streets() -> None:
    # 0 ─ 1 ─ 2 round a corner; door A at (20, 30), door B at (110, 60)
    graph = town([(0, 0), (100, 0), (100, 100)], [(0, 1, True), (1, 2, True)])
    router = StreetRouter(graph)
    path = router.path(router.place(np.array([(20.0, 30.0)])), router.place(np.array([(110.0, 60.0)])))
    assert path is not None
    assert path.xy.tolist() == [[20, 30], [20, 0], [100, 0], [100, 60], [110, 60]]
    assert path.length_m == pytest.approx(30 + 80 + 60 + 10)
    assert path.travel_ms == 22_500 + 80_000 + 60_000 + 7_500
    assert path.street_names == ("Street 0", "Street 1")
    back = router.path(router.place(np.array([(110.0, 60.0)])), router.place(np.array([(20.0, 30.0)])))
    assert back is not None
    assert back.xy.tolist() == path.xy.tolist()[::-1]
    assert back.street_names == ("Street 1", "Street 0")
    along = router.path(router.place(np.array([(80.0, 0.0)])), router.place(np.array([(30.0, 0.0)])))
    assert along is not None
    assert along.xy.tolist() == [[80, 0], [30, 0]]
    assert along.street_names == ("Street 0",)


@pytest.mark.skipif(not cch.IS_AVAILABLE, reason="no pyroutingkit on this platform")
def test_the_hierarchy_is_built_once_and_for_matrices_only(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = town([(0, 0), (40, 0), (80, 0)], [(0, 1, True), (1, 2, True)])
    built: list[str] = []
    build = cch.build_topology

    def counting(*arrays: NDArray) -> object:
        built.append("once")
        return build(*arrays)

    monkeypatch.setattr(cch, "build_topology", counting)
    router = StreetRouter(graph, "cch")
    ends = router.place(np.array([(0.0, 0.0), (80.0, 0.0)]))  # 80 m, a second each; twice as long at half the pace
    assert router.within(ends, ends, 80_000).target.tolist() == [0, 1, 0, 1]
    assert router.path(ends.take([0]), ends.take([1])) is not None
    assert built == []
    slower = router.scaled(2.0)
    assert [each.matrix_ms(ends, ends)[0, 1] for each in (router, slower, router)] == [80_000, 160_000, 80_000]
    assert built == ["once"]


def test_without_the_wheel_dijkstra_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = town([(0, 0), (100, 0)], [(0, 1, True)])
    monkeypatch.setattr(cch, "IS_AVAILABLE", False)
    assert StreetRouter(graph).engine == "dijkstra"
    with pytest.raises(RuntimeError, match="not installed on this platform"):
        StreetRouter(graph, "cch")


@st.composite
def worlds(draw: st.DrawFn, is_free: bool = False) -> tuple[StreetGraph, PlacedPoints, PlacedPoints]:
    """Return a small graph with loops, parallels and one-way streets, and points anywhere on it, some not placed.

    Unless it ``is_free``, some turns are forbidden, and some streets are open only to those who begin or end there.
    """
    n_nodes = draw(st.integers(1, 7))
    n_lines = draw(st.integers(1, 12))
    node = st.integers(0, n_nodes - 1)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    xy = random.integers(0, 50, (n_nodes, 2)).astype(float)
    tail, head = (np.array(draw(st.lists(node, min_size=n_lines, max_size=n_lines))) for _ in range(2))
    kmh = np.array(
        draw(
            st.lists(
                st.sampled_from([(4, 4), (30, 30), (20, 0), (0, 50), (10, 40)]), min_size=n_lines, max_size=n_lines
            )
        )
    )
    bends = random.integers(0, 50, (n_lines, 2)).astype(float)
    lines = np.stack([xy[tail], bends, xy[head]], axis=1).reshape(-1, 2)
    lost_ms = random.choice([0, 0, 500, 3000], (n_lines, 2))
    start, unnamed = np.arange(0, 3 * n_lines + 1, 3), np.zeros(n_lines, np.int32)
    graph = graph_of(tail, head, kmh.astype(float), unnamed, start, lines, "drive", xy, ("",), lost_ms)
    if not is_free:
        edge = st.integers(0, graph.n_edges - 1)
        pairs = draw(st.sets(st.tuples(edge, edge), max_size=8))
        inner = np.array(sorted(draw(st.sets(edge, max_size=4))), dtype=int)
        is_access_only = np.isin(np.arange(graph.n_edges), np.append(inner, graph.twin[inner]))
        meeting = {(one, other) for one, other in pairs if graph.head[one] == graph.tail[other]}
        longer = [
            (*pair, edge) for pair in sorted(meeting) for edge in np.flatnonzero(graph.tail == graph.head[pair[1]])
        ]
        meeting = {turn for turn in meeting if draw(st.booleans())} | {turn for turn in longer if draw(st.booleans())}
        graph = without(replace(graph, is_access_only=is_access_only), Bans(meeting))
        graph = without_through_traffic(graph)

    streets = np.flatnonzero(~graph.is_way_in).tolist()

    def some() -> PlacedPoints:
        n = draw(st.integers(0, 6))
        edge = np.array(draw(st.lists(st.sampled_from([-1, *streets]), min_size=n, max_size=n)), dtype=np.int32)
        share = np.array(
            draw(st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.9999, 1.0]), min_size=n, max_size=n)), dtype=float
        )
        return PlacedPoints(np.zeros((n, 2)), edge, share, np.zeros(n), random.integers(0, 5000, n))

    return graph, some(), some()


@settings(max_examples=100, deadline=None)
@given(worlds(), st.integers(0, 30_000))
def test_every_engine_agrees_with_networkx(
    world: tuple[StreetGraph, PlacedPoints, PlacedPoints], limit_ms: int
) -> None:
    graph, origins, targets = world
    expected = oracle_ms(graph, origins, targets)
    for engine in ("dijkstra", "cch") if cch.IS_AVAILABLE else ("dijkstra",):
        router = StreetRouter(graph, engine)
        np.testing.assert_array_equal(router.matrix_ms(origins, targets), expected)
    near = router.within(origins, targets, limit_ms)
    rows, columns = np.nonzero((expected >= 0) & (expected <= limit_ms))
    np.testing.assert_array_equal(np.repeat(np.arange(len(origins)), np.diff(near.start)), rows)
    np.testing.assert_array_equal(near.target, columns)
    np.testing.assert_array_equal(near.travel_ms, expected[rows, columns])
    for row in range(min(2, len(origins))):
        for column in range(len(targets)):
            path = router.path(origins.take([row]), targets.take([column]))
            assert (UNREACHABLE_MS if path is None else path.travel_ms) == expected[row, column]


@settings(max_examples=50, deadline=None)
@given(worlds(is_free=True))  # who stops on the way may turn round there, and so undo a forbidden turn
def test_going_by_way_of_a_third_place_is_never_quicker(world: tuple[StreetGraph, PlacedPoints, PlacedPoints]) -> None:
    graph, _, _ = world
    edge = np.arange(graph.n_edges, dtype=np.int32)
    n = len(edge)
    spots = PlacedPoints(np.zeros((n, 2)), edge, np.full(n, 0.5), np.zeros(n), np.zeros(n, np.int64))
    ms = StreetRouter(graph).matrix_ms(spots, spots).astype(float)
    ms[ms < 0] = np.inf
    assert (ms <= (ms[:, :, None] + ms[None, :, :]).min(axis=1)).all()


@settings(max_examples=50, deadline=None)
@given(worlds(), st.sampled_from([2, 3, 5]))
def test_times_scale(world: tuple[StreetGraph, PlacedPoints, PlacedPoints], factor: int) -> None:
    # Whole factors keep whole milliseconds, but where on its edge a point lies is rounded anew: 0.5 ms × factor at each of two
    # ends before, 0.5 after, and on streets with unlike times each way as much again
    graph, origins, targets = world
    router = StreetRouter(graph)
    once, scaled = router.matrix_ms(origins, targets), router.scaled(factor).matrix_ms(origins, targets)
    np.testing.assert_array_equal(once < 0, scaled < 0)
    assert (np.abs(once * factor - scaled)[once >= 0] <= 2 * (factor + 1)).all()


def newport_points(graph: StreetGraph, n: int, seed: int) -> NDArray[np.float64]:
    """Return points near streets of Newport, up to some 100 m off."""
    random = np.random.default_rng(seed)
    node = random.choice(graph.tail[graph.is_snappable], n)
    return graph.node_xy[node] + random.normal(0, 60, (n, 2))


@pytest.fixture(scope="module")
def newport(real_data: Path) -> dict[StreetMode, StreetGraph]:
    return dict(read_streets(real_data / "newport" / "newport-2023-06-13.osm.pbf").graphs)


@pytest.mark.real
@pytest.mark.parametrize("mode", STREET_MODES)
def test_newport_equals_networkx(newport: dict[StreetMode, StreetGraph], mode: StreetMode) -> None:
    graph = newport[mode]
    origins, targets = (StreetRouter(graph, "dijkstra").place(newport_points(graph, n, n)) for n in (20, 25))
    expected = oracle_ms(graph, origins, targets)  # 500 pairs
    assert (expected >= 0).all()
    for engine in ("dijkstra", "cch") if cch.IS_AVAILABLE else ("dijkstra",):
        router = StreetRouter(graph, engine)
        np.testing.assert_array_equal(router.matrix_ms(origins, targets), expected)
        assert router.engine == engine
    path = router.path(origins, targets)
    assert path is not None
    assert path.travel_ms == expected[0, 0]
    if mode == "walk":  # one speed everywhere, ferries apart: each edge is rounded by half a millisecond at most
        assert path.travel_ms == pytest.approx(path.length_m * 750, abs=300)


@pytest.mark.real
def test_newport_neighbourhoods_equal_the_matrix_from_both_sides(newport: dict[StreetMode, StreetGraph]) -> None:
    router = StreetRouter(newport["drive"])
    some, many = (router.place(newport_points(router.graph, n, n)) for n in (40, 300))
    for origins, targets in ((some, many), (many, some)):
        near = router.within(origins, targets, 240_000)
        ms = router.matrix_ms(origins, targets)
        rows, columns = np.nonzero((ms >= 0) & (ms <= 240_000))
        assert 0 < len(rows) < ms.size
        np.testing.assert_array_equal(np.repeat(np.arange(len(origins)), np.diff(near.start)), rows)
        np.testing.assert_array_equal(near.target, columns)
        np.testing.assert_array_equal(near.travel_ms, ms[rows, columns])


@pytest.mark.real
def test_several_threads_may_ask_one_router(newport: dict[StreetMode, StreetGraph]) -> None:
    router = StreetRouter(newport["drive"])
    placed = router.place(newport_points(router.graph, 200, 1))
    expected = router.matrix_ms(placed, placed)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: router.matrix_ms(placed, placed), range(24)):
            np.testing.assert_array_equal(found, expected)
