"""Write the zones, their figures, origins, footprints, practices and the demand-responsive area."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from shapely.geometry import MultiPolygon

from geo.demo.land import Xy, lonlat, metres
from geo.demo.people import Zone
from geo.demo.places import PLACES, QUARTERS
from geo.demo.tables import write_csv
from geo.demo.venues import beside, quarter_corners
from geo.demo.weave import Network

AUTHORITIES = {
    "coast": ("D06000001", "Arfordir Gwyddno", "Gwyddno Coast"),
    "uplands": ("D06000002", "Y Blaenau", "The Uplands"),
}
HEALTH_BOARD = ("D11000001", "Bwrdd Iechyd y Gwaelod", "Gwaelod Health Board")
PARTNERSHIP_BOARD = ("D12000001", "Bwrdd Partneriaeth Rhanbarthol y Gwaelod", "Gwaelod Regional Partnership Board")
CLUSTERS: dict[str, tuple[str, str, str]] = {  # names in both languages, and the pan-cluster group
    "caer-east": ("Dwyrain Caer Wyddno", "Caer Wyddno East", "coast"),
    "caer-west": ("Gorllewin Caer Wyddno", "Caer Wyddno West", "coast"),
    "tywyn": ("Tywyn", "Tywyn", "coast"),
    "clychau": ("Clychau", "Clychau", "uplands"),
    "gwymon": ("Gwymon", "Gwymon", "uplands"),
    "north": ("Y Gogledd", "The North", "uplands"),
}
PAN_CLUSTERS = {
    "coast": ("Grŵp Cynllunio Traws-glwstwr yr Arfordir", "Coast Pan-Cluster Planning Group"),
    "uplands": ("Grŵp Cynllunio Traws-glwstwr y Blaenau", "Uplands Pan-Cluster Planning Group"),
}
EAST_OF_CAER = {"elffin", "bryniau", "mererid", "heli"}
PRACTICES: tuple[tuple[str, str, str, int], ...] = (  # quarter, name (Welsh / English), where in it (km east, north), list size
    ("canol", "Meddygfa'r Farchnad / Market Surgery", "0.1 0.2", 11_900),
    ("dociau", "Meddygfa'r Cei / Quay Surgery", "0.0 0.1", 13_200),
    ("onn", "Canolfan Iechyd Llwyn Onn / Ash Grove Health Centre", "0.1 -0.1", 12_800),
    ("cefn", "Meddygfa Cefn Gwyddno / Cefn Gwyddno Surgery", "0.0 0.0", 7_300),
    ("porth", "Canolfan Iechyd yr Harbwr / Harbour Health Centre", "0.0 0.1", 11_200),
    ("allt", "Meddygfa Pen yr Allt / Pen yr Allt Surgery", "0.0 0.0", 4_600),
    ("elffin", "Meddygfa Elffin / Elffin Surgery", "-0.2 0.0", 14_600),
    ("elffin", "Canolfan Iechyd Taliesin / Taliesin Health Centre", "0.4 0.3", 9_300),
    ("bryniau", "Meddygfa'r Bryniau / Hills Surgery", "0.0 -0.2", 7_900),
    ("mererid", "Meddygfa Mererid / Mererid Surgery", "0.0 0.0", 12_700),
    ("heli", "Meddygfa Glan yr Heli / Glan yr Heli Surgery", "0.0 0.0", 11_400),
    ("dderwen", "Meddygfa'r Dderwen / Oak Surgery", "0.1 0.1", 8_800),
    ("tywyn", "Meddygfa'r Orsaf / Station Surgery", "0.0 0.1", 9_900),
    ("graig", "Meddygfa Pen y Graig / Pen y Graig Surgery", "0.0 0.0", 8_100),
    ("mor", "Meddygfa'r Twyni / Dunes Surgery", "0.0 0.0", 7_400),
    ("pont-clychau", "Meddygfa'r Bont / Bridge Surgery", "0.0 0.2", 11_300),
    ("tre-clychau", "Canolfan Iechyd Tre Clychau / Tre Clychau Health Centre", "0.0 0.0", 10_200),
    ("ystrad-clychau", "Meddygfa Ystrad / Ystrad Surgery", "0.0 0.0", 7_600),
    ("blaen-clychau", "Meddygfa Blaen Clychau / Blaen Clychau Surgery", "0.0 0.0", 6_200),
    ("aber-gwymon", "Meddygfa Aber Gwymon / Wrackmouth Surgery", "0.0 0.1", 7_100),
    ("pont-gwymon", "Canolfan Iechyd Gwymon / Gwymon Health Centre", "0.0 0.0", 20_400),  # far too long: two neighbours have closed
    ("blaengwymon", "Meddygfa'r Blaenau / Blaenau Surgery", "0.0 0.1", 4_900),
    ("marchnad", "Canolfan Iechyd Seithenyn / Seithenyn Health Centre", "0.1 0.1", 14_900),
    ("pawl", "Meddygfa Maes Pawl / Maes Pawl Surgery", "0.0 0.0", 7_700),
    ("bryn-heli", "Meddygfa Bryn Heli / Bryn Heli Surgery", "0.0 0.0", 5_100),
    ("llandonnau", "Meddygfa'r Tonnau / Waves Surgery", "0.0 0.0", 4_700),
)  # fmt: skip


@dataclass(frozen=True)
class Practice:
    """A general practice: its cluster, its registered patients, and where it stands (EPSG:27700)."""

    practice_id: str
    name: str
    cluster: str
    list_size: int
    xy: Xy


def write_zones(zones: Sequence[Zone], shapes: Sequence[MultiPolygon], path: Path) -> None:
    """Write the zones' polygons with their authority, health board and partnership board (GeoPackage, EPSG:27700)."""
    rows = []
    for zone in zones:
        row = {"zone_code": zone.code, "name_cy": zone.name_cy, "name_en": zone.name_en}
        named = {"la": AUTHORITIES[PLACES[zone.place].authority], "hb": HEALTH_BOARD, "rpb": PARTNERSHIP_BOARD}
        for level, (code, cy, en) in named.items():
            row |= {f"{level}_code": code, f"{level}_name_cy": cy, f"{level}_name_en": en}
        rows.append(row)
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=list(shapes), crs="EPSG:27700")
    path.unlink(missing_ok=True)
    with _fixed_date():
        frame.to_file(path, driver="GPKG", layer="zones")


def write_tables(zones: Sequence[Zone], figures: pd.DataFrame, surgeries: Sequence[Practice], folder: Path) -> None:
    """Write figures, origins, footprints and practices as CSV."""
    write_csv(folder / "figures.csv", list(figures.columns), figures.itertuples(index=False))
    write_csv(folder / "origins.csv", ["origin_id", "zone_code", "population", "lon", "lat"], _origins(zones))
    header = ["zone_code", "footprint_id", "name_cy", "name_en"]
    clusters = [(zone, CLUSTERS[_cluster(zone.place, zone.quarter)]) for zone in zones]
    write_csv(
        folder / "clusters.csv", header, ([zone.code, cluster_of(zone), cy, en] for zone, (cy, en, _) in clusters)
    )
    groups = ([zone.code, f"pan-{group}", *PAN_CLUSTERS[group]] for zone, (_, _, group) in clusters)
    write_csv(folder / "pan_clusters.csv", header, groups)
    rows = (
        [p.practice_id, p.name, p.cluster, p.list_size, *(f"{value:.6f}" for value in lonlat(p.xy))] for p in surgeries
    )
    write_csv(folder / "practices.csv", ["practice_id", "name", "cluster", "list_size", "lon", "lat"], rows)


def practices(network: Network) -> list[Practice]:
    """Return the practices, each at a street of its quarter."""
    quarters = {quarter.key: quarter for quarter in QUARTERS}
    found = []
    for n, (key, name, aside, list_size) in enumerate(PRACTICES):
        east, north = map(float, aside.split())
        target = metres((quarters[key].xy_km[0] + east, quarters[key].xy_km[1] + north))
        cluster = _cluster(quarters[key].place, key)
        found.append(
            Practice(f"D9{n + 1:04d}", name, cluster, list_size, beside(target, quarter_corners(network, key)))
        )
    return found


def cluster_of(zone: Zone) -> str:
    """Return the cluster of a zone."""
    return _cluster(zone.place, zone.quarter) + (f"-{zone.tile + 1}" if zone.tile else "")


def _cluster(place: str, quarter: str) -> str:
    """Return a place's cluster; the town of Caer Wyddno is divided by quarter."""
    if place == "caer":
        return "caer-east" if quarter in EAST_OF_CAER else "caer-west"
    return PLACES[place].cluster


def _origins(zones: Sequence[Zone]) -> Iterator[list[object]]:
    for zone in zones:
        for n, origin in enumerate(zone.origins):
            lon, lat = lonlat(origin.xy)
            yield [f"{zone.code}-{n + 1:02d}", zone.code, origin.people, f"{lon:.6f}", f"{lat:.6f}"]


def write_demand_responsive(zones: Sequence[Zone], shapes: Sequence[MultiPolygon], path: Path) -> None:
    """Write the one demand-responsive service: Gull Moor and the farms around it, to Tywyn Mawr's edge (GeoJSON)."""
    ground = shapely.union_all(
        [
            shape
            for zone, shape in zip(zones, shapes, strict=True)
            if zone.place in ("rhos", "traeth") and zone.tile == 0
        ]
    )
    outline = shapely.simplify(max(shapely.get_parts(ground), key=lambda part: part.area), 60)
    ring = [list(lonlat(point)) for point in outline.exterior.coords]
    properties = {
        "service_id": "galw-gwylan", "name_cy": "Galw'r Wylan", "name_en": "Call the Gull",
        "weekdays": "monday tuesday wednesday thursday friday", "open": "09:00", "close": "16:00",
        "notice_h": 24, "price_gbp": 3.5, "overhead_min": 15,
    }  # fmt: skip
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Let GDAL write a fixed date into a GeoPackage instead of the time of day."""
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-08-01T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": os.environ.get("OGR_CURRENT_DATE")})
