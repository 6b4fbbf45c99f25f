"""The command line: ``python -m access ready | times | journey | sessions | gaps | options``."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import click
import geopandas as gpd
import pandas as pd

from access.costs import PRICES_FILE, read_prices
from access.explain import zone_sessions
from access.gaps import find_gaps
from access.journeys import describe, journey_as_json, plan
from access.network import AreaNetwork
from access.options import Question, answers, as_table
from access.points import from_lonlat, read_points
from access.query import MODES, Mode, Standard, TravelRules
from access.ready import get_ready
from access.sessions import Reason, there_and_back
from access.travel_times import ArriveBy, DepartAt, When, Window, travel_times
from geo.build import open_area
from geo.console import Progress, tell_errors, write_table
from geo.errors import UnknownName
from geo.profile import LEVELS, Level
from geo.words import say

DAY_S = 86_400


class ClockType(click.ParamType):
    """HH:MM, past 24:00 for the night after."""

    name = "HH:MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return seconds of the service day."""
        hours, _, minutes = str(value).partition(":")
        if not (
            hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2 and int(minutes) < 60 and int(hours) < 30
        ):
            self.fail(f"'{value}' is not a time like 09:30", param, ctx)
        return int(hours) * 3600 + int(minutes) * 60


class LonLatType(click.ParamType):
    """Degrees, EPSG:4326."""

    name = "LON,LAT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        """Return the two numbers."""
        try:
            lon, lat = (float(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"'{value}' is not a place like -2.997,51.588", param, ctx)
        return lon, lat


class DateType(click.ParamType):
    """YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"'{value}' is not a date like 2026-10-13", param, ctx)


def rule_options(command):  # type: ignore[no-untyped-def]
    """Add the options that say how people travel."""
    for option in (
        click.option("--walk-kmh", default=4.8, show_default=True, help="Walking speed; 3.6 fits slower walkers."),
        click.option(
            "--max-walk", default=20.0, show_default=True, help="Longest walk to, between or from stops, in minutes."
        ),
        click.option("--max-rides", default=4, show_default=True, help="Most buses and trains one way."),
    ):
        command = option(command)
    return command


def open_network(area: str, walk_kmh: float, max_walk: float, max_rides: int) -> AreaNetwork:
    """Open an area under the rules given."""
    rules = TravelRules(walk_kmh=walk_kmh, max_walk_min=max_walk, max_rides=max_rides)
    return AreaNetwork(open_area(area, Progress()), rules)


modes_option = click.option(
    "--mode",
    "modes",
    multiple=True,
    type=click.Choice(MODES),
    default=["transit"],
    show_default=True,
    help="How people may travel; can be given several times.",
)
within_option = click.option("--within", "within_min", default=45.0, show_default=True, help="Minutes each way.")
prices_option = click.option(
    "--prices", type=click.Path(path_type=Path), default=PRICES_FILE, help="A price table of your own."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Who can reach what, there and back, and what would close the gaps.

    AREA is the id of an area (see 'python -m geo areas'), the path of a profile, or a folder that 'python -m geo build' wrote.
    """


@main.command()
@click.argument("area")
@tell_errors
def ready(area: str) -> None:
    """Compile the routing core, once after installation, so that the first question need not wait for it."""
    network = AreaNetwork(open_area(area, Progress()))
    get_ready(network, Progress())


@main.command()
@click.argument("area")
@click.option("--mode", type=click.Choice(MODES), required=True)
@click.option("--from", "from_file", type=click.Path(path_type=Path), required=True, help="CSV of id,lon,lat.")
@click.option("--to", "to_file", type=click.Path(path_type=Path), required=True, help="CSV of id,lon,lat.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write: .csv or .parquet.")
@click.option("--depart", type=ClockType(), help="Leave at this time (transit).")
@click.option("--arrive-by", type=ClockType(), help="Be there by this time (transit).")
@click.option("--until", type=ClockType(), help="With --depart: leave at every minute until then.")
@click.option("--percentiles", default="5,25,50,75,95", show_default=True, help="With --until: which to report.")
@click.option("--date", "on", type=DateType(), help="Service date; the profile's by default.")
@click.option("--allow-unplaced", is_flag=True, help="Succeed although points could not be placed.")
@rule_options
@tell_errors
def times(
    area: str, mode: Mode, from_file: Path, to_file: Path, out: Path, depart: int | None, arrive_by: int | None,
    until: int | None, percentiles: str, on: date | None, allow_unplaced: bool, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Travel times from points to points: from_id, to_id, travel_s (empty: unreachable)."""
    when = _when(mode, depart, arrive_by, until, percentiles)
    origins, targets = read_points(from_file), read_points(to_file)
    network = open_network(area, walk_kmh, max_walk, max_rides)
    found = travel_times(network, mode, origins, targets, when, on)
    write_table(
        found.as_table(), out, network.provenance(command="times", mode=mode, when=repr(when), on=str(on)).digest
    )
    for ids, file in ((found.unplaced_origins, from_file), (found.unplaced_targets, to_file)):
        if ids:
            click.echo(f"Not placed, so without any times: {len(ids)} of {file.name}: {', '.join(ids)}", err=True)
    if (found.unplaced_origins or found.unplaced_targets) and not allow_unplaced:
        click.echo(
            "No usable way lies within 1,600 m of them. Check their coordinates, or use --allow-unplaced.", err=True
        )
        raise SystemExit(3)


def _when(mode: Mode, depart: int | None, arrive_by: int | None, until: int | None, percentiles: str) -> When | None:
    if mode != "transit":
        if (depart, arrive_by, until) != (None, None, None):
            raise click.UsageError("--depart, --arrive-by and --until go with --mode transit.")
        return None
    if (depart is None) == (arrive_by is None):
        raise click.UsageError("Public transport needs either --depart or --arrive-by.")
    if arrive_by is not None:
        if until is not None:
            raise click.UsageError("--until goes with --depart.")
        return ArriveBy(arrive_by)
    if depart is None or until is None:
        return DepartAt(depart or 0)
    if not all(part.strip().isdecimal() for part in percentiles.split(",")):
        raise click.UsageError("--percentiles takes whole numbers, such as 5,25,50,75,95.")
    return Window(depart, until, tuple(int(part) for part in percentiles.split(",")))


@main.command()
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
    found = plan(network, points, depart_s=depart, arrive_by_s=arrive_by, on=on)
    if as_json:
        click.echo(json.dumps(journey_as_json(found), ensure_ascii=False, indent=2))
        return
    for message in describe(found):
        click.echo(say(message, "en"))


@main.command()
@click.argument("area")
@click.option("--zone", required=True, help="Zone code.")
@click.option("--category", help="Only this category.")
@modes_option
@within_option
@click.option("--out", type=click.Path(path_type=Path), help="Write .csv or .parquet instead of printing.")
@rule_options
@tell_errors
def sessions(
    area: str, zone: str, category: str | None, modes: tuple[Mode, ...], within_min: float, out: Path | None,
    walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Every session as a zone's people find it: there and back, and why not."""
    network = open_network(area, walk_kmh, max_walk, max_rides)
    access = there_and_back(network, modes, Progress())
    found = zone_sessions(access, zone, within_min, modes, category)
    if out:
        found["reason"] = [Reason(reason).name.lower() for reason in found["reason"]]
        write_table(
            found,
            out,
            network.provenance(
                command="sessions", zone=zone, category=category, modes=modes, within_min=within_min
            ).digest,
        )
        return
    shown = pd.DataFrame(
        {
            "session": found["name_en"],
            "venue": found["venue_name"],
            "day": found["weekday"].str[:3],
            "time": [
                f"{_clock(start)}–{_clock(end)}" for start, end in zip(found["start_s"], found["end_s"], strict=True)
            ],
            "mode": found["mode"],
            "out min": found["out_min"].round().astype("Int64"),
            "back min": found["back_min"].round().astype("Int64"),
            "reached by": (found["reachable_share"] * 100).round().astype(int).astype(str) + " %",
            "why": [say(Reason(reason).key, "en") for reason in found["reason"]],
        }
    )
    click.echo(shown.to_string(index=False, na_rep="–"))


@main.command()
@click.argument("area")
@click.option("--category", required=True)
@modes_option
@within_option
@click.option("--at-least", "sessions_per_week", default=1.0, show_default=True, help="Sessions a week.")
@click.option("--max-fare", "max_fare_gbp", type=float, help="The most that a return trip may cost in fares.")
@click.option("--by", "by", type=click.Choice(["zone", *LEVELS]), default="zone", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Write .csv, .parquet or .gpkg instead of printing.")
@prices_option
@rule_options
@tell_errors
def gaps(
    area: str, category: str, modes: tuple[Mode, ...], within_min: float, sessions_per_week: float, max_fare_gbp: float | None, by: str,
    out: Path | None, prices: Path, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Who finds a standard met, unmet or unknown; worst gaps first."""
    standard = Standard(category, sessions_per_week, within_min, modes, max_fare_gbp)
    network = open_network(area, walk_kmh, max_walk, max_rides)
    access = there_and_back(network, standard.modes, Progress())
    found = find_gaps(access, standard, read_prices(network.area.profile.service_date, prices))
    table = found.by_zone if by == "zone" else found.by(_level(by))
    if found.need_problem:
        click.echo(f"Without need: {found.need_problem}", err=True)
    if out:
        shapes = network.area.zones if by == "zone" else network.area.footprints.query("level == @by")
        key = "zone_code" if by == "zone" else "footprint_id"
        if out.suffix == ".gpkg":
            table = gpd.GeoDataFrame(table.merge(shapes[[key, "geometry"]], on=key, how="left"), crs=shapes.crs)
        write_table(table, out, network.provenance(command="gaps", standard=standard, by=by).digest)
        return
    click.echo(table.round(2).to_string(index=False, na_rep="–"))
    _totals(table)


def _totals(table: pd.DataFrame) -> None:
    met, unmet, unknown = (table[f"{name}_persons"].sum() for name in ("met", "unmet", "unknown"))
    click.echo(f"\nmet {met:,.0f} + unmet {unmet:,.0f} + unknown {unknown:,.0f} = {met + unmet + unknown:,.0f} people")
    unsure = table.loc[table["unknown_persons"] > 0]
    if len(unsure):
        name = "zone_code" if "zone_code" in table else "footprint_id"
        parts = [
            f"{row[name]} ({'wholly' if row['unknown_persons'] >= row['population'] - 0.5 else 'partly'}, {row['unknown_persons']:,.0f})"
            for _, row in unsure.iterrows()
        ]
        click.echo(f"unknown: {len(unsure)}: {', '.join(parts)}")


def _level(by: str) -> Level:
    return next(level for level in get_args(Level) if level == by)


@main.command()
@click.argument("area")
@click.option("--category", required=True)
@click.option("--zone", "zones", multiple=True, help="Zone code; can be given several times.")
@click.option("--footprint", help="Id of a footprint: all its unmet zones.")
@modes_option
@within_option
@click.option("--at-least", "sessions_per_week", default=1.0, show_default=True, help="Sessions a week.")
@click.option("--max-fare", "max_fare_gbp", type=float, help="The most that a return trip may cost in fares.")
@click.option("--out", type=click.Path(path_type=Path), help="Write .csv or .parquet instead of printing.")
@prices_option
@rule_options
@tell_errors
def options(
    area: str, category: str, zones: tuple[str, ...], footprint: str | None, modes: tuple[Mode, ...], within_min: float,
    sessions_per_week: float, max_fare_gbp: float | None, out: Path | None, prices: Path, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Four answers to a gap side by side: what each buys, for whom, at what price."""
    if bool(zones) == bool(footprint):
        raise click.UsageError("Give either --zone or --footprint.")
    standard = Standard(category, sessions_per_week, within_min, modes, max_fare_gbp)
    network = open_network(area, walk_kmh, max_walk, max_rides)
    codes = zones or zones_of(network, str(footprint))
    unknown = set(codes) - set(network.area.zones["zone_code"])
    if unknown:
        raise UnknownName("zone", sorted(unknown)[0], network.area.zones["zone_code"])
    access = there_and_back(network, tuple({*standard.modes, "transit"}), Progress())
    price_table = read_prices(network.area.profile.service_date, prices)
    found = answers(Question(find_gaps(access, standard, price_table), tuple(codes), price_table))
    table = as_table(found)
    if out:
        write_table(
            table, out, network.provenance(command="options", standard=standard, zones=codes, prices=prices.name).digest
        )
        return
    for option in found:
        click.echo(_in_words(option))


def _in_words(option) -> str:  # type: ignore[no-untyped-def]
    lines = [say(option.name, "en"), f"  people who gain access there and back: {option.gaining_persons:,.0f}"]
    if option.need_weighted_persons is not None:
        lines.append(f"  weighted by need: {option.need_weighted_persons:,.0f}")
    for label, value in (
        ("cost a year", option.cost_gbp_per_year),
        ("per person who gains", option.gbp_per_person),
        ("expected participants a year", option.demand.participants_per_year),
        ("per expected participant", option.gbp_per_participant),
    ):
        sign = "" if "participants" in label else "£"
        shown = (
            f"{sign}{value.middle:,.0f} ({sign}{value.low:,.0f} to {sign}{value.high:,.0f})"
            if value
            else "can't be computed"
        )
        lines.append(f"  {label}: {shown}")
    lines += [f"  – {say(note, 'en')}" for note in option.notes]
    unsure = ", ".join(price.key for price in option.figures if price.certainty == "U")
    return "\n".join([*lines, f"  to be confirmed: {unsure or 'nothing'}", ""])


def zones_of(network: AreaNetwork, footprint_id: str) -> tuple[str, ...]:
    """Return the zones of a footprint of any level.

    Raises:
        UnknownName: there is no such footprint.
    """
    belongs = (network.area.zone_footprints == footprint_id).any(axis=1)
    if not belongs.any():
        raise UnknownName("footprint", footprint_id, network.area.footprints["footprint_id"])
    return tuple(belongs.index[belongs])


def _clock(seconds: int) -> str:
    return f"{int(seconds) // 3600 % 24:02d}:{int(seconds) % 3600 // 60:02d}"


if __name__ == "__main__":
    main(prog_name="python -m access")
