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

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from geo.errors import CyrraeddError

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
    counts: pd.Series,
    rollups: Mapping[str, pd.Series] | None = None,
    threshold: int = THRESHOLD,
    *,
    usual: int | None = None,
) -> Suppressed:
    """Return counts by zone (index: zone code), by the groups of each roll-up, and in total, safe to show.

    ``rollups`` gives for each level the group of every zone; zones of no group share one of their own, as they do in every table.
    A roll-up over zones of which one count is not known is itself not known. ``usual`` is the lower threshold under which the same
    counts are published elsewhere: what it withholds is withheld here too, so that the two tables laid together tell no more than one.

    Raises:
        NotCounts: a count is below 0 or not whole, a zone stands twice, or the threshold is not at least 2.
    """
    _check(counts, threshold)
    return _withhold(_Table.of(counts, rollups or {}), threshold, usual)


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
    if base_is_public:
        return with_public_base(suppress(counts, rollups, threshold), counts, bases, rollups)
    both = pd.DataFrame({"count": counts, "base": bases.reindex(counts.index)})
    found = suppress_parts(both, {"count": "base"}, rollups, threshold)
    return with_shares(found["count"], found["base"])


def with_public_base(
    found: Suppressed, counts: pd.Series, bases: pd.Series, rollups: Mapping[str, pd.Series] | None = None
) -> pd.DataFrame:
    """Return counts made safe with the public numbers that they are a share of, as :func:`suppress_shares` does."""
    bases = _bases_of(counts, bases)
    base = _Table.of(bases, rollups or {}).value
    return _shared(found.cells.assign(base=base))


def with_shares(counts: Suppressed, bases: Suppressed) -> pd.DataFrame:
    """Return the two columns of :func:`suppress_parts` side by side with the shares between them, as :func:`suppress_shares` does."""
    is_withheld = counts.cells["is_withheld"] | bases.cells["is_withheld"]
    return _shared(counts.cells.assign(base=bases.cells["count"], is_withheld=is_withheld))


def suppress_parts(
    columns: pd.DataFrame,
    part_of: Mapping[str, str],
    rollups: Mapping[str, pd.Series] | None = None,
    threshold: int = THRESHOLD,
    *,
    usual: int | None = None,
) -> dict[str, Suppressed]:
    """Return counts that are parts of one another, safe to show together: neither they nor what is left of one tells a small number.

    ``columns`` has one row per zone (index: zone code); ``part_of`` says of columns which other one they are a part of. Parts of one whole
    share nobody, and may have parts of their own. All are made safe over the same cells. Where a part or its whole is not known, what
    is left is not, nor is the whole as their sum. ``rollups`` and ``usual`` are as in :func:`suppress`.

    Raises:
        NotCounts: as in :func:`suppress`, or the parts of a column are together above it.
    """
    named = list(map(str, columns.columns))
    for name in named:
        _check(columns[name], threshold)
    left = _left(columns, part_of)[named]
    zones = pd.Series(columns.index.astype(str), index=columns.index)
    groups = {"zone": zones, **_with_total(columns, rollups or {})}
    of = np.repeat(np.array(named, dtype=object), len(columns))  # whose rest each number is
    sums: dict[str, NDArray[np.object_]] = {}
    for level, group in groups.items():
        ids = np.tile(group.to_numpy(object), len(named))
        for name in named:
            if level != "zone":
                sums[f"left {name} {level}"] = _where(of == name, ids)
            if name in part_of.values():
                sums[f"whole {name} {level}"] = _where(np.isin(of, _under(name, part_of)), ids)
    cells = [(f"left {name} zone", zone) for name in named for zone in zones]
    found = _withhold(_Table.summed(cells, left.to_numpy(np.float64).T.ravel(), sums), threshold, usual)
    kinds = {name: "whole" if name in part_of.values() else "left" for name in named}
    return {name: _taken(found, {f"{kind} {name} {level}": level for level in groups}) for name, kind in kinds.items()}


def _where(is_summed: NDArray[np.bool_], ids: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return the ids of what is summed, and None of what is not."""
    found = ids.copy()
    found[~is_summed] = None
    return found


def _taken(found: Suppressed, names: Mapping[str, str]) -> Suppressed:
    """Return the cells of the levels named, under their new names."""
    levels = [found.cells[found.cells["level"] == old].assign(level=new) for old, new in names.items()]
    return Suppressed(pd.concat(levels, ignore_index=True), found.threshold)


def _left(columns: pd.DataFrame, part_of: Mapping[str, str]) -> pd.DataFrame:
    """Return of each column what is left without its parts: numbers that share nobody, of which all the columns are sums."""
    left = columns.astype(np.float64)
    for whole in set(part_of.values()):
        parts = [part for part, of in part_of.items() if of == whole]
        left[whole] = columns[whole] - columns[parts].sum(axis=1, skipna=False)
        if (left[whole] < 0).any():
            raise NotCounts(
                f"{' and '.join(parts)} come to more than {whole}, which they are a part of, somewhere: a part is not above its whole, "
                "and parts of one whole share nobody. Check that they are of the same people."
            )
    return left


def _under(column: str, part_of: Mapping[str, str]) -> list[str]:
    """Return a column with its parts, and theirs."""
    return [column, *(name for part, of in part_of.items() if of == column for name in _under(part, part_of))]


def _with_total(counts: pd.Series | pd.DataFrame, rollups: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    """Return the group of each zone by level, all zones together being the last."""
    groups = {level: group.reindex(counts.index).fillna(NO_GROUP).astype(str) for level, group in rollups.items()}
    return {**groups, TOTAL: pd.Series(TOTAL, index=counts.index)}


def _shared(found: pd.DataFrame) -> pd.DataFrame:
    share = (found["count"] / found["base"]).where(found["base"] > 0)
    return found.assign(share=share)[["level", "id", "count", "base", "share", "is_withheld"]]


def _bases_of(counts: pd.Series, bases: pd.Series) -> pd.Series:
    bases = bases.reindex(counts.index)
    if (counts > bases).any():
        raise NotCounts("A count is above the number that it is a share of. Check that both are of the same people.")
    return bases


@dataclass(frozen=True)
class _Table:
    """Every cell as a sum of zones: ``sums`` is (cells, zones), ``value`` what each cell counts (NaN: not known)."""

    cells: pd.DataFrame
    sums: csr_array
    value: NDArray[np.float64]
    n_zones: int

    @classmethod
    def of(cls, counts: pd.Series, rollups: Mapping[str, pd.Series]) -> _Table:
        """Make a table of counts by zone, by the groups of each roll-up, and in total."""
        groups = {level: group.to_numpy(object) for level, group in _with_total(counts, rollups).items()}
        return cls.summed([("zone", str(code)) for code in counts.index], counts.to_numpy(np.float64), groups)

    @classmethod
    def summed(
        cls, cells: list[tuple[str, str]], counts: NDArray[np.float64], groups: Mapping[str, NDArray[np.object_]]
    ) -> _Table:
        """Make a table of numbers, whose level and id are ``cells``, and of their sums: ``groups`` has by level each one's, or None."""
        names, parts = list(cells), [csr_array(np.eye(len(counts)))]
        for level, group in groups.items():
            for name in sorted({one for one in group if one is not None}):
                names.append((level, name))
                parts.append(csr_array((group == name).astype(np.float64)[None, :]))
        sums = csr_array(vstack(parts))
        value = sums @ np.nan_to_num(counts)
        value[(sums @ np.isnan(counts).astype(np.float64)) > 0] = np.nan
        return cls(pd.DataFrame(names, columns=["level", "id"]), sums, value, len(counts))

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


def _withhold(table: _Table, threshold: int, usual: int | None) -> Suppressed:
    """Withhold what is small, and more until that can't be worked out."""
    is_small = (table.value > 0) & (table.value < threshold)
    is_withheld = is_small.copy()
    if usual is not None and usual < threshold:
        is_withheld |= _withhold(table, usual, None).cells["is_withheld"].to_numpy(bool)
    for cell in map(int, np.flatnonzero(is_small)):
        while not table.is_protected(cell, is_withheld, threshold):
            is_withheld[table.next_to_withhold(cell, is_withheld)] = True
    shown = np.where(is_withheld, np.nan, table.value)
    return Suppressed(table.cells.assign(count=shown, is_withheld=is_withheld), threshold)


def _check(counts: pd.Series, threshold: int) -> None:
    known = counts.dropna().to_numpy(np.float64)
    if (known < 0).any() or (known != np.floor(known)).any() or not np.isfinite(known).all():
        raise NotCounts("Counts of people must be whole numbers from 0. Leave blank what is not known.")
    if counts.index.duplicated().any():
        raise NotCounts("A zone stands twice. Add its counts up first.")
    if threshold < 2:
        raise NotCounts(f"A threshold of {threshold} withholds nothing: give 2 or more.")
