"""Counts of people that a user brought (``zones.extra`` of the profile): what may be shown of them, alone, as parts, and by need.

What is shown of a column is the same wherever it is asked: by itself, as a share, beside the column that it is a part of. Else two
tables, each of them safe, would give a small number away when laid together. So the threshold is the profile's or above it, and
which columns are parts of which is said once, in the profile (``part_of``). A column that is two others together, or what is left of one
without another, without the profile saying so, is not shown at all.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.query import QueryError
from access.suppress import (
    NO_GROUP,
    THRESHOLD,
    TOTAL,
    Suppressed,
    suppress_parts,
    with_public_base,
    with_shares,
)
from geo.area import Area
from geo.errors import UnknownName

PUBLIC_BASES = ("population", "population_65plus", "disabled")  # published for every small area

_Known = tuple[float | None, ...]
_Columns = tuple[tuple[str, _Known], ...]
_Groups = tuple[tuple[str, tuple[str, ...]], ...]


def suppress_column(area: Area, column: str, threshold: int | None = None) -> Suppressed:
    """Return counts that a user brought by zone, footprint and in total, safe to show, also beside what they are part of or made of.

    Without a ``threshold`` that of the profile holds, or else :data:`access.suppress.THRESHOLD`.

    Raises:
        UnknownName: the user brought no such column. QueryError: the threshold is under the profile's, or the column adds up with
            others that the profile does not put together. NotCounts: it, or a column beside it, holds something else than counts.
    """
    _brought(area, column)
    usual = threshold_of(area)
    if threshold is not None and threshold < usual:
        raise QueryError(
            f"A threshold of {threshold} would show counts that are withheld: {area.profile.area_id} withholds those under {usual}. "
            f"Give {usual} or more."
        )
    _refuse_unsaid_sums(area, column)
    family, part_of = _family(area, column), area.profile.zones.part_of
    found = _published(
        tuple(map(str, area.zones["zone_code"])),
        tuple((name, _known(area, name)) for name in family),
        tuple((part, whole) for part, whole in part_of.items() if part in family),
        _groups(area),
        threshold or usual,
        usual,
    )
    return found[column]


def suppress_share(area: Area, column: str, base: str, threshold: int | None = None) -> pd.DataFrame:
    """Return a column, what it is a share of, and the share, safe to show (:func:`access.suppress.suppress_shares`).

    Raises:
        QueryError: ``base`` is neither public nor what the profile says that the column is a part of. Others as in :func:`suppress_column`.
    """
    found = suppress_column(area, column, threshold)
    if base in _wholes(area, column):
        return with_shares(found, suppress_column(area, base, threshold))
    zones = area.zones.set_index("zone_code")
    if base in PUBLIC_BASES and base in zones and base not in _extra(area):
        return with_public_base(found, zones[column], zones[base], dict(_rollups(area)))
    raise QueryError(
        f"{column} can't be shown as a share of {base}: nobody said that it is a part of it. Name it in the profile "
        f'([zones] part_of = {{ {column} = "{base}" }}), so that both are withheld together wherever they are shown.'
    )


def looks_like_part_of(area: Area, column: str) -> tuple[str, ...]:
    """Return which other counts are nowhere under (or nowhere above) those of a column without the profile putting them together."""
    own, family = area.zones[column], _family(area, column)
    others = [name for name in area.profile.zones.counts if name not in family]
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


def _wholes(area: Area, column: str) -> tuple[str, ...]:
    """Return what a column is a part of, and what that is a part of."""
    whole = area.profile.zones.part_of.get(column)
    return (whole, *_wholes(area, whole)) if whole else ()


def _family(area: Area, column: str) -> tuple[str, ...]:
    """Return all columns that are parts of the same as a column: the column alone where the profile puts it beside none."""
    root = (column, *_wholes(area, column))[-1]
    return tuple(name for name in _extra(area) if name == root or root in _wholes(area, name))


def _refuse_unsaid_sums(area: Area, column: str) -> None:
    """Raise where a column and others add up in every zone, so that some of them tell another, and the profile puts them apart."""
    names, part_of = _extra(area), area.profile.zones.part_of
    for whole in names:
        others, said = [name for name in names if name != whole], [part for part, of in part_of.items() if of == whole]
        sums = {frozenset(some) for n in (1, 2) for some in combinations(others, n)}
        sums |= {frozenset((*said, name)) for name in others}
        for parts in (some for some in sums if column in (whole, *some)):
            families = {_family(area, name) for name in (whole, *parts)}
            is_harmless = len(families) == 1 or (len(parts) == 1 and all(len(family) == 1 for family in families))
            if not is_harmless and _add_up(area.zones[[whole, *parts]]):
                raise QueryError(
                    f"{column} is not shown: in every zone {whole} is {' and '.join(sorted(parts))}, and some of them would tell small "
                    "numbers of another. Say in the profile which is a part of which (part_of), or leave one of them out."
                )


def _add_up(whole_and_parts: pd.DataFrame) -> bool:
    """Whether the first column, and none empty, is the sum of the others in every zone where all are known."""
    known = whole_and_parts.dropna().to_numpy(np.float64)
    return bool((known[:, 0] == known[:, 1:].sum(axis=1)).all() and known.any(axis=0).all())


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
    codes: tuple[str, ...], columns: _Columns, part_of: tuple[tuple[str, str], ...], groups: _Groups, threshold: int, usual: int
) -> dict[str, Suppressed]:  # fmt: skip
    """Find once for the same counts what must be withheld: it takes a while."""
    counts = pd.DataFrame(dict(columns), index=list(codes), dtype=np.float64)
    rollups = {level: pd.Series(group, index=list(codes)) for level, group in groups}
    return suppress_parts(counts, dict(part_of), rollups, threshold, usual=usual)
