"""``sessions``: every session as a zone's people find it."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from access.commands.arguments import modes_option, open_network, out_option, rule_options, within_option
from access.commands.result import give
from access.explain import zone_sessions
from access.mode_times import Reason
from access.query import Mode
from access.sessions import there_and_back
from geo.console import Progress, tell_errors
from geo.errors import UnknownName
from geo.timetable.clock import hhmm
from geo.vocabulary import CATEGORIES
from geo.words import say


@click.command()
@click.argument("area")
@click.option("--zone", required=True, help="Zone code.")
@click.option("--category", help=f"Only this category, one of {', '.join(CATEGORIES)}.")
@modes_option
@within_option
@out_option
@rule_options
@tell_errors
def sessions(
    area: str, zone: str, category: str | None, modes: tuple[Mode, ...], within_min: float, out: Path | None,
    walk_kmh: float, max_walk: float, max_rides: int,
) -> None:  # fmt: skip
    """Every session as a zone's people find it: there and back, and why not."""
    if category is not None and category not in CATEGORIES:
        raise UnknownName("category", category, CATEGORIES)
    network = open_network(area, walk_kmh, max_walk, max_rides)
    access = there_and_back(network, modes, Progress())
    found = zone_sessions(access, zone, within_min, modes, category)
    made_from = network.provenance(command="sessions", zone=zone, category=category, modes=modes, within_min=within_min)
    named = found.assign(reason=[Reason(reason).name.lower() for reason in found["reason"]])
    give(out, named, made_from, [_as_text(found) if len(found) else say("access.none_runs", "en")])


def _as_text(found: pd.DataFrame) -> str:
    shown = pd.DataFrame(
        {
            "session": found["name_en"],
            "venue": found["venue_name"],
            "day": found["weekday"].str[:3],
            "time": [f"{hhmm(start)}–{hhmm(end)}" for start, end in zip(found["start_s"], found["end_s"], strict=True)],
            "mode": found["mode"],
            "out min": found["out_min"].round().astype("Int64"),
            "back min": found["back_min"].round().astype("Int64"),
            "reached by": [_percent(share) for share in found["reachable_share"]],
            "not known of": [_percent(share) for share in found["unknown_share"]],
            "of most": [say(Reason(reason).key, "en") for reason in found["reason"]],
            "who are": [_percent(share) for share in found["reason_share"]],
        }
    )
    return shown.to_string(index=False, na_rep="–")


def _percent(share: float) -> str:
    return "–" if pd.isna(share) else f"{share:.0%}"
