"""Fetch the sources whose profile gives a ``url`` into their places; the only part of the product that uses the internet on purpose."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from geo.errors import DataError, Fault
from geo.manifest import MAX_FILE_BYTES, file_sha256
from geo.profile import AreaProfile, Source

CHUNK_BYTES = 1 << 20
PATIENCE_S = 60.0
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
    """Fetch what is missing or is not the file that the profile's ``sha256`` means; return the sha256 of what came, by source.

    Each file is put in place only when it is whole and right; files that are there already are left as they are.

    Raises:
        DataError: all files that could not be fetched, or were too large or not the right ones.
    """
    wanted = {name: source for name, source in profile.sources().items() if source.url and _is_needed(profile, source)}
    fetched: dict[str, str] = {}
    faults: list[Fault] = []
    for number, (name, source) in enumerate(wanted.items()):
        if progress:
            progress(f"fetching {name}", number / len(wanted))
        try:
            fetched[name] = _fetch(source, profile.file(source), open_url)
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(faults)
    return fetched


def _is_needed(profile: AreaProfile, source: Source) -> bool:
    path = profile.file(source)
    return not path.is_file() or bool(source.sha256 and file_sha256(path) != source.sha256)


def _fetch(source: Source, path: Path, open_url: Opener) -> str:
    assert source.url
    partial = path.with_name(f".{path.name}.partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    seen, size = hashlib.sha256(), 0
    try:
        with open_url(source.url) as answer, partial.open("wb") as file:
            while chunk := answer.read(CHUNK_BYTES):
                size += len(chunk)
                if size > MAX_FILE_BYTES:
                    raise DataError(
                        [Fault(source.url, f"has over {MAX_FILE_BYTES:,} bytes.", "Name a smaller extract.")]
                    )
                seen.update(chunk)
                file.write(chunk)
            expected = answer.headers.get("Content-Length") if hasattr(answer, "headers") else None
        if expected is not None and int(expected) != size:
            problem = f"broke off after {size:,} of {int(expected):,} bytes."
            raise DataError([Fault(source.url, problem, "Try again.")])
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
