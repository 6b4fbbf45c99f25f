"""Read turn restrictions as OpenStreetMap writes them: relations of a way, what it meets the next by, and that next way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.streets.graph import StreetMode

# Wiki, Relation:restriction: the tags that speak of each mode, the most specific first; no restriction speaks of walking.
VEHICLES: Mapping[StreetMode, tuple[str, ...]] = {
    "drive": ("motorcar", "motor_vehicle", "vehicle"),
    "cycle": ("bicycle", "vehicle"),
}
NO = frozenset({"no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit"})
ONLY = frozenset({"only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn"})
TIMES = ("hour_on", "hour_off", "day_on", "day_off")  # of old, before there were conditions
TURN_ROUND = frozenset({"no_u_turn", "only_u_turn"})
_CONDITIONAL = re.compile(r"restriction(:\w+)?:conditional")
_LIFTED = re.compile(r"(^|;)\s*(no|none)\s*@")


@dataclass(frozen=True)
class Restriction:
    """From ``from_ways``, by ``via_node`` or along ``via_ways``, one must not turn into ``to_ways``; or nowhere else, if ``is_only``."""

    from_ways: tuple[int, ...]
    via_node: int | None
    via_ways: tuple[int, ...]  # none where there is a node
    to_ways: tuple[int, ...]
    is_only: bool
    modes: frozenset[StreetMode]


def is_restriction(tags: Mapping[str, str]) -> bool:
    """Say whether a relation is a turn restriction of any kind."""
    return tags.get("type", "").partition(":")[0] == "restriction"


def read_restriction(tags: Mapping[str, str], members: Iterable[tuple[str, str, int]]) -> Restriction | str:
    """Return the restriction of a relation with ``members`` (role, ``n`` or ``w`` or ``r``, id), or why it is not one that is applied."""
    kinds = {mode: kind for mode in VEHICLES if (kind := _kind_for(tags, mode))}
    if (not kinds and any(_CONDITIONAL.fullmatch(key) for key in tags)) or (kinds and _is_lifted_at_times(tags)):
        return "hold at some times only"
    if not kinds:
        return "concern neither cars nor bicycles"
    if len(set(kinds.values())) > 1 or not set(kinds.values()) <= NO | ONLY:
        return "have a kind that is not known"
    by_role: dict[tuple[str, str], list[int]] = {}
    for role, what, number in members:
        by_role.setdefault((role, what), []).append(number)
    from_ways, to_ways = by_role.get(("from", "w"), []), by_role.get(("to", "w"), [])
    nodes, ways = by_role.get(("via", "n"), []), by_role.get(("via", "w"), [])
    kind = next(iter(kinds.values()))
    if not from_ways or not to_ways or len(nodes) + len(ways) == 0:
        return "lack a member"
    if len(nodes) > 1 or (nodes and ways):
        return "lead by several nodes, or by a node and along a way"
    modes = frozenset(
        mode for mode in kinds if mode == "drive" or kind not in TURN_ROUND
    )  # a cyclist may always dismount
    return Restriction(tuple(from_ways), nodes[0] if nodes else None, tuple(ways), tuple(to_ways), kind in ONLY, modes)


def _is_lifted_at_times(tags: Mapping[str, str]) -> bool:
    """Say whether a restriction stands at some times, or for some vehicles, only: by the tags of old, or since a condition lifts it."""
    lifts = (key for key, value in tags.items() if _CONDITIONAL.fullmatch(key) and _LIFTED.search(value))
    return any(key in tags for key in TIMES) or any(lifts)


def _kind_for(tags: Mapping[str, str], mode: StreetMode) -> str | None:
    """Return what the relation tells this mode; ``None`` where it is another's, or the mode is excepted."""
    if set(tags.get("except", "").replace(" ", "").split(";")) & set(VEHICLES[mode]):
        return None
    of_type = tags["type"].partition(":")[2]  # type=restriction:hgv is an old way to say restriction:hgv=…
    if of_type and of_type not in VEHICLES[mode]:
        return None
    own = (tags.get(f"restriction:{vehicle}") for vehicle in VEHICLES[mode])
    return next((kind for kind in own if kind), tags.get("restriction"))
