"""Tell operators that a date lies beyond: absent from the timetable that day because their feed says nothing about it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from geo.timetable.day import check_covered
from geo.timetable.model import Timetable


def operator_dates(timetable: Timetable) -> pd.DataFrame:
    """Return ``operator, first_date, last_date``: the first and last date on which any trip of the operator runs."""
    runs, services = timetable.runs, timetable.trips["service_index"].to_numpy()
    operator = timetable.routes["operator"].to_numpy(object)[timetable.trips["route_index"].to_numpy()]
    first, last = runs.argmax(axis=1), runs.shape[1] - 1 - runs[:, ::-1].argmax(axis=1)
    table = pd.DataFrame({"operator": operator, "first_date": first[services], "last_date": last[services]})
    table = table[np.isin(services, np.flatnonzero(runs.any(axis=1)))]
    found = table.groupby("operator", as_index=False).agg({"first_date": "min", "last_date": "max"})
    from_day = np.vectorize(lambda day: date.fromordinal(timetable.first_date.toordinal() + int(day)), otypes=[object])
    return found.assign(first_date=from_day(found["first_date"]), last_date=from_day(found["last_date"]))


def silent_operators(timetable: Timetable, service_date: date) -> tuple[str, ...]:
    """Return a warning, in plain English, for each operator whose own dates end before ``service_date`` or begin after it.

    Feeds merged into one timetable may cover different dates; the date is inside the timetable if it is inside one of them.

    Raises:
        DateOutsideTimetable: no feed covers the date.
    """
    check_covered(timetable, service_date)
    operators = operator_dates(timetable)
    return tuple(
        f"{operator} has no service on {service_date.isoformat()}: its trips run from {first} to {last}. "
        "Its absence says nothing about that day."
        for operator, first, last in zip(
            operators["operator"], operators["first_date"], operators["last_date"], strict=True
        )
        if not first <= service_date <= last
    )
