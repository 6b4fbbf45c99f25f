"""``reliance``: the sessions, activities, venues, providers or funders on whom alone people rely."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pandas as pd

from access.catchments import find_catchments
from access.commands.arguments import categories_of, modes_option, open_network, rule_options, within_option
from access.commands.result import give
from access.query import Mode, Standard
from access.reliance import What, single_points
from access.sessions import there_and_back
from geo.console import Progress, tell_errors
from geo.words import say

SHOWN = 40


@click.command()
@click.argument("area")
@click.option("--category", "chosen", multiple=True, help="Only this category; can be given several times.")
@click.option("--of", "what", type=click.Choice(get_args(What)), default="session", show_default=True)
@modes_option
@within_option
@click.option("--at-least", "sessions_per_week", default=1.0, show_default=True, help="Sessions a week.")
@click.option("--out", type=click.Path(path_type=Path), help="Write .csv or .parquet instead of printing.")
@rule_options
@tell_errors
def reliance(
    area: str, chosen: tuple[str, ...], what: What, modes: tuple[Mode, ...], within_min: float, sessions_per_week: float,
    out: Path | None, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Single points of failure: what people would lose if one session, venue, provider or funder stopped."""
    network = open_network(area, walk_kmh, max_walk, max_rides)
    access = there_and_back(network, modes, Progress())
    standards = [Standard(category, sessions_per_week, within_min, modes) for category in categories_of(access, chosen)]
    table = single_points([find_catchments(access, standard) for standard in standards], what)
    give(out, table, network.provenance(command="reliance", what=what, standards=standards), _lines(table))


def _lines(table: pd.DataFrame) -> Iterator[str]:
    if not len(table):
        yield say("reliance.none", "en")
    for _, row in table.head(SHOWN).iterrows():
        persons = f"{row['relying_persons']:,.0f}"
        said = say("reliance.point", "en", persons=persons, name_en=row["name_en"], name_cy=row["name_cy"])
        category = say(f"category.{row['category']}", "en")
        yield f"{row['rank']:3d}  {category}: {said}"
    if len(table) > SHOWN:
        yield f"… and {len(table) - SHOWN} more: use --out to have them all."
