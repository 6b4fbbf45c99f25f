"""The timetable as a planner would write it on one sheet: places that lines call at, bus lines and trains, and when they leave.

Departures are written ``first-last/every`` ("06:05-18:05/20" is every twenty minutes) or as single times, from the first place of the
direction. Hours above 24 belong to the night after the service day. Days: MF Monday to Friday, Sa, Su, We (market day), FS (Friday
and Saturday night). A bank holiday runs the Sunday times; on Christmas Day nothing runs.
"""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from geo.demo.land import Xy

FIRST_DAY, LAST_DAY = date(2026, 8, 24), date(2027, 1, 24)
SERVICE_DATE = date(2026, 10, 13)  # an ordinary Tuesday in term
SUNDAY_TIMES = (date(2026, 8, 31), date(2026, 12, 26), date(2026, 12, 28), date(2027, 1, 1))  # bank holidays
NO_SERVICE = (date(2026, 12, 25),)

OPERATORS: dict[str, str] = {"bae": "Bysiau'r Bae", "cymoedd": "Cludiant y Cymoedd", "seithenyn": "Teithiau Seithenyn"}

STOPS_KM: dict[str, tuple[str, Xy]] = {  # a name, and where the nearest street is
    "caer": ("Caer Wyddno, Gorsaf Fysiau", (19.75, 10.2)),
    "ysbyty": ("Ysbyty Gwyddno", (21.85, 9.95)),
    "marchnad": ("Marchnad Seithenyn, Gorsaf Fysiau", (20.0, 32.95)),
    "dociau": ("Y Dociau, Porth y Cei", (20.05, 7.85)),
    "heli": ("Glan yr Heli, Y Sgwâr", (21.5, 7.45)),
    "elffin": ("Tre Elffin, Y Ganolfan", (21.35, 9.75)),
    "dderwen": ("Parc y Dderwen, Y Siopau", (23.2, 8.1)),
    "onn": ("Llwyn Onn, Pen Draw", (18.25, 11.9)),
    "mererid": ("Maes Mererid, Yr Ysgol", (22.75, 11.3)),
    "bryniau": ("Y Bryniau, Pen y Rhiw", (21.0, 12.1)),
    "cefn": ("Cefn Gwyddno, Y Capel", (19.35, 13.3)),
    "porth": ("Porth Wyddno, Yr Harbwr", (17.1, 7.95)),
    "allt": ("Pen yr Allt, Y Groes", (16.2, 9.3)),
    "morglawdd": ("Y Morglawdd, Y Gylchfan", (14.6, 7.95)),
    "tywyn": ("Tywyn Mawr, Yr Orsaf", (8.0, 12.2)),
    "prom": ("Tywyn Mawr, Y Rhodfa", (8.9, 11.5)),
    "graig": ("Pen y Graig, Y Parc", (9.2, 13.0)),
    "mor": ("Maes y Môr, Y Twyni", (7.4, 13.4)),
    "traeth": ("Traeth Gwyn, Y Neuadd", (4.0, 17.0)),
    "rhos": ("Rhos y Gwylanod, Y Capel", (6.0, 24.0)),
    "pont-c": ("Pont Clychau, Y Bont", (18.05, 15.0)),
    "pont-c-lan": ("Pont Clychau, Pen y Lan", (17.75, 15.6)),
    "pont-c-de": ("Pont Clychau, Y Felin", (18.35, 14.25)),
    "tre-c": ("Tre Clychau, Y Sgwâr", (16.5, 19.0)),
    "tre-c-lan": ("Tre Clychau, Pen Twyn", (16.25, 19.5)),
    "tre-c-de": ("Tre Clychau, Y Rhos", (16.75, 18.3)),
    "ystrad": ("Ystrad Clychau, Yr Orsaf", (15.5, 22.5)),
    "ystrad-lan": ("Ystrad Clychau, Tai'r Mynydd", (15.75, 22.9)),
    "ystrad-de": ("Ystrad Clychau, Y Cae", (15.35, 21.95)),
    "blaen-c": ("Blaen Clychau, Y Neuadd", (14.5, 26.0)),
    "aber-g": ("Aber Gwymon, Y Cei", (23.0, 14.5)),
    "pont-g": ("Pont Gwymon, Y Bont", (24.0, 18.5)),
    "pont-g-lan": ("Pont Gwymon, Tai Uchaf", (23.75, 18.95)),
    "pont-g-de": ("Pont Gwymon, Y Rhiw", (24.2, 17.85)),
    "nant-g": ("Nant Gwymon, Y Siop", (24.8, 22.0)),
    "blaen-g": ("Blaengwymon, Y Sgwâr", (25.5, 26.25)),
    "seithenyn": ("Tre Seithenyn, Y Groes", (21.0, 32.4)),
    "seithenyn-de": ("Tre Seithenyn, Y Parc", (21.2, 32.15)),
    "pawl": ("Maes Pawl, Y Ganolfan", (19.1, 33.7)),
    "pawl-de": ("Maes Pawl, Y Coed", (18.85, 33.3)),
    "lan": ("Y Lan, Yr Eglwys", (20.7, 34.0)),
    "llandonnau": ("Llandonnau, Yr Eglwys", (10.0, 30.0)),
    "bryn-heli": ("Bryn Heli, Y Llan", (28.0, 32.0)),
    "sarn": ("Sarn Badrig, Y Neuadd", (24.0, 38.0)),
    "llanllanw": ("Llanllanw, Y Felin", (30.0, 20.0)),
    "morfa": ("Pentre'r Morfa, Y Maes", (28.0, 9.05)),
    "dol": ("Dôl y Garreg, Y Bont", (30.0, 26.0)),
    "ffynnon": ("Ffynnon Halen, Y Ffynnon", (12.0, 36.0)),
    "capel": ("Capel y Graig, Y Capel", (19.0, 28.0)),
}  # fmt: skip
BUS_STATIONS: dict[str, int] = {"caer": 8, "marchnad": 4}  # bays


@dataclass(frozen=True)
class Line:
    """One line: its number, operator, the places it goes through (keys of STOPS_KM), and departures by day, out and back."""

    number: str
    operator: str
    via: tuple[str, ...]
    out: Mapping[str, str]
    back: Mapping[str, str] = field(default_factory=dict)
    is_express: bool = False


_L = Line
BUS_LINES: tuple[Line, ...] = (
    # Caer Wyddno
    _L("1", "bae", ("caer", "dociau", "heli"), {"MF": "05:50-18:50/10 19:10-23:10/30", "Sa": "06:30-18:50/10 19:10-23:10/30", "Su": "08:30-18:30/20 19:00-22:00/60"},
       {"MF": "06:15-19:15/10 19:40-23:10/30", "Sa": "06:55-19:15/10 19:40-23:10/30", "Su": "08:55-18:55/20 19:30-22:30/60"}),
    _L("2", "bae", ("caer", "elffin", "dderwen"), {"MF": "06:40-19:00/20", "Sa": "08:00-19:00/30", "Su": "10:00-17:00/60"},
       {"MF": "07:05-19:05/20", "Sa": "08:25-18:55/30", "Su": "10:25-17:25/60"}),
    _L("3", "bae", ("caer", "onn"), {"MF": "05:45-18:45/12 19:05-23:05/30", "Sa": "06:45-18:45/12 19:05-23:05/30", "Su": "08:45-18:45/20 19:45-22:45/60"},
       {"MF": "06:05-19:05/12 19:25-23:25/30", "Sa": "07:05-19:05/12 19:25-23:25/30", "Su": "09:05-19:05/20 20:05-23:05/60"}),
    _L("4", "bae", ("caer", "ysbyty", "mererid"), {"MF": "06:10-18:55/15 19:30-22:30/60", "Sa": "07:10-18:55/15 19:30-22:30/60", "Su": "09:20-17:20/60"},
       {"MF": "06:35-19:20/15 19:55-22:55/60", "Sa": "07:35-19:20/15 19:55-22:55/60", "Su": "09:45-17:45/60"}),
    _L("5", "bae", ("caer", "bryniau"), {"MF": "07:40-17:40/60", "Sa": "08:40-17:40/60"}, {"MF": "08:05-18:05/60", "Sa": "09:05-18:05/60"}),
    _L("6", "bae", ("caer", "onn", "cefn"), {"MF": "06:55-18:55/30 20:00-22:00/60", "Sa": "07:55-18:55/30 20:00-22:00/60", "Su": "10:35-16:35/120"},
       {"MF": "07:20-19:20/30 20:25-22:25/60", "Sa": "08:20-19:20/30 20:25-22:25/60", "Su": "11:00-17:00/120"}),
    _L("7", "bae", ("caer", "porth"), {"MF": "05:40-18:40/10 19:00-23:00/20", "Sa": "06:20-18:40/10 19:00-23:00/20", "Su": "08:20-22:20/30"},
       {"MF": "05:55-18:55/10 19:15-23:15/20", "Sa": "06:35-18:55/10 19:15-23:15/20", "Su": "08:40-22:40/30"}),
    _L("8", "bae", ("caer", "allt"), {"MF": "06:25-18:25/20 19:25-22:25/60", "Sa": "07:25-18:25/20 19:25-22:25/60", "Su": "09:50-17:50/60"},
       {"MF": "06:45-18:45/20 19:45-22:45/60", "Sa": "07:45-18:45/20 19:45-22:45/60", "Su": "10:10-18:10/60"}),
    _L("9", "bae", ("porth", "caer", "elffin", "ysbyty"), {"MF": "06:30-18:30/15 19:00-22:00/60", "Sa": "08:00-18:00/30", "Su": "10:15-17:15/60"},
       {"MF": "06:50-18:50/15 19:40-22:40/60", "Sa": "08:30-18:30/30", "Su": "10:50-17:50/60"}),
    _L("10", "bae", ("ysbyty", "mererid", "bryniau", "cefn", "onn"), {"MF": "07:15-18:15/30", "Sa": "08:15-17:15/60"}, {"MF": "07:25-18:25/30", "Sa": "08:25-17:25/60"}),
    _L("11", "bae", ("heli", "dderwen", "ysbyty", "mererid"), {"MF": "07:50-17:50/60", "Sa": "08:50-16:50/60"}, {"MF": "08:20-18:20/60", "Sa": "09:20-17:20/60"}),
    _L("N1", "bae", ("caer", "onn", "cefn", "pont-c"), {"FS": "23:40 24:40 25:45"}, {"FS": "24:10 25:10"}),
    # The coast
    _L("20", "bae", ("caer", "porth", "morglawdd", "prom", "tywyn"), {"MF": "06:00-18:40/20 19:30-22:30/60", "Sa": "07:00-18:40/20 19:30-22:30/60", "Su": "09:00-19:00/60"},
       {"MF": "06:10-18:50/20 19:40-22:40/60", "Sa": "07:10-18:50/20 19:40-22:40/60", "Su": "09:50-19:50/60"}),
    _L("21", "bae", ("prom", "tywyn", "graig"), {"MF": "08:00-17:30/30", "Sa": "08:30-17:30/60"}, {"MF": "08:20-17:50/30", "Sa": "08:50-17:50/60"}),
    _L("22", "bae", ("tywyn", "mor"), {"MF": "07:30-18:00/30", "Sa": "08:00-18:00/30", "Su": "11:00-16:00/60"}, {"MF": "07:40-18:10/30", "Sa": "08:10-18:10/30", "Su": "11:10-16:10/60"}),
    _L("23", "bae", ("tywyn", "traeth"), {"MF": "08:45-16:45/120", "Sa": "08:45-16:45/120"}, {"MF": "09:15-17:15/120", "Sa": "09:15-17:15/120"}),
    _L("24", "bae", ("tywyn", "traeth", "rhos"), {"We": "13:05"}, {"We": "09:35"}),
    _L("25", "cymoedd", ("tywyn", "pont-c"), {"MF": "07:35 10:05 13:05 16:35", "Sa": "10:05 13:05 16:35"}, {"MF": "08:40 11:10 14:10 17:40", "Sa": "11:10 14:10 17:40"}),
    # Clychau
    _L("30", "cymoedd", ("caer", "cefn", "pont-c", "tre-c", "ystrad", "blaen-c"), {"MF": "06:15-18:45/15 19:40-22:40/60", "Sa": "07:15-18:45/15 19:40-22:40/60", "Su": "09:40-20:40/60"},
       {"MF": "05:40-18:40/15 19:30-22:30/60", "Sa": "06:40-18:40/15 19:30-22:30/60", "Su": "08:45-19:45/60"}),
    _L("31", "cymoedd", ("pont-c-lan", "pont-c", "pont-c-de"), {"MF": "08:20-16:20/60", "Sa": "09:20-13:20/60"}, {"MF": "08:35-16:35/60", "Sa": "09:35-13:35/60"}),
    _L("32", "cymoedd", ("tre-c-lan", "tre-c", "tre-c-de"), {"MF": "08:40-16:40/60", "Sa": "09:40-13:40/60"}, {"MF": "08:50-16:50/60", "Sa": "09:50-13:50/60"}),
    _L("33", "cymoedd", ("ystrad-lan", "ystrad", "ystrad-de"), {"MF": "09:00-15:00/60"}, {"MF": "09:10-15:10/60"}),
    _L("34", "cymoedd", ("blaen-c", "marchnad"), {"MF": "08:10 12:30 16:10", "Sa": "09:10 13:30"}, {"MF": "09:50 14:00 17:20", "Sa": "12:10 16:00"}),
    _L("35", "cymoedd", ("pont-c", "cefn", "onn", "caer", "ysbyty"), {"MF": "07:10-17:10/60", "Sa": "08:10-16:10/120"}, {"MF": "08:10-18:10/60", "Sa": "09:10-17:10/120"}),
    # Gwymon: the last bus up leaves Caer Wyddno at 18:05
    _L("40", "cymoedd", ("caer", "aber-g", "pont-g", "nant-g", "blaen-g"), {"MF": "06:05-18:05/20", "Sa": "07:05-18:05/60", "Su": "10:05 13:05 16:05"},
       {"MF": "05:45-18:05/20 18:50", "Sa": "06:55-17:55/60 18:50", "Su": "09:10 12:10 15:10"}),
    _L("41", "cymoedd", ("aber-g", "mererid", "ysbyty"), {"MF": "08:30 10:30 13:30 15:30"}, {"MF": "09:30 11:30 14:30 16:30"}),
    _L("42", "cymoedd", ("pont-g-lan", "pont-g", "pont-g-de"), {"MF": "09:05-15:05/60"}, {"MF": "09:15-15:15/60"}),
    _L("43", "cymoedd", ("blaen-g", "marchnad"), {"We": "09:20"}, {"We": "13:10"}),
    # The north
    _L("50", "seithenyn", ("marchnad", "seithenyn", "seithenyn-de"), {"MF": "07:45-17:45/30", "Sa": "08:45-16:45/30"}, {"MF": "07:55-17:55/30", "Sa": "08:55-16:55/30"}),
    _L("51", "seithenyn", ("marchnad", "pawl", "pawl-de"), {"MF": "07:35-17:35/30", "Sa": "08:35-16:35/30"}, {"MF": "07:45-17:45/30", "Sa": "08:45-16:45/30"}),
    _L("52", "seithenyn", ("marchnad", "lan"), {"MF": "09:00-16:00/60", "Sa": "09:00-13:00/60"}, {"MF": "09:10-16:10/60", "Sa": "09:10-13:10/60"}),
    _L("60", "seithenyn", ("marchnad", "llandonnau"), {"MF": "07:05 10:30 13:45 17:35", "Sa": "10:30 13:45"}, {"MF": "07:50 11:15 14:30 18:15", "Sa": "09:15 14:30"}),
    _L("61", "seithenyn", ("marchnad", "ffynnon"), {"We": "13:15"}, {"We": "09:30"}),
    # A lunch club at Sarn Badrig ends at 14:30: the last bus back has left at 14:20
    _L("62", "seithenyn", ("marchnad", "sarn"), {"MF": "11:28 16:40", "Sa": "11:28"}, {"MF": "07:50 14:20", "Sa": "14:20"}),
    _L("63", "seithenyn", ("marchnad", "bryn-heli"), {"MF": "07:15 09:45 12:20 15:10 17:45", "Sa": "09:45 12:20 16:10"}, {"MF": "07:45 10:20 13:00 15:45 18:20", "Sa": "08:30 10:20 13:00"}),
    # From Dôl y Garreg there is a bus to market at 09:20 and another at 13:20, and the only one back leaves at 12:15
    _L("64", "seithenyn", ("marchnad", "bryn-heli", "dol"), {"MF": "12:15"}, {"MF": "09:20 13:20"}),
    _L("65", "seithenyn", ("marchnad", "capel"), {"We": "13:25"}, {"We": "09:50"}),
    _L("66", "bae", ("caer", "dderwen", "morfa"), {"MF": "07:25 09:25 12:25 15:25 17:25", "Sa": "09:25 12:25 16:25"}, {"MF": "08:00 10:05 13:05 16:05 18:00", "Sa": "10:05 13:05 17:05"}),
    _L("67", "bae", ("caer", "morfa", "llanllanw"), {"MF": "10:25 14:15 17:55", "Sa": "14:15"}, {"MF": "07:20 11:20 15:10", "Sa": "09:20"}),
    # There in the morning, and none back
    _L("68", "seithenyn", ("llanllanw", "dol", "bryn-heli", "marchnad"), {"MF": "08:35"}),
    _L("T1", "cymoedd", ("caer", "pont-c", "tre-c", "ystrad", "blaen-c", "marchnad"), {"MF": "07:30-17:30/120", "Sa": "07:30-17:30/120", "Su": "10:30 15:30"},
       {"MF": "07:20-17:20/120", "Sa": "07:20-17:20/120", "Su": "12:20 17:20"}, True),
)  # fmt: skip

STATIONS_KM: dict[str, tuple[str, Xy]] = {
    "caer": ("Caer Wyddno", (19.35, 10.45)),
    "pont": ("Pont Clychau", (18.15, 14.7)),
    "tre": ("Tre Clychau", (16.7, 18.9)),
    "ystrad": ("Ystrad Clychau", (15.65, 22.4)),
    "blaen": ("Blaen Clychau", (14.65, 25.7)),
    "porth": ("Porth Wyddno", (17.35, 8.65)),
    "morglawdd": ("Arhosfa'r Morglawdd", (14.6, 8.05)),
    "twyni": ("Arhosfa'r Twyni", (11.6, 10.75)),
    "tywyn": ("Tywyn Mawr", (8.15, 12.25)),
}
RAIL_KMH = 62.0
RAIL_DWELL_S = 60
RAIL_LINES: tuple[Line, ...] = (
    _L("Clychau", "rheilffordd", ("caer", "pont", "tre", "ystrad", "blaen"), {"MF": "06:30-21:30/60", "Sa": "06:30-21:30/60", "Su": "10:30-18:30/120"},
       {"MF": "06:20-21:20/60", "Sa": "06:20-21:20/60", "Su": "10:20-18:20/120"}),
    _L("Glannau", "rheilffordd", ("caer", "porth", "morglawdd", "twyni", "tywyn"), {"MF": "06:10-22:10/30", "Sa": "06:40-22:10/30 23:10", "Su": "09:10-20:10/60"},
       {"MF": "05:50-21:50/30", "Sa": "06:20-21:50/30 22:40", "Su": "08:50-19:50/60"}),
)  # fmt: skip


def departures(text: str) -> list[int]:
    """Return the departures that ``text`` writes, in minutes after midnight of the service day, earliest first."""
    found: set[int] = set()
    for part in text.split():
        span, _, every = part.partition("/")
        first, _, last = span.partition("-")
        if last:
            found.update(range(_minutes(first), _minutes(last) + 1, int(every)))
        else:
            found.add(_minutes(first))
    return sorted(found)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
