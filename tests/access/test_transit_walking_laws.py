"""Laws of walking on random small worlds with stations, entrances and what feeds say of changes: slower, or farther at most."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from access.routing.transit import TransitRules
from geo.timetable.model import FORBIDDEN, IF_APART, INDOORS, TIMED
from tests.access.transit_worlds import DAY, Street, Trip, World

START_S = 36_000
OFF_STREET_M = 9000.0
PLACE_M = st.sampled_from([0.0, 20.0, 50.0, 90.0, 140.0, 200.0, OFF_STREET_M])
SECONDS = st.integers(0, 200)
STATION = "ABCD"
ENDS = [f"Z{stop}" for stop in STATION]
OF_WHICH = st.tuples(SECONDS, SECONDS).map(lambda pair: (max(pair), min(pair)))  # and how many of them are walked
WAY = st.tuples(st.sampled_from("VW"), st.sampled_from(STATION), OF_WHICH, OF_WHICH)
KINDS = st.sampled_from(
    [(), *[(IF_APART,)] * 4, (INDOORS,), (TIMED,), (FORBIDDEN,), (INDOORS, IF_APART), (TIMED, IF_APART)]
)
LIMIT_S = st.sampled_from([0, *range(30, 300, 15)])


@st.composite
def worlds_on_a_street(draw):
    """A world of four platforms, some off the street or behind entrances, and where each stop, entrance and point lies.

    A vehicle from O stops at some of them, and others leave each of them often, each for an end of its own: to Z of A, and so on. So what
    a change takes from any platform to any other shows, to ten seconds.
    """
    changes = [(a, b, kind, *draw(OF_WHICH)) for a in STATION for b in STATION if a != b for kind in draw(KINDS)]
    changes = [(*row[:4], 0 if row[2] in (FORBIDDEN, TIMED) else row[4]) for row in changes]
    found = draw(st.lists(WAY, max_size=4, unique_by=lambda way: way[:2]))
    ways = [
        (entrance, stop, in_s, out_s, in_s, out_s, *[of_in, of_out] * 2)
        for entrance, stop, (in_s, of_in), (out_s, of_out) in found
    ]
    called = draw(st.lists(st.sampled_from(STATION), min_size=1, max_size=2))
    comes = Trip([(stop, START_S + 10 * n, START_S + 10 * n) for n, stop in enumerate(["O", *called])])
    leaves = [
        Trip([(stop, at_s, at_s), (f"Z{stop}", at_s + 60, at_s + 60)])
        for stop in STATION
        for at_s in range(START_S, START_S + 400, 10)
    ]
    x_m = {stop: draw(PLACE_M) for stop in (*STATION, "V", "W")} | dict.fromkeys(["O", *ENDS], OFF_STREET_M)
    return World([comes, *leaves], changes=changes, entrance_ways=ways), x_m


def arrivals_s(world, x_m, max_walk_s, slowness, slack_s, max_rides):
    """Seconds to each end and to points on the street, from O and from these, a minute before all begins; infinite: there is no way."""
    street = Street(slowness)
    network = world.on_street(x_m, TransitRules(max_walk_s, max_rides, slack_s), street=street)
    day, points = network.on(DAY), network.link(street.place(np.array([[0.0, 0.0], [60.0, 0.0], [120.0, 0.0]])))
    found = []
    for starts in (world.link({"O": 0}), points):
        for ends in (world.link(*({end: 0} for end in ENDS)), points):
            no_walk = np.full((len(starts), len(ends)), np.nan)
            asked = np.arange(len(starts)), np.full(len(starts), START_S - 60)
            found.append(day.earliest_arrivals(starts, ends, *asked, no_walk).travel_s.ravel())
    return np.nan_to_num(np.concatenate(found), nan=np.inf)


@given(worlds_on_a_street(), LIMIT_S, st.sampled_from([1.1, 4 / 3, 2.0]), st.sampled_from([0, 30]), st.integers(1, 3))
@settings(max_examples=300, deadline=None)
def test_a_slower_walker_is_never_quicker(world, max_walk_s, slowness, slack_s, max_rides):
    one = arrivals_s(*world, max_walk_s, 1.0, slack_s, max_rides)
    assert (arrivals_s(*world, max_walk_s, slowness, slack_s, max_rides) >= one).all()


@given(worlds_on_a_street(), LIMIT_S, st.integers(1, 100), st.sampled_from([0, 30]), st.integers(1, 3))
@settings(max_examples=300, deadline=None)
def test_a_wider_walking_limit_never_hurts(world, max_walk_s, more_s, slack_s, max_rides):
    one = arrivals_s(*world, max_walk_s, 1.0, slack_s, max_rides)
    assert (arrivals_s(*world, max_walk_s + more_s, 1.0, slack_s, max_rides) <= one).all()
