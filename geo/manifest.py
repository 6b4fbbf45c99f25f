"""The manifest: for each source its file, licence, attribution, vintage and sha256. It is the only way to a file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from geo.errors import Fault, reason
from geo.profile import AreaProfile, Place, Source
from geo.words import Language

MAX_FILE_BYTES = 2_000_000_000
PRIVATE = "zones.extra"  # may hold counts of people that must not be worked out


@dataclass(frozen=True)
class Entry:
    """One source file as it was when the area was built."""

    name: str
    path: Path | None  # None: fetched by the name of a place when the area was built
    size_bytes: int
    sha256: str  # of the file's bytes, or of what was fetched
    licence: str
    attribution: str
    attribution_cy: str | None
    vintage: str


@dataclass(frozen=True)
class Manifest:
    """All sources of an area, and the digests that name them together with the profile.

    ``digest`` names every file, and what is kept on this machine is kept by it. It is not published: whoever knows all files but one
    could try small counts in that one until the digest fits. ``public_digest`` leaves out what a table of a user's own holds
    (``zones.extra``); its vintage is still in it.
    """

    entries: tuple[Entry, ...]
    digest: str
    public_digest: str

    def changed_by(self, said: str) -> Manifest:
        """Return the manifest of an area that was changed as ``said``, so that nothing made of it is taken for the data's."""
        return replace(self, digest=_sha256(self.digest, said), public_digest=_sha256(self.public_digest, said))

    def with_download(self, name: str, sha256: str) -> Manifest:
        """Return the manifest after the source ``name``, which has no file, was fetched: another state of it gives other digests."""
        entries = tuple(replace(entry, sha256=sha256) if entry.name == name else entry for entry in self.entries)
        return replace(self.changed_by(f"{name} {sha256}"), entries=entries)

    def attributions(self) -> tuple[str, ...]:
        """Each attribution once, in the order of the sources, in English: what has no language of its own carries these."""
        return tuple(said for said, _ in self.attributions_in("en"))

    def attributions_in(self, language: Language) -> tuple[tuple[str, Language], ...]:
        """Each attribution once, in the order of the sources, and the language that it is in.

        That is English where Welsh is asked for and no source that says the same in English gives it in Welsh.
        """
        welsh = {entry.attribution: entry.attribution_cy for entry in self.entries if entry.attribution_cy}
        once = dict.fromkeys(entry.attribution for entry in self.entries)
        return tuple((welsh[said], "cy") if language == "cy" and said in welsh else (said, "en") for said in once)


def take_stock(profile: AreaProfile) -> tuple[Manifest, dict[str, Fault]]:
    """Find and hash every file that ``profile`` names.

    Returns:
        The manifest of the files that can be used, and by the source's name the fault of each that is missing, unreadable, too
        large, or not the one whose sha256 the profile gives. An area is built only where there is no fault.
    """
    entries: list[Entry] = []
    faults: dict[str, Fault] = {}
    for name, source in profile.sources().items():
        try:
            found = _examine(name, source, profile.file(source))
        except (OSError, ValueError) as error:
            found = cannot_be_used(name, source, error)
        if isinstance(found, Fault):
            faults[name] = found
        else:
            entries.append(found)
    if isinstance(profile.streets, Place):
        place = profile.streets
        entries.append(Entry("streets", None, 0, "", *_thanks(place)))
    said = profile.model_dump(mode="json")
    hashes = [(entry.name, entry.sha256) for entry in entries]
    digest = _sha256(said, hashes)
    if profile.zones.extra:
        said["zones"]["extra"] = {**said["zones"]["extra"], "sha256": None}
    public = _sha256(said, [(name, sha256) for name, sha256 in hashes if name != PRIVATE])
    return Manifest(tuple(entries), digest, public), faults


def _sha256(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def cannot_be_used(name: str, source: Source, error: Exception) -> Fault:
    """Return the fault of a source whose path or file the system refuses."""
    path = "".join(character if character.isprintable() else "?" for character in source.path[:100])
    return Fault(
        path, f"cannot be used ({name}): {reason(error)}.", "Mend its path in the profile, or its permissions."
    )


def _examine(name: str, source: Source, path: Path) -> Entry | Fault:
    if not path.is_file():
        return Fault(str(path), f"is missing ({name}).", "Put the file there, or mend its path in the profile.")
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        remedy = f"The limit is {MAX_FILE_BYTES:,}: cut it to the area."
        return Fault(path.name, f"has {size:,} bytes ({name}).", remedy)
    sha256 = file_sha256(path)
    if source.sha256 and source.sha256 != sha256:
        problem = f"is not the file that the profile means ({name}): its sha256 is {sha256}."
        return Fault(path.name, problem, "Fetch the right file, or update the profile.")
    return Entry(name, path, size, sha256, *_thanks(source))


def _thanks(source: Source | Place) -> tuple[str, str, str | None, str]:
    return source.licence, source.attribution, source.attribution_cy, source.vintage


def file_sha256(path: Path) -> str:
    """Return the sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
