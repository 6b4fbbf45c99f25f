"""How unequally a thing is spread over people: the indices, each a pure function of values and people.

``values`` is (units,), ``people`` is (…, units): leading axes are samples, each with its own numbers of people: an interval is one call.
Every function returns (…,); NaN where the index has no meaning (nobody, or a mean of 0). All are unchanged when every number of people is
multiplied, or a unit is split into units alike. Formulas: ``docs/methods.md``, with their sources.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def shares(people: Floats) -> Floats:
    """Return each unit's share of the people."""
    total = people.sum(axis=-1, keepdims=True)
    return np.divide(people, total, out=np.full(people.shape, np.nan), where=total > 0)


def mean(values: Floats, people: Floats) -> Floats:
    """Return the mean by people."""
    return np.asarray((shares(people) * values).sum(axis=-1))


def ridits(order: Floats, people: Floats) -> Floats:
    """Return each unit's fractional rank (…, units): the share of people before it plus half of those level with it.

    ``order`` (units,) says who comes first; equal values are level (Bross 1958).
    """
    place = np.argsort(order, kind="stable")
    first = np.flatnonzero(np.diff(order[place], prepend=-np.inf))
    level = np.add.reduceat(shares(people)[..., place], first, axis=-1)
    middle = np.cumsum(level, axis=-1) - level / 2
    group = np.empty(len(order), dtype=np.intp)
    group[place] = np.repeat(np.arange(len(first)), np.diff(first, append=len(order)))
    return np.asarray(middle[..., group])


def concentration_index(values: Floats, people: Floats, order: Floats) -> Floats:
    """Return ``2 Σ p_i (r_i - ½)(a_i - μ) / μ``: above 0 where those late in ``order`` have more (Kakwani et al. 1997)."""
    middle = mean(values, people)
    spread = 2 * (shares(people) * (ridits(order, people) - 0.5) * (values - middle[..., None])).sum(axis=-1)
    return _over(spread, middle)


def erreygers_index(values: Floats, people: Floats, order: Floats, low: float, high: float) -> Floats:
    """Return ``4 μ CI / (high - low)`` for values that lie between ``low`` and ``high`` (Erreygers 2009)."""
    middle = mean(values, people)
    spread = 8 * (shares(people) * (ridits(order, people) - 0.5) * (values - middle[..., None])).sum(axis=-1)
    return np.asarray(spread / (high - low))


def slope_index(values: Floats, people: Floats, order: Floats) -> Floats:
    """Return the slope of the people-weighted regression of the values on their ridits: last minus first in ``order`` (SII)."""
    share, away = shares(people), ridits(order, people) - 0.5
    top = (share * away * values).sum(axis=-1)
    return _over(top, (share * away**2).sum(axis=-1))


def relative_index(values: Floats, people: Floats, order: Floats) -> Floats:
    """Return the slope index over the mean (RII)."""
    return _over(slope_index(values, people, order), mean(values, people))


def gini(values: Floats, people: Floats) -> Floats:
    """Return the Gini coefficient: the concentration index in the order of the values themselves."""
    return concentration_index(values, people, values)


def theil(values: Floats, people: Floats) -> Floats:
    """Return Theil's T, ``Σ p_i (a_i/μ) ln(a_i/μ)``; a value of 0 adds nothing."""
    relative = _over(np.broadcast_to(values, people.shape), mean(values, people)[..., None])
    return np.asarray((shares(people) * _x_log_x(relative)).sum(axis=-1))


def theil_between(values: Floats, people: Floats, group: Ints) -> Floats:
    """Return the part of Theil's T between groups, as if all of a group had its mean; the rest is within. ``group`` counts from 0."""
    member = np.eye(int(group.max()) + 1)[group]  # (units, groups)
    share = shares(people)
    size, sums = share @ member, (share * values) @ member
    relative = _over(sums, size * sums.sum(axis=-1, keepdims=True))
    return np.asarray((size * _x_log_x(np.where(size > 0, relative, 0.0))).sum(axis=-1))


def quantile_means(values: Floats, people: Floats, order: Floats, edges: Floats) -> Floats:
    """Return the mean of the people between successive ``edges`` (shares from 0 to 1, rising) of an order: (…, len(edges) - 1).

    A unit that lies across an edge is divided; units level in the order share out every part of their place alike.
    """
    middle = ridits(order, people)
    place = np.argsort(order, kind="stable")
    first = np.flatnonzero(np.diff(order[place], prepend=-np.inf))
    share = shares(people)[..., place]
    size = np.add.reduceat(share, first, axis=-1)
    sums = np.add.reduceat(share * values[place], first, axis=-1)
    centre = middle[..., place[first]]
    begins, ends = (centre - size / 2)[..., None], (centre + size / 2)[..., None]
    inside = np.clip(np.minimum(ends, edges[1:]) - np.maximum(begins, edges[:-1]), 0.0, None)  # (…, levels, parts)
    level = np.divide(sums, size, out=np.zeros_like(sums), where=size > 0)
    return _over((inside * level[..., None]).sum(axis=-2), inside.sum(axis=-2))


def palma(values: Floats, people: Floats, *, more_is_better: bool = True) -> Floats:
    """Return the mean of the best-served tenth of people over that of the worst-served two fifths."""
    order = values if more_is_better else -values
    parts = quantile_means(values, people, order, np.array([0.0, 0.4, 0.9, 1.0]))
    return _over(parts[..., 2], parts[..., 0])


def quintile_gap(values: Floats, people: Floats, order: Floats) -> Floats:
    """Return the mean of the last fifth of people less that of the first."""
    parts = quantile_means(values, people, order, np.array([0.0, 0.2, 0.8, 1.0]))
    return np.asarray(parts[..., 2] - parts[..., 0])


def _x_log_x(x: Floats) -> Floats:
    return x * np.log(np.where(x > 0, x, 1.0))


def _over(top: Floats, bottom: Floats) -> Floats:
    """Divide; NaN where the bottom is 0."""
    top, bottom = np.broadcast_arrays(top, bottom)
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=np.abs(bottom) > 0)
