"""A town of five streets that a reader can measure by hand, and the way between two of its doors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from access.routing.streets import StreetPath, StreetRouter
from geo.streets.graph import StreetMode, Streets
from geo.streets.osm import read_streets
from tests.geo.osm_xml import Member, Tags, grid, write_osm

ROAD = {"highway": "residential", "maxspeed": "36"}  # 10 m a second: 100 m take 10 s
#            8
#            │ E            every side is 100 m
#       C ┌─ 4 ─ D ─┐
#         2         7       A, B, C, D, E are ways 1 to 5
#  1 ─ A ─┴─ B ─ 3 ─┘
NODES = {1: (0, 0), 2: (100, 0), 3: (200, 0), 7: (200, 100), 4: (100, 100), 8: (100, 200)}
WAYS: list[tuple[Sequence[int], Tags]] = [
    ([1, 2], {**ROAD, "name": "A"}),
    ([2, 3], {**ROAD, "name": "B"}),
    ([2, 4], {**ROAD, "name": "C"}),
    ([3, 7, 4], {**ROAD, "name": "D"}),
    ([4, 8], {**ROAD, "name": "E"}),
]
A_TO_B: tuple[Member, ...] = (("from", "way", 1), ("via", "node", 2), ("to", "way", 2))
A_TO_C: tuple[Member, ...] = (("from", "way", 1), ("via", "node", 2), ("to", "way", 3))


def streets(tmp_path: Path, *relations: tuple[Sequence[Member], Tags], leave_out: Sequence[int] = ()) -> Streets:
    ways = [way for number, way in enumerate(WAYS, start=1) if number not in leave_out]
    said = [(members, {"type": "restriction", **tags}) for members, tags in relations]
    return read_streets(write_osm(tmp_path / "town.osm", NODES, ways, relations=said))


def way_between(
    found: Streets, one: tuple[float, float], other: tuple[float, float], mode: StreetMode = "drive"
) -> StreetPath:
    """Return the way between two spots; both engines agree on its time."""
    graph = found.graphs[mode]
    router = StreetRouter(graph)
    start, end = (router.place(np.array([grid(*spot)])) for spot in (one, other))
    path = router.path(start, end)
    assert path is not None
    for engine in {"dijkstra", router.engine}:
        assert StreetRouter(graph, engine).matrix_ms(start, end)[0, 0] == path.travel_ms  # type: ignore[arg-type]
    return path


def seconds(found: Streets, one: tuple[float, float], other: tuple[float, float], mode: StreetMode = "drive") -> float:
    return way_between(found, one, other, mode).travel_ms / 1000


# Half-way along A, and half-way along E: doors that are not at a junction.
ON_A, ON_E = (50, 0), (100, 150)
# By C: 50 + 100 + 50 m at 10 m/s, and 1 s at each of 2 and 4, where three streets of one class meet.
STRAIGHT_S = 20 + 2
# By B and D, as C is forbidden: 50 + 100 + 200 + 50 m; 3 is no junction.
ROUND_S = 40 + 2
