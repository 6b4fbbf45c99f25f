"""Folders are written whole; of writers that were killed nothing stays for longer than a day."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from geo.whole import clear_abandoned, whole_folder

HOUR_S = 3600


def left(
    parent: Path, name: str, *, hours: float, file_hours: float | None = None, parts: tuple[str, ...] = ("new",)
) -> Path:
    """Make a working folder that was last changed so many hours ago, its files perhaps at another time."""
    work = parent / name
    for part in parts:
        (work / part).mkdir(parents=True)
        (work / part / "file").write_text("half")
    for path in [*work.rglob("*"), work]:
        age = file_hours if file_hours is not None and path.is_file() else hours
        os.utime(path, (time.time() - age * HOUR_S,) * 2)
    return work


def test_only_what_a_killed_writer_of_this_folder_left_is_cleared(tmp_path: Path) -> None:
    abandoned = left(tmp_path, ".week-a1.tmp", hours=25)
    done = left(tmp_path, ".week-a2.tmp", hours=25, parts=("old",))  # killed while it cleared up
    kept = [
        left(tmp_path, ".week-b.tmp", hours=23),
        left(tmp_path, ".week-c.tmp", hours=25, file_hours=1),  # at work for a day, and still writing
        left(tmp_path, ".week-d.tmp", hours=25, parts=("old", "new")),  # holds the only copy of what stood there
        left(tmp_path, ".other-e.tmp", hours=25),
        left(tmp_path, "week-f.tmp", hours=25),
    ]
    with whole_folder(tmp_path / "week") as folder:
        (folder / "file").write_text("whole")
    assert (tmp_path / "week" / "file").read_text() == "whole"
    assert not abandoned.exists() and not done.exists()
    assert sorted(tmp_path.iterdir()) == sorted([*kept, tmp_path / "week"])
    clear_abandoned(tmp_path, "other")
    assert not kept[3].exists() and kept[0].exists()


def test_what_fails_leaves_the_old_folder_and_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / "file").write_text("old")
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "week") as folder:
        (folder / "file").write_text("half")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["week"]
    assert (tmp_path / "week" / "file").read_text() == "old"
