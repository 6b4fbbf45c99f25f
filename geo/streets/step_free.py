"""The part of a walking graph that a wheelchair can take."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geo.errors import DataError
from geo.streets.graph import StreetGraph
from geo.streets.parts import hangs_together
from geo.streets.ways import ranges


def step_free(graph: StreetGraph) -> StreetGraph:
    """Return ``graph`` without the edges that are not ``is_step_free``; itself where there are none.

    Nodes keep their numbers. Points may be placed on what hangs together without those edges: not on a landing between two flights, and
    not on a platform up steps, of which the timetable says whether a wheelchair comes there.

    Raises:
        DataError: nothing is left.
    """
    if graph.is_step_free.all():
        return graph
    kept = np.flatnonzero(graph.is_step_free)
    if not len(kept):
        raise DataError.of("streets", "has no way without steps.", "Load streets that cover the whole area.")
    place = np.full(graph.n_edges + 1, -1, dtype=np.int32)  # the last stands for "none"
    place[kept] = np.arange(len(kept))
    count = np.diff(graph.line_start)[kept]
    part = replace(
        graph,
        tail=graph.tail[kept],
        head=graph.head[kept],
        twin=place[graph.twin[kept]],
        length_m=graph.length_m[kept],
        travel_ms=graph.travel_ms[kept],
        junction_ms=graph.junction_ms[kept],
        arrived_by=place[graph.arrived_by[kept]],
        is_snappable=graph.is_snappable[kept],
        is_access_only=graph.is_access_only[kept],
        is_step_free=graph.is_step_free[kept],
        is_ferry=graph.is_ferry[kept],
        name_index=graph.name_index[kept],
        line_start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        line_xy=graph.line_xy[ranges(graph.line_start[kept], count)],
    )
    return replace(part, is_snappable=part.is_snappable & hangs_together(part))
