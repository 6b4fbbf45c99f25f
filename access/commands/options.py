"""``options``: the answers to a gap, side by side."""

from __future__ import annotations

from pathlib import Path

import click

from access.commands.arguments import open_network, out_option, rule_options
from access.commands.asked import need_asked, need_options, standard_asked, standard_options
from access.commands.result import give
from access.gaps import find_gaps
from access.network import AreaNetwork
from access.options import Option, Question, answers, as_table
from access.sessions import there_and_back
from geo.console import Progress, tell_errors
from geo.errors import UnknownName
from geo.manifest import file_sha256
from geo.vocabulary import CATEGORIES
from geo.words import say


@click.command()
@click.argument("area")
@click.option("--category", required=True, help=f"One of {', '.join(CATEGORIES)}.")
@click.option("--zone", "zones", multiple=True, help="Zone code; several are answered together, as one gap.")
@click.option("--footprint", help="Id of a footprint: all its unmet zones.")
@standard_options
@need_options
@out_option
@rule_options
@tell_errors
def options(
    area: str, category: str, zones: tuple[str, ...], footprint: str | None, out: Path | None,
    walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Four answers to a gap side by side: what each buys, for whom, at what price."""
    if bool(zones) == bool(footprint):
        raise click.UsageError("Give either --zone or --footprint.")
    asked = standard_asked()
    standard = asked.of(category)
    network = open_network(area, walk_kmh, max_walk, max_rides)
    codes = zones or zones_of(network, str(footprint))
    unknown = set(codes) - set(network.area.zones["zone_code"])
    if unknown:
        raise UnknownName("zone", sorted(unknown)[0], network.area.zones["zone_code"])
    access = there_and_back(network, tuple({*standard.modes, "transit"}), Progress())
    prices, need = asked.price_table(network.area), need_asked(network.area)
    found = answers(Question(find_gaps(access, standard, prices, need), tuple(codes), prices))
    made_from = network.provenance(
        command="options", standard=standard, zones=codes, need=need, prices=file_sha256(asked.prices_file)
    )
    give(out, as_table(found), made_from, map(_in_words, found))


def _in_words(option: Option) -> str:
    lines = [say(option.name, "en"), f"  people who gain access there and back: {option.gaining_persons:,.0f}"]
    if option.need_weighted_persons is not None:
        lines.append(f"  weighted by need: {option.need_weighted_persons:,.0f}")
    elif option.gaining_persons:
        lines.append("  weighted by need: can't be computed, since need is not known of all of them")
    for label, value in (
        ("cost a year", option.cost_gbp_per_year),
        ("per person who gains", option.gbp_per_person),
        ("per expected participant", option.gbp_per_participant),
    ):
        shown = f"{_gbp(value.middle)} ({_gbp(value.low)} to {_gbp(value.high)})" if value else "can't be computed"
        lines.append(f"  {label}: {shown}")
    people = option.demand.participants_per_year
    lines.append(f"  expected participants a year: {people.middle:,.0f} ({people.low:,.0f} to {people.high:,.0f})")
    lines += [f"  – {say(note, 'en')}" for note in option.notes]
    unsure = ", ".join(price.key for price in option.figures if price.certainty == "U")
    return "\n".join([*lines, f"  to be confirmed: {unsure or 'nothing'}", ""])


def _gbp(value: float) -> str:
    return f"£{value:,.2f}" if value < 100 else f"£{value:,.0f}"


def zones_of(network: AreaNetwork, footprint_id: str) -> tuple[str, ...]:
    """Return the zones of a footprint of any level.

    Raises:
        UnknownName: there is no such footprint.
    """
    belongs = (network.area.zone_footprints == footprint_id).any(axis=1)
    if not belongs.any():
        raise UnknownName("footprint", footprint_id, network.area.footprints["footprint_id"])
    return tuple(belongs.index[belongs])
