"""Say how long a change between two rides takes: the timetable's word first, then streets, then a guess within stations.

Of what is known about a pair of stops the first counts, in this order:

1. what the feed says of changing there (``FORBIDDEN``; ``TIMED``, which stands in place of both the walk and the slack before departure);
2. the walk by pathways of a station (``INDOORS``);
3. the walk on streets; at one and the same stop none is needed;
4. a guess within a station, or between stops that the feed recommends for changing (``IF_APART``).

A walk longer than one walks, and a guess longer than that, is no change, and nothing below it in the list stands in for it: else whoever
walks more slowly, or will walk less far, would change the quicker for it. The feed's own time is no walk.

The search takes the slack off all departures, so a time that stands in its place has it taken off here, and may fall below zero.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from access.routing.raptor import Int32s
from geo.timetable.model import FORBIDDEN, IF_APART, INDOORS, STEP_FREE, TIMED

PRECEDENCE = {FORBIDDEN: 0, TIMED: 0, INDOORS: 1, IF_APART: 3}
ON_STREETS = 2


def at_pace(seconds: NDArray[np.integer], walked_s: NDArray[np.integer], slowness: float) -> NDArray[np.int64]:
    """Return whole seconds of which ``walked_s`` are walked for those who take ``slowness`` times as long to walk as at 4.8 km/h."""
    walk_s: NDArray[np.int64] = np.ceil(np.round(walked_s * slowness, 6)).astype(np.int64)
    return seconds - walked_s + walk_s


def possible_changes(told: NDArray[np.int32], slowness: float, *, is_step_free: bool) -> NDArray[np.int32]:
    """Return stops, kind and seconds of what ``Timetable.changes`` says to people of one pace who take steps, or need ways without them.

    To these the walk indoors is the one without steps. Where pathways join two stops by steps alone there is no such walk, and no guess
    stands in for it; what the feed says of the time to change there, and streets, do.
    """
    kind = told[:, 2]
    told = np.column_stack([told[:, :3], at_pace(told[:, 3], told[:, 4], slowness)]).astype(np.int32)
    if not is_step_free:
        return told[kind != STEP_FREE]
    free = told[kind == STEP_FREE] + np.array([0, 0, INDOORS - STEP_FREE, 0], np.int32)
    pair = told[:, 0].astype(np.int64) * (int(told[:, 1].max(initial=0)) + 1) + told[:, 1]
    is_guess = (kind == IF_APART) & np.isin(pair, pair[kind == INDOORS])
    return np.concatenate([told[~np.isin(kind, [INDOORS, STEP_FREE]) & ~is_guess], free])


def guessed_pairs(told: NDArray[np.int32], walks: Sequence[ArrayLike]) -> NDArray[np.int64]:
    """Return the pairs of stops (pairs, 2) of which a guess is told and no walk on streets: ``walks`` are (stop, other stop, seconds)."""
    pairs = told[(told[:, 2] == IF_APART) & (told[:, 0] != told[:, 1]), :2].astype(np.int64)
    return pairs[~is_among(pairs, np.column_stack(walks[:2]))]


def is_among(pairs: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each pair of stops (pairs, 2) whether it is one of ``others``."""
    by_number = np.array([max(int(part.max(initial=0)) for part in (pairs, others)) + 1, 1])
    return np.isin(pairs @ by_number, others @ by_number)


def changes_between(
    told: NDArray[np.int32],
    walks: Sequence[ArrayLike],
    own: Sequence[ArrayLike],
    n_stops: int,
    board_slack_s: int,
    max_walk_s: int,
) -> tuple[Int32s, Int32s, Int32s]:
    """Return changes as rows by stop (start, other stop, seconds until one can board there, slack apart), one's own stop among them.

    ``told`` is what :func:`possible_changes` gives; ``walks`` are walks on streets between different stops: (stop, other stop, seconds),
    those of pairs of which a guess is told among them however long they are; ``own`` are the pairs that are one stop: (stop, stop).
    """
    walk_tail, walk_head, seconds = (np.asarray(part, np.int64) for part in walks)
    own_tail, own_head = (np.asarray(part, np.int64) for part in own)
    n_own, n_walks = len(own_tail), len(seconds)
    kind = told[:, 2].astype(np.int64)
    whole = np.isin(kind, [TIMED, IF_APART])
    rank_of = np.array([PRECEDENCE[k] for k in range(len(PRECEDENCE))])
    tail = np.concatenate([told[:, 0], own_tail, walk_tail])
    head = np.concatenate([told[:, 1], own_head, walk_head])
    takes_s = np.concatenate([told[:, 3] - np.where(whole, board_slack_s, 0), np.zeros(n_own, np.int64), seconds])
    rank = np.concatenate([rank_of[kind], np.full(n_own + n_walks, ON_STREETS)])
    walked_s = np.where(kind == TIMED, 0, told[:, 3])
    is_open = np.concatenate(
        [(kind != FORBIDDEN) & (walked_s <= max_walk_s), np.ones(n_own, np.bool_), seconds <= max_walk_s]
    )
    order = np.lexsort((rank, head, tail))
    pair = tail[order] * n_stops + head[order]
    best = order[np.concatenate([[True], pair[1:] != pair[:-1]])[: len(order)]]
    kept = best[is_open[best]]
    first = np.concatenate([[0], np.cumsum(np.bincount(tail[kept], minlength=n_stops))])
    return first.astype(np.int32), head[kept].astype(np.int32), takes_s[kept].astype(np.int32)
