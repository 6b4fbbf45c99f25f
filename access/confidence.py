"""How sure an answer is: how it moves with a few minutes, a slower walk, and the minute at which one leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from access.costs import Prices
from access.gaps import PERSONS
from access.measures.base import Legs
from access.measures.nearest import nth_min
from access.measures.nearest_in_window import reach_in_window
from access.query import LONGEST_MIN, Mode, QueryError
from access.sessions import SessionAccess
from access.standards import EVERYONE, GapIn, GroupGaps, PersonGroup, depth, group_share_by_origin, judge_standards
from access.travel_times import Window


def confidence(
    found: GroupGaps, *, prices: Prices | None = None, slower: SessionAccess | None = None, margin_min: float = 5.0,
    gap_in: GapIn = "sessions",
) -> pd.DataFrame:  # fmt: skip
    """Return how the answer moves when the question moves a little, one row per question (``as_asked, shorter, longer, slower``).

    ``met_persons, unmet_persons, unknown_persons`` of the group, and against the question as asked ``gaining_persons`` (known to be
    unmet, then known to be met) and ``losing_persons`` (the other way); ``fgt_0, fgt_1, fgt_2`` are the depth of each question's own
    shortfall (:func:`access.standards.depth`). ``slower`` holds the times of a network with a slower walk. Where ways are looked for no
    longer than T, there is no longer question to ask, and no row of it.

    Raises:
        QueryError: the margin is not above 0 and below T, or as in :func:`access.gaps.find_gaps` and :func:`access.standards.depth`.
    """
    asked = found.asked
    limit = asked.standard.within_min
    longest = min(LONGEST_MIN, asked.access.network.rules.longest_min(asked.standard.modes))
    if not 0 < margin_min < limit:
        raise QueryError(f"A margin of {margin_min:g} minutes can't be asked: give more than 0, less than {limit:g}.")
    questions = {
        "as_asked": asked,
        "shorter": replace(asked, standard=replace(asked.standard, within_min=limit - margin_min)),
    }
    if longest > limit:
        longer = replace(asked.standard, within_min=min(limit + margin_min, longest))
        questions["longer"] = replace(asked, standard=longer)
    if slower is not None:
        questions["slower"] = replace(asked, access=slower)
    need = found.gaps.need_weights
    base, rows = found.by_origin, []
    for name, question in questions.items():
        judged = found if name == "as_asked" else judge_standards([question], prices, need)[0]
        now = judged.by_origin
        change = (now["met_persons"] - base["met_persons"]).to_numpy(np.float64)
        is_known = ((now["unknown_persons"] == 0) & (base["unknown_persons"] == 0)).to_numpy()
        rows.append(
            {
                "question": name,
                "within_min": question.standard.within_min,
                "walk_kmh": question.access.network.rules.walk_kmh,
                **now[list(PERSONS)].sum(min_count=1).to_dict(),
                **depth(judged, gap_in=gap_in).drop(columns="known_persons").iloc[0].to_dict(),
                "gaining_persons": _sum(np.where(is_known, np.clip(change, 0, None), 0 * change)),
                "losing_persons": _sum(np.where(is_known, np.clip(-change, 0, None), 0 * change)),
            }
        )
    return pd.DataFrame(rows)


def confidence_in_window(
    access: SessionAccess, category: str, within_min: float, modes: Sequence[Mode] = ("transit",), *, legs: Legs = "round_trip",
    depart_s: int = 36_000, until_s: int = 43_200, back_s: int = 43_200, percentiles: Sequence[int] = (25, 50, 75),
    group: PersonGroup = EVERYONE,
) -> pd.DataFrame:  # fmt: skip
    """Return who has an option within ``within_min`` on how many of a window's minutes: one row per percentile of the departures.

    Columns: ``percentile, met_persons, unmet_persons, unknown_persons`` of the group. At 75, who is met makes it on three of four minutes.
    Raises: as :func:`access.measures.nearest_in_window.measure`.
    """
    access.network.rules.check_within(within_min, modes)
    length_s = until_s - depart_s
    out, back = (Window(begin_s, begin_s + length_s, tuple(percentiles)) for begin_s in (depart_s, back_s))
    origins = access.network.area.origins
    people = origins["population"].to_numpy(np.float64) * group_share_by_origin(access.network.area, group)
    rows = []
    for percentile, found in zip(percentiles, reach_in_window(access, category, modes, legs, out, back), strict=True):
        is_met = nth_min(found, 1) <= within_min  # NaN is not
        chosen = (found.is_known & is_met, found.is_known & ~is_met, ~found.is_known)
        rows.append(
            {
                "percentile": percentile,
                **{name: _sum(np.where(who, people, 0 * people)) for name, who in zip(PERSONS, chosen, strict=True)},
            }
        )
    return pd.DataFrame(rows)


def _sum(persons: NDArray[np.float64]) -> float:
    """Return the sum over the origins whose people are counted; NaN where none's are."""
    return float(pd.Series(persons).sum(min_count=1))
