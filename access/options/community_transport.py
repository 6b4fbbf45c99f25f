"""Run a vehicle from door to door on the days of the sessions: there before the start, home after the end.

The vehicle and its driver are paid from the first pick-up to the last set-down, the session included; as many vehicles run as
the expected participants fill. The journey counts the drive plus a detour for picking others up.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from access.costs import BOUNDS, Bound, Range
from access.demand import expected_demand
from access.gaps import TIE
from access.options.base import Option, Question, make_option
from access.sessions import drive_s
from geo.words import Message

ORDER = 2
KEYS = (
    "minibus_gbp_per_hour",
    "minibus_seats",
    "minibus_detour_min",
    "session_weeks_per_year",
    "referred_share_per_year",
    "take_part_share",
    "sessions_per_participant",
)


def answer(question: Question) -> Option:
    """Choose the sessions that bring in most people, and cost the vehicles that go there."""
    served, gaining = _choose(question)  # by group
    if not gaining.any():
        nobody = (Message("option.community_transport.nobody"),)
        return make_option(question, "community_transport", gaining.sum(axis=0), None, notes=nobody, keys=KEYS)
    cost, vehicles = _cost(question, served, gaining)
    sessions = question.access.sessions.iloc[served]
    notes = [
        Message(
            "option.community_transport.runs_to",
            {
                "name_en": session["name_en"],
                "name_cy": session["name_cy"],
                "venue": session["venue_name"],
                "weekday": Message(f"weekday.{session['weekday']}"),
            },
        )
        for _, session in sessions.iterrows()
    ]
    notes.append(Message("option.community_transport.vehicles", {"low": vehicles[0], "high": vehicles[1]}))
    return make_option(
        question, "community_transport", gaining.sum(axis=0), cost, notes=tuple(notes), keys=KEYS, sessions=sessions
    )


def _ride_s(
    question: Question, session: int, bound: Bound = "middle"
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return seconds there and back by the vehicle for each origin."""
    network, row = question.access.network, question.access.sessions.iloc[session]
    detour_s = np.float32(question.prices["minibus_detour_min"].at(bound) * 60)
    return drive_s(network, row, "start_s") + detour_s, drive_s(network, row, "end_s") + detour_s


def _choose(question: Question) -> tuple[list[int], NDArray[np.float64]]:
    """Return the sessions to serve, as many a week as the standard asks for, and the persons by group who gain.

    Sessions are taken one after the other, each the one that brings most people a week of those who still lack some, and of several that
    bring as many the one that keeps a vehicle busy for the least time: a greedy choice, exact where one weekly session is asked for.
    """
    limit_s = question.gaps.standard.limit_s
    added = np.zeros_like(question.unmet_by_group)
    served: list[int] = []
    brings: dict[int, NDArray[np.bool_]] = {}
    for row in map(int, question.sessions):
        out_s, back_s = _ride_s(question, row)
        brings[row] = (out_s <= limit_s) & (back_s <= limit_s) & ~question.is_in_reach_by_group(row)
    per_week = question.access.sessions["per_week"].to_numpy()
    lacking = question.gaps.standard.sessions_per_week - question.reachable_by_group
    while brings and per_week[served].sum() < question.sessions_needed:
        waiting = np.where(added < lacking - TIE, question.unmet_by_group, 0.0)
        best = max(brings, key=lambda row: _worth(question, row, np.where(brings[row], waiting, 0.0)))
        if not waiting[brings[best]].any():
            break
        added += per_week[best] * brings.pop(best)
        served.append(best)
    return served, question.gaining(added)


def _worth(question: Question, session: int, brought: NDArray[np.float64]) -> tuple[float, float]:
    """Return what a session is chosen by: the people brought a week, then the vehicle hours saved."""
    persons = float(brought.sum() * question.access.sessions["per_week"].iloc[session])
    return round(persons, 6), -_vehicle_s(question, session, brought.sum(axis=0) > 0)


def _vehicle_s(question: Question, session: int, is_aboard: NDArray[np.bool_], bound: Bound = "middle") -> float:
    """Return for how many seconds a vehicle is paid: from the first pick-up to the last set-down, the session included."""
    out_s, back_s = _ride_s(question, session, bound)
    start_s, end_s = question.access.sessions[["start_s", "end_s"]].iloc[session]
    return float(out_s[is_aboard].max(initial=0) + back_s[is_aboard].max(initial=0) + end_s - start_s)


def _cost(question: Question, served: list[int], gaining: NDArray[np.float64]) -> tuple[Range, tuple[int, int]]:
    """Return the cost a year, and the fewest and most vehicles that run at a time.

    A bound takes every figure at that bound, but the seats at the other one: the more there are, the cheaper it is. Who is aboard is
    judged at the middle. Vehicles are whole, so a dear year of few weeks can cost more than one of many: the bounds are put in order.
    """
    prices = question.prices
    per_week = question.access.sessions["per_week"].to_numpy(np.float64)
    trips = expected_demand(float(gaining.sum()), prices).return_trips_per_year
    aboard = {row: _is_aboard(question, row, gaining) for row in served}
    costs_gbp, vehicles = [], []
    for bound, seats_bound in zip(BOUNDS, reversed(BOUNDS), strict=True):
        weeks, seats = prices["session_weeks_per_year"].at(bound), prices["minibus_seats"].at(seats_bound)
        vehicles.append(max(1, ceil(trips.at(bound) / (per_week[served].sum() * weeks) / seats)))
        hours = weeks * sum(per_week[row] * _vehicle_s(question, row, aboard[row], bound) / 3600 for row in served)
        costs_gbp.append(prices["minibus_gbp_per_hour"].at(bound) * hours * vehicles[-1])
    cost = Range(min(costs_gbp), costs_gbp[BOUNDS.index("middle")], max(costs_gbp))
    return cost, (min(vehicles), max(vehicles))


def _is_aboard(question: Question, session: int, gaining: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say at which origins a vehicle calls that goes to a session."""
    out_s = _ride_s(question, session)[0]
    return (gaining.sum(axis=0) > 0) & np.isfinite(out_s) & (out_s <= question.gaps.standard.limit_s)
