"""Who travels by wheelchair: what can be reached is sure, not known, or impossible, from two searches and what the directory says.

One search uses whatever is not said to be inaccessible, the other only what is said to be accessible. What the first reaches and the second
does not is unknown: most timetables say nothing, which is neither yes nor no.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Words = NDArray[np.object_]


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
