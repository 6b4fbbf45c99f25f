"""How cost grows with zones, sessions, stops and trips: one figure, docs/growth.png, each line measured at four sizes or more.

Time here is the processors', all threads together, the least of three runs: what else the machine does hardly shows in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from access.network import AreaNetwork
from access.sessions import queries_of, running_sessions, search
from benchmarks.harness import Measured
from benchmarks.national import FULL, ORIGINS, SESSIONS, VENUES, evenly, national_folder
from geo.area import Area
from geo.store import load_area

FIGURE = Path(__file__).resolve().parent.parent / "docs" / "growth.png"
COPIES = (1, 2, 4, 8, 16)  # of the land
FIXED = 8  # copies where something else varies
SHARES = (0.125, 0.25, 0.5, 1.0)
SEARCHES, PLACES = 300, 300
Line = list[tuple[float, float]]  # size, seconds or milliseconds


def measure() -> Measured:
    """Measure all lines and draw them."""
    area = _area(FIXED)
    by_stops, streets = _by_copies()
    lines = {
        "origins: public transport, s a week": _by_origins(area),
        "sessions: public transport, s a week": _by_sessions(area),
        "stops: ms a search": by_stops,
        "trips: ms a search": _by_trips(area),
        "stops (streets with them): ms a matrix row": streets,
    }
    _draw(lines)
    slopes = {name: _slope(line) for name, line in lines.items()}
    return Measured(
        row="growth",
        work=f"how cost grows; up to {COPIES[-1]} copies of the land (docs/growth.png)",
        target="a figure with at least four sizes",
        shown="; ".join(f"{name.split(':')[0]} ^{slope:.2f}" for name, slope in slopes.items()),
        is_met=None,
        bound_by="see the figure's words below",
        figures={
            name: " ".join(f"{size:,.0f}: {cost:.3g}" for size, cost in line).replace(",", "")
            for name, line in lines.items()
        },
    )


def _area(copies: int) -> Area:
    """Return the area of so many copies, with as many origins, venues and sessions to a copy as the national one."""
    share = copies / FULL
    return load_area(national_folder(copies, *(round(n * share) for n in (ORIGINS, VENUES, SESSIONS))))


def _search_s(network: AreaNetwork, n: int | None = None) -> tuple[float, int]:
    """Return the processor seconds of (some of) the week's searches there, and how many they are; walks and days are made beforehand."""
    queries, _ = queries_of(running_sessions(network), "start_s")
    queries = queries.iloc[evenly(range(len(queries)), n or len(queries))].reset_index(drop=True)
    search(network, queries, "start_s")
    return _least_s(lambda: search(network, queries, "start_s")), len(queries)


def _least_s(work: Callable[[], object]) -> float:
    found = []
    for _ in range(3):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def _by_origins(area: Area) -> Line:
    line: Line = []
    for share in SHARES:
        origins = area.origins.iloc[evenly(range(len(area.origins)), round(share * len(area.origins)))].reset_index(
            drop=True
        )
        line.append((len(origins), _search_s(AreaNetwork(replace(area, origins=origins)))[0]))
    return line


def _by_sessions(area: Area) -> Line:
    network, line = AreaNetwork(area), []
    for share in SHARES:
        n = round(share * len(area.sessions))
        line.append((n, _search_s(network, n)[0]))
    return line


def _by_trips(area: Area) -> Line:
    """Return the cost with some of the trips: the others are of a service that never runs."""
    line: Line = []
    timetable = area.timetable
    for share in SHARES:
        kept = np.zeros(len(timetable.trips), np.bool_)
        kept[evenly(range(len(kept)), round(share * len(kept)))] = True
        service = np.where(kept, timetable.trips["service_index"], len(timetable.runs)).astype(np.int32)
        runs = np.vstack([timetable.runs, np.zeros((1, timetable.runs.shape[1]), np.bool_)])
        fewer = replace(timetable, trips=timetable.trips.assign(service_index=service), runs=runs)
        seconds, n = _search_s(AreaNetwork(replace(area, timetable=fewer)), SEARCHES)
        line.append((int(kept.sum()), 1000 * seconds / n))
    return line


def _by_copies() -> tuple[Line, Line]:
    """Return ms a search by stops, and ms a row of a street matrix, with the same number of searches and places everywhere."""
    by_stops, by_streets = [], []
    for copies in COPIES:
        area = _area(copies)
        area = replace(area, origins=area.origins.iloc[evenly(range(len(area.origins)), PLACES)].reset_index(drop=True))
        network = AreaNetwork(area)
        seconds, n = _search_s(network, SEARCHES)
        n_stops = int((area.timetable.stops["mode"] != "none").sum())
        by_stops.append((n_stops, 1000 * seconds / n))
        places = network.origins["drive"]
        router = network.routers["drive"]
        took = _least_s(lambda router=router, places=places: router.matrix_ms(places, places))
        by_streets.append((n_stops, 1000 * took / len(places)))
    return by_stops, by_streets


def _slope(line: Sequence[tuple[float, float]]) -> float:
    """Return the exponent of growth: the slope on two logarithmic scales."""
    size, cost = np.log(np.array(line)).T
    return float(np.polyfit(size, cost, 1)[0])


def _draw(lines: dict[str, Line]) -> None:
    import matplotlib  # noqa: PLC0415 - for benchmarks only

    matplotlib.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415

    figure, axes = pyplot.subplots(1, len(lines), figsize=(3.2 * len(lines), 3), layout="constrained")
    for axis, (name, line) in zip(axes, lines.items(), strict=True):
        what, _, unit = name.partition(": ")
        axis.loglog(*zip(*line, strict=True), marker="o", color="#1b5e8a")
        axis.set(title=f"grows as size^{_slope(line):.2f}", xlabel=what, ylabel=unit)
        axis.title.set_fontsize(10)
        sizes = [size for size, _ in line]
        axis.set_xticks(sizes, [f"{size:,.0f}" for size in sizes], rotation=30, fontsize=8)
        axis.minorticks_off()
        axis.grid(visible=True, alpha=0.3)
    figure.savefig(FIGURE, dpi=110, metadata={"Software": None})
    pyplot.close(figure)
