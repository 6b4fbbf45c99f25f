"""There and back for every session: can one be there by its start and home after its end, and how long does each way take?

Outbound by public transport is one reverse search from the venue at the session's start, the return one forward search from its
end, for all origins at once; so the work grows with distinct (venue, weekday, time) and hardly with origins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.accessible import entry_of
from access.mode_times import AtBothEnds, ForWheelchair, ModeTimes
from access.network import AreaNetwork
from access.query import MODES, STREET_MODE_OF, Mode
from access.routing.transit import StopLinks, TransitTimes
from access.traffic import factor_at
from geo.errors import UnknownName
from geo.opening import Progress
from geo.profile import WEEKDAYS, Weekday
from geo.vocabulary import CATEGORIES

Clock = Literal["start_s", "end_s"]  # there by the start, home from the end
CLOCKS: tuple[Clock, Clock] = ("start_s", "end_s")
QUERIES_AT_ONCE = 512

PER_WEEK = {"weekly": 1.0, "fortnightly": 0.5, "monthly": 12 / 52}


@dataclass(frozen=True)
class SessionAccess:
    """There and back for every session that runs in the service week, by mode.

    ``sessions`` has one row per session: its own columns, the activity's, the venue's row (``venue``) and name, and ``per_week``.
    """

    network: AreaNetwork
    sessions: pd.DataFrame
    by_mode: dict[Mode, ModeTimes]

    def of_category(self, category: str) -> NDArray[np.intp]:
        """Return the rows of the sessions of a category; none where none runs.

        Raises:
            UnknownName: there is no such category.
        """
        if category not in CATEGORIES:
            raise UnknownName("category", category, CATEGORIES)
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
        times = _times(network, sessions, mode)
        if network.rules.wheelchair:
            sure = _times(network.surely, sessions, mode) if mode == "transit" else times
            times = replace(times, wheelchair=ForWheelchair(sure, entry_of(sessions)))
        by_mode[mode] = times
    return by_mode


def _times(network: AreaNetwork, sessions: pd.DataFrame, mode: Mode) -> ModeTimes:
    return _transit_times(network, sessions) if mode == "transit" else _street_times(network, sessions, mode)


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
    if mode == "drive":
        (out_s, out_row), (back_s, back_row) = (_drives_s(network, sessions, clock) for clock in CLOCKS)
    else:
        out_s, back_s, out_row, back_row = network.to_venues_s(street), network.from_venues_s(street), venue, venue
    return ModeTimes(
        mode=mode,
        out_s=_parked(out_s, network.parking_s(mode)),
        back_s=_parked(back_s, network.parking_s(mode)),
        out_row=out_row,
        back_row=back_row,
        is_covered=np.ones(len(sessions), dtype=bool),
        is_placed=AtBothEnds(network.venues[street].is_placed[venue], network.origins[street].is_placed),
        has_stop=AtBothEnds(np.ones(len(venue), dtype=bool), np.ones(len(network.area.origins), dtype=bool)),
    )


def _drives_s(
    network: AreaNetwork, sessions: pd.DataFrame, clock: Clock
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Return seconds of the drives one way in the traffic of each session's hour, and each session's row of them.

    Sessions of one venue at hours alike share a row; where no hour is slower, the rows are the venues.
    """
    is_return = clock == "end_s"
    factor = drive_factors(network, sessions, clock)
    keys = pd.DataFrame({"venue": sessions["venue"].to_numpy(np.intp), "factor": factor})
    if (factor == 1.0).all():
        return network.from_venues_s("drive") if is_return else network.to_venues_s("drive"), keys["venue"].to_numpy()
    distinct = keys.drop_duplicates().reset_index(drop=True)
    own = keys.merge(distinct.assign(row=np.arange(len(distinct))), how="left")["row"].to_numpy(np.intp)
    return network.in_traffic_s(distinct["venue"].to_numpy(), distinct["factor"].to_numpy(), is_return=is_return), own


def drive_factors(network: AreaNetwork, sessions: pd.DataFrame, clock: Clock) -> NDArray[np.float64]:
    """Return how many times as long as in free flow the drive to each session's start takes, or home from its end."""
    peaks, is_return = network.rules.peaks, clock == "end_s"
    when = zip(sessions["weekday"], sessions[clock], strict=True)
    return np.array([factor_at(peaks, weekday, at_s, is_return=is_return) for weekday, at_s in when], dtype=np.float64)


def drive_s(network: AreaNetwork, session: pd.Series, clock: Clock) -> NDArray[np.float32]:
    """Return seconds of the drive from each origin to one session's start, or home from its end, in the traffic then; parking apart."""
    factor = drive_factors(network, session.to_frame().T, clock)
    return network.in_traffic_s(np.array([session["venue"]], dtype=np.intp), factor, is_return=clock == "end_s")[0]


def _parked(travel_s: NDArray[np.float32], parking_s: float) -> NDArray[np.float32]:
    """Return travel times with parking; themselves, not a copy, where it takes no time."""
    return travel_s + np.float32(parking_s) if parking_s else travel_s


def _transit_times(network: AreaNetwork, sessions: pd.DataFrame) -> ModeTimes:
    """Compute there and back by public and demand-responsive transport; a day the timetable does not cover has no times."""
    covered = {str(weekday): network.is_covered(weekday) for weekday in sessions["weekday"].unique()}
    is_covered = sessions["weekday"].map(covered).to_numpy(bool)
    origins, venues = network.origins["walk"], network.venues["walk"]
    (leaving, out_row), (returning, back_row) = queries_of(sessions, "start_s"), queries_of(sessions, "end_s")
    out, back = search(network, leaving, "start_s"), search(network, returning, "end_s")
    venue = sessions["venue"].to_numpy(np.intp)
    return ModeTimes(
        mode="transit",
        out_s=out.travel_s,
        back_s=back.travel_s,
        out_row=out_row,
        back_row=back_row,
        is_covered=is_covered,
        is_placed=AtBothEnds(venues.is_placed[venue], origins.is_placed),
        has_stop=AtBothEnds(network.venue_has_stop[venue], network.origin_has_stop),
        out_rides=out.rides,
        back_rides=back.rides,
        out_service=out.service,
        back_service=back.service,
    )


@dataclass(frozen=True)
class Found:
    """What searches found, one row for each, at all origins: seconds (NaN: no way), rides, booked service; as in :class:`ModeTimes`."""

    travel_s: NDArray[np.float32]
    rides: NDArray[np.int8]
    service: NDArray[np.int16]

    @classmethod
    def blank(cls, n_queries: int, n_origins: int) -> Found:
        """Return room for so many searches."""
        shape = (n_queries, n_origins)
        return cls(np.full(shape, np.nan, np.float32), np.full(shape, -1, np.int8), np.full(shape, -1, np.int16))

    def put(self, rows: NDArray[np.intp], other: Found) -> None:
        """Write another's rows over these."""
        self.travel_s[rows], self.rides[rows], self.service[rows] = other.travel_s, other.rides, other.service


def queries_of(sessions: pd.DataFrame, clock: Clock) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Return the distinct searches that sessions need, and for each session which of them is its own.

    Searches have ``weekday, venue, time_s``: to be there by then (``clock`` is ``start_s``) or to leave then (``end_s``).
    """
    keys = sessions[["weekday", "venue", clock]].rename(columns={clock: "time_s"})
    queries = keys.drop_duplicates().reset_index(drop=True)
    own = keys.merge(queries.assign(row=np.arange(len(queries))), how="left")["row"].to_numpy(np.intp)
    return queries, own


def search(network: AreaNetwork, queries: pd.DataFrame, clock: Clock) -> Found:
    """Search by public and demand-responsive transport, once for each row of ``queries`` (as :func:`queries_of` gives them)."""
    whole = Found.blank(len(queries), len(network.area.origins))
    for weekday in WEEKDAYS:
        rows = np.flatnonzero(queries["weekday"].to_numpy() == weekday)
        for first in range(0, len(rows), QUERIES_AT_ONCE):  # so that no second copy of the whole is held
            some = rows[first : first + QUERIES_AT_ONCE]
            whole.put(some, _search_some(network, weekday, queries.iloc[some], clock))
    return whole


def _search_some(network: AreaNetwork, weekday: Weekday, queries: pd.DataFrame, clock: Clock) -> Found:
    """Search for queries of one weekday."""
    venue, time_s = queries["venue"].to_numpy(np.intp), queries["time_s"].to_numpy(np.int32)
    if network.is_covered(weekday):
        found = _on_day(network, weekday, venue, time_s, clock)
        travel_s, rides = found.travel_s, found.rides
    else:  # what can be walked is known all the same
        travel_s = network.walks_s(is_return=clock == "end_s")[venue]
        rides = np.where(np.isnan(travel_s), -1, 0).astype(np.int8)
    on, booked = network.date_of(weekday), network.demand_responsive
    ride = (booked.out if clock == "start_s" else booked.back)(venue, on, network.service_s(on, time_s))
    is_better = ride.are_better(travel_s)
    travel_s[is_better] = ride.travel_s[is_better]
    rides[is_better] = 1
    return Found(travel_s, rides, np.where(is_better, ride.service, -1).astype(np.int16))


def _on_day(
    network: AreaNetwork, weekday: Weekday, venue: NDArray[np.intp], time_s: NDArray[np.int32], clock: Clock
) -> TransitTimes:
    on = network.date_of(weekday)
    day, time_s = network.transit.on(on), network.service_s(on, time_s)
    limits_s = round(network.rules.max_travel_min * 60), network.max_walking_s
    asked, which = np.unique(venue, return_inverse=True)  # the ways on foot of these alone
    walk_s, venue_links = network.walks_s(is_return=clock == "end_s")[asked], _links_of(network.venue_links, asked)
    if clock == "start_s":
        return day.latest_departures(network.origin_links, venue_links, which, time_s, walk_s, *limits_s)
    return day.earliest_arrivals(venue_links, network.origin_links, which, time_s, walk_s, *limits_s)


def _links_of(links: StopLinks, points: NDArray[np.intp]) -> StopLinks:
    """Return the links of some points alone, in that order."""
    parts = []
    for start, stop, seconds in (links.to_stop, links.from_stop):
        lengths = np.diff(start)[points]
        first = np.concatenate([[0], np.cumsum(lengths)])
        rows = np.arange(first[-1]) + np.repeat(start[points] - first[:-1], lengths)
        parts.append((first, stop[rows], seconds[rows]))
    return StopLinks.of(*parts)
