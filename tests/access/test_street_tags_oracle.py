"""Times over Newport's streets are those that its raw segments give, tags, turns and all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from access.routing.streets import StreetRouter
from geo.streets.graph import STREET_MODES, StreetMode
from geo.streets.osm import read_streets
from tests.access.street_tags_oracle import read_town, times_ms

ORIGINS, TARGETS = 4, 110


@pytest.mark.real
@pytest.mark.parametrize("mode", STREET_MODES)
def test_newport_equals_its_raw_segments(real_data: Path, mode: StreetMode) -> None:
    path = real_data / "newport" / "newport-2023-06-13.osm.pbf"
    graph, town = read_streets(path).graphs[mode], read_town(path, mode)
    bare_ms = np.maximum(1, graph.travel_ms - graph.junction_ms)
    router = StreetRouter(replace(graph, travel_ms=bare_ms, junction_ms=np.zeros_like(graph.junction_ms)))
    doors = [segment for segment in range(len(town.segments)) if town.has_doors(segment)]
    chosen = np.random.default_rng(5).choice(doors, ORIGINS + TARGETS, replace=False).tolist()
    placed = router.place(np.array([town.middle(segment) for segment in chosen]))
    is_there = placed.snap_m < 0.01  # not on an island, nor under a bridge
    assert is_there.mean() > 0.9
    ours = router.matrix_ms(placed, placed) - placed.access_ms[:, None] - placed.access_ms
    compared = 0
    for row in np.flatnonzero(is_there)[:ORIGINS].tolist():
        found = times_ms(town, chosen[row])
        for column in np.flatnonzero(is_there)[-TARGETS:].tolist():
            # Each of up to some 150 edges is rounded to whole ms, and each turn that is kept apart takes one
            assert ours[row, column] == pytest.approx(found[chosen[column]], abs=200), (chosen[row], chosen[column])
            compared += 1
    assert compared > 400
