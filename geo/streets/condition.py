"""State how fast cars are driven where a street is minor, narrow or rough, whatever limit is mapped: tables with their sources.

Sources as in :mod:`geo.streets.rules`. In [O] a mapped limit is driven on any surface, at 0.8 of it; Valhalla's speed_assigner.h lowers it
where the surface is rough, and so do we, by the figures of [O]. [G] Scottish Executive, ETLLD Circular 1/2006, annex D: on rural roads
mainly for access 40 mph are to be considered, and 60 only on the best of class C and the unclassified.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MPH_IN_KMH = 1.609344
# Whatever limit is mapped; a national limit is no measure of a lane. [G], as what is driven: ours
MOST_KMH_BY_CLASS: Mapping[str, float] = dict.fromkeys(("unclassified", "residential", "road"), 40 * MPH_IN_KMH)
LIMIT_ONLY_LOWERS = frozenset(
    {"service", "living_street", "track", "pedestrian", "pier"}
)  # ours: no limit makes them roads
# One lane for both directions: [O] halves the rate at which it takes such ways; half the national limit, as a cap: ours
NARROW_KMH = 30 * MPH_IN_KMH
NARROW_M = 3.0  # [O]
SURFACE_KMH: Mapping[str, float] = {  # [O] surface_speeds
    **dict.fromkeys(("cement", "compacted", "fine_gravel"), 80),
    **dict.fromkeys(("paving_stones", "metal", "bricks"), 60),
    **dict.fromkeys(
        ("grass", "wood", "sett", "grass_paver", "gravel", "unpaved", "ground", "dirt", "pebblestone", "tartan"), 40),
    **dict.fromkeys(("cobblestone", "clay"), 30),
    **dict.fromkeys(("earth", "stone", "rocky", "sand"), 20),
    "mud": 10,
}  # fmt: skip
TRACKTYPE_KMH: Mapping[str, float] = {  # [O] tracktype_speeds
    "grade1": 60, "grade2": 40, "grade3": 30, "grade4": 25, "grade5": 20,
}  # fmt: skip
SMOOTHNESS_KMH: Mapping[str, float] = {  # [O] smoothness_speeds
    "intermediate": 80, "bad": 40, "very_bad": 20, "horrible": 10, "very_horrible": 5, "impassable": 0,
}  # fmt: skip
_TABLES = {"surface": SURFACE_KMH, "tracktype": TRACKTYPE_KMH, "smoothness": SMOOTHNESS_KMH}
_METRES = re.compile(r"(\d{1,2}(?:\.\d{1,2})?)\s*m?")


def limited_kmh(kind: str, kmh: float, limit_kmh: float | None) -> float:
    """Return how fast a class of street is driven that is driven at ``kmh`` where no limit is mapped (``None``), and closed at 0."""
    if limit_kmh is None or kmh == 0:
        return kmh
    return min(limit_kmh, kmh if kind in LIMIT_ONLY_LOWERS else MOST_KMH_BY_CLASS.get(kind, limit_kmh))


def most_kmh(tags: Mapping[str, str], *, is_two_way: bool) -> float:
    """Return how fast a street can be driven at most as it is: its surface, and its width where it has one lane for both directions.

    Infinite where nothing is said of it, 0 where no car gets through.
    """
    said = [table[part] for key, table in _TABLES.items() for part in tags.get(key, "").split(";") if part in table]
    if is_two_way and _is_narrow(tags):
        said.append(NARROW_KMH)
    return min(said, default=float("inf"))


def _is_narrow(tags: Mapping[str, str]) -> bool:
    width = _METRES.fullmatch(tags.get("width", ""))
    return tags.get("lanes") == "1" or (width is not None and float(width[1]) <= NARROW_M)
