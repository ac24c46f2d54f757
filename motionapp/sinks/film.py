"""A recording that is written as it comes: what is whole of it stays, whatever happens.

The exception to written whole or not at all: a film is made of pieces of a second, and when the
disk is full, or the program killed, the pieces that are there can be played.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import MotionAppError
from motionapp.files.atomic import cannot_write, discard, make_place, part_of, publish
from motionapp.files.boxes import keep_whole_pieces
from motionapp.sinks.h264 import H264Writer


class Film:
    """A file that is being written, under a temporary name until it is finished.

    Parameters
    ----------
    folder : Path
        Made if needed.
    stem : str
        Its name; with a number where a file has that already.
    """

    def __init__(self, folder: Path, stem: str) -> None:
        self._path = _free(folder, stem)
        self._writer: H264Writer | None = None
        self._origin_s = 0.0
        self._next_s = 0.0
        """Of the film, when the next picture is due."""
        self.written = ""
        """The file; empty where nothing of it could be kept."""

    def write(self, bgr: NDArray[np.uint8], pts_s: float, duration_s: float) -> str:
        """Write a picture; what went wrong, or nothing."""
        try:
            if self._writer is None:
                make_place(self._path)
                self._writer = H264Writer(part_of(self._path), is_live=True)
                self._origin_s = pts_s
            if pts_s - self._origin_s < self._next_s - duration_s:  # it was sought back
                self._origin_s = pts_s - self._next_s
            at_s = pts_s - self._origin_s
            self._next_s = at_s + duration_s
            self._writer.write(bgr, at_s, duration_s)
        except (av.FFmpegError, OSError, MotionAppError) as error:
            return self._save(error)
        return ""

    def finish(self) -> tuple[str, str]:
        """The file that was written, and what went wrong; one of both is empty as a rule."""
        if self._writer is None:
            return "", ""
        try:
            self._writer.finish()
            publish(self._path)
            self.written = str(self._path)
        except (av.FFmpegError, OSError, MotionAppError) as error:
            return self.written, self._save(error)
        return self.written, ""

    def _save(self, error: Exception) -> str:
        """Keep the pieces that are whole; what went wrong, in words."""
        if self._writer is not None:
            self._writer.let_go()
        with contextlib.suppress(OSError, MotionAppError):
            if keep_whole_pieces(part_of(self._path)):
                publish(self._path)
                self.written = str(self._path)
        discard(self._path)
        if isinstance(error, MotionAppError):
            return str(error)
        if isinstance(error, OSError):
            return str(cannot_write(self._path, error))
        return f"{self._path} cannot be written: {error}"


def _free(folder: Path, stem: str) -> Path:
    """A name that no file has."""
    path, number = folder / f"{stem}.mp4", 1
    while path.exists() or part_of(path).exists():
        number += 1
        path = folder / f"{stem}_{number}.mp4"
    return path
