"""``standards``: one standard for several groups of people side by side, how deep the shortfall is, and how sure the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import click
import pandas as pd

from access.commands.arguments import ClockType, open_network, out_option, rule_options
from access.commands.asked import standard_asked, standard_options
from access.commands.result import as_text, give
from access.confidence import confidence, confidence_in_window
from access.network import AreaNetwork
from access.query import QueryError, Standard
from access.sessions import there_and_back
from access.standards import GROUPS, GapIn, GroupGaps, GroupStandard, as_table, depth, judge_standards
from access.travellers import SLOWER, slower
from access.uncounted import say_uncounted
from geo.console import Progress, tell_errors
from geo.words import say


@click.command()
@click.argument("area")
@click.option("--category", "categories", required=True, multiple=True, help="Can be given several times.")
@click.option(
    "--group", "groups", multiple=True, type=click.Choice(list(GROUPS)), default=["everyone"], show_default=True
)
@standard_options
@click.option("--depth-in", type=click.Choice(["sessions", "minutes"]), default="sessions", show_default=True)
@click.option(
    "--sure/--not-sure",
    "is_sure_asked",
    default=False,
    help=f"Also at T ± 5 minutes and at {SLOWER.walk_kmh} km/h on foot.",
)
@click.option(
    "--depart", "depart_s", type=ClockType(), help="With --sure and --until: also on how many of these minutes."
)
@click.option("--until", "until_s", type=ClockType(), help="End of the minutes of leaving.")
@click.option("--back", "back_s", type=ClockType(), help="Begin of as many minutes for the way back; else --until.")
@out_option
@rule_options
@tell_errors
def standards(
    area: str, categories: tuple[str, ...], groups: tuple[str, ...], depth_in: str, is_sure_asked: bool, depart_s: int | None,
    until_s: int | None, back_s: int | None, out: Path | None, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """A standard for several groups and categories: persons met, unmet and unknown, depth, and how the answer moves."""
    said = standard_asked()
    asked = [said.of(name) for name in dict.fromkeys(categories)]
    standard = asked[0]  # they differ by category only
    _check_window(standard, depart_s, until_s, back_s, is_sure_asked=is_sure_asked)
    network = open_network(area, walk_kmh, max_walk, max_rides)
    access = there_and_back(network, standard.modes, Progress())
    prices = said.prices(network.area)
    found = judge_standards(
        [GroupStandard(one, access, GROUPS[group]) for one in asked for group in dict.fromkeys(groups)], prices
    )
    deep = pd.concat([depth(one, gap_in=cast(GapIn, depth_in)) for one in found], ignore_index=True)
    table = pd.concat([as_table(found), deep.drop(columns="known_persons")], axis=1)
    if is_sure_asked:  # a row for each question instead of one for each category and group
        slow = None
        if rules := slower(network.rules):
            slow = there_and_back(AreaNetwork(network.area, rules), standard.modes, Progress())
        else:
            click.echo(f"Not asked for a slower walk: {network.rules.walk_kmh:g} km/h is no faster.", err=True)
        moved = [
            confidence(one, prices=prices, slower=slow, gap_in=cast(GapIn, depth_in)).assign(
                category=one.asked.standard.category, group=one.asked.group.name
            )
            for one in found
        ]
        if depart_s is not None and until_s is not None:
            moved.append(_in_window(found, depart_s, until_s, until_s if back_s is None else back_s))
        key = ["category", "group"]
        own = [name for name in table if name in key or name not in moved[0]]
        table = table[own].merge(pd.concat(moved), on=key)
    for rule in dict.fromkeys(one.rule.key for one in found if one.rule):
        click.echo(say(rule, "en"), err=True)
    made_from = network.provenance(
        command="standards", standards=asked, groups=groups, depth_in=depth_in, sure=is_sure_asked, window=(depart_s, until_s, back_s),
        prices=said.prices_sha256,
    )  # fmt: skip
    give(out, table, made_from, [as_text(table, decimals=3), *_left_out(found)])


def _left_out(found: Sequence[GroupGaps]) -> Iterator[str]:
    """Say of each group in how many zones nobody knows how many they are."""
    for group, zones in {one.asked.group.name: one.uncounted_zones for one in found}.items():
        yield from (f"{say(f'group.{group}', 'en')}: {say(message, 'en')}" for message in say_uncounted(zones, group))


def _check_window(
    standard: Standard, depart_s: int | None, until_s: int | None, back_s: int | None, *, is_sure_asked: bool
) -> None:
    """Refuse a window that would have no effect, or that the standard says nothing of."""
    if (depart_s is None) != (until_s is None) or (back_s is not None and depart_s is None):
        raise QueryError("Minutes of leaving need both --depart and --until.")
    if depart_s is not None and not is_sure_asked:
        raise QueryError("--depart and --until say how sure an answer is: ask with --sure.")
    if depart_s is not None and (standard.max_fare_gbp is not None or standard.sessions_per_week != 1):
        raise QueryError(
            "Whoever leaves at any minute is asked for one place within reach: leave --max-fare and --at-least out."
        )


def _in_window(found: Sequence[GroupGaps], depart_s: int, until_s: int, back_s: int) -> pd.DataFrame:
    """Return rows of ``question`` (``percentile_75``: who makes it on three of four minutes), by category and group."""
    rows = []
    for one in found:
        access, standard = one.asked.access, one.asked.standard
        on = access.network.area.profile.service_date
        depart, until, back = (int(access.network.service_s(on, clock_s)) for clock_s in (depart_s, until_s, back_s))
        at = confidence_in_window(
            access, standard.category, standard.within_min, standard.modes, depart_s=depart, until_s=until, back_s=back,
            group=one.asked.group,
        )  # fmt: skip
        question = "percentile_" + at.pop("percentile").astype(str)
        walk_kmh = access.network.rules.walk_kmh
        rows.append(
            at.assign(
                question=question,
                within_min=standard.within_min,
                walk_kmh=walk_kmh,
                category=standard.category,
                group=one.asked.group.name,
            )
        )
    return pd.concat(rows)
