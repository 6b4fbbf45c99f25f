"""Start a session at a venue near by: the venue and time that bring most need-weighted people there and back.

Tried are venues of the directory near the unmet people, at three times of day on the weekday of the profile's service date, with the
standard's own modes, limit and fares. Where a standard asks for several sessions a week, people may lack all of them or one: each number
up to it is tried, and the one taken costs least for each need-weighted person who gains.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.gaps import judge
from access.options.base import Option, Question, make_option
from access.sessions import SessionAccess, times_by_mode
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
    best, per_week, gaining = _best(question, access)
    if not per_week:
        nobody = (Message("option.new_session.nobody"),)
        return make_option(question, "new_session", gaining, None, notes=nobody, keys=KEYS)
    session = candidates.iloc[best]
    cost = question.prices["session_gbp"] * question.prices["session_weeks_per_year"] * per_week
    at = Message(
        "option.new_session.at",
        {
            "venue": session["venue_name"],
            "weekday": Message(f"weekday.{session['weekday']}"),
            "start": hhmm(session["start_s"]),
        },
        count=per_week,
    )
    venues = Message("count.venues", count=candidates["venue"].nunique())
    tried = Message("option.new_session.tried", {"venues": venues, "times": len(TIMES_S)})
    return make_option(
        question,
        "new_session",
        gaining,
        cost,
        notes=(at, tried),
        keys=KEYS,
        sessions=candidates.iloc[[best]],
        cost_follows_demand=False,
    )


def _best(question: Question, access: SessionAccess) -> tuple[int, int, NDArray[np.float64]]:
    """Return the session tried (a row of ``access``) and how often a week that cost least for each need-weighted person who gains.

    Of those that cost as much the one with most such people is taken; no times a week where none helps anybody. With it come the persons of
    each origin who gain.
    """
    best, best_per_week, best_gaining = -1, 0, np.zeros_like(question.unmet_persons)
    best_worth = (0.0, 0.0)
    weight = np.nan_to_num(question.weight, nan=1.0)
    for row in range(len(access.sessions)):
        is_near = np.array(judge(access, question.gaps.standard, row, question.prices)[:2], dtype=np.float64)
        for per_week in range(1, question.sessions_needed + 1):
            gaining = question.gaining(per_week * is_near).sum(axis=0)
            weighted = float((gaining * weight).sum())
            worth = (round(weighted / per_week, 6), weighted)  # a session costs the same at any time and venue
            if worth > best_worth:
                best, best_per_week, best_gaining, best_worth = row, per_week, gaining, worth
    return best, best_per_week, best_gaining


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
