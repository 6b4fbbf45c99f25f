"""One Road, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from access.network import AreaNetwork
from access.sessions import SessionAccess, there_and_back
from geo.area import Area
from geo.build import build_area
from geo.profile import read_profile
from tests.worlds import FREE_FLOW, write_one_road


@pytest.fixture(scope="session")
def one_road(tmp_path_factory: pytest.TempPathFactory) -> Area:
    return build_area(read_profile(write_one_road(tmp_path_factory.mktemp("one-road"))))


@pytest.fixture(scope="session")
def one_road_booked(tmp_path_factory: pytest.TempPathFactory) -> Area:
    return build_area(read_profile(write_one_road(tmp_path_factory.mktemp("booked"), booked_rides=True)))


@pytest.fixture(scope="session")
def busy_road(tmp_path_factory: pytest.TempPathFactory) -> Area:
    return build_area(read_profile(write_one_road(tmp_path_factory.mktemp("busy"), busy=True)))


@pytest.fixture(scope="session")
def busy(busy_road: Area) -> SessionAccess:
    return there_and_back(AreaNetwork(busy_road, FREE_FLOW))


@pytest.fixture(scope="session")
def access(one_road: Area) -> SessionAccess:
    return there_and_back(AreaNetwork(one_road, FREE_FLOW))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out")
