"""Two footprints side by side, or one beside the middle of its peers; and provision against need for all of them."""

from __future__ import annotations

import math
from typing import get_args

import pandas as pd
import streamlit as st

from access.compare import FootprintFigures, as_table, measure_name
from access.deep_end import DeepEnd, Provision
from geo.words import Message
from views import charts, choices, loading
from views.asked import Asked
from views.charts import Bar
from views.language import language, text
from views.numbers import MISSING, count_text, decimal_text, minutes_text, percent_text
from views.sections.parts import Row, download, name_of, note, say_all, table, without


def draw(asked: Asked) -> None:
    """Ask for one or two footprints, show every measure for them, then the footprints by need."""
    st.subheader(text("section.compare"), anchor="compare")
    if asked.level is None:
        say_all([text("tables.no_footprints")])
        return
    figures = loading.figures_by_footprint(asked.gaps, asked.figures, asked.level)
    shown = asked.area.footprints[asked.area.footprints["level"] == asked.level]
    names = {str(row["footprint_id"]): name_of(row) for row in shown.to_dict("records")}
    if len(names) < 2:
        say_all([text("compare.no_peers")])
        return
    _side_by_side(asked, figures, names)
    _deep_end(asked)


def _side_by_side(asked: Asked, figures: FootprintFigures, names: dict[str, str]) -> None:
    worst = [code for code in asked.gaps.by(figures.level)["footprint_id"] if code in names]
    choices.keep_valid("first", worst)
    left, right = st.columns(2, gap="large")
    with left:
        first = st.selectbox(text("compare.first"), worst, format_func=names.__getitem__, key="first")
    others = [code for code in worst if code != first]
    if st.session_state.get("second") not in others:
        st.session_state["second"] = None
    with right:
        second = st.selectbox(
            text("compare.second"),
            others,
            index=None,
            format_func=names.__getitem__,
            placeholder=text("compare.peers"),
            key="second",
        )
    found = figures.compare(first, second)
    beside = names[second] if second else text("compare.peers")
    headed = {code: without(name, int(figures.uncounted_zones[code])) for code, name in names.items()}
    columns = (headed[first], headed[second] if second else beside)
    headers = (text("compare.measure"), *columns, text("compare.better"), text("compare.rank"))
    kinds = {"first": "met", "second": "unmet", "same": "soft"}
    rows: list[Row] = []
    for row in found.astype({"better": object}).to_dict("records"):
        most = max((abs(row[side]) for side in ("first", "second") if math.isfinite(row[side])), default=0.0)
        kind = kinds.get(row["better"], "soft")
        ahead = {"first": names[first], "second": beside, "same": text("compare.same")}.get(row["better"], MISSING)
        rows.append(
            [
                _named(row["measure"], row["problem"]),
                Bar(_value(row["first"], row["unit"]), row["first"] / (most or 1.0), kind),
                Bar(_value(row["second"], row["unit"]), row["second"] / (most or 1.0), "soft"),
                ahead,
                text("fact.place_of", rank=int(row["rank"]), total=int(row["ranked"]))
                if pd.notna(row["rank"])
                else MISSING,
            ]
        )
    table(text("compare.caption"), headers, rows, numeric=(4,), are_keys=False)
    download(
        asked, as_table(found), f"compare-{first}", asked.provenance(level=figures.level, first=first, second=second)
    )


def _named(measure: str, problem: Message | None) -> str:
    """Return what a row is called and, where nothing in it could be worked out, why below it: there it is read out with the row."""
    return text(measure_name(measure)) if problem is None else f"{text(measure_name(measure))}\n{text(problem)}"


def _value(value: float, unit: str) -> str:
    if unit in ("unit.share", "unit.share_households", "unit.gap"):
        return percent_text(value, language())
    if unit == "unit.min" and math.isinf(value):
        return text("equity.most_reach_nothing")
    if unit == "unit.min":
        return minutes_text(value, language())
    return count_text(value, language()) if unit == "unit.persons" else decimal_text(value, language())


def _deep_end(asked: Asked) -> None:
    st.subheader(text("compare.deep_end"), anchor="deep-end")
    assert asked.level is not None
    found = loading.deep_end_of(asked.gaps, asked.figures, asked.level)
    offered = [one for one in get_args(Provision) if found.table[one].notna().any()]
    choices.keep_valid("provision", offered)
    provision = st.segmented_control(
        text("compare.provision"),
        offered,
        format_func=lambda code: text(f"compare.{code}"),
        key="provision",
        required=True,
        wrap=True,
    )
    assert provision is not None  # a choice is required
    say_all([found.describe(provision)])
    note(text("compare.deep_end_read"))
    _scatter(found, provision)
    most = float(found.table[provision].max())
    rows: list[Row] = [
        [
            without(name_of(row), row["uncounted_zones"]),
            Bar(f"{row['mean_need']:.2f}", row["mean_need"], "plain"),
            Bar(decimal_text(row[provision], language()), row[provision] / (most or 1.0), "met"),
            count_text(row["population"], language()),
        ]
        for row in found.table.to_dict("records")
    ]
    table(
        text("compare.deep_end_caption"),
        ("column.name", "column.need", f"compare.{provision}", "column.population"),
        rows,
        numeric=(3,),
    )
    download(asked, found.table, f"deep-end-{asked.level}", asked.provenance(deep_end=asked.level))


def _scatter(found: DeepEnd, provision: Provision) -> None:
    known = found.table.dropna(subset=["mean_need", provision, "population"])
    points = [
        {"name": name_of(row), "need": row["mean_need"], "value": row[provision], "people": row["population"]}
        for row in known.to_dict("records")
    ]
    slope, at_none, _ = found.line(provision)
    words = {key: text(f"compare.{key}") for key in ("axis_need", "axis_people")} | {
        "axis_value": text(f"compare.{provision}")
    }
    st.vega_lite_chart(charts.scatter(points, slope, at_none, words), alt=text("compare.deep_end_chart"))
