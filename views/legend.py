"""Shade zones: values → classes, colours that colour-blind readers can tell apart, and a legend in either language.

Palettes: ColorBrewer YlOrBr and BuPu (Brewer, 2003) and cividis (Nuñez et al., 2018), light to dark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.words import Language, say
from views.numbers import count_text, decimal_text, percent_text

Layer = Literal["unmet_share", "unmet_persons", "sessions", "places", "need", "deprivation"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
PROVISION: Mapping[Layer, str] = {"sessions": "within", "places": "two_step"}  # layer → measure

NONE_UNMET = "#eef5f2"
UNMET = (NONE_UNMET, "#fee391", "#fec44f", "#fe9929", "#d95f0e", "#993404")
NEED = ("#edf8fb", "#b3cde3", "#8c96c6", "#8856a7", "#6a1b72")
OFFERED = ("#f1eee8", "#d0e6c9", "#8fcb9b", "#3d9c73", "#16705a", "#053b33")
DEPRIVATION = ("#00224e", "#414d6b", "#7d7c78", "#bcae6c", "#fee838")  # dark: most deprived
SHARE_EDGES = (0.1, 0.25, 0.5, 0.75)
QUINTILES = 5


@dataclass(frozen=True)
class Shading:
    """One layer's colours: a class per known zone, what each zone says, and the legend's entries (colour, text)."""

    title: str
    colours: tuple[str, ...]
    labels: tuple[str, ...]
    classes: Mapping[str, int]
    texts: Mapping[str, str]
    has_unknown: bool


def shade(zones: pd.DataFrame, layer: Layer, language: Language) -> Shading:
    """Shade ``zones`` (``zone_code, unmet_persons, met_persons, need, deprivation_decile``, and a column of a provision layer).

    Shares are of the people whose access is known. A zone without a known value has no class, and is drawn hatched.
    """
    known = zones["unmet_persons"] + zones["met_persons"]
    if layer == "unmet_share":
        values = (zones["unmet_persons"] / known.where(known > 0)).to_numpy(np.float64)
    elif layer == "unmet_persons":
        values = zones["unmet_persons"].where(known > 0).to_numpy(np.float64)
    else:
        values = zones["deprivation_decile" if layer == "deprivation" else layer].to_numpy(np.float64)
    drawn = DRAWN[layer](values, language)
    shown = [
        (str(code), int(drawn.classes[row]), drawn.say_one(values[row]))
        for row, code in enumerate(zones["zone_code"])
        if np.isfinite(values[row])
    ]
    return Shading(
        title=say(f"layer_title.{layer}", language),
        colours=drawn.colours,
        labels=drawn.labels,
        classes={code: of for code, of, _ in shown},
        texts={code: words for code, _, words in shown},
        has_unknown=len(shown) < len(zones),
    )


@dataclass(frozen=True)
class _Drawn:
    """Classes, colours and labels of a layer, and what one value is said to be."""

    classes: NDArray[np.int64]
    colours: tuple[str, ...]
    labels: tuple[str, ...]
    say_one: Callable[[float], str]


def _shares(values: NDArray[np.float64], language: Language) -> _Drawn:
    edges = np.array(SHARE_EDGES)
    texts = [percent_text(edge, language) for edge in SHARE_EDGES]
    classes, labels = _classes(values, edges, texts, percent_text(1.0, language), language)
    return _Drawn(
        classes, UNMET, labels, lambda v: say("legend.share_of_zone", language, share=percent_text(v, language))
    )


def _persons(values: NDArray[np.float64], language: Language) -> _Drawn:
    edges = round_edges(values)
    classes, labels = _classes(values, edges, [count_text(edge, language) for edge in edges], None, language)
    return _Drawn(
        classes, UNMET, labels, lambda v: say("legend.persons_of_zone", language, persons=count_text(v, language))
    )


def _need(values: NDArray[np.float64], language: Language) -> _Drawn:
    labels = tuple(say(f"legend.need_{i + 1}", language) for i in range(QUINTILES))
    return _Drawn(_quintiles(values), NEED, labels, lambda v: say("legend.need_of_zone", language, need=f"{v:.2f}"))


def _offered(values: NDArray[np.float64], language: Language, layer: str) -> _Drawn:
    edges = round_edges(values, least=1)
    texts = [count_text(edge, language) for edge in edges]
    classes, labels = _classes(values, edges, texts, None, language, "legend.nothing")
    return _Drawn(
        classes, OFFERED, labels, lambda v: say(f"legend.{layer}_of_zone", language, value=decimal_text(v, language))
    )


def _sessions(values: NDArray[np.float64], language: Language) -> _Drawn:
    return _offered(values, language, "sessions")


def _places(values: NDArray[np.float64], language: Language) -> _Drawn:
    return _offered(values, language, "places")


def _deprivation(values: NDArray[np.float64], language: Language) -> _Drawn:
    classes = ((np.nan_to_num(values, nan=1.0) - 1) // 2).astype(np.int64)  # two deciles to a class
    labels = tuple(say(f"legend.deprivation_{i + 1}", language) for i in range(QUINTILES))
    return _Drawn(classes, DEPRIVATION, labels, lambda v: say("legend.decile_of_zone", language, decile=int(v)))


DRAWN: Mapping[Layer, Callable[[NDArray[np.float64], Language], _Drawn]] = {
    "unmet_share": _shares,
    "unmet_persons": _persons,
    "sessions": _sessions,
    "places": _places,
    "need": _need,
    "deprivation": _deprivation,
}


def round_edges(values: NDArray[np.float64], least: float = 100.0) -> NDArray[np.float64]:
    """Return four rising edges (1, 2, 2.5 or 5 times a power of ten) near the quintiles of the values above nought."""
    above = values[np.isfinite(values) & (values > 0)]
    if not above.size:
        return np.array([1.0, 2.0, 5.0, 10.0]) * least
    edges: list[float] = []
    for wanted in np.quantile(above, [0.2, 0.4, 0.6, 0.8]):
        near = [step * 10.0**power for power in range(8) for step in (1, 2, 2.5, 5) if step * 10**power % 1 == 0]
        later = [edge for edge in near if not edges or edge > edges[-1]]
        edges.append(min(later, key=lambda edge: abs(edge - wanted)))
    return np.array(edges)


def legend_html(shading: Shading, language: Language) -> str:
    """Return the legend as a list with swatches; every text in it is escaped."""
    entries = list(zip(shading.colours, shading.labels, strict=True))
    swatches = [
        f'<li><span class="swatch" style="background:{colour}"></span>{escape(label)}</li>' for colour, label in entries
    ]
    if shading.has_unknown:
        swatches.append(f'<li><span class="swatch hatched"></span>{escape(say("legend.unknown", language))}</li>')
    lines = [
        ("venue", "legend.venue"),
        ("rail", "legend.rail"),
        ("bus", "legend.bus"),
        ("footprint", "legend.footprint"),
    ]
    drawn = [f'<li><span class="sign {sign}"></span>{escape(say(key, language))}</li>' for sign, key in lines]
    return (
        f'<div class="legend"><p>{escape(shading.title)}</p><ul>{"".join(swatches)}</ul><ul>{"".join(drawn)}</ul></div>'
    )


def _classes(
    values: NDArray[np.float64], edges: NDArray[np.float64], texts: list[str], last: str | None, language: Language,
    nothing: str = "legend.nobody",
) -> tuple[NDArray[np.int64], tuple[str, ...]]:  # fmt: skip
    """Class 0 is nobody, or nothing; then up to and with each edge, and above the last."""
    filled = np.nan_to_num(values)
    classes = np.where(filled <= 0, 0, 1 + np.searchsorted(edges, filled, side="left"))
    between = [say("legend.between", language, low=low, high=high) for low, high in pairwise(texts)]
    top = (
        say("legend.above", language, low=texts[-1])
        if last is None
        else say("legend.between", language, low=texts[-1], high=last)
    )
    return classes, (say(nothing, language), say("legend.up_to", language, high=texts[0]), *between, top)


def _quintiles(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return 0 … 4 by rank among the known values, equal values together; unknown ones get 0 and are not drawn."""
    ranks = pd.Series(values).rank(method="average", pct=True).to_numpy()
    return np.clip(np.ceil(np.nan_to_num(ranks, nan=0.1) * QUINTILES) - 1, 0, QUINTILES - 1).astype(np.int64)
