"""Write a folder whole or not at all, and clear what writers that were killed have left beside it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ABANDONED_AFTER_S = 86_400.0  # no writer goes a day without a new file


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to write into; when all went well it takes the place of ``folder``, otherwise nothing is changed."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    clear_abandoned(folder.parent, folder.name)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=".tmp", dir=folder.parent))
    try:
        whole = work / "new"
        whole.mkdir()
        yield whole
        if folder.exists():
            folder.rename(work / "old")
        whole.rename(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def clear_abandoned(parent: Path, name: str) -> None:
    """Remove the working folders of writers of ``name`` in ``parent`` that were killed: nothing in them has changed for a day.

    A writer may be at work on another machine, so it is told by age and not by its process.
    """
    for path in parent.iterdir():
        if path.name.startswith(f".{name}-") and path.name.endswith(".tmp") and path.is_dir() and _is_abandoned(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_abandoned(work: Path) -> bool:
    if (work / "old").exists() and (work / "new").exists():
        return False  # killed between two renames: what stood there before is kept nowhere else
    try:
        changed_s = max(path.stat().st_mtime for path in (work, *work.rglob("*")))
    except FileNotFoundError:
        return False  # someone is at work in it
    return time.time() - changed_s > ABANDONED_AFTER_S
