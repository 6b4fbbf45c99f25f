"""``similar``: things of one kind that several clusters or providers run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd

from access.catchments import each_category
from access.commands.arguments import categories_option, open_network, rule_options
from access.commands.asked import reach_options, standard_asked
from access.commands.result import give
from access.sessions import there_and_back
from access.similar import find_similar
from geo.console import Progress, tell_errors
from geo.profile import LEVELS, Level
from geo.words import Message, say


@click.command()
@click.argument("area")
@categories_option
@click.option("--level", type=click.Choice(LEVELS), default="cluster", show_default=True)
@reach_options
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write every activity as .csv or .parquet instead of printing."
)
@rule_options
@tell_errors
def similar(
    area: str, chosen: tuple[str, ...], level: Level, out: Path | None, walk_kmh: float, max_walk: float, max_rides: int
) -> None:
    """The same thing a little differently: candidates for one evaluated model."""
    asked, network = standard_asked(), open_network(area, walk_kmh, max_walk, max_rides)
    access, prices = there_and_back(network, asked.modes, Progress()), asked.prices(network.area)
    of = each_category(access, asked.of, chosen, prices)
    table = find_similar(of, level)
    made_from = network.provenance(
        command="similar", standards=[one.standard for one in of], level=level, prices=asked.prices_sha256
    )
    give(out, table, made_from, _lines(table))


def _lines(table: pd.DataFrame) -> Iterator[str]:
    if not len(table):
        yield say("similar.none", "en")
    for _, own in table.groupby("kind"):
        row = own.iloc[0]
        values: dict[str, object] = {"words": row["words"]}
        values |= {
            name: Message(f"count.{name}", count=int(row[name])) for name in ("activities", "clusters", "providers")
        }
        values |= {"category": Message(f"category.{row['category']}"), "persons": f"{row['kind_reached_persons']:,.0f}"}
        yield f"{row['kind']:3d}  {say(Message('similar.kind', values), 'en')}"
        measured = own["measures"].fillna("not known").value_counts()
        yield f"     what they measure: {', '.join(f'{name} ({count})' for name, count in measured.items())}"
