"""Add the rides of some trips to a day that is ready for searching, without cutting the day out of the whole timetable again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from access.routing.raptor import Rides
from access.routing.rides import indexed
from access.routing.transit import TransitDay
from geo.timetable.model import Timetable


def with_rides(day: TransitDay, more: TransitDay, timetable: Timetable) -> TransitDay:
    """Return ``day`` with the rides of ``more`` added: another day of the same date, rules and stops. Changes stay as ``day`` has them.

    ``timetable`` holds the trips of ``day`` and behind them those of ``more``.
    """
    return replace(
        day,
        timetable=timetable,
        forwards=_joined(day.forwards, more.forwards),
        backwards=_joined(day.backwards, more.backwards),
        run_start=np.concatenate([day.run_start, more.run_start[1:] + day.run_start[-1]]),
        trip=np.concatenate([day.trip, more.trip + np.int32(len(day.timetable.trips))]),
    )


def _joined(rides: Rides, more: Rides) -> Rides:
    """Return the patterns of both, indexed anew."""
    return indexed(
        np.concatenate([rides.pattern_start, more.pattern_start[1:] + rides.pattern_start[-1]]),
        np.concatenate([rides.pattern_stop, more.pattern_stop]),
        np.concatenate([rides.may_board, more.may_board]),
        np.concatenate([rides.may_alight, more.may_alight]),
        np.concatenate([rides.n_trips, more.n_trips]),
        np.concatenate([rides.time_start, more.time_start + len(rides.arrival_s)]),
        np.concatenate([rides.arrival_s, more.arrival_s]),
        np.concatenate([rides.departure_s, more.departure_s]),
        len(rides.stop_start) - 1,
        rides.walk_start,
        rides.walk_stop,
        rides.walk_s,
    )
