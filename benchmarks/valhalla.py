"""Compare our driving times on real Newport with those of Valhalla, a full routing engine, on the same extract.

    python -m benchmarks.valhalla [--valhalla FOLDER]

Valhalla comes from the wheel ``pyvalhalla`` (Python 3.12 or later; no part of our installation): it is used where it is installed, or from
the folder ``valhalla`` of an unpacked wheel. Its tiles are built afresh from the extract, in a temporary folder.

Settings: costing ``auto`` with its defaults, no date and time, so no traffic and no speeds by hour. A boundary drawn round the extract
says that this is the United Kingdom, since the extract holds no whole country: without one Valhalla drives on the right.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import pyproj
from numpy.typing import NDArray

from access.routing.streets import StreetRouter
from geo.streets.graph import PlacedPoints, StreetGraph
from geo.streets.osm import read_streets
from geo.streets.snap import edge_lines

PROJECT = Path(__file__).resolve().parent.parent
N_POINTS = 120
NEAREST_M = 100.0  # points farther from a street than this are left out: the two may choose different streets
SHORTEST_S = 120.0  # below two minutes a second more is a large share: those pairs are left out
BOX = (-3.4, 51.3, -2.6, 51.8)  # degrees: west, south, east, north; Newport lies within


@dataclass(frozen=True)
class Comparison:
    """Seconds (pairs,) by us and by Valhalla, and the metres that Valhalla drives."""

    ours_s: NDArray[np.float64]
    theirs_s: NDArray[np.float64]
    theirs_m: NDArray[np.float64]

    def lines(self) -> list[str]:
        """Say how far the two differ."""
        difference = self.ours_s / self.theirs_s - 1
        low, quarter, middle, three_quarters, high = np.percentile(difference, [5, 25, 50, 75, 95])
        return [
            f"{len(difference):,} pairs; by Valhalla the median is {np.median(self.theirs_s) / 60:.1f} min, "
            f"{np.median(self.theirs_m) / 1000:.1f} km",
            f"median of |ours / Valhalla - 1|: {np.median(np.abs(difference)):.1%}",
            f"ours / Valhalla - 1: median {middle:+.1%}, half within {quarter:+.1%} to {three_quarters:+.1%}, "
            f"nine tenths within {low:+.1%} to {high:+.1%}",
        ]


def compare(streets: Path, points: Path, valhalla: Path, others: bool = False) -> Comparison:
    """Return the times between points of a table (``easting``, ``northing``) that lie near streets, by both; of ``others``, if asked."""
    graph = read_streets(streets).graphs["drive"]
    router = StreetRouter(graph)
    spots = street_spots(graph, router, points, others)
    placed = router.place(spots)
    placed = PlacedPoints(placed.xy, placed.edge, placed.offset_share, placed.snap_m, np.zeros(len(placed), np.int64))
    ours_s = router.matrix_s(placed, placed)
    theirs_s, theirs_m = valhalla_matrix(streets, spots, valhalla)
    kept = (theirs_s >= SHORTEST_S) & np.isfinite(ours_s)
    lost = int(np.count_nonzero(np.isnan(ours_s) != np.isnan(theirs_s)))
    if lost:
        print(f"{lost:,} pairs have a way by one of the two only")
    return Comparison(ours_s[kept], theirs_s[kept], theirs_m[kept])


def street_spots(graph: StreetGraph, router: StreetRouter, points: Path, others: bool) -> NDArray[np.float64]:
    """Return spots (points, 2; EPSG:27700) on streets, nearest to rows taken evenly from the table; of ``others``, half-way between."""
    table = pd.read_csv(points)
    placed = router.place(table[["easting", "northing"]].to_numpy(float))
    near = np.flatnonzero(placed.snap_m <= NEAREST_M)
    evenly = np.linspace(0, len(near) - 1, min(N_POINTS, len(near)))
    rows = near[((evenly[1:] + evenly[:-1]) / 2 if others else evenly).astype(int)]
    lines = edge_lines(graph, placed.edge[rows])
    return np.array(
        [
            (spot.x, spot.y)
            for line, share in zip(lines, placed.offset_share[rows], strict=True)
            for spot in [line.interpolate(share, normalized=True)]
        ]
    )


def valhalla_matrix(
    streets: Path, spots: NDArray[np.float64], valhalla: Path
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return seconds and metres (spots, spots) by Valhalla; NaN where it finds no way."""
    to_degrees = pyproj.Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    places = [
        {"lon": round(lon, 7), "lat": round(lat, 7)} for lon, lat in zip(*to_degrees.transform(*spots.T), strict=True)
    ]
    request = {"sources": places, "targets": places, "costing": "auto", "verbose": False, "units": "kilometers"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = build_tiles(streets, folder, valhalla)
        asked = folder / "request.json"
        asked.write_text(json.dumps(request))
        said = _run([valhalla / "bin" / "valhalla_service", config, "sources_to_targets", asked])
    found = json.loads(said[said.index("{") :])["sources_to_targets"]
    seconds, kilometres = (np.array(found[key], dtype=float) for key in ("durations", "distances"))
    return seconds, kilometres * 1000


def build_tiles(streets: Path, folder: Path, valhalla: Path) -> Path:
    """Build Valhalla's tiles in ``folder``; return its configuration."""
    config = json.loads(_run([sys.executable, valhalla / "valhalla_build_config.py"]))
    config["mjolnir"] |= {"tile_dir": str(folder / "tiles"), "tile_extract": "", "admin": str(folder / "admins.sqlite")}
    config["logging"]["type"] = "std_err"
    config["service_limits"]["auto"] |= {"max_matrix_location_pairs": N_POINTS**2}
    (folder / "tiles").mkdir()
    path = folder / "valhalla.json"
    path.write_text(json.dumps(config))
    _run([valhalla / "bin" / "valhalla_build_admins", "-c", path, _country(folder / "country.osm.pbf")])
    _run([valhalla / "bin" / "valhalla_build_tiles", "-c", path, streets])
    return path


def _country(path: Path) -> Path:
    """Write a box that is the United Kingdom."""
    west, south, east, north = BOX
    corners = [(west, south), (east, south), (east, north), (west, north)]
    tags = {
        "type": "boundary", "boundary": "administrative", "admin_level": "2", "name": "United Kingdom", "name:en": "United Kingdom",
        "ISO3166-1": "GB", "ISO3166-1:alpha2": "GB",
    }  # fmt: skip
    with osmium.SimpleWriter(str(path)) as writer:
        for number, corner in enumerate(corners, start=1):
            writer.add_node(osmium.osm.mutable.Node(id=number, version=1, location=corner))
        writer.add_way(
            osmium.osm.mutable.Way(
                id=1, version=1, nodes=[1, 2, 3, 4, 1], tags={"boundary": "administrative", "admin_level": "2"}
            )
        )
        writer.add_relation(osmium.osm.mutable.Relation(id=1, version=1, members=[("w", 1, "outer")], tags=tags))
    return path


def _run(command: list[str | Path]) -> str:
    """Run one of Valhalla's programs; return what it prints."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def main() -> None:
    """Run the comparison and print it."""
    data = Path(os.environ.get("CYRRAEDD_REAL_DATA", PROJECT.parent / "shared" / "data")) / "newport"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--valhalla", type=Path, help="the folder 'valhalla' of an unpacked wheel of pyvalhalla")
    asked = parser.parse_args()
    found = importlib.util.find_spec("valhalla")
    valhalla = asked.valhalla or (Path(found.origin).parent if found and found.origin else None)
    if valhalla is None or not (valhalla / "bin" / "valhalla_service").exists():
        sys.exit("Skipped: pyvalhalla is not installed (pip install pyvalhalla, or --valhalla FOLDER).")
    if not data.is_dir():
        sys.exit(f"Skipped: the real files of Newport are not at {data} (set CYRRAEDD_REAL_DATA).")
    for others, name in ((False, "The places that the seconds were chosen on"), (True, "Places half-way between")):
        found_there = compare(data / "newport-2023-06-13.osm.pbf", data / "oa21_pwc.csv", valhalla, others)
        print("\n".join([f"{name}:", *found_there.lines()]))


if __name__ == "__main__":
    main()
