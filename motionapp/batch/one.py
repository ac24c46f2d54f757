"""One input from its first frame to its events: the plain loop that every road is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from motionapp.analysis import Models
from motionapp.assembly import make_analysis, open_source
from motionapp.core.errors import SourceError
from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.core.seams import Damage, Sink, Source
from motionapp.settings.tree import AnalysisSettings

SinksMaker = Callable[[], Sequence[Sink]]
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
    """From the first frame to the end of the last one."""
    damage: Damage = Damage()

    @property
    def is_partial(self) -> bool:
        """Whether some of the input could not be read."""
        return self.damage.is_partial


def analyse_one(
    spec: str,
    settings: AnalysisSettings,
    models: Models,
    *,
    make_sinks: SinksMaker = tuple,
    decode_threads: int | None = None,
    on_progress: Progress | None = None,
) -> Outcome:
    """Walk the whole road over one input.

    Parameters
    ----------
    spec : str
        What `open_source` understands.
    settings : AnalysisSettings
    models : Models
        Already loaded.
    make_sinks : callable
        Makes the sinks; called again when the input has to be read a second time.
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
    try:
        return _walk(spec, settings, models, make_sinks, decode_threads, on_progress)
    except _ReadAgain:
        return _walk(spec, settings, models, make_sinks, 1, on_progress)


class _ReadAgain(Exception):
    """Damage was met while several threads decoded."""


def _walk(
    spec: str,
    settings: AnalysisSettings,
    models: Models,
    make_sinks: SinksMaker,
    decode_threads: int | None,
    on_progress: Progress | None,
) -> Outcome:
    """One reading."""
    source = open_source(spec, decode_threads=decode_threads)
    try:
        if source.info.is_live:
            name = source.info.name  # without a password, which an address may hold
            raise SourceError(f"{name} never ends: a batch needs recordings (try motionapp watch)")
        with _sinks(make_sinks) as sinks:
            outcome = _read(source, settings, models, sinks, decode_threads != 1, on_progress)
            if not outcome.frames:
                raise SourceError(f"{spec} holds no picture that can be read")
            return outcome
    finally:
        source.close()


def _read(
    source: Source,
    settings: AnalysisSettings,
    models: Models,
    sinks: Sequence[Sink],
    gives_up_at_damage: bool,
    on_progress: Progress | None,
) -> Outcome:
    analysis = make_analysis(settings, models, source_name=source.info.name)
    events: list[Event] = []
    frames, size, duration_s = 0, (0, 0), 0.0

    def pass_on(moment: Moment) -> None:
        events.extend(moment.closed)
        for sink in sinks:
            sink.accept(moment)

    for frame in source.frames():
        if gives_up_at_damage and source.is_damaged:
            raise _ReadAgain
        size = size if frames else frame.epoch.size
        frames, duration_s = frames + 1, frame.pts_s + frame.duration_s
        pass_on(analysis.step(frame))
        if on_progress is not None:
            on_progress(duration_s, source.info.duration_s)
    if gives_up_at_damage and source.is_damaged:
        raise _ReadAgain
    pass_on(analysis.finish())
    return Outcome(tuple(events), frames, size, duration_s, source.damage)


@contextmanager
def _sinks(make_sinks: SinksMaker) -> Iterator[Sequence[Sink]]:
    """Sinks that are closed when all went well, and abandoned on every other way out."""
    sinks = make_sinks()
    try:
        yield sinks
        for sink in sinks:
            sink.close()
    except BaseException:  # also Ctrl-C: whatever ends us, nothing half-written stays
        for sink in sinks:
            sink.abandon()
        raise
