"""Reading entrances and pathways: how one comes from the street to each platform and back, each small station saying one thing."""

from __future__ import annotations

import pytest

from geo.timetable.gtfs import read_timetable
from geo.timetable.model import IF_APART, INDOORS, STEP_FREE
from tests.geo.gtfs_files import write_feed

#  street ── N ─walkway─ H ─stairs─ P1 ─exit gate─> X ── street        station S: entrance N, hall H, way out X, platforms P1 and P2
#                        └──lift─── P2
STOPS = (
    "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding\n"
    "A,Aber,52.40,-4.08,,,\nS,Bont,52.41,-4.07,1,,\nP1,Bont 1,52.4103,-4.07,0,S,1\nP2,Bont 2,52.4105,-4.07,0,S,1\n"
    "N,Drws,52.41,-4.071,2,S,\nX,Allan,52.41,-4.069,2,S,\nH,Neuadd,,,3,S,\n"
)
CALLS = (
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,09:00:00,09:00:00,A,1\nt1,09:10:00,09:10:00,P1,2\n"
    "t2,09:15:00,09:15:00,P2,1\nt2,09:30:00,09:30:00,A,2\n"
)
HEAD = "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length,traversal_time,stair_count,max_slope,min_width\n"
WAYS = "1,N,H,1,1,,60,,,\n2,H,P1,2,1,,,30,,\n3,P1,X,7,0,20,,,,\n4,H,P2,5,1,,,,,\n"
NO_FREE_WAY = "pathways.txt: 1 stops that no way without steps leads to, although they are said to be accessible: "
N, X = 0, 1  # the entrances, in the order of stops.txt


@pytest.fixture
def read(tmp_path):
    def _read(ways=WAYS, stops=STOPS, calls=CALLS):
        tables = {"stops.txt": stops, "stop_times.txt": calls, "pathways.txt": None if ways is None else HEAD + ways}
        timetable, (quality,) = read_timetable([("bus", write_feed(tmp_path / "bus.zip", tables))])
        ids = timetable.stops["stop_id"].str.removeprefix("bus:").to_numpy()
        found = {(entrance, ids[stop]): tuple(s[:4]) for entrance, stop, *s in timetable.entrance_ways.tolist()}
        assert len(found) == len(timetable.entrance_ways)
        return timetable, found, quality

    return _read


def test_each_entrance_leads_to_each_platform_one_way_or_both(read):
    # up the 30 steps at 0.6 s is 18 s, down at 0.5 s is 15 s; through the gate 20 m at 4.8 km/h are 15 s; a lift that says nothing 60 s
    timetable, found, quality = read()
    assert found == {
        (N, "P1"): (60 + 18, 15 + 60, -1, -1),
        (N, "P2"): (60 + 60, 60 + 60, 120, 120),
        (X, "P1"): (-1, 15, -1, 15),  # nobody gets in by a way out, and on its own level it has no steps
        (X, "P2"): (-1, 60 + 18 + 15, -1, -1),  # down by the lift, up the stairs, and out
    }
    walked = {(entrance, stop): tuple(s[4:]) for entrance, stop, *s in timetable.entrance_ways.tolist()}
    p1, p2 = (timetable.stops["stop_id"].tolist().index(f"bus:{stop}") for stop in ("P1", "P2"))
    # stairs and what has a length take longer for a slower walker; what the feed tells, and the lift, do not
    assert walked == {
        (N, p1): (18, 15, 0, 0),
        (N, p2): (0, 0, 0, 0),
        (X, p1): (0, 15, 0, 15),
        (X, p2): (0, 18 + 15, 0, 0),
    }
    west, east = timetable.entrance_xy.tolist()
    # 0.002° of longitude are 111.3 km × 0.002 × cos 52.41° = 135.8 m
    assert east[0] - west[0] == pytest.approx(135.8, abs=1)
    assert quality.refused == ()
    assert quality.out_of_scope == 0  # entrances and hall are all of use
    assert any("2 entrances lead to 2 stops by pathways" in note for note in quality.notes)
    assert any("1 pathways have neither traversal_time" in note for note in quality.notes)
    assert NO_FREE_WAY + "P1." in quality.notes


def test_changes_by_steps_and_without(read):
    timetable, _, _ = read(WAYS + "5,P1,P2,1,0,40,,,0.2,\n6,P1,P2,1,0,,50,,-0.08,0.9\n")
    ids = timetable.stops["stop_id"].str.removeprefix("bus:").to_numpy()
    told = {(ids[a], ids[b], kind): s for a, b, kind, s, _ in timetable.changes.tolist()}
    assert told == {
        ("P1", "P2", INDOORS): 30,  # down the ramp of 1 in 5, 40 m
        ("P1", "P2", STEP_FREE): 50,  # down the other one of 8 %
        ("P2", "P1", INDOORS): 60 + 18,
        ("P1", "P2", IF_APART): 300,
        ("P2", "P1", IF_APART): 300,
    }


@pytest.mark.parametrize(
    ("way", "seconds", "step_free"),
    [
        ("1,N,P1,1,0,40,,,,", 30, 30),  # 40 m at 4.8 km/h
        ("1,N,P1,1,0,40,99,,,", 99, 99),  # what is said comes first
        ("1,N,P1,1,0,,0,,,", 0, 0),  # no time at all is a time too
        ("1,N,P1,1,0,0.4,,,,", 1, 1),  # rounded up
        ("1,N,P1,2,0,40,,30,,", 18, -1),  # stairs are counted rather than measured
        ("1,N,P1,2,0,40,,-30,,", 15, -1),
        ("1,N,P1,2,0,40,,,,", 30, -1),  # uncounted stairs
        ("1,N,P1,3,0,40,,,,", 30, 30),  # a moving walkway has no steps
        ("1,N,P1,4,0,40,,30,,", 30, -1),  # an escalator has
        ("1,N,P1,5,0,3,,,,", 60, 60),  # a lift takes as long as one waits, whatever its length
        ("1,N,P1,1,0,40,,,0.09,", 30, -1),  # too steep
        ("1,N,P1,1,0,40,,,,0.8", 30, -1),  # too narrow
        # 0.0003° of latitude are 33.4 m and 0.001° of longitude 67.8 m: 75.6 m as the crow flies, 56.7 s
        ("1,N,P1,6,0,,,,,", 57, 57),
    ],
)
def test_what_a_pathway_takes(read, way, seconds, step_free):
    _, found, quality = read(way + "\n")
    assert found == {(N, "P1"): (seconds, -1, step_free, -1)}
    assert quality.refused == ()


@pytest.mark.parametrize(
    "way", ["1,N,P1,1,1,,x,,,", "1,N,P1,1,1,-3,,,,", "1,N,P1,1,1,,3601,,,", "1,H,P1,1,1,,,,,", "1,N,Q,1,1,,1,,,"]
)
def test_pathways_that_say_nothing_are_refused(read, way):
    _, found, quality = read(
        way + "\n"
    )  # a time that is none, one below zero, above an hour, a hall without a point, no stop
    assert found == {}
    assert [(fault.file, fault.row) for fault in quality.refused] == [("bus.zip/pathways.txt", 2)]


def test_a_platform_that_no_entrance_leads_to_is_named_and_keeps_its_point(read):
    _, found, quality = read("1,N,P1,1,1,,60,,,\n")
    assert found == {(N, "P1"): (60, 60, 60, 60)}
    (note,) = (note for note in quality.notes if "no entrance leads to" in note)
    assert note.startswith("pathways.txt: 1 stops that no entrance leads to, against the GTFS reference")
    assert note.endswith(": P2.")


def test_a_closed_station_is_left_and_not_entered(read):
    _, found, quality = read("1,P1,X,7,0,,15,,,\n2,P2,P1,1,1,,30,,,\n")
    assert found == {(0, "P1"): (-1, 15, -1, 15), (0, "P2"): (-1, 45, -1, 45)}
    assert "pathways.txt: 2 stops that no entrance leads to: P1, P2." in quality.notes


def test_entrances_without_pathways_are_left_out(read):
    timetable, found, quality = read(None)
    assert (found, timetable.entrance_xy.shape) == ({}, (0, 2))
    assert quality.out_of_scope == 3
    assert any(
        "2 entrances are of stations where pathways lead from none to a platform" in note for note in quality.notes
    )


def test_boarding_areas_are_on_their_platform(read):
    _, found, _ = read("1,N,B,1,1,,60,,,\n2,C,X,1,0,,20,,,\n", STOPS + "B,Ardal B,,,4,P1,\nC,Ardal C,,,4,P1,\n")
    assert found == {(N, "P1"): (60, 60, 60, 60), (X, "P1"): (-1, 20, -1, 20)}


@pytest.mark.parametrize("said", ["N,Drws,52.41,-4.071,2,S,2", "S,Bont,52.41,-4.07,1,,2"])
def test_an_entrance_that_no_wheelchair_gets_through(read, said):
    stops = STOPS.replace(said[:-1] + "\n", said + "\n")  # says so itself, or its station does
    assert stops != STOPS
    _, found, quality = read("1,N,P1,1,1,,60,,,\n", stops)
    assert found == {(N, "P1"): (60, 60, -1, -1)}
    assert NO_FREE_WAY + "P1." in quality.notes


def test_an_entrance_far_away_is_refused(read):
    _, found, quality = read(stops=STOPS.replace("52.41,-4.071", "12.41,-4.071"))
    assert [(fault.file, fault.row) for fault in quality.refused] == [("bus.zip/stops.txt", 6)]
    assert found == {(0, "P1"): (-1, 15, -1, 15), (0, "P2"): (-1, 93, -1, -1)}


def test_merged_feeds_keep_their_entrances_apart(tmp_path):
    tables = {"stops.txt": STOPS, "stop_times.txt": CALLS, "pathways.txt": HEAD + WAYS}
    feeds = [(name, write_feed(tmp_path / f"{name}.zip", tables)) for name in ("bus", "rail")]
    timetable, _ = read_timetable(feeds)
    # four stops each (A, S, P1, P2) and two entrances
    assert timetable.entrance_ways[:, :2].tolist() == [
        [e + 2 * f, s + 4 * f] for f in (0, 1) for e in (0, 1) for s in (2, 3)
    ]
    assert timetable.entrance_xy.shape == (4, 2)
