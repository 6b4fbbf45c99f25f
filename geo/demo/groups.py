"""The directory: activities and their weekly sessions, most by table and chance, and those planted by hand because they tell a story."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geo.demo.kinds import (
    DAY,
    DAY_STARTS,
    EVENING,
    EVENING_STARTS,
    FUNDERS,
    HOW_MANY,
    KINDS,
    NOT_THERE,
    PROVIDERS,
    WEEKEND_STARTS,
    Kind,
)
from geo.demo.land import lonlat
from geo.demo.places import QUARTERS
from geo.demo.planted import PLANTED, Session
from geo.demo.tables import write_csv
from geo.demo.venues import Venue, fill, inner_names
from geo.profile import WEEKDAYS

# Fictional, each of them: nothing, and three that ask people how they are.
MEASURES = ("", "Mynegai Lles Mererid", "Holiadur Unigrwydd Gwyddno", "Graddfa Hwyl Seithenyn")
HALLS = ("neuadd", "goffa", "canolfan", "festri", "eglwys", "hwb", "llyfrgell", "celf", "clwb", "hamdden")


@dataclass(frozen=True)
class Group:
    """One entry of the directory."""

    kind: Kind
    name_cy: str
    name_en: str
    venue_id: str
    provider: str
    sessions: tuple[Session, ...]
    wheelchair: str = "yes"
    is_full: str = "no"
    funder: str = ""
    funded_until: str = ""
    valid_to: str = ""
    last_checked: str = "2026-09-01"
    measures: str = ""


def all_groups(seed: int, venues: Sequence[Venue]) -> list[Group]:
    """Return the directory."""
    rng = random.Random(f"{seed}/groups")
    by_quarter: dict[str, list[Venue]] = {}
    for venue in venues:
        by_quarter.setdefault(venue.quarter, []).append(venue)
    found = [
        _described(
            Group(kind, kind.name_cy, kind.name_en, _first(by_quarter[key], venue_kind).venue_id, "", sessions), rng
        )
        for key, venue_kind, kind, sessions in PLANTED
    ]
    for quarter in QUARTERS:
        found += _of_quarter(quarter.key, by_quarter[quarter.key], inner_names(quarter), rng)
    return _with_measures(_with_oversights(found), random.Random(f"{seed}/measures"))


def _with_measures(groups: list[Group], rng: random.Random) -> list[Group]:
    """Let each record something of its own, or nothing: the same thing measured a little differently."""
    return [replace(group, measures=rng.choices(MEASURES, (5, 3, 2, 2))[0]) for group in groups]


def _first(venues: Sequence[Venue], kind: str) -> Venue:
    return next(venue for venue in venues if venue.kind == kind)


def _of_quarter(key: str, venues: Sequence[Venue], names: tuple[str, str], rng: random.Random) -> Iterator[Group]:
    suited = [
        kind
        for kind in KINDS
        if kind.category not in NOT_THERE.get(key, ()) and any(_suits(kind, venue) for venue in venues)
    ]
    # The first half of the table is what most places have; the rest comes as it may.
    common, other = suited[:24], suited[24:]
    rng.shuffle(common)
    rng.shuffle(other)
    for kind in (common + other)[: HOW_MANY[key]]:
        places = [venue for venue in venues if _suits(kind, venue)]
        cy, en = (fill(form, *names) for form in (kind.name_cy, kind.name_en))
        yield _described(Group(kind, cy, en, rng.choice(places).venue_id, "", _sessions(kind, rng)), rng)


def _suits(kind: Kind, venue: Venue) -> bool:
    return venue.kind in (kind.venues.split() or HALLS)


def _sessions(kind: Kind, rng: random.Random) -> tuple[Session, ...]:
    count = rng.choices((1, 2, 3), (68, 25, 7))[0]
    days = WEEKDAYS[5:] if kind.when == "weekend" else WEEKDAYS[:5]
    starts = {DAY: DAY_STARTS, EVENING: EVENING_STARTS}.get(kind.when, WEEKEND_STARTS)
    freq = rng.choices(("weekly", "fortnightly", "monthly"), (84, 10, 6))[0]
    found = []
    for day in sorted(rng.sample(range(len(days)), min(count, len(days)))):
        start = rng.choice(starts)
        found.append(Session(days[day], start, clock_after(start, kind.minutes), freq))
    return tuple(found)


def clock_after(start: str, minutes: int) -> str:
    """Return HH:MM, ``minutes`` after ``start``."""
    hours, rest = start.split(":")
    after = int(hours) * 60 + int(rest) + minutes
    return f"{after // 60:02d}:{after % 60:02d}"


def _described(group: Group, rng: random.Random) -> Group:
    funder, until = rng.choice(FUNDERS)
    return replace(
        group,
        provider=rng.choice(PROVIDERS[group.kind.category]),
        wheelchair=rng.choices(("yes", "no", "unknown"), (62, 10, 28))[0],
        is_full=rng.choices(("no", "yes", "unknown"), (70, 10, 20))[0],
        funder=funder,
        funded_until=until,
        last_checked=rng.choice(("2026-09-01", "2026-08-14", "2026-07-30", "2026-06-11", "2026-03-02")),
    )


def _with_oversights(groups: list[Group]) -> list[Group]:
    """Make the mistakes that a real directory has: an entry not checked for years, one that has ended, one listed twice."""
    last = len(groups) - 1
    groups[60] = replace(groups[60], last_checked="2022-11-03")
    groups[90] = replace(groups[90], valid_to="2026-06-30")
    twin = groups[last - 40]
    return [*groups, replace(twin, provider="Cyfeillion Seithenyn", last_checked="2024-02-19")]


def write_directory(venues: Sequence[Venue], groups: Sequence[Group], folder: Path) -> None:
    """Write ``venues.csv``, ``activities.csv`` and ``sessions.csv``."""
    header = ["venue_id", "name", "postcode", "placed_by", "lon", "lat"]
    write_csv(folder / "venues.csv", header, (_venue_row(venue) for venue in venues))
    header = [
        "activity_id", "name_cy", "name_en", "category", "provider", "venue_id", "cost_gbp", "capacity", "wheelchair",
        "languages", "referral", "age_min", "age_max", "eligibility", "is_full", "valid_from", "valid_to", "last_checked",
        "contact", "source", "funder", "funded_until", "measures",
    ]  # fmt: skip
    write_csv(folder / "activities.csv", header, (_activity_row(n, group) for n, group in enumerate(groups, 1)))
    rows: list[list[object]] = [
        [f"A{n:03d}", s.weekday, s.start, s.end, s.freq, "", ""]
        for n, group in enumerate(groups, 1)
        for s in group.sessions
    ]
    rows.append(
        ["A007", "friday", "16:00", "14:00", "weekly", "", ""]
    )  # start and end exchanged: the loader refuses it
    write_csv(
        folder / "sessions.csv", ["activity_id", "weekday", "start", "end", "freq", "valid_from", "valid_to"], rows
    )


def _venue_row(venue: Venue) -> list[object]:
    if not venue.lonlat_known:
        return [venue.venue_id, venue.name, venue.postcode, "none", "", ""]
    return [venue.venue_id, venue.name, venue.postcode, "coordinates", *(f"{value:.6f}" for value in lonlat(venue.xy))]


def _activity_row(n: int, group: Group) -> list[object]:
    kind = group.kind
    contact = f"grwp{n:03d}@example.org; 01632 960{n % 1000:03d}"
    return [
        f"A{n:03d}", group.name_cy, group.name_en, kind.category, group.provider, group.venue_id, f"{kind.cost_gbp:.2f}", kind.capacity,
        group.wheelchair, kind.languages, kind.referral, "" if kind.age_min is None else kind.age_min, "", kind.eligibility, group.is_full,
        "2026-01-05", group.valid_to, group.last_checked, contact, "Cyfeirlyfr y Gwaelod", group.funder, group.funded_until,
        group.measures,
    ]  # fmt: skip
