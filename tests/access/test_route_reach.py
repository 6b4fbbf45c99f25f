"""The bounds on what a new route can change, to the second: worlds that lie on a bound and a second beyond it; and their law.

``start_s``: home at stop A, the venue at stop C, to be there by a time. ``end_s``: the venue at A, home at C, leaving at a time. So a ride
from A to C serves both. No slack before a departure and no walk to a stop unless a world says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.network import AreaNetwork
from access.new_route import NewRoute, Run, only_route, with_route
from access.query import TravelRules
from access.route_reach import RouteReach, _stretches
from access.routing.added import with_rides
from access.routing.rides import TransitRules
from access.routing.transit import StopLinks, TransitDay, TransitTimes, make_day
from access.sessions import Clock
from geo.timetable.model import TIMED
from tests.access.test_transit_laws import POINT, RULES, SPAN_S, START_S, STOPS, WALK, worlds
from tests.access.transit_worlds import DAY, NO_SLACK, Trip, World, at, rows_of, trip

CLOCKS: tuple[Clock, Clock] = ("start_s", "end_s")
SLACK = TransitRules(max_walk_s=1200, max_rides=4, board_slack_s=60)
Place = dict[str, int]  # seconds on foot by stop
Way = tuple[int, int] | None  # seconds, rides


def world(*trips: Trip, stops: str = "ABCD", **more: object) -> World:
    """A world with these stops, even where nothing calls: a trip that takes nobody names them."""
    nobody = frozenset(range(len(stops)))
    return World([Trip([(stop, 0, 0) for stop in stops], nobody, nobody), *trips], **more)  # type: ignore[arg-type]


def run(calls: str) -> Run:
    """One trip of the new route: ``"A 9:00, C 9:20"``."""
    stops, times = zip(*(call.split() for call in calls.split(",")), strict=True)
    first, *_ = seconds = [at(clock) for clock in times]
    return Run(stops, tuple(s - first for s in seconds), (first,))


@dataclass(frozen=True)
class Places:
    """As much of a network as the bounds ask for."""

    venue_links: StopLinks
    origin_links: StopLinks
    rules: TravelRules


@dataclass(frozen=True)
class Judged:
    """Searches (rows) before and after a route, and whether the bounds let them change."""

    before: TransitTimes
    after: TransitTimes
    may_change: np.ndarray

    @property
    def has_changed(self) -> np.ndarray:
        is_same = (self.before.travel_s == self.after.travel_s) | np.isnan(self.before.travel_s + self.after.travel_s)
        is_same &= np.isnan(self.before.travel_s) == np.isnan(self.after.travel_s)
        return ~(is_same & (self.before.rides == self.after.rides)).all(axis=1)


def days(world: World, runs: Sequence[Run], rules: TransitRules) -> tuple[TransitDay, TransitDay, TransitDay]:
    """The day without the route, with it, and the route alone: as ``access.scenario`` makes them."""
    route = NewRoute("new", "N", tuple(runs))
    nowhere = rows_of(len(world.stops), [])
    alone = make_day(only_route(world.timetable, route), DAY, nowhere, rules)
    before = world.on_day(rules)
    return before, with_rides(before, alone, with_route(world.timetable, route)), alone


def asked_of(
    day: TransitDay, clock: Clock, which: np.ndarray, time_s: np.ndarray, homes: StopLinks, venues: StopLinks,
    limit_s: int, walk_s: float,
) -> TransitTimes:  # fmt: skip
    walks = np.full((len(venues), len(homes)), walk_s)
    if clock == "start_s":
        return day.latest_departures(homes, venues, which, time_s, walks, limit_s)
    return day.earliest_arrivals(venues, homes, which, time_s, walks, limit_s)


def judge(
    world: World, runs: Sequence[Run], clock: Clock, searches: Sequence[tuple[int, int]], homes: Sequence[Place],
    venues: Sequence[Place], *, limit_s: int = 3 * 3600, rules: TransitRules = NO_SLACK, walk_s: float = np.nan,
) -> Judged:  # fmt: skip
    """Judge searches (venue, time), having checked the law: what changes may change."""
    before, after, alone = days(world, runs, rules)
    homes_at, venues_at = world.link(*homes), world.link(*venues)
    which, time_s = (np.array(part, np.int64) for part in zip(*searches, strict=True))
    ask = (clock, which, time_s, homes_at, venues_at, limit_s, walk_s)
    was, now = asked_of(before, *ask), asked_of(after, *ask)
    network = cast(AreaNetwork, Places(venues_at, homes_at, TravelRules(max_travel_min=limit_s / 60)))
    reach = RouteReach(network, after, alone, int(time_s.min()) - limit_s, int(time_s.max()) + limit_s)
    rows = np.arange(len(which))
    found = Judged(was, now, reach.may_change(clock, which.astype(np.intp), time_s, was.travel_s, rows))
    assert (found.may_change | ~found.has_changed).all()
    return found


def one(
    world: World, calls: str, clock: Clock, when: str, *, home: Place | None = None, venue: Place | None = None,
    limit_s: int = 3 * 3600, rules: TransitRules = NO_SLACK, walk_s: float = np.nan,
) -> tuple[bool, Way, Way]:  # fmt: skip
    """Whether a trip added may change the one way asked for; that way before and after."""
    home = home or {"A" if clock == "start_s" else "C": 0}
    venue = venue or {"C" if clock == "start_s" else "A": 0}
    found = judge(
        world, [run(calls)], clock, [(0, at(when))], [home], [venue], limit_s=limit_s, rules=rules, walk_s=walk_s
    )
    return bool(found.may_change[0]), _way(found.before), _way(found.after)


def _way(times: TransitTimes) -> Way:
    took = times.travel_s[0, 0]
    return None if np.isnan(took) else (int(took), int(times.rides[0, 0]))


EMPTY = world()
SLOW = world(trip("A 9:00, C 9:20"))


@pytest.mark.parametrize(("clock", "when"), [("start_s", "9:20"), ("end_s", "9:00")])
def test_a_tie_is_searched_for_it_may_need_fewer_rides(clock: Clock, when: str) -> None:
    # A 9:00 → B 9:10, and from there 9:10 → C 9:20: twenty minutes and two rides. The new bus takes as long without a change.
    with_change = world(trip("A 9:00, B 9:10"), trip("B 9:10, C 9:20"))
    assert one(with_change, "A 9:00, C 9:20", clock, when) == (True, (1200, 2), (1200, 1))


@pytest.mark.parametrize(
    ("clock", "when", "new", "after"),
    [
        # Leaving at 9:00 one is there at 9:20, as at 9:20 sharp. The new bus leaves a second later, or is there a second sooner.
        ("start_s", "9:20", "A 9:00:01, C 9:20", (1199, 1)),
        ("end_s", "9:00", "A 9:00, C 9:19:59", (1199, 1)),
        ("start_s", "9:20", "A 8:59:59, C 9:20", None),
        ("end_s", "9:00", "A 9:00, C 9:20:01", None),
    ],
)
def test_a_second_gained_is_searched_and_a_second_lost_is_not(
    clock: Clock, when: str, new: str, after: tuple[int, int] | None
) -> None:
    assert one(SLOW, new, clock, when) == (after is not None, (1200, 1), after or (1200, 1))


@pytest.mark.parametrize(
    ("clock", "when", "after"),
    [
        ("start_s", "9:20", (1200, 1)),  # there by 9:20 with the bus that is there at 9:20
        ("start_s", "9:19:59", None),
        ("end_s", "9:00", (1200, 1)),  # away at 9:00 with the bus of 9:00
        ("end_s", "9:00:01", None),
    ],
)
def test_the_bus_that_is_just_caught_counts_and_the_one_just_missed_does_not(
    clock: Clock, when: str, after: Way
) -> None:
    assert one(EMPTY, "A 9:00, C 9:20", clock, when) == (after is not None, None, after)


@pytest.mark.parametrize(("clock", "when"), [("start_s", "9:20"), ("end_s", "9:00")])
@pytest.mark.parametrize(("limit_s", "is_long_enough"), [(1200, True), (1199, False)])
def test_the_longest_journey_counts_and_a_second_more_does_not(
    clock: Clock, when: str, limit_s: int, is_long_enough: bool
) -> None:
    after = (1200, 1) if is_long_enough else None
    assert one(EMPTY, "A 9:00, C 9:20", clock, when, limit_s=limit_s) == (is_long_enough, None, after)


@pytest.mark.parametrize(
    ("clock", "when", "after"),
    [
        # Two minutes on foot to A, one at the stop, the bus from 9:00 to 9:20, a minute on foot from C: from 8:57 to 9:21, 24 minutes.
        ("end_s", "8:57", (1440, 1)),
        ("end_s", "8:57:01", None),
        ("start_s", "9:21", (1440, 1)),
        ("start_s", "9:20:59", None),
    ],
)
def test_walks_and_the_minute_at_the_stop_are_part_of_the_way(clock: Clock, when: str, after: Way) -> None:
    ends = ({"A": 120}, {"C": 60}) if clock == "start_s" else ({"C": 60}, {"A": 120})
    found = one(EMPTY, "A 9:00, C 9:20", clock, when, home=ends[0], venue=ends[1], rules=SLACK)
    assert found == (after is not None, None, after)
    # Nor is it searched where the limit is a second less than the way.
    short = one(EMPTY, "A 9:00, C 9:20", clock, when, home=ends[0], venue=ends[1], rules=SLACK, limit_s=1439)
    assert short == (False, None, None)


@pytest.mark.parametrize(("clock", "when"), [("start_s", "9:31"), ("end_s", "8:58")])
def test_the_new_bus_may_be_one_of_several_rides(clock: Clock, when: str) -> None:
    # 8:58 bus to A; A 9:00 → B 9:10 is new; two minutes from B to D on foot; D 9:12 → C 9:31. All meet to the second: 33 minutes, 3 rides.
    feeders = world(
        trip("E 8:58, A 9:00"), trip("D 9:12, C 9:31"), stops="ABCDE", walks={("B", "D"): 120, ("D", "B"): 120}
    )
    start = {"home" if clock == "start_s" else "venue": {"E": 0}}
    assert one(feeders, "A 9:00, B 9:10", clock, when, **start) == (True, None, (33 * 60, 3))  # type: ignore[arg-type]
    assert one(feeders, "A 9:00, B 9:10:01", clock, when, **start) == (False, None, None)  # type: ignore[arg-type]
    assert one(feeders, "A 8:59:59, B 9:10", clock, when, **start) == (False, None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("clock", "when"), [("start_s", "9:30"), ("end_s", "8:49")])
def test_a_change_that_takes_less_than_the_minute_at_the_stop(clock: Clock, when: str) -> None:
    # Whoever boards needs a minute, but the feed says that changing at B takes none: 8:50 → 9:00 by one bus, 9:00 → 9:30 by the other.
    held = {"changes": [("B", "B", TIMED, 0)]}
    onward = world(trip("B 9:00, C 9:30"), **held)
    before = world(trip("A 8:50, B 9:00"), **held)
    way = (True, None, (41 * 60, 2))
    assert one(onward, "A 8:50, B 9:00", clock, when, rules=SLACK) == way
    assert one(before, "B 9:00, C 9:30", clock, when, rules=SLACK) == way


LONG = tuple("KLMNOPQRSTUVW")  # thirteen stops: boarding at twelve of them, three to a stretch


def long_run(minutes: dict[str, str]) -> str:
    return ", ".join(f"{stop} {minutes[stop]}" for stop in LONG)


def test_a_ride_of_one_stop_within_a_stretch() -> None:
    # On at K at 9:00, off at L at 9:01: both are in the first of four stretches. And on at V, off at W: the last.
    hours = {stop: f"9:{n:02}" for n, stop in enumerate(LONG)}
    assert [stretch.stop - stretch.start for stretch in _stretches(12)] == [3, 3, 3, 3]
    line = world(stops="".join(LONG))
    for on, off in (("K", "L"), ("L", "M"), ("M", "N"), ("V", "W"), ("K", "W")):
        ride = (60 * (LONG.index(off) - LONG.index(on)), 1)
        there = one(line, long_run(hours), "start_s", hours[off], home={on: 0}, venue={off: 0})
        back = one(line, long_run(hours), "end_s", hours[on], home={off: 0}, venue={on: 0})
        assert there == back == (True, None, ride)
    # Against its direction it brings nobody anywhere.
    assert one(line, long_run(hours), "start_s", "9:30", home={"W": 0}, venue={"K": 0}) == (False, None, None)


def test_waits_along_the_route_do_not_shorten_how_far_one_comes_to_it() -> None:
    # The route waits an hour at L: on at K at 9:00, off at L at 9:01, while others of that stretch board at L at 10:01. A bus brings one
    # to K from Z, 8:31 → 9:00: half an hour to L, all that the limit allows, and an hour and a half before the stretch is left.
    hours = {stop: f"{'9' if n < 2 else '10'}:{n if n < 2 else n + 5:02}" for n, stop in enumerate(LONG)}
    feeder = world(trip("Z 8:31, K 9:00"), stops="".join((*LONG, "Z")))
    ends = {"home": {"Z": 0}, "venue": {"L": 0}}
    assert one(feeder, long_run(hours), "start_s", "9:01", limit_s=1800, **ends) == (True, None, (1800, 2))  # type: ignore[arg-type]
    # Way home: on at V at 10:16, off at W at 10:17, and on with another bus until 10:46. Others got off an hour before.
    onward = world(trip("W 10:17, Z 10:46"), stops="".join((*LONG, "Z")))
    hours = {stop: f"9:{n:02}" if n < 11 else f"10:{n + 5}" for n, stop in enumerate(LONG)}
    ends = {"home": {"Z": 0}, "venue": {"V": 0}}
    assert one(onward, long_run(hours), "end_s", "10:16", limit_s=1800, **ends) == (True, None, (1800, 2))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("clock", "when", "calls"), [("start_s", "9:20", "A 9:00, C 9:00"), ("end_s", "8:40", "A 9:00, C 9:00")]
)
def test_the_first_and_the_last_trip_that_can_matter(clock: Clock, when: str, calls: str) -> None:
    # The two stops face each other, and the bus is at both at 9:00: twenty minutes before the start, or after the end, which is the limit.
    assert one(EMPTY, calls, clock, when, limit_s=1200) == (True, None, (1200, 1))
    assert one(EMPTY, calls, clock, when, limit_s=1199) == (False, None, None)


def test_each_search_is_judged_by_the_trips_that_it_can_catch() -> None:
    # Buses at 9:00 and 19:00, twenty minutes each. By 9:20 and by 19:20 one is at C; by 9:19 not; and the wait until 15:00 is too long.
    runs = [Run(("A", "C"), (0, 1200), (at("9:00"), at("19:00")))]
    by = [(0, at(clock)) for clock in ("9:20", "19:20", "9:19", "15:00", "9:30")]
    found = judge(EMPTY, runs, "start_s", by, [{"A": 0}], [{"C": 0}])
    assert found.may_change.tolist() == [True, True, False, False, True]
    leaving = [(0, at(clock)) for clock in ("19:00", "9:00", "9:01", "19:01", "18:30")]
    found = judge(EMPTY, runs, "end_s", leaving, [{"C": 0}], [{"A": 0}])
    assert found.may_change.tolist() == [True, True, False, False, True]


def test_each_venue_and_home_is_judged_by_its_own_stops() -> None:
    # Three venues, two homes: the bus from A to C serves the middle venue, and only the second home.
    venues: list[Place] = [{"B": 0}, {"C": 30}, {"D": 0}]
    by = [(venue, at("9:20:30")) for venue in (0, 1, 2, 1)]
    found = judge(EMPTY, [run("A 9:00, C 9:20")], "start_s", by, [{"B": 0}, {"A": 15}], venues)
    assert found.may_change.tolist() == [False, True, False, True]
    assert np.isnan(found.after.travel_s[1, 0]) and found.after.travel_s[1, 1] == 1245
    back = [(venue, at("8:59:30")) for venue in (0, 1, 2, 1)]
    found = judge(EMPTY, [run("C 9:00, A 9:20")], "end_s", back, [{"B": 0}, {"A": 15}], venues)
    assert found.may_change.tolist() == [False, True, False, True]
    assert np.isnan(found.after.travel_s[1, 0]) and found.after.travel_s[1, 1] == 1245


def test_the_way_on_foot_is_no_reason_to_search_where_it_is_shorter() -> None:
    # Nineteen minutes on foot beat a bus of twenty; twenty tie with it, and a tie is searched though walking stays the answer.
    assert one(EMPTY, "A 9:00, C 9:20", "end_s", "9:00", walk_s=1140) == (False, (1140, 0), (1140, 0))
    assert one(EMPTY, "A 9:00, C 9:20", "end_s", "9:00", walk_s=1200) == (True, (1200, 0), (1200, 0))


def test_rides_added_to_a_day_are_named_as_if_cut_from_the_timetable() -> None:
    # Two buses of the day's own, then two trips of the new route: legs name the trip's line, its headsign and where it goes.
    own = world(trip("E 8:30, A 8:50", headsign="Ay"), trip("C 9:30, E 9:50", headsign="Ee"), stops="ABCDE")
    runs = [Run(("A", "B", "C"), (0, 600, 1200), (at("9:00"), at("9:01")))]
    joined = days(own, runs, NO_SLACK)[1]
    anew = make_day(
        with_route(own.timetable, NewRoute("new", "N", tuple(runs))), DAY, rows_of(len(own.stops), []), NO_SLACK
    )
    start, end = own.link({"E": 0}), own.link({"E": 600})
    for ask in ({"depart_s": at("8:30")}, {"arrive_by_s": at("10:00")}):
        for target in (own.link({"C": 0}), own.link({"B": 5}), end):
            assert joined.journey(start, target, np.nan, **ask) == anew.journey(start, target, np.nan, **ask)
    found = joined.journey(start, own.link({"C": 0}), np.nan, depart_s=at("8:30"))
    assert found is not None
    assert [(leg.line, leg.headsign) for leg in found.legs] == [("1", "Ay"), ("N", "C")]  # type: ignore[union-attr]


@st.composite
def routes(draw: st.DrawFn) -> list[Run]:
    """Up to three runs about the times of the random worlds, some of them in the night before."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        stops = draw(st.lists(st.sampled_from(STOPS), min_size=2, max_size=9))
        steps = draw(st.lists(st.integers(0, 40), min_size=len(stops) - 1, max_size=len(stops) - 1))
        departs = draw(st.lists(st.integers(START_S - 60, START_S + SPAN_S), min_size=1, max_size=3))
        night = draw(st.sampled_from([0, 0, 0, 86_400]))
        after = tuple(int(s) for s in np.cumsum([0, *steps]))
        found.append(Run(tuple(stops), after, tuple(depart + night for depart in departs)))
    return found


@given(
    worlds(), routes(), RULES, st.sampled_from(CLOCKS), st.lists(POINT, min_size=1, max_size=3), st.lists(POINT, min_size=1, max_size=2),
    st.lists(st.integers(START_S - 30, START_S + SPAN_S + 60), min_size=1, max_size=4), st.integers(1, 300), WALK,
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_whatever_changes_may_change(
    world: World, runs: list[Run], rules: TransitRules, clock: Clock, homes: list[Place], venues: list[Place], times: list[int],
    limit_s: int, walk_s: int | None,
) -> None:  # fmt: skip
    searches = [(venue, when) for venue in range(len(venues)) for when in times]
    rules = replace(rules, max_walk_s=300)
    judge(
        world, runs, clock, searches, homes, venues, limit_s=limit_s, rules=rules, walk_s=np.nan if walk_s is None else walk_s
    )  # fmt: skip
