"""Reads a source a second time, piece by piece: its pictures, masked and turned as in the analysis.

A sink keeps no pictures while an event is open, since most of them would be thrown away. Going
back for those that are wanted costs a seek an event, and nothing while the analysis runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from motionapp.core.frame import Frame
from motionapp.core.seams import Source

NEAR_S: Final = 5.0
"""Reading on is quicker than a seek, which decodes about half a group of pictures and opens the
file afresh."""
ROUNDING_S: Final = 0.0005


class SecondReading:
    """A source that is opened when it is first needed.

    Parameters
    ----------
    reopen : callable
        Opens the source again, as it was opened for the analysis.
    on_progress : callable, optional
        Called after every picture: whoever watches over the reading sees that it goes on.
    """

    def __init__(
        self, reopen: Callable[[], Source], *, on_progress: Callable[[], object] | None = None
    ) -> None:
        self._reopen, self._on_progress = reopen, on_progress
        self._source: Source | None = None
        self._frames: Iterator[Frame] | None = None
        self._held: Frame | None = None
        """Read already, and behind the end of what was asked for."""
        self._at_s = 0.0

    def frames(self, from_s: float, to_s: float, *, may_seek: bool = True) -> Iterator[Frame]:
        """The frames of ``[from_s, to_s)``.

        Parameters
        ----------
        from_s, to_s : float
            Seconds from the source's first frame.
        may_seek : bool
            False reads all that comes before, too: where stamps are ambiguous.

        Raises
        ------
        SourceError
            The source cannot be read any more.
        """
        self._go_to(from_s, may_seek)
        while (frame := self._next()) is not None:
            if frame.pts_s >= to_s - ROUNDING_S:
                self._held = frame
                return
            if frame.pts_s >= from_s - ROUNDING_S:
                yield frame

    def close(self) -> None:
        """Let go of the source; safe to call twice."""
        self._frames = self._held = None
        if self._source is not None:
            self._source.close()
            self._source = None

    def _go_to(self, from_s: float, may_seek: bool) -> None:
        if self._source is None:
            self._source = self._reopen()
        may_seek = may_seek and self._source.info.is_seekable
        is_ahead = self._frames is not None and self._at_s <= from_s
        if is_ahead and (not may_seek or from_s - self._at_s <= NEAR_S):
            return
        self._held = None
        self._frames = iter(self._source.frames(max(0.0, from_s) if may_seek else 0.0))

    def _next(self) -> Frame | None:
        frame, self._held = self._held, None
        if frame is None and self._frames is not None:
            frame = next(self._frames, None)
        if frame is None:
            self._frames = None
            return None
        self._at_s = frame.pts_s
        if self._on_progress is not None:
            self._on_progress()
        return frame
