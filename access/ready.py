"""Compile the routing core ahead of the first question.

Numba compiles each kernel when it is first called and keeps the result beside the code. One small question of each kind, asked with
progress before the first question of a user's, takes that wait away from it.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np

from access.network import AreaNetwork
from access.sessions import running_sessions, times_by_mode
from geo.code import source_digest
from geo.opening import BUILT
from geo.profile import WEEKDAYS

MARK = "compiled-"


def get_ready(network: AreaNetwork, progress: Callable[[str, float], None]) -> None:
    """Ask one small question of each kind: the streets, there and back for one session, and a window."""
    progress("compiling street routing", 0.0)
    sessions = running_sessions(network).head(1)
    times_by_mode(network, sessions, ("walk", "cycle", "drive"))
    progress("compiling public transport routing", 0.4)
    times_by_mode(network, sessions, ("transit",))
    progress("compiling time windows", 0.8)
    home = network.transit.link(network.origins["walk"].take([0]))
    day = network.transit.on(network.area.profile.service_date)
    day.window(home, home, 9 * 3600, 9 * 3600 + 120, (50,), np.zeros((1, 1)))


def ready_once(network: AreaNetwork, progress: Callable[[str, float], None], kept: Path = BUILT.parent) -> None:
    """Get ready unless that was done on this machine with this code; a file in ``kept`` remembers it.

    An area without sessions, or a week that its timetable does not cover, has no question to ask.
    """
    mark = kept / f"{MARK}{_what_is_compiled()}"
    weekday = WEEKDAYS[network.area.profile.service_date.weekday()]
    if mark.is_file() or running_sessions(network).empty or not network.is_covered(weekday):
        return
    get_ready(network, progress)
    try:
        kept.mkdir(parents=True, exist_ok=True)
        for old in kept.glob(f"{MARK}*"):
            old.unlink(missing_ok=True)
        mark.touch()
    except OSError:
        pass  # nothing can be written here, so the compiler kept nothing either


def _what_is_compiled() -> str:
    """Name the routing core's source and what compiles it, and for which processor."""
    routing = Path(__file__).resolve().parent / "routing"
    said = [source_digest(routing), version("numba"), version("numpy"), platform.python_version(), platform.machine()]
    return hashlib.sha256(" ".join(said).encode()).hexdigest()[:12]
