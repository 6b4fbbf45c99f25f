"""Assemble streets from what a source says: for each mode, ways cut at junctions, an edge for every direction, what hangs together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.errors import DataError, Fault
from geo.streets import rules
from geo.streets.access_only import without_through_traffic
from geo.streets.arcs import direct
from geo.streets.bans import find_bans
from geo.streets.delays import delay_ms
from geo.streets.elevation import Box, Terrain, elevation_quality
from geo.streets.graph import STREET_MODES, StreetGraph, StreetMode, Streets
from geo.streets.join import Lines, join_lines
from geo.streets.parts import hangs_together
from geo.streets.quality import streets_quality
from geo.streets.raw import RawStreets, to_main_roads, to_places, to_ways
from geo.streets.restrictions import Restriction
from geo.streets.slope import Climb, Relief, climb, relief_of
from geo.streets.turns import without
from geo.streets.ways import Ways, ranges

ReadTerrain = Callable[[Box], Terrain]  # the heights within a box of EPSG:27700
LONGEST_EDGE_MS = 2**31 - 2  # the hierarchy's arithmetic; an edge of 24 days is a fault in the data


def to_streets(raw: RawStreets, source: str, read_terrain: ReadTerrain | None = None) -> Streets:
    """Return the streets that were read from ``source``; without ``read_terrain`` they are flat.

    Raises:
        DataError: there is no way for one of the modes, or none has its nodes; or the terrain cannot be read.
    """
    if raw.broken_ways and not raw.tags:
        remedy = (
            "Nodes must come before ways, with ids above 0: sort or renumber the file (osmium sort, osmium renumber)."
        )
        raise DataError.of(
            source, f"has {len(raw.broken_ways):,} ways but not the nodes that they run through.", remedy
        )
    ways = to_ways(raw)
    terrain = read_terrain(_box(ways)) if read_terrain and len(ways.xy) else None
    relief = relief_of(ways, terrain.heights_at) if terrain else None
    climbs: dict[StreetMode, Climb] = {}
    graphs: dict[StreetMode, StreetGraph] = {}
    became: dict[StreetMode, Counter[str]] = {}
    faults = []
    for mode in STREET_MODES:
        try:
            graphs[mode], became[mode], climbed = build_graph(ways, mode, raw.restrictions, relief)
            climbs |= {mode: climbed} if climbed else {}
        except ValueError as error:
            remedy = "Load a whole file of streets, one that covers the area."
            faults.append(Fault(source, f"gives no graph: {error}.", remedy))
    if faults:
        raise DataError(faults)
    quality = streets_quality(raw, ways, graphs, became, source)
    if terrain is None:
        flat = "Slopes are not counted: the profile names no raster of heights (streets.elevation)."
        quality = replace(quality, notes=(*quality.notes, flat))
    heights = elevation_quality(terrain, climbs) if terrain else None
    return Streets(graphs, to_places(raw), to_main_roads(raw, ways), quality, heights)


def _box(ways: Ways) -> Box:
    """Return the box around the ways on land that one may walk or cycle."""
    is_open = (ways.kmh["walk"] > 0).any(axis=1) | (ways.kmh["cycle"] > 0).any(axis=1)
    used = np.flatnonzero(is_open & (ways.lie != rules.ON_WATER))
    xy = ways.xy[ranges(ways.way_start[used], np.diff(ways.way_start)[used])] if len(used) else ways.xy
    (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
    return float(west), float(south), float(east), float(north)


@dataclass(frozen=True)
class _Pieces:
    """Stretches of way between junctions: points ``first`` to ``last`` of the source, nodes ``tail`` to ``head``."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    way: NDArray[np.int64]
    node_point: NDArray[np.int64]  # (nodes,) a point of the source at each node
    has_gate: NDArray[np.bool_]  # only some may go from one end to the other


def build_graph(
    ways: Ways, mode: StreetMode, restrictions: Sequence[Restriction] = (), relief: Relief | None = None
) -> tuple[StreetGraph, Counter[str], Climb | None]:
    """Return the graph of one mode, what became of the restrictions of its turns, and what slopes do to it where heights are given.

    Edges run between nodes where its ways branch, end, change, are blocked, or have a turn forbidden.

    Raises:
        ValueError: no way is open to the mode, or one is impossibly long.
    """
    restrictions = [restriction for restriction in restrictions if mode in restriction.modes]
    pieces = _cut(ways, mode)
    count = pieces.last - pieces.first + 1
    points = ranges(pieces.first, count)
    lines = Lines(
        tail=pieces.tail,
        head=pieces.head,
        kmh=ways.kmh[mode][pieces.way],
        may_snap=ways.may_snap[mode][pieces.way],
        name_index=ways.name_index[pieces.way],
        line_start=np.concatenate([[0], np.cumsum(count)]),
        xy=ways.xy[points],
        mark=ways.mark[points],
        way=np.column_stack([pieces.way, pieces.way]),
        is_access_only=ways.is_access_only[mode][pieces.way] | pieces.has_gate,
        is_step_free=ways.is_step_free[pieces.way] | (mode != "walk"),
        is_ferry=ways.lie[pieces.way] == rules.ON_WATER,
        point=points,
    )
    is_turned_at = np.isin(ways.node_id[pieces.node_point], _turning_points(ways, restrictions))
    lines = join_lines(lines, np.flatnonzero(is_turned_at))
    kept, ends = np.unique(np.concatenate([lines.tail, lines.head]), return_inverse=True)
    point = pieces.node_point[kept]
    lines = replace(lines, tail=ends[: len(lines)], head=ends[len(lines) :])
    arcs = direct(lines)
    lost_ms = delay_ms(lines, arcs, ways) if mode == "drive" and len(lines) else np.zeros(len(arcs), dtype=np.int64)
    climbed = climb(relief, ways, lines, mode) if relief and len(lines) and mode != "drive" else None
    factor = climbed.factor[arcs.line, np.where(arcs.forward, 0, 1)] if climbed else 1.0
    graph = directed(lines, mode, ways.xy[point], ways.node_id[point], ways.names, lost_ms, factor)
    way_id = ways.way_id[lines.way]
    bans, became = find_bans(graph, arcs.at_tail(way_id), arcs.at_head(way_id), restrictions)
    graph = without(graph, bans)
    graph = replace(graph, is_snappable=graph.is_snappable & hangs_together(graph))
    return without_through_traffic(graph), became, climbed


def directed(
    lines: Lines,
    mode: StreetMode,
    node_xy: NDArray[np.float64],
    node_osm_id: NDArray[np.int64],
    names: tuple[str, ...],
    lost_ms: NDArray[np.int64],
    factor: NDArray[np.float64] | float = 1.0,
) -> StreetGraph:
    """Return the graph in which every open direction of every line is an edge, as :func:`geo.streets.arcs.direct` numbers them.

    ``lost_ms`` (edges,) comes on top of the time that the edge's length takes, which is ``factor`` (edges,) times that on the flat.

    Raises:
        ValueError: there is no line, or one is impossibly long.
    """
    if len(lines) == 0:
        raise ValueError(f"no way is open to the mode '{mode}'")
    arcs = direct(lines)
    count = np.diff(lines.line_start)[arcs.line]
    first, last = lines.line_start[arcs.line], lines.line_start[arcs.line + 1] - 1
    points = ranges(np.where(arcs.forward, first, last), count, np.where(arcs.forward, 1, -1))
    length_m = line_lengths(lines.xy, lines.line_start)[arcs.line]
    return StreetGraph(
        mode=mode,
        node_xy=node_xy,
        node_osm_id=node_osm_id,
        tail=arcs.tail.astype(np.int32),
        head=arcs.head.astype(np.int32),
        twin=arcs.twin.astype(np.int32),
        length_m=length_m,
        travel_ms=_whole_ms(length_m * factor, arcs.kmh, lost_ms),
        junction_ms=lost_ms.astype(np.uint32),
        arrived_by=np.arange(len(arcs), dtype=np.int32),
        is_snappable=lines.may_snap[arcs.line],
        is_access_only=lines.is_access_only[arcs.line],
        is_step_free=lines.is_step_free[arcs.line],
        is_ferry=lines.is_ferry[arcs.line],
        name_index=lines.name_index[arcs.line].astype(np.int32),
        names=names,
        line_start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        line_xy=lines.xy[points],
    )


def line_lengths(xy: NDArray[np.float64], line_start: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the length in metres of each line of points."""
    step = np.zeros(len(xy))
    step[1:] = np.hypot(*np.diff(xy, axis=0).T)
    step[line_start[:-1]] = 0.0
    return np.add.reduceat(step, line_start[:-1])


def _cut(ways: Ways, mode: StreetMode) -> _Pieces:
    """Cut the mode's ways where they branch, end or are blocked. A blocked node becomes a dead end of each stretch there."""
    used = np.flatnonzero(ways.kmh[mode].any(axis=1))
    count = np.diff(ways.way_start)[used]
    points = ranges(ways.way_start[used], count)
    way = np.repeat(used, count)
    node_id, node_first, node = np.unique(ways.node_id[points], return_index=True, return_inverse=True)
    ends = np.zeros(len(points), dtype=bool)
    ends[np.cumsum(count) - count] = True
    ends[np.cumsum(count) - 1] = True
    degree = np.bincount(node, weights=np.where(ends, 1, 2), minlength=len(node_id))
    is_blocked = np.isin(node_id, ways.blocked[mode])
    cuts = np.flatnonzero(ends | (degree != 2)[node] | is_blocked[node])
    first, last = cuts[:-1], cuts[1:]
    same_way = (way[first] == way[last]) if len(cuts) else np.zeros(0, dtype=bool)
    first, last = first[same_way], last[same_way]
    # A gate where streets meet parts none from another: it may stand in any of them.
    is_gate = np.isin(node_id, ways.gates[mode])[node] & (degree == 2)[node]
    gates_before = np.concatenate([[0], np.cumsum(is_gate)])
    has_gate = gates_before[last + 1] > gates_before[first]
    nodes = np.concatenate([node[first], node[last]])
    node_point = points[node_first]
    blocked_ends = np.flatnonzero(is_blocked[nodes])
    node_point = np.concatenate([node_point, node_point[nodes[blocked_ends]]])
    nodes[blocked_ends] = len(node_id) + np.arange(len(blocked_ends))
    return _Pieces(
        points[first], points[last], nodes[: len(first)], nodes[len(first) :], way[first], node_point, has_gate
    )


def _turning_points(ways: Ways, restrictions: Sequence[Restriction]) -> NDArray[np.int64]:
    """Return the OSM nodes that restrictions speak of: those they name, and the ends of the ways that they lead along."""
    nodes = [restriction.via_node for restriction in restrictions if restriction.via_node is not None]
    along = np.isin(ways.way_id, [way for restriction in restrictions for way in restriction.via_ways])
    ends = np.concatenate([ways.way_start[:-1][along], ways.way_start[1:][along] - 1])
    return np.concatenate([np.array(nodes, dtype=np.int64), ways.node_id[ends]])


def _whole_ms(flat_m: NDArray[np.float64], kmh: NDArray[np.float64], lost_ms: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return whole milliseconds for what takes as long as ``flat_m`` on the flat, at least one for the way alone."""
    travel_ms = np.maximum(1.0, np.rint(flat_m * 3600.0 / kmh)) + lost_ms
    if travel_ms.max() > LONGEST_EDGE_MS:
        raise ValueError(f"a way takes {travel_ms.max() / 86_400_000:.0f} days")
    return travel_ms.astype(np.uint32)
