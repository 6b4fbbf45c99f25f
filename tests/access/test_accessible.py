"""Who travels by wheelchair: met, unmet and unknown in a world worked out by hand, and laws on the demonstration area."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from access.__main__ import main
from access.explain import zone_sessions
from access.gaps import PERSONS, find_gaps
from access.measures import measure
from access.mode_times import Reason
from access.network import AreaNetwork, points_xy
from access.query import Mode, Standard, TravelRules
from access.routing.step_free import StepFreeRouter
from access.routing.streets import StreetRouter
from access.sessions import SessionAccess, there_and_back
from access.travellers import SLOWER, TRAVELLERS, WHEELCHAIR
from access.why import explain_zone
from geo.area import Area
from geo.build import build_area
from geo.opening import open_area
from geo.profile import read_profile
from geo.words import say
from tests.steps_world import write_steps

HOMES = ["A1", "B1", "C1", "D1"]


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_steps(tmp_path_factory.mktemp("steps"))


@pytest.fixture(scope="module")
def steps(profile: Path) -> Area:
    return build_area(read_profile(profile))


@pytest.fixture(scope="module")
def by_wheelchair(steps: Area) -> SessionAccess:
    return there_and_back(AreaNetwork(steps, WHEELCHAIR.rules), ("walk", "drive", "transit"))


def persons(access: SessionAccess, category: str, within_min: float = 60, mode: Mode = "transit") -> list[float]:
    found = find_gaps(access, Standard(category, 1, within_min, (mode,)))
    return [float(found.by_origin[name].sum()) for name in PERSONS]


def test_everyone_reaches_the_hall_who_needs_no_wheelchair(steps: Area) -> None:
    access = there_and_back(AreaNetwork(steps), ("transit",))
    assert steps.origins["origin_id"].tolist() == HOMES
    for category in ("crafts", "singing", "woodwork"):
        assert persons(access, category) == [1000, 0, 0]


def test_steps_cut_the_short_way(steps: Area, by_wheelchair: SessionAccess) -> None:
    # A1 is 1,000 m away with the steps and 2,000 m without: 750 s and 1,500 s at 80 m a minute; nobody else is near.
    for rules, walk_s in ((TravelRules(), 750), (WHEELCHAIR.rules, 1500), (SLOWER.rules, 1000)):
        found = AreaNetwork(steps, rules).to_venues_s("walk")[0, 0]
        assert found == pytest.approx(walk_s, abs=1)
    assert persons(by_wheelchair, "crafts", 24, "walk") == [0, 1000, 0]
    assert persons(by_wheelchair, "crafts", 26, "walk") == [100, 900, 0]


def test_said_yes_is_met_said_nothing_is_unknown_said_no_is_unmet(by_wheelchair: SessionAccess) -> None:
    # C1's bus says yes: 300 met. B1's says nothing: 200 unknown. D1's says no: 400 unmet. A1 walks 1,500 s at most 1,200: 100 unmet.
    assert persons(by_wheelchair, "crafts") == [300, 500, 200]
    # Nobody says whether one gets in to the choir: whoever may get there is unknown. The shed is shut to wheelchairs: nobody.
    assert persons(by_wheelchair, "singing") == [0, 500, 500]
    assert persons(by_wheelchair, "woodwork") == [0, 1000, 0]
    # By car the buses do not matter, the doors do.
    assert [persons(by_wheelchair, name, 60, "drive") for name in ("crafts", "singing", "woodwork")] == [
        [1000, 0, 0], [0, 0, 1000], [0, 1000, 0],
    ]  # fmt: skip


def test_the_reasons_tell_what_is_not_known(by_wheelchair: SessionAccess) -> None:
    transit, sessions = by_wheelchair.by_mode["transit"], by_wheelchair.sessions["session_id"].tolist()
    craft, choir, shed = (transit.reasons(sessions.index(f"{name}-tue"), 3600) for name in ("craft", "choir", "shed"))
    assert craft.tolist() == [Reason.TOO_FAR_TO_WALK, Reason.WAY_NOT_SAID, Reason.REACHABLE, Reason.NO_WAY_THERE]
    assert choir.tolist() == [Reason.TOO_FAR_TO_WALK, Reason.WAY_NOT_SAID, Reason.PLACE_NOT_SAID, Reason.NO_WAY_THERE]
    assert set(shed) == {Reason.NOT_ADMITTED}


def test_a_zone_is_told_why_in_both_languages(by_wheelchair: SessionAccess) -> None:
    row = zone_sessions(by_wheelchair, "B", 60, ("transit",), "crafts").iloc[0]
    assert np.isnan(row["reachable_share"]) and row["unknown_share"] == 1 and row["reason"] == Reason.WAY_NOT_SAID
    why = explain_zone(find_gaps(by_wheelchair, Standard("crafts", 1, 60)), "B")
    assert say(why.nearly[0].fails[0], "en") == "Not known: no timetable says that a wheelchair can board"
    assert say(why.nearly[0].fails[0], "cy").startswith("Anhysbys: nid oes amserlen")
    # Of C1 it is the choir's door, of B1 the bus; that of D1 is known to be shut.
    summary = [explain_zone(find_gaps(by_wheelchair, Standard("singing", 1, 60)), zone).summary for zone in "BC"]
    assert [[message.key for message in said if message.key.startswith("reason.")] for said in summary] == [
        ["reason.way_not_said"], ["reason.place_not_said"],
    ]  # fmt: skip


def test_measures_keep_unknown_apart_from_nothing(by_wheelchair: SessionAccess) -> None:
    # Sessions within 60 minutes: A1 and D1 none, C1 one, B1 not known. Singing: C1 neither.
    crafts = measure("within", by_wheelchair, "crafts", ("transit",), within_min=60).values.tolist()
    assert crafts[:1] + crafts[2:] == [0, 1, 0] and np.isnan(crafts[1])
    singing = measure("within", by_wheelchair, "singing", ("transit",), within_min=60).values.tolist()
    assert np.isnan(singing).tolist() == [False, True, True, False]
    # In a window from 13:00 C1 finds the bus of 13:20 whenever; the way back begins at 16:00.
    window = measure("nearest_in_window", by_wheelchair, "crafts", ("transit",), depart_s=13 * 3600, until_s=13 * 3600 + 600,
                     back_s=16 * 3600, percentile=50)  # fmt: skip
    assert window.is_known.tolist() == [True, False, True, True] and window.is_reachable.tolist() == [
        False,
        False,
        True,
        False,
    ]


def test_a_booked_ride_is_not_known_to_take_a_wheelchair(tmp_path: Path) -> None:
    # The service is there for everybody on Tuesday until 16:25; the ride home is at most 9 km at 30 km/h and 5 minutes: 1,380 s to
    # 16:23. So whoever has no bus that says yes is unknown, D1 and A1 too; C1 is still met.
    area = build_area(read_profile(write_steps(tmp_path, booked_rides=True)))
    access = there_and_back(AreaNetwork(area, WHEELCHAIR.rules), ("transit",))
    assert persons(access, "crafts") == [300, 0, 700]


def test_the_command_line_asks_it(profile: Path, tmp_path: Path) -> None:
    asked = ["gaps", str(profile), "--category", "crafts", "--within", "60"]
    said = CliRunner().invoke(main, asked)
    assert said.exit_code == 0 and "met 1,000 + unmet 0 + unknown 0 = 1,000 people" in said.output
    said = CliRunner().invoke(main, [*asked, "--wheelchair"])
    assert said.exit_code == 0 and "met 300 + unmet 500 + unknown 200 = 1,000 people" in said.output
    said = CliRunner().invoke(main, ["sessions", str(profile), "--zone", "B", "--wheelchair"])
    assert "Not known: no timetable says that a wheelchair can board" in said.output
    assert "Wheelchairs can't get in" in said.output


def test_times_and_journeys_say_what_is_sure(profile: Path, steps: Area, tmp_path: Path) -> None:
    homes = steps.origins.to_crs("EPSG:4326").geometry
    for name, rows in (("from", range(4)), ("to", [])):
        lines = [f"{HOMES[row]},{homes.iloc[row].x:.7f},{homes.iloc[row].y:.7f}" for row in rows]
        hall = steps.venues.to_crs("EPSG:4326").geometry.iloc[0]
        lines = lines or [f"hall,{hall.x:.7f},{hall.y:.7f}"]
        (tmp_path / f"{name}.csv").write_text("\n".join(["id,lon,lat", *lines]) + "\n", encoding="utf-8")
    out = tmp_path / "times.csv"
    asked = ["times", str(profile), "--mode", "transit", "--arrive-by", "14:00", "--wheelchair"]
    asked += ["--from", str(tmp_path / "from.csv"), "--to", str(tmp_path / "to.csv"), "--out", str(out)]
    assert CliRunner().invoke(main, asked).exit_code == 0
    table = pd.read_csv(out, comment="#").set_index("from_id")
    # At the stop 60 s before: C1 leaves at 13:19, B1 at 13:29; the others have no way.
    assert table["travel_s"].fillna(-1).tolist() == [-1, 1860, 2460, -1]
    assert table["sure_travel_s"].fillna(-1).tolist() == [-1, -1, 2460, -1]
    for home, is_sure in (("B1", False), ("C1", True)):
        start = homes.iloc[HOMES.index(home)]
        asked = [
            "journey",
            str(profile),
            "--from",
            f"{start.x:.7f},{start.y:.7f}",
            "--to",
            f"{hall.x:.7f},{hall.y:.7f}",
        ]
        asked += ["--arrive-by", "14:00", "--wheelchair"]
        said = CliRunner().invoke(main, asked)
        assert ("no timetable says" in said.output) != is_sure
        assert json.loads(CliRunner().invoke(main, [*asked, "--json"]).output)["is_sure"] == is_sure


def test_travellers_have_rules_of_their_own() -> None:
    assert {name: (one.walk_kmh, one.wheelchair) for name, one in TRAVELLERS.items()} == {
        "average": (4.8, False), "slower": (3.6, False), "wheelchair": (4.8, True),
    }  # fmt: skip
    assert TRAVELLERS["average"].rules == TravelRules()


@pytest.fixture(scope="module")
def demo() -> Area:
    return open_area("cantrer-gwaelod")


def test_without_steps_no_way_is_shorter(demo: Area) -> None:
    """Between two hundred homes, those whose nearest way is steps among them, and all venues."""
    graph = demo.streets["walk"]
    assert 0 < (~graph.is_step_free).sum() < graph.n_edges / 10
    whole, free = StreetRouter(graph), StepFreeRouter(graph)
    xy = np.concatenate([points_xy(demo.origins), points_xy(demo.venues)])
    moved = np.flatnonzero(whole.place(xy).snap_m < free.place(xy).snap_m)
    assert len(moved)
    xy = xy[np.union1d(moved, np.arange(0, len(xy), 5))]
    before_ms, after_ms = (router.matrix_ms(router.place(xy), router.place(xy)) for router in (whole, free))
    assert ((before_ms <= after_ms) | (after_ms < 0)).all() and (before_ms < after_ms).any()


def test_what_is_sure_is_possible_and_what_is_possible_is_there(demo: Area) -> None:
    """Known ⊆ possible ⊆ any, by public transport on the same walks."""
    some = replace(demo, sessions=demo.sessions.iloc[::12].reset_index(drop=True))
    anyone = there_and_back(AreaNetwork(some), ("transit",)).by_mode["transit"]
    wheelchair = there_and_back(AreaNetwork(some, WHEELCHAIR.rules), ("transit",)).by_mode["transit"]
    assert wheelchair.wheelchair is not None
    sure = wheelchair.wheelchair.sure
    for name in ("out_s", "back_s"):
        any_s, possible_s, sure_s = (getattr(times, name) for times in (anyone, wheelchair, sure))
        assert (np.isnan(possible_s) | (any_s <= possible_s)).all()
        assert (np.isnan(sure_s) | (possible_s <= sure_s)).all()
        assert np.isnan(sure_s).sum() > np.isnan(possible_s).sum() > np.isnan(any_s).sum()
