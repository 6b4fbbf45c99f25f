"""Pay for each trip by road: a taxi for people whose household has no car, mileage for the others.

Households without a car are known as a share of each zone; it is taken to hold for the zone's unmet people alike, and said so. Where the
share is not known, everybody is costed by taxi. Each participant is taken to the nearest session
by road of those that are not in reach without.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from access.costs import Range
from access.demand import expected_demand
from access.options.base import Option, Question, make_option
from access.sessions import CLOCKS, drive_s
from geo.words import Message

ORDER = 3
KEYS = (
    "taxi_start_gbp",
    "taxi_gbp_per_100_yards",
    "taxi_wait_min",
    "mileage_gbp_per_mile",
    "referred_share_per_year",
    "take_part_share",
    "sessions_per_participant",
)


def answer(question: Question) -> Option:
    """Cost the trips of those who would get there and back by road within the standard."""
    added, nearest = _by_road(question)
    gaining = question.gaining(added)
    if not gaining.any():
        nobody = (Message("option.taxi_or_mileage.nobody"),)
        return make_option(question, "taxi_or_mileage", gaining.sum(axis=0), None, notes=nobody, keys=KEYS)
    per_trip, has_car_share = _return_trip_gbp(question, gaining, nearest)
    trips = expected_demand(float(gaining.sum()), question.prices).return_trips_per_year
    notes = [Message("option.taxi_or_mileage.per_trip", {"gbp": f"{per_trip.middle:.2f}"})]
    if has_car_share is None:
        notes.append(Message("option.taxi_or_mileage.car_unknown"))
    else:
        notes.append(Message("option.taxi_or_mileage.car_share", {"percent": f"{100 * has_car_share:.0f}"}))
    return make_option(
        question, "taxi_or_mileage", gaining.sum(axis=0), trips * per_trip, notes=tuple(notes), keys=KEYS
    )


def _by_road(question: Question) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the sessions a week that taxis newly bring within each origin's reach, and the row of the nearest such venue; by group."""
    network, standard = question.access.network, question.gaps.standard
    wait_s = question.prices["taxi_wait_min"].middle * 60
    added = np.zeros_like(question.unmet_by_group)
    nearest, nearest_s = np.full(added.shape, -1, dtype=np.intp), np.full(added.shape, np.inf)
    for row in map(int, question.sessions):
        session = question.access.sessions.iloc[row]
        out_s, back_s = (drive_s(network, session, clock) + wait_s for clock in CLOCKS)
        is_near = (out_s <= standard.limit_s) & (back_s <= standard.limit_s)
        is_new = is_near & ~question.is_in_reach_by_group(row)
        added += session["per_week"] * is_new
        is_nearer = is_new & (out_s + back_s < nearest_s)
        nearest[is_nearer], nearest_s[is_nearer] = (
            session["venue"],
            np.broadcast_to(out_s + back_s, added.shape)[is_nearer],
        )
    return added, nearest


def _return_trip_gbp(
    question: Question, gaining: NDArray[np.float64], nearest: NDArray[np.intp]
) -> tuple[Range, float | None]:
    """Return the mean cost of a return trip and the share who have a car, of those who gain; ``None`` where it is not known of some."""
    groups, rows = np.nonzero(gaining > 0)
    no_car = question.access.network.area.zones.set_index("zone_code")["households_no_car_share"]
    has_car = 1 - no_car[question.gaps.by_origin["zone_code"].iloc[rows]].to_numpy(np.float64)
    weight = gaining[groups, rows] / gaining.sum()
    total = Range(0, 0, 0)
    for group, row, car, part in zip(groups, rows, has_car, weight, strict=True):
        there_m, back_m = _lengths_m(question, int(row), int(nearest[group, row]))
        taxi = question.prices.taxi_gbp(there_m) + question.prices.taxi_gbp(back_m)
        trip = taxi if np.isnan(car) else taxi * (1 - car) + question.prices.mileage_gbp(there_m + back_m) * car
        total = total + trip * float(part)
    return total, None if np.isnan(has_car).any() else float(weight @ has_car)


def _lengths_m(question: Question, origin: int, venue: int) -> tuple[float, float]:
    """Return the lengths driven there and back."""
    network = question.access.network
    router, origins, venues = network.routers["drive"], network.origins["drive"], network.venues["drive"]
    there = router.path(origins.take([origin]), venues.take([venue]))
    back = router.path(venues.take([venue]), origins.take([origin]))
    if there is None or back is None:
        raise AssertionError("a venue that was reached has no path")
    return there.length_m, back.length_m
