"""How fast the road runs and where its time goes, over the last few seconds.

Always on: an observation is an append to a short queue. Reading makes a value (`Snapshot`) that
nobody changes any more.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

WINDOW_S = 2.0
"""Long enough for a steady figure at 5 frames per second, short enough to follow a change."""

MOST_OBSERVATIONS = 1024
"""Kept per meter: beyond, the window is shorter than `WINDOW_S`, which no figure minds."""


class Meter:
    """Observations of one quantity over a sliding window; used by any number of threads.

    Parameters
    ----------
    clock_ns : callable
        Monotonic nanoseconds.
    window_s : float
        Older observations are forgotten; greater than 0.
    """

    def __init__(
        self, clock_ns: Callable[[], int] = time.monotonic_ns, window_s: float = WINDOW_S
    ) -> None:
        self._clock_ns = clock_ns
        self._window_ns = round(window_s * 1e9)
        self._began_ns = clock_ns()
        self._seen: deque[tuple[int, float]] = deque(maxlen=MOST_OBSERVATIONS)
        self._count = 0
        self._lock = threading.Lock()

    def observe(self, value: float = 1.0) -> None:
        """Note a value now."""
        with self._lock:
            self._seen.append((self._clock_ns(), value))
            self._count += 1

    @property
    def count(self) -> int:
        """Observations since the beginning."""
        with self._lock:
            return self._count

    def rate_hz(self) -> float:
        """Observations per second; 0.0 when there was none in the window."""
        now_ns = self._clock_ns()
        seen = self._recent(now_ns)
        if not seen:
            return 0.0
        is_cut = len(seen) == MOST_OBSERVATIONS
        since_ns = seen[0][0] if is_cut else max(self._began_ns, now_ns - self._window_ns)
        return len(seen) * 1e9 / max(now_ns - since_ns, 1)

    def mean(self) -> float | None:
        """The mean value in the window; None when there was none."""
        values = [value for _, value in self._recent(self._clock_ns())]
        return sum(values) / len(values) if values else None

    def percentile(self, share: float) -> float | None:
        """The value that a `share` (0 to 1) of those in the window do not exceed, or None."""
        values = sorted(value for _, value in self._recent(self._clock_ns()))
        return values[min(len(values) - 1, int(share * len(values)))] if values else None

    def _recent(self, now_ns: int) -> list[tuple[int, float]]:
        with self._lock:
            while self._seen and self._seen[0][0] <= now_ns - self._window_ns:
                self._seen.popleft()
            return list(self._seen)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a pipeline's meters say at one instant."""

    captured: int = 0
    """Frames that the source gave."""
    analysed: int = 0
    """Frames that the slowest road has analysed."""
    dropped: int = 0
    """Frames that roads have missed, all roads together."""
    drops: Mapping[str, int] = field(default_factory=dict)
    """Pictures that were left out, by the stage that could not take them, in the order of the
    road: ``capture`` (their time stamps repeat), ``analysis`` (as `dropped`), then the viewers'."""
    capture_hz: float = 0.0
    analysis_hz: float = 0.0
    queue_age_ms: float | None = None
    """95th percentile of how old a frame is when its analysis begins; None if nothing is paced."""
    stage_ms: Mapping[str, float] = field(default_factory=dict)
    """Mean milliseconds per frame, by stage."""


class StageMeters:
    """One meter a stage, made when the stage is first seen.

    Written by one thread, read by any.
    """

    def __init__(self, clock_ns: Callable[[], int]) -> None:
        self._clock_ns = clock_ns
        self._meters: dict[str, Meter] = {}
        self._totals_s: dict[str, float] = {}

    def observe(self, stage: str, seconds: float) -> None:
        """Note what a stage took for one frame."""
        if stage not in self._meters:
            self._meters[stage] = Meter(self._clock_ns)
        self._meters[stage].observe(seconds)

    def observe_totals(self, totals_s: Mapping[str, float]) -> None:
        """Note how much running totals grew since the last time."""
        for stage, total_s in totals_s.items():
            self.observe(stage, total_s - self._totals_s.get(stage, 0.0))
        self._totals_s = dict(totals_s)

    def mean_ms(self) -> dict[str, float]:
        """Mean milliseconds per frame by stage, for those seen in the window."""
        means = {stage: meter.mean() for stage, meter in self._meters.copy().items()}
        return {stage: mean * 1000 for stage, mean in means.items() if mean is not None}
