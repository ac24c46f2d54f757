"""Clips whose pictures and sound are made anew: cut exactly, and of any source with pictures."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import av

from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.core.seams import Source
from motionapp.sinks.clips.cutter import CannotCut, Cut, Wanted
from motionapp.sinks.clips.sound import Sound
from motionapp.sinks.h264 import H264Writer
from motionapp.sinks.second_pass import SecondReading
from motionapp.sinks.stamps import StampLedger


class EncodeCutter:
    """Cuts clips by decoding and encoding.

    Parameters
    ----------
    reopen : callable
        Opens the source again, as it was opened for the analysis: the clip shows what was
        analysed, turned, squared and masked.
    threads : int
        For the encoder; 0 lets it choose.
    on_progress : callable, optional
        Called after every picture.
    """

    def __init__(
        self,
        reopen: Callable[[], Source],
        *,
        threads: int = 1,
        on_progress: Callable[[], object] | None = None,
    ) -> None:
        self._reading = SecondReading(reopen, on_progress=on_progress)
        self._threads = threads

    def cut(self, wanted: Wanted, stamps: StampLedger, place: Callable[[str], Path]) -> Cut:
        """Encode the frames of a clip; see `Cutter`."""
        to_s = wanted.to_s
        frames = self._frames(wanted.from_s, to_s, may_seek=not stamps.jumps_back)
        first = next(frames, None)
        if first is None:
            raise CannotCut("none of its pictures can be read again")
        path, start_s = place(".mp4"), first.pts_s
        writer = H264Writer(path, threads=self._threads)
        with contextlib.ExitStack() as stack:
            sound = stack.enter_context(Sound(stamps.pieces(start_s, to_s), start_s))
            try:
                writer.write(first.bgr(), 0.0, first.duration_s, on_begin=sound.begin)
                for frame in frames:
                    now_s = frame.pts_s - start_s
                    writer.write(frame.bgr(), now_s, frame.duration_s)
                    sound.write_until(now_s)
                sound.finish()
                writer.finish()
            except BaseException as error:
                writer.let_go()
                path.unlink(missing_ok=True)
                if isinstance(error, av.FFmpegError) and not isinstance(error, OSError):
                    raise CannotCut(f"it cannot be encoded: {error.strerror}") from error
                raise
        return Cut(path.name, start_s, sound.lack)

    def close(self) -> None:
        """Let go of the source."""
        self._reading.close()

    def _frames(self, from_s: float, to_s: float, *, may_seek: bool) -> Iterator[Frame]:
        try:
            yield from self._reading.frames(from_s, to_s, may_seek=may_seek)
        except SourceError as error:
            raise CannotCut(str(error)) from error
