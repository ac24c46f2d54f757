"""The stretch of a recording that is analysed, as if it had begun and ended there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from motionapp.core.frame import Frame
from motionapp.core.seams import Source
from motionapp.frontends import registry
from motionapp.settings.tree import AnalysisSettings, Settings

LEAD_IN_S: Final = 10.0
"""Read before the start for the gate, whose memory is longer only where it has no end."""
ROUNDING_S: Final = 0.0005
"""Results are rounded to milliseconds: a frame at 59.9999 s stands at 60 s."""


@dataclass(frozen=True, slots=True)
class Span:
    """From a second of a recording to another; the end is not part of it."""

    start_s: float = 0.0
    end_s: float = math.inf
    lead_in_s: float = LEAD_IN_S
    """So much is read before the start; infinite for what judges by all that there was."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.start_s <= 0 and self.end_s == math.inf

    @property
    def reads_from_s(self) -> float:
        """Where the reading begins: early enough for the gate to know noise and light."""
        return max(0.0, self.start_s - self.lead_in_s)

    def read(self, source: Source) -> Iterator[Frame]:
        """The frames of a source from where the reading begins.

        A source that cannot seek is read from its start here rather than inside it: whoever
        watches over the reading sees that it goes on.
        """
        return source.frames(self.reads_from_s if source.info.is_seekable else 0.0)

    def is_before(self, frame: Frame) -> bool:
        """Whether `frame` is only there for the gate."""
        return frame.pts_s < self.start_s - ROUNDING_S

    def until_end(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Those before the end; nothing is read beyond the first that is not."""
        for frame in frames:
            if frame.pts_s >= self.end_s - ROUNDING_S:
                return
            yield frame

    def length_s(self, duration_s: float | None) -> float | None:
        """How long it is within a recording of so many seconds, where that can be said."""
        end_s = min(self.end_s, math.inf if duration_s is None else duration_s)
        return None if end_s == math.inf else max(0.0, end_s - self.start_s)


WHOLE: Final = Span()


def lead_in_for(settings: AnalysisSettings) -> float:
    """Seconds before a stretch that decide what is found in it."""
    return math.inf if registry.gate_of(settings.frontend) != registry.GATE else LEAD_IN_S


def span_of(settings: Settings) -> Span:
    """The stretch that the settings ask for."""
    return Span(
        start_s=settings.run.start_s or 0.0,
        end_s=math.inf if settings.run.end_s is None else settings.run.end_s,
        lead_in_s=lead_in_for(settings.analysis),
    )


def counted_from(frame: Frame, before: int) -> Frame:
    """`frame` as one of the stretch: counted without the frames that came before it."""
    return frame if before == 0 else replace(frame, index=frame.index - before)
