"""Start a session at a venue near by: the venue and time that bring most need-weighted people there and back.

Tried are venues of the directory near the unmet people, at three times of day on the weekday of the profile's service date, with the
standard's own modes, limit and fares. A standard of several sessions a week gets that many at the venue found.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.gaps import judge
from access.options.base import Option, Question, make_option
from access.sessions import times_by_mode
from geo.profile import WEEKDAYS
from geo.timetable.clock import hhmm
from geo.words import Message

ORDER = 4
KEYS = (
    "session_gbp",
    "session_weeks_per_year",
    "referred_share_per_year",
    "take_part_share",
    "sessions_per_participant",
)
VENUES_TRIED = 40
TIMES_S = ((10 * 3600 + 1800, 12 * 3600), (14 * 3600, 15 * 3600 + 1800), (18 * 3600 + 1800, 20 * 3600))


def answer(question: Question) -> Option:
    """Find the best venue and time, and cost the sessions there."""
    candidates = _candidates(question)
    times = times_by_mode(question.access.network, candidates, question.gaps.standard.modes)
    access = replace(question.access, sessions=candidates, by_mode=times)
    best, gaining = -1, np.zeros_like(question.unmet_persons)
    weight = np.nan_to_num(question.weight, nan=1.0)
    for row in range(len(candidates)):
        is_near = np.array(judge(access, question.gaps.standard, row, question.prices)[:2])  # by group
        gains = question.gaining(question.sessions_needed * is_near.astype(np.float64)).sum(axis=0)
        if float((gains * weight).sum()) > float((gaining * weight).sum()):
            best, gaining = row, gains
    if best < 0:
        nobody = (Message("option.new_session.nobody"),)
        return make_option(question, "new_session", gaining, None, notes=nobody, keys=KEYS)
    session = candidates.iloc[best]
    cost = question.prices["session_gbp"] * question.prices["session_weeks_per_year"] * question.sessions_needed
    at = Message(
        "option.new_session.at",
        {
            "venue": session["venue_name"],
            "weekday": Message(f"weekday.{session['weekday']}"),
            "start": hhmm(session["start_s"]),
        },
        count=question.sessions_needed,
    )
    tried = Message("option.new_session.tried", {"venues": candidates["venue"].nunique(), "times": len(TIMES_S)})
    return make_option(question, "new_session", gaining, cost, notes=(at, tried), keys=KEYS, cost_follows_demand=False)


def _candidates(question: Question) -> pd.DataFrame:
    """Return one row for each venue and time to be tried, in the form of running sessions."""
    network = question.access.network
    weekday = WEEKDAYS[network.area.profile.service_date.weekday()]
    rows = [
        {
            "session_id": f"new-{venue}-{start_s}",
            "weekday": weekday,
            "venue": venue,
            "venue_name": network.area.venues["name"].iloc[venue],
            "start_s": np.int32(start_s),
            "end_s": np.int32(end_s),
            "per_week": 1.0,
            "category": question.gaps.standard.category,
        }
        for venue in _venues_near(question)
        for start_s, end_s in TIMES_S
    ]
    return pd.DataFrame(
        rows, columns=["session_id", "weekday", "venue", "venue_name", "start_s", "end_s", "per_week", "category"]
    )


def _venues_near(question: Question) -> NDArray[np.intp]:
    """Return the venues with most unmet people within half the limit by car, the nearest on average first among equals."""
    drive_s = question.access.network.to_venues_s("drive")
    persons = question.unmet_persons
    limit_s = question.gaps.standard.limit_s
    near = (np.nan_to_num(drive_s, nan=np.inf) <= limit_s / 2) @ persons
    mean_s = np.nan_to_num(drive_s, nan=4 * limit_s) @ persons
    order = np.lexsort((mean_s, -near))
    is_placed = question.access.network.venues["walk"].is_placed
    return order[is_placed[order]][:VENUES_TRIED]
