"""Open an area by its id, its profile or its folder, and keep what is built by its digest."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from geo.area import Area
from geo.code import source_digest
from geo.errors import DataError, UnknownName
from geo.manifest import take_stock
from geo.profile import AreaProfile, read_profile
from geo.store import is_area_folder, load_area, save_area
from geo.whole import clear_abandoned

PROJECT = Path(__file__).resolve().parent.parent
PROFILES = PROJECT / "data" / "areas"
BUILT = PROJECT / "build" / "areas"
KEPT_PER_AREA = 4

Progress = Callable[[str, float], None]  # what is being done, and which share of the whole is behind us


def open_area(name_or_path: str | Path, progress: Progress | None = None, built: Path = BUILT) -> Area:
    """Return an area by its id in ``data/areas``, by the path of its profile, or by the folder it was built into.

    What is built from a profile is kept under ``built`` by digest, and built anew when the profile, any file or this package
    has changed. Streets by the name of a place are downloaded when the area is built, not each time it is opened.

    Raises:
        UnknownName: there is no such area. ProfileError, DataError, DateOutsideTimetable: as in :func:`geo.build.build_area`.
    """
    path = Path(name_or_path)
    if is_area_folder(path):
        return load_area(path)
    profile = find_profile(name_or_path)
    manifest, of_files = take_stock(profile)
    if of_files:  # building reports these together with the faults of all other files
        return _built(profile, progress)
    folder = built / f"{profile.area_id}-{manifest.digest[:12]}-{_code_digest()[:6]}"
    if is_area_folder(folder):
        try:
            return load_area(folder)
        except DataError:  # of another version, or damaged: its sources are here, so it is made anew
            pass
    save_area(_built(profile, progress), folder)
    _prune(built, profile.area_id)
    return load_area(folder)


def find_profile(name_or_path: str | Path) -> AreaProfile:
    """Return a profile by the id of its area or by its path (ending in ``.toml``).

    Raises:
        UnknownName: there is no such area. ProfileError: the profile cannot be read.
    """
    if Path(name_or_path).suffix == ".toml":
        return read_profile(Path(name_or_path))
    profiles = area_profiles()
    if str(name_or_path) not in profiles:
        raise UnknownName("area", str(name_or_path), profiles)
    return read_profile(profiles[str(name_or_path)])


def area_profiles(folder: Path = PROFILES) -> dict[str, Path]:
    """Return the path of each profile in ``folder`` by the area's id, which is the file's name."""
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def _built(profile: AreaProfile, progress: Progress | None) -> Area:
    """Build an area. Who opens one that is built waits for nothing that reads other people's files."""
    from geo.build import build_area  # noqa: PLC0415 - half a second of imports

    return build_area(profile, progress)


def _prune(built: Path, area_id: str) -> None:
    """Remove all but the last few areas that were kept under this id, and what killed builds of it left."""
    clear_abandoned(built, area_id)
    name = re.compile(rf"{re.escape(area_id)}-[0-9a-f]{{12}}-[0-9a-f]{{6}}")
    kept = [path for path in built.iterdir() if name.fullmatch(path.name)]
    for path in sorted(kept, key=lambda path: path.stat().st_mtime)[:-KEPT_PER_AREA]:
        shutil.rmtree(path, ignore_errors=True)


@cache
def _code_digest() -> str:
    """Return the sha256 of this package's source: what other code has built is not opened as if this had."""
    return source_digest(PROJECT / "geo")
