"""A two-hour window from every minute, against cafein, on real Newport; and on the national area.

The rules are made alike: changes within groups of neighbouring stops (cafein asks for a closed set), at 1.2 m/s as the crow flies; no time
to board; at most four rides; only the trips of the day itself; and every stop open to all, for cafein does not read pick-up and drop-off
types. cafein's median of 120 departures is the 61st (docs/performance.md), so ours is asked for that too.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from access.network import AreaNetwork
from access.routing.rides import TransitRules
from access.routing.transit import StopLinks, make_day
from benchmarks.harness import THREADS, Measured, Timing, by_turns, installed, ratios, spread
from benchmarks.national import evenly, national_area
from geo.timetable.gtfs import read_timetable
from geo.timetable.model import Timetable

DATA = Path(os.environ.get("CYRRAEDD_REAL_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
FROM_H, MINUTES, ORIGINS, NATIONAL_ORIGINS, TARGETS = 8, 120, 100, 60, 1000
NEAR_M, WALK_M_PER_S = 150.0, 1.2
NEVER = 2**32 - 1


def newport_2023() -> Measured:
    """100 origins × 2,686 stops × 120 departure minutes."""
    return _newport("newport-2023", date(2023, 6, 13), [("bus", DATA / "newport/newport-20230613_gtfs.zip")])


def newport_2024() -> Measured:
    """The same on the full timetable of one day."""
    folder = DATA / "newport-2024"
    feeds = [("bus", folder / "bus_and_coach_gtfs.zip"), ("rail", folder / "rail_gtfs.zip")]
    return _newport("newport-2024", date(2024, 3, 5), feeds)


def _newport(row: str, day: date, feeds: list[tuple[str, Path]]) -> Measured:
    for _, path in feeds:
        if not path.is_file():
            raise FileNotFoundError(f"{path} is not there: set CYRRAEDD_REAL_DATA to the folder of real Welsh files")
    if installed("cafein") is None:
        raise ModuleNotFoundError("cafein is not installed: 'pip install cafein'")
    timetable = _aligned(read_timetable(feeds)[0], day)
    theirs, stop_ids = _cafein(timetable, feeds)
    own_row = {stop_id: n for n, stop_id in enumerate(timetable.stops["stop_id"])}
    called = np.unique(timetable.call_stop[_calls_of(timetable, day)])
    origins = np.random.default_rng(1).choice(
        [n for n, s in enumerate(stop_ids) if own_row.get(s, -1) in called], ORIGINS, False
    )
    ours = _ours(timetable, day, [own_row.get(stop_id, -1) for stop_id in stop_ids], origins)
    by_cafein = {
        f"cafein {router}": lambda router=router: theirs(origins, day, router) for router in ("raptor", "tbtr")
    }
    timings = by_turns({"ours": ours, **by_cafein})
    found, wanted = ours(), theirs(origins, day, "raptor")
    elsewhere = origins[:, None] != np.arange(
        len(stop_ids)
    )  # cafein gives 0 for the stop one is at, we the way by a ride
    same = ((found == wanted) | (np.isnan(found) & np.isnan(wanted)))[elsewhere]
    by_router = ratios(timings)
    return Measured(
        row=row,
        work=f"{ORIGINS} origins × {len(stop_ids):,} stops × {MINUTES} departure minutes, {row.replace('-', ' ').capitalize()}",
        target="at least twice cafein",
        shown=f"{timings['ours'].median_s * 1000:.0f} ms; cafein takes {by_router['cafein raptor']:.1f} times as long "
        f"({spread(timings, 'cafein raptor')}), "
        f"with a day prepared beforehand {by_router['cafein tbtr']:.1f} times",
        is_met=by_router["cafein raptor"] >= 2,
        bound_by="boarding and riding patterns: memory of labels, then comparisons",
        timings=timings,
        ratios=by_router,
        figures={"cells that agree": float(same.mean()), "cells": int(same.size), "cafein": installed("cafein") or "", "threads": THREADS},
    )  # fmt: skip


def _aligned(timetable: Timetable, day: date) -> Timetable:
    """Return the timetable of the day alone, every call open; changes and seats only as cafein has them."""
    runs = np.zeros_like(timetable.runs)
    column = (day - timetable.first_date).days
    runs[:, column] = timetable.runs[:, column]
    opened = np.ones(len(timetable.call_stop), np.bool_)
    none = {name: getattr(timetable, name)[:0] for name in ("changes", "block_trip", "stay_seated")}
    return replace(timetable, runs=runs, call_may_board=opened, call_may_alight=opened, **none)


def _calls_of(timetable: Timetable, day: date) -> NDArray[np.bool_]:
    is_on = timetable.runs[timetable.trips["service_index"].to_numpy(), (day - timetable.first_date).days]
    return np.repeat(is_on, np.diff(timetable.call_start))


def _walks(timetable: Timetable) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return from, to and seconds between all stops of each group of neighbours."""
    xy = timetable.stops.get_coordinates().to_numpy()
    near = cKDTree(xy).sparse_distance_matrix(cKDTree(xy), NEAR_M, output_type="coo_matrix")
    _, group = connected_components(near)
    order = np.argsort(group, kind="stable")
    start, there = [], []
    for members in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        start.append(np.repeat(members, len(members)))
        there.append(np.tile(members, len(members)))
    one, other = np.concatenate(start), np.concatenate(there)
    apart = one != other
    one, other = one[apart], other[apart]
    return one, other, np.ceil(np.hypot(*(xy[one] - xy[other]).T) / WALK_M_PER_S).astype(np.int64)


def _ours(
    timetable: Timetable, day: date, columns: list[int], origins: NDArray[np.int64]
) -> Callable[[], NDArray[np.float32]]:
    """Return the work: (origins, stops) in cafein's order of stops; one that our timetable does not have is reached by nothing."""
    one, other, seconds = _walks(timetable)
    n = len(timetable.stops)
    transit = make_day(timetable, day, _rows(n, one, other, seconds), TransitRules(max_rides=4, board_slack_s=0))
    column_of = {stop: column for column, stop in enumerate(columns) if stop >= 0}
    known = np.array(sorted(column_of), np.int64)
    ends = np.concatenate([known, other[np.isin(other, known)]])
    starts = np.concatenate([known, one[np.isin(other, known)]])
    took = np.concatenate([np.zeros(len(known), np.int64), seconds[np.isin(other, known)]])
    reads = _rows(len(columns), np.array([column_of[stop] for stop in ends.tolist()]), starts, took)
    at = np.array(columns)[origins]
    seeds = (np.arange(len(at) + 1), at, np.zeros(len(at), np.int64))
    origin_links, stop_links = StopLinks.of(seeds, seeds), StopLinks.of(reads, reads)
    no_walk = np.full((len(at), len(columns)), np.nan)
    begin = FROM_H * 3600
    return lambda: transit.window(origin_links, stop_links, begin, begin + MINUTES * 60, [50.5], no_walk)[0]


def _rows(n: int, row: NDArray, column: NDArray, value: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    order = np.lexsort((column, row))
    return np.searchsorted(row[order], np.arange(n + 1)), column[order], value[order]


def _cafein(
    timetable: Timetable, feeds: list[tuple[str, Path]]
) -> tuple[Callable[..., NDArray[np.float32]], list[str]]:
    """Return cafein's work, and its stops by our ids, in its order."""
    import cafein  # noqa: PLC0415 - optional

    network = cafein.TransportNetwork.from_gtfs([str(path) for _, path in feeds], trip_distances=False)
    said = [stop[0] for stop in network.stops]
    ours = set(timetable.stops["stop_id"])
    prefixes = [prefix for prefix, _ in feeds]
    names = [_our_id(stop_id, prefixes, ours) for stop_id in said]
    by_name = dict(zip(names, said, strict=True))
    ids = timetable.stops["stop_id"].to_numpy(object)
    hops = [(by_name.get(ids[a]), by_name.get(ids[b]), int(s)) for a, b, s in zip(*_walks(timetable), strict=True)]
    network.set_transfers([(a, b, s, s * WALK_M_PER_S) for a, b, s in hops if a and b])

    def work(origins: NDArray[np.int64], day: date, router: str) -> NDArray[np.float32]:
        if router == "tbtr" and not network.has_tbtr_transfers:
            network.compute_tbtr_transfers(day.isoformat())
        found = network.travel_time_matrix(
            [said[n] for n in origins], f"{day.isoformat()} {FROM_H:02d}:00", max_rides=4, departure_time_window=MINUTES, percentiles=[50],
            router=router, workers=THREADS,
        )[:, :, 0]  # fmt: skip
        return np.where(found == NEVER, np.nan, found).astype(np.float32)

    return work, names


def _our_id(stop_id: str, prefixes: list[str], ours: set[str]) -> str:
    """Return our id for one of cafein's, which numbers the feeds where an id occurs in several."""
    number, _, rest = stop_id.partition(":")
    if (
        len(prefixes) > 1
        and number.isdecimal()
        and int(number) < len(prefixes)
        and f"{prefixes[int(number)]}:{rest}" in ours
    ):
        return f"{prefixes[int(number)]}:{rest}"
    return next(
        (f"{prefix}:{stop_id}" for prefix in prefixes if f"{prefix}:{stop_id}" in ours), f"{prefixes[0]}:{stop_id}"
    )


def national_window() -> Measured:
    """Windows of 120 minutes on the national area, read out at 1,000 targets."""
    network = AreaNetwork(national_area())
    area = network.area
    day = network.transit.on(area.profile.service_date)
    origins, targets = (
        network.origins["walk"].take(evenly(np.flatnonzero(network.origins["walk"].is_placed), n))
        for n in (NATIONAL_ORIGINS, TARGETS)
    )
    starts, ends = network.transit.link(origins), network.transit.link(targets)
    walk_s = network.routers["walk"].matrix_s(origins, targets)
    begin = FROM_H * 3600
    timings = by_turns({"ours": lambda: day.window(starts, ends, begin, begin + MINUTES * 60, [50], walk_s)}, runs=5)
    each_ms = timings["ours"].median_s * 1000 / NATIONAL_ORIGINS
    n_stops = int((area.timetable.stops["mode"] != "none").sum())
    return Measured(
        row="national-window",
        work=f"national feed, {n_stops:,} stops, {len(area.timetable.call_stop) / 1e6:.1f} m stop times: {TARGETS:,} targets, a window of "
        f"{MINUTES}",
        target="≤ 10 ms an origin",
        shown=f"{each_ms:.1f} ms an origin",
        is_met=each_ms <= 10,
        bound_by="boarding and riding patterns: memory of labels, then comparisons",
        timings={"ours": Timing(timings["ours"].runs_s)},
        figures={"ms an origin": round(each_ms, 2), "origins": NATIONAL_ORIGINS, "threads": os.cpu_count() or 1},
    )
