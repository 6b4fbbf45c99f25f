"""Why a zone finds a standard met or not, in words: what is within reach, what nearly is, which rule fails and by how much.

Each session out of reach is explained as its zone's people find it – those of them who do not reach it: the rule that fails, measured
against the limit, and the smallest change of its times that would turn it. Nothing is said that was not searched for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from access.change_sentences import Turn, longer_limit, other_times
from access.costs import Prices
from access.counted import minutes_in_full
from access.explain import not_known_why, zone_origins
from access.failing_rules import failing_rules, out_and_back, people_of, whole_minutes
from access.gaps import Gaps, are_placed, judge, judge_counts
from access.query import LONGEST_MIN
from access.smallest_change import Change, Grid, smallest_changes
from access.turned import missing_within, people_by_group, persons
from geo.timetable.clock import hhmm
from geo.words import Message

MOST = 5  # sessions out of reach that are explained: of all, those whose change of times turns most people, then the nearest by road


@dataclass(frozen=True)
class Nearly:
    """A session out of reach for some of the zone's people, or of which it is known of nobody: what fails by each mode, what would turn it.

    ``change`` is missing where nothing tried would.
    """

    session: int
    persons: float
    what: Message
    fails: tuple[Message, ...]
    change: Change | None
    limit_min: (
        float | None
    )  # each way, under which most of these people would reach it; None where no such limit can be asked
    turns: tuple[Turn, ...]
    none: tuple[Message, ...] = ()  # what is said where there are no turns

    @property
    def changes(self) -> tuple[Message, ...]:
        """All that is said of what would turn it."""
        return (*(message for turn in self.turns for message in (turn.said, *turn.more)), *self.none)


@dataclass(frozen=True)
class _Missed:
    """A session that a zone's people do not reach: ``left`` are their origins, beside the ``share`` of each one's people who do not."""

    session: int
    left: NDArray[np.intp]
    share: NDArray[np.float64]
    is_known: bool  # whether it is known of anybody
    has_people: bool  # else nobody lives there, or nobody has counted who does: what holds from there is told without their number


@dataclass(frozen=True)
class Why:
    """The answer for a zone. ``summary`` opens it, ``reached`` names what is within reach, ``nearly`` explains what is not."""

    zone_code: str
    summary: tuple[Message, ...]
    reached: tuple[Message, ...]
    nearly: tuple[Nearly, ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        """All of it in order."""
        explained = [message for one in self.nearly for message in (one.what, *one.fails, *one.changes)]
        return (*self.summary, *self.reached, *explained)


def explain_zone(
    gaps: Gaps, zone_code: str, prices: Prices | None = None, most: int = MOST, grid: Grid | None = None
) -> Why:
    """Explain a standard's answer for one zone.

    Raises:
        UnknownName: the area has no such zone.
    """
    origins = zone_origins(gaps.access, zone_code)
    reached, missed = [], []
    has_people = bool(people_of(gaps)[origins].any())
    for session in map(int, gaps.access.of_category(gaps.standard.category)):
        reaching, is_known = _judged(gaps, session, prices, origins)
        if (reaching > 0).any():
            reached.append(_reached(gaps, session, origins[reaching > 0], reaching[reaching > 0], origins[is_known]))
        is_left = is_known & (reaching < 1)
        if is_left.any():
            missed.append(_Missed(session, origins[is_left], 1 - reaching[is_left], True, has_people))
        elif not is_known.any():
            missed.append(_Missed(session, origins, np.ones(len(origins)), False, has_people))
    missed.sort(key=lambda one: _distance(gaps, one.session, one.left))
    asked = {one.session: _asked(gaps, one) for one in missed if one.is_known}
    changes = smallest_changes(gaps, asked, prices, grid)
    missed.sort(key=lambda one: _in_order(changes.get(one.session)))
    nearly = tuple(
        _nearly(gaps, zone_code, one, changes.get(one.session), grid or Grid(), prices)
        for one in missed[: max(0, most)]
    )
    return Why(zone_code, _summary(gaps, zone_code, len(reached), len(missed) - len(nearly)), tuple(reached), nearly)


def _in_order(change: Change | None) -> tuple[bool, int, int]:
    """Return the place of a session out of reach by its change: what helps most people first, small changes before great ones."""
    return (True, 0, 0) if change is None else (False, -round(change.helped_persons), abs(change.minutes))


def _asked(gaps: Gaps, missed: _Missed) -> NDArray[np.float64]:
    """Return whom a change is to serve, (2, origins), payers and pass holders: who finds the standard unmet there, or all if none does.

    Where there are no people to count, each origin stands for one of them.
    """
    left, asked = missed.left, np.zeros_like(gaps.unmet_by_group)
    asked[:, left] = gaps.unmet_by_group[:, left]
    if not missed.has_people:
        asked[0, left] = 1.0
    elif not asked.any():
        asked[:, left] = people_by_group(gaps)[:, left]
    return asked


def _judged(
    gaps: Gaps, session: int, prices: Prices | None, origins: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the share of each of some origins' people who have a session within reach, and whether that is known.

    Where the fare is too much for others, the share is that of those who hold a pass.
    """
    is_near, is_with_pass, is_unjudged = judge(gaps.access, gaps.standard, session, prices)
    is_known = is_near | (are_placed(gaps.access, gaps.standard.modes) & ~is_unjudged)
    is_known &= bool(gaps.access.sessions["is_placed"].iloc[session])  # of what is nobody knows where, nothing is
    with_pass = np.where(is_with_pass & is_known, gaps.holders_share, 0.0)
    return np.where(is_near, 1.0, with_pass)[origins], is_known[origins]


def _summary(gaps: Gaps, zone_code: str, reached: int, others: int) -> tuple[Message, ...]:
    zone = gaps.by_zone.set_index("zone_code").loc[zone_code]
    names = {"name_en": zone["name_en"], "name_cy": zone["name_cy"]}
    asked = Message(
        "why.asked",
        {
            "category": Message(f"category.{gaps.standard.category}"),
            "per_week": f"{gaps.standard.sessions_per_week:g}",
            "minutes": minutes_in_full(gaps.standard.within_min),
        },
    )
    if np.isnan(zone["population"]):
        people = Message("why.persons.uncounted", names)
    else:
        persons = {name: f"{zone[f'{name}_persons']:,.0f}" for name in ("met", "unmet", "unknown")}
        people = Message("why.persons", {**names, **persons})
    said = [asked, people]
    origins = zone_origins(gaps.access, zone_code)
    is_lived_in = gaps.by_origin["population"].to_numpy(np.float64)[origins] != 0  # NaN too: by how many is not known
    _, is_unknown = judge_counts(gaps.counts, gaps.standard.sessions_per_week, gaps.pass_share)
    is_unknown = is_unknown[origins] & is_lived_in
    said += [Message(reason.key) for reason in not_known_why(gaps.access, gaps.standard, origins[is_unknown])]
    if not len(gaps.access.of_category(gaps.standard.category)):
        said.append(Message("access.none_runs"))
    elif reached:
        said.append(Message("why.reached_count", count=reached))
    elif not is_unknown.any() or (is_lived_in & ~is_unknown).any():  # else of nobody is it known
        said.append(Message("why.reached_none"))
    if others > 0:
        said.append(Message("why.others", count=others))
    return tuple(said)


def _what(gaps: Gaps, session: int) -> dict[str, object]:
    row = gaps.access.sessions.iloc[session]
    return {
        "name_en": row["name_en"],
        "name_cy": row["name_cy"],
        "venue": row["venue_name"],
        "weekday": Message(f"weekday.{row['weekday']}"),
        "start": hhmm(row["start_s"]),
        "end": hhmm(row["end_s"]),
    }


def _reached(
    gaps: Gaps, session: int, near: NDArray[np.intp], share: NDArray[np.float64], origins: NDArray[np.intp]
) -> Message:
    """Say by how many of those of whom it is known a session is reached: ``share`` of each of the origins ``near``."""
    people = people_of(gaps)
    of_all = people[origins].sum()
    percent = 100 * (people[near] @ share / of_all if of_all else share.sum() / len(origins))
    ways = {mode: out_and_back(gaps, mode, session, near) for mode in gaps.standard.modes}
    best = min(ways, key=lambda mode: [np.nan_to_num(minutes, nan=np.inf) for minutes in reversed(ways[mode])])
    out_min, back_min, _ = ways[best]
    values = {
        "out": minutes_in_full(whole_minutes(out_min)),
        "back": whole_minutes(back_min),
        "percent": f"{percent:.0f}",
    }
    return Message("why.reached", {**_what(gaps, session), **values, "mode": Message(f"mode.{best}")})


def _distance(gaps: Gaps, session: int, left: NDArray[np.intp]) -> tuple[float, int]:
    """Return the shortest drive to a session, the row of it where several are as near."""
    drive_s = gaps.access.network.to_venues_s("drive")[int(gaps.access.sessions["venue"].iloc[session])][left]
    return (float(np.nanmin(drive_s)) if np.isfinite(drive_s).any() else np.inf, session)


def _nearly(
    gaps: Gaps, zone_code: str, missed: _Missed, change: Change | None, grid: Grid, prices: Prices | None
) -> Nearly:
    session, left = missed.session, missed.left
    n_persons = float(people_of(gaps)[left] @ missed.share)
    said = _what(gaps, session) | ({"persons": f"{n_persons:,.0f}"} if missed.has_people else {})
    here = "" if missed.has_people else ".here"
    fails = [message for mode in gaps.standard.modes for message in failing_rules(gaps, zone_code, session, left, mode)]
    if not missed.is_known:
        return Nearly(session, n_persons, Message(f"why.not_known{here}", said), tuple(fails), None, None, ())
    needed = np.array([out_and_back(gaps, mode, session, left)[2] for mode in gaps.standard.modes])
    needed = np.ceil(needed[needed > gaps.standard.within_min])
    needed = needed[needed <= LONGEST_MIN]
    limit_min = float(needed.min()) if len(needed) else None
    turns = _turns(gaps, missed, change, limit_min, prices)
    return Nearly(
        session=session,
        persons=n_persons,
        what=Message(f"why.not_reached{here}", said),
        fails=tuple(fails),
        change=change,
        limit_min=limit_min,
        turns=turns,
        none=() if turns else (Message("why.change.none", {"minutes": minutes_in_full(grid.up_to_min)}),),
    )


def _turns(
    gaps: Gaps, missed: _Missed, change: Change | None, limit_min: float | None, prices: Prices | None
) -> tuple[Turn, ...]:
    turns, has_people = [], missed.has_people
    if limit_min is not None:
        is_enough = not _do_most_miss(gaps, missed, limit_min, prices)
        over_min = limit_min - gaps.standard.within_min
        turns.append(longer_limit(over_min, limit_min, is_enough=is_enough, has_people=has_people))
    if change is not None:
        turns.append(other_times(change, has_people=has_people))
    return tuple(turns)


def _do_most_miss(gaps: Gaps, missed: _Missed, limit_min: float, prices: Prices | None) -> bool:
    """Say whether more than half of those who miss a session, and the standard, are known to miss the standard under a longer limit too."""
    asked = _asked(gaps, missed)
    return float(persons(missing_within(gaps, limit_min, prices), asked)) > asked.sum() / 2
