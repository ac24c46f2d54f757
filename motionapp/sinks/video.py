"""The picture with what was found drawn on it, as an H.264 video with the source's own times."""

from __future__ import annotations

from pathlib import Path

import av

from motionapp.core.errors import OutputError
from motionapp.core.moment import Moment
from motionapp.files.atomic import cannot_write, discard, part_of, publish
from motionapp.overlay import OpenEvents, Style, draw_moment
from motionapp.overlay.style import EVERYDAY
from motionapp.sinks.h264 import H264Writer


class AnnotatedVideoSink:
    """Writes every picture that it is given, at full size.

    Parameters
    ----------
    path : Path
        The finished video; its folder exists.
    frontend : str
        Named in the line of status.
    style : Style
        What is drawn.
    threads : int
        For the encoder; 0 lets it choose.
    """

    def __init__(
        self, path: Path, *, frontend: str = "", style: Style = EVERYDAY, threads: int = 1
    ) -> None:
        self._path = path
        self._frontend, self._style = frontend, style
        self._open_events = OpenEvents()
        self._writer = H264Writer(part_of(path), threads=threads)
        self._is_done = False

    def accept(self, moment: Moment) -> None:
        """Draw a moment and encode it; one without a picture is only taken note of.

        Raises
        ------
        OutputError
            The file cannot be written.
        """
        open_events = self._open_events.step(moment)
        if moment.frame is None:
            return
        bgr = moment.frame.bgr().copy()
        draw_moment(
            bgr, moment, style=self._style, frontend=self._frontend, open_events=open_events
        )
        try:
            self._writer.write(bgr, moment.frame.pts_s, moment.frame.duration_s)
        except (av.FFmpegError, OSError) as error:
            raise self._cannot_write(error) from error

    def close(self) -> None:
        """Finish the video and give it its name; without a picture there is none.

        Raises
        ------
        OutputError
            The file cannot be written; what stood under the name before is still there.
        """
        if self._is_done:
            return
        self._is_done = True
        try:
            self._writer.finish()
        except (av.FFmpegError, OSError) as error:
            self._let_go()
            raise self._cannot_write(error) from error
        if self._writer.has_begun:
            publish(self._path)

    def abandon(self) -> None:
        """Remove what was written."""
        if not self._is_done:
            self._is_done = True
            self._let_go()

    def _let_go(self) -> None:
        self._writer.let_go()
        discard(self._path)

    def _cannot_write(self, error: Exception) -> OutputError:
        if isinstance(error, OSError):
            return cannot_write(self._path, error)
        return OutputError(f"{self._path} cannot be written: {error}")
