"""``explain``: why a zone finds a standard met or not, and what would turn it; or which sessions to move."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from access.commands.arguments import modes_option, open_network, rule_options, within_option
from access.gaps import find_gaps
from access.query import Mode, Standard
from access.sessions import there_and_back
from access.smallest_change import Grid, best_moves
from access.why import MOST, explain_zone
from geo.console import Progress, tell_errors, write_table
from geo.timetable.clock import hhmm
from geo.words import LANGUAGES, Language, Message, say


@click.command()
@click.argument("area")
@click.option("--category", required=True)
@click.option("--zone", help="Zone code; without one, the sessions of the category whose move would help most.")
@modes_option
@within_option
@click.option("--at-least", "sessions_per_week", default=1.0, show_default=True, help="Sessions a week.")
@click.option("--up-to", "up_to_min", default=60, show_default=True, help="How far a session may move, in minutes.")
@click.option("--most", default=MOST, show_default=True, help="How many sessions out of reach to explain.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Without --zone: write .csv or .parquet.")
@rule_options
@tell_errors
def explain(
    area: str, category: str, zone: str | None, modes: tuple[Mode, ...], within_min: float, sessions_per_week: float, up_to_min: int,
    most: int, language: Language, out: Path | None, walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Why a zone finds a standard met or not, which rule fails by how much, and the smallest change that would turn it."""
    grid, standard = Grid(up_to_min), Standard(category, sessions_per_week, within_min, modes)
    network = open_network(area, walk_kmh, max_walk, max_rides)
    gaps = find_gaps(there_and_back(network, modes, Progress()), standard)
    if zone is None:
        moves = best_moves(gaps, grid=grid)
        if out:
            write_table(moves, out, network.provenance(command="explain", standard=standard, grid=grid).statement)
            return
        _tell_moves(moves, grid, language)
        return
    why = explain_zone(gaps, zone, most=most, grid=grid)
    for message in (*why.summary, *why.reached):
        click.echo(say(message, language))
    for nearly in why.nearly:
        click.echo(say(nearly.what, language))
        for message in (*nearly.fails, *nearly.changes):
            click.echo(f"  – {say(message, language)}")


def _tell_moves(moves: pd.DataFrame, grid: Grid, language: Language) -> None:
    if not len(moves):
        click.echo(say("why.moved.none", language, minutes=grid.up_to_min))
    for _, row in moves.iterrows():
        values = {
            "name_en": row["name_en"],
            "name_cy": row["name_cy"],
            "weekday": Message(f"weekday.{row['weekday']}"),
            "venue": row["venue_name"],
            **{name: hhmm(row[f"{name}_s"]) for name in ("start", "end", "new_start", "new_end")},
            "before": f"{row['reached_before_persons']:,.0f}",
            "after": f"{row['reached_after_persons']:,.0f}",
            "gaining": f"{row['gaining_unmet_persons']:,.0f}",
        }
        click.echo(say(Message("why.moved", values), language))
