"""``compare``: a footprint against another, or against the median of its peers, on every measure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pandas as pd

from access.catchments import categories
from access.commands.arguments import categories_option, open_network, out_option, rule_options
from access.commands.asked import need_asked, standard_asked, standard_options, weight_option
from access.commands.measure import parameter_options, parameters_given
from access.commands.result import as_text, give
from access.compare import NTH, SLOW, as_table, footprint_figures, measure_name
from access.gaps import find_gaps
from access.measures import kinds
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
@standard_options
@weight_option
@out_option
@rule_options
@tell_errors
def compare(
    area: str, first: str, second: str | None, level: Level, chosen: tuple[str, ...], nth: tuple[int, ...], measures: tuple[str, ...],
    out: Path | None, walk_kmh: float, max_walk: float, max_rides: int, **asked: object,
) -> None:  # fmt: skip
    """Footprint FIRST against SECOND; without SECOND, against the median of its peers."""
    said, network = standard_asked(), open_network(area, walk_kmh, max_walk, max_rides)
    need, prices = need_asked(network.area), said.prices(network.area)
    access = there_and_back(network, said.modes, Progress())
    standards = [said.of(category) for category in chosen or categories(access)]
    figures = footprint_figures(
        access, level, categories=chosen, measures=measures, nth=nth, within_min=said.within_min, modes=said.modes,
        asked=parameters_given(network, asked), need=need,
        answered=[find_gaps(access, standard, prices, need) for standard in standards],
    )  # fmt: skip
    table = figures.compare(first, second)
    uncounted = figures.uncounted_zones.reindex([first, second] if second else [first])
    made_from = network.provenance(
        command="compare",
        level=level,
        first=first,
        second=second,
        standards=standards,
        nth=nth,
        need=need,
        prices=said.prices_sha256,
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
