"""The deep end: provision per head against the need of the people, for clusters, other footprints, or practices.

The Inverse Care Law (Tudor Hart 1971) says that good care varies inversely with need. Here it can be looked at: each point is a footprint
with its people; one line through them, weighted by people, shows whether provision rises or falls with need, and resamples of the
footprints how sure that is. Practices have no footprint of
their own: the people nearest to each stand for its patients, and are labelled as derived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from access.catchments import Catchments
from access.equity.indices import Floats
from access.equity.report import LEAST_RESAMPLED, Estimate
from access.need import NeedWeights, need_index
from access.network import points_xy
from access.posts import PER, posts_by_cluster
from access.query import QueryError
from access.uncounted import uncounted_zones
from geo.area import Area
from geo.profile import LEVELS, Level
from geo.words import Message

LEAST_FOR_LINE = 3  # through two points a line always goes
ALIKE = 1e-12  # a variance under this is rounding
Provision = Literal["sessions_in_reach", "sessions_held_per_1000", "wte_per_10000_residents"]


@dataclass(frozen=True)
class DeepEnd:
    """One row per footprint, most need first: ``id, name_en, name_cy, is_derived, population, mean_need`` and three kinds of provision.

    ``sessions_in_reach`` is how many sessions a week a person finds in reach there and back, on average over those of whom it is known;
    ``sessions_held_per_1000``
    how many are held inside; ``wte_per_10000_residents`` how many link workers there are (missing but for clusters whose posts are known).
    ``need_known_persons`` and ``reach_known_persons`` say over how many people need and reach are means. ``population`` is of the zones
    that are counted, missing where none is; with ``uncounted_zones`` among them it is too few to divide by, so what is held per head is
    missing.
    """

    table: pd.DataFrame

    def line(self, provision: Provision) -> tuple[float, float, float]:
        """Return slope (from no need to most), value at no need, and correlation, weighted by people; NaN where too little is known."""
        known = self._known(provision)
        if len(known) < LEAST_FOR_LINE:
            return (float("nan"),) * 3
        slope, at_none, correlation = _fit(known, known[:, 2])
        return float(slope), float(at_none), float(correlation)

    def correlation(self, provision: Provision, samples: int = 1000, seed: int = 0) -> Estimate:
        """Return the correlation of provision with need, weighted by people, and its 95 % interval over resamples of the footprints.

        The interval is missing under ``LEAST_RESAMPLED``. Same seed, same interval.
        """
        known, value = self._known(provision), self.line(provision)[2]
        n = len(known)
        if np.isnan(value):
            return Estimate(value, float("nan"), float("nan"))
        times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), samples)
        return Estimate.of(value, _fit(known, known[:, 2] * times)[2], n)

    def describe(self, provision: Provision) -> Message:
        """Say whether provision rises or falls with need, if the interval tells them apart; and over how many footprints."""
        found, points = self.correlation(provision), len(self._known(provision))
        said: dict[str, object] = {"provision": Message(f"compare.{provision}"), "points": points}
        if not found.is_known:
            kind = "unknown" if points == 0 else "fewer" if points < LEAST_FOR_LINE else "alike"
            return Message(f"compare.deep_end.{kind}", said | {"least": LEAST_FOR_LINE})
        said |= {"correlation": f"{found.value:+.2f}"}
        if not found.has_interval:
            return Message("compare.deep_end.few", said | {"least": LEAST_RESAMPLED})
        kind = "falls" if found.high < 0 else "rises" if found.low > 0 else "unclear"
        return Message(f"compare.deep_end.{kind}", said | {"low": f"{found.low:+.2f}", "high": f"{found.high:+.2f}"})

    def _known(self, provision: Provision) -> Floats:
        """Return need, provision and people of the footprints where people live of whom all three are known."""
        columns = ["mean_need", provision, "population"]
        known = self.table[columns].dropna().to_numpy(np.float64)
        return known[known[:, 2] > 0]


def _fit(known: Floats, people: Floats) -> tuple[Floats, Floats, Floats]:
    """Fit a line through need and provision (``known``), weighted by ``people``, (…, points): slope, value at no need, correlation.

    NaN where needs are all alike; so is the correlation where provision is.
    """
    x, y = known[:, 0], known[:, 1]
    weight = people / people.sum(axis=-1, keepdims=True)
    x_mean, y_mean = weight @ x, weight @ y
    from_x, from_y = x - x_mean[..., None], y - y_mean[..., None]
    spread_x, spread_y = (weight * from_x**2).sum(axis=-1), (weight * from_y**2).sum(axis=-1)
    spread_x = np.where(spread_x > ALIKE, spread_x, np.nan)
    spread_y = np.where(spread_y > ALIKE * (weight @ y**2), spread_y, np.nan)
    together = (weight * from_x * from_y).sum(axis=-1)
    slope = together / spread_x
    return slope, y_mean - slope * x_mean, together / np.sqrt(spread_x * spread_y)


def find_deep_end(
    of: Sequence[Catchments], by: Level | Literal["practice"] = "cluster", need: NeedWeights | None = None
) -> DeepEnd:
    """Put provision per head against need.

    Raises:
        QueryError: no category was asked for, or the area has no such level or no placed practices. NoNeed: it has no ranks.
    """
    if not of:
        raise QueryError("Give at least one category.")
    access = of[0].access
    area = access.network.area
    people = of[0].people
    key, names = _practices(area) if by == "practice" else _footprints(area, by)
    origin_need = area.origins["zone_code"].map(need_index(area, need)).to_numpy(np.float64)
    in_reach = sum(one.sessions["per_week"].to_numpy(np.float64) @ one.is_reachable for one in of)
    is_judged = np.logical_and.reduce([one.is_placed & ~one.is_unjudged.any(axis=0) for one in of])
    table = pd.DataFrame(
        {
            "id": key,
            "population": people,
            "needed": people * origin_need,
            "need_known_persons": np.where(np.isnan(origin_need), 0.0, people),
            "reached": np.where(is_judged, people * in_reach, 0.0),
            "reach_known_persons": np.where(is_judged, people, 0.0),
        }
    )
    found = table.dropna(subset=["id"]).groupby("id").sum()
    found["mean_need"] = found.pop("needed") / found["need_known_persons"].replace(0.0, np.nan)
    found["sessions_in_reach"] = found.pop("reached") / found["reach_known_persons"].replace(0.0, np.nan)
    is_counted = area.origins["population"].notna().groupby(key).any()
    found["population"] = found["population"].where(is_counted.reindex(found.index))
    found["uncounted_zones"] = uncounted_zones(area.origins, key).reindex(found.index)
    held = _held(area, of, key).reindex(found.index).fillna(0.0)
    is_whole = (found["population"] > 0) & (found["uncounted_zones"] == 0)
    found["sessions_held_per_1000"] = 1000 * held / found["population"].where(is_whole)
    found["wte_per_10000_residents"] = np.nan
    if by == "cluster" and not area.posts.empty:
        found["wte_per_10000_residents"] = posts_by_cluster(area, need).set_index("cluster_id")[
            f"wte_per_{PER}_residents"
        ]
    found = names.join(found, how="inner").reset_index(names="id")
    return DeepEnd(found.sort_values("mean_need", ascending=False, kind="stable", ignore_index=True))


def _footprints(area: Area, level: Level) -> tuple[NDArray[np.object_], pd.DataFrame]:
    if level not in LEVELS or level not in area.zone_footprints:
        known = ", ".join(map(str, area.zone_footprints.columns)) or "none"
        raise QueryError(f"{area.profile.area_id} has no footprints of the level '{level}'. It has: {known}.")
    key = area.origins["zone_code"].map(area.zone_footprints[level]).to_numpy(object)
    names = area.footprints[area.footprints["level"] == level].set_index("footprint_id")
    return key, pd.DataFrame(names[["name_en", "name_cy", "is_derived"]])


def _practices(area: Area) -> tuple[NDArray[np.object_], pd.DataFrame]:
    """Return for each origin the practice nearest in a straight line."""
    placed = area.practices[area.practices.geometry.notna()]
    if placed.empty:
        raise QueryError(f"{area.profile.area_id} has no practices whose place is known.")
    _, nearest = KDTree(points_xy(placed)).query(points_xy(area.origins))
    key = placed["practice_id"].to_numpy(object)[nearest]
    names = pd.DataFrame({"name_en": placed["name"], "name_cy": placed["name"], "is_derived": True}).set_axis(
        placed["practice_id"]
    )
    return key, names


def _held(area: Area, of: Sequence[Catchments], key: NDArray[np.object_]) -> pd.Series:
    """Return the sessions a week held in each group: a venue belongs to the group of the origin nearest to it."""
    sessions = pd.concat([one.sessions[["venue", "per_week"]] for one in of])
    venues = area.venues.geometry.to_numpy()[sessions["venue"].to_numpy(int)]
    is_placed = ~shapely.is_missing(venues)
    if not is_placed.any():
        return pd.Series(dtype=float)
    xy = np.column_stack([shapely.get_x(venues[is_placed]), shapely.get_y(venues[is_placed])])
    _, nearest = KDTree(points_xy(area.origins)).query(xy)
    return sessions.loc[is_placed, "per_week"].groupby(key[nearest]).sum()
