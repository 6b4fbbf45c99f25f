"""Compare footprints: any two of a level, or one against the median of its peers, on every measure there is, weighted by people.

A footprint's value is the mean over its people (the median for times), so that a large zone counts for its people and not for its
ground. The median of the peers is the middle of the other footprints of the level, each counting once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from access.catchments import categories as running_categories
from access.gaps import NO_FOOTPRINT, Gaps, find_gaps
from access.measures import Measured, kinds, measure, parameters
from access.measures.catchments import UNIT, PlacesUnknown
from access.need import NeedWeights, NoNeed, need_index
from access.posts import PER, posts_by_cluster
from access.query import Mode, NotComputable, QueryError, Standard
from access.sessions import SessionAccess
from access.standards import GapIn, depth, for_everyone
from access.uncounted import uncounted_zones
from geo.area import Area
from geo.errors import UnknownName
from geo.profile import Level
from geo.words import LANGUAGES, Message, say

FIGURES: dict[str, bool | None] = {  # of the people and their provision; whether more is better (None: neither)
    "population": None, "share_65plus": None, "no_car_share": None, "mean_need": None, "wte_per_10000_residents": True,
}  # fmt: skip

DEPTHS: dict[str, GapIn] = {"depth_sessions": "sessions", "depth_minutes": "minutes"}  # the mean gap of all people
SLOW = ("nearest_in_window",)
NEAREST = ("nearest", "nearest_in_window")  # measures of the n-th option
NTH = (2, 3)


@dataclass(frozen=True)
class FootprintFigures:
    """Every measure for every footprint of a level.

    Times are infinite where half the people or more reach nothing.
    ``values`` has one row per measure (columns: footprint ids); ``about`` runs beside it: ``measure, category`` (missing: none),
    ``unit``, ``more_is_better`` (missing where neither is), ``problem`` (a :class:`Message`: why a row is missing, where it is).
    ``known_persons`` has the shape of ``values``: of how many people each value is known, missing where nobody is counted.
    """

    area: Area
    level: Level
    values: pd.DataFrame
    about: pd.DataFrame
    known_persons: pd.DataFrame

    @cached_property
    def uncounted_zones(self) -> pd.Series:
        """How many zones of each footprint have people whom nobody has counted; with one, how many people there are is not known."""
        footprint = self.area.origins["zone_code"].map(self.area.zone_footprints[self.level]).to_numpy(object)
        return uncounted_zones(self.area.origins, footprint).reindex(self.values.columns, fill_value=0)

    def compare(self, first: str, second: str | None = None) -> pd.DataFrame:
        """Return one row per measure: ``first``, ``second`` (or the median of the peers), ``difference``, and who is better off.

        ``better`` is ``first``, ``second``, ``same`` or missing (not known, or neither is better); ``rank`` of the first among ``ranked``
        footprints whose value is known, 1 being the best, or the most where neither is better. ``first_known_persons`` and
        ``second_known_persons`` say of how many people each value is known (missing for the median of the peers).

        Raises:
            UnknownName: there is no such footprint. QueryError: a footprint against itself, or one that has no peers.
        """
        for name in (first, *([second] if second else [])):
            if name not in self.values:
                raise UnknownName("footprint", name, self.values.columns)
        peers = self.values.drop(columns=first)
        if first == second or peers.empty:
            raise QueryError(f"{first} has nothing to be compared with. Choose another footprint.")
        own = self.values[first]
        other = self.values[second] if second else peers.median(axis=1)
        difference = own - other
        sign = self.about["more_is_better"].map({True: 1.0, False: -1.0})
        better = np.select(
            [
                (difference * sign) > 1e-9,
                (difference * sign) < -1e-9,
                sign.notna() & (difference.notna() | (own == other)),
            ],
            ["first", "second", "same"],
            default="",
        )
        upwards = self.values.mul(np.where(sign == -1.0, -1.0, 1.0), axis=0)
        rank = upwards.rank(axis=1, ascending=False, method="min")[first]
        found = self.about.assign(first=own, second=other, difference=difference)
        return found.assign(
            better=pd.Series(better, index=found.index).replace("", None),
            rank=rank,
            ranked=self.values.notna().sum(axis=1),
            first_known_persons=self.known_persons[first],
            second_known_persons=self.known_persons[second] if second else np.nan,
        )


def footprint_figures(
    access: SessionAccess,
    level: Level,
    *,
    categories: Sequence[str] = (),
    measures: Sequence[str] = (),
    nth: Sequence[int] = NTH,
    within_min: float = 45.0,
    modes: tuple[Mode, ...] = ("transit",),
    asked: Mapping[str, object] | None = None,
    need: NeedWeights | None = None,
    answered: Sequence[Gaps] = (),
) -> FootprintFigures:
    """Compute every measure by footprint: people, gaps and their depth and the registered measures by category, posts for clusters.

    Without ``categories`` all that run, without ``measures`` all but those that search the timetable anew (``SLOW``) unless something is
    ``asked`` that is theirs. Beside the nearest option stand the ``nth`` ones (``nearest_2``). ``within_min`` is the limit of the standard
    and of every measure that has one; what else is ``asked`` (``percentile``, ``assumed_capacity`` … : :func:`access.measures.parameters`)
    goes to each measure that has it. ``need`` without a choice is the profile's. The standard asks for one session a week whatever the
    fare, but in the categories of standards that are ``answered`` already it is those.

    Raises:
        QueryError: the area has no such level, a measure does not exist, or none of them has what is asked.
    """
    area = access.network.area
    if level not in area.zone_footprints:
        known = ", ".join(map(str, area.zone_footprints.columns)) or "none"
        raise QueryError(f"{area.profile.area_id} has no footprints of the level '{level}'. It has: {known}.")
    asked = asked or {}
    names = _measures(measures, asked)
    rows = _of_people(area, level, need)
    for category in categories or running_categories(access):
        gaps = next((one for one in answered if one.standard.category == category), None)
        gaps = gaps or find_gaps(access, Standard(category, within_min=within_min, modes=modes), need=need)
        rows += _of_standard(gaps, level)
        for name in names:
            own = {key: value for key, value in {"within_min": within_min, **asked}.items() if key in parameters(name)}
            rows.append(_of_measure(access, category, modes, level, name, own))
            if name == "nearest":
                rows += [
                    _of_measure(access, category, modes, level, name, {"n": n}) for n in dict.fromkeys(nth) if n != 1
                ]
    return _figures(area, level, rows)


def _measures(named: Sequence[str], asked: Mapping[str, object]) -> list[str]:
    """Return the measures to be compared, by what was named and asked."""
    names = list(dict.fromkeys(named)) or [
        name for name in sorted(kinds()) if name not in SLOW or not asked.keys().isdisjoint(parameters(name))
    ]
    if foreign := asked.keys() - {key for name in names for key in parameters(name)}:
        raise QueryError(
            f"None of {', '.join(names)} has {', '.join(sorted(foreign))}. Compare a measure that has, or ask without."
        )
    return names


@dataclass(frozen=True)
class _Row:
    measure: str
    category: str | None
    unit: str
    more_is_better: bool | None
    values: pd.Series
    known_persons: pd.Series
    problem: Message | None = None


_NOTHING = pd.Series(dtype=np.float64)


def _figures(area: Area, level: Level, rows: Sequence[_Row]) -> FootprintFigures:
    codes = pd.Index(area.footprints.loc[area.footprints["level"] == level, "footprint_id"], name="footprint_id")
    values, known = (
        pd.DataFrame([series.reindex(codes).to_numpy(np.float64) for series in side], columns=codes)
        for side in ([row.values for row in rows], [row.known_persons for row in rows])
    )
    names = ("measure", "category", "unit", "more_is_better", "problem")
    about = pd.DataFrame([{name: getattr(row, name) for name in names} for row in rows], columns=list(names))
    return FootprintFigures(area, level, values, about, known)


def _of_standard(gaps: Gaps, level: Level) -> list[_Row]:
    """Return the share who find a standard met, and how deep the shortfall is: in minutes only where fares have no say."""
    category = gaps.standard.category
    met = gaps.by(level).set_index("footprint_id")
    judged = met["met_persons"] + met["unmet_persons"]
    rows = [_Row("covered_share", category, "unit.share", True, met["covered_share"], judged)]
    for name, gap_in in DEPTHS.items():
        try:
            found = depth(for_everyone(gaps), gap_in=gap_in, alphas=(1,), level=level).set_index("footprint_id")
        except NotComputable as error:
            rows.append(_Row(name, category, "unit.gap", False, _NOTHING, _NOTHING, problem=error.why))
            continue
        rows.append(_Row(name, category, "unit.gap", False, found["fgt_1"], judged))
    return rows


def _of_measure(
    access: SessionAccess, category: str, modes: tuple[Mode, ...], level: Level, name: str, own: dict[str, Any]
) -> _Row:
    """Return a registered measure, ``own`` being its parameters; where ``n`` is one of them it is part of the name."""
    row = f"{name}_{own['n']}" if "n" in own else name
    try:
        one = measure(name, access, category, modes, **own)
    except PlacesUnknown as error:
        return _Row(row, category, UNIT, True, _NOTHING, _NOTHING, problem=error.why)
    return _Row(row, category, one.unit, one.more_is_better, *_by_footprint(one, level))


def _by_footprint(found: Measured, level: Level) -> tuple[pd.Series, pd.Series]:
    """Return a measure by footprint, and of how many people it is known.

    A time is infinite where it is known that half the people or more reach nothing: no place is worse.
    """
    table = found.by(level).set_index("footprint_id")
    is_out_of_reach = table["value"].isna() & table["reachable_share"].notna()
    values = table["value"].mask(is_out_of_reach & (found.summary == "median"), np.inf)
    return values, table["reaching_persons"] + table["not_reaching_persons"]


def _of_people(area: Area, level: Level, need: NeedWeights | None) -> list[_Row]:
    """Return the figures of the people themselves, and their link workers where posts are by cluster.

    The number of people is missing where that of one of its zones is: a part of them is no number to hold beside others.
    """
    zones = area.zones.set_index("zone_code")
    footprint = area.zone_footprints[level].reindex(zones.index).fillna(NO_FOOTPRINT)
    people = zones["population"]
    counted = people.groupby(footprint).sum(min_count=1)
    rows: dict[str, tuple[pd.Series, pd.Series]] = {
        "population": (counted.mask(people.isna().groupby(footprint).any()), counted)
    }
    shares = {
        "share_65plus": zones["population_65plus"] / people.where(people > 0),
        "no_car_share": zones["households_no_car_share"],
    }
    with suppress(NoNeed):  # without ranks there is no need to compare, so the row is left out
        shares["mean_need"] = need_index(area, need).reindex(zones.index)
    for name, share in shares.items():
        weight = people.where(share.notna())
        known = weight.groupby(footprint).sum(min_count=1)
        rows[name] = ((share * weight).groupby(footprint).sum(min_count=1) / known.where(known > 0), known)
    if level == "cluster" and not area.posts.empty:
        column = f"wte_per_{PER}_residents"
        rows[column] = (posts_by_cluster(area, need).set_index("cluster_id")[column], counted)
    unit = {"population": "unit.persons", "mean_need": "unit.need", "wte_per_10000_residents": "unit.wte",
            "no_car_share": "unit.share_households"}  # fmt: skip
    return [_Row(name, None, unit.get(name, "unit.share"), FIGURES[name], *found) for name, found in rows.items()]


def as_table(found: pd.DataFrame) -> pd.DataFrame:
    """Return a comparison to be written to a file: why a row is missing stands in it in each language (``problem_en, problem_cy``)."""
    table = found.drop(columns="problem")
    for language in LANGUAGES:
        table[f"problem_{language}"] = [None if why is None else say(why, language) for why in found["problem"]]
    return table


def measure_name(name: str) -> Message:
    """Return what a measure, or another row of a comparison, is called: that of the n-th option is ``nearest_n``."""
    kind, _, n = name.rpartition("_")
    if n.isdecimal() and kind in NEAREST:
        return Message(f"compare.{kind}_n", count=int(n))
    return Message(f"compare.{name}") if name in (*FIGURES, "covered_share", *DEPTHS) else Message(f"measure.{name}")
