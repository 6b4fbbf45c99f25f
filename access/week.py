"""There and back for one week or several as Parquet files: in parts that can be computed anywhere, the same bytes wherever it was.

Streets are alike in every week and written once; public transport, and which sessions run, are of the week.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from access.network import AreaNetwork
from access.query import MODES, STREET_MODE_OF, Mode
from access.sessions import Clock, queries_of, running_sessions, search
from geo.errors import CyrraeddError, DateOutsideTimetable
from geo.streets.graph import STREET_MODES
from geo.whole import whole_folder

HEAD = "week.json"  # written last
Direction = Literal["there", "back"]
CLOCK_OF: dict[Direction, Clock] = {"there": "start_s", "back": "end_s"}


@dataclass(frozen=True)
class Part:
    """One file. Public transport is parted by week and by (weekday, venue, time), streets by origin on the way there and by venue on the
    way back. ``week`` is its Monday, ``None`` for streets."""

    mode: Mode
    direction: Direction
    number: int
    first: int
    last: int
    week: date | None = None

    @property
    def path(self) -> str:
        """Where the file lies in the folder."""
        week = "" if self.week is None else f"week={self.week}/"
        return f"mode={self.mode}/{week}direction={self.direction}/part-{self.number:05d}.parquet"


Run = Callable[[Sequence[Part]], Iterator[tuple[Part, bytes]]]


def parts_of(network: AreaNetwork, modes: Sequence[Mode], rows_at_once: int, dates: Sequence[date] = ()) -> list[Part]:
    """Return the parts of the weeks of ``dates``, the profile's by default; ``rows_at_once`` searches, origins or venues in each."""
    found = []
    for mode in (mode for mode in MODES if mode in modes):
        weeks = _weeks(network, dates) if mode == "transit" else [None]
        for week, direction in product(weeks, CLOCK_OF):
            if week is not None:
                n_rows = len(_queries(network.in_week_of(week), direction))
            else:
                n_rows = len(network.area.origins if direction == "there" else network.area.venues)
            for number, first in enumerate(range(0, n_rows, rows_at_once)):
                found.append(Part(mode, direction, number, first, min(first + rows_at_once, n_rows), week))
    return found


def _weeks(network: AreaNetwork, dates: Sequence[date]) -> list[date]:
    """Return the Mondays of the weeks of some dates, the profile's where there are none.

    Raises:
        DateOutsideTimetable: the timetable covers no day of one of the weeks.
    """
    weeks = sorted({day - timedelta(days=day.weekday()) for day in dates or (network.area.profile.service_date,)})
    timetable = network.area.timetable
    for week in weeks if dates else ():
        if not timetable.first_date - timedelta(days=6) <= week <= timetable.last_date:
            raise DateOutsideTimetable(week, (timetable.first_date, timetable.last_date))
    return weeks


def compute_part(network: AreaNetwork, part: Part) -> bytes:
    """Return the Parquet file of a part: the pairs between which there is a way, and the seconds it takes.

    Where a wheelchair is asked for, ``sure_travel_s`` is by vehicles and stops that are said to be accessible; empty: nothing says so.
    A pair that is missing has no way, unless its origin or venue is not placed (``origins.parquet``, ``venues.parquet``) or its session's
    weekday not covered (``sessions.parquet``).
    """
    table = _transit_table(network.in_week_of(part.week), part) if part.week else _street_table(network, part)
    file = io.BytesIO()
    pq.write_table(table, file, compression="zstd", write_statistics=True, row_group_size=2**20)
    return file.getvalue()


def here(network: AreaNetwork) -> Run:
    """Compute parts in this process, one after another."""
    return lambda parts: ((part, compute_part(network, part)) for part in parts)


def write_week(
    network: AreaNetwork, modes: Sequence[Mode], out: Path, run: Run, rows_at_once: int = 256,
    progress: Callable[[str, float], None] = lambda step, share: None, dates: Sequence[date] = (),
) -> None:  # fmt: skip
    """Write the weeks of ``dates``, the profile's by default, into the folder ``out``, whole or not at all; what weeks stand there are
    replaced.

    Raises:
        CyrraeddError: ``out`` exists and is something else than a week.
        DateOutsideTimetable: the timetable covers no day of one of the weeks.
    """
    out = out.resolve()
    if out.exists() and not (out / HEAD).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise CyrraeddError(f"{out} exists and is not a week's times. Choose another folder, or remove what is there.")
    with whole_folder(out) as whole:
        parts = parts_of(network, modes, rows_at_once, dates)
        for done, (part, content) in enumerate(run(parts)):
            path = whole / part.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            progress(f"{part.mode}, {part.direction}", (done + 1) / len(parts))
        weeks = _weeks(network, dates)
        _write_tables(network, weeks, whole)
        asked = {"modes": [mode for mode in MODES if mode in modes], "weeks": [str(week) for week in weeks]}
        provenance = network.provenance(command="week", **asked)
        head = {**asdict(provenance), "digest": provenance.digest, "parts": [part.path for part in parts]}
        (whole / HEAD).write_text(json.dumps(head, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _queries(network: AreaNetwork, direction: Direction) -> pd.DataFrame:
    """Return the distinct searches of the week, a weekday after another."""
    queries, _ = queries_of(running_sessions(network), CLOCK_OF[direction])
    return queries.sort_values(["weekday", "venue", "time_s"], kind="stable", ignore_index=True)


def _transit_table(network: AreaNetwork, part: Part) -> pa.Table:
    queries = _queries(network, part.direction).iloc[part.first : part.last]
    found = search(network, queries, CLOCK_OF[part.direction])
    sure_s = search(network.surely, queries, CLOCK_OF[part.direction]).travel_s if network.rules.wheelchair else None
    query, origin = np.nonzero(np.isfinite(found.travel_s))
    service = found.service[query, origin].astype(np.int32)
    asked = queries.iloc[query]
    return pa.table(
        {
            "weekday": _coded(pd.Categorical(asked["weekday"]).codes, sorted(set(asked["weekday"]))),
            "venue_id": _coded(asked["venue"].to_numpy(), network.area.venues["venue_id"]),
            "time_s": pa.array(asked["time_s"].to_numpy(np.int32)),
            "origin_id": _coded(origin, network.area.origins["origin_id"]),
            "travel_s": pa.array(found.travel_s[query, origin]),
            "rides": pa.array(found.rides[query, origin]),
            "booked_service_id": _coded(service, network.area.demand_responsive["service_id"], service < 0),
        }
        | ({} if sure_s is None else {"sure_travel_s": pa.array(sure_s[query, origin], from_pandas=True)})
    )


def _street_table(network: AreaNetwork, part: Part) -> pa.Table:
    mode = STREET_MODE_OF[part.mode]
    router, origins, venues = network.routers[mode], network.origins[mode], network.venues[mode]
    rows = slice(part.first, part.last)
    if part.direction == "there":
        travel_s = router.matrix_s(origins.take(rows), venues)
        origin, venue = np.nonzero(np.isfinite(travel_s))
        seconds, origin = travel_s[origin, venue], origin + part.first
    else:
        travel_s = router.matrix_s(venues.take(rows), origins)
        venue, origin = np.nonzero(np.isfinite(travel_s))
        seconds, venue = travel_s[venue, origin], venue + part.first
    return pa.table(
        {
            "venue_id": _coded(venue, network.area.venues["venue_id"]),
            "origin_id": _coded(origin, network.area.origins["origin_id"]),
            "travel_s": pa.array(seconds.astype(np.float32) + np.float32(network.parking_s(part.mode))),
        }
    )


def _coded(
    rows: NDArray[np.integer], names: Iterable[str], is_missing: NDArray[np.bool_] | None = None
) -> pa.DictionaryArray:
    """Return a column of names by their number."""
    indices = pa.array(np.asarray(rows, np.int32), mask=is_missing)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names), pa.string()))


def _sessions_table(network: AreaNetwork, week: date) -> pd.DataFrame:
    sessions = running_sessions(network)
    covered = {weekday: network.is_covered(weekday) for weekday in sessions["weekday"].unique()}
    columns = ["session_id", "activity_id", "category", "venue_id", "weekday", "start_s", "end_s", "per_week"]
    return sessions[columns].assign(is_covered=sessions["weekday"].map(covered), week=str(week))


def _write_tables(network: AreaNetwork, weeks: Sequence[date], folder: Path) -> None:
    """Write what the parts refer to: the sessions of each week, and which origins and venues are placed."""
    area = network.area
    sessions = [_sessions_table(network.in_week_of(week), week) for week in weeks]
    pd.concat(sessions, ignore_index=True).to_parquet(folder / "sessions.parquet", index=False)
    for name, frame, placed in (
        ("origins", area.origins[["origin_id", "zone_code", "population"]], network.origins),
        ("venues", area.venues[["venue_id", "name"]], network.venues),
    ):
        marks = {f"is_placed_{mode}": placed[mode].is_placed for mode in STREET_MODES}
        pd.DataFrame(frame).assign(**marks).to_parquet(folder / f"{name}.parquet", index=False)
