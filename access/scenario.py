"""What if a route ran that does not run yet: there and back again, for every search that it can change and for no other.

A search cannot change where the bounds of ``access/route_reach.py`` say that every way by the new route takes longer than the way there
is. All others are searched anew on the timetable with the route; so the result is what computing everything anew would give. On a day on
which bounds would cost more searches than they are likely to save, all are searched anew at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.mode_times import ModeTimes
from access.network import AreaNetwork
from access.new_route import NewRoute, only_route, with_route
from access.query import QueryError
from access.route_reach import RouteReach
from access.routing.added import with_rides
from access.routing.transit import TransitDay, make_day
from access.sessions import CLOCKS, Clock, Found, SessionAccess, queries_of, search
from geo.profile import WEEKDAYS, Weekday

LIKELY_SAVED = (
    0.5  # of a day's searches: the bounds ruled out 0.4 on the demonstration area, 0.96 on one of national size
)


@dataclass(frozen=True)
class WithRoute:
    """There and back with a new route. ``n_searched`` of ``n_searches`` were made anew; the others cannot have changed."""

    access: SessionAccess
    n_searched: int
    n_searches: int


def add_route(before: SessionAccess, route: NewRoute) -> WithRoute:
    """Return there and back for the same sessions with ``route`` running too. Times by other modes are shared, not copied.

    Raises:
        QueryError: ``before`` has no times by public transport. And as :func:`access.new_route.with_route`.
    """
    if "transit" not in before.by_mode:
        raise QueryError("A route changes nothing where public transport was not computed. Compute it first.")
    network, after, n_searched, n_searches = _times_with(
        before.network, before.sessions, before.by_mode["transit"], route
    )
    return WithRoute(
        SessionAccess(network, before.sessions, before.by_mode | {"transit": after}), n_searched, n_searches
    )


def _times_with(
    without: AreaNetwork, sessions: pd.DataFrame, times: ModeTimes, route: NewRoute
) -> tuple[AreaNetwork, ModeTimes, int, int]:
    """Return the network and times with ``route``, how many searches were made anew, and how many there are."""
    network, alone = _networks(without, route)
    # bounds are of stops that all trips share: where some are parted (access/routing/parted.py), all is searched anew
    reaches = None if len(network.area.timetable.changes_of_trips) else _reaches(network, alone, sessions)
    asked = {clock: queries_of(sessions, clock)[0] for clock in CLOCKS}
    of_day = pd.concat(asked.values())["weekday"].value_counts()
    all_anew = {
        weekday
        for weekday, reach in (reaches or {}).items()
        if LIKELY_SAVED * of_day.get(weekday, 0) <= reach.n_searches
    }
    parts, n_searched, n_searches = {}, 0, 0
    for clock, queries in asked.items():
        found = _found(times, clock)
        rows = (
            np.arange(len(queries))
            if reaches is None
            else _may_change(reaches, all_anew, queries, clock, found.travel_s)
        )
        if len(rows):
            found = Found(found.travel_s.copy(), found.rides.copy(), found.service.copy())
            found.put(rows, search(network, queries.iloc[rows], clock))
        parts[clock], n_searched, n_searches = found, n_searched + len(rows), n_searches + len(queries)
    out, back = parts["start_s"], parts["end_s"]
    stops = replace(times.has_stop, at_origin=network.origin_has_stop, at_venue=_venue_has_stop(network, sessions))
    after = replace(
        times, out_s=out.travel_s, out_rides=out.rides, out_service=out.service, back_s=back.travel_s, back_rides=back.rides,
        back_service=back.service, has_stop=stops,
    )  # fmt: skip
    if times.wheelchair is not None:
        _, sure, *again = _times_with(without.surely, sessions, times.wheelchair.sure, route)
        after = replace(after, wheelchair=replace(times.wheelchair, sure=sure))
        n_searched, n_searches = n_searched + again[0], n_searches + again[1]
    return network, after, n_searched, n_searches


def _venue_has_stop(network: AreaNetwork, sessions: pd.DataFrame) -> NDArray[np.bool_]:
    return network.venue_has_stop[sessions["venue"].to_numpy(np.intp)]


def _found(times: ModeTimes, clock: Clock) -> Found:
    parts = (
        (times.out_s, times.out_rides, times.out_service)
        if clock == "start_s"
        else (times.back_s, times.back_rides, times.back_service)
    )
    assert parts[1] is not None and parts[2] is not None  # public transport has both
    return Found(parts[0], parts[1], parts[2])


def _networks(network: AreaNetwork, route: NewRoute) -> tuple[AreaNetwork, dict[date, TransitDay]]:
    """Return the network with the route, and the route's own rides on each date of the service week."""
    area, timetable = network.area, network.area.timetable
    manifest = area.manifest.changed_by(repr(route))
    other = network.with_area(replace(area, timetable=with_route(timetable, route), manifest=manifest))
    by_itself, none = only_route(timetable, route), np.zeros(0, np.int32)
    no_changes = (np.zeros(len(timetable.stops) + 1, np.int32), none, none)
    alone = {
        (on := network.date_of(weekday)): make_day(by_itself, on, no_changes, network.transit.rules)
        for weekday in WEEKDAYS
        if network.is_covered(weekday)
    }
    # else the changes between stops are others, or the stops are parted, and each day is made anew
    if other.keeps_stops_of(network) and not len(timetable.changes_of_trips):
        for on, rides in alone.items():
            other.put_day(with_rides(network.transit.on(on), rides, other.area.timetable))
    return other, alone


def _reaches(network: AreaNetwork, alone: dict[date, TransitDay], sessions: pd.DataFrame) -> dict[Weekday, RouteReach]:
    """Return the bounds for each weekday on which the route runs, or still runs from the day before."""
    if not len(sessions):
        return {}
    limit_s = round(network.rules.max_travel_min * 60)
    found = {}
    for weekday in WEEKDAYS:
        on = network.date_of(weekday)
        if on in alone and len(alone[on].trip):
            asked_s = network.service_s(on, sessions[["start_s", "end_s"]])
            times = int(asked_s.min()) - limit_s, int(asked_s.max()) + limit_s
            found[weekday] = RouteReach(network, network.transit.on(on), alone[on], *times)
    return found


def _may_change(
    reaches: dict[Weekday, RouteReach], all_anew: set[Weekday], queries: pd.DataFrame, clock: Clock, travel_s: NDArray[np.float32]
) -> NDArray[np.intp]:  # fmt: skip
    """Return the rows of ``queries`` that the route may change: on some days all, no bounds being sought."""
    rows = [np.empty(0, np.intp)]
    for weekday, reach in reaches.items():
        of_day = np.flatnonzero(queries["weekday"].to_numpy() == weekday)
        if weekday in all_anew:
            rows.append(of_day)
            continue
        asked = queries.iloc[of_day]
        time_s = reach.network.service_s(reach.day.service_date, asked["time_s"]).astype(np.int64)
        venue = asked["venue"].to_numpy(np.intp)
        rows.append(of_day[reach.may_change(clock, venue, time_s, travel_s, of_day)])
    return np.concatenate(rows)
