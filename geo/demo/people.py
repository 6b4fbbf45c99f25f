"""Where the people live: origins on the sides of streets, like output areas, gathered into zones that tile the land."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo.demo.land import Xy, metres
from geo.demo.places import FARM_PEOPLE, PLACES, QUARTERS, Quarter
from geo.demo.weave import Network

PEOPLE_PER_ORIGIN = 255
PEOPLE_PER_ZONE = 1_560
KERB_M = 9.0  # from the middle of the street to a front door
_LIVED_IN = ("residential", "tertiary", "secondary", "primary")


@dataclass(frozen=True)
class Origin:
    """Some 250 people (on farms some 110) and the point they start from, EPSG:27700. ``hamlet`` is empty in a settlement."""

    xy: Xy
    people: int
    quarter: str
    hamlet: str = ""


@dataclass(frozen=True)
class Zone:
    """A zone: its code, names, settlement, the quarter most of its people live in, and its origins."""

    code: str
    name_cy: str
    name_en: str
    place: str
    quarter: str
    origins: tuple[Origin, ...]
    tile: int = 0  # which copy of the land, in a national-sized area

    @property
    def people(self) -> int:
        """How many people live there."""
        return sum(origin.people for origin in self.origins)

    @property
    def farm_share(self) -> float:
        """The share of its people who live outside the settlement."""
        return sum(origin.people for origin in self.origins if origin.hamlet) / self.people


def settle(seed: int, network: Network, hamlets: Mapping[Xy, str]) -> list[Zone]:
    """Return the zones with their origins, in the order of their codes."""
    rng = random.Random(f"{seed}/people")
    by_quarter = {quarter.key: _in_streets(quarter, network, rng) for quarter in QUARTERS}
    farms = _on_farms(network, hamlets, rng)
    zones: list[Zone] = []
    for place in PLACES.values():
        parts = [quarter for quarter in QUARTERS if quarter.place == place.key]
        if place.rank in ("village", "hamlet"):
            groups = [(parts[0], (*by_quarter[parts[0].key], *farms[place.key]))]
        else:
            groups = [(quarter, tuple(by_quarter[quarter.key])) for quarter in parts]
            if farms[place.key]:
                groups[-1] = (parts[-1], (*groups[-1][1], *farms[place.key]))
        for quarter, origins in groups:
            zones += _zones(len(zones), quarter, origins)
    return zones


def _zones(first: int, quarter: Quarter, origins: Sequence[Origin]) -> list[Zone]:
    count = max(1, round(sum(origin.people for origin in origins) / PEOPLE_PER_ZONE))
    place = PLACES[quarter.place]
    found = []
    for n, group in enumerate(_split(list(origins), count)):
        number = f" {n + 1}" if count > 1 else ""
        cy, en = (
            (place.name_cy, place.name_en)
            if quarter.name_cy == place.name_cy
            else (f"{place.name_cy}: {quarter.name_cy}", f"{place.name_en}: {quarter.name_en}")
        )
        found.append(Zone(f"D01{first + n + 1:06d}", cy + number, en + number, place.key, quarter.key, tuple(group)))
    return found


def _split(origins: list[Origin], parts: int) -> list[list[Origin]]:
    """Cut a group of origins across its longer side until each part holds about as many people as the others."""
    if parts == 1:
        return [origins]
    xs, ys = [o.xy[0] for o in origins], [o.xy[1] for o in origins]
    axis = 0 if max(xs) - min(xs) > max(ys) - min(ys) else 1
    ordered = sorted(origins, key=lambda o: (o.xy[axis], o.xy))
    low = parts // 2
    wanted, total, cut = sum(o.people for o in origins) * low / parts, 0, 0
    while cut < len(ordered) - 1 and (total + ordered[cut].people / 2 < wanted or cut < low):
        total += ordered[cut].people
        cut += 1
    return _split(ordered[:cut], low) + _split(ordered[cut:], parts - low)


def _in_streets(quarter: Quarter, network: Network, rng: random.Random) -> list[Origin]:
    """Spread a quarter's people over its streets: its corners are cut into equal groups, and each group's middle is an origin."""
    corners = sorted(
        {
            p
            for way in network.ways
            if way.quarter == quarter.key and way.tags["highway"] in _LIVED_IN
            for p in way.points
        }
    )
    count = max(3, round(quarter.people / PEOPLE_PER_ORIGIN))
    if count > len(corners):
        raise ValueError(f"{quarter.key} has {len(corners)} corners for {count} origins")
    groups = _split([Origin(corner, 1, quarter.key) for corner in corners], count)
    weights = [rng.uniform(0.65, 1.4) for _ in groups]
    people = share_out(quarter.people, weights)
    found = []
    for group, persons in zip(groups, people, strict=True):
        middle = (sum(o.xy[0] for o in group) / len(group), sum(o.xy[1] for o in group) / len(group))
        corner = min((o.xy for o in group), key=lambda p: (math.dist(p, middle), p))
        found.append(Origin(_beside(corner, network, rng), persons, quarter.key))
    return found


def _beside(corner: Xy, network: Network, rng: random.Random) -> Xy:
    """Return a front door near ``corner``: a way along one of its streets, and to the side of it."""
    other = sorted(network.graph.neighbors(corner))[0]
    length = math.dist(corner, other)
    along = min(0.5 * length, rng.uniform(8, 40))
    side = rng.choice((-KERB_M, KERB_M))
    ux, uy = (other[0] - corner[0]) / length, (other[1] - corner[1]) / length
    return round(corner[0] + ux * along - uy * side, 1), round(corner[1] + uy * along + ux * side, 1)


def _on_farms(network: Network, hamlets: Mapping[Xy, str], rng: random.Random) -> dict[str, list[Origin]]:
    """Share the people of the farms over the hamlets; each hamlet belongs to the nearest village or valley town."""
    people = share_out(FARM_PEOPLE, [rng.uniform(0.6, 1.5) for _ in hamlets])
    found: dict[str, list[Origin]] = defaultdict(list)
    last = {quarter.place: quarter.key for quarter in QUARTERS}
    for (xy, name), persons in zip(sorted(hamlets.items()), people, strict=True):
        # A village draws farms from farther than a town does: divide its distance.
        place = min(
            PLACES.values(),
            key=lambda p: math.dist(xy, metres(p.xy_km)) / (1.7 if p.rank in ("village", "hamlet") else 1.0),
        )
        spot = _beside(xy, network, rng) if xy in network.graph else xy
        found[place.key].append(Origin(spot, persons, last[place.key], name))
    return found


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Return whole numbers in proportion to ``weights`` that add up to ``total`` (largest remainders)."""
    exact = [total * weight / sum(weights) for weight in weights]
    whole = [math.floor(value) for value in exact]
    rest = sorted(range(len(exact)), key=lambda n: (whole[n] - exact[n], n))
    for n in rest[: total - sum(whole)]:
        whole[n] += 1
    return whole


def centre(zone: Zone) -> Xy:
    """Return the middle of a zone's people."""
    weights = np.array([origin.people for origin in zone.origins], dtype=float)
    x, y = (np.array([origin.xy for origin in zone.origins]) * weights[:, None]).sum(axis=0) / weights.sum()
    return float(x), float(y)
