"""Single points of failure: the session, activity, venue, provider or funder on whom alone people rely for a standard.

The opposite of duplication. For each, the people who find the standard met now and would not without it; a session that nobody
relies on does not appear. Need-weighted people stand beside, and those of whom it would not be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from access.catchments import Catchments, Loss
from access.query import QueryError
from geo.words import Message

What = Literal["session", "activity", "venue", "provider", "funder"]
KEY: dict[What, str] = {
    "session": "session_id", "activity": "activity_id", "venue": "venue_id", "provider": "provider", "funder": "funder"
}  # fmt: skip
COLUMNS = ("what", "id", "name_en", "name_cy", "category", "sessions", "weekday", "start_s", "venue_name", "relying_persons",
           "need_weighted_persons", "unknown_persons", "uncounted_zones", "zones", "worst_zone_code", "worst_zone_persons",
           "rank")  # fmt: skip


def single_points(of: Sequence[Catchments], what: What = "session") -> pd.DataFrame:
    """Return one row for each thing that people rely on, or may, per category, most relying persons first (columns: ``COLUMNS``).

    ``unknown_persons`` find the standard met now, and without it that would not be known; ``uncounted_zones`` are those of people who
    lose, or may, whom nobody has counted. ``zones`` is how many zones the relying persons live in, the most of them in the worst (missing:
    nowhere). ``weekday`` and ``start_s`` are missing for what has several sessions. Sessions whose provider or funder is not known are left
    out where these are asked for.

    Raises:
        QueryError: ``what`` is none of the kinds.
    """
    if what not in KEY:
        raise QueryError(f"'{what}' can't be relied on; ask for one of {', '.join(KEY)}.")
    rows = [row for catchments in of for row in _of_category(catchments, what)]
    found = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    order = {"relying_persons": False, "unknown_persons": False, "uncounted_zones": False, "category": True, "id": True}
    found = found.sort_values(list(order), ascending=list(order.values()), kind="stable")
    return found.assign(rank=np.arange(1, len(found) + 1)).reset_index(drop=True)


def describe(found: pd.DataFrame) -> tuple[Message, ...]:
    """Return what most people rely on, or that nobody does: said only where it is known of all."""
    if found.empty:
        return (Message("reliance.none"),)
    first = found.iloc[0]
    if not first["relying_persons"] >= 0.5:
        return (Message("reliance.not_known"), *tell_unsure(first))
    values = {"name_en": first["name_en"], "name_cy": first["name_cy"], "persons": f"{first['relying_persons']:,.0f}"}
    said = Message("reliance.first", {**values, "category": Message(f"category.{first['category']}")})
    return (said, *tell_unsure(first))


def tell_unsure(row: pd.Series) -> tuple[Message, ...]:
    """Return of a row of :func:`single_points` of whom it is not known."""
    return Loss(row["relying_persons"], row["unknown_persons"], int(row["uncounted_zones"])).tell_unsure()


def _of_category(catchments: Catchments, what: What) -> list[dict[str, object]]:
    sessions, found = catchments.sessions, []
    zone_code = catchments.access.network.area.origins["zone_code"].to_numpy()
    for name, stopped in sessions.groupby(KEY[what], sort=True).indices.items():
        losers = catchments.losers(stopped)
        lost, loss = losers.persons, catchments.loss(losers)
        if lost.sum() <= 0 and not loss.is_unsure:
            continue
        by_zone = pd.Series(lost).groupby(zone_code).sum()
        found.append(
            {
                **_said(sessions.iloc[stopped], what, str(name)),
                "what": what,
                "category": catchments.standard.category,
                "sessions": len(stopped),
                "relying_persons": loss.persons,
                "need_weighted_persons": catchments.weighted(lost),
                "unknown_persons": loss.unknown_persons,
                "uncounted_zones": loss.uncounted_zones,
                "zones": int((by_zone > 0).sum()),
                "worst_zone_code": by_zone.idxmax() if lost.sum() > 0 else None,
                "worst_zone_persons": float(by_zone.max()),
            }
        )
    return found


def _said(rows: pd.DataFrame, what: What, name: str) -> dict[str, object]:
    first, is_one = rows.iloc[0], len(rows) == 1
    if what in ("session", "activity"):
        names = {"name_en": first["name_en"], "name_cy": first["name_cy"]}
    else:
        shown = first["venue_name"] if what == "venue" else name
        names = {"name_en": shown, "name_cy": shown}
    return {
        "id": name,
        **names,
        "weekday": first["weekday"] if is_one else None,
        "start_s": first["start_s"] if is_one else None,
        "venue_name": first["venue_name"] if rows["venue_id"].nunique() == 1 else None,
    }
