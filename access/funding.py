"""The funding cliff: what access is lost, where and for whom, as each grant ends.

Activities are taken to stop on the day after their ``funded_until``, all else unchanged, and whoever finds a standard met now and would
not then has lost it. Activities without an end stay and are counted as "no end known", which is not "safe". What is lost in a month
depends on what ended before: the figures of months add up to the cumulative one, those of funders taken alone do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.catchments import Catchments, Loss
from access.gaps import NO_FOOTPRINT
from access.query import QueryError
from access.uncounted import say_uncounted, uncounted_zones
from geo.profile import Level
from geo.words import Message

FUNDER_COLUMNS = ("funder", "activities", "sessions_per_week", "first_end", "last_end", "no_end_known", "lost_persons",
                  "need_weighted_persons", "hardest_category", "hardest_lost_persons", "unknown_persons", "uncounted_zones")  # fmt: skip


@dataclass(frozen=True)
class FundingCliff:
    """What ends when, for some standards at once (one :class:`Catchments` for each category).

    ``endings`` has one row per activity that has a session: ``activity_id, name_en, name_cy, category, provider, funder, funded_until``,
    ``month`` (a period, missing: no end known), ``is_past`` (its money ended before the service date), ``sessions_per_week``.
    ``lost`` is (months, categories, origins): persons who have lost the category's standard by the end of each of ``months``; ``unknown``
    likewise those who find it met now and of whom it would not be known then. ``unknown_persons`` of a table are these, less whoever has
    lost another category.
    Totals are over the zones whose people are counted, missing where no zone's are; ``uncounted_zones`` beside each says how many are not.
    """

    of: tuple[Catchments, ...]
    endings: pd.DataFrame
    months: pd.PeriodIndex
    lost: NDArray[np.float64]
    unknown: NDArray[np.float64]

    @cached_property
    def lost_any(self) -> NDArray[np.float64]:
        """Persons (months, origins) who have lost at least one category: the most that any one category has lost there."""
        return self.lost.max(axis=1) if self.lost.size else np.zeros((len(self.months), self.lost.shape[2]))

    @cached_property
    def unknown_any(self) -> NDArray[np.float64]:
        """Persons (months, origins) beside ``lost_any`` who have lost a category or of whom it is not known: the most in any category."""
        return (
            (self.lost + self.unknown).max(axis=1) - self.lost_any if self.lost.size else np.zeros_like(self.lost_any)
        )

    @cached_property
    def timeline(self) -> pd.DataFrame:
        """One row per month and category: what ends in it, who loses in it (``lost_persons``), and who has lost by its end."""
        rows = []
        for at, month in enumerate(self.months):
            for kind, catchments in enumerate(self.of):
                ends = self._ending(month, catchments.standard.category)
                rows.append(
                    {
                        "month": str(month),
                        "category": catchments.standard.category,
                        **_said(ends),
                        **self._loss(at, kind),
                        "uncounted_zones": catchments.uncounted_zones,
                    }
                )
        return pd.DataFrame(rows)

    @cached_property
    def by_month(self) -> pd.DataFrame:
        """One row per month over all categories; a person who loses several categories counts once."""
        rows, area = [], self.of[0]
        for at, month in enumerate(self.months):
            before = self.lost_any[at - 1] if at else np.zeros_like(self.lost_any[at])
            new, total = self.lost_any[at] - before, self.lost_any[at]
            rows.append(
                {
                    "month": str(month),
                    **_said(self._ending(month)),
                    "lost_persons": area.total(new),
                    "cumulative_lost_persons": area.total(total),
                    "cumulative_need_weighted_persons": area.weighted(total),
                    "unknown_persons": area.total(self.unknown_any[at]),
                    "uncounted_zones": area.uncounted_zones,
                }
            )
        return pd.DataFrame(rows)

    def by(self, level: Level) -> pd.DataFrame:
        """Return one row per month and footprint: who has lost at least one category by the month's end, and which category most.

        Persons are of the zones whose people are counted: missing where no zone's are. ``uncounted_zones`` are the others.

        Raises:
            QueryError: the area has no such level.
        """
        area = self.of[0].access.network.area
        if level not in area.zone_footprints:
            raise QueryError(f"{area.profile.area_id} has no footprints of the level '{level}'.")
        footprint = area.origins["zone_code"].map(area.zone_footprints[level]).fillna(NO_FOOTPRINT).to_numpy()
        names = area.footprints[area.footprints["level"] == level].set_index("footprint_id")
        categories = [catchments.standard.category for catchments in self.of]
        uncounted = uncounted_zones(area.origins, footprint)
        rows = []
        for at, month in enumerate(self.months):
            for code in np.unique(footprint):
                inside = footprint == code
                lost = self.lost[at][:, inside].sum(axis=1)
                known = 1.0 if self.of[0].is_counted[inside].any() else float("nan")
                rows.append(
                    {
                        "month": str(month),
                        "footprint_id": code,
                        "name_en": names["name_en"].get(code, NO_FOOTPRINT),
                        "name_cy": names["name_cy"].get(code, NO_FOOTPRINT),
                        "cumulative_lost_persons": known * float(self.lost_any[at][inside].sum()),
                        "unknown_persons": known * float(self.unknown_any[at][inside].sum()),
                        "population": known * float(self.of[0].people[inside].sum()),
                        "uncounted_zones": int(uncounted[code]),
                        "hardest_category": categories[int(lost.argmax())] if lost.max() > 0 else None,
                        "hardest_lost_persons": known * float(lost.max()),
                    }
                )
        return pd.DataFrame(rows)

    @cached_property
    def by_funder(self) -> pd.DataFrame:
        """One row per funder: what it pays for, when that ends, and who would lose if it alone stopped, most first (``FUNDER_COLUMNS``).

        Activities whose funder is not known come last, in a row without ``funder``: as they need not be one funder's, who would lose is
        missing. Persons are of the zones whose people are counted, missing where no zone's are; ``uncounted_zones`` of the area are the
        others.
        """
        rows = [self._of_funder(str(funder), own) for funder, own in self.endings.groupby("funder", sort=True)]
        unknown = self.endings[self.endings["funder"].isna()]
        if len(unknown):
            missing = dict.fromkeys(
                ("lost_persons", "need_weighted_persons", "hardest_lost_persons", "unknown_persons"), np.nan
            )
            own = _paid_for(unknown) | missing | {"uncounted_zones": self.of[0].uncounted_zones}
            rows.append({"funder": None, "hardest_category": None, **own})
        found = pd.DataFrame(rows, columns=list(FUNDER_COLUMNS))
        return found.sort_values("lost_persons", ascending=False, kind="stable", ignore_index=True)

    def describe(self) -> tuple[Message, ...]:
        """Return in words how much is known to end, what is lost by when, which category loses most, and whom these totals leave out."""
        if self.endings.empty:
            return (Message("funding.none_runs"),)
        no_end, past = int(self.endings["month"].isna().sum()), int(self.endings["is_past"].sum())
        activities = Message("count.activities", count=len(self.endings))
        said = [Message("funding.known", {"all": activities}, count=len(self.endings) - no_end)]
        if no_end:
            said.append(Message("funding.no_end_known", count=no_end))
        if past:
            said.append(Message("funding.past", count=past))
        if not self.of[0].is_counted.any():
            return (*said, Message("funding.nobody_counted"))
        for _, row in self.by_month[self.by_month["activities_ending"] > 0].iterrows():
            values = {
                "month": month_name(str(row["month"])),
                "persons": f"{row['lost_persons']:,.0f}",
                "total": f"{row['cumulative_lost_persons']:,.0f}",
            }
            said.append(Message("funding.month", values, count=int(row["activities_ending"])))
        if len(self.months) and self.lost[-1].sum() > 0:
            hardest = int(self.lost[-1].sum(axis=1).argmax())
            category = Message(f"category.{self.of[hardest].standard.category}")
            said.append(
                Message("funding.hardest", {"category": category, "persons": f"{self.lost[-1][hardest].sum():,.0f}"})
            )
        unsure = Loss(0.0, self.unknown_any[-1].sum(), 0).tell_unsure()
        return (*said, *unsure, *say_uncounted(self.of[0].uncounted_zones))

    def _ending(self, month: pd.Period, category: str | None = None) -> pd.DataFrame:
        ends = self.endings[self.endings["month"] == month]
        return ends if category is None else ends[ends["category"] == category]

    def _of_funder(self, funder: str, own: pd.DataFrame) -> dict[str, object]:
        """Return what a funder's ``own`` activities are, and who would lose if they stopped and all others went on."""
        losers = [one.losers(np.flatnonzero(one.sessions["activity_id"].isin(own["activity_id"]))) for one in self.of]
        lost, unknown = (np.array([getattr(one, part) for one in losers]) for part in ("persons", "unknown_persons"))
        any_lost, hardest = lost.max(axis=0), int(lost.sum(axis=1).argmax())
        area = self.of[0]
        return {
            "funder": funder,
            **_paid_for(own),
            "lost_persons": area.total(any_lost),
            "need_weighted_persons": area.weighted(any_lost),
            "hardest_category": self.of[hardest].standard.category if lost.sum() > 0 else None,
            "hardest_lost_persons": area.total(lost[hardest]),
            "unknown_persons": area.total((lost + unknown).max(axis=0) - any_lost),
            "uncounted_zones": area.uncounted_zones,
        }

    def _loss(self, at: int, kind: int) -> dict[str, float | None]:
        total = self.lost[at, kind]
        before = self.lost[at - 1, kind] if at else np.zeros_like(total)
        return {
            "lost_persons": self.of[kind].total(total - before),
            "cumulative_lost_persons": self.of[kind].total(total),
            "cumulative_need_weighted_persons": self.of[kind].weighted(total),
            "unknown_persons": self.of[kind].total(self.unknown[at, kind]),
        }


def month_name(month: str) -> Message:
    """Return what a month (``2027-03``) is called."""
    year, number = month.split("-")
    return Message(f"funding.month.{int(number)}", {"year": year})


def find_funding_cliff(of: Sequence[Catchments], funder: str | None = None) -> FundingCliff:
    """Return what ends when; with ``funder``, if that funder's grants alone ended and all others went on.

    Raises:
        QueryError: no category was asked for, or nothing is funded by that funder.
    """
    if not of:
        raise QueryError("Give at least one category.")
    endings = _endings(of)
    if funder is not None:
        if funder not in set(endings["funder"].dropna()):
            known = ", ".join(sorted(endings["funder"].dropna().unique())) or "none"
            raise QueryError(f"Nothing here is funded by '{funder}'. There are: {known}.")
        endings = endings[endings["funder"] == funder].reset_index(drop=True)
    months = _months(of[0], endings["month"].dropna())
    lost, unknown = np.zeros((2, len(months), len(of), len(of[0].people)))
    for kind, catchments in enumerate(of):
        activity = catchments.sessions["activity_id"].to_numpy()
        for at, month in enumerate(months):
            ending = endings.loc[endings["month"] == month, "activity_id"]
            if at and not np.isin(activity, ending).any():
                lost[at, kind], unknown[at, kind] = lost[at - 1, kind], unknown[at - 1, kind]
                continue
            ended = endings.loc[endings["month"] <= month, "activity_id"]
            losers = catchments.losers(np.flatnonzero(np.isin(activity, ended)))
            lost[at, kind], unknown[at, kind] = losers.persons, losers.unknown_persons
    return FundingCliff(tuple(of), endings, months, lost, unknown)


def _endings(of: Sequence[Catchments]) -> pd.DataFrame:
    sessions = pd.concat([catchments.sessions for catchments in of], ignore_index=True)
    columns = ["activity_id", "name_en", "name_cy", "category", "provider", "funder", "funded_until"]
    found = sessions[columns].drop_duplicates("activity_id")
    per_week = sessions.groupby("activity_id")["per_week"].sum()
    service_date = pd.Timestamp(of[0].access.network.area.profile.service_date)
    found = found.assign(
        month=found["funded_until"].dt.to_period("M"),
        is_past=found["funded_until"] < service_date,
        sessions_per_week=found["activity_id"].map(per_week).astype(np.float64),  # also where there are none
    )
    return found.sort_values(["funded_until", "activity_id"], ignore_index=True)


def _paid_for(own: pd.DataFrame) -> dict[str, object]:
    return {
        "activities": len(own),
        "sessions_per_week": float(own["sessions_per_week"].sum()),
        "first_end": own["funded_until"].min(),
        "last_end": own["funded_until"].max(),
        "no_end_known": int(own["month"].isna().sum()),
    }


def _months(catchments: Catchments, ends: pd.Series) -> pd.PeriodIndex:
    """Return every month from the service date's, or the first end before it, to the last end."""
    now = pd.Period(catchments.access.network.area.profile.service_date, "M")
    if ends.empty:
        return pd.period_range(now, now, freq="M")
    return pd.period_range(min(now, ends.min()), max(now, ends.max()), freq="M")


def _said(ends: pd.DataFrame) -> dict[str, float]:
    return {"activities_ending": len(ends), "sessions_per_week_ending": float(ends["sessions_per_week"].sum())}
