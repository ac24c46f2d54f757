"""Fakes for tests of whatever drives or follows the road: real values, scripted.

Frames from arrays and from a small rendered stage, a source that gives what it is told, an
analysis and a sink that take notes, a clock that is turned by hand. They keep the promises of
`motionapp.core.seams`; nothing in the program uses them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.event import EndedBy
from motionapp.core.frame import Epoch, Frame
from motionapp.core.moment import Moment
from motionapp.core.motion import Contrast
from motionapp.core.seams import Damage, SourceInfo
from motionapp.regions import find_regions
from motionapp.settings import AnalysisSettings
from motionapp.settings.frontends import AbsdiffSettings
from motionapp.suppression.rule import Evidence

SIZE = (64, 48)
STEP_S = 0.04
EPOCH = Epoch(number=0, size=SIZE, time_base=Fraction(1, 1000))


class GreyPixels:
    """A flat picture of `SIZE`."""

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """All of one grey, halved `level` times."""
        return np.full((SIZE[1] >> level, SIZE[0] >> level), 90, np.uint8)

    def bgr(self) -> NDArray[np.uint8]:
        """The same grey in colour."""
        return np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)


def frame_at(index: int, *, epoch: Epoch = EPOCH) -> Frame:
    """Frame `index` of a recording with 25 grey frames per second."""
    return Frame(
        index=index,
        pts=round(index * STEP_S * 1000),
        pts_s=index * STEP_S,
        duration_s=STEP_S,
        epoch=epoch,
        pixels=GreyPixels(),
    )


def evidence_of(
    mask: NDArray[np.uint8],
    pts_s: float,
    *,
    contrast: Contrast | None = None,
    settings: AbsdiffSettings = AbsdiffSettings(),  # noqa: B008  # frozen
) -> Evidence:
    """A mask at full size as suppression is given it: with its regions, nothing left out.

    Parameters
    ----------
    mask : ndarray of uint8, shape (h, w)
        0 or 255.
    pts_s : float
        Time of the frame.
    contrast : Contrast, optional
        The pictures behind it; else something bright has come where it moves.
    settings : AbsdiffSettings
        What counts as a region.
    """
    if contrast is None:
        contrast = Contrast(np.zeros_like(mask), mask, mask, unit=64.0)
    regions = find_regions(
        mask,
        contrast.strength,
        unit=contrast.unit,
        level=0,
        min_area=settings.min_area,
        merge_gap=settings.merge_gap,
    ).regions
    return Evidence(pts_s, 0, mask, regions, regions, contrast)


class GreyscalePixels:
    """A picture of uint8 luma, shape (h, w), that is not to be changed afterwards."""

    def __init__(self, luma: NDArray[np.uint8]) -> None:
        luma.flags.writeable = False
        self._lumas = {0: luma}

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """The picture halved `level` times; an odd last row or column is left out."""
        if level not in self._lumas:
            finer = self.luma_at(level - 1)
            height, width = (side // 2 for side in finer.shape)
            halved = np.asarray(
                cv2.resize(
                    finer[: 2 * height, : 2 * width],
                    (width, height),
                    interpolation=cv2.INTER_AREA,
                ),
                np.uint8,
            )
            halved.flags.writeable = False
            self._lumas[level] = halved
        return self._lumas[level]

    def bgr(self) -> NDArray[np.uint8]:
        """The same grey in colour."""
        colour = np.repeat(self._lumas[0][..., None], 3, axis=2)
        colour.flags.writeable = False
        return colour


def frames_from(
    pictures: Iterable[NDArray[np.uint8]],
    *,
    rate_hz: float = 25.0,
    start_s: float = 0.0,
    times_s: Iterable[float] | None = None,
    epoch: Epoch | None = None,
    flagged: Collection[int] = (),
) -> Iterator[Frame]:
    """Frames of given pictures.

    Parameters
    ----------
    pictures : iterable of ndarray of uint8, shape (h, w)
    rate_hz : float
        Frames per second.
    start_s : float
        Time of the first frame.
    times_s : iterable of float, optional
        Times of the frames, for uneven ones; `rate_hz` is then only their nominal duration.
    epoch : Epoch, optional
        Of all frames; if there is none, one of the first picture's size.
    flagged : collection of int
        Indexes of the frames that the decoder calls damaged.
    """
    times = None if times_s is None else iter(times_s)
    for index, picture in enumerate(pictures):
        if epoch is None:
            height, width = picture.shape
            epoch = Epoch(0, (width, height), Fraction(1, 1000), origin_s=start_s)
        pts_s = start_s + index / rate_hz if times is None else next(times)
        yield Frame(
            index=index,
            pts=round(pts_s * 1000),
            pts_s=pts_s,
            duration_s=1 / rate_hz,
            epoch=epoch,
            pixels=GreyscalePixels(picture),
            is_flagged=index in flagged,
        )


@dataclass(frozen=True, slots=True)
class Mover:
    """A textured rectangle and where its upper left corner is at a time; None is nowhere."""

    path: Callable[[float], tuple[float, float] | None]
    size: tuple[int, int] = (24, 40)
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Stage:
    """A textured wall before which rectangles move: a picture is a function of its time alone.

    `sigma` is the sensor's noise in grey levels; `light` gives gain and offset at a time.
    """

    movers: tuple[Mover, ...] = ()
    size: tuple[int, int] = (320, 180)
    sigma: float = 2.0
    seed: int = 0
    light: Callable[[float], tuple[float, float]] = lambda t_s: (1.0, 0.0)

    def picture(self, t_s: float) -> NDArray[np.uint8]:
        """Luma at `t_s`: uint8 of shape (h, w); the same time gives the same noise."""
        canvas = _texture(self.size, self.seed)
        for mover in self.movers:
            corner = mover.path(t_s)
            if corner is not None:
                _lay(canvas, _texture(mover.size, mover.seed, contrast=60.0), corner)
        gain, offset = self.light(t_s)
        noise = np.random.default_rng((self.seed, round(t_s * 1000)))
        canvas = canvas * np.float32(gain) + np.float32(offset)
        if self.sigma:
            canvas += self.sigma * noise.standard_normal(canvas.shape, np.float32)
        return np.asarray(np.clip(np.rint(canvas), 0, 255), np.uint8)

    def frames(
        self, duration_s: float, *, rate_hz: float = 25.0, start_s: float = 0.0
    ) -> Iterator[Frame]:
        """What a camera sees of it, from `start_s` on."""
        count = round(duration_s * rate_hz)
        times = [start_s + index / rate_hz for index in range(count)]
        return frames_from(map(self.picture, times), rate_hz=rate_hz, start_s=start_s)


def _texture(size: tuple[int, int], seed: int, *, contrast: float = 30.0) -> NDArray[np.float32]:
    """Soft blotches round middle grey: float32 of shape (h, w)."""
    coarse = np.random.default_rng(seed).uniform(-1, 1, (size[1] // 8 + 2, size[0] // 8 + 2))
    fine = cv2.resize(coarse.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(115 + contrast * fine, np.float32)


def _lay(
    canvas: NDArray[np.float32], patch: NDArray[np.float32], corner: tuple[float, float]
) -> None:
    """Put a patch on the canvas at whole pixels, as far as it lies inside."""
    x, y = round(corner[0]), round(corner[1])
    (height, width), (h, w) = canvas.shape, patch.shape
    x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, width), min(y + h, height)
    if x0 < x1 and y0 < y1:
        canvas[y0:y1, x0:x1] = patch[y0 - y : y1 - y, x0 - x : x1 - x]


class ScriptedSource:
    """Gives grey frames, then ends or fails.

    Parameters
    ----------
    count : int or None
        So many frames; None gives them for ever.
    is_live : bool
    error : Exception or None
        Raised after the last frame.
    before : callable
        Called with the index before each frame: the place to wait for an event of the test.
    """

    def __init__(
        self,
        count: int | None = 5,
        *,
        is_live: bool = False,
        error: Exception | None = None,
        before: Callable[[int], object] = lambda index: None,
    ) -> None:
        duration_s = None if count is None or is_live else count * STEP_S
        self.info = SourceInfo("scripted", SIZE, 1 / STEP_S, duration_s, is_live=is_live)
        self.damage = Damage()
        self.is_damaged = False
        self.times_closed = 0
        self.is_stopped = False
        self._count = count
        self._error = error
        self._before = before

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        """The frames from `start_s` on."""
        index = round(start_s / STEP_S)
        while self._count is None or index < self._count:
            self._before(index)
            yield frame_at(index)
            index += 1
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Notes it."""
        self.is_stopped = True

    def close(self) -> None:
        """Counts."""
        self.times_closed += 1


@dataclass
class ScriptedAnalysis:
    """Notes what it is asked; `during` is called in each step."""

    during: Callable[[Frame], object] = lambda frame: None
    steps: list[int] = field(default_factory=list)
    changes: list[tuple[AnalysisSettings, object]] = field(default_factory=list)
    ended_by: list[EndedBy] = field(default_factory=list)
    stage_s: dict[str, float] = field(default_factory=dict)

    def step(self, frame: Frame) -> Moment:
        """A moment in which nothing moves."""
        self.during(frame)
        self.steps.append(frame.index)
        return Moment(source="scripted", frame=frame)

    def change(self, settings: AnalysisSettings, models: object) -> None:
        """Notes it."""
        self.changes.append((settings, models))

    def finish(self, ended_by: EndedBy = "end") -> Moment:
        """Notes it."""
        self.ended_by.append(ended_by)
        return Moment(source="scripted", frame=None)


@dataclass
class CollectingSink:
    """Keeps moments, and how it was ended; `during` is called with each moment."""

    moments: list[Moment] = field(default_factory=list)
    endings: list[str] = field(default_factory=list)
    during: Callable[[Moment], object] = lambda moment: None

    def accept(self, moment: Moment) -> None:
        """Keeps it."""
        self.during(moment)
        self.moments.append(moment)

    def close(self) -> None:
        """Notes it."""
        self.endings.append("closed")

    def abandon(self) -> None:
        """Notes it."""
        self.endings.append("abandoned")

    @property
    def indices(self) -> list[int]:
        """Of the frames that it was given moments of."""
        return [moment.frame.index for moment in self.moments if moment.frame is not None]


class HandClock:
    """Stands still until it is turned; waiting turns it."""

    def __init__(self) -> None:
        self.now_ns = 1_000_000_000
        self.waits_s: list[float | None] = []

    def __call__(self) -> int:
        return self.now_ns

    def turn(self, seconds: float) -> None:
        """Let time pass."""
        self.now_ns += round(seconds * 1e9)

    def wait(self, condition: threading.Condition, timeout_s: float | None) -> None:
        """In place of `threading.Condition.wait`: takes no time, but the clock's."""
        self.waits_s.append(timeout_s)
        self.turn(timeout_s or 0.0)
