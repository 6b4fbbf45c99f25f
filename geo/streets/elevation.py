"""Read the heights of the terrain from a raster (optional: requirements-elevation.txt)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray

from geo.errors import DataError, Fault
from geo.quality import SourceQuality
from geo.streets.graph import StreetMode
from geo.streets.slope import STEEPEST, Climb

CRS = "EPSG:27700"
MAX_PIXELS = 100_000_000  # 400 MB while an area is built: all of Wales at 25 m, a county at 5 m
LOWEST_M, HIGHEST_M = -500.0, 9_000.0  # other heights are a raster's word for "not known" that it does not declare
GRID_ENDINGS = (
    ".asc",
    ".agr",
)  # ASCII grids; all else is read as GeoTIFF: other formats may name further files, or fetch them
METRES = ("", "m", "metre", "metres", "meter", "meters")
MARGIN_PIXELS = 2
_REMEDY = "Give a GeoTIFF or ASCII grid with one band of heights in metres that covers the streets."
Box = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True)
class Terrain:
    """Heights in metres, (rows, columns), NaN where not known; ``to_pixel`` (2, 3) leads from the raster's CRS to columns and rows."""

    source: str  # the file's name
    height_m: NDArray[np.float32]
    to_pixel: NDArray[np.float64]
    to_raster: pyproj.Transformer  # from EPSG:27700

    def heights_at(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the heights (points,) at ``xy`` (points, 2; EPSG:27700): between the four nearest pixels, NaN where one is unknown."""
        rows, columns = self.height_m.shape
        across, up = self.to_raster.transform(xy[:, 0], xy[:, 1])
        column, row = self.to_pixel @ np.vstack([across, up, np.ones(len(xy))])
        inside = (column >= 0) & (column <= columns) & (row >= 0) & (row <= rows)  # False for NaN and infinity
        column = np.clip(np.where(inside, column, 0) - 0.5, 0, columns - 1)  # heights are those of the pixels' middles
        row = np.clip(np.where(inside, row, 0) - 0.5, 0, rows - 1)
        left, top = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
        right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
        east, south = column - left, row - top
        upper = _between(self.height_m[top, left], self.height_m[top, right], east)
        lower = _between(self.height_m[bottom, left], self.height_m[bottom, right], east)
        return np.where(inside, _between(upper, lower, south), np.nan)


def _between(one: NDArray[Any], other: NDArray[Any], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what lies ``share`` of the way from one height to the other; one that has no share need not be known."""
    return np.where(share > 0, (1 - share) * one + share * other, one)


def read_terrain(path: Path, crs: str | None, box: Box) -> Terrain:
    """Return the heights that a raster gives within ``box`` (EPSG:27700). ``crs`` is the raster's, where its file does not say.

    Raises:
        DataError: rasterio is not installed; the file is no raster of heights in metres, says nothing of where it lies, lies
            elsewhere, or has too many pixels within the box.
    """
    try:
        import rasterio  # noqa: PLC0415 - an optional part of the installation
        from rasterio.errors import RasterioError  # noqa: PLC0415
    except ImportError:
        remedy = "'pip install -r requirements-elevation.txt' adds it; or leave streets.elevation out of the profile."
        raise DataError.of(path.name, "can only be read with rasterio, which is not installed.", remedy) from None
    driver = "AAIGrid" if path.suffix.lower() in GRID_ENDINGS else "GTiff"
    try:
        # What lies beside the file is not part of the area's digest, so it is not read.
        with (
            rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", GDAL_PAM_ENABLED="NO"),
            rasterio.open(path, driver=driver) as raster,
        ):
            return _read(path, crs, box, raster)
    except (RasterioError, pyproj.exceptions.ProjError, ValueError, OSError) as error:
        raise DataError.of(path.name, f"cannot be read as a raster of heights ({error}).", _REMEDY) from error


def _read(path: Path, crs: str | None, box: Box, raster: Any) -> Terrain:
    """Read the part of an open raster that ``box`` asks for."""
    from rasterio.windows import Window  # noqa: PLC0415

    _check(path, crs, raster)
    system = pyproj.CRS.from_wkt(raster.crs.to_wkt()) if raster.crs else pyproj.CRS.from_user_input(crs)
    to_raster = pyproj.Transformer.from_crs(CRS, system, always_xy=True)
    corners = to_raster.transform_bounds(*box, densify_pts=21)
    to_pixel = _matrix(~raster.transform)
    column, row = to_pixel @ np.array([(x, y, 1.0) for x in corners[::2] for y in corners[1::2]]).T
    if not np.isfinite([column, row]).all():
        raise DataError.of(path.name, "lies in a reference system that does not reach the streets.", _REMEDY)
    left, right = _bounds(column, raster.width)
    top, bottom = _bounds(row, raster.height)
    if left >= right or top >= bottom:
        raise DataError.of(path.name, "lies elsewhere than the streets.", _REMEDY)
    pixels = (right - left) * (bottom - top)
    if pixels > MAX_PIXELS:
        remedy = f"The limit is {MAX_PIXELS:,}: make it coarser (gdalwarp -tr 10 10 -r average)."
        raise DataError.of(path.name, f"has {pixels:,} pixels where the streets are.", remedy)
    window = Window(left, top, right - left, bottom - top)
    read = raster.read(1, window=window, masked=True, out_dtype="float32")
    height_m = read.filled(np.nan)
    height_m *= raster.scales[0]
    height_m += raster.offsets[0]
    height_m[~((height_m >= LOWEST_M) & (height_m <= HIGHEST_M))] = np.nan
    to_pixel[:, 2] -= (left, top)
    return Terrain(path.name, height_m, to_pixel, to_raster)


def _matrix(affine: Any) -> NDArray[np.float64]:
    return np.array([[affine.a, affine.b, affine.c], [affine.d, affine.e, affine.f]])


def _check(path: Path, crs: str | None, raster: Any) -> None:
    """Raise all that speaks against an open raster."""
    problems = []
    if raster.count != 1:
        problems.append(f"has {raster.count} bands: heights are one.")
    if np.issubdtype(np.dtype(raster.dtypes[0]), np.complexfloating):
        problems.append("has complex numbers for heights.")
    if not raster.crs and not crs:
        problems.append("says nothing of its reference system, nor does the profile (streets.elevation.crs).")
    if raster.transform.is_identity or raster.transform.is_degenerate:
        problems.append("does not say where it lies.")
    unit = (raster.units[0] or "").strip().lower()
    if unit not in METRES:
        problems.append(f"has heights in '{unit}', not in metres.")
    if problems:
        raise DataError(Fault(path.name, problem, _REMEDY) for problem in problems)


def _bounds(at: NDArray[np.float64], size: int) -> tuple[int, int]:
    """Return the first pixel of a side that is asked for and the one after the last, within the raster."""
    return max(0, math.floor(at.min()) - MARGIN_PIXELS), min(size, math.ceil(at.max()) + MARGIN_PIXELS)


def elevation_quality(terrain: Terrain, climbs: dict[StreetMode, Climb]) -> SourceQuality:
    """Return what became of the raster: its pixels, and what of the streets it says nothing of. Sea and gaps are ``out_of_scope``."""
    is_known = np.isfinite(terrain.height_m)
    doubts, notes = [], []
    remedy = "Give a raster that covers all streets, or fill its gaps; until then slope is not counted there."
    for mode, found in climbs.items():
        is_lost = found.unknown_m > 0
        if is_lost.any():
            said = f"gives no height for {found.unknown_m.sum() / 1000:,.1f} of {found.length_m.sum() / 1000:,.1f} km"
            doubts.append(
                Fault(
                    terrain.source,
                    f"{said} ({mode}, {is_lost.sum():,} of {len(is_lost):,} streets): flat there.",
                    remedy,
                )
            )
        if found.too_steep_m.any():
            notes.append(
                f"{mode}: {found.too_steep_m.sum():,.0f} m steeper than {STEEPEST:.0%} count as {STEEPEST:.0%}."
            )
    notes.append("Slopes count for walking and cycling; bridges and tunnels run evenly between their ends.")
    return SourceQuality(
        "streets.elevation",
        rows_in=terrain.height_m.size,
        rows_kept=int(is_known.sum()),
        out_of_scope=int((~is_known).sum()),
        doubts=tuple(doubts),
        notes=tuple(notes),
    )
