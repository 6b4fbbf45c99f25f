"""``deep-end``: provision per head against the need of the people."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

import click

from access.catchments import categories, find_catchments
from access.commands.arguments import open_network, rule_options
from access.commands.asked import need_asked, reach_options, standard_asked, weight_option
from access.commands.result import as_text, give
from access.deep_end import Provision, find_deep_end
from access.sessions import there_and_back
from geo.console import Progress, tell_errors
from geo.profile import LEVELS, Level
from geo.words import say


@click.command()
@click.argument("area")
@click.option("--by", type=click.Choice([*LEVELS, "practice"]), default="cluster", show_default=True)
@click.option("--category", "chosen", multiple=True, help="Only this category; can be given several times.")
@reach_options
@weight_option
@click.option("--out", type=click.Path(path_type=Path), help="Write .csv or .parquet instead of printing.")
@rule_options
@tell_errors
def deep_end(
    area: str, by: Level | Literal["practice"], chosen: tuple[str, ...], out: Path | None, walk_kmh: float, max_walk: float, max_rides: int
) -> None:  # fmt: skip
    """Provision per head against need, for clusters, other footprints or practices: the Inverse Care Law as a table."""
    asked, network = standard_asked(), open_network(area, walk_kmh, max_walk, max_rides)
    need, prices = need_asked(network.area), asked.prices(network.area)
    access = there_and_back(network, asked.modes, Progress())
    standards = [asked.of(category) for category in chosen or categories(access)]
    found = find_deep_end([find_catchments(access, standard, prices, need) for standard in standards], by, need)
    said = (say(found.describe(provision), "en") for provision in get_args(Provision))
    made_from = network.provenance(
        command="deep-end", by=by, standards=standards, need=need, prices=asked.prices_sha256
    )
    give(out, found.table, made_from, [as_text(found.table), "", *said])
