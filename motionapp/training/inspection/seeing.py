"""Reads a recording once, for all that is asked about it; one that cannot be read says why."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.assembly import open_source
from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.recognition.dataset import Sample, content_digest
from motionapp.training.inspection.bars import inside
from motionapp.training.inspection.moving import MOST_S, SIDE_PX, STEPS_HZ, Movement, movement_of
from motionapp.training.inspection.views import View, view_of

MOST_VIEWED: Final = 20_000
"""Pictures that are kept for the still views of a recording, 256 bytes each: half an hour at ten a
second. Of a longer one every second is, then every fourth, and so on."""
FRAMING: Final = 16
"""The first pictures, by which bars round them are told; they take 2 MB."""
VIEW_PX: Final = 16
"""Side of a still view: a room is known by it, and what a person wears is not."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was seen of a recording."""

    failed: str = ""
    """Why it cannot be read, in words; empty where it can."""
    damage: str = ""
    """What of it cannot be read, in words; empty where all can."""
    digest: str = ""
    """Of its content, as hex; empty where that cannot be told."""
    size: tuple[int, int] = (0, 0)
    """Width and height of its first picture on the display, in pixels."""
    rate_hz: float = 0.0
    """Pictures a second, measured; 0 where there is one only."""
    frames: int = 0
    length_s: float = 0.0
    movement: Movement | None = None
    """None where it cannot be read."""
    views: tuple[View | None, ...] = ()
    """Of each of its samples; None where that has no picture."""


def see(samples: Sequence[Sample]) -> Seen:
    """Read the recording of which all `samples` are, to its end."""
    first = samples[0]
    # As an absolute path no name in a data set is taken for a camera or a stream.
    path = first.recording
    try:
        digest = content_digest(first.path) if os.path.isfile(path) or os.path.isdir(path) else ""
        source = open_source(path, decode_threads=1)
    except OSError as error:  # a SourceError, too
        return Seen(failed=_told(error, first))
    eye = _Eye()
    try:
        for frame in source.frames():
            eye.step(frame)
        damage = source.damage
    except SourceError as error:
        return Seen(failed=_told(error, first), digest=digest)
    finally:
        source.close()
    if not eye.frames:
        return Seen(failed=f"{first.name} holds no picture that can be read", digest=digest)
    said = damage.sentence(first.name) if damage.is_partial else ""
    return eye.seen(samples, digest=digest, damage=_without_path(said, first))


def _told(error: OSError, sample: Sample) -> str:
    return _without_path(str(error), sample)


def _without_path(text: str, sample: Sample) -> str:
    """The place of a data set is nobody's business who is shown the findings."""
    for path in (sample.recording, str(sample.path)):
        text = text.replace(path, sample.name)
    return text


class Moments:
    """Pictures at a steady rate, each the mean over its time of what was shown then: so they do not
    depend on the rate of the recording, nor on which of its pictures lie where."""

    def __init__(self) -> None:
        self._shown: NDArray[np.float32] | None = None
        self._since_s = 0.0
        self._sum: NDArray[np.float32] = np.zeros((SIDE_PX, SIDE_PX), np.float32)
        self._done: list[NDArray[np.float32]] = []

    def step(self, picture: NDArray[np.float32], pts_s: float) -> None:
        """From `pts_s` on, `picture` is shown."""
        self._show_until(pts_s)
        self._shown, self._since_s = picture, max(pts_s, self._since_s)

    def until(self, end_s: float) -> NDArray[np.float32]:
        """All pictures up to an end, shape (moments, SIDE_PX, SIDE_PX); one at least."""
        self._show_until(end_s)
        assert self._shown is not None
        return np.stack(self._done) if self._done else self._shown[None]

    def _show_until(self, pts_s: float) -> None:
        """Let what is shown last; before the first picture nothing is, which counts as it."""
        if self._shown is None:
            return
        while self._since_s < pts_s:
            end_s = (len(self._done) + 1) / STEPS_HZ
            lasts_s = min(end_s, pts_s) - self._since_s
            self._sum += self._shown * np.float32(lasts_s * STEPS_HZ)
            self._since_s = min(end_s, pts_s)
            if self._since_s >= end_s:
                self._done.append(self._sum)
                self._sum = np.zeros_like(self._sum)


@dataclass(slots=True, eq=False)
class _Eye:
    """Sees the frames of a recording, one after the other."""

    frames: int = 0
    size: tuple[int, int] = (0, 0)
    first_s: float = 0.0
    last_s: float = 0.0
    end_s: float = 0.0
    every: int = 1
    """Of so many pictures, one is kept for the views."""
    kept: list[NDArray[np.uint8]] = field(default_factory=list)
    times_s: list[float] = field(default_factory=list)
    moments: Moments = field(default_factory=Moments)
    waiting: list[tuple[NDArray[np.uint8], float]] = field(default_factory=list)
    """The first pictures, until bars round them can be told, and their times."""
    part: tuple[slice, slice] | None = None
    """Of a picture, what is no bar: a copy may have some that a player put round it. None until it
    is known; the still views keep bars, since these tell a recording from others."""

    shape: tuple[int, ...] = ()
    """Of the pictures of which `part` is."""

    def step(self, frame: Frame) -> None:
        """See one frame."""
        luma = frame.luma_at(frame.epoch.level)
        if not self.frames:
            self.size, self.first_s = frame.epoch.size, frame.pts_s
        small = cv2.resize(luma, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        if frame.pts_s < MOST_S:
            self._move(luma, frame.pts_s)
        if self.frames % self.every == 0:
            self._keep(np.asarray(small), frame.pts_s)
        self.frames += 1
        self.last_s, self.end_s = frame.pts_s, frame.pts_s + frame.duration_s

    def _move(self, luma: NDArray[np.uint8], pts_s: float) -> None:
        """See what moves, once it is known where the picture ends."""
        if self.part is None:
            self.waiting.append((luma.copy(), pts_s))
            if len(self.waiting) == FRAMING:
                self._frame()
            return
        # A size that changes has other bars: all of it is looked at.
        shown = luma[self.part] if luma.shape == self.shape else luma
        small = cv2.resize(shown, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
        self.moments.step(small.astype(np.float32), pts_s)

    def _frame(self) -> None:
        """Find bars, and see what has waited for it."""
        self.shape = self.waiting[0][0].shape
        self.part = inside([luma for luma, _ in self.waiting if luma.shape == self.shape])
        waited, self.waiting = self.waiting, []
        for luma, pts_s in waited:
            self._move(luma, pts_s)

    def _keep(self, small: NDArray[np.uint8], pts_s: float) -> None:
        times = SIDE_PX // VIEW_PX
        view = small.reshape(VIEW_PX, times, VIEW_PX, times).mean((1, 3))
        self.kept.append(np.rint(view).astype(np.uint8))
        self.times_s.append(pts_s)
        if len(self.kept) > MOST_VIEWED:
            del self.kept[1::2], self.times_s[1::2]
            self.every *= 2

    def seen(self, samples: Sequence[Sample], *, digest: str, damage: str) -> Seen:
        """All of it."""
        if self.part is None:
            self._frame()
        went_s = self.last_s - self.first_s
        times_s, pictures = np.array(self.times_s), np.stack(self.kept)
        return Seen(
            damage=damage,
            digest=digest,
            size=self.size,
            rate_hz=(self.frames - 1) / went_s if went_s > 0 else 0.0,
            frames=self.frames,
            length_s=self.end_s,
            movement=movement_of(self.moments.until(min(self.end_s, MOST_S))),
            views=tuple(view_of(pictures, times_s, sample.stretch) for sample in samples),
        )
