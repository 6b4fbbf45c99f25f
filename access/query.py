"""The whole question as frozen values: how people may travel, and what standard they should find met."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from math import inf
from pathlib import Path
from typing import Literal, get_args

from access.traffic import Peak, default_peaks
from geo.code import source_digest
from geo.errors import CyrraeddError
from geo.streets.graph import StreetMode
from geo.words import Message, say

Mode = Literal["walk", "cycle", "drive", "transit"]
MODES: tuple[Mode, ...] = get_args(Mode)
LONGEST_MIN = 240.0  # of a limit each way
STREET_MODE_OF: dict[Mode, StreetMode] = {"walk": "walk", "cycle": "cycle", "drive": "drive"}


class QueryError(CyrraeddError):
    """A question that contradicts itself, or lies outside what can be asked."""


class NotComputable(QueryError):
    """A figure that can't be computed of what the area has, or under what was asked: ``why`` says so in either language."""

    def __init__(self, why: Message) -> None:
        super().__init__(say(why, "en"))
        self.why = why


@dataclass(frozen=True)
class TravelRules:
    """How people travel. Defaults and their sources: ``docs/methods.md``.

    ``max_walk_min`` bounds each walk to, between and from stops, and walking all the way in place of a ride.
    ``max_walk_total_min`` bounds what is walked in all on one way by public transport, where it is given: exact, and some times slower.
    ``max_travel_min`` bounds a journey one way by public transport: what takes longer counts as no way at all.
    ``drive_factor`` multiplies whatever is driven at any hour, and not the walk to the street; ``peaks`` multiply it again, for sessions
    at their hours (``access/traffic.py``). ``park_min`` is added to each way of a drive in one's own car, for finding a space and walking
    from it or to it; taxis, minibuses and lifts do not park.
    ``wheelchair``: no steps on the way, and no vehicle, stop or activity that is said to be closed to wheelchairs; what is reached only by
    those that say nothing is unknown (``access/accessible.py``).
    """

    walk_kmh: float = 4.8
    max_walk_min: float = 20.0
    max_rides: int = 4
    board_slack_s: int = 60
    max_travel_min: float = 180.0
    drive_factor: float = 1.0
    peaks: tuple[Peak, ...] = field(default_factory=default_peaks)
    park_min: float = 0.0
    wheelchair: bool = False
    max_walk_total_min: float | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.walk_kmh <= 10:
            raise QueryError(f"A walking speed of {self.walk_kmh} km/h is not plausible: give one from 1 to 10.")
        if not 0 < self.max_walk_min <= 120:
            raise QueryError(f"A walk of at most {self.max_walk_min} minutes can't be asked: give from 1 to 120.")
        if self.max_walk_total_min is not None and not 0 <= self.max_walk_total_min <= 600:
            raise QueryError(
                f"At most {self.max_walk_total_min} minutes on foot in all can't be asked: give from 0 to 600."
            )
        if not 1 <= self.max_rides <= 8:
            raise QueryError(f"{self.max_rides} rides can't be asked: give from 1 to 8.")
        if not 0 <= self.board_slack_s <= 1800:
            raise QueryError(f"{self.board_slack_s} seconds to board can't be asked: give from 0 to 1,800.")
        if not 0 < self.max_travel_min <= 720:
            raise QueryError(f"A journey of at most {self.max_travel_min} minutes can't be asked: give from 1 to 720.")
        if not 0.5 <= self.drive_factor <= 5:
            raise QueryError(f"Drives that take {self.drive_factor} times as long can't be asked: give from 0.5 to 5.")
        if not 0 <= self.park_min <= 60:
            raise QueryError(f"{self.park_min} minutes to park can't be asked: give from 0 to 60.")

    def longest_min(self, modes: Sequence[Mode]) -> float:
        """Return the longest that a way by any of the modes is looked for, in minutes; infinite without public transport."""
        return self.max_travel_min if "transit" in modes else math.inf

    def check_within(self, within_min: float, modes: Sequence[Mode]) -> None:
        """Check that a limit each way can be judged: what takes longer than a way is looked for has no minutes to hold against it.

        Raises:
            QueryError: it is above :meth:`longest_min`.
        """
        if within_min > self.longest_min(modes):
            raise QueryError(
                f"Ways by public transport are looked for up to {self.max_travel_min:g} minutes, so {within_min:g} minutes can't be "
                "judged: ask for less, or look farther (--max-travel)."
            )


def check_minutes(within_min: float) -> None:
    """Refuse a limit of minutes each way that can't be asked, NaN among them.

    Raises:
        QueryError: it is not above 0 and at most :data:`LONGEST_MIN`.
    """
    if not 0 < within_min <= LONGEST_MIN:
        raise QueryError(f"{within_min} minutes can't be asked: give more than 0, at most {LONGEST_MIN:.0f}.")


@dataclass(frozen=True)
class Standard:
    """What everyone should find: so many sessions of a category a week, there and back within so many minutes each way.

    Outbound minutes count from leaving home to the session's start, return minutes from its end to the front door.
    ``max_fare_gbp`` is the most that a return trip may cost in fares; ``None`` leaves fares out of the standard.
    """

    category: str
    sessions_per_week: float = 1.0
    within_min: float = 45.0
    modes: tuple[Mode, ...] = ("transit",)
    max_fare_gbp: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.sessions_per_week <= 100:
            raise QueryError(f"{self.sessions_per_week} sessions a week can't be asked: give more than 0, at most 100.")
        check_minutes(self.within_min)
        if not self.modes or set(self.modes) - set(MODES):
            raise QueryError(
                f"The modes must be one or more of {', '.join(MODES)}; got {', '.join(self.modes) or 'none'}."
            )
        if self.max_fare_gbp is not None and not 0 <= self.max_fare_gbp < inf:
            raise QueryError(f"The most that a return trip may cost can't be £{self.max_fare_gbp}: give 0 or more.")
        object.__setattr__(self, "modes", tuple(mode for mode in MODES if mode in self.modes))

    @property
    def limit_s(self) -> float:
        """The limit each way in seconds."""
        return self.within_min * 60


@cache
def code_digest() -> str:
    """Return twelve hexadecimal digits that name the source of ``geo`` and ``access``, the code that answers are computed by."""
    project = Path(__file__).resolve().parent.parent
    return source_digest(project / "geo", project / "access")[:12]


@dataclass(frozen=True)
class Provenance:
    """What a result was made from, and by which code: printed under each map and export, and the key under which it is kept."""

    area_id: str
    area_digest: str
    service_date: str
    rules: TravelRules
    asked: dict[str, object] = field(default_factory=dict)
    area_says: tuple[str, ...] = ()  # that it is fictional, where it is; whose data it is made from
    code: str = field(default_factory=code_digest)

    @property
    def statement(self) -> str:
        """What goes with a table that leaves the program: the digest, the code, and a line for whatever the area must say of itself."""
        return "\n".join([self.digest, f"code {self.code}", *self.area_says])

    @property
    def in_words(self) -> str:
        """What stands under a result that is shown: its digest, its date, its code, and whatever the area must say of itself."""
        made = f"Made from data and question {self.digest}, for {self.service_date}. Computed by code {self.code}."
        return "\n".join([made, *self.area_says])

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that name the request, every input file and the code."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, default=str).encode()).hexdigest()[:16]
