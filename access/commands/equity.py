"""``equity``: how a measure, or the share who find a standard met, is spread over people by deprivation."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from access.commands.arguments import is_given, modes_option, open_network, out_option, rule_options
from access.commands.asked import (
    StandardAsked,
    at_least_option,
    fare_options,
    need_asked,
    standard_asked,
    weight_option,
)
from access.commands.measure import for_group, group_option, level_of, measure_options, measured_by, title_of
from access.commands.result import as_text, give
from access.equity import equity as equity_of
from access.equity import sentences
from access.equity.report import OrderBy
from access.gaps import find_gaps
from access.measures import Legs, Measured, kinds
from access.network import AreaNetwork
from access.query import Mode, QueryError
from access.sessions import there_and_back
from access.standards import met_share
from geo.console import Progress, tell_errors
from geo.profile import LEVELS
from geo.words import say

STANDARD_ONLY = {"sessions_per_week": "sessions a week", "max_fare_gbp": "limit on fares", "prices_file": "fares"}


@click.command()
@click.argument("area")
@click.option("--measure", "name", type=click.Choice(["met", *sorted(kinds())]), default="met", show_default=True)
@click.option("--category", required=True)
@modes_option
@measure_options
@group_option
@at_least_option
@fare_options
@weight_option
@click.option("--level", type=click.Choice(LEVELS), help="Part Theil's index into between and within these footprints.")
@click.option("--order-by", type=click.Choice(["need", "deprivation_rank"]), default="need", show_default=True)
@click.option("--samples", default=1000, show_default=True, help="Samples of the zones for the intervals.")
@click.option("--seed", default=0, show_default=True)
@out_option
@rule_options
@tell_errors
def equity(
    area: str, name: str, category: str, modes: tuple[Mode, ...], legs: Legs, group: str, level: str | None, order_by: str,
    samples: int, seed: int, out: Path | None, walk_kmh: float, max_walk: float, max_rides: int, **asked: object,
) -> None:  # fmt: skip
    """How evenly access is spread: indices with 95 % intervals, and what they say in words."""
    if order_by != "need" and is_given("need_weights"):
        raise QueryError("--weight says what need is made of: order by need, or leave it out.")
    network = open_network(area, walk_kmh, max_walk, max_rides)
    need = need_asked(network.area)
    within_min = {} if asked["within_min"] is None else {"within_min": asked["within_min"]}
    said = standard_asked(modes=modes, **within_min)
    if name == "met":
        measured = _met(network, category, said, legs, asked)
    elif foreign := [option for option in STANDARD_ONLY if is_given(option)]:
        raise QueryError(
            f"'{name}' has no {', '.join(STANDARD_ONLY[option] for option in foreign)}: that is of a standard (met)."
        )
    else:
        measured = measured_by(network, name, category, modes, legs, asked)
    measured = for_group(measured, group)
    found = equity_of(
        measured, level_of(level) if level else None, bounds=(0, 1) if name == "met" else None,
        order_by=cast(OrderBy, order_by), need=need, samples=samples, seed=seed,
    )  # fmt: skip
    made_from = network.provenance(
        command="equity", measure=name, category=category, modes=modes, legs=legs, group=group, level=level, order_by=order_by,
        samples=samples, seed=seed, need=need, standard=said.of(category) if name == "met" else None, prices=said.prices_sha256, **asked,
    )  # fmt: skip
    title = f"{title_of(measured, asked)}. {say(f'group.{group}', 'en')}: {found.persons:,.0f} people"
    words = (f"– {say(sentence, 'en')}" for sentence in (*sentences(found), *measured.notes))
    give(out, found.as_table(), made_from, [title, as_text(found.as_table(), decimals=3), *words])


def _met(network: AreaNetwork, category: str, said: StandardAsked, legs: Legs, asked: dict[str, object]) -> Measured:
    """Return the share who find a standard met, which no parameter of a measure changes."""
    foreign = [key for key, value in asked.items() if value is not None and key != "within_min"]
    if foreign or legs != "round_trip":
        raise QueryError(f"'met' has no {', '.join(foreign) or 'legs: a standard is there and back'}.")
    access = there_and_back(network, said.modes, Progress())
    return met_share(find_gaps(access, said.of(category), said.prices(network.area)))
