"""Into which parts an input falls, and one of them: looked at and told, nothing written."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from motionapp.assembly import make_analysis
from motionapp.batch.cataloguing import asked_by
from motionapp.batch.job import Job, open_input
from motionapp.batch.one import Progress
from motionapp.batch.part_result import Division, PartResult, Stamp, in_trouble
from motionapp.batch.plan import parts_of
from motionapp.batch.slowness import Slowness
from motionapp.catalogue.features import EventFeatures
from motionapp.core.crossing import Crossing
from motionapp.core.errors import MotionAppError
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.runtime.part import Part, PartWalk
from motionapp.settings.tree import Settings
from motionapp.sinks.stamps import StampLedger
from motionapp.sources.packet_index import read_packet_index

DAMAGED: Final = "a part of it is damaged"
"""Who reads from the start may meet a damaged picture otherwise than who begins behind it."""

_log = logging.getLogger(__name__)


def divide(
    job: Job,
    settings: Settings,
    models: Models,
    on_progress: Progress | None = None,
) -> Division:
    """Say into which parts an input falls, by its packets.

    Parameters
    ----------
    job : Job
        With `most_parts`.
    settings : Settings
    models : Models
        Already loaded: they decide how long a rest is.
    on_progress : callable, optional
        Told again and again that the reading goes on.

    Returns
    -------
    Division
        Into none where it is analysed whole, also where it cannot be read: the analysis will say
        why.
    """

    def on_read() -> None:
        if on_progress is not None:
            on_progress(0.0, None)

    try:
        index = read_packet_index(Path(job.spec), settings.run.video_stream, on_read=on_read)
        analysis = make_analysis(settings.analysis, models, source_name="")
        parts = parts_of(
            index, at_most=job.most_parts, workers=settings.run.workers, rest_s=analysis.rest_s
        )
    except MotionAppError:
        return Division()
    return Division(parts, index.duration_s)


def run_part(
    job: Job,
    settings: Settings,
    models: Models,
    on_progress: Progress | None = None,
    on_open: Callable[[int], object] = lambda picture_px: None,
) -> PartResult:
    """Analyse a part of one input.

    Parameters
    ----------
    job : Job
        With a part.
    settings : Settings
    models : Models
        Already loaded.
    on_progress : callable, optional
        Told how far it is, in seconds of the part.
    on_open : callable
        Told once how many pixels its pictures have.

    Returns
    -------
    PartResult
        In trouble where it could not be done: the analysis of the whole will say why.
    """
    assert job.part is not None
    try:
        with closing(open_input(job, settings, job.threads)) as source:
            if source.info.size is not None:
                on_open(source.info.size[0] * source.info.size[1])
            return _Looking(job.part, source, on_progress).result(
                settings, asked_by(settings, models)
            )
    except MotionAppError as error:
        return in_trouble(f"a part of it could not be read ({error})")
    except Exception as error:  # noqa: BLE001  the job ends here, and the next one is not to blame
        _log.debug("internal error", exc_info=True)
        return in_trouble(f"an error of the program itself in a part of it: {error!r}")


class _Looking:
    """Leads the source along the road and adds up what it gives."""

    def __init__(self, part: Part, source: Source, on_progress: Progress | None) -> None:
        self._part, self._source, self._on_progress = part, source, on_progress
        self._events: list[Event] = []
        self._crossings: list[Crossing] = []
        self._stamps: list[Stamp] = []
        self._ledger = StampLedger(lambda pts_s: None)
        self._slowness = Slowness()
        self._features = EventFeatures()
        self._frames, self._size, self._ends_s = 0, (0, 0), 0.0

    def result(self, settings: Settings, models: Models) -> PartResult:
        """Look at all of the part, and tell."""
        source = self._source
        analysis = make_analysis(settings.analysis, models, source_name=source.info.name)
        walk = PartWalk(self._part, analysis)

        def on_frame(frame: Frame) -> None:
            if walk.owned_from_s is None:
                self._slowness.lead_in(frame)
            self._tell(frame)

        for moment in walk.read(source, on_frame=on_frame):
            if source.is_damaged:
                return in_trouble(DAMAGED)
            self._add(moment)
        if source.damage.is_partial:
            return in_trouble(DAMAGED)
        return PartResult(
            owned_from_s=walk.owned_from_s,
            handed_over_s=walk.handed_over_s,
            has_waited=walk.is_given_up,
            events=tuple(self._events),
            crossings=tuple(self._crossings),
            frames=self._frames,
            size=self._size,
            ends_s=self._ends_s,
            stamps=tuple(self._stamps),
            steps_s=tuple(self._slowness.seconds.items()),
            note=source.info.note,
            features=tuple((name, known.hex()) for name, known in self._features.known.items()),
        )

    def _add(self, moment: Moment) -> None:
        self._features.accept(moment)
        self._events += moment.closed
        self._crossings += moment.crossings
        if (frame := moment.frame) is None:
            return
        if not self._frames:
            self._size = frame.epoch.size
        has_jumped = self._ledger.step(frame)
        if has_jumped or self._stamps[-1].size != frame.epoch.size:
            self._stamps.append(Stamp.of(frame))
        self._frames += 1
        self._slowness.step(frame)
        self._ends_s = frame.pts_s + frame.duration_s

    def _tell(self, frame: Frame) -> None:
        if self._on_progress is not None:
            done_s = max(0.0, frame.pts_s + frame.duration_s - self._part.start_s)
            self._on_progress(done_s, None)
