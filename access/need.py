"""Need: a transparent index from 0 to 1 for each zone, the weight it gives to a person, and how far it hangs on the weights.

Any column of the zones can count, under visible weights: ranks, counts, ``<count>_share`` (of the population), and what a user brings
(``zones.extra`` of the profile). Each is scaled to 0 … 1, more being more need; columns that count downwards (``…_rank``, ``…_decile``, 1
being the most deprived) are turned round. The default takes the income, employment and health domains with their weights in WIMD 2025 (22,
20, 15): the overall index contains a domain of access to services, so weighting by it would count access twice (``docs/methods.md``).
A profile can name another default, with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.brought_counts import spread_out
from access.query import QueryError
from access.suppress import NotCounts
from geo.area import Area
from geo.errors import CyrraeddError
from geo.profile import Level
from geo.words import Message

Scale = Literal["published", "min_max", "rank"]
DOMAIN_WEIGHTS = {"income_rank": 22.0, "employment_rank": 20.0, "health_rank": 15.0}
NOT_FIGURES = ("zone_code", "name_en", "name_cy", "geometry", "point_x", "point_y")
COUNTS = ("population_65plus", "disabled")
DECIMALS = 12  # of the index: what lies beyond is noise of sums, and would tell apart zones that are level


class NoNeed(CyrraeddError):
    """The area lacks the columns that the need index asks for."""


@dataclass(frozen=True)
class NeedWeights:
    """Which columns count, and how much; ``slope`` is how much more a person counts in the zone with the most need (1: twice).

    ``scales`` says for a column how it is scaled: ``published`` by the ranks that there are in the whole country (the default for ranks),
    ``min_max`` from the least to the greatest value of the area (the default for others), ``rank`` by its ranks within the area.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: dict(DOMAIN_WEIGHTS))
    slope: float = 1.0
    scales: Mapping[str, Scale] = field(default_factory=dict)

    def scale_of(self, column: str) -> Scale:
        """Return how a column is scaled."""
        return self.scales.get(column, "published" if column.endswith("_rank") else "min_max")


def default_need(area: Area) -> NeedWeights:
    """Return the weights that the area's profile names, or those of the three domains."""
    own = area.profile.need
    return NeedWeights(dict(own.weights), own.slope, dict(own.scales)) if own else NeedWeights()


def default_reason(area: Area) -> Message:
    """Return why need is weighted as it is by default."""
    own = area.profile.need
    if own is None:
        return Message("need.default_reason")
    return Message("need.profile_reason", {"reason_en": own.reason_en, "reason_cy": own.reason_cy})


def need_columns(area: Area) -> tuple[str, ...]:
    """Return the columns of the area's zones that need can be made of: numbers that are known of some zone, and shares."""
    zones = area.zones
    numbers = [
        str(name)
        for name in zones
        if name not in NOT_FIGURES and pd.api.types.is_numeric_dtype(zones[name]) and zones[name].notna().any()
    ]
    shares = [f"{name}_share" for name in COUNTS if name in numbers and "population" in numbers]
    return (*numbers, *shares)


def scaled_columns(area: Area, need: NeedWeights | None = None) -> pd.DataFrame:
    """Return each column of the weights scaled to 0 … 1 (most need), by zone code; NaN where a zone lacks it.

    Raises:
        NoNeed: no zone has one of the columns, a rank's total is not in the profile, or weights or scales make no sense.
    """
    need = need or default_need(area)
    known = need_columns(area)
    missing = [name for name in need.weights if name not in known]
    if (
        not missing
        and area.profile.zones.rank_total is None
        and any(need.scale_of(name) == "published" for name in need.weights)
    ):
        missing = ["rank_total in its profile"]
    if missing:
        lacks = ", ".join(missing)
        raise NoNeed(
            f"Need can't be computed for {area.profile.area_id}: it lacks {lacks}. It has: {', '.join(known) or 'no figures'}."
        )
    if not need.weights or min(need.weights.values()) < 0 or not 0 < sum(need.weights.values()) < np.inf:
        raise NoNeed("The weights of need must not be negative, and at least one must be above 0.")
    wrong = [name for name in need.weights if need.scale_of(name) == "published" and not name.endswith("_rank")]
    wrong += [name for name in need.weights if need.scale_of(name) not in ("published", "min_max", "rank")]
    if wrong:
        raise NoNeed(
            f"{', '.join(wrong)} can't be scaled so: ranks by published, min_max or rank, others by min_max or rank."
        )
    scaled = {name: _scaled(area, name, need.scale_of(name)) for name in need.weights}
    return pd.DataFrame(scaled, index=pd.Index(area.zones["zone_code"], name="zone_code"))


def _scaled(area: Area, name: str, scale: Scale) -> NDArray[np.float64]:
    zones = area.zones
    if name in zones:
        value = _without_small_numbers(area, name, zones[name].to_numpy(np.float64))
    else:
        people = zones["population"].to_numpy(np.float64)
        counted = zones[name.removesuffix("_share")].to_numpy(np.float64)
        value = np.asarray(counted / np.where(people > 0, people, np.nan), dtype=np.float64)
    if name.endswith(("_rank", "_decile")):
        value = -value
    if scale == "published":
        return np.asarray(1 + (value + 1) / max((area.profile.zones.rank_total or 1) - 1, 1))
    if scale == "rank":
        value = np.asarray(pd.Series(value).rank(method="average"), dtype=np.float64)
    low, high = np.nanmin(value), np.nanmax(value)
    return np.asarray((value - low) / (high - low) if high > low else value * 0.0)  # all alike: it tells nobody apart


def _without_small_numbers(area: Area, name: str, value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the column; where the profile says that it counts people, as far as ``access/brought_counts.py`` shows it.

    Else the index would give small counts away: itself, or to whoever subtracts the larger ones that are withheld beside them.
    """
    if name not in area.profile.zones.counts:
        return value
    try:
        return spread_out(area, name)
    except (NotCounts, QueryError) as error:
        raise NoNeed(f"{name} can't count for need. {error}") from error


def need_index(area: Area, need: NeedWeights | None = None) -> pd.Series:
    """Return need by zone code, from 0 to 1 (most); NaN where a zone lacks one of the columns. Raises: as :func:`scaled_columns`."""
    need = need or default_need(area)
    scaled = scaled_columns(area, need)
    share = _shares(need)
    index = scaled.loc[:, share > 0].to_numpy() @ share[share > 0]  # what weighs nothing may be missing
    return pd.Series(index.round(DECIMALS), index=scaled.index, name="need")


def _shares(need: NeedWeights) -> NDArray[np.float64]:
    weights = np.array(list(need.weights.values()), dtype=np.float64)
    return np.asarray(weights / weights.sum())


def person_weight(need: NDArray[np.float64] | pd.Series, slope: float = 1.0) -> NDArray[np.float64]:
    """Return what a person counts: 1 without need, rising evenly to 1 + slope (everyone counts, those in need more)."""
    return 1 + slope * np.asarray(need, dtype=np.float64)


def need_sensitivity(
    area: Area, need: NeedWeights | None = None, *, level: Level | None = None, samples: int = 1000, seed: int = 0
) -> pd.DataFrame:
    """Return how far ranks of need hang on the weights: one row per zone, or per footprint of a level, most need first.

    Weights are drawn from a Dirichlet distribution whose mean is the weights chosen (its parameters are their shares times their number:
    equal weights are drawn evenly from all there can be). Columns: the id and names, ``need``, ``rank`` (1 is most), ``rank_low`` and
    ``rank_high`` (between which 90 % of samples lie), ``top_fifth_share`` (of samples). Same seed, same frame. A footprint's need is the
    mean of its zones' by people.

    Raises:
        NoNeed: as in :func:`scaled_columns`; or there is no such level, or the samples are not from 10 to 100,000.
    """
    if not 10 <= samples <= 100_000:
        raise NoNeed(f"{samples} samples can't be drawn: give from 10 to 100,000.")
    need = need or default_need(area)
    scaled = scaled_columns(area, need).loc[:, _shares(need) > 0]
    names, scaled = _of_footprints(area, scaled, level) if level else _of_zones(area, scaled)
    share = _shares(need)[_shares(need) > 0]
    drawn = np.random.default_rng(seed).dirichlet(share * len(share), samples)
    sampled = scaled.to_numpy() @ drawn.T  # (zones, samples)
    ranks = pd.DataFrame(sampled).rank(ascending=False, method="min").to_numpy()
    index = (scaled.to_numpy() @ share).round(DECIMALS)
    is_known = ~np.isnan(index)
    low, high = np.full((2, len(index)), np.nan)
    if is_known.any():
        low[is_known], high[is_known] = np.quantile(ranks[is_known], (0.05, 0.95), axis=1, method="nearest")
    in_top = (ranks <= max(1.0, 0.2 * np.count_nonzero(is_known))).mean(axis=1)
    found = names.assign(
        need=index, rank=pd.Series(index).rank(ascending=False, method="min").to_numpy(), rank_low=low, rank_high=high,
        top_fifth_share=np.where(is_known, in_top, np.nan),
    )  # fmt: skip
    return found.sort_values("rank", kind="stable", na_position="last").reset_index(drop=True)


def _of_zones(area: Area, scaled: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.DataFrame(area.zones[["zone_code", "name_en", "name_cy"]]).reset_index(drop=True), scaled


def _of_footprints(area: Area, scaled: pd.DataFrame, level: Level) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Average the scaled columns of each footprint's zones by people; a zone that lacks a column is left out."""
    if level not in area.zone_footprints:
        known = ", ".join(map(str, area.zone_footprints.columns)) or "none"
        raise NoNeed(f"{area.profile.area_id} has no footprints of the level '{level}'. It has: {known}.")
    people = area.zones["population"].fillna(0).to_numpy(np.float64) * scaled.notna().all(axis=1).to_numpy()
    footprint = area.zone_footprints[level].reindex(scaled.index).to_numpy(object)
    sums = scaled.fillna(0).mul(people, axis=0).groupby(footprint).sum()
    total = pd.Series(people).groupby(footprint).sum()
    means = sums.div(total.where(total > 0), axis=0)
    rows = area.footprints.loc[area.footprints["level"] == level, ["footprint_id", "name_en", "name_cy", "is_derived"]]
    names = pd.DataFrame(rows).reset_index(drop=True)
    return names, means.reindex(names["footprint_id"])
