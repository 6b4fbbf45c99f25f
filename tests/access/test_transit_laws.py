"""Laws of transit routing on random small worlds, and agreement with a slow connection scan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from access.routing.journey import RideLeg, WalkLeg
from access.routing.rides import TransitRules
from geo.timetable.model import TIMED
from tests.access.oracle_csa import INFINITE, arrivals, best, changes, connections, reversed_ways, turned_round
from tests.access.transit_worlds import Trip, World

STOPS = "ABCDEF"
START_S = 36_000
SPAN_S = 240  # so short a span makes meetings to the second frequent
DAY_S = 86_400


@st.composite
def trips(draw):
    length = draw(st.integers(2, 5))
    stops = draw(st.lists(st.sampled_from(STOPS), min_size=length, max_size=length))
    now = START_S + draw(st.integers(0, SPAN_S))
    calls = []
    for stop in stops:
        arrival = now + draw(st.integers(0, 40))
        now = arrival + draw(st.integers(0, 10))
        calls.append((stop, arrival, now))
    closed = st.frozensets(st.integers(0, length - 1), max_size=1)
    day = draw(st.sampled_from([0, 0, 0, 0, -1, 1]))
    calls = [(s, a - day * DAY_S, d - day * DAY_S) for s, a, d in calls] if day < 0 else calls
    return Trip(calls, draw(closed), draw(closed), days=(day,))


@st.composite
def parallel_trips(draw):
    """Several trips over the same stops, which may overtake one another."""
    one = draw(trips())
    moves = draw(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 3)), min_size=1, max_size=4))
    first = one.calls[0][1]
    return [
        one,
        *(
            replace(one, calls=[(s, first + (a - first) * f + m, first + (d - first) * f + m) for s, a, d in one.calls])
            for m, f in moves
        ),
    ]


@st.composite
def continued_trips(draw):
    """Trips of one block, each of which starts when and mostly where the one before it ends."""
    found = [replace(draw(trips()), block=0)]
    for _ in range(draw(st.integers(1, 2))):
        more, (last, ended, left) = draw(trips()), found[-1].calls[-1]
        gap = left + draw(st.integers(0 if found[-1].calls[0][2] < ended else 1, 30)) - more.calls[0][2]
        calls = [(s, a + gap, d + gap) for s, a, d in more.calls]
        calls[0] = (draw(st.sampled_from([last, last, last, calls[0][0]])), *calls[0][1:])
        found.append(replace(more, calls=calls, days=found[0].days, block=0))
    if found[0].days == (-1,) and draw(st.booleans()):  # the last is the first of the next day
        found[-1] = replace(found[-1], calls=[(s, a - DAY_S, d - DAY_S) for s, a, d in found[-1].calls], days=(0,))
    return found


def said_of_changes():
    said = st.tuples(st.sampled_from(STOPS), st.sampled_from(STOPS), st.integers(0, 3), st.integers(0, 60))
    return st.lists(said, max_size=4, unique_by=lambda row: (row[0], row[1], max(row[2], TIMED)))


@st.composite
def worlds(draw):
    single, several = draw(st.lists(trips(), min_size=1, max_size=6)), draw(st.lists(parallel_trips(), max_size=3))
    blocks = draw(st.lists(continued_trips(), max_size=2))
    pairs = st.tuples(st.sampled_from(STOPS), st.sampled_from(STOPS)).filter(lambda p: p[0] != p[1])
    walks = draw(st.dictionaries(pairs, st.integers(0, 60), max_size=5))
    places = Trip(
        [(s, 0, 0) for s in STOPS], frozenset(range(6)), frozenset(range(6))
    )  # names every stop, carries nobody
    found = [places, *single, *(t for group in several for t in group)]
    seated = []
    for number, group in enumerate(blocks):
        n = len(found)
        how = draw(st.sampled_from(["block", "told", "parted", "several"]))
        found += [replace(t, block=-1 if how in ("told", "several") else number) for t in group]
        seated += [] if how == "block" else [(n, n + 1, int(how != "parted"))]
        seated += [(n, n + 2, 1)] if how == "several" and len(group) > 2 else []  # a train that parts
    return World(found, walks, changes=draw(said_of_changes()), seated=seated, stations=draw(STATIONS))


STATIONS = st.dictionaries(st.sampled_from("ABC"), st.just("S"), max_size=3)
RULES = st.builds(TransitRules, max_rides=st.integers(1, 4), board_slack_s=st.sampled_from([0, 0, 5, 30]))
POINT = st.dictionaries(st.sampled_from(STOPS), st.integers(0, 50), min_size=1, max_size=3)
WALK = st.one_of(st.none(), st.integers(0, 300))
TIME = st.integers(START_S, START_S + SPAN_S)


def forwards(world, rules, start, end, walk, when):
    times = world.on_day(rules).earliest_arrivals(
        world.link(start), world.link(end), [0], [when], [[np.nan if walk is None else walk]]
    )
    return _plain(times)


def backwards(world, rules, start, end, walk, when):
    times = world.on_day(rules).latest_departures(
        world.link(start), world.link(end), [0], [when], [[np.nan if walk is None else walk]]
    )
    return _plain(times)


def _plain(times):
    took = times.travel_s[0, 0]
    return (INFINITE if np.isnan(took) else float(took), int(times.rides[0, 0]))


def walked(world):
    walks = defaultdict(dict)
    for (a, b), seconds in world.walks.items():
        walks[world.stops.index(a)][world.stops.index(b)] = seconds
    return walks


@given(worlds(), RULES, POINT, POINT, WALK, st.lists(TIME, min_size=3, max_size=6))
@settings(max_examples=200, deadline=None)
def test_both_ways_equal_a_connection_scan(world, rules, point, other, walk, times):
    """From a point to another and to every stop, at several times; and to the point from all of them."""
    points = [other, *({stop: 0} for stop in STOPS)]
    on_foot = [[np.nan if walk is None else walk] + [np.nan] * len(STOPS)]
    here, there = world.link(point), world.link(*points)
    day, slack = world.on_day(rules), rules.board_slack_s
    nowhere = np.zeros(len(times), int)
    found = day.earliest_arrivals(here, there, nowhere, times, on_foot)
    back = day.latest_departures(there, here, nowhere, times, on_foot)
    hops = connections(world.timetable, world.day)
    ways = changes(world.timetable, walked(world), slack)
    for q, when in enumerate(times):
        forth = (found, hops, ways, when, slack)
        turned = (back, turned_round(hops, slack), reversed_ways(ways), -when, 0)
        for answer, its_hops, its_ways, start_s, its_slack in (forth, turned):
            seeds = {world.stops.index(s): start_s + seconds for s, seconds in point.items()}
            reached = arrivals(its_hops, [h.depart_s for h in its_hops], its_ways, seeds, rules.max_rides, its_slack)
            for n, target in enumerate(points):
                direct = INFINITE if walk is None or n else walk
                wanted = best(reached, {world.stops.index(s): x for s, x in target.items()}, direct, start_s)
                took = answer.travel_s[q, n]
                assert (INFINITE if np.isnan(took) else took, answer.rides[q, n]) == wanted, (q, n, start_s)


@given(worlds(), RULES, POINT, POINT, WALK, TIME)
@settings(max_examples=60, deadline=None)
def test_reverse_is_forward_turned_round(world, rules, start, end, walk, when):
    took, _ = forwards(world, rules, start, end, walk, when)
    if took < INFINITE:
        back, _ = backwards(world, rules, start, end, walk, when + int(took))
        assert back <= took  # leaving at `when` will do, so the latest departure is no earlier
        again, _ = forwards(world, rules, start, end, walk, when + int(took) - int(back))
        assert again == back  # and from there one arrives at the same moment, not before it could


@given(worlds(), RULES, POINT, POINT, WALK, TIME, st.integers(1, 120))
@settings(max_examples=60, deadline=None)
def test_a_later_departure_never_arrives_earlier(world, rules, start, end, walk, when, later):
    first, _ = forwards(world, rules, start, end, walk, when)
    second, _ = forwards(world, rules, start, end, walk, when + later)
    assert second + later >= first


@given(worlds(), trips(), RULES, POINT, POINT, WALK, TIME)
@settings(max_examples=60, deadline=None)
def test_an_added_trip_never_worsens(world, more, rules, start, end, walk, when):
    richer = replace(world, trips=[*world.trips, more])
    assert forwards(richer, rules, start, end, walk, when)[0] <= forwards(world, rules, start, end, walk, when)[0]
    assert backwards(richer, rules, start, end, walk, when)[0] <= backwards(world, rules, start, end, walk, when)[0]


@given(worlds(), RULES, POINT, POINT, WALK, TIME)
@settings(max_examples=60, deadline=None)
def test_more_rides_never_hurt_and_walking_bounds_all(world, rules, start, end, walk, when):
    took = [forwards(world, replace(rules, max_rides=n), start, end, walk, when)[0] for n in (1, 2, 3, 4)]
    assert took == sorted(took, reverse=True)
    assert walk is None or took[0] <= walk


@given(worlds(), RULES, POINT, POINT, WALK, TIME, st.randoms(use_true_random=False), st.integers(-7200, 7200))
@settings(max_examples=60, deadline=None)
def test_row_order_and_clock_do_not_matter(world, rules, start, end, walk, when, random, shift):
    order = random.sample(range(len(world.trips)), len(world.trips))
    shuffled = replace(
        world,
        trips=[world.trips[i] for i in order],
        seated=[(order.index(a), order.index(b), stay) for a, b, stay in world.seated],
    )
    moved = replace(
        world, trips=[replace(t, calls=[(s, a + shift, d + shift) for s, a, d in t.calls]) for t in world.trips]
    )
    plain = forwards(world, rules, start, end, walk, when)
    assert forwards(shuffled, rules, start, end, walk, when) == plain
    assert forwards(moved, rules, start, end, walk, when + shift) == plain


@given(worlds(), RULES, POINT, POINT, WALK, TIME, st.integers(1, 90), st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_window_holds_what_each_departure_takes(world, rules, start, end, walk, when, step, span):
    departures = np.arange(when, when + span, step)
    walked = [[np.nan if walk is None else walk]]
    links = world.link(start), world.link(end)
    day = world.on_day(rules)
    each = day.earliest_arrivals(*links, np.zeros(len(departures), int), departures, walked).travel_s[:, 0]
    ordered = np.sort(np.where(np.isnan(each), np.inf, each))
    percentiles = [1, 5, 25, 50, 62.5, 75, 95, 100]
    found = day.window(*links, when, when + span, percentiles, walked, step_s=step)[:, 0, 0]
    # nearest rank: the smallest value with at least p % of the departures at or below it
    wanted = [
        ordered[next(i for i in range(len(ordered)) if (i + 1) * 1000 >= p * 10 * len(ordered))] for p in percentiles
    ]
    assert np.where(np.isnan(found), np.inf, found).tolist() == wanted


@given(worlds(), RULES, POINT, POINT, WALK, TIME, st.booleans())
@settings(max_examples=120, deadline=None)
def test_journeys_are_possible_and_agree_with_the_search(world, rules, start, end, walk, when, is_depart):
    took, rides = (forwards if is_depart else backwards)(world, rules, start, end, walk, when)
    asked = {"depart_s": when} if is_depart else {"arrive_by_s": when}
    found = world.on_day(rules).journey(world.link(start), world.link(end), np.nan if walk is None else walk, **asked)
    assert (found is None) == (took == INFINITE)
    if found is None:
        return
    assert found.rides == rides
    assert (
        (found.arrive_s == when + took and found.depart_s >= when)
        if is_depart
        else (found.depart_s == when - took and found.arrive_s <= when)
    )
    _follow(world, rules, start, end, found)


def _follow(world, rules, start, end, journey):
    """Go the way that the legs tell, and object to any that cannot be gone."""
    ways = changes(world.timetable, walked(world), rules.board_slack_s)
    now, where, alighted = journey.depart_s, None, None
    for leg in journey.legs:
        assert leg.from_stop == where if where is not None or isinstance(leg, WalkLeg) else start[leg.from_name] == 0
        if isinstance(leg, RideLeg):
            if alighted is None:
                assert leg.depart_s >= journey.depart_s + start[leg.from_name] + rules.board_slack_s
            else:
                stop, at_s = alighted
                assert leg.depart_s - rules.board_slack_s >= at_s + ways[stop][leg.from_stop]
            assert leg.depart_s >= now
            _ride(world, leg)
            alighted = (leg.to_stop, leg.arrive_s)
        else:
            assert leg.depart_s == now
            if leg.from_name is None and leg.to_name:
                assert leg.arrive_s - leg.depart_s == start[leg.to_name]
            elif leg.from_name and leg.to_name is None:
                assert leg.arrive_s - leg.depart_s == end[leg.from_name]
        now, where = leg.arrive_s, leg.to_stop
    if where is not None:
        assert end[journey.legs[-1].to_name] == 0
    assert now == journey.arrive_s


def _ride(world, leg):
    """Get on the trip that a leg names, stay on board as it says, and get off."""
    chain = [world.trips[int(name[1:])] for name in (leg.trip_id, *(then.trip_id for then in leg.stay_seated))]
    days = set.intersection(*(set(trip.days) for trip in chain))
    on = [
        i
        for day in days
        for i, (s, _, left) in enumerate(chain[0].calls)
        if (s, left + day * DAY_S) == (leg.from_name, leg.depart_s) and i not in chain[0].no_board
    ]
    off = [
        i
        for day in days
        for i, (s, came, _) in enumerate(chain[-1].calls)
        if (s, came + day * DAY_S) == (leg.to_name, leg.arrive_s) and i not in chain[-1].no_alight
    ]
    assert any(i < j or len(chain) > 1 for i in on for j in off)
    for one, then, told in zip(chain, chain[1:], leg.stay_seated, strict=False):
        assert then.calls[0][2] >= one.calls[-1][1]
        assert told.at_name == then.calls[0][0]
