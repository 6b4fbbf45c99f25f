"""Agreement with two engines written by others, cell by cell, under rules that all can follow.

``pynigiri`` (nigiri, C++) counts whole minutes, needs two minutes at every change, stays seated where a block goes on at the same
stop, and answers for one pair: arrival and fewest changes are compared. ``cafein`` (Rust) knows no pick-up rules or blocks, walks between
stops from wherever it has alighted but not at the start, and answers for all stops at once: the seconds are compared, of single
departures and of percentiles of a window, which it ranks at round(p · (N − 1)). So the feeds are made plain first (``peer_feeds.py``).

``CYRRAEDD_TRANSIT_PAIRS`` says how many queries to try on each feed (default 40; 2000 for the full proof).
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from access.routing.rides import TransitRules
from access.routing.transit import StopLinks, make_day
from geo.timetable import runs
from geo.timetable.day import trips_running
from geo.timetable.model import TIMED
from tests.access.peer_feeds import plain, write_plain_feed
from tests.access.test_transit_real import FEEDS, timetable_of
from tests.access.transit_worlds import rows_of

pytestmark = [pytest.mark.real, pytest.mark.timeout(3600)]
QUERIES = int(os.environ.get("CYRRAEDD_TRANSIT_PAIRS", "40"))
FIRST_MIN, LAST_MIN = 5 * 60, 21 * 60  # departures
MAX_TRAVEL_MIN = 12 * 60
CHANGE_S = 120
LINKED_M = 100.0
AT_ONCE = 20  # origins in one question to cafein
UNREACHED = 2**32 - 1


def at(stops):
    """Points at the stops themselves."""
    rows = rows_of(len(stops), [(i, int(stop), 0) for i, stop in enumerate(stops)])
    return StopLinks.of(rows, rows)


def with_plain_blocks(timetable, full, day):
    """Blocks anew: each a chain of trips that meet at one and the same stop, since nigiri joins no others."""
    chained = replace(timetable, block_trip=full.block_trip, stops=timetable.stops.assign(parent_id=None))
    start, trips, _ = runs.runs_of_days(chained, [trips_running(chained, day)], [0])
    block = np.repeat(np.arange(len(start) - 1), np.diff(start))
    is_long = np.diff(start)[block] > 1
    return replace(chained, block_trip=np.column_stack([block, trips])[is_long].astype(np.int32))


@pytest.mark.parametrize("name", FEEDS)
def test_arrivals_and_changes_equal_nigiri(real_data, tmp_path, monkeypatch, name):
    nigiri = pytest.importorskip("pynigiri", reason="pynigiri has no wheel for this platform")
    monkeypatch.setattr(runs, "NEAR_M", 0.0)
    full, day = timetable_of(str(real_data), name)
    n = len(full.stops)
    own = np.array([(s, s, TIMED, CHANGE_S) for s in range(n)], np.int32)
    timetable = replace(
        with_plain_blocks(plain(full, day), full, day),
        call_may_board=full.call_may_board, call_may_alight=full.call_may_alight, changes=own,
    )  # fmt: skip
    transit = make_day(timetable, day, rows_of(n, []), TransitRules(board_slack_s=0))
    theirs = Nigiri(nigiri, write_plain_feed(timetable, day, tmp_path / "plain.zip"), day, n)
    rng, used, reached, seated = np.random.default_rng(20230613), np.unique(timetable.call_stop), 0, 0
    everywhere, nowhere = at(range(n)), np.full((1, n), np.nan)
    for i in range(QUERIES):
        start, minute = int(rng.choice(used)), int(rng.integers(FIRST_MIN, LAST_MIN))
        times = transit.earliest_arrivals(
            everywhere.row(start), everywhere, [0], [minute * 60], nowhere, max_travel_s=MAX_TRAVEL_MIN * 60
        )
        reachable = np.setdiff1d(np.flatnonzero(times.rides[0] > 0), [start])
        end = int(rng.choice(reachable if len(reachable) and i % 4 else used[used != start]))
        ours = (
            None
            if times.rides[0, end] < 0
            else (minute + int(times.travel_s[0, end]) // 60, int(times.rides[0, end]) - 1)
        )
        assert theirs.ask(start, end, minute) == ours, (start, end, minute)
        reached += ours is not None
        if (
            ours is not None and i % 10 == 0
        ):  # and how many of them stay seated, so that it is known that this is put to the test
            found = transit.journey(everywhere.row(start), everywhere.row(end), np.nan, depart_s=minute * 60)
            seated += any(getattr(leg, "stay_seated", ()) for leg in found.legs)
    assert reached > QUERIES // 2  # or little was compared
    print(f"nigiri, {name}: {QUERIES} queries equal, {reached} of them reachable, {seated} of a tenth stay seated")


class Nigiri:
    """Nigiri on a plain feed, asked for one pair at a time."""

    def __init__(self, nigiri, feed, day, n_stops):
        self.nigiri = nigiri
        source = nigiri.TimetableSource("gtfs", str(feed))
        settings = nigiri.LoaderConfig()
        settings.link_stop_distance, settings.default_tz = 0, "Europe/London"
        source.loader_config = settings
        options = nigiri.FinalizeOptions()
        options.merge_dupes_intra_src = (
            False  # else of two trips that differ by a minute at one stop either may be lost
        )
        until = date.fromordinal(day.toordinal() + 2)
        self.timetable = nigiri.load_timetable([source], str(day), str(until), options)
        self.place = [self.timetable.find_location(str(stop)) for stop in range(n_stops)]
        self.midnight_min = int(datetime.combine(day, time(), ZoneInfo("Europe/London")).timestamp()) // 60

    def ask(self, start, end, minute):
        """Return the minute of the earliest arrival and the fewest changes that it takes."""
        query = self.nigiri.Query()
        query.start_time = self.midnight_min + minute
        query.start = [self.nigiri.Offset(self.place[start], 0, 0)]
        query.destination = [self.nigiri.Offset(self.place[end], 0, 0)]
        query.start_match_mode = query.dest_match_mode = self.nigiri.LocationMatchMode.EXACT
        query.use_start_footpaths = False
        query.max_transfers, query.max_travel_time = 3, MAX_TRAVEL_MIN
        ways = self.nigiri.route(self.timetable, query)
        return min(((int(way.arrival_time()) - self.midnight_min, way.transfers) for way in ways), default=None)


@pytest.mark.parametrize("name", FEEDS)
def test_all_cells_equal_cafein(real_data, tmp_path, name):
    cafein = pytest.importorskip("cafein", reason="cafein has no wheel for this platform")
    full, day = timetable_of(str(real_data), name)
    timetable = plain(full, day)
    n = len(timetable.stops)
    network = cafein.TransportNetwork.from_gtfs(
        str(write_plain_feed(timetable, day, tmp_path / "plain.zip")), trip_distances=False
    )
    walks = closed_walks(timetable.stops.get_coordinates().to_numpy())
    network.set_transfers([(str(a), str(b), seconds, float(seconds)) for a, b, seconds in walks])
    transit = make_day(timetable, day, rows_of(n, walks), TransitRules(board_slack_s=0))
    ends = rows_of(n, [(b, a, seconds) for a, b, seconds in walks] + [(s, s, 0) for s in range(n)])
    column = np.array([int(stop if isinstance(stop, str) else stop[0]) for stop in network.stops])
    rng, used, compared, reached = np.random.default_rng(20240305), np.unique(timetable.call_stop), 0, 0
    for i in range(-(-QUERIES // AT_ONCE)):
        starts, minute = rng.choice(used, AT_ONCE, replace=False), int(rng.integers(FIRST_MIN, LAST_MIN - 60))
        asked = {"max_rides": 4, "router": "raptor", "workers": 1}
        links, nowhere = (at(starts), StopLinks.of(ends, ends)), np.full((AT_ONCE, n), np.nan)
        if i % 2:
            asked |= {"departure_time_window": 60, "percentiles": [0, 50, 100]}
            # of 60 departures round(p · 59) from 0 is the 1st, the 31st (30 from 0) and the 60th
            ours = transit.window(*links, minute * 60, minute * 60 + 3600, [1, 51, 100], nowhere)
        else:
            departures = np.full(AT_ONCE, minute * 60)
            ours = transit.earliest_arrivals(*links, np.arange(AT_ONCE), departures, nowhere).travel_s[None]
        clock = f"{day} {minute // 60:02d}:{minute % 60:02d}"
        said = np.asarray(network.travel_time_matrix([str(s) for s in starts], clock, **asked))
        theirs = np.full(ours.shape, np.nan)
        theirs[:, :, column] = np.moveaxis(said.reshape(AT_ONCE, len(column), -1), 2, 0)
        theirs[theirs == UNREACHED] = np.nan
        equal = (theirs == ours) | (np.isnan(theirs) & np.isnan(ours)) | (starts[:, None] == np.arange(n))
        assert equal.all(), [
            (int(starts[o]), int(s), minute, ours[p, o, s], theirs[p, o, s]) for p, o, s in np.argwhere(~equal)[:5]
        ]
        compared, reached = compared + equal.size, reached + int(np.isfinite(ours).sum())
    assert reached > compared // 20
    print(f"cafein, {name}: {compared} cells equal, {reached} of them reachable")


def closed_walks(xy):
    """Walks at 1 m/s among stops that hang together by steps of LINKED_M, each to each: cafein wants no walk that is made of two."""
    tree = cKDTree(xy)
    _, group = connected_components(tree.sparse_distance_matrix(tree, LINKED_M))
    walks = []
    for number in np.flatnonzero(np.bincount(group) > 1):
        stops = np.flatnonzero(group == number).tolist()
        walks += [(a, b, int(np.ceil(np.hypot(*(xy[a] - xy[b]))))) for a in stops for b in stops if a != b]
    return walks
