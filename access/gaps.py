"""Gaps: who finds a standard met, who doesn't, and of whom it is not known – for origins, zones and every footprint.

For each origin the sessions of the category that are within reach there and back are counted a week. The standard is met where
they suffice; unknown where the origin could not be placed, or where sessions that can't be judged might make up the number;
unmet otherwise. Met, unmet and unknown persons always add up to the population.

With a limit on fares an origin can be half served: holders of a concessionary pass (taken as the people of 65 and over, though the
pass begins at 60: a lower bound) ride free where others would pay too much. Where their number is not known, those people are unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.costs import Bound, Prices
from access.mode_times import MAY_BE_REACHABLE, Reason
from access.need import NeedWeights, NoNeed, default_need, need_index, person_weight
from access.query import Mode, QueryError, Standard
from access.sessions import SessionAccess
from access.uncounted import uncounted_in_all, uncounted_zones
from geo.area import Area
from geo.profile import Level

PERSONS = ("met_persons", "unmet_persons", "unknown_persons")
FIRST = ("rank", "zone_code", "footprint_id", "name_en", "name_cy", "population", *PERSONS, "covered_share")  # columns
NO_FOOTPRINT = "-"
TIE = 1e-9  # sums of fortnightly and monthly sessions are compared within this


@dataclass(frozen=True)
class Counts:
    """Sessions a week of the category for each origin: within reach of all, of pass holders, and those that can't be judged."""

    reachable: NDArray[np.float64]
    reachable_with_pass: NDArray[np.float64]
    unjudged: NDArray[np.float64]
    is_placed: NDArray[np.bool_]


@dataclass(frozen=True)
class Gaps:
    """The answer to one standard. ``by_origin`` runs beside ``area.origins``; persons are missing where the population is.

    ``need`` is by zone code; where an area has no ranks it is missing throughout, and ``need_problem`` says why. Sums are over what is
    known: ``need_weighted_unmet_persons`` counts ``need_known_unmet_persons`` of the unmet, those whose need is known, and is missing where
    that is none of them; ``uncounted_zones`` of a footprint are those whose people nobody has counted, who are in no figure.
    """

    access: SessionAccess
    standard: Standard
    need_weights: NeedWeights
    need: pd.Series
    need_problem: str | None
    counts: Counts
    by_origin: pd.DataFrame

    @cached_property
    def by_zone(self) -> pd.DataFrame:
        """One row per zone, most need-weighted unmet persons first; those that are level share a rank."""
        area = self.access.network.area
        zones = area.zones[["zone_code", "name_en", "name_cy", "population", "deprivation_rank", "deprivation_decile"]]
        found = zones.merge(self._sums(self.by_origin["zone_code"], "zone_code"), on="zone_code", how="left")
        found["need"] = found["zone_code"].map(self.need)
        return self._ranked(found)

    @cached_property
    def uncounted_zones(self) -> int:
        """How many zones of the whole area have people whom nobody has counted."""
        return uncounted_in_all(self.by_origin)

    @cached_property
    def pass_share(self) -> NDArray[np.float64]:
        """Which share of each origin's people (origins,) is taken to hold a concessionary pass, NaN where nobody knows."""
        return pass_share_by_origin(self.access)

    @cached_property
    def holders_share(self) -> NDArray[np.float64]:
        """The same share, 0 where nobody knows."""
        return np.nan_to_num(self.pass_share)

    @cached_property
    def unmet_by_group(self) -> NDArray[np.float64]:
        """The unmet persons of each origin, ``(2, origins)``: those who pay fares, and holders of a pass.

        Without a limit on fares all stand in the first; so they do where nobody knows how many hold a pass.
        """
        unmet = np.nan_to_num(self.by_origin["unmet_persons"].to_numpy(np.float64))
        if self.standard.max_fare_gbp is None:
            return np.array([unmet, np.zeros_like(unmet)])
        lack = self.counts.reachable_with_pass < self.standard.sessions_per_week - TIE
        holders = np.where(lack, unmet * self.holders_share, 0.0)
        return np.array([unmet - holders, holders])

    def by(self, level: Level) -> pd.DataFrame:
        """One row per footprint of a level, most need-weighted unmet persons first; people of no footprint have a row of their own.

        Raises:
            QueryError: the area has no such level.
        """
        area = self.access.network.area
        if level not in area.zone_footprints:
            known = ", ".join(map(str, area.zone_footprints.columns)) or "none"
            raise QueryError(f"{area.profile.area_id} has no footprints of the level '{level}'. It has: {known}.")
        footprint = self.by_origin["zone_code"].map(area.zone_footprints[level]).fillna(NO_FOOTPRINT)
        found = self._sums(footprint, "footprint_id")
        found["uncounted_zones"] = found["footprint_id"].map(uncounted_zones(area.origins, footprint))
        names = area.footprints.loc[
            area.footprints["level"] == level, ["footprint_id", "name_en", "name_cy", "is_derived"]
        ]
        found = found.merge(names, on="footprint_id", how="left")
        found["population"] = found[list(PERSONS)].sum(axis=1, min_count=1)
        for name in ("name_en", "name_cy"):
            found[name] = found[name].fillna(NO_FOOTPRINT)
        found["is_derived"] = found["is_derived"].eq(True)
        return self._ranked(found)

    def _sums(self, key: pd.Series, name: str) -> pd.DataFrame:
        columns = [*PERSONS, "need_weighted_unmet_persons", "need_known_unmet_persons"]
        found = self.by_origin[columns].groupby(key.rename(name)).sum(min_count=1).reset_index()
        is_unknown = (found["unmet_persons"] > 0) & ~(found["need_known_unmet_persons"] > 0)
        found["need_weighted_unmet_persons"] = found["need_weighted_unmet_persons"].mask(is_unknown)
        return found

    def _ranked(self, found: pd.DataFrame) -> pd.DataFrame:
        known = found["met_persons"] + found["unmet_persons"]
        found["covered_share"] = (found["met_persons"] / known).where(known > 0)
        # Unmet people whose need is not known come after those who are weighted, and before nobody at all; uncounted ones last.
        by = ["need_weighted_unmet_persons", "unmet_persons"]
        worst = found[by].fillna({"need_weighted_unmet_persons": 0.0, "unmet_persons": -1.0})
        worst = worst.sort_values(by, ascending=False, kind="stable")
        found = found.loc[worst.index]
        differs = worst.ne(worst.shift()).any(axis=1)
        found["rank"] = np.maximum.accumulate(np.where(differs, np.arange(1, len(worst) + 1), 1))
        first = [name for name in FIRST if name in found]
        return found[[*first, *found.columns.difference(first, sort=False)]].reset_index(drop=True)


def find_gaps(
    access: SessionAccess, standard: Standard, prices: Prices | None = None, need: NeedWeights | None = None
) -> Gaps:
    """Judge every origin against a standard.

    ``prices`` is needed where the standard limits fares.

    Raises:
        UnknownName: there is no such category.
        QueryError: a mode of the standard was not computed, or not as far as its limit, or prices are wanting.
    """
    area = access.network.area
    weights = need or default_need(area)
    counts = count_sessions(access, standard, prices)
    origins = area.origins[["origin_id", "zone_code", "population"]].reset_index(drop=True)
    share, is_unknown = judge_counts(counts, standard.sessions_per_week, pass_share_by_origin(access))
    people = origins["population"].to_numpy(np.float64)
    origins["met_persons"] = np.where(is_unknown, 0.0, people * np.nan_to_num(share))
    origins["unknown_persons"] = np.where(is_unknown, people, 0.0)
    origins["unmet_persons"] = people - origins["met_persons"] - origins["unknown_persons"]
    origins.loc[origins["population"].isna(), list(PERSONS)] = np.nan
    index, problem = _need_or_problem(area, weights)
    weight = _weight(area, index, weights)
    origins["need_weighted_unmet_persons"] = np.where(
        origins["unmet_persons"] == 0, 0.0, origins["unmet_persons"] * weight
    )
    is_need_unknown = np.isnan(weight) & origins["unmet_persons"].notna()
    origins["need_known_unmet_persons"] = origins["unmet_persons"].mask(is_need_unknown, 0.0)
    origins["sessions_per_week"] = counts.reachable
    return Gaps(access, standard, weights, index, problem, counts, origins)


def need_weight(area: Area) -> NDArray[np.float64]:
    """Return what a person at each origin weighs by the usual need, NaN where that is not known."""
    weights = default_need(area)
    return _weight(area, _need_or_problem(area, weights)[0], weights)


def _weight(area: Area, index: pd.Series, weights: NeedWeights) -> NDArray[np.float64]:
    return np.asarray(person_weight(area.origins["zone_code"].map(index), weights.slope), dtype=np.float64)


def judge_counts(
    counts: Counts, sessions_per_week: float, pass_share: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return for each origin the share of its people who find so many sessions a week, and whether that is not known."""
    enough = sessions_per_week - TIE
    is_met, is_met_with_pass = counts.reachable >= enough, counts.reachable_with_pass >= enough
    may_be_met = counts.reachable + counts.unjudged >= enough
    may_be_met |= ~is_met_with_pass & (counts.reachable_with_pass + counts.unjudged >= enough)
    share = np.where(is_met, 1.0, np.where(is_met_with_pass, pass_share, 0.0))
    is_unknown = ~is_met & (~counts.is_placed | (may_be_met & (counts.unjudged > 0)))
    return share, is_unknown | np.isnan(share)


def _need_or_problem(area: Area, weights: NeedWeights) -> tuple[pd.Series, str | None]:
    try:
        return need_index(area, weights), None
    except NoNeed as error:
        return pd.Series(np.nan, index=pd.Index(area.zones["zone_code"], name="zone_code"), name="need"), str(error)


def pass_share(access: SessionAccess) -> pd.Series:
    """Return by zone code the share of people of 65 and over: a lower bound for holders of a concessionary pass."""
    zones = access.network.area.zones
    share = (zones["population_65plus"] / zones["population"]).clip(0, 1)
    return pd.Series(share.to_numpy(), index=zones["zone_code"])


def pass_share_by_origin(access: SessionAccess) -> NDArray[np.float64]:
    """Return :func:`pass_share` for each origin, NaN where nobody knows."""
    return pass_share(access)[access.network.area.origins["zone_code"]].to_numpy(np.float64)


def count_sessions(access: SessionAccess, standard: Standard, prices: Prices | None = None) -> Counts:
    """Count the week's sessions of the standard's category for each origin (errors: :func:`find_gaps`)."""
    rows = sessions_of(access, standard)
    n_origins = len(access.network.area.origins)
    reachable, with_pass, unjudged = np.zeros(n_origins), np.zeros(n_origins), np.zeros(n_origins)
    per_week = access.sessions["per_week"].to_numpy()
    for row in rows:
        is_reachable, is_with_pass, is_unjudged = judge(access, standard, int(row), prices)
        reachable += per_week[row] * is_reachable
        with_pass += per_week[row] * is_with_pass
        unjudged += per_week[row] * is_unjudged
    return Counts(reachable, with_pass, unjudged, are_placed(access, standard.modes))


def sessions_of(access: SessionAccess, standard: Standard) -> NDArray[np.intp]:
    """Return the rows of the sessions of the standard's category; where none runs there are none, and everybody goes without.

    Raises:
        UnknownName: there is no such category.
        QueryError: a mode of the standard was not computed, or not as far as its limit.
    """
    access.network.rules.check_within(standard.within_min, standard.modes)
    absent = [mode for mode in standard.modes if mode not in access.by_mode]
    if absent:
        raise QueryError(f"There and back was not computed by {', '.join(absent)}.")
    return access.of_category(standard.category)


def judge(
    access: SessionAccess, standard: Standard, session: int, prices: Prices | None = None
) -> tuple[NDArray[np.bool_], ...]:
    """Say for each origin whether a session is within reach, within reach of pass holders, and whether it can't be judged.

    A session at a venue that could not be placed is left out of the count: it can be judged for nobody, and the quality report names it.
    """
    n_origins = len(access.network.area.origins)
    is_reachable, is_with_pass, is_unjudged = (np.zeros(n_origins, dtype=bool) for _ in range(3))
    for mode in standard.modes:
        times = access.by_mode[mode]
        reason = times.reasons(session, standard.limit_s)
        is_near = is_near_with_pass = reason == Reason.REACHABLE
        if mode == "transit" and standard.max_fare_gbp is not None:
            fare_gbp = return_fare_gbp(access, session, prices, walk_within_s=standard.limit_s)
            pass_gbp = return_fare_gbp(access, session, prices, walk_within_s=standard.limit_s, has_pass=True)
            is_unjudged |= is_near & np.isnan(fare_gbp)  # a booked ride whose price nobody has told
            is_near_with_pass = is_near & (pass_gbp <= standard.max_fare_gbp)
            is_near = is_near & (fare_gbp <= standard.max_fare_gbp)
        is_with_pass |= is_near_with_pass
        is_reachable |= is_near
        is_unjudged |= np.isin(reason, MAY_BE_REACHABLE)
    return is_reachable, is_with_pass, is_unjudged & ~is_reachable


def return_fare_gbp(
    access: SessionAccess, session: int, prices: Prices | None, bound: Bound = "middle", *,
    walk_within_s: float = 0.0, has_pass: bool = False,
) -> NDArray[np.float64]:  # fmt: skip
    """Return the fare there and back for each origin; NaN where there is no way by public transport, or a price is not known.

    It is the fare of the quickest way: a single for each ride (whether by bus or by train: fares are not in the timetables; none with a
    pass), and the service's own price for a booked ride. A way that can be walked within ``walk_within_s`` costs nothing.
    """
    if prices is None:
        raise QueryError("A limit on fares needs a price table.")
    times = access.by_mode["transit"]
    if times.out_rides is None or times.back_rides is None or times.out_service is None or times.back_service is None:
        raise QueryError("There and back by public transport was computed without its rides.")
    single_gbp = 0.0 if has_pass else prices["bus_single_gbp"].at(bound)
    booked_gbp = access.network.area.demand_responsive["price_gbp"].to_numpy(np.float64)
    total = np.zeros(times.out_s.shape[1])
    venue = int(access.sessions["venue"].iloc[session])
    for row, rides, service, is_return in (
        (times.out_row[session], times.out_rides, times.out_service, False),
        (times.back_row[session], times.back_rides, times.back_service, True),
    ):
        fare = np.where(rides[row] >= 0, rides[row] * single_gbp, np.nan)
        is_booked = service[row] >= 0
        fare[is_booked] = booked_gbp[service[row][is_booked]]
        walk_s = access.network.walks_s(is_return=is_return)[venue]
        total += np.where(walk_s <= walk_within_s, 0.0, fare)
    return total


def are_placed(access: SessionAccess, modes: tuple[Mode, ...]) -> NDArray[np.bool_]:
    """Say which origins could be placed for all of the modes: an origin that misses one might do better than what is known."""
    placed = access.network.origins
    return np.logical_and.reduce([placed["walk" if mode == "transit" else mode].is_placed for mode in modes])
