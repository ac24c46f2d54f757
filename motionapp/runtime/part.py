"""A part of a recording that begins and ends at rests: its events are those of the whole.

At a rest all but the gate starts afresh, and the gate remembers for some seconds only. Whoever has
read these knows at the rest what one knows who has read everything: there one analysis may hand
over to another, on another core or another machine, and a scan may begin again behind what it has
skipped.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from motionapp.analysis import Analysis
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.runtime.span import LEAD_IN_S, ROUNDING_S

SLACK_S: Final = 1.0
"""Read before what the gate and a rest need: that they need so much is known only to within a frame
or two, and pictures may come as seldom as once in half a second."""


@dataclass(frozen=True, slots=True)
class Part:
    """What lies between two borders; who is about at a border belongs to the part before it."""

    start_s: float = 0.0
    """Owned from the first rest at or after it; 0: from the first frame."""
    end_s: float = math.inf
    """Handed over at the first rest at or after it."""
    patience_s: float = math.inf
    """Longest wait for a rest behind its beginning, after which the part is given up. At its end it
    reads on however long that takes: what comes before a rest is its own, and no work is lost."""

    def reads_from_s(self, rest_s: float) -> float:
        """Where the reading begins.

        Parameters
        ----------
        rest_s : float
            As `Analysis.rest_s` gives it.
        """
        return max(0.0, self.rests_from_s(rest_s) - LEAD_IN_S)

    def rests_from_s(self, rest_s: float) -> float:
        """From where on it matters whether anything moves; before, the gate only learns."""
        return self.start_s - rest_s - SLACK_S


WHOLE_PART: Final = Part()


class PartWalk:
    """Leads the frames of one part along the road.

    Parameters
    ----------
    part : Part
    analysis : Analysis
        Nothing has been stepped through it yet.
    """

    def __init__(self, part: Part, analysis: Analysis) -> None:
        self._part, self._analysis = part, analysis
        self._rests_from_s = part.rests_from_s(analysis.rest_s)
        self.owned_from_s: float | None = None
        """The first frame that is the part's own; None: there has been none."""
        self.handed_over_s: float | None = None
        """The first frame that is another's; None: it has been read to its end."""
        self.is_given_up = False
        """No rest has come for too long behind its beginning: it has nothing."""

    def read(
        self, source: Source, *, on_frame: Callable[[Frame], None] = lambda frame: None
    ) -> Iterator[Moment]:
        """The moments of the part in a source; see `moments`."""
        from_s = self._part.reads_from_s(self._analysis.rest_s)
        frames = source.frames(from_s if source.info.is_seekable else 0.0)
        return self.moments(frames, on_frame=on_frame)

    def moments(
        self, frames: Iterable[Frame], *, on_frame: Callable[[Frame], None] = lambda frame: None
    ) -> Iterator[Moment]:
        """The moments that are the part's own.

        Parameters
        ----------
        frames : iterable of Frame
            In the order of time, from `Part.reads_from_s` on.
        on_frame : callable
            Called when a frame is done with, the part's own or not.

        Yields
        ------
        Moment
            One a frame, and one without a frame that closes what is open.
        """
        for frame in frames:
            if frame.pts_s < self._rests_from_s:
                self._analysis.prepare(frame)
                on_frame(frame)
                continue
            moment = self._analysis.step(frame)
            if self.owned_from_s is None and self._begins(moment, frame):
                self.owned_from_s = frame.pts_s
                moment = _afresh(moment) if self._part.start_s > 0 else moment
            if self.owned_from_s is not None:
                if self._is_rest_behind(self._part.end_s, moment, frame):
                    self.handed_over_s = frame.pts_s
                    # What ends at this rest began before it; the frame is the next one's.
                    yield replace(moment, frame=None)
                    return
                yield moment
            elif frame.pts_s > self._part.start_s + self._part.patience_s:
                self.is_given_up = True
                return
            on_frame(frame)
        last = self._analysis.finish()
        if self.owned_from_s is not None:
            yield last

    def _begins(self, moment: Moment, frame: Frame) -> bool:
        return self._part.start_s <= 0 or self._is_rest_behind(self._part.start_s, moment, frame)

    def _is_rest_behind(self, border_s: float, moment: Moment, frame: Frame) -> bool:
        is_behind = frame.pts_s >= border_s - ROUNDING_S
        # A camera that moves rests, too, but where it looked at first is never forgotten.
        return is_behind and moment.is_resting and math.isfinite(self._analysis.lead_in_s)


def _afresh(moment: Moment) -> Moment:
    """A rest without what has ended there, which is of the part before."""
    return replace(moment, opened=(), changed=(), closed=(), peaks=(), crossings=())
