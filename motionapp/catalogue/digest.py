"""One video of all hits, with camera, time and name burned in: hours of recordings in minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.catalogue.hit import Hit
from motionapp.catalogue.recordings import open_again
from motionapp.catalogue.stretches import Stretch, stretches_of
from motionapp.catalogue.wording import label_text, place_text, when_text
from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.files.atomic import make_place
from motionapp.overlay.palette import label_colour
from motionapp.overlay.style import Sizes
from motionapp.overlay.text import Plates
from motionapp.sinks.h264 import even, fitted
from motionapp.sinks.second_pass import SecondReading
from motionapp.sinks.whole_video import WholeVideo

LARGEST_PX: Final = (1280, 720)
"""For an overview; a 4K recording is made smaller."""
LEAST_PX: Final = 480
"""Letters on a smaller picture are not read: it is made larger."""
PAUSE_S: Final = 2.0
"""A stretch's last picture is shown for at most so long, whatever its stamp says."""

Picture = NDArray[np.uint8]


def write_digest(
    path: Path,
    hits: Sequence[Hit],
    catalogue: Path,
    *,
    padding: tuple[float, float],
    zone: tzinfo | None = None,
) -> list[str]:
    """Write the digest of hits, by the clock on the wall where that is known.

    Parameters
    ----------
    path : Path
        ``.mp4``.
    hits : sequence of Hit
        At least one.
    catalogue : Path
        The catalogue's folder.
    padding : tuple of float
        Seconds before and after each; those that meet are shown once.
    zone : tzinfo or None
        Of the clock that is shown; None: of each recording.

    Returns
    -------
    list of str
        Sentences about recordings that cannot be read any more.

    Raises
    ------
    OutputError
        It cannot be written.
    SourceError
        None of the recordings can be read.
    """
    make_place(path)
    before_s, after_s = padding
    stretches = stretches_of(hits, before_s=before_s, after_s=after_s)
    digest = _Digest(path, catalogue, zone, len(stretches))
    try:
        for stretch in stretches:
            digest.add(stretch)
        digest.finish()
    except BaseException:
        digest.let_go()
        raise
    return digest.problems


class _Digest:
    """The video while it is written."""

    def __init__(self, path: Path, catalogue: Path, zone: tzinfo | None, count: int) -> None:
        self._catalogue, self._zone = catalogue, zone
        self._count, self._number = count, 0
        self._video = WholeVideo(path)
        self._size: tuple[int, int] | None = None
        self._at_s = 0.0
        self.problems: list[str] = []

    def add(self, stretch: Stretch) -> None:
        """Show a stretch."""
        self._number += 1
        reading = SecondReading(lambda: open_again(stretch.first, self._catalogue))
        try:
            self._add(stretch, reading.frames(stretch.from_s, stretch.to_s))
        except SourceError as error:
            self.problems.append(f"{stretch.first.recording} is not shown: {error}")
        finally:
            reading.close()

    def finish(self) -> None:
        """Give the video its name."""
        if not self._video.has_begun:
            raise SourceError(self.problems[0] if self.problems else "there is nothing to show")
        self._video.finish()

    def let_go(self) -> None:
        """Remove what was written."""
        self._video.let_go()

    def _add(self, stretch: Stretch, frames: Iterator[Frame]) -> None:
        began_s: float | None = None
        for frame, lasts_s in _with_lengths(frames):
            began_s = frame.pts_s if began_s is None else began_s
            picture = self._drawn(frame, stretch)
            at_s = self._at_s + frame.pts_s - began_s
            self._video.write(picture, at_s, lasts_s)
            end_s = at_s + lasts_s
        if began_s is None:
            self.problems.append(
                f"{stretch.first.recording} has no picture at {stretch.from_s:.1f} s any more"
            )
        else:
            self._at_s = end_s

    def _drawn(self, frame: Frame, stretch: Stretch) -> Picture:
        """The picture at the digest's size, with what is to be read on it."""
        bgr = frame.bgr()
        if self._size is None:
            self._size = size_for(bgr.shape[1], bgr.shape[0])
        picture = np.array(fitted(bgr, self._size), np.uint8)
        hit = _shown_at(stretch, frame.pts_s)
        sizes = Sizes.of(*self._size)
        plates = Plates(picture, sizes)
        gap, height = sizes.gap_px, plates.extent("0")[1]
        top = gap
        when = when_text(hit, self._zone, at_s=frame.pts_s)
        # A second of a recording says nothing without its name.
        when = f"{hit.name}  {when}" if hit.start_ms is None else when
        for text in (place_text(hit), when):
            top = plates.at(gap, top, text).y1
        here = [one for one in stretch.hits if one.start_s <= frame.pts_s < one.end_s]
        bottom = self._size[1] - gap - height
        for one in here[:3]:
            plates.at(gap, bottom, label_text(one), label_colour(one.label))
            bottom -= height + gap // 2
        said = f"{self._number} of {self._count}"
        plates.at(self._size[0] - gap - plates.extent(said)[0], gap, said)
        return picture


def size_for(width: int, height: int) -> tuple[int, int]:
    """How large pictures of a size are shown, with even sides: large ones smaller, tiny ones
    larger, the shape kept."""
    scale = min(1.0, LARGEST_PX[0] / width, LARGEST_PX[1] / height)
    if max(width, height) < LEAST_PX:
        scale = LEAST_PX / max(width, height)
    return even(max(2, round(width * scale)), max(2, round(height * scale)))


def _with_lengths(frames: Iterator[Frame]) -> Iterator[tuple[Frame, float]]:
    """Each frame, and for how long it is shown: until the next one, or as it says itself."""
    last: Frame | None = None
    for frame in frames:
        if last is not None:
            yield last, frame.pts_s - last.pts_s
        last = frame
    if last is not None:
        yield last, min(last.duration_s, PAUSE_S)


def _shown_at(stretch: Stretch, pts_s: float) -> Hit:
    """The hit that is on, or the next one to come, or the last."""
    return next((hit for hit in stretch.hits if pts_s < hit.end_s), stretch.hits[-1])
