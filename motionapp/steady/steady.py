"""Takes the camera's own movement out of the pictures, from when it moves until it stands.

While the camera stands, nothing is done but to count in how much of the picture something moves.
By time stamps alone, and from the pictures that the gate looks at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import Contrast, Motion
from motionapp.steady.back import InPicture
from motionapp.steady.camera import GRID, Found, Landmarks, camera_way, landmarks_in
from motionapp.steady.confirmed import confirmed
from motionapp.steady.hidden import Hidden, emptied
from motionapp.steady.pictures import Canvas, SteadiedPixels, covered
from motionapp.steady.watching import ENOUGH, Watching
from motionapp.steady.way import STAYED, Way

Mode = Literal["auto", "on", "off"]

SWAY_PX: Final = 0.9
"""At analysis scale; a camera that moves by less between two looks shows next to nothing."""

MOVED_PX: Final = 0.5
"""At analysis scale; a camera that stays within this of where it was stands."""

QUARTERS: Final = 3
"""So many quarters of the picture must move along, and none against: a lorry that fills a half of
it is no camera."""

LONGEST_LAG_S: Final = 0.35
"""Only of pictures that come at least so often is it told that the camera moves."""

STILL_S: Final = 4.0
"""A camera that has not moved for so long stands."""

RENEWED_S: Final = 2.0
"""So often the points are chosen anew: people come to stand before them, and light changes."""

HELD_S: Final = 30.0
"""Points chosen anew put the scene a hair beside where it was, and always to the same side: without
the first ones, 9 pixels of 320 in seven minutes. These hold it, until they have not been found
again for so long: then the light is another, or the scene."""

HELD: Final = 0.25
"""Such a share of the way back at a time: half a pixel at once would move all edges. It slides by
0.04 pixels meanwhile, so that it stays within 0.2."""

TRUST_S: Final = 4.0
"""How often a point goes with the camera is a mean over so long: lorries pass in less."""

LOST_S: Final = 1.0
"""After so long without an answer, the picture as it is now is taken for the scene."""

EARLY_S: Final = 1.0
"""A camera that is found to shake so soon has shaken from the start."""

MOST_WAYS: Final = 48
"""The middle of its swing is told from so many looks: two seconds."""

RETURNED: Final = 0.02
"""A camera that stands within this share of the width of where it stood looks where it looked."""

FARTHEST: Final = 0.2
"""Turned by more than this share of the width, the camera looks at another scene."""

ZOOMED: Final = 0.08
"""So does one that has zoomed by this share, or rolled by as many radians: a little more, and it
would not be found at all (`camera.MOST_TURN`), and everything would move until it comes back."""

BLUR: Final = 0.35
"""An edge may be off by about so many pixels in a picture that was moved back: by up to 0.25 in
rendered ones, and a real lens bends them, too. With 0.25 what was left of the grass beside a road
was taken for leaves, and 4.5 of 23 s of cars were lost; 0.5 lost 1.5, 0.35 loses 1.0."""


class Steady:
    """The camera of a road.

    Parameters
    ----------
    mode : {'auto', 'on', 'off'}
    learns : bool
        The gate learns what is always there. It would take the first swing for somebody, so that
        `auto` finds the camera from the first picture on, until it has stood for `STILL_S`; and it
        knows what edges do that are a little off.
    """

    def __init__(self, mode: Mode, *, learns: bool = False) -> None:
        self.mode = mode
        self._learns = learns
        self._starts_on = mode == "on" or (mode == "auto" and learns)
        self.is_on = self._starts_on
        self._is_assumed = False
        """It is on, but nothing has shown yet that the camera moves."""
        self._epoch: Epoch | None = None
        self._hidden = Hidden(None)
        self._reset((0, 0), 0)

    def start(self, epoch: Epoch) -> None:
        """Begin on an epoch, or on another scene of the same one: then the camera goes on moving.

        Parameters
        ----------
        epoch : Epoch
        """
        was_on = self.is_on and not self._is_assumed and epoch == self._epoch
        self.is_on = self._starts_on or was_on
        self._is_assumed = self.mode == "auto" and self._learns and not was_on
        self._epoch, self._hidden = epoch, Hidden(epoch)
        self._reset(epoch.size, epoch.level)

    def _reset(self, size: tuple[int, int], level: int) -> None:
        self.way = STAYED
        self._size, self._level = size, level
        self._canvas = Canvas()
        self._watching = Watching()
        self._landmarks: Landmarks | None = None
        self._anchor: tuple[float, Landmarks] | None = None
        self._trust = np.ones(GRID[0] * GRID[1])
        self._chosen_s = self._answered_s = 0.0
        self._first: Landmarks | None = None
        self._agreed = 0
        """Looks in a row that say so."""
        self._stood: tuple[float, Way] | None = None
        self._began_s: float | None = None
        self._placed_s: float | None = None
        self._ways: list[Way] | None = None
        self.has_begun = False
        """It has just been switched on: what was compared before is in another place."""

    @property
    def shown(self) -> InPicture:
        """Moves what was found at the last frame to where it is seen."""
        return InPicture(self._size, self.way)

    @property
    def has_left(self) -> bool:
        """Whether the camera looks at another scene by now."""
        middle = self._size[0] / 2, self._size[1] / 2
        has_zoomed = float(np.hypot(self.way.c - 1, self.way.s)) > ZOOMED
        return has_zoomed or (
            float(np.hypot(*self.way.shift_at(*middle))) > FARTHEST * self._size[0]
        )

    @property
    def memory_is_endless(self) -> bool:
        """Whether what it does hangs on all that was before: where the scene was first seen."""
        return self.is_on or not self.way.is_none

    def step(self, frame: Frame, *, is_resting: bool = False) -> Frame:
        """A frame with the scene where it was first seen; the frame itself while nothing moved.

        Parameters
        ----------
        frame : Frame
        is_resting : bool
            Nothing is known that lies anywhere: the scene's own place may be chosen anew.
        """
        self.has_begun = False
        if self._began_s is None:
            self._began_s = frame.pts_s
        if is_resting:
            self._place_anew(frame)
        if self.is_on and not frame.is_flagged:
            self._follow(frame)
        self._hidden.note(frame.pts_s, self.way)
        if self.way.is_none:
            return frame
        return replace(frame, pixels=SteadiedPixels(frame.pixels, self.way, self._canvas))

    def judge(self, frame: Frame, motion: Motion) -> Motion:
        """What the gate saw at a steadied frame, without what only the camera did.

        Parameters
        ----------
        frame : Frame
        motion : Motion
            Before the rules of suppression; without regions.
        """
        if self.mode == "off" or motion.mask is None or motion.contrast is None:
            return motion
        motion = self._hidden.cut(motion, frame.pts_s)
        # What is compared with may still lie in another place.
        if self._placed_s is not None and frame.pts_s - motion.lag_s <= self._placed_s + 1e-6:
            return emptied(motion)
        assert motion.contrast is not None
        if self.is_on:
            return self._told(motion) if self._learns else self._judged(motion, motion.contrast)
        found = self._suspected(frame, motion, motion.contrast)
        if found is not None:
            return emptied(motion)
        return motion if self.way.is_none else self._told(motion)

    def confirmed(self, motion: Motion, gate: Motion) -> Motion:
        """What a front-end behind the gate saw; while the camera moves, as far as the gate saw
        something there, too: only it knows which edges are a little off."""
        return confirmed(motion, gate) if self.is_on else motion

    # -- while the camera moves -----------------------------------------------------------

    def _follow(self, frame: Frame) -> None:
        """Find out where the scene lies in a frame."""
        luma, now_s = frame.luma_at(self._level), frame.pts_s
        if self._landmarks is None:
            self._choose(luma, now_s, None)
            if self._is_assumed:
                self._rest(now_s)
            return
        guess = self.way.matrix(self._level)
        found = camera_way(self._landmarks, luma, guess)
        if self._is_assumed and not self._is_likely(found):
            self.way = STAYED
            self._rest(now_s)
            return
        if found is None:
            if now_s - self._answered_s > LOST_S:
                self._choose_in(luma, now_s)
            return
        self._learn(found, min(1.0, (now_s - self._answered_s) / TRUST_S))
        self._answered_s = now_s
        self.way = Way.of_matrix(found.matrix, self._level)
        if self._ways is not None and len(self._ways) < MOST_WAYS:
            self._ways.append(self.way)
        if now_s - self._chosen_s >= RENEWED_S:
            self._hold(luma, now_s)
            self._choose_in(luma, now_s)
        self._rest(now_s)

    def _is_likely(self, found: Found | None) -> bool:
        """Whether a movement of the camera that nobody has suspected is one."""
        if found is None or not self._is_camera(found):
            self._agreed = 0
            return False
        self._agreed += 1
        self._is_assumed = self._agreed < ENOUGH
        return True

    def _is_camera(self, found: Found) -> bool:
        """Whether something moved that is no river and no lorry."""
        moved = Way.of_matrix(found.matrix, self._level).farthest_px(self._size)
        is_all = (
            found.quarters >= max(2, min(QUARTERS, self._hidden.quarters)) and not found.against
        )
        return is_all and moved >= SWAY_PX * (1 << self._level)

    def _learn(self, found: Found, share: float) -> None:
        """How often each point goes with the camera: who passes is soon not asked."""
        assert self._landmarks is not None
        cells = self._landmarks.cells
        self._trust[cells] += share * (found.goes - self._trust[cells])

    def _hold(self, luma: NDArray[np.uint8], now_s: float) -> None:
        """Put the scene to where its first points say that it lies, if they are found."""
        if self._anchor is None:
            return
        held_s, anchor = self._anchor
        found = camera_way(anchor, luma, self.way.matrix(self._level))
        if found is None:
            if now_s - held_s > HELD_S:
                self._anchor = None
            return
        self._anchor = now_s, anchor
        own, held = self.way, Way.of_matrix(found.matrix, self._level)
        if own.apart_px(held, self._size) > SWAY_PX * (1 << self._level):
            # It was lost in between: what is compared with lies beside it.
            self.way, self._placed_s = held, now_s
        else:
            self.way = own.towards(held, HELD)

    def _choose_in(self, luma: NDArray[np.uint8], now_s: float) -> None:
        """Choose points anew, in a picture of which the way is known."""
        seen = self._canvas.painted(self._level, luma, self.way)
        shape = (luma.shape[0], luma.shape[1])
        self._choose(seen, now_s, covered(self.way, shape, self._level))

    def _choose(
        self, seen: NDArray[np.uint8], now_s: float, inside: NDArray[np.uint8] | None
    ) -> None:
        """Points of the scene to follow; the old ones stay where there are no others."""
        self._chosen_s = self._answered_s = now_s
        found = landmarks_in(seen, self._hidden.seen(self.way, inside), self._trust)
        if found is not None:
            self._landmarks = found
            self._anchor = self._anchor or (now_s, found)
            if inside is None:
                self._canvas.lay(self._level, seen)

    def _rest(self, now_s: float) -> None:
        """Leave off where the camera has stood for long enough."""
        px = float(1 << self._level)
        if self._stood is None or self.way.apart_px(self._stood[1], self._size) > MOVED_PX * px:
            self._stood = now_s, self.way
        if self.mode == "auto" and now_s - self._stood[0] >= STILL_S:
            self.is_on, self._stood = False, None
            if self.way.farthest_px(self._size) < MOVED_PX * px:
                self.way = STAYED

    def _place_anew(self, frame: Frame) -> None:
        """Where nobody is about, put the scene to where the camera looks, rather than where it was
        when it was first found to move."""
        own, ways = self.way, self._ways
        if own.is_none or (self.is_on and (ways is None or len(ways) < MOST_WAYS)):
            return
        if self.is_on and ways is not None:
            # A camera that has shaken from the start: the middle of its swing.
            across = round(sum(way.dx for way in ways) / len(ways))
            down = round(sum(way.dy for way in ways) / len(ways))
            self.way = Way(own.dx - across, own.dy - down, own.c, own.s)
            self._ways, self._canvas, self._anchor = None, Canvas(), None
            self._choose_in(frame.luma_at(self._level), frame.pts_s)
        elif own.farthest_px(self._size) < RETURNED * self._size[0]:
            self.way = STAYED
        else:
            return
        self._placed_s = frame.pts_s

    def _judged(self, motion: Motion, contrast: Contrast) -> Motion:
        """The mask without edges that are only a little off."""
        kernel = np.ones((3, 3), np.uint8)
        steps = cv2.subtract(cv2.dilate(contrast.now, kernel), cv2.erode(contrast.now, kernel))
        slack = cv2.convertScaleAbs(steps, alpha=BLUR)
        strength = np.asarray(cv2.subtract(contrast.strength, slack), np.uint8)
        still = cv2.threshold(strength, contrast.unit, 255, cv2.THRESH_BINARY)[1]
        assert motion.mask is not None
        mask = np.asarray(cv2.bitwise_and(motion.mask, cv2.medianBlur(still, 3)), np.uint8)
        mask.flags.writeable = False
        return self._told(replace(motion, mask=mask, contrast=replace(contrast, strength=strength)))

    def _told(self, motion: Motion) -> Motion:
        """The motion, and by how much the picture was moved back."""
        farthest_px = self.way.farthest_px(self._size)
        if self._learns and motion.mask is not None and not self.way.is_none:
            # Who was there when the camera turned away would stay in what is compared.
            shape = (motion.mask.shape[0], motion.mask.shape[1])
            inside = covered(self.way, shape, motion.level)
            mask = np.asarray(cv2.bitwise_and(motion.mask, inside), np.uint8)
            mask.flags.writeable = False
            motion = replace(motion, mask=mask)
        return replace(motion, reasons=replace(motion.reasons, camera_px=farthest_px))

    # -- while it stands ------------------------------------------------------------------

    def _suspected(self, frame: Frame, motion: Motion, contrast: Contrast) -> Found | None:
        """How the camera moved, where it did; the second time in a row it is switched on."""
        assert motion.mask is not None
        # Pictures a second apart differ all over, in grass and light, without any shake.
        if motion.lag_s > LONGEST_LAG_S:
            return None
        assert self._began_s is not None
        is_beginning = frame.pts_s - self._began_s < EARLY_S
        if not self._watching.wants_look(motion.mask, frame.pts_s, is_beginning=is_beginning):
            return None
        landmarks = landmarks_in(contrast.then, self._hidden.seen(STAYED, None))
        found = None if landmarks is None else camera_way(landmarks, contrast.now)
        if found is not None and not self._is_camera(found):
            found = None
        is_sure = self._watching.note(found is not None)
        if not self._watching.is_alert and not is_sure:
            self._first = None
        if found is None or landmarks is None:
            return None
        if not is_sure or self._first is None:
            self._first = self._first or landmarks
        else:
            # Where it stood before it moved is where zones were drawn.
            since_first = camera_way(self._first, contrast.now)
            if since_first is None:
                self._switch_on(frame, landmarks, found)
            else:
                self._switch_on(frame, self._first, since_first)
        return found

    def _switch_on(self, frame: Frame, landmarks: Landmarks, found: Found) -> None:
        self.is_on, self.has_begun, self._placed_s = True, True, frame.pts_s
        self._is_assumed = False
        assert self._began_s is not None
        if frame.pts_s - self._began_s < EARLY_S:
            self._ways = []
        self._landmarks, self._first, self._stood = landmarks, None, None
        self._anchor = frame.pts_s, landmarks
        self._chosen_s = self._answered_s = frame.pts_s
        # A camera that stood after it had turned: its pictures have been moved back since.
        stood = np.vstack([self.way.matrix(self._level), [0, 0, 1]])
        both = stood @ np.vstack([found.matrix, [0, 0, 1]])
        self.way = Way.of_matrix(both[:2], self._level)
        self._canvas.lay(self._level, landmarks.picture)
