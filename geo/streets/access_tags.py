"""Read what OpenStreetMap's access tags say: who may use a way or pass a barrier. Sources as in :mod:`geo.streets.rules`."""

from __future__ import annotations

from collections.abc import Mapping

from geo.streets.graph import StreetMode

ACCESS_KEYS: Mapping[StreetMode, tuple[str, ...]] = {  # [W], the most specific first
    "walk": ("foot", "access"),
    "cycle": ("bicycle", "vehicle", "access"),
    "drive": ("motorcar", "motor_vehicle", "vehicle", "access"),
}
OPEN = frozenset(
    {"yes", "permissive", "designated", "official", "public", "destination", "customers", "permit", "dismount"}
)
WITH_LEAVE = frozenset(
    {"private", "delivery"}
)  # those who live there or are waited for: nobody else knows who has leave
# Open to those only whose journey begins or ends there: [O] restricted_access_tag_list; permit, and on foot and by cycle: ours
ACCESS_ONLY: Mapping[StreetMode, frozenset[str]] = {
    "walk": WITH_LEAVE,
    "cycle": WITH_LEAVE,
    "drive": WITH_LEAVE | {"destination", "customers", "permit"},
}
CLOSED = frozenset(
    {"no", "agricultural", "forestry", "emergency", "military", "use_sidepath", "psv", "bus"}
)  # [O] access_tag_blacklist, but for what its restricted_access_tag_list opens again
# [W] Key:barrier; gates and cattle grids let through. [O] stops cars at all but those, and lets rising bollards pass (bollard=rising):
# who may lower them is not known, so to us they are bollards.
_LIKE_WALLS = frozenset({"wall", "fence", "hedge", "city_wall", "retaining_wall", "ditch"})
_FOR_FEET = frozenset({"stile", "kissing_gate", "turnstile", "full-height_turnstile"})
_AGAINST_CARS = frozenset(
    {"bollard", "rising_bollard", "block", "jersey_barrier", "cycle_barrier", "motorcycle_barrier", "log", "planter", "debris", "bus_trap",
     "sump_buster", "horse_stile", "chain", "bar", "guard_rail", "cable_barrier"}
)  # fmt: skip
CLOSING_BARRIERS: Mapping[StreetMode, frozenset[str]] = {
    "walk": _LIKE_WALLS,
    "cycle": _LIKE_WALLS | _FOR_FEET,
    "drive": _LIKE_WALLS | _FOR_FEET | _AGAINST_CARS,
}

SIDES = ("forward", "backward")
NOT_KNOWN = frozenset({"", "unknown"})
EVERY_KEY = tuple(dict.fromkeys(key for keys in ACCESS_KEYS.values() for key in keys))


def parts(tags: Mapping[str, str], key: str) -> frozenset[str]:
    """Return what ``key`` says: several values stand with semicolons between them."""
    return frozenset(part.strip() for part in tags.get(key, "").split(";"))


def towards(tags: Mapping[str, str], side: str) -> Mapping[str, str]:
    """Return ``tags`` as they hold for one direction of the way: what is said of that direction stands for what is said of both."""
    own = {key: tags[f"{key}:{side}"] for key in EVERY_KEY if f"{key}:{side}" in tags}
    return {**tags, **own} if own else tags


def said_access(tags: Mapping[str, str], mode: StreetMode) -> bool | None:
    """Return what the most specific access tag says, or ``None`` where none says anything known."""
    said = _most_open(tags, mode)
    return None if said is None else not said <= CLOSED


def is_access_only(tags: Mapping[str, str], mode: StreetMode) -> bool:
    """Say whether only those may come here whose journey begins or ends here; on foot and by cycle only private ways ask.

    A way is so where it is in each direction that is open.
    """
    said = [_most_open(towards(tags, side), mode) for side in SIDES]
    still_open = [values for values in said if values is None or not values <= CLOSED]
    return bool(still_open) and all(values is not None and values <= ACCESS_ONLY[mode] for values in still_open)


def needs_leave(tags: Mapping[str, str], mode: StreetMode) -> bool:
    """Say whether only those may come here whom the owner lets."""
    said = _most_open(tags, mode)
    return said is not None and said <= WITH_LEAVE


def closes_barrier(tags: Mapping[str, str], mode: StreetMode) -> bool:
    """Say whether a ``barrier`` node stops the mode: its own access tags first, then its kind, and for cars a lock."""
    said = said_access(tags, mode)
    if said is not None:
        return not said
    is_locked = mode == "drive" and tags.get("locked") == "yes"
    return is_locked or tags.get("barrier", "") in CLOSING_BARRIERS[mode]


def has_unread_access(tags: Mapping[str, str]) -> bool:
    """Say whether an access tag has a value that says nothing to us."""
    keys = (*EVERY_KEY, *(f"{key}:{side}" for key in EVERY_KEY for side in SIDES))
    return any(not parts(tags, key) & (OPEN | WITH_LEAVE | CLOSED | NOT_KNOWN) for key in keys)


def has_access_at_times(tags: Mapping[str, str]) -> bool:
    """Say whether access is another at some times or for some vehicles (``motor_vehicle:conditional=no @ (Mo-Fr 08:00-09:00)``).

    Travel on streets does not depend on the hour, so what the plain tags say is used at all times.
    """
    spoken = {f"{key}{side}:conditional" for key in EVERY_KEY for side in ("", *(f":{side}" for side in SIDES))}
    return not spoken.isdisjoint(tags)


def _most_open(tags: Mapping[str, str], mode: StreetMode) -> frozenset[str] | None:
    """Return the known values of the most specific key that has one; of several only the most open kind."""
    for key in ACCESS_KEYS[mode]:
        said = parts(tags, key)
        for values in (OPEN - ACCESS_ONLY[mode], ACCESS_ONLY[mode], CLOSED):
            if said & values:
                return said & values
    return None
