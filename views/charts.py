"""Draw for people who read no charts: bars and ranges inside tables, and two drawings of lines that Vega-Lite makes in the browser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

MET, UNMET, INK, SOFT = "#4d9080", "#d95f0e", "#0b5563", "#48585c"


@dataclass(frozen=True)
class Bar:
    """A cell that says a figure and draws it: ``share`` of the full width, 0 to 1; nothing is drawn where it is not known."""

    words: str
    share: float
    kind: str = "unmet"

    def html(self) -> str:
        """Return the cell's inside."""
        figure = f'<span class="figure">{escape(self.words)}</span>'
        if not math.isfinite(self.share):  # an empty track would look like nought
            return figure
        width = min(max(self.share, 0.0), 1.0)
        drawn = f'<span class="track" aria-hidden="true"><span class="{escape(self.kind)}" style="width:{100 * width:.2f}%"></span></span>'
        return figure + drawn


@dataclass(frozen=True)
class Span:
    """A cell that says a range and draws it on a line from 0 to 1, with a dot at ``at``."""

    words: str
    low: float
    at: float
    high: float

    def html(self) -> str:
        """Return the cell's inside."""
        line = f"left:{100 * self.low:.2f}%;width:{100 * (self.high - self.low):.2f}%"
        return (
            f'<span class="figure">{escape(self.words)}</span><span class="track" aria-hidden="true">'
            f'<span class="reach" style="{line}"></span><span class="dot" style="left:{100 * self.at:.2f}%"></span></span>'
        )


def concentration_curve(curve: pd.DataFrame, words: dict[str, str]) -> dict[str, Any]:
    """Return a Vega-Lite drawing of a concentration curve (``people_share, value_share``) beside the line of equal shares.

    ``words``: ``people``, ``value`` (titles of the axes), ``equal`` and ``actual`` (names of the lines).
    """
    points = [
        {"x": float(x), "y": float(y), "line": words["actual"]}
        for x, y in curve[["people_share", "value_share"]].itertuples(index=False)
    ]
    points += [{"x": at, "y": at, "line": words["equal"]} for at in (0.0, 1.0)]
    shares = {"format": ".0%", "tickCount": 5, "grid": True, "gridColor": "#e4e8e7"}
    scale = {"domain": [0, 1]}
    lines = [words["actual"], words["equal"]]
    legend = {"orient": "top", "title": None, "labelFontSize": 13, "labelLimit": 400, "symbolSize": 400}
    tip = [{"field": axis, "format": ".0%", "title": words[name]} for axis, name in (("x", "people"), ("y", "value"))]
    encoding = {
        "x": {"field": "x", "type": "quantitative", "title": words["people"], "axis": shares, "scale": scale},
        "y": {"field": "y", "type": "quantitative", "title": None, "axis": shares, "scale": scale},
        "color": {"field": "line", "scale": {"domain": lines, "range": [UNMET, SOFT]}, "legend": legend},
        "strokeDash": {"field": "line", "scale": {"domain": lines, "range": [[1, 0], [6, 4]]}},
        "strokeWidth": {"field": "line", "scale": {"domain": lines, "range": [3, 1.5]}},
        "tooltip": tip,
    }
    return {"data": {"values": points}, "mark": {"type": "line"}, "encoding": encoding, **_frame(360, words["value"])}


def cliff(months: Sequence[str], lost: Sequence[float], words: dict[str, str]) -> dict[str, Any]:
    """Return a Vega-Lite drawing of how many people have lost access by the end of each month, as a stair."""
    rows = [{"month": month, "lost": value} for month, value in zip(months, lost, strict=True)]
    every = max(1, -(-len(months) // 12))
    axis = {"values": list(months)[::every], "labelAngle": -40, "labelLimit": 160}
    encoding = {
        "x": {"field": "month", "type": "ordinal", "sort": None, "title": None, "axis": axis},
        "y": {
            "field": "lost",
            "type": "quantitative",
            "title": None,
            "axis": {"format": ",.0f", "tickCount": 5, "gridColor": "#e4e8e7"},
        },
        "tooltip": [
            {"field": "month", "title": words["month"]},
            {"field": "lost", "format": ",.0f", "title": words["lost"]},
        ],
    }
    mark = {"type": "bar", "color": UNMET, "width": {"band": 1.0}}
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding, **_frame(300, words["lost"])}


def scatter(points: Sequence[dict[str, Any]], slope: float, at_none: float, words: dict[str, str]) -> dict[str, Any]:
    """Return a Vega-Lite drawing of provision (``value``) against ``need``, a circle for each footprint as large as its ``people``.

    The line has that slope and that value without need; it is left out where either is not known.
    """
    needs = [float(point["need"]) for point in points]
    low, high = max(min(needs, default=0.0) - 0.05, 0.0), min(max(needs, default=1.0) + 0.12, 1.0)
    x = {
        "field": "need",
        "type": "quantitative",
        "title": words["axis_need"],
        "scale": {"domain": [low, high]},
        "axis": {"grid": False},
    }
    y = {
        "field": "value",
        "type": "quantitative",
        "title": None,
        "axis": {"gridColor": "#e4e8e7", "tickCount": 5},
    }
    tip = [
        {"field": "name", "title": " "},
        {"field": "need", "format": ".2f", "title": words["axis_need"]},
        {"field": "value", "format": ".2f", "title": words["axis_value"]},
        {"field": "people", "format": ",.0f", "title": words["axis_people"]},
    ]
    size = {"field": "people", "type": "quantitative", "legend": None, "scale": {"range": [80, 900], "zero": True}}
    circles = {
        "data": {"values": list(points)},
        "mark": {"type": "circle", "color": INK, "opacity": 0.75},
        "encoding": {"x": x, "y": y, "size": size, "tooltip": tip},
    }
    names = {
        "data": {"values": list(points)},
        "mark": {"type": "text", "align": "left", "dx": 20, "fontSize": 13, "color": "#1c2b30"},
        "encoding": {"x": x, "y": y, "text": {"field": "name"}},
    }
    layers: list[dict[str, Any]] = [circles, names]
    if math.isfinite(slope + at_none) and points:
        ends = [{"need": at, "value": at_none + slope * at} for at in (min(needs), max(needs))]
        mark = {"type": "line", "color": UNMET, "strokeDash": [6, 4], "strokeWidth": 2}
        layers.insert(0, {"data": {"values": ends}, "mark": mark, "encoding": {"x": x, "y": y}})
    return {"layer": layers, **_frame(360, words["axis_value"])}


def _frame(height_px: int, title: str) -> dict[str, Any]:
    """Return what all drawings have: the upright axis is named above it, where words have room."""
    axis = {
        "labelColor": SOFT,
        "titleColor": SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    above = {"text": title, "anchor": "start", "color": SOFT, "fontSize": 12, "fontWeight": "normal", "offset": 10}
    config = {"axis": axis, "view": {"stroke": None}}
    return {"height": height_px, "title": above, "background": "transparent", "config": config}
