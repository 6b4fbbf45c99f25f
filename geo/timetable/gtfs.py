"""Read GTFS feeds into one frozen timetable. Behind this module nothing knows GTFS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import DataError, Fault
from geo.quality import SourceQuality
from geo.timetable.calls import Calls, read_calls
from geo.timetable.changes import Changes, read_changes
from geo.timetable.entrances import Entrances, read_entrances
from geo.timetable.feed import positions, read_tables
from geo.timetable.frequencies import expand_frequencies
from geo.timetable.ledger import Ledger
from geo.timetable.lines import draw_lines
from geo.timetable.model import NO_MODE, Timetable
from geo.timetable.pathways import PLATFORM, walks_indoors
from geo.timetable.repeats import fold_repeats
from geo.timetable.services import MAX_CELLS, read_services
from geo.timetable.stops import ENTRANCE, read_routes, read_stops, read_trips

MODES_AT_A_STOP = ("rail", "tram", "ferry", "bus", "coach", "other")  # the first that calls names the stop's mode


@dataclass(frozen=True)
class _Part:
    """One feed, with ids still its own and indices counted from 0."""

    prefix: str
    stops: gpd.GeoDataFrame
    routes: pd.DataFrame
    trips: pd.DataFrame
    calls: Calls
    runs: NDArray[np.bool_]
    first_date: date
    lines: gpd.GeoDataFrame
    changes: Changes
    entrances: Entrances
    block: NDArray[np.int64]  # by trip, -1 where it has none


def read_timetable(
    feeds: Sequence[tuple[str, Path]], timezone: str = "Europe/London"
) -> tuple[Timetable, tuple[SourceQuality, ...]]:
    """Read ``feeds`` (prefix and zip of each) into one timetable; ids become ``prefix:id``.

    Returns:
        The timetable, and for each feed what became of its rows (``timetable.<prefix>``).

    Raises:
        DataError: every fault of every feed that makes it unusable, together. Rows that can be refused are not among them.

    Source of the format: GTFS Schedule Reference (gtfs.org).
    """
    ledgers = [Ledger(prefix, Path(path)) for prefix, path in feeds]
    parts = [_read_feed(ledger, timezone) for ledger in ledgers]
    prefixes = [prefix for prefix, _ in feeds]
    fatal = [fault for ledger in ledgers for fault in ledger.fatal]
    fatal += [
        Fault(str(path), f"has the prefix '{p}', as another feed has.", "Give each feed its own.")
        for p, path in feeds
        if prefixes.count(p) > 1
    ]
    if fatal:
        raise DataError(fatal)
    timetable = _merge([part for part in parts if part is not None], timezone)
    return timetable, tuple(ledger.quality() for ledger in ledgers)


def _read_feed(ledger: Ledger, timezone: str) -> _Part | None:
    tables = read_tables(ledger)
    if ledger.fatal:
        return None
    others = sorted(set(tables["agency.txt"]["agency_timezone"]) - {timezone})
    if others:
        ledger.stop(
            "agency.txt",
            f"has times of {', '.join(others)[:100]}.",
            f"The area's are of {timezone}: read a feed in that zone.",
        )
    services = read_services(tables, ledger)
    if services is None or ledger.fatal:
        return None
    stops, routes = read_stops(tables, ledger), read_routes(tables, ledger)
    trips = read_trips(tables, routes, services, ledger)
    trips, calls = read_calls(tables["stop_times.txt"], trips, stops["stop_id"], ledger)
    trips, calls = expand_frequencies(tables["frequencies.txt"], trips, calls, ledger)
    if not len(trips):
        ledger.stop("", "has no trip that can be used.", ledger.first_faults("Fetch a feed that has trips."))
    if ledger.fatal:
        return None
    trips, calls, runs = fold_repeats(trips, calls, services.runs, _linked(tables["transfers.txt"]), ledger)
    block = pd.factorize(trips["block_id"].where(trips["block_id"] != "", None))[0].astype(np.int64)
    changes, entrances = _read_ways(tables, stops, trips, calls, ledger)
    lines = draw_lines(tables["shapes.txt"], trips, calls, stops, routes, ledger)
    stops.insert(2, "mode", _stop_modes(len(stops), trips, calls, routes))
    unused = int((stops["mode"] == NO_MODE).sum())
    if unused:
        ledger.note(f"{unused:,} of {len(stops):,} stops are called at by no trip.")
    return _Part(
        ledger.prefix, stops, routes, trips, calls, runs, services.first_date, lines, changes, entrances, block
    )


def _read_ways(
    tables: dict[str, pd.DataFrame], stops: gpd.GeoDataFrame, trips: pd.DataFrame, calls: Calls, ledger: Ledger
) -> tuple[Changes, Entrances]:
    """Return how one changes between stops, and how one comes to them from the street."""
    all_stops = tables["stops.txt"]
    called = np.zeros(len(stops), np.bool_)
    called[calls.stop] = True
    kind, platform = all_stops["location_type"], positions(all_stops["stop_id"], stops["stop_id"])
    platform[~(called[platform] | kind.isin(PLATFORM).to_numpy())] = -1
    is_end = (platform >= 0) | (kind == ENTRANCE).to_numpy()
    walks = walks_indoors(tables["pathways.txt"], all_stops, is_end, ledger)
    changes = read_changes(tables, stops, trips, calls, walks, platform, ledger)
    return changes, read_entrances(all_stops, stops, walks, platform, called, ledger)


def _linked(transfers: pd.DataFrame) -> set[str]:
    """Return the trips that transfers.txt names one by one."""
    return set(transfers["from_trip_id"]) | set(transfers["to_trip_id"])


def _stop_modes(n_stops: int, trips: pd.DataFrame, calls: Calls, routes: pd.DataFrame) -> NDArray[np.object_]:
    of_route = routes["mode"].map({mode: rank for rank, mode in enumerate(MODES_AT_A_STOP)}).to_numpy(np.int64)
    ranks = np.full(n_stops, len(MODES_AT_A_STOP))
    np.minimum.at(ranks, calls.stop, np.repeat(of_route[trips["route_index"]], np.diff(calls.start)))
    return np.array([*MODES_AT_A_STOP, NO_MODE], object)[ranks]


def _marked(mark: str, ids: pd.Series) -> pd.Series:
    return pd.Series([mark + i if i else None for i in ids], index=ids.index, dtype=object)


def _merge(parts: list[_Part], timezone: str) -> Timetable:
    first = min(part.first_date for part in parts)
    n_days = max((part.first_date - first).days + part.runs.shape[1] for part in parts)
    if n_days * sum(len(part.runs) for part in parts) > MAX_CELLS:
        raise DataError.of(
            "", f"The feeds together span {n_days:,} days.", "Shorten their calendars to the dates needed."
        )
    runs = np.zeros((sum(len(part.runs) for part in parts), n_days), np.bool_)
    stops, routes, trips, lines, calls = [], [], [], [], []
    changes, seated, blocks, entrance_xy, entrance_ways = [], [], [], [], []
    entrance_at = stop_at = route_at = service_at = trip_at = block_at = 0
    for p in parts:
        mark = p.prefix + ":"
        stops.append(p.stops.assign(stop_id=mark + p.stops["stop_id"], parent_id=_marked(mark, p.stops["parent_id"])))
        routes.append(p.routes.assign(route_id=mark + p.routes["route_id"]))
        moved = {
            "trip_id": mark + p.trips["trip_id"],
            "route_index": p.trips["route_index"] + route_at,
            "service_index": p.trips["service_index"] + service_at,
        }
        trips.append(p.trips.assign(**moved))
        lines.append(p.lines.assign(route_index=p.lines["route_index"] + route_at))
        calls.append((p.calls.stop + stop_at, *p.calls.parts()[1:]))
        changes.append(p.changes.between + np.array([stop_at, stop_at, 0, 0], np.int32))
        entrance_xy.append(p.entrances.xy)
        entrance_ways.append(p.entrances.ways + np.array([entrance_at, stop_at, 0, 0, 0, 0], np.int32))
        seated.append(p.changes.seated + np.array([trip_at, trip_at, 0], np.int32))
        in_block = np.flatnonzero(p.block >= 0)
        blocks.append(np.column_stack([p.block[in_block] + block_at, in_block + trip_at]))
        trip_at, block_at = trip_at + len(p.trips), block_at + int(p.block.max(initial=-1)) + 1
        day = (p.first_date - first).days
        runs[service_at : service_at + len(p.runs), day : day + p.runs.shape[1]] = p.runs
        entrance_at += len(p.entrances.xy)
        stop_at, route_at, service_at = stop_at + len(p.stops), route_at + len(p.routes), service_at + len(p.runs)
    lengths = np.concatenate([np.diff(p.calls.start) for p in parts])
    columns = (np.concatenate(column) for column in zip(*calls, strict=True))
    stop, arrival, departure, board, alight, ask_on, ask_off = columns
    return Timetable(
        stops=pd.concat(stops, ignore_index=True),
        routes=pd.concat(routes, ignore_index=True),
        trips=pd.concat(trips, ignore_index=True)[
            ["trip_id", "route_index", "service_index", "headsign", "wheelchair", "repeats"]
        ],
        call_start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        call_stop=stop.astype(np.int32),
        call_arrival_s=arrival,
        call_departure_s=departure,
        call_may_board=board,
        call_may_alight=alight,
        runs=runs,
        first_date=first,
        lines=pd.concat(lines, ignore_index=True),
        timezone=timezone,
        changes=np.concatenate(changes),
        block_trip=np.concatenate(blocks).astype(np.int32),
        stay_seated=np.concatenate(seated),
        boarding_to_arrange=np.flatnonzero(ask_on).astype(np.int32),
        alighting_to_arrange=np.flatnonzero(ask_off).astype(np.int32),
        entrance_xy=np.concatenate(entrance_xy),
        entrance_ways=np.concatenate(entrance_ways),
    )
