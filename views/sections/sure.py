"""How sure the answer is: with a limit a little shorter or longer, at a slower walk, and for whoever leaves at any minute of a window."""

from __future__ import annotations

import streamlit as st

from access.confidence import confidence
from access.counted import minutes_in_full
from access.standards import for_everyone
from access.travellers import SLOWER
from views import asked_again
from views.asked import Asked
from views.asked_again import WINDOW_S
from views.charts import Bar
from views.folding import folded
from views.language import language, text
from views.numbers import MISSING, clock_text, count_text, date_text
from views.sections.parts import Row, download, note, table, with_uncounted


def show(asked: Asked) -> None:
    """Show how the answer moves with the question, and folded away, since it takes a search of its own, with the minute of leaving."""
    st.subheader(text("list.sure"), anchor="sure")
    _as_the_question_moves(asked)
    with folded(text("sure.window"), "sure-window"):
        if st.session_state["part-sure-window"]:
            _in_a_window(asked)


def _as_the_question_moves(asked: Asked) -> None:
    standard = asked.gaps.standard
    prices = None if standard.max_fare_gbp is None else asked.figures.prices
    margin_min = min(5.0, standard.within_min / 2)
    slower = asked_again.slower_access(asked.gaps.access)
    found = confidence(for_everyone(asked.gaps), prices=prices, slower=slower, margin_min=margin_min)
    most = max(float(found["unmet_persons"].max()), 1.0)
    rows: list[Row] = [
        [
            text(f"sure.{row['question']}", minutes=minutes_in_full(row["within_min"]), speed=f"{row['walk_kmh']:g}"),
            Bar(count_text(row["unmet_persons"], language()), row["unmet_persons"] / most),
            count_text(row["gaining_persons"], language()) if row["question"] != "as_asked" else MISSING,
            count_text(row["losing_persons"], language()) if row["question"] != "as_asked" else MISSING,
        ]
        for row in found.to_dict("records")
    ]
    headers = ("sure.question", "list.unmet", "list.gaining", "list.losing")
    table(with_uncounted(text("list.sure_caption"), asked.gaps.uncounted_zones), headers, rows, numeric=(2, 3))
    if slower is None:
        note(text("sure.no_slower", speed=f"{asked.gaps.access.network.rules.walk_kmh:g}"))
    slower_kmh = None if slower is None else SLOWER.walk_kmh
    download(asked, found, "gaps-sure", asked.provenance(margin=margin_min, slower_kmh=slower_kmh))


def _in_a_window(asked: Asked) -> None:
    """Show who has a place in time on how many minutes of a window; sessions' own times play no part in it."""
    standard = asked.gaps.standard
    if standard.sessions_per_week != 1 or standard.max_fare_gbp is not None:
        note(text("sure.window_not_asked"))
        return
    found = asked_again.in_window_of(asked.gaps)
    begin_s, end_s = WINDOW_S
    on = date_text(asked.area.profile.service_date, language())
    note(
        text(
            "sure.window_read",
            minutes=minutes_in_full(standard.within_min),
            date=on,
            begin=clock_text(begin_s),
            end=clock_text(end_s),
            back_end=clock_text(2 * end_s - begin_s),
        )
    )
    most = max(float(found["unmet_persons"].max()), 1.0)
    rows: list[Row] = [
        [
            text(f"sure.percentile_{row['percentile']}"),
            Bar(count_text(row["unmet_persons"], language()), row["unmet_persons"] / most),
            count_text(row["unknown_persons"], language()),
        ]
        for row in found.to_dict("records")
    ]
    table(text("sure.window_caption"), ("sure.how_often", "list.unmet", "column.unknown_persons"), rows, numeric=(2,))
    download(asked, found, "gaps-window", asked.provenance(window=WINDOW_S))
