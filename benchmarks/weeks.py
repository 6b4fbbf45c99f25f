"""What the product does at national size: the whole week there and back, a route added to it, the area loaded from disk."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial

import numpy as np
from scipy.spatial import cKDTree

from access.network import AreaNetwork
from access.new_route import NewRoute, Run, with_route
from access.query import MODES
from access.scenario import WithRoute, add_route
from access.sessions import SessionAccess, there_and_back
from benchmarks.harness import Measured, Timing, by_turns, once, peak_mib, ratios
from benchmarks.national import ORIGINS, evenly, national_area, national_folder
from geo.area import Area
from geo.opening import open_area
from geo.profile import WEEKDAYS
from geo.store import load_area
from geo.streets.graph import StreetMode

FEW_ORIGINS = 1917  # as many as Wales has zones
STOPS, TRIPS = 30, 20


def whole_week() -> Measured:
    """There and back for a nation's week."""
    return _week("whole-week", ORIGINS, 120.0)


def whole_week_by_zone() -> Measured:
    """The same from one origin in each zone of Wales."""
    return _week("whole-week-zones", FEW_ORIGINS, 60.0)


def _week(row: str, n_origins: int, target_s: float) -> Measured:
    there_and_back(AreaNetwork(open_area("cantrer-gwaelod")))  # whatever has to be compiled is compiled here
    area = national_area()
    area = replace(area, origins=area.origins.iloc[evenly(range(len(area.origins)), n_origins)].reset_index(drop=True))
    network = AreaNetwork(area)
    said: dict[str, float] = {}
    made: list[SessionAccess] = []
    said["placing points"] = once(lambda: (dict(network.origins), dict(network.venues)))
    said["hierarchies"] = once(lambda: [_first_matrix(network, mode) for mode in network.routers])
    said["stops and walks"] = once(lambda: (network.transit, network.origin_links, network.venue_links))
    for mode in ("walk", "cycle", "drive"):
        said[f"{mode}, there"] = once(partial(network.to_venues_s, mode))
        said[f"{mode}, back"] = once(partial(network.from_venues_s, mode))
    said["public transport, and the rest"] = once(lambda: made.append(there_and_back(network, MODES)))
    total, peak = sum(said.values()), peak_mib()
    return Measured(
        row=row,
        work=f"whole week there and back: {len(area.origins):,} origins, {len(area.venues):,} venues, {len(made[0].sessions):,} sessions, "
        "four modes, national size",
        target=f"< {target_s:.0f} s" + (", < 4 GiB" if n_origins == ORIGINS else ""),
        shown=f"{total:.0f} s, {peak / 1024:.1f} GiB",
        is_met=total < target_s and (n_origins < ORIGINS or peak < 4096),
        bound_by="the street hierarchies' sweeps, six matrices of origins × venues; then one search by public transport for each distinct "
        "(venue, weekday, time)",
        timings={name: Timing((seconds,)) for name, seconds in said.items()} | {"ours": Timing((total,))},
        figures={"threads": os.cpu_count() or 1},
        notes=("From the loaded area to all times, with nothing kept from before but compiled code.",),
    )


def _first_matrix(network: AreaNetwork, mode: StreetMode) -> None:
    """Ask for the time from one venue to itself: with the first matrix the hierarchy is built."""
    venue = network.venues[mode].take([0])
    network.routers[mode].matrix_ms(venue, venue)


def add_route_demo() -> Measured:
    """A bus route added to the demonstration area."""
    return _add_route("add-route", open_area("cantrer-gwaelod"), "the demonstration area", 1.0)


def add_route_national() -> Measured:
    """A bus route added to the national area."""
    return _add_route("add-route-national", national_area(), "the national area", 5.0)


def _add_route(row: str, area: Area, where: str, target_s: float) -> Measured:
    before = there_and_back(AreaNetwork(area), ("transit",))
    route = bus_route(area)
    found: list[WithRoute] = []

    def work() -> None:
        found[:] = [add_route(before, route)]

    def anew() -> None:
        after = before.network.with_area(replace(area, timetable=with_route(area.timetable, route)))
        there_and_back(after, ("transit",))

    timings = by_turns({"ours": work, "everything anew": anew}, runs=3)
    took, by_anew = timings["ours"].median_s, ratios(timings)
    return Measured(
        row=row,
        work=f"add a bus route of {STOPS} stops and {TRIPS} trips to {where}, there and back again for all sessions that it can change",
        target=f"< {target_s:.0f} s",
        shown=f"{took:.1f} s; everything anew takes {by_anew['everything anew']:.1f} times as long",
        is_met=took < target_s,
        bound_by="the searches that the bounds can't rule out, and those that find the bounds",
        timings=timings,
        ratios=by_anew,
        figures={"searched anew": found[0].n_searched, "of": found[0].n_searches},
    )


def bus_route(area: Area) -> NewRoute:
    """Return a route from a stop to its nearest that is not yet on it, and so on; ten trips each way, Monday to Friday."""
    stops = area.timetable.stops
    used = np.flatnonzero((stops["mode"] == "bus").to_numpy())
    xy = stops.get_coordinates().to_numpy()[used]
    tree, at, chain = cKDTree(xy), len(used) // 50, []
    while len(chain) < STOPS:
        chain.append(at)
        at = next(int(n) for n in tree.query(xy[at], k=4 * STOPS)[1] if n not in chain)
    hops = np.hypot(*np.diff(xy[chain], axis=0).T)
    after = np.concatenate([[0], np.cumsum(np.ceil(hops / 8.0) + 20)]).astype(int)
    ids = stops["stop_id"].to_numpy(object)[used[chain]]
    departs = tuple(range(7 * 3600, 22 * 3600, 15 * 3600 // (TRIPS // 2)))
    back = tuple(int(after[-1] - s) for s in after[::-1])
    runs = (Run(tuple(ids), tuple(after.tolist()), departs), Run(tuple(ids[::-1]), back, departs))
    return NewRoute("new:30", "30", runs, WEEKDAYS[:5])


def load() -> Measured:
    """A built national area loaded from disk."""
    folder = national_folder()
    timings = by_turns({"ours": lambda: load_area(folder)}, runs=5)
    took = timings["ours"].median_s
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    return Measured(
        row="load-area",
        work=f"load a built national area from disk ({size:.0f} MiB)",
        target="< 3 s",
        shown=f"{took:.1f} s",
        is_met=took < 3,
        bound_by="hashing every file, which is how a changed file is found; then decoding tables",
        timings=timings,
        notes=("The files are in the system's memory after the first round, which is not counted.",),
    )
