"""``funding``: what access is lost, and for whom, when grants end."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from access.catchments import find_catchments
from access.commands.arguments import categories_of, modes_option, open_network, rule_options, within_option
from access.commands.result import as_text, give
from access.funding import FundingCliff, by_funder, find_funding_cliff
from access.query import Mode, Standard
from access.sessions import there_and_back
from geo.console import Progress, tell_errors
from geo.profile import LEVELS
from geo.words import say


@click.command()
@click.argument("area")
@click.option("--category", "chosen", multiple=True, help="Only this category; can be given several times.")
@click.option("--funder", help="As if this funder's grants alone ended.")
@click.option("--by", type=click.Choice(["month", "category", "funder", *LEVELS]), default="month", show_default=True)
@modes_option
@within_option
@click.option("--at-least", "sessions_per_week", default=1.0, show_default=True, help="Sessions a week.")
@click.option("--out", type=click.Path(path_type=Path), help="Write .csv or .parquet instead of printing.")
@rule_options
@tell_errors
def funding(
    area: str, chosen: tuple[str, ...], funder: str | None, by: str, modes: tuple[Mode, ...], within_min: float,
    sessions_per_week: float, out: Path | None, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """The funding cliff, month by month: who loses what a standard asks for as each grant ends."""
    network = open_network(area, walk_kmh, max_walk, max_rides)
    access = there_and_back(network, modes, Progress())
    standards = [Standard(category, sessions_per_week, within_min, modes) for category in categories_of(access, chosen)]
    of = [find_catchments(access, standard) for standard in standards]
    cliff = find_funding_cliff(of, funder)
    table = _table(cliff, by)
    said = (say(message, "en") for message in cliff.describe())
    made_from = network.provenance(command="funding", standards=standards, funder=funder, by=by)
    give(out, table, made_from, [*said, "", as_text(table, decimals=1)])


def _table(cliff: FundingCliff, by: str) -> pd.DataFrame:
    if by == "month":
        return cliff.by_month
    if by == "category":
        return cliff.timeline
    if by == "funder":
        return by_funder(cliff.of)
    return cliff.by(next(level for level in LEVELS if level == by))
