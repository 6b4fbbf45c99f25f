"""Trips that a feed repeats call for call count once, and what tells two of them apart keeps both."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from geo.timetable.day import trips_running
from geo.timetable.gtfs import read_timetable
from tests.geo.gtfs_files import GOOD, with_rows, write_feed

T1 = [row for row in GOOD["stop_times.txt"].split("\n") if row.startswith("t1,")]


@pytest.fixture
def read(tmp_path):
    def read_changed(changes):
        timetable, (quality,) = read_timetable([("bus", write_feed(tmp_path / "bus.zip", changes))])
        return timetable, quality

    return read_changed


def repeated(*trips: str) -> dict[str, str]:
    """The calls of the good feed, and those of t1 again for each of ``trips``."""
    return with_rows("stop_times.txt", *(row.replace("t1,", f"{trip},") for trip in trips for row in T1))


def test_trips_repeated_are_counted_once(read):
    # t3 is t1 again under a service with the same days, t4 under one that runs on Saturdays too; t5 on Saturdays only is no repeat
    trips = with_rows("trips.txt", "1,week2,t3,Capel", "1,six,t4,Capel", "1,saturday,t5,Capel")
    days = with_rows(
        "calendar.txt",
        "week2,1,1,1,1,1,0,0,20260601,20260630",
        "six,1,1,1,1,1,1,0,20260601,20260630",
        "saturday,0,0,0,0,0,1,0,20260601,20260605",
    )
    t1 = [row for row in GOOD["stop_times.txt"].split("\n") if row.startswith("t1,")]
    calls = with_rows("stop_times.txt", *(row.replace("t1,", f"{t},") for t in ("t3", "t4") for row in t1))
    calls["stop_times.txt"] += "t5,09:00:00,09:00:00,A,1,0,1\nt5,09:10:00,09:11:00,B,2,0,0\n"
    timetable, quality = read(trips | days | calls)
    assert timetable.trips["trip_id"].tolist() == ["bus:t1", "bus:t2", "bus:t5"]
    assert timetable.trips["repeats"].tolist() == [2, 0, 0]
    assert trips_running(timetable, date(2026, 6, 6)).tolist() == [0, 1]  # the Saturday of t4 went over to t1
    assert any("2 trips repeat another" in note for note in quality.notes)


@pytest.mark.parametrize("said", list(permutations(["", "1", "2"])))
def test_what_is_said_of_wheelchairs_keeps_trips_apart(read, said):
    # t1, t3 and t4 run at the same times; one is open to wheelchairs, one closed, one silent: each way of asking finds its own
    trips = "route_id,service_id,trip_id,trip_headsign,wheelchair_accessible\n2,daily,t2,Capel,\n" + "".join(
        f"1,week,{trip},Capel,{answer}\n"
        for trip, answer in zip(("t1", "t3", "t4", "t5"), (*said, said[0]), strict=True)
    )
    timetable, _ = read(repeated("t3", "t4", "t5") | {"trips.txt": trips})
    assert timetable.trips["trip_id"].tolist() == ["bus:t2", "bus:t1", "bus:t3", "bus:t4"]  # t5 says what t1 says
    words = {"": "unknown", "1": "yes", "2": "no"}
    assert timetable.trips["wheelchair"].tolist() == ["unknown", *(words[answer] for answer in said)]
    assert timetable.trips["repeats"].tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize("order", ["1,week,t1,Capel\n1,week,t3,Capel\n", "1,week,t3,Capel\n1,week,t1,Capel\n"])
def test_a_trip_that_is_linked_by_name_is_the_one_kept(read, order):
    # t3 is t1 again, and one may stay on board of it into t2, which leaves after midnight; t1, of which nothing is said, folds into it
    links = "from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id\n,,4,t3,t2\n"
    trips = f"route_id,service_id,trip_id,trip_headsign\n{order}2,daily,t2,Capel\n"
    timetable, quality = read(repeated("t3") | {"trips.txt": trips, "transfers.txt": links})
    assert timetable.trips["trip_id"].tolist() == ["bus:t3", "bus:t2"]
    assert timetable.stay_seated.tolist() == [[0, 1, 1]]
    assert quality.refused == ()


def test_two_trips_linked_by_name_are_both_kept(read):
    links = "from_stop_id,to_stop_id,transfer_type,from_trip_id,to_trip_id\n,,4,t3,t2\n,,5,t1,t2\n"
    timetable, _ = read(repeated("t3") | with_rows("trips.txt", "1,week,t3,Capel") | {"transfers.txt": links})
    assert timetable.trips["trip_id"].tolist() == ["bus:t1", "bus:t2", "bus:t3"]
    assert sorted(timetable.stay_seated.tolist()) == [[0, 1, 0], [2, 1, 1]]


@pytest.mark.parametrize(("column", "to_arrange"), [(-2, "boarding_to_arrange"), (-1, "alighting_to_arrange")])
def test_what_is_to_be_arranged_keeps_trips_apart(read, column, to_arrange):
    # t3 is t1 again, but at Bont the driver (or the operator) is to be asked
    asked = T1[1].replace("t1,", "t3,").split(",")
    asked[column] = "2"
    rows = [T1[0].replace("t1,", "t3,"), ",".join(asked), T1[2].replace("t1,", "t3,")]
    timetable, _ = read(with_rows("trips.txt", "1,week,t3,Capel") | with_rows("stop_times.txt", *rows))
    assert timetable.trips["trip_id"].tolist() == ["bus:t1", "bus:t2", "bus:t3"]
    assert getattr(timetable, to_arrange).tolist() == [6]  # the calls of t1 and t2 are 0 to 4; the second of t3


def test_trips_of_two_routes_are_not_folded(read):
    # t3 runs as t1 does, under the number of the coach: two vehicles, as far as the feed says
    timetable, _ = read(with_rows("trips.txt", "2,week,t3,Capel") | repeated("t3"))
    assert timetable.trips[["trip_id", "route_index"]].to_numpy().tolist() == [
        ["bus:t1", 0],
        ["bus:t2", 1],
        ["bus:t3", 1],
    ]
