"""Clocks and counters that a recorder burns into the picture, found by how they change.

A clock changes once a second, always at the same moment of it; a counter changes all the time.
Both stay where they are, are small, and nothing else moves around them. What has been found is
cut out of the mask, so that somebody who walks over it is still seen round it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.motion import Region
from motionapp.core.window import BLOCK_S

BLOCKS = 3
"""Full blocks that are judged by: six seconds."""

SECONDS = round(BLOCKS * BLOCK_S)

BEATS = 4
"""Seconds, of these six, in which a clock must have changed in step: somebody may walk by."""

BINS = 10
"""A second is told apart into so many moments."""

IN_STEP = 3
"""A change is seen for one lag, and may begin near the border of a moment."""

COUNTS = 5
"""Seconds, of the six, in which a counter must have changed all the time..."""

MOMENTS = 5
"""... which is in half of the moments: some digits change by few pixels."""

HIGHEST = 0.1
"""Digits are no higher, in shares of the picture's height."""

WIDEST = 0.4
"""... and a line of them no wider, in shares of its width."""

MARGIN = 0.15
"""Text lies as near as this to the upper or lower edge, as a share of the height: in the middle
of the picture, something small that never rests may be an arm that waves."""

QUIET = 0.25
"""Share of the places round a clock that something else may have passed more than twice."""

LINE = 14
"""Digits to the left and right that are cut out at the beat: tens and minutes change with it."""

LARGEST = 0.06
"""Share of the picture beyond which nothing is cut out: so much text there never is."""

WITHHELD_S = 0.4
"""What has not rested for so long since the very first picture may be a counter, and is withheld
until full blocks can be judged: nobody has walked in since."""

SMALLEST_PX = 96
"""No text can be read in a lower picture."""

CELL_PX = 4
"""Side of the cells in which changes are noted, at analysis scale."""

Bits = NDArray[np.uint16]
"""Shape (rows, columns): one bit for each moment of a second in which a cell changed."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Where and when something burned-in changes, at analysis scale."""

    box: Box
    line: Box
    """The whole line of text."""
    beat: int | None
    """The first of the `IN_STEP` moments of each second in which it changes; None: always."""

    def cut_at(self, pts_s: float) -> Box:
        """What is left out at a time."""
        if self.beat is None:
            return self.box
        return self.line if (moment_of(pts_s) - self.beat) % BINS < IN_STEP else self.box


class OverlayText:
    """Finds clocks in the regions of the last full blocks, and cuts them out.

    Parameters
    ----------
    shape : tuple of int
        Height and width of the mask.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._grid = -(-shape[0] // CELL_PX), -(-shape[1] // CELL_PX)
        self._block: int | None = None
        self._first_s = 0.0
        self._restless = np.ones(self._grid, np.uint8)
        self._awake = np.zeros(self._grid, np.uint8)
        self._span = 0
        self._suspects: list[Box] = []
        self._seconds: dict[int, Bits] = {}
        self._looked: dict[int, int] = {}
        """A bit for each moment of a second at which there was a picture."""
        self.found: tuple[Clock, ...] = ()
        """What is cut out now."""

    def learn(self, regions: Sequence[Region], *, pts_s: float, level: int) -> None:
        """Take note of what is small, and judge anew where a block begins.

        Parameters
        ----------
        regions : sequence of Region
            All that moves, clocks included.
        pts_s : float
            Time of the frame.
        level : int
            How often the analysis picture was halved.
        """
        block, second = int(pts_s // BLOCK_S), int(pts_s)
        if self._block is None:
            self._first_s = pts_s
        if block != self._block:
            self._block = block
            first = round((block - BLOCKS) * BLOCK_S)
            for memory in (self._seconds, self._looked):
                for n in [n for n in memory if not first <= n < second]:
                    del memory[n]
            looked = [self._looked.get(n, 0) for n in self._seconds]
            self.found = find_clocks(tuple(self._seconds.values()), self._shape, looked)
        self._looked[second] = self._looked.get(second, 0) | 1 << moment_of(pts_s)
        if self._suspects:
            self._suspects = []
        is_new = self._is_new(pts_s)
        height, width = self._shape[0] << level, self._shape[1] << level
        above_px, below_px = MARGIN * height, (1 - MARGIN) * height
        for region in regions:
            x0, y0, x1, y1 = region.box
            if (y1 > above_px and y0 < below_px) or y1 - y0 > HIGHEST * height:
                continue
            if x1 - x0 > WIDEST * width:
                continue
            box = Box(x0 >> level, y0 >> level, x1 >> level, y1 >> level)
            if second not in self._seconds:
                self._seconds[second] = np.zeros(self._grid, np.uint16)
            rows = slice(box.y0 // CELL_PX, -(-box.y1 // CELL_PX))
            columns = slice(box.x0 // CELL_PX, -(-box.x1 // CELL_PX))
            self._seconds[second][rows, columns] |= np.uint16(1 << moment_of(pts_s))
            if is_new:
                self._awake[rows, columns] = 1
                if self._restless[rows, columns].any():
                    self._suspects.append(box)

    def cut(self, mask: NDArray[np.uint8], pts_s: float) -> NDArray[np.uint8] | None:
        """The mask without the clocks, or None where nothing moves in one.

        Parameters
        ----------
        mask : ndarray of uint8, shape (h, w)
            0 or 255; it is not changed.
        pts_s : float
            Time of the frame.
        """
        left: NDArray[np.uint8] | None = None
        for x0, y0, x1, y1 in (*(clock.cut_at(pts_s) for clock in self.found), *self._suspects):
            if cv2.countNonZero(mask[y0:y1, x0:x1]):
                left = mask.copy() if left is None else left
                left[y0:y1, x0:x1] = 0
        return left

    def _is_new(self, pts_s: float) -> bool:
        """Whether blocks cannot be judged yet; keeps what has not rested since the start."""
        since_s = pts_s - self._first_s
        if since_s >= (BLOCKS + 1) * BLOCK_S or self._shape[0] < SMALLEST_PX:
            return False
        span = int(since_s / WITHHELD_S + 1e-6)
        if span != self._span:
            self._span = span
            self._restless &= np.asarray(cv2.dilate(self._awake, np.ones((3, 3), np.uint8)))
            self._awake[:] = 0
        return True


def moment_of(pts_s: float) -> int:
    """Which moment of its second a time is, 0 to `BINS` - 1."""
    return int((pts_s % 1.0) * BINS + 1e-6) % BINS


def find_clocks(
    seconds: Sequence[Bits], shape: tuple[int, int], looked: Sequence[int] = ()
) -> tuple[Clock, ...]:
    """The clocks and counters behind the changes of a few seconds.

    Parameters
    ----------
    seconds : sequence of ndarray of uint16, shape (rows, columns)
        For each second in which anything small moved: a bit for each moment, cell by cell.
    shape : tuple of int
        Height and width of the mask.
    looked : sequence of int, optional
        For each of these seconds a bit for each moment at which there was a picture; without it,
        there was one at all of them.

    Returns
    -------
    tuple of Clock
        Empty where there is none, or where what changes so is too large to be text.
    """
    if len(seconds) < BEATS:
        return ()
    bits = np.stack(seconds)
    often = (bits != 0).sum(0, dtype=np.uint8)
    places = np.nonzero(often >= BEATS)
    if not places[0].size:
        return ()
    beats, counts = (np.zeros(often.shape, np.bool_) for _ in range(2))
    step = np.zeros(often.shape, np.int64)
    beats[places], step[places] = _in_step(bits[:, places[0], places[1]])
    needed = np.array([_most_of(moments) for moments in looked] or [MOMENTS] * len(seconds))
    often_enough = _popcount(bits[:, places[0], places[1]]) >= needed[:, None]
    counts[places] = often_enough.sum(0) >= COUNTS
    text = np.where(beats | counts, np.uint8(255), np.uint8(0))
    if not text.any():
        return ()
    busy = (often > 2) & (text == 0)
    found = []
    for box in _clusters(text):
        part = slice(box.y0, box.y1), slice(box.x0, box.x1)
        always = bool(counts[part].any())
        clock = _clock(box, None if always else int(step[part][beats[part]].min()), shape)
        if _is_alone(box, busy):
            found.append(clock)
    if sum(clock.box.area for clock in found) > LARGEST * shape[0] * shape[1]:
        return ()
    return tuple(found)


def _in_step(bits: Bits) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which cells change once a second at the same moment, and at which."""
    windows = [_window(first) for first in range(BINS)]
    fits = np.stack([((bits != 0) & (bits & ~window == 0)).sum(0) for window in windows])
    return fits.max(0) >= BEATS, fits.argmax(0)


def _window(first: int) -> np.uint16:
    return np.uint16(sum(1 << ((first + k) % BINS) for k in range(IN_STEP)))


def _most_of(moments: int) -> int:
    """In how many moments of a second a counter changes, if there were pictures at these."""
    return min(MOMENTS, moments.bit_count() // 2 + 1)


def _popcount(bits: Bits) -> NDArray[np.int64]:
    moments = np.arange(BINS, dtype=np.uint16)
    return np.asarray(((bits[..., None] >> moments) & np.uint16(1)).sum(-1), np.int64)


def _clusters(text: NDArray[np.uint8]) -> list[Box]:
    """The boxes of cells that lie side by side, half-open, in cells."""
    near = cv2.dilate(text, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(near, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [cv2.boundingRect(contour) for contour in contours]
    return sorted(Box(x, y, x + w, y + h) for x, y, w, h in boxes)


def _clock(cells: Box, beat: int | None, shape: tuple[int, int]) -> Clock:
    size = shape[1], shape[0]
    box = cells.scaled(CELL_PX).clipped(size)
    reach = LINE * box.height
    line = Box(box.x0 - reach, box.y0, box.x1 + reach, box.y1).clipped(size)
    return Clock(box, line, beat)


def _is_alone(box: Box, busy: NDArray[np.bool_]) -> bool:
    """Whether next to nothing else moves near a cluster: an arm has a body."""
    reach = box.height
    rows = slice(max(0, box.y0 - reach), box.y1 + reach)
    around = busy[rows, max(0, box.x0 - reach) : box.x1 + reach]
    return bool(np.count_nonzero(around) <= QUIET * (around.size - box.area))
