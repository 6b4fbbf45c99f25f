"""Why, for a zone whose people nobody has counted, or where nobody lives: what holds from there is told, and no number of people."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from access.gaps import find_gaps
from access.network import AreaNetwork
from access.query import Standard
from access.sessions import SessionAccess, there_and_back, times_by_mode
from access.why import Why, explain_zone
from geo.area import Area
from geo.words import LANGUAGES, Language, say
from tests.worlds import FREE_FLOW

UNCOUNTED = float("nan")


def with_people(area: Area, persons: float, *, zone: str = "B") -> SessionAccess:
    """Return One Road by public transport with so many people at each origin of a zone."""
    here = area.origins["zone_code"] == zone
    zones = area.zones.assign(population=area.zones["population"].mask(area.zones["zone_code"] == zone, persons))
    origins = area.origins.assign(population=area.origins["population"].mask(here, persons))
    return there_and_back(AreaNetwork(replace(area, zones=zones, origins=origins), FREE_FLOW), ("transit",))


def until(access: SessionAccess, end_s: int) -> SessionAccess:
    """Return there and back for the craft club alone, from 14:00 to another time."""
    sessions = access.sessions[access.sessions["activity_id"] == "craft"].reset_index(drop=True)
    sessions = sessions.assign(end_s=np.int32(end_s))
    return replace(access, sessions=sessions, by_mode=times_by_mode(access.network, sessions, ("transit",)))


def told(why: Why, language: Language) -> str:
    return "\n".join(say(message, language) for message in why.messages)


@pytest.mark.parametrize("persons", [UNCOUNTED, 0.0])
def test_what_would_bring_it_within_reach_is_looked_for_all_the_same(one_road: Area, persons: float) -> None:
    # Until 16:30 the craft club misses the bus home at 16:10; ending 25 minutes earlier it is within reach from B1. A's 100 walk to it
    # either way. Of B2, which is not placed, nothing is known.
    late = until(with_people(one_road, persons), 16 * 3600 + 1800)
    why = explain_zone(find_gaps(late, Standard("crafts")), "B")
    [craft] = why.nearly
    assert (craft.what.key, craft.persons) == ("why.not_reached.here", 0)
    assert craft.change is not None and (craft.change.kind, craft.change.minutes) == ("end_earlier", -25)
    assert [say(message, "en") for message in craft.changes] == [
        "Ending 25 minutes earlier (14:00–16:05) it would be within reach from here; in the whole area 100 people instead of 100.",
        "The standard would then be met here.",
    ]
    assert [turn.is_enough for turn in craft.turns] == [True]


def test_that_it_would_not_be_enough_is_told(one_road: Area) -> None:
    late = until(with_people(one_road, UNCOUNTED), 16 * 3600 + 1800)
    twice = find_gaps(late, Standard("crafts", sessions_per_week=2))
    [craft] = explain_zone(twice, "B").nearly
    assert craft.changes[-1].key == "why.still.here" and not craft.turns[-1].is_enough


def test_how_much_longer_a_way_would_do(one_road: Area) -> None:
    # B1 has 26 minutes there and 16 back; 20 allow neither, 26 both
    why = explain_zone(find_gaps(with_people(one_road, UNCOUNTED), Standard("crafts", within_min=20)), "B")
    assert why.nearly[0].changes[0].key == "why.change.limit.here"
    assert (
        say(why.nearly[0].changes[0], "en")
        == "With 6 minutes more allowed each way (26) it would be within reach from here."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("category", ["crafts", "singing", "woodwork"])
def test_no_number_of_people_is_made_up(one_road: Area, category: str, language: Language) -> None:
    access = with_people(one_road, UNCOUNTED)
    why = explain_zone(find_gaps(access, Standard(category)), "B")
    assert why.summary[1].key == "why.persons.uncounted"
    words = told(why, language)
    assert "nan" not in words.lower().split() and not re.search(r"\b0 (of )?(people|o bobl)", words)


def test_of_whom_it_is_not_known_is_told_without_a_number(one_road: Area) -> None:
    # B2 is not placed: of it nothing is known, and that is said though nobody has counted its people. B1 reaches the craft club.
    keys = [
        message.key
        for message in explain_zone(find_gaps(with_people(one_road, UNCOUNTED), Standard("crafts")), "B").summary
    ]
    assert keys == ["why.asked", "why.persons.uncounted", "reason.not_placed", "why.reached_count"]


def test_the_zones_that_are_counted_say_what_they_said(one_road: Area) -> None:
    late = until(there_and_back(AreaNetwork(one_road, FREE_FLOW), ("transit",)), 16 * 3600 + 1800)
    [craft] = explain_zone(find_gaps(late, Standard("crafts")), "B").nearly
    assert craft.what.key == "why.not_reached" and craft.changes[0].key == "why.change.end_earlier"
