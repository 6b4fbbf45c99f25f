"""Open a GTFS zip as what it may be, hostile, and read its tables as text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from geo.timetable.ledger import FIRST_RECORD_ROW, Ledger

MAX_MEMBERS = 200
MAX_TABLE_BYTES = 1_000_000_000
MAX_INFLATION = 200  # bytes out for each byte in; timetables pack to a tenth or a twentieth
SMALL_BYTES = 10_000_000  # below this the rate of inflation does no harm
LONGEST_CELL_LINES = 10  # a name or an address may run over a few lines
WORDED = ("agency.txt", "stops.txt", "routes.txt", "trips.txt")  # elsewhere no cell has reason to hold a line's end
_BLANKS = bytes(
    b if b in b"\n\r" or (b >= 32 and b != 127) else 32 for b in range(256)
)  # a terminal might obey the others
_C1 = re.compile(rb"\xc2[\x80-\x9f]")  # in UTF-8, control characters too


BETWEEN_STOPS = ("continuous_pickup", "continuous_drop_off")  # of routes, and of calls until the next one


@dataclass(frozen=True)
class _Columns:
    needed: tuple[str, ...]
    taken: tuple[str, ...] = ()
    is_required: bool = True


TABLES = {
    "agency.txt": _Columns(("agency_name", "agency_timezone"), ("agency_id",)),
    "stops.txt": _Columns(
        ("stop_id", "stop_lat", "stop_lon"), ("stop_name", "location_type", "parent_station", "wheelchair_boarding")
    ),
    "routes.txt": _Columns(
        ("route_id", "route_type"), ("agency_id", "route_short_name", "route_long_name", *BETWEEN_STOPS)
    ),
    "trips.txt": _Columns(
        ("trip_id", "route_id", "service_id"), ("trip_headsign", "shape_id", "wheelchair_accessible", "block_id")
    ),
    "stop_times.txt": _Columns(
        ("trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"), ("pickup_type", "drop_off_type", *BETWEEN_STOPS)
    ),
    "calendar.txt": _Columns(
        ("service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "start_date", "end_date"),
        is_required=False,
    ),
    "calendar_dates.txt": _Columns(("service_id", "date", "exception_type"), is_required=False),
    "frequencies.txt": _Columns(
        ("trip_id", "start_time", "end_time", "headway_secs"), ("exact_times",), is_required=False
    ),
    "transfers.txt": _Columns(
        ("transfer_type",),
        ("from_stop_id", "to_stop_id", "min_transfer_time", "from_route_id", "to_route_id", "from_trip_id", "to_trip_id"),
        is_required=False,
    ),
    "pathways.txt": _Columns(
        ("from_stop_id", "to_stop_id", "pathway_mode", "is_bidirectional"),
        ("length", "traversal_time", "stair_count", "max_slope", "min_width"),
        is_required=False,
    ),
    "shapes.txt": _Columns(
        ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"), is_required=False
    ),
}  # fmt: skip


def read_tables(ledger: Ledger) -> dict[str, pd.DataFrame]:
    """Return each known table of the feed with all its columns as trimmed text; columns and tables that lack are empty.

    What makes the feed unusable is written to ``ledger.fatal``: then the tables returned are incomplete and not to be used.
    """
    try:
        with zipfile.ZipFile(ledger.path) as archive:
            members = _members(archive, ledger)
            if ledger.fatal:
                return {}
            tables = {name: _read(archive, members.get(name), name, ledger) for name in TABLES}
    except FileNotFoundError:
        ledger.stop("", "is missing.", "Put the feed there, or mend its path in the profile.")
        return {}
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError) as error:
        ledger.stop(
            "", f"cannot be opened as a zip ({error}).", "Fetch the feed again; it must be a plain, complete zip."
        )
        return {}
    if not members.keys() & {"calendar.txt", "calendar_dates.txt"}:
        ledger.stop(
            "", "has neither calendar.txt nor calendar_dates.txt.", "Fetch a feed that says on which dates it runs."
        )
    return tables


def _members(archive: zipfile.ZipFile, ledger: Ledger) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        ledger.stop("", f"holds {len(infos):,} files.", f"A feed has at most {MAX_MEMBERS}: this is not one.")
        return {}
    found = {info.filename: info for info in infos}
    nested = sorted(n for n in found if "/" in n and n.rsplit("/", 1)[1] in TABLES)
    if nested and "stop_times.txt" not in found:
        ledger.stop("", f"keeps its tables in a folder ({nested[0]}).", "Zip the tables themselves, without a folder.")
    return found


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None, name: str, ledger: Ledger) -> pd.DataFrame:
    columns = TABLES[name]
    if info is None:
        if columns.is_required:
            ledger.stop(name, "is missing from the feed.", "Fetch the feed again, complete.")
        return pd.DataFrame(columns=[*columns.needed, *columns.taken], dtype="str")
    too_dense = info.file_size > SMALL_BYTES and info.file_size > MAX_INFLATION * max(info.compress_size, 1)
    if info.file_size > MAX_TABLE_BYTES:
        remedy = f"The limit is {MAX_TABLE_BYTES:,}: cut the feed to the area."
        ledger.stop(name, f"unpacks to {info.file_size:,} bytes.", remedy)
        return pd.DataFrame()
    if too_dense:
        problem = f"unpacks from {info.compress_size:,} to {info.file_size:,} bytes, as no timetable does."
        ledger.stop(
            name, problem, f"The limit is {MAX_INFLATION} times: look at what it holds, and fetch the feed again."
        )
        return pd.DataFrame()
    content = archive.read(info).removeprefix(b"\xef\xbb\xbf")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        ledger.stop(name, "is not UTF-8, the encoding GTFS asks for.", "Save the table as UTF-8.", row)
        return pd.DataFrame()
    return _parse(_C1.sub(b" ", content.translate(_BLANKS)), name, ledger)


def _parse(content: bytes, name: str, ledger: Ledger) -> pd.DataFrame:
    head, _, body = content.partition(b"\n")
    header = [cell.strip().strip('"').strip() for cell in head.decode("utf-8").split(",")]
    columns = [*TABLES[name].needed, *TABLES[name].taken]
    if not _is_whole(header, name, ledger):
        return pd.DataFrame()
    present = [c for c in columns if c in header]
    try:
        texts, skipped, blank = (
            _cells(body, header, present)
            if body.strip()
            else (pa.table({c: pa.array([], pa.string()) for c in present}), [], [])
        )
    except pa.ArrowInvalid as error:
        if not _stops_at_quote(body, name, ledger):
            ledger.stop(name, f"cannot be read as a table ({str(error)[:200]}).", "Mend the row named.")
        return pd.DataFrame()
    frame = texts.to_pandas().reindex(columns=columns, fill_value="").astype("str")
    n_records = len(frame) + len(skipped) + len(blank)
    if body.strip() and n_records != _count_lines(body):
        if _stops_at_quote(body, name, ledger):
            return pd.DataFrame()
        frame = frame.apply(lambda cells: cells.str.replace(r"[\r\n]+", " ", regex=True))
    if skipped or blank:  # so that rows keep their numbers
        frame.index = pd.Index(np.setdiff1d(np.arange(n_records), [*skipped, *blank]))
        ledger.refuse(name, np.array(skipped), "has more or fewer cells than the header.", "Mend the row.")
    return _without_blank(frame, len(blank), len(skipped), name, ledger)


def _is_whole(header: list[str], name: str, ledger: Ledger) -> bool:
    """Whether a header has each column that is needed, and each that we take once."""
    lacking = [c for c in TABLES[name].needed if c not in header]
    twice = [c for c in (*TABLES[name].needed, *TABLES[name].taken) if header.count(c) > 1]
    for column in lacking:
        ledger.stop(name, f"lacks the column {column}.", "Fetch a feed that has it.", 1)
    for column in twice:
        ledger.stop(name, f"has the column {column} more than once.", "Keep one of them.", 1)
    return not lacking and not twice


def _without_blank(frame: pd.DataFrame, n_blank: int, n_skipped: int, name: str, ledger: Ledger) -> pd.DataFrame:
    """Count the rows that hold something, and pass over the others."""
    first = frame.columns[0]  # rows are many, blank ones few
    maybe = frame[frame[first] == ""]
    empty = maybe.index[(maybe == "").all(axis=1)]
    ledger.rows_in[name] = len(frame) - len(empty) + n_skipped
    if n_blank + len(empty):
        ledger.note(f"{name}: {n_blank + len(empty):,} blank rows were passed over.")
    return frame.drop(index=empty) if len(empty) else frame


def _count_lines(body: bytes) -> int:
    return body.count(b"\n") + body.count(b"\r") - body.count(b"\r\n") + (not body.endswith((b"\n", b"\r")))


def _stops_at_quote(body: bytes, name: str, ledger: Ledger) -> bool:
    """Whether a quotation mark swallows rows after it, which stops the feed; few lines together may make a record."""
    text = np.frombuffer(body, np.uint8)
    line_of_mark = np.searchsorted(np.flatnonzero(text == ord("\n")), np.flatnonzero(text == ord('"')))
    odd = np.flatnonzero(np.bincount(line_of_mark) % 2)  # here a quoted cell opens, and in the next of them it ends
    opens, ends = odd[::2], np.append(odd[1::2], _count_lines(body) + LONGEST_CELL_LINES)[: len(odd[::2])]
    stray = opens[ends - opens > (LONGEST_CELL_LINES if name in WORDED else 0)]
    if len(stray):
        problem = "has a quotation mark that opens a cell which does not end there: the rows after it would be lost."
        remedy = "Remove the mark, or write it twice within a quoted cell."
        ledger.stop(name, problem, remedy, int(stray[0]) + FIRST_RECORD_ROW)
    return len(stray) > 0


def _cells(body: bytes, header: list[str], wanted: list[str]) -> tuple[pa.Table, list[int], list[int]]:
    """Return the wanted columns as trimmed text, and which records (from 0) were left out.

    The first list is of those whose cells are not as many as the header's, the second of lines of white space.
    """
    skipped: list[int] = []
    blank: list[int] = []

    def skip(row: pa_csv.InvalidRow) -> str:
        is_blank = row.text is not None and not row.text.strip()
        (blank if is_blank else skipped).append(row.number - 1)
        return "skip"

    unique = [f"{i}:{cell}" for i, cell in enumerate(header)]
    found = [unique[header.index(c)] for c in wanted]
    table = pa_csv.read_csv(
        io.BytesIO(body),
        pa_csv.ReadOptions(use_threads=False, column_names=unique),
        pa_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip),
        pa_csv.ConvertOptions(column_types=dict.fromkeys(found, pa.string()), include_columns=found, null_values=[]),
    )
    columns = {c: pc.utf8_trim_whitespace(table.column(u)) for c, u in zip(wanted, found, strict=True)}
    return pa.table(columns), skipped, blank


def note_hail_and_ride(frame: pd.DataFrame, table: str, what: str, ledger: Ledger) -> None:
    """Note the rows, called ``what``, from which on one may get on or off between stops: they are read as if one could not."""
    count = int(frame[list(BETWEEN_STOPS)].isin(["0", "2", "3"]).any(axis=1).sum())
    if count:
        ledger.note(
            f"{table}: {count:,} {what} let one get on or off between stops (hail and ride), which is not modelled: "
            "vehicles are boarded and left at stops alone."
        )


def positions(values: pd.Series, known: pd.Series) -> NDArray[np.int64]:
    """Return where each of ``values`` stands in ``known``, -1 where it does not."""
    found = pc.index_in(pa.array(values, pa.string()), value_set=pa.array(known, pa.string()))
    return found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def whole_numbers(values: pd.Series, blank: int) -> NDArray[np.int64]:
    """Return ``values`` as whole numbers of 0 and more: ``blank`` where there is none, -1 where it is not such a number."""
    codes, texts = pd.factorize(values)
    numbers = [blank if not t else int(t) if t.isascii() and t.isdigit() and len(t) < 10 else -1 for t in texts]
    return np.array(numbers, np.int64)[codes] if len(texts) else np.empty(0, np.int64)
