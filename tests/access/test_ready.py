"""Compiling ahead of the first question, once for each state of the code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from access import ready
from access.network import AreaNetwork
from geo.area import Area


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[AreaNetwork]:
    """Count the times that everything is compiled."""
    found: list[AreaNetwork] = []
    monkeypatch.setattr(ready, "get_ready", lambda network, progress: found.append(network))
    return found


def nothing(step: str, share: float) -> None:
    """Say nothing."""


def test_gets_ready_once_for_each_state_of_the_code(
    one_road: Area, asked: list[AreaNetwork], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    network, kept = AreaNetwork(one_road), tmp_path / "build"
    for _ in range(2):
        ready.ready_once(network, nothing, kept)
    assert len(asked) == 1
    monkeypatch.setattr(ready, "source_digest", lambda *packages: "other code")
    for _ in range(2):
        ready.ready_once(network, nothing, kept)
    assert len(asked) == 2
    assert len(list(kept.iterdir())) == 1  # what was compiled before is of no use


def test_nothing_is_asked_where_there_is_no_question(one_road: Area, asked: list[AreaNetwork], tmp_path: Path) -> None:
    empty = replace(one_road, sessions=one_road.sessions.iloc[:0])
    ready.ready_once(AreaNetwork(empty), nothing, tmp_path)
    assert not asked and not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_no_fault(one_road: Area, asked: list[AreaNetwork], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for _ in range(2):
        ready.ready_once(AreaNetwork(one_road), nothing, tmp_path / "file" / "build")
    assert len(asked) == 2


def test_every_kernel_is_compiled(one_road: Area) -> None:
    said: list[str] = []
    ready.get_ready(AreaNetwork(one_road), lambda step, share: said.append(step))
    assert [step.split()[1] for step in said] == ["street", "public", "time"]
