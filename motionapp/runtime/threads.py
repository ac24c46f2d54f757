"""The one place that decides how many threads FFmpeg, OpenCV and ONNX Runtime may use.

Each of them takes all cores by default, and three times all cores is slower than once.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

MOST_DECODE_THREADS = 8
"""Each holds a picture, and delays it by one frame."""

AHEAD = 2
"""Decode threads beyond the cores. A thread decodes one picture and then waits to be given the
next one, which happens between two steps of the road; with more of them than cores there is always
one at work. On two cores a frame of 720p takes 1.52 ms with two threads, 1.39 with three, 1.36
with four and 1.32 with six."""

OPENCV_THREADS = 1
"""Analysis pictures are at most 480 pixels wide: handing parts of one to other threads costs more
than it saves, and takes the cores from the decoder."""


@dataclass(frozen=True, slots=True)
class ThreadPlan:
    """Threads of each library; they are busy in turns, not all at once."""

    decode: int
    """FFmpeg, for one input."""
    opencv: int
    network: int
    """ONNX Runtime within one call, for one session."""


def usable_cores() -> int:
    """Cores that this process may use, which in a container is not what the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def plan_threads(budget: int | None = None, *, inputs: int = 1) -> ThreadPlan:
    """Share a budget of threads among inputs that are analysed at the same time.

    Parameters
    ----------
    budget : int or None
        Threads in all, at least 1; None takes the cores that this process may use.
    inputs : int
        Inputs at the same time, at least 1.

    Returns
    -------
    ThreadPlan
        For one of the inputs; never below one thread, and one to decode where it has one core.
    """
    share = max(1, (usable_cores() if budget is None else budget) // inputs)
    decode = 1 if share == 1 else min(share + AHEAD, MOST_DECODE_THREADS)
    return ThreadPlan(decode=decode, opencv=OPENCV_THREADS, network=share)


def apply_threads(plan: ThreadPlan) -> None:
    """Set what is global to the process: OpenCV. The others are told where they are opened."""
    import cv2

    # 1 would still hand work to a pool of one; 0 runs it where it is called.
    cv2.setNumThreads(plan.opencv if plan.opencv > 1 else 0)
