"""Why, and the smallest change, on One Road by hand; and the session that a planner should find and move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from access.__main__ import main
from access.costs import read_prices
from access.gaps import find_gaps
from access.network import AreaNetwork
from access.query import MODES, QueryError, Standard, TravelRules
from access.sessions import SessionAccess, there_and_back, times_by_mode
from access.smallest_change import Grid, as_table, best_moves, try_changes
from access.why import explain_zone
from geo.area import Area
from geo.errors import UnknownName
from geo.opening import open_area
from geo.words import LANGUAGES, Message, say
from tests.worlds import write_one_road

CRAFTS = Standard("crafts")
PRICES = read_prices(date(2026, 10, 13))
B1 = 1  # the origin that takes the bus: there 13:35 → 13:50, home 16:10 → 16:25


def held(access: SessionAccess, start: str, end: str) -> SessionAccess:
    """Return there and back for the craft club alone, at other times."""
    start_s, end_s = (int(said[:2]) * 3600 + int(said[3:]) * 60 for said in (start, end))
    sessions = access.sessions[access.sessions["activity_id"] == "craft"].reset_index(drop=True)
    sessions = sessions.assign(start_s=np.int32(start_s), end_s=np.int32(end_s))
    return replace(access, sessions=sessions, by_mode=times_by_mode(access.network, sessions, MODES))


def persons(access: SessionAccess, **by_row: float) -> np.ndarray:
    found = np.zeros(len(access.network.area.origins))
    for name, people in by_row.items():
        found[int(name[1:])] = people
    return found


def said(messages: tuple[Message, ...]) -> str:
    return " | ".join(say(message, "en") for message in messages)


def test_it_ends_after_the_last_bus(access: SessionAccess) -> None:
    # From 14:00 to 16:30: the bus home leaves at 16:10, and one is at the stop a minute before. Moved as a whole by 25 minutes it
    # would begin before the bus is there (13:50); ending 25 minutes earlier, at 16:05, keeps both.
    late = held(access, "14:00", "16:30")
    change = try_changes(find_gaps(late, CRAFTS), 0).best_for(persons(late, o1=200))
    assert change is not None
    assert (change.kind, change.minutes, change.start_s, change.end_s) == (
        "end_earlier",
        -25,
        14 * 3600,
        16 * 3600 + 300,
    )
    assert (change.gaining_persons, change.reached_before_persons, change.reached_after_persons) == (200, 100, 300)
    assert change.losing_persons == 0
    why = explain_zone(find_gaps(late, CRAFTS), "B")
    assert "last useful departure is at 16:10, 1 from Stop 0 to Stop 5" in said(why.nearly[0].fails)
    assert "Ending 25 minutes earlier (14:00–16:05), 200 of them" in said(why.nearly[0].changes)


def test_ten_minutes_are_enough_to_move_all_of_it(access: SessionAccess) -> None:
    # Ending at 16:15 it can move to 13:50–16:05, just as the bus arrives: as small as ending earlier, and nothing is lost of it.
    late = held(access, "14:00", "16:15")
    change = try_changes(find_gaps(late, CRAFTS), 0).best_for(persons(late, o1=200))
    assert change is not None and (change.kind, change.minutes) == ("shift", -10)


@pytest.mark.parametrize("seed", range(3))
def test_no_session_is_passed_over(access: SessionAccess, seed: int) -> None:
    """The changes that are told are the smallest over all sessions: found again by moving each alone, to every time on the grid."""
    # B1's 200 people live 4 km from the shed, to which no bus goes from there, and 5 km from the hall, to which one does: 14 sessions
    # that nothing turns are nearer than the 6 that a change of times may turn.
    chance, grid = np.random.default_rng(seed), Grid(30, 10)
    start_min = np.concatenate([np.full(14, 14 * 60), 5 * chance.integers(13 * 12, 15 * 12, 6)])
    end_min = start_min + np.concatenate([np.full(14, 60), 5 * chance.integers(15, 36, 6)])
    shed, hall = (int(np.flatnonzero(access.network.area.venues["venue_id"] == name)[0]) for name in ("shed", "hall"))
    row = int(np.flatnonzero(access.sessions["activity_id"] == "craft")[0])
    sessions = access.sessions.iloc[[row] * 20].reset_index(drop=True)
    sessions = sessions.assign(
        venue=[shed] * 14 + [hall] * 6, start_s=(60 * start_min).astype(np.int32), end_s=(60 * end_min).astype(np.int32)
    )
    world = replace(access, sessions=sessions, by_mode=times_by_mode(access.network, sessions, ("transit",)))

    moves = [(by, by) for by in range(-30, 31, 10)]
    moves += [(by, 0) for by in range(10, 31, 10)] + [(0, -by) for by in range(10, 31, 10)]
    sizes: list[int | None] = []
    for session in range(20):
        moved = sessions.iloc[[session] * len(moves)].reset_index(drop=True)
        moved["start_s"] += [60 * start_by for start_by, _ in moves]
        moved["end_s"] += [60 * end_by for _, end_by in moves]
        times = times_by_mode(access.network, moved, ("transit",))["transit"]
        is_reached = (times.out_s[times.out_row, B1] <= 2700) & (times.back_s[times.back_row, B1] <= 2700)
        turning = [max(abs(a), abs(b)) for (a, b), reached in zip(moves, is_reached, strict=True) if reached]
        if 0 not in turning:
            sizes.append(min(turning, default=None))
    found = explain_zone(find_gaps(world, CRAFTS), "B", grid=grid, most=20).nearly
    told = [one.change and abs(one.change.minutes) for one in found]
    turned = sorted(size for size in sizes if size is not None)
    assert turned  # else nothing is tried here
    assert told == turned + [None] * (len(sizes) - len(turned))
    assert [
        one.change and abs(one.change.minutes) for one in explain_zone(find_gaps(world, CRAFTS), "B", grid=grid).nearly
    ] == told[:5]


def test_pass_holders_are_judged_by_their_own_fares(access: SessionAccess) -> None:
    # The bus from B and back costs £6, against £5; a fifth of B1's 200 people hold a pass and ride free. Ending at 16:30 the session
    # is out of everybody's reach there. 25 minutes less bring it to the 40 with a pass, beside A's 100 who walk, and to nobody else.
    late = held(access, "14:00", "16:30")
    cheap = replace(CRAFTS, max_fare_gbp=5.0)
    nearly = explain_zone(find_gaps(late, cheap, PRICES), "B", PRICES).nearly[0]
    assert nearly.change is not None and nearly.persons == 200
    assert (nearly.change.kind, nearly.change.minutes, nearly.change.losing_persons) == ("end_earlier", -25, 0)
    assert nearly.change.gaining_persons == pytest.approx(40)
    assert (nearly.change.reached_before_persons, nearly.change.reached_after_persons) == pytest.approx((100, 140))
    assert [
        change.turned_persons for change in best_moves(find_gaps(late, cheap, PRICES), PRICES).values()
    ] == pytest.approx([40])
    # Until 16:00 those 40 reach it; it is out of reach of the other 160, whom no time brings a cheaper bus.
    why = explain_zone(find_gaps(held(access, "14:00", "16:00"), cheap, PRICES), "B", PRICES)
    assert "within reach of 20 % of the people" in said(why.reached)
    assert why.nearly[0].persons == pytest.approx(160) and why.nearly[0].change is None
    assert "the fare is above" in said(why.nearly[0].fails)


def test_it_starts_before_the_first_bus(access: SessionAccess) -> None:
    # From 13:30 to 15:50: the bus is there at 13:50. Moved to 13:50–16:10 it would end as the bus leaves.
    early = held(access, "13:30", "15:50")
    why = explain_zone(find_gaps(early, CRAFTS), "B")
    assert "first useful arrival is at 13:50, 1 from Stop 5 to Stop 0" in said(why.nearly[0].fails)
    change = why.nearly[0].change
    assert change is not None and (change.kind, change.minutes, change.end_s) == ("start_later", 20, 15 * 3600 + 3000)


def test_a_move_can_take_it_from_others(access: SessionAccess) -> None:
    # C has no way home whatever the time, A walks at any time; B1 loses a session moved past its bus. Asked for A's people, who reach it
    # already, there is nothing to gain.
    tried = try_changes(find_gaps(held(access, "14:00", "16:00"), CRAFTS), 0)
    assert tried.best_for(persons(access, o0=100)) is None
    later = tried.changes.index[(tried.changes["kind"] == "shift") & (tried.changes["minutes"] == 30)][0]
    assert tried.then.is_reachable[later].tolist() == [True, False, False, False]


def test_minutes_against_the_limit(access: SessionAccess) -> None:
    # B1 leaves at 13:34 for 14:00 and is home at 16:25 from 16:00: 26 and 25 minutes, against 20.
    why = explain_zone(find_gaps(access, replace(CRAFTS, within_min=20)), "B")
    nearly = why.nearly[0]
    assert "26 minutes to be there by the start and 25 home after the end, against 20 each way" in said(nearly.fails)
    assert nearly.limit_min == 26 and nearly.persons == 200  # of the 100 at B2, who are not placed, it is not known
    assert "out of reach of 200 people" in say(nearly.what, "en")
    alone = explain_zone(find_gaps(access, Standard("crafts", modes=("walk",))), "C").nearly[0]
    # 9 km on foot at 4.8 km/h are 112.5 minutes each way.
    assert "113 minutes to be there" in said(alone.fails) and alone.limit_min == 113
    assert "With 68 minutes more allowed each way (113)" in said(alone.changes)


def test_who_is_not_placed_is_neither_in_reach_nor_out_of_it(access: SessionAccess, one_road: Area) -> None:
    # B1's 200 reach the crafts; of B2's 100 nothing is known: all of whom it is known are within reach, and it is out of nobody's.
    why = explain_zone(find_gaps(access, CRAFTS), "B")
    assert "within reach of 100 % of the people" in said(why.reached) and why.nearly == ()
    # Were the zone B2 alone, all that could be said is that it is not known, and no change is offered.
    codes = one_road.origins["zone_code"].where(one_road.origins["zone_code"] != "B", ["A", "A", "B", "C"])
    alone = replace(one_road, origins=one_road.origins.assign(zone_code=codes))
    nobody = replace(access, network=replace(access.network, area=alone))
    why = explain_zone(find_gaps(nobody, CRAFTS), "B")
    assert "No session" not in said(why.summary) and why.reached == ()
    assert "not known whether it is within reach of 100 people" in say(why.nearly[0].what, "en")
    assert why.nearly[0].changes == () and "not placed" not in say(why.nearly[0].what, "en")


def test_no_bus_at_any_time(access: SessionAccess) -> None:
    why = explain_zone(find_gaps(access, CRAFTS), "C")
    assert "none of up to 45 minutes in the 4 hours before it" in said(why.nearly[0].fails)
    assert "No change of its times by up to 60 minutes" in said(why.nearly[0].changes)
    assert why.nearly[0].change is None and why.reached == ()
    assert said(why.summary).endswith("No session is within reach of anybody here, there and back.")


def test_metres_from_a_stop(one_road: Area) -> None:
    # A lives 1 km from the stop at the hall; whoever walks 10 minutes at most gets 800 m far.
    access = there_and_back(AreaNetwork(one_road, TravelRules(max_walk_min=10)), ("transit",))
    why = explain_zone(find_gaps(access, CRAFTS), "A")
    assert "nearest stop is 1,000 m from home on foot; the longest walk is 800 m" in said(why.nearly[0].fails)


def test_what_is_reached_and_by_how_many(access: SessionAccess) -> None:
    why = explain_zone(find_gaps(access, CRAFTS), "B")
    # All of B's 200 at B1; the 100 at B2 are not placed, which is said and is no gap.
    assert (
        "within reach of 100 % of the people of whom it is known (Public transport: 26 minutes there, 25 back)"
        in said(why.reached)
    )
    assert "200 people find this met, 0 do not, and of 100 it is not known" in said(why.summary)
    assert "could not be placed" in said(why.summary) and why.nearly == ()
    with pytest.raises(UnknownName, match="zone"):
        explain_zone(find_gaps(access, CRAFTS), "X")


def test_both_languages_say_all_of_it(access: SessionAccess) -> None:
    for modes in (("transit",), ("walk", "transit")):
        for zone in "ABC":
            for category in ("crafts", "singing"):
                why = explain_zone(find_gaps(access, Standard(category, modes=modes)), zone)
                for language in LANGUAGES:
                    assert all("{" not in say(message, language) for message in why.messages)


def test_moves_of_a_category(access: SessionAccess) -> None:
    late = held(access, "14:00", "16:15")
    found = as_table(late, best_moves(find_gaps(late, CRAFTS)))
    assert found[["session_id", "kind", "minutes", "gaining_unmet_persons"]].values.tolist() == [
        ["craft-tue", "shift", -10, 200]
    ]
    assert as_table(access, best_moves(find_gaps(access, CRAFTS))).empty  # C can be helped by no time
    with pytest.raises(QueryError, match="tried"):
        Grid(up_to_min=60, step_min=0)


@settings(max_examples=15, deadline=None)
@given(start=st.integers(8 * 12, 18 * 12), length=st.integers(12, 36))
def test_a_wider_grid_never_finds_less(access: SessionAccess, start: int, length: int) -> None:
    """Whatever the times of a session: a change that is found does what it says, and a wider grid finds no fewer people."""
    minutes = start * 5
    clock = [f"{at // 60:02d}:{at % 60:02d}" for at in (minutes, minutes + length * 5)]
    trial = held(access, *clock)
    asked = persons(trial, o0=100, o1=200, o3=300)
    narrow, wide = (try_changes(find_gaps(trial, CRAFTS), 0, grid=Grid(up_to)).best_for(asked) for up_to in (20, 60))
    if narrow is not None:
        assert wide is not None and abs(narrow.minutes) <= 20
        again = held(access, *(f"{at // 3600:02d}:{at % 3600 // 60:02d}" for at in (narrow.start_s, narrow.end_s)))
        met = find_gaps(again, CRAFTS).by_origin["met_persons"].sum()
        assert met == narrow.reached_after_persons


def test_the_carers_lunch_of_sarn_badrig() -> None:
    """It ends at 14:30; the last bus to Marchnad Seithenyn left at 14:20. A quarter of an hour earlier it reaches the whole north."""
    access = there_and_back(AreaNetwork(open_area("cantrer-gwaelod")), ("transit",))
    gaps = find_gaps(access, Standard("carers"))
    best = as_table(access, best_moves(gaps)).iloc[0]
    assert best["name_en"] == "Sarn Badrig Carers' Lunch"
    assert (best["kind"], best["minutes"]) == ("shift", -15)
    assert (best["reached_before_persons"], best["reached_after_persons"]) == (2110, 19715)
    zones = access.network.area.zones
    market = zones.loc[zones["name_en"].str.startswith("Seithenyn Market"), "zone_code"].iloc[0]
    nearly = explain_zone(gaps, market).nearly[0]
    assert "last useful departure is at 14:20, 62 from Sarn Badrig" in said(nearly.fails)
    assert "15 minutes earlier (11:45–14:15)" in said(nearly.changes) and "19,715 people instead of 2,110" in said(
        nearly.changes
    )


def test_the_command(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("cli")
    profile = str(write_one_road(folder))
    told = CliRunner().invoke(main, ["explain", profile, "--category", "crafts", "--zone", "B"])
    assert told.exit_code == 0 and "within reach of 100 %" in told.output
    told = CliRunner().invoke(main, ["explain", profile, "--category", "crafts", "--zone", "B", "--language", "cy"])
    assert told.exit_code == 0 and "o fewn cyrraedd 100 %" in told.output
    told = CliRunner().invoke(main, ["explain", profile, "--category", "crafts"])
    assert told.exit_code == 0 and "No change of times" in told.output
    out = folder / "moves.csv"
    assert CliRunner().invoke(main, ["explain", profile, "--category", "crafts", "--out", str(out)]).exit_code == 0
    assert out.is_file() and out.with_name("moves.csv.digest").is_file()
