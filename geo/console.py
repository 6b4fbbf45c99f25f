"""What both command lines share: progress on stderr, errors as one message, tables written whole or not at all."""

from __future__ import annotations

import atexit
import gc
import re
import sys
import time
from collections.abc import Callable
from functools import wraps
from io import TextIOWrapper
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
import geopandas as gpd
import pandas as pd
import pyogrio

from geo.errors import CyrraeddError, reason

P = ParamSpec("P")
R = TypeVar("R")

SILENT_S = 2.0
GARBAGE_AFTER = 100_000  # objects; the interpreter looks for it after 700
WELSH = "ŵŷ–·"
_NUMBER = re.compile(r"[+-][0-9]+(\.[0-9]+)?")
WRITTEN_AT = (
    "2000-01-01T00:00:00.000Z"  # stands in every GeoPackage: the hour of writing would make each file another one
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_welsh() -> None:
    """Write UTF-8 where the system's own encoding has no ŵ and ŷ, as when output is sent to a file on Windows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            try:
                WELSH.encode(stream.encoding)
            except UnicodeEncodeError:
                stream.reconfigure(encoding="utf-8")


def look_for_little_garbage() -> None:
    """Look for garbage rarely, and not once more at the end: nearly all that a command makes, modules first, stays while it runs.

    Looking through it again and again was a third of the time of a command of two seconds.
    """
    gc.set_threshold(GARBAGE_AFTER, 10, 10)
    atexit.register(gc.freeze)


class Progress:
    """Says on stderr what is being done, once it has taken over two seconds; call it with a step and the share done."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._said = ""

    def __call__(self, step: str, share: float) -> None:
        """Take note of a step and the share of the whole that is behind."""
        if time.monotonic() - self._began > SILENT_S and step != self._said:
            click.echo(f"{share:4.0%}  {step}", err=True)
            self._said = step


def tell_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Make a command end with one clear message and exit code 1 where a :class:`CyrraeddError` or the system stops it."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except CyrraeddError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(1)
        except BrokenPipeError:  # who reads our output has seen enough: click ends quietly
            raise
        except OSError as error:
            where = f" {error.filename}" if error.filename else ""
            click.echo(f"Error: Cannot read or write{where}: {reason(error)}.", err=True)
            sys.exit(1)

    return told


def neutralise(text: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run as a formula; a plain number, such as the id -1, is none."""
    is_formula = isinstance(text, str) and text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def write_table(table: pd.DataFrame, path: Path, statement: str) -> None:
    """Write a table as the file's ending says: ``.csv``, ``.parquet``, or ``.gpkg`` for one with geometry; whole or not at all.

    A CSV has texts that could run as formulas neutralised. ``statement`` (the digest of the request, and what the area
    must say of itself) is stored in the metadata of Parquet and GeoPackage and, but for Parquet, in a file beside it (``<name>.digest``).
    The same table and statement give the same bytes.

    Raises:
        CyrraeddError: the ending is none of these, the table has no geometry for a GeoPackage, or the folder is missing.
    """
    if not path.parent.is_dir():
        raise CyrraeddError(f"There is no folder {path.parent}. Make it, or choose another.")
    ending = path.suffix.lower()
    partial = path.with_name(f".{path.name}.partial{ending}")
    try:
        if ending == ".csv":
            plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore"))
            texts = plain.select_dtypes(exclude="number").columns
            plain[texts] = plain[texts].map(neutralise)
            plain.to_csv(partial, index=False, encoding="utf-8", lineterminator="\n")
        elif ending == ".parquet":
            plain = table.copy()
            plain.attrs = {"statement": statement}
            plain.to_parquet(partial, index=False)
        elif ending == ".gpkg" and isinstance(table, gpd.GeoDataFrame):
            _write_geopackage(table, partial, path.stem, statement)
        else:
            kinds = ".csv, .parquet or .gpkg" if isinstance(table, gpd.GeoDataFrame) else ".csv or .parquet"
            raise CyrraeddError(f"'{path.name}' must end in {kinds}.")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    if ending != ".parquet":
        path.with_name(f"{path.name}.digest").write_text(f"{statement}\n", encoding="utf-8")


def _write_geopackage(table: gpd.GeoDataFrame, path: Path, layer: str, statement: str) -> None:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": WRITTEN_AT})
    try:
        table.to_file(path, layer=layer, driver="GPKG", engine="pyogrio", dataset_metadata={"statement": statement})
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
