"""What the indices say, in sentences for readers who have never met one."""

from __future__ import annotations

import numpy as np

from access.equity.report import Equity, Estimate
from geo.words import Message


def amount(value: float, unit: str) -> Message:
    """Return a figure with its unit: ``unit`` is a measure's, as ``unit.min``; shares are shown in per cent."""
    return Message(f"amount.{unit.removeprefix('unit.')}", {"value": figure(value, unit)})


def difference(value: float, unit: str) -> Message:
    """Return a difference with its unit: shares differ by percentage points."""
    return Message("amount.points", {"value": figure(value, unit)}) if unit == "unit.share" else amount(value, unit)


def figure(value: float, unit: str) -> str:
    """Return a figure of a unit as it is shown, without the unit."""
    shown = value * 100 if unit == "unit.share" else value
    return _round(shown, 2 if abs(shown) < 10 else 0)


def _round(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:,.{digits}f}"  # + 0.0: no minus before a zero


def sentences(found: Equity) -> tuple[Message, ...]:
    """Return what can be said, most telling first: fifths, lean, slope, those between people, footprints, and who is left out."""
    unit, figures = found.measured.unit, found.indices
    said = [_fifths(found, unit)]
    if figures["concentration"].is_known:
        said.append(_lean(found, figures["concentration"]))
    if figures["slope"].is_known:
        slope = figures["slope"]
        change: dict[str, object] = {"value": difference(slope.value, unit)} | _sides(found, "most", "least")
        if slope.has_interval:
            change |= {"low": figure(slope.low, unit), "high": figure(slope.high, unit)}
        said.append(Message("equity.slope" if slope.has_interval else "equity.slope.no_interval", change))
    if figures["gini"].is_known:
        said.append(Message("equity.gini", {"value": _round(figures["gini"].value, 2)}))
    if figures["palma"].is_known:
        key = "equity.palma.more" if found.measured.more_is_better else "equity.palma.less"
        said.append(Message(key, {"value": _round(figures["palma"].value, 2)}))
    elif found.measured.more_is_better and figures["mean"].value > 0:
        said.append(Message("equity.palma.nothing"))
    if "theil_between" in figures and figures["theil"].value > 0:
        share = figures["theil_between"].value / figures["theil"].value
        said.append(Message("equity.theil", {"percent": f"{100 * share:.0f}"}))
    for key, persons in (("unknown", found.unknown_persons), ("unreachable", found.unreachable_persons)):
        if persons >= 0.5:
            said.append(Message(f"equity.{key}", {"persons": f"{persons:,.0f}"}))
    return tuple(said)


def _fifths(found: Equity, unit: str) -> Message:
    value = found.tenths["value"].to_numpy()
    return Message(
        "equity.fifths",
        {"first": amount(float(np.mean(value[:2])), unit), "last": amount(float(np.mean(value[-2:])), unit)}
        | _sides(found, "most", "least"),
    )


def _sides(found: Equity, *sides: str) -> dict[str, object]:
    """Return the words for the ends of the order: by need or by deprivation, whichever people stand in."""
    return {side: Message(f"equity.by_{found.order_by}.{side}") for side in sides}


def _lean(found: Equity, index: Estimate) -> Message:
    """Say whom access favours; where the interval holds 0, or there is none, that this can't be told."""
    sides, more_is_better = _sides(found, "more", "less"), found.measured.more_is_better
    if not index.has_interval:
        return Message("equity.lean.no_interval", sides | {"value": _round(index.value, 2)})
    lean = "even"
    if index.low > 0 or index.high < 0:
        lean = "least" if (index.low > 0) == more_is_better else "most"
    values = {name: _round(getattr(index, name), 2) for name in ("value", "low", "high")}
    return Message(f"equity.lean.{lean}", sides | values)
