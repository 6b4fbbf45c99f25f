"""Serve the map's scripts and styles from this machine, so that a dashboard behind a closed network still has a map.

streamlit-folium hands its front end links to public hosts. They pass through one function, ``_component_func``; :func:`install`
stands in front of it, swaps the links that are needed for copies under ``static/`` (filled from installed, pinned packages), drops
the others and refuses any that remains. The version is pinned because that function is not part of the package's interface.
"""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from xstatic.pkg import jquery, leaflet

from geo.errors import CyrraeddError

STATIC = Path(__file__).resolve().parent.parent / "static"
FROM_COMPONENT = "../../app/static/"  # as seen from the component's frame, whatever the base path
TESTED_VERSION = "0.27.4"

# The last part of a link → our copy, or None where our maps do without.
LINKS: Mapping[str, str | None] = {
    "leaflet.js": "leaflet/leaflet.js",
    "leaflet.css": "leaflet/leaflet.css",
    "jquery-3.7.1.min.js": "jquery/jquery.min.js",
    "bootstrap.bundle.min.js": None,
    "bootstrap.min.css": None,
    "bootstrap-glyphicons.css": None,
    "leaflet.awesome-markers.js": None,
    "leaflet.awesome-markers.css": None,
    "leaflet.awesome.rotate.min.css": None,
    "all.min.css": None,
}
PACKAGED = {
    "leaflet": (Path(leaflet.BASE_DIR), ("leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png")),
    "jquery": (Path(jquery.BASE_DIR), ("jquery.min.js",)),
}
_FOREIGN = re.compile(
    r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?\s*(?:https?:)?//|L\.tileLayer""", re.IGNORECASE
)


class AssetError(CyrraeddError):
    """A map asked for something that does not lie on this machine."""


def install(static: Path = STATIC) -> None:
    """Fill ``static`` and stand in front of streamlit-folium's front end; doing it again changes nothing.

    Raises:
        AssetError: another streamlit-folium is installed than the one that this was tested with.
    """
    import streamlit_folium  # noqa: PLC0415  # names its front end to the server that runs a page, if one does: never before one runs

    found = version("streamlit-folium")
    if found != TESTED_VERSION:
        raise AssetError(
            f"streamlit-folium {found} is installed, but maps were tested with {TESTED_VERSION} only. Install requirements.txt."
        )
    for folder, (source, names) in PACKAGED.items():
        for name in names:
            copy_if_different(source / name, static / folder / name)
    if not getattr(streamlit_folium._component_func, "serves_locally", False):
        streamlit_folium._component_func = serving_locally(streamlit_folium._component_func)


def serving_locally(component: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``component`` with its links rewritten by :func:`local_links`, and refused where they lead elsewhere."""

    def guarded(**arguments: Any) -> Any:
        for kind in ("js_links", "css_links"):
            arguments[kind] = local_links(arguments[kind])
        for part in ("script", "header", "html"):  # what the directory says travels in feature_group, escaped
            if match := _FOREIGN.search(arguments.get(part) or ""):
                raise AssetError(
                    f"The map's {part} would fetch from another host ('{match[0]}'). Serve it from static/ instead."
                )
        return component(**arguments)

    guarded.serves_locally = True  # type: ignore[attr-defined]
    return guarded


def local_links(links: Iterable[str]) -> list[str]:
    """Return the local addresses of ``links``, without those that our maps do not use.

    Raises:
        AssetError: a link that is neither local nor known.
    """
    found = []
    for link in links:
        parts = urlsplit(link)
        if not parts.scheme and not parts.netloc:
            found.append(link)
            continue
        name = parts.path.rsplit("/", 1)[-1]
        if name not in LINKS:
            raise AssetError(
                f"The map asks for {link}, which is not on this machine. Add it to LINKS in {Path(__file__).name}, or do without."
            )
        if (copy := LINKS[name]) is not None:
            found.append(FROM_COMPONENT + copy)
    return found


def copy_if_different(source: Path, target: Path) -> None:
    """Copy ``source`` unless ``target`` holds the same bytes already; several starts at once do not disturb each other."""
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        return
    _put(target, lambda temporary: shutil.copyfile(source, temporary))


def publish(name: str, content: bytes, static: Path = STATIC) -> str:
    """Put ``content`` under ``static`` and return its address as seen from the map's frame."""
    target = static / name
    if not (target.is_file() and target.read_bytes() == content):
        _put(target, lambda temporary: temporary.write_bytes(content))
    return FROM_COMPONENT + name


def _put(target: Path, write: Callable[[Path], object]) -> None:
    """Write beside ``target``, then move into place in one step: a reader sees the old file or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
