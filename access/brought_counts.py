"""Counts of people that a user brought (``zones.extra`` of the profile): what may be shown of them, alone, as parts, and by need.

What is shown of a column is the same wherever it is asked: by itself, as a share, beside the column that it is a part of. Else two
tables, each of them safe, would give a small number away when laid together. So the threshold is the profile's or above it, and
which column is a part of which is said once, in the profile (``part_of``).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.query import QueryError
from access.suppress import (
    NO_GROUP,
    THRESHOLD,
    TOTAL,
    Suppressed,
    suppress,
    suppress_parts,
    with_public_base,
    with_shares,
)
from geo.area import Area
from geo.errors import UnknownName

PUBLIC_BASES = ("population", "population_65plus", "disabled")  # published for every small area

_Known = tuple[float | None, ...]
_Groups = tuple[tuple[str, tuple[str, ...]], ...]


def suppress_column(area: Area, column: str, threshold: int | None = None) -> Suppressed:
    """Return counts that a user brought by zone, footprint and in total, safe to show, also beside what they are part of or made of.

    Without a ``threshold`` that of the profile holds, or else :data:`access.suppress.THRESHOLD`.

    Raises:
        UnknownName: the user brought no such column. QueryError: the threshold is under the profile's.
        NotCounts: it, or the column beside it, holds something else than counts.
    """
    _brought(area, column)
    usual = threshold_of(area)
    if threshold is not None and threshold < usual:
        raise QueryError(
            f"A threshold of {threshold} would show counts that are withheld: {area.profile.area_id} withholds those under {usual}. "
            f"Give {usual} or more."
        )
    part, whole = _pair_of(area, column) or (column, None)
    return _published(
        tuple(map(str, area.zones["zone_code"])),
        _known(area, part),
        _known(area, whole) if whole else None,
        column == part,
        _groups(area),
        threshold or usual,
        usual,
    )


def suppress_share(area: Area, column: str, base: str, threshold: int | None = None) -> pd.DataFrame:
    """Return a column, what it is a share of, and the share, safe to show (:func:`access.suppress.suppress_shares`).

    Raises:
        QueryError: ``base`` is neither public nor what the profile says that the column is a part of. Others as in :func:`suppress_column`.
    """
    found = suppress_column(area, column, threshold)
    if base == area.profile.zones.part_of.get(column):
        return with_shares(found, suppress_column(area, base, threshold))
    zones = area.zones.set_index("zone_code")
    if base in PUBLIC_BASES and base in zones and base not in _extra(area):
        return with_public_base(found, zones[column], zones[base], dict(_rollups(area)))
    raise QueryError(
        f"{column} can't be shown as a share of {base}: nobody said that it is a part of it. Name it in the profile "
        f'([zones] part_of = {{ {column} = "{base}" }}), so that both are withheld together wherever they are shown.'
    )


def looks_like_part_of(area: Area, column: str) -> tuple[str, ...]:
    """Return which other counts are nowhere under (or nowhere above) those of a column that the profile makes no part of anything."""
    if _pair_of(area, column):
        return ()
    own = area.zones[column]
    others = [name for name in area.profile.zones.counts if name != column and not _pair_of(area, name)]
    return tuple(name for name in others if not (own > area.zones[name]).any() or not (own < area.zones[name]).any())


def counts_people(area: Area, column: str) -> bool:
    """Say whether a column counts people that a user brought: the profile says so, or it holds whole numbers only, as no share does."""
    if column not in _extra(area):
        return False
    known = area.zones[column].dropna()
    return column in area.profile.zones.counts or bool((known == np.floor(known)).all())


def threshold_of(area: Area) -> int:
    """Return under what number the area's counts are withheld."""
    return area.profile.zones.counts_under or THRESHOLD


def spread_out(area: Area, column: str) -> NDArray[np.float64]:
    """Return a user's counts by zone (zones,) as a reader of what is published could put them at best: nothing that is withheld tells.

    Each withheld zone takes an even part of what the smallest published sum that holds it leaves over, so that a figure made of these
    gives no more away than the sums do; half the threshold where no sum holds it. What is not known stays so.

    Raises:
        NotCounts: the column holds something else than counts.
    """
    found = suppress_column(area, column)
    zone, is_withheld = found.at("zone"), found.is_withheld_at("zone")
    value, size = zone.mask(is_withheld, found.threshold / 2), pd.Series(np.inf, index=zone.index)
    for level, group in {**_rollups(area), TOTAL: pd.Series(TOTAL, index=zone.index)}.items():
        own = group.reindex(zone.index).to_numpy()
        people = found.at(level).reindex(own).to_numpy()
        withheld = is_withheld.groupby(own).transform("sum").to_numpy(np.float64)
        left = people - zone.groupby(own).transform("sum").to_numpy(np.float64)
        zones = zone.groupby(own).transform("size").to_numpy(np.float64)
        is_nearer = is_withheld.to_numpy() & np.isfinite(people) & (zones < size.to_numpy())
        value[is_nearer], size[is_nearer] = (left[is_nearer] / withheld[is_nearer]), zones[is_nearer]
    return value.to_numpy(np.float64)


def _brought(area: Area, column: str) -> None:
    if column not in _extra(area):
        raise UnknownName("column of one's own", column, _extra(area))


def _extra(area: Area) -> list[str]:
    extra = area.profile.zones.extra
    return [name for name in extra.columns if name != "zone_code"] if extra else []


def _pair_of(area: Area, column: str) -> tuple[str, str] | None:
    """Return the part and the whole that a column is one of."""
    return next((pair for pair in area.profile.zones.part_of.items() if column in pair), None)


def _known(area: Area, column: str) -> _Known:
    return tuple(None if np.isnan(count) else float(count) for count in area.zones[column])


def _groups(area: Area) -> _Groups:
    codes = area.zones["zone_code"]
    return tuple((level, tuple(group.reindex(codes))) for level, group in _rollups(area).items())


def _rollups(area: Area) -> dict[str, pd.Series]:
    """Return the footprint of each zone by level; zones of none share one of their own."""
    return {str(level): area.zone_footprints[level].fillna(NO_GROUP).astype(str) for level in area.zone_footprints}


@lru_cache(maxsize=16)
def _published(
    codes: tuple[str, ...], part: _Known, whole: _Known | None, is_part: bool, groups: _Groups, threshold: int, usual: int
) -> Suppressed:  # fmt: skip
    """Find once for the same counts what must be withheld: it takes a while."""
    counts = pd.Series(part, index=list(codes), dtype=np.float64)
    rollups = {level: pd.Series(group, index=list(codes)) for level, group in groups}
    if whole is None:
        return suppress(counts, rollups, threshold, usual=usual)
    bases = pd.Series(whole, index=list(codes), dtype=np.float64)
    return suppress_parts(counts, bases, rollups, threshold, usual=usual)[0 if is_part else 1]
