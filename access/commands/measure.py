"""``measure``: how much is within reach."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast, get_args

import click

from access.commands.arguments import ClockType, modes_option, open_network, out_option, rule_options
from access.commands.result import as_text, give
from access.compare import measure_name
from access.decay import DECAYS, STEPS
from access.measures import LEGS, Legs, Measured, kinds
from access.measures import measure as measure_by_name
from access.network import AreaNetwork
from access.query import Mode
from access.sessions import there_and_back
from access.standards import EVERYONE, GROUPS, measured_for
from access.uncounted import say_uncounted
from geo.console import Progress, tell_errors
from geo.profile import LEVELS, Level
from geo.words import say


def parameter_options(command):  # type: ignore[no-untyped-def]
    """Add the options that are parameters of some measures only; those left out keep the measure's own defaults."""
    for option in (
        click.option("--percentile", type=click.IntRange(1, 100), help="Of the window's minutes (nearest_in_window)."),
        click.option(
            "--back", "back_s", type=ClockType(), help="Begin of the window for the way back (nearest_in_window)."
        ),
        click.option("--until", "until_s", type=ClockType(), help="End of the window (nearest_in_window)."),
        click.option("--depart", "depart_s", type=ClockType(), help="Begin of the window (nearest_in_window)."),
        click.option("--assumed-capacity", type=float, help="Places at a session that does not say (catchments)."),
        click.option("--weights", type=click.Choice(list(STEPS)), help="Step weights (enhanced_two_step, three_step)."),
        click.option("--width", "width_min", type=float, help="Width of the decay in minutes (gravity)."),
        click.option("--cutoff", "cutoff_min", type=float, help="Minutes at which the decay turns (gravity)."),
        click.option("--decay", type=click.Choice(DECAYS), help="How much less the farther counts (gravity)."),
    ):
        command = option(command)
    return command


def measure_options(command):  # type: ignore[no-untyped-def]
    """Add the options that choose a measure; those left out keep the measure's own defaults."""
    command = parameter_options(command)
    for option in (
        click.option("--within", "within_min", type=float, help="Minutes (within, two_step)."),
        click.option("--n", type=int, help="The n-th option (nearest)."),
        click.option("--legs", type=click.Choice(LEGS), default="round_trip", show_default=True),
    ):
        command = option(command)
    return command


def group_option(command):  # type: ignore[no-untyped-def]
    """Add the option of whose people count."""
    said = "Whose people a measure is summed up over."
    return click.option(
        "--group", type=click.Choice(list(GROUPS)), default=EVERYONE.name, show_default=True, help=said
    )(command)


def for_group(found: Measured, group: str) -> Measured:
    """Return a measure for the people of a group, and say what is taken to be so about them."""
    if rule := GROUPS[group].rule:
        click.echo(say(rule, "en"), err=True)
    return measured_for(found, GROUPS[group])


def parameters_given(network: AreaNetwork, asked: dict[str, object]) -> dict[str, object]:
    """Return the options that were given, with times by the clock as seconds of the service day."""
    given = {key: value for key, value in asked.items() if value is not None}
    on = network.area.profile.service_date
    for key in ("depart_s", "until_s", "back_s"):
        if key in given:
            given[key] = int(network.service_s(on, cast(int, given[key])))
    return given


def measured_by(
    network: AreaNetwork, name: str, category: str, modes: tuple[Mode, ...], legs: Legs, asked: dict[str, object]
) -> Measured:
    """Compute a measure with the options that were given."""
    access = there_and_back(network, modes, Progress())
    return measure_by_name(name, access, category, modes, legs=legs, **parameters_given(network, asked))


@click.command()
@click.argument("area")
@click.option("--measure", "name", required=True, type=click.Choice(sorted(kinds())))
@click.option("--category", required=True)
@modes_option
@measure_options
@group_option
@click.option("--by", type=click.Choice(["origin", "zone", *LEVELS]), default="zone", show_default=True)
@out_option
@rule_options
@tell_errors
def measure(
    area: str, name: str, category: str, modes: tuple[Mode, ...], legs: Legs, group: str, by: str, out: Path | None,
    walk_kmh: float, max_walk: float, max_rides: int, **asked: object,
) -> None:  # fmt: skip
    """How much is within reach, there and back, by origin, zone or footprint."""
    network = open_network(area, walk_kmh, max_walk, max_rides)
    found = for_group(measured_by(network, name, category, modes, legs, asked), group)
    table = {"origin": lambda: found.by_origin, "zone": lambda: found.by_zone}.get(by, lambda: found.by(level_of(by)))()
    for note in found.notes:
        click.echo(say(note, "en"), err=True)
    made_from = network.provenance(
        command="measure", measure=name, category=category, modes=modes, legs=legs, group=group, by=by, **asked
    )
    title = f"{title_of(found, asked)}. {say(f'group.{group}', 'en')}"
    left_out = (say(message, "en") for message in say_uncounted(found.uncounted_zones, group))
    give(out, table, made_from, [title, as_text(table), *left_out])


def title_of(found: Measured, asked: Mapping[str, object]) -> str:
    """Return a measure's name, and its unit where the name does not begin with it; the third option is not the nearest."""
    n = asked.get("n")
    named = measure_name(found.name if n in (None, 1) else f"{found.name}_{n}")
    name, unit = say(named, "en"), say(found.unit, "en")
    return name if name.casefold().startswith(unit.casefold()) else f"{name} ({unit})"


def level_of(by: str) -> Level:
    """Return the level that an option names."""
    return next(level for level in get_args(Level) if level == by)
