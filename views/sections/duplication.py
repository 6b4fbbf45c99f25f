"""What is done twice: sessions alike in kind, time and people, and who would lose if one stopped."""

from __future__ import annotations

import streamlit as st

from access.duplication import Duplication, DuplicationRules, providers_and_funders
from access.uncounted import say_uncounted
from geo.profile import Level
from geo.words import Message
from views import loading
from views.asked import Asked
from views.charts import Bar
from views.language import language, text
from views.numbers import MISSING, count_text, decimal_text, pounds_text
from views.sections.parts import Row, download, loss_text, name_of, note, say_all, table, when


def draw(asked: Asked) -> None:
    """Ask when sessions count as alike, and show the groups that they make."""
    st.subheader(text("section.duplication"), anchor="duplication")
    note(text("duplication.read"))
    left, right = st.columns(2, gap="large")
    overlap = left.slider(text("duplication.overlap"), 50, 100, step=5, format="%d%%", key="overlap")
    hours = right.slider(text("duplication.hours"), 0.0, 4.0, step=0.5, format="%.1f", key="hours")
    own = _own(asked)
    rules = DuplicationRules(overlap / 100, hours, frozenset([own] if own else []))
    found = loading.duplication_of(asked.gaps, asked.figures, rules)
    category = Message(f"category.{asked.gaps.standard.category}")
    if found.groups:
        say_all([Message("duplication.found", {"category": category}, count=len(found.groups))])
    else:
        say_all([Message("duplication.none"), *say_uncounted(found.catchments.uncounted_zones)])
    for key, count in (("full", found.full), ("fullness_unknown", found.fullness_unknown)):
        if count:
            note(text(f"duplication.{key}", count=count))
    for number in range(len(found.groups)):
        _group(found, number)
    download(asked, found.as_table(), "duplication", asked.provenance(overlap=overlap, hours=hours, own=own))
    if asked.level:
        _similar(asked, asked.level)


def _own(asked: Asked) -> str | None:
    """Ask which provider or funder the user answers for."""
    names = providers_and_funders(asked.area)
    if st.session_state.get("own") not in names:
        st.session_state["own"] = None
    return st.selectbox(text("duplication.own"), names, index=None, placeholder=text("duplication.own_none"), key="own")


def _group(found: Duplication, number: int) -> None:
    group = found.groups[number]
    say_all(found.describe(group))
    owners = found.owners()
    most = max(*group.persons, 1.0)
    rows: list[Row] = []
    for at, session in enumerate(group.sessions):
        row = found.catchments.sessions.iloc[session].to_dict()
        rows.append(
            [
                f"{name_of(row)}\n{row['venue_name']}",
                when(row),
                row["provider"] if isinstance(row["provider"], str) else MISSING,
                *([text(f"duplication.owner.{owners.iloc[session]}")] if found.rules.own else []),
                Bar(count_text(group.persons[at], language()), group.persons[at] / most, "met"),
                loss_text(group.lost_if_stopped[at]),
                loss_text(group.lost_if_only_one_stays[at]),
            ]
        )
    headers = (
        "sessions.activity",
        "sessions.when",
        "duplication.provider",
        *(["duplication.owner"] if found.rules.own else []),
        "duplication.reached",
        "duplication.stopped",
        "duplication.stays",
    )
    table(text("duplication.caption", number=number + 1), headers, rows, numeric=(len(headers) - 2, len(headers) - 1))


def _similar(asked: Asked, level: Level) -> None:
    """Show what is done a little differently by several: candidates for one model that is evaluated."""
    st.subheader(text("similar.title"), anchor="similar")
    note(text("similar.read"))
    found = loading.similar_of(asked.gaps, asked.figures, level)
    if found.empty:
        say_all([Message("similar.none")])
    names = asked.area.footprints.set_index("footprint_id")[f"name_{language()}"]
    headers = (
        "sessions.activity",
        "similar.footprint",
        "duplication.provider",
        "similar.cost",
        "funding.sessions",
        "duplication.reached",
        "similar.measures",
    )
    for number, own in found.groupby("kind"):
        first = own.iloc[0]
        values = {
            name: Message(f"count.{name}", count=int(first[name])) for name in ("activities", "clusters", "providers")
        }
        persons = count_text(float(first["kind_reached_persons"]), language())
        category = Message(f"category.{first['category']}")
        words = {name: first[name] for name in ("words", "words_cy")}
        say_all([Message("similar.kind", {**values, **words, "category": category, "persons": persons})])
        rows: list[Row] = [
            [
                f"{name_of(row)}\n{row['venue_name']}",
                str(names.get(row["footprint_id"], MISSING)),
                row["provider"] if isinstance(row["provider"], str) else MISSING,
                pounds_text(float(row["cost_gbp"]), language()),
                decimal_text(float(row["sessions_per_week"]), language()),
                Bar(
                    count_text(row["reached_persons"], language()),
                    row["reached_persons"] / max(own["reached_persons"].max(), 1),
                    "met",
                ),
                row["measures"] if isinstance(row["measures"], str) else MISSING,
            ]
            for row in own.to_dict("records")
        ]
        table(text("similar.caption", number=number), headers, rows, numeric=(3, 4))
    download(asked, found, "similar", asked.provenance(similar=level))
