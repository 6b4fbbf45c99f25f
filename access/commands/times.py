"""``times``: travel times from points to points."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import click

from access.commands.arguments import (
    ClockType,
    DateType,
    is_given,
    is_traffic_given,
    open_network,
    rule_options,
)
from access.network import AreaNetwork
from access.points import read_points
from access.query import MODES, Mode
from access.travel_times import ArriveBy, DepartAt, When, Window, travel_times
from geo.console import Progress, tell_errors, write_table
from geo.manifest import file_sha256

PERCENTILES = "5,25,50,75,95"


@click.command()
@click.argument("area")
@click.option("--mode", type=click.Choice(MODES), required=True)
@click.option("--from", "from_file", type=click.Path(path_type=Path), required=True, help="CSV of id,lon,lat.")
@click.option("--to", "to_file", type=click.Path(path_type=Path), required=True, help="CSV of id,lon,lat.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write: .csv or .parquet.")
@click.option("--depart", type=ClockType(), help="Leave at this time (transit; drive, in the traffic then).")
@click.option("--arrive-by", type=ClockType(), help="Be there by this time (transit; drive, in the traffic then).")
@click.option("--until", type=ClockType(), help="With --depart: leave at every minute until then.")
@click.option("--percentiles", help=f"With --until: which to report.  [default: {PERCENTILES}]")
@click.option("--date", "on", type=DateType(), help="Service date; the profile's by default.")
@click.option("--allow-unplaced", is_flag=True, help="Succeed although points could not be placed.")
@rule_options
@tell_errors
def times(
    area: str, mode: Mode, from_file: Path, to_file: Path, out: Path, depart: int | None, arrive_by: int | None, until: int | None,
    percentiles: str | None, on: date | None, allow_unplaced: bool, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Travel times from points to points: from_id, to_id, travel_s (empty: unreachable; by public transport also what takes longer than
    --max-travel).

    Where rides can be booked (demand-responsive transport), booked_service_id names the service by which public transport is quickest.

    With --wheelchair public transport has sure_travel_s beside it: by vehicles and stops that are said to be accessible (empty: not known,
    where travel_s is not empty).
    """
    when = _when(mode, depart, arrive_by, until, percentiles)
    if when is None and (on is not None or is_traffic_given()):
        raise click.UsageError(
            "--date and --traffic go with a time to leave or to arrive by: without one drives are in free flow."
        )
    if is_given("max_walk_total_min") and mode != "transit":
        raise click.UsageError("--max-walk-total goes with --mode transit.")
    origins, targets = read_points(from_file), read_points(to_file)
    network = open_network(area, walk_kmh, max_walk, max_rides)
    if mode == "transit":
        when = when and _on_day(network, when, on or network.area.profile.service_date)
    found = travel_times(network, mode, origins, targets, when, on, Progress())
    table = found.as_table()
    if network.rules.wheelchair and mode == "transit":
        sure = travel_times(network.surely, mode, origins, targets, when, on, Progress()).as_table()
        table = table.assign(**{f"sure_{name}": sure[name] for name in found.statistics})
    write_table(
        table,
        out,
        network.provenance(
            command="times",
            mode=mode,
            when=repr(when),
            on=str(on),
            origins=file_sha256(from_file),
            targets=file_sha256(to_file),
        ).statement,
    )
    for ids, file in ((found.unplaced_origins, from_file), (found.unplaced_targets, to_file)):
        if ids:
            click.echo(f"Not placed, so without any times: {len(ids)} of {file.name}: {', '.join(ids)}", err=True)
    if (found.unplaced_origins or found.unplaced_targets) and not allow_unplaced:
        click.echo(
            "No usable way lies within 1,600 m of them. Check their coordinates, or use --allow-unplaced.", err=True
        )
        raise SystemExit(3)


def _on_day(network: AreaNetwork, when: When, on: date) -> When:
    """Return times by the clock as those of the service day."""
    moved = {name: int(network.service_s(on, value)) for name, value in asdict(when).items() if name.endswith("_s")}
    return replace(when, **moved)  # type: ignore[arg-type]


def _when(
    mode: Mode, depart: int | None, arrive_by: int | None, until: int | None, percentiles: str | None
) -> When | None:
    if mode != "transit" and (until, percentiles) != (None, None):
        raise click.UsageError("--until and --percentiles go with --mode transit.")
    if mode != "transit" and (depart, arrive_by) == (None, None):
        return None
    if mode in ("walk", "cycle"):
        raise click.UsageError(
            "--depart and --arrive-by go with --mode transit, and with --mode drive for its traffic."
        )
    if (depart is None) == (arrive_by is None):
        raise click.UsageError("Give either --depart or --arrive-by.")
    if arrive_by is not None:
        if (until, percentiles) != (None, None):
            raise click.UsageError("--until and --percentiles go with --depart.")
        return ArriveBy(arrive_by)
    if depart is None or until is None:
        if percentiles is not None:
            raise click.UsageError("--percentiles goes with --depart and --until.")
        return DepartAt(depart or 0)
    asked = [part.strip() for part in (percentiles or PERCENTILES).split(",")]
    if not all(part.isdecimal() for part in asked) or len(set(asked)) < len(asked):
        raise click.UsageError(f"--percentiles takes whole numbers, each once, such as {PERCENTILES}.")
    return Window(depart, until, tuple(map(int, asked)))
