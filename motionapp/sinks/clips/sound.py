"""The sound of a clip, made anew so that it begins with the clip to the sample.

Where the recording has none for a while, silence keeps sound and pictures together.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Final

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from numpy.typing import NDArray

from motionapp.sinks.clips.cutter import CannotCut
from motionapp.sinks.clips.packets import audio_of, open_again, packets_of, seek, stamp_of
from motionapp.sinks.stamps import Piece

RATES_HZ: Final = frozenset(
    [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000]
)
"""What AAC knows; other rates become `USUAL_HZ`."""
USUAL_HZ: Final = 48_000
BLOCK: Final = 1024
"""Samples that AAC encodes at once."""
LOOSE_S: Final = 0.05
"""Stamps of sound jitter; a smaller hole or overlap is none."""
EARLY_S: Final = 0.5
"""Decoding begins so long before the clip: a coder's first blocks lean on earlier ones."""

Samples = NDArray[np.float32]


class Sound:
    """The sound that belongs to a clip, if its recording has any.

    Parameters
    ----------
    pieces : sequence of Piece
        Where the clip lies; empty where there is no file.
    start_s : float
        The second of the time line with which the clip begins.
    """

    def __init__(self, pieces: Sequence[Piece], start_s: float) -> None:
        self._pieces, self._start_s = pieces, start_s
        self._rate_hz, self._layout = USUAL_HZ, "stereo"
        self._name = ""
        self._output: OutputContainer | None = None
        self._stream: AudioStream | None = None
        self._blocks: Iterator[Samples] = iter(())
        self._opened = contextlib.ExitStack()
        self._written = 0

    def __enter__(self) -> Sound:
        """The sound itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the recordings."""
        self._opened.close()

    @property
    def lack(self) -> str:
        """What is to be said where the recording has sound and the clip has none; known at last."""
        if not self._name or self._written:
            return ""
        return f"without sound, because none of it ({self._name}) can be decoded there"

    def begin(self, output: OutputContainer) -> None:
        """Add a stream to the clip, if there is sound; before the first packet is written."""
        if not self._look():
            return
        self._output = output
        self._stream = output.add_stream("aac", rate=self._rate_hz, layout=self._layout)
        self._blocks = self._in_blocks()

    def write_until(self, now_s: float) -> None:
        """Write the sound of the clip's first `now_s` seconds."""
        while self._stream is not None and self._written < now_s * self._rate_hz:
            if not self._write_block():
                return

    def finish(self) -> None:
        """Write the rest."""
        while self._stream is not None and self._write_block():
            pass
        if self._stream is not None and self._output is not None:
            self._output.mux(self._stream.encode(None))

    def _look(self) -> bool:
        """Take rate and channels from the first file that has sound."""
        for piece in self._pieces:
            with contextlib.suppress(CannotCut), open_again(piece.path) as container:
                stream = audio_of(container)
                if stream is None:
                    self._name = "an unknown coding" if container.streams.audio else self._name
                    continue
                self._name = stream.codec_context.codec.canonical_name
                if stream.rate:
                    self._rate_hz = stream.rate if stream.rate in RATES_HZ else USUAL_HZ
                    self._layout = "mono" if stream.channels == 1 else "stereo"
                    return True
        return False

    def _write_block(self) -> bool:
        block = next(self._blocks, None)
        if block is None or self._stream is None or self._output is None:
            return False
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout=self._layout)
        frame.sample_rate = self._rate_hz
        frame.pts = self._written
        self._written += block.shape[1]
        self._output.mux(self._stream.encode(frame))
        return True

    def _in_blocks(self) -> Iterator[Samples]:
        """The clip's samples, `BLOCK` at a time; the last block may be shorter."""
        held = self._silence(0)
        for samples in self._without_holes():
            held = np.hstack([held, samples])
            while held.shape[1] >= BLOCK:
                yield np.ascontiguousarray(held[:, :BLOCK])
                held = held[:, BLOCK:]
        if held.shape[1]:
            yield np.ascontiguousarray(held)

    def _without_holes(self) -> Iterator[Samples]:
        """Sound from the clip's first sample on; silence comes a block at a time."""
        done, loose = 0, LOOSE_S * self._rate_hz
        for at, samples in self._samples():
            late = at - done
            if abs(late) > loose or not done:  # the beginning is exact
                samples = samples[:, max(0, -late) :]
                for missing in range(late, 0, -BLOCK):
                    yield self._silence(min(missing, BLOCK))
                done = max(done, at)
            done += samples.shape[1]
            yield samples

    def _silence(self, length: int) -> Samples:
        return np.zeros((1 if self._layout == "mono" else 2, length), np.float32)

    def _samples(self) -> Iterator[tuple[int, Samples]]:
        """Decoded sound, and the sample of the clip that each stretch begins with."""
        for piece in self._pieces:
            with contextlib.suppress(CannotCut):
                yield from self._samples_of(piece)

    def _samples_of(self, piece: Piece) -> Iterator[tuple[int, Samples]]:
        begin_s, end_s = piece.from_s + piece.zero_s, piece.to_s + piece.zero_s
        zero_s = piece.zero_s + self._start_s
        last = round((piece.to_s - self._start_s) * self._rate_hz)
        container = self._opened.enter_context(open_again(piece.path))
        stream = audio_of(container)
        if stream is None:
            return
        seek(container, stream, begin_s - EARLY_S)
        resampler = av.AudioResampler(format="fltp", layout=self._layout, rate=self._rate_hz)
        for packet in packets_of(container, stream):
            tick = float(packet.time_base or 0)
            stamp_s = (stamp_of(packet) or 0) * tick
            if stamp_s >= end_s:
                return
            if stamp_s + (packet.duration or 0) * tick < begin_s - EARLY_S:
                continue
            for at_s, samples in _decoded(stream, packet, resampler):
                at = round((at_s - zero_s) * self._rate_hz)
                yield at, samples[:, : max(0, last - at)]


def _decoded(
    stream: AudioStream, packet: object, resampler: av.AudioResampler
) -> Iterator[tuple[float, Samples]]:
    """What a packet holds, with its time in seconds; nothing where it is damaged."""
    try:
        for frame in stream.codec_context.decode(packet):  # type: ignore[arg-type]  # an audio one
            if frame.pts is None:
                continue
            for resampled in resampler.resample(frame):
                if resampled.pts is not None and resampled.time_base:
                    samples = np.asarray(resampled.to_ndarray(), np.float32)
                    yield float(resampled.pts * resampled.time_base), samples
    except (av.FFmpegError, ValueError):
        return
