"""An area made ready to be asked: routers, placed points and walks to stops, each made once, when first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Generic, TypeVar, get_args

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from access.demand_responsive import DemandResponsive
from access.query import Mode, Provenance, TravelRules
from access.routing.rides import TransitRules
from access.routing.streets import StreetRouter
from access.routing.transit import StopLinks, TransitDay, TransitNetwork
from access.traffic import Peak, slowed
from geo.area import Area
from geo.profile import WEEKDAYS, Weekday
from geo.streets.graph import PlacedPoints, StreetMode
from geo.streets.rules import WALK_KMH
from geo.timetable.clock import seconds_by_clock
from geo.timetable.model import NO_MODE

T = TypeVar("T")
# What one network can lend another: what hangs on streets alone, and on where vehicles call.
ON_STREETS, TO_STOPS = ("routers", "origins", "venues", "_street_s", "_walks_s"), ("origin_links", "venue_links")
BLOCK_CELLS = 2**22  # of a street matrix at once: some 70 MiB while it is computed


class _ByMode(Mapping[StreetMode, T], Generic[T]):
    """One thing per street mode, made when first asked for: public transport need not wait for the hierarchy of drives."""

    def __init__(self, make: Callable[[StreetMode], T]) -> None:
        self._make = make
        self._made: dict[StreetMode, T] = {}

    def __getitem__(self, mode: StreetMode) -> T:
        if mode not in self._made:
            self._made[mode] = self._make(mode)
        return self._made[mode]

    def __iter__(self) -> Iterator[StreetMode]:
        return iter(get_args(StreetMode))

    def __len__(self) -> int:
        return len(get_args(StreetMode))


@dataclass(frozen=True)
class AreaNetwork:
    """The routers of an area under one set of rules. Origins are rows of ``area.origins``, venues rows of ``area.venues``.

    Where the rules ask for a wheelchair, public transport is what may be accessible; ``is_sure`` leaves what is said to be.
    """

    area: Area
    rules: TravelRules = field(default_factory=TravelRules)
    is_sure: bool = False

    @cached_property
    def routers(self) -> Mapping[StreetMode, StreetRouter]:
        """One router per street mode; whatever is walked, to the street too, at the speed of the rules; drives as slow as they say."""
        return _ByMode(self._router)

    def _router(self, mode: StreetMode) -> StreetRouter:
        router = StreetRouter(self.area.streets[mode])
        if mode == "walk" and self.rules.wheelchair:
            from access.routing.step_free import StepFreeRouter  # noqa: PLC0415 - what finds parts of graphs takes long to import

            router = StepFreeRouter(self.area.streets[mode])
        if self.rules.walk_kmh != WALK_KMH:
            router = router.with_walk_speed(self.rules.walk_kmh)
        return router.slowed(self.rules.drive_factor) if mode == "drive" else router

    def parking_s(self, mode: Mode) -> float:
        """Return the seconds that each way in one's own car takes on top of the drive; none by any other mode."""
        return self.rules.park_min * 60 if mode == "drive" else 0.0

    @cached_property
    def origins(self) -> Mapping[StreetMode, PlacedPoints]:
        """Where each origin lies on the streets of each mode."""
        return _ByMode(self._placed_origins)

    def _placed_origins(self, mode: StreetMode) -> PlacedPoints:
        return self.routers[mode].place(points_xy(self.area.origins))

    @cached_property
    def venues(self) -> Mapping[StreetMode, PlacedPoints]:
        """Where each venue lies on the streets of each mode; venues without coordinates are not placed."""
        return _ByMode(self._placed_venues)

    def _placed_venues(self, mode: StreetMode) -> PlacedPoints:
        return self.routers[mode].place(points_xy(self.area.venues))

    @cached_property
    def transit(self) -> TransitNetwork:
        """Stops with the walks between them."""
        rules = TransitRules(
            max_walk_s=round(self.rules.max_walk_min * 60),
            max_rides=self.rules.max_rides,
            board_slack_s=self.rules.board_slack_s,
            wheelchair=("known" if self.is_sure else "possible") if self.rules.wheelchair else "any",
        )
        return TransitNetwork(self.area.timetable, self.routers["walk"], rules)

    @property
    def max_walking_s(self) -> int | None:
        """The seconds that one walks in all at most on a way by public transport; None where the rules bound each walk alone."""
        most_min = self.rules.max_walk_total_min
        return None if most_min is None else round(most_min * 60)

    @cached_property
    def origin_links(self) -> StopLinks:
        """Walks between origins and stops."""
        return self.transit.link(self.origins["walk"])

    @cached_property
    def venue_links(self) -> StopLinks:
        """Walks between venues and stops."""
        return self.transit.link(self.venues["walk"])

    @cached_property
    def demand_responsive(self) -> DemandResponsive:
        """Booked rides between origins and venues."""
        return DemandResponsive(self, points_xy(self.area.origins), points_xy(self.area.venues))

    @cached_property
    def origin_has_stop(self) -> NDArray[np.bool_]:
        """Which origins have a stop in walking distance."""
        return np.diff(self.origin_links.to_stop[0]) > 0

    @cached_property
    def venue_has_stop(self) -> NDArray[np.bool_]:
        """Which venues have a stop in walking distance."""
        return np.diff(self.venue_links.to_stop[0]) > 0

    @cached_property
    def _street_s(self) -> dict[tuple[StreetMode, bool, float], NDArray[np.float32]]:
        return {}

    def to_venues_s(self, mode: StreetMode) -> NDArray[np.float32]:
        """Return seconds (venues, origins) from each origin to each venue, parking apart; NaN unreachable or not placed."""
        return self._matrix(mode, is_return=False)

    def from_venues_s(self, mode: StreetMode) -> NDArray[np.float32]:
        """Return seconds (venues, origins) from each venue back to each origin, parking apart; NaN unreachable or not placed."""
        return self._matrix(mode, is_return=True)

    def in_traffic_s(
        self, venue: NDArray[np.intp], factor: NDArray[np.float64], *, is_return: bool
    ) -> NDArray[np.float32]:
        """Return seconds (rows, origins) of the drives to venues, or back from them, that take ``factor`` times as long as in free flow.

        Where there are ferries, which traffic does not slow, another way may be the quickest then: each factor is searched by itself.
        """
        if self.routers["drive"].has_ferries:
            seconds = np.empty((len(venue), len(self.area.origins)), dtype=np.float32)
            for one in np.unique(factor):
                rows = factor == one
                seconds[rows] = self._matrix("drive", is_return=is_return, factor=float(one))[venue[rows]]
            return seconds
        free_s = self._matrix("drive", is_return=is_return)[venue]
        walk_s = self.to_street_s(self.venues["drive"].take(venue))[:, None] + self.to_street_s(self.origins["drive"])
        return slowed(free_s, factor.astype(np.float32)[:, None], walk_s)

    def to_street_s(self, points: PlacedPoints) -> NDArray[np.float32]:
        """Return the seconds of the straight walk between each point and its street, which no traffic slows."""
        return (points.access_ms / 1000 * (WALK_KMH / self.rules.walk_kmh)).astype(np.float32)

    def _matrix(self, mode: StreetMode, *, is_return: bool, factor: float = 1.0) -> NDArray[np.float32]:
        if (mode, is_return, factor) not in self._street_s:
            router, origins, venues = self.routers[mode].slowed(factor), self.origins[mode], self.venues[mode]
            seconds = np.empty((len(venues), len(origins)), dtype=np.float32)
            for rows in _blocks(len(venues) if is_return else len(origins), len(origins) if is_return else len(venues)):
                if is_return:
                    seconds[rows] = router.matrix_s(venues.take(rows), origins)
                else:
                    seconds[:, rows] = router.matrix_s(origins.take(rows), venues).T
            self._street_s[mode, is_return, factor] = seconds
        return self._street_s[mode, is_return, factor]

    @cached_property
    def _walks_s(self) -> dict[bool, NDArray[np.float32]]:
        return {}

    def walks_s(self, *, is_return: bool) -> NDArray[np.float32]:
        """Return seconds (venues, origins) on foot to each venue, or back from it; NaN beyond what the rules let one walk."""
        if is_return not in self._walks_s:
            router, origins, venues = self.routers["walk"], self.origins["walk"], self.venues["walk"]
            starts, ends = (venues, origins) if is_return else (origins, venues)
            most_s = round(self.rules.max_walk_min * 60)
            if self.max_walking_s is not None:
                most_s = min(most_s, self.max_walking_s)
            near = router.within(starts, ends, most_s * 1000)
            row = np.repeat(np.arange(len(near)), np.diff(near.start))
            seconds = np.full((len(venues), len(origins)), np.nan, dtype=np.float32)
            seconds[(row, near.target) if is_return else (near.target, row)] = near.travel_ms / 1000.0
            self._walks_s[is_return] = seconds
        return self._walks_s[is_return]

    @cached_property
    def surely(self) -> AreaNetwork:
        """The network by what is said to be accessible; itself where no wheelchair is asked for. All walks are shared."""
        if self.is_sure or not self.rules.wheelchair:
            return self
        other = AreaNetwork(self.area, self.rules, is_sure=True)
        self._lend(other, *ON_STREETS, *TO_STOPS)
        other.__dict__["transit"] = self.transit.for_wheelchairs("known")
        return other

    def with_area(self, area: Area) -> AreaNetwork:
        """Return the network of an area that differs in nothing but its timetable; what the timetable does not touch is shared.

        Where vehicles call at the same stops as before, so are the walks to, between and from stops.
        """
        other = AreaNetwork(area, self.rules, self.is_sure)
        self._lend(other, *ON_STREETS)
        if other.keeps_stops_of(self):
            self._lend(other, *TO_STOPS)
            transit = copy(self.transit)
            transit.timetable, transit._days = area.timetable, {}
            other.__dict__["transit"] = transit
        return other

    def driven(self, peaks: tuple[Peak, ...], park_min: float) -> AreaNetwork:
        """Return the network with other busy hours and minutes to park.

        No street or stop knows of them: matrices are shared, and what has been made for public transport.
        """
        other = AreaNetwork(self.area, replace(self.rules, peaks=peaks, park_min=park_min), self.is_sure)
        self._lend(other, *ON_STREETS, *(name for name in ("transit", *TO_STOPS) if name in self.__dict__))
        return other

    def _lend(self, other: AreaNetwork, *names: str) -> None:
        """Let ``other`` have what is made here once and for all, making now what has not been made."""
        other.__dict__.update({name: getattr(self, name) for name in names})

    def in_week_of(self, on: date) -> AreaNetwork:
        """Return the network with another service date: other sessions may run, by other timetables, on the same streets."""
        profile = self.area.profile
        if on - timedelta(days=on.weekday()) == profile.service_date - timedelta(days=profile.service_date.weekday()):
            return self
        if on not in self._weeks:
            self._weeks[on] = self.with_area(
                replace(self.area, profile=profile.model_copy(update={"service_date": on}))
            )
        return self._weeks[on]

    @cached_property
    def _weeks(self) -> dict[date, AreaNetwork]:
        return {}

    def keeps_stops_of(self, other: AreaNetwork) -> bool:
        """Say whether vehicles call at the same stops here as in ``other``."""
        here, there = self.area.timetable.stops["mode"], other.area.timetable.stops["mode"]
        return bool(((here == NO_MODE) == (there == NO_MODE)).all())

    def put_day(self, day: TransitDay) -> None:
        """Take ``day`` for what runs on its date, in place of cutting it out of the timetable."""
        self.transit._days[day.service_date] = day

    def date_of(self, weekday: Weekday) -> date:
        """Return the date that stands for a weekday: the one in the Monday-to-Sunday week of the profile's service date."""
        service_date = self.area.profile.service_date
        return service_date + timedelta(days=WEEKDAYS.index(weekday) - service_date.weekday())

    def service_s(self, on: date, clock_s: ArrayLike) -> NDArray[np.int32]:
        """Return what the clocks show on a date (past 24:00 on the night after) in seconds of its service day, as searches count them.

        The two differ on the nights on which the clocks change.
        """
        shown, which = np.unique(np.asarray(clock_s, np.int64), return_inverse=True)
        moved = [seconds_by_clock(on, second, self.area.timetable.timezone) for second in shown.tolist()]
        return np.array(moved, np.int32)[which].reshape(np.shape(clock_s))

    def is_covered(self, weekday: Weekday) -> bool:
        """Say whether the timetable can be believed on that weekday."""
        timetable = self.area.timetable
        is_inside = timetable.first_date <= self.date_of(weekday) <= timetable.last_date
        return is_inside and weekday in self.area.profile.timetable.trusted_weekdays

    def provenance(self, **asked: object) -> Provenance:
        """Return what a result of this network is made from."""
        profile = self.area.profile
        says = self.area.manifest.attributions()
        if profile.is_fictional:
            says = ("FICTIONAL AREA – ARDAL DDYCHMYGOL", *says)
        return Provenance(
            profile.area_id, self.area.public_digest, profile.service_date.isoformat(), self.rules, asked, says
        )


def _blocks(n_rows: int, n_columns: int) -> Iterator[slice]:
    """Yield the rows of a matrix a stretch at a time: what is computed in wider numbers is never held for all of them."""
    at_once = max(64, BLOCK_CELLS // max(1, n_columns))
    return (slice(first, min(first + at_once, n_rows)) for first in range(0, n_rows, at_once))


def points_xy(frame: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the coordinates (rows, 2) of a frame of points, NaN where there is none."""
    points = frame.geometry.to_numpy()
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)]).astype(np.float64)
