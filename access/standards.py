"""Standards for groups of people: several side by side, and how deep the shortfall is.

**Groups.** A group's people are the zone's people times a share that is known of the zone. Shares that no source counts jointly are
multiplied, as if being in one said nothing of being in the other *within the zone*; ``rule`` says so beside every such figure. How the
group travels (a slower walk) is the network's: give each standard the times that fit its group.

**Depth** (Foster, Greer and Thorbecke 1984) is the mean of ``gap ** alpha`` over the people who are known; who finds the standard met has
no gap. Alpha 0 is the share unmet, 1 the mean gap, 2 weighs great gaps more. The gap in ``sessions`` is the share of the sessions asked for
that is out of reach; in ``minutes`` it is the share of T by which they are too far: at most 1, as where they are never reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.brought_counts import counts_people
from access.costs import Prices
from access.gaps import NO_FOOTPRINT, PERSONS, TIE, Gaps, find_gaps, judge_counts, pass_share
from access.measures.base import Measured, reach
from access.need import NeedWeights, need_columns
from access.query import NotComputable, QueryError, Standard
from access.sessions import SessionAccess
from access.uncounted import uncounted_in_all, uncounted_zones
from geo.area import Area
from geo.profile import Level
from geo.words import Message

Floats = NDArray[np.float64]
GapIn = Literal["sessions", "minutes"]
OLDER = "population_65plus_share"


@dataclass(frozen=True)
class PersonGroup:
    """People by the shares of the zones' columns that must all hold: ``("population_65plus_share", "households_no_car_share")``."""

    name: str  # the key of its words: ``group.older``
    shares: tuple[str, ...] = ()

    @property
    def rule(self) -> Message | None:
        """What is taken to be so that no source counts: said beside each figure of the group."""
        if len(self.shares) > 1:
            return Message("group.rule.independent")
        return Message("group.rule.households") if self.shares == ("households_no_car_share",) else None


EVERYONE = PersonGroup("everyone")
GROUPS = {
    group.name: group
    for group in (
        EVERYONE,
        PersonGroup("older", (OLDER,)),
        PersonGroup("no_car", ("households_no_car_share",)),
        PersonGroup("disabled", ("disabled_share",)),
        PersonGroup("older_no_car", (OLDER, "households_no_car_share")),
    )
}


@dataclass(frozen=True)
class GroupStandard:
    """A standard, whom it is for, and the times of those people."""

    standard: Standard
    access: SessionAccess
    group: PersonGroup = EVERYONE


@dataclass(frozen=True)
class GroupGaps:
    """The answer to one standard for one group; ``by_origin`` holds the group's persons only."""

    asked: GroupStandard
    gaps: Gaps
    by_origin: pd.DataFrame

    @property
    def rule(self) -> Message | None:
        """What is taken to be so about the group."""
        return self.asked.group.rule

    @cached_property
    def uncounted_zones(self) -> int:
        """In how many zones of the whole area nobody knows how many the group are."""
        return uncounted_in_all(self.by_origin)

    @cached_property
    def by_zone(self) -> pd.DataFrame:
        """One row per zone: ``zone_code``, met, unmet and unknown persons of the group, and the covered share."""
        return self._sums(self.by_origin["zone_code"], "zone_code")

    def by(self, level: Level) -> pd.DataFrame:
        """One row per footprint of a level, with ``uncounted_zones``, whose people are in none of its figures.

        Raises:
            QueryError: the area has none of that level.
        """
        footprint = _footprint(self.asked.access.network.area, self.by_origin["zone_code"], level)
        found = self._sums(footprint, "footprint_id")
        return found.assign(uncounted_zones=found["footprint_id"].map(uncounted_zones(self.by_origin, footprint)))

    def _sums(self, key: pd.Series, name: str) -> pd.DataFrame:
        found = self.by_origin[list(PERSONS)].groupby(key.rename(name)).sum(min_count=1).reset_index()
        known = found["met_persons"] + found["unmet_persons"]
        return found.assign(covered_share=(found["met_persons"] / known).where(known > 0))


def group_share(area: Area, group: PersonGroup) -> pd.Series:
    """Return by zone code the share of people who are of the group; NaN where a share is not known.

    Raises:
        QueryError: the area has no such column, it holds no shares, or it counts people that a user brought: of such counts only
            what ``access/brought_counts.py`` leaves may be shown, and people met and unmet would tell all of them.
    """
    share = pd.Series(1.0, index=pd.Index(area.zones["zone_code"], name="zone_code"))
    known = need_columns(area)
    for name in group.shares:
        if name not in known:
            raise QueryError(f"The group '{group.name}' can't be counted: {area.profile.area_id} lacks {name}.")
        if counts_people(area, name):
            raise QueryError(
                f"{name} counts people that were brought, so it can't say who is of the group '{group.name}': small numbers would "
                "be told. Bring a share from 0 to 1."
            )
        if name in area.zones:
            column = area.zones[name].to_numpy(np.float64)
        else:
            people = area.zones["population"].to_numpy(np.float64)
            column = area.zones[name.removesuffix("_share")].to_numpy(np.float64) / np.where(people > 0, people, np.nan)
        if np.nanmax(column) > 1 + 1e-9 or np.nanmin(column) < 0:
            raise QueryError(f"{name} is not a share from 0 to 1, so it can't say who is of the group '{group.name}'.")
        share *= np.minimum(column, 1.0)
    return share


def group_share_by_origin(area: Area, group: PersonGroup) -> NDArray[np.float64]:
    """Return :func:`group_share` for each origin; of nobody none is of the group, whatever is known of the zone.

    Raises:
        QueryError: the area has no such column.
    """
    share = area.origins["zone_code"].map(group_share(area, group)).to_numpy(np.float64)
    return np.where(area.origins["population"].to_numpy(np.float64) == 0, 0.0, share)


def judge_standards(
    asked: Sequence[GroupStandard], prices: Prices | None = None, need: NeedWeights | None = None
) -> tuple[GroupGaps, ...]:
    """Judge several standards, each for its group.

    People of zones where a share is not known are unknown altogether (missing), as people of zones without a population are. Under a limit
    on fares older people are taken to hold a pass; of other groups as many as of all people in their zone.

    Raises:
        QueryError, as in :func:`access.gaps.find_gaps` and :func:`group_share`.
    """
    return tuple(_judge(one, prices, need) for one in asked)


def for_everyone(gaps: Gaps) -> GroupGaps:
    """Return an answer as that of everyone, whom it was judged for."""
    return GroupGaps(GroupStandard(gaps.standard, gaps.access), gaps, gaps.by_origin)


def _judge(asked: GroupStandard, prices: Prices | None, need: NeedWeights | None) -> GroupGaps:
    gaps = find_gaps(asked.access, asked.standard, prices, need)
    share = group_share_by_origin(asked.access.network.area, asked.group)
    origins = gaps.by_origin[["origin_id", "zone_code", "population", *PERSONS]].copy()
    if _holds_passes(asked):
        with_pass = replace(gaps.counts, reachable=gaps.counts.reachable_with_pass)
        everyone = np.ones(len(origins))
        met, is_unknown = judge_counts(with_pass, asked.standard.sessions_per_week, everyone)
        people = origins["population"].to_numpy(np.float64)
        for name, is_so in zip(PERSONS, (~is_unknown & (met > 0), ~is_unknown & (met == 0), is_unknown), strict=True):
            origins[name] = people * is_so
    columns = ["population", *PERSONS]
    origins[columns] = origins[columns].mul(share, axis=0)
    return GroupGaps(asked, gaps, origins)


def _holds_passes(asked: GroupStandard) -> bool:
    """Say whether all of a group are taken to ride free under a limit on fares."""
    return OLDER in asked.group.shares and asked.standard.max_fare_gbp is not None


def as_table(found: Sequence[GroupGaps]) -> pd.DataFrame:
    """Return one row per standard: category, group, limits, and the group's met, unmet and unknown persons.

    Persons are of the zones where it is known how many the group are, missing where that is none; ``uncounted_zones`` are the others.
    """
    rows: list[dict[str, object]] = []
    for one in found:
        standard = one.asked.standard
        said: dict[str, object] = {
            "category": standard.category, "group": one.asked.group.name, "walk_kmh": one.asked.access.network.rules.walk_kmh,
            "within_min": standard.within_min, "sessions_per_week": standard.sessions_per_week, "modes": " ".join(standard.modes),
        }  # fmt: skip
        persons = one.by_origin[list(PERSONS)].sum(min_count=1)
        persons_said = {str(name): value for name, value in persons.items()}
        rows.append(said | persons_said | {"uncounted_zones": one.uncounted_zones})
    return pd.DataFrame(rows)


def met_share(gaps: Gaps) -> Measured:
    """Return the share of each origin's people who find a standard met, as a measure: for maps and for equity (bounds 0 and 1)."""
    origins = gaps.by_origin
    known = (origins["met_persons"] + origins["unmet_persons"]).to_numpy(np.float64)
    is_known = known > 0
    share = np.divide(
        origins["met_persons"].to_numpy(np.float64), known, out=np.full(len(known), np.nan), where=is_known
    )
    values = pd.Series(share, index=pd.Index(origins["origin_id"], name="origin_id"), name="met")
    return Measured("met", "unit.share", gaps.access.network.area, values, is_known, is_known & (share > 0))


def measured_for(found: Measured, group: PersonGroup) -> Measured:
    """Return a measure summed up over a group: each origin keeps its value, and its people are those of the group.

    What a value is made of stays: who shares the places of a session, in the catchment measures, is everyone. People of zones where a share
    is not known are missing: these are ``uncounted_zones`` of the group.

    Raises:
        QueryError: the area has no such column.
    """
    origins = found.area.origins
    persons = origins["population"] * group_share_by_origin(found.area, group)
    return replace(found, group=group.name, area=replace(found.area, origins=origins.assign(population=persons)))


def gap_of(gaps: Gaps, gap_in: GapIn = "sessions") -> Floats:
    """Return each origin's gap from 0 to 1 (see above) for those of its people who find the standard unmet.

    Raises:
        NotComputable: minutes are asked for under a limit on fares, which they say nothing of.
    """
    standard = gaps.standard
    if gap_in == "sessions":
        return np.clip(1 - gaps.counts.reachable / standard.sessions_per_week, 0.0, 1.0)
    if standard.max_fare_gbp is not None:
        raise NotComputable(Message("measure.depth_without_fares"))
    found = reach(gaps.access, standard.category, standard.modes)
    if found.sessions.empty:  # of what is held nowhere, all is out of reach
        return np.ones(found.minutes.shape[1])
    order = np.argsort(np.where(np.isnan(found.minutes), np.inf, found.minutes), axis=0)
    minutes = np.take_along_axis(found.minutes, order, axis=0)
    behind = np.cumsum(found.sessions["per_week"].to_numpy(np.float64)[order], axis=0)
    enough = behind >= standard.sessions_per_week - 1e-9
    needed = np.take_along_axis(minutes, enough.argmax(axis=0)[None], axis=0)[0]
    needed = np.where(enough.any(axis=0), needed, np.nan)
    return np.clip(np.nan_to_num(needed / standard.within_min - 1, nan=1.0), 0.0, 1.0)


def depth(
    found: GroupGaps, *, gap_in: GapIn = "sessions", alphas: Sequence[float] = (0, 1, 2), level: Level | None = None
) -> pd.DataFrame:
    """Return depth, one row for all or per footprint: ``known_persons, fgt_0, fgt_1 …``; NaN where nobody is known.

    Raises:
        QueryError: an alpha is negative, or there is none. NotComputable, as in :func:`gap_of`.
    """
    if not alphas or min(alphas) < 0:
        raise QueryError("alpha must be 0 or more.")
    origins, gap = found.by_origin, gap_of(found.gaps, gap_in)
    unmet = origins["unmet_persons"].to_numpy(np.float64)
    known = unmet + origins["met_persons"].to_numpy(np.float64)
    with_pass, holders = _gap_with_pass(found) if gap_in == "sessions" else (gap, np.zeros(len(gap)))
    terms = {
        f"fgt_{alpha:g}": np.where(
            unmet > 0, unmet * ((1 - holders) * gap**alpha + holders * with_pass**alpha), 0.0 * unmet
        )
        for alpha in alphas
    }
    frame = pd.DataFrame({"known_persons": known, **terms})
    if level:
        key = _footprint(found.asked.access.network.area, origins["zone_code"], level).rename("footprint_id")
        sums = frame.groupby(key.to_numpy()).sum().rename_axis("footprint_id").reset_index()
    else:
        sums = frame.sum().to_frame().T
    total = sums["known_persons"].where(sums["known_persons"] > 0)
    return sums.assign(**{name: sums[name] / total for name in terms})


def _gap_with_pass(found: GroupGaps) -> tuple[Floats, Floats]:
    """Return each origin's gap in sessions of those who hold a pass, and their share of the people who find the standard unmet."""
    gaps, asks = found.gaps, found.gaps.standard.sessions_per_week
    gap = np.clip(1 - gaps.counts.reachable_with_pass / asks, 0.0, 1.0)
    codes = gaps.by_origin["zone_code"]
    share = np.ones(len(gap)) if _holds_passes(found.asked) else pass_share(gaps.access)[codes].to_numpy(np.float64)
    is_met = gaps.counts.reachable_with_pass >= asks - TIE
    return gap, np.where(is_met, 0.0, np.nan_to_num(share))


def _footprint(area: Area, zone_code: pd.Series, level: Level) -> pd.Series:
    if level not in area.zone_footprints:
        known = ", ".join(map(str, area.zone_footprints.columns)) or "none"
        raise QueryError(f"{area.profile.area_id} has no footprints of the level '{level}'. It has: {known}.")
    return zone_code.map(area.zone_footprints[level]).fillna(NO_FOOTPRINT)
