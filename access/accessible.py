"""Who travels by wheelchair: what can be reached is sure, not known, or impossible, from two searches and what the directory says.

One search uses whatever is not said to be inaccessible, the other only what is said to be accessible. What the first reaches and the second
does not is unknown: most timetables say nothing, which is neither yes nor no.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.mode_times import ModeTimes, Reason

Floats = NDArray[np.float64]
Words = NDArray[np.object_]


@dataclass(frozen=True)
class ForWheelchair:
    """What is sure of there and back by one mode.

    ``sure`` are the times by vehicles and stops that are said to be accessible; ``entry`` (sessions,) says whether a wheelchair can get
    into where the session is: ``yes``, ``no`` or ``unknown``.
    """

    sure: ModeTimes
    entry: Words

    def judged(self, reason: NDArray[np.int8], session: int, limit_s: float) -> NDArray[np.int8]:
        """Return for each origin the :class:`Reason`, given those of the ways that may be accessible."""
        if self.entry[session] == "no":
            return np.full_like(reason, Reason.NOT_ADMITTED)
        is_reached = reason == Reason.REACHABLE
        reason = np.where(is_reached & (self.entry[session] != "yes"), np.int8(Reason.PLACE_NOT_SAID), reason)
        is_sure = self.sure.reasons(session, limit_s) == Reason.REACHABLE
        return np.where(is_reached & ~is_sure, np.int8(Reason.WAY_NOT_SAID), reason)

    def settled(self, travel: Floats, sure: Floats, rows: NDArray[np.intp]) -> tuple[Floats, NDArray[np.bool_]]:
        """Return times (sessions of ``rows``, origins) without those nobody in a wheelchair has, and which of them are beyond doubt.

        ``travel`` are times by ways that may be accessible, ``sure`` by those said to be; NaN is no way.
        """
        return settled(travel, sure, self.entry[rows])


def settled(travel: Floats, sure: Floats, entry: Words) -> tuple[Floats, NDArray[np.bool_]]:
    """Return times (places, origins) without those to where ``entry`` is no, and which are beyond doubt: no way, or entry and way sure."""
    is_shut = (entry == "no")[:, None]
    kept = np.where(is_shut, np.nan, travel)
    return kept, np.isnan(kept) | ((sure == travel) & (entry == "yes")[:, None])


def entry_of(sessions: pd.DataFrame) -> Words:
    """Return what is said of each session's activity; a session that is only thought of is taken to be where a wheelchair can get in."""
    if "wheelchair" not in sessions:
        return np.full(len(sessions), "yes", dtype=object)
    return sessions["wheelchair"].to_numpy(object)
