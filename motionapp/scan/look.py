"""A short look at a stretch of a recording: whether the gate sees anything move in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from motionapp.analysis import Analysis
from motionapp.core.frame import Frame
from motionapp.core.models import NO_MODELS
from motionapp.core.seams import Source
from motionapp.core.window import BLOCK_S
from motionapp.runtime.span import ROUNDING_S
from motionapp.scan.plan import Stretch
from motionapp.settings.tree import AnalysisSettings

BEFORE_S: Final = 0.5
"""Looked at before a stretch: the gate compares pictures, and has to see some to know the noise."""
RIPE_S: Final = 2 * BLOCK_S
"""Before a second look: so long until noise is known as it always is."""
MOST_PAUSE_S: Final = 1.0
"""What moves again after so long has not gone on."""


class Looks(Protocol):
    """Whoever says when something begins to move in a stretch."""

    def moves_at(self, stretch: Stretch) -> float | None:
        """The second at which it begins; None: nothing moves."""
        ...


class GateLooks:
    """Looks with the gate of the road, begun afresh each time: no network is asked.

    Parameters
    ----------
    source : Source
        Can seek.
    settings : AnalysisSettings
    on_frame : callable
        Called for each frame that was looked at.

    Notes
    -----
    A gate that has just begun knows less of noise than one that has always run, and takes it for
    motion now and then. So motion has to go on, for half as long as an event needs to open, and is
    looked at once more by a gate that has begun earlier.
    """

    def __init__(
        self,
        source: Source,
        settings: AnalysisSettings,
        *,
        on_frame: Callable[[Frame], object] = lambda frame: None,
    ) -> None:
        self._source = source
        self._settings = settings.model_copy(update={"people": "off", "frontend": "absdiff"})
        self._lasting_s = settings.events.persist_s / 2
        self._on_frame = on_frame
        self.looked_s = 0.0
        """Seconds of the recording that were looked at so far."""

    def moves_at(self, stretch: Stretch) -> float | None:
        """The second at which something begins to move in a stretch; None: nothing moves."""
        begin_s = max(0.0, stretch.from_s - BEFORE_S)
        at_s = self._seen(begin_s, begin_s, stretch.to_s)
        if at_s is None or begin_s == 0.0:  # at the recording's beginning no gate knows more
            return at_s
        return self._seen(max(0.0, begin_s - RIPE_S), begin_s, stretch.to_s)

    def _seen(self, read_from_s: float, from_s: float, to_s: float) -> float | None:
        """When it begins to move from a second on, for a gate that begins earlier."""
        analysis = Analysis(self._settings, NO_MODELS)
        since_s = last_s = None
        for frame in self._source.frames(read_from_s):
            if frame.pts_s >= to_s - ROUNDING_S:
                return None
            moment = analysis.step(frame)
            self.looked_s += frame.duration_s
            self._on_frame(frame)
            if not (moment.looked and moment.motion.moved) or frame.pts_s < from_s:
                continue
            if since_s is None or last_s is None or frame.pts_s - last_s > MOST_PAUSE_S:
                since_s = frame.pts_s
            last_s = frame.pts_s
            if last_s - since_s >= self._lasting_s:
                return since_s
        return None
