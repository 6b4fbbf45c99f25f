"""An area profile: one TOML file that names an area's sources, their columns, dates, licences and attribution.

Unknown keys are errors. Paths are relative to the profile; ``${NAME:-default}`` in a path reads an environment
variable.
"""

from __future__ import annotations

import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, field_validator, model_validator

from geo.errors import ProfileError, reason

Level = Literal["cluster", "pan_cluster", "la", "hb", "rpb"]
LEVELS: tuple[Level, ...] = ("cluster", "pan_cluster", "la", "hb", "rpb")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_OSM = {"en": "© OpenStreetMap contributors", "cy": "© cyfranwyr OpenStreetMap"}
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """One file: where it is, whose it is (in English, and in Welsh where it is given), and what state of the world it shows."""

    path: str
    licence: str
    attribution: str
    attribution_cy: str | None = None
    vintage: str
    layer: str | None = None
    encoding: str = "utf-8"
    crs: str | None = None  # of the file, where the file itself does not say
    sha256: str | None = None
    url: str | None = None


class Table(Source):
    """A table with a header row. ``columns`` maps our names to the file's; ``where`` keeps rows by their values."""

    columns: dict[str, str] = Field(default_factory=dict)
    where: dict[str, list[str]] = Field(default_factory=dict)


class Zones(_Strict):
    """Zones: their polygons, and optionally a second table with figures, joined on ``zone_code``."""

    geometry: Table
    figures: Table | None = None
    extra: Table | None = None  # further numbers that a user brings: each must be named in its ``columns``
    counts: list[str] = Field(
        default_factory=list
    )  # those of ``extra`` that count people: small ones are not given away
    # Which of ``counts`` is a part of which: attended of referred. Parts of one whole share nobody.
    part_of: dict[str, str] = Field(default_factory=dict)
    counts_under: int | None = Field(default=None, ge=2)  # what is small: 10 unless said (access.suppress.THRESHOLD)
    rank_total: int | None = None  # ranks run 1 … rank_total

    @model_validator(mode="after")
    def _counts_are_brought(self) -> Self:
        strange = set(self.counts) - set(self.extra.columns if self.extra else ())
        if strange:
            raise ValueError(f"counts names {', '.join(sorted(strange))}, which the columns of extra do not")
        strange = {*self.part_of, *self.part_of.values()} - set(self.counts)
        if strange:
            raise ValueError(f"part_of names {', '.join(sorted(strange))}, which counts does not")
        for part in self.part_of:
            way = [part]
            while way[-1] in self.part_of:
                way.append(self.part_of[way[-1]])
                if way[-1] in way[:-1]:
                    raise ValueError(f"part_of goes round in a ring: {' is a part of '.join(way)}")
        return self


class Need(_Strict):
    """What need is made of here, and why: columns of the zones with their weights (``access.need``)."""

    weights: dict[str, float] = Field(min_length=1)
    scales: dict[str, Literal["published", "min_max", "rank"]] = Field(default_factory=dict)
    slope: float = Field(default=1.0, ge=0, le=10)
    reason_en: str = Field(min_length=1)
    reason_cy: str = Field(min_length=1)


class FromZones(_Strict):
    """A level whose footprints are columns of the zones table."""

    how: Literal["zone_columns"]
    id: str
    name_en: str
    name_cy: str | None = None


class FromFile(_Strict):
    """A level whose footprints are polygons; each zone belongs to the footprint that holds its point."""

    how: Literal["polygons"]
    file: Table


class FromList(_Strict):
    """A level given as a list of zones: columns ``zone_code, footprint_id, name_en, name_cy``."""

    how: Literal["zone_list"]
    file: Table


class FromPractices(_Strict):
    """A cluster level derived from the practice nearest to each zone; labelled as derived wherever it is shown."""

    how: Literal["nearest_practice"]


FootprintSpec = Annotated[FromZones | FromFile | FromList | FromPractices, Field(discriminator="how")]


class Activities(_Strict):
    """The directory: venues, activities held at them, and their weekly sessions."""

    venues: Table
    activities: Table
    sessions: Table


class Feed(Source):
    """One GTFS feed; ``prefix`` keeps its ids apart from other feeds'."""

    prefix: str = Field(pattern=r"^[^:\s]+$")  # it stands before a colon in every id


class TimetableSpec(_Strict):
    """The feeds, and the weekdays on which they can be believed (a feed cut to one day is silent about the others)."""

    feeds: list[Feed] = Field(min_length=1)
    trusted_weekdays: list[Weekday] = Field(default_factory=lambda: list(WEEKDAYS), min_length=1)


class Extract(Source):
    """Streets from a file. ``extent`` says what it covers, where its header does not."""

    elevation: Source | None = None  # a raster of the terrain's heights

    extent: tuple[float, float, float, float] | None = None  # west, south, east, north; degrees

    @field_validator("extent")
    @classmethod
    def _is_a_box(cls, box: tuple[float, float, float, float] | None) -> tuple[float, float, float, float] | None:
        if box and not (-180 <= box[0] < box[2] <= 180 and -90 <= box[1] < box[3] <= 90):
            raise ValueError("is not west, south, east, north in degrees")
        return box


class Place(_Strict):
    """Streets fetched by the name of a place, where there is no extract: needs the internet when the area is built."""

    place: str  # "Newport, Wales", as Nominatim knows it
    licence: str = "ODbL 1.0"
    attribution: str = _OSM["en"]
    attribution_cy: str | None = Field(
        default_factory=lambda said: _OSM["cy"] if said.get("attribution") == _OSM["en"] else None
    )
    vintage: str = "as fetched when the area was built"
    elevation: Source | None = None  # a raster of the terrain's heights


def _streets_kind(value: object) -> str:
    return "place" if isinstance(value, Place) or (isinstance(value, dict) and "place" in value) else "extract"


StreetsSpec = Annotated[
    Annotated[Extract, Tag("extract")] | Annotated[Place, Tag("place")], Discriminator(_streets_kind)
]


class AreaProfile(_Strict):
    """Everything that makes an area, but the data itself."""

    area_id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name_en: str
    name_cy: str
    is_fictional: bool = False
    note_en: str = ""
    note_cy: str = ""
    service_date: date
    zones: Zones
    need: Need | None = None
    origins: Table | None = None
    footprints: dict[Level, FootprintSpec] = Field(default_factory=dict)
    practices: Table | None = None
    posts: Table | None = None
    activities: Activities
    demand_responsive: Table | None = None
    streets: StreetsSpec
    timetable: TimetableSpec
    folder: Path = Field(default=Path(), exclude=True)

    @field_validator("service_date")
    @classmethod
    def _is_plausible(cls, value: date) -> date:
        if not date(2000, 1, 1) <= value <= date(2100, 1, 1):
            raise ValueError("is not a plausible service date")
        return value

    def file(self, source: Source) -> Path:
        """Return where ``source`` lies on this machine."""
        return (self.folder / expand(source.path)).resolve()

    def sources(self) -> dict[str, Source]:
        """Every source by a stable name (``zones.geometry``, ``timetable.bus`` …), in the order of the profile."""
        found: dict[str, Source] = {"zones.geometry": self.zones.geometry}
        if self.zones.figures:
            found["zones.figures"] = self.zones.figures
        if self.zones.extra:
            found["zones.extra"] = self.zones.extra
        if self.origins:
            found["origins"] = self.origins
        for level, spec in self.footprints.items():
            if isinstance(spec, (FromFile, FromList)):
                found[f"footprints.{level}"] = spec.file
        if self.practices:
            found["practices"] = self.practices
        if self.posts:
            found["posts"] = self.posts
        found |= {f"activities.{name}": getattr(self.activities, name) for name in ("venues", "activities", "sessions")}
        if self.demand_responsive:
            found["demand_responsive"] = self.demand_responsive
        if isinstance(self.streets, Extract):
            found["streets"] = self.streets
        if self.streets.elevation:
            found["streets.elevation"] = self.streets.elevation
        return found | {f"timetable.{feed.prefix}": feed for feed in self.timetable.feeds}


def expand(path: str) -> str:
    """Fill ``${NAME}`` and ``${NAME:-default}`` from the environment.

    Raises:
        ProfileError: a variable is not set and has no default.
    """

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1]) or match[2]
        if found is None:
            raise ProfileError(
                f"The path '{path}' needs the environment variable {match[1]}. "
                "Set it to the folder meant, or write the path out."
            )
        return found

    return VARIABLE.sub(value, path)


def read_profile(path: Path) -> AreaProfile:
    """Read one profile.

    Raises:
        ProfileError: it is missing, is not TOML, or has unknown, missing or ill-typed keys (all named in one message).
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ProfileError(
            f"There is no area profile at {path}. 'python -m geo areas' lists those there are."
        ) from None
    except OSError as error:
        raise ProfileError(f"{path} cannot be read: {reason(error)}. Name the profile's file (.toml).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path.name} is not a TOML file: {error}. Mend the line named.") from None
    if "folder" in content:
        raise ProfileError(f"{path.name}: unknown key 'folder'. Remove it.")
    try:
        return AreaProfile.model_validate(content | {"folder": path.resolve().parent})
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ProfileError(f"{path.name} has {len(lines)} fault(s):\n" + "\n".join(lines)) from None
