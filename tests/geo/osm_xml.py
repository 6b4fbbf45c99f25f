"""Write small OpenStreetMap files for tests, from metres on the British grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pyproj

ORIGIN = (330_000.0, 188_000.0)  # the tests' (0, 0), near Newport
_TO_DEGREES = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)

Tags = Mapping[str, str]
Member = tuple[str, str, int]  # role, "node" or "way", id


def grid(x: float, y: float) -> tuple[float, float]:
    """Return where a test's (x, y) lies on the British grid."""
    return ORIGIN[0] + x, ORIGIN[1] + y


def write_osm(
    path: Path,
    nodes: Mapping[int, tuple[float, float]],
    ways: Sequence[tuple[Sequence[int], Tags]],
    node_tags: Mapping[int, Tags] | None = None,
    relations: Sequence[tuple[Sequence[Member], Tags]] = (),
) -> Path:
    """Write nodes (metres from :data:`ORIGIN`), ways and relations, each numbered from 1.

    Degrees have 7 decimals, as OSM's, so lengths are right to 2 cm.
    """

    def said(tags: Tags) -> str:
        return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())

    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="tests">']
    for node, (x, y) in nodes.items():
        lon, lat = _TO_DEGREES.transform(*grid(x, y))
        tags = said((node_tags or {}).get(node, {}))
        lines.append(f'<node id="{node}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">{tags}</node>')
    for number, (refs, way_tags) in enumerate(ways, start=1):
        refs_said = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        lines.append(f'<way id="{number}" version="1">{refs_said}{said(way_tags)}</way>')
    for number, (members, tags) in enumerate(relations, start=1):
        members_said = "".join(f'<member role="{role}" type="{kind}" ref="{ref}"/>' for role, kind, ref in members)
        lines.append(f'<relation id="{number}" version="1">{members_said}{said(tags)}</relation>')
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return path
