"""Every figure of docs/findings.md is derived anew: ``14:30<!--name-->`` in the page is ``figures()["name"]`` here.

A figure is a number, a time of day, a date or a month. One that has no name is told from the text and fails: no digit may stand there
without, nor may a number from two on be written out. Names of files and the numbers of the sections, which count up, are none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from access.catchments import Catchments, categories, find_catchments
from access.costs import read_prices
from access.duplication import find_duplication
from access.equity import equity
from access.equity.report import INTERVAL
from access.funding import find_funding_cliff
from access.gaps import Gaps, find_gaps
from access.measures import measure
from access.mode_times import Reason
from access.network import AreaNetwork
from access.options import Question, answers
from access.posts import PER, posts_by_cluster
from access.query import Standard
from access.reliance import single_points
from access.sessions import SessionAccess, there_and_back
from access.smallest_change import try_changes
from geo.area import Area
from tests.demo_feeds import Feed, clock, demo_feed, from_to, rides, waits

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "findings.md").read_text(encoding="utf-8")
SAID = re.compile(r"(\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]+ \d{4}|\d\d:\d\d|[−-]?[\d,.]*\d)<!--(\w+)-->")
NO_FIGURE = re.compile(r"`[^`\n]*`|^## \d+\. ", re.MULTILINE)
TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
LOOSE = re.compile(
    r"[^\s|(]*\d[^\s|)]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|dozen|hundred|thousand|million"
    rf"|{TENS})s?\b",
    re.IGNORECASE,
)
PRICES = read_prices(date(2026, 10, 13))
EVENING_FROM_S = 18 * 3600 + 1800
EVENING_WITHIN_MIN = 60


Figure = float | str


def zones_of(area: Area, cluster: str) -> tuple[str, ...]:
    return tuple(area.zone_footprints.index[area.zone_footprints["cluster"] == cluster])


def asked(area: Area) -> dict[str, Figure]:
    """Return what every figure of the page is asked for, unless it says otherwise."""
    on = area.profile.service_date
    return {"within_min": Standard("carers").within_min, "service_date": f"{on.day} {on:%B %Y}"}


def carers(access: SessionAccess, bus: Feed) -> dict[str, Figure]:
    """Return the North's carers, their lunch as the directory has it, and the last bus of its day from there."""
    gaps = find_gaps(access, Standard("carers"), PRICES)
    north = gaps.by("cluster").set_index("footprint_id").loc["north"]
    lunch = int(np.flatnonzero(access.sessions["activity_id"] == "A001")[0])
    change = try_changes(gaps, lunch, PRICES).best_for(
        np.where(
            gaps.by_origin["zone_code"].isin(zones_of(access.network.area, "north")), gaps.by_origin["unmet_persons"], 0
        )
    )
    assert change is not None
    held = access.sessions.iloc[lunch]
    thursday = access.network.area.profile.service_date + timedelta(days=2)
    leaving = rides(bus.on(thursday), "sarn-badrig", "marchnad", 700)
    of_trip = bus.calls.drop_duplicates("trip_id").set_index("trip_id")
    return {
        "lunch_ends": clock(held["end_s"] / 60),
        "lunch_places": held["capacity"],
        "lunch_last_bus": clock(leaving.iloc[-1]),
        "lunch_line": str(of_trip.loc[leaving.index[-1], "route_short_name"]),
        "north_people": north["population"],
        "north_met": north["met_persons"],
        "lunch_earlier_min": -change.minutes,
        "lunch_reached_then": change.reached_after_persons,
        "lunch_losing": change.losing_persons,
    }


def evenings(access: SessionAccess, bus: Feed) -> dict[str, Figure]:
    """Gwymon: who gets to some evening session by public transport within the hour, and home from none."""
    area = access.network.area
    in_gwymon = area.origins["zone_code"].isin(zones_of(area, "gwymon")).to_numpy()
    people = area.origins["population"].to_numpy()
    times = access.by_mode["transit"]
    stranded, home = np.zeros(len(people), dtype=bool), np.zeros(len(people), dtype=bool)
    for row in np.flatnonzero(access.sessions["start_s"] >= EVENING_FROM_S):
        reason = times.reasons(int(row), EVENING_WITHIN_MIN * 60)
        arrives = times.out_s[times.out_row[row]] <= EVENING_WITHIN_MIN * 60
        stranded |= arrives & (reason == Reason.NO_WAY_HOME)
        home |= reason == Reason.REACHABLE
    gaps = find_gaps(access, Standard("singing"), PRICES).by("cluster").set_index("footprint_id")
    up = from_to(bus.on(area.profile.service_date), "caer", "blaengwymon", 700)
    (headway_min,) = waits(up)
    return {
        "gwymon_last_bus": clock(up[-1]),
        "gwymon_headway_min": headway_min,
        "evening_within_min": EVENING_WITHIN_MIN,
        "gwymon_people": people[in_gwymon].sum(),
        "gwymon_stranded": people[in_gwymon & stranded & ~home].sum(),
        "gwymon_no_singing": gaps.loc["gwymon", "unmet_persons"],
    }


def decide(gaps: Gaps) -> dict[str, Figure]:
    found = answers(Question(gaps, zones_of(gaps.access.network.area, "gwymon"), PRICES))
    figures: dict[str, Figure] = {"answers": len(found)}
    for option in found:
        figures[f"{option.kind}_gain"] = option.gaining_persons
        if option.gaining_persons and option.cost_gbp_per_year:
            figures[f"{option.kind}_gbp"] = option.cost_gbp_per_year.middle
            figures[f"{option.kind}_gbp_low"] = option.cost_gbp_per_year.low
            figures[f"{option.kind}_gbp_high"] = option.cost_gbp_per_year.high
            assert option.gbp_per_person is not None
            figures[f"{option.kind}_gbp_per_person"] = option.gbp_per_person.middle
    return figures


def provision(of: list[Catchments]) -> dict[str, Figure]:
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
        "crafts_lost": group.most_if_stopped.persons,
        "crafts_lost_but_one": group.lost_if_only_one_stays[group.best_kept].persons,
        "alone_people": alone["relying_persons"],
    }


def money(of: list[Catchments]) -> dict[str, Figure]:
    cliff = find_funding_cliff(of)
    months = cliff.by_month.set_index("month")
    worst = str(months["lost_persons"].idxmax())
    return {
        "activities": len(cliff.endings),
        "activities_with_end": int(cliff.endings["month"].notna().sum()),
        "worst_month": f"{pd.Period(worst):%B %Y}",
        "worst_month_lost": months.loc[worst, "cumulative_lost_persons"],
    }


def spread(access: SessionAccess) -> dict[str, Figure]:
    found = equity(measure("within", access, "arts", within_min=45.0), "cluster", order_by="need").indices
    index = found["concentration"]
    return {
        "arts_index": index.value,
        "arts_low": index.low,
        "arts_high": index.high,
        "sure_percent": INTERVAL[1] - INTERVAL[0],
    }


def workers(area: Area) -> dict[str, Figure]:
    rate = posts_by_cluster(area).set_index("cluster_id")["wte_per_10000_need_weighted"]
    return {"posts_per": PER, "posts_gwymon": rate["gwymon"], "posts_tywyn": rate["tywyn"]}


def loose_figures(page: str) -> list[str]:
    """Return the figures of a page that have no name to derive them by."""
    return LOOSE.findall(NO_FIGURE.sub("", SAID.sub("", page)))


@pytest.fixture(scope="module")
def figures(demo_area: Area) -> Mapping[str, Figure]:
    access = there_and_back(AreaNetwork(demo_area), ("transit",))
    of = [find_catchments(access, Standard(category), PRICES) for category in categories(access)]
    carers_gaps = find_gaps(access, Standard("carers"), PRICES)
    bus = demo_feed("bus")
    parts = (
        asked(demo_area),
        carers(access, bus),
        evenings(access, bus),
        decide(carers_gaps),
        provision(of),
        money(of),
        spread(access),
        workers(demo_area),
    )
    return {name: value for part in parts for name, value in part.items()}


@pytest.mark.parametrize(("said", "name"), SAID.findall(PAGE))
def test_figure(figures: Mapping[str, Figure], said: str, name: str) -> None:
    value = figures[name]
    shown = value if isinstance(value, str) else f"{value:,.{len(said.partition('.')[2])}f}"
    assert said.replace("−", "-") == shown, f"docs/findings.md says {said} for {name}"


def test_the_page_says_all_its_figures_with_their_names(figures: Mapping[str, Figure]) -> None:
    loose = loose_figures(PAGE)
    assert not loose, f"figures without a name to derive them by: {loose}"
    assert {name for _, name in SAID.findall(PAGE)} == set(figures)  # nor is one derived that the page has dropped


def test_the_sections_count_up() -> None:
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", PAGE, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("said", "loose"),
    [
        ("The last bus leaves at 19:05.", ["19:05."]),
        ("See line 7, of 12,345 people.", ["7,", "12,345"]),
        ("Between −0.07 and £1.50 (95 %)", ["−0.07", "£1.50", "95"]),
        ("A bus every twenty minutes for fifteen weeks", ["twenty", "fifteen"]),
        ("In March 2027 five end", ["2027", "five"]),
        ("| taxi | 3,184 |", ["3,184"]),
        ("## 1. Carers of `data/2.csv`: on 13 October 2026<!--service_date--> one of 1,234.5<!--people--> at 14:30<!--ends-->.", []),
    ],
)  # fmt: skip
def test_a_figure_without_a_name_is_told(said: str, loose: list[str]) -> None:
    assert loose_figures(said) == loose
