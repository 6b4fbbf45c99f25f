"""``explain``: why a zone finds a standard met or not, and what would turn it; or which sessions to move."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pandas as pd

from access.change_sentences import what_it_turns
from access.commands.arguments import open_network, rule_options
from access.commands.asked import standard_asked, standard_options
from access.commands.result import give
from access.counted import minutes_in_full
from access.gaps import find_gaps
from access.sessions import there_and_back
from access.smallest_change import Change, Grid, as_table, best_moves
from access.why import MOST, Why, explain_zone
from geo.console import Progress, tell_errors
from geo.timetable.clock import hhmm
from geo.words import LANGUAGES, Language, Message, say


@click.command()
@click.argument("area")
@click.option("--category", required=True)
@click.option("--zone", help="Zone code; without one, the sessions of the category whose move would help most.")
@standard_options
@click.option("--up-to", "up_to_min", default=60, show_default=True, help="How far a session may move, in minutes.")
@click.option("--most", default=MOST, show_default=True, help="How many sessions out of reach to explain.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="Without --zone: write .csv or .parquet.")
@rule_options
@tell_errors
def explain(
    area: str, category: str, zone: str | None, up_to_min: int, most: int, language: Language, out: Path | None,
    walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Why a zone finds a standard met or not, which rule fails by how much, and the smallest change that would turn it."""
    if zone and out:
        raise click.UsageError("--out goes without --zone: why a zone stands as it does is told in words.")
    grid, asked = Grid(up_to_min), standard_asked()
    standard = asked.of(category)
    network = open_network(area, walk_kmh, max_walk, max_rides)
    prices = asked.prices(network.area)
    gaps = find_gaps(there_and_back(network, standard.modes, Progress()), standard, prices)
    made_from = network.provenance(
        command="explain", standard=standard, zone=zone, grid=grid, prices=asked.prices_sha256
    )
    if zone is None:
        moves = best_moves(gaps, prices, grid=grid)
        lines = _move_lines(moves, gaps.access.sessions, grid, language)
        give(out, as_table(gaps.access, moves), made_from, lines)
    else:
        why = explain_zone(gaps, zone, prices, most=most, grid=grid)
        give(None, pd.DataFrame(), made_from, _why_lines(why, language))


def _why_lines(why: Why, language: Language) -> Iterator[str]:
    for message in (*why.summary, *why.reached):
        yield say(message, language)
    for nearly in why.nearly:
        yield say(nearly.what, language)
        for message in (*nearly.fails, *nearly.changes):
            yield f"  – {say(message, language)}"


def _move_lines(moves: dict[int, Change], sessions: pd.DataFrame, grid: Grid, language: Language) -> Iterator[str]:
    if not any(change.helped_persons > 0 for change in moves.values()):
        key = "why.moved.none_turned" if moves else "why.moved.none"
        yield say(key, language, minutes=minutes_in_full(grid.up_to_min))
    for session, change in moves.items():
        row = sessions.iloc[session]
        values = {
            "name_en": row["name_en"],
            "name_cy": row["name_cy"],
            "weekday": Message(f"weekday.{row['weekday']}"),
            "venue": row["venue_name"],
            "start": hhmm(row["start_s"]),
            "end": hhmm(row["end_s"]),
            "new_start": hhmm(change.start_s),
            "new_end": hhmm(change.end_s),
            "before": f"{change.reached_before_persons:,.0f}",
            "after": f"{change.reached_after_persons:,.0f}",
            "gaining": f"{change.gaining_persons:,.0f}",
        }
        yield say(Message("why.moved", values), language)
        for message in what_it_turns(change):
            yield f"  – {say(message, language)}"
