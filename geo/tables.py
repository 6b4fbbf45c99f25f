"""Read a CSV or a geofile in one careful way: encoding, size, columns, CRS, and rows numbered as in a spreadsheet."""

from __future__ import annotations

import codecs
import csv
import io
import json
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import DataError, Fault
from geo.profile import AreaProfile, Table
from geo.schemas import BRITISH_GRID, TEXT

MAX_BYTES = 150_000_000
MAX_ROWS = 2_000_000
MAX_COLUMNS = 1_000
GEOFILES = (".geojson", ".json", ".gpkg")
FIRST_ROW = 2  # the header is row 1
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")


@dataclass(frozen=True)
class Rows:
    """The rows of one file under our column names.

    ``frame`` holds text (blank is missing) and, for a geofile, ``geometry`` in EPSG:27700; its index counts rows as a
    spreadsheet does (the header is row 1; the first feature of a geofile is row 2). ``out_of_scope`` rows did not pass
    the profile's ``where``.
    """

    file: str
    frame: pd.DataFrame
    rows_in: int
    out_of_scope: int = 0
    refused: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def read_rows(profile: AreaProfile, table: Table, known: Collection[str], required: Collection[str] = ()) -> Rows:
    """Read ``table``: rename its columns to ours, keep the ``known`` ones, and leave out rows by ``where``.

    Raises:
        DataError: the file is missing, too large, not in one encoding, in no known CRS, or lacks a ``required`` column.
    """
    path = profile.file(table)
    if not path.is_file():
        raise DataError.of(path, "is missing.", "Put the file there, or mend its path in the profile.")
    if path.stat().st_size > MAX_BYTES:
        raise DataError.of(
            path.name, f"has {path.stat().st_size:,} bytes.", f"The limit is {MAX_BYTES:,}: cut it to the area."
        )
    suffix = path.suffix.lower()
    if suffix == ".csv":
        rows = _read_csv(path, table.encoding)
    elif suffix in GEOFILES:
        rows = _read_geofile(path, table)
    else:
        raise DataError.of(path.name, f"ends in '{suffix}'.", f"Tables are read from .csv and {', '.join(GEOFILES)}.")
    return _in_our_names(rows, table, known, required)


def _in_our_names(rows: Rows, table: Table, known: Collection[str], required: Collection[str]) -> Rows:
    """Filter by ``where`` (the file's column names), then rename and select."""
    have = [column for column in rows.frame.columns if column != "geometry"]
    offered = f"The file has: {', '.join(have[:40])}."
    faults = [
        Fault(rows.file, f"has no column '{column}'.", f"{offered} Mend '{part}' in the profile.")
        for part, columns in (("columns", table.columns.values()), ("where", table.where))
        for column in columns
        if column not in have
    ]
    faults += [
        Fault(
            rows.file,
            f"is read without a column '{ours}'.",
            f"Remove it from 'columns' in the profile; known: {', '.join(sorted(known))}.",
        )
        for ours in table.columns
        if ours not in known
    ]
    named = {ours: table.columns.get(ours, ours) for ours in known}
    faults += [
        Fault(
            rows.file,
            f"has no column '{ours}'.",
            f"{offered} Name the one that holds it under 'columns' in the profile.",
        )
        for ours in required
        if ours not in table.columns and ours not in have and ours != "geometry"
    ]
    if faults:
        raise DataError(faults)
    frame = rows.frame
    for column, values in table.where.items():
        frame = frame[frame[column].isin(values)]
    kept = {ours: frame[theirs] for ours, theirs in named.items() if theirs in have}
    if "geometry" in frame:
        kept["geometry"] = frame["geometry"]
    renamed = pd.DataFrame(kept, index=frame.index)
    return Rows(rows.file, renamed, rows.rows_in, len(rows.frame) - len(frame), rows.refused, rows.notes)


def _read_csv(path: Path, encoding: str) -> Rows:
    """Read all records as text; those with too many or too few cells are refused, blank ones noted."""
    records = _records(path, encoding)
    header = [_tidy(cell) for cell in records[0]] if records else []
    for mark, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in records[0][0]:
            raise DataError.of(
                path.name, f"has {called} between its cells.", "Save it as CSV with commas between them.", row=1
            )
    if not any(header):
        raise DataError.of(path.name, "has no header.", "The first row must name the columns.", row=1)
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise DataError.of(
            path.name, f"names a column twice: {', '.join(twice)}.", "Give each column its own name.", row=1
        )
    if len(header) > MAX_COLUMNS or len(records) > MAX_ROWS:
        remedy = f"The limits are {MAX_COLUMNS:,} and {MAX_ROWS:,}: cut it to the area."
        raise DataError.of(path.name, f"has {len(header):,} columns and {len(records):,} rows.", remedy)
    good, numbers, refused, blank = [], [], [], 0
    for number, record in enumerate(records[1:], FIRST_ROW):
        cells = [_tidy(cell) for cell in record]
        if not any(cells):
            blank += 1
        elif len(cells) != len(header):
            problem = f"has {len(cells)} cells where the header has {len(header)}; the row was refused."
            refused.append(Fault(path.name, problem, "Put quotation marks round cells that hold a comma.", number))
        else:
            good.append(cells)
            numbers.append(number)
    frame = pd.DataFrame(good, columns=header, index=pd.Index(numbers, name="row", dtype="int64"), dtype=TEXT)
    notes = (f"{blank} blank rows were passed over.",) if blank else ()
    return Rows(path.name, frame.mask(frame == ""), len(good) + len(refused), refused=tuple(refused), notes=notes)


def _records(path: Path, encoding: str) -> list[list[str]]:
    """Decode and split a file; every record that is not in ``encoding`` is a fault that shows its bytes."""
    try:
        encoding = codecs.lookup(encoding).name
        encoding = "utf-8-sig" if encoding == "utf-8" else encoding
        content = path.read_bytes()
        if encoding.startswith("utf-8") and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            remedy = "Save it as 'CSV UTF-8', or set its 'encoding' in the profile to 'utf-16'."
            raise DataError.of(path.name, "is in UTF-16, as some programs save text.", remedy)
        text = content.decode(encoding, errors="surrogateescape")
    except (LookupError, ValueError) as error:
        raise DataError.of(
            path.name, f"cannot be read as '{_tidy(encoding)}': {error}.", "Set its 'encoding' in the profile."
        ) from None
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise DataError.of(
            path.name, f"is not a CSV file: {error}.", "Save it anew as CSV with a comma between cells."
        ) from None
    faults = []
    for number, record in enumerate(records, 1):
        strange = bytes(ord(c) - 0xDC00 for c in "".join(record) if "\udc80" <= c <= "\udcff")
        if strange or any("\0" in cell for cell in record):
            shown = strange[:8].hex(" ") or "00"
            remedy = "Save the whole file as UTF-8, or set its 'encoding' in the profile ('cp1252' if from Windows)."
            faults.append(
                Fault(
                    path.name,
                    f"holds bytes that are not {encoding.removesuffix('-sig').upper()}: {shown}.",
                    remedy,
                    number,
                )
            )
    if faults:
        raise DataError(faults)
    return records


def _read_geofile(path: Path, table: Table) -> Rows:
    """Read all features, their attributes as text and their geometry in EPSG:27700."""
    _check_content(path)
    own_crs = _geojson_crs(path) if path.suffix.lower() != ".gpkg" else None
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always", RuntimeWarning)
            features = _features(path, table.layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise DataError.of(
            path.name, f"cannot be read: {error}.", "Check that the file is whole, and its 'layer' in the profile."
        ) from None
    if not isinstance(features, gpd.GeoDataFrame):
        raise DataError.of(path.name, "holds no geometry.", "Save it with its geometry, or as CSV with coordinates.")
    crs = _crs(path, table.crs, own_crs or features.crs, is_said=own_crs is not None or path.suffix.lower() == ".gpkg")
    geometry = features.geometry.set_crs(crs, allow_override=True).to_crs(BRITISH_GRID)
    attributes = pd.DataFrame(features.drop(columns=features.geometry.name))
    frame = attributes.map(lambda value: _tidy(str(value)) or None, na_action="ignore").astype(TEXT)
    frame["geometry"] = geometry
    frame.index = pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(frame), name="row")
    said = dict.fromkeys(_tidy(str(warning.message))[:200] for warning in heard)
    return Rows(path.name, frame, len(frame), notes=tuple(f"While it was read: {warning}." for warning in said))


def _features(path: Path, layer: str | None) -> pd.DataFrame:
    """Read a layer; whole numbers stay whole where some are missing, so that 7 is the code '7' and not '7.0'."""
    layer = layer or _only_layer(path)
    info = pyogrio.read_info(path, layer=layer)
    if info["features"] > MAX_ROWS or len(info["fields"]) > MAX_COLUMNS:
        raise DataError.of(
            path.name, f"has {info['features']:,} features.", f"The limit is {MAX_ROWS:,}: cut it to the area."
        )
    features = pyogrio.read_dataframe(path, layer=layer)
    whole = [
        name for name, kind in zip(info["fields"], info["dtypes"], strict=True) if kind.startswith(("int", "uint"))
    ]
    return features.astype({name: "Int64" for name in whole if features[name].dtype.kind == "f"})


def _check_content(path: Path) -> None:
    """Refuse a file that is not what its name says: GDAL goes by content, and some formats make it read other files."""
    with path.open("rb") as file:
        start = file.read(64).removeprefix(codecs.BOM_UTF8).lstrip()
    is_right = (
        start.startswith(b"SQLite format 3\0") if path.suffix.lower() == ".gpkg" else start.startswith((b"{", b"["))
    )
    if not is_right:
        raise DataError.of(path.name, "is not what its ending says.", "Save it as GeoPackage (.gpkg) or GeoJSON.")


def _only_layer(path: Path) -> str:
    layers = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    if len(layers) != 1:
        raise DataError.of(
            path.name,
            f"has {len(layers)} layers: {', '.join(layers)}.",
            "Name the one meant as 'layer' in the profile.",
        )
    return layers[0]


def _geojson_crs(path: Path) -> CRS | None:
    """Return what the legacy ``crs`` member says; None without one. GDAL takes unknown names for EPSG:4326."""
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError.of(path.name, f"is not a whole GeoJSON file: {error}.", "Fetch or export it again.") from None
    member = content.get("crs") if isinstance(content, dict) else None
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    try:
        return CRS.from_user_input(str(name))
    except CRSError:
        problem = f"is in a coordinate reference system that is not known: '{name}'."
        raise DataError.of(path.name, problem, "Save it in EPSG:27700 or EPSG:4326 (longitude, latitude).") from None


def _crs(path: Path, said_by_profile: str | None, found: CRS | None, is_said: bool) -> CRS:
    """Return the CRS of a file: its own, or the profile's where the file does not say."""
    wanted = None
    if said_by_profile:
        try:
            wanted = CRS.from_user_input(said_by_profile)
        except CRSError:
            raise DataError.of(
                path.name, f"has an unknown 'crs' in the profile: '{said_by_profile}'.", "Write it like EPSG:27700."
            ) from None
    if found is None and wanted is None:
        raise DataError.of(
            path.name, "does not say its coordinate reference system.", "Set its 'crs' in the profile, like EPSG:27700."
        )
    own = CRS.from_user_input(found) if found is not None and (is_said or wanted is None) else None
    if own is not None and own.name.startswith(("Undefined", "Unknown")):
        own = None
        if wanted is None:
            raise DataError.of(
                path.name,
                "is in an undefined coordinate reference system.",
                "Set its 'crs' in the profile, like EPSG:27700.",
            )
    if own is not None and wanted is not None and own != wanted:
        raise DataError.of(
            path.name,
            f"says that it is in {own.name}, the profile says {wanted.name}.",
            "Remove 'crs' from the profile.",
        )
    chosen = own if own is not None else wanted
    assert chosen is not None
    return chosen


def _tidy(cell: str) -> str:
    """Return the text without the white space around it; control characters, which a terminal might obey, become blanks."""
    return cell.translate(_CONTROLS).strip()


def listed(values: Sequence[object], most: int = 10) -> str:
    """Return the first ``most`` values in words, and how many more there are."""
    shown = ", ".join(map(str, values[:most]))
    return shown + (f" and {len(values) - most} more" if len(values) > most else "")
