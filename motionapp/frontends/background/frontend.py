"""The front-end `background`: what is not there when nobody is.

A pixel is foreground where it has none of the colours that the empty picture has shown there. So
who stops stays found, and bodies are whole. The regions of the mask are left open, since some of
it may be nobody (`motionapp.gate`); it sees every picture, and its memory has no end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Contrast, Motion, Reasons, priming
from motionapp.core.pace import Pace
from motionapp.core.representation import Mirror, Representation
from motionapp.core.seams import FrontEnd
from motionapp.frontends.background.maps import BackgroundMaps
from motionapp.frontends.background.model import EmptyPicture
from motionapp.frontends.background.planes import grey_of, planes_of
from motionapp.frontends.background.shadow import closed, majority, without_shadow
from motionapp.frontends.zone_mask import ZoneMask
from motionapp.settings.frontends import BackgroundSettings
from motionapp.settings.zones import ZoneSettings

GAP_S = 30.0
"""After a gap so long, if pictures come more often, it begins anew: light and things have moved."""

CLOSES = 1 / 36
"""Gaps in a body up to this share of the picture's height are closed: there it looks like what is
behind it."""


class Background:
    """A model of the empty picture that follows it by seconds, at analysis scale."""

    name: ClassVar[str] = "background"
    about: ClassVar[str] = "what is not there when nobody is: who stands still stays found"
    planes: ClassVar[int] = 1
    mirror: ClassVar[Mirror] = "flip"

    def __init__(self, settings: BackgroundSettings, zones: Sequence[ZoneSettings] = ()) -> None:
        self.settings = settings
        self.zones = zones

    def start(self, epoch: Epoch) -> BackgroundSession:
        """Begin on `epoch`: its first picture is taken to be empty."""
        return BackgroundSession(self.settings, epoch, self.zones)

    def maps(self, epoch: Epoch, representation: Representation) -> BackgroundMaps:
        """Maps are differences from a picture of long ago."""
        return BackgroundMaps(epoch, representation)


class BackgroundSession:
    """The model at work on one epoch."""

    forget_s: ClassVar[float] = math.inf
    lead_in_s: ClassVar[float] = math.inf

    def __init__(
        self,
        settings: BackgroundSettings,
        epoch: Epoch,
        zones: Sequence[ZoneSettings] = (),
    ) -> None:
        self._settings = settings
        self._level = epoch.level
        self._watched = ZoneMask(zones, epoch.size, self._level)
        self._pace = Pace()
        self._model: EmptyPicture | None = None
        self._before_s: float | None = None
        self._people: tuple[Box, ...] = ()

    def retune(self, frontend: FrontEnd) -> None:
        """Take over thresholds and times; what has been learnt stays."""
        assert isinstance(frontend, Background)
        self._settings = frontend.settings

    def heed(self, people: Sequence[Box]) -> None:
        """These are people, who never become a part of the empty picture."""
        self._people = tuple(people)

    def pass_by(self, frame: Frame) -> None:
        """Nothing is learnt of a frame that nobody looks at, unless it is the first."""
        # The first look would have no empty picture to differ from.
        if self._model is None:
            self.step(frame)
            return
        self._pace.step(frame.pts_s, frame.duration_s)
        self._before_s = frame.pts_s

    def step(self, frame: Frame) -> Motion:
        """What differs from the empty picture."""
        planes = planes_of(frame, self._level)
        step_s = self._pace.step(frame.pts_s, frame.duration_s)
        before_s, self._before_s = self._before_s, frame.pts_s
        if (
            self._model is None
            or before_s is None
            or frame.pts_s - before_s > max(GAP_S, 3 * step_s)
        ):
            self._model = EmptyPicture(planes, frame.pts_s)
            return priming(Background.name, self._level)
        return self._judged(self._model, planes, frame.pts_s, frame.pts_s - before_s)

    def _judged(
        self, model: EmptyPicture, planes: NDArray[np.uint8], pts_s: float, lag_s: float
    ) -> Motion:
        settings = self._settings
        threshold = settings.floor_levels / settings.sensitivity
        seen = model.compare(planes, self._watched, threshold, settings.light_share, pts_s)
        mask = majority(seen.mask)
        mask = closed(mask, 2 * max(1, round(CLOSES * len(mask) / 2)) + 1)
        if settings.ignore_shadows:
            mask = without_shadow(mask, planes, model.empty)
        model.learn(planes, seen, mask, self._boxes(), settings, pts_s)
        mask, outside_px = self._watched.cut(mask)
        mask.flags.writeable = False
        # Light that changes everywhere does so outside of the zones, too: it comes first.
        declined = "light" if seen.is_light else ("zone" if outside_px else "")
        return Motion(
            frontend=Background.name,
            level=self._level,
            mask=mask,
            contrast=Contrast(grey_of(model.empty), grey_of(planes), seen.distance, threshold),
            lag_s=lag_s,
            reasons=Reasons(
                threshold=threshold,
                share=seen.share,
                strongest=cv2.minMaxLoc(seen.distance)[1],
                outside=outside_px / mask.size,
                declined=declined,
            ),
        )

    def _boxes(self) -> list[tuple[slice, slice]]:
        """Where people are, in rows and columns of the mask."""
        boxes = []
        for box in self._people:
            x0, y0, x1, y1 = (max(0, edge >> self._level) for edge in box)
            boxes.append((slice(y0, y1 + 1), slice(x0, x1 + 1)))
        return boxes
