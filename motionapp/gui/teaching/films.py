"""Takes as films: cut out of a recording, and looked through as small pictures. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.assembly import open_source
from motionapp.core.cover import NO_COVER, Cover
from motionapp.core.errors import OutputError, SourceError
from motionapp.core.frame import Frame
from motionapp.gui.jobs import Ticket
from motionapp.privacy import CoveredSource
from motionapp.sinks.film import Film

LEAST_S: Final = 1.1
"""A clip of the usual length takes 0.96 s, and the lag before its first map 0.08 s."""
MOST_S: Final = 30.0
"""What lasts longer is many performances, which would all be held out together."""
PREVIEW_PX: Final = 160
"""Width of the pictures of a preview."""
PREVIEW_HZ: Final = 12.5
MOST_PREVIEW_S: Final = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """A take as small pictures."""

    seconds: float
    pictures: tuple[NDArray[np.uint8], ...]
    """Shape (h, w, 3), blue first, `PREVIEW_HZ` of them a second."""

    @property
    def middle(self) -> NDArray[np.uint8]:
        """The picture that stands for it."""
        return self.pictures[len(self.pictures) // 2]


def preview_of(path: Path) -> Preview:
    """Look through a take.

    Raises
    ------
    SourceError
        It cannot be read, or holds no picture.
    """
    source = open_source(str(path), decode_threads=1)
    pictures: list[NDArray[np.uint8]] = []
    seconds = 0.0
    try:
        for frame in source.frames():
            seconds = frame.pts_s + frame.duration_s
            is_due = frame.pts_s + 1e-3 >= len(pictures) / PREVIEW_HZ
            if is_due and frame.pts_s < MOST_PREVIEW_S:
                pictures.append(_small(frame.bgr()))
    finally:
        source.close()
    if not pictures:
        raise SourceError(f"{path} holds no picture")
    return Preview(seconds, tuple(pictures))


def seconds_of(path: Path) -> float:
    """How long a take is, which its file tells at once as a rule.

    Raises
    ------
    SourceError
        It cannot be read, or holds no picture.
    """
    source = open_source(str(path), decode_threads=1)
    duration_s = source.info.duration_s
    source.close()
    return preview_of(path).seconds if duration_s is None else duration_s


def cut_take(
    spec: str,
    start_s: float,
    end_s: float,
    folder: Path,
    ticket: Ticket,
    *,
    cover: Cover = NO_COVER,
) -> Path | None:
    """Write a stretch of a recording as a film.

    Parameters
    ----------
    spec : str
        As `open_source` understands it.
    start_s, end_s : float
        Where it begins and ends, at least `LEAST_S` apart.
    folder : Path
    ticket : Ticket
    cover : Cover
        What no picture may show.

    Returns
    -------
    Path or None
        The film; None where it was not wanted any longer.

    Raises
    ------
    SourceError
        The recording cannot be read, or ends before the stretch.
    OutputError
        The film cannot be written.
    """
    film = Film(folder, f"cut-{uuid4().hex}")  # several may be cut at once
    source = CoveredSource(open_source(spec, decode_threads=1), cover)
    is_whole, trouble = False, ""
    try:
        for frame in _within(source.frames(start_s=max(0.0, start_s)), start_s, end_s):
            trouble = film.write(frame.bgr(), frame.pts_s, frame.duration_s)
            if trouble or not ticket.is_wanted:
                break
        else:
            is_whole = True
    finally:
        source.close()
        trouble = trouble or film.finish()[1]
        if film.written and (trouble or not is_whole):  # what there is of it is no take
            Path(film.written).unlink(missing_ok=True)
    if trouble:
        raise OutputError(trouble)
    if not ticket.is_wanted:
        return None
    if not film.written:
        raise SourceError(f"{spec} has no pictures from {start_s:.1f} s to {end_s:.1f} s")
    return Path(film.written)


def _within(frames: Iterator[Frame], start_s: float, end_s: float) -> Iterator[Frame]:
    for frame in frames:
        if frame.pts_s >= end_s:
            return
        if frame.pts_s >= start_s - frame.duration_s:
            yield frame


def _small(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    h, w = bgr.shape[:2]
    size = PREVIEW_PX, max(1, round(h * PREVIEW_PX / w))
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
