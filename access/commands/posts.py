"""``posts``: link workers by cluster or practice, per person."""

from __future__ import annotations

from pathlib import Path

import click

from access.commands.arguments import out_option
from access.commands.result import as_text, give
from access.network import AreaNetwork
from access.posts import posts_by_cluster, posts_by_practice
from geo.console import Progress, tell_errors
from geo.opening import open_area


@click.command()
@click.argument("area")
@click.option("--by", type=click.Choice(["cluster", "practice"]), default="cluster", show_default=True)
@out_option
@tell_errors
def posts(area: str, by: str, out: Path | None) -> None:
    """Link workers, whole-time equivalents: per resident, per need-weighted resident and per registered patient."""
    opened = open_area(area, Progress())
    table = posts_by_cluster(opened) if by == "cluster" else posts_by_practice(opened)
    give(out, table, AreaNetwork(opened).provenance(command="posts", by=by), [as_text(table)])
