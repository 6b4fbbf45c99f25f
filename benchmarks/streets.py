"""Street matrices on real Newport: ours from door to door, against the engine beneath it and against pandana, from node to node."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyroutingkit

from access.routing.cch import build_topology
from access.routing.streets import StreetRouter
from benchmarks.harness import THREADS, Measured, by_turns, installed, ratios
from benchmarks.windows import DATA
from geo.streets.graph import StreetGraph
from geo.streets.osm import read_streets

EXTRACT = DATA / "newport" / "newport-2023-06-13.osm.pbf"
ORIGINS, TARGETS, RUNS = 2000, 1000, 5


def street_matrix() -> Measured:
    """2,000 × 1,000 by car."""
    if not EXTRACT.is_file():
        raise FileNotFoundError(f"{EXTRACT} is not there: set CYRRAEDD_REAL_DATA to the folder of real Welsh files")
    graph = read_streets(EXTRACT).graphs["drive"]
    router = StreetRouter(graph, "cch")
    rng = np.random.default_rng(1)
    nodes = np.unique(graph.tail[graph.is_snappable])
    start, end = (rng.choice(nodes, n, replace=False) for n in (ORIGINS, TARGETS))
    origins, targets = router.place(graph.node_xy[start] + 15.0), router.place(graph.node_xy[end] + 15.0)
    contestants: dict[str, Callable[[], object]] = {"ours": lambda: router.matrix_ms(origins, targets)}
    contestants |= _raw(graph, start, end)
    notes = []
    if installed("pandana") is None:
        notes.append("pandana is not installed, so it was not run.")
    else:
        contestants["pandana"] = _pandana(graph, start, end)
    timings = by_turns(contestants, RUNS)
    times = ratios(timings)
    by_raw = 1 / times["pyroutingkit"]
    by_divided = 1 / times["pyroutingkit in two threads"]
    by_pandana = times.get("pandana")
    shown = (
        f"{timings['ours'].median_s * 1000:.0f} ms, {by_raw:.2f} × pyroutingkit as it is called "
        f"({by_divided:.1f} × with its rows divided over two threads by hand)"
    )
    return Measured(
        row="street-matrix",
        work=f"street matrix {ORIGINS:,} × {TARGETS:,}, Newport by car",
        target="≤ 1.2 × pyroutingkit, 25 × faster than pandana",
        shown=shown + (f", {by_pandana:.0f} × faster than pandana" if by_pandana else ""),
        is_met=by_raw <= 1.2 and (by_pandana is None or by_pandana >= 25),
        bound_by="the hierarchy's sweep from each origin; then four sums for each pair, for a place joins the graph at two nodes",
        timings=timings,
        ratios=times,
        figures={"nodes": graph.n_nodes, "edges": graph.n_edges, "threads": THREADS},
        notes=(
            *notes,
            "pyroutingkit and pandana go from node to node; ours from door to door, both ends of each street. "
            "'pyroutingkit' is one call, in one thread; 'in two threads' divides its rows between two metrics by hand.",
        ),
    )


def _raw(graph: StreetGraph, start: np.ndarray, end: np.ndarray) -> dict[str, Callable[[], object]]:
    topology = build_topology(graph.tail, graph.head, graph.node_xy)
    metrics = [pyroutingkit.CCHMetric(topology) for _ in range(THREADS)]
    for metric in metrics:
        metric.customize(graph.travel_ms.astype(np.uint32))
    sources, targets = start.astype(np.uint32), end.astype(np.uint32)
    halves = np.array_split(sources, THREADS)

    def divided() -> object:
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(lambda metric, half: metric.distances_many_to_many(half, targets), metrics, halves))

    return {
        "pyroutingkit": lambda: metrics[0].distances_many_to_many(sources, targets),
        "pyroutingkit in two threads": divided,
    }


def _pandana(graph: StreetGraph, start: np.ndarray, end: np.ndarray) -> Callable[[], object]:
    import pandana  # noqa: PLC0415 - optional

    x, y = (pd.Series(graph.node_xy[:, axis]) for axis in (0, 1))
    weights = pd.DataFrame({"s": graph.travel_ms / 1000})
    network = pandana.Network(x, y, pd.Series(graph.tail), pd.Series(graph.head), weights, twoway=False)
    pairs = np.repeat(start, len(end)), np.tile(end, len(start))

    def work() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it names every pair without a way
            return network.shortest_path_lengths(*pairs, imp_name="s")

    return work
