"""Load zones: their outlines, and the figures that are known of each."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.contradictions import doubt_overlaps, doubt_parts_of_people
from geo.errors import DataError
from geo.profile import AreaProfile, FromZones, Table
from geo.quality import SourceQuality
from geo.schemas import TEXT, ZONES, conform
from geo.sieve import Sieve
from geo.tables import read_rows
from geo.vocabulary import DOMAINS

COUNTS = ("population", "population_65plus", "disabled")
RANKS = ("deprivation_rank", *(f"{domain}_rank" for domain in DOMAINS))
FIGURES = (*COUNTS, "households_no_car_share", *RANKS, "deprivation_decile")
NAMES = ("name_en", "name_cy")


def load_zones(profile: AreaProfile) -> tuple[gpd.GeoDataFrame, tuple[SourceQuality, ...]]:
    """Return zones as ``schemas.ZONES`` (EPSG:27700), with the columns of footprints, and what became of the rows.

    A figure that no file gives is missing, never zero. ``point_x, point_y`` is a point inside the outline until the
    origins are known.

    Raises:
        DataError: a file cannot be used, or no zone is left.
    """
    extras = _footprint_columns(profile)
    known = ("zone_code", *NAMES, *FIGURES, *extras)
    outlines = Sieve(read_rows(profile, profile.zones.geometry, known, ("zone_code",)))
    if "geometry" not in outlines.frame:
        raise DataError.of(outlines.file, "holds no outlines.", "Zones need polygons: a GeoPackage or GeoJSON file.")
    outlines.required("zone_code")
    outlines.unique("zone_code")
    outlines.polygons()
    outlines.some_left("zone")
    if outlines.frame.empty:
        raise DataError.of(outlines.file, "holds no zone.", "Export it again, with its rows.")
    doubt_overlaps(outlines, "zone", "zone_code")
    qualities: tuple[SourceQuality, ...] = ()
    if profile.zones.figures is None:
        _check_figures(outlines, profile.zones.rank_total)
        frame = outlines.frame
    else:
        figures = _read_figures(profile, profile.zones.figures, known)
        frame = _join(outlines, figures)
        qualities = (figures.quality("zones.figures"),)
    if profile.zones.extra:
        frame, of_extra = _join_extra(profile, profile.zones.extra, frame)
        extras = (*extras, *(name for name in profile.zones.extra.columns if name != "zone_code"))
        qualities = (*qualities, of_extra)
    frame = _with_names(frame, outlines.notes)
    qualities = (outlines.quality("zones.geometry"), *qualities)
    inside = gpd.GeoSeries(list(frame["geometry"])).representative_point()
    frame = frame.assign(point_x=inside.x.to_numpy(), point_y=inside.y.to_numpy()).sort_values("zone_code")
    return gpd.GeoDataFrame(conform(frame, ZONES, keep=extras)), qualities


def _footprint_columns(profile: AreaProfile) -> tuple[str, ...]:
    specs = [spec for spec in profile.footprints.values() if isinstance(spec, FromZones)]
    names = [name for spec in specs for name in (spec.id, spec.name_en, spec.name_cy) if name]
    return tuple(dict.fromkeys(names))


def _read_figures(profile: AreaProfile, table: Table, known: tuple[str, ...]) -> Sieve:
    figures = Sieve(read_rows(profile, table, known, ("zone_code",)))
    figures.frame = figures.frame.drop(columns="geometry", errors="ignore")
    figures.required("zone_code")
    figures.unique("zone_code")
    _check_figures(figures, profile.zones.rank_total)
    return figures


def _check_figures(sieve: Sieve, rank_total: int | None) -> None:
    sieve.numbers(*COUNTS)
    sieve.numbers("households_no_car_share", high=1)
    sieve.numbers(*RANKS, low=1, high=rank_total or np.inf)
    sieve.numbers("deprivation_decile", low=1, high=10)
    doubt_parts_of_people(sieve, "population_65plus", "disabled")


def _join(outlines: Sieve, figures: Sieve) -> pd.DataFrame:
    """Join on ``zone_code``; a column that both files have is the figures'. Zones on one side only are reported."""
    codes = outlines.frame["zone_code"]
    figures.keep_known("zone_code", codes, "their zones have no outline")
    without = ~codes.isin(figures.frame["zone_code"])
    outlines.doubt(
        without, "zone {zone_code} has no row of figures: its people are not known.", "Add its row to the figures."
    )
    known = [str(column) for column in figures.frame]
    theirs = ["zone_code", *(c for c in known if c != "zone_code" and (figures.has(c) or c not in outlines.frame))]
    own = outlines.frame.drop(columns=[column for column in theirs if column != "zone_code"], errors="ignore")
    return own.merge(figures.frame[theirs], on="zone_code", how="left")


def _join_extra(profile: AreaProfile, table: Table, frame: pd.DataFrame) -> tuple[pd.DataFrame, SourceQuality]:
    """Join the numbers that a user brings on ``zone_code``; a zone without a row has none (missing, never zero)."""
    named = tuple(name for name in table.columns if name != "zone_code")
    file = profile.file(table).name
    if not named:
        raise DataError.of(
            file, "brings no column.", 'Name them in the profile: columns = { loneliness = "lonely_share" }.'
        )
    taken = [name for name in named if name in frame or name in (*ZONES.columns, "footprint_id")]
    if taken:
        raise DataError.of(
            file, f"would replace {', '.join(taken)}.", "Give the columns names of their own in the profile."
        )
    extra = Sieve(read_rows(profile, table, ("zone_code", *named), ("zone_code", *named)))
    extra.required("zone_code")
    extra.unique("zone_code")
    extra.numbers(*named, low=-np.inf)
    extra.keep_known("zone_code", frame["zone_code"], "their zone is not one of this area")
    lacking = int((~frame["zone_code"].isin(extra.frame["zone_code"])).sum())
    if lacking:
        extra.notes.append(f"{lacking} zones have no row: their {', '.join(named)} are not known.")
    return frame.merge(extra.frame[["zone_code", *named]], on="zone_code", how="left"), extra.quality("zones.extra")


def _with_names(frame: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Fill each language's name from the other, and from the code where there is neither; a zone is never refused for it."""
    blank = pd.Series(np.nan, index=frame.index, dtype=TEXT)
    names = {column: frame.get(column, blank) for column in NAMES}
    for column, other in (("name_en", "name_cy"), ("name_cy", "name_en")):
        lacking = names[column].isna()
        if lacking.any():
            notes.append(f"{int(lacking.sum())} zones have no {column}: the other name is shown, or the code.")
        frame = frame.assign(**{column: names[column].fillna(names[other]).fillna(frame["zone_code"])})
    return frame
