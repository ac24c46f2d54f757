"""One input from its first frame to its events: the plain loop that every road is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

from motionapp.assembly import make_analysis, open_source
from motionapp.batch.slowness import Slowness
from motionapp.core.crossing import Crossing
from motionapp.core.errors import SourceError
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.seams import Damage, Sink, Source
from motionapp.recognition.clips import longest_step_s
from motionapp.runtime.span import WHOLE, Span
from motionapp.runtime.vectors import with_vectors
from motionapp.runtime.walk import walk
from motionapp.settings.tree import AnalysisSettings
from motionapp.sinks.documents import Skipped

SourceOpener = Callable[[int | None], Source]
"""Opens the input with so many threads for decoding; None lets the decoder choose."""
SinksMaker = Callable[[Source], Sequence[Sink]]
Progress = Callable[[float, float | None], None]
"""Called with the seconds done and the seconds there are, where that is known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the analysis of one input gave."""

    events: tuple[Event, ...]
    frames: int
    size: tuple[int, int]
    """Width and height of the first picture."""
    duration_s: float
    """From the first frame that was analysed to the end of the last one."""
    damage: Damage = Damage()
    crossings: tuple[Crossing, ...] = ()
    """Who went over the lines that are drawn, by time."""
    note: str | None = None
    """What of the input is left out, and what pictures that come seldom do not allow."""
    skipped: Skipped = None
    """What a fast scan has skipped; None: all was read."""

    @property
    def is_partial(self) -> bool:
        """Whether some of the input could not be read."""
        return self.damage.is_partial


def no_sinks(source: Source) -> Sequence[Sink]:
    """For whoever wants the outcome alone."""
    return ()


def analyse_one(
    spec: str,
    settings: AnalysisSettings,
    models: Models,
    *,
    open_input: SourceOpener | None = None,
    make_sinks: SinksMaker = no_sinks,
    span: Span = WHOLE,
    decode_threads: int | None = None,
    on_progress: Progress | None = None,
) -> Outcome:
    """Walk the whole road over one input.

    Parameters
    ----------
    spec : str
        What `open_source` understands, and how the input is called.
    settings : AnalysisSettings
    models : Models
        Already loaded.
    open_input : callable, optional
        Opens the input; without one it is what `spec` names.
    make_sinks : callable
        Makes the sinks for an opened source; called again when it has to be read a second time.
    span : Span
        The stretch that is analysed, as if the recording had begun and ended there.
    decode_threads : int or None
        For recordings; None lets the decoder choose.
    on_progress : callable, optional
        Told after every frame how far the reading is.

    Returns
    -------
    Outcome

    Raises
    ------
    SourceError
        The input cannot be read at all, or never ends; the sinks have been abandoned.
    OutputError
        A sink cannot write; the sinks have been abandoned.

    Notes
    -----
    After damage, decoding with several threads is not repeatable: at the first sign of it the
    input is read again from its start with one.
    """

    reading = _Reading(spec, settings, models, make_sinks, span, on_progress)
    threads = decode_threads
    while True:
        if open_input is not None:
            source = open_input(threads)
        else:
            source = with_vectors(open_source(spec, decode_threads=threads), settings)
        with closing(source), suppress(_ReadAgain):
            return reading.take(source, gives_up_at_damage=threads != 1)
        threads = 1


class _ReadAgain(Exception):
    """Damage was met while several threads decoded."""


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """All that a reading needs, be it the first or the second."""

    spec: str
    settings: AnalysisSettings
    models: Models
    make_sinks: SinksMaker
    span: Span
    on_progress: Progress | None

    def take(self, source: Source, *, gives_up_at_damage: bool) -> Outcome:
        """One reading."""
        if source.info.is_live:
            name = source.info.name  # without a password, which an address may hold
            raise SourceError(f"{name} never ends: a batch needs recordings (try motionapp watch)")
        tally = Tally()
        with opened_sinks(self.make_sinks, source) as sinks:
            analysis = make_analysis(self.settings, self.models, source_name=source.info.name)
            frames = self.span.read(source)
            for moment in walk(frames, analysis, span=self.span, on_frame=self._told(source)):
                if gives_up_at_damage and source.is_damaged:
                    raise _ReadAgain
                tally.add(moment)
                for sink in sinks:
                    sink.accept(moment)
            outcome = tally.outcome(source, self.models)
            if not outcome.frames:
                raise SourceError(self._why_nothing(source))
        return outcome

    def _told(self, source: Source) -> Callable[[Frame], None]:
        """Tells how far the reading is."""

        def on_frame(frame: Frame) -> None:
            if self.on_progress is not None:
                done_s = max(0.0, frame.pts_s + frame.duration_s - self.span.start_s)
                self.on_progress(done_s, self.span.length_s(source.info.duration_s))

        return on_frame

    def _why_nothing(self, source: Source) -> str:
        if self.span.is_whole or source.damage.is_partial:
            return f"{self.spec} holds no picture that can be read"
        return (
            f"{self.spec} has no picture between the start and the end that were asked for: "
            "give times within the recording"
        )


class Tally:
    """Adds up what a reading gives."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.crossings: list[Crossing] = []
        self._frames = 0
        self._size = (0, 0)
        self._from_s = self._to_s = 0.0
        self._slowness = Slowness()

    def add(self, moment: Moment) -> None:
        """Take note of a moment."""
        self.events.extend(moment.closed)
        self.crossings.extend(moment.crossings)
        if (frame := moment.frame) is None:
            return
        if not self._frames:
            self._size, self._from_s = frame.epoch.size, frame.pts_s
        self._frames += 1
        self._slowness.step(frame)
        self._to_s = frame.pts_s + frame.duration_s

    def outcome(self, source: Source, models: Models) -> Outcome:
        """All of it as a value."""
        length_s = self._to_s - self._from_s
        slow = self._slowness.note(naming_step_s=naming_step_s(models))
        note = "; ".join(filter(None, [source.info.note, slow])) or None
        return Outcome(
            tuple(self.events),
            self._frames,
            self._size,
            length_s,
            source.damage,
            tuple(sorted(self.crossings, key=lambda one: one.t_s)),
            note,
        )


def naming_step_s(models: Models) -> float | None:
    """Seconds between pictures up to which a network can name; None without one."""
    if models.recogniser is None:
        return None
    return longest_step_s(models.recogniser.contract.representation)


@contextmanager
def opened_sinks(make_sinks: SinksMaker, source: Source) -> Iterator[Sequence[Sink]]:
    """Sinks that are closed when all went well, and abandoned on every other way out."""
    sinks = make_sinks(source)
    try:
        yield sinks
        for sink in sinks:
            sink.close()
    except BaseException:  # also Ctrl-C: whatever ends us, nothing half-written stays
        for sink in sinks:
            sink.abandon()
        raise
