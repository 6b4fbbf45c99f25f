"""The places where groups meet: halls, libraries, vestries, leisure centres, allotments and gardens, and where they stand."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo.demo.land import Xy, metres
from geo.demo.places import QUARTERS, Quarter
from geo.demo.weave import Network

KINDS: dict[str, tuple[str, str]] = {  # name in Welsh and English; {c} is a chapel or a saint
    "neuadd": ("Neuadd {cy}", "{en} Hall"),
    "goffa": ("Neuadd Goffa {cy}", "{en} Memorial Hall"),
    "llyfrgell": ("Llyfrgell {cy}", "{en} Library"),
    "canolfan": ("Canolfan Gymunedol {cy}", "{en} Community Centre"),
    "hamdden": ("Canolfan Hamdden {cy}", "{en} Leisure Centre"),
    "hwb": ("Hwb Lles {cy}", "{en} Wellbeing Hub"),
    "festri": ("Festri {c}", "{c} Vestry"),
    "eglwys": ("Neuadd Eglwys Sant {c}", "St {c}'s Church Hall"),
    "rhandir": ("Rhandiroedd {cy}", "{en} Allotments"),
    "gardd": ("Gardd Gymunedol {cy}", "{en} Community Garden"),
    "clwb": ("Clwb Rygbi {cy}", "{en} Rugby Club"),
    "celf": ("Canolfan Gelfyddydau {cy}", "{en} Arts Centre"),
    "sied": ("Gweithdy {cy}", "{en} Workshop"),
}
CHAPELS = (
    "Bethel", "Seion", "Salem", "Ebeneser", "Horeb", "Moriah", "Bethania", "Hermon", "Saron", "Siloam", "Carmel", "Nebo",
    "Peniel", "Soar", "Rehoboth", "Pisgah", "Elim", "Hebron", "Calfaria", "Gosen", "Sardis", "Ainon", "Penuel", "Noddfa",
)  # fmt: skip
SAINTS = ("Non", "Teilo", "Padarn", "Illtud", "Cadfan", "Tysilio", "Gwenffrewi", "Melangell", "Tudno", "Curig")

# Kinds of venue in each quarter, in the order in which groups fill them. A valley hall stands uphill of the station.
WHERE: dict[str, str] = {
    "canol": "llyfrgell canolfan hwb celf festri eglwys neuadd festri sied",
    "dociau": "canolfan festri neuadd gardd", "elffin": "llyfrgell canolfan hamdden festri clwb rhandir",
    "bryniau": "neuadd eglwys festri", "onn": "canolfan festri gardd rhandir", "mererid": "canolfan hamdden eglwys",
    "cefn": "neuadd festri", "heli": "neuadd festri gardd", "porth": "canolfan llyfrgell festri clwb", "allt": "canolfan",
    "dderwen": "gardd", "tywyn": "llyfrgell canolfan eglwys hamdden", "prom": "neuadd festri", "graig": "neuadd eglwys",
    "mor": "canolfan rhandir", "traeth": "goffa festri", "pont-clychau": "canolfan llyfrgell hamdden festri clwb",
    "tre-clychau": "neuadd llyfrgell festri sied", "ystrad-clychau": "neuadd festri rhandir", "blaen-clychau": "neuadd festri clwb",
    "aber-gwymon": "canolfan festri", "pont-gwymon": "neuadd llyfrgell", "nant-gwymon": "festri", "blaengwymon": "neuadd",
    "marchnad": "llyfrgell canolfan festri hamdden eglwys", "seithenyn": "neuadd festri", "pawl": "canolfan", "lan": "eglwys",
    "llandonnau": "goffa festri",
    "bryn-heli": "neuadd festri", "sarn-badrig": "goffa", "llanllanw": "neuadd", "pentre-morfa": "neuadd eglwys",
    "dol-garreg": "goffa", "rhos": "festri", "ffynnon": "neuadd", "capel": "festri",
}  # fmt: skip
OUT_OF_TOWN: tuple[tuple[str, str, str, Xy], ...] = (  # where walks start and no bus goes: key, names, km
    ("bwlch", "Maes Parcio Bwlch yr Halen", "Salt Pass Car Park", (25.05, 28.6)),
    ("traethell", "Maes Parcio Traethell y Gorllewin", "West Strand Car Park", (4.6, 20.4)),
    ("coed", "Maes Parcio Coed y Gogledd", "North Wood Car Park", (26.3, 36.3)),
)


@dataclass(frozen=True)
class Venue:
    """A venue; ``lonlat_known`` is false for the one that the directory lists without coordinates."""

    venue_id: str
    quarter: str
    kind: str
    name_cy: str
    name_en: str
    xy: Xy
    postcode: str
    lonlat_known: bool = True

    @property
    def name(self) -> str:
        """Both names, as a directory with one column writes them."""
        return self.name_cy if self.name_cy == self.name_en else f"{self.name_cy} / {self.name_en}"


def inner_names(quarter: Quarter) -> tuple[str, str]:
    """Return a quarter's names as they stand inside another name: "Neuadd y Dociau", "Docks Hall"."""
    cy = quarter.name_cy
    for article in ("Y ", "Yr "):
        cy = cy.replace(article, article.lower(), 1) if cy.startswith(article) else cy
    return cy, quarter.name_en.removeprefix("The ")


def fill(form: str, cy: str, en: str, c: str = "") -> str:
    """Return a name made of ``form``; in Welsh the article joins a vowel before it ("Caffi Trwsio'r Lan")."""
    return (
        re.sub(r"([aeiouwyâêîôûŵŷ]) yr? (?=[A-ZÂÊÎÔÛŴŶ])", r"\1'r ", form.format(cy=cy, en=en, c=c))
        if "{cy}" in form
        else form.format(cy=cy, en=en, c=c)
    )


def all_venues(seed: int, network: Network) -> list[Venue]:
    """Return every venue, at a street of its quarter."""
    rng = random.Random(f"{seed}/venues")
    chapels, saints = list(CHAPELS), list(SAINTS)
    rng.shuffle(chapels)
    rng.shuffle(saints)
    found: list[Venue] = []
    for district, quarter in enumerate(QUARTERS):
        corners = quarter_corners(network, quarter.key)
        for kind in WHERE[quarter.key].split():
            cy, en = inner_names(quarter)
            c = chapels.pop() if kind == "festri" else saints.pop() if kind == "eglwys" else ""
            name_cy, name_en = (fill(form, cy, en, c) for form in KINDS[kind])
            spot = beside(_target(quarter, rng), corners)
            postcode = f"CG{district % 20 + 1} {rng.randint(1, 9)}{rng.choice('ABDEFGH')}{rng.choice('JLNPQRS')}"
            # The vestry at Nant Gwymon has never been put on a map.
            found.append(
                Venue(
                    f"V{len(found) + 1:03d}",
                    quarter.key,
                    kind,
                    name_cy,
                    name_en,
                    spot,
                    postcode,
                    quarter.key != "nant-gwymon",
                )
            )
    roads = sorted(
        {
            p
            for way in network.ways
            if way.tags.get("highway") in ("primary", "secondary", "tertiary")
            for p in way.points
        }
    )
    for key, cy, en, xy_km in OUT_OF_TOWN:
        found.append(Venue(f"V{len(found) + 1:03d}", key, "maes parcio", cy, en, beside(metres(xy_km), roads), ""))
    return found


def quarter_corners(network: Network, quarter: str) -> list[Xy]:
    """Return the corners of a quarter's streets that a car can reach."""
    classes = ("residential", "tertiary")
    return sorted(
        {p for way in network.ways if way.quarter == quarter and way.tags["highway"] in classes for p in way.points}
    )


def _target(quarter: Quarter, rng: random.Random) -> Xy:
    if quarter.pattern == "valley":
        # Above the valley floor, on the side away from the station.
        return metres(
            (
                quarter.xy_km[0] - quarter.half_km[0] * 0.75,
                quarter.xy_km[1] + rng.uniform(-0.45, 0.45) * quarter.half_km[1],
            )
        )
    spread = 0.35 if quarter.pattern == "centre" else 0.55
    return metres(
        (
            quarter.xy_km[0] + rng.uniform(-spread, spread) * quarter.half_km[0],
            quarter.xy_km[1] + rng.uniform(-spread, spread) * quarter.half_km[1],
        )
    )


def beside(target: Xy, corners: Sequence[Xy]) -> Xy:
    """Return a point twelve metres from the corner nearest to ``target``."""
    x, y = min(corners, key=lambda p: (math.dist(p, target), p))
    return x + 9.0, y + 8.0
