"""How fair access is: by deprivation in tenths of people, as a curve, and in the indices that papers use."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from access.equity.report import Equity
from access.equity.sentences import figure, sentences
from access.query import NotComputable
from views import charts, choices, loading
from views.asked import Asked
from views.charts import Bar
from views.language import language, text
from views.numbers import MISSING, decimal_text, percent_text
from views.sections.parts import Row, download, name_of, note, say_all, table, without


def draw(asked: Asked) -> None:
    """Say whom access favours, draw it two ways, and give the indices with their intervals."""
    st.subheader(text("section.equity"), anchor="equity")
    name = st.segmented_control(
        text("choose.measure"),
        choices.MEASURES,
        format_func=lambda code: text(f"measure.{code}"),
        key="measure",
        required=True,
        wrap=True,
    )
    try:
        found = loading.equity_of(asked.gaps, asked.figures, name or choices.MEASURES[0], asked.level)
    except NotComputable as error:
        say_all([error.why])
        return
    said = sentences(found)
    say_all(said[:3])
    for one in found.measured.notes:
        note(text(one))
    with st.container(key="side-by-side"):  # style.css puts them one below the other where the page is narrow
        left, right = st.columns([3, 2], gap="large")
    with left:
        _tenths(found)
    with right:
        _curve(found)
    digest = asked.provenance(measure=name, level=asked.level)
    download(asked, found.tenths, f"equity-{name}-tenths", digest)
    st.subheader(text("equity.indices"), anchor="indices")
    _indices(found)
    if said[3:]:
        st.html('<ul class="said">' + "".join(f"<li>{escape(text(one))}</li>" for one in said[3:]) + "</ul>")
    download(asked, found.as_table(), f"equity-{name}-indices", digest)
    if found.groups is not None and asked.level:
        _groups(asked, found)
        download(asked, found.groups, f"equity-{name}-{asked.level}", digest)


def _tenths(found: Equity) -> None:
    value, unit = found.tenths["value"], found.measured.unit
    most = float(value.max()) if found.measured.unit != "unit.share" else 1.0
    kind = "met" if found.measured.more_is_better else "unmet"
    rows: list[Row] = [
        [text(f"tenth.{tenth}"), Bar(_figure(of, unit), of / (most or 1.0), kind), percent_text(so_far, language())]
        for tenth, of, so_far in found.tenths[["tenth", "value", "value_share_so_far"]].itertuples(index=False)
    ]
    headers = ("equity.tenth", f"measure.{found.measured.name}", "equity.so_far")
    table(text("equity.tenths"), headers, rows, numeric=(2,))


def _figure(value: float, unit: str) -> str:
    return figure(value, unit) + ("%" if unit == "unit.share" else "")


def _curve(found: Equity) -> None:
    if found.curve["value_share"].isna().any():
        note(text("equity.no_curve"))
        return
    measure = text(f"measure.{found.measured.name}")
    words = {
        "people": text("equity.axis_people"),
        "value": text("equity.axis_value"),
        "equal": text("equity.line_equal"),
        "actual": text("equity.line_actual"),
    }
    st.html(f'<p class="note">{escape(text("equity.curve", measure=measure))}</p>')
    st.vega_lite_chart(charts.concentration_curve(found.curve, words), alt=text("equity.curve", measure=measure))
    note(text("equity.curve_more" if found.measured.more_is_better else "equity.curve_less"))


def _indices(found: Equity) -> None:
    rows: list[Row] = [
        [
            f"{text(f'index.{name}')}\n{text(f'index_help.{name}')}",
            decimal(one.value),
            interval(one.low, one.high),
        ]
        for name, one in found.indices.items()
    ]
    table(text("equity.indices_caption"), ("equity.index", "equity.value", "equity.interval"), rows, numeric=(1, 2))


def decimal(value: float) -> str:
    """Return a figure of an index: three figures below 1, else as usual."""
    return f"{value + 0.0:.3f}" if abs(value) < 1 else decimal_text(value, language())


def interval(low: float, high: float) -> str:
    """Return a range in words, or a dash where either end is not known."""
    if not math.isfinite(low + high):
        return MISSING
    return text("number.range_words", low=decimal(low), high=decimal(high))


def _groups(asked: Asked, found: Equity) -> None:
    assert found.groups is not None
    shown = found.groups.sort_values(["value", "reachable_share"], ascending=not found.measured.more_is_better)
    most = float(np.nan_to_num(shown["value"].max()))
    kind = "met" if found.measured.more_is_better else "unmet"
    rows: list[Row] = [
        [
            without(name_of(row), row["uncounted_zones"]),
            Bar(of_group(row, found.measured.unit), row["value"] / (most or 1.0), kind),
        ]
        for row in shown.to_dict("records")
    ]
    table(text(f"level.{asked.level}"), ("column.name", f"measure.{found.measured.name}"), rows)


def of_group(row: Mapping[Hashable, Any], unit: str) -> str:
    """Return a footprint's figure; those without are not left out, as they may be the worst served: of times the median is none there."""
    if math.isfinite(row["value"]):
        return _figure(row["value"], unit)
    return text("equity.most_reach_nothing") if math.isfinite(row["reachable_share"]) else MISSING
