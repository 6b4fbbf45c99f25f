"""What is chosen on the page, as codes in session state and in the address, so that a link opens the same view in either language.

Streamlit's own binding of widgets writes the *labels* of options into the address: they change with the language, and a link shared from
a Welsh page would lose its choices on an English one. So codes are bound here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast, get_args

import streamlit as st

from access.deep_end import Provision
from access.need import Scale
from access.query import MODES
from access.reliance import What
from access.travellers import AVERAGE, TRAVELLERS
from geo.profile import WEEKDAYS
from geo.words import LANGUAGES
from views.legend import LAYERS

SECTIONS = ("list", "why", "reach", "equity", "duplication", "reliance", "funding", "posts", "compare", "need", "notes")
TABLES = ("zones", "footprints")
MEASURES = ("met", "nearest", "within", "two_step")

_WRITTEN, _KEPT, _PAGE = "_address", "_choices", "_page"

Parse = Callable[[Sequence[str]], Any]


def _one_of(options: Sequence[str]) -> Parse:
    return lambda said: said[0] if said[0] in options else None


def _number(low: float, high: float, kind: type = int) -> Parse:
    def parse(said: Sequence[str]) -> Any:
        try:
            value = kind(said[0])
        except ValueError:
            return None
        return value if low <= value <= high else None

    return parse


def _some_of(options: Sequence[str]) -> Parse:
    return lambda said: [option for option in options if option in said] or None


def _code(said: Sequence[str]) -> str | None:
    """Return a code that only the area can judge; the page drops one that it does not know."""
    return said[0] if said[0] and len(said[0]) <= 64 else None


def _name(said: Sequence[str]) -> str | None:
    """Return a name of the directory, which may be longer than a code; the page drops one that it does not know."""
    return said[0] if said[0] and len(said[0]) <= MAX_NAME else None


def _session(said: Sequence[str]) -> str | None:
    """Return a session and a mode, ``S1|transit``; the page drops a session that the area or the category does not have."""
    session, _, mode = said[0].rpartition("|")
    return said[0] if session and len(said[0]) <= 128 and mode in MODES else None


def weight_of(said: str) -> tuple[str, float, Scale | None] | None:
    """Return column, weight and scale (missing: the usual one) of what the address says of a part of need, or nothing."""
    found = _WEIGHT.fullmatch(said)
    if found is None or not WEIGHT[0] <= float(found[2]) <= WEIGHT[1]:
        return None
    return found[1], float(found[2]), cast(Scale | None, found[3])


def _weights(said: Sequence[str]) -> list[str] | None:
    """Return weights of need as said, each column once, or nothing where one of them makes no sense."""
    found = [weight_of(one) for one in said]
    names = {one[0] for one in found if one}
    return list(said) if len(names) == len(said) <= MAX_WEIGHTS else None


def hours_of(said: str) -> tuple[str, str, str, str] | None:
    """Return weekdays, beginning, end and factor, as the table of busy hours has them, of what the address says of a row, or nothing."""
    found = _HOURS.fullmatch(said)
    if found is None:
        return None
    days, from_, until, factor = found.groups()
    weekdays = " ".join(WEEKDAYS[int(day) - 1] for day in days)
    return weekdays, f"{from_[:2]}:{from_[2:]}", f"{until[:2]}:{until[2:]}", factor


def _hours(said: Sequence[str]) -> list[str] | None:
    """Return rows of busy hours as said, or nothing where one of them can't be read; the page says where they contradict each other."""
    is_read = list(said) == [FREE_FLOW] or all(hours_of(one) for one in said)
    return list(said) if is_read and len(said) <= MAX_HOURS else None


WITHIN_MIN, SESSIONS, FARE_GBP, PARK_MIN = (5, 120), (1, 14), (0.0, 50.0), (0, 60)
FREE_FLOW, MAX_HOURS = "none", 48
_HOURS = re.compile(
    r"([1-7]{0,7})-((?:[01]\d|2[0-4])[0-5]\d)-((?:[01]\d|2[0-4])[0-5]\d)-(\d{1,2}(?:\.\d{1,6})?)", re.ASCII
)
MAX_NAME = 200
WEIGHT, SLOPE, MAX_WEIGHTS = (0.0, 100.0), (0.0, 10.0), 64
_WEIGHT = re.compile(rf"([^\x00-\x1f]{{1,64}}):([0-9]{{1,3}}(?:\.[0-9]{{1,6}})?)(?::({'|'.join(get_args(Scale))}))?")

PARSERS: Mapping[str, Parse] = {
    "lang": _one_of(LANGUAGES),
    "area": _code,
    "level": _code,
    "category": _code,
    "modes": _some_of(MODES),
    "who": _one_of(tuple(TRAVELLERS)),
    "sessions": _number(*SESSIONS),
    "within": _number(*WITHIN_MIN),
    "fare": _number(*FARE_GBP, float),
    "park": _number(*PARK_MIN),
    "peaks": _hours,
    "layer": _one_of(LAYERS),
    "zone": _code,
    "session": _session,
    "footprint": _code,
    "practice": _code,
    "table": _one_of(TABLES),
    "section": _one_of(SECTIONS),
    "measure": _one_of(MEASURES),
    "overlap": _number(50, 100),
    "hours": _number(0, 4, float),
    "own": _name,
    "what": _one_of(get_args(What)),
    "first": _code,
    "second": _code,
    "provision": _one_of(get_args(Provision)),
    "need": _weights,
    "slope": _number(*SLOPE, float),
}
DEFAULTS: Mapping[str, Any] = {
    "modes": ["transit"],
    "who": AVERAGE.name,
    "sessions": 1,
    "within": 45,
    "fare": None,
    "park": 0,
    "peaks": None,
    "layer": "unmet_share",
    "zone": None,
    "session": None,
    "footprint": None,
    "practice": None,
    "table": TABLES[0],
    "section": SECTIONS[0],
    "measure": MEASURES[0],
    "overlap": 80,
    "hours": 1.0,
    "own": None,
    "what": "session",
    "second": None,
    "need": None,
    "slope": None,
}


def read_address(page: str) -> None:
    """Take the choices from the address on the first run, and whenever the address was changed by hand or by going back.

    Otherwise bring back what Streamlit forgot: it drops the values of widgets that a run did not show, and all of them on another page.
    """
    address = {key: tuple(st.query_params.get_all(key)) for key in st.query_params}
    is_turned = st.session_state.get(_PAGE, page) != page
    kept = st.session_state.get(_KEPT, {})
    st.session_state[_PAGE] = page
    if address == st.session_state.get(_WRITTEN):
        for key in PARSERS:
            if key not in st.session_state and key in kept:
                st.session_state[key] = kept[key]
            elif is_turned and key in st.session_state:
                st.session_state[key] = st.session_state[key]
        _keep()
        return
    for key, parse in PARSERS.items():
        said = address.get(key)
        value = parse(said) if said else None
        if value is None:
            value = DEFAULTS.get(key)
        if value is None and not said and key not in DEFAULTS:
            value = st.session_state.get(key, kept.get(key))
            if value is None:
                continue
        st.session_state[key] = list(value) if isinstance(value, list) else value
    st.session_state[_WRITTEN] = address
    _keep()


def _keep() -> None:
    """Keep all choices: a run that another page breaks off never comes to writing them."""
    st.session_state[_KEPT] = {key: st.session_state[key] for key in PARSERS if key in st.session_state}


def keep_valid(key: str, options: Sequence[str]) -> None:
    """Fall back to the first of ``options`` where the choice is none of them (an address of another area, say)."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0] if options else None


def in_address() -> dict[str, list[str]]:
    """Return the choices that differ from their defaults, as the address says them."""
    address = {}
    for key in PARSERS:
        value = st.session_state.get(key)
        if value is None or value == DEFAULTS.get(key):
            continue
        address[key] = value if isinstance(value, list) else [f"{value:g}" if isinstance(value, float) else str(value)]
    return address


def write_address() -> None:
    """Write the choices that differ from their defaults into the address, and keep them all for the next run."""
    address = {key: tuple(values) for key, values in in_address().items()}
    if address != {key: tuple(st.query_params.get_all(key)) for key in st.query_params}:
        st.query_params.from_dict({key: list(values) for key, values in address.items()})
    st.session_state[_WRITTEN] = address
    _keep()
