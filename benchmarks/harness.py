"""Run contestants by turns, take medians, and keep what was measured as plain values."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version

RUNS = 7
THREADS = 2


@dataclass(frozen=True)
class Timing:
    """Seconds of one contestant's runs."""

    runs_s: tuple[float, ...]

    @property
    def median_s(self) -> float:
        """The middle run."""
        return statistics.median(self.runs_s)


@dataclass(frozen=True)
class Measured:
    """What a row measured. ``shown`` is the figure for the table, ``is_met`` whether it reaches ``target``; ``None``: not asked."""

    row: str
    work: str
    target: str
    shown: str
    is_met: bool | None
    bound_by: str
    timings: Mapping[str, Timing] = field(default_factory=dict)
    ratios: Mapping[str, float] = field(default_factory=dict)  # another's seconds by ours
    figures: Mapping[str, float | str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return plain values, seconds to four digits, with the machine and what was installed."""
        plain = asdict(self)
        plain["timings"] = {
            name: {"median_s": _short(t.median_s), "runs_s": [_short(s) for s in t.runs_s]}
            for name, t in self.timings.items()
        }
        plain["ratios"] = {name: round(value, 2) for name, value in self.ratios.items()}
        plain["peak_mib"] = round(peak_mib())
        plain["load_before"] = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
        plain["machine"] = {
            "processors": os.cpu_count(),
            "system": platform.system(),
            "python": platform.python_version(),
        }
        return plain


def by_turns(contestants: Mapping[str, Callable[[], object]], runs: int = RUNS) -> dict[str, Timing]:
    """Time every contestant ``runs`` times, one after another in each round, after one round that does not count.

    Whatever else the machine does then falls on all alike.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for n in range(runs + 1):
        for name, work in contestants.items():
            began = time.perf_counter()
            work()
            if n:
                seconds[name].append(time.perf_counter() - began)
    return {name: Timing(tuple(found)) for name, found in seconds.items()}


def ratios(timings: Mapping[str, Timing], ours: str = "ours") -> dict[str, float]:
    """Return how many times longer the others take: the median over the rounds of the ratio within a round."""
    own = timings[ours].runs_s
    return {
        name: statistics.median(other / mine for other, mine in zip(timing.runs_s, own, strict=True))
        for name, timing in timings.items()
        if name != ours
    }


def spread(timings: Mapping[str, Timing], name: str, ours: str = "ours") -> str:
    """Return the least and the greatest of the rounds' ratios, in words."""
    found = [other / mine for other, mine in zip(timings[name].runs_s, timings[ours].runs_s, strict=True)]
    return f"{min(found):.1f} to {max(found):.1f} over the rounds"


def once(work: Callable[[], object]) -> float:
    """Return the seconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak_mib() -> float:
    """Return the most memory that this process has held, in MiB."""
    import resource  # noqa: PLC0415 - there is none on Windows, where nothing else here needs it

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2**20 if sys.platform == "darwin" else most / 2**10


def installed(package: str) -> str | None:
    """Return the version of a package, ``None`` where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _short(seconds: float) -> float:
    return float(f"{seconds:.4g}")
