"""Which sizes and rates a camera has: asked of Linux by V4L2, else those that are usual.

The kernel is asked directly: three calls with a fixed layout need no package.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from motionapp.sources.capture import CameraMode

USUAL_SIZES: Final = ((640, 480), (1280, 720), (1920, 1080), (3840, 2160))
USUAL_RATES_HZ: Final = (15.0, 30.0, 60.0)
MOST_LISTED: Final = 64
"""Of formats, of sizes in one, of rates of one: a driver that lists without end is cut off."""

# linux/videodev2.h; the numbers are those of all architectures but MIPS, PowerPC and SPARC, where
# the kernel knows none of them and cameras have the usual modes.
ENUM_FORMATS: Final = 0xC0405602
ENUM_SIZES: Final = 0xC02C564A
ENUM_INTERVALS: Final = 0xC034564B
VIDEO_CAPTURE: Final = 1
DISCRETE: Final = 1
NOT_DECODED: Final = (b"H264", b"HEVC", b"VP80", b"VP90")
"""Formats that OpenCV does not take from a camera."""

_FORMAT = struct.Struct("=III32s4sI3I")
_SIZE = struct.Struct("=I4sI6I2I")
_INTERVAL = struct.Struct("=I4sIII6I2I")

Ask = Callable[[int, int, bytearray], None]
"""Asks a device by number; fills the buffer, or raises `OSError` where there is no more."""


def modes_of(node: Path, *, ask: Ask | None = None) -> tuple[CameraMode, ...]:
    """The modes that a camera lists, by size and rate; empty where it lists none.

    Parameters
    ----------
    node : Path
        The camera's file, ``/dev/video0`` say. That it is in use does no harm.
    ask : callable, optional
        Takes the place of the kernel.
    """
    if ask is None and sys.platform != "linux":
        return ()
    try:
        device = os.open(node, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return ()
    try:
        return tuple(sorted(set(_modes(device, ask or _ioctl)), key=_order))
    finally:
        os.close(device)


def offered(modes: tuple[CameraMode, ...]) -> tuple[tuple[tuple[int, int], tuple[float, ...]], ...]:
    """What a person can choose of: each size with its rates, the usual ones where `modes` is
    empty."""
    if not modes:
        return tuple((size, USUAL_RATES_HZ) for size in USUAL_SIZES)
    rates: dict[tuple[int, int], list[float]] = {}
    for mode in modes:
        listed = rates.setdefault(mode.size, [])
        if mode.rate_hz > 0:
            listed.append(mode.rate_hz)
    return tuple((size, tuple(listed)) for size, listed in rates.items())


def _order(mode: CameraMode) -> tuple[int, int, float]:
    return mode.size[0] * mode.size[1], mode.size[0], mode.rate_hz


def _ioctl(device: int, number: int, buffer: bytearray) -> None:
    import fcntl

    fcntl.ioctl(device, number, buffer)


def _modes(device: int, ask: Ask) -> Iterator[CameraMode]:
    for packed in _listed(
        device, ask, ENUM_FORMATS, lambda n: _FORMAT.pack(n, VIDEO_CAPTURE, 0, b"", b"", *[0] * 4)
    ):
        pixels: bytes = _FORMAT.unpack(packed)[4]
        if pixels in NOT_DECODED:
            continue
        for size in _sizes(device, ask, pixels):
            for rate_hz in _rates_hz(device, ask, pixels, size) or (0.0,):
                yield CameraMode(size, rate_hz)


def _sizes(device: int, ask: Ask, pixels: bytes) -> Iterator[tuple[int, int]]:
    for packed in _listed(device, ask, ENUM_SIZES, lambda n: _SIZE.pack(n, pixels, 0, *[0] * 8)):
        _, _, kind, least_w, most_w, _, least_h, most_h, *_ = _SIZE.unpack(packed)
        if kind == DISCRETE:
            yield least_w, most_w  # width and height, in the same place
            continue
        for width, height in USUAL_SIZES:
            if least_w <= width <= most_w and least_h <= height <= most_h:
                yield width, height
        return


def _rates_hz(device: int, ask: Ask, pixels: bytes, size: tuple[int, int]) -> list[float]:
    found: list[float] = []
    for packed in _listed(
        device, ask, ENUM_INTERVALS, lambda n: _INTERVAL.pack(n, pixels, *size, 0, *[0] * 8)
    ):
        _, _, _, _, kind, num, den, longest_num, longest_den, *_ = _INTERVAL.unpack(packed)
        if kind == DISCRETE:
            found += _rate_hz(num, den)
            continue
        fastest, slowest = _rate_hz(num, den), _rate_hz(longest_num, longest_den)
        if fastest and slowest:
            found += [hz for hz in USUAL_RATES_HZ if slowest[0] <= hz <= fastest[0]]
        break
    return found


def _rate_hz(num: int, den: int) -> list[float]:
    """Pictures per second of an interval in seconds; none where it is no time."""
    return [round(den / num, 3)] if num and den else []


def _listed(
    device: int, ask: Ask, number: int, question: Callable[[int], bytes]
) -> Iterator[bytearray]:
    """The driver's answers, one after the other."""
    for n in range(MOST_LISTED):
        buffer = bytearray(question(n))
        try:
            ask(device, number, buffer)
        except OSError:
            return
        yield buffer
