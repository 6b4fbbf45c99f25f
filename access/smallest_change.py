"""The smallest change of a session's times that turns a standard for people: moved as a whole, ending earlier, or starting later.

Every change on a grid is tried by the same searches as the session itself, for all origins at once; nothing is estimated, and no session
is passed over. Under a limit on fares holders of a concessionary pass are judged by their own fares, all others by what they pay.
A change also takes the session from people who reach it now, and from some of them the standard: that is counted against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.costs import Prices
from access.gaps import Gaps, judge
from access.query import QueryError, Standard
from access.sessions import SessionAccess, times_by_mode
from access.turned import Floats, Judged, Turned, find_turned, people_by_group, persons

Kind = Literal["shift", "end_earlier", "start_later"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SHORTEST_S = 30 * 60  # what is left of a session that ends earlier or starts later
DAY_S = 86_400
SAID = ("session_id", "name_en", "name_cy", "venue_name", "weekday", "start_s", "end_s")
DONE = ("kind", "minutes", "new_start_s", "new_end_s", "gaining_unmet_persons", "still_missing_persons", "not_known_persons",
        "reached_before_persons", "reached_after_persons", "losing_persons", "turned_persons", "losing_standard_persons",
        "doubtful_persons", "net_turned_persons")  # fmt: skip
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
    """One change and what it does. ``minutes`` is below 0 where something is earlier.

    Of those asked for, ``gaining_persons`` reach the session after it and not now. For ``turning_persons`` of them the standard is met then
    and not now, ``still_missing_persons`` miss it all the same, and of ``not_known_persons`` it would not be known; the rest find it met
    already. All other persons are those of the whole area.
    """

    kind: Kind
    minutes: int
    start_s: int
    end_s: int
    gaining_persons: float
    turning_persons: float
    still_missing_persons: float
    not_known_persons: float
    reached_before_persons: float
    reached_after_persons: float
    losing_persons: float  # reach it now and would not after
    turned_persons: float  # find the standard met then and not now
    losing_standard_persons: float  # find it met now and would not then
    doubtful_persons: float  # find it met now, and whether they would then is not known

    @property
    def net_persons(self) -> float:
        """How many more people find the standard met in the whole area; below 0 where more lose it than gain it."""
        return self.turned_persons - self.losing_standard_persons

    @property
    def helped_persons(self) -> float:
        """How many of those asked for find the standard met then, but no more than do in the whole area on balance."""
        return min(self.turning_persons, self.net_persons)


@dataclass(frozen=True)
class Tried:
    """A session (row of ``access.sessions``) as it is ``now``, (origins,), and ``then``, (changes, origins), beside ``changes``."""

    gaps: Gaps
    session: int
    changes: pd.DataFrame  # kind, minutes, start_s, end_s
    now: Judged
    then: Judged

    @cached_property
    def turned(self) -> Turned:
        """Who finds the standard met now, and under each change."""
        return find_turned(self.gaps, self.session, self.now, self.then)

    @cached_property
    def turned_persons(self) -> Floats:
        """For each change, persons of the whole area who find the standard met then and not now."""
        return persons(self.turned.gaining, self._people)

    @cached_property
    def losing_standard_persons(self) -> Floats:
        """For each change, persons of the whole area who find the standard met now and not then."""
        return persons(self.turned.losing, self._people)

    def best_for(self, payers: Floats, holders: Floats | None = None) -> Change | None:
        """Return the smallest change that helps at least half as many people as any does; None if none brings anybody within reach.

        ``payers`` (origins) are the persons to be served who pay fares, ``holders`` those with a pass. A change helps those of them for
        whom the standard turns, but no more people than find it met in the whole area on balance (:attr:`Change.helped_persons`). Where
        none helps anybody, it is the smallest that brings at least half as many within reach as any does: of those by which no more people
        lose the standard than gain it, if there are such. Of equally small changes it is the one that helps most, then the one with most
        people reached in the whole area.
        """
        asked = np.nan_to_num(np.array([payers, np.zeros_like(payers) if holders is None else holders]))
        gained = self.then.by_group & ~self.now.by_group[:, None]
        gains, turning = persons(gained, asked), persons(self.turned.gaining, asked)
        if not gains.max(initial=0.0) > 0:
            return None
        helped = np.minimum(turning, self.turned_persons - self.losing_standard_persons)
        reached = persons(self.then.by_group, self._people)
        able = _able(gains, helped)
        size = np.abs(self.changes["minutes"].to_numpy())
        best = int(able[np.lexsort((able, -reached[able], -helped[able].round(), size[able]))[0]])
        row = self.changes.iloc[best]
        gained_by_it = gained[:, best]
        return Change(
            kind=row["kind"],
            minutes=int(row["minutes"]),
            start_s=int(row["start_s"]),
            end_s=int(row["end_s"]),
            gaining_persons=float(gains[best]),
            turning_persons=float(turning[best]),
            still_missing_persons=float(persons(gained_by_it & self.turned.missing_then[:, best], asked)),
            not_known_persons=float(persons(gained_by_it & ~self.turned.is_known_then[best], asked)),
            reached_after_persons=float(reached[best]),
            turned_persons=float(self.turned_persons[best]),
            losing_standard_persons=float(self.losing_standard_persons[best]),
            **self._taken(best),
        )

    @cached_property
    def _people(self) -> Floats:
        return people_by_group(self.gaps)

    def _taken(self, best: int) -> dict[str, float]:
        """Return whom one change takes the session from, and of whom it would not be known any more whether the standard is met."""
        now, then = self.now.by_group, self.then.by_group[:, best]
        return {
            "reached_before_persons": float(persons(now, self._people)),
            "losing_persons": float(persons(now & ~then, self._people)),
            "doubtful_persons": float(persons(self.turned.doubtful[:, best], self._people)),
        }


def _able(gains: Floats, helped: Floats) -> NDArray[np.intp]:
    """Return the changes to choose among (:meth:`Tried.best_for`)."""
    if helped.max() > 0:
        return np.flatnonzero(helped >= helped.max() / 2)
    harmless = np.where(helped >= 0, gains, 0.0)
    gains = harmless if harmless.max() > 0 else gains
    return np.flatnonzero(gains >= gains.max() / 2)


def try_changes(gaps: Gaps, session: int, prices: Prices | None = None, grid: Grid | None = None) -> Tried:
    """Judge a session (row of ``access.sessions``) of the standard's category under every change of its times on the grid.

    Raises:
        QueryError: a limit on fares lacks its prices.
    """
    changes = _changes(gaps.access.sessions, [session], grid or Grid())
    return _judged(gaps, with_times(gaps.access, session, changes, gaps.standard), session, changes, prices)


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
            change = _judged(gaps, trial, session, changes.loc[rows], prices).best_for(*asked[session])
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


def _judged(gaps: Gaps, trial: SessionAccess, session: int, changes: pd.DataFrame, prices: Prices | None) -> Tried:
    """Judge a session as it is and its copies in ``trial``, whose rows are the index of ``changes``."""
    found = [judge(trial, gaps.standard, row, prices) for row in map(int, changes.index)]
    shape = (len(changes), 3, len(gaps.access.network.area.origins))
    then = Judged(*np.moveaxis(np.array(found, dtype=bool).reshape(shape), 1, 0))
    now = Judged(*judge(gaps.access, gaps.standard, session, prices))
    return Tried(gaps, session, changes.reset_index(drop=True), now, then)


def with_times(
    access: SessionAccess, session: int | NDArray[np.intp], times: pd.DataFrame, standard: Standard
) -> SessionAccess:
    """Return there and back for copies of sessions at other times (columns ``start_s, end_s``), by the standard's modes.

    ``session`` is the one that is copied, or for each row of ``times`` its own.
    """
    copies = access.sessions.iloc[np.broadcast_to(session, len(times))].reset_index(drop=True)
    copies = copies.assign(start_s=times["start_s"].to_numpy(np.int32), end_s=times["end_s"].to_numpy(np.int32))
    return replace(access, sessions=copies, by_mode=times_by_mode(access.network, copies, standard.modes))


def best_moves(gaps: Gaps, prices: Prices | None = None, grid: Grid | None = None) -> dict[int, Change]:
    """Return for each session of the category (row) the smallest change that helps people for whom the standard is not met.

    Those come first by which most people find it met on balance, last those by which more lose it than gain it. Sessions that no change
    brings within reach of anybody who misses it are not among them.
    """
    asked = {int(session): gaps.unmet_by_group for session in gaps.access.of_category(gaps.standard.category)}
    found = smallest_changes(gaps, asked, prices, grid)
    session_id = gaps.access.sessions["session_id"]

    def order(session: int) -> tuple[int, float, str]:
        return -round(found[session].net_persons), -found[session].gaining_persons, str(session_id.iloc[session])

    return {session: found[session] for session in sorted(found, key=order)}


def as_table(access: SessionAccess, moves: Mapping[int, Change]) -> pd.DataFrame:
    """Return one row for each move: ``SAID`` of the session as it is, then ``DONE``, what becomes of it and of people (:class:`Change`)."""
    said = access.sessions.iloc[list(moves)][list(SAID)].reset_index(drop=True)
    done = pd.DataFrame([asdict(change) | {"net_turned_persons": change.net_persons} for change in moves.values()])
    done = done.rename(
        columns={"start_s": "new_start_s", "end_s": "new_end_s", "gaining_persons": "gaining_unmet_persons"}
    )
    return pd.concat([said, done.reindex(columns=list(DONE))], axis=1)


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
