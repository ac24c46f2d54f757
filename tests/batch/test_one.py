"""The loop over one input: sinks, damage, second readings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from motionapp.batch import one
from motionapp.batch.one import analyse_one
from motionapp.core.errors import OutputError, SourceError
from motionapp.core.frame import Frame
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.seams import Damage, Source
from motionapp.runtime.span import WHOLE, Span
from motionapp.settings import AnalysisSettings
from motionapp.testing import CollectingSink, ScriptedSource

SETTINGS = AnalysisSettings()


class DamagedSource(ScriptedSource):
    """Finds damage at its third frame, or only at its end."""

    def __init__(self, *, at_frame: int | None) -> None:
        super().__init__(count=5)
        self._at_frame = at_frame

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        for frame in super().frames(start_s):
            if frame.index == self._at_frame:
                self._find()
            yield frame
        self._find()

    def _find(self) -> None:
        self.is_damaged = True
        self.damage = Damage("a packet is broken", lost=((0.08, 0.12),), flagged_frames=1)


class Opener:
    """Stands for `open_source`: hands out one source after another, and notes the threads."""

    def __init__(self, *sources: Source) -> None:
        self._sources = list(sources)
        self.threads: list[int | None] = []

    def __call__(self, spec: str, *, decode_threads: int | None = None) -> Source:
        self.threads.append(decode_threads)
        return self._sources.pop(0)


@pytest.fixture
def opener(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Opener]:
    def install(*sources: Source) -> Opener:
        chosen = Opener(*sources)
        monkeypatch.setattr(one, "open_source", chosen)
        return chosen

    return install


def analyse(sinks: list[CollectingSink], **options: object) -> one.Outcome:
    def make_sinks(source: Source) -> list[CollectingSink]:
        sinks.append(CollectingSink())
        return sinks[-1:]

    return analyse_one("x", SETTINGS, Models(), make_sinks=make_sinks, **options)  # type: ignore[arg-type]


def test_every_moment_reaches_the_sinks_and_the_last_one_has_no_frame(
    opener: Callable[..., Opener],
) -> None:
    opener(ScriptedSource(5))
    sinks: list[CollectingSink] = []

    outcome = analyse(sinks)

    assert outcome.frames == 5
    assert outcome.size == (64, 48)
    assert outcome.duration_s == pytest.approx(0.2)
    assert not outcome.is_partial
    assert sinks[0].indices == [0, 1, 2, 3, 4]
    assert sinks[0].moments[-1].frame is None
    assert sinks[0].endings == ["closed"]


@pytest.mark.parametrize("at_frame", [2, None])
def test_damage_makes_it_begin_again_with_one_thread(
    opener: Callable[..., Opener], at_frame: int | None
) -> None:
    chosen = opener(DamagedSource(at_frame=at_frame), DamagedSource(at_frame=at_frame))
    sinks: list[CollectingSink] = []

    outcome = analyse(sinks, decode_threads=2)

    assert chosen.threads == [2, 1]
    assert [sink.endings for sink in sinks] == [["abandoned"], ["closed"]]
    assert sinks[1].indices == [0, 1, 2, 3, 4]
    assert outcome.is_partial


def test_with_one_thread_damage_is_read_past_at_once(opener: Callable[..., Opener]) -> None:
    chosen = opener(DamagedSource(at_frame=2))

    outcome = analyse([], decode_threads=1)

    assert chosen.threads == [1]
    assert outcome.frames == 5
    assert outcome.is_partial


def test_a_live_source_is_refused(opener: Callable[..., Opener]) -> None:
    source = ScriptedSource(None, is_live=True)
    opener(source)

    with pytest.raises(SourceError, match="never ends"):
        analyse([])

    assert source.times_closed == 1


def test_a_source_without_pictures_is_an_error_and_leaves_nothing(
    opener: Callable[..., Opener],
) -> None:
    opener(ScriptedSource(0))
    sinks: list[CollectingSink] = []

    with pytest.raises(SourceError, match="no picture"):
        analyse(sinks)

    assert sinks[0].endings == ["abandoned"]


@pytest.mark.parametrize("error", [SourceError("gone"), KeyboardInterrupt()])
def test_whatever_ends_the_reading_abandons_the_sinks(
    opener: Callable[..., Opener], error: BaseException
) -> None:
    source = ScriptedSource(3, error=error)  # type: ignore[arg-type]
    opener(source)
    sinks: list[CollectingSink] = []

    with pytest.raises(type(error)):
        analyse(sinks)

    assert sinks[0].endings == ["abandoned"]
    assert source.times_closed == 1


def test_a_sink_that_cannot_publish_makes_the_others_abandon(
    opener: Callable[..., Opener],
) -> None:
    class Full(CollectingSink):
        def close(self) -> None:
            raise OutputError("the disk is full")

    opener(ScriptedSource(2))
    sinks = [CollectingSink(), Full(), CollectingSink()]

    with pytest.raises(OutputError):
        analyse_one("x", SETTINGS, Models(), make_sinks=lambda source: sinks)

    assert sinks[2].endings == ["abandoned"]


def test_progress_says_how_many_seconds_are_done(opener: Callable[..., Opener]) -> None:
    opener(ScriptedSource(2))
    said: list[tuple[float, float | None]] = []

    analyse_one(
        "x", SETTINGS, Models(), on_progress=lambda done_s, total_s: said.append((done_s, total_s))
    )

    assert said == [(pytest.approx(0.04), 0.08), (pytest.approx(0.08), 0.08)]


def test_what_passes_is_found_in_a_real_file(recording: Callable[..., Path]) -> None:
    moments: list[Moment] = []
    sink = CollectingSink(during=moments.append)

    outcome = analyse_one(
        str(recording()), SETTINGS, Models(), make_sinks=lambda source: [sink], decode_threads=1
    )

    (event,) = outcome.events
    assert event.start_s == pytest.approx(1.0, abs=0.2)
    assert event.end_s == pytest.approx(2.0, abs=0.3)
    assert [closed for moment in moments for closed in moment.closed] == [event]


NAMELESS = AnalysisSettings.model_validate({"recognition": {"classifier": "none"}})


def analysed(path: Path, span: Span) -> one.Outcome:
    return analyse_one(str(path), NAMELESS, Models(), span=span, decode_threads=1)


def test_a_stretch_has_the_events_of_the_whole_at_the_same_times(
    recording: Callable[..., Path],
) -> None:
    path = recording()

    whole, part = analysed(path, WHOLE), analysed(path, Span(0.6, 3.8))

    assert part.events == whole.events
    assert part.frames == 80
    assert part.duration_s == pytest.approx(3.2)


def test_what_is_under_way_at_the_start_begins_there_and_ends_at_the_end(
    recording: Callable[..., Path],
) -> None:
    (event,) = analysed(recording(), Span(1.4, 1.8)).events

    assert event.start_s == pytest.approx(1.4, abs=0.05)
    assert event.end_s == pytest.approx(1.8, abs=0.05)
    assert event.ended_by == "end"


def test_what_is_over_before_the_start_is_not_found(recording: Callable[..., Path]) -> None:
    assert analysed(recording(), Span(2.5)).events == ()


def test_frames_of_a_stretch_are_counted_from_its_first(opener: Callable[..., Opener]) -> None:
    opener(ScriptedSource(10))
    sinks: list[CollectingSink] = []

    outcome = analyse(sinks, span=Span(0.2, 0.32))

    assert sinks[0].indices == [0, 1, 2]
    assert [moment.frame.pts_s for moment in sinks[0].moments if moment.frame] == [
        pytest.approx(0.2),
        pytest.approx(0.24),
        pytest.approx(0.28),
    ]
    assert outcome.frames == 3


def test_nothing_is_read_beyond_the_end(opener: Callable[..., Opener]) -> None:
    source = ScriptedSource(3, error=SourceError("gone"))
    opener(source)

    outcome = analyse([], span=Span(end_s=0.08), decode_threads=1)

    assert outcome.frames == 2


def test_a_start_beyond_the_end_of_the_recording_is_told(opener: Callable[..., Opener]) -> None:
    opener(ScriptedSource(5))

    with pytest.raises(SourceError, match="between the start and the end"):
        analyse([], span=Span(start_s=60.0))


def test_progress_of_a_stretch_counts_from_its_start(opener: Callable[..., Opener]) -> None:
    opener(ScriptedSource(4))
    said: list[tuple[float, float | None]] = []

    analyse_one(
        "x",
        SETTINGS,
        Models(),
        span=Span(0.08, 0.12),
        on_progress=lambda done_s, total_s: said.append((done_s, total_s)),
    )

    assert said == [(0.0, pytest.approx(0.04))] * 2 + [(pytest.approx(0.04), pytest.approx(0.04))]
