"""Say what an examination found, for the analyst: as plain text in columns, or as JSON with every row number."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import pandas as pd

from geo.area import Area
from geo.check import AreaCheck
from geo.errors import Fault

SHOWN = 10


def as_text(area: Area, check: AreaCheck) -> str:
    """Return the report in English; long lists are cut to ten lines that say how many more there are."""
    profile = area.profile
    kind = " (fictional)" if profile.is_fictional else ""
    parts = [
        f"{profile.name_en} · {profile.name_cy}{kind}   service date {profile.service_date.isoformat()}",
        f"digest {area.public_digest}",
        *([profile.note_en] if profile.note_en else []),
        _titled("Findings", [f"- {finding}" for finding in area.quality.findings] or ["none"]),
        _titled("Sources", [_columns(check.sources)]),
        _titled("Refused, doubtful and noted", _remarks(area)),
        _titled(
            "How far places are from a street they may use (metres)",
            [_columns(check.snaps.round({"median_m": 0, "max_m": 0}))],
        ),
        _titled("Beyond 300 m, or not placed (blank)", _far(check.far)),
        _titled("Zones wholly or partly not placed", _zones(check.zones)),
        _titled(f"Services running on {profile.service_date.isoformat()}", [_columns(check.services)]),
    ]
    return "\n".join(parts)


def as_json(area: Area, check: AreaCheck) -> str:
    """Return the whole report: nothing cut, missing values as null."""
    frames = {f.name: json.loads(getattr(check, f.name).to_json(orient="records")) for f in fields(check)}
    for record, quality in zip(frames["sources"], area.quality.sources, strict=True):
        record |= {part: [vars(fault) for fault in getattr(quality, part)] for part in ("refused", "doubts")}
        record["notes"] = list(quality.notes)
    whole: dict[str, Any] = {
        "area_id": area.profile.area_id,
        "service_date": area.profile.service_date.isoformat(),
        "digest": area.public_digest,
        "findings": list(area.quality.findings),
        **frames,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _titled(title: str, lines: Sequence[str]) -> str:
    return "\n".join(["", title, "-" * len(title), *lines])


def _columns(frame: pd.DataFrame) -> str:
    return frame.to_string(index=False, na_rep="") if len(frame) else "none"


def _remarks(area: Area) -> list[str]:
    lines = []
    for quality in area.quality.sources:
        if quality.refused or quality.doubts or quality.notes:
            lines.append(f"{quality.name}")
            lines += [f"  refused: {text}" for text in _cut(quality.refused)]
            lines += [f"  doubtful: {text}" for text in _cut(quality.doubts)]
            lines += [f"  {note}" for note in quality.notes]
    return lines or ["nothing"]


def _cut(faults: Sequence[Fault]) -> list[str]:
    more = len(faults) - SHOWN
    return [str(fault) for fault in faults[:SHOWN]] + ([f"… and {more} more (--json has all)"] if more > 0 else [])


def _far(far: pd.DataFrame) -> list[str]:
    lines = []
    for (what, mode), group in far.groupby(["what", "mode"], sort=False):
        lines.append(f"{what}, {mode}: {len(group)}")
        for away_m, place_id, name in zip(group["snap_m"][:SHOWN], group["id"], group["name"], strict=False):
            away = "     " if pd.isna(away_m) else f"{away_m:5.0f}"
            lines.append(f"  {away}  {place_id}  {name}")
        if len(group) > SHOWN:
            lines.append(f"  … and {len(group) - SHOWN} more (--json has all)")
    return lines or ["none"]


def _zones(zones: pd.DataFrame) -> list[str]:
    lines = []
    for mode, group in zones.groupby("mode", sort=False):
        whole = int((group["origins"] == group["origins_not_placed"]).sum())
        persons = group["persons_not_placed"].sum()
        unknown = int(group["persons_not_placed"].isna().sum())
        extra = f", and of {unknown} zones nobody knows" if unknown else ""
        lines.append(f"{mode}: {whole} wholly, {len(group) - whole} partly; {persons:,.0f} people{extra}")
    if len(zones):
        walked = zones[zones["mode"] == "walk"].drop(columns="mode")
        whole_people = walked.round(0).astype({"persons": "Int64", "persons_not_placed": "Int64"})
        lines += ["", "on foot, and so by public transport:", _columns(whole_people)]
    return lines or ["none"]
