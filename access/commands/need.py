"""``need``: the need of zones or footprints, and how far their ranks hang on the weights."""

from __future__ import annotations

from pathlib import Path

import click

from access.commands.arguments import is_given, out_option
from access.commands.asked import need_asked, weight_option
from access.commands.measure import level_of
from access.commands.result import as_text, give
from access.need import default_reason, need_sensitivity
from access.network import AreaNetwork
from geo.console import Progress, tell_errors
from geo.opening import open_area
from geo.profile import LEVELS
from geo.words import say


@click.command()
@click.argument("area")
@weight_option
@click.option("--by", type=click.Choice(["zone", *LEVELS]), default="zone", show_default=True)
@click.option("--samples", default=1000, show_default=True, help="Samples of the weights for the rank ranges.")
@click.option("--seed", default=0, show_default=True)
@out_option
@tell_errors
def need(area: str, by: str, samples: int, seed: int, out: Path | None) -> None:
    """Need from 0 to 1, its ranks, and between which ranks 90 % of sampled weights leave them."""
    opened = open_area(area, Progress())
    asked = need_asked(opened)
    level = None if by == "zone" else level_of(by)
    table = need_sensitivity(opened, asked, level=level, samples=samples, seed=seed)
    made_from = AreaNetwork(opened).provenance(command="need", need=asked, by=by, samples=samples, seed=seed)
    total = sum(asked.weights.values())
    parts = [f"{weight / total:4.0%}  {column} ({asked.scale_of(column)})" for column, weight in asked.weights.items()]
    reason = [] if is_given("need_weights") else [say(default_reason(opened), "en")]
    give(out, table, made_from, [*parts, *reason, as_text(table, decimals=3)])
