"""The link workers of the demonstration area: fewest where need is greatest, as the Inverse Care Law would have it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from geo.demo.boundaries import Practice
from geo.demo.tables import write_csv

# Whole-time equivalents by practice; practices that are not named have none. Gwymon shares one post in its cluster.
OF_PRACTICE: dict[str, tuple[float, ...]] = {
    "D90001": (1.0,),
    "D90002": (1.0, 0.6),
    "D90004": (0.8,),
    "D90006": (1.0,),
    "D90008": (0.6,),
    "D90010": (0.5,),
    "D90013": (1.0, 0.4),
    "D90015": (0.6,),
    "D90023": (1.0,),
    "D90024": (0.4,),
}
OF_CLUSTER: dict[str, float] = {"gwymon": 0.6, "clychau": 1.0}


def write_posts(practices: Sequence[Practice], path: Path) -> None:
    """Write ``posts.csv``: a row for each post of a practice of the land, then for those that serve a whole cluster."""
    rows: list[list[object]] = []
    for practice in practices:
        for share in OF_PRACTICE.get(practice.practice_id, ()):
            rows.append([f"P{len(rows) + 1:02d}", practice.practice_id, "", share])
    clusters = {practice.cluster for practice in practices}
    for cluster, share in OF_CLUSTER.items():
        if cluster in clusters:
            rows.append([f"P{len(rows) + 1:02d}", "", cluster, share])
    write_csv(path, ["post_id", "practice_id", "cluster_id", "whole_time_equivalent"], rows)
