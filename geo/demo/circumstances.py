"""Each zone's figures: age, disability, cars and deprivation, correlated as they are in Wales, from the quarters' circumstances."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pandas as pd

from geo.demo.land import metres
from geo.demo.people import Zone, centre
from geo.demo.places import PLACES, QUARTERS
from geo.vocabulary import DOMAINS

# Each domain: how much of it is the zone's common deprivation, how much is rurality, the share of older people, and chance.
DOMAIN_MIX: dict[str, tuple[float, float, float, float]] = {
    "income": (1.00, -0.05, -0.05, 0.07),
    "employment": (0.95, -0.05, 0.10, 0.08),
    "health": (0.85, -0.10, 0.20, 0.10),
    "education": (0.85, -0.10, -0.15, 0.12),
    "access": (-0.15, 1.00, 0.05, 0.08),
    "housing": (0.45, 0.30, 0.00, 0.16),
    "safety": (0.75, -0.40, -0.15, 0.12),
    "environment": (0.45, -0.35, 0.00, 0.18),
}
# Weights of the overall index, as published for WIMD 2025.
WEIGHTS = {
    "income": 22,
    "employment": 20,
    "health": 15,
    "education": 14,
    "access": 10,
    "housing": 9,
    "safety": 5,
    "environment": 5,
}


def zone_scores(seed: int, zones: Sequence[Zone]) -> pd.DataFrame:
    """Return one row per zone: its counts and shares, and a score for each domain (higher is more deprived)."""
    rng = random.Random(f"{seed}/circumstances")
    quarters = {quarter.key: quarter for quarter in QUARTERS}
    rows = []
    for zone in zones:
        quarter = quarters[zone.quarter]
        older = quarter.share_65plus + zone.farm_share * 0.06 + rng.gauss(0, 0.02)
        common = quarter.deprivation * (1 - 0.25 * zone.farm_share) + rng.gauss(0, 0.06)
        no_car = quarter.share_no_car * (1 - 0.6 * zone.farm_share) * math.exp(
            1.2 * (common - quarter.deprivation)
        ) + rng.gauss(0, 0.01)
        older, no_car = min(0.55, max(0.04, older)), min(0.6, max(0.02, no_car))
        disabled = 0.09 + 0.13 * max(0.0, common) + 0.32 * (older - 0.18) + rng.gauss(0, 0.008)
        rows.append({
            "zone_code": zone.code, "population": zone.people, "population_65plus": round(zone.people * older),
            "disabled": round(zone.people * max(0.06, disabled)), "households_no_car_share": round(no_car, 3),
            **_domains(common, _remoteness(zone), older, rng),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _domains(common: float, remoteness: float, older: float, rng: random.Random) -> dict[str, float]:
    return {
        name: a * common + b * remoteness + c * (older - 0.18) * 3 + rng.gauss(0, noise)
        for name, (a, b, c, noise) in DOMAIN_MIX.items()
    }


def _remoteness(zone: Zone) -> float:
    """Return 0 in the middle of a town to 1 on far farms: from the distance to the nearest town and the share on farms."""
    here = centre(zone)
    town_km = min(math.dist(here, metres(PLACES[key].xy_km)) / 1000 for key in ("caer", "tywyn", "marchnad"))
    return min(1.0, town_km / 14) * 0.7 + 0.3 * zone.farm_share


def zone_figures(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of ``geo/schemas.py`` ZONES: the domains' scores become ranks, from 1, the most deprived.

    The overall rank combines them as the Welsh index does: exponentially scaled ranks, weighted.
    """
    n, table = len(scores), scores.copy()
    overall = pd.Series(0.0, index=table.index)
    for name in DOMAINS:
        rank = table[name].rank(ascending=False, method="first").astype(int)
        share = 1 - (rank - 1) / n  # 1 is the most deprived
        overall += WEIGHTS[name] * share.map(lambda r: -23 * math.log(1 - r * (1 - math.exp(-100 / 23))))
        table[f"{name}_rank"] = rank
    table["deprivation_rank"] = overall.rank(ascending=False, method="first").astype(int)
    table["deprivation_decile"] = ((table["deprivation_rank"] - 1) * 10 // n) + 1
    first = [
        "zone_code",
        "population",
        "population_65plus",
        "disabled",
        "households_no_car_share",
        "deprivation_rank",
        "deprivation_decile",
    ]
    return table[[*first, *(f"{name}_rank" for name in DOMAINS)]]
