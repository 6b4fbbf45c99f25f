"""Link workers: whole-time equivalents by cluster and practice, per resident, per need-weighted resident and per registered patient.

Residents and registered patients are two populations and stand side by side; where a practice's list is not known its cluster's is not
either. The table of posts is taken to be whole: a cluster that it does not name has none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from access.need import NeedWeights, NoNeed, default_need, need_index, person_weight
from access.query import QueryError
from geo.area import Area

PER = 10_000


def posts_by_cluster(area: Area, need: NeedWeights | None = None) -> pd.DataFrame:
    """Return one row per cluster, least provided for its need first.

    Columns: ``cluster_id, name_en, name_cy, is_derived, posts, whole_time_equivalent, residents, need_weighted_residents,
    registered_patients, mean_need`` and the whole-time equivalents per 10,000 of each population (``wte_per_10000_residents``,
    ``…_need_weighted``, ``…_registered``); missing where a population is not known.

    Raises:
        QueryError: the area has no posts, or no clusters.
    """
    _check(area)
    found = _clusters(area)
    posts = area.posts.groupby("cluster_id")["whole_time_equivalent"]
    found["posts"] = found["cluster_id"].map(posts.size()).fillna(0).astype(int)
    found["whole_time_equivalent"] = found["cluster_id"].map(posts.sum()).fillna(0.0)
    found = found.merge(_residents(area, need), on="cluster_id", how="left")
    lists = area.practices.groupby("cluster")["list_size"].agg(lambda size: size.sum(skipna=False))
    found["registered_patients"] = found["cluster_id"].map(lists)
    for name, population in (
        ("residents", "residents"),
        ("need_weighted", "need_weighted_residents"),
        ("registered", "registered_patients"),
    ):
        found[f"wte_per_{PER}_{name}"] = (
            PER * found["whole_time_equivalent"] / found[population].where(found[population] > 0)
        )
    order = found[f"wte_per_{PER}_need_weighted"].fillna(found[f"wte_per_{PER}_residents"])
    return found.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)


def posts_by_practice(area: Area) -> pd.DataFrame:
    """Return one row per practice: its own posts per registered patient, and the posts that its cluster shares beside.

    Columns: ``practice_id, name, cluster_id, posts, whole_time_equivalent, registered_patients, wte_per_10000_registered,
    cluster_shared_wte``. Shared posts are not divided among practices: nobody has said how.

    Raises:
        QueryError: the area has no posts.
    """
    _check(area)
    own = area.posts.groupby("practice_id")["whole_time_equivalent"]
    shared = area.posts[area.posts["practice_id"].isna()].groupby("cluster_id")["whole_time_equivalent"].sum()
    practices = area.practices
    found = pd.DataFrame(
        {
            "practice_id": practices["practice_id"],
            "name": practices["name"],
            "cluster_id": practices["cluster"],
            "posts": practices["practice_id"].map(own.size()).fillna(0).astype(int),
            "whole_time_equivalent": practices["practice_id"].map(own.sum()).fillna(0.0),
            "registered_patients": practices["list_size"],
            "cluster_shared_wte": practices["cluster"].map(shared).fillna(0.0),
        }
    )
    found[f"wte_per_{PER}_registered"] = (
        PER * found["whole_time_equivalent"] / found["registered_patients"].where(found["registered_patients"] > 0)
    )
    return found.sort_values(f"wte_per_{PER}_registered", kind="stable", ignore_index=True)


def _check(area: Area) -> None:
    if area.posts.empty:
        raise QueryError(
            f"The posts of link workers are not known in {area.profile.area_id}. Name a table of them as 'posts' in its profile."
        )


def _clusters(area: Area) -> pd.DataFrame:
    """Return the clusters that have a footprint, practices or posts."""
    known = area.footprints[area.footprints["level"] == "cluster"]
    found = pd.DataFrame(known[["footprint_id", "name_en", "name_cy", "is_derived"]]).rename(
        columns={"footprint_id": "cluster_id"}
    )
    others = sorted(
        (set(area.practices["cluster"]) | set(area.posts["cluster_id"].dropna())) - set(found["cluster_id"])
    )
    bare = pd.DataFrame({"cluster_id": others, "name_en": others, "name_cy": others, "is_derived": False})
    return pd.concat([found, bare], ignore_index=True) if others else found.reset_index(drop=True)


def _residents(area: Area, need: NeedWeights | None) -> pd.DataFrame:
    """Return people, need-weighted people and mean need of each cluster's zones."""
    if "cluster" not in area.zone_footprints:
        return pd.DataFrame(columns=["cluster_id", "residents", "need_weighted_residents", "mean_need"])
    weights = need or default_need(area)
    try:
        index = need_index(area, weights)
    except NoNeed:
        index = pd.Series(np.nan, index=area.zones["zone_code"])
    zones = area.zones.set_index("zone_code")
    people = zones["population"]
    need_of_zone = index.reindex(people.index).mask(people == 0, 0.0)  # where nobody lives nobody has any
    table = pd.DataFrame(
        {
            "cluster_id": area.zone_footprints["cluster"].reindex(people.index),
            "residents": people,
            "need_weighted_residents": people * person_weight(need_of_zone, weights.slope),
            "needed": people * need_of_zone,
        }
    )
    found = table.groupby("cluster_id").sum()
    found = found.mask(table.drop(columns="cluster_id").isna().groupby(table["cluster_id"]).any())
    found["mean_need"] = found.pop("needed") / found["residents"].where(found["residents"] > 0)
    return found.reset_index()
