"""``reliance``: the sessions, activities, venues, providers or funders on whom alone people rely."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import get_args

import click
import pandas as pd

from access.catchments import each_category, say_unknown
from access.commands.arguments import categories_option, open_network, out_option, rule_options
from access.commands.asked import need_asked, need_options, standard_asked, standard_options
from access.commands.result import give
from access.reliance import What, describe, single_points, tell_unsure
from access.sessions import there_and_back
from geo.console import Progress, tell_errors
from geo.words import Message, say

SHOWN = 40


@click.command()
@click.argument("area")
@categories_option
@click.option("--of", "what", type=click.Choice(get_args(What)), default="session", show_default=True)
@standard_options
@need_options
@out_option
@rule_options
@tell_errors
def reliance(
    area: str, chosen: tuple[str, ...], what: What, out: Path | None, walk_kmh: float, max_walk: float, max_rides: int
) -> None:
    """Single points of failure: what people would lose if one session, venue, provider or funder stopped."""
    asked, network = standard_asked(), open_network(area, walk_kmh, max_walk, max_rides)
    need, prices = need_asked(network.area), asked.prices(network.area)
    access = there_and_back(network, asked.modes, Progress())
    of = each_category(access, asked.of, chosen, prices, need)
    table = single_points(of, what)
    made_from = network.provenance(
        command="reliance", what=what, standards=[one.standard for one in of], need=need, prices=asked.prices_sha256
    )
    lines = chain(_lines(table), (say(message, "en") for message in say_unknown(of)))
    give(out, table, made_from, lines)


def _lines(table: pd.DataFrame) -> Iterator[str]:
    if table.empty or not table["relying_persons"].iloc[0] >= 0.5:
        yield from (say(message, "en") for message in describe(table)[:1])
    for _, row in table.head(SHOWN).iterrows():
        names = {"name_en": row["name_en"], "name_cy": row["name_cy"]}
        persons = "–" if pd.isna(row["relying_persons"]) else f"{row['relying_persons']:,.0f}"
        told = [Message("reliance.point", {**names, "persons": persons}), *tell_unsure(row)]
        said = " ".join(say(message, "en") for message in told)
        category = say(f"category.{row['category']}", "en")
        yield f"{row['rank']:3d}  {category}: {said}"
    if len(table) > SHOWN:
        yield f"… and {len(table) - SHOWN} more: use --out to have them all."
