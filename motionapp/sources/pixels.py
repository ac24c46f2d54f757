"""Pixels of a decoder's picture in another format or size, converted on the caller's thread."""

from __future__ import annotations

import threading
from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

_of_thread = threading.local()


def converted(
    picture: av.VideoFrame, format_name: str, size: tuple[int, int] | None = None
) -> NDArray[Any]:
    """The pixels of a picture.

    Parameters
    ----------
    picture : av.VideoFrame
        As decoded.
    format_name : str
        FFmpeg's name of the pixel format that is wanted.
    size : (int, int), optional
        Width and height to shrink it to, by areas; else it keeps its own.

    Returns
    -------
    ndarray
        As `av.VideoFrame.to_ndarray` gives that format.

    Notes
    -----
    Left to itself, PyAV has libswscale prepare anew for every picture and start a thread for each
    core of the machine: at 360x240 that takes ten times as long as the conversion.
    """
    if not hasattr(_of_thread, "reformatter"):
        _of_thread.reformatter = VideoReformatter()
    width, height = (None, None) if size is None else size
    how = None if size is None else "AREA"
    found = _of_thread.reformatter.reformat(
        picture, width, height, format_name, interpolation=how, threads=1
    )
    return np.asarray(found.to_ndarray())
