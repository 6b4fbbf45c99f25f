"""Single points of failure: the session, activity, venue, provider or funder on whom alone people rely for a standard.

The opposite of duplication. For each, the people who find the standard met now and would not without it; a session that nobody
relies on does not appear. Need-weighted people stand beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from access.catchments import Catchments
from access.query import QueryError

What = Literal["session", "activity", "venue", "provider", "funder"]
KEY: dict[What, str] = {
    "session": "session_id", "activity": "activity_id", "venue": "venue_id", "provider": "provider", "funder": "funder"
}  # fmt: skip
COLUMNS = ("what", "id", "name_en", "name_cy", "category", "sessions", "weekday", "start_s", "venue_name", "relying_persons",
           "need_weighted_persons", "zones", "worst_zone_code", "worst_zone_persons", "rank")  # fmt: skip


def single_points(of: Sequence[Catchments], what: What = "session") -> pd.DataFrame:
    """Return one row for each thing that people rely on, per category, most relying persons first (columns: ``COLUMNS``).

    ``zones`` is how many zones these people live in. ``weekday`` and ``start_s`` are missing for what has several sessions. Sessions
    whose provider or funder is not known are left out where these are asked for.

    Raises:
        QueryError: ``what`` is none of the kinds.
    """
    if what not in KEY:
        raise QueryError(f"'{what}' can't be relied on; ask for one of {', '.join(KEY)}.")
    rows = [row for catchments in of for row in _of_category(catchments, what)]
    found = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    found = found.sort_values(["relying_persons", "category", "id"], ascending=[False, True, True], kind="stable")
    return found.assign(rank=np.arange(1, len(found) + 1)).reset_index(drop=True)


def _of_category(catchments: Catchments, what: What) -> list[dict[str, object]]:
    sessions, found = catchments.sessions, []
    zone_code = catchments.access.network.area.origins["zone_code"].to_numpy()
    for name, stopped in sessions.groupby(KEY[what], sort=True).indices.items():
        lost = catchments.lost_persons(stopped)
        if lost.sum() <= 0:
            continue
        by_zone = pd.Series(lost).groupby(zone_code).sum()
        found.append(
            {
                **_said(sessions.iloc[stopped], what, str(name)),
                "what": what,
                "category": catchments.standard.category,
                "sessions": len(stopped),
                "relying_persons": float(lost.sum()),
                "need_weighted_persons": catchments.weighted(lost),
                "zones": int((by_zone > 0).sum()),
                "worst_zone_code": by_zone.idxmax(),
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
