"""The rows of one table on their way to a frame: each check mends or refuses rows, and remembers which and why."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely import MultiPolygon, Polygon

from geo.errors import DataError, Fault
from geo.quality import SourceQuality
from geo.schemas import BRITISH_GRID, TEXT
from geo.tables import Rows, listed

GREAT_BRITAIN_M = (0.0, 0.0, 700_000.0, 1_300_000.0)  # the National Grid: west, south, east, north
FARTHEST = 1e9  # metres or degrees: beyond this there is nothing on Earth
YEARS = (1900, 2200)
BLANK_IS_UNKNOWN = "Leave the cell blank where it is not known."
_CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$")
_TO_GRID = Transformer.from_crs("EPSG:4326", BRITISH_GRID, always_xy=True)


class Sieve:
    """``frame`` holds the rows that are still kept, by row number; each method parses a column in place.

    A column that the file lacks comes out missing, and a note says so.
    """

    def __init__(self, rows: Rows) -> None:
        self.file = rows.file
        self.frame = rows.frame.copy()
        self.rows_in = rows.rows_in
        self.out_of_scope = rows.out_of_scope
        self.refused: list[Fault] = list(rows.refused)
        self.doubts: list[Fault] = []
        self.notes: list[str] = list(rows.notes)
        self.absent: list[str] = []

    def quality(self, name: str) -> SourceQuality:
        """Return what became of the rows; ``name`` is the source's in ``AreaProfile.sources()``."""
        faults = tuple(sorted(self.refused, key=lambda fault: fault.row or 0))
        notes = [
            *self.notes,
            *([f"Not known, since there is no such column: {', '.join(self.absent)}."] if self.absent else []),
        ]
        return SourceQuality(
            name, self.rows_in, len(self.frame), self.out_of_scope, faults, tuple(self.doubts), tuple(notes)
        )

    def refuse(self, bad: pd.Series | np.ndarray, problem: str, remedy: str) -> None:
        """Refuse the rows where ``bad``; ``problem`` may name columns in braces, filled with the row's text."""
        chosen = np.asarray(bad, dtype=bool)
        if chosen.any():
            self.refused += self._faults(chosen, problem + "; the row was refused.", remedy)
            self.frame = self.frame[~chosen]

    def doubt(self, bad: pd.Series | np.ndarray, problem: str, remedy: str) -> None:
        """Keep the rows where ``bad``, but report each."""
        self.doubts += self._faults(np.asarray(bad, dtype=bool), problem, remedy)

    def leave_out(self, others: pd.Series | np.ndarray, why: str) -> None:
        """Leave out rows that are right, but belong to another area."""
        chosen = np.asarray(others, dtype=bool)
        if chosen.any():
            self.out_of_scope += int(chosen.sum())
            self.notes.append(f"{chosen.sum()} rows were left out: {why}.")
            self.frame = self.frame[~chosen]

    def keep_known(self, column: str, known: pd.Series, why: str) -> None:
        """Leave out rows whose ``column`` is none of ``known``.

        Raises:
            DataError: no row is left of several: the two files write their codes in two ways.
        """
        is_known = self.frame[column].isin(known)
        if len(self.frame) and not is_known.any():
            theirs, ours = (
                listed([text[:60] for text in texts.dropna().unique()], 3) for texts in (self.frame[column], known)
            )
            raise DataError.of(
                self.file,
                f"holds no {column} of this area: it has {theirs} where the zones have {ours}.",
                "Write the codes alike in both files, or mend 'columns' in the profile.",
            )
        self.leave_out(~is_known, why)

    def some_left(self, what: str) -> None:
        """Raise a :class:`DataError` that names the first faults where no row is left of those that came in."""
        if len(self.frame) or not self.rows_in:
            return
        found = " ".join(map(str, self.refused[:3]))
        remedy = f"The first faults found: {found}" if found else "Check its rows, and 'where' in the profile."
        raise DataError.of(self.file, f"leaves no {what} to work with.", remedy)

    def _faults(self, chosen: np.ndarray, problem: str, remedy: str) -> list[Fault]:
        if not chosen.any():
            return []
        found = self.frame[chosen]
        used = [column for column in found.columns if f"{{{column}}}" in problem]
        values = found[used].astype(str)
        said = (
            [problem.format_map({str(k): str(v)[:60] for k, v in row.items()}) for row in values.to_dict("records")]
            if used
            else [problem] * len(found)
        )
        return [Fault(self.file, text, remedy, int(row)) for text, row in zip(said, found.index, strict=True)]

    def has(self, column: str) -> bool:
        """Whether the file gave the column and any row of it is filled."""
        return column in self.frame and bool(self.frame[column].notna().any())

    def optional(self, *columns: str) -> None:
        """Make sure that the columns are there; those that the file does not have are noted."""
        absent = [column for column in columns if column not in self.frame]
        for column in absent:
            self.frame[column] = pd.Series(np.nan, index=self.frame.index, dtype=TEXT)
        self.absent += absent

    def required(self, *columns: str) -> None:
        """Refuse rows in which one of the columns is blank."""
        for column in columns:
            self.refuse(self.frame[column].isna(), f"{column} is blank", "Fill it in, or remove the row.")

    def unique(self, column: str) -> None:
        """Refuse rows that repeat an earlier row's value."""
        self.refuse(
            self.frame[column].duplicated(),
            f"{column} '{{{column}}}' stands in an earlier row too",
            "Keep one of the rows.",
        )

    def names(self, otherwise: str | None = None) -> None:
        """Fill each language's name from the other where one is blank, and say how often.

        Rows with neither are shown by the column ``otherwise``, and refused where none is given.
        """
        for column in ("name_en", "name_cy"):
            if column not in self.frame:
                self.frame[column] = pd.Series(np.nan, index=self.frame.index, dtype=TEXT)
        nameless = self.frame[["name_en", "name_cy"]].isna().all(axis=1)
        if otherwise is None:
            self.refuse(nameless, "has no name", "Give a name in Welsh, in English or in both.")
        elif nameless.any():
            self.notes.append(f"{int(nameless.sum())} rows have no name: {otherwise} is shown instead.")
            for column in ("name_en", "name_cy"):
                self.frame[column] = self.frame[column].mask(nameless, self.frame[otherwise])
        for column, other in (("name_cy", "name_en"), ("name_en", "name_cy")):
            blank = self.frame[column].isna()
            if blank.any():
                self.notes.append(f"{int(blank.sum())} rows have no {column}: {other} is shown instead.")
                self.frame[column] = self.frame[column].fillna(self.frame[other])

    def numbers(self, *columns: str, low: float = 0, high: float = np.inf) -> None:
        """Parse numbers; refuse rows whose cell is not one, or lies outside ``low`` … ``high``."""
        self.optional(*columns)
        for column in columns:
            text = self.frame[column]
            number = pd.to_numeric(text, errors="coerce").astype(float)
            bad = text.notna() & ~np.isfinite(number)
            within = f"a number from {low:g}" + (f" to {high:g}" if np.isfinite(high) else "")
            outside = (number < low) | (number > high)
            self.refuse(
                bad | outside,
                f"{column} is '{{{column}}}', not {within}",
                f"Write it without separators. {BLANK_IS_UNKNOWN}",
            )
            self.frame[column] = number[self.frame.index]

    def one_of(self, column: str, allowed: Collection[str], default: str | None = None) -> None:
        """Lower the column and refuse rows with another value; blanks become ``default`` or are refused."""
        self.optional(column)
        self.frame[column] = self.frame[column].str.lower()
        if default is None:
            self.required(column)
        else:
            self.frame[column] = self.frame[column].fillna(default)
        problem = f"{column} is '{{{column}}}', which is not known"
        self.refuse(~self.frame[column].isin(list(allowed)), problem, f"Known: {', '.join(allowed)}.")

    def dates(self, *columns: str) -> None:
        """Parse dates written YYYY-MM-DD; refuse rows with another form, or with a year that only stands for "no end"."""
        self.optional(*columns)
        for column in columns:
            day = pd.to_datetime(self.frame[column], format="%Y-%m-%d", errors="coerce")
            bad = self.frame[column].notna() & day.isna()
            self.refuse(
                bad, f"{column} is '{{{column}}}', not a date", f"Write dates as YYYY-MM-DD. {BLANK_IS_UNKNOWN}"
            )
            day = day[self.frame.index]
            self.refuse(
                day.notna() & ~day.dt.year.between(*YEARS),
                f"{column} is '{{{column}}}', which is not from {YEARS[0]} to {YEARS[1]}",
                "Leave the cell blank where there is no such date, or no end.",
            )
            self.frame[column] = day[self.frame.index]

    def clocks(self, *columns: str) -> None:
        """Parse clock times HH:MM to seconds after midnight (36:00 at most); refuse rows with another form or none."""
        for column in columns:
            seconds = self.frame[column].map(_seconds, na_action="ignore").astype(float)
            self.refuse(
                seconds.isna(),
                f"{column} is '{{{column}}}', not a time of day",
                "Write times as HH:MM, from 00:00 to 36:00.",
            )
            self.frame[column] = seconds[self.frame.index]

    def polygons(self) -> None:
        """Keep areas only: make invalid ones valid, refuse those that are empty, endless, no areas, or outside Great Britain."""
        self._finite()
        mended = np.array(self.frame["geometry"], dtype=object)
        invalid = ~shapely.is_valid(mended) & ~shapely.is_missing(mended)
        mended[invalid] = shapely.make_valid(mended[invalid])
        mended = np.array([_areas_of(shape) for shape in mended], dtype=object)
        self.frame["geometry"] = mended
        if invalid.any():
            self.notes.append(f"{int(invalid.sum())} invalid outlines were made valid.")
        self.refuse(shapely.is_missing(mended), "has no polygon", "Draw its outline as a polygon.")
        box = shapely.bounds(np.array(self.frame["geometry"], dtype=object))
        remedy = "Check the file's coordinate reference system and the order of its coordinates."
        self.refuse(
            ~_in_great_britain(box[:, 0], box[:, 1]) | ~_in_great_britain(box[:, 2], box[:, 3]),
            "lies outside Great Britain",
            remedy,
        )

    def _finite(self) -> None:
        """Refuse shapes that have a coordinate which is no number, or so great that no arithmetic holds it."""
        geometry = np.array(self.frame["geometry"], dtype=object)
        xy, row = shapely.get_coordinates(geometry, return_index=True)
        with np.errstate(invalid="ignore"):
            is_finite = (np.abs(xy) <= FARTHEST).all(axis=1)
        endless = np.zeros(len(geometry), dtype=bool)
        endless[row[~is_finite]] = True
        self.refuse(endless, "has coordinates that are no places", "Export it again, or draw it anew.")

    def points(self, *, may_lack: bool) -> None:
        """Set ``geometry`` from ``easting, northing``, ``lon, lat`` or the geofile; refuse rows outside Great Britain.

        Rows without coordinates are kept as missing and reported where ``may_lack``, and refused otherwise.
        """
        if {"easting", "northing"} <= set(self.frame):
            self.numbers("easting", "northing", low=-np.inf)
            x, y = self.frame["easting"].to_numpy(float), self.frame["northing"].to_numpy(float)
        elif {"lon", "lat"} <= set(self.frame):
            self.numbers("lon", low=-180, high=180)
            self.numbers("lat", low=-90, high=90)
            x, y = _TO_GRID.transform(self.frame["lon"].to_numpy(float), self.frame["lat"].to_numpy(float))
        elif "geometry" in self.frame:
            self._finite()
            middle = shapely.point_on_surface(np.array(self.frame["geometry"], dtype=object))
            x, y = shapely.get_x(middle), shapely.get_y(middle)
        else:
            x = y = np.full(len(self.frame), np.nan)
            self.absent.append("lon and lat, or easting and northing")
        x, y = np.where(np.isinf(x), np.nan, x), np.where(np.isinf(y), np.nan, y)
        self.frame = self.frame.assign(_x=x, _y=y)
        missing = self.frame["_x"].isna() | self.frame["_y"].isna()
        remedy = "Fill in lon and lat (degrees) or easting and northing (metres)."
        if may_lack:
            self.doubt(missing, "has no coordinates: it is kept, but not placed.", remedy)
        else:
            self.refuse(missing, "has no coordinates", remedy)
        outside = self.frame["_x"].notna() & ~_in_great_britain(self.frame["_x"], self.frame["_y"])
        self.refuse(
            outside, "lies outside Great Britain", "Check its coordinates; longitude and latitude may be exchanged."
        )
        xy = self.frame[["_x", "_y"]].to_numpy(float)
        points = np.asarray(shapely.points(xy), dtype=object).reshape(-1)
        points[np.isnan(xy).any(axis=1)] = None
        self.frame = self.frame.drop(columns=["_x", "_y"]).assign(geometry=points)


def _seconds(text: str) -> float:
    match = _CLOCK.match(text)
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0) if match else np.nan
    return seconds if seconds <= 36 * 3600 else np.nan


def _in_great_britain(x: np.ndarray | pd.Series, y: np.ndarray | pd.Series) -> np.ndarray:
    west, south, east, north = GREAT_BRITAIN_M
    return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def _areas_of(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """Return the polygons of a shape, without the lines and points that mending may leave, or None."""
    if shape is None or shapely.is_empty(shape):
        return None
    if isinstance(shape, (Polygon, MultiPolygon)):
        return shape
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, (Polygon, MultiPolygon))]
    return shapely.unary_union(parts) if parts else None
