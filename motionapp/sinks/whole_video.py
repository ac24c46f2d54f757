"""A video that appears whole or not at all, whatever it shows."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import OutputError
from motionapp.files.atomic import cannot_write, discard, part_of, publish
from motionapp.sinks.h264 import H264Writer


class WholeVideo:
    """Pictures on their way into a video, under a temporary name until it is finished.

    Parameters
    ----------
    path : Path
        Its folder exists.
    threads : int
        For the encoder; 0 lets it choose.

    Raises
    ------
    OutputError
        From `write` and `finish`: it cannot be written; what stood under the name is still there.
    """

    def __init__(self, path: Path, *, threads: int = 0) -> None:
        self._path = path
        self._writer = H264Writer(part_of(path), threads=threads)

    @property
    def has_begun(self) -> bool:
        """Whether there was a picture."""
        return self._writer.has_begun

    def write(self, bgr: NDArray[np.uint8], pts_s: float, duration_s: float) -> None:
        """Encode a picture, shape (h, w, 3), shown from `pts_s` on; later than the one before."""
        try:
            self._writer.write(bgr, pts_s, duration_s)
        except (av.FFmpegError, OSError) as error:
            raise self._cannot(error) from error

    def finish(self) -> None:
        """Give the video its name; without a picture there is none."""
        try:
            self._writer.finish()
        except (av.FFmpegError, OSError) as error:
            raise self._cannot(error) from error
        if self._writer.has_begun:
            publish(self._path)

    def let_go(self) -> None:
        """Remove what was written; what has its name already stays."""
        self._writer.let_go()
        discard(self._path)

    def _cannot(self, error: Exception) -> OutputError:
        if isinstance(error, OSError):
            return cannot_write(self._path, error)
        return OutputError(f"{self._path} cannot be written: {error}")
