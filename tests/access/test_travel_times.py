"""Points to points on One Road, and the points a user brings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from access.network import AreaNetwork
from access.points import Points, from_lonlat, read_points
from access.query import QueryError, TravelRules
from access.traffic import Peak
from access.travel_times import ArriveBy, DepartAt, When, Window, travel_times
from geo.area import Area
from geo.errors import DataError, DateOutsideTimetable
from tests.worlds import degrees


def at(*km: float, north_km: float = 0.0) -> Points:
    lon, lat = zip(*(degrees(place, north_km) for place in km), strict=True)
    return from_lonlat(tuple(f"km {place:g}" for place in km), np.array(lon), np.array(lat))


@pytest.fixture(scope="module")
def network(one_road: Area) -> AreaNetwork:
    return AreaNetwork(one_road)


def test_on_foot_at_two_speeds(network: AreaNetwork, one_road: Area) -> None:
    # 2.5 km at 4.8 km/h: 1,875 s; at 3.6 km/h: 2,500 s.
    assert travel_times(network, "walk", at(1), at(3.5)).travel_s[0, 0, 0] == pytest.approx(1875, abs=0.2)
    slower = AreaNetwork(one_road, TravelRules(walk_kmh=3.6))
    assert travel_times(slower, "walk", at(1), at(3.5)).travel_s[0, 0, 0] == pytest.approx(2500, abs=0.2)


def test_by_bus_at_a_time(network: AreaNetwork) -> None:
    # From km 9 to km 0 the bus leaves at 13:20 and arrives at 13:50. Leaving home at 13:00: 50 minutes.
    leave = travel_times(network, "transit", at(9), at(0), DepartAt(13 * 3600))
    assert leave.travel_s[0, 0, 0] == pytest.approx(50 * 60, abs=4)
    # To be there at 14:00 one leaves at 13:19: 41 minutes, the last ten of them waiting.
    arrive = travel_times(network, "transit", at(9), at(0), ArriveBy(14 * 3600))
    assert arrive.travel_s[0, 0, 0] == pytest.approx(41 * 60, abs=4)


def test_under_a_limit_on_walking_in_all(network: AreaNetwork, one_road: Area) -> None:
    # from km 8.5 it is 375 s to the stop at km 9, where the bus of 13:20 leaves; from km 9 a step: 6 minutes suffice for one alone
    little, more = (AreaNetwork(one_road, TravelRules(max_walk_total_min=minutes)) for minutes in (6, 6.5))
    asked = ("transit", at(8.5, 9), at(0))
    for when in (DepartAt(13 * 3600), ArriveBy(14 * 3600)):
        free = travel_times(network, *asked, when).travel_s[0, :, 0]
        bounded = travel_times(little, *asked, when).travel_s[0, :, 0]
        assert np.isfinite(free).all() and np.isnan(bounded[0]) and bounded[1] == free[1]
        assert travel_times(more, *asked, when).travel_s[0, :, 0].tolist() == free.tolist()
    # over a window, minute by minute: as without a limit where it is wide, and no way at any minute where it is narrow
    window = Window(46_800, 50_400, (5, 50))
    free = travel_times(network, *asked, window).travel_s
    wide, narrow = (travel_times(one, *asked, window).travel_s for one in (more, little))
    assert np.array_equal(wide, free, equal_nan=True) and np.isfinite(free[0]).all()
    assert np.isnan(narrow[:, 0]).all() and np.array_equal(narrow[:, 1], free[:, 1], equal_nan=True)


def test_over_a_window(network: AreaNetwork) -> None:
    # Departures 13:10 … 13:29; up to 13:18 the bus is caught for sure (13:19 depends on the centimetre), later ones never arrive.
    window = Window(13 * 3600 + 600, 13 * 3600 + 1800, (5, 25, 50))
    found = travel_times(network, "transit", at(9), at(0), window)
    # 20 departures; the fastest (leaving last, 13:18 or 13:19) take 31 or 32 minutes; the 5th percentile is the first of 20.
    assert found.statistics == ("travel_p5_s", "travel_p25_s", "travel_p50_s")
    assert 31 * 60 <= found.travel_s[0, 0, 0] <= 32 * 60 + 4
    # The 25th is the fifth fastest: four minutes more. The tenth: 40 or 41 minutes, or no bus at all if 13:19 is missed.
    assert found.travel_s[1, 0, 0] == found.travel_s[0, 0, 0] + 4 * 60
    assert np.isnan(
        travel_times(network, "transit", at(9), at(0), Window(13 * 3600 + 600, 13 * 3600 + 1800, (60,))).travel_s
    )


def test_unreachable_and_not_placed_are_told_apart(network: AreaNetwork) -> None:
    found = travel_times(network, "transit", Points(("far",), at(5, north_km=5).xy), at(0), DepartAt(0))
    assert found.unplaced_origins == ("far",)
    home = travel_times(network, "transit", at(0), at(9), DepartAt(16 * 3600))
    assert home.unplaced_origins == () == home.unplaced_targets
    assert np.isnan(home.travel_s).all()


def test_a_table_of_pairs(network: AreaNetwork) -> None:
    table = travel_times(network, "drive", at(0, 1), at(2)).as_table()
    assert table["from_id"].tolist() == ["km 0", "km 1"]
    assert table["travel_s"].tolist() == pytest.approx([200, 100], abs=0.1)


def test_what_cannot_be_asked(network: AreaNetwork) -> None:
    with pytest.raises(QueryError, match="needs a time"):
        travel_times(network, "transit", at(0), at(1))
    with pytest.raises(QueryError, match="on foot and by cycle there is none"):
        travel_times(network, "walk", at(0), at(1), DepartAt(0))
    with pytest.raises(QueryError, match="must end after it begins"):
        Window(600, 600)
    with pytest.raises(DateOutsideTimetable, match="runs from 2026-09-01 to 2026-10-31"):
        travel_times(network, "transit", at(0), at(1), DepartAt(0), date(2027, 1, 1))


def test_points_are_checked_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,lon,lat\na,-3.0,51.5\na,-3.1,51.5\n,-3.1,51.5\nd,51.5,-3.0\ne,west,51.5\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_points(path)
    assert sorted((fault.row, fault.problem.split()[0]) for fault in error.value.faults) == [
        (3, "gives"),
        (4, "has"),
        (5, "'d'"),
        (6, "'e'"),
    ]
    path.write_text("name,x,y\n", encoding="utf-8")
    with pytest.raises(DataError, match="lacks the column"):
        read_points(path)
    path.write_bytes(b"id,lon,lat\n\xff\xfe,1,2\n")
    with pytest.raises(DataError, match="not a UTF-8 CSV"):
        read_points(path)


def test_drives_at_the_peak_and_with_parking(one_road: Area) -> None:
    # 2 km at 36 km/h: 200 s; at the peak half as long again, and 5 minutes to park, which taxis and minibuses need not
    rules = TravelRules(drive_factor=1.5, park_min=5)
    network = AreaNetwork(one_road, rules)
    assert travel_times(network, "drive", at(0), at(2)).travel_s[0, 0, 0] == pytest.approx(300 + 300, abs=0.2)
    assert travel_times(network, "walk", at(0), at(2)).travel_s[0, 0, 0] == pytest.approx(1500, abs=0.2)
    assert network.to_venues_s("drive")[0, 0] == pytest.approx(600, abs=1)  # A1 (km 1) to the chapel (km 5): no parking
    for broken in ({"drive_factor": 0}, {"park_min": -1}):
        with pytest.raises(QueryError, match="can't be asked"):
            TravelRules(**broken)


def test_a_ride_to_be_booked_is_public_transport_too(one_road_booked: Area) -> None:
    # Flex takes the drive and 5 minutes, on Tuesdays from 9:00 to 16:25; km 9 to km 0 is 900 s by road
    network = AreaNetwork(one_road_booked)

    def seconds(when: When, on: date = date(2026, 10, 13)) -> tuple[float, str]:
        found = travel_times(network, "transit", at(9), at(0), when, on)
        table = found.as_table()
        return float(found.travel_s[0, 0, 0]), str(table["booked_service_id"].iloc[0])

    assert seconds(DepartAt(13 * 3600)) == (pytest.approx(1200, abs=1), "flex")  # the bus is there at 13:50
    assert seconds(ArriveBy(14 * 3600)) == (pytest.approx(1200, abs=1), "flex")
    assert seconds(ArriveBy(17 * 3600)) == (pytest.approx(2100 + 1200, abs=1), "flex")  # set down at 16:25
    assert seconds(DepartAt(8 * 3600)) == (pytest.approx(3600 + 1200, abs=1), "flex")  # it opens at 9:00
    assert seconds(DepartAt(16 * 3600 + 600)) == (pytest.approx(np.nan, nan_ok=True), "")  # closed before it is there
    wednesday = date(2026, 10, 14)
    assert seconds(DepartAt(13 * 3600), wednesday) == (pytest.approx(50 * 60, abs=4), "")
    # leaving at 10:00 … 10:59 it is 20 minutes at any time
    assert seconds(Window(36_000, 39_600, (95,))) == (pytest.approx(1200, abs=1), "flex")
    # 15:55 … 16:14: up to 16:04 (ten of twenty) it is home by 16:25; the bus has gone
    assert seconds(Window(57_300, 58_500, (50,))) == (pytest.approx(1200, abs=1), "flex")
    assert seconds(Window(57_300, 58_500, (51,))) == (pytest.approx(np.nan, nan_ok=True), "")
    # 8:50 … 9:09: from 9:00 on 20 minutes, before 21 … 30
    assert seconds(Window(31_800, 33_000, (50, 95))) == (pytest.approx(1200, abs=1), "flex")
    assert seconds(Window(31_800, 33_000, (75,))) == (pytest.approx(1200 + 5 * 60, abs=1), "flex")


def test_no_booked_ride_where_a_wheelchair_must_be_sure(one_road_booked: Area) -> None:
    network = AreaNetwork(one_road_booked, TravelRules(wheelchair=True))
    found = travel_times(network.surely, "transit", at(9), at(0), DepartAt(13 * 3600))
    assert np.isnan(found.travel_s).all() and (found.booked == "").all()
    assert travel_times(network, "transit", at(9), at(0), DepartAt(13 * 3600)).travel_s[0, 0, 0] == pytest.approx(
        1200, abs=1
    )


def test_a_drive_in_the_traffic_of_its_hour(one_road: Area) -> None:
    # Two kilometres of One Road are 200 s by car; both places lie on it. A peak of 1.5 from 16:00 to 18:00 on Tuesdays, 5 minutes to park.
    peak = Peak(("tuesday",), 16 * 3600, 18 * 3600, 1.5)
    network = AreaNetwork(one_road, TravelRules(peaks=(peak,), park_min=5))
    tuesday, wednesday = date(2026, 10, 13), date(2026, 10, 14)
    asked: dict[str, tuple[DepartAt | ArriveBy | None, date | None]] = {
        "no time: free flow": (None, None),
        "leaving in it": (DepartAt(16 * 3600), tuesday),
        "arriving as it begins": (ArriveBy(16 * 3600), tuesday),
        "arriving in it": (ArriveBy(17 * 3600), tuesday),
        "on another day": (DepartAt(16 * 3600), wednesday),
    }
    found = {
        said: travel_times(network, "drive", at(0), at(2), *when).travel_s[0, 0, 0] for said, when in asked.items()
    }
    assert found == {
        "no time: free flow": pytest.approx(500, abs=0.2),
        "leaving in it": pytest.approx(600, abs=0.2),
        "arriving as it begins": pytest.approx(500, abs=0.2),
        "arriving in it": pytest.approx(600, abs=0.2),
        "on another day": pytest.approx(500, abs=0.2),
    }
    with pytest.raises(QueryError, match="not over a window"):
        travel_times(network, "drive", at(0), at(2), Window(0, 3600))
    with pytest.raises(QueryError, match="on foot and by cycle there is none"):
        travel_times(network, "cycle", at(0), at(2), DepartAt(0))
