"""``reliance``: the sessions, activities, venues, providers or funders on whom alone people rely."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import get_args

import click
import pandas as pd

from access.catchments import each_category, say_unknown
from access.commands.arguments import (
    at_least_option,
    categories_option,
    modes_option,
    open_network,
    out_option,
    rule_options,
    within_option,
)
from access.commands.result import give
from access.query import Mode
from access.reliance import What, describe, single_points, tell_unsure
from access.sessions import there_and_back
from geo.console import Progress, tell_errors
from geo.words import Message, say

SHOWN = 40


@click.command()
@click.argument("area")
@categories_option
@click.option("--of", "what", type=click.Choice(get_args(What)), default="session", show_default=True)
@modes_option
@within_option
@at_least_option
@out_option
@rule_options
@tell_errors
def reliance(
    area: str, chosen: tuple[str, ...], what: What, modes: tuple[Mode, ...], within_min: float, sessions_per_week: float,
    out: Path | None, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Single points of failure: what people would lose if one session, venue, provider or funder stopped."""
    network = open_network(area, walk_kmh, max_walk, max_rides)
    access = there_and_back(network, modes, Progress())
    of = each_category(access, chosen, within_min, modes, sessions_per_week)
    table = single_points(of, what)
    made_from = network.provenance(command="reliance", what=what, standards=[one.standard for one in of])
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
