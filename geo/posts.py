"""Load link workers' posts: how much of a whole-time post each is, and the practice or cluster it serves."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from geo.profile import AreaProfile
from geo.quality import SourceQuality
from geo.schemas import POSTS, TEXT, conform
from geo.sieve import Sieve
from geo.tables import read_rows

COLUMNS = tuple(POSTS.columns)
MOST_WTE = 10.0  # a row above this is rather hours, or a team


def no_posts() -> pd.DataFrame:
    """Return the empty table: posts are not known."""
    return conform(pd.DataFrame({"post_id": []}), POSTS)


def load_posts(profile: AreaProfile, practices: gpd.GeoDataFrame) -> tuple[pd.DataFrame, tuple[SourceQuality, ...]]:
    """Return posts as ``schemas.POSTS`` and what became of the rows; without a source, an empty table.

    A post of a practice belongs to the practice's cluster. Posts of unknown practices, or with neither practice nor cluster, or
    with a cluster other than their practice's, are refused.

    Raises:
        DataError: the file cannot be used.
    """
    if profile.posts is None:
        return no_posts(), ()
    sieve = Sieve(read_rows(profile, profile.posts, COLUMNS, ("post_id", "whole_time_equivalent")))
    sieve.required("post_id", "whole_time_equivalent")
    sieve.unique("post_id")
    sieve.numbers("whole_time_equivalent", high=MOST_WTE)
    sieve.optional("practice_id", "cluster_id")
    sieve.refuse(
        sieve.frame["practice_id"].isna() & sieve.frame["cluster_id"].isna(),
        "post '{post_id}' has neither practice_id nor cluster_id",
        "Give the practice or the cluster that it serves.",
    )
    cluster = dict(zip(practices["practice_id"], practices["cluster"], strict=True))
    sieve.refuse(
        sieve.frame["practice_id"].notna() & ~sieve.frame["practice_id"].isin(list(cluster)),
        "practice '{practice_id}' is not known",
        "Add the practice, or mend practice_id.",
    )
    of_practice = sieve.frame["practice_id"].map(cluster).astype(TEXT)
    given = sieve.frame["cluster_id"]
    sieve.refuse(
        given.notna() & of_practice.notna() & (given != of_practice),
        "cluster '{cluster_id}' is not that of practice '{practice_id}'",
        "Leave one of the two blank, or mend it.",
    )
    of_practice = sieve.frame["practice_id"].map(cluster).astype(TEXT)
    sieve.frame = sieve.frame.assign(cluster_id=sieve.frame["cluster_id"].where(of_practice.isna(), of_practice))
    sieve.doubt(
        sieve.frame["whole_time_equivalent"] == 0, "is a post of nothing.", "A vacant post may be meant: is it filled?"
    )
    return conform(sieve.frame.sort_values("post_id"), POSTS), (sieve.quality("posts"),)
