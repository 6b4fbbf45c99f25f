"""``deep-end``: provision per head against the need of the people."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

import click

from access.catchments import each_category
from access.commands.arguments import categories_option, open_network, out_option, rule_options
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
@categories_option
@reach_options
@weight_option
@out_option
@rule_options
@tell_errors
def deep_end(
    area: str, by: Level | Literal["practice"], chosen: tuple[str, ...], out: Path | None, walk_kmh: float, max_walk: float, max_rides: int
) -> None:  # fmt: skip
    """Provision per head against need, for clusters, other footprints or practices: the Inverse Care Law as a table."""
    asked, network = standard_asked(), open_network(area, walk_kmh, max_walk, max_rides)
    need, prices = need_asked(network.area), asked.prices(network.area)
    access = there_and_back(network, asked.modes, Progress())
    of = each_category(access, asked.of, chosen, prices, need)
    found = find_deep_end(of, by, need)
    said = (say(found.describe(provision), "en") for provision in get_args(Provision))
    made_from = network.provenance(
        command="deep-end", by=by, standards=[one.standard for one in of], need=need, prices=asked.prices_sha256
    )
    give(out, found.table, made_from, [as_text(found.table), "", *said])
