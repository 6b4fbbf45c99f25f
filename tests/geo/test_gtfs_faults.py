"""What bad feeds get: one clear message each, with file, row and remedy; rows that can be refused are refused and counted."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from geo.errors import DataError
from geo.timetable import feed
from geo.timetable.gtfs import read_timetable
from tests.geo.gtfs_files import GOOD, with_instead, with_rows, write_feed


@pytest.fixture
def read(tmp_path):
    def _read(changes):
        timetable, (quality,) = read_timetable([("bus", write_feed(tmp_path / "bus.zip", changes))])
        return timetable, quality

    return _read


@pytest.mark.parametrize(
    ("changes", "file", "row", "words"),
    [
        ({"stop_times.txt": None}, "bus.zip/stop_times.txt", None, "is missing"),
        ({"stops.txt": None}, "bus.zip/stops.txt", None, "is missing"),
        ({"calendar.txt": None}, "bus.zip", None, "neither calendar.txt nor calendar_dates.txt"),
        ({"calendar.txt": GOOD["calendar.txt"].split("\n")[0] + "\n"}, "bus.zip", None, "no service that runs on any date"),
        ({"calendar.txt": GOOD["calendar.txt"].replace(",1", ",0")}, "bus.zip", None, "no service that runs on any date"),
        ({"routes.txt": "route_id,route_short_name\n1,1\n"}, "bus.zip/routes.txt", 1, "lacks the column route_type"),
        ({"routes.txt": "route_id,route_id,route_type\n1,1,3\n"}, "bus.zip/routes.txt", 1, "more than once"),
        ({"stops.txt": GOOD["stops.txt"].replace("Bont", "Pont Siôn").encode("cp1252")}, "bus.zip/stops.txt", 3, "UTF-8"),
        (with_instead("agency.txt", "London", "Dublin"), "bus.zip/agency.txt", None, "Europe/Dublin"),
        ({"stop_times.txt": GOOD["stop_times.txt"].split("\n")[0] + "\n"}, "bus.zip", None, "no trip that can be used"),
        ({"stop_times.txt": ""}, "bus.zip/stop_times.txt", 1, "lacks the column"),
    ],
)  # fmt: skip
def test_unusable_feeds_are_refused(read, changes, file, row, words):
    with pytest.raises(DataError) as raised:
        read(changes)
    faults = [f for f in raised.value.faults if f.file == file and f.row == row and words in f.problem]
    assert faults, str(raised.value)
    assert faults[0].remedy


def test_all_faults_of_all_feeds_come_at_once(tmp_path):
    feeds = [
        ("bus", write_feed(tmp_path / "bus.zip", {"stop_times.txt": None, "routes.txt": "route_id\n1\n"})),
        ("rail", write_feed(tmp_path / "rail.zip", {"trips.txt": None})),
        ("rail", tmp_path / "ferry.zip"),
    ]
    with pytest.raises(DataError) as raised:
        read_timetable(feeds)
    files = [fault.file for fault in raised.value.faults]
    assert files[:4] == ["bus.zip/routes.txt", "bus.zip/stop_times.txt", "rail.zip/trips.txt", "ferry.zip"]
    assert len([f for f in raised.value.faults if "prefix 'rail'" in f.problem]) == 2


def test_what_is_no_zip_is_refused(tmp_path):
    whole = write_feed(tmp_path / "bus.zip").read_bytes()
    for content in (b"", b"not a zip", whole[: len(whole) // 2]):
        (tmp_path / "bad.zip").write_bytes(content)
        with pytest.raises(DataError, match=r"bad.zip: cannot be opened as a zip"):
            read_timetable([("bus", tmp_path / "bad.zip")])


def test_damaged_content_is_refused(tmp_path):
    path = write_feed(tmp_path / "bus.zip")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("stop_times.txt")
    at = info.header_offset + 30 + len(info.filename) + 10
    content[at : at + 20] = b"\xff" * 20
    path.write_bytes(content)
    with pytest.raises(DataError, match="cannot be opened as a zip"):
        read_timetable([("bus", path)])


def test_zip_bombs_are_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(feed, "SMALL_BYTES", 100_000)
    bomb = {"stop_times.txt": GOOD["stop_times.txt"] + "\n" * 1_000_000}
    with pytest.raises(
        DataError, match=r"stop_times.txt: unpacks from [\d,]+ to 1,000,\d+ bytes.* The limit is 200 times"
    ):
        read_timetable([("bus", write_feed(tmp_path / "bus.zip", bomb))])
    many = {f"{i}.txt": "" for i in range(feed.MAX_MEMBERS + 1)}
    with pytest.raises(DataError, match="holds 2"):
        read_timetable([("bus", write_feed(tmp_path / "bus.zip", many))])


def test_tables_in_a_folder_are_told(tmp_path):
    nested = dict.fromkeys(GOOD) | {f"feed/{name}": content for name, content in GOOD.items()}
    with pytest.raises(DataError, match="keeps its tables in a folder") as raised:
        read_timetable([("bus", write_feed(tmp_path / "bus.zip", nested))])
    assert len(raised.value.faults) == 1, "the tables are not missing as well"


# rows of stop_times.txt: 1 the header, 2 to 4 trip t1, 5 and 6 trip t2
STRAY = GOOD["stop_times.txt"].replace("09:11:00,B", '09:11:00,"B')  # in row 3


MANY = "".join(f"t{i},09:00:00,09:00:00,A,1,,\n" for i in range(100_000))  # more than the reader takes at once


@pytest.mark.parametrize(
    "calls",
    [STRAY, STRAY.replace("25:00:00,C", '25:00:00,C"'), STRAY + MANY],
    ids=["one mark", "two, far apart", "many rows"],
)
def test_a_stray_quotation_mark_is_named_and_swallows_nothing(read, calls):
    with pytest.raises(DataError) as raised:
        read({"stop_times.txt": calls})
    (fault,) = raised.value.faults
    assert (fault.file, fault.row) == ("bus.zip/stop_times.txt", 3)
    assert "quotation mark" in fault.problem


def test_a_stray_mark_is_told_from_a_name_of_two_lines(read):
    timetable, _ = read({"stops.txt": GOOD["stops.txt"].replace("Bont", '"Y\nBont"')})
    assert timetable.stops["name"].tolist() == ["Aber", "Y Bont", "Capel"]
    many = GOOD["stops.txt"] + "".join(f"x{i},Stop {i},52.4,-4\n" for i in range(20))
    with pytest.raises(
        DataError, match=r"stops\.txt, row 3: has a quotation mark"
    ):  # it would end twenty rows further down
        read({"stops.txt": many.replace("Bont", '"Bont').replace("Stop 19", 'Stop 19"')})


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blank_rows_are_noted_and_the_others_keep_their_numbers(read, end):
    # rows 2 to 6 are good, 7 and 8 blank, 9 has a stop that there is not, 10 holds white space only, 11 has too few cells
    more = "\n\nt2,26:00:00,26:00:00,Z,3,,\n  \nt2,26:00:00\n"
    _, quality = read({"stop_times.txt": (GOOD["stop_times.txt"] + more).replace("\n", end)})
    assert sorted(fault.row for fault in quality.refused) == [9, 11]
    assert "stop_times.txt: 3 blank rows were passed over." in quality.notes
    assert "stop_times.txt: 7 rows, 5 kept" in quality.notes


def test_texts_come_without_control_characters_and_are_cut_in_messages(read):
    changes = with_rows("stop_times.txt", "t2,26:00:00,26:00:00,\x1b[2J" + "n" * 100 + ",3,,")
    timetable, quality = read(changes | {"stops.txt": GOOD["stops.txt"].replace("Bont", "Bo\x1bn\x9bt")})
    assert timetable.stops["name"].tolist()[1] == "Bo n t"
    (fault,) = quality.refused
    assert (
        fault.problem == f"calls at stop [2J{'n' * 57}, which is not in stops.txt or was refused."
    )  # 60 characters of it


def test_where_all_services_are_refused_the_first_faults_say_why(read):
    with pytest.raises(DataError, match=r"no service that runs on any date\. .*calendar\.txt, row 2: has a start_date"):
        read({"calendar.txt": GOOD["calendar.txt"].replace("20260601", "1 June")})


@pytest.mark.parametrize(
    ("changes", "table", "row", "words", "lost"),
    [
        # one more call of t1, at a stop that there is not: refused alone
        (with_rows("stop_times.txt", "t1,09:30:00,09:30:00,Z,4,0,0"), "stop_times.txt", 7, "calls at stop Z", 1),
        (with_rows("stop_times.txt", "t9,09:30:00,09:30:00,A,4,0,0"), "stop_times.txt", 7, "names trip t9", 1),
        (with_rows("stop_times.txt", "t1,09:30:99,09:30:00,A,4,0,0"), "stop_times.txt", 7, "'09:30:99' as arrival_time", 1),
        (with_rows("stop_times.txt", "t1,95:59:60,,A,4,0,0"), "stop_times.txt", 7, "'95:59:60' as arrival_time.", 1),
        (with_rows("stop_times.txt", "t1,96:00:00,,A,4,0,0"), "stop_times.txt", 7, "'96:00:00' as arrival_time: 96 hours or more", 1),
        (with_rows("stop_times.txt", "t1,,100:00:00,A,4,0,0"), "stop_times.txt", 7, "'100:00:00' as departure_time: 96 hours", 1),
        (with_rows("stop_times.txt", "t1,09:30:00,09:30:00,A,x,0,0"), "stop_times.txt", 7, "'x' as stop_sequence", 1),
        (with_rows("stop_times.txt", "t1,09:30:00,09:30:00,A,4,7,0"), "stop_times.txt", 7, "'7' as pickup_type", 1),
        (with_rows("stop_times.txt", "t1,09:30:00"), "stop_times.txt", 7, "fewer cells", 1),
        # the whole trip goes: its row in trips.txt, and its three calls
        (with_instead("stop_times.txt", "09:20:00,09:20:00", "08:20:00,08:20:00"), "stop_times.txt", 4, "goes back in time on trip t1", 4),
        (with_instead("stop_times.txt", "09:10:00,09:11:00", "09:11:00,09:10:00"), "stop_times.txt", 3, "goes back in time on trip t1", 4),
        (with_instead("stop_times.txt", "B,2", "B,1"), "stop_times.txt", 3, "has the stop_sequence of another call", 4),
        (with_instead("stop_times.txt", "09:00:00,09:00:00", ","), "stop_times.txt", 2, "leaves the first or last time", 4),
        (with_rows("trips.txt", "1,week,t3,X"), "trips.txt", 4, "fewer than two calls", 1),
        (with_rows("trips.txt", "9,week,t3,X"), "trips.txt", 4, "names the route_id '9'", 1),
        (with_rows("trips.txt", "1,never,t3,X"), "trips.txt", 4, "names the service_id 'never'", 1),
        (with_rows("trips.txt", "1,week,t1,X"), "trips.txt", 4, "repeats the trip_id 't1'", 1),
        (with_rows("stops.txt", "D,Môr,0,0"), "stops.txt", 5, "not in or near Britain", 1),
        (with_rows("stops.txt", "D,Môr,inf,nan"), "stops.txt", 5, "not in or near Britain", 1),
        (with_rows("calendar.txt", "more,1,1,1,1,1,1,1,20260230,20260630"), "calendar.txt", 4, "not a date", 1),
        (with_rows("calendar.txt", "more,1,1,1,1,1,1,1,20260630,20260601"), "calendar.txt", 4, "ends before it starts", 1),
        (with_rows("calendar.txt", "more,1,1,yes,1,1,1,1,20260601,20260630"), "calendar.txt", 4, "neither 0 nor 1", 1),
        ({"calendar_dates.txt": "service_id,date,exception_type\nweek,20260601,3\n"}, "calendar_dates.txt", 2, "exception_type", 1),
    ],
)  # fmt: skip
def test_bad_rows_are_refused_and_counted(read, changes, table, row, words, lost):
    timetable, quality = read(changes)
    assert [(f.file, f.row) for f in quality.refused] == [(f"bus.zip/{table}", row)]
    assert words in quality.refused[0].problem
    assert quality.refused[0].remedy
    assert quality.rows_in - quality.rows_kept == lost
    assert quality.rows_in == 15 + (
        sum(text.count("\n") for text in changes.values()) - sum(GOOD.get(t, "\n").count("\n") for t in changes)
    )
    assert (np.diff(timetable.call_start) >= 2).all()
    assert (np.diff(timetable.call_arrival_s) < 0).sum() <= len(timetable.trips) - 1


def test_a_refused_headway_takes_its_trip_along(read):
    # Its row, the trip's row, and the trip's three calls: nothing tells any more when it leaves.
    timetable, quality = read({"frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt1,9:00:00,8:00:00,60\n"})
    assert [(f.file, f.row) for f in quality.refused] == [("bus.zip/frequencies.txt", 2)]
    assert quality.rows_in - quality.rows_kept == 5
    assert "t1" not in "".join(timetable.trips["trip_id"])


def test_rows_after_a_skipped_one_keep_their_numbers(read):
    _, quality = read(with_rows("stop_times.txt", "t1,09:30:00", "t1,09:30:00,09:30:00,Z,4,0,0"))
    assert [f.row for f in quality.refused] == [7, 8]


def test_very_many_bad_rows_are_counted_without_naming_all(read):
    rows = [f"t1,09:30:00,09:30:00,Z,{i},0,0" for i in range(4, 1004)]
    _, quality = read(with_rows("stop_times.txt", *rows))
    assert quality.rows_in - quality.rows_kept == 1000
    assert len(quality.refused) == 201
    assert "800 more rows" in quality.refused[-1].problem


def test_byte_order_mark_quotes_and_blanks_are_no_fault(read):
    stops = '\ufeff"stop_id", stop_name ,stop_lat,stop_lon\r\n"A","Aber, y sgwâr",52.40,-4.08\r\n'
    stops += " B ,Bont, 52.41,-4.07\r\nC,Capel,52.42,-4.06\r\n"
    timetable, quality = read({"stops.txt": stops})
    assert timetable.stops["stop_id"].tolist() == ["bus:A", "bus:B", "bus:C"]
    assert timetable.stops["name"].iloc[0] == "Aber, y sgwâr"
    assert quality.refused == ()
