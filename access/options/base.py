"""What every answer to a gap is given, and what it must say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.accessible import entry_of
from access.costs import BOUNDS, Price, Prices, Range
from access.demand import Demand, expected_demand
from access.gaps import TIE, Gaps, judge
from access.need import person_weight
from access.sessions import SessionAccess
from geo.errors import CyrraeddError
from geo.timetable.clock import hhmm
from geo.words import LANGUAGES, Message, say


class NoGap(CyrraeddError):
    """There is nobody to help in the zones asked for."""


@dataclass(frozen=True)
class Question:
    """A gap to be answered: the unmet people of some zones under one standard, and the prices that hold.

    Arrays *by group* have two rows, ``(2, origins)``: those who pay fares, and holders of a pass. Under a limit on fares each group has
    sessions of its own within reach; without one all are alike, and stand in the first.
    """

    gaps: Gaps
    zone_codes: tuple[str, ...]
    prices: Prices

    @property
    def access(self) -> SessionAccess:
        """There and back for every session."""
        return self.gaps.access

    @cached_property
    def unmet_persons(self) -> NDArray[np.float64]:
        """Unmet persons for each origin of the area; 0 outside the zones asked for."""
        by_origin = self.gaps.by_origin
        is_inside = by_origin["zone_code"].isin(self.zone_codes)
        return np.where(is_inside, by_origin["unmet_persons"].fillna(0.0), 0.0)

    @cached_property
    def unmet_by_group(self) -> NDArray[np.float64]:
        """The unmet persons by group. Where nobody knows how many hold a pass, all are taken to pay."""
        return np.where(self.unmet_persons > 0, self.gaps.unmet_by_group, 0.0)

    @cached_property
    def reachable_by_group(self) -> NDArray[np.float64]:
        """The sessions a week within reach now, by group."""
        return np.array([self.gaps.counts.reachable, self.gaps.counts.reachable_with_pass])

    def is_in_reach_by_group(self, session: int) -> NDArray[np.bool_]:
        """Say of which origins a session is within reach now, by group."""
        return np.array(judge(self.access, self.gaps.standard, session, self.prices)[:2])

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """What a person of each origin counts by need; NaN where need is not known."""
        return person_weight(self.gaps.by_origin["zone_code"].map(self.gaps.need), self.gaps.need_weights.slope)

    @cached_property
    def sessions(self) -> NDArray[np.intp]:
        """Rows of the sessions of the category; for wheelchairs those that are said to let them in."""
        rows = self.access.of_category(self.gaps.standard.category)
        if self.access.network.rules.wheelchair:
            rows = rows[entry_of(self.access.sessions)[rows] == "yes"]
        return rows

    @property
    def sessions_needed(self) -> int:
        """How many weekly sessions the standard asks for, in whole ones."""
        return ceil(self.gaps.standard.sessions_per_week)

    def gaining(self, added_per_week: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the unmet persons by group who would find the standard met with so many more sessions a week in reach (by group)."""
        is_enough = self.reachable_by_group + added_per_week >= self.gaps.standard.sessions_per_week - TIE
        return np.where(is_enough, self.unmet_by_group, 0.0)


@dataclass(frozen=True)
class Held:
    """A session that an answer goes to, or starts: where, on which weekday, from when."""

    venue: str
    weekday: str
    start_s: int


@dataclass(frozen=True)
class Option:
    """One answer: who gains access there and back, and at what cost a year.

    ``kind`` names the file and the words (``option.<kind>.name``). Figures that can't be computed are ``None``, and ``notes`` say why.
    ``figures`` are the rows of the price table that went into it; those marked U are assumptions to be confirmed.
    ``held`` are the sessions it goes to or starts, where it is not to each person's own nearest.
    ``cost_follows_demand`` says whether the cost was computed for the participants expected, bound by bound.
    """

    kind: str
    gaining_persons: float
    need_weighted_persons: float | None
    cost_gbp_per_year: Range | None
    demand: Demand
    notes: tuple[Message, ...]
    figures: tuple[Price, ...]
    held: tuple[Held, ...] = ()
    cost_follows_demand: bool = True

    @property
    def name(self) -> Message:
        """What the answer is called."""
        return Message(f"option.{self.kind}.name")

    @property
    def gbp_per_person(self) -> Range | None:
        """Pounds a year per person who gains access; ``None`` where nobody gains."""
        if self.cost_gbp_per_year is None or self.gaining_persons <= 0:
            return None
        return self.cost_gbp_per_year * (1 / self.gaining_persons)

    @property
    def gbp_per_need_weighted_person(self) -> Range | None:
        """Pounds a year per need-weighted person who gains access; ``None`` where nobody gains or need is not known."""
        if self.cost_gbp_per_year is None or not self.need_weighted_persons:
            return None
        return self.cost_gbp_per_year * (1 / self.need_weighted_persons)

    @property
    def gbp_per_participant(self) -> Range | None:
        """Pounds per expected participant.

        A cost that follows demand is divided, bound by bound, by the participants it was computed for; one that does not could meet
        few participants or many, so its bounds are the widest: low cost over most participants, high cost over fewest.
        """
        cost, participants = self.cost_gbp_per_year, self.demand.participants_per_year
        if cost is None or participants.low <= 0:
            return None
        each = [cost.at(bound) / participants.at(bound) for bound in BOUNDS]
        if not self.cost_follows_demand:
            return Range(cost.low / participants.high, each[1], cost.high / participants.low)
        return Range(min(each), each[1], max(each))


def make_option(
    question: Question,
    kind: str,
    gaining: NDArray[np.float64],
    cost_gbp_per_year: Range | None,
    *,
    notes: tuple[Message, ...] = (),
    keys: tuple[str, ...] = (),
    sessions: pd.DataFrame | None = None,
    cost_follows_demand: bool = True,
) -> Option:
    """Put an answer together: the persons of each origin who gain, its cost, keys of the prices used, rows of the sessions it is about."""
    held = (
        () if sessions is None else zip(*(sessions[name] for name in ("venue_name", "weekday", "start_s")), strict=True)
    )
    persons = float(gaining.sum())
    weighted = float((gaining[gaining > 0] * question.weight[gaining > 0]).sum())
    demand = expected_demand(persons, question.prices)
    return Option(
        kind=kind,
        gaining_persons=persons,
        need_weighted_persons=None if np.isnan(weighted) else weighted,
        cost_gbp_per_year=cost_gbp_per_year,
        demand=demand,
        notes=notes,
        figures=tuple(question.prices.row(key) for key in keys),
        held=tuple(Held(str(venue), str(weekday), int(start_s)) for venue, weekday, start_s in held),
        cost_follows_demand=cost_follows_demand,
    )


def zone_rows(question: Question) -> NDArray[np.intp]:
    """Return the rows of the origins that have unmet persons.

    Raises:
        NoGap: there are none.
    """
    rows = np.flatnonzero(question.unmet_persons > 0)
    if not len(rows):
        raise NoGap(
            f"Nobody in {', '.join(question.zone_codes[:5])}{' …' if len(question.zone_codes) > 5 else ''} is known to miss this standard, "
            "so there is no gap to answer. Choose another zone, category or standard."
        )
    return rows


def as_table(options: list[Option]) -> pd.DataFrame:
    """Return options side by side, one row each, with plain column names; missing values where a figure can't be computed.

    Of several sessions the venues, weekdays and starts stand in one order, parted by semicolons.
    """
    rows = []
    for option in options:
        row: dict[str, object] = {
            "kind": option.kind,
            "venue": "; ".join(session.venue for session in option.held) or None,
            "weekday": "; ".join(session.weekday for session in option.held) or None,
            "start": "; ".join(hhmm(session.start_s) for session in option.held) or None,
            "gaining_persons": option.gaining_persons,
            "need_weighted_persons": option.need_weighted_persons,
        }
        for name, value in (
            ("cost_gbp_per_year", option.cost_gbp_per_year),
            ("gbp_per_person", option.gbp_per_person),
            ("gbp_per_need_weighted_person", option.gbp_per_need_weighted_person),
            ("participants_per_year", option.demand.participants_per_year),
            ("gbp_per_participant", option.gbp_per_participant),
        ):
            for bound in BOUNDS:
                row[f"{name}_{bound}"] = value.at(bound) if value else None
        row["to_be_confirmed"] = " ".join(price.key for price in option.figures if price.certainty == "U")
        row |= {f"notes_{language}": " ".join(say(note, language) for note in option.notes) for language in LANGUAGES}
        rows.append(row)
    return pd.DataFrame(rows)
