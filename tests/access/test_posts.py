"""Posts on the busy One Road, by hand: from the file to whole-time equivalents per person."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from access.__main__ import main
from access.posts import posts_by_cluster, posts_by_practice
from access.query import QueryError
from geo.area import Area
from geo.build import build_area
from geo.opening import open_area
from geo.posts import no_posts
from geo.profile import read_profile
from tests.worlds import write_one_road


def test_per_person_of_each_population(busy_road: Area) -> None:
    found = posts_by_cluster(busy_road).set_index("cluster_id")
    assert found["whole_time_equivalent"].to_dict() == {
        "west": 0.5,
        "east": 1.0,
    }  # P1's half post belongs to its cluster
    assert found["residents"].to_dict() == {"west": 400, "east": 300}
    # Need: A 0, B 1/2, C 1. West 100 · 1 + 300 · 1.5 = 550; east 300 · 2 = 600.
    assert found["need_weighted_residents"].to_dict() == {"west": 550, "east": 600}
    assert found["mean_need"].to_dict() == {"west": 150 / 400, "east": 1}
    assert found.loc["west", "wte_per_10000_residents"] == pytest.approx(12.5)
    assert found.loc["west", "wte_per_10000_need_weighted"] == pytest.approx(5000 / 550)
    assert found.loc["west", "wte_per_10000_registered"] == pytest.approx(10)  # 500 on P1's list
    assert found["wte_per_10000_registered"].isna().to_dict() == {"west": False, "east": True}  # P2's list is not known
    assert found.index[0] == "west"  # least for its need


def test_practices_own_and_shared_posts(busy_road: Area) -> None:
    found = posts_by_practice(busy_road).set_index("practice_id")
    assert found["whole_time_equivalent"].to_dict() == {"P1": 0.5, "P2": 0}
    assert found["cluster_shared_wte"].to_dict() == {"P1": 0, "P2": 1}
    assert found.loc["P1", "wte_per_10000_registered"] == 10


def test_not_known_is_not_none(busy_road: Area, one_road: Area) -> None:
    for area in (one_road, replace(busy_road, posts=no_posts())):
        with pytest.raises(QueryError, match="not known in one-road"):
            posts_by_cluster(area)
    bare = replace(busy_road, zones=busy_road.zones.assign(income_rank=np.nan))
    found = posts_by_cluster(bare)
    assert found["wte_per_10000_need_weighted"].isna().all() and found["wte_per_10000_residents"].notna().all()


def test_a_zone_of_nobody_without_ranks_weighs_nothing(busy_road: Area) -> None:
    # Nobody lives in A, of whose need nothing is known: west is B's 300, each counting 1.5, and half a post for these 450 is 11.11.
    is_a = busy_road.zones["zone_code"] == "A"
    ranks = {name: busy_road.zones[name].mask(is_a) for name in ("income_rank", "employment_rank", "health_rank")}
    zones = busy_road.zones.assign(population=busy_road.zones["population"].mask(is_a, 0), **ranks)
    west = posts_by_cluster(replace(busy_road, zones=zones)).set_index("cluster_id").loc["west"]
    assert west[["residents", "need_weighted_residents", "mean_need"]].tolist() == [300, 450, 0.5]
    assert west["wte_per_10000_need_weighted"] == pytest.approx(5000 / 450)
    # If one person lives there, what they weigh is not known, and so neither is what west does.
    somebody = zones.assign(population=zones["population"].mask(is_a, 1))
    west = posts_by_cluster(replace(busy_road, zones=somebody)).set_index("cluster_id").loc["west"]
    assert west["residents"] == 301 and west[["need_weighted_residents", "mean_need"]].isna().all()


def test_rows_that_cannot_be_used_are_refused_and_counted(tmp_path: Path) -> None:
    profile = write_one_road(tmp_path, busy=True)
    rows = ["a,P1,,0.5", "b,,,1", "c,P9,,1", "d,P1,east,1", "e,P1,,much", "a,P2,,1", "f,P1,west,0", "g,,east,40"]
    (tmp_path / "posts.csv").write_text(
        "\n".join(["post_id,practice_id,cluster_id,whole_time_equivalent", *rows]) + "\n"
    )
    area = build_area(read_profile(profile))
    assert area.posts["post_id"].tolist() == ["a", "f"]
    quality = next(source for source in area.quality.sources if source.name == "posts")
    told = " ".join(str(fault) for fault in quality.refused)
    assert (quality.rows_in, quality.rows_kept, len(quality.refused)) == (8, 2, 6)
    for part in (
        "neither practice_id nor cluster_id",
        "'P9' is not known",
        "'east' is not that of",
        "'much'",
        "earlier row",
        "'40'",
    ):
        assert part in told
    assert any("post of nothing" in str(doubt) for doubt in quality.doubts)


def test_gwymon_has_least_for_its_need() -> None:
    found = posts_by_cluster(open_area("cantrer-gwaelod"))
    assert found["cluster_id"].iloc[0] == "gwymon" and len(found) == 6
    assert found["mean_need"].idxmax() == 0  # the cluster in most need has fewest link workers for it
    assert found["registered_patients"].notna().all()


def test_the_command(tmp_path: Path) -> None:
    profile = str(write_one_road(tmp_path, busy=True))
    told = CliRunner().invoke(main, ["posts", profile])
    assert told.exit_code == 0 and "12.5" in told.output
    out = tmp_path / "out.csv"
    assert CliRunner().invoke(main, ["posts", profile, "--by", "practice", "--out", str(out)]).exit_code == 0
    assert "P2" in out.read_text(encoding="utf-8")
