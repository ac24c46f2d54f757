"""A small picture an event, at its peak: `thumbnails/<id of the event>.jpg`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import SourceError
from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.core.seams import Source
from motionapp.files.staged import file_stem
from motionapp.overlay import Style, draw_moment
from motionapp.overlay.boxes import outline_box
from motionapp.overlay.palette import label_colour
from motionapp.overlay.style import EVERYDAY
from motionapp.sinks.at_end import AtEnd
from motionapp.sinks.peaks import Peaks
from motionapp.sinks.second_pass import SecondReading

THUMBNAILS: Final = "thumbnails"
"""The folder, within the input's."""
WIDTH_PX: Final = 320
QUALITY: Final = 85
"""Of JPEG; about 12 kB a picture."""
LINE_PX: Final = 2
LEAST_BOX_PX: Final = 12
"""Smaller boxes are widened: a frame of two lines round three pixels hides what it shows."""


class ThumbnailsSink:
    """Notes which events there are, and goes back for their pictures when it is closed.

    Parameters
    ----------
    folder : Path
        The input's; exists already.
    reopen : callable
        Opens the source again, as it was opened for the analysis.
    style : Style
        Whose layers and poses are drawn beneath the event's box, as in the annotated video.
    on_progress : callable, optional
        Called while the source is read again, several times a second.

    Notes
    -----
    The peak moves while an event is open: somebody who comes nearer is at a new peak in every
    frame. A colour picture takes about 2 ms at 720p, four times what the whole analysis of a frame
    may; one seek an event gives the very frame of `peak_s`, and the box belongs to it.
    """

    def __init__(
        self,
        folder: Path,
        reopen: Callable[[], Source],
        *,
        style: Style = EVERYDAY,
        on_progress: Callable[[], object] | None = None,
    ) -> None:
        self._reading = SecondReading(reopen, on_progress=on_progress)
        self._work = AtEnd(folder / THUMBNAILS, self._reading.close)
        self._style = replace(style, groups=False, tracks=False, events=False, status=False)
        self._peaks = Peaks(self._style)
        self._names: dict[str, str] = {}
        self._missing = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence about pictures that could not be read again; known once it is closed."""
        return (f"{self._missing} thumbnails are missing",) if self._missing else ()

    def fields_of(self, event: Event) -> Mapping[str, object]:
        """Where the event's picture lies; for events.json."""
        name = self._names.get(event.event_id)
        return {} if name is None else {"thumbnail": f"{THUMBNAILS}/{name}"}

    def accept(self, moment: Moment) -> None:
        """Take note of the frame's stamp, of what closed, and of what was seen at peaks."""
        self._work.accept(moment)
        self._peaks.accept(moment)

    def close(self) -> None:
        """Make the pictures and publish their folder.

        Raises
        ------
        OutputError
            One cannot be written; nothing is left of any.
        """
        self._work.close(self._make, at_s=lambda event: event.peak_s)

    def abandon(self) -> None:
        """Remove what was made."""
        self._work.abandon()

    def _make(self, event: Event) -> None:
        bgr = self._picture_at(event.peak_s)
        if bgr is None:
            self._missing += 1
            return
        motion = self._peaks.motion_of(event)
        content = jpeg_of(thumbnail(bgr, event, motion=motion, style=self._style))
        name = f"{file_stem(event)}.jpg"
        self._work.folder.write(name, content)
        self._names[event.event_id] = name

    def _picture_at(self, pts_s: float) -> NDArray[np.uint8] | None:
        may_seek = not self._work.stamps.jumps_back
        try:
            frame = next(self._reading.frames(pts_s, float("inf"), may_seek=may_seek), None)
        except SourceError:
            return None
        return None if frame is None else frame.bgr()


def thumbnail(
    bgr: NDArray[np.uint8],
    event: Event,
    *,
    motion: Motion | None = None,
    style: Style = EVERYDAY,
    width_px: int = WIDTH_PX,
) -> NDArray[np.uint8]:
    """The picture of an event's peak, small, with its box and what was seen drawn.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    event : Event
        Its box is in the pixels of `bgr`.
    motion : Motion or None
        What was seen at the peak; None where that is not known.
    style : Style
        How it is drawn.
    width_px : int
        Of the result; a smaller picture stays as it is.

    Returns
    -------
    ndarray of uint8, shape (h', w', 3)
    """
    height, width = bgr.shape[:2]
    scale = min(1.0, width_px / width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.array(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
    if motion is not None:
        draw_moment(small, Moment("", None, motion), style=style, scale=size[0] / width)
    outline_box(small, _scaled(event.box, scale), label_colour(event.label), LINE_PX)
    return small


def jpeg_of(bgr: NDArray[np.uint8], quality: int = QUALITY) -> bytes:
    """The picture as a JPEG file."""
    _, content = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return content.tobytes()


def _scaled(box: Box, scale: float) -> Box:
    x0, y0, x1, y1 = (round(edge * scale) for edge in box)
    across, down = max(0, LEAST_BOX_PX - (x1 - x0)), max(0, LEAST_BOX_PX - (y1 - y0))
    left, top = x0 - across // 2, y0 - down // 2
    return Box(left, top, x1 + across - across // 2, y1 + down - down // 2)
