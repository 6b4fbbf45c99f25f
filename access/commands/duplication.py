"""``duplication``: sessions that mostly double each other, and who would lose if one of them stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd

from access.catchments import each_category
from access.commands.arguments import categories_option, open_network, out_option, rule_options
from access.commands.asked import standard_asked, standard_options
from access.commands.result import give
from access.duplication import Duplication, DuplicationRules, find_duplication
from access.sessions import there_and_back
from access.uncounted import say_uncounted
from geo.console import Progress, tell_errors
from geo.timetable.clock import hhmm
from geo.words import Message, say

OWNER = {"own": " (own)", "other": " (other)"}


@click.command()
@click.argument("area")
@categories_option
@standard_options
@click.option(
    "--overlap", "min_overlap_share", default=0.8, show_default=True, help="Least share of the smaller catchment."
)
@click.option("--hours", "within_h", default=1.0, show_default=True, help="Most hours between two starts.")
@click.option("--own", multiple=True, help="A provider or funder that you answer for; can be given several times.")
@out_option
@rule_options
@tell_errors
def duplication(
    area: str, chosen: tuple[str, ...], min_overlap_share: float, within_h: float, own: tuple[str, ...], out: Path | None,
    walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Sessions of one kind, close in time, that reach mostly the same people; and who would lose if one stopped."""
    rules, asked = DuplicationRules(min_overlap_share, within_h, frozenset(own)), standard_asked()
    network = open_network(area, walk_kmh, max_walk, max_rides)
    access, prices = there_and_back(network, asked.modes, Progress()), asked.prices(network.area)
    of = each_category(access, asked.of, chosen, prices)
    found = [find_duplication(one, rules) for one in of]
    tables = [one.as_table() for one in found if one.groups]
    table = pd.concat(tables, ignore_index=True) if tables else found[0].as_table()
    made_from = network.provenance(
        command="duplication", rules=rules, standards=[one.standard for one in of], prices=asked.prices_sha256
    )
    give(out, table, made_from, (line for one in found for line in _lines(one)))


def _lines(found: Duplication) -> Iterator[str]:
    yield say(f"category.{found.catchments.standard.category}", "en").upper()
    if not found.groups:
        for message in (Message("duplication.none"), *say_uncounted(found.catchments.uncounted_zones)):
            yield f"  {say(message, 'en')}"
    for group in found.groups:
        for message in found.describe(group):
            yield f"  {say(message, 'en')}"
        rows = found.catchments.sessions.assign(owner=found.owners())
        for _, row in rows.iloc[list(group.sessions)].iterrows():
            said = f"{row['name_en']}, {row['venue_name']}, {hhmm(row['start_s'])}–{hhmm(row['end_s'])}"
            provider = row["provider"] if isinstance(row["provider"], str) else "provider not known"
            yield f"    – {said}; {provider}{OWNER.get(row['owner'], '')}"
    for key, count in (("full", found.full), ("fullness_unknown", found.fullness_unknown)):
        if count:
            yield f"  {say(f'duplication.{key}', 'en', count)}"
