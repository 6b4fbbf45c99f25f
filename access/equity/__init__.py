"""Equity: how a measure is spread over people, in order of deprivation and whoever they are, with intervals, charts and sentences.

People are ordered from most to least deprived by zone. The default order is the need index (income, employment and health): the overall
index contains a domain of access, and people would be called deprived for the very thing that is measured.

**Intervals.** The people are all counted, so nothing is sampled from them; what an interval says is how far a figure hangs on which zones
happen to be in the area. Zones are drawn again with replacement, all their origins with them (a cluster bootstrap, percentile interval).
"""

from __future__ import annotations

from access.equity.report import Equity, Estimate, equity
from access.equity.sentences import sentences

__all__ = ["Equity", "Estimate", "equity", "sentences"]
