"""When grants end: who loses what a standard asks for, month by month, by footprint and by funder."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from access.catchments import Loss, say_unknown
from access.counted import minutes_in_full
from access.funding import FundingCliff, month_name
from views import charts, loading
from views.asked import Asked
from views.charts import Bar
from views.language import language, text
from views.numbers import MISSING, count_text, date_text, decimal_text
from views.sections.parts import Row, download, loss_text, name_of, note, say_all, table, with_uncounted, without


def draw(asked: Asked) -> None:
    """Draw the cliff over all kinds of activity, and say what ends in which month, where, and whose money it is."""
    st.subheader(text("section.funding"), anchor="funding")
    note(text("sections.all_categories", minutes=minutes_in_full(asked.gaps.standard.within_min)))
    cliff = loading.funding_of(asked.gaps, asked.figures)
    digest = asked.provenance(funding=True)
    if cliff.endings.empty:
        say_all(cliff.describe())
        return
    if cliff.endings["month"].isna().all():
        say_all([text("funding.nothing_known")])
        return
    _lead(cliff)
    months = [text(month_name(str(month))) for month in cliff.by_month["month"]]
    lost = cliff.by_month["cumulative_lost_persons"]
    if lost.notna().any():
        words = {"lost": text("funding.axis"), "month": text("funding.month_column")}
        st.vega_lite_chart(charts.cliff(months, list(lost), words), alt=text("funding.chart"))
    _months(cliff, months)
    download(asked, cliff.timeline, "funding-months", digest)
    if asked.level:
        _footprints(asked, cliff)
        download(asked, cliff.by(asked.level), f"funding-{asked.level}", digest)
    _funders(cliff)
    download(asked, cliff.by_funder, "funding-funders", digest)


def _lead(cliff: FundingCliff) -> None:
    said = {message.key: message for message in cliff.describe()}  # of the months, which the table tells, the last
    last = cliff.by_month.iloc[-1]
    month = text(month_name(str(last["month"])))
    persons = count_text(last["cumulative_lost_persons"], language())
    lead = said.get("funding.nobody_counted") or text("funding.lead", month=month, persons=persons)
    kept = (
        "funding.known",
        "funding.no_end_known",
        "funding.past",
        "funding.hardest",
        "loss.unknown",
        "people.uncounted",
    )
    say_all([lead, *(said[key] for key in kept if key in said), *say_unknown(cliff.of)])


def _months(cliff: FundingCliff, months: list[str]) -> None:
    found = cliff.by_month
    most = max(float(found["lost_persons"].max()), 1.0)
    rows: list[Row] = [
        [
            month,
            count_text(row["activities_ending"], language()),
            decimal_text(row["sessions_per_week_ending"], language()),
            Bar(count_text(row["lost_persons"], language()), row["lost_persons"] / most),
            loss_text(Loss(row["cumulative_lost_persons"], row["unknown_persons"], 0)),
        ]
        for month, row in zip(months, found.to_dict("records"), strict=True)
        if row["activities_ending"]
    ]
    headers = ("funding.month_column", "funding.activities", "funding.sessions", "funding.lost", "funding.total")
    table(with_uncounted(text("funding.months"), cliff.of[0].uncounted_zones), headers, rows, numeric=(1, 2, 4))


def _footprints(asked: Asked, cliff: FundingCliff) -> None:
    assert asked.level is not None
    found = cliff.by(asked.level)
    last = found[found["month"] == found["month"].iloc[-1]].sort_values("cumulative_lost_persons", ascending=False)
    most = max(float(last["cumulative_lost_persons"].max()), 1.0)
    rows: list[Row] = [
        [
            without(name_of(row), row["uncounted_zones"]),
            Bar(count_text(row["cumulative_lost_persons"], language()), row["cumulative_lost_persons"] / most),
            count_text(row["population"], language()),
            _hardest(row["hardest_category"], row["hardest_lost_persons"]),
        ]
        for row in last.to_dict("records")
    ]
    headers = ("column.name", "funding.total", "column.population", "funding.hardest_column")
    table(text(f"level.{asked.level}"), headers, rows, numeric=(2,))


def _hardest(category: object, persons: float) -> str:
    if not isinstance(category, str):
        return MISSING
    return f"{text(f'category.{category}')}\n{text('funding.persons', persons=count_text(persons, language()))}"


def _funders(cliff: FundingCliff) -> None:
    found = cliff.by_funder
    if found["funder"].isna().all():
        note(text("funding.no_funders"))
        return
    most = max(float(found["lost_persons"].max()), 1.0)
    rows: list[Row] = [
        [
            row["funder"] if isinstance(row["funder"], str) else text("funding.funder_unknown"),
            count_text(row["activities"], language()),
            _until(row["first_end"], row["last_end"]),
            Bar(count_text(row["lost_persons"], language()), row["lost_persons"] / most),
            _hardest(row["hardest_category"], row["hardest_lost_persons"]),
        ]
        for row in found.to_dict("records")
    ]
    headers = ("funding.funder", "funding.activities", "funding.ends", "funding.lost_alone", "funding.hardest_column")
    table(with_uncounted(text("funding.funders"), cliff.of[0].uncounted_zones), headers, rows, numeric=(1,))


def _until(first: pd.Timestamp, last: pd.Timestamp) -> str:
    if pd.isna(first):
        return MISSING
    said = date_text(first.date(), language())
    return said if first == last else text("figures.from_to", first=said, last=date_text(last.date(), language()))
