"""The settlements of Cantre'r Gwaelod and their quarters, as tables that a planner can read. Everything is invented."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo.demo.land import Xy

Pattern = Literal["centre", "terrace", "villas", "estate", "valley", "village"]


@dataclass(frozen=True)
class Place:
    """A settlement: where it is, what it is, and whose it is."""

    key: str
    name_cy: str
    name_en: str
    xy_km: Xy
    rank: Literal["town", "suburb", "village", "hamlet"]
    authority: Literal["coast", "uplands"]
    cluster: str


@dataclass(frozen=True)
class Quarter:
    """A part of a settlement with one kind of streets: an ellipse, its people and their circumstances.

    ``deprivation`` runs from 0 (least) to 1; ``share_65plus`` and ``share_no_car`` are shares of people and of households.
    """

    key: str
    place: str
    name_cy: str
    name_en: str
    pattern: Pattern
    xy_km: Xy
    half_km: Xy
    angle_deg: float
    people: int
    deprivation: float
    share_65plus: float
    share_no_car: float


PLACES: dict[str, Place] = {
    place.key: place
    for place in (
        Place("caer", "Caer Wyddno", "Caer Wyddno", (19.9, 10.0), "town", "coast", "caer-west"),
        Place("porth", "Porth Wyddno", "Porth Wyddno", (17.0, 8.2), "suburb", "coast", "caer-west"),
        Place("parc", "Parc y Dderwen", "Oak Park", (23.1, 8.2), "suburb", "coast", "caer-east"),
        Place("tywyn", "Tywyn Mawr", "Tywyn Mawr", (7.9, 12.0), "town", "coast", "tywyn"),
        Place("traeth", "Traeth Gwyn", "White Sands", (4.0, 17.0), "village", "coast", "tywyn"),
        Place("pont-clychau", "Pont Clychau", "Bell Bridge", (18.0, 15.0), "town", "uplands", "clychau"),
        Place("tre-clychau", "Tre Clychau", "Tre Clychau", (16.5, 19.0), "town", "uplands", "clychau"),
        Place("ystrad-clychau", "Ystrad Clychau", "Ystrad Clychau", (15.5, 22.5), "town", "uplands", "clychau"),
        Place("blaen-clychau", "Blaen Clychau", "Blaen Clychau", (14.5, 26.0), "town", "uplands", "clychau"),
        Place("aber-gwymon", "Aber Gwymon", "Wrackmouth", (23.0, 14.5), "town", "uplands", "gwymon"),
        Place("pont-gwymon", "Pont Gwymon", "Pont Gwymon", (24.0, 18.5), "town", "uplands", "gwymon"),
        Place("nant-gwymon", "Nant Gwymon", "Nant Gwymon", (24.8, 22.0), "town", "uplands", "gwymon"),
        Place("blaengwymon", "Blaengwymon", "Blaengwymon", (25.5, 26.0), "town", "uplands", "gwymon"),
        Place("marchnad", "Marchnad Seithenyn", "Seithenyn Market", (20.0, 33.0), "town", "uplands", "north"),
        Place("llandonnau", "Llandonnau", "Llandonnau", (10.0, 30.0), "village", "uplands", "north"),
        Place("bryn-heli", "Bryn Heli", "Bryn Heli", (28.0, 32.0), "village", "uplands", "north"),
        Place("sarn-badrig", "Sarn Badrig", "Sarn Badrig", (24.0, 38.0), "village", "uplands", "north"),
        Place("llanllanw", "Llanllanw", "Llanllanw", (30.0, 20.0), "village", "coast", "caer-east"),
        Place("pentre-morfa", "Pentre'r Morfa", "Pentre'r Morfa", (28.0, 9.0), "village", "coast", "caer-east"),
        Place("dol-garreg", "Dôl y Garreg", "Dôl y Garreg", (30.0, 26.0), "village", "uplands", "north"),
        Place("rhos", "Rhos y Gwylanod", "Gull Moor", (6.0, 24.0), "hamlet", "coast", "tywyn"),
        Place("ffynnon", "Ffynnon Halen", "Ffynnon Halen", (12.0, 36.0), "hamlet", "uplands", "north"),
        Place("capel", "Capel y Graig", "Capel y Graig", (19.0, 28.0), "hamlet", "uplands", "north"),
    )
}

_Q = Quarter
QUARTERS: tuple[Quarter, ...] = (
    _Q("canol", "caer", "Canol y Dref", "Town Centre", "centre", (19.9, 10.05), (0.85, 0.8), 8, 8000, 0.55, 0.13, 0.42),
    _Q("dociau", "caer", "Y Dociau", "The Docks", "terrace", (20.0, 8.4), (0.75, 1.1), 3, 11000, 0.90, 0.13, 0.45),
    _Q("elffin", "caer", "Tre Elffin", "Tre Elffin", "terrace", (21.3, 9.6), (1.0, 1.05), 14, 15000, 0.50, 0.17, 0.28),
    _Q("bryniau", "caer", "Y Bryniau", "The Hills", "villas", (20.7, 11.8), (1.3, 1.1), 24, 10000, 0.08, 0.24, 0.08),
    _Q("onn", "caer", "Llwyn Onn", "Ash Grove", "estate", (18.8, 11.7), (1.05, 1.0), -12, 12000, 0.82, 0.15, 0.36),
    _Q("mererid", "caer", "Maes Mererid", "Maes Mererid", "estate", (22.5, 11.0), (1.0, 1.15), 20, 13000, 0.38, 0.19, 0.17),
    _Q("cefn", "caer", "Cefn Gwyddno", "Cefn Gwyddno", "villas", (19.4, 13.1), (1.1, 0.8), -6, 8000, 0.18, 0.22, 0.10),
    _Q("heli", "caer", "Glan yr Heli", "Glan yr Heli", "terrace", (21.4, 7.7), (1.0, 1.0), -8, 11000, 0.44, 0.19, 0.24),
    _Q("porth", "porth", "Yr Harbwr", "The Harbour", "terrace", (17.0, 8.1), (0.85, 0.65), -6, 9000, 0.88, 0.15, 0.43),
    _Q("allt", "porth", "Pen yr Allt", "Pen yr Allt", "estate", (16.2, 9.2), (0.85, 0.65), 10, 5000, 0.76, 0.17, 0.34),
    _Q("dderwen", "parc", "Parc y Dderwen", "Oak Park", "estate", (23.2, 8.15), (0.75, 0.75), -15, 9000, 0.22, 0.07, 0.07),
    _Q("tywyn", "tywyn", "Canol Tywyn", "Tywyn Centre", "centre", (7.9, 12.0), (0.6, 0.55), 30, 4500, 0.50, 0.30, 0.33),
    _Q("prom", "tywyn", "Y Rhodfa", "The Promenade", "terrace", (8.8, 11.6), (0.75, 0.5), -28, 4500, 0.46, 0.38, 0.31),
    _Q("graig", "tywyn", "Pen y Graig", "Pen y Graig", "villas", (8.9, 12.9), (1.1, 0.75), 10, 6500, 0.20, 0.36, 0.14),
    _Q("mor", "tywyn", "Maes y Môr", "Maes y Môr", "estate", (7.5, 13.3), (0.75, 0.75), 18, 5500, 0.62, 0.28, 0.25),
    _Q("traeth", "traeth", "Traeth Gwyn", "White Sands", "village", (4.0, 17.0), (0.5, 0.35), 40, 2200, 0.34, 0.43, 0.17),
    _Q("pont-clychau", "pont-clychau", "Pont Clychau", "Bell Bridge", "valley", (18.0, 15.0), (0.45, 1.1), 16, 11000, 0.50, 0.19, 0.24),
    _Q("tre-clychau", "tre-clychau", "Tre Clychau", "Tre Clychau", "valley", (16.5, 19.0), (0.42, 1.0), 20, 9000, 0.64, 0.19, 0.28),
    _Q("ystrad-clychau", "ystrad-clychau", "Ystrad Clychau", "Ystrad Clychau", "valley", (15.5, 22.5), (0.4, 0.85), 16, 7000, 0.60, 0.20, 0.27),
    _Q("blaen-clychau", "blaen-clychau", "Blaen Clychau", "Blaen Clychau", "valley", (14.5, 26.0), (0.4, 0.75), 14, 6000, 0.72, 0.21, 0.31),
    _Q("aber-gwymon", "aber-gwymon", "Aber Gwymon", "Wrackmouth", "valley", (23.0, 14.5), (0.45, 1.0), -14, 10000, 0.84, 0.18, 0.38),
    _Q("pont-gwymon", "pont-gwymon", "Pont Gwymon", "Pont Gwymon", "valley", (24.0, 18.5), (0.42, 0.9), -14, 8000, 0.93, 0.18, 0.41),
    _Q("nant-gwymon", "nant-gwymon", "Nant Gwymon", "Nant Gwymon", "valley", (24.8, 22.0), (0.35, 0.75), -12, 5000, 0.95, 0.19, 0.42),
    _Q("blaengwymon", "blaengwymon", "Blaengwymon", "Blaengwymon", "valley", (25.5, 26.0), (0.4, 0.8), -10, 7000, 0.97, 0.20, 0.44),
    _Q("marchnad", "marchnad", "Y Farchnad", "The Market", "centre", (20.0, 33.0), (0.6, 0.6), 12, 5000, 0.46, 0.24, 0.27),
    _Q("seithenyn", "marchnad", "Tre Seithenyn", "Tre Seithenyn", "terrace", (20.85, 32.5), (0.65, 0.65), 30, 4500, 0.56, 0.22, 0.25),
    _Q("pawl", "marchnad", "Maes Pawl", "Maes Pawl", "estate", (19.2, 33.6), (0.65, 0.65), 5, 5000, 0.48, 0.18, 0.18),
    _Q("lan", "marchnad", "Y Lan", "Y Lan", "villas", (20.6, 33.9), (0.8, 0.65), -15, 3500, 0.12, 0.27, 0.08),
    _Q("llandonnau", "llandonnau", "Llandonnau", "Llandonnau", "village", (10.0, 30.0), (0.45, 0.35), 25, 2300, 0.36, 0.29, 0.13),
    _Q("bryn-heli", "bryn-heli", "Bryn Heli", "Bryn Heli", "village", (28.0, 32.0), (0.45, 0.35), -10, 2500, 0.32, 0.28, 0.12),
    _Q("sarn-badrig", "sarn-badrig", "Sarn Badrig", "Sarn Badrig", "village", (24.0, 38.0), (0.4, 0.3), 50, 2000, 0.40, 0.30, 0.14),
    _Q("llanllanw", "llanllanw", "Llanllanw", "Llanllanw", "village", (30.0, 20.0), (0.4, 0.35), 0, 2100, 0.34, 0.28, 0.13),
    _Q("pentre-morfa", "pentre-morfa", "Pentre'r Morfa", "Pentre'r Morfa", "village", (28.0, 9.0), (0.5, 0.4), 5, 3000, 0.24, 0.26, 0.10),
    _Q("dol-garreg", "dol-garreg", "Dôl y Garreg", "Dôl y Garreg", "village", (30.0, 26.0), (0.4, 0.3), 70, 1500, 0.42, 0.30, 0.14),
    _Q("rhos", "rhos", "Rhos y Gwylanod", "Gull Moor", "village", (6.0, 24.0), (0.3, 0.22), 60, 800, 0.44, 0.33, 0.15),
    _Q("ffynnon", "ffynnon", "Ffynnon Halen", "Ffynnon Halen", "village", (12.0, 36.0), (0.3, 0.25), 15, 1100, 0.40, 0.31, 0.14),
    _Q("capel", "capel", "Capel y Graig", "Capel y Graig", "village", (19.0, 28.0), (0.28, 0.22), 45, 700, 0.46, 0.28, 0.13),
)  # fmt: skip
FARM_PEOPLE = 17_000
