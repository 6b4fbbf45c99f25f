"""Drives at busy hours: the table of peaks, and sessions on One Road (tests/worlds.py) that begin or end in one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.counted import minutes_said
from access.journeys import session_way
from access.network import AreaNetwork, points_xy
from access.points import Points
from access.query import TravelRules
from access.sessions import there_and_back
from access.traffic import COLUMNS, Peak, default_peaks, factor_at, read_peaks
from access.travel_times import DepartAt, travel_times
from access.travellers import TRAVELLERS, traveller_of
from geo.area import Area
from geo.errors import DataError
from geo.profile import WEEKDAYS

WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
EVENING = Peak(WORKDAYS, 16 * 3600, 18 * 3600 + 1800, 1.4)


@pytest.fixture
def table(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(*rows: str) -> Path:
        path = tmp_path / "traffic.csv"
        path.write_text("\n".join([",".join(COLUMNS), *rows, ""]), encoding="utf-8")
        return path

    return write


def test_an_hour_at_the_edge_of_a_peak_belongs_to_the_drive_made_in_it() -> None:
    at = [(16 * 3600, False), (16 * 3600, True), (18 * 3600 + 1800, False), (18 * 3600 + 1800, True)]
    # arriving as the peak begins: driven before it; leaving then: in it; arriving as it ends: in it; leaving then: after it
    assert [factor_at((EVENING,), "tuesday", clock_s, is_return=back) for clock_s, back in at] == [1.0, 1.4, 1.4, 1.0]
    assert factor_at((EVENING,), "saturday", 17 * 3600, is_return=False) == 1.0


def test_a_session_that_ends_in_the_peak_has_a_slower_drive_home(one_road: Area) -> None:
    network = AreaNetwork(one_road, TravelRules(peaks=(EVENING,)))
    access = there_and_back(network, ("drive",))
    times = access.by_mode["drive"]
    crafts = int(access.of_category("crafts")[0])  # at the hall, Tuesday 14:00-16:00
    c1 = one_road.origins["origin_id"].tolist().index("C1")
    there_s, back_s = times.out_s[times.out_row[crafts]][c1], times.back_s[times.back_row[crafts]][c1]
    # C1 lies at km 9, 100 s a kilometre by car, right on the road, as does the hall: no walk to the street
    assert there_s == pytest.approx(900, abs=1)
    assert back_s == pytest.approx(1.4 * 900, abs=1)
    way = session_way(access, "C", crafts, "drive")
    assert [legs[0].values["minutes"] for legs in (way.there, way.back) if legs] == [minutes_said(15), minutes_said(21)]


def test_traffic_slows_the_drive_and_not_the_walk_to_the_street(demo_area: Area) -> None:
    # The oracle is a router whose every edge takes 1.3 times as long; it rounds each edge to a millisecond, hence the tolerance.
    free, slow = (AreaNetwork(demo_area, TravelRules(drive_factor=factor, peaks=())) for factor in (1.0, 1.3))
    venues = np.arange(0, len(demo_area.venues), 10)
    for is_return, asked in ((False, slow.to_venues_s("drive")), (True, slow.from_venues_s("drive"))):
        found = free.in_traffic_s(venues, np.full(len(venues), 1.3), is_return=is_return)
        np.testing.assert_allclose(found, asked[venues], atol=0.2)


def test_traffic_slows_no_ferry(demo_area: Area) -> None:
    # Every tenth edge is a ferry now. The oracle is a router whose edges take 1.3 times as long, those on water apart.
    graph = demo_area.streets["drive"]
    graph = replace(graph, is_ferry=np.arange(graph.n_edges) % 10 == 0)
    area = replace(demo_area, streets={**demo_area.streets, "drive": graph})
    free, slow = (AreaNetwork(area, TravelRules(drive_factor=factor, peaks=())) for factor in (1.0, 1.3))
    venues, factor = np.array([0, 3, 5, 3]), np.array([1.3, 1.0, 1.3, 1.3])
    for is_return in (False, True):
        free_s, slow_s = (
            network.from_venues_s("drive") if is_return else network.to_venues_s("drive") for network in (free, slow)
        )
        found = free.in_traffic_s(venues, factor, is_return=is_return)
        np.testing.assert_array_equal(found, np.where(factor[:, None] == 1.3, slow_s[venues], free_s[venues]))
    here, there = (Points(tuple("abcde"), points_xy(frame.iloc[:5])) for frame in (area.origins, area.venues))
    peak = Peak((WEEKDAYS[area.profile.service_date.weekday()],), 8 * 3600, 9 * 3600, 1.3)
    at_eight = travel_times(AreaNetwork(area, TravelRules(peaks=(peak,))), "drive", here, there, DepartAt(8 * 3600))
    np.testing.assert_array_equal(at_eight.travel_s, travel_times(slow, "drive", here, there).travel_s)


def test_a_network_driven_otherwise_is_as_one_made_anew_and_shares_what_is_not_driven(one_road_booked: Area) -> None:
    usual = AreaNetwork(one_road_booked)
    there_and_back(usual, ("drive", "transit"))
    other, anew = usual.driven((EVENING,), 5.0), TravelRules(peaks=(EVENING,), park_min=5.0)
    assert other.rules == anew and other.transit is usual.transit and other._street_s is usual._street_s
    found, wanted = (
        there_and_back(network, ("drive", "transit")) for network in (other, AreaNetwork(one_road_booked, anew))
    )
    for mode in ("drive", "transit"):
        for name in ("out_s", "back_s", "out_row", "back_row"):
            np.testing.assert_array_equal(getattr(found.by_mode[mode], name), getattr(wanted.by_mode[mode], name))
    # what drives take more is no part of any other mode, so that its times may be kept for all
    assert anew.for_mode("drive") == anew and anew.for_mode("transit") == TravelRules()
    as_usual = there_and_back(usual, ("transit",)).by_mode["transit"]
    np.testing.assert_array_equal(found.by_mode["transit"].back_s, as_usual.back_s)


def test_who_travels_is_told_by_how_they_walk_and_not_by_how_they_drive() -> None:
    for who in TRAVELLERS.values():
        assert traveller_of(replace(who.rules, peaks=(), park_min=5.0)) == who
    assert traveller_of(TravelRules(max_walk_min=10)) is None


def test_where_no_hour_is_slower_the_drives_are_those_of_the_venues(one_road: Area) -> None:
    network = AreaNetwork(one_road, TravelRules(peaks=()))
    times = there_and_back(network, ("drive",)).by_mode["drive"]
    assert times.out_s is network.to_venues_s("drive") and times.back_s is network.from_venues_s("drive")


@given(st.floats(0.5, 5), st.floats(0, 86_400))
def test_free_flow_is_the_rule_outside_every_peak(factor: float, clock_s: float) -> None:
    peak = Peak(("tuesday",), 8 * 3600, 9 * 3600, factor)
    for is_return in (False, True):
        found = factor_at((peak,), "tuesday", clock_s, is_return=is_return)
        assert found == (factor if 8 * 3600 < clock_s < 9 * 3600 else found) and found in (1.0, factor)


def test_the_table_of_the_project_is_the_default() -> None:
    assert TravelRules().peaks == default_peaks() and {peak.factor for peak in default_peaks()} == {1.3}


def test_a_table_with_its_header_alone_is_free_flow(table) -> None:  # type: ignore[no-untyped-def]
    assert read_peaks(table()) == ()


def test_every_fault_of_a_table_is_told_together(table) -> None:  # type: ignore[no-untyped-def]
    good = "tuesday,07:30,09:30,1.3,2026-01-01,U,someone,,"
    with pytest.raises(DataError) as error:
        read_peaks(
            table(
                good,
                "tue,07:30,09:30,1.3,2026-01-01,U,someone,,",
                "friday,7.30,09:30,1.3,2026-01-01,U,someone,,",
                "friday,09:30,07:30,1.3,2026-01-01,U,someone,,",
                "friday,07:30,09:30,13,2026-01-01,U,someone,,",
                "friday,07:30,09:30,1.3,2026-01-01,?,someone,,",
                "friday,07:30,09:30,1.3,2026-01-01,U,,,",
                "monday tuesday,09:00,10:00,1.2,2026-01-01,U,someone,,",
            )
        )
    assert [fault.row for fault in error.value.faults] == [3, 4, 5, 6, 7, 8, 9]
    with pytest.raises(DataError, match="is missing"):
        read_peaks(Path("nowhere.csv"))
