"""The vectors of an encoder as a flow: found when the recording was made, read for nearly nothing.

An encoder wants few bits and not the truth: on flat walls, and where nothing differs, its vectors
lead anywhere. So what counts lies near where the picture really changed, as with flow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame, level_for
from motionapp.core.motion import Map, Motion, priming
from motionapp.core.representation import Mirror, Representation
from motionapp.core.seams import FrontEnd
from motionapp.core.window import LagWindow
from motionapp.frontends.codec.blocks import NewestField
from motionapp.frontends.flow.camera import camera_motion, without_camera
from motionapp.frontends.flow.field import FieldMotion
from motionapp.frontends.flow.frontend import changed
from motionapp.frontends.kept import KeptLuma
from motionapp.settings.frontends import CodecSettings
from motionapp.settings.zones import ZoneSettings

WIDTH_PX: Final = 240
"""Pictures are halved until they are at most so wide: a pixel is then half a block to a whole one,
and nothing finer is told."""


LEAST_GOING: Final = 0.5
"""Share of the picture: of a camera that moves, the encoder says so nearly everywhere."""

NEAR: Final = np.ones((5, 5), np.uint8)
"""Inside of something plain nothing differs, though it moves with its edges; in flow's pictures,
which are twice as large, it is seven."""


class Codec:
    """Vectors of the encoder, averaged over a lag, in full-frame pixels per second."""

    name: ClassVar[str] = "codec"
    about: ClassVar[str] = "which way it goes, as the recording itself tells (H.264, MPEG-4)"
    planes: ClassVar[int] = 2
    mirror: ClassVar[Mirror] = "flip-negate-x"
    needs_vectors: ClassVar[bool] = True

    def __init__(self, settings: CodecSettings, zones: Sequence[ZoneSettings] = ()) -> None:
        self.settings = settings
        self.zones = zones

    def start(self, epoch: Epoch) -> CodecSession:
        """Begin on `epoch`."""
        return CodecSession(self.settings, epoch, self.zones)

    def maps(self, epoch: Epoch, representation: Representation) -> CodecMaps:
        """Maps go by the network's representation alone, and no setting."""
        return CodecMaps(epoch, representation)


class FieldWindow:
    """The velocities of the pixels of a picture, where it changed within a lag.

    Parameters
    ----------
    epoch : Epoch
    level : int
        How often its pictures are halved.
    lag_s : float
    """

    def __init__(self, epoch: Epoch, level: int, lag_s: float) -> None:
        self._level = level
        self._said = NewestField(epoch.size, level, lag_s)
        # The gate's pictures are there already, and are halved again.
        self._seen_level = min(level, epoch.level)
        self._pictures: LagWindow[KeptLuma] = LagWindow(lag_s)

    def pass_by(self, frame: Frame) -> None:
        """Keep of a frame that nobody looks at what later ones need."""
        self._said.pass_by(frame)
        self._pictures.step(frame.pts_s, frame.duration_s, KeptLuma(frame, self._seen_level))

    def step(self, frame: Frame) -> tuple[NDArray[np.float32], float] | None:
        """The field and the seconds between the compared pictures; None while priming.

        Parameters
        ----------
        frame : Frame

        Returns
        -------
        (ndarray of float32, shape (h, w, 2), float) or None
            Full-frame pixels per second without what the camera did, 0 where nothing changed; a new
            array.
        """
        kept = KeptLuma(frame, self._seen_level)
        said = self._said.step(frame)
        compared = self._pictures.step(frame.pts_s, frame.duration_s, kept)
        if compared is None:
            return None
        times = self._level - self._seen_level
        then, now = _halved(compared.item.luma, times), _halved(kept.luma, times)
        if said is None:
            return np.zeros((*now.shape, 2), np.float32), compared.lag_s
        differs = changed(then, now)
        near = np.asarray(cv2.dilate(differs, NEAR), np.uint8)
        to_px = np.float32(compared.lag_s / (1 << self._level))
        if np.count_nonzero(said[..., 0]) >= LEAST_GOING * now.size:
            camera = camera_motion(said * to_px, then, differs)
            if camera is not None:
                said = without_camera(said, camera / to_px)
        return np.asarray(cv2.copyTo(said, near), np.float32), compared.lag_s


def _halved(luma: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    for _ in range(times):
        height, width = (max(1, side // 2) for side in luma.shape)
        even = luma[: 2 * height, : 2 * width]
        luma = np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return luma


class CodecSession:
    """An encoder's vectors at work on one epoch."""

    def __init__(
        self,
        settings: CodecSettings,
        epoch: Epoch,
        zones: Sequence[ZoneSettings] = (),
    ) -> None:
        self._epoch, self._zones = epoch, zones
        self._level = level_for(epoch.size[0], WIDTH_PX)
        self._begin(settings)

    def _begin(self, settings: CodecSettings) -> None:
        """Nothing is remembered of another lag."""
        self._settings = settings
        self._field = FieldWindow(self._epoch, self._level, settings.lag_s)
        self._judged = FieldMotion(Codec.name, self._epoch.size, self._level, self._zones)

    @property
    def forget_s(self) -> float:
        """Nothing but the pictures of a lag is remembered of what is judged by."""
        return 3 * self._settings.lag_s

    @property
    def lead_in_s(self) -> float:
        """Once there is a picture to compare with, it judges as if it had always run."""
        return 3 * self._settings.lag_s

    def retune(self, frontend: FrontEnd) -> None:
        """Take over thresholds; another lag begins a new window."""
        assert isinstance(frontend, Codec)
        if frontend.settings.lag_s != self._settings.lag_s:
            self._begin(frontend.settings)
        self._settings = frontend.settings

    def pass_by(self, frame: Frame) -> None:
        """Keep a picture that nobody looks at: a later one is compared with it."""
        self._field.pass_by(frame)

    def step(self, frame: Frame) -> Motion:
        """Where what is seen now has come from within the last lag."""
        seen = self._field.step(frame)
        if seen is None:
            return priming(Codec.name, self._level)
        field, lag_s = seen
        return self._judged.step(field, _moving, self._settings, pts_s=frame.pts_s, lag_s=lag_s)


def _moving(speed: NDArray[np.float32], threshold: float) -> NDArray[np.uint8]:
    """What is fast enough: where nothing differs, the field is 0 already."""
    return np.where(speed > threshold, 255, 0).astype(np.uint8)


class CodecMaps:
    """The field at the scale and lag of a representation.

    Parameters
    ----------
    epoch : Epoch
    representation : Representation
    """

    def __init__(self, epoch: Epoch, representation: Representation) -> None:
        level = representation.level(epoch.size)
        self._field = FieldWindow(epoch, level, representation.lag_s)

    def step(self, frame: Frame, motion: Motion, *, is_wanted: bool = True) -> Map | None:
        """Full-frame pixels per second, shape (h, w, 2), x to the right, y down."""
        if not is_wanted:
            self._field.pass_by(frame)
            return None
        seen = self._field.step(frame)
        if seen is None:
            return None
        field = seen[0]
        field.flags.writeable = False
        return field
