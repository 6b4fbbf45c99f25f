"""Walking without steps: a router over the part of the streets that a wheelchair can take."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from access.routing.streets import StreetRouter
from geo.streets.graph import PlacedPoints, StreetGraph
from geo.streets.step_free import step_free

AT_ONCE = 256  # points, for a matrix of which only the diagonal is wanted


class StepFreeRouter(StreetRouter):
    """Routes over the edges of a walking graph that are ``is_step_free``.

    A point whose nearest way is another is placed on the nearest step-free one, and the walk to there on all streets is added: so no way
    without steps is ever shorter than the way with them.
    """

    def __init__(self, graph: StreetGraph) -> None:
        super().__init__(step_free(graph))
        self._whole, self._kept = StreetRouter(graph), np.flatnonzero(graph.is_step_free)

    @property
    def with_steps(self) -> StreetRouter:
        """The router over all of the streets."""
        return self._whole

    def place(self, xy: NDArray[np.float64]) -> PlacedPoints:
        """Return the points ``xy`` (points, 2; EPSG:27700) on the step-free edges."""
        placed, nearest = super().place(xy), self._whole.place(xy)
        edge = np.where(placed.is_placed, self._kept[placed.edge], -1).astype(np.int32)
        moved = np.flatnonzero(placed.is_placed & (edge != nearest.edge))
        access_ms = placed.access_ms.copy()
        there = replace(placed, edge=edge, access_ms=np.zeros_like(access_ms))
        for first in range(0, len(moved), AT_ONCE):
            rows = moved[first : first + AT_ONCE]
            home, street = nearest.take(rows), there.take(rows)
            out_ms, back_ms = self._whole.matrix_ms(home, street), self._whole.matrix_ms(street, home)
            access_ms[rows] = np.maximum(out_ms, back_ms).diagonal()
        return replace(placed, access_ms=access_ms)
