"""Real Newport: gaps by derived cluster, and the equity of who finds the standard met, within five seconds."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from access.equity import equity, sentences
from access.gaps import PERSONS, find_gaps
from access.measures import kinds, measure
from access.network import AreaNetwork
from access.query import Standard
from access.sessions import SessionAccess, there_and_back
from access.standards import met_share
from geo.build import build_area
from geo.profile import read_profile

PROFILE = Path(__file__).parents[1] / "areas" / "newport.toml"
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def newport(real_data: Path) -> SessionAccess:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CYRRAEDD_REAL_DATA", str(real_data.resolve()))
        area = build_area(read_profile(PROFILE))
    return there_and_back(AreaNetwork(area), ("transit",))


def test_gaps_by_cluster_and_their_equity(newport: SessionAccess) -> None:
    began = time.perf_counter()
    gaps = find_gaps(newport, Standard("arts"))
    by_cluster = gaps.by("cluster").set_index("footprint_id")
    found = equity(met_share(gaps), "cluster", bounds=(0, 1))
    told = sentences(found)
    assert time.perf_counter() - began < 5  # 0.4 s on an idle machine
    assert (
        by_cluster.index.sort_values().tolist() == ["Newport East", "Newport West"] and by_cluster["is_derived"].all()
    )
    assert by_cluster[list(PERSONS)].to_numpy().sum() == pytest.approx(159_596)
    # 61,695 of Newport's people live beyond the edge of the streets' extract (test_newport)
    assert (
        found.unknown_persons == pytest.approx(by_cluster["unknown_persons"].sum()) == pytest.approx(61_695, rel=0.02)
    )
    assert found.persons + found.unknown_persons == pytest.approx(159_596)
    for name, figure in found.indices.items():
        assert figure.low <= figure.value <= figure.high, name
    mean = found.indices["mean"].value
    assert mean == pytest.approx(by_cluster["met_persons"].sum() / found.persons)
    assert found.indices["erreygers"].value == pytest.approx(4 * mean * found.indices["concentration"].value)
    assert np.average(found.tenths["value"]) == pytest.approx(mean)
    assert len(told) >= 5


def test_every_measure_answers(newport: SessionAccess) -> None:
    for name in kinds():
        found = measure(name, newport, "arts")
        assert found.by_zone["unknown_persons"].sum() == pytest.approx(61_695, rel=0.02)
        persons = found.by("cluster")[["reaching_persons", "not_reaching_persons", "unknown_persons"]]
        assert persons.to_numpy().sum() == pytest.approx(159_596)
