"""The demonstration area's timetables read plainly, as anyone would, for tests of what they say."""

from __future__ import annotations

import zipfile
from datetime import date
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.demo import AREA
from geo.demo.land import metres
from geo.demo.places import PLACES

DATA = Path(__file__).resolve().parents[1] / "data"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Feed:
    """A feed's tables, read plainly."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            tables = {n: pd.read_csv(archive.open(n), dtype=str, keep_default_na=False) for n in archive.namelist()}
        self.calendar, self.exceptions = tables["calendar.txt"], tables["calendar_dates.txt"]
        stops = tables["stops.txt"]
        points = gpd.points_from_xy(
            stops["stop_lon"].astype(float), stops["stop_lat"].astype(float), crs="EPSG:4326"
        ).to_crs(27700)
        stops = stops.assign(x=points.x, y=points.y)
        calls = (
            tables["stop_times.txt"].merge(tables["trips.txt"]).merge(tables["routes.txt"]).merge(stops, on="stop_id")
        )
        leaves = calls["departure_time"].str.split(":", expand=True).astype(int)
        self.calls = calls.assign(minute=leaves[0] * 60 + leaves[1], order=calls["stop_sequence"].astype(int))

    def services_on(self, day: date) -> set[str]:
        """Return the ids of the services that run on a day."""
        said = day.strftime("%Y%m%d")
        running = set(self.calendar.loc[self.calendar[DAYS[day.weekday()]] == "1", "service_id"])
        changes = self.exceptions[self.exceptions["date"] == said]
        added = set(changes.loc[changes["exception_type"] == "1", "service_id"])
        return (running | added) - set(changes.loc[changes["exception_type"] == "2", "service_id"])

    def on(self, day: date) -> pd.DataFrame:
        """Return the calls of a day in the order of each ride, with the stop's metres ``x, y`` and the ``minute`` it is left."""
        return self.calls[self.calls["service_id"].isin(self.services_on(day))].sort_values(["trip_id", "order"])


def demo_feed(prefix: str) -> Feed:
    """Return a feed of the demonstration area: ``bus`` or ``rail``."""
    return Feed(DATA / "timetables" / AREA / f"{prefix}.zip")


def near(calls: pd.DataFrame, place: str, radius_m: float) -> pd.Series:
    """Say of each call whether its stop is within ``radius_m`` of a place, as the crow flies."""
    x, y = metres(PLACES[place].xy_km)
    return ((calls["x"] - x) ** 2 + (calls["y"] - y) ** 2) ** 0.5 <= radius_m


def rides(calls: pd.DataFrame, start: str, end: str, radius_m: float = 600) -> pd.Series:
    """Return when the rides leave that call near ``start`` and later near ``end``: minutes after midnight by trip, the last at the end."""
    leaves = (
        calls[near(calls, start, radius_m)].groupby("trip_id").agg(minute=("minute", "min"), order=("order", "min"))
    )
    comes = calls[near(calls, end, radius_m)].groupby("trip_id")["order"].max().rename("order_end")
    both = leaves.join(comes, how="inner")
    return both.loc[both["order"] < both["order_end"], "minute"].sort_values()


def from_to(calls: pd.DataFrame, start: str, end: str, radius_m: float = 600) -> list[int]:
    """Return when the rides leave, as :func:`rides` does, without their names."""
    return rides(calls, start, end, radius_m).tolist()


def waits(leaving: list[int]) -> set[int]:
    """Return the minutes there are between one departure and the next."""
    return {later - earlier for earlier, later in pairwise(leaving)}


def minute_of(text: str) -> int:
    """Return the minutes after midnight of ``14:30``."""
    return int(text[:2]) * 60 + int(text[3:])


def clock(minute: float) -> str:
    """Return ``14:30`` for minutes after midnight."""
    return f"{int(minute) // 60:02}:{int(minute) % 60:02}"
