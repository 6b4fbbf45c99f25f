"""Whose standard turns when one session is within reach of other people than now, and all others stay as they are.

Reaching a session is not yet having the standard met: it may be held too seldom, or be one of too few. So people are judged as
:func:`access.gaps.find_gaps` judges them, with the session's part of their counts put in anew, and those who lose the standard are
counted beside those who gain it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from access.costs import Prices
from access.gaps import TIE, Counts, Gaps, count_sessions, judge_counts

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """Of a session, or of several versions of it, ``(…, origins)``: within reach of all, of those with a pass, and not to be judged.

    ``is_with_pass`` is the same as ``is_reachable`` where no fare is limited (:func:`access.gaps.judge`).
    """

    is_reachable: Flags
    is_with_pass: Flags
    is_unjudged: Flags

    @property
    def by_group(self) -> Flags:
        """Who reaches it, ``(2, …, origins)``: those who pay fares, and holders of a pass."""
        return np.array([self.is_reachable, self.is_with_pass])


@dataclass(frozen=True)
class Turned:
    """Who finds a standard met with a session as it is ``now`` and under changes: ``(2, origins)`` and ``(2, changes, origins)``.

    The first axis is those who pay fares and holders of a pass. ``is_known_*`` are (origins,) and (changes, origins).
    """

    is_met_now: Flags
    is_met_then: Flags
    is_known_now: Flags
    is_known_then: Flags

    @property
    def gaining(self) -> Flags:
        """Who is known to miss the standard now, and to find it met then."""
        return ~self.is_met_now[:, None] & self.is_met_then & self.is_known_now & self.is_known_then

    @property
    def losing(self) -> Flags:
        """Who is known to find the standard met now, and to miss it then."""
        return self.is_met_now[:, None] & ~self.is_met_then & self.is_known_now & self.is_known_then

    @property
    def doubtful(self) -> Flags:
        """Who is known to find the standard met now, and of whom it would not be known then."""
        return (
            self.is_met_now[:, None] & self.is_known_now & np.broadcast_to(~self.is_known_then, self.is_met_then.shape)
        )

    @property
    def missing_then(self) -> Flags:
        """Who is known to miss the standard then."""
        return ~self.is_met_then & self.is_known_then


def find_turned(gaps: Gaps, session: int, now: Judged, then: Judged) -> Turned:
    """Return who finds the standard met with a session (row of ``access.sessions``) as it is, and as in ``then``, (changes, origins)."""
    per_week = float(gaps.access.sessions["per_week"].iloc[session])
    counts = gaps.counts
    moved = Counts(
        counts.reachable + per_week * (then.is_reachable.astype(float) - now.is_reachable),
        counts.reachable_with_pass + per_week * (then.is_with_pass.astype(float) - now.is_with_pass),
        counts.unjudged + per_week * (then.is_unjudged.astype(float) - now.is_unjudged),
        counts.is_placed,
    )
    (is_met_now, is_known_now), (is_met_then, is_known_then) = _met(gaps, counts), _met(gaps, moved)
    return Turned(is_met_now, is_met_then, is_known_now, is_known_then)


def _met(gaps: Gaps, counts: Counts) -> tuple[Flags, Flags]:
    """Return who finds so many sessions a week, by group, and of which origins that is known."""
    enough = gaps.standard.sessions_per_week - TIE
    _, is_unknown = judge_counts(counts, gaps.standard.sessions_per_week, gaps.pass_share)
    return np.array([counts.reachable >= enough, counts.reachable_with_pass >= enough]), ~is_unknown


def missing_within(gaps: Gaps, within_min: float, prices: Prices | None = None) -> Flags:
    """Return who is known to miss the standard under another limit of minutes each way, ``(2, origins)``.

    Raises:
        QueryError: there is no such limit, or as in :func:`access.gaps.count_sessions`.
    """
    is_met, is_known = _met(gaps, count_sessions(gaps.access, replace(gaps.standard, within_min=within_min), prices))
    return ~is_met & is_known


def persons(of: Flags, people: Floats) -> Floats:
    """Return how many persons those are, of ``(2, …, origins)``; ``people`` is ``(2, origins)``."""
    return np.asarray(of[0] @ people[0] + of[1] @ people[1], dtype=np.float64)


def people_by_group(gaps: Gaps) -> Floats:
    """Return the people of each origin, ``(2, origins)``: those who pay fares, and holders of a pass; none where nobody knows."""
    people = np.nan_to_num(gaps.access.network.area.origins["population"].to_numpy(np.float64))
    holders = people * gaps.holders_share
    return np.array([people - holders, holders])
