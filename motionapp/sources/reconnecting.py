"""A camera or stream that is looked for again whenever it is lost, on one time line."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import timedelta

from motionapp.core.backoff import Backoff
from motionapp.core.errors import SettingsError, SourceError
from motionapp.core.frame import Epoch, Frame
from motionapp.core.seams import Damage, Source, SourceInfo, TellsVectors, no_vectors
from motionapp.sources.packets import Tap
from motionapp.sources.passes import BaseSource, DamageLedger
from motionapp.sources.patience import Patience
from motionapp.sources.stream import StreamSource


class ReconnectingSource(BaseSource):
    """Gives the frames of what an opener opens, and opens it again when it is lost.

    Time goes on meanwhile, as the monotonic clock says; each return begins an epoch, which knows
    when it began. Whoever must know of a loss at once is told, on the thread that reads.

    Parameters
    ----------
    open_again : callable returning Source
        Opens it; raises `SourceError` where it is not there.
    name : str
        How the source is called until it has been opened.
    on_lost : callable
        Given why, when it is lost, also before its first frame; and when the reason has changed.
    backoff : Backoff, optional
        How long to wait before each try.
    wait : callable, optional
        Waits for so many seconds; otherwise `stop` ends the wait.
    tap : Tap, optional
        Given each packet of a stream before it is decoded; other sources give none.

    Notes
    -----
    What cannot be mended by waiting, a missing extra, ends it.
    """

    def __init__(
        self,
        open_again: Callable[[], Source],
        *,
        name: str,
        on_lost: Callable[[str], None] = lambda why: None,
        backoff: Backoff | None = None,
        wait: Callable[[float], object] | None = None,
        tap: Tap | None = None,
    ) -> None:
        super().__init__()
        self.tap = tap
        """Holds from the next opening on."""
        self._open_again, self._on_lost = open_again, on_lost
        self._backoff = backoff or Backoff()
        self._wait = wait or self._stopping.wait
        self._patience = Patience()
        self._source: Source | None = None
        self._tells_vectors = False
        self._info = SourceInfo(name=name, size=None, rate_hz=None, is_live=True)
        self._told = ""
        """Why it is lost, as was told; empty while it is not."""

    @property
    def info(self) -> SourceInfo:
        """Of what was opened last."""
        return self._info if self._source is None else self._source.info

    @property
    def damage(self) -> Damage:
        """Of what was opened last: what was lost before is told as a loss."""
        return Damage() if self._source is None else self._source.damage

    def tell_vectors(self) -> None:
        """Have frames bring the vectors of their encoder, from the next opening on: a source that
        has none ends it with a `SettingsError`."""
        self._tells_vectors = True

    def stop(self) -> None:
        """End reading soon, for good, also between two tries."""
        super().stop()
        source = self._source
        if source is not None:
            source.stop()

    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        line = _Line()
        while not self._stopping.is_set():
            try:
                with closing(self._opened()) as source:
                    for frame in source.frames():
                        self._told = ""
                        placed = line.placed(frame)
                        if placed.pts_s >= start_s:
                            yield placed
            except SourceError as error:
                self._tell(str(error))
            else:
                return  # stopped: what is live has no other end
            self._backoff.note_success(line.lasted_s)
            line.cut()
            if not self._stopping.is_set():
                self._wait(self._backoff.next_s())

    def _opened(self) -> Source:
        self._source = source = self._open_again()
        if isinstance(source, StreamSource):
            source.tap, source.patience = self.tap, self._patience
        if self._tells_vectors:
            if not isinstance(source, TellsVectors):
                raise SettingsError(no_vectors(source.info.name))
            source.tell_vectors()
        if self._stopping.is_set():  # before there was anything to stop
            source.stop()
        return source

    def _tell(self, why: str) -> None:
        if self._stopping.is_set() or why == self._told:
            return
        self._told = why
        self._on_lost(why)


class _Line:
    """Puts the frames of one opening after the other on one time line."""

    def __init__(self) -> None:
        self._index, self._epochs = 0, 0
        self._begin_s: float | None = 0.0
        """Where the second 0 of what is open now lies; None until its first frame has come."""
        self._last: tuple[float, int | None] | None = None
        """When the newest frame is shown, and when it came: the frame itself is let go of."""
        self.end_s = 0.0
        """When the newest frame ends."""
        self._first_s: float | None = None
        """When the first frame of what is open now was."""
        self._own: Epoch | None = None
        self._shared: Epoch | None = None

    @property
    def lasted_s(self) -> float:
        """How long what is open now has given frames."""
        return 0.0 if self._first_s is None else self.end_s - self._first_s

    def cut(self) -> None:
        """What comes next is of another opening."""
        self._begin_s = None if self._last is not None else 0.0
        self._own = self._first_s = None

    def placed(self, frame: Frame) -> Frame:
        """A frame with the index, time and epoch that it has here."""
        if self._begin_s is None:
            self._begin_s = self._after_pause(frame) - frame.pts_s
        begin_s = self._begin_s
        if frame.epoch is not self._own or self._shared is None:
            self._own, start_utc = frame.epoch, frame.epoch.start_utc
            self._shared = dataclasses.replace(
                frame.epoch,
                number=self._epochs,
                origin_s=begin_s + frame.epoch.origin_s,
                start_utc=None if start_utc is None else start_utc - timedelta(seconds=begin_s),
            )
            self._epochs += 1
        pts_s = begin_s + frame.pts_s
        self._index += 1
        self._last, self.end_s = (pts_s, frame.captured_ns), pts_s + frame.duration_s
        if self._first_s is None:
            self._first_s = pts_s
        return dataclasses.replace(frame, index=self._index - 1, pts_s=pts_s, epoch=self._shared)

    def _after_pause(self, frame: Frame) -> float:
        """When a frame comes that is the first after a loss: as long after the last one as the
        clock says."""
        last_s, came_ns = self._last or (0.0, None)
        if came_ns is None or frame.captured_ns is None:
            return self.end_s
        return max(self.end_s, last_s + (frame.captured_ns - came_ns) / 1e9)
