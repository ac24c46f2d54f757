"""Puts a camera's recorder between what is read and what is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from motionapp.core.addresses import is_stream
from motionapp.core.cover import Cover
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.edge.camera.covered import CoveredRecorder
from motionapp.edge.camera.recorder import Recorder, Told
from motionapp.edge.protocol import Job
from motionapp.runtime.viewer import Onlooker
from motionapp.sources.packet_reader import PacketReader
from motionapp.sources.packets import Tap


class RecordingSink:
    """Tells a recorder of events, and of losses.

    Parameters
    ----------
    recorder : Recorder or CoveredRecorder
    is_same : bool
        What is analysed is recorded: lost to the one, it is lost to the other.
    """

    def __init__(self, recorder: Recorder | CoveredRecorder, *, is_same: bool) -> None:
        self._recorder, self._is_same = recorder, is_same
        self._starts: dict[str, datetime] = {}
        """When second 0 was, by the epochs in which open events began."""

    def accept(self, moment: Moment) -> None:
        """Take note of what opens, closes or is lost."""
        start = None if moment.frame is None else moment.frame.epoch.start_utc
        for event in moment.opened:
            if start is not None:
                self._starts[event.event_id] = start
                self._recorder.event_opened(event.event_id, _at(start, event.start_s))
        for event in moment.closed:
            self._close(event)
        if moment.loss and self._is_same:
            self._recorder.note_lost()

    def close(self) -> None:
        """Files are closed with the recorder."""

    def abandon(self) -> None:
        """What is written is written."""

    def _close(self, event: Event) -> None:
        begun = self._starts.pop(event.event_id, None)
        if begun is not None:
            self._recorder.event_closed(event.event_id, _at(begun, event.end_s))


class Looking:
    """Gives a recorder that encodes anew the pictures as they come."""

    stage = "recorder"

    def __init__(self, recorder: CoveredRecorder) -> None:
        self._recorder = recorder

    @property
    def dropped(self) -> int:
        """Pictures that the encoder could not follow."""
        return self._recorder.dropped

    def show(self, frame: Frame) -> None:
        """A picture has come."""
        self._recorder.show(frame)

    def note(self, moment: Moment) -> None:
        """What was found is told by the sink, in order."""

    def close(self) -> None:
        """The recorder is closed by whoever opened it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """How a camera is recorded; all None where it is not."""

    recorder: Recorder | CoveredRecorder | None = None
    tap: Tap | None = None
    """For the stream that is analysed, where that is the one to be copied."""
    onlooker: Onlooker | None = None
    reader: PacketReader | None = None
    """Of another stream that is copied."""

    @property
    def sink(self) -> RecordingSink | None:
        """For the road."""
        if self.recorder is None:
            return None
        return RecordingSink(self.recorder, is_same=self.reader is None)

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the block lasts, another stream is read; then files are finished."""
        with ExitStack() as stack:
            if self.recorder is not None:
                stack.callback(self.recorder.close)
            if self.reader is not None:
                stack.enter_context(self.reader)
            yield


def recording_of(
    job: Job,
    cover: Cover,
    told: Told,
    *,
    on_lost: Callable[[str], None],
    on_back: Callable[[], None],
) -> Recording:
    """How the camera of a job is to be recorded.

    Parameters
    ----------
    job : Job
    cover : Cover
        Of its privacy zones: where there are some, nothing is copied.
    told : callable
        Given what becomes of files.
    on_lost : callable
        Given why the stream that is recorded is lost, where that is another one.
    on_back : callable
        Called when it comes, for the first time and after each loss.
    """
    if job.record.when == "never":
        return Recording()
    main = job.camera.main_url or job.camera.url
    url, name = main.get_secret_value(), job.camera.name
    if not cover.is_empty or not is_stream(url):
        threads = job.camera.threads
        covered = CoveredRecorder(job.record, job.folder, name, told, cover=cover, threads=threads)
        return Recording(covered, onlooker=Looking(covered))
    recorder = Recorder(job.record, job.folder, name, told)
    tap = Tap(recorder.accept)
    if job.camera.main_url is None:
        return Recording(recorder, tap=tap)

    def lost(why: str) -> None:
        recorder.note_lost()
        on_lost(why)

    return Recording(recorder, reader=PacketReader(url, tap, on_lost=lost, on_back=on_back))


def _at(start: datetime, t_s: float) -> datetime:
    return start + timedelta(seconds=t_s)
