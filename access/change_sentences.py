"""What a change of a session's times does, in sentences: who reaches it then, whose standard turns, and who loses what.

The explanation of a zone and the list of moves of a category say it alike.
"""

from __future__ import annotations

from dataclasses import dataclass

from access.counted import minutes_in_full
from access.smallest_change import Change
from geo.timetable.clock import hhmm
from geo.words import Message

SOME = 0.5  # persons: fewer would be told as 0


@dataclass(frozen=True)
class Turn:
    """Something that brings a session within reach: ``said``, whether it turns the standard for those asked for, and what else it does."""

    said: Message
    is_enough: bool
    more: tuple[Message, ...] = ()


def longer_limit(more_min: float, limit_min: float, *, is_enough: bool, has_people: bool) -> Turn:
    """Return a longer limit each way under which most reach a session; without ``is_enough`` most would miss the standard even then."""
    values = {"minutes": minutes_in_full(round(more_min)), "limit": f"{limit_min:.0f}"}
    said = Message("why.change.limit" if has_people else "why.change.limit.here", values)
    still = Message("why.still.most" if has_people else "why.still.part_here")
    return Turn(said, is_enough, () if is_enough else (still,))


def other_times(change: Change, *, has_people: bool) -> Turn:
    """Return a change of a session's times. Without ``has_people`` it is enough where the standard turns and no more lose than gain it."""
    said = what_changes(change, has_people=has_people)
    is_enough = change.helped_persons > 0 if has_people else change.turning_persons > 0 and change.net_persons >= 0
    return Turn(said, is_enough, what_it_turns(change, has_people=has_people))


def what_changes(change: Change, *, has_people: bool = True) -> Message:
    """Return the change itself, and who reaches the session then; of a place whose people nobody has counted, that it is reached."""
    key = change.kind if change.kind != "shift" else "earlier" if change.minutes < 0 else "later"
    values = {
        "minutes": minutes_in_full(abs(change.minutes)),
        "start": hhmm(change.start_s),
        "end": hhmm(change.end_s),
        "before": _count(change.reached_before_persons),
        "after": _count(change.reached_after_persons),
    }
    if not has_people:
        return Message(f"why.change.{key}.here", values)
    return Message(f"why.change.{key}", {**values, "persons": _count(change.gaining_persons)})


def what_it_turns(change: Change, *, has_people: bool = True) -> tuple[Message, ...]:
    """Return for how many of those who reach the session then that is enough, and from whom it takes the session or the standard.

    Without ``has_people`` those asked for stand for places, not for persons: no number of them is said.
    """
    said = []
    for key, asked_for in (("why.turn", change.turning_persons), ("why.still", change.still_missing_persons)):
        if asked_for >= SOME:
            is_all = change.gaining_persons - asked_for < SOME
            said.append(_of_those(key, asked_for, is_all=is_all) if has_people else _here(key, is_all=is_all))
    if change.not_known_persons >= SOME:
        values = {"persons": _count(change.not_known_persons)}
        said.append(Message("why.still.not_known", values) if has_people else Message("why.still.not_known_here"))
    if change.losing_persons >= SOME:
        said.append(Message("why.change.losing", {"persons": _count(change.losing_persons)}))
    return (*said, *_in_the_area(change, change.turning_persons if has_people else 0.0))


def _of_those(key: str, persons: float, *, is_all: bool) -> Message:
    return Message(f"{key}.all") if is_all else Message(f"{key}.some", {"persons": _count(persons)})


def _here(key: str, *, is_all: bool) -> Message:
    return Message(f"{key}.here" if is_all else f"{key}.part_here")


def _in_the_area(change: Change, turning_persons: float) -> list[Message]:
    """Return what becomes of the standard in the whole area, unless that has been said of those asked for."""
    said = []
    values = {"turned": _count(change.turned_persons), "losing": _count(change.losing_standard_persons)}
    if change.losing_standard_persons >= SOME:
        said.append(Message("why.area.both" if change.turned_persons >= SOME else "why.area.losing", values))
    elif change.turned_persons - turning_persons >= SOME:
        said.append(Message("why.area.turned", values))
    if change.doubtful_persons >= SOME:
        said.append(Message("why.area.doubtful", {"persons": _count(change.doubtful_persons)}))
    return said


def _count(persons: float) -> str:
    return f"{persons:,.0f}"
