"""Streets by the name of a place are those of the same place's extract."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pytest
import shapely
from osmnx._errors import InsufficientResponseError

from geo.errors import DataError
from geo.streets.by_place import content_sha256, read_streets_by_place
from geo.streets.graph import STREET_MODES, StreetGraph, Streets
from geo.streets.networkx_graph import to_networkx
from geo.streets.osm import read_streets
from tests.geo.osm_xml import write_osm

ROAD = {"highway": "residential", "name": "High Street"}
PLACES = {"place": ["town", "village"], "name": ["Casnewydd", None], "name:en": ["Newport", None]}


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A bollard at 2, a street drawn backwards, a closed drive, a cycle lane against the traffic, steps, a pier and a ferry."""
    nodes = {
        1: (0, 0),
        2: (100, 0),
        3: (200, 10),
        4: (200, 100),
        5: (0, 100),
        6: (50, 200),
        7: (300, 300),
        8: (310, 0),
        9: (150, 150),
    }
    ways = [
        ([1, 2, 3], {**ROAD, "maxspeed": "20 mph"}),
        ([3, 4], {**ROAD, "oneway": "-1", "maxspeed": "30 mph"}),
        ([4, 5, 1], {"highway": "tertiary", "oneway": "yes", "cycleway": "opposite"}),
        ([5, 6], {**ROAD, "access": "no"}),
        ([4, 6], {"highway": "steps"}),
        ([4, 7], {"route": "ferry"}),
        ([3, 8], {"highway": "primary", "ref": "A48"}),
        ([8, 4], {"highway": "primary", "ref": "A48", "maxspeed:forward": "40 mph"}),
        ([4, 9], {"man_made": "pier"}),
    ]
    return write_osm(
        tmp_path / "world.osm",
        nodes,
        ways,
        {2: {"barrier": "bollard"}, 3: {"place": "town", "name": "Casnewydd", "name:en": "Newport"}},
    )


def download(monkeypatch: pytest.MonkeyPatch, path: Path, places: gpd.GeoDataFrame | None) -> Streets:
    """Read by place, with the file in the place of the network."""

    def graph_from_place(query: str, **options: object) -> nx.MultiDiGraph:
        assert query == "Newport, Wales"
        assert options["simplify"] is False
        return osmnx.graph_from_xml(path, simplify=False, retain_all=True)

    def features_from_place(query: str, tags: dict) -> gpd.GeoDataFrame:
        if places is None:
            raise InsufficientResponseError("none")
        return places

    monkeypatch.setattr(osmnx, "graph_from_place", graph_from_place)
    monkeypatch.setattr(osmnx, "features_from_place", features_from_place)
    return read_streets_by_place("Newport, Wales")


def edges(graph: StreetGraph) -> list[tuple]:
    """Return what edges say, whatever their numbers."""
    ids = graph.node_osm_id
    return sorted(
        (ids[graph.tail[e]], ids[graph.head[e]], graph.travel_ms[e], round(graph.length_m[e], 3), graph.names[graph.name_index[e]],
         bool(graph.is_snappable[e]), bool(graph.twin[e] >= 0))
        for e in range(graph.n_edges)
    )  # fmt: skip


def test_a_place_is_read_as_its_extract_is(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = osmnx.settings.useful_tags_way
    extract = read_streets(world)
    points = shapely.points([(-3.0, 51.58), (-3.1, 51.6)])
    by_place = download(monkeypatch, world, gpd.GeoDataFrame(PLACES, geometry=points, crs="EPSG:4326"))
    for mode in STREET_MODES:
        assert edges(by_place.graphs[mode]) == edges(extract.graphs[mode])
        assert edges(by_place.graphs[mode])
    assert list(by_place.places["name_en"]) == ["Newport"]
    assert list(by_place.places["name_cy"]) == ["Casnewydd"]
    assert by_place.main_roads["ref"].tolist() == ["A48"]  # two ways, one line
    assert by_place.main_roads.length.sum() == pytest.approx(extract.main_roads.length.sum())
    assert (
        (by_place.quality.rows_in, by_place.quality.rows_kept)
        == (extract.quality.rows_in, extract.quality.rows_kept)
        == (9, 8)
    )
    assert osmnx.settings.useful_tags_way == before


def test_the_content_of_the_download_is_hashed_in_whatever_order_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = {1: (0, 0), 2: (100, 0), 3: (200, 10)}
    ways: list[tuple[list[int], dict[str, str]]] = [([1, 2], ROAD), ([2, 3], {"highway": "path"})]
    towns = gpd.GeoDataFrame(PLACES, geometry=shapely.points([(-3.0, 51.58), (-3.1, 51.6)]), crs="EPSG:4326")

    def sha256(nodes: dict = points, ways: list = ways, marks: dict | None = None, places: object = towns) -> str:
        path = write_osm(tmp_path / "world.osm", nodes, ways, marks or {})
        return download(monkeypatch, path, places).downloaded_sha256  # type: ignore[arg-type]

    first = sha256()
    assert len(first) == 64
    others = {
        "a point elsewhere": sha256(nodes={**points, 3: (200, 11)}),
        "a way less": sha256(ways=ways[:1]),
        "a way's tag": sha256(ways=[([1, 2], {**ROAD, "maxspeed": "20 mph"}), ways[1]]),
        "a point's tag": sha256(marks={2: {"barrier": "bollard"}}),
        "no places": sha256(places=None),
        "a place's name": sha256(places=towns.replace("Newport", "New Port")),
    }
    assert len({first, *others.values()}) == 1 + len(others), others
    assert sha256() == first
    graph = osmnx.graph_from_xml(write_osm(tmp_path / "world.osm", points, ways), simplify=False, retain_all=True)
    backwards = nx.MultiDiGraph(**graph.graph)
    backwards.add_nodes_from(list(graph.nodes(data=True))[::-1])
    backwards.add_edges_from(list(graph.edges(data=True))[::-1])
    assert content_sha256(backwards, towns[::-1]) == content_sha256(graph, towns)


def test_a_place_without_named_places(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(download(monkeypatch, world, None).places) == 0


def test_no_network_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def graph_from_place(query: str, **options: object) -> nx.MultiDiGraph:
        raise InsufficientResponseError("Nominatim could not geocode it")

    monkeypatch.setattr(osmnx, "graph_from_place", graph_from_place)
    with pytest.raises(DataError, match=r"Atlantis: cannot be downloaded .*could not geocode"):
        read_streets_by_place("Atlantis")


def test_the_graph_goes_to_others_as_osmnx_has_it(world: Path) -> None:
    graph = read_streets(world).graphs["drive"]
    network = to_networkx(graph)
    assert isinstance(network, nx.MultiDiGraph)
    assert (network.number_of_nodes(), network.number_of_edges()) == (graph.n_nodes, graph.n_edges)
    nodes, lines = osmnx.graph_to_gdfs(network)
    assert lines.crs.to_epsg() == 27700
    np.testing.assert_allclose(lines.geometry.length, lines["length"])
    np.testing.assert_array_equal(nodes[["x", "y"]].to_numpy(), graph.node_xy)
    assert sorted(lines["travel_ms"]) == sorted(graph.travel_ms.tolist())
