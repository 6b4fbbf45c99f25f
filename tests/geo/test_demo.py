"""The demonstration area: the same seed gives the same files, the files checked in are those, and they are sound."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import networkx as nx
import osmium
import pandas as pd
import pytest
import shapely

from geo.demo import AREA, SEED, write_demo, write_world
from geo.demo.land import coast
from geo.demo.weave import graph_of
from geo.demo.world import World, build_world, tiled
from geo.profile import read_profile

DATA = Path(__file__).resolve().parents[2] / "data"
OWN = ("boundaries", "services", "timetables")


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(SEED)


@pytest.fixture(scope="module")
def rebuilt(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    write_world(world, out, lambda step, share: None)
    return out


@pytest.fixture(scope="module")
def zones() -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "boundaries" / AREA / "zones.gpkg").set_index("zone_code")


@pytest.fixture(scope="module")
def origins() -> gpd.GeoDataFrame:
    table = pd.read_csv(DATA / "boundaries" / AREA / "origins.csv")
    points = gpd.points_from_xy(table["lon"], table["lat"], crs="EPSG:4326").to_crs(27700)
    return gpd.GeoDataFrame(table, geometry=points)


def _files(folder: Path) -> dict[str, Path]:
    own = [folder / kind / AREA for kind in OWN]
    paths = [path for part in own for path in sorted(part.iterdir())]
    paths += [folder / "areas" / f"{AREA}.toml", folder / "streets" / f"{AREA}.osm.pbf"]
    return {str(path.relative_to(folder)): path for path in paths}


def test_the_same_seed_gives_the_same_bytes(rebuilt: Path, tmp_path: Path) -> None:
    write_demo(tmp_path)
    first, second = _files(rebuilt), _files(tmp_path)
    assert list(first) == list(second)
    assert [name for name in first if first[name].read_bytes() != second[name].read_bytes()] == []


def test_another_seed_gives_another_land() -> None:
    assert not coast(SEED).equals(coast(SEED + 1))


def test_the_files_checked_in_are_those_of_the_seed(rebuilt: Path) -> None:
    # Archives, GeoPackages and extracts depend on the versions of the libraries that write them: their content is compared.
    readers = {".gpkg": _features, ".zip": _members, ".pbf": _elements}
    made, kept = _files(rebuilt), _files(DATA)
    assert list(made) == list(kept)
    for name, path in made.items():
        read = readers.get(path.suffix, Path.read_bytes)
        assert read(path) == read(kept[name]), (
            f"{name} differs: run 'python -m geo demo --out data' and commit what it writes"
        )


def _features(path: Path) -> object:
    frame = gpd.read_file(path)
    # Where a ring begins is the library's choice.
    outlines = shapely.to_wkb(shapely.normalize(frame.geometry.to_numpy())).tolist()
    return frame.drop(columns="geometry").to_dict("records"), outlines, frame.crs.to_epsg()


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _elements(path: Path) -> list[tuple[object, ...]]:
    return list(_each_element(path))


def _each_element(path: Path) -> Iterator[tuple[object, ...]]:
    for element in osmium.FileProcessor(str(path)):
        tags = {tag.k: tag.v for tag in element.tags}
        if element.is_node():
            yield "node", element.id, element.location.lon, element.location.lat, tags
        else:
            yield "way", element.id, tuple(node.ref for node in element.nodes), tags


def test_ids_of_the_extract_are_sorted_and_its_references_whole() -> None:
    elements = _elements(DATA / "streets" / f"{AREA}.osm.pbf")
    nodes = [element[1] for element in elements if element[0] == "node"]
    ways = [element for element in elements if element[0] == "way"]
    assert nodes == sorted(set(nodes))
    assert [way[1] for way in ways] == sorted({way[1] for way in ways})
    assert {ref for way in ways for ref in way[2]} <= set(nodes)
    assert 8_000 <= len(nodes) <= 20_000


def test_a_quarter_of_a_million_people_in_about_160_zones(zones: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> None:
    figures = pd.read_csv(DATA / "boundaries" / AREA / "figures.csv").set_index("zone_code")
    assert 150 <= len(zones) <= 170
    assert sorted(figures.index) == sorted(zones.index)
    assert abs(figures["population"].sum() - 250_000) <= 0.02 * 250_000
    assert figures["population"].between(1_000, 2_500).all()
    assert (origins.groupby("zone_code")["population"].sum() == figures["population"]).all()
    assert (figures["population_65plus"] < figures["population"]).all()
    for rank in [name for name in figures if name.endswith("_rank")]:
        assert sorted(figures[rank]) == list(range(1, len(figures) + 1)), rank


def test_the_zones_tile_the_land(zones: gpd.GeoDataFrame) -> None:
    shapes = zones.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    land = coast(SEED)
    # Corners are kept to 0.1 m, along some 150 km of coast.
    assert shapely.union_all(shapes).symmetric_difference(land).area < 0.1 * land.length
    assert abs(sum(shape.area for shape in shapes) - land.area) < 0.1 * land.length


def test_every_origin_lies_in_its_zone(zones: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> None:
    own = zones.loc[origins["zone_code"]].geometry.to_numpy()
    inside = shapely.covers(own, origins.geometry.to_numpy())
    # Longitude and latitude are written to six places: 0.1 m.
    near = shapely.distance(own, origins.geometry.to_numpy()) < 0.2
    assert (inside | near).all()
    assert origins.groupby("zone_code").size().min() >= 4


def test_everything_lies_in_the_open_water_of_cardigan_bay(zones: gpd.GeoDataFrame, origins: gpd.GeoDataFrame) -> None:
    west, south, east, north = zones.total_bounds
    assert 203_000 < west < east < 237_000
    assert 266_000 < south < north < 309_000
    nodes = [element for element in _elements(DATA / "streets" / f"{AREA}.osm.pbf") if element[0] == "node"]
    lons, lats = [node[2] for node in nodes], [node[3] for node in nodes]
    assert -4.9 < min(lons) < max(lons) < -4.3  # Bardsey lies west of it, Aberystwyth east
    assert 52.26 < min(lats) < max(lats) < 52.65


@pytest.mark.real
def test_no_part_of_it_lies_on_real_land(real_data: Path, zones: gpd.GeoDataFrame) -> None:
    wales = gpd.read_file(real_data / "wales" / "local_authorities.geojson").to_crs(27700)
    # Their outlines are simplified to 500 m.
    assert zones.union_all().distance(wales.union_all()) > 1_000


def test_everything_says_that_it_is_invented() -> None:
    profile = read_profile(DATA / "areas" / f"{AREA}.toml")
    assert profile.is_fictional
    assert "legendary" in profile.note_en
    assert "chwedlonol" in profile.note_cy
    for source in profile.sources().values():
        assert "fictional" in source.attribution and "ddychmygol" in (source.attribution_cy or "")
        assert source.licence == "CC0-1.0"
        assert source.vintage
    activities = pd.read_csv(DATA / "services" / AREA / "activities.csv")
    # 01632 960000 to 960999 are kept by Ofcom for drama; example.org by IANA.
    assert activities["contact"].str.fullmatch(r"grwp\d+@example\.org; 01632 960\d{3}").all()
    feed = _members(DATA / "timetables" / AREA / "bus.zip")
    assert b"fictional" in feed["feed_info.txt"]
    assert feed["agency.txt"].count(b"dychmygol") == 3


def test_both_names_of_everything_are_given() -> None:
    activities = pd.read_csv(DATA / "services" / AREA / "activities.csv")
    assert activities[["name_cy", "name_en"]].notna().all(axis=None)
    # After a vowel the Welsh article is 'r: "Caffi Trwsio'r Lan".
    assert not activities["name_cy"].str.contains(r"[aeiouwy] yr? [A-Z]", regex=True).any()


def test_every_street_hangs_together(world: World) -> None:
    graph = graph_of([way for way in world.ways if "railway" not in way.tags])
    assert nx.is_connected(graph)


def test_copies_have_ids_of_their_own_and_a_road_between_them(world: World) -> None:
    two = tiled(world, 2)
    assert len({zone.code for zone in two.zones}) == 2 * len(world.zones)
    assert len({venue.venue_id for venue in two.venues}) == 2 * len(world.venues)
    for name, feed in two.feeds.items():
        assert len(feed.stops) == 2 * len(world.feeds[name].stops)
        assert len({trip.trip_id for trip in feed.trips}) == 2 * len(world.feeds[name].trips)
        assert {stop for trip in feed.trips for stop, _ in trip.calls} <= set(feed.stops)
    assert nx.is_connected(graph_of([way for way in two.ways if "railway" not in way.tags]))


def test_less_than_the_whole_land_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="less than whole"):
        write_demo(tmp_path, scale=0.5)
    assert list(tmp_path.iterdir()) == []
