"""A limit on walking in all, there and back: by hand on One Road; on a whole area held to the ways shown, and to no limit at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.departures import departures
from access.journeys import session_way
from access.network import AreaNetwork
from access.new_route import NewRoute
from access.points import from_lonlat
from access.query import QueryError, TravelRules
from access.scenario import add_route
from access.sessions import SessionAccess, there_and_back
from geo.area import Area
from tests.access.test_scenario import anew, assert_same, routes
from tests.worlds import degrees

A1, B1, B2, C1 = range(4)  # rows of the origins of One Road
LITTLE_MIN = 12.0


def under(area: Area, minutes: float | None) -> SessionAccess:
    return there_and_back(AreaNetwork(area, TravelRules(max_walk_total_min=minutes)), ("transit",))


@pytest.mark.parametrize(("minutes", "finds"), [(12.0, False), (13.0, True), (None, True)])
def test_a_walk_all_the_way_is_bounded_too(one_road: Area, minutes: float | None, finds: bool) -> None:
    times = under(one_road, minutes).by_mode["transit"]
    craft = int(np.flatnonzero(under(one_road, None).sessions["session_id"] == "craft-tue")[0])
    out_s, back_s = times.out_s[times.out_row[craft]], times.back_s[times.back_row[craft]]
    # A1 walks a kilometre to the hall and back, 750 s: within 13 minutes and not within 12. B1 lives at the stop and rides.
    assert np.isfinite([out_s[A1], back_s[A1]]).tolist() == [finds, finds]
    assert (out_s[B1], back_s[B1]) == pytest.approx((26 * 60, 25 * 60), abs=4)


def test_each_time_is_that_of_the_way_shown(demo_area: Area) -> None:
    little, free = under(demo_area, LITTLE_MIN), under(demo_area, None)
    here, there = little.by_mode["transit"], free.by_mode["transit"]
    for name in ("out_s", "back_s"):
        bounded, unbounded = (np.nan_to_num(getattr(times, name), nan=np.inf) for times in (here, there))
        assert (bounded >= unbounded).all() and (bounded > unbounded).any()
    rng = np.random.default_rng(12)
    n_shown = 0
    for session in rng.choice(len(little.sessions), 12, replace=False).tolist():
        for zone in rng.choice(demo_area.zones["zone_code"], 3, replace=False):
            way = session_way(little, zone, session, "transit")
            for legs in (way.there, way.back):
                walked = [int(leg.values["minutes"].count) for leg in legs or () if leg.key == "leg.walk"]
                assert sum(walked) <= LITTLE_MIN + len(walked)  # each leg is shown in whole minutes of the clock
                n_shown += legs is not None
    assert n_shown > 10


@settings(max_examples=25)
@given(route=routes(), minutes=st.sampled_from([0, 3, 8, 12, 20]))
def test_a_new_route_equals_computing_everything_anew(busy_road: Area, route: NewRoute, minutes: int) -> None:
    before = under(busy_road, minutes)
    assert_same(add_route(before, route), anew(before, route))


@pytest.mark.parametrize(("minutes", "finds"), [(6.0, 0), (6.5, 1)])
def test_every_departure_of_use_under_a_limit(one_road: Area, minutes: float, finds: int) -> None:
    # From km 8.5 it is 375 s to the stop at km 9, where the bus of 13:20 leaves: more than 6 minutes, less than 6.5.
    network = AreaNetwork(one_road, TravelRules(max_walk_total_min=minutes))
    points = from_lonlat(("a", "b"), *map(list, zip(degrees(8.5), degrees(0), strict=True)))
    found = departures(network, points, 13 * 3600, 14 * 3600)
    assert len(found.plans) == finds and found.walk_s is None
    near = from_lonlat(("a", "b"), *map(list, zip(degrees(0.2), degrees(0), strict=True)))  # 150 s on foot
    assert departures(network, near, 13 * 3600, 14 * 3600).walk_s == pytest.approx(150, abs=2)


def test_what_can_be_asked() -> None:
    with pytest.raises(QueryError, match="-1 minutes on foot in all"):
        TravelRules(max_walk_total_min=-1)
