"""Rain, and leaves that stir: many crumbs of motion, small, side by side and all the time.

A body is one piece or a few, and one of them stands out. A region of many small pieces of which
none does is no body; where such regions keep coming back, a single small piece is none either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Region
from motionapp.core.window import BLOCK_S
from motionapp.suppression.pieces import (
    AT_ONCE,
    LEAST_REGION,
    LOOKS_HZ,
    SMALLEST_PX,
    Cells,
    Part,
    Pieces,
    looks_loose,
    makes_heap,
)
from motionapp.suppression.rule import Evidence, Removed

STANDS_OUT = 2.5
"""A piece so many times larger than the crumbs of its place is something else, such as somebody
who walks before a tree."""

LEAST_S = 0.5
"""Where crumbs were seen for so long in a block of two seconds, there are more to come."""


class Scatter:
    """Where crumbs keep moving, by blocks of two seconds: the last one and the running one.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the mask.
    """

    name: ClassVar[str] = "stirring"
    blocks: ClassVar[int] = 1

    def __init__(self, shape: tuple[int, int]) -> None:
        self._cells = Cells(shape)
        self._least_px = round(LEAST_REGION * shape[0] * shape[1])
        # In a coarser picture crumbs run together, and there are no pieces to count.
        self._is_usable = min(shape) >= SMALLEST_PX
        self._block: int | None = None
        self._last: _Block | None = None
        self._running: _Block | None = None
        self._look: int | None = None
        self._is_weather = False
        self._knows = False

    def step(self, evidence: Evidence) -> Removed:
        """The crumbs of this picture, which are remembered."""
        # A look at a picture in which nothing moves would say that the weather is over.
        if not evidence.regions or not self._is_usable:
            return Removed(None, self.name)
        self._turn(evidence.pts_s)
        look = int(evidence.pts_s * LOOKS_HZ + 1e-6)
        # More frames a second must not make crumbs seem to last longer.
        is_due = evidence.learns and look != self._look
        if is_due:
            self._look = look
        # Counting pieces is dear: between looks it pays only where some are known of.
        if not (is_due or self._is_weather or self._knows):
            return Removed(None, self.name)
        least_px = self._least_px << (2 * evidence.level)
        looked_at = [
            self._looked_at(evidence, region, is_loose=is_loose)
            for region in evidence.regions
            if (is_loose := looks_loose(region, least_px)) or self._knows
        ]
        suspects = [suspect for suspect in looked_at if suspect is not None]
        # A body where crumbs stir is looked at, too: its few or large pieces are no weather.
        heaps = [suspect for suspect in suspects if suspect.is_heap]
        crumbs = sum(len(heap.pieces.areas) for heap in heaps)
        if is_due:
            # One region alone decides nothing: a row of far cars is a heap now and then, but of
            # fewer pieces.
            self._is_weather = crumbs >= AT_ONCE
            # Crumbs of a look that is no weather are somebody's limbs: they teach nothing.
            if self._is_weather:
                self._remember(heaps)
        return Removed(self._crumbs_of(evidence, suspects), self.name, (("crumbs", crumbs),))

    def _crumbs_of(
        self, evidence: Evidence, suspects: Sequence[_Suspect]
    ) -> NDArray[np.uint8] | None:
        """What is to be taken out of the mask."""
        taken: NDArray[np.uint8] | None = None
        for suspect in suspects:
            # A heap is nobody while it is weather; where crumbs keep coming, any crumb is.
            if not (suspect.crumb_px or (suspect.is_heap and self._is_weather)):
                continue
            taken = np.zeros_like(evidence.mask) if taken is None else taken
            pieces = suspect.pieces
            lost = np.full(len(pieces.areas) + 1, 255, np.uint8)
            lost[0] = 0
            if suspect.crumb_px:
                # Somebody who walks before a tree is far larger than its leaves.
                lost[1:] = 255 * (pieces.areas <= STANDS_OUT * suspect.crumb_px)
            taken[pieces.where] |= lost[pieces.labels]
        return taken

    def _looked_at(self, evidence: Evidence, region: Region, *, is_loose: bool) -> _Suspect | None:
        """A region and its pieces; None where nothing speaks for crumbs."""
        cells = self._cells.of(evidence.part(region.box))
        crumb_px = self._crumb_px(cells) if self._knows else 0.0
        # What fills its box where no crumbs stir is a body.
        if not is_loose and not crumb_px:
            return None
        pieces = evidence.pieces(region)
        is_heap = is_loose and makes_heap(pieces.areas, evidence.mask.size)
        return _Suspect(pieces, cells, is_heap, crumb_px)

    def _turn(self, pts_s: float) -> None:
        block = int(pts_s // BLOCK_S)
        if block != self._block:
            # Only the block just before counts, or the memory would have no end.
            follows = self._block is not None and block == self._block + 1
            self._last = self._running if follows else None
            self._running = None
            self._block = block
            self._knows = self._last is not None and self._last.stirs

    def _crumb_px(self, cells: Part) -> float:
        """The largest crumb of the cells, if crumbs stir in at least half of them; else 0."""
        largest_px = 0.0
        for block in (self._last, self._running):
            if block is None:
                continue
            seen_s = block.seen_s[cells]
            # A region that only reaches into a tree lies beside it.
            if 2 * np.count_nonzero(seen_s >= LEAST_S) >= seen_s.size:
                largest_px = max(largest_px, float(block.largest_px[cells].max()))
        return largest_px

    def _remember(self, heaps: Sequence[_Suspect]) -> None:
        if self._running is None:
            self._running = _Block(self._cells.shape)
        now = _Block(self._cells.shape)
        for heap in heaps:
            now.seen_s[heap.cells] = 1 / LOOKS_HZ
            largest_px = heap.pieces.areas.max()
            now.largest_px[heap.cells] = np.maximum(now.largest_px[heap.cells], largest_px)
        self._running.seen_s += now.seen_s
        self._knows = self._knows or self._running.stirs
        np.maximum(self._running.largest_px, now.largest_px, out=self._running.largest_px)


@dataclass(frozen=True, slots=True, eq=False)
class _Suspect:
    """A region that may be crumbs."""

    pieces: Pieces
    cells: Part
    """Its place in the grid."""
    is_heap: bool
    crumb_px: float
    """Crumbs up to this size stir here; 0 where none do."""


class _Block:
    """What was seen of crumbs in one block, cell by cell."""

    def __init__(self, grid: tuple[int, int]) -> None:
        self.seen_s = np.zeros(grid, np.float32)
        self.largest_px = np.zeros(grid, np.float32)

    @property
    def stirs(self) -> bool:
        """Whether crumbs were seen for long anywhere."""
        return bool((self.seen_s >= LEAST_S).any())
