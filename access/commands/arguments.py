"""What the commands share: kinds of arguments, the options that make a question, and opening an area."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from access.network import AreaNetwork
from access.query import MODES, TravelRules
from access.ready import ready_once
from access.traffic import TRAFFIC_FILE, read_peaks
from access.travellers import AVERAGE, SLOWER
from geo.console import Progress
from geo.opening import open_area


class ClockType(click.ParamType):
    """HH:MM by the clock, past 24:00 for the night after."""

    name = "HH:MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return seconds after 00:00 as the clocks show them (:meth:`access.network.AreaNetwork.service_s` knows when that is)."""
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


def remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Keep an option that no command takes itself: :func:`open_network` and the like do."""
    ctx.meta[f"access.{param.name}"] = value


def rule_options(command):  # type: ignore[no-untyped-def]
    """Add the options that say how people travel."""
    for option in (
        click.option(
            "--walk-kmh",
            default=AVERAGE.walk_kmh,
            show_default=True,
            help=f"Walking speed; {SLOWER.walk_kmh} fits slower walkers.",
        ),
        click.option(
            "--max-walk", default=20.0, show_default=True, help="Longest walk to, between or from stops, in minutes."
        ),
        click.option(
            "--max-walk-total",
            "max_walk_total_min",
            type=click.FloatRange(0, 600),
            expose_value=False,
            callback=remember,
            help="Longest walk in all on one way by public transport, in minutes: exact, and slower.",
        ),
        click.option("--max-rides", default=4, show_default=True, help="Most buses and trains one way."),
        click.option(
            "--max-travel",
            "max_travel_min",
            default=180.0,
            show_default=True,
            expose_value=False,
            callback=remember,
            help="Longest way by public transport, in minutes: what takes longer counts as no way.",
        ),
        click.option(
            "--slack",
            "board_slack_s",
            default=60,
            show_default=True,
            expose_value=False,
            callback=remember,
            help="Seconds to be at the stop before a bus or train leaves.",
        ),
        click.option(
            "--drive-factor",
            default=1.0,
            show_default=True,
            expose_value=False,
            callback=remember,
            help="How many times as long drives take, at any hour.",
        ),
        click.option(
            "--traffic",
            type=click.Path(path_type=Path),
            default=TRAFFIC_FILE,
            expose_value=False,
            callback=remember,
            help="A table of your own of the hours at which drives take longer.",
        ),
        click.option(
            "--park",
            "park_min",
            default=0.0,
            show_default=True,
            expose_value=False,
            callback=remember,
            help="Minutes to park and walk from the car, each way.",
        ),
        click.option(
            "--wheelchair",
            is_flag=True,
            expose_value=False,
            callback=remember,
            help="No steps, and nothing closed to wheelchairs; what nobody says is open to them counts as not known.",
        ),
    ):
        command = option(command)
    return command


def open_network(area: str, walk_kmh: float, max_walk: float, max_rides: int) -> AreaNetwork:
    """Open an area under the rules given, with the routing core compiled."""
    meta = click.get_current_context().meta
    kept = {
        name: meta[f"access.{name}"]
        for name in (
            "max_travel_min",
            "board_slack_s",
            "drive_factor",
            "park_min",
            "wheelchair",
            "max_walk_total_min",
        )
    }
    peaks = read_peaks(meta["access.traffic"])
    rules = TravelRules(walk_kmh=walk_kmh, max_walk_min=max_walk, max_rides=max_rides, peaks=peaks, **kept)
    network = AreaNetwork(open_area(area, Progress()), rules)
    ready_once(network, Progress())
    return network


def is_given(name: str) -> bool:
    """Say whether an option of the command that runs stands on the command line."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def is_traffic_given() -> bool:
    """Say whether the command that runs was given a table of busy hours other than the project's."""
    return click.get_current_context().meta["access.traffic"] != TRAFFIC_FILE


HELD: dict[str, Any] = {"expose_value": False, "callback": remember}
MODES_SAID: dict[str, Any] = {
    "multiple": True,
    "type": click.Choice(MODES),
    "default": ["transit"],
    "show_default": True,
    "help": "How people may travel; can be given several times.",
}
WITHIN_SAID: dict[str, Any] = {"default": 45.0, "show_default": True, "help": "Minutes each way."}

modes_option = click.option("--mode", "modes", **MODES_SAID)
within_option = click.option("--within", "within_min", **WITHIN_SAID)
categories_option = click.option(
    "--category", "chosen", multiple=True, help="Only this category; can be given several times."
)
out_option = click.option("--out", type=click.Path(path_type=Path), help="Write .csv or .parquet instead of printing.")
