"""Small numbers: withhold counts of people under a threshold, and whatever else would give them away.

For counts from referrals and uploads only; published populations are public, and suppressing what can be worked out from them protects
nobody. *Primary*: a count above 0 and under the threshold is withheld wherever it stands, in a zone or in a roll-up. *Secondary*: more is
withheld until nobody who adds and subtracts all that is published can place a withheld small count within fewer than ``threshold``
values. That is checked with the reader's own means: the least and the greatest value that agree with everything published, found by linear
programming over all levels together (Fischetti and Salazar 2001 call this the audit of a table). Withheld cells all look alike, so it
can't be seen which were small. A share is withheld with its count, with its base, and where the rest of the base is small.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from geo.area import Area
from geo.errors import CyrraeddError, UnknownName

THRESHOLD = 10  # the Welsh figure is to be confirmed (docs/methods.md)
NO_GROUP = "-"
TOTAL = "total"


class NotCounts(CyrraeddError):
    """What was given are no counts of people."""


@dataclass(frozen=True)
class Suppressed:
    """Counts safe to show: NaN where withheld (``is_withheld``) and where not known.

    ``cells`` has one row per cell: ``level`` (``zone``, a roll-up's name, ``total``), ``id``, ``count``, ``is_withheld``.
    """

    cells: pd.DataFrame
    threshold: int

    def at(self, level: str) -> pd.Series:
        """Return the counts of a level by id, NaN where withheld or not known."""
        cells = self.cells[self.cells["level"] == level]
        return pd.Series(cells["count"].to_numpy(), index=pd.Index(cells["id"], name="id"), name="count")

    def is_withheld_at(self, level: str) -> pd.Series:
        """Return which cells of a level are withheld, by id."""
        cells = self.cells[self.cells["level"] == level]
        return pd.Series(cells["is_withheld"].to_numpy(), index=pd.Index(cells["id"], name="id"), name="is_withheld")


def suppress(
    counts: pd.Series, rollups: Mapping[str, pd.Series] | None = None, threshold: int = THRESHOLD
) -> Suppressed:
    """Return counts by zone (index: zone code), by the groups of each roll-up, and in total, safe to show.

    ``rollups`` gives for each level the group of every zone; zones of no group share one of their own, as they do in every table.
    A roll-up over zones of which one count is not known is itself not known.

    Raises:
        NotCounts: a count is below 0 or not whole, a zone stands twice, or the threshold is not at least 2.
    """
    _check(counts, threshold)
    table = _Table.of(counts, rollups or {})
    is_small = (table.value > 0) & (table.value < threshold)
    is_withheld = is_small.copy()
    for cell in map(int, np.flatnonzero(is_small)):
        while not table.is_protected(cell, is_withheld, threshold):
            is_withheld[table.next_to_withhold(cell, is_withheld)] = True
    shown = np.where(is_withheld, np.nan, table.value)
    return Suppressed(table.cells.assign(count=shown, is_withheld=is_withheld), threshold)


def suppress_shares(
    counts: pd.Series,
    bases: pd.Series,
    rollups: Mapping[str, pd.Series] | None = None,
    threshold: int = THRESHOLD,
    *,
    base_is_public: bool,
) -> pd.DataFrame:
    """Return counts, their bases and the shares between them, safe to show side by side, by zone, roll-up and in total.

    A share times its base is a count, a count over its share is the base, and a base less its count is who did *not*. Where the base is
    of people referred or uploaded, counts and rests are therefore withheld together as two parts of one table. A public base stays.
    Columns: ``level, id, count, base, share, is_withheld`` (any of the three).

    Raises:
        NotCounts: as in :func:`suppress`, or a count is above its base.
    """
    bases = bases.reindex(counts.index)
    if (counts > bases).any():
        raise NotCounts("A count is above the number that it is a share of. Check that both are of the same people.")
    if base_is_public:
        found = suppress(counts, rollups, threshold).cells
        found = found.assign(base=_Table.of(bases, rollups or {}).value)
    else:
        _check(bases, threshold)
        found = _parts(counts, bases, rollups or {}, threshold)
    share = (found["count"] / found["base"]).where(found["base"] > 0)
    return found.assign(share=share)[["level", "id", "count", "base", "share", "is_withheld"]]


def _parts(counts: pd.Series, bases: pd.Series, rollups: Mapping[str, pd.Series], threshold: int) -> pd.DataFrame:
    """Withhold over a table whose leaves are each zone's count and its rest, and whose sums are all that is shown of either."""
    zones = pd.Series(counts.index.astype(str), index=counts.index)
    leaves = pd.concat([counts.set_axis("1" + zones), (bases - counts).set_axis("0" + zones)])
    groups = {
        "zone": zones,
        **{level: group.reindex(counts.index).fillna(NO_GROUP).astype(str) for level, group in rollups.items()},
    }
    groups |= {TOTAL: pd.Series(TOTAL, index=counts.index)}
    sums: dict[str, pd.Series] = {}
    for level, group in groups.items():
        sums[f"whole {level}"] = pd.Series([*group, *group], index=leaves.index)
        if level != "zone":
            sums[f"part {level}"] = pd.Series([*("1" + group), *("0" + group)], index=leaves.index)
    found = suppress(leaves, sums, threshold)
    rows = []
    for level, group in groups.items():
        part = found.at("zone" if level == "zone" else f"part {level}")
        base = found.at(f"whole {level}")
        hidden = (
            found.is_withheld_at("zone" if level == "zone" else f"part {level}"),
            found.is_withheld_at(f"whole {level}"),
        )
        for name in sorted(group.unique()) if level != "zone" else list(zones):
            is_withheld = bool(hidden[0]["1" + name] or hidden[1][name])
            rows.append(
                {"level": level, "id": name, "count": part["1" + name], "base": base[name], "is_withheld": is_withheld}
            )
    return pd.DataFrame(rows)


def suppress_column(area: Area, column: str, threshold: int | None = None) -> Suppressed:
    """Return counts that a user brought (a column of the profile's ``zones.extra``) by zone, footprint and in total, safe to show.

    Without a ``threshold`` that of the profile holds, or else :data:`THRESHOLD`.

    Raises:
        UnknownName: the user brought no such column. NotCounts: it holds something else than counts.
    """
    extra = area.profile.zones.extra
    brought = [name for name in extra.columns if name != "zone_code"] if extra else []
    if column not in brought:
        raise UnknownName("column of one's own", column, brought)
    counts = area.zones.set_index("zone_code")[column]
    return suppress(counts, _rollups(area), threshold_of(area) if threshold is None else threshold)


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
    counts = area.zones.set_index("zone_code")[column]
    known = tuple(None if np.isnan(count) else float(count) for count in counts)
    groups = tuple((level, tuple(group.reindex(counts.index))) for level, group in _rollups(area).items())
    return np.array(_spread_out(tuple(map(str, counts.index)), known, groups, threshold_of(area)))


@lru_cache(maxsize=16)
def _spread_out(
    codes: tuple[str, ...],
    counts: tuple[float | None, ...],
    groups: tuple[tuple[str, tuple[str, ...]], ...],
    threshold: int,
) -> tuple[float, ...]:
    """Spread out once for the same counts: to find what must be withheld takes a while."""
    given = pd.Series(counts, index=list(codes), dtype=np.float64)
    rollups = {level: pd.Series(group, index=list(codes)) for level, group in groups}
    found = suppress(given, rollups, threshold)
    zone, is_withheld = found.at("zone"), found.is_withheld_at("zone")
    value, size = zone.mask(is_withheld, threshold / 2), pd.Series(np.inf, index=zone.index)
    for level, group in {**rollups, TOTAL: pd.Series(TOTAL, index=zone.index)}.items():
        own = group.to_numpy()
        people = found.at(level).reindex(own).to_numpy()
        withheld = is_withheld.groupby(own).transform("sum").to_numpy(np.float64)
        left = people - zone.groupby(own).transform("sum").to_numpy(np.float64)
        zones = zone.groupby(own).transform("size").to_numpy(np.float64)
        is_nearer = is_withheld.to_numpy() & np.isfinite(people) & (zones < size.to_numpy())
        value[is_nearer], size[is_nearer] = (left[is_nearer] / withheld[is_nearer]), zones[is_nearer]
    return tuple(map(float, value))


def _rollups(area: Area) -> dict[str, pd.Series]:
    """Return the footprint of each zone by level; zones of none share one of their own."""
    return {str(level): area.zone_footprints[level].fillna(NO_GROUP).astype(str) for level in area.zone_footprints}


@dataclass(frozen=True)
class _Table:
    """Every cell as a sum of zones: ``sums`` is (cells, zones), ``value`` what each cell counts (NaN: not known)."""

    cells: pd.DataFrame
    sums: csr_array
    value: NDArray[np.float64]
    n_zones: int

    @classmethod
    def of(cls, counts: pd.Series, rollups: Mapping[str, pd.Series]) -> _Table:
        codes = list(map(str, counts.index))
        names = [("zone", code) for code in codes]
        parts = [csr_array(np.eye(len(codes)))]
        groups = {level: group.reindex(counts.index).fillna(NO_GROUP).astype(str) for level, group in rollups.items()}
        for level, group in {**groups, TOTAL: pd.Series(TOTAL, index=counts.index)}.items():
            for name in sorted(group.unique()):
                names.append((level, name))
                parts.append(csr_array((group == name).to_numpy(np.float64)[None, :]))
        sums = csr_array(vstack(parts))
        value = sums @ counts.fillna(0).to_numpy(np.float64)
        value[(sums @ counts.isna().to_numpy(np.float64)) > 0] = np.nan
        return cls(pd.DataFrame(names, columns=["level", "id"]), sums, value, len(codes))

    def is_protected(self, cell: int, is_withheld: NDArray[np.bool_], threshold: int) -> bool:
        """Whether what is published leaves a cell at least ``threshold`` whole values."""
        least, most = self.bounds(cell, is_withheld)
        return bool(np.floor(most + 1e-6) - np.ceil(least - 1e-6) + 1 >= threshold)

    def bounds(self, cell: int, is_withheld: NDArray[np.bool_]) -> tuple[float, float]:
        """Return the least and the greatest value of a cell that agree with every published one. What is withheld is no zero."""
        from scipy.optimize import linprog  # noqa: PLC0415 - half a second that whoever has no counts of their own need not wait

        is_public = ~is_withheld & ~np.isnan(self.value)
        zones = is_public[: self.n_zones]
        lower = np.where(zones, self.value[: self.n_zones], is_withheld[: self.n_zones].astype(np.float64))
        upper = np.where(zones, self.value[: self.n_zones], np.inf)
        rows = np.flatnonzero(is_public[self.n_zones :]) + self.n_zones
        known = {"A_eq": self.sums[rows], "b_eq": self.value[rows]} if len(rows) else {}
        aim = self.sums[[cell]].toarray()[0]
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(sign * aim, bounds=np.column_stack([lower, upper]), method="highs", **known)
            if found.status == 4:  # the presolver can't always tell "unbounded" from "infeasible"
                plain = {"presolve": False}
                found = linprog(
                    sign * aim, bounds=np.column_stack([lower, upper]), method="highs", options=plain, **known
                )
            if found.status not in (0, 3):  # 3 is unbounded: it can be anything, and so is safe
                raise NotCounts(
                    f"It could not be shown that small numbers are safe, so none are shown: {found.message}"
                )
            ends.append(sign * found.fun if found.status == 0 else -sign * np.inf)
        return ends[0], ends[1]

    def next_to_withhold(self, cell: int, is_withheld: NDArray[np.bool_]) -> int:
        """Return the published cell to withhold next: the smallest zone beside this one in a published sum, else the smallest such sum."""
        own = self.sums[[cell]].toarray()[0] > 0
        is_public = ~is_withheld & ~np.isnan(self.value)
        reach = (self.sums @ own.astype(np.float64)) > 0  # cells that share a zone with it
        sums = np.flatnonzero(reach & is_public & (np.arange(len(self.value)) >= self.n_zones))
        sums = sums[sums != cell]
        size = np.asarray(self.sums[sums].sum(axis=1)).ravel()
        for row in sums[np.argsort(size, kind="stable")]:
            zones = np.flatnonzero((self.sums[[int(row)]].toarray()[0] > 0) & ~own & is_public[: self.n_zones])
            zones = zones[self.value[zones] > 0]
            if len(zones):
                return int(zones[np.argmin(self.value[zones])])
        if len(sums):
            return int(sums[np.argmin(size)])
        # Only cells farther off are left to give it away: withhold any of them, the smallest first.
        left = np.flatnonzero(is_public & (self.value > 0))
        return int(left[np.argmin(self.value[left])])


def _check(counts: pd.Series, threshold: int) -> None:
    known = counts.dropna().to_numpy(np.float64)
    if (known < 0).any() or (known != np.floor(known)).any() or not np.isfinite(known).all():
        raise NotCounts("Counts of people must be whole numbers from 0. Leave blank what is not known.")
    if counts.index.duplicated().any():
        raise NotCounts("A zone stands twice. Add its counts up first.")
    if threshold < 2:
        raise NotCounts(f"A threshold of {threshold} withholds nothing: give 2 or more.")
