"""Build an area from its profile: load every source and report all faults at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from geo.activities import load_activities
from geo.area import Area
from geo.demand_responsive import load_demand_responsive
from geo.errors import DataError, DateOutsideTimetable, Fault
from geo.findings import find_facts
from geo.footprints import load_footprints
from geo.manifest import take_stock
from geo.origins import load_origins, weighted_points
from geo.posts import load_posts
from geo.practices import load_practices
from geo.profile import AreaProfile, Place
from geo.quality import QualityReport, SourceQuality
from geo.streets.elevation import read_terrain
from geo.streets.extent import cut_to, header_box
from geo.streets.graph import Streets
from geo.streets.osm import read_streets
from geo.timetable.gtfs import read_timetable
from geo.timetable.model import Timetable
from geo.timetable.running import check_covered
from geo.zones import load_zones

Progress = Callable[[str, float], None]  # what is being done, and which share of the whole is behind us
_Loaded = TypeVar("_Loaded")


class _Faults:
    """Runs loaders one after another and keeps every fault, so that a user meets them all at once."""

    def __init__(self, of_files: dict[str, Fault]) -> None:
        self.of_files = of_files
        self.found: list[Fault] = list(of_files.values())

    def attempt(self, source: str, load: Callable[[], _Loaded]) -> _Loaded | None:
        """Return what ``load`` gives; None if it fails, or if a file of ``source`` is already known to be at fault."""
        if any(name.split(".")[0] == source for name in self.of_files):
            return None
        try:
            return load()
        except DataError as error:
            self.found += error.faults
            return None


def build_area(profile: AreaProfile, progress: Progress | None = None) -> Area:
    """Load all sources of ``profile``. ``progress`` is told each step and the share (0 to 1) done before it.

    Raises:
        DataError: all faults of all sources together.
        DateOutsideTimetable: the service date is not one of the timetable's.
    """
    say = progress or (lambda step, share: None)
    say("finding the files", 0.0)
    manifest, of_files = take_stock(profile)
    faults = _Faults(of_files)
    say("reading zones, origins and activities", 0.02)
    zoned = faults.attempt("zones", lambda: load_zones(profile))
    origined = zoned and faults.attempt("origins", lambda: load_origins(profile, zoned[0]))
    practices = faults.attempt("practices", lambda: load_practices(profile))
    zones = weighted_points(zoned[0], origined[0]) if zoned and origined else None
    footprints = None
    if zones is not None and practices:
        footprints = faults.attempt("footprints", lambda: load_footprints(profile, zones, practices[0]))
    posts = practices and faults.attempt("posts", lambda: load_posts(profile, practices[0]))
    directory = faults.attempt("activities", lambda: load_activities(profile))
    on_demand = faults.attempt("demand_responsive", lambda: load_demand_responsive(profile))
    say("reading streets", 0.1)
    streets = faults.attempt("streets", lambda: _streets(profile))
    say("reading timetables", 0.45)
    timed = faults.attempt("timetable", lambda: _timetable(profile))
    if timed:
        _check_date(profile, timed[0], faults)
    if faults.found:
        raise DataError(faults.found)
    assert zoned and origined and practices and posts and footprints and directory and on_demand and streets and timed
    assert zones is not None
    say("describing the whole", 0.95)
    if streets.downloaded_sha256:
        manifest = manifest.with_download("streets", streets.downloaded_sha256)
    sources = (*zoned[1], *origined[1], *practices[1], *posts[1], *footprints[2], *directory[3], *on_demand[1])
    area = Area(
        profile=profile,
        zones=zones,
        origins=origined[0],
        footprints=footprints[0],
        zone_footprints=footprints[1],
        practices=practices[0],
        posts=posts[0],
        venues=directory[0],
        activities=directory[1],
        sessions=directory[2],
        demand_responsive=on_demand[0],
        streets=streets.graphs,
        places=streets.places,
        main_roads=streets.main_roads,
        timetable=timed[0],
        manifest=manifest,
        quality=QualityReport((*sources, *_street_qualities(streets), *timed[1])),
    )
    return find_facts(area)


def _streets(profile: AreaProfile) -> Streets:
    raster = profile.streets.elevation
    heights = partial(read_terrain, profile.file(raster), raster.crs) if raster else None
    if isinstance(profile.streets, Place):
        from geo.streets.by_place import read_streets_by_place  # noqa: PLC0415 - osmnx takes seconds to import

        return read_streets_by_place(profile.streets.place, heights)
    path = profile.file(profile.streets)
    return cut_to(read_streets(path, heights), profile.streets.extent or header_box(path))


def _street_qualities(streets: Streets) -> tuple[SourceQuality, ...]:
    return (streets.quality, streets.elevation_quality) if streets.elevation_quality else (streets.quality,)


def _timetable(profile: AreaProfile) -> tuple[Timetable, tuple]:
    return read_timetable([(feed.prefix, profile.file(feed)) for feed in profile.timetable.feeds])


def _check_date(profile: AreaProfile, timetable: Timetable, faults: _Faults) -> None:
    """Raise if the service date is the only fault; otherwise add it to the others."""
    try:
        check_covered(timetable, profile.service_date)
    except DateOutsideTimetable as error:
        if not faults.found:
            raise
        faults.found.append(Fault("service_date", str(error), "It stands in the profile."))
