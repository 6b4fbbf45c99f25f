"""Floating catchments: places a week per person, given who else can come – what 2SFCA, E2SFCA and 3SFCA share.

``R_j = S_j / Σ_k P_k w_kj`` and ``A_i = Σ_j R_j w_ij`` (Luo and Wang 2003), with ``w = f(t)``, or in three steps ``w = f(t) G`` with the
choice ``G_ij = f(t_ij) / Σ_j f(t_ij)`` (Wan, Zou and Sternberg 2012). What is consumed equals what is supplied: ``Σ_i P_i A_i`` is the
supply of all sessions that somebody can reach. Supply is a session's capacity times how often a week it is held.
"""

from __future__ import annotations

import numpy as np

from access.decay import Decay
from access.measures.base import Floats, Measured, Reach, measured
from access.query import NotComputable, QueryError
from geo.words import Message

ASSUMED_CAPACITY = 12.0  # U: places at a session whose directory entry gives none; to be confirmed
PER_PERSONS = 1000.0

NEGLIGIBLE = 1e-9  # a decay below this reaches nobody: shared out by it, all of a supply would go to whoever is least far beyond it


UNIT = "unit.places_per_1000"


class PlacesUnknown(NotComputable):
    """Places a head can't be said: of the data that the area has, people or capacities are wanting."""


def catchment(minutes: Floats, people: Floats, supply: Floats, decay: Decay, *, with_choice: bool = False) -> Floats:
    """Return places per person for each origin.

    Args:
        minutes: (sessions, origins), NaN no way.
        people: (origins,) who could come.
        supply: (sessions,) places a week.
        decay: weight of minutes.
        with_choice: share each origin's people out over its sessions (three steps).
    """
    weight = decay(minutes)
    weight = np.where(weight < NEGLIGIBLE, 0.0, weight)
    if with_choice:
        total = weight.sum(axis=0)
        weight = weight * np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    demand = weight @ people
    ratio = np.divide(supply, demand, out=np.zeros_like(demand), where=demand > 0)
    return np.asarray(ratio @ weight)


def measure_catchment(
    found: Reach, name: str, decay: Decay, assumed_capacity: float | None, *, with_choice: bool = False
) -> Measured:
    """Return places a week per 1,000 persons; who is unknown neither has nor takes any.

    Raises:
        PlacesUnknown: the people of some zone, or the capacity of every session, are not known.
    """
    people = found.area.origins["population"].to_numpy(np.float64)
    is_uncounted = np.isnan(people) & found.is_known
    if is_uncounted.any():
        zones = found.area.origins.loc[is_uncounted, "zone_code"].nunique()
        raise PlacesUnknown(Message("measure.people_unknown", count=zones))
    supply, notes = weekly_places(found, assumed_capacity)
    has_places = supply > 0  # what has no places draws nobody
    minutes, supply = found.minutes[has_places], supply[has_places]
    minutes[:, ~found.is_known] = np.nan
    places = catchment(minutes, np.where(found.is_known, people, 0.0), supply, decay, with_choice=with_choice)
    is_reachable = (decay(minutes) > 0).any(axis=0)
    return measured(found, name, UNIT, places * PER_PERSONS, is_reachable, notes=notes)


def weekly_places(found: Reach, assumed_capacity: float | None) -> tuple[Floats, tuple[Message, ...]]:
    """Return each session's places a week, and what was assumed: without an assumption, sessions of unknown capacity supply nothing."""
    if assumed_capacity is not None and not 0 < assumed_capacity <= 10_000:
        raise QueryError(f"A capacity of {assumed_capacity:g} can't be assumed: give more than 0, at most 10,000.")
    capacity = found.sessions["capacity"].to_numpy(np.float64)
    is_unknown = np.isnan(capacity)
    count = int(np.count_nonzero(is_unknown))
    if assumed_capacity is None and count and count == len(capacity):  # where no session runs, none is wanting
        raise PlacesUnknown(Message("measure.no_capacity"))
    notes: tuple[Message, ...] = ()
    if count and assumed_capacity is None:
        notes = (Message("measure.capacity_unknown", count=count),)
    elif count:
        notes = (Message("measure.capacity_assumed", {"places": f"{assumed_capacity:g}"}, count),)
    capacity = np.where(is_unknown, assumed_capacity or 0.0, capacity)
    return capacity * found.sessions["per_week"].to_numpy(np.float64), notes
