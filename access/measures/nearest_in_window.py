"""Minutes to the n-th nearest activity for whoever leaves at any minute of a window: for places that keep no session times.

The window's percentiles are by nearest rank over its minutes, a minute without a way counting as infinitely long; streets have no timetable
and take the same at every minute. The way back is asked for in a window of its own, which begins at ``back_s``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from access.accessible import entry_of, settled
from access.measures.base import LEGS, Floats, Legs, Measured, Reach, measured
from access.measures.nearest import nth_min
from access.network import AreaNetwork, points_xy
from access.points import Points
from access.query import STREET_MODE_OF, Mode, QueryError
from access.sessions import SessionAccess
from access.travel_times import Window, travel_times
from geo.profile import WEEKDAYS

NAME = "nearest_in_window"


def measure(
    access: SessionAccess, category: str, modes: Sequence[Mode] = ("transit",), *, legs: Legs = "round_trip", n: int = 1,
    depart_s: int = 36_000, until_s: int = 43_200, back_s: int = 43_200, percentile: int = 50,
) -> Measured:  # fmt: skip
    """Return the minutes to the ``n``-th nearest activity at a percentile of the departures in ``[depart_s, until_s)``.

    These are seconds of the service day. The way back is taken in a window as long, from ``back_s``. Sessions' own times
    play no part; their venues do.

    Raises:
        UnknownName: there is no such category.
        QueryError: ``n``, the window or the percentile make no sense.
        DateOutsideTimetable: the timetable does not cover the service date.
    """
    if not 1 <= n <= 100:
        raise QueryError(f"The {n}-th option can't be asked: give n from 1 to 100.")
    length_s = until_s - depart_s
    out, back = (Window(begin_s, begin_s + length_s, (percentile,)) for begin_s in (depart_s, back_s))
    (found,) = reach_in_window(access, category, modes, legs, out, back)
    minutes = nth_min(found, n)
    return measured(found, NAME, "unit.min", minutes, ~np.isnan(minutes), more_is_better=False)


def reach_in_window(
    access: SessionAccess, category: str, modes: Sequence[Mode], legs: Legs, out: Window, back: Window
) -> tuple[Reach, ...]:
    """Return minutes to each activity of a category, by the best of the modes: one :class:`Reach` for each percentile of the windows."""
    if legs not in LEGS:
        raise QueryError(f"There are no legs called '{legs}'. Known: {', '.join(LEGS)}.")
    if not modes:
        raise QueryError("Name at least one mode.")
    network = access.network
    rows = access.of_category(category)
    activities = access.sessions.iloc[rows].drop_duplicates("activity_id").reset_index(drop=True)
    streets = ["walk" if mode == "transit" else STREET_MODE_OF[mode] for mode in modes]
    venue = activities["venue"].to_numpy(np.intp)
    is_held = np.logical_or.reduce([network.venues[street].is_placed[venue] for street in streets])
    is_placed = np.logical_and.reduce([network.origins[street].is_placed for street in streets])
    activities = activities.loc[is_held].reset_index(drop=True)
    minutes = np.full((len(out.percentiles), len(activities), len(network.area.origins)), np.nan)
    is_known = np.broadcast_to(is_placed & _is_covered(access, modes), (len(minutes), len(is_placed)))
    for mode in modes:
        found = _minutes(network, mode, activities, legs, out, back)
        if network.rules.wheelchair:
            sure = _minutes(network.surely, mode, activities, legs, out, back) if mode == "transit" else found
            found, is_settled = settled(found, sure, entry_of(activities))
            is_known = is_known & is_settled.all(axis=1)
        minutes = np.fmin(minutes, found)
    minutes[:, :, ~is_placed] = np.nan
    left_out = int(np.count_nonzero(~is_held))
    layers = zip(minutes, is_known, strict=True)
    return tuple(Reach(network.area, category, activities, layer, known, left_out) for layer, known in layers)


def _is_covered(access: SessionAccess, modes: Sequence[Mode]) -> bool:
    """Say whether the service date is a day on which the timetable is to be believed, where a timetable is asked for."""
    network = access.network
    return "transit" not in modes or network.is_covered(WEEKDAYS[network.area.profile.service_date.weekday()])


def _minutes(
    network: AreaNetwork, mode: Mode, activities: pd.DataFrame, legs: Legs, out: Window, back: Window
) -> Floats:
    """Return minutes (percentiles, activities, origins) by one mode; of the streets for every percentile the same."""
    area = network.area
    homes = Points(tuple(area.origins["origin_id"].astype(str)), points_xy(area.origins))
    venues, of_activity = np.unique(activities["venue"].to_numpy(np.intp), return_inverse=True)
    places = Points(tuple(area.venues["venue_id"].iloc[venues].astype(str)), points_xy(area.venues)[venues])
    found = []
    if legs != "back":
        when = out if mode == "transit" else None
        found.append(travel_times(network, mode, homes, places, when).travel_s.transpose(0, 2, 1))
    if legs != "out":
        when = back if mode == "transit" else None
        found.append(travel_times(network, mode, places, homes, when).travel_s)
    return np.maximum.reduce(found)[:, of_activity] / 60
