"""The loop: what comes before a span is for the gate alone, and the end closes what is open."""

from __future__ import annotations

from fractions import Fraction

from motionapp.analysis import Analysis
from motionapp.core.frame import Epoch, Frame
from motionapp.runtime.span import Span
from motionapp.runtime.walk import walk
from motionapp.settings import AnalysisSettings
from motionapp.testing import GreyPixels

EPOCH = Epoch(0, (64, 48), Fraction(1, 1000))


def frames(count: int, step_s: float = 1.0) -> list[Frame]:
    return [Frame(k, k, k * step_s, step_s, EPOCH, GreyPixels()) for k in range(count)]


def indices(span: Span, count: int = 30) -> list[int | None]:
    moments = walk(frames(count), Analysis(AnalysisSettings()), span=span)
    return [None if moment.frame is None else moment.frame.index for moment in moments]


def test_every_frame_gives_a_moment_and_the_end_one_more() -> None:
    assert indices(Span(), count=3) == [0, 1, 2, None]


def test_without_frames_there_is_the_end_alone() -> None:
    assert indices(Span(), count=0) == [None]


def test_frames_of_a_span_are_counted_from_its_first() -> None:
    assert indices(Span(12.0, 15.0)) == [0, 1, 2, None]


def test_whoever_watches_hears_of_frames_before_the_span_and_of_none_behind_it() -> None:
    heard: list[float] = []
    analysis = Analysis(AnalysisSettings())

    told = walk(
        frames(30), analysis, span=Span(12.0, 15.0), on_frame=lambda f: heard.append(f.pts_s)
    )

    assert len(list(told)) == 4
    assert heard == [float(k) for k in range(15)]
