"""Find the ways inside stations from pathways.txt: the quickest walk between any two of their platforms and entrances.

Source of the format: GTFS Schedule Reference, pathways.txt. A pathway takes its ``traversal_time``. Where it gives none:

=================== ==============================================================================================================
stairs              their ``stair_count`` at :data:`UP_S` or :data:`DOWN_S` a step
lifts               :data:`LIFT_S`
whatever else       its ``length`` at 4.8 km/h, or without a length the distance of its ends as the crow flies; so do uncounted stairs
=================== ==============================================================================================================

Times are those of people who walk at 4.8 km/h, and so is the choice of the quickest way. Beside each stands how much of it is walked and
not told (all but ``traversal_time`` and lifts): that part is longer for those who walk more slowly.

Those who need a way without steps use no stairs and no escalator, nothing steeper than :data:`STEEPEST` nor narrower than
:data:`NARROWEST_M`. A platform and its boarding areas are one place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from geo.streets.rules import WALK_KMH
from geo.timetable.feed import positions, whole_numbers
from geo.timetable.ledger import Ledger

TABLE = "pathways.txt"
STAIRS, ESCALATOR, LIFT = 2, 4, 5  # pathway_mode
PLATFORM, BOARDING_AREA = ("", "0"), "4"  # location_type
LONGEST_S = 3600
UP_S, DOWN_S = 0.6, 0.5  # E: 0.5 and 0.6 m/s along the ground, as OpenTripPlanner had it, over steps 0.3 m deep
LIFT_S = 60  # U: to wait, ride and get out
STEEPEST = 0.083  # E: 1 in 12, the steepest ramp of Approved Document M, and the GTFS reference's own example
NARROWEST_M = 0.9  # U: the clear width of a door that the European rules for stations ask for
CELLS_AT_ONCE = 2**22  # of a table of times: 32 MiB
NO_WALK_S = 0.25  # stands for a pathway that takes no time: sparse graphs hold no zeros, and seconds are rounded down to whole ones


@dataclass(frozen=True)
class WalksIndoors:
    """The quickest walks by pathways: rows (from, to, seconds, of these walked) by row of stops.txt; ``step_free`` those without a step."""

    all: NDArray[np.int64]
    step_free: NDArray[np.int64]

    @classmethod
    def none(cls) -> WalksIndoors:
        """Return what a feed without pathways has."""
        return cls(np.empty((0, 4), np.int64), np.empty((0, 4), np.int64))


@dataclass(frozen=True)
class _Arcs:
    """Pathways that can be walked, each in one direction, by row of stops.txt."""

    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    seconds: NDArray[np.float64]
    walked_s: NDArray[np.float64]
    is_step_free: NDArray[np.bool_]

    def those(self, which: NDArray[np.bool_]) -> _Arcs:
        return _Arcs(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def walks_indoors(
    frame: pd.DataFrame, all_stops: pd.DataFrame, is_end: NDArray[np.bool_], ledger: Ledger
) -> WalksIndoors:
    """Return the walks between the places where one gets on, off, in or out (``is_end``, by row of stops.txt).

    Walks of more than an hour are left out; a pathway of which nothing says how long it takes is refused.
    """
    if not len(frame):
        return WalksIndoors.none()
    arcs = _read(frame, all_stops, is_end, ledger)
    found = _quickest(arcs, is_end)
    if arcs.is_step_free.all():
        return WalksIndoors(found, found)
    return WalksIndoors(found, _quickest(arcs.those(arcs.is_step_free), is_end))


def _read(frame: pd.DataFrame, all_stops: pd.DataFrame, is_end: NDArray[np.bool_], ledger: Ledger) -> _Arcs:
    place = _platforms(all_stops, is_end)
    ends = np.column_stack([positions(frame[c], all_stops["stop_id"]) for c in ("from_stop_id", "to_stop_id")])
    mode = whole_numbers(frame["pathway_mode"], blank=-1)
    ahead, back, walked, estimated = _seconds(frame, mode, _apart_m(all_stops, ends))
    lost = ends.min(axis=1) < 0
    timeless = ~((np.maximum(ahead, back) <= LONGEST_S) & (np.minimum(ahead, back) >= 0)) & ~lost
    remedy = "Add the stop, or remove it."
    ledger.refuse(TABLE, frame.index[lost].to_numpy(), "joins a stop that stops.txt lacks.", remedy)
    remedy = "Give its traversal_time in seconds, at most an hour."
    ledger.refuse(TABLE, frame.index[timeless].to_numpy(), "does not say how long it takes.", remedy)
    good = ~lost & ~timeless
    if (n := int((estimated & good).sum())) > 0:
        ledger.note(
            f"{TABLE}: {n:,} pathways have neither traversal_time, length nor stair_count; theirs is estimated."
        )
    both = good & (frame["is_bidirectional"] == "1").to_numpy()
    slope, width_m = (pd.to_numeric(frame[c], errors="coerce").to_numpy(float) for c in ("max_slope", "min_width"))
    steps = np.isin(mode, [STAIRS, ESCALATOR]) | (np.abs(slope) > STEEPEST) | (width_m < NARROWEST_M)
    return _Arcs(
        place[np.concatenate([ends[good, 0], ends[both, 1]])],
        place[np.concatenate([ends[good, 1], ends[both, 0]])],
        np.concatenate([ahead[good], back[both]]),
        np.concatenate([(ahead * walked)[good], (back * walked)[both]]),
        ~np.concatenate([steps[good], steps[both]]),
    )


def _seconds(
    frame: pd.DataFrame, mode: NDArray[np.int64], apart_m: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return how long each pathway takes ahead and back (NaN where it is not known), which are walked at one's own speed, and guessed."""
    told_s = whole_numbers(frame["traversal_time"], blank=-2).astype(float)
    length_m = pd.to_numeric(frame["length"], errors="coerce").to_numpy(float)
    is_wrong = (told_s == -1) | ((frame["length"] != "").to_numpy() & ~(length_m >= 0))
    steps = np.nan_to_num(pd.to_numeric(frame["stair_count"], errors="coerce").to_numpy(float))
    is_counted, is_lift = (mode == STAIRS) & (steps != 0), mode == LIFT
    pace = WALK_KMH / 3.6
    level_s = np.ceil(np.where(np.isnan(length_m), apart_m, length_m) / pace)
    up_s, down_s = np.ceil(np.abs(steps) * UP_S), np.ceil(np.abs(steps) * DOWN_S)
    by_kind = [is_wrong, told_s >= 0, is_counted, is_lift]
    ahead = np.select(by_kind, [np.nan, told_s, np.where(steps > 0, up_s, down_s), LIFT_S], level_s)
    back = np.select(by_kind, [np.nan, told_s, np.where(steps > 0, down_s, up_s), LIFT_S], level_s)
    is_level = ~np.logical_or.reduce(by_kind)
    return (
        ahead,
        back,
        is_level | (is_counted & (told_s < 0)),
        (is_level & np.isnan(length_m)) | (is_lift & (told_s < 0)),
    )


def _apart_m(all_stops: pd.DataFrame, ends: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how far the ends of each pathway are from each other, NaN where one has no point."""
    lon, lat = (
        np.radians(pd.to_numeric(all_stops[c], errors="coerce").to_numpy(float)) for c in ("stop_lon", "stop_lat")
    )
    a, b = ends.T
    away: NDArray[np.float64] = 6_371_000 * np.hypot((lon[a] - lon[b]) * np.cos(lat[a]), lat[a] - lat[b])
    return away


def _platforms(all_stops: pd.DataFrame, is_end: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return for each row of stops.txt the row of its platform where it is a boarding area, its own otherwise."""
    parent = positions(all_stops["parent_station"].where(all_stops["parent_station"] != "", "\0"), all_stops["stop_id"])
    kind = all_stops["location_type"].to_numpy(object)
    lies_on = (kind == BOARDING_AREA) & (parent >= 0) & np.isin(kind[parent], PLATFORM) & ~is_end
    return np.where(lies_on, parent, np.arange(len(all_stops)))


def _quickest(arcs: _Arcs, is_end: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return (from, to, seconds, of these walked) between ends, searching each station by itself."""
    if not len(arcs.tail):
        return np.empty((0, 4), np.int64)
    weight = np.where(arcs.seconds > 0, arcs.seconds, NO_WALK_S / len(arcs.seconds))
    order = np.lexsort((weight, arcs.head, arcs.tail))
    used, nodes = np.unique(np.concatenate([arcs.tail[order], arcs.head[order]]), return_inverse=True)
    tail, head = nodes.reshape(2, -1)
    first = np.concatenate([[True], (np.diff(tail) != 0) | (np.diff(head) != 0)])  # the quickest of parallel ones
    graph, walked = (
        csr_array((of[order][first], (tail[first], head[first])), shape=(len(used), len(used)))
        for of in (weight, arcs.walked_s)
    )
    _, station = connected_components(graph, directed=True, connection="weak")
    by_station = np.argsort(station, kind="stable")
    found = [np.empty((0, 4), np.int64)]
    for members in np.split(by_station, np.flatnonzero(np.diff(station[by_station])) + 1):
        ends = np.flatnonzero(is_end[used[members]])
        if len(ends) < 2:
            continue
        ways, on_foot, rows = graph[members][:, members], walked[members][:, members], used[members]
        for some in np.array_split(ends, -(-len(ends) * len(members) // CELLS_AT_ONCE)):
            away, before = dijkstra(ways, indices=some, limit=LONGEST_S, return_predecessors=True)
            of_these = _along(on_foot, before)[:, ends]
            away = away[:, ends]
            a, b = np.nonzero(np.isfinite(away) & (some[:, None] != ends))
            seconds = np.column_stack([np.floor(away[a, b]), of_these[a, b]]).astype(np.int64)
            found.append(np.column_stack([rows[some[a]], rows[ends[b]], seconds]))
    return np.concatenate(found)


def _along(walked: csr_array, before: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return what the ways of a search (``before``: predecessors, one row a search) hold of ``walked``, which is by arc."""
    n = before.shape[1]
    on_way = before >= 0
    at = np.where(on_way, before, np.arange(n))
    total = np.where(on_way, walked[at.ravel(), np.tile(np.arange(n), len(at))].reshape(at.shape), 0.0)
    for _ in range(n.bit_length()):  # each time twice as far back
        total += np.take_along_axis(total, at, axis=1)
        at = np.take_along_axis(at, at, axis=1)
    return total
