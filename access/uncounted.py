"""Zones whose people nobody has counted: how many there are, and what must be said of sums, which leave them out.

The people of a zone are counted or not as a whole (:mod:`geo.origins` shares them out), and of a group of people the same holds: where
its share is not known, nobody knows how many of a zone belong to it. Sums are over the zones that are counted, and missing, not nought,
where none is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.words import Message


def uncounted_zones(origins: pd.DataFrame, key: pd.Series | NDArray[np.object_]) -> pd.Series:
    """Return for each group of origins (``key`` runs beside ``origins``) how many zones it has whose people are not counted."""
    uncounted = origins["zone_code"].where(origins["population"].isna()).reset_index(drop=True)
    return uncounted.groupby(np.asarray(key, dtype=object)).nunique()


def uncounted_in_all(origins: pd.DataFrame) -> int:
    """Return how many zones these origins have whose people are not counted."""
    return int(origins.loc[origins["population"].isna(), "zone_code"].nunique())


def say_uncounted(zones: int, group: str = "everyone") -> tuple[Message, ...]:
    """Return what is to be said beside figures of a group of people that leave so many zones out: nothing where they are none."""
    if not zones:
        return ()
    return (Message("people.uncounted" if group == "everyone" else "people.uncounted_group", count=zones),)
