"""Build the map: a base that a browser loads once for an area, and the paint that each answer puts on it.

streamlit-folium mounts its frame anew when the base's script changes, so nothing that depends on the question may stand in it.
Each answer travels as one :class:`Paint` inside a feature group, which the frame replaces in place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
from branca.element import MacroElement
from folium.template import Template

from geo.words import Language, say
from views.legend import Shading
from views.numbers import decimal_text

FRONT = (Path(__file__).parent / "map_front.js").read_text(encoding="utf-8")
FRAME = (Path(__file__).parent / "map_frame.html").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Venue:
    """A place of sessions on the map: its point, the circle's radius in pixels, and the lines that it says."""

    lat: float
    lon: float
    radius: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Paint:
    """What an answer puts on the base map. Zones missing from ``classes`` are unknown and hatched."""

    language: Language
    level: str | None
    chosen: str | None
    footprint: str | None
    colours: tuple[str, ...]
    classes: Mapping[str, int]
    texts: Mapping[str, str]
    words: Mapping[str, str]
    venues: tuple[Venue, ...] = field(default=())
    stamp: str = "painted"


class _Script(MacroElement):
    """A piece of script in a map or in a feature group."""

    _template = Template(
        "{% macro html(this, kwargs) %}{{ this.markup }}{% endmacro %}{% macro script(this, kwargs) %}{{ this.script }}{% endmacro %}"
    )

    def __init__(self, script: str, markup: str = "") -> None:
        super().__init__()
        self._name = "Script"
        self.script, self.markup = script, markup


class _Base(_Script):
    """The script of the base map, which needs the map's name at the moment it is written out."""

    _template = Template(
        "{% macro html(this, kwargs) %}{{ this.markup }}{% endmacro %}"
        "{% macro script(this, kwargs) %}{{ this.script }} "
        "window.cyrraedd.start({{ this._parent.get_name() }}, {{ this.address }});{% endmacro %}"
    )

    def __init__(self, address: str) -> None:
        super().__init__(FRONT, FRAME)
        self.address = as_script(address)


def base_map(address: str, bounds: tuple[tuple[float, float], tuple[float, float]]) -> folium.Map:
    """Return a map without tiles that fetches its shapes from ``address`` and shows ``bounds`` (EPSG:4326)."""
    (south, west), (north, east) = bounds
    made = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        control_scale=True,
        zoom_snap=0.25,
        zoom_delta=0.5,
        min_zoom=7,
        max_zoom=17,
    )
    made.add_child(_Base(address))
    made.fit_bounds([[south, west], [north, east]], padding=(12, 12))
    return made


def paint_group(paint: Paint) -> folium.FeatureGroup:
    """Return the feature group that carries ``paint``; it first drops the groups of earlier answers, which would pile up."""
    group = folium.FeatureGroup(name="answer")
    group.add_child(_Script(f"window.feature_group = []; window.cyrraedd.paint({as_script(asdict(paint))});"))
    return group


def as_script(value: object) -> str:
    """Write ``value`` as JSON that cannot end a script, start markup, or be taken for a template, whatever its strings say."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.replace("{{", "{\\u007b")


def paint(
    shading: Shading,
    language: Language,
    level: str | None = None,
    chosen: str | None = None,
    footprint: str | None = None,
    venues: Sequence[Venue] = (),
) -> Paint:
    """Return the paint for one layer of one answer."""
    words = {name: say(f"map.{name}", language) for name in ("unknown", "zoom_in", "zoom_out", "map")}
    return Paint(
        language, level, chosen, footprint, shading.colours, shading.classes, shading.texts, words, tuple(venues)
    )


def venues_of(
    activities: pd.DataFrame, sessions: pd.DataFrame, venues: gpd.GeoDataFrame, category: str, language: Language
) -> list[Venue]:
    """Return the placed venues with sessions of ``category``: name, then each activity with how many sessions it has a week.

    What is held every other week or month counts as it does everywhere (``per_week``).
    """
    offered = activities.loc[activities["category"] == category, ["activity_id", "venue_id", f"name_{language}"]]
    weekly = sessions.groupby("activity_id")["per_week"].sum().rename("sessions")
    offered = offered.merge(weekly, left_on="activity_id", right_index=True)
    placed = venues.loc[venues["is_placed"], ["venue_id", "name", "geometry"]]
    degrees = placed.set_geometry("geometry").geometry.to_crs(4326)
    placed = placed.assign(lat=degrees.y.round(5), lon=degrees.x.round(5))
    found = []
    for _, group in (
        offered.merge(placed, on="venue_id").sort_values(["venue_id", f"name_{language}"]).groupby("venue_id")
    ):
        first = group.iloc[0]
        lines = [
            f"{row[f'name_{language}']} – {_held(float(row['sessions']), language)}" for _, row in group.iterrows()
        ]
        radius = 4.0 + min(float(group["sessions"].sum()) ** 0.5, 5.0)
        name = venue_text(str(first["name"]), str(first["venue_id"]), language)
        found.append(Venue(float(first["lat"]), float(first["lon"]), round(radius, 1), (name, *lines)))
    return found


def venue_text(name: str, venue_id: str, language: Language) -> str:
    """Return the name of a venue; the loader has the id stand in where the directory has none, and that says nothing to a reader."""
    return say("map.nameless", language) if name == venue_id else name


def _held(per_week: float, language: Language) -> str:
    if per_week.is_integer():
        return say("map.sessions_a_week", language, count=int(per_week))
    return say("map.part_of_a_week", language, sessions=decimal_text(per_week, language))
