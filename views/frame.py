"""What every page has around its answer: the masthead, the way to the other pages, the question in the side bar, the sources."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import streamlit as st

from geo.area import Area
from geo.errors import CyrraeddError
from views import choices, loading, note_forms, weighting
from views.asked import Asked
from views.controls import Question, area_name, ask, choose_area
from views.driving import Driving, driving_html, driving_of, edit_driving
from views.figures import figures_of, reset_button
from views.language import language, language_button, text
from views.overview import headline_html
from views.tables import plain_lines

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
PAGES = {"explore": "views/pages/explore.py", "gaps": "views/pages/gaps.py"}


def page(name: str, draw: Callable[[Asked], None]) -> None:
    """Ask, and draw the answer; what a user can mend is shown as a message."""
    st.html(f"<style>{STYLE}</style>")
    masthead(name)
    try:
        with st.sidebar:
            profile = choose_area(loading.profiles())
        area = loading.area_of(profile)
        with st.sidebar:
            question = ask(area)
        driving = driving_of(area)
        if driving.problem:
            st.write(text("options.mend"))
            edit_driving(driving)
        else:
            asked = answered(area, question, driving)
            above(asked)
            draw(asked)
        show_sources(area)
    except CyrraeddError as error:
        st.error(f"{text('page.error')}\n\n{plain_lines(error)}")
        reset_button("error")
        weighting.reset_button("error")
    choices.write_address()


def answered(area: Area, question: Question, driving: Driving) -> Asked:
    """Return the question with who finds it met."""
    figures, standard = figures_of(area), question.standard
    access = loading.access_by(loading.network_of(area, driving.rules_of(question.who)), standard.modes)
    gaps = loading.gaps_of(standard, figures, access, weighting.need_of(area))
    return Asked(area, question.level, figures, driving, gaps)


def masthead(name: str) -> None:
    """Show what this is, the pages with the one that is open, and the way to the other language."""
    left, right = st.columns([5, 2], vertical_alignment="center")
    left.html(f'<div class="masthead"><h1>Cyrraedd</h1><p>{escape(text("page.purpose"))}</p></div>')
    with right, st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="pages"):
        for page_name, path in PAGES.items():
            with st.container(key=f"page-{page_name}{'-open' if page_name == name else ''}", width="content"):
                st.page_link(path, label=text(f"nav.{page_name}"), query_params=choices.in_address())
        language_button([*choices.PARSERS, *note_forms.KEYS])


def above(asked: Asked) -> None:
    """Show what stands above every answer: what the profile notes of the area, the finding, and what is wanting for it."""
    profile = asked.area.profile
    note = profile.note_cy if language() == "cy" else profile.note_en
    said = [f"<strong>{escape(text('area.fictional'))}</strong>"] if profile.is_fictional else []
    said += [escape(note)] if note else []
    if said:
        st.html(f'<p class="remark">{" ".join(said)}</p>')
    st.html(headline_html(asked.gaps, profile.name_cy if language() == "cy" else profile.name_en))
    if "drive" in asked.gaps.standard.modes:
        st.html(driving_html(asked.driving, "driving.own_car"))
    if weighting.is_own(asked.area, asked.gaps.need_weights):
        st.html(weighting.own_html(asked.gaps.need_weights))
    if asked.gaps.need_problem:
        st.warning(f"{text('page.no_need')}\n\n{plain_lines(asked.gaps.need_problem)}")


def show_sources(area: Area) -> None:
    """Name whose data these are."""
    lines = "".join(
        f"<p>{escape(line)}</p>" if given_in == language() else f'<p lang="{given_in}">{escape(line)}</p>'
        for line, given_in in area.manifest.attributions_in(language())
    )
    title = f"<p><strong>{escape(text('page.sources'))}</strong> {escape(area_name(area.profile))}</p>"
    st.html(f'<footer class="foot">{title}{lines}<p>{escape(text("page.map_software"))}</p></footer>')
