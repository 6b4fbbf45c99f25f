"""Draw for people who read no charts: bars and ranges inside tables, and two drawings of lines that Vega-Lite makes in the browser."""

from __future__ import annotations

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
        width = min(max(self.share, 0.0), 1.0) if self.share == self.share else 0.0
        drawn = f'<span class="track" aria-hidden="true"><span class="{escape(self.kind)}" style="width:{100 * width:.2f}%"></span></span>'
        return f'<span class="figure">{escape(self.words)}</span>{drawn}'


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
    points = [{"x": float(x), "y": float(y)} for x, y in curve[["people_share", "value_share"]].itertuples(index=False)]
    shares = {"format": ".0%", "tickCount": 5, "grid": True, "gridColor": "#e4e8e7"}
    x = {"field": "x", "type": "quantitative", "title": words["people"], "axis": shares, "scale": {"domain": [0, 1]}}
    y = {"field": "y", "type": "quantitative", "title": words["value"], "axis": shares, "scale": {"domain": [0, 1]}}
    tip = [
        {"field": "x", "format": ".0%", "title": words["people"]},
        {"field": "y", "format": ".0%", "title": words["value"]},
    ]
    equal = {
        "data": {"values": [{"x": 0, "y": 0}, {"x": 1, "y": 1}]},
        "mark": {"type": "line", "color": SOFT, "strokeDash": [6, 4], "strokeWidth": 1.5},
        "encoding": {"x": x, "y": y},
    }
    actual = {
        "data": {"values": points},
        "mark": {"type": "line", "color": UNMET, "strokeWidth": 3, "tooltip": True},
        "encoding": {"x": x, "y": y, "tooltip": tip},
    }
    return {
        "layer": [equal, actual, _label(0.34, 0.42, words["equal"], SOFT), _label_at(points, words["actual"])],
        **_frame(340),
    }


def _label_at(points: list[dict[str, float]], words: str) -> dict[str, Any]:
    near = min(points, key=lambda point: abs(point["x"] - 0.62))
    return _label(near["x"] + 0.03, near["y"] - 0.05, words, UNMET, align="left")


def _label(x: float, y: float, words: str, colour: str, align: str = "right") -> dict[str, Any]:
    return {
        "data": {"values": [{"x": x, "y": y, "words": words}]},
        "mark": {"type": "text", "align": align, "color": "#a34508" if colour == UNMET else colour, "fontSize": 13},
        "encoding": {
            "x": {"field": "x", "type": "quantitative"},
            "y": {"field": "y", "type": "quantitative"},
            "text": {"field": "words"},
        },
    }


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
            "title": words["lost"],
            "axis": {"format": ",.0f", "tickCount": 5, "gridColor": "#e4e8e7"},
        },
        "tooltip": [
            {"field": "month", "title": words["month"]},
            {"field": "lost", "format": ",.0f", "title": words["lost"]},
        ],
    }
    mark = {"type": "bar", "color": UNMET, "width": {"band": 1.0}}
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding, **_frame(300)}


def _frame(height_px: int) -> dict[str, Any]:
    config = {
        "axis": {
            "labelColor": SOFT,
            "titleColor": SOFT,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
        }
    }
    return {"height": height_px, "background": "transparent", "config": config | {"view": {"stroke": None}}}
