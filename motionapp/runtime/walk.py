"""The loop: frames along a road, one moment after the other. Batch, `analyse`, training, why and
bench are this loop and what each does with its moments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from motionapp.analysis import Analysis
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.runtime.span import WHOLE, Span, counted_from


def walk(
    frames: Iterable[Frame],
    analysis: Analysis,
    *,
    span: Span = WHOLE,
    on_frame: Callable[[Frame], None] | None = None,
) -> Iterator[Moment]:
    """Lead frames along the road; those before the span are shown to the gate alone.

    Parameters
    ----------
    frames : iterable of Frame
        In the order of time, as a source gives them (`Span.read`).
    analysis : Analysis
        Nothing has been stepped through it yet.
    span : Span
        The stretch that counts, as if the recording had begun and ended there.
    on_frame : callable, optional
        Called when a frame is done with: whoever watches over the reading sees that it goes on.

    Yields
    ------
    Moment
        One a frame of the span, counted from its first, and the one that closes what is open.
    """
    before: int | None = None
    for frame in span.until_end(frames):
        if not span.is_before(frame):
            before = frame.index if before is None else before
            yield analysis.step(counted_from(frame, before))
        elif frame.pts_s >= span.reads_from_s:
            analysis.prepare(frame)
        if on_frame is not None:
            on_frame(frame)
    yield analysis.finish()
