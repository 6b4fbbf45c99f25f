"""``equity``: how a measure, or the share who find a standard met, is spread over people by deprivation."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from access.commands.arguments import modes_option, open_network, out_option, rule_options
from access.commands.measure import for_group, group_option, level_of, measure_options, measured_by, title_of
from access.commands.result import as_text, give
from access.equity import equity as equity_of
from access.equity import sentences
from access.equity.report import OrderBy
from access.gaps import find_gaps
from access.measures import Legs, kinds
from access.query import Mode, QueryError, Standard
from access.sessions import there_and_back
from access.standards import met_share
from geo.console import Progress, tell_errors
from geo.profile import LEVELS
from geo.words import say


@click.command()
@click.argument("area")
@click.option("--measure", "name", type=click.Choice(["met", *sorted(kinds())]), default="met", show_default=True)
@click.option("--category", required=True)
@modes_option
@measure_options
@group_option
@click.option("--at-least", "sessions_per_week", type=float, help="Sessions a week of the standard (met).")
@click.option("--level", type=click.Choice(LEVELS), help="Part Theil's index into between and within these footprints.")
@click.option("--order-by", type=click.Choice(["need", "deprivation_rank"]), default="need", show_default=True)
@click.option("--samples", default=1000, show_default=True, help="Samples of the zones for the intervals.")
@click.option("--seed", default=0, show_default=True)
@out_option
@rule_options
@tell_errors
def equity(
    area: str, name: str, category: str, modes: tuple[Mode, ...], legs: Legs, group: str, sessions_per_week: float | None,
    level: str | None, order_by: str, samples: int, seed: int, out: Path | None, walk_kmh: float, max_walk: float, max_rides: int,
    **asked: object,
) -> None:  # fmt: skip
    """How evenly access is spread: indices with 95 % intervals, and what they say in words."""
    network = open_network(area, walk_kmh, max_walk, max_rides)
    if name == "met":
        foreign = [key for key, value in asked.items() if value is not None and key != "within_min"]
        if foreign or legs != "round_trip":
            raise QueryError(f"'met' has no {', '.join(foreign) or 'legs: a standard is there and back'}.")
        within_min = asked["within_min"]
        standard = Standard(
            category,
            1.0 if sessions_per_week is None else sessions_per_week,
            45.0 if within_min is None else cast(float, within_min),
            modes,
        )
        measured = met_share(find_gaps(there_and_back(network, modes, Progress()), standard))
    elif sessions_per_week is not None:
        raise QueryError(f"'{name}' has no sessions a week: that is of a standard (met).")
    else:
        measured = measured_by(network, name, category, modes, legs, asked)
    measured = for_group(measured, group)
    found = equity_of(
        measured, level_of(level) if level else None, bounds=(0, 1) if name == "met" else None,
        order_by=cast(OrderBy, order_by), samples=samples, seed=seed,
    )  # fmt: skip
    made_from = network.provenance(
        command="equity", measure=name, category=category, modes=modes, legs=legs, group=group, level=level, order_by=order_by,
        samples=samples, seed=seed, sessions_per_week=sessions_per_week, **asked,
    )  # fmt: skip
    title = f"{title_of(measured, asked)}. {say(f'group.{group}', 'en')}: {found.persons:,.0f} people"
    said = (f"– {say(sentence, 'en')}" for sentence in (*sentences(found), *measured.notes))
    give(out, found.as_table(), made_from, [title, as_text(found.as_table(), decimals=3), *said])
