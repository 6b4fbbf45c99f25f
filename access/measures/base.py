"""What every measure starts from and gives: the minutes to each session, and a value by origin that one roll-up sums up.

**Legs.** ``out`` and ``back`` are one way. ``round_trip`` is the longer of the two ways, not their sum: a standard limits each way, so
"within T" says the same here as in ``access.gaps``. By several modes, the best mode counts, used both ways.

**Three answers.** A value is unknown (NaN, ``is_known`` false) where the origin could not be placed, or where no way is known to a session
on a day that the timetable does not cover. An origin that reaches nothing has 0 sessions, and for times NaN with ``is_reachable`` false.
Sessions at venues that could not be placed are left out, and counted in ``notes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from access.gaps import NO_FOOTPRINT
from access.mode_times import ModeTimes
from access.query import Mode, QueryError
from access.sessions import SessionAccess
from access.uncounted import uncounted_in_all, uncounted_zones
from geo.area import Area
from geo.profile import Level
from geo.words import Message

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Legs = Literal["round_trip", "out", "back"]
LEGS: tuple[Legs, ...] = get_args(Legs)


@dataclass(frozen=True)
class Reach:
    """Minutes to each session of a category, by the best of the modes. Rows of ``sessions``, columns of ``area.origins``."""

    area: Area
    category: str
    sessions: pd.DataFrame
    minutes: Floats  # (sessions, origins); NaN no way
    is_known: Bools  # (origins,)
    left_out: int = 0  # sessions whose venue could not be placed

    @property
    def notes(self) -> tuple[Message, ...]:
        """What a reader must be told of these minutes."""
        return (Message("measure.left_out", count=self.left_out),) if self.left_out else ()


def reach(
    access: SessionAccess, category: str, modes: Sequence[Mode] = ("transit",), legs: Legs = "round_trip", *, within_min: float = 0.0
) -> Reach:  # fmt: skip
    """Return the minutes to every session of a category; those up to ``within_min`` are what a measure goes by.

    Raises:
        UnknownName: there is no such category.
        QueryError: a mode was not computed, or not as far as ``within_min``, or the legs are not one of :data:`LEGS`.
    """
    absent = [mode for mode in modes if mode not in access.by_mode]
    if absent or not modes:
        raise QueryError(f"There and back was not computed by {', '.join(absent) or 'any mode'}.")
    if legs not in LEGS:
        raise QueryError(f"There are no legs called '{legs}'. Known: {', '.join(LEGS)}.")
    rows = access.of_category(category)
    network = access.network
    network.rules.check_within(within_min, modes)
    streets = ["walk" if mode == "transit" else mode for mode in modes]
    venue = access.sessions["venue"].to_numpy(np.intp)[rows]
    is_held = np.logical_or.reduce([network.venues[street].is_placed[venue] for street in streets])
    is_placed = np.logical_and.reduce([network.origins[street].is_placed for street in streets])
    kept = rows[is_held]
    minutes = np.full((len(kept), len(network.area.origins)), np.nan)
    is_judged = np.ones_like(minutes, dtype=bool)
    for mode in modes:
        times = access.by_mode[mode]
        found = _minutes(times, kept, legs)
        is_judged &= times.is_covered[kept][:, None] | ~np.isnan(found)
        if times.wheelchair is not None:
            found, is_settled = times.wheelchair.settled(found, _minutes(times.wheelchair.sure, kept, legs), kept)
            is_judged &= is_settled
        minutes = np.fmin(minutes, found)
    minutes[:, ~is_placed] = np.nan
    sessions = access.sessions.iloc[kept].reset_index(drop=True)
    return Reach(
        network.area, category, sessions, minutes, is_placed & is_judged.all(axis=0), int(np.count_nonzero(~is_held))
    )


def _minutes(times: ModeTimes, rows: NDArray[np.intp], legs: Legs) -> Floats:
    out_min = times.out_s[times.out_row[rows]].astype(np.float64) / 60
    back_min = times.back_s[times.back_row[rows]].astype(np.float64) / 60
    if legs == "out":
        return out_min
    return (
        back_min if legs == "back" else np.maximum(out_min, back_min)
    )  # maximum keeps NaN: no way either way is no way


@dataclass(frozen=True)
class Measured:
    """The value of a measure for each origin, and summed up for zones and footprints, weighted by people.

    ``values`` is by ``origin_id``, NaN where unknown or unreachable. ``summary`` says how values are summed up: ``mean`` of those known, or
    ``median`` for times, in which what can't be reached counts as longer than anything (NaN: half the people or more reach nothing).
    """

    name: str
    unit: str  # a key: ``unit.min``
    area: Area
    values: pd.Series
    is_known: Bools
    is_reachable: Bools
    more_is_better: bool = True
    summary: Literal["mean", "median"] = "mean"
    notes: tuple[Message, ...] = field(default=())
    group: str = "everyone"  # whose people the area's origins hold (access.standards.GROUPS)

    @cached_property
    def uncounted_zones(self) -> int:
        """How many zones of the whole area have people whom nobody has counted."""
        return uncounted_in_all(self.area.origins)

    @cached_property
    def by_origin(self) -> pd.DataFrame:
        """One row per origin: ``origin_id, zone_code, population, value, is_known, is_reachable``."""
        origins = pd.DataFrame(self.area.origins[["origin_id", "zone_code", "population"]]).reset_index(drop=True)
        return origins.assign(value=self.values.to_numpy(), is_known=self.is_known, is_reachable=self.is_reachable)

    @cached_property
    def by_zone(self) -> pd.DataFrame:
        """One row per zone, in the zones' order: names, persons who reach, don't, and are unknown, and the value."""
        found = roll_up(self, self.by_origin["zone_code"].to_numpy(object), "zone_code")
        return self.area.zones[["zone_code", "name_en", "name_cy"]].merge(found, on="zone_code", how="left")

    def by(self, level: Level) -> pd.DataFrame:
        """One row per footprint of a level, and one for people of no footprint.

        ``uncounted_zones`` are the zones whose people nobody has counted: they are in no figure of a footprint that has others.

        Raises:
            QueryError: the area has no such level.
        """
        if level not in self.area.zone_footprints:
            known = ", ".join(map(str, self.area.zone_footprints.columns)) or "none"
            raise QueryError(f"{self.area.profile.area_id} has no footprints of the level '{level}'. It has: {known}.")
        key = self.by_origin["zone_code"].map(self.area.zone_footprints[level]).fillna(NO_FOOTPRINT)
        found = roll_up(self, key.to_numpy(object), "footprint_id")
        found["uncounted_zones"] = found["footprint_id"].map(uncounted_zones(self.area.origins, key))
        footprints = self.area.footprints
        names = footprints.loc[footprints["level"] == level, ["footprint_id", "name_en", "name_cy", "is_derived"]]
        found = found.merge(names, on="footprint_id", how="left")
        found[["name_en", "name_cy"]] = found[["name_en", "name_cy"]].fillna(NO_FOOTPRINT)
        return found.assign(is_derived=found["is_derived"].eq(True))


def measured(
    found: Reach, name: str, unit: str, values: Floats, is_reachable: ArrayLike, *, more_is_better: bool = True,
    notes: Sequence[Message] = (),
) -> Measured:  # fmt: skip
    """Return a measure with what is unknown set to NaN; where less is better it is a time."""
    held = np.where(found.is_known, values, np.nan)
    series = pd.Series(held, index=pd.Index(found.area.origins["origin_id"], name="origin_id"), name=name)
    return Measured(
        name, unit, found.area, series, found.is_known, found.is_known & np.asarray(is_reachable, dtype=bool), more_is_better,
        "mean" if more_is_better else "median", (*found.notes, *notes),
    )  # fmt: skip


def roll_up(found: Measured, key: NDArray[np.object_], name: str) -> pd.DataFrame:
    """Sum a measure up by ``key`` (one per origin): ``reaching_persons, not_reaching_persons, unknown_persons, reachable_share, value``.

    Where the people of a group are not known, or there are none, its origins count alike; persons are missing, or none.
    """
    people = found.by_origin["population"].to_numpy(np.float64)
    is_counted = pd.Series(np.nan_to_num(people)).groupby(key).transform("sum").to_numpy() > 0
    weight = np.where(is_counted, np.nan_to_num(people), 1.0)
    is_told = pd.Series(~np.isnan(people)).groupby(key).transform("any").to_numpy()
    persons = np.where(is_told, np.nan_to_num(people), np.nan)
    frame = pd.DataFrame(
        {
            name: key,
            "reaching_persons": np.where(found.is_reachable, persons, 0 * persons),
            "not_reaching_persons": np.where(found.is_known & ~found.is_reachable, persons, 0 * persons),
            "unknown_persons": np.where(found.is_known, 0 * persons, persons),
            "known": np.where(found.is_known, weight, 0.0),
            "reaching": np.where(found.is_reachable, weight, 0.0),
            "sum": np.where(found.is_known, weight * np.nan_to_num(found.values.to_numpy()), 0.0),
        }
    )
    sums = frame.groupby(name).sum(min_count=1).reset_index()
    known = sums["known"].where(sums["known"] > 0)
    sums["reachable_share"] = sums["reaching"] / known
    if found.summary == "mean":
        sums["value"] = sums["sum"] / known
    else:
        middle = {code: _median(found, weight, np.asarray(rows)) for code, rows in frame.groupby(name).indices.items()}
        sums["value"] = sums[name].map(middle)
    return sums.drop(columns=["known", "reaching", "sum"])


def _median(found: Measured, weight: Floats, rows: NDArray[np.intp]) -> float:
    """Return the least value that at least half of the known people have or better; NaN where they reach nothing."""
    rows = rows[found.is_known[rows]]
    value = np.where(found.is_reachable[rows], found.values.to_numpy()[rows], np.inf)
    order = np.argsort(value, kind="stable")
    behind = np.cumsum(weight[rows][order])
    if not len(rows) or behind[-1] <= 0:
        return float("nan")
    middle = value[order][np.searchsorted(behind, behind[-1] / 2 * (1 - 1e-12))]
    return float(middle) if np.isfinite(middle) else float("nan")
