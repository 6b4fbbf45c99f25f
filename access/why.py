"""Why a zone finds a standard met or not, in words: what is within reach, what nearly is, which rule fails and by how much.

Each session out of reach is explained as its zone's people find it – those of them who do not reach it: the rule that fails, measured
against the limit, and the smallest change of its times that would turn it. Nothing is said that was not searched for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.change_sentences import Turn, longer_limit, other_times
from access.costs import Prices
from access.counted import hours_said, minutes_in_full
from access.explain import not_known_why, weighted_median, zone_origins
from access.gaps import Gaps, are_placed, judge
from access.journeys import session_way
from access.mode_times import ModeTimes, Reason
from access.query import Mode
from access.smallest_change import Change, Grid, smallest_changes, with_times
from access.turned import met_within, people_by_group, persons
from geo.timetable.clock import hhmm
from geo.words import Message

MOST = 5  # sessions out of reach that are explained: of all, those whose change of times turns most people, then the nearest by road
LOOK_S = 4 * 3600  # how far before the end, or after the start, a useful journey is looked for
STEP_S = 300  # in which steps


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
    limit_min: float | None  # each way, under which most of these people would reach it; None where there is no way
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
    for session in map(int, gaps.access.of_category(gaps.standard.category)):
        reaching, is_known = _judged(gaps, session, prices, origins)
        if (reaching > 0).any():
            reached.append(_reached(gaps, session, origins[reaching > 0], reaching[reaching > 0], origins[is_known]))
        is_left = is_known & (reaching < 1)
        if is_left.any():
            missed.append(_Missed(session, origins[is_left], 1 - reaching[is_left], is_known=True))
        elif not is_known.any():
            missed.append(_Missed(session, origins, np.ones(len(origins)), is_known=False))
    missed.sort(key=lambda one: _distance(gaps, one.session, one.left))
    asked = {one.session: _asked(gaps, one.left) for one in missed if one.is_known}
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


def _asked(gaps: Gaps, left: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return whom a change is to serve, (2, origins), payers and pass holders: who finds the standard unmet there, or all if none does."""
    asked = np.zeros_like(gaps.unmet_by_group)
    asked[:, left] = gaps.unmet_by_group[:, left]
    if not asked.any():
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
    persons = {name: f"{zone[f'{name}_persons']:,.0f}" for name in ("met", "unmet", "unknown")}
    said = [asked, Message("why.persons", {**names, **persons})]
    origins = zone_origins(gaps.access, zone_code)
    unknown = origins[gaps.by_origin["unknown_persons"].to_numpy(np.float64)[origins] > 0]
    said += [Message(reason.key) for reason in not_known_why(gaps.access, gaps.standard, unknown)]
    if reached:
        said.append(Message("why.reached_count", count=reached))
    elif zone["unmet_persons"] > 0 or not zone["unknown_persons"] > 0:  # of nobody is it known otherwise
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
    people = _people(gaps)
    of_all = people[origins].sum()
    percent = 100 * (people[near] @ share / of_all if of_all else share.sum() / len(origins))
    ways = {mode: _out_and_back(gaps, mode, session, near) for mode in gaps.standard.modes}
    best = min(ways, key=lambda mode: [np.nan_to_num(minutes, nan=np.inf) for minutes in reversed(ways[mode])])
    out_min, back_min, _ = ways[best]
    values = {"out": minutes_in_full(_whole(out_min)), "back": _whole(back_min), "percent": f"{percent:.0f}"}
    return Message("why.reached", {**_what(gaps, session), **values, "mode": Message(f"mode.{best}")})


def _distance(gaps: Gaps, session: int, left: NDArray[np.intp]) -> tuple[float, int]:
    """Return the shortest drive to a session, the row of it where several are as near."""
    drive_s = gaps.access.network.to_venues_s("drive")[int(gaps.access.sessions["venue"].iloc[session])][left]
    return (float(np.nanmin(drive_s)) if np.isfinite(drive_s).any() else np.inf, session)


def _out_and_back(gaps: Gaps, mode: Mode, session: int, origins: NDArray[np.intp]) -> tuple[float, float, float]:
    """Return for some origins' people the median minutes out and back of those with a way, and the median of the longer way.

    The last counts people without a way as infinitely far: NaN says that half of them or more have none.
    """
    times, people = gaps.access.by_mode[mode], np.maximum(_people(gaps)[origins], 1e-9)
    out_s, back_s = times.out_s[times.out_row[session]][origins], times.back_s[times.back_row[session]][origins]
    longer_s = np.maximum(out_s, back_s)
    has_way = people[np.isfinite(longer_s)].sum() > people.sum() / 2
    longer_s = np.where(np.isfinite(longer_s), longer_s, np.float32(1e9))
    longer = weighted_median(longer_s, people) / 60 if has_way else np.nan
    return weighted_median(out_s, people) / 60, weighted_median(back_s, people) / 60, longer


def _people(gaps: Gaps) -> NDArray[np.float64]:
    return np.nan_to_num(gaps.access.network.area.origins["population"].to_numpy(np.float64))


def _nearly(
    gaps: Gaps, zone_code: str, missed: _Missed, change: Change | None, grid: Grid, prices: Prices | None
) -> Nearly:
    session, left = missed.session, missed.left
    n_persons = float(_people(gaps)[left] @ missed.share)
    said = {**_what(gaps, session), "persons": f"{n_persons:,.0f}"}
    fails = [message for mode in gaps.standard.modes for message in _fails(gaps, zone_code, session, left, mode)]
    if not missed.is_known:
        return Nearly(session, n_persons, Message("why.not_known", said), tuple(fails), None, None, ())
    needed = np.array([_out_and_back(gaps, mode, session, left)[2] for mode in gaps.standard.modes])
    needed = np.ceil(needed[needed > gaps.standard.within_min])
    limit_min = float(needed.min()) if len(needed) else None
    turns = _turns(gaps, left, change, limit_min, prices)
    return Nearly(
        session=session,
        persons=n_persons,
        what=Message("why.not_reached", said),
        fails=tuple(fails),
        change=change,
        limit_min=limit_min,
        turns=turns,
        none=() if turns else (Message("why.change.none", {"minutes": minutes_in_full(grid.up_to_min)}),),
    )


def _turns(
    gaps: Gaps, left: NDArray[np.intp], change: Change | None, limit_min: float | None, prices: Prices | None
) -> tuple[Turn, ...]:
    turns = []
    if limit_min is not None:
        is_enough = _are_most_met(gaps, left, limit_min, prices)
        turns.append(longer_limit(limit_min - gaps.standard.within_min, limit_min, is_enough=is_enough))
    if change is not None:
        turns.append(other_times(change))
    return tuple(turns)


def _are_most_met(gaps: Gaps, left: NDArray[np.intp], limit_min: float, prices: Prices | None) -> bool:
    """Say whether most of those at some origins who find the standard unmet would find it met under a longer limit, if that can be asked."""
    if limit_min > LONGEST_MIN:
        return False
    unmet = gaps.unmet_by_group[:, left]
    return float(persons(met_within(gaps, limit_min, prices)[:, left], unmet)) >= unmet.sum() / 2


def _fails(gaps: Gaps, zone_code: str, session: int, left: NDArray[np.intp], mode: Mode) -> Sequence[Message]:
    """Say which rule fails by one mode for most of the people who do not reach a session."""
    times, limit_s = gaps.access.by_mode[mode], gaps.standard.limit_s
    reason = times.reasons(session, limit_s)[left]
    weight = np.maximum(_people(gaps)[left], 1e-9) * (reason != Reason.REACHABLE)
    if not weight.any():  # near enough by this mode: what keeps them away is the fare
        return (Message("why.fails.fare", {"mode": Message(f"mode.{mode}")}),)
    most = Reason(int(np.bincount(reason, weights=weight, minlength=len(Reason)).argmax()))
    own = left[reason == most]
    if most == Reason.TOO_LONG or (most == Reason.TOO_FAR_TO_WALK and mode == "walk"):
        return (_too_long(gaps, mode, session, own),)
    if most == Reason.TOO_FAR_TO_WALK:
        return (_far_from_stop(gaps, times, session, own),)
    if most in (Reason.NO_WAY_THERE, Reason.NO_WAY_HOME) and mode == "transit":
        return (_useful_journey(gaps, zone_code, session, own, is_return=most == Reason.NO_WAY_HOME),)
    return (Message(most.key),)


def _too_long(gaps: Gaps, mode: Mode, session: int, own: NDArray[np.intp]) -> Message:
    out_min, back_min, _ = _out_and_back(gaps, mode, session, own)
    if np.isnan(out_min + back_min):
        return Message("why.fails.no_way", {"mode": Message(f"mode.{mode}")})
    minutes = {"out": minutes_in_full(_whole(out_min)), "back": _whole(back_min)}
    values = {"mode": Message(f"mode.{mode}"), **minutes, "limit": f"{gaps.standard.within_min:g}"}
    return Message("why.fails.too_long", values)


def _whole(minutes: float) -> int:
    """Return whole minutes, rounded up as everywhere: what is too long never reads as long enough."""
    return math.ceil(minutes - 1e-9)


def _far_from_stop(gaps: Gaps, times: ModeTimes, session: int, own: NDArray[np.intp]) -> Message:
    """Say how far the nearest stop is on foot from home, or from the venue where home has one."""
    network = gaps.access.network
    most_m = network.rules.max_walk_min * network.rules.walk_kmh / 0.06
    is_home = ~network.origin_has_stop[own]
    if is_home.any():
        key, places = "why.fails.stop_home", network.origins["walk"].take(own[is_home])
    else:
        venue = int(gaps.access.sessions["venue"].iloc[session])
        key, places = "why.fails.stop_venue", network.venues["walk"].take([venue])
    nearest_m = float(np.median(network.transit.nearest_stop_s(places))) * network.rules.walk_kmh / 3.6
    if not np.isfinite(nearest_m):
        return Message(f"{key}.none", {"limit": f"{most_m:,.0f}"})
    return Message(f"{key}.far", {"metres": f"{nearest_m:,.0f}", "limit": f"{most_m:,.0f}"})


def _useful_journey(gaps: Gaps, zone_code: str, session: int, own: NDArray[np.intp], *, is_return: bool) -> Message:
    """Name the last journey home before the end, or the first there after the start, within the limit for most of these people."""
    key = "why.fails.home" if is_return else "why.fails.there"
    row = gaps.access.sessions.iloc[session]
    step = np.arange(0, LOOK_S + 1, STEP_S)
    start_s = np.full(len(step), row["start_s"]) if is_return else row["start_s"] + step
    end_s = row["end_s"] - step if is_return else np.full(len(step), row["end_s"])
    asked = pd.DataFrame({"start_s": start_s, "end_s": end_s})
    asked = asked[(asked["end_s"] > 0) & (asked["start_s"] < 36 * 3600)]
    trial = with_times(gaps.access, session, asked, gaps.standard)
    times = trial.by_mode["transit"]
    seconds, at = (times.back_s, times.back_row) if is_return else (times.out_s, times.out_row)
    able = (seconds[at][:, own] <= gaps.standard.limit_s) @ np.maximum(_people(gaps)[own], 1e-9)
    if able.max() <= 0:
        limit = minutes_in_full(gaps.standard.within_min)
        return Message(f"{key}.none", {"hours": hours_said(LOOK_S // 3600), "limit": limit})
    found = int(np.argmax(able >= able.max() / 2))
    way = session_way(trial, zone_code, found, "transit")
    legs = [leg for leg in (way.back if is_return else way.there) or () if leg.key.startswith("leg.ride.")]
    said_at = hhmm(row["end_s"] if is_return else row["start_s"])
    if not legs:
        at_s = asked["end_s" if is_return else "start_s"].iloc[found]
        return Message(f"{key}.time", {"useful": hhmm(at_s), "session": said_at})
    leg = legs[0] if is_return else legs[-1]
    values = {name: leg.values[name] for name in ("line", "from_", "to", "depart", "arrive")}
    return Message(f"{key}.ride", {**values, "session": said_at})
