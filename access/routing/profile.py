"""List every departure of a stretch of time that is of use: the range profile of a pair of points.

A departure is of use where nothing that leaves later is there as early by as few rides, and no walk all the way is as quick. With at most
*k* rides: the earliest arrival for whoever leaves at *t*, then the latest departure for that arrival, and on from a second later. What a
smaller *k* does as well falls away. Source of the idea: D. Delling, T. Pajor, R. F. Werneck (``access/routing/raptor.py``), range queries.
"""

from __future__ import annotations

from dataclasses import dataclass

from access.routing.journey import Best, best_way
from access.routing.raptor import CSR, NEVER, Rides
from access.routing.rides import DayRides


@dataclass(frozen=True, order=True)
class Departure:
    """When one leaves and arrives (seconds of the service day), and by how many rides."""

    depart_s: int
    arrive_s: int
    rides: int

    def beats(self, other: Departure) -> bool:
        """Say whether this one is as good in all and not the same."""
        return (
            self != other
            and self.depart_s >= other.depart_s
            and self.arrive_s <= other.arrive_s
            and self.rides <= other.rides
        )


def best_by_ride(rides: Rides, max_rides: int, seeds: CSR, reads: CSR, start_s: int) -> tuple[int, int]:
    """Return how long the best way with a ride takes, and by how few rides (:func:`access.routing.journey.best_way`)."""
    return best_way(rides, max_rides, seeds, reads, NEVER, start_s)


def useful_departures(
    day: DayRides, access: CSR, egress: CSR, walk_s: int, depart_s: int, until_s: int, max_travel_s: int, best: Best = best_by_ride
) -> tuple[Departure, ...]:  # fmt: skip
    """See :meth:`access.routing.transit.TransitDay.profile`; ``walk_s`` is the way on foot, NEVER where there is none.

    ``best`` finds the best way with a ride, of all that take no longer than from ``depart_s`` until ``max_travel_s`` past the end.
    """
    found: set[Departure] = set()
    for rides in range(1, day.rules.max_rides + 1):
        leave_s = depart_s - 1
        while leave_s < until_s:  # the last of them leaves at the end or later: what it beats is of no use
            took, _ = best(day.forwards, rides, access, egress, leave_s + 1)
            if took >= NEVER:
                break
            arrive_s = leave_s + 1 + took
            took, fewest = best(day.backwards, rides, egress, access, -arrive_s)
            leave_s = arrive_s - took
            found.add(Departure(leave_s, arrive_s, fewest))
    longest_s = min(max_travel_s, walk_s - 1)
    return tuple(
        one
        for one in sorted(found)
        if one.depart_s < until_s
        and one.arrive_s - one.depart_s <= longest_s
        and not any(other.beats(one) for other in found)
    )
