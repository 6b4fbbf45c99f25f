"""What transfers.txt says of changes between single routes and trips, each in a feed worked out by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from access.routing.journey import RideLeg
from access.routing.transit import StopLinks, TransitRules, make_day
from geo.timetable import narrowed
from geo.timetable.gtfs import read_timetable
from tests.access.transit_worlds import at, rows_of
from tests.geo.gtfs_files import write_feed

#   A ==a 9:00-9:10==> B ==b 9:12-9:20==> C       routes: a, b and m are of 1, c and d of 2; a minute to spare before each departure
#                        ==c 9:20-9:28==>
#                        ==d 9:30-9:38==>
#   A ==m 9:02-9:13==> B ==m 9:14-9:40==> C       m goes on to C, slowly
TRIPS = "route_id,service_id,trip_id\n1,daily,a\n1,daily,b\n2,daily,c\n2,daily,d\n1,daily,m\n"
CALLS = (
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
    "a,09:00:00,09:00:00,A,1,,\na,09:10:00,09:10:00,B,2,,\nb,09:12:00,09:12:00,B,1,,\nb,09:20:00,09:20:00,C,2,,\n"
    "c,09:20:00,09:20:00,B,1,,\nc,09:28:00,09:28:00,C,2,,\nd,09:30:00,09:30:00,B,1,,\nd,09:38:00,09:38:00,C,2,,\n"
    "m,09:02:00,09:02:00,A,1,,\nm,09:13:00,09:14:00,B,2,2,3\nm,09:40:00,09:40:00,C,3,,\n"
)
HEAD = "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_route_id,to_route_id,from_trip_id,to_trip_id\n"
RULES = TransitRules(board_slack_s=60)


@pytest.fixture
def read(tmp_path):
    def _read(rows, trips=TRIPS, calls=CALLS, **more):
        tables = {
            "trips.txt": trips,
            "stop_times.txt": calls,
            "transfers.txt": HEAD + "".join(f"{r}\n" for r in rows),
        } | more
        timetable, (quality,) = read_timetable([("f", write_feed(tmp_path / "f.zip", tables))])
        return timetable, quality

    return _read


def searched(timetable, rules=RULES):
    """The day, and the links of A, B and C: each at its stop."""
    none = np.zeros(len(timetable.stops) + 1, int), np.empty(0, int), np.empty(0, int)
    return make_day(timetable, date(2026, 6, 9), none, rules), StopLinks.of(
        *[rows_of(3, [(n, n, 0) for n in range(3)])] * 2
    )


def clock(took, start):
    return None if np.isnan(took) else at(start) + int(took)


@pytest.mark.parametrize(
    ("rows", "from_a", "from_m"),  # when one is at C who leaves A by a, or by m: there at 9:10, and at 9:13
    [
        ([], "9:20", "9:28"),
        (["B,B,3,,1,1,,"], "9:28", "9:28"),  # no change from route 1 to itself: not to b, but to c
        (["B,B,3,,1,,,"], "9:40", "9:40"),  # from route 1 to none: one stays on m
        (["B,B,3,,,2,,"], "9:20", "9:40"),
        (["B,B,3,,,,a,"], "9:40", "9:28"),
        (["B,B,2,300,,,a,b"], "9:28", "9:28"),  # from 9:15 on there is no b; to c nothing is said
        (["B,B,2,600,,,a,"], "9:28", "9:28"),  # the 9:20 itself
        (["B,B,2,601,,,a,"], "9:38", "9:28"),
        (["B,B,2,60,,2,,"], "9:20", "9:28"),
        (["B,B,3,,,,a,", "B,B,2,0,,,a,b"], "9:20", "9:28"),  # of two trips before of one
        (["B,B,3,,1,1,,", "B,B,2,0,,,,b"], "9:20", "9:28"),  # of a trip before of two routes
        (["B,B,2,0,,,,b", "B,B,3,,1,,,b"], "9:28", "9:28"),  # of a trip and a route before of a trip
        (["B,B,2,0,,1,,", "B,B,3,,1,1,,"], "9:28", "9:28"),  # of two routes before of one
        (["B,B,3,,,,,", "B,B,2,0,1,,,"], "9:20", "9:28"),  # of a route before of stops alone
        (["B,B,3,,,,,", "B,B,0,,,,a,c"], "9:28", "9:40"),  # c is a place to change all the same
        (["B,B,3,,2,,a,"], "9:40", "9:28"),  # the trip named stands in place of its route
        (["B,B,3,,,,,b", "B,B,3,,,,,c"], "9:38", "9:38"),
    ],
)  # fmt: skip
def test_a_change_is_what_is_said_of_its_trips(read, rows, from_a, from_m):
    timetable, quality = read(rows)
    assert quality.refused == ()
    for leave, expected in (("8:59", min(from_a, from_m)), ("9:01", from_m)):
        day, links = searched(timetable)
        ends = (links.row(0), links.row(2))
        found = day.earliest_arrivals(*ends, [0], [at(leave)], [[np.nan]])
        assert clock(found.travel_s[0, 0], leave) == at(expected)
        journey = day.journey(*ends, np.nan, depart_s=at(leave))
        little = day.journey(*ends, np.nan, depart_s=at(leave), max_walking_s=600)
        for way in (journey, little):
            assert all(isinstance(leg, RideLeg) for leg in way.legs)
            assert (way.arrive_s, way.rides) == (at(expected), found.rides[0, 0])
            assert (way.legs[0].from_stop, way.legs[-1].to_stop) == (0, 2)
            assert {(leg.from_name, leg.to_name) for leg in way.legs} <= {
                ("Aber", "Bont"),
                ("Bont", "Capel"),
                ("Aber", "Capel"),
            }
        back = day.latest_departures(*ends, [0], [at(expected)], [[np.nan]])
        assert at(expected) - int(back.travel_s[0, 0]) == journey.depart_s
    on_foot = day.earliest_arrivals(links.row(1), links.row(2), [0], [at("9:11")], [[np.nan]])
    assert clock(on_foot.travel_s[0, 0], "9:11") == at("9:20")  # who comes on foot does not change


def test_calls_to_be_arranged_stay_with_their_call(read):
    # m is left at one copy of B and boarded at another; it is at C at 9:25 here
    timetable, _ = read(["B,B,3,,,,a,m", "B,B,3,,,,m,b"], calls=CALLS.replace("09:40:00", "09:25:00"))
    day, links = searched(timetable)
    on, off = (
        day.journey(links.row(n), links.row(m), np.nan, depart_s=at(when)).legs[0]
        for n, m, when in ((1, 2, "9:12:01"), (0, 1, "9:01"))
    )
    assert (on.trip_id, on.boarding_to_arrange, on.from_stop, on.depart_s) == ("f:m", True, 1, at("9:14"))
    assert (off.trip_id, off.alighting_to_arrange, off.to_stop, off.arrive_s) == ("f:m", True, 1, at("9:13"))
    (through,) = day.journey(
        links.row(0), links.row(2), np.nan, depart_s=at("9:01")
    ).legs  # whoever stays on calls at both
    assert (through.trip_id, through.depart_s, through.arrive_s) == ("f:m", at("9:02"), at("9:25"))


def test_a_repeat_of_a_trip_keeps_its_own_changes(read):
    # z is a once more, call for call: what is said of a does not hold for it, so both stay
    calls = CALLS + "z,09:00:00,09:00:00,A,1,,\nz,09:10:00,09:10:00,B,2,,\n"
    timetable, _ = read(["B,B,3,,,,a,"], TRIPS + "1,daily,z\n", calls)
    day, links = searched(timetable)
    found = day.journey(links.row(0), links.row(2), np.nan, depart_s=at("8:59"))
    assert (found.legs[0].trip_id, found.arrive_s) == ("f:z", at("9:20"))


def test_the_days_around_know_them_too(read):
    late = CALLS.replace("b,09:12:00,09:12:00", "b,33:12:00,33:12:00").replace(
        "b,09:20:00,09:20:00", "b,33:20:00,33:20:00"
    )
    for rows, expected in (([], "9:20"), (["B,B,3,,,,a,b"], "9:28")):
        day, links = searched(read(rows, calls=late)[0])  # b is one of yesterday
        found = day.earliest_arrivals(links.row(0), links.row(2), [0], [at("8:59")], [[np.nan]])
        assert clock(found.travel_s[0, 0], "8:59") == at(expected)


def test_rows_of_no_use_are_refused(read):
    more = {"frequencies.txt": "trip_id,start_time,end_time,headway_secs\nd,09:30:00,10:30:00,600\n"}
    timetable, quality = read(["B,B,3,,,,a,x", "B,B,3,,9,,,", "B,B,3,,,,,d", "B,B,3,,,,a,b"], **more)
    assert len(timetable.changes_of_trips) == 1
    assert sorted((fault.row, fault.problem.split(":")[0]) for fault in quality.refused) == [
        (2, "names a route or trip that cannot be ridden."),
        (3, "names a route or trip that cannot be ridden."),
        (4, "names a trip by headway"),
    ]


def test_more_kinds_of_trips_than_can_be_searched_are_told(read, monkeypatch):
    # a is one of two kinds to get off at B by, b and c two of three to get on by, and A has one of each: 2 × 3 + 1
    rows = ["B,B,3,,,,a,b", "B,B,3,,,,a,c"]
    for most, n_kept in ((7, 2), (6, 0)):
        monkeypatch.setattr(narrowed, "MOST_PAIRS", most)
        timetable, quality = read(rows)
        assert len(timetable.changes_of_trips) == n_kept
        assert any("2 rows about single routes or trips are not used" in note for note in quality.notes) == (
            n_kept == 0
        )
        assert quality.out_of_scope == 2 - n_kept
