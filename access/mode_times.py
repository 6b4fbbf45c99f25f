"""What there and back by one mode takes, and the reasons why a session is within reach or not; for a wheelchair, what is sure of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from access.accessible import Floats, Words, settled
from access.query import Mode


class Reason(IntEnum):
    """Why a session is, or is not, within someone's reach. The names are keys of the catalogues: ``reason.no_way_home`` …"""

    REACHABLE = 0
    NO_WAY_THERE = 1
    NO_WAY_HOME = 2
    TOO_LONG = 3
    TOO_FAR_TO_WALK = 4
    NOT_PLACED = 5
    NOT_COVERED = 6
    NOT_ADMITTED = 7
    WAY_NOT_SAID = 8
    PLACE_NOT_SAID = 9

    @property
    def key(self) -> str:
        """The key of its words."""
        return f"reason.{self.name.lower()}"

    @property
    def is_known(self) -> bool:
        """Whether the data suffice to say."""
        return self not in (Reason.NOT_PLACED, *MAY_BE_REACHABLE)


MAY_BE_REACHABLE = (Reason.NOT_COVERED, Reason.WAY_NOT_SAID, Reason.PLACE_NOT_SAID)


@dataclass(frozen=True)
class AtBothEnds:
    """What holds for a session and an origin where it holds at both: ``[session]`` gives all origins. Never written out as a table."""

    at_venue: NDArray[np.bool_]  # (sessions,)
    at_origin: NDArray[np.bool_]  # (origins,)

    def __getitem__(self, session: int) -> NDArray[np.bool_]:
        return self.at_origin & self.at_venue[session]


@dataclass(frozen=True)
class ModeTimes:
    """Seconds there and back by one mode. Row ``out_row[session]`` of ``out_s`` holds all origins; likewise back; NaN is no way.

    By public transport ``*_rides`` counts rides (0: on foot all the way, -1: none) and ``*_service`` names the
    demand-responsive service that does better than the timetable (row of ``area.demand_responsive``, -1: none).
    Where a wheelchair is asked for, the times are those of ways of which nothing says that it can't go, and ``wheelchair`` tells what is
    sure.
    """

    mode: Mode
    out_s: NDArray[np.float32]
    back_s: NDArray[np.float32]
    out_row: NDArray[np.intp]
    back_row: NDArray[np.intp]
    is_covered: NDArray[np.bool_]  # (sessions,)
    is_placed: AtBothEnds
    has_stop: AtBothEnds  # a stop in walking distance; true everywhere for street modes
    out_rides: NDArray[np.int8] | None = None
    back_rides: NDArray[np.int8] | None = None
    out_service: NDArray[np.int16] | None = None
    back_service: NDArray[np.int16] | None = None
    wheelchair: ForWheelchair | None = None

    def reasons(self, session: int, limit_s: float) -> NDArray[np.int8]:
        """Return the :class:`Reason` for each origin, under a limit each way."""
        out_s, back_s = self.out_s[self.out_row[session]], self.back_s[self.back_row[session]]
        reason = np.full(len(out_s), Reason.REACHABLE, dtype=np.int8)
        reason[(out_s > limit_s) | (back_s > limit_s)] = (
            Reason.TOO_FAR_TO_WALK if self.mode == "walk" else Reason.TOO_LONG
        )
        reason[np.isnan(back_s)] = Reason.NO_WAY_HOME
        reason[np.isnan(out_s)] = Reason.NO_WAY_THERE
        reason[~self.has_stop[session] & (np.isnan(out_s) | np.isnan(back_s))] = Reason.TOO_FAR_TO_WALK
        if not self.is_covered[session]:
            reason[reason != Reason.REACHABLE] = Reason.NOT_COVERED  # a booked ride may reach it all the same
        reason[~self.is_placed[session]] = Reason.NOT_PLACED
        return reason if self.wheelchair is None else self.wheelchair.judged(reason, session, limit_s)

    def is_booked(self, session: int) -> NDArray[np.bool_]:
        """Say for each origin whether a ride must be booked, there or back."""
        if self.out_service is None or self.back_service is None:
            return np.zeros(self.out_s.shape[1], dtype=bool)
        out, back = self.out_service[self.out_row[session]], self.back_service[self.back_row[session]]
        return (out >= 0) | (back >= 0)


@dataclass(frozen=True)
class ForWheelchair:
    """What is sure of there and back by one mode.

    ``sure`` are the times by vehicles and stops that are said to be accessible; ``entry`` (sessions,) says whether a wheelchair can get
    into where the session is: ``yes``, ``no`` or ``unknown``.
    """

    sure: ModeTimes
    entry: Words

    def judged(self, reason: NDArray[np.int8], session: int, limit_s: float) -> NDArray[np.int8]:
        """Return for each origin the :class:`Reason`, given those of the ways that may be accessible."""
        if self.entry[session] == "no":
            return np.full_like(reason, Reason.NOT_ADMITTED)
        is_reached = reason == Reason.REACHABLE
        reason = np.where(is_reached & (self.entry[session] != "yes"), np.int8(Reason.PLACE_NOT_SAID), reason)
        is_sure = self.sure.reasons(session, limit_s) == Reason.REACHABLE
        return np.where(is_reached & ~is_sure, np.int8(Reason.WAY_NOT_SAID), reason)

    def settled(self, travel: Floats, sure: Floats, rows: NDArray[np.intp]) -> tuple[Floats, NDArray[np.bool_]]:
        """Return times (sessions of ``rows``, origins) without those nobody in a wheelchair has, and which of them are beyond doubt.

        ``travel`` are times by ways that may be accessible, ``sure`` by those said to be; NaN is no way.
        """
        return settled(travel, sure, self.entry[rows])
