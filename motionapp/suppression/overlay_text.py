"""Clocks and counters that a recorder burns into the picture, found by how they change.

A clock changes once a second, always at the same moment of it; a counter changes all the time.
Both stay where they are, are small, and nothing else moves around them. What has been found is
cut out of the mask, so that somebody who walks over it is still seen round it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.window import BLOCK_S
from motionapp.suppression.rule import Evidence, Removed

BLOCKS = 3
"""Full blocks that are judged by: six seconds."""

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
        # A counter has no beat at which more of the line would change.
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

    name: ClassVar[str] = "clock"
    blocks: ClassVar[int] = BLOCKS

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

    def step(self, evidence: Evidence) -> Removed:
        """What moves in clocks, and what may turn out to be one."""
        if evidence.learns:
            self._learn(evidence)
        mask, taken = evidence.mask, None
        for x0, y0, x1, y1 in (
            *(clock.cut_at(_clock_s(evidence)) for clock in self.found),
            *self._suspects,
        ):
            # Most of the time a clock stands still: then nothing is to be copied.
            if cv2.countNonZero(mask[y0:y1, x0:x1]):
                taken = np.zeros_like(mask) if taken is None else taken
                taken[y0:y1, x0:x1] = mask[y0:y1, x0:x1]
        figures = (("clocks", len(self.found)), ("withheld", len(self._suspects)))
        return Removed(taken, self.name, figures)

    def _learn(self, evidence: Evidence) -> None:
        """Take note of all that is small, clocks included; judge anew where a block begins."""
        pts_s = _clock_s(evidence)
        self._turn(pts_s)
        self._suspects = []
        is_new = self._is_new(pts_s)
        for region in evidence.found:
            if not self._may_be_text(region.box, evidence.level):
                continue
            rows, columns = evidence.part(region.box)
            second = int(pts_s)
            if second not in self._seconds:
                self._seconds[second] = np.zeros(self._grid, np.uint16)
            cells = tuple(
                slice(edge.start // CELL_PX, -(-edge.stop // CELL_PX)) for edge in (rows, columns)
            )
            self._seconds[second][cells] |= np.uint16(1 << moment_of(pts_s))
            # Once blocks can be judged, they tell better.
            if is_new:
                self._awake[cells] = 1
                # Who has walked in was not there at the very first picture.
                if self._restless[cells].any():
                    box = Box(columns.start, rows.start, columns.stop, rows.stop)
                    self._suspects.append(box)

    def _turn(self, pts_s: float) -> None:
        block, second = int(pts_s // BLOCK_S), int(pts_s)
        if self._block is None:
            self._first_s = pts_s
        # Full blocks alone are judged by, so that a run that starts anywhere finds the same.
        if block != self._block:
            self._block = block
            first = round((block - BLOCKS) * BLOCK_S)
            # Where time runs slower from here on, what seems to come later has been.
            self._seconds = {n: b for n, b in self._seconds.items() if first <= n < second}
            self._looked = {n: b for n, b in self._looked.items() if first <= n < second}
            looked = [self._looked.get(n, 0) for n in self._seconds]
            self.found = find_clocks(tuple(self._seconds.values()), self._shape, looked)
        self._looked[second] = self._looked.get(second, 0) | 1 << moment_of(pts_s)

    def _may_be_text(self, box: Box, level: int) -> bool:
        """Whether a region, in display pixels, lies and measures as burned-in text does."""
        x0, y0, x1, y1 = box
        height = self._shape[0] << level
        # Small and restless in the middle of the picture may be an arm that waves.
        if y1 > MARGIN * height and y0 < (1 - MARGIN) * height:
            return False
        # Who comes in at the edge is higher than digits, and a car is wider than a line of them.
        return y1 - y0 <= HIGHEST * height and x1 - x0 <= WIDEST * (self._shape[1] << level)

    def _is_new(self, pts_s: float) -> bool:
        """Whether blocks cannot be judged yet; keeps what has not rested since the start."""
        since_s = pts_s - self._first_s
        # By then every clock had as many full blocks as it takes; in lower pictures there is none.
        if since_s >= (BLOCKS + 1) * BLOCK_S or self._shape[0] < SMALLEST_PX:
            return False
        span = int(since_s / WITHHELD_S + 1e-6)
        # Between two changes a counter rests for moments, but never for a whole span.
        if span != self._span:
            self._span = span
            self._restless &= np.asarray(cv2.dilate(self._awake, np.ones((3, 3), np.uint8)))
            self._awake[:] = 0
        return True


def moment_of(pts_s: float) -> int:
    """Which moment of its second a time is, 0 to `BINS` - 1."""
    return int((pts_s % 1.0) * BINS + 1e-6) % BINS


def _clock_s(evidence: Evidence) -> float:
    """Time for clocks: two pictures are enough to tell a second by, where looks need four."""
    return evidence.pts_s * min(2, evidence.stretch)


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
    # A clock must have changed in so many seconds, and there are not even as many.
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
    # Once or twice in six seconds anybody may walk past a clock.
    busy = (often > 2) & (text == 0)
    found = []
    for box in _clusters(text):
        part = slice(box.y0, box.y1), slice(box.x0, box.x1)
        always = bool(counts[part].any())
        clock = _clock(box, None if always else int(step[part][beats[part]].min()), shape)
        # An arm that beats time has a body beside it.
        if _is_alone(box, busy):
            found.append(clock)
    # So much text there never is: cutting it out would hide people.
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
