"""The smallest change of a session's times that brings people within reach: moved as a whole, ending earlier, or starting later.

Every change on a grid is tried by the same searches as the session itself, for all origins at once; nothing is estimated, and no session
is passed over. Under a limit on fares holders of a concessionary pass are judged by their own fares, all others by what they pay.
A change also takes the session from people who reach it now, and that is counted beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.costs import Prices
from access.gaps import Gaps, holders_share, judge
from access.query import QueryError, Standard
from access.sessions import SessionAccess, times_by_mode

Kind = Literal["shift", "end_earlier", "start_later"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SHORTEST_S = 30 * 60  # what is left of a session that ends earlier or starts later
DAY_S = 86_400
CELLS = 4_000_000  # of one array of times, changes by origins: 16 MB


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
    """A session (row of ``access.sessions``) under changes. ``is_*`` are (changes, origins), beside ``changes``; ``is_*_now`` (origins,).

    ``is_with_pass`` says of which origins those reach it who hold a concessionary pass: of the same where no fare is limited.
    """

    access: SessionAccess
    session: int
    changes: pd.DataFrame  # kind, minutes, start_s, end_s
    is_reachable: NDArray[np.bool_]
    is_with_pass: NDArray[np.bool_]
    is_reachable_now: NDArray[np.bool_]
    is_with_pass_now: NDArray[np.bool_]

    def best_for(self, persons: NDArray[np.float64], holders: NDArray[np.float64] | None = None) -> Change | None:
        """Return the smallest change that brings within reach at least half of the most that any change brings; None if none does.

        ``persons`` (origins) are those to be served who pay fares, ``holders`` those with a pass. Of equally small changes it is the one
        with most people reached in the whole area.
        """
        gains = (self.is_reachable & ~self.is_reachable_now) @ np.nan_to_num(persons)
        if holders is not None:
            gains = gains + (self.is_with_pass & ~self.is_with_pass_now) @ np.nan_to_num(holders)
        if not len(gains) or gains.max() <= 0:
            return None
        people = np.nan_to_num(self.access.network.area.origins["population"].to_numpy(np.float64))
        with_pass = people * holders_share(self.access)
        payers = people - with_pass
        reached = self.is_reachable @ payers + self.is_with_pass @ with_pass
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
            reached_before_persons=float(self.is_reachable_now @ payers + self.is_with_pass_now @ with_pass),
            reached_after_persons=float(reached[best]),
            losing_persons=float(
                (self.is_reachable_now & ~self.is_reachable[best]) @ payers
                + (self.is_with_pass_now & ~self.is_with_pass[best]) @ with_pass
            ),
        )


def try_changes(
    access: SessionAccess, standard: Standard, session: int, prices: Prices | None = None, grid: Grid | None = None
) -> Tried:
    """Judge a session under every change of its times on the grid.

    Raises:
        QueryError: a limit on fares lacks its prices.
    """
    changes = _changes(access.sessions, [session], grid or Grid())
    trial = with_times(access, session, changes, standard)
    return _judged(access, trial, standard, session, changes, prices)


def smallest_changes(
    gaps: Gaps, asked: Mapping[int, NDArray[np.float64]], prices: Prices | None = None, grid: Grid | None = None
) -> dict[int, Change]:
    """Return for each session its smallest change (as :meth:`Tried.best_for`); those that no change helps are missing.

    ``asked`` gives for each session (row) the persons to be served, ``(2, origins)``: those who pay fares, and holders of a pass.
    Every session is searched under every change. Only those changes are judged with their fares by which some of these persons are near
    enough there and back by some mode: no other could bring the session within anybody's reach.
    """
    found: dict[int, Change] = {}
    for some in _at_once(gaps.access, list(asked), grid or Grid()):
        changes = _changes(gaps.access.sessions, some, grid or Grid())
        trial = with_times(gaps.access, changes["session"].to_numpy(np.intp), changes, gaps.standard)
        for session in some:
            rows = np.flatnonzero(changes["session"].to_numpy() == session)
            rows = rows[_may_serve(trial, gaps.standard, rows, np.flatnonzero(asked[session].any(axis=0)))]
            if not len(rows):
                continue
            change = _judged(gaps.access, trial, gaps.standard, session, changes.loc[rows], prices).best_for(
                *asked[session]
            )
            if change is not None:
                found[session] = change
    return found


def _at_once(access: SessionAccess, sessions: list[int], grid: Grid) -> Iterator[list[int]]:
    """Part the sessions so that the times of all their changes fit in memory."""
    cells = 4 * (grid.up_to_min // grid.step_min) * len(access.network.area.origins)
    size = max(1, CELLS // max(1, cells))
    for first in range(0, len(sessions), size):
        yield sessions[first : first + size]


def _may_serve(
    trial: SessionAccess, standard: Standard, rows: NDArray[np.intp], origins: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Say which copies some of the origins are near to there and back, whatever the fare: a necessary condition of being reached."""
    is_near = np.zeros((len(rows), len(origins)), dtype=bool)
    for mode in standard.modes:
        times = trial.by_mode[mode]
        out_s, back_s = times.out_s[times.out_row[rows]][:, origins], times.back_s[times.back_row[rows]][:, origins]
        is_near |= (out_s <= standard.limit_s) & (back_s <= standard.limit_s)
    return np.logical_or.reduce(is_near, axis=1)


def _judged(
    access: SessionAccess, trial: SessionAccess, standard: Standard, session: int, changes: pd.DataFrame, prices: Prices | None
) -> Tried:  # fmt: skip
    """Judge a session as it is and its copies in ``trial``, whose rows are the index of ``changes``."""
    found = [judge(trial, standard, row, prices)[:2] for row in map(int, changes.index)]
    shape = (len(changes), 2, len(access.network.area.origins))
    is_reachable, is_with_pass = np.moveaxis(np.array(found, dtype=bool).reshape(shape), 1, 0)
    return Tried(
        access,
        session,
        changes.reset_index(drop=True),
        is_reachable,
        is_with_pass,
        *judge(access, standard, session, prices)[:2],
    )


def with_times(
    access: SessionAccess, session: int | NDArray[np.intp], times: pd.DataFrame, standard: Standard
) -> SessionAccess:
    """Return there and back for copies of sessions at other times (columns ``start_s, end_s``), by the standard's modes.

    ``session`` is the one that is copied, or for each row of ``times`` its own.
    """
    copies = access.sessions.iloc[np.broadcast_to(session, len(times))].reset_index(drop=True)
    copies = copies.assign(start_s=times["start_s"].to_numpy(np.int32), end_s=times["end_s"].to_numpy(np.int32))
    return replace(access, sessions=copies, by_mode=times_by_mode(access.network, copies, standard.modes))


def best_moves(gaps: Gaps, prices: Prices | None = None, grid: Grid | None = None) -> pd.DataFrame:
    """Return for each session of the category the smallest move that brings unmet people within reach, most of them first.

    Columns: ``session_id, name_en, name_cy, venue_name, weekday, start_s, end_s, kind, minutes, new_start_s, new_end_s,
    gaining_unmet_persons, reached_before_persons, reached_after_persons, losing_persons``. Sessions that no change helps do not appear.
    """
    access = gaps.access
    asked = {int(session): gaps.unmet_by_group for session in access.of_category(gaps.standard.category)}
    rows: list[dict[str, object]] = []
    for session, change in smallest_changes(gaps, asked, prices, grid).items():
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


def _changes(sessions: pd.DataFrame, rows: Sequence[int], grid: Grid) -> pd.DataFrame:
    """Return the changes of some sessions that leave each on its day and long enough, small ones first (``session`` is its row)."""
    moves = [
        move
        for by in range(grid.step_min, grid.up_to_min + 1, grid.step_min)
        for move in (
            ("shift", -by, -by, -by),
            ("shift", by, by, by),
            ("end_earlier", -by, 0, -by),
            ("start_later", by, by, 0),
        )
    ]
    kind, minutes, start_min, end_min = (np.array(column) for column in zip(*moves, strict=True))
    own = sessions.iloc[list(rows)]
    start_s, end_s = (
        (own[name].to_numpy(np.int64)[:, None] + 60 * by_min).ravel()
        for name, by_min in (("start_s", start_min), ("end_s", end_min))
    )
    found = pd.DataFrame(
        {
            "session": np.repeat(np.asarray(rows, dtype=np.intp), len(moves)),
            "kind": np.tile(kind, len(rows)),
            "minutes": np.tile(minutes, len(rows)),
            "start_s": start_s,
            "end_s": end_s,
        }
    )
    is_whole = (found["kind"] == "shift") | (found["end_s"] - found["start_s"] >= SHORTEST_S)
    is_on_day = (found["start_s"] >= 0) & (found["start_s"] < DAY_S) & (found["end_s"] <= DAY_S + DAY_S // 2)
    return found.loc[is_whole & is_on_day].reset_index(drop=True)
