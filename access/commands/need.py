"""``need``: the need of zones or footprints, and how far their ranks hang on the weights."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import cast

import click

from access.commands.arguments import out_option
from access.commands.measure import level_of
from access.commands.result import as_text, give
from access.need import NeedWeights, Scale, default_need, default_reason, need_sensitivity
from access.network import AreaNetwork
from geo.console import Progress, tell_errors
from geo.opening import open_area
from geo.profile import LEVELS
from geo.words import say


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


@click.command()
@click.argument("area")
@click.option(
    "--weight",
    "weights",
    multiple=True,
    type=WeightType(),
    help="Instead of the area's default; can be given several times.",
)
@click.option("--by", type=click.Choice(["zone", *LEVELS]), default="zone", show_default=True)
@click.option("--samples", default=1000, show_default=True, help="Samples of the weights for the rank ranges.")
@click.option("--seed", default=0, show_default=True)
@out_option
@tell_errors
def need(
    area: str, weights: tuple[tuple[str, float, str], ...], by: str, samples: int, seed: int, out: Path | None
) -> None:
    """Need from 0 to 1, its ranks, and between which ranks 90 % of sampled weights leave them."""
    twice = [column for column, said in Counter(column for column, _, _ in weights).items() if said > 1]
    if twice:
        raise click.BadParameter(f"{', '.join(twice)} is weighted more than once.", param_hint="--weight")
    opened = open_area(area, Progress())
    asked = default_need(opened)
    if weights:
        scales = {column: cast(Scale, scale) for column, _, scale in weights if scale}
        asked = NeedWeights({column: weight for column, weight, _ in weights}, scales=scales)
    level = None if by == "zone" else level_of(by)
    table = need_sensitivity(opened, asked, level=level, samples=samples, seed=seed)
    made_from = AreaNetwork(opened).provenance(command="need", need=asked, by=by, samples=samples, seed=seed)
    total = sum(asked.weights.values())
    parts = [f"{weight / total:4.0%}  {column} ({asked.scale_of(column)})" for column, weight in asked.weights.items()]
    reason = [] if weights else [say(default_reason(opened), "en")]
    give(out, table, made_from, [*parts, *reason, as_text(table, decimals=3)])
