"""Say what became of what a source of streets holds: ways that are used or refused, tags that are passed over, turns that are forbidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

import numpy as np

from geo.errors import Fault
from geo.quality import SourceQuality
from geo.streets import access_tags, rules
from geo.streets.bans import APPLIED
from geo.streets.graph import StreetGraph, StreetMode
from geo.streets.raw import RawStreets
from geo.streets.ways import Ways

MOST_IDLE_NODES = 0.01  # one in 248,000 of Newport's
MOST_NAMED = 25  # ways in one note


def streets_quality(
    raw: RawStreets,
    ways: Ways,
    graphs: Mapping[StreetMode, StreetGraph],
    became: Mapping[StreetMode, Counter[str]],
    source: str,
) -> SourceQuality:
    """Count what became of the ways: kept by a mode, closed to all (out of scope), or refused since nothing of them is whole."""
    way_id = np.array(raw.way_id)
    is_open = np.any([kmh.any(axis=1) for kmh in ways.kmh.values()], axis=0)
    whole, kept = set(way_id.tolist()), set(way_id[is_open].tolist())
    lost = sorted(raw.broken_ways - whole)
    remedy = "Get an extract that keeps ways complete."
    refused = tuple(Fault(source, f"OpenStreetMap way {way} has no two nodes in a row here.", remedy) for way in lost)
    notes = _about_turns(raw, became)
    for mode, graph in graphs.items():
        share = graph.is_snappable[(graph.length_m > 0) & ~graph.is_way_in].mean()
        notes.append(
            f"{mode}: {graph.n_nodes:,} junctions, {graph.n_edges:,} directed edges; points may lie on {share:.1%}."
        )
    if raw.broken_ways:
        notes.append(f"{len(raw.broken_ways):,} ways lack nodes or leave the British grid: used where they are whole.")
    if unreadable := len(_ways_with(raw, rules.has_unreadable_maxspeed)):
        notes.append(
            f"{unreadable:,} ways have a maxspeed that says nothing usable: the default of their class is used."
        )
    if unread := len(_ways_with(raw, access_tags.has_unread_access)):
        notes.append(f"{unread:,} ways have a value of access that is not known: it is passed over.")
    if at_times := _ways_with(raw, access_tags.has_access_at_times):
        more = f" and {len(at_times) - MOST_NAMED:,} more" if len(at_times) > MOST_NAMED else ""
        named = ", ".join(map(str, at_times[:MOST_NAMED])) + more
        notes.append(f"{len(at_times):,} ways have other access under a condition, which is not applied: way {named}.")
    if raw.unnamed_places:
        notes.append(f"{raw.unnamed_places:,} places have no name and are not shown.")
    counts = (len(whole) + len(lost), len(kept), len(whole - kept))
    return SourceQuality("streets", *counts, refused, _about_the_end(raw, source), tuple(notes))


def _about_the_end(raw: RawStreets, source: str) -> tuple[Fault, ...]:
    """Say where a file looks as if its end were missing: nodes come first in it, then ways, and relations last."""
    if raw.has_relations or raw.idle_nodes_share <= MOST_IDLE_NODES:
        return ()
    problem = f"may be cut short: no way uses {raw.idle_nodes_share:.0%} of its nodes, and it holds no relation."
    return (Fault(source, problem, "Compare its size or checksum with the source's, and get it again."),)


def _ways_with(raw: RawStreets, has_it: Callable[[Mapping[str, str]], bool]) -> list[int]:
    """Return the ids of ways whose tags have something, each once: several stretches may be of one way."""
    return sorted({way for way, tags in zip(raw.way_id, raw.tags, strict=True) if has_it(tags)})


def _about_turns(raw: RawStreets, became: Mapping[StreetMode, Counter[str]]) -> list[str]:
    """Say what became of turn restrictions, for each mode."""
    if not raw.has_relations:
        return [
            "The extract holds no relations, and so no turn restrictions: a drive may turn where a sign forbids it."
        ]
    if not raw.has_restrictions:
        return ["Turn restrictions are not downloaded with a place: a drive may turn where a sign forbids it."]
    notes = []
    for mode, counts in became.items():
        if counts:
            said = [f"{counts[APPLIED]:,} apply", *_counted(counts)]
            notes.append(f"{mode}: of {counts.total():,} turn restrictions {', '.join(said)}.")
    if raw.idle_restrictions:
        notes.append(f"Turn restrictions that are not applied: {', '.join(_counted(raw.idle_restrictions))}.")
    return notes


def _counted(counts: Counter[str]) -> list[str]:
    return [f"{counts[reason]:,} {reason}" for reason in sorted(counts) if reason != APPLIED]
