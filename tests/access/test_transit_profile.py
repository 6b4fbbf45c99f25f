"""Every useful departure of a stretch of time: by hand, and the law that it is what the searches find."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from access.routing.profile import Departure
from access.routing.rides import TransitRules
from tests.access.oracle_csa import INFINITE
from tests.access.test_transit_laws import POINT, RULES, TIME, WALK, backwards, forwards, worlds
from tests.access.transit_worlds import NO_SLACK, World, at, trip

#   A ---- B ---- C     slow buses through, a quick one with a change at B
LINE = World(
    [
        trip("A 9:00, B 9:20, C 9:40"),
        trip("A 9:05, B 9:15"),  # overtakes the first …
        trip("B 9:15, C 9:30"),  # … and meets a quick one: the first is of use only to who will not change
        trip("A 9:30, B 9:50, C 10:10"),
        trip("A 9:25, B 9:55, C 10:15"),  # leaves before the one above and arrives after it
        trip("A 10:00, B 10:20, C 10:40"),
    ]
)


def profile(depart: str, until: str, rules: TransitRules = NO_SLACK, walk_s: float = np.nan, longest_s: int = 10**6):
    found = LINE.on_day(rules).profile(
        LINE.link({"A": 0}), LINE.link({"C": 0}), walk_s, at(depart), at(until), longest_s
    )
    return [(one.depart_s, one.arrive_s, one.rides) for one in found]


def test_departures_that_nothing_beats():
    by_change, direct = (at("9:05"), at("9:30"), 2), (at("9:00"), at("9:40"), 1)
    late, last = (at("9:30"), at("10:10"), 1), (at("10:00"), at("10:40"), 1)
    assert profile("8:00", "11:00") == [direct, by_change, late, last]
    assert profile("9:00", "10:00") == [direct, by_change, late]  # the end is not in it
    assert profile("9:00:01", "10:00:01") == [by_change, late, last]
    assert profile("9:10", "9:30") == []  # that at 9:25 is beaten by one that leaves after the end
    assert profile("8:00", "11:00", TransitRules(max_rides=1, board_slack_s=0)) == [direct, late, last]
    assert profile("8:00", "11:00", longest_s=1500) == [by_change]
    # on foot it is 40 minutes at any time: only the quicker one is of use
    assert profile("8:00", "11:00", TransitRules(max_walk_s=7200, board_slack_s=0), walk_s=2400) == [by_change]


@given(worlds(), RULES, POINT, POINT, WALK, TIME, st.integers(1, 200))
@settings(max_examples=60, deadline=None)
def test_the_profile_is_what_the_searches_find(world, rules, start, end, walk, when, span):
    until = when + span
    links = world.link(start), world.link(end)
    found = world.on_day(rules).profile(*links, np.nan if walk is None else walk, when, until)
    longest = INFINITE if walk is None or walk > rules.max_walk_s else walk
    assert list(found) == sorted(set(found))
    for one in found:
        assert when <= one.depart_s < until and one.arrive_s - one.depart_s < longest
        assert not any(other.beats(one) for other in found)
        by_as_many = replace(rules, max_rides=one.rides)
        assert forwards(world, by_as_many, start, end, None, one.depart_s) == (one.arrive_s - one.depart_s, one.rides)
        assert backwards(world, by_as_many, start, end, None, one.arrive_s) == (one.arrive_s - one.depart_s, one.rides)
    for rides in range(1, rules.max_rides + 1):
        for leave in np.linspace(when, until - 1, 4).astype(int).tolist():
            took, _ = forwards(world, replace(rules, max_rides=rides), start, end, None, leave)
            if took == INFINITE:
                continue
            back, _ = backwards(world, replace(rules, max_rides=rides), start, end, None, leave + int(took))
            latest = Departure(leave + int(took - back), leave + int(took), rides)
            # it is listed, or something listed is as good, unless it lies beyond the end, or a walk is as quick
            beyond = latest.depart_s >= until or back >= longest
            assert (
                beyond
                or any(one == latest or one.beats(latest) for one in found)
                or _beaten(world, rules, start, end, latest, until)
            )


def _beaten(world, rules, start, end, latest, until):
    """Say whether something that leaves at the end or later is as early there by as few rides."""
    took, _ = forwards(world, replace(rules, max_rides=latest.rides), start, end, None, until)
    return until + took <= latest.arrive_s


@given(worlds(), RULES, POINT, POINT, WALK, TIME, st.integers(1, 60), st.integers(0, 500))
@settings(max_examples=40, deadline=None)
def test_under_a_limit_on_walking_in_all_it_is_what_single_journeys_find(
    world, rules, start, end, walk, when, span, limit
):
    day, links, foot = world.on_day(rules), (world.link(start), world.link(end)), np.nan if walk is None else walk
    until, free = when + span, (when, when + span)
    assert day.profile(*links, foot, *free, max_walking_s=10**6) == day.profile(*links, foot, *free)
    found = day.profile(*links, foot, *free, max_walking_s=limit)
    # whoever leaves at any second takes the first useful departure from then on, unless a walk, or one after the end, is as early
    for at_s in range(when, until, 7):
        way = day.journey(*links, foot, depart_s=at_s, max_walking_s=limit)
        left = [one.arrive_s for one in found if one.depart_s >= at_s]
        if way is None:
            assert not left
        elif way.rides and way.depart_s < until:
            assert min(left, default=INFINITE) == way.arrive_s
