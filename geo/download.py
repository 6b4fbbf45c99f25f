"""Fetch the sources whose profile gives a ``url`` into their places; the only part of the product that uses the internet on purpose."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from geo.errors import DataError, Fault
from geo.manifest import MAX_FILE_BYTES, cannot_be_used, file_sha256
from geo.profile import VARIABLE, AreaProfile, Source

CHUNK_BYTES = 1 << 20
PATIENCE_S = 60.0
OWN_VARIABLES = "CYRRAEDD_"  # a profile from elsewhere could name HOME, which the user has not set for this
Opener = Callable[[str], AbstractContextManager[IO[bytes]]]


class _StayOnHttps(HTTPRedirectHandler):
    """Follows redirects only to https."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        if urlsplit(newurl).scheme != "https":
            raise URLError(f"it is redirected away from https, to {newurl}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def open_https(url: str) -> AbstractContextManager[IO[bytes]]:
    """Open ``url`` for reading; raises ``URLError`` where it is not https."""
    if urlsplit(url).scheme != "https":
        raise URLError("only https is allowed")
    request = Request(url, headers={"User-Agent": "cyrraedd"})  # noqa: S310 - the scheme was checked
    return build_opener(_StayOnHttps).open(request, timeout=PATIENCE_S)


def download(
    profile: AreaProfile, progress: Callable[[str, float], None] | None = None, open_url: Opener = open_https
) -> dict[str, str]:
    """Fetch what is missing; return the sha256 of what came, by source.

    Each file is put in place only when it is whole and right, within the profile's own tree or the folder that a variable
    ``CYRRAEDD_…`` names. No file that is there already is ever replaced.

    Raises:
        DataError: all files that could not be fetched, were too large or not the right ones, would lie elsewhere, or are there and
            are not the ones that the profile's ``sha256`` means.
    """
    wanted = {name: source for name, source in profile.sources().items() if source.url}
    fetched: dict[str, str] = {}
    faults: list[Fault] = []
    for number, (name, source) in enumerate(wanted.items()):
        if progress:
            progress(f"fetching {name}", number / len(wanted))
        try:
            path = _target(profile, name, source)
            if _is_needed(path, name, source):
                fetched[name] = _fetch(source, path, open_url)
        except DataError as error:
            faults += error.faults
        except (OSError, ValueError) as error:
            faults.append(cannot_be_used(name, source, error))
    if faults:
        raise DataError(faults)
    return fetched


def _target(profile: AreaProfile, name: str, source: Source) -> Path:
    """Return where the file goes. A profile may come from anywhere, so it may not choose any place on this machine."""
    path, folder = profile.file(source), profile.folder
    trees = [folder.parent if folder.parts[-2:] == ("data", "areas") else folder]
    variable = VARIABLE.match(source.path)
    if variable and variable[1].startswith(OWN_VARIABLES) and os.environ.get(variable[1]):
        trees.append(folder / os.environ[variable[1]])
    if not any(path.is_relative_to(tree.resolve()) for tree in trees):
        remedy = (
            f"Name a path within {trees[0]}, or begin it with the variable of a folder, like ${{{OWN_VARIABLES}DATA}}."
        )
        raise DataError.of(path, f"lies outside the profile's folder: nothing is put there ({name}).", remedy)
    return path


def _is_needed(path: Path, name: str, source: Source) -> bool:
    if not path.exists():
        return True
    if source.sha256 and (sha256 := file_sha256(path)) != source.sha256:
        problem = f"is there, but is not the file that the profile means ({name}): its sha256 is {sha256}."
        raise DataError.of(path, problem, "Look at it, remove it and fetch again; or update the profile.")
    return False


def _fetch(source: Source, path: Path, open_url: Opener) -> str:
    assert source.url
    partial = path.with_name(f".{path.name}.partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial.unlink(missing_ok=True)
    seen, size = hashlib.sha256(), 0
    try:
        with open_url(source.url) as answer, partial.open("xb") as file:
            while chunk := answer.read(CHUNK_BYTES):
                size += len(chunk)
                if size > MAX_FILE_BYTES:
                    raise DataError(
                        [Fault(source.url, f"has over {MAX_FILE_BYTES:,} bytes.", "Name a smaller extract.")]
                    )
                seen.update(chunk)
                file.write(chunk)
            expected = answer.headers.get("Content-Length") if hasattr(answer, "headers") else None
        if expected is not None and expected.strip() != str(size):
            raise DataError([Fault(source.url, f"broke off after {size:,} of '{expected[:20]}' bytes.", "Try again.")])
        if source.sha256 and seen.hexdigest() != source.sha256:
            problem = f"is not the file that the profile means: its sha256 is {seen.hexdigest()}."
            raise DataError([Fault(source.url, problem, "Look at what changed, then update the profile.")])
        partial.replace(path)
    except (OSError, HTTPException) as error:  # URLError and time-outs among them
        raise DataError(
            [Fault(source.url, f"could not be fetched: {error}.", "Check the address and the connection.")]
        ) from None
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return seen.hexdigest()
