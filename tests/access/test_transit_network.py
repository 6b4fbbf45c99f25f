"""The network on its streets: stops placed, walks to, from and between them, and days kept."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from access.routing.rides import TransitRules
from geo.errors import DateOutsideTimetable
from tests.access.transit_worlds import DAY, Street, World, at, trip

#   x (m)  0 ... 100 ... 400 .......... 5000 ..... 9000: a straight street along which one walks 1 m/s eastwards, 0.5 m/s westwards
#          A      B       C               D         E (E lies off the street: not placed)
LINE = World([trip("A 9:00, D 9:10, E 9:15"), trip("E 9:30, D 9:40"), trip("B 10:00, C 10:01")])
X_M = {"A": 0, "B": 100, "C": 400, "D": 5000, "E": 9000}


@pytest.fixture
def network():
    return LINE.on_street(X_M, TransitRules(max_walk_s=600, board_slack_s=60), unused="C")


def test_stops_are_placed_and_walked_between(network):
    start, stop, seconds = network.transfers
    # A to B 100.001 s, rounded up; B to A 200.001 s; D is too far from both, nothing calls at C, and at E there is no street
    assert start.tolist() == [0, 1, 2, 2, 2, 2]
    assert stop.tolist() == [1, 0]
    assert seconds.tolist() == [101, 201]


def test_points_are_linked_both_ways(network):
    links = network.link(Street().place(np.array([[300.0, 0.0], [9000.0, 0.0], [4900.0, 0.0]])))
    assert len(links) == 3
    # from 300 m: back to A in 600.001 s is too far, to B 400.001; from A 300.001, from B 200.001
    assert [part.tolist() for part in links.to_stop] == [[0, 1, 1, 2], [1, 3], [401, 101]]
    assert [part.tolist() for part in links.from_stop] == [[0, 2, 2, 3], [0, 1, 3], [301, 201, 201]]
    assert [part.tolist() for part in links.row(2).from_stop] == [[0, 1], [3], [201]]


def test_unplaced_stops_are_passed_through_and_changed_at(network):
    day = network.on(DAY)
    start = network.link(Street().place(np.array([[0.0, 0.0]])))
    end = network.link(Street().place(np.array([[5000.0, 0.0]])))
    # off at D at 9:10 is first; by way of E and back it would be 9:40
    times = day.earliest_arrivals(start, end, [0], [at("8:58")], [[np.nan]])
    assert times.travel_s[0, 0] == at("9:10") + 1 - at("8:58")
    back = day.latest_departures(start, end, [0], [at("10:00")], [[np.nan]])
    assert back.travel_s[0, 0] == at("10:00") - (at("9:00") - 60 - 1)  # the link to A itself is 0.001 s, so a second


def test_days_are_kept_and_bounded(network):
    assert network.on(DAY) is network.on(DAY)
    with pytest.raises(DateOutsideTimetable):
        network.on(date(2030, 1, 1))
