"""There and back for every session: can one be there by its start and home after its end, and how long does each way take?

Outbound by public transport is one reverse search from the venue at the session's start, the return one forward search from its
end, for all origins at once; so the work grows with distinct (venue, weekday, time) and hardly with origins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.demand_responsive import DemandResponsive
from access.network import AreaNetwork
from access.query import MODES, STREET_MODE_OF, Mode
from access.routing.transit import TransitTimes
from geo.profile import WEEKDAYS, Weekday

Progress = Callable[[str, float], None]

PER_WEEK = {"weekly": 1.0, "fortnightly": 0.5, "monthly": 12 / 52}


class Reason(IntEnum):
    """Why a session is, or is not, within someone's reach. The names are keys of the catalogues: ``reason.no_way_home`` …"""

    REACHABLE = 0
    NO_WAY_THERE = 1
    NO_WAY_HOME = 2
    TOO_LONG = 3
    TOO_FAR_TO_WALK = 4
    NOT_PLACED = 5
    NOT_COVERED = 6

    @property
    def key(self) -> str:
        """The key of its words."""
        return f"reason.{self.name.lower()}"

    @property
    def is_known(self) -> bool:
        """Whether the data suffice to say."""
        return self not in (Reason.NOT_PLACED, Reason.NOT_COVERED)


@dataclass(frozen=True)
class ModeTimes:
    """Seconds there and back by one mode. Row ``out_row[session]`` of ``out_s`` holds all origins; likewise back; NaN is no way.

    By public transport ``*_rides`` counts rides (0: on foot all the way, -1: none) and ``*_service`` names the
    demand-responsive service that does better than the timetable (row of ``area.demand_responsive``, -1: none).
    """

    mode: Mode
    out_s: NDArray[np.float32]
    back_s: NDArray[np.float32]
    out_row: NDArray[np.intp]
    back_row: NDArray[np.intp]
    is_covered: NDArray[np.bool_]  # (sessions,)
    is_placed: NDArray[np.bool_]  # (sessions, origins)
    has_stop: NDArray[
        np.bool_
    ]  # (sessions, origins): a stop in walking distance at both ends; all true for street modes
    out_rides: NDArray[np.int8] | None = None
    back_rides: NDArray[np.int8] | None = None
    out_service: NDArray[np.int16] | None = None
    back_service: NDArray[np.int16] | None = None

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
        return reason

    def is_booked(self, session: int) -> NDArray[np.bool_]:
        """Say for each origin whether a ride must be booked, there or back."""
        if self.out_service is None or self.back_service is None:
            return np.zeros(self.out_s.shape[1], dtype=bool)
        out, back = self.out_service[self.out_row[session]], self.back_service[self.back_row[session]]
        return (out >= 0) | (back >= 0)


@dataclass(frozen=True)
class SessionAccess:
    """There and back for every session that runs in the service week, by mode.

    ``sessions`` has one row per session: its own columns, the activity's, the venue's row (``venue``) and name, and ``per_week``.
    """

    network: AreaNetwork
    sessions: pd.DataFrame
    by_mode: dict[Mode, ModeTimes]

    def of_category(self, category: str) -> NDArray[np.intp]:
        """Return the rows of the sessions of a category."""
        return np.flatnonzero(self.sessions["category"].to_numpy() == category)


def there_and_back(
    network: AreaNetwork, modes: Sequence[Mode] = MODES, progress: Progress | None = None
) -> SessionAccess:
    """Compute there and back for every running session, by each mode asked for."""
    sessions = running_sessions(network)
    return SessionAccess(network, sessions, times_by_mode(network, sessions, modes, progress))


def times_by_mode(
    network: AreaNetwork, sessions: pd.DataFrame, modes: Sequence[Mode], progress: Progress | None = None
) -> dict[Mode, ModeTimes]:
    """Compute there and back for any sessions: columns ``weekday, venue`` (row of ``area.venues``), ``start_s, end_s``."""
    by_mode: dict[Mode, ModeTimes] = {}
    for index, mode in enumerate(mode for mode in MODES if mode in modes):
        if progress:
            progress(mode, index / len(modes))
        by_mode[mode] = (
            _transit_times(network, sessions) if mode == "transit" else _street_times(network, sessions, mode)
        )
    return by_mode


def running_sessions(network: AreaNetwork) -> pd.DataFrame:
    """Return the sessions whose dates, and whose activity's, hold on their day of the service week."""
    area = network.area
    activities = area.activities.rename(columns={"valid_from": "activity_from", "valid_to": "activity_to"})
    venues = pd.DataFrame(
        {
            "venue_id": area.venues["venue_id"],
            "venue_name": area.venues["name"],
            "venue": np.arange(len(area.venues)),
            "is_placed": area.venues["is_placed"],
        }
    )
    found = area.sessions.merge(activities, on="activity_id").merge(venues, on="venue_id")
    day = pd.to_datetime([network.date_of(weekday) for weekday in found["weekday"]])
    runs = np.ones(len(found), dtype=bool)
    for first, last in (("valid_from", "valid_to"), ("activity_from", "activity_to")):
        runs &= ~(found[first] > day).to_numpy() & ~(found[last] < day).to_numpy()
    found["per_week"] = found["freq"].map(PER_WEEK)
    return found.loc[runs].reset_index(drop=True)


def _street_times(network: AreaNetwork, sessions: pd.DataFrame, mode: Mode) -> ModeTimes:
    street = STREET_MODE_OF[mode]
    venue = sessions["venue"].to_numpy(np.intp)
    is_placed = network.venues[street].is_placed[venue, None] & network.origins[street].is_placed[None, :]
    return ModeTimes(
        mode=mode,
        out_s=network.to_venues_s(street),
        back_s=network.from_venues_s(street),
        out_row=venue,
        back_row=venue,
        is_covered=np.ones(len(sessions), dtype=bool),
        is_placed=is_placed,
        has_stop=np.ones_like(is_placed),
    )


def _transit_times(network: AreaNetwork, sessions: pd.DataFrame) -> ModeTimes:
    """Compute there and back by public and demand-responsive transport; a day the timetable does not cover has no times."""
    covered = {str(weekday): network.is_covered(weekday) for weekday in sessions["weekday"].unique()}
    is_covered = sessions["weekday"].map(covered).to_numpy(bool)
    origins, venues = network.origins["walk"], network.venues["walk"]
    out, out_row = _search(network, sessions, "start_s")
    back, back_row = _search(network, sessions, "end_s")
    venue = sessions["venue"].to_numpy(np.intp)
    has_stop = network.venue_has_stop[venue, None] & network.origin_has_stop[None, :]
    return ModeTimes(
        mode="transit",
        out_s=out.travel_s,
        back_s=back.travel_s,
        out_row=out_row,
        back_row=back_row,
        is_covered=is_covered,
        is_placed=venues.is_placed[venue, None] & origins.is_placed[None, :],
        has_stop=has_stop,
        out_rides=out.rides,
        back_rides=back.rides,
        out_service=out.service,
        back_service=back.service,
    )


@dataclass(frozen=True)
class _Found:
    travel_s: NDArray[np.float32]
    rides: NDArray[np.int8]
    service: NDArray[np.int16]


def _search(network: AreaNetwork, sessions: pd.DataFrame, clock: str) -> tuple[_Found, NDArray[np.intp]]:
    """Search once for each distinct (weekday, venue, time); ``clock`` is ``start_s`` (there) or ``end_s`` (back)."""
    keys = sessions[["weekday", "venue", clock]]
    asked = keys.drop_duplicates().reset_index(drop=True)
    row = keys.merge(asked.assign(row=np.arange(len(asked))), how="left")["row"].to_numpy(np.intp)
    shape = (len(asked), len(network.area.origins))
    travel_s, rides = np.full(shape, np.nan, dtype=np.float32), np.full(shape, -1, dtype=np.int8)
    for weekday in WEEKDAYS:
        queries = asked[asked["weekday"] == weekday]
        at, venue = queries.index.to_numpy(), queries["venue"].to_numpy(np.int64)
        if network.is_covered(weekday):
            found = _on_day(network, weekday, venue, queries[clock].to_numpy(np.int32), clock)
            travel_s[at], rides[at] = found.travel_s, found.rides
        else:  # what can be walked is known all the same
            walk_s = (network.to_venues_s if clock == "start_s" else network.from_venues_s)("walk")[venue]
            is_near = walk_s <= network.rules.max_walk_min * 60
            travel_s[at], rides[at] = np.where(is_near, walk_s, np.nan), np.where(is_near, 0, -1)
    booked = DemandResponsive(network)
    ask = booked.out if clock == "start_s" else booked.back
    ride = ask(asked["venue"].to_numpy(np.intp), list(asked["weekday"]), asked[clock].to_numpy(np.int32))
    is_better = np.isfinite(ride.travel_s) & ~(travel_s <= ride.travel_s)
    travel_s[is_better] = ride.travel_s[is_better]
    rides[is_better] = 1
    return _Found(travel_s, rides, np.where(is_better, ride.service, -1).astype(np.int16)), row


def _on_day(
    network: AreaNetwork, weekday: Weekday, venue: NDArray[np.int64], clock_s: NDArray[np.int32], clock: str
) -> TransitTimes:
    day = network.transit.on(network.date_of(weekday))
    limit_s = round(network.rules.max_travel_min * 60)
    if clock == "start_s":
        return day.latest_departures(
            network.origin_links, network.venue_links, venue, clock_s, network.to_venues_s("walk"), limit_s
        )
    return day.earliest_arrivals(
        network.venue_links, network.origin_links, venue, clock_s, network.from_venues_s("walk"), limit_s
    )
