"""State which ways each mode may use, in which direction and how fast: tables with their sources, and what reads them.

Sources: [W] OpenStreetMap wiki, *OSM tags for routing/Access restrictions* and *Key:access*; [S] its *Key:wheelchair* and *Key:ramp*;
[O] the profiles car.lua (at commit 5230a87) and bicycle.lua (at 00bc24c) of OSRM, read and compared; [M] docs/methods.md; [C] Countryside
Act 1968 s. 30, which lets cyclists use bridleways; [H] Highway Code rule 124 (limits); [L] gov.wales: 20 mph on restricted roads in Wales
since 17 September 2023; [Y] chosen so that times come near those of the yardstick in benchmarks/valhalla.py. Where a line says "ours" it
is an assumption of this project.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from geo.streets.access_tags import ACCESS_KEYS, OPEN, SIDES, needs_leave, parts, said_access, towards
from geo.streets.condition import MPH_IN_KMH, limited_kmh, most_kmh
from geo.streets.graph import StreetMode

WALK_KMH = 4.8  # [M] 80 m a minute
CYCLE_KMH = 15.0  # [O] default_speed
FERRY_KMH = 5.0  # [O] ferries without a duration
CAR_PARK_KMH = 10.0  # ours; [O] halves its weight for them
CAR_PARK_SERVICES = frozenset(
    {"parking_aisle", "parking", "driveway", "drive-through", "alley"}
)  # [O] service_penalties

# Kilometres an hour where no maxspeed is given; where it is, that is the speed, as far as the street lets one (condition.py), and what
# junctions cost comes on top [Y].
# [O] but for residential and unclassified roads (25 there): 20 mph are 32 km/h [L]. Larger roads' values lie below the limit of [H].
DRIVE_KMH: Mapping[str, float] = {
    "motorway": 90, "motorway_link": 45, "trunk": 85, "trunk_link": 40, "primary": 65, "primary_link": 30,
    "secondary": 55, "secondary_link": 25, "tertiary": 40, "tertiary_link": 20, "unclassified": 30, "residential": 30,
    "living_street": 10, "service": 15, "road": 30,  # road (class not known yet): as unclassified, ours
}  # fmt: skip
# [O] bicycle.lua; trunk is open to bicycles in Britain [W]; bridleways [C] at the speed of tracks, ours.
CYCLE_KMH_BY_CLASS: Mapping[str, float] = {
    **dict.fromkeys(
        ("trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
         "unclassified", "residential", "living_street", "service", "road", "cycleway"), CYCLE_KMH),
    "path": 13, "track": 12, "bridleway": 12,
}  # fmt: skip
# [W] all but motorways; piers [O]; steps, and lifts that are drawn as ways, at walking speed, ours.
WALK_CLASSES = (frozenset(DRIVE_KMH) - {"motorway", "motorway_link"}) | {
    "cycleway", "path", "track", "bridleway", "footway", "pedestrian", "steps", "platform", "corridor", "pier", "elevator",
}  # fmt: skip
KMH_BY_CLASS: Mapping[StreetMode, Mapping[str, float]] = {
    "walk": dict.fromkeys(WALK_CLASSES, WALK_KMH),
    "cycle": CYCLE_KMH_BY_CLASS,
    "drive": DRIVE_KMH,
}
# Classes closed to a mode unless a tag of its own opens them, and then how fast. [W]; speeds: pushed or shared space, ours.
OPENED_KMH: Mapping[StreetMode, Mapping[str, float]] = {
    "walk": {},
    "cycle": {
        "footway": 10,
        "pedestrian": 10,
        "pier": 10,
        "steps": WALK_KMH / 2,
        "platform": WALK_KMH,
        "elevator": WALK_KMH,
    },
    "drive": {"track": 15, "pedestrian": 10, "pier": 10},
}
PUSHED_CLASSES = frozenset({"footway", "pedestrian", "pier"})  # at walking speed: [O] pushes there too
# What one may use although it is no highway. [O] bicycle.lua: route_speeds, man_made_speeds, platform_speeds
CLASS_WITHOUT_HIGHWAY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "ferry": (("route", "ferry"),),
    "pier": (("man_made", "pier"),),
    "platform": (("railway", "platform"), ("public_transport", "platform")),
}
MAIN_ROADS = ("motorway", "trunk", "primary", "secondary")
NOT_SNAPPABLE = ("motorway", "motorway_link", "trunk_link", "ferry")  # no front doors there: ours

WHEELCHAIR_YES = frozenset({"yes", "designated"})  # [S]; limited is not enough for steps: ours
CLOSED_SERVICES: Mapping[StreetMode, frozenset[str]] = {  # [W] Key:service
    "walk": frozenset(),
    "cycle": frozenset(),
    "drive": frozenset({"emergency_access"}),
}
# Limits that are words. [H]; "walk" [W] is a walking pace.
NAMED_LIMITS_KMH: Mapping[str, float] = {
    "national": 60 * MPH_IN_KMH, "gb:national": 60 * MPH_IN_KMH, "gb:nsl_single": 60 * MPH_IN_KMH,
    "gb:nsl_dual": 70 * MPH_IN_KMH, "gb:motorway": 70 * MPH_IN_KMH, "gb:nsl_restricted": 30 * MPH_IN_KMH,
    "gb:nsl_restricted:wales": 20 * MPH_IN_KMH, "walk": 6.0, "gb:living_street": 20 * MPH_IN_KMH,
}  # fmt: skip
NO_LIMIT_SAID = frozenset({"", "none", "signals", "variable", "implicit", "unposted", "unknown"})
SLOWEST_LIMIT_KMH, FASTEST_LIMIT_KMH = 3.0, 130.0  # anything else is a slip of the keyboard: ours

# What a driver loses where streets meet, in seconds, at the end of the street by which the junction is come to: means of those who
# must wait and those who need not, away from the peak. [Y], in round numbers; the peak is TravelRules.drive_factor.
SIGNAL_S = 3.0
GIVE_WAY_S = 3.0  # to a larger road
ROUNDABOUT_S = 2.0
EQUALS_S = 1.0  # where streets of one class meet
CROSSING_S = 0.5  # zebras and signals for people on foot
TURN_ROUND_S = 20.0  # [O] u_turn_penalty: at a dead end
RANK: Mapping[str, int] = {  # of importance: who gives way to whom; ours
    "motorway": 0, "motorway_link": 0, "trunk": 1, "trunk_link": 1, "primary": 2, "primary_link": 2, "secondary": 3,
    "secondary_link": 3, "tertiary": 4, "tertiary_link": 4, "unclassified": 5, "residential": 5, "road": 5, "living_street": 6,
    "service": 7,
}  # fmt: skip
LOWEST_RANK = 8
ON_GROUND, ON_STEPS, ON_SPAN, ON_WATER = 0, 1, 2, 3  # how a way lies; a span is a bridge or a tunnel
ROUNDABOUTS = ("roundabout", "circular")
CROSSING, SIGNAL_ALONG, SIGNAL_AGAINST, SIGNAL, MINI_ROUNDABOUT = 1, 2, 4, 8, 16  # bits of what stands at a node
ANY_SIGNAL = SIGNAL_ALONG | SIGNAL_AGAINST | SIGNAL
_DURATION = re.compile(
    r"(?P<minutes_alone>\d{1,4})|(?P<hours>\d{1,3}):(?P<minutes>\d{1,2})(:(?P<seconds>\d{1,2}))?"
    r"|PT(?=\d)((?P<iso_hours>\d{1,3})H)?((?P<iso_minutes>\d{1,4})M)?((?P<iso_seconds>\d{1,5})S)?"
)
_NUMBER = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)\s*(mph|km/h|kmh|kph|knots)?")
_IN_KMH = {None: 1.0, "": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": MPH_IN_KMH, "knots": 1.852}
_FORWARD, _BACKWARD, _BOTH, _NEITHER = (True, False), (False, True), (True, True), (False, False)
CONTRAFLOW_LANES = frozenset({"no", "-1"})  # of cycleway:*:oneway
_DIRECTIONS = {
    **dict.fromkeys(("yes", "true", "1"), _FORWARD), **dict.fromkeys(("-1", "reverse"), _BACKWARD),
    **dict.fromkeys(("no", "false", "0"), _BOTH), **dict.fromkeys(("reversible", "alternating"), _NEITHER),
}  # fmt: skip


def parse_maxspeed(text: str) -> float | None:
    """Return a ``maxspeed`` in km/h (the lowest, where several are given); ``None`` where it states no number we can use.

    A bare number is km/h, as the tag defines; ``mph``, ``km/h``, ``knots`` and the words of ``NAMED_LIMITS_KMH`` are known.
    """
    found = []
    for part in re.split(r"[;,|]", text.strip().lower()[:100]):
        said = part.strip()
        if said in NAMED_LIMITS_KMH:
            found.append(NAMED_LIMITS_KMH[said])
        elif match := _NUMBER.fullmatch(said):
            found.append(float(match[1]) * _IN_KMH[match[2]])
    usable = [kmh for kmh in found if SLOWEST_LIMIT_KMH <= kmh <= FASTEST_LIMIT_KMH]
    return min(usable) if usable else None


def has_unreadable_maxspeed(tags: Mapping[str, str]) -> bool:
    """Say whether the way gives a limit that :func:`parse_maxspeed` makes nothing of."""
    said = tags.get("maxspeed", "")
    return said.strip().lower() not in NO_LIMIT_SAID and parse_maxspeed(said) is None


def is_ferry(tags: Mapping[str, str]) -> bool:
    """Say whether the way is a ferry's route."""
    return street_class(tags) == "ferry"


def lie(tags: Mapping[str, str]) -> int:
    """Return how a way lies: on the ground, on steps, on a bridge or in a tunnel (``ON_SPAN``), or on water."""
    if is_ferry(tags):
        return ON_WATER
    if any(tags.get(key, "no") != "no" for key in ("bridge", "tunnel")):
        return ON_SPAN
    return ON_STEPS if tags.get("highway") == "steps" else ON_GROUND


def street_class(tags: Mapping[str, str]) -> str:
    """Return the way's ``highway`` class; where it has none ``ferry``, ``pier`` or ``platform`` for what is one; otherwise nothing."""
    if "highway" in tags:
        return tags["highway"]
    kinds = (kind for kind, said in CLASS_WITHOUT_HIGHWAY.items() if any(tags.get(key) == value for key, value in said))
    return next(kinds, "")


def may_snap(tags: Mapping[str, str], mode: StreetMode) -> bool:
    """Say whether a way has doors: a private service road has none, as nobody says whose it is. [O]; that driveways have: ours."""
    kind = street_class(tags)
    is_anyones = kind != "service" or tags.get("service") == "driveway" or not needs_leave(tags, mode)
    return kind not in NOT_SNAPPABLE and is_anyones


def speeds_kmh(tags: Mapping[str, str], mode: StreetMode) -> tuple[float, float]:
    """Return a way's speed along its drawing and against it, in km/h; 0 where the mode may not go that way."""
    forward, backward = (_class_speed(towards(tags, side), mode) for side in SIDES)
    along, against = _directions(tags, mode)
    forward, backward = forward * along, backward * against
    if mode == "drive":
        most = most_kmh(tags, is_two_way=forward > 0 and backward > 0)
        forward, backward = (min(most, _limited(tags, *way)) for way in zip(SIDES, (forward, backward), strict=True))
    return forward, backward


def node_mark(tags: Mapping[str, str]) -> int:
    """Return the bits of what a node has that holds drivers up: signals (with the direction they are for), a crossing, a small island."""
    kinds = tags.get("highway", "").split(";")
    mark = MINI_ROUNDABOUT if "mini_roundabout" in kinds else 0
    if "crossing" in kinds and tags.get("crossing") != "unmarked":
        mark |= CROSSING
    if "traffic_signals" in kinds:
        said = tags.get("traffic_signals:direction", tags.get("direction", ""))
        mark |= {"forward": SIGNAL_ALONG, "backward": SIGNAL_AGAINST}.get(said, SIGNAL)
    return mark


def turned_marks(mark: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the bits of points of a line that is turned round."""
    along, against = mark & SIGNAL_ALONG, mark & SIGNAL_AGAINST
    others = mark & (CROSSING | SIGNAL | MINI_ROUNDABOUT)
    return (others | (along << 1) | (against >> 1)).astype(np.int8)


def is_step_free(tags: Mapping[str, str]) -> bool:
    """Say whether a wheelchair can go there: not up steps but by a ramp for it, nor where it is said that it can't. [S]"""
    said = tags.get("wheelchair")
    if tags.get("highway") == "steps" and said not in WHEELCHAIR_YES:
        return tags.get("ramp:wheelchair") == "yes"
    return said != "no"


def _class_speed(tags: Mapping[str, str], mode: StreetMode) -> float:
    """Return the mode's speed on this class of way if it may use it at all, else 0."""
    said = said_access(tags, mode)
    kind = street_class(tags)
    if said is False or tags.get("service") in CLOSED_SERVICES[mode]:
        return 0.0
    if mode != "drive" and tags.get("motorroad") == "yes" and not said:
        return 0.0
    if kind == "ferry":  # [W] route=ferry: people on foot unless it says no, vehicles where it says so
        return FERRY_KMH if mode == "walk" or said else 0.0
    if mode == "cycle" and (tags.get("bicycle") == "dismount" or _is_pushed(tags, kind)):
        return WALK_KMH
    return _open_speed(tags, mode, kind)


def _open_speed(tags: Mapping[str, str], mode: StreetMode, kind: str) -> float:
    """Return the mode's speed on a class of way that nothing closes; 0 where the class itself does."""
    if mode == "drive" and kind == "service" and tags.get("service") in CAR_PARK_SERVICES:
        return CAR_PARK_KMH
    if kind in KMH_BY_CLASS[mode]:
        return KMH_BY_CLASS[mode][kind]
    opened = any(OPEN & parts(tags, key) for key in ACCESS_KEYS[mode][:-1])
    return OPENED_KMH[mode].get(kind, 0.0) if opened else 0.0


def _is_pushed(tags: Mapping[str, str], kind: str) -> bool:
    """Say whether a cycle is pushed here: on footways of which nothing is said of cycles, where one may walk."""
    own = {key: value for key, value in tags.items() if key != "access"}
    return kind in PUSHED_CLASSES and said_access(own, "cycle") is None and said_access(tags, "walk") is not False


def ferry_kmh(tags: Mapping[str, str], length_m: float) -> float | None:
    """Return a ferry's speed if its ``duration`` (HH:MM, HH:MM:SS, minutes or PT…H…M…S; [W] Key:duration) is said; ``None`` otherwise."""
    found = _DURATION.fullmatch(tags.get("duration", "").strip())
    if not is_ferry(tags) or found is None:
        return None
    said = {unit: int(number) for unit, number in found.groupdict().items() if number}
    hours = said.get("hours", 0) + said.get("iso_hours", 0)
    minutes = said.get("minutes_alone", 0) + said.get("minutes", 0) + said.get("iso_minutes", 0)
    seconds = 3600.0 * hours + 60.0 * minutes + said.get("seconds", 0) + said.get("iso_seconds", 0)
    return length_m * 3.6 / seconds if seconds > 0 and length_m > 0 else None


def _directions(tags: Mapping[str, str], mode: StreetMode) -> tuple[bool, bool]:
    """Return whether the mode may go along the way's drawing, and against it. [W] Key:oneway."""
    own = {
        "walk": ("oneway:foot",),
        "cycle": ("oneway:bicycle",),
        "drive": ("oneway:motor_vehicle", "oneway:motorcar"),
    }[mode]
    for key in own:
        if tags.get(key) in _DIRECTIONS:
            return _DIRECTIONS[tags[key]]
    if mode == "walk":
        return _BOTH
    if mode == "cycle" and _has_contraflow(tags):
        return _BOTH
    if tags.get("oneway") in _DIRECTIONS:
        return _DIRECTIONS[tags["oneway"]]
    implied = tags.get("junction") in ROUNDABOUTS or street_class(tags) == "motorway"
    return _FORWARD if implied else _BOTH


def _has_contraflow(tags: Mapping[str, str]) -> bool:
    """Say whether cycles may ride against a one-way street. [W] Key:cycleway."""
    lanes = ("cycleway", *(f"cycleway:{side}" for side in ("left", "right", "both")))
    return any(
        tags.get(lane, "").startswith("opposite") or tags.get(f"{lane}:oneway") in CONTRAFLOW_LANES for lane in lanes
    )


def _limited(tags: Mapping[str, str], side: str, kmh: float) -> float:
    """Return how fast one direction is driven under its limit that is driven at ``kmh`` (0: closed) where none is given."""
    both = tags.get("maxspeed", "")
    if both.strip().lower() == "national" and street_class(tags).startswith("motorway"):
        both = "gb:motorway"
    limit = parse_maxspeed(tags.get(f"maxspeed:{side}", both))
    return limited_kmh(street_class(tags), kmh, limit)
