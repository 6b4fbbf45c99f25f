"""Find what files say against themselves: outlines that overlap, origins far from their zone, a footprint of two names."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import Fault
from geo.sieve import Sieve
from geo.tables import listed

OVERLAP_SHARE = 0.01  # of the smaller outline: simplified outlines of one survey share less
FAR_FROM_ZONE_M = 1_000.0  # simplified outlines miss a point by metres, not by this
NAMES = ("name_en", "name_cy")


def doubt_overlaps(sieve: Sieve, what: str, column: str) -> None:
    """Report each row whose outline shares over ``OVERLAP_SHARE`` with an earlier row's, with the one it shares most with."""
    row, earlier, share = _overlaps(np.array(sieve.frame["geometry"], dtype=object))
    other, part = np.full((2, len(sieve.frame)), "", dtype=object)
    other[row], part[row] = sieve.frame[column].to_numpy(object)[earlier], [f"{one:.0%}" for one in share]
    sieve.frame = sieve.frame.assign(_other=other, _part=part)
    sieve.doubt(
        part != "",
        f"{what} '{{{column}}}' and '{{_other}}' overlap by {{_part}} of the smaller one.",
        "Mend the outlines: what lies in both counts for one of them only.",
    )
    sieve.frame = sieve.frame.drop(columns=["_other", "_part"])


def _overlaps(geometry: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return rows, for each the earlier row that it overlaps most, and the shared part of the smaller of the two."""
    one, other = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    one, other = one[other < one], other[other < one]
    shared_m2 = shapely.area(shapely.intersection(geometry[one], geometry[other]))
    share = shared_m2 / np.minimum(shapely.area(geometry[one]), shapely.area(geometry[other]))
    found = pd.DataFrame({"one": one, "other": other, "share": share})
    found = found[found["share"] > OVERLAP_SHARE].sort_values(["one", "share"], ascending=[True, False])
    found = found.drop_duplicates("one")
    return found["one"].to_numpy(np.int64), found["other"].to_numpy(np.int64), found["share"].to_numpy(float)


def doubt_far_origins(sieve: Sieve, zones: gpd.GeoDataFrame) -> None:
    """Report origins that lie over ``FAR_FROM_ZONE_M`` from the zone that they say they are of."""
    outline = sieve.frame["zone_code"].map(zones.set_index("zone_code")["geometry"])
    away_m = shapely.distance(np.array(sieve.frame["geometry"], dtype=object), np.array(outline, dtype=object))
    sieve.frame = sieve.frame.assign(_away=[f"{away / 1000:.1f}" for away in away_m])
    sieve.doubt(
        away_m > FAR_FROM_ZONE_M,
        "lies {_away} km from its zone '{zone_code}'.",
        "Check its coordinates and zone_code: its people travel from where it lies.",
    )
    sieve.frame = sieve.frame.drop(columns="_away")


def doubt_parts_of_people(sieve: Sieve, *parts: str) -> None:
    """Report zones where a part of the people is more than all of them."""
    for part in parts:
        sieve.doubt(
            sieve.frame[part] > sieve.frame["population"],
            f"zone '{{zone_code}}' has more people in {part} than in population.",
            "Check both figures, and that they are of one year.",
        )


def doubt_two_names(sieve: Sieve) -> None:
    """Report rows that call a footprint otherwise than the first row of the same id does; a blank name says nothing."""
    for column in NAMES:
        if column in sieve.frame:
            first = sieve.frame.groupby("footprint_id")[column].transform("first")
            differs = sieve.frame[column].notna() & (sieve.frame[column] != first)
            sieve.frame = sieve.frame.assign(_first=first)
            sieve.doubt(
                differs,
                f"footprint '{{footprint_id}}' is '{{{column}}}' here and '{{_first}}' in an earlier row.",
                "Give it one name: the first is shown.",
            )
            sieve.frame = sieve.frame.drop(columns="_first")


def two_names(footprints: pd.DataFrame, source: str) -> tuple[Fault, ...]:
    """Return a fault for each ``footprint_id`` of several names in one language; the frame has a row for each zone."""
    faults = []
    for column in NAMES:
        names = footprints.groupby("footprint_id")[column].unique().map(lambda found: [n for n in found if pd.notna(n)])
        faults += [
            Fault(
                source,
                f"call footprint '{footprint}' by {len(found)} names: {listed(found, 3)}.",
                "Give it one name: the first is shown.",
            )
            for footprint, found in names[names.map(len) > 1].items()
        ]
    return tuple(dict.fromkeys(faults))  # one column may serve both languages
