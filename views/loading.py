"""Open areas and compute answers once each, for everyone who looks: read-only, kept by digest and question."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from access.catchments import Catchments, categories, each_category, find_catchments
from access.compare import FootprintFigures, footprint_figures
from access.costs import Prices
from access.deep_end import DeepEnd, find_deep_end
from access.duplication import Duplication, DuplicationRules, find_duplication
from access.equity.report import Equity, equity
from access.funding import FundingCliff, find_funding_cliff
from access.gaps import NO_FOOTPRINT, Gaps, find_gaps
from access.in_reach import sessions_in_reach
from access.knowledge import Effect, effect_on
from access.measures import measure, parameters
from access.mode_times import ModeTimes
from access.need import NeedWeights, need_sensitivity
from access.network import AreaNetwork
from access.options import Option, Question, answers
from access.query import Mode, Standard, TravelRules
from access.sessions import SessionAccess, running_sessions, times_by_mode
from access.similar import find_similar
from access.standards import met_share
from access.travellers import TRAVELLERS
from access.why import Why, explain_zone
from geo.area import Area
from geo.notes import Note, notes_beside
from geo.opening import area_profiles, open_area
from geo.profile import AreaProfile, Level, read_profile
from geo.words import Message
from views import assets
from views.figures import Figures
from views.geometry import AreaShapes, area_shapes
from views.language import text
from views.legend import PROVISION, Layer
from views.weighting import key_of

KEPT_AREAS, KEPT_ANSWERS = 3, 64
KINDS_OF_WALK = len(TRAVELLERS) + 1  # each traveller's, and by wheelchair at the slower walk


def profiles() -> list[AreaProfile]:
    """Return the profiles that the dashboard offers, by name of their file."""
    return [read_profile(path) for path in area_profiles().values()]


def area_of(profile: AreaProfile) -> Area:
    """Open an area, saying what is being done while it is read or built."""
    path = area_profiles()[profile.area_id]
    with st.spinner(text("progress.area")):
        return area_at(str(path), path.stat().st_mtime_ns)


@st.cache_resource(show_spinner=False, max_entries=KEPT_AREAS)
def area_at(path: str, changed_ns: int) -> Area:
    """Open the area of a profile; it is opened anew when the profile has changed."""
    return open_area(path)


def network_of(area: Area, rules: TravelRules) -> AreaNetwork:
    """Return the network of an area under rules; networks that differ in driving alone share all that knows nothing of it."""
    usual = _network(area.digest, rules.for_mode("walk"), area)
    return usual if usual.rules == rules else _driven(area.digest, rules, usual)


@st.cache_resource(show_spinner=False, max_entries=KEPT_AREAS * KINDS_OF_WALK)
def _network(digest: str, rules: TravelRules, _area: Area) -> AreaNetwork:
    return AreaNetwork(_area, rules)


@st.cache_resource(show_spinner=False, max_entries=KEPT_AREAS * KINDS_OF_WALK)
def _driven(digest: str, rules: TravelRules, _usual: AreaNetwork) -> AreaNetwork:
    return _usual.driven(rules.peaks, rules.park_min)


def access_by(network: AreaNetwork, modes: tuple[Mode, ...]) -> SessionAccess:
    """Return there and back by ``modes``; each mode is computed once for an area and a group, when it is first asked for."""
    digest = network.area.digest
    by_mode: dict[Mode, ModeTimes] = {}
    for mode in modes:
        with st.spinner(text("progress.times", mode=text(f"mode.{mode}"))):
            rules = network.rules.for_mode(mode)
            by_mode[mode] = times_of(digest, rules, mode, network_of(network.area, rules))
    return SessionAccess(network, sessions_of(digest, network), by_mode)


@st.cache_resource(show_spinner=False, max_entries=KEPT_AREAS)
def sessions_of(digest: str, _network: AreaNetwork) -> pd.DataFrame:
    """Return the sessions that run on the service date."""
    return running_sessions(_network)


@st.cache_resource(show_spinner=False, max_entries=4 * KEPT_AREAS * KINDS_OF_WALK)
def times_of(digest: str, rules: TravelRules, mode: Mode, _network: AreaNetwork) -> ModeTimes:
    """Return there and back by one mode."""
    return times_by_mode(_network, sessions_of(digest, _network), (mode,))[mode]


def gaps_of(standard: Standard, figures: Figures, access: SessionAccess, need: NeedWeights) -> Gaps:
    """Return the gaps under a standard, people weighted by need; figures matter where it limits fares.

    Raises:
        DataError: the user's own figures make no sense.
    """
    digest, weights = _asked_of(access.network), key_of(need)
    if standard.max_fare_gbp is None:
        return _gaps(digest, weights, standard, "", access, None, need)
    return _gaps(digest, weights, standard, figures.digest, access, figures.prices, need)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _gaps(
    digest: str, weights: str, standard: Standard, figures: str, _access: SessionAccess, _prices: Prices | None, _need: NeedWeights
) -> Gaps:  # fmt: skip
    return find_gaps(_access, standard, _prices, _need)


def told(gaps: Gaps) -> str:
    """Return by which area, travel rules and weights of need an answer differs."""
    return _asked_of(gaps.access.network) + key_of(gaps.need_weights)


def _asked_of(network: AreaNetwork) -> str:
    return f"{network.area.digest} {network.rules}"


def options_of(gaps: Gaps, zone_codes: tuple[str, ...], figures: Figures) -> list[Option]:
    """Return the answers for some zones together (errors: :func:`access.options.answers`, and DataError for one's own figures)."""
    with st.spinner(text("progress.options")):
        return _options(told(gaps), gaps.standard, zone_codes, figures.digest, gaps, figures.prices)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _options(
    digest: str, standard: Standard, zone_codes: tuple[str, ...], figures: str, _gaps: Gaps, _prices: Prices
) -> list[Option]:
    return answers(Question(_gaps, zone_codes, _prices))


def layer_of(gaps: Gaps, layer: Layer) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    """Return what a layer of the map is shaded by, and what must be said beside it: the gaps by zone, for provision with a measure."""
    if layer not in PROVISION:
        return gaps.by_zone, ()
    asked = gaps.standard
    found = measure(PROVISION[layer], gaps.access, asked.category, asked.modes, within_min=asked.within_min)
    value = found.by_zone[["zone_code", "value"]].rename(columns={"value": layer})
    return gaps.by_zone.merge(value, on="zone_code"), found.notes


def why_of(gaps: Gaps, zone_code: str, figures: Figures) -> Why:
    """Return why a zone's people find the standard met or not."""
    with st.spinner(text("progress.why")):
        return _why(told(gaps), gaps.standard, zone_code, _fares(gaps, figures), gaps, figures)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _why(digest: str, standard: Standard, zone_code: str, fares: str, _gaps: Gaps, _figures: Figures) -> Why:
    return explain_zone(_gaps, zone_code, _prices(_gaps, _figures))


def in_reach_of(gaps: Gaps, zone_code: str, figures: Figures) -> pd.DataFrame:
    """Return what is in reach of a zone, over all categories, by the standard's time, modes and fare."""
    with st.spinner(text("progress.reach")):
        return _in_reach(told(gaps), gaps.standard, zone_code, _fares(gaps, figures), gaps, figures)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _in_reach(
    digest: str, standard: Standard, zone_code: str, fares: str, _gaps: Gaps, _figures: Figures
) -> pd.DataFrame:
    return sessions_in_reach(_gaps.access, zone_code, standard, _prices(_gaps, _figures))


def equity_of(gaps: Gaps, figures: Figures, name: str, level: Level | None) -> Equity:
    """Return the equity of a measure, by need or where that is not known by deprivation (errors: :func:`access.equity.report.equity`)."""
    with st.spinner(text("progress.equity")):
        return _equity(told(gaps), gaps.standard, _fares(gaps, figures), name, level, gaps)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _equity(digest: str, standard: Standard, fares: str, name: str, level: Level | None, _gaps: Gaps) -> Equity:
    if name == "met":
        return equity(met_share(_gaps), level, bounds=(0.0, 1.0), need=_gaps.need_weights)
    limit: dict[str, Any] = {"within_min": standard.within_min} if "within_min" in parameters(name) else {}
    measured = measure(name, _gaps.access, standard.category, standard.modes, **limit)
    return equity(measured, level, need=_gaps.need_weights)


def duplication_of(gaps: Gaps, figures: Figures, rules: DuplicationRules) -> Duplication:
    """Return the sessions of the standard's category that double each other."""
    return find_duplication(
        find_catchments(gaps.access, gaps.standard, _prices(gaps, figures), gaps.need_weights), rules
    )


def funding_of(gaps: Gaps, figures: Figures) -> FundingCliff:
    """Return what ends when, over all categories."""
    with st.spinner(text("progress.funding")):
        return _funding(told(gaps), gaps.standard, _fares(gaps, figures), gaps, figures)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _funding(digest: str, standard: Standard, fares: str, _gaps: Gaps, _figures: Figures) -> FundingCliff:
    return find_funding_cliff(catchments_of(_gaps, _figures))


def catchments_of(gaps: Gaps, figures: Figures) -> tuple[Catchments, ...]:
    """Return the catchments of every category, each under the standard asked for."""
    prices, need = _prices(gaps, figures), gaps.need_weights
    chosen = categories(gaps.access) or [gaps.standard.category]  # where nothing runs, of what was asked
    return tuple(each_category(gaps.access, lambda one: replace(gaps.standard, category=one), chosen, prices, need))


def need_ranks_of(gaps: Gaps, level: Level | None) -> pd.DataFrame:
    """Return how far ranks of need hang on the weights (errors: :func:`access.need.need_sensitivity`)."""
    return _need_ranks(told(gaps), level, gaps)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _need_ranks(told: str, level: Level | None, _gaps: Gaps) -> pd.DataFrame:
    return need_sensitivity(_gaps.access.network.area, _gaps.need_weights, level=level)


def figures_by_footprint(gaps: Gaps, figures: Figures, level: Level) -> FootprintFigures:
    """Return every measure of the standard's category for every footprint of a level."""
    with st.spinner(text("progress.compare")):
        return _by_footprint(told(gaps), gaps.standard, _fares(gaps, figures), level, gaps)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _by_footprint(digest: str, standard: Standard, fares: str, level: Level, _gaps: Gaps) -> FootprintFigures:
    return footprint_figures(
        _gaps.access,
        level,
        categories=[standard.category],
        within_min=standard.within_min,
        modes=standard.modes,
        need=_gaps.need_weights,
        answered=(_gaps,),
    )


def deep_end_of(gaps: Gaps, figures: Figures, level: Level) -> DeepEnd:
    """Return provision against need, over all categories."""
    return find_deep_end(catchments_of(gaps, figures), level, gaps.need_weights)


def notes_file(profile: AreaProfile) -> Path:
    """Return where the notes on an area are kept."""
    return notes_beside(area_profiles()[profile.area_id])


def said_by(notes: tuple[Note, ...]) -> str:
    """Return notes as one text, the same for the same notes."""
    return json.dumps([asdict(note) for note in notes], sort_keys=True, default=str)


def effect_of_notes(gaps: Gaps, figures: Figures, notes: tuple[Note, ...]) -> Effect:
    """Return the gaps before and after what the notes ask to be absent (errors: :func:`access.knowledge.with_overrides`)."""
    with st.spinner(text("progress.notes")):
        return _effect(told(gaps), gaps.standard, _fares(gaps, figures), said_by(notes), gaps, figures, notes)


@st.cache_resource(show_spinner=False, max_entries=KEPT_ANSWERS)
def _effect(
    told: str, standard: Standard, fares: str, said: str, _gaps: Gaps, _figures: Figures, _notes: tuple[Note, ...]
) -> Effect:
    return effect_on(_gaps, _notes, _prices(_gaps, _figures))


def similar_of(gaps: Gaps, figures: Figures, level: Level) -> pd.DataFrame:
    """Return the activities of the standard's category that several footprints or providers run."""
    return find_similar([find_catchments(gaps.access, gaps.standard, _prices(gaps, figures), gaps.need_weights)], level)


def _prices(gaps: Gaps, figures: Figures) -> Prices | None:
    return None if gaps.standard.max_fare_gbp is None else figures.prices


def _fares(gaps: Gaps, figures: Figures) -> str:
    """Return by which figures an answer differs: none where fares are no part of the standard."""
    return "" if gaps.standard.max_fare_gbp is None else figures.digest


def zones_of(area: Area, level: Level, footprint: str) -> tuple[str, ...]:
    """Return the zones of a footprint, or those of none."""
    of = area.zone_footprints[level].reindex(area.zones["zone_code"]).fillna(NO_FOOTPRINT)
    return tuple(of.index[of == footprint])


@st.cache_resource(show_spinner=False, max_entries=KEPT_AREAS)
def shapes_of(digest: str, _area: Area) -> AreaShapes:
    """Return the area's shapes, published where the map's frame can fetch them."""
    shapes = area_shapes(_area)
    assets.publish(shapes.name, shapes.content)
    return shapes
