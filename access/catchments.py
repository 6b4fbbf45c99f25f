"""The catchment of each session of a category, and who would find the standard unmet if some of the sessions stopped.

Loss is counted by the rules of :func:`access.gaps.find_gaps`: a person loses who finds the standard met now, and would not without
the sessions named. People of whom it would not be known then are not counted as losing, but apart; of whom nothing is known now, nothing is
said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.costs import Prices
from access.gaps import Counts, are_placed, judge, judge_counts, pass_share_by_origin, sessions_of
from access.need import NeedWeights, NoNeed, default_need, need_index, person_weight
from access.query import QueryError, Standard
from access.sessions import SessionAccess
from access.uncounted import uncounted_in_all
from geo.words import Message


@dataclass(frozen=True)
class Losers:
    """Who would lose a standard if some sessions stopped. Arrays are by origin.

    ``persons`` find it met now and would not; of ``unknown_persons``, who find it met now, it would not be known. ``is_uncounted`` are
    origins whose people nobody has counted, where some would lose it or it would not be known.
    """

    persons: NDArray[np.float64]
    unknown_persons: NDArray[np.float64]
    is_uncounted: NDArray[np.bool_]


@dataclass(frozen=True, order=True)
class Loss:
    """:class:`Losers` summed up over the area: ``persons`` missing where nobody at all is counted, ``uncounted_zones`` with such people."""

    persons: float
    unknown_persons: float
    uncounted_zones: int

    @property
    def is_any(self) -> bool:
        """Whether somebody is known to lose."""
        return self.persons >= 0.5

    @property
    def is_unsure(self) -> bool:
        """Whether there are people of whom it is not known if they lose, or how many they are."""
        return self.unknown_persons >= 0.5 or self.uncounted_zones > 0

    def tell_unsure(self) -> tuple[Message, ...]:
        """Return of how many people it is not known whether they lose, and in how many zones how many do."""
        said = []
        if self.unknown_persons >= 0.5:
            said.append(Message("loss.unknown", {"persons": f"{self.unknown_persons:,.0f}"}))
        if self.uncounted_zones:
            said.append(Message("loss.uncounted", count=self.uncounted_zones))
        return tuple(said)


@dataclass(frozen=True)
class Catchments:
    """Who reaches which session of a standard's category there and back. Arrays are (sessions, origins) unless said otherwise.

    ``rows`` are the sessions' rows in ``access.sessions``; everywhere here a session is named by its place in ``rows``.
    ``weight`` (origins) is what a person counts by need, NaN where need is not known.
    """

    access: SessionAccess
    standard: Standard
    rows: NDArray[np.intp]
    is_reachable: NDArray[np.bool_]
    is_with_pass: NDArray[np.bool_]
    is_unjudged: NDArray[np.bool_]
    is_placed: NDArray[np.bool_]
    weight: NDArray[np.float64]

    @cached_property
    def sessions(self) -> pd.DataFrame:
        """The sessions, one row each, in the order of the arrays."""
        return self.access.sessions.iloc[self.rows].reset_index(drop=True)

    @cached_property
    def people(self) -> NDArray[np.float64]:
        """People of each origin; those of unknown number count as none: what is summed up of them says so by ``uncounted_zones``."""
        return np.nan_to_num(self.access.network.area.origins["population"].to_numpy(np.float64))

    @cached_property
    def is_counted(self) -> NDArray[np.bool_]:
        """Say of each origin (origins) whether its people are counted."""
        return self.access.network.area.origins["population"].notna().to_numpy(bool)

    @cached_property
    def uncounted_zones(self) -> int:
        """How many zones of the whole area have people whom nobody has counted, who are in no total."""
        return uncounted_in_all(self.access.network.area.origins)

    @cached_property
    def persons(self) -> NDArray[np.float64]:
        """Persons of each origin who reach each session: all, or under a limit on fares those with a pass."""
        holders = np.where(self.is_with_pass, np.nan_to_num(self._pass_share)[None, :], 0.0)
        return np.where(self.is_reachable, 1.0, holders) * self.people

    @cached_property
    def met_persons(self) -> NDArray[np.float64]:
        """Persons of each origin (origins) who find the standard met."""
        return self.people * self._now[0]

    @cached_property
    def is_unknown(self) -> NDArray[np.bool_]:
        """Of which origins' people it is not known whether they find the standard met."""
        return self._now[1]

    def lost_persons(self, stopped: Collection[int] | NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the persons of each origin who find the standard met now and would not if these sessions stopped."""
        return self.losers(stopped).persons

    def losers(self, stopped: Collection[int] | NDArray[np.intp]) -> Losers:
        """Return who finds the standard met now and would not, or of whom it would not be known, if these sessions stopped."""
        is_kept = np.ones(len(self.rows), dtype=bool)
        is_kept[list(stopped)] = False
        kept, is_unknown = self._met(is_kept)
        met_now, _ = self._now
        lost = np.where(is_unknown, 0.0, np.maximum(met_now - kept, 0.0))
        may_be_lost = np.where(is_unknown, met_now, 0.0)
        return Losers(self.people * lost, self.people * may_be_lost, ~self.is_counted & (lost + may_be_lost > 0))

    def loss(self, losers: Losers) -> Loss:
        """Return who loses summed up over the area."""
        zones = self.access.network.area.origins["zone_code"].to_numpy(object)[losers.is_uncounted]
        return Loss(self.total(losers.persons), float(losers.unknown_persons.sum()), len(set(zones)))

    def total(self, persons: NDArray[np.float64]) -> float:
        """Return persons (origins) summed over the area; NaN where nobody is counted in any of it."""
        return float(persons.sum()) if self.is_counted.any() else float("nan")

    def weighted(self, persons: NDArray[np.float64]) -> float | None:
        """Return persons (origins) summed under need; None where the need of some of them is not known, or nobody is counted."""
        if not self.is_counted.any():
            return None
        total = float((persons[persons > 0] * self.weight[persons > 0]).sum())
        return None if np.isnan(total) else total

    @cached_property
    def _pass_share(self) -> NDArray[np.float64]:
        return pass_share_by_origin(self.access)

    @cached_property
    def _now(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        return self._met(np.ones(len(self.rows), dtype=bool))

    def _met(self, is_kept: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the share of people (origins) who find it met, by the rules of ``find_gaps``, with only some of the sessions, and where
        that is not known."""
        per_week = np.where(is_kept, self.sessions["per_week"].to_numpy(np.float64), 0.0)
        reachable, with_pass, unjudged = (
            per_week @ part for part in (self.is_reachable, self.is_with_pass, self.is_unjudged)
        )
        counts = Counts(reachable, with_pass, unjudged, self.is_placed)
        share, is_unknown = judge_counts(counts, self.standard.sessions_per_week, self._pass_share)
        return np.where(is_unknown, 0.0, np.nan_to_num(share)), is_unknown


def find_catchments(
    access: SessionAccess, standard: Standard, prices: Prices | None = None, need: NeedWeights | None = None
) -> Catchments:
    """Judge every session of the standard's category for every origin.

    Raises:
        UnknownName: there is no such category. QueryError: a mode was not computed, or a limit on fares lacks its prices.
    """
    rows = sessions_of(access, standard)
    judged = [judge(access, standard, int(row), prices) for row in rows]
    shape = (len(rows), len(access.network.area.origins))  # also where no session runs
    reachable, with_pass, unjudged = (
        np.array([session[part] for session in judged], dtype=bool).reshape(shape) for part in range(3)
    )
    is_placed = are_placed(access, standard.modes)
    return Catchments(access, standard, rows, reachable, with_pass, unjudged, is_placed, _weight(access, need))


def say_unknown(of: Sequence[Catchments]) -> tuple[Message, ...]:
    """Say of how many people it is not known whether they find a standard met, if there are any."""
    unknown = float(of[0].people @ np.logical_or.reduce([one.is_unknown for one in of]))
    return (Message("catchments.unknown", {"persons": f"{unknown:,.0f}"}),) if unknown >= 0.5 else ()


def categories(access: SessionAccess) -> list[str]:
    """Return the categories of which a session runs."""
    return sorted(access.sessions["category"].unique())


def each_category(
    access: SessionAccess,
    standard_of: Callable[[str], Standard],
    chosen: Sequence[str] = (),
    prices: Prices | None = None,
    need: NeedWeights | None = None,
) -> list[Catchments]:
    """Return the catchments of each of the ``chosen`` categories, or where none is, of all of which a session runs, by its standard.

    Raises: as :func:`find_catchments`, and
        QueryError: none was chosen, and none runs.
    """
    asked = list(chosen) or categories(access)
    if not asked:
        on = access.network.area.profile.service_date
        raise QueryError(f"No session of any category runs in the week of {on}. Choose a category with --category.")
    return [find_catchments(access, standard_of(one), prices, need) for one in asked]


def _weight(access: SessionAccess, need: NeedWeights | None) -> NDArray[np.float64]:
    area = access.network.area
    weights = need or default_need(area)
    try:
        index = need_index(area, weights)
    except NoNeed:
        return np.full(len(area.origins), np.nan)
    return person_weight(area.origins["zone_code"].map(index), weights.slope)
