"""The main roads of Cantre'r Gwaelod as a table: class, number, names, speed limit, and the points they go through (km)."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass

from geo.demo.land import Xy


@dataclass(frozen=True)
class MainRoad:
    """One road of the table: class, number, names, speed limit, how much it winds, and the points it goes through (km)."""

    highway: str
    ref: str
    name_cy: str
    name_en: str
    maxspeed: str
    winding: float
    via: tuple[Xy, ...]


_R = MainRoad
MAIN_ROADS: tuple[MainRoad, ...] = (
    _R("trunk", "A9901", "Ffordd y Glannau", "Coast Road", "50 mph", 0.04,
       ((8.0, 12.45), (9.9, 12.0), (11.6, 10.6), (13.4, 8.9), (15.0, 7.6))),
    _R("trunk", "A9901", "Ffordd Osgoi Porth Wyddno", "Porth Wyddno Bypass", "50 mph", 0.015,
       ((15.0, 7.6), (15.7, 7.2), (16.6, 7.1), (17.3, 7.2), (17.7, 7.6), (17.85, 8.3), (18.0, 9.1), (18.4, 10.0))),
    _R("trunk", "A9901", "Pont y Clychau", "Bridge of Bells", "30 mph", 0.01, ((18.4, 10.0), (19.0, 10.1))),
    _R("trunk", "A9901", "Heol y Brenin", "King's Road", "30 mph", 0.02, ((19.0, 10.1), (20.3, 9.3), (21.6, 8.7), (22.5, 8.9))),
    _R("trunk", "A9901", "Ffordd y Glannau", "Coast Road", "60 mph", 0.04, ((22.5, 8.9), (24.6, 8.9), (26.4, 8.6), (28.0, 9.1))),
    _R("primary", "A9901", "Ffordd y Glannau", "Coast Road", "60 mph", 0.07,
       ((28.0, 9.1), (30.0, 11.0), (30.5, 14.0), (30.2, 17.0), (30.0, 20.0), (30.3, 23.0), (30.0, 26.0), (29.4, 29.0), (28.0, 32.0))),
    _R("primary", "A9902", "Heol Clychau", "Clychau Road", "40 mph", 0.05,
       ((19.6, 10.2), (19.0, 11.4), (18.9, 12.4), (18.4, 13.8), (18.0, 15.0), (17.3, 17.0), (16.5, 19.0), (16.0, 20.8), (15.5, 22.5),
        (15.0, 24.3), (14.5, 26.0))),
    _R("primary", "A9902", "Bwlch y Gloch", "Bell Pass", "50 mph", 0.13, ((14.5, 26.0), (15.3, 28.2), (17.4, 30.3), (19.0, 32.1), (20.0, 33.0))),
    _R("primary", "A9903", "Heol Gwymon", "Gwymon Road", "40 mph", 0.05,
       ((20.3, 10.0), (21.6, 10.6), (22.3, 12.4), (23.0, 14.5), (23.6, 16.6), (24.0, 18.5), (24.4, 20.3), (24.8, 22.0), (25.1, 24.0),
        (25.5, 26.0))),
    _R("primary", "A9903", "Bwlch yr Halen", "Salt Pass", "50 mph", 0.14, ((25.5, 26.0), (25.0, 28.2), (23.2, 30.6), (21.4, 32.2), (20.0, 33.0))),
    _R("secondary", "B9910", "Heol y Traeth", "Beach Road", "40 mph", 0.07, ((8.0, 12.45), (6.9, 14.3), (5.3, 16.2), (4.0, 17.0))),
    _R("tertiary", "B9910", "Ffordd y Gorllewin", "West Road", "60 mph", 0.11,
       ((4.0, 17.0), (4.8, 19.5), (5.0, 22.0), (6.0, 24.0), (7.8, 27.0), (10.0, 30.0))),
    _R("secondary", "B9911", "Heol Llandonnau", "Llandonnau Road", "60 mph", 0.09, ((10.0, 30.0), (13.5, 31.4), (17.0, 32.4), (20.0, 33.0))),
    _R("secondary", "B9912", "Heol Sarn Badrig", "Sarn Badrig Road", "60 mph", 0.09, ((20.0, 33.0), (21.4, 34.7), (22.9, 36.4), (24.0, 38.0))),
    _R("tertiary", "B9913", "Heol Halen", "Salt Road", "60 mph", 0.10, ((20.0, 33.0), (17.5, 34.3), (14.5, 35.2), (12.0, 36.0), (10.6, 33.2), (10.0, 30.0))),
    _R("secondary", "B9914", "Heol Bryn Heli", "Bryn Heli Road", "60 mph", 0.08, ((20.0, 33.0), (22.6, 33.3), (25.4, 32.7), (28.0, 32.0))),
    _R("tertiary", "B9915", "Ffordd y Gogledd", "North Road", "60 mph", 0.10, ((24.0, 38.0), (26.2, 36.2), (27.4, 34.2), (28.0, 32.0))),
    _R("secondary", "B9916", "Ffordd y Bryniau", "Hill Road", "50 mph", 0.08, ((8.0, 12.45), (9.6, 13.3), (11.8, 14.4), (14.8, 14.7), (18.0, 15.0))),
    _R("tertiary", "B9917", "Hen Ffordd y Porth", "Old Harbour Road", "20 mph", 0.03, ((15.0, 7.6), (16.0, 8.1), (17.0, 8.45), (17.6, 9.3), (18.4, 10.0))),
    _R("tertiary", "B9918", "Rhodfa'r Dderwen", "Oak Avenue", "30 mph", 0.03, ((22.5, 8.9), (23.0, 8.5), (23.4, 7.9), (24.0, 8.2), (24.6, 8.9))),
    _R("tertiary", "B9919", "Heol y Graig", "Rock Road", "60 mph", 0.12, ((17.4, 30.3), (19.0, 28.0), (20.3, 30.2), (20.0, 33.0))),
    _R("secondary", "B9920", "Heol y Dociau", "Docks Road", "20 mph", 0.02, ((19.6, 10.2), (19.75, 9.2), (19.95, 8.2), (20.6, 7.4), (21.6, 7.9), (22.5, 8.9))),
    _R("secondary", "B9921", "Cylchffordd y Dwyrain", "Eastern Ring", "40 mph", 0.02, ((22.5, 8.9), (22.9, 10.2), (22.3, 12.4))),
)  # fmt: skip
ROUNDABOUTS_KM: tuple[tuple[str, Xy], ...] = (
    ("Cylchfan y Dderwen", (22.5, 8.9)),
    ("Cylchfan y Morglawdd", (15.0, 7.6)),
)
