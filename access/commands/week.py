"""``week``: there and back for the whole week, on one machine or on many."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from access.commands.arguments import DateType, open_network, rule_options
from access.network import AreaNetwork
from access.query import MODES, Mode
from access.week import here, write_week
from geo.console import Progress, tell_errors
from geo.errors import CyrraeddError


@click.command()
@click.argument("area")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder for the Parquet files."
)
@click.option(
    "--mode",
    "modes",
    multiple=True,
    type=click.Choice(MODES),
    default=MODES,
    help="All four by default; can be given several times.",
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Compute on the Dask cluster of this scheduler, such as tcp://host:8786."
)
@click.option("--workers", type=click.IntRange(1, 256), help="Compute in so many processes of this machine, by Dask.")
@click.option(
    "--rows", default=256, show_default=True, type=click.IntRange(1), help="Searches, origins or venues in a file."
)
@click.option(
    "--date",
    "dates",
    multiple=True,
    type=DateType(),
    help="A day of the week that is asked for, the profile's by default; can be given several times.",
)
@rule_options
@tell_errors
def week(
    area: str, out: Path, modes: tuple[Mode, ...], scheduler: str | None, workers: int | None, rows: int, dates: tuple[date, ...],
    walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """There and back for every session of a week, or of several, by every origin and mode, as Parquet.

    The files are the same bytes however they are computed. The folder is written whole or not at all.
    """
    if scheduler and workers:
        raise click.UsageError("Give --scheduler or --workers, not both.")
    network = open_network(area, walk_kmh, max_walk, max_rides)
    if scheduler or workers:
        _on_dask(network, modes, out, rows, dates, scheduler, workers or 1)
    else:
        write_week(network, modes, out, here(network), rows, Progress(), dates)
    click.echo(f"{out}: written.")


def _on_dask(
    network: AreaNetwork, modes: tuple[Mode, ...], out: Path, rows: int, dates: tuple[date, ...], scheduler: str | None, workers: int
) -> None:  # fmt: skip
    try:
        from access.distributed import cluster, on_cluster  # noqa: PLC0415 - an optional part of the installation
    except ImportError as error:
        raise CyrraeddError(
            "Dask is not installed. 'pip install -r requirements-distributed.txt' adds it; or leave out --scheduler and --workers."
        ) from error
    with cluster(scheduler, workers) as client:
        write_week(network, modes, out, on_cluster(client, network), rows, Progress(), dates)
