"""Who travels: how fast people of a group walk and what they need on the way, with sources in ``docs/methods.md``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from access.query import TravelRules


@dataclass(frozen=True)
class Traveller:
    """A group by how it travels. ``name`` is the key of its words: ``who.average``."""

    name: str
    walk_kmh: float
    wheelchair: bool = False

    @property
    def rules(self) -> TravelRules:
        """The travel rules of the group, all else by default."""
        return TravelRules(walk_kmh=self.walk_kmh, wheelchair=self.wheelchair)


AVERAGE = Traveller("average", 4.8)  # TfL PTAL, 80 m a minute
SLOWER = Traveller("slower", 3.6)  # r5r and r5py, their default
WHEELCHAIR = Traveller("wheelchair", 4.8, wheelchair=True)  # the average speed: an assumption
TRAVELLERS = {one.name: one for one in (AVERAGE, SLOWER, WHEELCHAIR)}


def slower(rules: TravelRules) -> TravelRules | None:
    """Return travel rules at the slower walk, all else as it is; None where they walk no faster than that already."""
    return replace(rules, walk_kmh=SLOWER.walk_kmh) if rules.walk_kmh > SLOWER.walk_kmh else None
