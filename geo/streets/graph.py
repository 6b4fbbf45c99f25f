"""Streets as frozen values: a routable graph for each mode, points placed on it, and what a light basemap shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from geo.quality import SourceQuality

StreetMode = Literal["walk", "cycle", "drive"]
STREET_MODES: tuple[StreetMode, ...] = ("walk", "cycle", "drive")


@dataclass(frozen=True)
class StreetGraph:
    """Directed edges between junctions, for one mode. Coordinates are EPSG:27700 metres; nothing here is ever written to.

    A street open both ways is two edges that name each other in ``twin``; ``twin`` is -1 on a one-way edge.
    Edges are sorted by ``tail``. The line of edge ``e`` is ``line_xy[line_start[e]:line_start[e + 1]]``, from tail to head.
    ``travel_ms`` is at least 1 (the hierarchy needs it) and counts whole milliseconds, at the default speeds of the mode, slopes included
    where heights are known (a point on the edge has its share of the whole, wherever on it the slope is);
    ``junction_ms`` of them are lost at its head: whoever stops before does not lose them.
    Where a turn is forbidden, each edge has an end of its own at the junction, and edges without length are the turns that may be
    made: so the head of an edge and the tail of its twin are one spot, and may be two nodes. Streets that are open only to those whose
    journey begins or ends there (``is_access_only``), and those that a forbidden turn leads along, are there more than once: points on
    edge ``e`` are left by ``e`` and arrived at by ``arrived_by[e]``, which is ``e`` itself on all others.
    ``is_step_free`` is false on edges of walking graphs that a wheelchair can't take: steps, and ways of which that is said.
    ``is_ferry`` marks edges on water: they take as long for whoever comes, at whatever hour.
    ``is_snappable`` marks edges a point may be placed on: in the largest strongly connected part, and not a motorway or the like.
    Where ``extent_xy`` is known, no point outside it is placed: streets that the extract lacks are no gap.
    """

    mode: StreetMode
    node_xy: NDArray[np.float64]  # (nodes, 2)
    node_osm_id: NDArray[np.int64]  # (nodes,)
    tail: NDArray[np.int32]  # (edges,)
    head: NDArray[np.int32]  # (edges,)
    twin: NDArray[np.int32]  # (edges,)
    length_m: NDArray[np.float64]  # (edges,)
    travel_ms: NDArray[np.uint32]  # (edges,)
    junction_ms: NDArray[np.uint32]  # (edges,) below travel_ms
    arrived_by: NDArray[np.int32]  # (edges,)
    is_snappable: NDArray[np.bool_]  # (edges,)
    is_access_only: NDArray[np.bool_]  # (edges,)
    is_step_free: NDArray[np.bool_]  # (edges,)
    is_ferry: NDArray[np.bool_]  # (edges,)
    name_index: NDArray[np.int32]  # (edges,) into names
    names: tuple[str, ...]
    line_start: NDArray[np.int64]  # (edges + 1,)
    line_xy: NDArray[np.float64]  # (points, 2)
    extent_xy: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))  # outline; empty: not known

    @property
    def n_nodes(self) -> int:
        """How many junctions there are."""
        return len(self.node_xy)

    @property
    def n_edges(self) -> int:
        """How many directed edges there are."""
        return len(self.tail)

    @property
    def is_way_in(self) -> NDArray[np.bool_]:
        """Which edges are the copies by which others are arrived at: no point lies on them."""
        edges = np.arange(self.n_edges)
        return np.isin(edges, self.arrived_by[self.arrived_by != edges])


@dataclass(frozen=True)
class PlacedPoints:
    """Points on a :class:`StreetGraph`: each lies on an edge, ``offset_ms`` after its tail, and ``access_ms`` from the street on foot.

    ``edge`` is -1 where the point is *not placed*: no usable edge within the largest radius. With ``twin`` of the edge the
    point can be left and reached in either direction. ``snap_m`` is the straight distance to the street (NaN if not placed).
    """

    xy: NDArray[np.float64]  # (points, 2) as asked for, EPSG:27700
    edge: NDArray[np.int32]
    offset_share: NDArray[np.float64]  # 0 at the tail, 1 at the head
    snap_m: NDArray[np.float64]
    access_ms: NDArray[np.int64]

    @property
    def is_placed(self) -> NDArray[np.bool_]:
        """Which points found an edge."""
        return self.edge >= 0

    def __len__(self) -> int:
        return len(self.edge)

    def take(self, rows: NDArray[np.intp] | list[int] | slice) -> PlacedPoints:
        """Return the points at ``rows``, in that order."""
        return PlacedPoints(
            self.xy[rows], self.edge[rows], self.offset_share[rows], self.snap_m[rows], self.access_ms[rows]
        )


@dataclass(frozen=True)
class Streets:
    """All that one source of streets gives, EPSG:27700.

    ``places``: ``kind`` (city, town, village, hamlet, suburb), ``name_en``, ``name_cy``, ``geometry`` (points).
    ``main_roads``: ``class`` (motorway, trunk, primary, secondary), ``name``, ``ref``, ``geometry`` (lines), for a light basemap.
    """

    graphs: Mapping[StreetMode, StreetGraph]
    places: gpd.GeoDataFrame
    main_roads: gpd.GeoDataFrame
    quality: SourceQuality
    elevation_quality: SourceQuality | None = None  # of the raster of heights, where one is given
    downloaded_sha256: str = ""  # of what was downloaded, where the profile names no file; otherwise empty
