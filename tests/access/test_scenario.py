"""A new route: what it changes on One Road, by hand; and that only what it can change is searched anew, with the same result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access import scenario
from access.network import AreaNetwork
from access.new_route import NewRoute, Run, with_route
from access.query import QueryError
from access.scenario import WithRoute, add_route
from access.sessions import SessionAccess, there_and_back
from geo.area import Area
from geo.errors import UnknownName
from geo.profile import WEEKDAYS
from geo.timetable.model import FORBIDDEN


@pytest.fixture(autouse=True)
def bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seek bounds whatever they cost: on worlds as small as these they are never worth it."""
    monkeypatch.setattr(scenario, "LIKELY_SAVED", np.inf)


A1, B1, B2, C1 = range(4)  # rows of the origins
NEAR_S = 4
STOPS = ("bus:s0", "bus:s5", "bus:s9")


def at(clock: str) -> int:
    hours, minutes = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60


def anew(before: SessionAccess, route: NewRoute) -> SessionAccess:
    """Everything computed again from the timetable with the route."""
    area = before.network.area
    area = replace(area, timetable=with_route(area.timetable, route))
    return there_and_back(AreaNetwork(area, before.network.rules), ("transit",))


def assert_same(found: WithRoute, wanted: SessionAccess) -> None:
    here, there = found.access.by_mode["transit"], wanted.by_mode["transit"]
    for name in ("out_s", "back_s", "out_rides", "back_rides", "out_service", "back_service", "out_row", "back_row"):
        assert np.array_equal(getattr(here, name), getattr(there, name), equal_nan="_s" in name), name
    for session in range(len(wanted.sessions)):
        assert np.array_equal(here.reasons(session, 2700), there.reasons(session, 2700))


def test_a_bus_home_closes_the_gap_of_the_far_end(access: SessionAccess) -> None:
    home = NewRoute("late", "L", (Run(("bus:s0", "bus:s5", "bus:s9"), (0, 600, 1200), (at("16:05"),)),), ("tuesday",))
    found = add_route(access, home)
    craft = int(np.flatnonzero(access.sessions["session_id"] == "craft-tue")[0])
    before, after = access.by_mode["transit"], found.access.by_mode["transit"]
    # No bus went beyond km 5. Now one leaves the hall at 16:05, is at km 5 at 16:15 and at km 9, where C1 lives, at 16:25.
    assert np.isnan(before.back_s[before.back_row[craft], C1])
    assert after.back_s[after.back_row[craft], C1] == pytest.approx(25 * 60, abs=NEAR_S)
    # B1 was home at 16:25; now at 16:15.
    assert after.back_s[after.back_row[craft], B1] == pytest.approx(15 * 60, abs=NEAR_S)
    # It goes the wrong way to bring anyone there, and after the choir has gone home there is none: one search of four is made anew.
    assert np.array_equal(after.out_s, before.out_s, equal_nan=True)
    assert (found.n_searched, found.n_searches) == (1, 4)
    assert_same(found, anew(access, home))


def test_a_route_on_other_days_changes_nothing_and_searches_nothing(access: SessionAccess) -> None:
    found = add_route(access, NewRoute("fri", "F", (Run(STOPS, (0, 600, 1200), (at("16:05"),)),), ("friday",)))
    assert found.n_searched == 0
    assert found.access.by_mode["transit"].back_s is access.by_mode["transit"].back_s


def test_a_result_with_a_route_has_another_digest(access: SessionAccess) -> None:
    one = NewRoute("x", "X", (Run(STOPS, (0, 600, 1200), (at("16:05"),)),))
    digests = {add_route(access, route).access.network.area.digest for route in (one, replace(one, short_name="Y"))}
    assert len(digests | {access.network.area.digest}) == 3


def test_where_changes_are_of_single_routes_all_is_searched_anew(access: SessionAccess) -> None:
    # Nobody may change at km 5 from the bus that runs so far; the new one goes on from there to km 9, and another comes from km 9 to it.
    area = access.network.area
    s5 = area.timetable.stops["stop_id"].tolist().index("bus:s5")
    said = np.array([[s5, s5, 0, -1, -1, -1, FORBIDDEN, 0, 0]], np.int32)
    area = replace(area, timetable=replace(area.timetable, changes_of_trips=said))
    before = there_and_back(AreaNetwork(area, access.network.rules), ("transit",))
    runs = (
        Run(STOPS[1:], (0, 600), (at("16:30"),)),
        Run(STOPS[:0:-1], (0, 600), tuple(at(f"{h}:00") for h in range(8, 14))),
    )
    found = add_route(before, NewRoute("on", "O", runs))
    assert found.n_searched == found.n_searches
    assert_same(found, anew(before, NewRoute("on", "O", runs)))


def test_says_what_cannot_be_added(access: SessionAccess) -> None:
    with pytest.raises(UnknownName, match="no stop called 'nowhere'"):
        add_route(access, NewRoute("x", "X", (Run(("bus:s0", "nowhere"), (0, 60), (0,)),)))
    with pytest.raises(QueryError, match="already"):
        add_route(access, NewRoute("bus:r", "1", (Run(("bus:s0", "bus:s5"), (0, 60), (0,)),)))
    with pytest.raises(QueryError, match="never go back"):
        Run(("bus:s0", "bus:s5"), (0, -60), (0,))
    with pytest.raises(QueryError, match="departure"):
        Run(("bus:s0", "bus:s5"), (0, 60), ())
    by_road = there_and_back(access.network, ("walk",))
    with pytest.raises(QueryError, match="public transport"):
        add_route(by_road, NewRoute("x", "X", (Run(("bus:s0", "bus:s5"), (0, 60), (0,)),)))


@st.composite
def routes(draw: st.DrawFn) -> NewRoute:
    """Up to three runs over the stops of One Road, at times about the sessions and their buses, some in the night before."""
    runs = []
    for _ in range(draw(st.integers(1, 3))):
        stops = draw(st.lists(st.sampled_from(STOPS), min_size=2, max_size=4))
        steps = draw(st.lists(st.integers(0, 40), min_size=len(stops) - 1, max_size=len(stops) - 1))
        minutes = draw(st.lists(st.integers(12 * 60, 21 * 60), min_size=1, max_size=3))
        nights = draw(st.sampled_from([0, 0, 0, 24 * 60]))
        after = tuple(60 * int(m) for m in np.cumsum([0, *steps]))
        runs.append(Run(tuple(stops), after, tuple(60 * (minute + nights) for minute in minutes)))
    days = draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1))
    return NewRoute("new", "N", tuple(runs), tuple(day for day in WEEKDAYS if day in days))


@given(routes())
@settings(max_examples=60, deadline=None)
def test_equals_computing_everything_anew(busy: SessionAccess, route: NewRoute) -> None:
    assert_same(add_route(busy, route), anew(busy, route))


def test_equals_computing_everything_anew_where_rides_are_booked(one_road_booked: Area) -> None:
    before = there_and_back(AreaNetwork(one_road_booked), ("transit",))
    for departs in ("15:30", "16:01", "16:05", "20:10"):
        route = NewRoute("new", "N", (Run(STOPS, (0, 600, 1200), (at(departs),)),))
        assert_same(add_route(before, route), anew(before, route))


def test_on_a_whole_area_few_searches_are_made_anew_and_all_are_right(demo_area: Area) -> None:
    before = there_and_back(AreaNetwork(demo_area), ("transit",))
    timetable, rng = demo_area.timetable, np.random.default_rng(3)
    n_searched = 0
    for _ in range(3):
        # the stops of a trip that runs, joined to those of one that leaves from where it ends, at new times
        trip = int(rng.integers(len(timetable.trips)))
        rows = timetable.call_stop[timetable.call_start[trip] : timetable.call_start[trip + 1]][:30]
        stops = tuple(timetable.stops["stop_id"].to_numpy()[rows])
        departs = tuple(range(8 * 3600 + 600, 19 * 3600, 66 * 60))
        route = NewRoute("new", "N", (Run(stops, tuple(100 * i for i in range(len(stops))), departs),), WEEKDAYS[:5])
        found = add_route(before, route)
        assert_same(found, anew(before, route))
        n_searched += found.n_searched
    assert 0 < n_searched < 0.8 * 3 * found.n_searches


@pytest.mark.parametrize(("share", "n_searched"), [(0.4, 9), (0.5, 1)])
def test_bounds_are_sought_where_they_cost_less_than_they_save(
    busy: SessionAccess, monkeypatch: pytest.MonkeyPatch, share: float, n_searched: int
) -> None:
    # A trip of three stops can be boarded at two, which takes two searches each way for its bounds: 4. Tuesday has 9 searches of its
    # own, for crafts and knitting end together. 0.4 of 9 is less than 4, so no bounds: all 9. With bounds only those
    # who leave the hall at 16:00 can be home by the bus of 16:05.
    monkeypatch.setattr(scenario, "LIKELY_SAVED", share)
    route = NewRoute("x", "X", (Run(STOPS, (0, 600, 1200), (at("16:05"),)),))
    found = add_route(busy, route)
    assert (found.n_searched, found.n_searches) == (n_searched, 9)
    assert_same(found, anew(busy, route))


def test_a_stop_where_nothing_called_is_walked_to(demo_area: Area) -> None:
    timetable = demo_area.timetable
    idle = np.flatnonzero((timetable.stops["mode"] == "none").to_numpy())
    if not len(idle):
        pytest.skip("something calls at every stop of the demonstration area")
    before = there_and_back(AreaNetwork(demo_area), ("transit",))
    ends = timetable.stops["stop_id"].to_numpy()[[idle[0], timetable.call_stop[0]]]
    route = NewRoute("new", "N", (Run(tuple(ends), (0, 600), tuple(range(8 * 3600, 20 * 3600, 3600))),))
    assert_same(add_route(before, route), anew(before, route))
