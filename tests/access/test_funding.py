"""The funding cliff of the busy One Road, by hand; and its laws."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from access.__main__ import main
from access.catchments import Catchments, categories, find_catchments
from access.funding import find_funding_cliff
from access.network import AreaNetwork
from access.query import QueryError, Standard
from access.sessions import SessionAccess, there_and_back
from geo.opening import open_area
from geo.words import LANGUAGES, say
from tests.worlds import write_one_road

# craft (Grant) ends in December; knit and sew (Council) and the shed (Grant) in March; the choir has no end known.


@pytest.fixture(scope="module")
def of(busy: SessionAccess) -> list[Catchments]:
    return [find_catchments(busy, Standard(category)) for category in categories(busy)]


def test_what_is_lost_month_by_month(of: list[Catchments]) -> None:
    cliff = find_funding_cliff(of)
    assert [str(month) for month in cliff.months] == [f"2026-{m}" for m in (10, 11, 12)] + [
        f"2027-0{m}" for m in (1, 2, 3)
    ]
    crafts = cliff.timeline.query("category == 'crafts'").set_index("month")
    # In December A and B1 still knit; in March nothing is left to A's 100 and B1's 200, whose needs are 0 and 1/2.
    assert crafts["activities_ending"].tolist() == [0, 0, 1, 0, 0, 2]
    assert crafts["lost_persons"].tolist() == [0, 0, 0, 0, 0, 300]
    assert crafts["cumulative_need_weighted_persons"].iloc[-1] == 100 + 200 * 1.5
    woodwork = cliff.timeline.query("category == 'woodwork'").set_index("month")
    assert woodwork["cumulative_lost_persons"].tolist() == [0, 0, 0, 0, 0, 300]
    assert cliff.timeline.query("category == 'singing'")["cumulative_lost_persons"].sum() == 0
    assert cliff.by_month["cumulative_lost_persons"].tolist() == [
        0,
        0,
        0,
        0,
        0,
        600,
    ]  # A and B1 lose crafts, C woodwork


def test_where_it_is_lost(of: list[Catchments]) -> None:
    last = find_funding_cliff(of).by("cluster").query("month == '2027-03'").set_index("footprint_id")
    assert last["cumulative_lost_persons"].to_dict() == {"west": 300, "east": 300}
    assert last["hardest_category"].to_dict() == {"west": "crafts", "east": "woodwork"}
    assert last["population"].to_dict() == {"west": 400, "east": 300}
    with pytest.raises(QueryError, match="no footprints of the level 'rpb'"):
        find_funding_cliff(of).by("rpb")


def counted_only_in(of: list[Catchments], *zones: str) -> list[Catchments]:
    """Return the same catchments, with the people of all other zones not counted."""
    area = of[0].access.network.area
    population = area.origins["population"].where(area.origins["zone_code"].isin(zones))
    network = replace(of[0].access.network, area=replace(area, origins=area.origins.assign(population=population)))
    return [replace(one, access=replace(one.access, network=network)) for one in of]


def test_where_nobody_is_counted_nobody_knows_what_is_lost(of: list[Catchments]) -> None:
    # Of west B is not counted: A's 100 lose crafts. Of east nobody is counted, so what C loses is not known, and not nought.
    last = (
        find_funding_cliff(counted_only_in(of, "A")).by("cluster").query("month == '2027-03'").set_index("footprint_id")
    )
    columns = ["population", "cumulative_lost_persons", "hardest_lost_persons"]
    assert last.loc["west", [*columns, "uncounted_zones"]].tolist() == [100, 100, 100, 1]
    assert last.loc["east", columns].isna().all() and last.loc["east", "uncounted_zones"] == 1


def test_totals_say_of_how_many_zones_they_know_nothing(of: list[Catchments]) -> None:
    # B is not counted: A's 100 lose crafts and C's 300 woodwork, of needs 0 and 1, and of B1, who loses crafts too, nothing is known.
    some = counted_only_in(of, "A", "C")
    cliff = find_funding_cliff(some)
    columns = ["cumulative_lost_persons", "cumulative_need_weighted_persons", "uncounted_zones"]
    assert cliff.by_month[columns].iloc[-1].tolist() == [400, 100 + 300 * 2, 1]
    assert cliff.by_month["uncounted_zones"].tolist() == [1] * 6
    crafts = cliff.timeline.query("category == 'crafts'").iloc[-1]
    assert crafts[columns].tolist() == [100, 100, 1] and cliff.timeline["uncounted_zones"].eq(1).all()
    funders = cliff.by_funder.dropna(subset="funder").set_index("funder")[["lost_persons", "uncounted_zones"]]
    assert funders.to_dict("index") == {"Grant": {"lost_persons": 300, "uncounted_zones": 1},
                                        "Council": {"lost_persons": 0, "uncounted_zones": 1}}  # fmt: skip
    assert (
        find_funding_cliff(of).by_funder["uncounted_zones"][:2].tolist()
        == [0, 0]
        == find_funding_cliff(of).by_month["uncounted_zones"][:2].tolist()
    )
    told = [say(message, "en") for message in cliff.describe()]
    assert told[-1] == "The people of 1 small area have not been counted: they are in none of these figures."
    assert "mewn 1 ardal fach" in say(cliff.describe()[-1], "cy")
    assert not any("not been counted" in say(message, "en") for message in find_funding_cliff(of).describe())


def test_where_nobody_is_counted_at_all_no_total_is_nought(of: list[Catchments]) -> None:
    none = counted_only_in(of)
    cliff = find_funding_cliff(none)
    lost = ["lost_persons", "cumulative_lost_persons", "cumulative_need_weighted_persons"]
    for table in (cliff.by_month, cliff.timeline):
        assert table[lost].isna().all(axis=None) and table["uncounted_zones"].eq(3).all()
    funders = cliff.by_funder
    assert funders[["lost_persons", "need_weighted_persons", "hardest_lost_persons"]].isna().all(axis=None)
    assert funders["uncounted_zones"].tolist() == [3, 3, 3]
    told = [say(message, "en") for message in cliff.describe()]
    assert told[-1].startswith("In none of the small areas here") and "nan" not in " ".join(told)
    assert len(told) == 3  # how many ends are known, how many are not, and that nothing is known of people


def test_of_whom_it_would_not_be_known_is_told_beside_who_loses(of: list[Catchments]) -> None:
    # A's 100 and B1's 200 have the craft club (Grant, December) alone, but whether B1 reaches sewing (Council, March) is not known.
    crafts = next(one for one in of if one.standard.category == "crafts")
    reachable = np.array([[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=bool)  # craft, knit, sew
    unjudged = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]], dtype=bool)
    unsure = replace(crafts, is_reachable=reachable, is_with_pass=reachable, is_unjudged=unjudged)
    found = find_funding_cliff([unsure])
    columns = ["cumulative_lost_persons", "unknown_persons"]
    for table in (found.by_month, found.timeline):
        by_month = table.set_index("month")[columns]
        assert by_month.loc["2026-11"].tolist() == [0, 0] and by_month.loc["2026-12"].tolist() == [100, 200]
        assert by_month.loc["2027-02"].tolist() == [100, 200] and by_month.loc["2027-03"].tolist() == [300, 0]
    west = found.by("cluster").query("month == '2026-12' and footprint_id == 'west'").iloc[0]
    assert west[columns].tolist() == [100, 200]
    funders = found.by_funder.set_index("funder")[["lost_persons", "unknown_persons"]]
    assert funders.loc["Grant"].tolist() == [100, 200] and funders.loc["Council"].tolist() == [0, 0]
    # The Grant alone: at its end it is still not known. Whoever of B1 has lost something else by then counts as having lost.
    alone = find_funding_cliff([unsure], "Grant")
    said = "Of another 200 people it is not known whether they would still find the standard met."
    assert say(alone.describe()[-1], "en") == said
    assert said not in [say(message, "en") for message in found.describe()]
    sings = np.array([[0, 1, 0, 0]], dtype=bool)
    only_choir = replace(
        next(one for one in of if one.standard.category == "singing"), is_reachable=sings, is_with_pass=sings
    )
    both = find_funding_cliff([unsure, with_end(only_choir, "2026-12-31")])
    assert both.by_month.set_index("month").loc["2026-12", columns].tolist() == [300, 0]


def with_end(catchments: Catchments, day: str) -> Catchments:
    """Return the same catchments, with all money ending on a day."""
    sessions = catchments.access.sessions.assign(funded_until=pd.Timestamp(day))
    return replace(catchments, access=replace(catchments.access, sessions=sessions))


def test_one_funder_alone(of: list[Catchments]) -> None:
    # Without the Grant, A and B1 still knit, C loses its shed. Without the Council, A and B1 still have the craft club.
    assert find_funding_cliff(of, "Grant").by_month["cumulative_lost_persons"].iloc[-1] == 300
    assert find_funding_cliff(of, "Council").by_month["cumulative_lost_persons"].iloc[-1] == 0
    table = find_funding_cliff(of).by_funder
    found = table.dropna(subset="funder").set_index("funder")
    assert found["lost_persons"].to_dict() == {"Grant": 300, "Council": 0}
    assert found["activities"].to_dict() == {"Grant": 2, "Council": 2}
    assert found.loc["Grant", "hardest_category"] == "woodwork" and found["hardest_category"].isna().sum() == 1
    with pytest.raises(QueryError, match=r"'Lottery'\. There are: Council, Grant"):
        find_funding_cliff(of, "Lottery")


def test_what_no_funder_is_known_of_is_in_the_table_of_funders(of: list[Catchments]) -> None:
    # The choir's funder is not known. It may be one of the others', so who would lose with its funder is not known either.
    found = find_funding_cliff(of).by_funder
    assert found["activities"].sum() == 5 and found["funder"].tolist()[:2] == ["Grant", "Council"]
    last = found.iloc[-1]
    known = ["activities", "sessions_per_week", "no_end_known", "uncounted_zones"]
    assert pd.isna(last["funder"]) and last[known].tolist() == [1, 1, 1, 0]
    assert last[["first_end", "last_end", "lost_persons", "need_weighted_persons", "hardest_category"]].isna().all()
    [nobody] = find_funding_cliff([one for one in of if one.standard.category == "singing"]).by_funder.to_dict(
        "records"
    )
    assert nobody["funder"] is None and nobody["activities"] == 1 and np.isnan(nobody["lost_persons"])
    # If one funder is asked for, the table is of that one.
    assert find_funding_cliff(of, "Council").by_funder["funder"].tolist() == ["Council"]


def test_no_end_known_is_said(of: list[Catchments]) -> None:
    cliff = find_funding_cliff(of)
    assert cliff.endings.set_index("activity_id")["month"].isna().to_dict()["choir"]
    told = [say(message, "en") for message in cliff.describe()]
    assert told[0] == "Of 5 activities, 4 have an end to their funding that is known."
    assert told[1].startswith("For 1 activity no end is known")
    assert told[2].startswith("December 2026: the funding of 1 activity ends. 0 people lose")
    assert told[3].startswith("March 2027: the funding of 3 activities ends. 600 people lose")
    assert "Mawrth 2027" in " ".join(say(message, LANGUAGES[1]) for message in cliff.describe())
    woodwork = find_funding_cliff([one for one in of if one.standard.category == "woodwork"]).describe()
    assert say(woodwork[0], "en") == "Of 1 activity, 1 has an end to its funding that is known."
    assert say(woodwork[0], "cy") == "O blith 1 gweithgaredd, gwyddys pryd y daw cyllid 1 i ben."
    assert [message.key for message in woodwork] == [
        "funding.known",
        "funding.month",
        "funding.hardest",
    ]  # an end of all is known


def test_money_that_has_ended_already_comes_first(busy: SessionAccess) -> None:
    past = busy.sessions["funded_until"].where(busy.sessions["activity_id"] != "shed", pd.Timestamp("2026-06-30"))
    early = replace(busy, sessions=busy.sessions.assign(funded_until=past))
    cliff = find_funding_cliff([find_catchments(early, Standard("woodwork"))])
    assert str(cliff.months[0]) == "2026-06" and cliff.endings["is_past"].tolist() == [True]
    assert cliff.by_month["cumulative_lost_persons"].tolist()[0] == 300
    assert any("ended already" in say(message, "en") for message in cliff.describe())


def test_nothing_ends(busy: SessionAccess) -> None:
    cliff = find_funding_cliff([find_catchments(busy, Standard("singing"))])
    assert cliff.by_month["cumulative_lost_persons"].tolist() == [0]
    with pytest.raises(QueryError, match="at least one"):
        find_funding_cliff([])


ends = st.lists(
    st.none() | st.dates(pd.Timestamp("2026-01-01").date(), pd.Timestamp("2028-12-31").date()), min_size=5, max_size=5
)


@settings(max_examples=40, deadline=None)
@given(ends=ends, per_week=st.sampled_from([0.5, 1.0, 2.0]))
def test_months_add_up_and_loss_never_shrinks(busy: SessionAccess, ends: list, per_week: float) -> None:
    by_activity = dict(zip(("craft", "knit", "sew", "choir", "shed"), pd.to_datetime(pd.Series(ends)), strict=True))
    access = replace(busy, sessions=busy.sessions.assign(funded_until=busy.sessions["activity_id"].map(by_activity)))
    of = [find_catchments(access, Standard(category, per_week)) for category in categories(access)]
    cliff = find_funding_cliff(of)
    assert (np.diff(cliff.lost, axis=0) >= -1e-9).all() and (cliff.lost <= of[0].people + 1e-9).all()
    for table in (cliff.by_month, cliff.timeline.query("category == 'crafts'")):
        assert table["lost_persons"].sum() == pytest.approx(table["cumulative_lost_persons"].iloc[-1])
    places = cliff.by("la").groupby("month")["cumulative_lost_persons"].sum()
    assert places.tolist() == pytest.approx(cliff.by_month["cumulative_lost_persons"].tolist())
    # The last month equals stopping at once all that has an end.
    for kind, catchments in enumerate(of):
        stopped = np.flatnonzero(catchments.sessions["funded_until"].notna())
        assert cliff.lost[-1, kind] == pytest.approx(catchments.lost_persons(stopped))


def test_the_cliff_of_the_demonstration_area() -> None:
    access = there_and_back(AreaNetwork(open_area("cantrer-gwaelod")), ("transit",))
    cliff = find_funding_cliff([find_catchments(access, Standard(category)) for category in categories(access)])
    found = cliff.by_month.query("activities_ending > 0").set_index("month")
    assert found.index.tolist() == ["2026-12", "2027-03", "2027-09"]
    assert found["cumulative_lost_persons"].is_monotonic_increasing
    assert found["cumulative_lost_persons"].iloc[-1] < access.network.area.zones["population"].sum()
    told = [say(message, "en") for message in cliff.describe()]
    assert told[0].startswith("Of 308 activities, 197 have an end")  # one of the 309 had ended by the service week


def test_the_command(tmp_path: Path) -> None:
    profile = str(write_one_road(tmp_path, busy=True))
    told = CliRunner().invoke(main, ["funding", profile])
    assert told.exit_code == 0 and "March 2027: the funding of 3 activities ends. 600 people" in told.output
    for by in ("category", "funder", "cluster"):
        out = tmp_path / f"{by}.csv"
        assert CliRunner().invoke(main, ["funding", profile, "--by", by, "--out", str(out)]).exit_code == 0
        assert len(out.read_text(encoding="utf-8").splitlines()) > 1
    said = CliRunner().invoke(main, ["funding", profile, "--by", "funder"]).output
    assert "Grant" in said and "Council" in said and "Funder not known" in said
    said = CliRunner().invoke(main, ["funding", profile, "--by", "funder", "--funder", "Council"]).output
    assert "Grant" not in said and "Council" in said and "Funder not known" not in said
    said = CliRunner().invoke(main, ["funding", profile, "--by", "funder", "--category", "singing"]).output
    assert "The directory names the funder of none of these activities." in said
    # B's people are not counted: the words say so, and so does every table.
    figures = tmp_path / "figures.csv"
    figures.write_text(figures.read_text(encoding="utf-8").replace("Tref B,300", "Tref B,"), encoding="utf-8")
    told = CliRunner().invoke(main, ["funding", profile])
    assert "400 people lose" in told.output and "The people of 1 small area have not been counted" in told.output
    for by in ("month", "category", "funder", "cluster"):
        out = tmp_path / f"{by}.csv"
        assert CliRunner().invoke(main, ["funding", profile, "--by", by, "--out", str(out)]).exit_code == 0
        assert pd.read_csv(out)["uncounted_zones"].max() == 1
    assert "Nothing here is funded by 'X'" in CliRunner().invoke(main, ["funding", profile, "--funder", "X"]).output
