"""Pay people's fares: it helps where a bus or train brings them there and back in time, and only the fare stands in the way.

Holders of a concessionary pass travel free already, so they gain nothing; nor does anyone whom no service brings there and back.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from access.costs import BOUNDS, Range
from access.demand import expected_demand
from access.gaps import TIE, count_sessions, judge, pass_share, return_fare_gbp
from access.options.base import Option, Question, make_option
from geo.words import Message

ORDER = 1
KEYS = ("bus_single_gbp", "referred_share_per_year", "take_part_share", "sessions_per_participant")


def answer(question: Question) -> Option:
    """Cost the fares of those whom fares alone keep away."""
    standard, access = question.gaps.standard, question.access
    if "transit" not in access.by_mode:
        none = np.zeros_like(question.unmet_persons)
        return make_option(
            question, "fare_support", none, None, notes=(Message("option.fare_support.not_computed"),), keys=KEYS
        )
    free = replace(standard, modes=tuple({*standard.modes, "transit"}), max_fare_gbp=None)
    is_enough = count_sessions(access, free).reachable >= standard.sessions_per_week - TIE
    gaining = np.where(is_enough, question.unmet_persons, 0.0)
    notes = [Message("option.fare_support.pass_holders")]
    if "transit" not in standard.modes:  # pass holders among them could take the bus free of charge today
        has_pass = pass_share(access)[question.gaps.by_origin["zone_code"]].to_numpy()
        if np.isnan(has_pass[gaining > 0]).any():
            notes.append(Message("option.fare_support.pass_unknown"))
        gaining = gaining * (1 - np.nan_to_num(has_pass))
    elif standard.max_fare_gbp is None:
        notes.append(Message("option.fare_support.fares_not_limited"))
    if not gaining.any():
        notes.append(Message("option.fare_support.nobody"))
        return make_option(question, "fare_support", gaining, Range(0, 0, 0), notes=tuple(notes), keys=KEYS)
    trips = expected_demand(float(gaining.sum()), question.prices).return_trips_per_year
    fare = _mean_fare_gbp(question, gaining)
    if fare is None:
        notes.append(Message("option.fare_support.fare_unknown"))
        return make_option(question, "fare_support", gaining, None, notes=tuple(notes), keys=KEYS)
    notes.append(Message("option.fare_support.fare", {"gbp": f"{fare.middle:.2f}"}))
    return make_option(question, "fare_support", gaining, trips * fare, notes=tuple(notes), keys=KEYS)


def _mean_fare_gbp(question: Question, gaining: NDArray[np.float64]) -> Range | None:
    """Return the mean return fare of those who gain, each to the cheapest session that support newly brings within reach.

    ``None`` where no such fare is known.
    """
    standard = replace(question.gaps.standard, modes=("transit",), max_fare_gbp=None)
    means = []
    for bound in BOUNDS:
        cheapest = np.full(len(gaining), np.inf)
        for row in question.sessions:
            is_already = judge(question.access, question.gaps.standard, int(row), question.prices)[0]
            is_new = judge(question.access, standard, int(row))[0] & ~is_already
            fare = return_fare_gbp(question.access, int(row), question.prices, bound=bound)
            cheapest = np.where(is_new, np.fmin(cheapest, fare), cheapest)
        priced = (gaining > 0) & np.isfinite(cheapest)  # of the others a booked ride's price is not known
        if not priced.any():
            return None
        means.append(float(np.average(cheapest[priced], weights=gaining[priced])))
    return Range(*means)
