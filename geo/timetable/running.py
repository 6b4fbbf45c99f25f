"""Say what runs on a date, by operator, and warn where the timetable is thin or silent there."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from geo.timetable.day import check_covered, trips_running
from geo.timetable.model import Timetable

THIN_SHARE = 0.2  # r5r's rule: fewer than a fifth of the services is suspicious


def services_running(timetable: Timetable, service_date: date) -> pd.DataFrame:
    """Return one row per operator: ``operator, trips_on_date, trips, first_date, last_date``, the busiest of the date first.

    ``trips`` counts all trips of the timetable, repeats once; the dates are the first and last on which any of them runs.

    Raises:
        DateOutsideTimetable: the timetable does not cover the date.
    """
    check_covered(timetable, service_date)
    operator = timetable.routes["operator"].to_numpy(object)[timetable.trips["route_index"].to_numpy()]
    on_date = np.zeros(len(timetable.trips), bool)
    on_date[trips_running(timetable, service_date)] = True
    first, last = _spans(timetable)
    table = pd.DataFrame({"operator": operator, "on_date": on_date, "first": first, "last": last})
    found = table.groupby("operator", as_index=False).agg(
        trips_on_date=("on_date", "sum"),
        trips=("on_date", "size"),
        first_date=("first", "min"),
        last_date=("last", "max"),
    )
    for column in ("first_date", "last_date"):
        found[column] = [date.fromordinal(timetable.first_date.toordinal() + int(day)) for day in found[column]]
    return found.sort_values(["trips_on_date", "operator"], ascending=[False, True], ignore_index=True)


def coverage_warnings(timetable: Timetable, service_date: date) -> tuple[str, ...]:
    """Return in plain English what should make one doubt ``service_date``: a thin day, or an operator whose dates end elsewhere.

    Raises:
        DateOutsideTimetable: the timetable does not cover the date.
    """
    operators = services_running(timetable, service_date)
    found: list[str] = []
    services = timetable.trips["service_index"].to_numpy()
    used = np.unique(services)
    running = int(timetable.runs[used, (service_date - timetable.first_date).days].sum())
    if running < THIN_SHARE * len(used):
        found.append(
            f"Only {running} of {len(used)} services run on {service_date.isoformat()}: fewer than a fifth. "
            "A feed cut down to other days looks like this; so does a public holiday."
        )
    for operator, first, last in zip(
        operators["operator"], operators["first_date"], operators["last_date"], strict=True
    ):
        if not first <= service_date <= last:
            problem = f"{operator} has no service on {service_date.isoformat()}: its trips run from {first} to {last}."
            found.append(f"{problem} Its absence says nothing about the roads and rails that day.")
    return tuple(found)


def _spans(timetable: Timetable) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last day (from ``first_date``) of each trip. A trip without a day spans the whole timetable."""
    runs = timetable.runs
    first = np.where(runs.any(axis=1), runs.argmax(axis=1), 0)
    last = runs.shape[1] - 1 - np.where(runs.any(axis=1), runs[:, ::-1].argmax(axis=1), 0)
    services = timetable.trips["service_index"].to_numpy()
    return first[services], last[services]
