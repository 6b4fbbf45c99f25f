"""A question and its answer, as every part of a page is given them."""

from __future__ import annotations

from dataclasses import dataclass

from access.gaps import Gaps
from geo.area import Area
from geo.profile import Level
from views.driving import Driving
from views.figures import Figures
from views.weighting import is_own, key_of


@dataclass(frozen=True)
class Asked:
    """What was asked of which area, with which figures, and who finds it met."""

    area: Area
    level: Level | None
    figures: Figures
    driving: Driving
    gaps: Gaps

    def provenance(self, **more: object) -> str:
        """Return the digest of the area, the rules, the standard, the figures, the user's own weights and whatever else was asked."""
        standard = self.gaps.standard
        more["figures"] = self.figures.digest
        if is_own(self.area, self.gaps.need_weights):
            more["weights"] = key_of(self.gaps.need_weights)
        return self.gaps.access.network.provenance(
            category=standard.category,
            sessions=standard.sessions_per_week,
            within=standard.within_min,
            modes=standard.modes,
            fare=standard.max_fare_gbp,
            **more,
        ).digest
