"""What the indices say, in sentences for readers who have never met one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from access.equity.report import LEAST_RESAMPLED, Equity, Estimate
from access.uncounted import say_uncounted
from geo.words import Message


def figure(value: float, unit: str) -> str:
    """Return a figure of a unit as it is shown, without the unit."""
    return figures_alike((value,), unit)[0]


def figures_alike(values: Sequence[float], unit: str) -> list[str]:
    """Return figures that stand side by side as they are shown, all with as many decimals as the greatest of them needs."""
    shown = [value * 100 if unit == "unit.share" else value for value in values]
    return [_round(value, 2 if max(map(abs, shown)) < 10 else 0) for value in shown]


def _round(value: float, digits: int) -> str:
    return f"{round(value, digits) + 0.0:,.{digits}f}"  # + 0.0: no minus before a zero


def sentences(found: Equity) -> tuple[Message, ...]:
    """Return what can be said, most telling first: fifths, lean, slope, those between people, footprints, and who is left out."""
    unit, figures = found.measured.unit, found.indices
    said = [_fifths(found, unit)]
    if figures["concentration"].is_known or found.zones < LEAST_RESAMPLED:
        said.append(_lean(found, figures["concentration"]))
    if figures["slope"].has_interval and not _is_beyond_all(figures["slope"], unit):
        said.append(_slope(found, figures["slope"], unit))
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
    return (*said, *say_uncounted(found.uncounted_zones, found.measured.group))


def _fifths(found: Equity, unit: str) -> Message:
    value = found.tenths["value"].to_numpy()
    shown = figures_alike((float(np.mean(value[:2])), float(np.mean(value[-2:]))), unit)
    said = (_amount(one, unit.removeprefix("unit.")) for one in shown)
    return Message("equity.fifths", dict(zip(("first", "last"), said, strict=True)) | _sides(found, "most", "least"))


def _amount(shown: str, unit: str) -> Message:
    """Return a figure with its unit: ``points``, or a measure's without ``unit.``; shares are shown in per cent."""
    return Message(f"amount.{unit}", {"value": shown})


def _slope(found: Equity, index: Estimate, unit: str) -> Message:
    """Say by how much access changes from one end to the other; shares differ by percentage points."""
    value, low, high = figures_alike((index.value, index.low, index.high), unit)
    said = _amount(value, "points" if unit == "unit.share" else unit.removeprefix("unit."))
    return Message("equity.slope", {"value": said, "low": low, "high": high} | _sides(found, "most", "least"))


def _is_beyond_all(index: Estimate, unit: str) -> bool:
    """Whether a line would have shares differ by more than 100 points: no share does, so it tells nothing of them."""
    return unit == "unit.share" and max(abs(index.value), abs(index.low), abs(index.high)) > 1


def _sides(found: Equity, *sides: str) -> dict[str, object]:
    """Return the words for the ends of the order: by need or by deprivation, whichever people stand in."""
    return {side: Message(f"equity.by_{found.order_by}.{side}") for side in sides}


def _lean(found: Equity, index: Estimate) -> Message:
    """Say whom access favours; where the interval holds 0, or there is none, that this can't be told."""
    sides, more_is_better = _sides(found, "more", "less"), found.measured.more_is_better
    if found.zones < LEAST_RESAMPLED and not index.has_interval:
        return Message("equity.lean.few", sides | {"counted": found.zones, "least": LEAST_RESAMPLED})
    if not index.has_interval:
        return Message("equity.lean.no_interval", sides | {"value": _round(index.value, 2)})
    lean = "even"
    if index.low > 0 or index.high < 0:
        lean = "least" if (index.low > 0) == more_is_better else "most"
    values = {name: _round(getattr(index, name), 2) for name in ("value", "low", "high")}
    return Message(f"equity.lean.{lean}", sides | values)
