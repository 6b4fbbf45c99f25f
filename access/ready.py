"""Compile the routing core ahead of the first question.

Numba compiles each kernel when it is first called and keeps the result beside the code. One small question of each kind, asked when
an area is built, takes that wait away from whoever asks first.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from access.network import AreaNetwork
from access.sessions import running_sessions, times_by_mode


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
