"""``funding``: what access is lost, and for whom, when grants end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd

from access.catchments import each_category, say_unknown
from access.commands.arguments import categories_option, open_network, out_option, rule_options
from access.commands.asked import need_asked, need_options, standard_asked, standard_options
from access.commands.result import as_text, give
from access.funding import FundingCliff, find_funding_cliff
from access.sessions import there_and_back
from geo.console import Progress, tell_errors
from geo.profile import LEVELS
from geo.words import say


@click.command()
@click.argument("area")
@categories_option
@click.option("--funder", help="As if this funder's grants alone ended.")
@click.option("--by", type=click.Choice(["month", "category", "funder", *LEVELS]), default="month", show_default=True)
@standard_options
@need_options
@out_option
@rule_options
@tell_errors
def funding(
    area: str, chosen: tuple[str, ...], funder: str | None, by: str, out: Path | None, walk_kmh: float, max_walk: float, max_rides: int
) -> None:  # fmt: skip
    """The funding cliff, month by month: who loses what a standard asks for as each grant ends."""
    asked, network = standard_asked(), open_network(area, walk_kmh, max_walk, max_rides)
    need, prices = need_asked(network.area), asked.prices(network.area)
    access = there_and_back(network, asked.modes, Progress())
    of = each_category(access, asked.of, chosen, prices, need)
    cliff = find_funding_cliff(of, funder)
    table = _table(cliff, by)
    made_from = network.provenance(
        command="funding",
        standards=[one.standard for one in of],
        funder=funder,
        by=by,
        need=need,
        prices=asked.prices_sha256,
    )
    give(out, table, made_from, _lines(cliff, table))


def _lines(cliff: FundingCliff, table: pd.DataFrame) -> Iterator[str]:
    yield from (say(message, "en") for message in (*cliff.describe(), *say_unknown(cliff.of)))
    if "funder" in table:
        if table["funder"].isna().all():
            yield say("funding.no_funders", "en")
        table = table.fillna({"funder": say("funding.funder_unknown", "en")})
    yield from ("", as_text(table, decimals=1))


def _table(cliff: FundingCliff, by: str) -> pd.DataFrame:
    if by == "month":
        return cliff.by_month
    if by == "category":
        return cliff.timeline
    if by == "funder":
        return cliff.by_funder
    return cliff.by(next(level for level in LEVELS if level == by))
