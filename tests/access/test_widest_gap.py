"""The kind of activity that most people go without is the one whose gaps, worked out in full, weigh most."""

from __future__ import annotations

from access.catchments import categories
from access.gaps import find_gaps
from access.network import AreaNetwork
from access.query import Standard
from access.sessions import there_and_back
from access.widest_gap import widest_gap
from geo.area import Area


def test_it_is_the_greatest_of_all_gaps(demo_area: Area) -> None:
    access = there_and_back(AreaNetwork(demo_area), ("transit",))
    weighs = {
        category: find_gaps(access, Standard(category)).by_origin["need_weighted_unmet_persons"].sum()
        for category in categories(access)
    }
    assert widest_gap(access) == max(weighs, key=weighs.__getitem__)
