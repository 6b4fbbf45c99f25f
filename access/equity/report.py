"""All indices of one measure with their intervals, and the points of its charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from access.equity import indices
from access.equity.indices import Floats, Ints
from access.measures.base import Measured
from access.need import NeedWeights, need_index
from access.query import NotComputable, QueryError
from geo.area import Area
from geo.profile import Level
from geo.words import Message

OrderBy = Literal["need", "deprivation_rank"]
CELLS = 2_000_000  # of one array while resampling: 16 MB
INTERVAL = (2.5, 97.5)
# Resamples of fewer zones, or footprints, lie closer together than chance would have it: no law is read out of them. How many it takes is
# to be confirmed (docs/methods.md).
LEAST_RESAMPLED = 10


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval; NaN where it has no meaning."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, drawn: Floats, resampled: int) -> Estimate:
        """Return a figure with the interval of what samples gave for it.

        The interval is missing under ``LEAST_RESAMPLED`` of the things that were ``resampled``, and where more than a few samples gave the
        figure no meaning.
        """
        known = drawn[np.isfinite(drawn)]
        is_told = resampled >= LEAST_RESAMPLED and len(known) >= 0.95 * len(drawn)
        low, high = np.percentile(known, INTERVAL) if is_told else (np.nan, np.nan)
        return cls(float(value), float(low), float(high))

    @property
    def is_known(self) -> bool:
        """Whether the figure has a meaning."""
        return bool(np.isfinite(self.value))

    @property
    def has_interval(self) -> bool:
        """Whether enough was resampled, and gave the figure a meaning, to say where it lies."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))


@dataclass(frozen=True)
class Equity:
    """The equity of one measure. ``indices`` by name, in the order of :func:`_figures`.

    ``tenths`` has a row per tenth of people, most deprived first: ``tenth`` (1 to 10), ``value``, and what share of all there is these
    and those before have (``value_share_so_far``, missing where there is none): the curve at each tenth. ``curve`` holds the concentration
    curve: ``people_share``, ``value_share``, from the most deprived. ``groups`` is the measure by footprint of ``level``. ``zones`` says
    over how many zones all of it is: under ``LEAST_RESAMPLED`` nothing has an interval.
    """

    measured: Measured
    order_by: OrderBy
    level: Level | None
    indices: dict[str, Estimate]
    tenths: pd.DataFrame
    curve: pd.DataFrame
    groups: pd.DataFrame | None
    zones: int
    persons: float
    unknown_persons: float
    unreachable_persons: float  # who reach nothing: left out of times only
    uncounted_zones: int  # whose people nobody has counted: left out altogether

    def as_table(self) -> pd.DataFrame:
        """Return one row per index: ``index, value, low, high``."""
        rows = [(name, found.value, found.low, found.high) for name, found in self.indices.items()]
        return pd.DataFrame(rows, columns=["index", "value", "low", "high"])


@dataclass(frozen=True)
class _Spread:
    """Values of those whose value, number and place in the order are known; ``zone`` and ``group`` count from 0."""

    values: Floats
    people: Floats
    order: Floats
    zone: Ints
    group: Ints | None


def equity(
    measured: Measured, level: Level | None = None, *, bounds: tuple[float, float] | None = None, order_by: OrderBy = "need",
    need: NeedWeights | None = None, samples: int = 1000, seed: int = 0,
) -> Equity:  # fmt: skip
    """Return the equity of a measure.

    ``level`` parts Theil's T into between and within its footprints; ``bounds`` are the least and most that the measure can be (0 and 1 for
    a share), which Erreygers' index needs. Same seed, same intervals.

    Raises:
        NotComputable: of nobody are value, number and deprivation known, or nobody reaches anything, which leaves no times to compare.
        QueryError: the area has no such level. NoNeed: it lacks the ranks of need.
    """
    if not 100 <= samples <= 100_000:
        raise QueryError(f"{samples} samples can't be drawn: give from 100 to 100,000.")
    order = _order(measured.area, order_by, need)
    frame = measured.by_origin.assign(order=lambda origins: origins["zone_code"].map(order))
    is_counted = np.isfinite(frame[["value", "order"]].to_numpy(np.float64)).all(axis=1) & (
        frame["population"].to_numpy() > 0
    )
    is_unreachable = measured.is_known & ~measured.is_reachable & frame["value"].isna().to_numpy()
    if not is_counted.any():
        raise NotComputable(Message("equity.nobody_reaches" if is_unreachable.any() else "equity.nobody_known"))
    spread = _spread(measured.area, frame.loc[is_counted], level)
    figures = _figures(spread, bounds, more_is_better=measured.more_is_better)
    return Equity(
        measured=measured,
        order_by=order_by,
        level=level,
        indices=_estimates(figures, spread, samples, seed),
        tenths=_tenths(spread),
        curve=_curve(spread),
        groups=measured.by(level) if level else None,
        zones=_count(spread),
        persons=float(spread.people.sum()),
        unknown_persons=float(frame.loc[~is_counted & ~is_unreachable, "population"].sum()),
        unreachable_persons=float(frame.loc[is_unreachable, "population"].sum()),
        uncounted_zones=measured.uncounted_zones,
    )


def _order(area: Area, order_by: OrderBy, need: NeedWeights | None) -> pd.Series:
    """Return by zone code a number that rises from the most to the least deprived."""
    if order_by == "need":
        return -need_index(area, need)
    return pd.Series(area.zones["deprivation_rank"].to_numpy(np.float64), index=area.zones["zone_code"].to_numpy())


def _spread(area: Area, frame: pd.DataFrame, level: Level | None) -> _Spread:
    group = None
    if level:
        if level not in area.zone_footprints:
            known = ", ".join(map(str, area.zone_footprints.columns)) or "none"
            raise QueryError(f"{area.profile.area_id} has no footprints of the level '{level}'. It has: {known}.")
        group = pd.factorize(frame["zone_code"].map(area.zone_footprints[level]).fillna("-"))[0].astype(np.intp)
    value, people, order = (frame[name].to_numpy(np.float64) for name in ("value", "population", "order"))
    return _Spread(value, people, order, pd.factorize(frame["zone_code"])[0].astype(np.intp), group)


def _figures(
    spread: _Spread, bounds: tuple[float, float] | None, *, more_is_better: bool
) -> dict[str, Callable[[Floats], Floats]]:
    """Return each index as a function of (…, units) people."""
    values, order, group = spread.values, spread.order, spread.group
    found: dict[str, Callable[[Floats], Floats]] = {
        "mean": lambda people: indices.mean(values, people),
        "concentration": lambda people: indices.concentration_index(values, people, order),
        "slope": lambda people: indices.slope_index(values, people, order),
        "relative": lambda people: indices.relative_index(values, people, order),
        "quintile_gap": lambda people: indices.quintile_gap(values, people, order),
        "gini": lambda people: indices.gini(values, people),
        "palma": lambda people: indices.palma(values, people, more_is_better=more_is_better),
        "theil": lambda people: indices.theil(values, people),
    }
    if bounds:
        low, high = bounds
        found["erreygers"] = lambda people: indices.erreygers_index(values, people, order, low, high)
    if group is not None:
        found["theil_between"] = lambda people: indices.theil_between(values, people, group)
        found["theil_within"] = lambda people: (
            indices.theil(values, people) - indices.theil_between(values, people, group)
        )
    return found


def _estimates(
    figures: dict[str, Callable[[Floats], Floats]], spread: _Spread, samples: int, seed: int
) -> dict[str, Estimate]:
    """Compute every index for the people as they are, and for samples of the zones."""
    chance = np.random.default_rng(seed)
    n_zones = _count(spread)
    drawn: dict[str, list[Floats]] = {name: [] for name in figures}
    at_once = max(1, CELLS // len(spread.people))
    for begin in range(0, samples, at_once):
        times = chance.multinomial(n_zones, np.full(n_zones, 1 / n_zones), min(at_once, samples - begin))
        people = spread.people * times[:, spread.zone]
        for name, figure in figures.items():
            drawn[name].append(figure(people))
    return {
        name: Estimate.of(float(figure(spread.people)), np.concatenate(drawn[name]), n_zones)
        for name, figure in figures.items()
    }


def _count(spread: _Spread) -> int:
    """Return how many zones there are."""
    return int(spread.zone.max()) + 1


def _tenths(spread: _Spread) -> pd.DataFrame:
    means = indices.quantile_means(spread.values, spread.people, spread.order, np.linspace(0, 1, 11))
    total = means.sum()
    so_far = np.cumsum(means) / total if total > 0 else np.full(10, np.nan)
    return pd.DataFrame({"tenth": np.arange(1, 11), "value": means, "value_share_so_far": so_far})


def _curve(spread: _Spread) -> pd.DataFrame:
    """Return the corners of the concentration curve, one for each zone and the origin; missing where the total is 0."""
    frame = pd.DataFrame({"order": spread.order, "people": spread.people, "total": spread.people * spread.values})
    sums = frame.groupby("order").sum().cumsum()
    corners = np.vstack([np.zeros(2), sums.to_numpy()])
    with np.errstate(invalid="ignore"):
        corners = corners / corners[-1]
    return pd.DataFrame(corners, columns=["people_share", "value_share"])
