"""``posts``: link workers by cluster or practice, per person."""

from __future__ import annotations

from pathlib import Path

import click

from access.commands.arguments import is_given, out_option
from access.commands.asked import need_asked, need_options
from access.commands.result import as_text, give
from access.network import AreaNetwork
from access.posts import posts_by_cluster, posts_by_practice
from geo.console import Progress, tell_errors
from geo.opening import open_area


@click.command()
@click.argument("area")
@click.option("--by", type=click.Choice(["cluster", "practice"]), default="cluster", show_default=True)
@need_options
@out_option
@tell_errors
def posts(area: str, by: str, out: Path | None) -> None:
    """Link workers, whole-time equivalents: per resident, per need-weighted resident and per registered patient."""
    if by == "practice" and (is_given("need_weights") or is_given("need_slope")):
        raise click.UsageError("Posts by practice are not weighted by need: leave --weight and --slope out.")
    opened = open_area(area, Progress())
    need = need_asked(opened)
    table = posts_by_cluster(opened, need) if by == "cluster" else posts_by_practice(opened)
    give(out, table, AreaNetwork(opened).provenance(command="posts", by=by, need=need), [as_text(table)])
