"""What standard a command was asked, and what need is made of: the same options wherever an answer hangs on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from access.commands.arguments import HELD, MODES_SAID, WITHIN_SAID, is_given
from access.costs import PRICES_FILE, Prices, read_prices
from access.need import NeedWeights, Scale, default_need, scaled_columns
from access.query import Mode, Standard
from geo.area import Area
from geo.manifest import file_sha256

Command = TypeVar("Command", bound=Callable[..., Any])


class WeightType(click.ParamType):
    """COLUMN=WEIGHT, or COLUMN=WEIGHT:SCALE."""

    name = "COLUMN=WEIGHT[:SCALE]"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float, str]:
        """Return column, weight and scale ('' for the column's own)."""
        column, _, said = str(value).partition("=")
        weight, _, scale = said.partition(":")
        try:
            return column, float(weight), scale
        except ValueError:
            self.fail(f"'{value}' is not a weight like population_65plus_share=2:min_max", param, ctx)


at_least_option = click.option(
    "--at-least", "sessions_per_week", default=1.0, show_default=True, help="Sessions a week.", **HELD
)
weight_option = click.option(
    "--weight",
    "need_weights",
    multiple=True,
    type=WeightType(),
    help="A column of need and what it weighs, instead of the area's own; can be given several times.",
    **HELD,
)
_slope_option = click.option(
    "--slope",
    "need_slope",
    type=click.FloatRange(0, 10),
    help="How much more a person counts where need is greatest (1: twice).",
    **HELD,
)


def fare_options(command: Command) -> Command:
    """Add a limit on fares and what fares cost (:func:`standard_asked`)."""
    prices = click.option(
        "--prices", "prices_file", type=click.Path(path_type=Path), default=PRICES_FILE, help="A price table of your own.", **HELD
    )  # fmt: skip
    limit = click.option(
        "--max-fare", "max_fare_gbp", type=float, help="The most that a return trip may cost in fares.", **HELD
    )
    return limit(prices(command))


def reach_options(command: Command) -> Command:
    """Add the options that say what is in reach: of a standard all but how many sessions it asks for (:func:`standard_asked`)."""
    modes, within = (
        click.option("--mode", "modes", **MODES_SAID, **HELD),
        click.option("--within", "within_min", **WITHIN_SAID, **HELD),
    )
    return modes(within(fare_options(command)))


def standard_options(command: Command) -> Command:
    """Add the options that make a standard (:func:`standard_asked`)."""
    return reach_options(at_least_option(command))


def need_options(command: Command) -> Command:
    """Add the options that say what need is made of, and what a person in need counts (:func:`need_asked`)."""
    return weight_option(_slope_option(command))


@dataclass(frozen=True)
class StandardAsked:
    """A standard but for its category, and the file that says what fares cost."""

    modes: tuple[Mode, ...] = ("transit",)
    within_min: float = 45.0
    sessions_per_week: float = 1.0
    max_fare_gbp: float | None = None
    prices_file: Path = PRICES_FILE

    def of(self, category: str) -> Standard:
        """Return the standard of a category. Raises QueryError where it can't be asked."""
        return Standard(category, self.sessions_per_week, self.within_min, self.modes, self.max_fare_gbp)

    def price_table(self, area: Area) -> Prices:
        """Return what things cost on the area's service date (errors: :func:`access.costs.read_prices`)."""
        return read_prices(area.profile.service_date, self.prices_file)

    def prices(self, area: Area) -> Prices | None:
        """Return what fares cost, where they are limited.

        Raises:
            UsageError: prices were given though fares are not limited.
        """
        if self.max_fare_gbp is not None:
            return self.price_table(area)
        if is_given("prices_file"):
            raise click.UsageError("--prices has no effect without --max-fare: nothing else here has a price.")
        return None

    @property
    def prices_sha256(self) -> str | None:
        """What the prices are known by, where fares are limited."""
        return None if self.max_fare_gbp is None else file_sha256(self.prices_file)


def standard_asked(**own: Any) -> StandardAsked:
    """Return what the command that runs was asked by the options above; ``own`` are those that it takes itself."""
    meta = click.get_current_context().meta
    names = [field.name for field in fields(StandardAsked) if f"access.{field.name}" in meta]
    return StandardAsked(**({name: meta[f"access.{name}"] for name in names} | own))


def need_asked(area: Area) -> NeedWeights:
    """Return what need is made of by the options above; where they say nothing, as the area's profile has it.

    Raises:
        BadParameter: a column is weighted twice. NoNeed: the weights can't be used there (:func:`access.need.scaled_columns`).
    """
    meta, own = click.get_current_context().meta, default_need(area)
    said, slope = meta["access.need_weights"], meta.get("access.need_slope")
    twice = [column for column, times in Counter(column for column, _, _ in said).items() if times > 1]
    if twice:
        raise click.BadParameter(f"{', '.join(twice)} is weighted more than once.", param_hint="--weight")
    if not said and slope is None:
        return own
    weights = {column: weight for column, weight, _ in said} or own.weights
    scales = {column: cast(Scale, scale) for column, _, scale in said if scale} if said else own.scales
    asked = NeedWeights(weights, own.slope if slope is None else slope, scales)
    scaled_columns(area, asked)  # what nobody could be weighted by is an error, not need that is not known
    return asked
