"""The way itself, leg by leg: between two points, or there and back for a zone's people and a session."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

import numpy as np

from access.counted import hours_said, minutes_said
from access.demand_responsive import DemandResponsive
from access.explain import typical_origin
from access.mode_times import ModeTimes
from access.network import AreaNetwork
from access.points import Points
from access.query import STREET_MODE_OF, Mode
from access.routing.journey import BookedLeg, Journey, Leg, RideLeg, WalkLeg
from access.sessions import CLOCKS, SessionAccess, drive_factors
from geo.errors import NotPlaced
from geo.profile import Weekday
from geo.streets.graph import PlacedPoints, StreetMode
from geo.timetable.clock import clock_time
from geo.words import Message

SNAP_LIMIT_M = 1600.0
KINDS = {WalkLeg: "walk", RideLeg: "ride", BookedLeg: "booked"}
RIDE_MODES = ("bus", "coach", "rail", "tram", "ferry")


@dataclass(frozen=True)
class Plan:
    """A journey on a date, or ``None`` where there is none under the rules."""

    journey: Journey | None
    on: date
    timezone: str

    def clock(self, seconds: int) -> str:
        """Return what the clocks show, HH:MM."""
        return clock_time(self.on, seconds, self.timezone).strftime("%H:%M")


@dataclass(frozen=True)
class Way:
    """There and back for one session, in messages; ``None`` where there is no way."""

    there: tuple[Message, ...] | None
    back: tuple[Message, ...] | None


def plan(
    network: AreaNetwork, points: Points, *, depart_s: int | None = None, arrive_by_s: int | None = None, on: date | None = None
) -> Plan:  # fmt: skip
    """Return the way by public transport from the first to the second of ``points`` (EPSG:27700), or a ride to be booked that does better.

    Raises:
        NotPlaced: one of them is too far from any street.
        DateOutsideTimetable: the timetable does not cover the date.
    """
    start, end = placed_ends(network, points)
    on = on or network.area.profile.service_date
    found = _between(network, start, end, on, depart_s=depart_s, arrive_by_s=arrive_by_s)
    at_s = depart_s if arrive_by_s is None else arrive_by_s
    assert at_s is not None
    booked = _booked_between(network, points, on, found.journey, at_s, is_arrival=arrive_by_s is not None)
    return Plan(booked, on, found.timezone) if booked else found


def placed_ends(network: AreaNetwork, points: Points) -> tuple[PlacedPoints, PlacedPoints]:
    """Return where two points lie on the streets that are walked.

    Raises:
        NotPlaced: one of them is too far from any street.
    """
    placed = network.routers["walk"].place(points.xy)
    if not placed.is_placed.all():
        raise NotPlaced("points", [points.ids[row] for row in np.flatnonzero(~placed.is_placed)], SNAP_LIMIT_M)
    return placed.take([0]), placed.take([1])


def _booked_between(
    network: AreaNetwork, points: Points, on: date, journey: Journey | None, at_s: int, *, is_arrival: bool
) -> Journey | None:
    """Return the booked ride that is there earlier, or leaves later, than ``journey``; None where there is none."""
    home, place = (0, 1) if is_arrival else (1, 0)
    booked = DemandResponsive(network, points.xy[[home]], points.xy[[place]])
    rides = (booked.out if is_arrival else booked.back)(np.zeros(1, np.intp), on, np.array([at_s]))
    takes_s = np.nan
    if journey is not None:
        takes_s = at_s - journey.depart_s if is_arrival else journey.arrive_s - at_s
    if not rides.are_better(np.array([[takes_s]]))[0, 0]:
        return None
    travel_s = round(float(rides.travel_s[0, 0]))
    ends = (at_s - travel_s, at_s) if is_arrival else (at_s, at_s + travel_s)
    leg = booked.leg(int(rides.service[0, 0]), on, *ends)
    return Journey(leg.depart_s, leg.arrive_s, (leg,))


def _between(
    network: AreaNetwork, start: PlacedPoints, end: PlacedPoints, on: date, *, depart_s: int | None, arrive_by_s: int | None
) -> Plan:  # fmt: skip
    walk_s = float(network.routers["walk"].matrix_s(start, end)[0, 0])
    links = network.transit.link(start), network.transit.link(end)
    limit_s = round(network.rules.max_travel_min * 60)
    journey = network.transit.on(on).journey(
        *links,
        walk_s,
        depart_s=depart_s,
        arrive_by_s=arrive_by_s,
        max_travel_s=limit_s,
        max_walking_s=network.max_walking_s,
    )
    return Plan(journey, on, network.area.timetable.timezone)


def describe(found: Plan, end: Message | None = None) -> tuple[Message, ...]:
    """Return a journey as messages: a summary, then its legs; a single message where there is no way."""
    journey = found.journey
    if journey is None:
        return (Message("leg.none"),)
    end = end or Message("leg.place.destination")
    values = {
        "depart": found.clock(journey.depart_s),
        "arrive": found.clock(journey.arrive_s),
        "minutes": minutes_said(_clock_minutes(journey.depart_s, journey.arrive_s)),
    }
    return (Message("leg.summary", values), *(message for leg in journey.legs for message in _leg(found, leg, end)))


def _leg(found: Plan, leg: Leg, end: Message) -> tuple[Message, ...]:
    """Return a leg, and what else one must know to ride: where to stay seated, and what to arrange beforehand."""
    values: dict[str, object] = {"depart": found.clock(leg.depart_s), "arrive": found.clock(leg.arrive_s)}
    if isinstance(leg, BookedLeg):
        named = {"name_en": leg.name_en, "name_cy": leg.name_cy, "notice": hours_said(leg.notice_h)}
        return (Message("leg.booked", values | named),)
    if isinstance(leg, WalkLeg):
        values |= {"minutes": minutes_said(_clock_minutes(leg.depart_s, leg.arrive_s)), "to": leg.to_name or end}
        return (Message("leg.walk", values),)
    values |= {"line": leg.line, "from_": leg.from_name, "to": leg.to_name, "headsign": leg.headsign or leg.to_name}
    said = [Message(f"leg.ride.{leg.mode if leg.mode in RIDE_MODES else 'other'}", values)]
    for onward in leg.stay_seated:
        at = {"at": onward.at_name, "line": onward.line, "headsign": onward.headsign or leg.to_name}
        said.append(Message("leg.stay_seated", at))
    if leg.boarding_to_arrange or leg.alighting_to_arrange:
        said.append(Message("leg.to_arrange", {"operator": leg.operator}))
    return tuple(said)


def journey_as_json(found: Plan) -> dict[str, object]:
    """Return a journey as plain values: seconds of the service day, and the clock beside them."""
    if found.journey is None:
        return {"date": found.on.isoformat(), "is_reachable": False, "legs": []}
    legs = [
        {
            "kind": KINDS[type(leg)],
            **asdict(leg),
            "depart": found.clock(leg.depart_s),
            "arrive": found.clock(leg.arrive_s),
        }
        for leg in found.journey.legs
    ]
    journey = found.journey
    return {
        "date": found.on.isoformat(),
        "is_reachable": True,
        "depart_s": journey.depart_s,
        "arrive_s": journey.arrive_s,
        "travel_s": journey.arrive_s - journey.depart_s,
        "walking_s": journey.walking_s,
        "rides": journey.rides,
        "legs": legs,
    }


def session_way(access: SessionAccess, zone_code: str, session: int, mode: Mode) -> Way:
    """Return the way there and back between a zone and a session (row of ``access.sessions``), for the zone's typical origin.

    Raises:
        UnknownName: the area has no such zone.
    """
    network, times = access.network, access.by_mode[mode]
    origin, venue = typical_origin(access, zone_code, session, mode), int(access.sessions["venue"].iloc[session])
    if mode in STREET_MODE_OF:
        street = STREET_MODE_OF[mode]
        home, place = network.origins[street].take([origin]), network.venues[street].take([venue])
        row = access.sessions.iloc[[session]]
        out, back = (float(drive_factors(network, row, clock)[0]) if mode == "drive" else 1.0 for clock in CLOCKS)
        return Way(_along_street(network, street, home, place, out), _along_street(network, street, place, home, back))
    return Way(_transit_way(access, times, session, origin, venue, is_return=False),
               _transit_way(access, times, session, origin, venue, is_return=True))  # fmt: skip


def _along_street(
    network: AreaNetwork, mode: StreetMode, start: PlacedPoints, end: PlacedPoints, factor: float = 1.0
) -> tuple[Message, ...] | None:
    router = network.routers[mode]
    if router.has_ferries:  # traffic does not slow them: the times are searched so too
        router, factor = router.slowed(factor), 1.0
    path = router.path(start, end)
    if path is None:
        return None
    free_s, walk_s = path.travel_ms / 1000, float((network.to_street_s(start) + network.to_street_s(end))[0])
    travel_s = free_s * factor - (factor - 1.0) * walk_s + network.parking_s(mode)
    values = {"minutes": minutes_said(_minutes(travel_s)), "km": f"{path.length_m / 1000:.1f}"}
    return (Message(f"leg.street.{mode}", values),)


def _transit_way(
    access: SessionAccess, times: ModeTimes, session: int, origin: int, venue: int, *, is_return: bool
) -> tuple[Message, ...] | None:
    network, row = access.network, access.sessions.iloc[session]
    clock_s = int(row["end_s"] if is_return else row["start_s"])
    query = int((times.back_row if is_return else times.out_row)[session])
    travel_s = float((times.back_s if is_return else times.out_s)[query, origin])
    service = times.back_service if is_return else times.out_service
    if np.isnan(travel_s) or service is None:
        return None
    weekday: Weekday = row["weekday"]
    on = network.date_of(weekday)
    clock_s = int(network.service_s(on, clock_s))
    if service[query, origin] >= 0:
        ends = (clock_s, clock_s + round(travel_s)) if is_return else (clock_s - round(travel_s), clock_s)
        leg = network.demand_responsive.leg(int(service[query, origin]), on, *ends)
        return _leg(Plan(None, on, network.area.timetable.timezone), leg, Message("leg.place.destination"))
    home, place = network.origins["walk"].take([origin]), network.venues["walk"].take([venue])
    if not network.is_covered(weekday):  # only what is walked is known then
        return _along_street(network, "walk", place if is_return else home, home if is_return else place)
    if is_return:
        return describe(
            _between(network, place, home, on, depart_s=clock_s, arrive_by_s=None), end=Message("leg.place.origin")
        )
    ends_at = Message("leg.place.venue", {"venue": row["venue_name"]})
    return describe(_between(network, home, place, on, depart_s=None, arrive_by_s=clock_s), end=ends_at)


def _clock_minutes(depart_s: int, arrive_s: int) -> int:
    """Return the minutes between two times as the clock beside them shows them, so that whoever reckons finds the same."""
    return arrive_s // 60 - depart_s // 60


def _minutes(seconds: float) -> int:
    return round(seconds / 60)
