"""Driving, cycling and walking over an extract's raw segments: no graph, rules or arrays of the product's, so that both can't err alike.

Every segment between two OSM nodes is an arc, a state is an arc with what the way before it forbids; Dijkstra's algorithm does the
rest. What junctions cost is left out: that has worlds of its own. The rules are those of
docs/methods.md, as far as Newport's tags need them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from itertools import pairwise
from math import hypot
from pathlib import Path

import networkx as nx
import osmium
import pyproj

Tags = Mapping[str, str]
CLOSED = {
    "no",
    "agricultural",
    "forestry",
    "emergency",
    "military",
    "use_sidepath",
    "psv",
    "bus",
}
LEAVE = {"private", "delivery"}
FOR_SOME = {"walk": LEAVE, "cycle": LEAVE, "drive": LEAVE | {"destination", "customers", "permit"}}
OPEN = {"yes", "permissive", "designated", "official", "public", "dismount", "destination", "customers", "permit"}
KEYS = {
    "drive": ("motorcar", "motor_vehicle", "vehicle", "access"),
    "cycle": ("bicycle", "vehicle", "access"),
    "walk": ("foot", "access"),
}
DRIVE_KMH = {
    "motorway": 90, "motorway_link": 45, "trunk": 85, "trunk_link": 40, "primary": 65, "primary_link": 30, "secondary": 55,
    "secondary_link": 25, "tertiary": 40, "tertiary_link": 20, "unclassified": 30, "residential": 30, "living_street": 10, "service": 15,
}  # fmt: skip
CRAWL = {"parking_aisle", "parking", "driveway", "drive-through", "alley"}
SLOW = {"service", "living_street", "track", "pedestrian"}
ROUGH = {
    "paving_stones": 60, "gravel": 40, "dirt": 40, "grass": 40, "unpaved": 40, "earth": 20, "grade1": 60, "grade2": 40, "grade3": 30,
    "grade4": 25, "grade5": 20, "bad": 40, "very_bad": 20, "horrible": 10, "compacted": 80, "intermediate": 80, "fine_gravel": 80,
    "ground": 40,
}  # fmt: skip
ROADS = set(DRIVE_KMH) - {"motorway", "motorway_link"}
WALK = ROADS | {"cycleway", "path", "track", "bridleway", "footway", "pedestrian", "steps", "platform", "corridor"}
CYCLE_KMH = dict.fromkeys(ROADS | {"cycleway"}, 15.0) | {"path": 13.0, "track": 12.0, "bridleway": 12.0}
SHUT = {
    "walk": {"wall", "fence", "hedge"},
    "cycle": {"wall", "fence", "hedge", "stile", "kissing_gate", "turnstile", "full-height_turnstile"},
}
SHUT["drive"] = SHUT["cycle"] | {
    "bollard",
    "block",
    "jersey_barrier",
    "cycle_barrier",
    "motorcycle_barrier",
    "log",
    "planter",
}
NO_DOORS = {"motorway", "motorway_link", "trunk_link"}


@dataclass(frozen=True)
class Arc:
    """One segment in one direction."""

    way: int
    tail: int
    head: int
    ms: float
    for_some: bool
    segment: int


@dataclass(frozen=True)
class Ban:
    """What a restriction forbids to those who come from some ways; ``via`` is the way that it leads along, 0 where it is a node."""

    from_ways: frozenset[int]
    to_ways: frozenset[int]
    is_only: bool
    via: int


@dataclass
class Town:
    """The raw segments of an extract, for one mode."""

    mode: str
    xy: dict[int, tuple[float, float]] = field(default_factory=dict)
    segments: list[tuple[int, int, int, Tags]] = field(default_factory=list)
    arcs: list[Arc] = field(default_factory=list)
    leaving: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    of_segment: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    blocked: set[int] = field(default_factory=set)
    at_node: dict[int, list[Ban]] = field(default_factory=lambda: defaultdict(list))
    at_way: dict[int, list[Ban]] = field(default_factory=lambda: defaultdict(list))

    def middle(self, segment: int) -> tuple[float, float]:
        """Return the spot half-way along a segment."""
        (x1, y1), (x2, y2) = (self.xy[node] for node in self.segments[segment][1:3])
        return (x1 + x2) / 2, (y1 + y2) / 2

    def has_doors(self, segment: int) -> bool:
        """Say whether points are placed on a segment."""
        *_, tags = self.segments[segment]
        is_closed_yard = (
            tags["highway"] == "service" and tags.get("service") != "driveway" and said(tags, self.mode) in LEAVE
        )
        has_none = tags["highway"] in NO_DOORS or is_closed_yard
        return not has_none and segment in self.of_segment


def said(tags: Tags, mode: str) -> str | None:
    return next((tags[key] for key in KEYS[mode] if tags.get(key) in OPEN | LEAVE | CLOSED), None)


def kmh(tags: Tags, mode: str) -> float:
    kind, access = tags["highway"], said(tags, mode)
    own = any(tags.get(key) in OPEN for key in KEYS[mode][:-1])
    if access in CLOSED or (mode != "drive" and tags.get("motorroad") == "yes" and access is None):
        return 0.0
    if mode == "walk":
        return 4.8 if kind in WALK else 0.0
    if mode == "cycle":
        may_walk = said(tags, "walk") not in CLOSED
        if tags.get("bicycle") == "dismount" or (kind in ("footway", "pedestrian") and not own and may_walk):
            return 4.8
        opened = {"footway": 10.0, "pedestrian": 10.0, "steps": 2.4, "platform": 4.8} if own else {}
        return (CYCLE_KMH | opened).get(kind, 0.0)
    if tags.get("service") == "emergency_access":
        return 0.0
    speed = DRIVE_KMH.get(kind, {"track": 15, "pedestrian": 10}.get(kind, 0) if own else 0)
    if kind == "service" and tags.get("service") in CRAWL:
        speed = 10
    limit = tags.get("maxspeed", "")
    if speed and limit.endswith(" mph"):
        most = speed if kind in SLOW else 40 * 1.609344 if kind in ("unclassified", "residential", "road") else 999
        speed = min(float(limit[:-4]) * 1.609344, most)
    if tags.get("lanes") == "1" and all(directions(tags, mode)):
        speed = min(speed, 30 * 1.609344)
    return float(min(speed, *(ROUGH.get(tags.get(key, ""), 999) for key in ("surface", "tracktype", "smoothness"))))


def directions(tags: Tags, mode: str) -> tuple[bool, bool]:
    if mode == "walk":
        return True, True
    lanes = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
    if mode == "cycle" and any(tags.get(lane, "").startswith("opposite") for lane in lanes):
        return True, True
    implied = tags.get("junction") in ("roundabout", "circular") or tags["highway"] == "motorway"
    own = tags.get("oneway:bicycle") if mode == "cycle" else None
    one_way = own or tags.get("oneway") or ("yes" if implied else "no")
    return one_way != "-1", one_way not in ("yes", "1", "true")


def read_town(path: Path, mode: str) -> Town:
    town, degrees, gates = Town(mode), {}, set()
    for thing in osmium.FileProcessor(str(path)).with_locations():
        tags = dict(thing.tags)
        if thing.is_node() and "barrier" in tags:
            access = said(tags, mode)
            locked = mode == "drive" and tags.get("locked") == "yes"
            if access in CLOSED or (access is None and (locked or tags["barrier"] in SHUT[mode])):
                town.blocked.add(thing.id)
            if access in FOR_SOME[mode]:
                gates.add(thing.id)
        elif thing.is_way() and kmh({"highway": "", **tags}, mode):
            nodes = [node.ref for node in thing.nodes if node.location.valid()]
            degrees |= {n.ref: (n.location.lon, n.location.lat) for n in thing.nodes if n.location.valid()}
            town.segments += [(thing.id, one, other, tags) for one, other in pairwise(nodes) if one != other]
        elif thing.is_relation() and tags.get("type") == "restriction" and mode != "walk":
            _read_ban(town, tags, [(member.role, member.type, member.ref) for member in thing.members])
    to_grid = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    xs, ys = to_grid.transform([lon for lon, _ in degrees.values()], [lat for _, lat in degrees.values()])
    town.xy = dict(zip(degrees, zip(xs, ys, strict=True), strict=True))
    _make_arcs(town, gates)
    return town


def _read_ban(town: Town, tags: Tags, members: list[tuple[str, str, int]]) -> None:
    vehicles = {"drive": {"motorcar", "motor_vehicle", "vehicle"}, "cycle": {"bicycle", "vehicle"}}[town.mode]
    kind = tags.get("restriction", "")
    if not kind or set(tags.get("except", "").split(";")) & vehicles or (town.mode == "cycle" and "u_turn" in kind):
        return
    ways = {role: frozenset(ref for r, t, ref in members if (r, t) == (role, "w")) for role in ("from", "via", "to")}
    via = next(iter(ways["via"]), 0)
    place = town.at_way[via] if via else town.at_node[next(ref for role, _, ref in members if role == "via")]
    place.append(Ban(ways["from"], ways["to"], kind.startswith("only"), via))


def _make_arcs(town: Town, gates: set[int]) -> None:
    degree = Counter(node for _, one, other, _ in town.segments for node in (one, other))
    reach = _behind_gates(town, {node for node in gates if degree[node] == 2}, degree)
    for number, (way, one, other, tags) in enumerate(town.segments):
        ms = hypot(*(a - b for a, b in zip(town.xy[one], town.xy[other], strict=True))) * 3600 / kmh(tags, town.mode)
        for_some = said(tags, town.mode) in FOR_SOME[town.mode] or number in reach
        for is_open, (tail, head) in zip(directions(tags, town.mode), ((one, other), (other, one)), strict=True):
            if is_open:
                town.of_segment[number].append(len(town.arcs))
                town.leaving[tail].append(len(town.arcs))
                town.arcs.append(Arc(way, tail, head, ms, for_some, number))
    main = _main_part(town)
    town.arcs = [replace(arc, for_some=arc.for_some or arc.segment not in main) for arc in town.arcs]


def _main_part(town: Town) -> set[int]:
    """Return the segments that hang together without streets for some: what lies behind those is for some too."""
    graph = nx.DiGraph()
    for number, arc in enumerate(town.arcs):
        if not arc.for_some:
            # a barrier is a dead end of each segment there
            ends = [(node, arc.segment if node in town.blocked else 0) for node in (arc.tail, arc.head)]
            graph.add_edge(*ends)
            graph.edges[ends].setdefault("arcs", []).append(number)
    largest = max(nx.strongly_connected_components(graph), key=len)
    inside = (numbers for *_, numbers in graph.subgraph(largest).edges(data="arcs"))
    return {town.arcs[number].segment for numbers in inside for number in numbers}


def _behind_gates(town: Town, gates: set[int], degree: Counter[int]) -> set[int]:
    """Return the segments from each gate to the next junction, end of a way or barrier on either side."""
    ends = Counter(node for way in _by_way(town).values() for node in (way[0], way[-1])) if gates else Counter()
    touching = defaultdict(list)
    for number, (_, one, other, _) in enumerate(town.segments):
        touching[one].append(number)
        touching[other].append(number)
    found: set[int] = set()
    waiting = [number for gate in gates for number in touching[gate]]
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            inner = [n for n in town.segments[number][1:3] if degree[n] == 2 and not ends[n] and n not in town.blocked]
            waiting += [other for node in inner for other in touching[node]]
    return found


def _by_way(town: Town) -> dict[int, list[int]]:
    nodes: dict[int, list[int]] = defaultdict(list)
    for way, one, other, _ in town.segments:
        nodes[way] += [one, other]
    return nodes


def _onward(town: Town, arc: Arc, ban: Ban | None) -> Iterator[tuple[int, Ban | None]]:
    """Yield the arcs that may follow, each with what the way before it forbids on its way on."""
    here = [n for n in town.leaving[arc.head] if arc.head not in town.blocked or town.arcs[n].segment == arc.segment]
    for number in here:
        other = town.arcs[number]
        if other.segment == arc.segment and len(here) > 1 and (town.mode == "drive" or len(here) == 2):
            continue
        if any(_forbids(town, one, arc, other) for one in town.at_node.get(arc.head, ())):
            continue
        if other.way != arc.way:
            if ban and (other.way in ban.to_ways) != ban.is_only:
                continue
            begun = [one for one in town.at_way.get(other.way, ()) if arc.way in one.from_ways]
            yield number, begun[0] if begun else None
        else:
            yield number, ban


def _forbids(town: Town, ban: Ban, arc: Arc, other: Arc) -> bool:
    if arc.way not in ban.from_ways or not any(town.arcs[n].way in ban.to_ways for n in town.leaving[arc.head]):
        return False
    return (other.way in ban.to_ways) != ban.is_only


def times_ms(town: Town, segment: int) -> dict[int, float]:
    """Return milliseconds from the middle of a segment to the middle of every other, in whichever direction is quicker."""
    # Layers: leaving streets for some (0), on streets for all (1), come into streets for some (2)
    queue: list[tuple[float, int, int, int]] = []
    bans: list[Ban | None] = [None]
    best: dict[int, float] = {segment: 0.0}
    seen: set[tuple[int, int, int]] = set()
    for number in town.of_segment[segment]:
        heappush(queue, (town.arcs[number].ms / 2, number, 0 if town.arcs[number].for_some else 1, 0))
    while queue:
        ms, number, layer, ban = heappop(queue)
        if (number, layer, ban) in seen:
            continue
        seen.add((number, layer, ban))
        for following, carried in _onward(town, town.arcs[number], bans[ban]):
            other = town.arcs[following]
            if other.for_some:
                onward = 2 if layer else 0
            elif layer == 2:
                continue
            else:
                onward = 1
            if carried not in bans:
                bans.append(carried)
            best[other.segment] = min(best.get(other.segment, 1e18), ms + other.ms / 2)
            heappush(queue, (ms + other.ms, following, onward, bans.index(carried)))
    return best
