"""``journey``: one way by public transport, leg by leg."""

from __future__ import annotations

import json
from datetime import date

import click

from access.commands.arguments import ClockType, DateType, LonLatType, open_network, rule_options
from access.journeys import describe, journey_as_json, plan
from access.mode_times import Reason
from access.points import from_lonlat
from geo.console import tell_errors
from geo.words import say


@click.command()
@click.argument("area")
@click.option("--from", "start", type=LonLatType(), required=True)
@click.option("--to", "end", type=LonLatType(), required=True)
@click.option("--depart", type=ClockType(), help="Leave no earlier than this.")
@click.option("--arrive-by", type=ClockType(), help="Be there by this time.")
@click.option("--date", "on", type=DateType(), help="Service date; the profile's by default.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
@rule_options
@tell_errors
def journey(
    area: str, start: tuple[float, float], end: tuple[float, float], depart: int | None, arrive_by: int | None, on: date | None,
    as_json: bool, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """One journey by public transport, leg by leg, in words or as JSON."""
    if (depart is None) == (arrive_by is None):
        raise click.UsageError("Give either --depart or --arrive-by.")
    points = from_lonlat(("from", "to"), *map(list, zip(start, end, strict=True)))  # type: ignore[arg-type]
    network = open_network(area, walk_kmh, max_walk, max_rides)
    on = on or network.area.profile.service_date
    depart, arrive_by = (None if s is None else int(network.service_s(on, s)) for s in (depart, arrive_by))
    found = plan(network, points, depart_s=depart, arrive_by_s=arrive_by, on=on)
    surely = plan(network.surely, points, depart_s=depart, arrive_by_s=arrive_by, on=on)
    if as_json:
        said = {"is_sure": found.journey == surely.journey} if network.rules.wheelchair else {}
        click.echo(json.dumps(journey_as_json(found) | said, ensure_ascii=False, indent=2))
        return
    for message in describe(found):
        click.echo(say(message, "en"))
    if network.rules.wheelchair and found.journey != surely.journey:
        click.echo(say(Reason.WAY_NOT_SAID.key, "en"))
