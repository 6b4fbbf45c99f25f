"""Keep an area in a folder and load it again: Parquet for tables, plain arrays for the rest, never a pickle."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.area import Area
from geo.errors import CyrraeddError, DataError, Fault
from geo.manifest import Entry, Manifest, file_sha256
from geo.profile import AreaProfile
from geo.quality import QualityReport, SourceQuality
from geo.streets.graph import STREET_MODES, StreetGraph
from geo.timetable.model import Timetable
from geo.whole import whole_folder

FORMAT = 12
HEAD = "area.json"  # written last: a folder without it is not an area
GEO_TABLES = ("zones", "origins", "footprints", "practices", "venues", "demand_responsive", "places", "main_roads")
TABLES = ("zone_footprints", "activities", "sessions", "posts")
TIMETABLE_GEO_TABLES = ("stops", "lines")
TIMETABLE_TABLES = ("routes", "trips")
_BUILD_AGAIN = "Build it again: python -m geo build PROFILE --out DIR."


def save_area(area: Area, folder: Path) -> None:
    """Write ``area`` to ``folder``, whole or not at all; an area that stands there is replaced.

    Raises:
        CyrraeddError: as :func:`check_folder`.
    """
    folder = folder.resolve()
    check_folder(folder)
    with whole_folder(folder) as whole:
        _write(area, whole)


def check_folder(folder: Path) -> None:
    """Check, without writing, that an area can be put in ``folder``.

    Raises:
        CyrraeddError: ``folder`` exists and is something else than an area, or its parents cannot be written to.
    """
    folder = folder.resolve()
    if folder.exists() and not is_area_folder(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise CyrraeddError(f"{folder} exists and is not an area. Choose another folder, or remove what is there.")
    above = next(path for path in folder.parents if path.exists())
    if not above.is_dir() or not os.access(above, os.W_OK | os.X_OK):
        raise CyrraeddError(f"{folder} cannot be made: {above} cannot be written to. Choose another folder.")


def is_area_folder(folder: Path) -> bool:
    """Whether ``folder`` holds an area that was written whole."""
    return (folder / HEAD).is_file()


def load_area(folder: Path) -> Area:
    """Return the area that :func:`save_area` wrote to ``folder``.

    Raises:
        DataError: it is not an area, was written by another version, or a file of it is missing or was changed.
    """
    try:
        head = json.loads((folder / HEAD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError.of(folder, "holds no area.", _BUILD_AGAIN) from None
    except ValueError:
        raise DataError.of(folder / HEAD, "is damaged.", _BUILD_AGAIN) from None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise DataError.of(folder, "was written by another version of Cyrraedd.", _BUILD_AGAIN)
    try:
        said: dict[str, Any] = {
            "profile": AreaProfile.model_validate(head["profile"] | {"folder": Path(head["folder"])}),
            "manifest": _manifest(head["manifest"]),
            "quality": _quality(head["quality"]),
        }
        first_date, timezone = date.fromisoformat(head["timetable"]["first_date"]), str(head["timetable"]["timezone"])
        files = dict(head["files"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DataError.of(folder / HEAD, "is damaged.", _BUILD_AGAIN) from error
    _check_files(folder, files)
    said |= {name: gpd.read_parquet(folder / f"{name}.parquet") for name in GEO_TABLES}
    said |= {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    return Area(
        streets={mode: _read_graph(folder / f"streets_{mode}.npz") for mode in STREET_MODES},
        timetable=_read_timetable(folder, first_date, timezone),
        **said,
    )


def _write(area: Area, folder: Path) -> None:
    for name in (*GEO_TABLES, *TABLES):
        getattr(area, name).to_parquet(folder / f"{name}.parquet")
    for name in (*TIMETABLE_GEO_TABLES, *TIMETABLE_TABLES):
        getattr(area.timetable, name).to_parquet(folder / f"timetable_{name}.parquet")
    for mode, graph in area.streets.items():
        np.savez(folder / f"streets_{mode}.npz", mode=_packed(graph.mode), names=_packed(graph.names), **_arrays(graph))
    np.savez(folder / "timetable.npz", **_arrays(area.timetable))
    head = {
        "format": FORMAT,
        "digest": area.digest,
        "profile": area.profile.model_dump(mode="json"),
        "folder": str(area.profile.folder),
        "manifest": asdict(area.manifest),
        "quality": asdict(area.quality),
        "timetable": {"first_date": area.timetable.first_date.isoformat(), "timezone": area.timetable.timezone},
        "files": {path.name: file_sha256(path) for path in sorted(folder.iterdir())},
    }
    (folder / HEAD).write_text(json.dumps(head, ensure_ascii=False, indent=1, default=str), encoding="utf-8")


def _check_files(folder: Path, files: dict[str, str]) -> None:
    """Compare every file that an area consists of with its digest; only these names are ever opened."""
    names = [f"{name}.parquet" for name in (*GEO_TABLES, *TABLES)]
    names += [f"timetable_{name}.parquet" for name in (*TIMETABLE_GEO_TABLES, *TIMETABLE_TABLES)]
    names += [f"streets_{mode}.npz" for mode in STREET_MODES] + ["timetable.npz"]
    faults = []
    for name in names:
        if not (folder / name).is_file():
            faults.append(Fault(str(folder / name), "is missing.", _BUILD_AGAIN))
        elif files.get(name) != file_sha256(folder / name):
            faults.append(Fault(str(folder / name), "was changed after the area was built.", _BUILD_AGAIN))
    if faults:
        raise DataError(faults)


def _arrays(value: StreetGraph | Timetable) -> dict[str, Any]:
    """Return the fields that are plain arrays, by name."""
    return {f.name: getattr(value, f.name) for f in fields(value) if isinstance(getattr(value, f.name), np.ndarray)}


def _packed(value: object) -> np.ndarray:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), dtype=np.uint8)


def _unpacked(array: np.ndarray) -> Any:
    return json.loads(array.tobytes())


def _read_graph(path: Path) -> StreetGraph:
    with np.load(path, allow_pickle=False) as file:
        arrays: dict[str, Any] = {f.name: file[f.name] for f in fields(StreetGraph)}
    arrays |= {"mode": _unpacked(arrays["mode"]), "names": tuple(_unpacked(arrays["names"]))}
    return StreetGraph(**arrays)


def _read_timetable(folder: Path, first_date: date, timezone: str) -> Timetable:
    with np.load(folder / "timetable.npz", allow_pickle=False) as file:
        arrays: dict[str, Any] = {name: file[name] for name in file.files}
    readers: dict[str, Callable[..., pd.DataFrame]] = dict.fromkeys(TIMETABLE_GEO_TABLES, gpd.read_parquet)
    readers |= dict.fromkeys(TIMETABLE_TABLES, pd.read_parquet)
    tables: dict[str, Any] = {name: read(folder / f"timetable_{name}.parquet") for name, read in readers.items()}
    return Timetable(**arrays, **tables, first_date=first_date, timezone=timezone)


def _manifest(said: dict[str, Any]) -> Manifest:
    entries = [Entry(**{**entry, "path": Path(entry["path"]) if entry["path"] else None}) for entry in said["entries"]]
    return Manifest(tuple(entries), said["digest"], said["public_digest"])


def _quality(said: dict[str, Any]) -> QualityReport:
    sources = []
    for source in said["sources"]:
        faults = {part: tuple(Fault(**fault) for fault in source[part]) for part in ("refused", "doubts")}
        sources.append(SourceQuality(**{**source, **faults, "notes": tuple(source["notes"])}))
    return QualityReport(tuple(sources), tuple(said["findings"]))
