"""Tell which dates each feed and operator speaks of: beyond them a service is absent because its feed says nothing about it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from geo.errors import DateOutsideTimetable
from geo.timetable.model import Timetable

QUIET_DAYS = 6  # a feed of weekdays says by its Friday that nothing runs at the weekend; of a week without a trip it says nothing


def running_dates(timetable: Timetable, *by: str) -> pd.DataFrame:
    """Return the first and last date on which any trip runs, ``first_date, last_date``, for each group ``by`` feed, operator or both."""
    runs, services = timetable.runs, timetable.trips["service_index"].to_numpy()
    routes = timetable.routes
    feed = np.array(
        [route.partition(":")[0] if ":" in route else "" for route in routes["route_id"].astype(str)], object
    )
    route = timetable.trips["route_index"].to_numpy()
    first, last = runs.argmax(axis=1), runs.shape[1] - 1 - runs[:, ::-1].argmax(axis=1)
    table = pd.DataFrame(
        {
            "feed": feed[route],
            "operator": routes["operator"].fillna("not known").to_numpy(object)[route],
            "first_date": first[services],
            "last_date": last[services],
        }
    )
    table = table[np.isin(services, np.flatnonzero(runs.any(axis=1)))]
    found = table.groupby(list(by), as_index=False).agg({"first_date": "min", "last_date": "max"})
    from_day = np.vectorize(lambda day: date.fromordinal(timetable.first_date.toordinal() + int(day)), otypes=[object])
    return found.assign(first_date=from_day(found["first_date"]), last_date=from_day(found["last_date"]))


def check_covered(timetable: Timetable, service_date: date) -> None:
    """Raise :class:`~geo.errors.DateOutsideTimetable` where no feed says anything about ``service_date``.

    Feeds merged into one timetable may leave dates between them of which none speaks.
    """
    if not timetable.first_date <= service_date <= timetable.last_date:
        raise DateOutsideTimetable(service_date, (timetable.first_date, timetable.last_date))
    feeds = running_dates(timetable, "feed")
    spans = list(zip(feeds["first_date"], feeds["last_date"], strict=True))
    day = service_date.toordinal()
    if spans and not any(a.toordinal() - QUIET_DAYS <= day <= b.toordinal() + QUIET_DAYS for a, b in spans):
        raise DateOutsideTimetable(service_date, *sorted(spans))


def silences(timetable: Timetable, service_date: date) -> tuple[str, ...]:
    """Return a warning, in plain English, for each feed whose own dates end before ``service_date`` or begin after it.

    In feeds that cover the date the same is said of each operator: it may be in another feed too, whose trips make its absence here
    easy to overlook.

    Raises:
        DateOutsideTimetable: no feed says anything about the date.
    """
    check_covered(timetable, service_date)
    feeds = _silent(running_dates(timetable, "feed"), service_date)
    operators = _silent(running_dates(timetable, "feed", "operator"), service_date)
    operators = operators[~operators["feed"].isin(feeds["feed"])]
    names = [f"The feed '{feed}'" for feed in feeds["feed"]]
    names += [
        f"{operator} (feed '{feed}')" for feed, operator in zip(operators["feed"], operators["operator"], strict=True)
    ]
    spans = pd.concat([feeds, operators])
    return tuple(
        f"{name} has no service on {service_date.isoformat()}: its trips run from {first} to {last}. "
        "Its absence says nothing about that day."
        for name, first, last in zip(names, spans["first_date"], spans["last_date"], strict=True)
    )


def _silent(spans: pd.DataFrame, service_date: date) -> pd.DataFrame:
    return spans[[not a <= service_date <= b for a, b in zip(spans["first_date"], spans["last_date"], strict=True)]]
