"""``journey``: ways by public transport, leg by leg."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

import click

from access.commands.arguments import (
    ClockType,
    DateType,
    LonLatType,
    open_network,
    rule_options,
)
from access.departures import departures, departures_as_json, describe_all
from access.journeys import describe, journey_as_json, plan
from access.mode_times import Reason
from access.network import AreaNetwork
from access.points import Points, from_lonlat
from geo.console import tell_errors
from geo.words import Message, say


@click.command()
@click.argument("area")
@click.option("--from", "start", type=LonLatType(), required=True)
@click.option("--to", "end", type=LonLatType(), required=True)
@click.option("--depart", type=ClockType(), help="Leave no earlier than this.")
@click.option("--arrive-by", type=ClockType(), help="Be there by this time.")
@click.option("--until", type=ClockType(), help="With --depart: every departure of use until then.")
@click.option("--date", "on", type=DateType(), help="Service date; the profile's by default.")
@click.option("--json", "as_json", is_flag=True, help="As JSON instead of words.")
@rule_options
@tell_errors
def journey(
    area: str, start: tuple[float, float], end: tuple[float, float], depart: int | None, arrive_by: int | None, until: int | None,
    on: date | None, as_json: bool, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """One journey by public transport, or every one of use in a stretch of time, leg by leg, in words or as JSON."""
    if (depart is None) == (arrive_by is None):
        raise click.UsageError("Give either --depart or --arrive-by.")
    if until is not None and depart is None:
        raise click.UsageError("--until goes with --depart.")
    points = from_lonlat(("from", "to"), *map(list, zip(start, end, strict=True)))  # type: ignore[arg-type]
    network = open_network(area, walk_kmh, max_walk, max_rides)
    on = on or network.area.profile.service_date
    depart, arrive_by, until = (
        None if s is None else int(network.service_s(on, s)) for s in (depart, arrive_by, until)
    )
    if depart is not None and until is not None:
        _show_all(network, points, depart, until, on, as_json=as_json)
        return
    found, surely = (
        plan(one, points, depart_s=depart, arrive_by_s=arrive_by, on=on) for one in (network, network.surely)
    )
    is_sure = found.journey == surely.journey if network.rules.wheelchair else None
    _show(journey_as_json(found), describe(found), is_sure, as_json=as_json)


def _show_all(network: AreaNetwork, points: Points, depart_s: int, until_s: int, on: date, *, as_json: bool) -> None:
    found, surely = (departures(one, points, depart_s, until_s, on) for one in (network, network.surely))
    is_sure = found == surely if network.rules.wheelchair else None
    _show(departures_as_json(found), describe_all(found), is_sure, as_json=as_json)


def _show(plain: dict[str, object], words: Iterable[Message], is_sure: bool | None, *, as_json: bool) -> None:
    """Print an answer; ``is_sure`` says whether a wheelchair can surely go so, None where none is asked for."""
    if as_json:
        click.echo(json.dumps(plain | ({} if is_sure is None else {"is_sure": is_sure}), ensure_ascii=False, indent=2))
        return
    for message in words:
        click.echo(say(message, "en"))
    if is_sure is False:
        click.echo(say(Reason.WAY_NOT_SAID.key, "en"))
