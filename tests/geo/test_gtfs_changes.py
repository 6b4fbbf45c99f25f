"""Reading transfers.txt, pathways.txt, stations and blocks: each small feed says one thing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from access.new_route import NewRoute, Run, with_route
from access.routing.rides import TransitRules
from access.routing.transit import StopLinks, make_day
from geo.timetable.day import on_date
from geo.timetable.gtfs import read_timetable
from geo.timetable.model import FORBIDDEN, IF_APART, INDOORS, TIMED
from tests.geo.gtfs_files import GOOD, with_rows, write_feed

TRANSFERS = "from_stop_id,to_stop_id,transfer_type,min_transfer_time,from_route_id,from_trip_id,to_trip_id\n"
# B's station S has the platforms B1 and B2; the entrance E and the hall H lie in it
STATION = {
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\nA,Aber,52.40,-4.08,,\nB1,Bont 1,52.41,-4.07,0,S\n"
        "B2,Bont 2,52.41,-4.07,0,S\nC,Capel,52.42,-4.06,,\nS,Bont,52.41,-4.07,1,\nE,Drws,52.41,-4.07,2,S\nH,Neuadd,52.41,-4.07,3,S\n"
    ),
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,09:00:00,09:00:00,A,1\nt1,09:10:00,09:10:00,B1,2\n"
        "t2,09:15:00,09:15:00,B2,1\nt2,09:30:00,09:30:00,C,2\n"
    ),
}


@pytest.fixture
def read(tmp_path):
    def _read(changes):
        timetable, (quality,) = read_timetable([("bus", write_feed(tmp_path / "bus.zip", changes))])
        ids = timetable.stops["stop_id"].str.removeprefix("bus:").to_numpy()
        told = {(ids[a], ids[b], k): s for a, b, k, s in timetable.changes.tolist()}
        assert len(told) == len(timetable.changes)
        return timetable, told, quality

    return _read


def test_transfers_are_read_by_type(read):
    rows = "A,B,2,120,,,\nB,A,3,,,,\nB,C,1,,,,\nC,B,0,90,,,\nA,A,2,60,,,\nA,C,,,,,\nC,A,2,60,1,,\n"
    _, told, quality = read({"transfers.txt": TRANSFERS + rows})
    # A to C is a recommended place to change: 2.6 km as the crow flies take 1,957 s at 4.8 km/h, should no street join them
    assert told.pop(("A", "C", IF_APART)) == pytest.approx(1957, abs=15)
    assert told == {
        ("A", "B", TIMED): 120,
        ("B", "A", FORBIDDEN): 0,
        ("B", "C", TIMED): 0,
        ("C", "B", TIMED): 90,
        ("A", "A", TIMED): 60,
    }
    assert any("1 rows are about single routes or trips" in note for note in quality.notes)
    assert (quality.out_of_scope, quality.refused) == (1, ())


def test_rows_about_a_station_are_about_its_platforms(read):
    rows = "A,S,2,200,,,\nA,B2,2,100,,,\nS,S,2,240,,,\nE,A,2,10,,,\n"
    _, told, quality = read(STATION | {"transfers.txt": TRANSFERS + rows})
    assert told == {
        ("A", "B1", TIMED): 200,
        ("A", "B2", TIMED): 100,  # the row that names the platform comes first
        **{(a, b, TIMED): 240 for a in ("B1", "B2") for b in ("B1", "B2")},
        ("B1", "B2", IF_APART): 300,  # known anyway: platforms of one station, five minutes at least
        ("B2", "B1", IF_APART): 300,
    }
    assert quality.out_of_scope == 3  # entrance and hall in stops.txt, and the row about the entrance


def test_ways_inside_a_station_are_added_up(read):
    # B1 to the hall takes 30 s; from the hall to B2 it is 40 m, which are 30 s at 4.8 km/h; only down the first can one come back
    head = "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length,traversal_time\n"
    rows = "1,B1,H,1,1,,30\n2,H,B2,2,0,40,\n3,H,E,1,1,10,0\n4,H,B2,5,1,,x\n5,H,X,1,1,1,1\n"
    _, told, quality = read(STATION | {"pathways.txt": head + rows})
    assert told == {("B1", "B2", INDOORS): 60, ("B1", "B2", IF_APART): 300, ("B2", "B1", IF_APART): 300}
    assert [(f.row, f.file) for f in quality.refused] == [(6, "bus.zip/pathways.txt"), (5, "bus.zip/pathways.txt")]


def test_bad_transfers_are_refused(read):
    rows = "A,Z,2,60,,,\nA,B,2,,,,\nA,B,7,,,,\nA,B,2,x,,,\nA,B,4,,,t1,t9\nC,A,4,,,t2,t1\n"
    timetable, told, quality = read({"transfers.txt": TRANSFERS + rows})
    assert sorted(f.row for f in quality.refused) == [2, 3, 4, 5, 6, 7]  # t2 is at C long after t1 left A
    assert told == {}
    assert not len(timetable.stay_seated)


def test_a_link_to_a_trip_by_headway_says_what_is_wanting(read):
    frequencies = "trip_id,start_time,end_time,headway_secs\nt1,08:00:00,09:00:00,600\n"
    rows = TRANSFERS + ",,4,,,t1,t2\n,,4,,,t9,t2\n"
    timetable, _, quality = read({"frequencies.txt": frequencies, "transfers.txt": rows})
    assert not len(timetable.stay_seated)
    assert [(f.row, f.problem, f.remedy) for f in quality.refused] == [
        (2, "names a trip by headway: which of its departures is meant is not said.", "Remove the row, or write the departures out."),
        (3, "names no two trips that can be ridden.", "Name both trips."),
    ]  # fmt: skip


def test_blocks_make_runs(read):
    # t1 ends at C at 9:20; t3 of its block goes back from there at 9:25; t4, not of it, at 9:30
    trips = "route_id,service_id,trip_id,block_id\n1,week,t1,b\n2,daily,t2,\n1,week,t3,b\n1,week,t4,\n"
    calls = with_rows(
        "stop_times.txt", "t3,09:25:00,09:25:00,C,1,0,0", "t3,09:35:00,09:35:00,A,2,0,0",
        "t4,09:30:00,09:30:00,C,1,0,0", "t4,09:40:00,09:40:00,A,2,0,0",
    )  # fmt: skip
    timetable, _, _ = read({"trips.txt": trips} | calls)
    assert timetable.block_trip.tolist() == [[0, 0], [0, 2]]
    day = on_date(timetable, date(2026, 6, 9))
    runs = [day.trip[a:b].tolist() for a, b in zip(day.run_start[:-1], day.run_start[1:], strict=True)]
    assert sorted(runs) == [[0, 2]] * 3 + [[1]] * 3 + [[3]] * 3  # each yesterday, today and tomorrow
    assert day.n_trips == 9
    joined = int(np.argmax(np.diff(day.pattern_start)))
    calls_of = slice(day.pattern_start[joined], day.pattern_start[joined + 1])
    names = timetable.stops["stop_id"].str.removeprefix("bus:").to_numpy()[day.pattern_stop[calls_of]]
    assert "".join(names) == "ABCCA"
    assert day.may_board[calls_of].tolist() == [True, True, False, True, True]
    assert day.may_alight[calls_of].tolist() == [False, True, True, False, True]
    linked = {"transfers.txt": TRANSFERS + "C,C,5,,,t1,t3\nC,C,4,,,t1,t4\n"}
    timetable, _, _ = read({"trips.txt": trips} | calls | linked)
    assert timetable.stay_seated.tolist() == [[0, 2, 0], [0, 3, 1]]
    day = on_date(timetable, date(2026, 6, 9))
    runs = [day.trip[a:b].tolist() for a, b in zip(day.run_start[:-1], day.run_start[1:], strict=True)]
    assert sorted(runs) == [[0, 3]] * 3 + [[1]] * 3 + [[2]] * 3


def test_a_trip_may_go_on_as_one_of_the_next_day(read):
    # t2 is at C at 25:00 and t3 leaves there at 1:20 by the count of its own day, 20 minutes later; at 1:31 it would be parked till then
    trips = {"trips.txt": GOOD["trips.txt"] + "2,daily,t3,Aber\n"}
    for clock, rows in (("01:20:00", [[1, 2, 1]]), ("01:31:00", [])):
        calls = with_rows("stop_times.txt", f"t3,{clock},{clock},C,1,,", "t3,02:00:00,02:00:00,A,2,,")
        timetable, _, quality = read(trips | calls | {"transfers.txt": TRANSFERS + "C,C,4,,,t2,t3\n"})
        assert timetable.stay_seated.tolist() == rows
        assert len(quality.refused) == 1 - len(rows)


def test_calls_to_be_arranged_are_kept_apart(read):
    timetable, _, _ = read({"stop_times.txt": GOOD["stop_times.txt"].replace("B,2,0,0", "B,2,2,3")})
    assert timetable.boarding_to_arrange.tolist() == timetable.alighting_to_arrange.tolist() == [1]


def test_merged_feeds_keep_their_changes_apart(tmp_path):
    both = {
        "transfers.txt": TRANSFERS + "A,B,2,120,,,\n,,5,,,t1,t2\n",
        "trips.txt": "route_id,service_id,trip_id,block_id\n1,week,t1,b\n2,daily,t2,b\n",
    }
    feeds = [(name, write_feed(tmp_path / f"{name}.zip", both)) for name in ("bus", "rail")]
    timetable, _ = read_timetable(feeds)
    assert timetable.changes.tolist() == [[0, 1, TIMED, 120], [3, 4, TIMED, 120]]
    assert timetable.stay_seated.tolist() == [[0, 1, 0], [2, 3, 0]]
    assert timetable.block_trip.tolist() == [[0, 0], [0, 1], [1, 2], [1, 3]]


def test_platforms_without_a_vehicle_keep_what_is_said_of_them(read):
    # no trip calls at B3, until somebody adds a route that does: 100 s from B1, forbidden the other way, 240 s within the station at large
    unused = STATION["stops.txt"].replace("C,Capel", "B3,Bont 3,52.41,-4.07,0,S\nC,Capel")
    rows = "B1,B3,2,100,,,\nB3,B1,3,,,,\nS,S,2,240,,,\n"
    timetable, told, _ = read(STATION | {"stops.txt": unused, "transfers.txt": TRANSFERS + rows})
    assert (told["B1", "B3", TIMED], told["B3", "B1", FORBIDDEN], told["B2", "B3", TIMED]) == (100, 0, 240)
    route = NewRoute("new", "N", (Run(("bus:B3", "bus:C"), (0, 600), (9 * 3600 + 720,)),))
    # at B1 at 9:10 and 100 s to change, slack included: the new bus at 9:12 is caught; were nothing said, it would take five minutes
    ids = timetable.stops["stop_id"].tolist()
    for slack_s, expected in ((0, 9 * 3600 + 1320), (60, 9 * 3600 + 1320)):
        rules = TransitRules(board_slack_s=slack_s)
        none = np.zeros(len(ids) + 1, int), np.empty(0, int), np.empty(0, int)
        day = make_day(with_route(timetable, route), date(2026, 6, 9), none, rules)
        links = [
            StopLinks.of(*[(np.array([0, 1]), np.array([ids.index(f"bus:{stop}")]), np.zeros(1, int))] * 2)
            for stop in "AC"
        ]
        found = day.earliest_arrivals(*links, [0], [8 * 3600], [[np.nan]])
        assert 8 * 3600 + found.travel_s[0, 0] == expected


def test_boarding_areas_share_what_is_said_of_their_platform_and_station(read):
    # P in the station S has the boarding areas A and B, where the buses call; Q in S is a platform of its own. C lies elsewhere.
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding\nS,St,52.40,-4.08,1,,1\nP,P,,,0,S,\n"
        "A,Pa,,,4,P,\nB,Pb,52.40,-4.08,4,P,2\nC,Capel,52.42,-4.06,,,\nQ,Q,52.40,-4.08,0,S,\n"
    )
    rows = "P,C,3,,,,\nA,C,2,60,,,\nS,C,2,500,,,\n"
    timetable, told, quality = read({"stops.txt": stops, "transfers.txt": TRANSFERS + rows})
    assert quality.refused == ()
    # the row about A itself comes before that about its platform, and this before that about the station
    assert (told["A", "C", TIMED], told["B", "C", FORBIDDEN], told["P", "C", FORBIDDEN], told["Q", "C", TIMED]) == (
        60,
        0,
        0,
        500,
    )
    said = timetable.stops.set_index("stop_id")
    assert said["wheelchair"].to_dict() == {
        f"bus:{k}": v for k, v in zip("SPABCQ", ["yes", "yes", "yes", "no", "unknown", "yes"], strict=True)
    }
    assert said.geometry["bus:A"].distance(said.geometry["bus:S"]) == 0
