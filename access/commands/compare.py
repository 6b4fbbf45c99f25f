"""``compare``: a footprint against another, or against the median of its peers, on every measure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pandas as pd

from access.commands.arguments import (
    categories_option,
    modes_option,
    open_network,
    out_option,
    rule_options,
    within_option,
)
from access.commands.measure import parameter_options, parameters_given
from access.commands.result import as_text, give
from access.compare import NTH, SLOW, as_table, footprint_figures, measure_name
from access.measures import kinds
from access.query import Mode
from access.sessions import there_and_back
from geo.console import Progress, tell_errors
from geo.profile import LEVELS, Level
from geo.words import say


@click.command()
@click.argument("area")
@click.argument("first")
@click.argument("second", required=False)
@click.option("--level", type=click.Choice(LEVELS), default="cluster", show_default=True)
@categories_option
@click.option(
    "--n",
    "nth",
    multiple=True,
    type=click.IntRange(1, 100),
    default=NTH,
    show_default=True,
    help="Minutes to the n-th option beside the nearest; can be given several times.",
)
@click.option(
    "--measure",
    "measures",
    multiple=True,
    type=click.Choice(sorted(kinds())),
    help=f"Only this measure; can be given several times. Without: all, {', '.join(SLOW)} only if given a window or percentile.",
)
@parameter_options
@modes_option
@within_option
@out_option
@rule_options
@tell_errors
def compare(
    area: str, first: str, second: str | None, level: Level, chosen: tuple[str, ...], nth: tuple[int, ...], modes: tuple[Mode, ...],
    within_min: float, measures: tuple[str, ...], out: Path | None, walk_kmh: float, max_walk: float, max_rides: int, **asked: object,
) -> None:  # fmt: skip
    """Footprint FIRST against SECOND; without SECOND, against the median of its peers."""
    network = open_network(area, walk_kmh, max_walk, max_rides)
    access = there_and_back(network, modes, Progress())
    figures = footprint_figures(
        access, level, categories=chosen, measures=measures, nth=nth, within_min=within_min, modes=modes,
        asked=parameters_given(network, asked),
    )  # fmt: skip
    table = figures.compare(first, second)
    uncounted = figures.uncounted_zones.reindex([first, second] if second else [first])
    made_from = network.provenance(
        command="compare",
        level=level,
        first=first,
        second=second,
        categories=chosen,
        nth=nth,
        within_min=within_min,
        modes=modes,
        measures=measures,
        **asked,
    )
    give(out, as_table(table), made_from, [*_lines(table, first, second or "median of peers"), *_left_out(uncounted)])


def _left_out(uncounted: pd.Series) -> Iterator[str]:
    for footprint, zones in uncounted[uncounted > 0].items():
        yield f"not counted in {footprint}: the people of {zones} zone{'s' if zones > 1 else ''} without a population"


def _lines(table: pd.DataFrame, first: str, second: str) -> Iterator[str]:
    named = table.assign(
        measure=[say(measure_name(name), "en") for name in table["measure"]],
        unit=[say(unit, "en") for unit in table["unit"]],
    ).rename(columns={"first": first, "second": second})
    yield as_text(named.drop(columns=["more_is_better", "problem"]), decimals=3)
    missing = named.dropna(subset="problem")
    for reason, rows in missing.groupby(missing["problem"].map(lambda why: say(why, "en")), sort=False):
        yield f"missing: {', '.join(rows['measure'].unique())}. {reason}"
    if np.isinf(table.select_dtypes("number").to_numpy(np.float64)).any():
        yield "inf: half the people or more reach nothing."
