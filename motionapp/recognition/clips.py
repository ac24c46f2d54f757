"""Cuts motion clips on a grid of seconds, the same in training and at run time.

Knows maps, groups and time. Which maps a network wants is its representation's business, and
what becomes of a clip the recogniser's.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip
from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Motion
from motionapp.core.pace import ROUNDING, Pace
from motionapp.core.representation import Representation
from motionapp.core.track import Group
from motionapp.core.window import TIME_TOLERANCE_S
from motionapp.recognition.framing import Seen, framed
from motionapp.recognition.going import going_of
from motionapp.recognition.normalise import normalised
from motionapp.recognition.pictures import LaterPicture, Map, half

MOST_HALVINGS = 8
"""A picture of 16384 pixels is one of 64 then."""

Wants = Callable[[Group, int], bool]


@dataclass(slots=True, eq=False)
class _Kept:
    """One frame's map and bodies, and the map halved for the first clip that asks for it."""

    pts_s: float
    duration_s: float
    map: Map | LaterPicture
    level: int
    seen: Seen
    _halved: list[Map] = field(default_factory=list)

    def read(self) -> Map:
        """The map; a picture is made now if nobody has asked before, and its frame let go of."""
        if isinstance(self.map, LaterPicture):
            self.map = self.map.read()
        return self.map

    def cut(self, box: Box, side_px: int) -> Map:
        """What a square in full-frame pixels covers of the map, `side_px` wide and high.

        Most of a large body's pixels are averaged away: at twice the side, shrinking takes four
        times as long, where a map is halved once for all that ask.
        """
        side = box.width >> self.level
        level, halved = self.level, self.read()
        for k in range(MOST_HALVINGS):
            if side < 2 * side_px or min(halved.shape[:2]) < 2:
                break
            if k == len(self._halved):
                self._halved.append(half(halved))
            halved, level, side = self._halved[k], level + 1, side // 2
        return crop(halved, box, level, side_px)


class ClipBuilder:
    """Keeps the maps of the last half second and cuts clips at multiples of the cadence.

    The clip that ends at ``c`` holds T maps; map k is the one of the newest frame at or before
    ``c - (T - 1 - k) * grid_s`` (within 5 ms). It is cut at the first frame at or after ``c``, so
    that the frame rate, repeated frames and the moment of a body's birth change nothing.

    Parameters
    ----------
    representation : Representation
        What the network was trained to see.
    cadence_s : float
        Seconds between two clips of one body; greater than 0.
    """

    def __init__(self, representation: Representation, *, cadence_s: float) -> None:
        self.representation = representation
        self.cadence_s = cadence_s
        self.forget_s = representation.span_s + representation.grid_s
        """After so many seconds, nothing that was stepped through matters any more."""
        self._kept: deque[_Kept] = deque()
        self._cut_until: int | None = None
        self._pace = Pace()

    @property
    def longest_step_s(self) -> float:
        """Seconds from one picture to the next up to which clips are cut."""
        return longest_step_s(self.representation)

    def restart(self) -> None:
        """Forget everything: a new epoch, or a rest."""
        self._kept.clear()
        self._cut_until = None

    def step(
        self,
        frame: Frame,
        motion: Motion,
        groups: Sequence[Group],
        map_: Map | LaterPicture | None,
        wants: Wants = lambda group, due: True,
    ) -> tuple[MotionClip, ...]:
        """Take note of a frame and cut what is due.

        Parameters
        ----------
        frame : Frame
            The newest frame; times increase from step to step.
        motion : Motion
            What the front-end saw at it.
        groups : sequence of Group
            The bodies at this frame, seen or coasting.
        map_ : ndarray, shape (h, w) or (h, w, planes), or LaterPicture, or None
            The frame's map; None while priming.
        wants : callable
            Whether a body is looked at when the multiple `due` of the cadence is.

        Returns
        -------
        tuple of MotionClip
            One for each body that moved for at least half of the clip; those of one square share
            their maps. Empty between two multiples of the cadence and until maps for a whole clip
            have been seen. Where a gap between frames holds several multiples, only the newest is
            cut. Empty where pictures come too seldom for a clip (`longest_step_s`).
        """
        step_s = self._pace.step(frame.pts_s, frame.duration_s)
        if map_ is not None:
            self._remember(
                _Kept(
                    pts_s=frame.pts_s,
                    duration_s=max(frame.duration_s, step_s),
                    map=map_,
                    level=self.representation.level(frame.epoch.size),
                    seen=Seen(motion.regions, groups, motion.mask, motion.level),
                )
            )
        due = math.floor((frame.pts_s + TIME_TOLERANCE_S) / self.cadence_s)
        if due == self._cut_until:
            return ()
        self._cut_until = due
        if step_s > self.longest_step_s:
            return ()
        end_s = due * self.cadence_s
        window = self._window(end_s)
        if window is None:
            return ()
        looked_at = [group for group in groups if wants(group, due)]
        return self._cut(looked_at, window, end_s, frame.epoch.size)

    def _remember(self, kept: _Kept) -> None:
        """Keep a map; let go of those that no clip can ask for."""
        if self._kept and not self._is_on_grid(self._kept[-1].pts_s, kept.pts_s):
            self._kept.pop()  # at 200 frames per second most maps are nobody's newest
        elif self._kept:
            self._kept[-1].read()  # a picture that a clip may ask for must not pin its frame
        self._kept.append(kept)
        oldest_s = kept.pts_s - self.cadence_s - self.forget_s
        while len(self._kept) > 1 and self._kept[1].pts_s < oldest_s:
            self._kept.popleft()

    def _is_on_grid(self, from_s: float, to_s: float) -> bool:
        """Whether a grid time of some clip lies in ``[from_s, to_s)``, within the tolerance."""
        first, last = from_s - TIME_TOLERANCE_S, to_s - TIME_TOLERANCE_S
        offsets = (k * self.representation.grid_s for k in range(self.representation.steps))
        return any(
            math.ceil((first + offset) / self.cadence_s) * self.cadence_s - offset < last
            for offset in offsets
        )

    def _window(self, end_s: float) -> list[_Kept] | None:
        """The T maps of the clip that ends at `end_s`, oldest first; None if one is missing."""
        shape = self.representation
        times = (end_s - (shape.steps - 1 - k) * shape.grid_s for k in range(shape.steps))
        window = [self._newest_at(time_s) for time_s in times]
        found = [kept for kept in window if kept is not None]
        same_size = len({(kept.map.shape, kept.level) for kept in found}) == 1
        return found if len(found) == shape.steps and same_size else None

    def _newest_at(self, time_s: float) -> _Kept | None:
        """The newest map at or before `time_s`, unless it is too old to stand in for it."""
        limit_s = time_s + TIME_TOLERANCE_S
        for kept in reversed(self._kept):
            if kept.pts_s <= limit_s:
                longest_s = max(self.representation.grid_s, 1.5 * kept.duration_s)
                return kept if limit_s - kept.pts_s <= longest_s + 2 * TIME_TOLERANCE_S else None
        return None

    def _cut(
        self, groups: Sequence[Group], window: list[_Kept], end_s: float, size: tuple[int, int]
    ) -> tuple[MotionClip, ...]:
        """The clips of those that moved; what several share is cut once."""
        shape, seen = self.representation, [kept.seen for kept in window]
        numbers: dict[Box, NDArray[np.float32]] = {}
        clips = []
        for group in groups:
            found = framed(shape.scope, group, seen, size)
            if found is None:
                continue
            box = found.square
            if box not in numbers:
                numbers[box] = self._numbers(box, window)
            going = going_of(found.boxes, [kept.pts_s for kept in window])
            clips.append(
                MotionClip(group.group_id, end_s - shape.span_s, end_s, box, numbers[box], going)
            )
        return tuple(clips)

    def _numbers(self, box: Box, window: list[_Kept]) -> NDArray[np.float32]:
        """What a square holds of all maps, as the network takes it."""
        maps = np.stack([kept.cut(box, self.representation.side_px) for kept in window])
        numbers = normalised(maps, self.representation, box_side_px=box.width)
        numbers.flags.writeable = False
        return numbers


def longest_step_s(representation: Representation) -> float:
    """Seconds from one picture to the next up to which a network can name what it sees.

    It was trained on so many a second; where it does not say, three must fit into a clip. With two
    of them, a walker at 3 per second was called a jumping jack, and one at 1 per second a jump:
    the maps of a clip were those of one or two moments over and over, which no network has been
    shown.
    """
    slowest_hz = representation.slowest_hz or 2 / representation.span_s
    return (1 + ROUNDING) / slowest_hz


def crop(picture: Map, box: Box, level: int, side_px: int) -> Map:
    """What `box` covers of a map, resized; zeros where it leaves the picture.

    Parameters
    ----------
    picture : ndarray, shape (h, w) or (h, w, planes)
        At `level` halvings of the full frame.
    box : Box
        A square in full-frame pixels.
    level : int
    side_px : int
        Width and height of what is returned.
    """
    # A picture with an odd side loses half a pixel in each halving: a box edge does not mind.
    side = max(1, round(box.width / 2**level))
    x0, y0 = round(box.x0 / 2**level), round(box.y0 / 2**level)
    height, width = picture.shape[:2]
    if x0 >= 0 and y0 >= 0 and x0 + side <= width and y0 + side <= height:
        cut = picture[y0 : y0 + side, x0 : x0 + side]
    else:
        inside = Box(x0, y0, x0 + side, y0 + side).clipped((width, height))
        cut = np.zeros((side, side, *picture.shape[2:]), dtype=picture.dtype)
        cut[inside.y0 - y0 : inside.y1 - y0, inside.x0 - x0 : inside.x1 - x0] = picture[
            inside.y0 : inside.y1, inside.x0 : inside.x1
        ]
    how = cv2.INTER_AREA if side > side_px else cv2.INTER_LINEAR
    return cv2.resize(cut, (side_px, side_px), interpolation=how)
