"""Link workers: posts by cluster and practice, against the people who live there and the patients registered."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from access.posts import posts_by_cluster, posts_by_practice
from views.asked import Asked
from views.charts import Bar
from views.language import language, text
from views.numbers import count_text, decimal_text, rate_text
from views.sections.parts import Row, download, name_of, note, say_all, table

PER_HEAD = tuple(f"wte_per_10000_{people}" for people in ("need_weighted", "residents", "registered"))


def draw(asked: Asked) -> None:
    """Show which clusters have fewest link workers for the need of their people."""
    st.subheader(text("section.posts"), anchor="posts")
    if asked.area.posts.empty:
        say_all([text("posts.unknown")])
        return
    _clusters(asked)
    _practices(asked)


def _clusters(asked: Asked) -> None:
    found = posts_by_cluster(asked.area, asked.gaps.need_weights)
    known = found[found[PER_HEAD[0]].notna()]
    if len(known) > 1:
        least, most = (name_of(known.iloc[at].to_dict()) for at in (0, -1))
        least_wte, most_wte = (rate_text(float(known[PER_HEAD[0]].iloc[at]), language()) for at in (0, -1))
        say_all([text("posts.lead", least=least, least_wte=least_wte, most=most, most_wte=most_wte)])
    note(text("posts.read"))
    most_of_all = {name: float(found[name].max()) for name in PER_HEAD}
    rows: list[Row] = [
        [
            name_of(row),
            decimal_text(row["whole_time_equivalent"], language()),
            *(_bar(row[name], most_of_all[name], "plain" if name == PER_HEAD[0] else "soft") for name in PER_HEAD),
        ]
        for row in found.to_dict("records")
    ]
    headers = ("column.name", "posts.wte", *(f"posts.{name}" for name in PER_HEAD))
    table(text("posts.by_cluster"), headers, rows, numeric=(1,))
    download(asked, found, "posts-clusters", asked.provenance(posts="clusters"))


def _practices(asked: Asked) -> None:
    found = posts_by_practice(asked.area)
    most = float(found[PER_HEAD[2]].max())
    rows: list[Row] = [
        [
            row["name"],
            decimal_text(row["whole_time_equivalent"], language()),
            count_text(row["registered_patients"], language()),
            _bar(row[PER_HEAD[2]], most, "plain"),
            decimal_text(row["cluster_shared_wte"], language()),
        ]
        for row in found.to_dict("records")
    ]
    headers = ("posts.practice", "posts.wte", "posts.patients", f"posts.{PER_HEAD[2]}", "posts.shared")
    table(text("posts.by_practice"), headers, rows, numeric=(1, 2, 4))
    download(asked, found, "posts-practices", asked.provenance(posts="practices"))


def _bar(value: float, most: float, kind: str) -> Bar:
    share = float("nan") if pd.isna(value) else value / (most or 1.0)
    return Bar(rate_text(value, language()), share, kind)
