"""What local knowledge changes: an area computed again without what people who live there know to be absent.

The data stay as they are: overrides make a copy of the area, under a digest of its own, and withdrawing the note brings the old
answer back to the bit. Notes that ask for nothing are shown and change nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.costs import Prices
from access.gaps import PERSONS, Gaps, find_gaps
from access.need import NeedWeights
from access.network import AreaNetwork
from access.query import QueryError, Standard
from access.sessions import there_and_back
from geo.area import Area
from geo.errors import CyrraeddError, UnknownName
from geo.notes import Note
from geo.timetable.model import Timetable


@dataclass(frozen=True)
class Effect:
    """A standard before and after overrides. ``by_zone`` lists the zones where anything changes, the greatest change first."""

    before: Gaps
    after: Gaps

    @property
    def by_zone(self) -> pd.DataFrame:
        """Columns: ``zone_code, name_en, name_cy``, persons met, unmet and unknown ``_before`` and ``_after``, ``change_met_persons``."""
        keys, persons = ["zone_code", "name_en", "name_cy"], list(PERSONS)
        found = self.before.by_zone[[*keys, *persons]].merge(
            self.after.by_zone[["zone_code", *persons]], on="zone_code", suffixes=("_before", "_after")
        )
        is_changed = np.any([found[f"{name}_before"] != found[f"{name}_after"] for name in persons], axis=0)
        found["change_met_persons"] = found["met_persons_after"] - found["met_persons_before"]
        found = found[is_changed & found["met_persons_before"].notna()]
        return found.sort_values("change_met_persons", key=abs, ascending=False, kind="stable", ignore_index=True)

    @property
    def change_met_persons(self) -> float:
        """How many more people find the standard met after than before (below 0: fewer)."""
        before, after = (float(gaps.by_origin["met_persons"].sum()) for gaps in (self.before, self.after))
        return after - before


def overrides(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return the notes that ask for something to be absent."""
    return tuple(note for note in notes if note.treat_as_absent)


def can_be_followed(area: Area, notes: Sequence[Note]) -> tuple[tuple[Note, ...], tuple[tuple[Note, str], ...]]:
    """Split overrides into those that the area can follow, and those that it can't with the reason (errors: :func:`with_overrides`)."""
    followed, problems = [], []
    for note in notes:
        try:
            absent_sessions(area, note), absent_trips(area, note)
        except CyrraeddError as error:
            problems.append((note, str(error)))
        else:
            followed.append(note)
    return tuple(followed), tuple(problems)


def with_overrides(area: Area, notes: Sequence[Note]) -> Area:
    """Return the area without what the notes ask to be absent; the same area where they ask for nothing.

    Raises:
        UnknownName: a note is about a venue, session or line that the area does not have. QueryError: about no ride of a line, or a zone.
    """
    asked = overrides(notes)
    if not asked:
        return area
    gone = [absent_sessions(area, note) for note in asked]
    is_gone = np.logical_or.reduce(gone)
    trips = np.logical_or.reduce([absent_trips(area, note) for note in asked])
    said = json.dumps([asdict(note) for note in asked], sort_keys=True, default=str)
    return replace(
        area,
        sessions=area.sessions[~is_gone].reset_index(drop=True),
        timetable=_without(area.timetable, trips),
        manifest=area.manifest.changed_by(said),
    )


def absent_sessions(area: Area, note: Note) -> NDArray[np.bool_]:
    """Return which rows of ``area.sessions`` a note takes away (errors: :func:`with_overrides`)."""
    sessions = area.sessions
    if note.about == "session":
        _check("session", note.about_id, sessions["session_id"])
        return (sessions["session_id"] == note.about_id).to_numpy()
    if note.about == "venue":
        _check("venue", note.about_id, area.venues["venue_id"])
        there = area.activities.loc[area.activities["venue_id"] == note.about_id, "activity_id"]
        return sessions["activity_id"].isin(there).to_numpy()
    if note.about == "zone":
        raise QueryError(f"Note {note.note_id} treats a zone as absent; people live there, so it can't be.")
    return np.zeros(len(sessions), dtype=bool)


def absent_trips(area: Area, note: Note) -> NDArray[np.bool_]:
    """Return which rows of the timetable's trips a note takes away (errors: :func:`with_overrides`)."""
    timetable = area.timetable
    trips = timetable.trips
    if note.about != "line":
        return np.zeros(len(trips), dtype=bool)
    name = timetable.routes["short_name"].fillna("").str.casefold()
    _check(
        "line",
        note.about_id,
        timetable.routes["short_name"].dropna().unique(),
        is_known=(name == note.about_id.casefold()).any(),
    )
    found = (name == note.about_id.casefold()).to_numpy()[trips["route_index"].to_numpy()]
    if note.departure is not None:
        hours, minutes = map(int, note.departure.split(":"))
        leaves = (timetable.call_departure_s // 60 == hours * 60 + minutes) & timetable.call_may_board
        trip_of_call = np.repeat(np.arange(len(trips)), np.diff(timetable.call_start))
        found &= np.isin(np.arange(len(trips)), trip_of_call[leaves])
        if not found.any():
            raise QueryError(
                f"Note {note.note_id}: no ride of line {note.about_id} leaves any stop at {note.departure}. Mend the time."
            )
    return found


def effect_of(
    network: AreaNetwork,
    notes: Sequence[Note],
    standard: Standard,
    prices: Prices | None = None,
    need: NeedWeights | None = None,
) -> Effect:
    """Compute a standard with and without the overrides of the notes (errors: :func:`with_overrides`, ``find_gaps``)."""
    return effect_on(find_gaps(there_and_back(network, standard.modes), standard, prices, need), notes, prices)


def effect_on(before: Gaps, notes: Sequence[Note], prices: Prices | None = None) -> Effect:
    """Compute gaps that are known already again with the overrides of the notes (errors: :func:`effect_of`)."""
    network, standard = before.access.network, before.standard
    changed = AreaNetwork(with_overrides(network.area, notes), network.rules)
    access = there_and_back(changed, standard.modes)
    return Effect(before, find_gaps(access, standard, prices, before.need_weights))


def _check(what: str, name: str, known: pd.Series | NDArray[np.object_], *, is_known: object = None) -> None:
    if not (name in set(known) if is_known is None else is_known):
        raise UnknownName(what, name, list(known))


def _without(timetable: Timetable, is_gone: NDArray[np.bool_]) -> Timetable:
    """Return the timetable with some trips moved to a service that never runs, so that every index stays what it was."""
    if not is_gone.any():
        return timetable
    never = np.zeros((1, timetable.runs.shape[1]), dtype=bool)
    service = np.where(is_gone, len(timetable.runs), timetable.trips["service_index"].to_numpy())
    trips = timetable.trips.assign(service_index=service.astype(np.int32))
    return replace(timetable, trips=trips, runs=np.vstack([timetable.runs, never]))
