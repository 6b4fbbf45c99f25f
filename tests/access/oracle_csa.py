"""A slow, obvious connection scan under the rules of transit journeys, written apart from the product's search.

It reads the timetable trip by trip and day by day, knows no patterns, and repeats the scan until nothing changes. Trips between which
one stays seated share one number of a vehicle; what the feed says of changes is looked up pair by pair.
Source of the idea: J. Dibbelt, T. Pajor, B. Strasser, D. Wagner, "Connection Scan Algorithm", JEA 23 (2018).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from access.routing.transit import TransitRules
from geo.timetable.model import FORBIDDEN, IF_APART, INDOORS, TIMED, Timetable

INFINITE = float("inf")
Walks = Mapping[int, Mapping[int, int]]  # from stop, to stop: seconds


class Connection(NamedTuple):
    depart_s: int
    arrive_s: int
    from_stop: int
    to_stop: int
    ride: int  # number of the vehicle
    may_board: bool
    may_alight: bool


def _noon_utc(day: date, timezone: str) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def connections(timetable: Timetable, service_date: date) -> list[Connection]:
    """Every hop of every trip of the date, the two days before and the day after, by departure."""
    found = []
    stop, arrive, depart = (
        a.tolist() for a in (timetable.call_stop, timetable.call_arrival_s, timetable.call_departure_s)
    )
    board, alight = timetable.call_may_board.tolist(), timetable.call_may_alight.tolist()
    service = timetable.trips["service_index"].tolist()
    running, shift = [], {}
    for offset in (-2, -1, 0, 1):
        day = service_date + timedelta(days=offset)
        column = (day - timetable.first_date).days
        if not 0 <= column < timetable.runs.shape[1]:
            continue
        gap = _noon_utc(day, timetable.timezone) - _noon_utc(service_date, timetable.timezone)
        shift[offset] = int(gap.total_seconds())
        running += [(trip, offset) for trip in range(len(service)) if timetable.runs[service[trip], column]]
    for number, vehicle in enumerate(vehicles(timetable, running, shift)):
        for trip, offset in vehicle:
            s = shift[offset]
            found += [
                Connection(depart[i] + s, arrive[i + 1] + s, stop[i], stop[i + 1], number, board[i], alight[i + 1])
                for i in range(timetable.call_start[trip], timetable.call_start[trip + 1] - 1)
            ]
    return sorted(found, key=lambda c: (c.depart_s, c.arrive_s))


Running = tuple[int, int]  # trip, and day


def vehicles(timetable: Timetable, running: list[Running], shift: Mapping[int, int]) -> list[list[Running]]:
    """The trips that run, those together that one vehicle runs with its doors open to stay; those of trains that part, twice."""
    leaves = {r: int(timetable.call_departure_s[timetable.call_start[r[0]]]) + shift[r[1]] for r in running}
    ends = {r: int(timetable.call_arrival_s[timetable.call_start[r[0] + 1] - 1]) + shift[r[1]] for r in running}
    told = {(a, b): stay == 1 for a, b, stay in timetable.stay_seated.tolist()}
    block = {t: b for b, t in timetable.block_trip.tolist()}
    after: dict[Running, list[Running]] = {}
    for (a, b), stay in told.items():
        for day in shift:
            later = int(_leaves_before(timetable, a, b))
            if stay and (a, day) in ends and (b, day + later) in leaves and ends[a, day] <= leaves[b, day + later]:
                after.setdefault((a, day), []).append((b, day + later))
    follows = {b for then in after.values() for b in then}
    of_block: dict[int, list[Running]] = {}
    for one in running:
        if one[0] in block:
            of_block.setdefault(block[one[0]], []).append(one)
    for a in sorted(running, key=lambda r: (r[1], r[0])):
        here = of_block.get(block.get(a[0], -1), [])
        of_day = [r for r in here if r[1] == a[1] and r != a and _key(r, leaves, ends) > _key(a, leaves, ends)]
        tomorrow = [r for r in here if r[1] == a[1] + 1]
        if a in after or not (of_day or tomorrow):
            continue
        b = min(of_day or tomorrow, key=lambda r: _key(r, leaves, ends))
        if (
            b not in follows
            and ends[a] <= leaves[b]
            and told.get((a[0], b[0]), True)
            and leaves[b] - ends[a] <= 1800
            and _starts_there(timetable, a[0], b[0])
        ):
            after[a] = [b]
            follows.add(b)
    found = []
    for first in running:
        if first not in follows:
            runs = [[first]]
            while runs:
                run = runs.pop()
                runs += [[*run, then] for then in after.get(run[-1], [])]
                found += [] if run[-1] in after else [run]
    return found


def _leaves_before(timetable: Timetable, a: int, b: int) -> bool:
    """Whether ``b`` leaves, by the count of its day, before ``a`` ends by the count of its own."""
    end = timetable.call_arrival_s[timetable.call_start[a + 1] - 1]
    return bool(timetable.call_departure_s[timetable.call_start[b]] < end)


def _key(running: Running, leaves: Mapping[Running, int], ends: Mapping[Running, int]) -> tuple[int, int, int]:
    return leaves[running], ends[running], running[0]


def _starts_there(timetable: Timetable, a: int, b: int) -> bool:
    end = timetable.stops.iloc[timetable.call_stop[timetable.call_start[a + 1] - 1]]
    start = timetable.stops.iloc[timetable.call_stop[timetable.call_start[b]]]
    stations = {row["parent_id"] if isinstance(row["parent_id"], str) else row["stop_id"] for row in (end, start)}
    return len(stations) == 1 or end.geometry.distance(start.geometry) <= 100


def changes(timetable: Timetable, walks: Walks, rules: TransitRules) -> dict[int, dict[int, int]]:
    """Seconds from getting off to being able to board (slack apart), stop by stop.

    Everyone who knows something writes it over what is there, who knows least first: who guesses, who looks at the street, who has a plan
    of the station. Then ways too long for the walker are struck out, and the operator has the last word. ``walks`` may be of any length.
    """
    on_foot: dict[tuple[int, int], int] = {}
    said: dict[int, dict[tuple[int, int], int]] = {kind: {} for kind in (FORBIDDEN, TIMED, INDOORS, IF_APART)}
    for a, b, kind, seconds, _ in timetable.changes.tolist():  # at 4.8 km/h
        said[kind][a, b] = seconds
    on_foot |= said[IF_APART]
    on_foot |= {(a, b): seconds for a, others in walks.items() for b, seconds in others.items()}
    on_foot |= {(a, a): 0 for a in range(len(timetable.stops))}
    on_foot |= said[INDOORS]
    takes = {pair: seconds for pair, seconds in on_foot.items() if seconds <= rules.max_walk_s}
    for a, b in takes:
        is_guess = a != b and (a, b) in said[IF_APART] and (a, b) not in said[INDOORS] and b not in walks.get(a, {})
        takes[a, b] -= rules.board_slack_s if is_guess else 0
    takes |= {pair: seconds - rules.board_slack_s for pair, seconds in said[TIMED].items()}
    found: dict[int, dict[int, int]] = {}
    for (a, b), seconds in takes.items():
        if (a, b) not in said[FORBIDDEN]:
            found.setdefault(a, {})[b] = seconds
    return found


def arrivals(
    hops: list[Connection], departures_s: list[int], walks: Walks, seeds: Mapping[int, int], max_rides: int, slack_s: int,
    until_s: float = INFINITE,
) -> dict[int, list[float]]:  # fmt: skip
    """Return for each stop the earliest arrival by riding with exactly 1, 2 … rides on the last leg (index 0 is unused).

    ``walks`` are :func:`changes`, one's own stop among them. ``seeds``: stop → the time at which one is there on foot.
    ``departures_s`` are those of ``hops``, for finding the first that matters.
    """
    ready: dict[int, list[float]] = {stop: [at] + [INFINITE] * max_rides for stop, at in seeds.items()}
    alighted: dict[int, list[float]] = {}
    never = [INFINITE] * (max_rides + 1)
    first = bisect_left(departures_s, min(seeds.values(), default=INFINITE) + slack_s)
    aboard: dict[int, set[int]] = {}
    changed = True
    while changed:
        changed = False
        aboard.clear()
        for hop in hops[first:]:
            if hop.depart_s > until_s:
                break
            on = aboard.get(hop.ride)
            if hop.may_board and hop.from_stop in ready:
                at = ready[hop.from_stop]
                for rides in range(max_rides):
                    if at[rides] + slack_s <= hop.depart_s:
                        on = aboard.setdefault(hop.ride, set())
                        on.add(rides + 1)
            if not on or not hop.may_alight or hop.arrive_s > until_s:
                continue
            for rides in on:
                here = alighted.setdefault(hop.to_stop, list(never))
                if hop.arrive_s >= here[rides]:
                    continue
                changed = True
                here[rides] = hop.arrive_s
                for other, walk_s in walks.get(hop.to_stop, {}).items():
                    there = ready.setdefault(other, list(never))
                    there[rides] = min(there[rides], hop.arrive_s + walk_s)
    return alighted


def best(
    alighted: Mapping[int, list[float]], egress: Mapping[int, int], walk_s: float, start_s: int
) -> tuple[float, int]:
    """Return travel seconds and the fewest rides that take no longer; infinite and -1 where unreachable."""
    ways = [(walk_s, 0)]
    for stop, seconds in egress.items():
        for rides, at in enumerate(alighted.get(stop, [])):
            ways.append((at + seconds - start_s, rides))
    took, rides = min(ways)
    return (took, rides) if took < INFINITE else (INFINITE, -1)


def turned_round(hops: list[Connection], slack_s: int) -> list[Connection]:
    """Return the world in which time runs backwards: one alights where one boarded, and boards where one alighted.

    The slack stays at the boarding end of the real ride, so it is taken off there and none is left for the search.
    """
    back = []
    for hop in reversed(hops):  # so that hops of one ride that take no time keep their (turned) order
        board, alight = hop.may_alight, hop.may_board
        back.append(
            Connection(-hop.arrive_s, -(hop.depart_s - slack_s), hop.to_stop, hop.from_stop, hop.ride, board, alight)
        )
    return sorted(back, key=lambda c: (c.depart_s, c.arrive_s))


def reversed_ways(ways: Walks) -> dict[int, dict[int, int]]:
    """The same changes for a world in which time runs backwards."""
    back: dict[int, dict[int, int]] = {}
    for a, others in ways.items():
        for b, seconds in others.items():
            back.setdefault(b, {})[a] = seconds
    return back
