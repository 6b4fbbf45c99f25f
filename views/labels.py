"""Choose from which zoom each place name may show, so that names never cover each other."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

ZOOMS = range(8, 17)
RANK = {"city": 0, "town": 1, "suburb": 2, "village": 3, "hamlet": 4, "neighbourhood": 5, "locality": 6}
CHARACTER_PX, LINE_PX, MARGIN_PX = 7.5, 18.0, 8.0
TILE_PX = 256
ABOUT_M = 2_000


def labels_by_zoom(places: gpd.GeoDataFrame, near: shapely.Geometry, origins: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return ``en, cy, lat, lon, rank, zoom`` for the places in ``near``: by kind, then by the people who live about them.

    A name shows from the first zoom at which its box, in Web Mercator pixels, is clear of every weightier name's.
    """
    inside = places[places.geometry.within(near)]
    if inside.empty:
        return []
    rank = inside["kind"].map(RANK).fillna(len(RANK)).astype(int)
    inside = inside.assign(rank=rank, people=_people_about(inside, origins)).sort_values(
        ["rank", "people", "name_en"], ascending=[True, False, True]
    )
    degrees = inside.geometry.to_crs(4326)
    lon, lat = degrees.x.to_numpy(), degrees.y.to_numpy()
    world = np.column_stack([(lon + 180) / 360, (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2])
    names = list(zip(inside["name_en"], inside["name_cy"], strict=True))
    width = np.array([max(map(len, pair)) for pair in names]) * CHARACTER_PX + MARGIN_PX
    height = np.array([LINE_PX * (1 if en == cy else 2) for en, cy in names]) + MARGIN_PX
    from_zoom = np.full(len(inside), ZOOMS.stop)
    for zoom in ZOOMS:
        xy = world * TILE_PX * 2**zoom
        for i in range(len(inside)):
            shown = np.flatnonzero(from_zoom <= zoom)
            apart = np.abs(xy[shown] - xy[i])
            clear = (apart[:, 0] >= (width[shown] + width[i]) / 2) | (apart[:, 1] >= (height[shown] + height[i]) / 2)
            if from_zoom[i] > zoom and clear.all():
                from_zoom[i] = zoom
    return [
        {"en": en, "cy": cy, "lat": round(y, 5), "lon": round(x, 5), "rank": int(r), "zoom": int(z)}
        for (en, cy), y, x, r, z in zip(names, lat.tolist(), lon.tolist(), inside["rank"], from_zoom, strict=True)
        if z < ZOOMS.stop
    ]


def _people_about(places: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return how many people live within ``ABOUT_M`` of each place."""
    people = origins["population"].fillna(0).to_numpy(np.float64)
    homes = cKDTree(shapely.get_coordinates(origins.geometry.to_numpy()))
    rows = homes.query_ball_point(shapely.get_coordinates(places.geometry.to_numpy()), ABOUT_M)
    return np.array([people[found].sum() for found in rows])
