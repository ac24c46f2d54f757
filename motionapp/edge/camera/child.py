"""A camera's process at work: reads its job and requests, and tells the parent what happens."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self, TextIO, cast

import cv2

from motionapp import assembly
from motionapp.core.errors import MotionAppError
from motionapp.edge.camera.answers import Answers
from motionapp.edge.camera.drawing import HeatInMemory, Newest
from motionapp.edge.camera.health_sink import HealthSink
from motionapp.edge.camera.reasons import Reasons
from motionapp.edge.camera.recorder import Recorded
from motionapp.edge.camera.recording import recording_of
from motionapp.edge.camera.settings import sensitivity_of, settings_of
from motionapp.edge.camera.snapshots import Snapshots
from motionapp.edge.protocol import BEAT_S, Job, Message, message_in, picture_text, read_job
from motionapp.edge.store.names import free_path
from motionapp.privacy import cover_of, covered_source
from motionapp.runtime import Pipeline, Road, apply_threads, plan_threads
from motionapp.runtime.arenas import give_back
from motionapp.runtime.vectors import with_vectors
from motionapp.settings import AnalysisSettings, Settings
from motionapp.sinks import JsonLinesSink

FAREWELL_S: Final = 2.0
"""So long it may take to close what is being written, once there are no more requests."""
ORPHANED: Final = 1
PATIENCE_S: Final = 0.5
"""A source that hangs when all is to end is waited for no longer."""
GIVE_BACK_BEATS: Final = 60
"""What is free goes back to the system once a minute."""


def serve(lines: Iterator[str], out: TextIO) -> None:
    """Watch the camera of the job in the first line until there are no more lines.

    Parameters
    ----------
    lines : iterator of str
        From the parent; their end is an order to end.
    out : text stream
        To the parent.
    """
    answers = Answers(out)
    try:
        with Child(read_job(next(lines)), answers) as child:
            for line in lines:
                child.hear(message_in(line))
    except MotionAppError as error:
        answers.say("failed", why=str(error))


class Child:
    """One camera, watched from entering the `with` block until it is left.

    Parameters
    ----------
    job : Job
    answers : Answers

    Raises
    ------
    MotionAppError
        Its settings, models or address cannot be used.
    """

    def __init__(self, job: Job, answers: Answers) -> None:
        self._job, self._answers = job, answers
        self._changes = dict(job.changes)
        self._settings = settings_of(job.camera, self._changes)
        self._threads = plan_threads(job.camera.threads)
        self._newest = Newest()
        self._heat = HeatInMemory(job.folder)
        self._reasons = Reasons(lambda: self._analysis_settings)
        self._lost_ns = 0
        """When the source was lost last."""
        self._is_over = threading.Event()
        self._beats = threading.Thread(target=self._beat, name="beat")
        self._closing = ExitStack()
        self._pipeline = self._road()

    def __enter__(self) -> Self:
        self._say_settings()
        self._closing.enter_context(self._recording.running())
        self._closing.enter_context(self._pipeline)
        self._beats.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._beats.join()
        self._closing.close()

    def hear(self, message: Message) -> None:
        """Do what the parent asks, and answer."""
        kind, number = message["type"], message.get("number")
        if kind == "picture":
            self._answer_picture(number, self._newest.jpeg())
        elif kind == "heat":
            self._answer_picture(number, self._heat_png())
        elif kind == "why":
            at_utc = datetime.fromisoformat(message["at_utc"])
            self._answers.say("answer", number=number, **self._reasons.answer(at_utc))
        elif kind == "change":
            self._change(number, message["changes"])
        elif kind == "recording" and self._recording.recorder is not None:
            self._recording.recorder.allow(message["is_allowed"])

    # -- made once --------------------------------------------------------------------------

    @property
    def _analysis_settings(self) -> AnalysisSettings:
        return self._settings.analysis

    def _road(self) -> Pipeline:
        settings = self._settings
        apply_threads(self._threads)
        models = assembly.load_models(settings.analysis, threads=self._threads.network)
        if models.note:
            self._warn(models.note)
        job, name = self._job, self._job.camera.name
        self._recording = recording_of(
            job,
            cover_of(settings.analysis.zones),
            self._tell_file,
            on_lost=lambda why: self._tell_health("outage", datetime.now(UTC), why, "recording"),
            on_back=lambda: self._tell_health("outage", datetime.now(UTC), "", "recording"),
        )
        opened = assembly.open_lasting(
            job.camera.url.get_secret_value(),
            decode_threads=self._threads.decode,
            on_lost=self._note_loss,
            tap=self._recording.tap,
        )
        opened = with_vectors(opened, settings.analysis)
        self._source = covered_source(opened, settings.analysis.zones)
        lines = JsonLinesSink(
            cast(TextIO, self._answers),  # of which it uses `write` and `flush` alone
            drops=lambda: self._pipeline.snapshot().dropped,
            warn=self._warn,
        )
        snapshots = Snapshots(
            lambda at_utc: job.folder / free_path(job.folder, name, at_utc, ending="jpg"),
            kept=lambda event, path: self._answers.say(
                "kept", id=event, snapshot=self._relative(path)
            ),
            warn=self._warn,
        )
        watch = HealthSink(self._tell_health)
        analysis = assembly.make_analysis(
            assembly.live_analysis(settings), models, source_name=name
        )
        sink, onlooker = self._recording.sink, self._recording.onlooker
        recording = [] if sink is None else [sink]
        return Pipeline(
            self._source,
            [Road(analysis, [lines, *recording, snapshots, watch, self._heat, self._reasons])],
            [self._newest, *([] if onlooker is None else [onlooker])],
            patience_s=PATIENCE_S,
            on_end=lambda: self._answers.say("over"),
        )

    def _note_loss(self, why: str) -> None:
        self._lost_ns = time.monotonic_ns()
        self._pipeline.note_loss(why)

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._job.folder).as_posix()

    # -- answers ----------------------------------------------------------------------------

    def _warn(self, sentence: str) -> None:
        self._answers.say("warning", sentence=sentence)

    def _tell_file(self, file: Recorded) -> None:
        """What has become of a recording."""
        end_utc = file.start_utc + timedelta(seconds=file.length_s)
        self._answers.say(
            "recording",
            change=file.change,
            path=file.path,
            start_utc=file.start_utc.isoformat(),
            end_utc=end_utc.isoformat(),
            events=list(file.event_ids),
            why=file.why,
        )

    def _tell_health(self, kind: str, at_utc: datetime, why: str, zone: str = "all") -> None:
        """What is wrong with the camera, or its recorded stream; no reason: it is over."""
        utc = at_utc.isoformat()
        self._answers.say("health", kind=kind, zone=zone, begins=bool(why), utc=utc, why=why)

    def _answer_picture(self, number: object, content: bytes | None) -> None:
        text = None if content is None else picture_text(content)
        self._answers.say("answer", number=number, picture=text)

    def _heat_png(self) -> bytes | None:
        picture = self._heat.picture()
        return None if picture is None else cv2.imencode(".png", picture)[1].tobytes()

    def _change(self, number: object, changes: Mapping[str, Any]) -> None:
        """Analyse otherwise from the next frame on, or say why not."""
        wanted = {**self._changes, **changes}
        try:
            settings = self._otherwise(wanted)
            models = assembly.load_models(settings.analysis, threads=self._threads.network)
        except MotionAppError as error:
            self._answers.say("answer", number=number, refused=str(error))
            return
        self._changes, self._settings = wanted, settings
        self._pipeline.change(assembly.live_analysis(settings), models)
        self._say_settings()
        self._answers.say("answer", number=number, refused=None)

    def _otherwise(self, changes: Mapping[str, Any]) -> Settings:
        """The settings with changes. Zones stay: what is covered is covered from the start on."""
        settings = settings_of(self._job.camera, changes)
        zones = {"zones": self._settings.analysis.zones}
        return settings.model_copy(update={"analysis": settings.analysis.model_copy(update=zones)})

    def _say_settings(self) -> None:
        self._answers.say(
            "settings",
            frontend=self._settings.analysis.frontend,
            sensitivity=sensitivity_of(self._settings),
        )

    def _beat(self) -> None:
        """Tell each second that all is well, or how it is not."""
        beats = 0
        while not self._is_over.wait(BEAT_S):
            beats += 1
            if beats % GIVE_BACK_BEATS == 0:
                give_back()
            try:
                self._answers.say("beat", **self._figures())
            except OSError:  # the parent has gone: its end of our input says so, too
                return

    def _figures(self) -> dict[str, Any]:
        snapshot = self._pipeline.snapshot()
        captured_ns = self._newest.captured_ns
        age_s = None
        if captured_ns is not None and captured_ns > self._lost_ns:  # of what is there now
            age_s = (time.monotonic_ns() - captured_ns) / 1e9
        size, recorder = self._source.info.size, self._recording.recorder
        return {
            "utc": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "pictures": snapshot.analysed,
            "pictures_hz": round(snapshot.analysis_hz, 2),
            "age_s": None if age_s is None else round(max(0.0, age_s), 3),
            "apart_s": round(self._newest.apart_s, 3),
            "dropped": snapshot.dropped,
            "size": None if size is None else list(size),
            "written_bytes": 0 if recorder is None else recorder.budget.total_bytes,
        }


def lines_of(stream: TextIO) -> Iterator[str]:
    """The lines of a pipe; this process ends on the spot where it does not end well after them."""
    yield from stream
    timer = threading.Timer(FAREWELL_S, os._exit, (ORPHANED,))
    timer.daemon = True
    timer.start()
