"""Recordings on disk, read with PyAV."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Generator
from datetime import datetime
from fractions import Fraction
from itertools import takewhile
from pathlib import Path

import av
from av.codec.hwaccel import HWAccel
from av.container import InputContainer
from av.video.stream import VideoStream

from motionapp.core.frame import Frame
from motionapp.core.seams import SourceInfo
from motionapp.sources.beginning import LATE_START_S
from motionapp.sources.coded import References, export_vectors, refuse_without_vectors
from motionapp.sources.decoder_options import set_decode_threads, spare_deblocking
from motionapp.sources.decoding import (
    Decoder,
    rate_of,
    time_base_of,
)
from motionapp.sources.hardware import NONE, SOFTWARE, Decoding, tried
from motionapp.sources.header import open_recording, probe_of, video_of
from motionapp.sources.passes import BaseSource, DamageLedger
from motionapp.sources.start_time import start_of, zone_called
from motionapp.sources.timeline import ROUNDING_S, Timeline

SHORTFALL_S = 0.5
"""A recording that ends so much before its stated length was cut off; less is rounding."""
SEEK_BACK_S = (0.0, 1.0, 5.0, 20.0)
"""How far before the wanted time a key frame is looked for; then the file is read from its start.
Some containers seek by the time of decoding, which puts the key frame found behind the target."""
WHOLE_S = Fraction(1)
"""So long before the wanted time every picture is decoded, so that the stamps are as always."""


class FileSource(BaseSource):
    """A recording. Damaged parts are read past, and told by `damage`.

    Parameters
    ----------
    path : str or Path
    decode_threads : int or None
        1 decodes repeatably also where the file is damaged; None lets FFmpeg choose.
    start_utc : datetime or None
        When the first frame was taken, with its zone; None takes it from the file's name, or else
        from its header.
    time_zone : str
        Name of the zone of the time in the file's name.
    video_stream : int or None
        Which of several videos is read, the first being 1; None takes what a player would show.

    Raises
    ------
    SourceError
        There is no such file, it is no recording, or no picture of it can be decoded.
    SettingsError
        There is no such time zone.

    Notes
    -----
    Block edges are not smoothed in pictures of H.264 that no other one is built upon: it saves a
    tenth of the decoding, and motion is sought at a fraction of the size.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        decode_threads: int | None = None,
        start_utc: datetime | None = None,
        time_zone: str = "UTC",
        video_stream: int | None = None,
    ) -> None:
        super().__init__()
        self._path = Path(path)
        self._decode_threads = decode_threads
        self._number = video_stream
        self._probe = probe_of(self._path, video_stream)
        zone = zone_called(time_zone)
        self.info: SourceInfo = dataclasses.replace(
            self._probe.info,
            start_utc=start_of(self._path.name, self._probe.header, given=start_utc, zone=zone),
        )
        self._can_seek = self._probe.can_seek
        self._tells_vectors = False
        self._decoding = SOFTWARE
        self._keeps_open = False
        self._kept: InputContainer | None = None

    def decode_on(self, device: str) -> None:
        """Have later iterations decoded by a chip of this kind, if one can; the note of `info`
        tells what came of it (`hardware.tried`)."""
        self._decode_by(tried(device, self._opened_on))

    def _decode_by(self, decoding: Decoding) -> None:
        self._decoding = decoding
        note = "; ".join(filter(None, (self._probe.info.note, decoding.note)))
        self.info = dataclasses.replace(self.info, note=note)

    def _opened_on(self, accelerator: HWAccel | None) -> tuple[InputContainer, VideoStream]:
        container = open_recording(self._path, accelerator)
        try:
            return container, video_of(container, self._path, self._number)
        except BaseException:
            container.close()
            raise

    def tell_vectors(self) -> None:
        """Have the frames of later iterations bring the vectors of their encoder.

        Raises
        ------
        SourceError
            The recording is coded in a way of which the decoder tells none.
        """
        refuse_without_vectors(self._probe.codec, self.info.name)
        self._tells_vectors = True
        if self._decoding.device != NONE:
            self._decode_by(Decoding(NONE, "decoded in software, which alone tells vectors"))

    def keep_open(self) -> None:
        """Seek within the open file from now on, rather than open it for every iteration.

        For whoever looks at many stretches: the header of a day's recording has a line for every
        picture, and takes longer to read than a stretch. The frames are the same.
        """
        self._keeps_open = True

    def close(self) -> None:
        """End the iteration and close the file; safe to call twice."""
        super().close()
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    @contextlib.contextmanager
    def _held(self, container: InputContainer) -> Generator[None, None, None]:
        """The file is closed when an iteration has ended, or kept for the next one."""
        try:
            yield
        finally:
            if self._keeps_open and self._kept is None:
                self._kept = container
            else:
                container.close()

    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        container, decoder = self._begun(start_s, ledger)
        with self._held(container):
            stream = video_of(container, self._path, self._number)
            timeline = Timeline(
                time_base_of(stream),
                first_pts=self._probe.first_pts,
                rate_hz=rate_of(stream),
                start_utc=self.info.start_utc,
            )
            self._check_start(start_s, ledger)
            yield from decoder.frames(timeline, self._probe.kind, start_s=start_s - ROUNDING_S)
            if not self._stopping.is_set():
                self._check_end(timeline, ledger)

    def _begun(self, start_s: float, ledger: DamageLedger) -> tuple[InputContainer, Decoder]:
        """The file, and its decoder at a key frame that reaches `start_s`, or at its start.

        Whether it is reached is told by the first picture that comes out. With intra refresh there
        is no whole key frame: pictures are renewed strip by strip, what H.264 marks is where that
        begins, and the first whole picture may come seconds later.
        """
        if start_s <= 0 or not self._can_seek:
            return self._opened(ledger)
        container = self._kept or self._opened(ledger)[0]
        self._kept = None
        try:
            stream = video_of(container, self._path, self._number)
            stream.codec_context.skip_frame = "DEFAULT"
            tick = time_base_of(stream)
            target = (self._probe.first_pts or 0) + int(Fraction(start_s) / tick)
            spared_before = target - int(WHOLE_S / tick)
            for back_s in takewhile(lambda back_s: back_s <= start_s, SEEK_BACK_S):
                container.seek(target - int(Fraction(back_s) / tick), stream=stream)
                decoder = Decoder(
                    container,
                    stream,
                    ledger,
                    from_key_frame=True,
                    is_stopped=self._stopping.is_set,
                    spared_before=spared_before,
                    references=self._references_of(stream),
                )
                first = decoder.first()
                if first is not None and first.pts is not None and first.pts <= target:
                    return container, decoder
                ledger.forget()
        except av.FFmpegError:
            ledger.forget()
        except BaseException:
            container.close()
            raise
        container.close()
        return self._opened(ledger, spared_before)

    def _opened(
        self, ledger: DamageLedger, spared_before: int | None = None
    ) -> tuple[InputContainer, Decoder]:
        """The file at its start."""
        container, stream = self._opened_on(self._decoding.accelerator)
        # Between two key frames, several threads may not agree on the first whole picture; and with
        # several, FFmpeg may tell the vectors of a picture that another thread still decodes.
        is_alone = self._probe.late_s or self._tells_vectors
        set_decode_threads(stream, 1 if is_alone else self._decode_threads)
        spare_deblocking(stream)
        if self._tells_vectors:
            export_vectors(stream)
        decoder = Decoder(
            container,
            stream,
            ledger,
            is_stopped=self._stopping.is_set,
            spared_before=spared_before,
            references=self._references_of(stream),
        )
        return container, decoder

    def _references_of(self, stream: VideoStream) -> References | None:
        return References(stream, self._probe.kind) if self._tells_vectors else None

    def _check_start(self, start_s: float, ledger: DamageLedger) -> None:
        """Note a recording that begins without a key frame."""
        late_s = self._probe.late_s
        if late_s > LATE_START_S:
            what = f"nothing can be decoded before {late_s:.3f} s: its first key frame is missing"
            if start_s < late_s:
                ledger.note_unread(what, max(0.0, start_s), late_s)

    def _check_end(self, timeline: Timeline, ledger: DamageLedger) -> None:
        """Note a recording that was cut off, and one whose stamps cannot be sought."""
        if timeline.steps_back:
            self._can_seek = False  # the stamp of a later stretch may lie before the target
            return
        stated_s = self._probe.stated_s
        if stated_s is not None and stated_s - timeline.end_s > SHORTFALL_S:
            ledger.note_end(timeline.end_s, stated_s)
