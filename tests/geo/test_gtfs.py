"""Reading good feeds: what they say is what the timetable holds."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from geo.timetable.day import on_date, trips_running
from geo.timetable.gtfs import read_timetable
from tests.geo.gtfs_files import GOOD, with_instead, with_rows, write_feed


@pytest.fixture
def read(tmp_path):
    def _read(changes=None):
        timetable, (quality,) = read_timetable([("bus", write_feed(tmp_path / "bus.zip", changes))])
        return timetable, quality

    return _read


def calls_of(timetable, trip_id):
    t = timetable.trips.index[timetable.trips["trip_id"] == trip_id][0]
    rows = slice(timetable.call_start[t], timetable.call_start[t + 1])
    names = timetable.stops["stop_id"].to_numpy()[timetable.call_stop[rows]]
    return list(
        zip(names, timetable.call_arrival_s[rows].tolist(), timetable.call_departure_s[rows].tolist(), strict=True)
    )


def test_a_feed_becomes_a_timetable(read):
    timetable, quality = read()
    assert timetable.stops["stop_id"].tolist() == ["bus:A", "bus:B", "bus:C"]
    assert timetable.stops["mode"].tolist() == ["bus", "bus", "bus"]  # A and C have a bus and a coach
    assert timetable.stops.crs.to_epsg() == 27700
    assert timetable.routes["mode"].tolist() == ["bus", "coach"]
    assert set(timetable.routes["operator"]) == {"Bws Bach"}
    assert calls_of(timetable, "bus:t1") == [("bus:A", 32400, 32400), ("bus:B", 33000, 33060), ("bus:C", 33600, 33600)]
    assert calls_of(timetable, "bus:t2") == [("bus:A", 87000, 87000), ("bus:C", 90000, 90000)]  # 24:10 and 25:00
    assert timetable.call_may_board.tolist() == [True, True, False, True, True]
    assert timetable.call_may_alight.tolist() == [False, True, True, True, True]
    assert (timetable.first_date, timetable.last_date) == (date(2026, 6, 1), date(2026, 6, 30))
    assert set(timetable.trips["wheelchair"]) == {"unknown"}
    assert len(timetable.lines) == 2
    assert (quality.rows_in, quality.rows_kept, quality.refused) == (15, 15, ())  # 1 + 3 + 2 + 2 + 5 + 2


def test_weekends_follow_the_calendar(read):
    timetable, _ = read()
    assert trips_running(timetable, date(2026, 6, 5)).tolist() == [0, 1]  # Friday
    assert trips_running(timetable, date(2026, 6, 6)).tolist() == [1]  # Saturday: the coach alone


def test_calendar_dates_add_and_remove(read):
    # bank holiday: no weekday service on Monday 8 June, but on Saturday 6 June; a service known from calendar_dates alone runs once
    changes = {
        "calendar_dates.txt": "service_id,date,exception_type\nweek,20260608,2\nweek,20260606,1\nonce,20260704,1\n"
    }
    changes |= with_rows("trips.txt", "1,once,t3,Capel") | with_rows(
        "stop_times.txt", "t3,10:00:00,10:00:00,A,1,0,0", "t3,10:10:00,10:10:00,B,2,0,0"
    )
    timetable, _ = read(changes)
    assert trips_running(timetable, date(2026, 6, 8)).tolist() == [1]
    assert trips_running(timetable, date(2026, 6, 6)).tolist() == [0, 1]
    assert trips_running(timetable, date(2026, 7, 4)).tolist() == [2]
    assert timetable.last_date == date(2026, 7, 4)


def test_calendar_dates_alone_will_do(read):
    days = "service_id,date,exception_type\nweek,20260609,1\ndaily,20260609,1\n"
    timetable, _ = read({"calendar.txt": None, "calendar_dates.txt": days})
    assert timetable.first_date == timetable.last_date == date(2026, 6, 9)


def test_open_times_are_spread_between_timed_ones(read):
    # A 9:00, then B and C open, D 9:30: B at 9:10 and C at 9:20; "arrival only" serves for both
    stops = with_rows("stops.txt", "D,Dol,52.43,-4.05")
    rows = "t1,09:00:00,09:00:00,A,1,0,0\nt1,,,B,2,0,0\nt1,,,C,3,0,0\nt1,09:30:00,,D,4,0,0\n"
    rows += "t2,10:00:00,10:00:00,A,1,,\nt2,10:30:00,10:30:00,C,2,,\n"
    timetable, quality = read(stops | {"stop_times.txt": GOOD["stop_times.txt"].split("\n")[0] + "\n" + rows})
    assert [a for _, a, _ in calls_of(timetable, "bus:t1")] == [32400, 33000, 33600, 34200]
    assert any("2 calls between timed ones had no time" in note for note in quality.notes)


def test_calls_may_come_in_any_order(read):
    header, *rows = GOOD["stop_times.txt"].strip().split("\n")
    timetable, _ = read({"stop_times.txt": "\n".join([header, *reversed(rows)]) + "\n"})
    plain, _ = read()
    for trip in ("bus:t1", "bus:t2"):
        assert calls_of(timetable, trip) == calls_of(plain, trip)


def test_on_demand_calls_count_as_possible_and_are_noted(read):
    timetable, quality = read(with_instead("stop_times.txt", "B,2,0,0", "B,2,2,3"))
    assert timetable.call_may_board[1]
    assert timetable.call_may_alight[1]
    assert sum("to be arranged" in note for note in quality.notes) == 2


def test_hail_and_ride_is_noted(read):
    routes = GOOD["routes.txt"].replace("route_type\n", "route_type,continuous_pickup,continuous_drop_off\n")
    routes = routes.replace(",3\n", ",3,0,1\n").replace(",200\n", ",200,1,\n")
    header, *rows = GOOD["stop_times.txt"].strip().split("\n")
    said = ["1", "2", "", "3", "1"]
    calls = "\n".join([f"{header},continuous_drop_off", *(f"{r},{s}" for r, s in zip(rows, said, strict=True)), ""])
    _, quality = read({"routes.txt": routes, "stop_times.txt": calls})
    assert [note.split(",")[0] for note in quality.notes if "hail and ride" in note] == [
        "routes.txt: 1 routes let one get on or off between stops (hail and ride)",
        "stop_times.txt: 2 calls let one get on or off between stops (hail and ride)",
    ]
    _, quality = read({})
    assert not any("hail and ride" in note for note in quality.notes)


def test_headways_become_departures(read):
    # every 20 min from 9:00 to before 10:00: 9:00, 9:20, 9:40; the trip itself is only a pattern
    timetable, quality = read(
        {"frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt1,09:00:00,10:00:00,1200\n"}
    )
    made = [t for t in timetable.trips["trip_id"] if "#" in t]
    assert [calls_of(timetable, t)[0][1] for t in made] == [32400, 33600, 34800]
    assert [calls_of(timetable, t)[2][1] for t in made] == [33600, 34800, 36000]
    assert len(timetable.trips) == 4
    assert any("3 departures are written out" in n and "approximate" in n for n in quality.notes)


def test_exact_headways_are_no_approximation_and_belong_to_no_block(read):
    # departures at 9:00 and 9:20 to the minute; which of them the vehicle of the block runs is not said
    timetable, quality = read(
        {
            "frequencies.txt": "trip_id,start_time,end_time,headway_secs,exact_times\nt1,09:00:00,09:40:00,1200,1\n",
            "trips.txt": "route_id,service_id,trip_id,block_id\n1,week,t1,b\n2,daily,t2,b\n",
        }
    )
    made = [t for t in timetable.trips["trip_id"] if "#" in t]
    assert [calls_of(timetable, t)[0][1] for t in made] == [32400, 33600]
    assert not any("approximate" in note for note in quality.notes)
    assert any("2 of the departures are in blocks" in note for note in quality.notes)
    assert timetable.block_trip.tolist() == [[0, 0]]  # t2 alone, which goes on as nothing


def test_a_trip_by_headway_without_a_usable_row_is_refused_and_counted(read):
    # t1 has a row that ends before it starts; t2 one such and a good one, from 24:10 every ten minutes to before 24:30
    rows = "t1,09:00:00,08:00:00,1200\nt2,24:00:00,24:00:00,600\nt2,24:10:00,24:30:00,600\n"
    timetable, quality = read({"frequencies.txt": f"trip_id,start_time,end_time,headway_secs\n{rows}"})
    assert [calls_of(timetable, t)[0][1] for t in timetable.trips["trip_id"]] == [87_000, 87_600]
    assert [(str(fault.file), fault.row) for fault in quality.refused] == [
        ("bus.zip/frequencies.txt", 2),
        ("bus.zip/frequencies.txt", 3),
    ]
    assert "trips.txt: 2 rows, 1 kept" in quality.notes
    assert "stop_times.txt: 5 rows, 2 kept" in quality.notes


@pytest.mark.parametrize(
    ("types", "mode"),
    [
        ("3 11 700 702 704 711 715 716 800", "bus"),  # 702 express, 704 local, 711 shuttle, 715 on demand; trolleybuses
        ("200 202 208 209", "coach"),
        ("1 2 12 100 102 109 117 400 401 402 405 500 600", "rail"),  # metro and monorail too
        ("0 5 900 904 906", "tram"),
        ("4 1000 1021 1200", "ferry"),
        (
            "6 7 1100 1300 1400 1501 1700",
            "other",
        ),  # aerial lift, funicular, air, taxi and the rest: known, and nothing more
    ],
)
def test_route_types_and_extended_ones_name_the_mode(read, types, mode):
    routes = GOOD["routes.txt"] + "".join(f"r{number},O,{number},{number}\n" for number in types.split())
    timetable, quality = read({"routes.txt": routes})
    assert set(timetable.routes["mode"][2:]) == {mode}
    assert not any("not known" in note for note in quality.notes)


def test_route_types_that_nobody_knows_are_named(read):
    timetable, quality = read(with_rows("routes.txt", "r3,O,3,8", "r4,O,4,9999", "r5,O,5,", "r6,O,6,bus"))
    assert timetable.routes["mode"][2:].tolist() == ["other"] * 4
    assert any("count as 'other': , 8, 9999, bus." in note for note in quality.notes)


def test_feeds_are_merged_under_their_prefixes(tmp_path):
    rail = {
        **with_instead("routes.txt", "1,O,1,3", "1,O,1,101"),
        "calendar.txt": GOOD["calendar.txt"].replace("20260601", "20260501"),
    }
    feeds = [("bus", write_feed(tmp_path / "a.zip")), ("rail", write_feed(tmp_path / "b.zip", rail))]
    timetable, qualities = read_timetable(feeds)
    assert [q.name for q in qualities] == ["timetable.bus", "timetable.rail"]
    assert timetable.routes["route_id"].tolist() == ["bus:1", "bus:2", "rail:1", "rail:2"]
    assert timetable.routes["mode"].tolist() == ["bus", "coach", "rail", "coach"]
    assert timetable.first_date == date(2026, 5, 1)
    assert trips_running(timetable, date(2026, 5, 5)).tolist() == [2, 3]  # the bus feed has not begun
    assert trips_running(timetable, date(2026, 6, 2)).tolist() == [0, 1, 2, 3]
    assert calls_of(timetable, "rail:t1")[0][0] == "rail:A"
    assert (
        timetable.routes["mode"].to_numpy()[timetable.lines["route_index"]].tolist() == timetable.lines["mode"].tolist()
    )


def test_stations_lend_their_point_and_access(read):
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,wheelchair_boarding\nS,Gorsaf,52.40,-4.08,1,,2\n"
        "A,Platfform,,,0,S,0\nB,Bont,52.41,-4.07,,,1\nC,Capel,52.42,-4.06,,,\nE,Mynedfa,52.40,-4.08,2,S,\n"
    )
    timetable, quality = read({"stops.txt": stops})
    assert timetable.stops["stop_id"].tolist() == ["bus:S", "bus:A", "bus:B", "bus:C"]
    assert timetable.stops["parent_id"].tolist() == [None, "bus:S", None, None]
    assert timetable.stops["wheelchair"].tolist() == ["no", "no", "yes", "unknown"]
    assert timetable.stops.geometry.iloc[1].equals(timetable.stops.geometry.iloc[0])
    assert timetable.stops["mode"].iloc[0] == "none"
    assert quality.out_of_scope == 1


def test_shapes_are_drawn_once_for_both_ways(read):
    shapes = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n" + "".join(
        f"{name},{52.40 + 0.01 * i},{-4.08 + 0.01 * i},{n}\n"
        for name, order in (("out", (0, 1, 2)), ("back", (2, 1, 0)), ("none", (0, 1)))
        for n, i in enumerate(order)
    )
    trips = "route_id,service_id,trip_id,shape_id\n1,week,t1,out\n1,daily,t2,back\n"
    timetable, quality = read({"shapes.txt": shapes, "trips.txt": trips})
    assert len(timetable.lines) == 1
    assert timetable.lines.geometry.iloc[0].length == pytest.approx(2600, rel=0.05)  # 2.2 km north and 1.4 km east
    assert quality.out_of_scope == 2


def test_points_of_shapes_far_away_are_refused_and_nameless_shapes_unused(read):
    shapes = "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n,52.4,-4.08,0\n,52.5,-4.09,1\n"
    shapes += "out,52.40,-4.08,0\nout,-89.9,179,1\nout,52.42,-4.06,2\n"
    timetable, quality = read(
        {"shapes.txt": shapes, "trips.txt": "route_id,service_id,trip_id,shape_id\n1,week,t1,out\n2,daily,t2,\n"}
    )
    assert [(f.file, f.row) for f in quality.refused] == [("bus.zip/shapes.txt", 5)]
    assert quality.out_of_scope == 2
    assert timetable.lines.geometry.length.tolist() == pytest.approx(
        [2600, 2600], rel=0.05
    )  # A to C, by shape and by stops
    assert np.isfinite(timetable.lines.total_bounds).all()


def test_a_day_is_cut_with_its_neighbours_nights(read):
    timetable, _ = read()
    day = on_date(timetable, date(2026, 6, 9))
    coach = int(np.flatnonzero(np.diff(day.pattern_start) == 2)[0])
    first = day.departure_s[day.time_start[coach] : day.time_start[coach + 1]].reshape(-1, 2)[:, 0]
    assert first.tolist() == [87000 - 86400, 87000, 87000 + 86400]
    assert day.n_trips == 6
    assert day.trip[day.trip_start[coach] : day.trip_start[coach + 1]].tolist() == [1, 1, 1]


@pytest.mark.real
def test_real_feeds_hold_what_their_readme_says(real_data):
    folder = real_data / "newport-2024"
    timetable, (bus, rail) = read_timetable(
        [("bus", folder / "bus_and_coach_gtfs.zip"), ("rail", folder / "rail_gtfs.zip")]
    )
    assert (
        timetable.trips["repeats"][timetable.trips["trip_id"].str.startswith("bus:")].sum() == 355
    )  # 27 more are in another block than the trip they repeat, and go on as another
    assert len(timetable.trips) + timetable.trips["repeats"].sum() == 5426 + 939
    assert (bus.refused, rail.refused) == ((), ())
    assert set(timetable.routes["mode"]) >= {"bus", "coach", "rail"}
    tuesday = trips_running(timetable, date(2024, 3, 5))
    assert len(tuesday) == len(timetable.trips)
    assert np.diff(timetable.call_start).min() >= 2
