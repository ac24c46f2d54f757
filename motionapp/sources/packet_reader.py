"""A stream that is only copied: its packets are read and handed on, and nothing is decoded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from types import TracebackType
from typing import Any, Self

from av.container import InputContainer

from motionapp.core.backoff import Backoff
from motionapp.core.errors import SourceError
from motionapp.sources.address import Address, has_stamps, is_playlist
from motionapp.sources.joining import Joining
from motionapp.sources.packets import Tap
from motionapp.sources.patience import Patience

STOP_PATIENCE_S = 0.8
"""How long leaving waits for a read that cannot be interrupted: a service stops within a second. A
thread that is left behind ends with its read, and hands nothing on."""


class PacketReader:
    """Reads a stream on a thread of its own from entering the `with` block until it is left.

    It is opened again whenever it is lost.

    Parameters
    ----------
    url : str
        With one of `sources.STREAM_SCHEMES`.
    tap : Tap
        Given each packet.
    on_lost : callable
        Given why, when it is lost, also before its first packet; and when the reason has changed.
    on_back : callable
        Called when packets come, for the first time and after each loss.
    open_timeout_s, read_timeout_s : float
        How long to wait for the stream to begin, and for its next packet.
    next_picture_s : float
        How long sound may go on alone.
    backoff : Backoff, optional
        How long to wait before each try.

    Raises
    ------
    SourceError
        The address is not one of a stream. Later ones are told to `on_lost`.
    """

    def __init__(
        self,
        url: str,
        tap: Tap,
        *,
        on_lost: Callable[[str], None] = lambda why: None,
        on_back: Callable[[], None] = lambda: None,
        open_timeout_s: float = 5.0,
        read_timeout_s: float = 5.0,
        next_picture_s: float = 10.0,
        backoff: Backoff | None = None,
    ) -> None:
        self._address = Address(url, open_timeout_s=open_timeout_s, read_timeout_s=read_timeout_s)
        self._tap, self._on_lost, self._on_back = tap, on_lost, on_back
        self._next_picture_s, self._read_s = next_picture_s, read_timeout_s
        self._patience = Patience()
        self._backoff = backoff or Backoff()
        self._stopping = threading.Event()
        self._told = ""
        """Why it is lost, as was told; empty while it is not."""
        self._is_back = False
        # A read that hangs must not keep the process from ending.
        self._thread = threading.Thread(target=self._work, name="packets", daemon=True)

    @property
    def name(self) -> str:
        """Of the stream, without its password."""
        return self._address.name

    def __enter__(self) -> Self:
        """Begin to read."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop, and wait for the thread, for less than a second."""
        self.stop()
        self._thread.join(STOP_PATIENCE_S)

    def stop(self) -> None:
        """End reading soon, for good. From any thread; never waits."""
        self._stopping.set()

    def _work(self) -> None:
        while not self._stopping.is_set():
            began_s = time.monotonic()
            self._is_back = False
            try:
                self._read()
            except SourceError as error:
                self._tell(str(error))
                waited_s = self._address.read_timeout_s
                self._patience.note_loss(waited_s, has_begun=self._is_back)
            if self._is_back:
                self._backoff.note_success(time.monotonic() - began_s)
            self._stopping.wait(self._backoff.next_s())

    def _read(self) -> None:
        """Hand on packets until the stream is lost, which raises, or reading is stopped."""
        self._address.read_timeout_s = self._patience.stretched(self._read_s)
        with closing(self._address.open()) as container:
            video = self._address.video(container)
            self._tap.open(container, video)
            joining = Joining(
                container,
                video,
                is_ahead=has_stamps(container) and not is_playlist(container),
                check_silence=self._address.check_silence,
            )
            packets = _packets(container, joining)
            seen_s, came_ns = time.monotonic(), None
            while (packet := self._next(packets)) is not None:
                if self._stopping.is_set():
                    return
                if packet.size:
                    self._tap.take(packet, joining.came_ns)
                    self._note_back()
                now_s = time.monotonic()
                if packet.stream_index == video.index:
                    if came_ns is not None:
                        self._patience.spacing.note((joining.came_ns - came_ns) / 1e9)
                    seen_s, came_ns = now_s, joining.came_ns
                picture_s = self._patience.stretched(self._next_picture_s)
                if now_s - seen_s > picture_s:
                    raise self._address.sends_no_picture(picture_s)
            raise self._address.has_ended()

    def _next(self, packets: Iterator[Any]) -> Any:
        with self._address.reading():
            return next(packets, None)

    def _note_back(self) -> None:
        if not self._is_back:
            self._is_back, self._told = True, ""
            self._on_back()

    def _tell(self, why: str) -> None:
        if not self._stopping.is_set() and why != self._told:
            self._told = why
            self._on_lost(why)


def _packets(container: InputContainer, joining: Joining) -> Iterator[Any]:
    """All packets; of one stream alone, PyAV would not come back before its next one."""
    while True:
        try:
            yield from joining.follow(container.demux())
        except IndexError:
            continue  # a packet of a stream that began later, which PyAV cannot place
        return
