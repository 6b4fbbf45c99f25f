"""Need: a transparent index from 0 to 1 for each zone, and the weight it gives to a person.

Ranks are scaled to 1 for the most and 0 for the least deprived zone and averaged under visible weights. The default takes the
income, employment and health domains with their weights in WIMD 2025 (22, 20, 15): the overall index contains a domain of access
to services, so weighting access by it would count access twice (``docs/methods.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.area import Area
from geo.errors import CyrraeddError

DOMAIN_WEIGHTS = {"income_rank": 22.0, "employment_rank": 20.0, "health_rank": 15.0}


class NoNeed(CyrraeddError):
    """The area lacks the ranks that the need index asks for."""


@dataclass(frozen=True)
class NeedWeights:
    """Which ranks count, and how much; ``slope`` is how much more a person counts in the zone with the most need (1: twice)."""

    weights: Mapping[str, float] = field(default_factory=lambda: dict(DOMAIN_WEIGHTS))
    slope: float = 1.0


def need_index(area: Area, need: NeedWeights | None = None) -> pd.Series:
    """Return need by zone code, from 0 to 1 (most); NaN where a zone lacks one of the ranks.

    Raises:
        NoNeed: no zone of the area has the ranks asked for, the profile gives no ``rank_total``, or weights are not positive.
    """
    need = need or NeedWeights()
    total = area.profile.zones.rank_total
    missing = [name for name in need.weights if name not in area.zones or area.zones[name].isna().all()]
    if missing or total is None:
        lacks = ", ".join(missing) or "rank_total in its profile"
        raise NoNeed(
            f"Need can't be computed for {area.profile.area_id}: it lacks {lacks}. Choose ranks it has, or add them."
        )
    if not need.weights or min(need.weights.values()) < 0 or sum(need.weights.values()) <= 0:
        raise NoNeed("The weights of need must not be negative, and at least one must be above 0.")
    ranks = area.zones[list(need.weights)].to_numpy(np.float64)
    scaled = 1 - (ranks - 1) / max(total - 1, 1)
    index = scaled @ np.array(list(need.weights.values())) / sum(need.weights.values())
    return pd.Series(index, index=pd.Index(area.zones["zone_code"], name="zone_code"), name="need")


def person_weight(need: NDArray[np.float64] | pd.Series, slope: float = 1.0) -> NDArray[np.float64]:
    """Return what a person counts: 1 without need, rising evenly to 1 + slope (everyone counts, those in need more)."""
    return 1 + slope * np.asarray(need, dtype=np.float64)
