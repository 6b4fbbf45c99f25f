"""Duplication: sessions of one category, close in time, that reach mostly the same people and have room for them.

Two sessions are alike when they fall on the same weekday, start within so many hours of each other, are for the same people in the
same languages as far as the directory says, neither is known to be full, and the people whom both reach there and back make up at least
a share of the people of the smaller catchment. In a group each is alike to each other. What makes a group a statement is who would
lose: the people who find the standard met now and would not if one of its sessions stopped, or all of them but one.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from access.catchments import Catchments, Loss
from access.query import QueryError
from access.uncounted import say_uncounted, uncounted_in_all
from access.wording import kind_of
from geo.area import Area
from geo.errors import UnknownName
from geo.words import Message

ALIKE = ("languages", "eligibility", "age_min", "age_max")


@dataclass(frozen=True)
class DuplicationRules:
    """When two sessions count as alike. The defaults are assumptions to be confirmed, offered for editing.

    ``own`` names the providers and funders that the user answers for; with none, groups are told apart by how many provide, and it is
    not said of any session whose it is.
    """

    min_overlap_share: float = 0.8
    within_h: float = 1.0
    own: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 0 < self.min_overlap_share <= 1:
            raise QueryError(f"An overlap of {self.min_overlap_share} can't be asked: give more than 0, at most 1.")
        if not 0 <= self.within_h <= 12:
            raise QueryError(f"{self.within_h} hours between two starts can't be asked: give from 0 to 12.")


@dataclass(frozen=True)
class DuplicateGroup:
    """Sessions that mostly double each other. Tuples run beside ``sessions`` (places in ``Catchments.sessions``).

    ``persons`` is who reaches each, ``lost_if_stopped`` who would lose if that one alone stopped, ``lost_if_only_one_stays`` who would
    lose if all but that one stopped. People of ``uncounted_zones``, who reach some of them, are in no number. ``min_overlap_share`` is the
    least of any pair, linked or not, as what is said of a group must hold of all of it. ``listed_twice`` names sessions that repeat another
    one's venue, start and kind of name: perhaps one entry of the directory given twice.
    """

    sessions: tuple[int, ...]
    persons: tuple[float, ...]
    lost_if_stopped: tuple[Loss, ...]
    lost_if_only_one_stays: tuple[Loss, ...]
    persons_of_all: float
    min_overlap_share: float
    whose: str
    listed_twice: tuple[int, ...]
    uncounted_zones: int

    @property
    def most_if_stopped(self) -> Loss:
        """The most that any one of them would leave behind if it stopped: of each number, the greatest."""
        parts = [(loss.persons, loss.unknown_persons, loss.uncounted_zones) for loss in self.lost_if_stopped]
        persons, unknown_persons, uncounted_zones = (max(part) for part in zip(*parts, strict=True))
        return Loss(persons, unknown_persons, int(uncounted_zones))

    @property
    def best_kept(self) -> int:
        """The place within the group of the session that leaves fewest behind if it alone stays, the most reached among equals."""
        return min(range(len(self.sessions)), key=lambda at: (self.lost_if_only_one_stays[at], -self.persons[at]))


@dataclass(frozen=True)
class Duplication:
    """The groups of a category, most sessions first; ``full`` sessions took no part, and of ``fullness_unknown`` it is not known."""

    catchments: Catchments
    rules: DuplicationRules
    groups: tuple[DuplicateGroup, ...]
    full: int
    fullness_unknown: int

    def owners(self) -> pd.Series:
        """Return for each session of the catchments whether it is the user's ``own`` or some ``other``'s; missing where they named none."""
        sessions = self.catchments.sessions
        if not self.rules.own:
            return pd.Series(None, index=sessions.index, dtype=object)
        return _is_own(sessions, self.rules.own).map({True: "own", False: "other"})

    def as_table(self) -> pd.DataFrame:
        """Return one row per session of a group, groups numbered from 1."""
        sessions = self.catchments.sessions
        owners = self.owners()
        columns = ["session_id", "activity_id", "name_en", "name_cy", "category", "provider", "funder", "venue_name", "weekday",
                   "start_s", "end_s", "per_week", "capacity", "is_full"]  # fmt: skip
        rows: list[dict[str, object]] = []
        for number, group in enumerate(self.groups, 1):
            for at, session in enumerate(group.sessions):
                row = sessions.iloc[session]
                rows.append(
                    {
                        "group": number,
                        **{name: row[name] for name in columns},
                        "owner": owners.iloc[session],
                        "reached_persons": group.persons[at],
                        **_losses("stopped", group.lost_if_stopped[at]),
                        **_losses("only_it_stays", group.lost_if_only_one_stays[at]),
                        "group_reached_persons": group.persons_of_all,
                        "overlap_share": group.min_overlap_share,
                        "whose": group.whose,
                        "may_be_listed_twice": session in group.listed_twice,
                        "uncounted_zones": group.uncounted_zones,
                    }
                )
        losses = [*_losses("stopped"), *_losses("only_it_stays")]
        added = ["owner", "reached_persons", *losses, "group_reached_persons", "overlap_share", "whose", "may_be_listed_twice",
                 "uncounted_zones"]  # fmt: skip
        return pd.DataFrame(rows, columns=["group", *columns, *added])

    def describe(self, group: DuplicateGroup) -> tuple[Message, ...]:
        """Return what a group amounts to: how alike it is, who would lose if one stopped, and if only the best stayed."""
        rows = self.catchments.sessions.iloc[list(group.sessions)]
        kept = rows.iloc[group.best_kept]
        said = [
            Message(
                "duplication.group",
                {
                    "category": Message(f"category.{self.catchments.standard.category}"),
                    "weekday": Message(f"weekday.{rows['weekday'].iloc[0]}"),
                    "persons": f"{group.persons_of_all:,.0f}",
                    "percent": f"{100 * group.min_overlap_share:.0f}",
                },
                count=len(rows),
            ),
            Message(f"duplication.whose.{group.whose}"),
            *_tell("duplication.one_stopped", group.most_if_stopped, {}),
            *_tell(
                "duplication.one_stays",
                group.lost_if_only_one_stays[group.best_kept],
                {"name_en": kept["name_en"], "name_cy": kept["name_cy"]},
            ),
        ]
        if group.listed_twice:
            said.append(Message("duplication.listed_twice", count=len(group.listed_twice)))
        return (*said, *say_uncounted(group.uncounted_zones))


def _tell(key: str, loss: Loss, values: dict[str, object]) -> tuple[Message, ...]:
    """Say who loses, and that nobody does only where it is known of all."""
    if loss.is_any:
        return (Message(f"{key}.some", {**values, "persons": f"{loss.persons:,.0f}"}), *loss.tell_unsure())
    if loss.is_unsure:
        return (Message(f"{key}.not_known", values), *loss.tell_unsure())
    return (Message(f"{key}.nobody", values),)


def _losses(when: str, loss: Loss | None = None) -> dict[str, float | None]:
    """Return the columns of a table that say who loses ``when`` one stopped or only it stays."""
    persons, unknown, zones = astuple(loss) if loss else (None,) * 3
    return {
        f"lost_if_{when}_persons": persons,
        f"unknown_if_{when}_persons": unknown,
        f"uncounted_if_{when}_zones": zones,
    }


def find_duplication(catchments: Catchments, rules: DuplicationRules | None = None) -> Duplication:
    """Group the sessions of a category that double each other.

    Raises:
        UnknownName: nobody in the directory has a name of ``rules.own``, so nothing would be found to be the user's own.
    """
    rules = rules or DuplicationRules()
    known = providers_and_funders(catchments.access.network.area)
    for name in sorted(rules.own.difference(known)):
        raise UnknownName("provider or funder", name, known)
    is_full = catchments.sessions["is_full"].to_numpy()
    overlap = overlap_shares(catchments.persons)
    is_pair = _are_close(catchments.sessions, rules.within_h) & (overlap >= rules.min_overlap_share - 1e-9)
    is_pair &= (is_full != "yes")[:, None] & (is_full != "yes")[None, :]
    is_pair &= _serve_alike(catchments.sessions)
    members = _all_paired(is_pair)
    groups = [_group(catchments, rules, found, overlap) for found in members if len(found) > 1]
    groups.sort(key=lambda group: (-len(group.sessions), -group.persons_of_all, group.sessions))
    return Duplication(
        catchments, rules, tuple(groups), int((is_full == "yes").sum()), int((is_full == "unknown").sum())
    )


def providers_and_funders(area: Area) -> tuple[str, ...]:
    """Return each provider and funder that the directory names, in the order of the alphabet."""
    named = pd.concat([area.activities["provider"], area.activities["funder"]]).dropna()
    return tuple(sorted(set(map(str, named))))


def overlap_shares(persons: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each pair of catchments (sessions, origins) the people of both over the people of the smaller; 0 where that is empty."""
    total = persons.sum(axis=1)
    both = np.array([np.minimum(own, persons).sum(axis=1) for own in persons]).reshape(len(persons), len(persons))
    smaller = np.minimum(total[:, None], total[None, :])
    return np.divide(both, smaller, out=np.zeros_like(both), where=smaller > 0)


def _all_paired(is_pair: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Part sessions into groups in which each is paired with each other: complete linkage, so that no chain of pairs makes a group."""
    if len(is_pair) < 2:
        return [np.arange(len(is_pair))]
    apart = np.where(is_pair, 0.0, 1.0)
    label = fcluster(linkage(apart[np.triu_indices(len(apart), 1)], method="complete"), 0.5, criterion="distance")
    return [np.flatnonzero(label == group) for group in np.unique(label)]


def _serve_alike(sessions: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which pairs are for the same people in the same languages: a choir for men does not double one for women."""
    alike = np.ones((len(sessions), len(sessions)), dtype=bool)
    for column in sessions.columns.intersection(list(ALIKE)):
        said = sessions[column].astype("string").fillna("").to_numpy(object)
        alike &= said[:, None] == said[None, :]
    return alike


def _are_close(sessions: pd.DataFrame, within_h: float) -> NDArray[np.bool_]:
    start_s, weekday = sessions["start_s"].to_numpy(np.float64), sessions["weekday"].to_numpy()
    is_same_day = weekday[:, None] == weekday[None, :]
    return is_same_day & (np.abs(start_s[:, None] - start_s[None, :]) <= within_h * 3600)


def _group(
    catchments: Catchments,
    rules: DuplicationRules,
    found: NDArray[np.intp],
    overlap: NDArray[np.float64],
) -> DuplicateGroup:
    alone = [catchments.loss(catchments.losers([session])) for session in found]
    stays = [catchments.loss(catchments.losers(found[found != session])) for session in found]
    pairs = overlap[np.ix_(found, found)][np.triu_indices(len(found), 1)]
    return DuplicateGroup(
        sessions=tuple(map(int, found)),
        persons=tuple(map(float, catchments.persons[found].sum(axis=1))),
        lost_if_stopped=tuple(alone),
        lost_if_only_one_stays=tuple(stays),
        persons_of_all=float(catchments.persons[found].max(axis=0).sum()),
        min_overlap_share=float(pairs.min()),
        whose=_whose(catchments.sessions.iloc[found], rules.own),
        listed_twice=_listed_twice(catchments, found),
        uncounted_zones=_uncounted_in_reach(catchments, found),
    )


def _uncounted_in_reach(catchments: Catchments, found: NDArray[np.intp]) -> int:
    """Return how many zones that reach some of the sessions have people whom nobody has counted."""
    is_reached = (catchments.is_reachable[found] | catchments.is_with_pass[found]).any(axis=0)
    return uncounted_in_all(catchments.access.network.area.origins[is_reached])


def _whose(rows: pd.DataFrame, own: frozenset[str]) -> str:
    """Say whose the sessions are; a provider that is not known is taken as another one."""
    if own:
        is_own = _is_own(rows, own)
        return "own" if is_own.all() else "own_and_others" if is_own.any() else "others"
    is_one = rows["provider"].notna().all() and rows["provider"].nunique() == 1
    return "one_provider" if is_one else "several_providers"


def _is_own(rows: pd.DataFrame, own: frozenset[str]) -> pd.Series:
    return rows["provider"].isin(own) | rows["funder"].isin(own)


def _listed_twice(catchments: Catchments, found: NDArray[np.intp]) -> tuple[int, ...]:
    rows = catchments.sessions.iloc[found]
    kind = [kind_of(name) for name in rows["name_en"]]
    repeats = (
        rows[["venue_id", "start_s", "end_s"]]
        .assign(kind=pd.Series(kind, index=rows.index))
        .duplicated(keep="first")
        .to_numpy()
    )
    return tuple(map(int, found[repeats]))
