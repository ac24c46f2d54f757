"""Follows one source without a window until it ends or a signal comes."""

from __future__ import annotations

import queue
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from motionapp import assembly
from motionapp.core.errors import SourceError
from motionapp.core.seams import Damage, Source
from motionapp.runtime import Pipeline, Road, apply_threads, plan_threads
from motionapp.settings import AnalysisSettings, Settings
from motionapp.sinks import JsonLinesSink
from motionapp.watch.lines import PlainLinesSink
from motionapp.watch.signals import News, caught_signals, wait_for_news

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
    threads = plan_threads(settings.run.threads)
    apply_threads(threads)
    news: News = queue.SimpleQueue()
    with caught_signals(news):
        models = assembly.load_models(settings.analysis, threads=threads.network)
        if models.note:
            warn(models.note)
        # At pace max the events are compared with a batch's: one decode thread repeats itself
        # after a damaged packet too.
        decode_threads = threads.decode if settings.run.pace == "real" else 1
        source = assembly.open_source(spec, decode_threads=decode_threads)
        try:
            analysis = assembly.make_analysis(
                _for(source, settings), models, source_name=source.info.name
            )
            sink = (
                PlainLinesSink(output, warn=warn)
                if json_to is None
                else JsonLinesSink(json_to, drops=lambda: pipeline.snapshot().dropped, warn=warn)
            )
        except BaseException:
            source.close()
            raise
        pipeline = Pipeline(
            source,
            [Road(analysis, [sink])],
            pace=settings.run.pace,
            patience_s=PATIENCE_S,
            on_end=lambda: news.put(None),
        )
        try:
            with pipeline:
                is_stopped = wait_for_news(news) is not None
                if not is_stopped:
                    pipeline.wait()
        except SourceError:
            if sink.complaint:  # of two errors one is raised
                warn(sink.complaint)
            raise
    damage = Damage() if is_stopped else source.damage
    if damage.is_partial:
        warn(damage.sentence(source.info.name))
    return damage


def _for(source: Source, settings: Settings) -> AnalysisSettings:
    """A live source's events are cut sooner: who follows waits for the whole of each."""
    analysis = settings.analysis
    if not source.info.is_live or analysis.events.max_event_s <= settings.run.live_max_s:
        return analysis
    events = analysis.events.model_copy(update={"max_event_s": settings.run.live_max_s})
    return analysis.model_copy(update={"events": events})
