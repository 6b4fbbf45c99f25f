"""Reckon what a driver loses at signals, crossings and junctions: seconds of :mod:`geo.streets.rules`, for each arc, at its end.

A street that gives way, meets its equals or runs into a roundabout loses time there, whichever way one turns; the larger road that
runs through loses none. What a turn off the larger road costs is part of what joining it costs: there and back they are paid alike,
and the graph needs no node for every turn. Signals and crossings along a street are counted with the junction at its end.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.streets import rules
from geo.streets.arcs import Arcs
from geo.streets.join import Lines
from geo.streets.ways import Ways

JUNCTION_ARMS = 3  # streets that end at a node, for it to be a junction


def delay_ms(lines: Lines, arcs: Arcs, ways: Ways) -> NDArray[np.int64]:
    """Return the milliseconds (arcs,) that a driver loses on each arc, beyond driving its length at its speed."""
    n_nodes = int(max(lines.tail.max(), lines.head.max())) + 1
    ends = np.concatenate([lines.tail, lines.head])
    n_arms = np.bincount(ends, minlength=n_nodes)
    end_mark = np.column_stack([lines.mark[lines.line_start[:-1]], lines.mark[lines.line_start[1:] - 1]])
    at_head = arcs.at_head(end_mark)
    is_junction = n_arms[arcs.head] >= JUNCTION_ARMS
    has_signal = ((at_head & rules.ANY_SIGNAL) > 0) | _signal_on_the_way(lines, arcs)
    yields_s = np.where(is_junction & ~has_signal, _yielding_s(lines, arcs, ways, n_nodes), 0.0)
    yields_s = np.where(is_junction & ~has_signal & ((at_head & rules.MINI_ROUNDABOUT) > 0), rules.GIVE_WAY_S, yields_s)
    seconds = np.where(has_signal, rules.SIGNAL_S, yields_s)
    seconds += rules.CROSSING_S * _count_inside(lines, (lines.mark & rules.CROSSING) > 0)[arcs.line]
    n_leaving = np.bincount(arcs.tail, minlength=n_nodes)
    seconds += np.where((n_leaving[arcs.head] == 1) & (arcs.twin >= 0), rules.TURN_ROUND_S, 0.0)
    return np.rint(seconds * 1000).astype(np.int64)


def _yielding_s(lines: Lines, arcs: Arcs, ways: Ways, n_nodes: int) -> NDArray[np.float64]:
    """Return the seconds (arcs,) lost to others at a junction without signals, by who is the larger and whether it is a roundabout."""
    node = np.column_stack([lines.tail, lines.head])
    rank, is_round = ways.rank[lines.way], ways.is_roundabout[lines.way]
    first = np.full(n_nodes, rules.LOWEST_RANK + 1)
    np.minimum.at(first, node.ravel(), rank.ravel())
    n_first = np.bincount(node.ravel(), weights=(rank == first[node]).ravel(), minlength=n_nodes)
    has_round = np.zeros(n_nodes, dtype=bool)
    has_round[node[is_round]] = True
    own = arcs.at_head(rank)
    is_largest = own == first[arcs.head]
    runs_through = n_first[arcs.head] == 2  # the larger road comes and goes
    is_motorway = own == rules.RANK["motorway"]  # slip roads merge
    seconds = np.where(is_largest, np.where(runs_through | is_motorway, 0.0, rules.EQUALS_S), rules.GIVE_WAY_S)
    return np.where(has_round[arcs.head], np.where(arcs.at_head(is_round), 0.0, rules.ROUNDABOUT_S), seconds)


def _signal_on_the_way(lines: Lines, arcs: Arcs) -> NDArray[np.bool_]:
    """Say which arcs pass a signal between their ends. One that names no direction is for those who have most of the street behind them."""
    step = np.zeros(len(lines.xy))
    step[1:] = np.hypot(*np.diff(lines.xy, axis=0).T)
    step[lines.line_start[:-1]] = 0.0
    way_m = np.cumsum(step)
    way_m -= np.repeat(way_m[lines.line_start[:-1]], np.diff(lines.line_start))
    is_late = 2 * way_m > np.repeat(way_m[lines.line_start[1:] - 1], np.diff(lines.line_start))
    is_either = (lines.mark & rules.SIGNAL) > 0
    any_either = _count_inside(lines, is_either) > 0
    along = _count_inside(lines, ((lines.mark & rules.SIGNAL_ALONG) > 0) | (is_either & is_late)) > 0
    against = _count_inside(lines, ((lines.mark & rules.SIGNAL_AGAINST) > 0) | (is_either & ~is_late)) > 0
    found = np.where(arcs.forward, along[arcs.line], against[arcs.line])
    return found | ((arcs.twin < 0) & any_either[arcs.line])


def _count_inside(lines: Lines, of_point: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count points of each line that are true and not its ends."""
    inside = of_point.astype(np.int64)
    inside[lines.line_start[:-1]] = 0
    inside[lines.line_start[1:] - 1] = 0
    return np.add.reduceat(inside, lines.line_start[:-1])
