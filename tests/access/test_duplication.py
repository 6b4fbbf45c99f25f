"""Duplication and reliance on One Road, by hand; and their laws against the plain computation of gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from access.__main__ import main
from access.catchments import Catchments, Loss, categories, find_catchments
from access.costs import read_prices
from access.duplication import DuplicationRules, find_duplication, overlap_shares
from access.gaps import find_gaps
from access.network import AreaNetwork
from access.query import MODES, QueryError, Standard
from access.reliance import describe, single_points
from access.sessions import SessionAccess, there_and_back
from geo.errors import UnknownName
from geo.opening import open_area
from geo.words import LANGUAGES, say
from tests.worlds import without_people, write_one_road

CRAFTS = Standard("crafts")
PRICES = read_prices(date(2026, 10, 13))
CRAFT, KNIT, SEW = 0, 1, 2  # the sessions of crafts by id: craft-tue, knit-tue, sew-tue


@pytest.fixture(scope="module")
def crafts(busy: SessionAccess) -> Catchments:
    found = find_catchments(busy, CRAFTS)
    assert found.sessions["session_id"].tolist() == ["craft-tue", "knit-tue", "sew-tue"]
    return found


def marked(access: SessionAccess, **columns: np.ndarray | pd.Series) -> SessionAccess:
    return replace(access, sessions=access.sessions.assign(**columns))


def lost(losses: tuple[Loss, ...]) -> list[float]:
    assert not any(loss.is_unsure for loss in losses)
    return [loss.persons for loss in losses]


def test_catchments_by_hand(crafts: Catchments) -> None:
    # A (100) walks to all three; B1 (200) has its bus at 13:35 and 16:10, so no morning; B2 is not placed; C has no way home.
    assert crafts.persons.tolist() == [[100, 200, 0, 0], [100, 200, 0, 0], [100, 0, 0, 0]]
    assert crafts.met_persons.tolist() == [100, 200, 0, 0]
    assert crafts.lost_persons([CRAFT]).sum() == 0
    assert crafts.lost_persons([CRAFT, KNIT]).tolist() == [0, 200, 0, 0]  # A still sews
    assert crafts.weighted(crafts.lost_persons([CRAFT, KNIT])) == 300  # B's need is 1/2


def test_two_of_three_double_each_other(crafts: Catchments) -> None:
    found = find_duplication(crafts)
    assert [group.sessions for group in found.groups] == [(CRAFT, KNIT)]  # sew starts four hours before
    group = found.groups[0]
    assert lost(group.lost_if_stopped) == [0, 0] == lost(group.lost_if_only_one_stays)
    assert group.persons_of_all == 300 and group.min_overlap_share == 1
    assert group.whose == "several_providers"
    assert (found.full, found.fullness_unknown) == (0, 1)


def test_no_chain_of_pairs_makes_a_group(crafts: Catchments) -> None:
    # Knitting reaches everybody, crafts A and B1, sewing B2 and C: each is part of knitting's, but crafts and sewing share nobody.
    reached = np.array([[1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]], dtype=bool)
    chain = replace(crafts, is_reachable=reached, is_with_pass=reached)
    [group] = find_duplication(chain, DuplicationRules(within_h=5)).groups
    assert len(group.sessions) == 2 and KNIT in group.sessions and group.min_overlap_share == 1


@pytest.mark.parametrize(("column", "ours", "theirs"), [("languages", "cy", "cy en"), ("eligibility", "men", "women")])
def test_what_is_for_others_doubles_nothing(crafts: Catchments, column: str, ours: str, theirs: str) -> None:
    rules = DuplicationRules(within_h=0.5)  # crafts and knitting, as above
    for said, is_alike in ((ours, True), (theirs, False)):
        sessions = crafts.access.sessions.copy()
        sessions.loc[crafts.rows[[CRAFT, KNIT]], column] = [ours, said]
        changed = replace(crafts, access=replace(crafts.access, sessions=sessions))
        assert bool(find_duplication(changed, rules).groups) == is_alike


def test_the_window_of_hours_and_the_overlap_are_the_users(crafts: Catchments) -> None:
    assert find_duplication(crafts, DuplicationRules(within_h=0.2)).groups == ()
    # Within four and a half hours sew (10:00) joins knit (14:15) too: A's 100 are all of its catchment, so the overlap is whole.
    group = find_duplication(crafts, DuplicationRules(within_h=4.5)).groups[0]
    assert group.sessions == (CRAFT, KNIT, SEW)
    assert lost(group.lost_if_only_one_stays) == [0, 0, 200]  # sewing alone would leave B1 behind
    assert group.sessions[group.best_kept] == CRAFT
    with pytest.raises(QueryError, match="overlap"):
        DuplicationRules(min_overlap_share=0)
    with pytest.raises(QueryError, match="hours"):
        DuplicationRules(within_h=-1)


def test_a_full_session_doubles_nothing(busy: SessionAccess) -> None:
    full = np.where(busy.sessions["activity_id"] == "knit", "yes", busy.sessions["is_full"])
    found = find_duplication(find_catchments(marked(busy, is_full=full), CRAFTS))
    assert found.groups == () and found.full == 1


def test_other_weekdays_are_not_alike(busy: SessionAccess) -> None:
    moved = np.where(busy.sessions["activity_id"] == "knit", "monday", busy.sessions["weekday"])
    assert find_duplication(find_catchments(marked(busy, weekday=moved), CRAFTS)).groups == ()


def test_own_and_others_provision_apart(crafts: Catchments) -> None:
    def whose(*own: str) -> str:
        return find_duplication(crafts, DuplicationRules(own=frozenset(own))).groups[0].whose

    assert [whose("Wool"), whose("Wool", "Needle"), whose("Council"), whose("Sheds")] == [
        "own_and_others", "own", "own_and_others", "others"
    ]  # fmt: skip


def test_each_session_is_said_to_be_own_or_anothers(crafts: Catchments) -> None:
    # Crafts are Wool's, and knitting is Needle's, paid for by the Council: of the group of both only one is Wool's own.
    table = find_duplication(crafts, DuplicationRules(own=frozenset({"Wool"}))).as_table().set_index("session_id")
    assert table["owner"].to_dict() == {"craft-tue": "own", "knit-tue": "other"}
    assert table["whose"].tolist() == ["own_and_others"] * 2
    assert find_duplication(crafts).as_table()["owner"].isna().all()  # nobody said whose is whose


def test_a_name_that_nobody_has_is_an_error(crafts: Catchments) -> None:
    with pytest.raises(UnknownName, match=r"provider or funder called 'Wol'\. Known: Wool"):
        find_duplication(crafts, DuplicationRules(own=frozenset({"Wool", "Wol"})))


def test_an_entry_given_twice_is_pointed_out(busy: SessionAccess) -> None:
    twin = busy.sessions["activity_id"].isin(["craft", "knit"])
    same = marked(
        busy, name_en=busy.sessions["name_en"].mask(twin, "Craft"), start_s=busy.sessions["start_s"].mask(twin, 50400)
    )
    group = find_duplication(find_catchments(same, CRAFTS)).groups[0]
    assert group.listed_twice == (KNIT,)


def test_a_group_is_told_in_both_languages(crafts: Catchments) -> None:
    found = find_duplication(crafts)
    english, welsh = ([say(message, language) for message in found.describe(found.groups[0])] for language in LANGUAGES)
    assert "2 sessions" in english[0] and "300 people" in english[0] and "100 %" in english[0]
    assert "nobody would lose" in english[2] and "Aton Craft Club" in english[3]
    assert "2 sesiwn" in welsh[0] and "Clwb Crefftau Tref A" in welsh[3]


def test_who_is_relied_on(busy: SessionAccess) -> None:
    of = [find_catchments(busy, Standard(category)) for category in categories(busy)]
    found = single_points(of)
    # Woodwork at the shed serves C alone (300, counting twice), the choir B1 (200, counting 1.5); no craft session is the only one.
    assert found[["id", "relying_persons", "need_weighted_persons", "worst_zone_code"]].values.tolist() == [
        ["shed-tue", 300, 600, "C"], ["choir-tue", 200, 300, "B"]
    ]  # fmt: skip
    venues = single_points(of, "venue").set_index("id")["relying_persons"].to_dict()
    assert venues == {"hall": 300, "shed": 300, "chapel": 200}  # all crafts are at the hall
    providers = single_points(of, "provider").set_index("id")["relying_persons"].to_dict()
    assert providers == {
        "Sheds": 300,
        "Chapels": 200,
    }  # without Wool's two A and B1 still knit; without Needle's they craft
    funders = single_points(of, "funder").set_index("id")["relying_persons"].to_dict()
    assert funders == {"Grant": 300}  # the choir has no funder known; crafts have two
    assert set(single_points(of, "activity")["id"]) == {"shed", "choir"}
    with pytest.raises(QueryError, match="can't be relied on"):
        single_points(of, "bus")  # type: ignore[arg-type]


def with_sewing_unjudged(crafts: Catchments) -> Catchments:
    """Return crafts where B1 has the craft club alone, and of sewing nobody knows whether B1 gets there; A sews as well."""
    reachable = np.array([[1, 1, 0, 0], [0, 0, 0, 0], [1, 0, 0, 0]], dtype=bool)
    unjudged = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]], dtype=bool)
    return replace(crafts, is_reachable=reachable, is_with_pass=reachable, is_unjudged=unjudged)


def test_of_whom_it_would_not_be_known_is_not_said_to_be_nobody(crafts: Catchments) -> None:
    # Without the craft club A's 100 still sew; B1's 200, who have it now, may sew or not.
    found = single_points([with_sewing_unjudged(crafts)])
    columns = ["id", "relying_persons", "unknown_persons", "uncounted_zones", "zones"]
    assert found[columns].values.tolist() == [["craft-tue", 0, 200, 0, 0]] and found["worst_zone_code"].isna().all()
    english, welsh = ([say(message, language) for message in describe(found)] for language in LANGUAGES)
    assert english == [
        "Nobody is known to rely on any one of them alone, but it is not known of everybody.",
        "Of another 200 people it is not known whether they would still find the standard met.",
    ]
    assert "ar gyfer 200 o bobl eraill" in welsh[1]
    nobody = describe(single_points([crafts]))
    assert [say(message, "en") for message in nobody] == ["Nobody relies on any one of them alone."]


def test_whom_nobody_has_counted_is_not_said_to_be_nobody(crafts: Catchments) -> None:
    # A's 100 and B1's people have the craft club alone. Where B is not counted, 100 rely on it and B's people, how many is not known.
    alone = np.array([[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=bool)
    columns = ["relying_persons", "unknown_persons", "uncounted_zones", "zones", "worst_zone_code"]

    def found(*uncounted: str) -> pd.DataFrame:
        return single_points(
            [replace(crafts, access=without_people(crafts.access, *uncounted), is_reachable=alone, is_with_pass=alone)]
        )

    assert found("B")[columns].values.tolist() == [[100, 0, 1, 1, "A"]]
    assert "how many of them would lose is not known" in say(describe(found("B"))[1], "en")
    assert found("A", "B")[columns].values.tolist() == [[0, 0, 2, 0, None]]
    told = [say(message, "en") for message in describe(found("A", "B"))]
    assert told[0].startswith("Nobody is known to rely") and "2 small areas" in told[1]
    assert found("C")[columns].values.tolist() == [[300, 0, 0, 2, "B"]]  # who does not reach it has nothing to lose
    nobody = found("A", "B", "C")
    assert nobody["relying_persons"].isna().all() and nobody["uncounted_zones"].tolist() == [2]
    assert say(describe(nobody)[0], "en").startswith("Nobody is known")


def test_a_group_of_which_it_is_not_known_is_not_said_to_leave_nobody_behind(crafts: Catchments) -> None:
    # Craft and knitting reach A and B1, where B is not counted: what B1 has left if they stop is the same, whoever lives there.
    bare = replace(crafts, access=without_people(crafts.access, "B"))
    [group] = find_duplication(bare).groups
    assert group.persons == (100, 100) and group.uncounted_zones == 1
    assert lost(group.lost_if_stopped) == [0, 0]
    said = [say(message, "en") for message in find_duplication(bare).describe(group)]
    assert "nobody would lose" in said[2] and "The people of 1 small area have not been counted" in said[-1]
    # With sewing in the group, to sew alone leaves B1 behind, how many is not known.
    [three] = find_duplication(bare, DuplicationRules(within_h=4.5)).groups
    assert three.lost_if_only_one_stays == (Loss(0, 0, 0), Loss(0, 0, 0), Loss(0, 0, 1))
    assert three.sessions[three.best_kept] == CRAFT
    # A has its 100 in all three, and of sewing nobody knows whether B1 gets there: without the craft club that is all it may have.
    reachable = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]], dtype=bool)
    unjudged = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]], dtype=bool)
    unsure = find_duplication(
        replace(crafts, is_reachable=reachable, is_with_pass=reachable, is_unjudged=unjudged),
        DuplicationRules(within_h=4.5),
    )
    [group] = unsure.groups
    assert group.lost_if_stopped[0] == Loss(0, 200, 0) and group.most_if_stopped == Loss(0, 200, 0)
    assert group.lost_if_only_one_stays == (Loss(0, 0, 0), Loss(200, 0, 0), Loss(0, 200, 0))
    said = [say(message, "en") for message in unsure.describe(group)]
    assert said[2].startswith("If one of them stopped, nobody is known to lose") and "Of another 200 people" in said[3]
    table = unsure.as_table().set_index("session_id")
    assert (
        table["unknown_if_stopped_persons"].tolist() == [200, 0, 0] and table["uncounted_if_stopped_zones"].eq(0).all()
    )
    assert table["unknown_if_only_it_stays_persons"].tolist() == [0, 0, 200]
    assert find_duplication(crafts, DuplicationRules(within_h=0.2)).as_table().columns.equals(unsure.as_table().columns)


standards = st.builds(
    Standard,
    category=st.just("crafts"),
    sessions_per_week=st.sampled_from([0.5, 1.0, 2.0]),
    within_min=st.floats(1, 120),
    modes=st.sets(st.sampled_from(MODES), min_size=1).map(tuple),
    max_fare_gbp=st.none() | st.floats(0, 20),
)


@settings(max_examples=60, deadline=None)
@given(standard=standards, stopped=st.sets(st.integers(0, 2)))
def test_what_is_lost_is_what_the_gaps_lose(busy: SessionAccess, standard: Standard, stopped: set[int]) -> None:
    """The quick count over catchments agrees with gaps computed anew, the stopped sessions held no times a week."""
    catchments = find_catchments(busy, standard, PRICES)
    gone = busy.sessions.index.isin(catchments.rows[list(stopped)])
    fewer = marked(busy, per_week=busy.sessions["per_week"].where(~gone, 0.0))
    before, after = (find_gaps(one, standard, PRICES).by_origin["met_persons"].to_numpy() for one in (busy, fewer))
    assert catchments.met_persons == pytest.approx(before)
    assert catchments.lost_persons(stopped) == pytest.approx(before - after)
    # Every session can be judged for whoever is placed, and how many hold a pass is known: nobody is left unknown.
    assert catchments.losers(stopped).unknown_persons.sum() == 0


@settings(max_examples=60, deadline=None)
@given(data=st.data(), sessions_per_week=st.sampled_from([0.5, 1.0, 2.0]))
def test_who_has_it_now_keeps_it_loses_it_or_is_not_known(
    crafts: Catchments, data: st.DataObject, sessions_per_week: float
) -> None:
    flags = st.lists(st.booleans(), min_size=12, max_size=12).map(lambda row: np.array(row).reshape(3, 4))
    reachable = data.draw(flags)
    drawn = replace(crafts, standard=replace(CRAFTS, sessions_per_week=sessions_per_week), is_reachable=reachable,
                    is_with_pass=reachable, is_unjudged=data.draw(flags) & ~reachable)  # fmt: skip
    stopped = sorted(data.draw(st.sets(st.integers(0, 2))))
    losers = drawn.losers(stopped)
    left = np.delete(np.arange(3), stopped)
    fewer = replace(drawn, rows=drawn.rows[left], is_reachable=reachable[left], is_with_pass=reachable[left],
                    is_unjudged=drawn.is_unjudged[left])  # fmt: skip
    assert drawn.met_persons == pytest.approx(fewer.met_persons + losers.persons + losers.unknown_persons)
    assert not losers.is_uncounted.any()


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=5))
def test_overlap_is_a_share_alike_both_ways(rows: list[list[int]]) -> None:
    overlap = overlap_shares(np.array(rows, dtype=float))
    assert ((overlap >= 0) & (overlap <= 1)).all() and (overlap == overlap.T).all()
    for row, people in enumerate(rows):
        assert overlap[row, row] == (1 if sum(people) else 0)


@settings(max_examples=30, deadline=None)
@given(overlap=st.floats(0.05, 1), hours=st.floats(0, 6))
def test_each_of_a_group_is_alike_to_each_other(crafts: Catchments, overlap: float, hours: float) -> None:
    start_s = crafts.sessions["start_s"].to_numpy(float)
    for group in find_duplication(crafts, DuplicationRules(overlap, hours)).groups:
        of_group = start_s[list(group.sessions)]
        assert group.min_overlap_share >= overlap - 1e-9 and np.ptp(of_group) <= hours * 3600


def test_the_crafts_of_caer_wyddno_on_wednesday() -> None:
    access = there_and_back(AreaNetwork(open_area("cantrer-gwaelod")), ("transit",))
    found = find_duplication(find_catchments(access, CRAFTS))
    group = found.groups[0]
    names = set(found.catchments.sessions.iloc[list(group.sessions)]["name_en"])
    # Six were planted in the middle of town on one afternoon; one of them is full, and the harbour's knitters join the other five.
    planted = {"Library Crafts", "Craft and a Cuppa", "Busy Needles", "Open Studio", "Quay Crafters"}
    assert names == planted | {"Harbour Knit and Natter"}
    full = found.catchments.sessions.query("is_full == 'yes'")["name_en"]
    assert "Town Centre Crafters" in set(full)
    assert max(lost(group.lost_if_stopped)) == 0 and min(lost(group.lost_if_only_one_stays)) == 0


def test_the_commands(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("cli")
    profile = str(write_one_road(folder, busy=True))
    said = CliRunner().invoke(main, ["duplication", profile, "--category", "crafts"])
    assert (
        said.exit_code == 0
        and "2 sessions close in time" in said.output
        and "of 1 session it is not known" in said.output.lower()
    )
    out = folder / "doubles.csv"
    assert CliRunner().invoke(main, ["duplication", profile, "--out", str(out)]).exit_code == 0
    assert out.read_text(encoding="utf-8").count("\n") == 3 and out.with_name("doubles.csv.digest").is_file()
    told = CliRunner().invoke(main, ["duplication", profile, "--category", "crafts", "--own", "Wool"])
    assert told.output.count(" (own)") == 1 and told.output.count(" (other)") == 1
    told = CliRunner().invoke(main, ["duplication", profile, "--own", "Wol"])
    assert told.exit_code != 0 and "Known: Wool" in told.stderr
    said = CliRunner().invoke(main, ["reliance", profile])
    assert said.exit_code == 0 and "300 people rely on Shed alone" in said.output
    assert "can't be asked" in CliRunner().invoke(main, ["duplication", profile, "--overlap", "3"]).output


def test_the_commands_say_nobody_only_where_it_is_known_of_all(tmp_path: Path) -> None:
    # Craft is on Tuesday, sewing on Wednesday, of whose buses nothing is known. A walks to both; without craft B1's 200 would be unknown.
    profile = str(write_one_road(tmp_path, busy=True, trusted='["tuesday"]'))
    sessions = tmp_path / "sessions.csv"
    header, craft, _, sew, *_ = sessions.read_text(encoding="utf-8").splitlines()
    sew = sew.replace("tuesday,10:00,12:00", "wednesday,14:00,16:00")
    sessions.write_text("\n".join([header, craft, sew]) + "\n", encoding="utf-8")
    said = CliRunner().invoke(main, ["reliance", profile, "--category", "crafts"]).output
    assert "Nobody relies" not in said and "Nobody is known to rely on any one of them alone" in said
    assert "Of another 200 people it is not known" in said
    # Where B's people are not counted there is nobody else who relies on craft.
    figures = tmp_path / "figures.csv"
    figures.write_text(figures.read_text(encoding="utf-8").replace("Tref B,300", "Tref B,"), encoding="utf-8")
    said = CliRunner().invoke(main, ["reliance", profile, "--category", "crafts"]).output
    assert "Nobody relies" not in said and "how many of them would lose is not known" in said
    said = CliRunner().invoke(main, ["duplication", profile, "--category", "crafts"]).output
    assert "The people of 1 small area have not been counted" in said
