"""Times by the clock on the two nights on which it changes, on One Road with buses at night.

Every day two buses go from km 9 to km 5: one at 24:30 of the service day before, which is half past midnight, and one at 03:30. On the last
Sunday of March a service day begins at 23:00 of the evening before, on that of October at 01:00 (noon less twelve hours).
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from access.__main__ import main
from access.network import AreaNetwork
from access.sessions import there_and_back
from geo.area import Area
from geo.build import build_area
from geo.profile import read_profile
from geo.store import save_area
from tests.worlds import degrees, write_one_road

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
C1 = 3  # the home at km 9; the chapel, at km 5, is venue 1 in the order of ids


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Area:
    folder = tmp_path_factory.mktemp("night")
    profile = write_one_road(folder, booked_rides=True)
    with zipfile.ZipFile(folder / "bus.zip") as feed:
        tables = {name: feed.read(name).decode() for name in feed.namelist()}
    tables["trips.txt"] = "route_id,service_id,trip_id,trip_headsign\nr,w,late,Beeton\nr,w,early,Beeton\n"
    tables["stop_times.txt"] = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "late,24:30:00,24:30:00,s9,1\nlate,24:45:00,24:45:00,s5,2\nearly,03:30:00,03:30:00,s9,1\nearly,03:45:00,03:45:00,s5,2\n"
    )
    head = tables["calendar.txt"].split("\n")[0]
    tables["calendar.txt"] = f"{head}\nw,1,1,1,1,1,1,1,20260301,20261031\n"
    with zipfile.ZipFile(folder / "bus.zip", "w") as feed:
        for name, table in tables.items():
            feed.writestr(name, table)
    return build_area(read_profile(profile))


@pytest.fixture(scope="module")
def run(night: Area, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    folder = tmp_path_factory.mktemp("built") / "night"
    save_area(night, folder)

    def call(command: str, *words: str) -> str:
        found = CliRunner().invoke(main, [command, str(folder), *words])
        assert found.exit_code == 0, found.output
        return found.output

    return call


FROM_TO = ("--from={:.7f},{:.7f}".format(*degrees(9)), "--to={:.7f},{:.7f}".format(*degrees(5)))


@pytest.mark.parametrize(
    ("day", "depart", "leaves", "arrives"),
    [
        (SPRING, "00:20", "00:29", "00:45"),
        (AUTUMN, "00:20", "00:29", "00:45"),
        (SPRING, "03:00", "03:29", "03:45"),
        (AUTUMN, "03:00", "03:29", "03:45"),
        (SPRING.replace(day=28), "24:20", "00:29", "00:45"),  # past midnight of the Saturday: the same nights
        (AUTUMN.replace(day=24), "24:20", "00:29", "00:45"),
        (SPRING.replace(day=28), "27:00", "03:29", "03:45"),
        (AUTUMN.replace(day=24), "27:00", "03:29", "03:45"),
    ],
)
def test_a_time_to_leave_is_what_the_clock_shows(run, day, depart, leaves, arrives) -> None:
    said = run("journey", *FROM_TO, "--depart", depart, "--date", day.isoformat())
    assert f"Leave {leaves}, arrive {arrives}" in said


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_a_time_to_be_there_by_is_what_the_clock_shows(run, day) -> None:
    found = json.loads(run("journey", *FROM_TO, "--arrive-by", "00:50", "--date", day.isoformat(), "--json"))
    assert (found["legs"][-1]["arrive"], found["travel_s"]) == ("00:45", pytest.approx(16 * 60, abs=4))


@pytest.mark.parametrize(("day", "depart", "minutes"), [(SPRING, "00:50", 115), (AUTUMN, "01:50", 175)])
def test_times_count_the_hours_that_pass(run, tmp_path: Path, day, depart, minutes) -> None:
    ends = []
    for name, km in (("a", 9), ("b", 5)):
        (tmp_path / f"{name}.csv").write_text("id,lon,lat\n{},{:.7f},{:.7f}\n".format(name, *degrees(km)))
        ends.append(str(tmp_path / f"{name}.csv"))
    out = tmp_path / "t.csv"

    def seconds(*when: str) -> float:
        files = ("--from", ends[0], "--to", ends[1], "--out", str(out), "--date", day.isoformat())
        run("times", "--mode", "transit", *files, *when)
        return float(pd.read_csv(out).iloc[0, 2])

    assert seconds("--depart", "00:20") == pytest.approx(25 * 60, abs=4)
    # to be there at 04:00: leave at 03:29
    assert seconds("--arrive-by", "04:00") == pytest.approx(31 * 60, abs=4)
    # from 00:50 to 03:45 it is 2 h 55 min, less the hour that is skipped; from 01:50 (the first) 1 h 55 min and the hour that comes twice
    assert seconds("--depart", depart) == pytest.approx(minutes * 60, abs=4)
    # leaving at 00:20 … 00:28 (00:29 depends on the centimetre): 25 … 17 minutes
    assert seconds("--depart", "00:20", "--until", "00:29", "--percentiles", "100") == pytest.approx(25 * 60, abs=4)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_sessions_and_booked_rides_keep_to_the_clock(night: Area, day) -> None:
    # A session at the chapel on that Sunday from 00:50 to 01:00, and no ride to be booked; then rides from 00:00 to 01:00
    is_choir = (night.sessions["session_id"] == "choir-tue").to_numpy()
    sessions = night.sessions.loc[is_choir].assign(weekday="sunday", start_s=3000, end_s=3600)
    profile = night.profile.model_copy(update={"service_date": day})
    hours = night.demand_responsive.assign(weekdays="sunday", open_s=0, close_s=3600)
    area = replace(night, sessions=sessions, profile=profile)
    by_bus = there_and_back(AreaNetwork(replace(area, demand_responsive=hours.iloc[:0])), ("transit",)).by_mode[
        "transit"
    ]
    assert by_bus.out_s[0, C1] == pytest.approx(21 * 60, abs=4)  # by the bus at 00:30, from 00:29
    booked = there_and_back(AreaNetwork(replace(area, demand_responsive=hours)), ("transit",)).by_mode["transit"]
    assert booked.out_s[0, C1] == pytest.approx(400 + 300, abs=1)  # 4 km at 36 km/h and 5 minutes: from 00:38:20
    assert np.isnan(booked.back_s[0, C1])  # at 01:00 the service closes
