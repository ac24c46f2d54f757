"""Follows one source without a window until it ends or a signal comes."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from motionapp import assembly
from motionapp.analysis import Analysis
from motionapp.core.errors import SourceError
from motionapp.core.models import Models
from motionapp.core.seams import Damage, Source
from motionapp.runtime import Pipeline, Road, Snapshot, ThreadPlan, apply_threads, plan_threads
from motionapp.runtime.vectors import with_vectors
from motionapp.settings import RunSettings, Settings
from motionapp.sinks import JsonLinesSink
from motionapp.sinks.rotation import Rotation
from motionapp.watch.lines import PlainLinesSink
from motionapp.watch.signals import HANGUP, News, caught_signals, wait_for_news

PATIENCE_S = 0.5
"""A source that hangs when a signal comes is waited for no longer than this."""


def follow(
    spec: str,
    settings: Settings,
    *,
    output: TextIO,
    json_to: Path | TextIO | None = None,
    warn: Callable[[str], None] = lambda line: None,
) -> Damage:
    """Analyse a source and say what happens, until it ends or a signal comes.

    Must be called on the main thread, the only one that may catch signals.

    Parameters
    ----------
    spec : str
        What `assembly.open_source` understands.
    settings : Settings
    output : text stream
        Gets plain lines, where no JSON is asked for.
    json_to : Path, text stream or None
        Gets JSON lines instead.
    warn : callable
        Gets a line that concerns the whole run: why movements are not named, what was lost.

    Returns
    -------
    Damage
        What could not be read of the source; nothing where a signal ended it.

    Raises
    ------
    MotionAppError
        The source cannot be read, a model cannot be used, or the lines cannot be written.
    """
    apply_threads(threads := plan_threads(settings.run.threads))
    news: News = queue.SimpleQueue()
    with caught_signals(news) as outlives_terminal:
        models = assembly.load_models(settings.analysis, threads=threads.network)
        if models.note:
            warn(models.note)
        source = _opened(spec, settings, threads, on_lost=lambda why: _lost(why, pipeline, warn))
        try:
            analysis = _analysis(source, settings, models)
            meters: Callable[[], Snapshot] = lambda: pipeline.snapshot()  # noqa: E731  made below
            sink = _sink(output, json_to, settings.run, meters=meters, warn=warn)
        except BaseException:
            source.close()
            raise
        pipeline = _pipeline(source, Road(analysis, [sink]), settings, news)
        try:
            on_hangup = _on_hangup(sink, json_to, outlives_terminal=outlives_terminal)
            is_stopped = _ran_until_stopped(pipeline, news, on_hangup)
        except SourceError:
            if sink.complaint:  # of two errors one is raised
                warn(sink.complaint)
            raise
    damage = Damage() if is_stopped else source.damage
    if damage.is_partial:
        warn(damage.sentence(source.info.name))
    return damage


def _pipeline(source: Source, road: Road, settings: Settings, news: News) -> Pipeline:
    return Pipeline(
        source,
        [road],
        pace=settings.run.pace,
        patience_s=PATIENCE_S,
        on_end=lambda: news.put(None),
    )


def _opened(
    spec: str, settings: Settings, threads: ThreadPlan, *, on_lost: Callable[[str], None]
) -> Source:
    """At pace max the events are compared with a batch's.

    One decode thread then: it repeats itself after a damaged packet too.
    """
    decode_threads = threads.decode if settings.run.pace == "real" else 1
    if settings.run.reconnect:
        source = assembly.open_lasting(spec, decode_threads=decode_threads, on_lost=on_lost)
    else:
        source = assembly.open_source(spec, decode_threads=decode_threads)
    return with_vectors(source, settings.analysis)


def _lost(why: str, pipeline: Pipeline, warn: Callable[[str], None]) -> None:
    warn(
        f"{why} It is looked for again." if why.endswith("?") else f"{why}; it is looked for again"
    )
    pipeline.note_loss(why)


def _on_hangup(
    sink: PlainLinesSink | JsonLinesSink,
    json_to: Path | TextIO | None,
    *,
    outlives_terminal: bool,
) -> Callable[[], None] | None:
    """What begins a new file, or nothing where the terminal may go; None ends the watch."""
    if isinstance(sink, JsonLinesSink) and isinstance(json_to, Path):
        return sink.reopen
    return (lambda: None) if outlives_terminal else None


def _ran_until_stopped(
    pipeline: Pipeline, news: News, on_hangup: Callable[[], None] | None
) -> bool:
    """Whether a signal ended it, and not the source.

    A hangup asks whoever writes into a file to begin a new one; to others, the terminal has gone.
    """
    with pipeline:
        while (number := wait_for_news(news)) is not None:
            if number != HANGUP or on_hangup is None:
                return True
            on_hangup()
        pipeline.wait()
    return False


def _sink(
    output: TextIO,
    json_to: Path | TextIO | None,
    run: RunSettings,
    *,
    meters: Callable[[], Snapshot],
    warn: Callable[[str], None],
) -> PlainLinesSink | JsonLinesSink:
    if json_to is None:
        return PlainLinesSink(output, warn=warn)
    most_bytes = None if run.lines_max_mb is None else round(run.lines_max_mb * 1_000_000)
    rotation = Rotation(most_bytes, is_daily=run.lines_daily, keep=run.lines_keep)
    return JsonLinesSink(json_to, drops=lambda: meters().dropped, rotation=rotation, warn=warn)


def _analysis(source: Source, settings: Settings, models: Models) -> Analysis:
    chosen = assembly.live_analysis(settings) if source.info.is_live else settings.analysis
    return assembly.make_analysis(chosen, models, source_name=source.info.name)
