"""Pictures that no encoder has made, as if one had, for who asks what vectors would tell."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import av

from motionapp.core.frame import Frame
from motionapp.sources.coded import References, export_vectors
from motionapp.sources.decoding import Decoder, time_base_of, video_stream
from motionapp.sources.passes import DamageLedger
from motionapp.sources.timeline import Timeline

AS_A_CAMERA: Final = {"preset": "veryfast", "tune": "zerolatency", "crf": "18", "threads": "1"}
"""One picture after the other, each made from the one before; on one thread the same each time."""


def recoded(frames: Sequence[Frame]) -> list[Frame]:
    """The same frames at the same times, with pictures that were written as H.264 and read again.

    Parameters
    ----------
    frames : sequence of Frame
        At least one, all of one size, at least 16 pixels each way.

    Returns
    -------
    list of Frame
        Their pixels bring vectors (`core.frame.Vectors`).
    """
    memory = io.BytesIO()
    with av.open(memory, "w", format="matroska") as file:
        stream: Any = file.add_stream("libx264", rate=25, options=dict(AS_A_CAMERA))
        stream.height, stream.width = frames[0].bgr().shape[:2]
        is_even = stream.width % 2 == stream.height % 2 == 0
        stream.pix_fmt = "yuv420p" if is_even else "yuv444p"
        for number, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame.bgr().copy(), "bgr24")
            picture.pts = number
            file.mux(stream.encode(picture))
        file.mux(stream.encode())
    memory.seek(0)
    with av.open(memory, "r") as read:
        video = video_stream(read)
        assert video is not None
        export_vectors(video)
        decoder = Decoder(read, video, DamageLedger(), references=References(video, "pts"))
        seen = list(decoder.frames(Timeline(time_base_of(video)), "pts"))
    return [replace(own, pixels=new.pixels) for own, new in zip(frames, seen, strict=True)]
