"""What is in reach over all categories, on the one road of ``tests/worlds.py``."""

from __future__ import annotations

import numpy as np
import pytest

from access.in_reach import by_category, is_any_placed, sessions_in_reach
from access.query import Standard
from access.sessions import SessionAccess

ANY = Standard("crafts", within_min=45)


def test_the_nearest_of_each_category_there_and_back(access: SessionAccess) -> None:
    # B: of B1's 200 people the crafts are 26 minutes away and home in 25, the choir is where they live; of B2's 100 nothing is known.
    found = sessions_in_reach(access, "B", ANY).set_index("session_id")
    assert found.loc["craft-tue", ["out_min", "back_min", "reachable_share"]].tolist() == pytest.approx(
        [26, 25, 1], abs=0.1
    )
    kinds = by_category(found.reset_index()).set_index("category")
    assert kinds["sessions"].sum() == len(found) and kinds.loc["crafts", "session_id"] == "craft-tue"
    assert kinds.loc["dance", "sessions"] == 0 and np.isnan(kinds.loc["dance", "out_min"])


def test_no_way_home_is_out_of_reach(access: SessionAccess) -> None:
    assert "craft-tue" not in set(
        sessions_in_reach(access, "C", ANY)["session_id"]
    )  # C1 gets there, and no bus goes home


def test_half_of_the_people_bring_a_session_into_reach(access: SessionAccess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.network.area.origins, "zone_code", "B")  # type: ignore[arg-type]
    for stranded, is_in_reach in ((300.0, True), (301.0, False)):  # beside the 300 of A1 and B1 who get there and home
        monkeypatch.setitem(access.network.area.origins, "population", np.array([100, 200, 0, stranded]))  # type: ignore[arg-type]
        assert ("craft-tue" in set(sessions_in_reach(access, "B", ANY)["session_id"])) is is_in_reach


def test_of_a_zone_nobody_of_which_is_placed_nothing_is_known(
    access: SessionAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(access.network.area.origins, "zone_code", np.array(["A", "A", "B", "C"]))  # type: ignore[arg-type]
    assert is_any_placed(access, "A", ANY) and not is_any_placed(access, "B", ANY)
    assert sessions_in_reach(access, "B", ANY).empty
