"""``counts``: a column of counts that a user brought, with small numbers withheld."""

from __future__ import annotations

from pathlib import Path

import click

from access.commands.result import as_text, give
from access.network import AreaNetwork
from access.suppress import suppress_column, threshold_of
from geo.build import open_area
from geo.console import Progress, tell_errors


@click.command()
@click.argument("area")
@click.argument("column")
@click.option("--threshold", type=int, help="Counts above 0 and under this are withheld: the profile's, or 10.")
@click.option("--out", type=click.Path(path_type=Path), help="Write .csv or .parquet instead of printing.")
@tell_errors
def counts(area: str, column: str, threshold: int | None, out: Path | None) -> None:
    """Referrals or other counts of one's own by zone and footprint, small numbers withheld so that they can't be worked out."""
    opened = open_area(area, Progress())
    threshold = threshold_of(opened) if threshold is None else threshold
    table = suppress_column(opened, column, threshold).cells
    if column not in opened.profile.zones.counts:
        click.echo(
            f"The profile's counts do not name {column}: need made of it tells its small numbers. Name it there.",
            err=True,
        )
    made_from = AreaNetwork(opened).provenance(command="counts", column=column, threshold=threshold)
    withheld = f"\nwithheld: {int(table['is_withheld'].sum())} of {len(table)}"
    give(out, table, made_from, [as_text(table), withheld])
