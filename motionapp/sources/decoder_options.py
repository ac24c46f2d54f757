"""What a decoder is told before its first packet: its threads, and what it may leave out."""

from __future__ import annotations

import os

from av.video.stream import VideoStream

MOST_THREADS = 16
"""FFmpeg's own limit for frame threads."""
HELD_BYTES = 256_000_000
"""What threads may hold between them, each a picture at up to `HELD_PER_PX` bytes a pixel: ten at
4K, five at 5.3K, two at 8K."""
HELD_PER_PX = 3


def set_decode_threads(stream: VideoStream, threads: int | None, *, is_live: bool = False) -> None:
    """Say how many threads decode, before the first packet is decoded.

    Parameters
    ----------
    stream : VideoStream
    threads : int or None
        1 decodes repeatably also where a packet is damaged; None lets FFmpeg count the cores that
        this process may use.
    is_live : bool
        Threads share each picture instead of taking one each, which would delay it.
    """
    context = stream.codec_context
    context.thread_type = "SLICE" if is_live else "AUTO"
    most = most_threads(context.width, context.height)
    if threads is not None:
        context.thread_count = max(1, min(threads, most))
    else:
        context.thread_count = 0 if most == MOST_THREADS else min(most, os.cpu_count() or 1)


def most_threads(width: int, height: int) -> int:
    """How many threads may decode pictures of a size: fewer where each holds much memory."""
    picture_bytes = max(1, width * height * HELD_PER_PX)
    return max(1, min(MOST_THREADS, HELD_BYTES // picture_bytes))


def limit_pixels(stream: VideoStream, most_pixels: int) -> None:
    """Have larger pictures refused before anything is made for them."""
    context = stream.codec_context
    context.options = {**context.options, "max_pixels": str(most_pixels)}


def spare_deblocking(stream: VideoStream) -> None:
    """Leave out the smoothing of block edges in pictures that no other picture is built upon.

    Saves about a tenth of decoding H.264 with B-frames. Those pictures differ by 0.02 grey levels
    on average where motion is sought (6 at most), by 18 at most at full size, and the difference
    does not spread. HEVC has no such pictures: what it calls so may serve other layers.
    """
    context = stream.codec_context
    if context.name == "h264":
        context.options = {**context.options, "skip_loop_filter": "noref"}
