"""The smallest change of a session's times that brings people within reach: moved as a whole, ending earlier, or starting later.

Every change on a grid is tried by the same searches as the session itself, for all origins at once; nothing is estimated. A change
also takes the session from people who reach it now, and that is counted beside.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.costs import Prices
from access.gaps import Gaps, judge
from access.query import QueryError, Standard
from access.sessions import SessionAccess, times_by_mode

Kind = Literal["shift", "end_earlier", "start_later"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SHORTEST_S = 30 * 60  # what is left of a session that ends earlier or starts later
DAY_S = 86_400


@dataclass(frozen=True)
class Grid:
    """Which changes are tried: up to so many minutes either way, in steps of so many."""

    up_to_min: int = 60
    step_min: int = 5

    def __post_init__(self) -> None:
        if not (0 < self.step_min <= self.up_to_min <= 240 and self.up_to_min / self.step_min <= 60):
            raise QueryError("Changes can be tried up to 240 minutes, in at most 60 steps.")


@dataclass(frozen=True)
class Change:
    """One change and what it does. ``minutes`` is below 0 where something is earlier. Persons are those of the whole area."""

    kind: Kind
    minutes: int
    start_s: int
    end_s: int
    gaining_persons: float  # of those asked for: reach it after the change and not now
    reached_before_persons: float
    reached_after_persons: float
    losing_persons: float  # reach it now and would not after


@dataclass(frozen=True)
class Tried:
    """A session (row of ``access.sessions``) under every change. ``is_reachable`` is (changes, origins), beside ``changes``."""

    access: SessionAccess
    session: int
    changes: pd.DataFrame  # kind, minutes, start_s, end_s
    is_reachable: NDArray[np.bool_]
    is_reachable_now: NDArray[np.bool_]

    def best_for(self, persons: NDArray[np.float64]) -> Change | None:
        """Return the smallest change that brings within reach at least half of the most that any change brings; None if none does.

        ``persons`` (origins) are those to be served. Of equally small ones, the one with most people reached in the whole area.
        """
        people = np.nan_to_num(self.access.network.area.origins["population"].to_numpy(np.float64))
        gains = (self.is_reachable & ~self.is_reachable_now) @ np.nan_to_num(persons)
        if not len(gains) or gains.max() <= 0:
            return None
        reached = self.is_reachable @ people
        able = np.flatnonzero(gains >= gains.max() / 2)
        size = np.abs(self.changes["minutes"].to_numpy())
        best = int(able[np.lexsort((able, -reached[able], size[able]))[0]])
        row = self.changes.iloc[best]
        return Change(
            kind=row["kind"],
            minutes=int(row["minutes"]),
            start_s=int(row["start_s"]),
            end_s=int(row["end_s"]),
            gaining_persons=float(gains[best]),
            reached_before_persons=float(people[self.is_reachable_now].sum()),
            reached_after_persons=float(reached[best]),
            losing_persons=float(people[self.is_reachable_now & ~self.is_reachable[best]].sum()),
        )


def try_changes(
    access: SessionAccess, standard: Standard, session: int, prices: Prices | None = None, grid: Grid | None = None
) -> Tried:
    """Judge a session under every change of its times on the grid.

    Raises:
        QueryError: a limit on fares lacks its prices.
    """
    changes = _changes(access.sessions.iloc[session], grid or Grid())
    trial = with_times(access, session, changes, standard)
    found = [judge(trial, standard, row, prices)[0] for row in range(len(changes))]
    shape = (len(changes), len(access.network.area.origins))
    return Tried(
        access,
        session,
        changes,
        np.array(found, dtype=bool).reshape(shape),
        judge(access, standard, session, prices)[0],
    )


def with_times(access: SessionAccess, session: int, times: pd.DataFrame, standard: Standard) -> SessionAccess:
    """Return there and back for copies of one session at other times (columns ``start_s, end_s``), by the standard's modes."""
    copies = access.sessions.iloc[[session] * len(times)].reset_index(drop=True)
    copies = copies.assign(start_s=times["start_s"].to_numpy(np.int32), end_s=times["end_s"].to_numpy(np.int32))
    return replace(access, sessions=copies, by_mode=times_by_mode(access.network, copies, standard.modes))


def best_moves(gaps: Gaps, prices: Prices | None = None, grid: Grid | None = None) -> pd.DataFrame:
    """Return for each session of the category the smallest move that brings unmet people within reach, most of them first.

    Columns: ``session_id, name_en, name_cy, venue_name, weekday, start_s, end_s, kind, minutes, new_start_s, new_end_s,
    gaining_unmet_persons, reached_before_persons, reached_after_persons, losing_persons``. Sessions that no change helps do not appear.
    """
    access, unmet = gaps.access, gaps.by_origin["unmet_persons"].to_numpy(np.float64)
    rows: list[dict[str, object]] = []
    for session in map(int, access.of_category(gaps.standard.category)):
        change = try_changes(access, gaps.standard, session, prices, grid).best_for(unmet)
        if change is None:
            continue
        own = access.sessions.iloc[session]
        said = {
            name: own[name]
            for name in ("session_id", "name_en", "name_cy", "venue_name", "weekday", "start_s", "end_s")
        }
        rows.append(
            {
                **said,
                "kind": change.kind,
                "minutes": change.minutes,
                "new_start_s": change.start_s,
                "new_end_s": change.end_s,
                "gaining_unmet_persons": change.gaining_persons,
                "reached_before_persons": change.reached_before_persons,
                "reached_after_persons": change.reached_after_persons,
                "losing_persons": change.losing_persons,
            }
        )
    columns = ["session_id", "name_en", "name_cy", "venue_name", "weekday", "start_s", "end_s", "kind", "minutes", "new_start_s",
               "new_end_s", "gaining_unmet_persons", "reached_before_persons", "reached_after_persons", "losing_persons"]  # fmt: skip
    found = pd.DataFrame(rows, columns=columns)
    return found.sort_values(["gaining_unmet_persons", "session_id"], ascending=[False, True]).reset_index(drop=True)


def _changes(session: pd.Series, grid: Grid) -> pd.DataFrame:
    """Return the changes of a session that leave it on its day and long enough, small ones first."""
    start_s, end_s = int(session["start_s"]), int(session["end_s"])
    rows: list[tuple[str, int, int, int]] = []
    for minutes in range(grid.step_min, grid.up_to_min + 1, grid.step_min):
        by_s = minutes * 60
        rows.append(("shift", -minutes, start_s - by_s, end_s - by_s))
        rows.append(("shift", minutes, start_s + by_s, end_s + by_s))
        rows.append(("end_earlier", -minutes, start_s, end_s - by_s))
        rows.append(("start_later", minutes, start_s + by_s, end_s))
    found = pd.DataFrame(rows, columns=["kind", "minutes", "start_s", "end_s"])
    is_whole = (found["kind"] == "shift") | (found["end_s"] - found["start_s"] >= SHORTEST_S)
    is_on_day = (found["start_s"] >= 0) & (found["start_s"] < DAY_S) & (found["end_s"] <= DAY_S + DAY_S // 2)
    return found.loc[is_whole & is_on_day].reset_index(drop=True)
