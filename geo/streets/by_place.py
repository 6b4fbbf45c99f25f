"""Download streets by the name of a place, where there is no extract: osmnx asks OpenStreetMap, and our own rules read the answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import geopandas as gpd
import networkx as nx
import osmnx
import requests
from osmnx._errors import InsufficientResponseError, ResponseStatusCodeError

from geo.errors import DataError
from geo.streets import rules
from geo.streets.access_tags import EVERY_KEY, SIDES
from geo.streets.assemble import ReadTerrain, to_streets
from geo.streets.graph import Streets
from geo.streets.raw import PLACE_KINDS, RawStreets

# Every tag that rules.py looks at; osmnx keeps only what it is told to.
WAY_TAGS = (
    "highway", "route", "man_made", "railway", "public_transport", "duration", "service", "junction",
    "motorroad", "maxspeed", "maxspeed:forward", "maxspeed:backward", "name", "ref",
    "bridge", "tunnel", "wheelchair", "ramp:wheelchair", "surface", "tracktype", "smoothness", "lanes", "width",
    "oneway", "oneway:foot", "oneway:bicycle", "oneway:motor_vehicle", "oneway:motorcar",
    *(f"cycleway{side}{what}" for side in ("", ":left", ":right", ":both") for what in ("", ":oneway")),
    *EVERY_KEY, *(f"{key}:{side}" for key in EVERY_KEY for side in SIDES),
)  # fmt: skip
NODE_TAGS = ("barrier", "locked", "highway", "crossing", "direction", "traffic_signals:direction", *EVERY_KEY)
FILTER = [
    '["highway"]', '["route"="ferry"]', '["man_made"="pier"]', '["railway"="platform"]', '["public_transport"="platform"]',
]  # fmt: skip
_DRAWN_BACKWARDS = ("-1", "reverse", "T")  # osmnx turns these ways round: they are turned back here
_REMEDY = "Check the place's spelling and the connection, or name an extract (streets.path) in the profile."


def read_streets_by_place(place: str, read_terrain: ReadTerrain | None = None) -> Streets:
    """Return the streets of a place, as :func:`geo.streets.osm.read_streets` does of a file: same rules, same arrays.

    osmnx fetches the ways undivided and with their tags, since its own simplified graphs follow other rules of access. The map changes
    from day to day, so ``downloaded_sha256`` says which state of it this is.

    Raises:
        DataError: the place is not known, the download fails, or there is no way for one of the modes.
    """
    try:
        with _all_tags():
            graph = osmnx.graph_from_place(
                place, simplify=False, retain_all=True, truncate_by_edge=True, custom_filter=FILTER
            )
        try:
            places = osmnx.features_from_place(place, {"place": list(PLACE_KINDS)})
        except InsufficientResponseError:  # a place may have no named places within
            places = gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    except (
        InsufficientResponseError,
        ResponseStatusCodeError,
        requests.RequestException,
        TypeError,
        ValueError,
    ) as error:
        raise DataError.of(place, f"cannot be downloaded from OpenStreetMap ({error}).", _REMEDY) from error
    return replace(from_osmnx(graph, places, place, read_terrain), downloaded_sha256=content_sha256(graph, places))


def from_osmnx(
    graph: nx.MultiDiGraph, places: gpd.GeoDataFrame, source: str, read_terrain: ReadTerrain | None = None
) -> Streets:
    """Return the streets of an unsimplified osmnx graph (EPSG:4326, ``settings.all_oneway``) and of its features tagged ``place``."""
    raw = RawStreets(has_restrictions=False)
    for tail, head, facts in graph.edges(data=True):
        tags = _tags(facts, WAY_TAGS)
        if not rules.street_class(tags):
            continue
        nodes = (head, tail) if tags.get("oneway") in _DRAWN_BACKWARDS else (tail, head)
        points = [(node, graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in nodes if "x" in graph.nodes[node]]
        if len(points) < 2:
            raw.broken_ways.add(int(facts["osmid"]))
        raw.add_stretch(int(facts["osmid"]), points, tags)
    for node, facts in graph.nodes(data=True):
        tags = _tags(facts, NODE_TAGS)
        raw.add_mark(node, tags)
        if "barrier" in tags:
            raw.add_barrier(node, tags)
    for tags, lon, lat in _named(places):
        raw.add_place(tags, lon, lat)
    return to_streets(raw, source, read_terrain)


def content_sha256(graph: nx.MultiDiGraph, places: gpd.GeoDataFrame) -> str:
    """Return the sha256 of all that :func:`from_osmnx` reads: points, stretches and places with their tags, in whatever order they came."""
    points = [(node, facts.get("x"), facts.get("y"), _tags(facts, NODE_TAGS)) for node, facts in graph.nodes(data=True)]
    stretches = [
        (int(facts["osmid"]), tail, head, _tags(facts, WAY_TAGS)) for tail, head, facts in graph.edges(data=True)
    ]
    parts = (points, stretches, _named(places))
    lines = [sorted(json.dumps(one, sort_keys=True) for one in part) for part in parts]
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()


def _tags(facts: Mapping[str, object], keys: Iterable[str]) -> dict[str, str]:
    return {key: str(facts[key]) for key in keys if key in facts}


def _named(places: gpd.GeoDataFrame) -> list[tuple[dict[str, str], float, float]]:
    """Return the tags, longitude and latitude of each place that is a point."""
    points = places[places.geometry.geom_type == "Point"]
    keys = [key for key in ("place", "name", "name:en", "name:cy") if key in points]
    return [
        ({key: value for key, value in facts.items() if isinstance(value, str)}, point.x, point.y)
        for facts, point in zip(points[keys].to_dict("records"), points.geometry, strict=True)
    ]


@contextmanager
def _all_tags() -> Iterator[None]:
    """Have osmnx keep every tag that matters and the way's own direction, for as long as it takes."""
    names = ("useful_tags_way", "useful_tags_node", "all_oneway", "use_cache")
    before = {name: getattr(osmnx.settings, name) for name in names}
    try:
        for name, value in zip(names, (list(WAY_TAGS), list(NODE_TAGS), True, False), strict=True):
            setattr(osmnx.settings, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)
