"""``gaps``: who finds a standard met, unmet or unknown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import geopandas as gpd
import pandas as pd

from access.commands.arguments import open_network, rule_options
from access.commands.asked import need_asked, need_options, standard_asked, standard_options
from access.commands.result import as_text, give
from access.gaps import find_gaps
from access.sessions import SessionAccess, there_and_back
from access.uncounted import say_uncounted
from geo.console import Progress, tell_errors
from geo.profile import LEVELS, Level
from geo.vocabulary import CATEGORIES
from geo.words import say


@click.command()
@click.argument("area")
@click.option("--category", required=True, help=f"One of {', '.join(CATEGORIES)}.")
@standard_options
@need_options
@click.option("--by", "by", type=click.Choice(["zone", *LEVELS]), default="zone", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Write .csv, .parquet or .gpkg instead of printing.")
@rule_options
@tell_errors
def gaps(area: str, category: str, by: str, out: Path | None, walk_kmh: float, max_walk: float, max_rides: int) -> None:
    """Who finds a standard met, unmet or unknown; worst gaps first."""
    asked = standard_asked()
    standard = asked.of(category)
    network = open_network(area, walk_kmh, max_walk, max_rides)
    access = there_and_back(network, standard.modes, Progress())
    need = need_asked(network.area)
    found = find_gaps(access, standard, asked.prices(network.area), need)
    table = found.by_zone if by == "zone" else found.by(_level(by))
    if found.need_problem:
        click.echo(f"Without need: {found.need_problem}", err=True)
    _left_out(access, category)
    if out and out.suffix.lower() not in (".csv", ".parquet"):  # what has geometry can be a GeoPackage
        shapes = network.area.zones if by == "zone" else network.area.footprints.query("level == @by")
        key = "zone_code" if by == "zone" else "footprint_id"
        table = gpd.GeoDataFrame(table.merge(shapes[[key, "geometry"]], on=key, how="left"), crs=shapes.crs)
    made_from = network.provenance(command="gaps", standard=standard, by=by, need=need, prices=asked.prices_sha256)
    give(out, table, made_from, [as_text(table), *_totals(table, found.uncounted_zones)])


def _left_out(access: SessionAccess, category: str) -> None:
    """Name the sessions that count for nobody because nobody knows where they are: people called unmet may live beside them."""
    ours = access.sessions.iloc[access.of_category(category)]
    lost = ours.loc[~ours["is_placed"].astype(bool)]
    if len(lost):
        where = ", ".join(sorted(set(lost["activity_id"] + " at " + lost["venue_id"])))
        click.echo(f"Not counted, since the venue could not be placed: the sessions of {where}.", err=True)


def _totals(table: pd.DataFrame, uncounted: int) -> Iterator[str]:
    if table["met_persons"].isna().all():
        yield "\n" + say("people.nobody_counted", "en")
        return
    met, unmet, unknown = (table[f"{name}_persons"].sum() for name in ("met", "unmet", "unknown"))
    yield f"\nmet {met:,.0f} + unmet {unmet:,.0f} + unknown {unknown:,.0f} = {met + unmet + unknown:,.0f} people"
    yield from (say(message, "en") for message in say_uncounted(uncounted))
    by_need = table["need_known_unmet_persons"].sum()
    if 0 < by_need < unmet - 0.5:
        yield f"weighted by need: {by_need:,.0f} of the {unmet:,.0f} unmet, whose need is known"
    unsure = table.loc[table["unknown_persons"] > 0]
    if len(unsure):
        name = "zone_code" if "zone_code" in table else "footprint_id"
        parts = [
            f"{row[name]} ({'wholly' if row['unknown_persons'] >= row['population'] - 0.5 else 'partly'}, {row['unknown_persons']:,.0f})"
            for _, row in unsure.iterrows()
        ]
        yield f"unknown: {len(unsure)}: {', '.join(parts)}"


def _level(by: str) -> Level:
    return next(level for level in get_args(Level) if level == by)
