"""From people who gain access to people who come: the demand model, with every share an assumption that can be edited.

Trips a year = people who gain × share referred in a year × share of those who take part × sessions each attends.
None of the shares has a Welsh source (``docs/methods.md``), so each result is a range.
"""

from __future__ import annotations

from dataclasses import dataclass

from access.costs import Prices, Range

KEYS = ("referred_share_per_year", "take_part_share", "sessions_per_participant")


@dataclass(frozen=True)
class Demand:
    """Expected participants and return trips in a year."""

    participants_per_year: Range
    return_trips_per_year: Range


def expected_demand(gaining_persons: float, prices: Prices) -> Demand:
    """Return the demand that so many people who gain access are expected to bring."""
    participants = prices["referred_share_per_year"] * prices["take_part_share"] * gaining_persons
    return Demand(participants, participants * prices["sessions_per_participant"])
