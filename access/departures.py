"""Every useful departure between two points in a stretch of time: by the timetable, on foot, and by rides to be booked."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date

from access.counted import hours_said, minutes_said
from access.demand_responsive import DemandResponsive
from access.journeys import Plan, describe, journey_as_json, placed_ends
from access.network import AreaNetwork
from access.points import Points
from access.query import QueryError
from access.routing.journey import BookedLeg
from geo.words import Message

LONGEST_S = 30 * 3600


@dataclass(frozen=True)
class Departures:
    """Journeys that nothing beats which leaves later; on foot, and by booked rides (the first and the last of each), one leaves at will."""

    plans: tuple[Plan, ...]
    walk_s: int | None  # None: there is no way on foot within the rules
    booked: tuple[tuple[BookedLeg, BookedLeg], ...]
    at: Plan  # the date, without a journey


def departures(network: AreaNetwork, points: Points, depart_s: int, until_s: int, on: date | None = None) -> Departures:
    """Return every useful departure from the first to the second of ``points`` (EPSG:27700) in ``[depart_s, until_s)``.

    Raises:
        QueryError: the time ends before it begins.
        NotPlaced, DateOutsideTimetable: as :func:`access.journeys.plan`.
    """
    if not depart_s < until_s <= depart_s + LONGEST_S:
        raise QueryError("The time to leave must end after it begins, at most a day later.")
    on = on or network.area.profile.service_date
    start, end = placed_ends(network, points)
    walk_s = float(network.routers["walk"].matrix_s(start, end)[0, 0])
    links, day = (network.transit.link(start), network.transit.link(end)), network.transit.on(on)
    at = Plan(None, on, network.area.timetable.timezone)
    plans = []
    limits_s = round(network.rules.max_travel_min * 60), network.max_walking_s
    for one in day.profile(*links, walk_s, depart_s, until_s, *limits_s):
        by_as_many = replace(day, rules=replace(day.rules, max_rides=one.rides))
        plans.append(
            replace(
                at,
                journey=by_as_many.journey(*links, walk_s, depart_s=one.depart_s, max_walking_s=network.max_walking_s),
            )
        )
    booked = DemandResponsive(network, points.xy[[1]], points.xy[[0]]).between(on, depart_s, until_s)
    on_foot = day.walk_all_the_way_s(walk_s, network.max_walking_s)
    return Departures(tuple(plans), on_foot, tuple(booked), at)


def describe_all(found: Departures) -> tuple[Message, ...]:
    """Return the departures as messages: each with its legs, then what can be left for at will; a single one where there is none."""
    said = [message for one in found.plans for message in describe(one)]
    if found.walk_s is not None:
        said.append(Message("leg.at_will.walk", {"minutes": minutes_said(-(-found.walk_s // 60))}))
    for first, last in found.booked:
        values: dict[str, object] = {"first": found.at.clock(first.depart_s), "last": found.at.clock(last.depart_s)}
        values |= {"name_en": first.name_en, "name_cy": first.name_cy, "notice": hours_said(first.notice_h)}
        said.append(
            Message(
                "leg.at_will.booked", values | {"minutes": minutes_said(-(-(first.arrive_s - first.depart_s) // 60))}
            )
        )
    return tuple(said) or (Message("leg.none"),)


def departures_as_json(found: Departures) -> dict[str, object]:
    """Return the departures as plain values: seconds of the service day, and the clock beside them."""
    return {
        "date": found.at.on.isoformat(),
        "is_reachable": bool(found.plans or found.booked or found.walk_s is not None),
        "departures": [journey_as_json(one) for one in found.plans],
        "walk_s": found.walk_s,
        "booked": [{"first": _at(found, first), "last": _at(found, last)} for first, last in found.booked],
    }


def _at(found: Departures, leg: BookedLeg) -> dict[str, object]:
    return {**asdict(leg), "depart": found.at.clock(leg.depart_s), "arrive": found.at.clock(leg.arrive_s)}
