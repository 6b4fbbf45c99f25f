"""``counts``: a column of counts that a user brought, with small numbers withheld."""

from __future__ import annotations

from pathlib import Path

import click

from access.brought_counts import looks_like_part_of, suppress_column, suppress_share, threshold_of
from access.commands.arguments import out_option
from access.commands.result import as_text, give
from access.network import AreaNetwork
from geo.area import Area
from geo.console import Progress, tell_errors
from geo.opening import open_area


@click.command()
@click.argument("area")
@click.argument("column")
@click.option(
    "--of",
    "base",
    help="Also as a share of BASE: a public number (population), or what the profile says it is part of.",
)
@click.option(
    "--threshold", type=int, help="Counts above 0 and under this are withheld: the profile's, or 10; not lower."
)
@out_option
@tell_errors
def counts(area: str, column: str, base: str | None, threshold: int | None, out: Path | None) -> None:
    """Referrals or other counts of one's own by zone and footprint, small numbers withheld so that they can't be worked out."""
    opened = open_area(area, Progress())
    threshold = threshold_of(opened) if threshold is None else threshold
    base = base or opened.profile.zones.part_of.get(column)
    alone = suppress_column(opened, column, threshold).cells
    table = suppress_share(opened, column, base, threshold) if base else alone
    _warn(opened, column)
    made_from = AreaNetwork(opened).provenance(command="counts", column=column, base=base, threshold=threshold)
    withheld = f"\nwithheld: {int(table['is_withheld'].sum())} of {len(table)}"
    give(out, table, made_from, [as_text(table), withheld])


def _warn(opened: Area, column: str) -> None:
    """Say what the profile leaves open, since what is withheld here could be had elsewhere."""
    if column not in opened.profile.zones.counts:
        click.echo(
            f"The profile's counts do not name {column}: need made of it tells its small numbers. Name it there.",
            err=True,
        )
    for other in looks_like_part_of(opened, column):
        click.echo(
            f"One of {column} and {other} may be a part of the other: then subtracting them, or what they are parts of, tells "
            "small numbers. Say so in the profile (part_of).",
            err=True,
        )
