"""One input by fast scan: read where something may move, and what is skipped is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from motionapp.analysis import Analysis
from motionapp.assembly import make_analysis
from motionapp.batch.one import (
    Outcome,
    Progress,
    SinksMaker,
    SourceOpener,
    Tally,
    no_sinks,
    opened_sinks,
)
from motionapp.core.errors import SettingsError
from motionapp.core.frame import Frame
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.frontends import registry
from motionapp.privacy import bare_source
from motionapp.scan.look import GateLooks
from motionapp.scan.plan import Stretch
from motionapp.scan.quiet import unrest_of
from motionapp.scan.walk import FastWalk, NothingRests, lead_of, stretches_to_read
from motionapp.settings.tree import AnalysisSettings, Settings
from motionapp.sources.file import FileSource
from motionapp.sources.packet_index import read_packet_index

SHORTEST_S: Final = 180.0
"""Of a shorter recording, what is read round a single event is a good part, and the three looks
that show a busy one to be busy take more than a twentieth (each 3 % of 80 s of people in a
square)."""


class ReadExactly(Exception):
    """A fast scan cannot be had of this input; the sentence says why, and may be empty."""


@dataclass(frozen=True, slots=True, eq=False)
class Skipping:
    """What a fast scan is asked to do."""

    path: Path
    threshold: float
    video_stream: int | None = None
    on_skipped: Callable[[tuple[tuple[float, float], ...]], object] = lambda skipped: None
    """Told what was skipped, before the sinks are closed."""


def check_scan(settings: Settings) -> None:
    """See that a fast scan can give what is asked for.

    Raises
    ------
    SettingsError
        It needs every picture.
    """
    run = settings.run
    if run.scan != "fast":
        return
    asked = {
        "run.annotated": run.annotated,
        "run.masks": run.masks,
        "run.frames": run.frames != "none",
        "run.start_s or run.end_s": run.start_s is not None or run.end_s is not None,
        "run.join": run.join,
    }
    for name, is_asked in asked.items():
        if is_asked:
            raise SettingsError(
                f"run.scan is fast, which skips pictures, and {name} is about all of them: "
                "leave one of the two out"
            )
    if registry.gate_of(settings.analysis.frontend) != registry.GATE:
        raise SettingsError(
            f"run.scan is fast, but {settings.analysis.frontend} learns from every picture, so "
            "that nothing can be skipped: choose another front-end, or run.scan exact"
        )


def scan_one(
    settings: AnalysisSettings,
    models: Models,
    skipping: Skipping,
    *,
    open_input: SourceOpener,
    make_sinks: SinksMaker = no_sinks,
    decode_threads: int | None = None,
    on_progress: Progress | None = None,
) -> Outcome:
    """Walk the road over the stretches of a recording that may hold motion.

    Parameters
    ----------
    settings : AnalysisSettings
    models : Models
        Already loaded.
    skipping : Skipping
    open_input : callable
        Opens the input.
    make_sinks : callable
        Makes the sinks for an opened source.
    decode_threads : int or None
    on_progress : callable, optional
        Told after every frame how far the reading is.

    Returns
    -------
    Outcome
        With what was skipped.

    Raises
    ------
    ReadExactly
        Nothing can be skipped; the sinks have been abandoned.
    SourceError, OutputError
        As `analyse_one`.
    """
    with closing(open_input(decode_threads)) as source:
        recording = bare_source(source)
        if not isinstance(recording, FileSource):
            raise ReadExactly("it is no recording with packets")
        recording.keep_open()
        scan = _Scan(source, settings, models, skipping, on_progress)
        stretches = scan.stretches()
        with opened_sinks(make_sinks, source) as sinks:
            tally = Tally()
            walk = FastWalk(stretches, scan.duration_s, scan.analysis)
            for moment in scan.moments(walk):
                tally.add(moment)
                for sink in sinks:
                    sink.accept(moment)
            outcome = tally.outcome(source, models)
            found = tuple((each.from_s, each.to_s) for each in walk.skipped)
            skipping.on_skipped(found)
        return _told(outcome, found, scan.duration_s)


class _Scan:
    """What the steps of a scan share."""

    def __init__(
        self,
        source: Source,
        settings: AnalysisSettings,
        models: Models,
        skipping: Skipping,
        on_progress: Progress | None,
    ) -> None:
        self._source, self._settings, self._models = source, settings, models
        self._skipping, self._on_progress = skipping, on_progress
        self.duration_s = 0.0

    def stretches(self) -> list[Stretch]:
        """What may hold motion; raises `ReadExactly` where that is all, or cannot be told."""
        if not self._source.info.is_seekable:
            raise ReadExactly("it cannot be sought in")
        if (self._source.info.duration_s or SHORTEST_S) < SHORTEST_S:
            raise ReadExactly("")
        index = read_packet_index(
            self._skipping.path, self._skipping.video_stream, on_read=self._beat
        )
        if not (index.is_sound and index.can_seek):
            raise ReadExactly("its packets are damaged, or their time stamps are uneven")
        self.duration_s = index.duration_s
        looks = GateLooks(self._source, self._settings, on_frame=lambda frame: self._beat())
        lead_s = lead_of(self.analysis())
        found = stretches_to_read(
            unrest_of(index), looks, threshold=self._skipping.threshold, lead_s=lead_s
        )
        self.check_damage()
        if [each.from_s for each in found] == [0.0] and found[0].to_s >= self.duration_s:
            raise ReadExactly("something moves all the time")
        return found

    def analysis(self) -> Analysis:
        """One for every part."""
        return make_analysis(self._settings, self._models, source_name=self._source.info.name)

    def moments(self, walk: FastWalk) -> Iterator[Moment]:
        """What a walk gives; raises `ReadExactly` where it cannot be used."""
        try:
            for moment in walk.moments(self._source, on_frame=self.told):
                self.check_damage()
                yield moment
        except NothingRests:
            raise ReadExactly("it hardly ever rests") from None
        self.check_damage()

    def told(self, frame: Frame) -> None:
        """Tells how far the reading is."""
        if self._on_progress is not None:
            self._on_progress(frame.pts_s + frame.duration_s, self.duration_s or None)

    def _beat(self) -> None:
        """What comes before the reading is no progress, but goes on."""
        if self._on_progress is not None:
            self._on_progress(0.0, self.duration_s or None)

    def check_damage(self) -> None:
        """Whoever begins behind damage may meet it otherwise than who reads from the start."""
        if self._source.is_damaged:
            raise ReadExactly("a part of it is damaged")


def _told(outcome: Outcome, found: tuple[tuple[float, float], ...], duration_s: float) -> Outcome:
    skipped_s = sum(to_s - from_s for from_s, to_s in found)
    share = skipped_s / duration_s if duration_s else 0.0
    said = (
        f"fast scan: {skipped_s:.0f} s ({share:.1%}) in {len(found)} stretches were skipped, in "
        "which the packets' sizes show no motion"
    )
    note = "; ".join(filter(None, [outcome.note, said]))
    return replace(outcome, note=note, skipped=found, duration_s=duration_s)
