"""Every figure of docs/findings.md is derived anew: ``12,345<!--name-->`` in the page is ``figures()["name"]`` here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from access.catchments import Catchments, categories, find_catchments
from access.costs import read_prices
from access.duplication import find_duplication
from access.equity import equity
from access.funding import find_funding_cliff
from access.gaps import Gaps, find_gaps
from access.measures import measure
from access.mode_times import Reason
from access.network import AreaNetwork
from access.options import Question, answers
from access.posts import posts_by_cluster
from access.query import Standard
from access.reliance import single_points
from access.sessions import SessionAccess, there_and_back
from access.smallest_change import try_changes
from geo.area import Area

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "findings.md").read_text(encoding="utf-8")
SAID = re.compile(r"([−-]?[\d,.]*\d)<!--(\w+)-->")
PRICES = read_prices(date(2026, 10, 13))


def zones_of(area: Area, cluster: str) -> tuple[str, ...]:
    return tuple(area.zone_footprints.index[area.zone_footprints["cluster"] == cluster])


def carers(access: SessionAccess) -> dict[str, float]:
    gaps = find_gaps(access, Standard("carers"), PRICES)
    north = gaps.by("cluster").set_index("footprint_id").loc["north"]
    lunch = int(np.flatnonzero(access.sessions["activity_id"] == "A001")[0])
    change = try_changes(access, gaps.standard, lunch, PRICES).best_for(
        np.where(
            gaps.by_origin["zone_code"].isin(zones_of(access.network.area, "north")), gaps.by_origin["unmet_persons"], 0
        )
    )
    assert change is not None
    return {
        "north_people": north["population"],
        "north_met": north["met_persons"],
        "lunch_earlier_min": -change.minutes,
        "lunch_reached_then": change.reached_after_persons,
        "lunch_losing": change.losing_persons,
    }


def evenings(access: SessionAccess) -> dict[str, float]:
    """Gwymon: who gets to some evening session by public transport within the hour, and home from none."""
    area = access.network.area
    in_gwymon = area.origins["zone_code"].isin(zones_of(area, "gwymon")).to_numpy()
    people = area.origins["population"].to_numpy()
    times = access.by_mode["transit"]
    stranded, home = np.zeros(len(people), dtype=bool), np.zeros(len(people), dtype=bool)
    for row in np.flatnonzero(access.sessions["start_s"] >= 18 * 3600 + 1800):
        reason = times.reasons(int(row), 3600)
        arrives = times.out_s[times.out_row[row]] <= 3600
        stranded |= arrives & (reason == Reason.NO_WAY_HOME)
        home |= reason == Reason.REACHABLE
    gaps = find_gaps(access, Standard("singing"), PRICES).by("cluster").set_index("footprint_id")
    return {
        "gwymon_people": people[in_gwymon].sum(),
        "gwymon_stranded": people[in_gwymon & stranded & ~home].sum(),
        "gwymon_no_singing": gaps.loc["gwymon", "unmet_persons"],
    }


def decide(gaps: Gaps) -> dict[str, float]:
    found = answers(Question(gaps, zones_of(gaps.access.network.area, "gwymon"), PRICES))
    figures: dict[str, float] = {}
    for option in found:
        figures[f"{option.kind}_gain"] = option.gaining_persons
        if option.gaining_persons and option.cost_gbp_per_year:
            figures[f"{option.kind}_gbp"] = option.cost_gbp_per_year.middle
            figures[f"{option.kind}_gbp_low"] = option.cost_gbp_per_year.low
            figures[f"{option.kind}_gbp_high"] = option.cost_gbp_per_year.high
            assert option.gbp_per_person is not None
            figures[f"{option.kind}_gbp_per_person"] = option.gbp_per_person.middle
    return figures


def provision(of: list[Catchments]) -> dict[str, float]:
    crafts = next(found for found in of if found.standard.category == "crafts")
    sessions = crafts.sessions
    group = next(
        group
        for group in find_duplication(crafts).groups
        if set(sessions["weekday"].iloc[list(group.sessions)]) == {"wednesday"} and len(group.sessions) >= 5
    )
    alone = single_points(of).iloc[0]
    return {
        "crafts_sessions": len(group.sessions),
        "crafts_people": group.persons_of_all,
        "crafts_lost": max(group.lost_if_stopped),
        "crafts_lost_but_one": group.lost_if_only_one_stays[group.best_kept],
        "alone_people": alone["relying_persons"],
    }


def money(of: list[Catchments]) -> dict[str, float]:
    cliff = find_funding_cliff(of)
    months = cliff.by_month.set_index("month")
    return {
        "activities": len(cliff.endings),
        "activities_with_end": int(cliff.endings["month"].notna().sum()),
        "march_lost": months.loc["2027-03", "cumulative_lost_persons"],
    }


def spread(access: SessionAccess) -> dict[str, float]:
    found = equity(measure("within", access, "arts", within_min=45.0), "cluster", order_by="need").indices
    index = found["concentration"]
    return {"arts_index": index.value, "arts_low": index.low, "arts_high": index.high}


def workers(area: Area) -> dict[str, float]:
    rate = posts_by_cluster(area).set_index("cluster_id")["wte_per_10000_need_weighted"]
    return {"posts_gwymon": rate["gwymon"], "posts_tywyn": rate["tywyn"]}


@pytest.fixture(scope="module")
def figures(demo_area: Area) -> Mapping[str, float]:
    access = there_and_back(AreaNetwork(demo_area), ("transit",))
    of = [find_catchments(access, Standard(category), PRICES) for category in categories(access)]
    carers_gaps = find_gaps(access, Standard("carers"), PRICES)
    parts = (
        carers(access),
        evenings(access),
        decide(carers_gaps),
        provision(of),
        money(of),
        spread(access),
        workers(demo_area),
    )
    return {name: value for part in parts for name, value in part.items()}


@pytest.mark.parametrize(("said", "name"), SAID.findall(PAGE))
def test_figure(figures: Mapping[str, float], said: str, name: str) -> None:
    decimals = len(said.partition(".")[2])
    shown = f"{figures[name]:,.{decimals}f}"
    assert said.replace("−", "-") == shown, f"docs/findings.md says {said} for {name}"


def test_the_page_says_all_its_figures_with_their_names() -> None:
    plain = re.sub(r"<!--.*?-->", "§", PAGE)
    loose = [number for number in re.findall(r"\d[\d,]*\d(?!§|[\d,.]*§)", plain) if "," in number]
    assert not loose, f"figures without a name to derive them by: {loose}"
    assert len(SAID.findall(PAGE)) >= 20
