"""Packets on their way from one file after the other into a clip, each with a time of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from motionapp.sinks.clips.cutter import CannotCut
from motionapp.sinks.clips.packets import (
    Medium,
    Order,
    Stamped,
    audio_of,
    in_decoding_order,
    open_again,
    packets_of,
    seek,
    stamp_of,
    tick_of,
    video_of,
)
from motionapp.sinks.clips.sound import Sound
from motionapp.sinks.stamps import Piece

SOUND_LATE_S: Final = 1.0
"""How far sound may lie behind its picture in a file; it is not waited for longer."""
MOST_MOVED_S: Final = 0.1
"""How far a picture may be shown late so that every one has a time: cameras that stamp two or
three pictures alike do it by a tick each. What would have to move further is not copied."""
PROGRESS_STEP: Final = 256
"""Packets between two signs of progress."""


class Remuxer:
    """A clip while packets are copied into it.

    Parameters
    ----------
    output : OutputContainer
        New.
    start_s : float
        The second of the time line that the clip begins with.
    sound : Sound or None
        Written between the pictures; None copies the recordings' own, if there is any.
    on_progress : callable or None
        Called while packets are copied.
    """

    def __init__(
        self,
        output: OutputContainer,
        start_s: float,
        sound: Sound | None,
        on_progress: Callable[[], object] | None,
    ) -> None:
        self._output, self._start_s, self._sound = output, start_s, sound
        self._on_progress = on_progress
        self._streams: list[Medium] = []
        self._last_dts: dict[int, int] = {}
        self._taken = 0
        self.shown_s: list[float] = []
        """When each picture is shown, in seconds of the clip, as they are stored."""

    def take(
        self,
        piece: Piece,
        order: Order | None,
        *,
        key: int | None = None,
        place_s: float = float("-inf"),
    ) -> None:
        """Copy a piece, from the key frame with stamp `key` on, or from its first one.

        Raises
        ------
        CannotCut
            Its pictures would not be those of the recording.
        """
        with open_again(piece.path) as container:
            video = video_of(container, piece.path)
            audio = audio_of(container) if self._sound is None else None
            streams: list[Medium] = [video] if audio is None else [video, audio]
            if not self._streams:
                self._begin(video, audio)
            if place_s > float("-inf"):
                seek(container, video, place_s)
            wanted = _wanted(container, streams, piece, key, order)
            for packet in in_decoding_order(wanted):
                if packet.stream_index != video.index:
                    self._mux_sound(packet, piece)
                else:
                    self._mux_picture(packet, piece)

    def finish(self) -> None:
        """Write the rest of the sound that is made anew."""
        if self._sound is not None:
            self._sound.finish()

    def _begin(self, video: VideoStream, audio: AudioStream | None) -> None:
        # Opaque: nothing is encoded, and for some codings, AV1 say, the decoder has no encoder.
        self._streams = [
            self._output.add_stream_from_template(stream, opaque=True)
            for stream in (video, audio)
            if stream is not None
        ]
        if self._sound is not None:
            self._sound.begin(self._output)

    def _mux_picture(self, packet: Stamped, piece: Piece) -> None:
        if packet.is_discard:
            # Shown by whoever plays the copy, since the note to skip it stays behind.
            raise CannotCut("its edit list leaves out pictures that are stored")
        shown, decoded, tick_s = self._times(packet, 0, piece)
        if (decoded - shown) * tick_s > MOST_MOVED_S:
            raise CannotCut("its time stamps go back and forth")
        shown = max(shown, decoded)
        self._mux(packet, 0, shown, decoded)
        self.shown_s.append(shown * tick_s)
        if self._sound is not None:
            self._sound.write_until(decoded * tick_s)

    def _mux_sound(self, packet: Stamped, piece: Piece) -> None:
        if packet.is_discard:
            return  # what an encoder had to begin with, before the first sample
        shown, decoded, _ = self._times(packet, 1, piece)
        if decoded - shown > max(1, packet.duration or 0) / 2:
            return  # the recording before has had it already
        self._mux(packet, 1, max(shown, decoded), decoded)

    def _times(self, packet: Stamped, number: int, piece: Piece) -> tuple[int, int, float]:
        """When it is shown and decoded, in ticks of the clip, and how long a tick is.

        Muxers want each time of decoding later than the one before.
        """
        tick_s = float(packet.time_base or 0) or 1.0
        shift = round((piece.zero_s + self._start_s) / tick_s)
        stamp = stamp_of(packet)
        assert stamp is not None
        shown = stamp - shift
        decoded = shown if packet.dts is None else packet.dts - shift
        return shown, max(decoded, self._last_dts.get(number, decoded - 1) + 1), tick_s

    def _mux(self, packet: Stamped, number: int, shown: int, decoded: int) -> None:
        packet.pts, packet.dts = shown, decoded
        self._last_dts[number] = decoded
        packet.stream = self._streams[number]
        try:
            self._output.mux(packet)
        except av.InvalidDataError as error:
            if number == 0:  # left out, it would be missing in all that is built upon it
                raise CannotCut("one of its pictures is damaged") from error
        self._taken += 1
        if self._on_progress is not None and self._taken % PROGRESS_STEP == 0:
            self._on_progress()


def _wanted(
    container: InputContainer,
    streams: Sequence[Medium],
    piece: Piece,
    key: int | None,
    order: Order | None,
) -> Iterator[Stamped]:
    """The packets from the key frame to the end of a piece.

    What is shown before the key frame but stored behind it refers to pictures that are left out,
    and goes as well. At the end, packets are taken until no earlier picture can follow.
    """
    video = streams[0]
    tick = float(tick_of(video))
    begin_s = float("-inf") if key is None else key * tick
    end_s = piece.to_s + piece.zero_s
    # Times are rounded to milliseconds, in an AVI a tick is a whole picture.
    rounding_s = min(tick / 2, 0.0005)
    has_key, newest_s, ends_s = False, float("-inf"), [float("-inf")] * len(streams)
    for packet in packets_of(container, *streams, order=order):
        stream_tick = float(packet.time_base or 0)
        stamp_s = (stamp_of(packet) or 0) * stream_tick
        order_s = stamp_s if packet.dts is None else packet.dts * stream_tick
        if packet.stream_index != video.index:
            ends_s[1] = stamp_s
            if begin_s - stream_tick / 2 <= stamp_s < end_s:
                yield packet
        else:
            has_key = has_key or (packet.is_keyframe and (key is None or stamp_of(packet) == key))
            ends_s[0] = order_s
            is_before_end = order_s < end_s - rounding_s or stamp_s <= newest_s
            if has_key and stamp_s >= begin_s - tick / 2 and is_before_end:
                newest_s = max(newest_s, stamp_s)
                yield packet
        if ends_s[0] >= max(end_s, newest_s) and (
            min(ends_s) >= end_s or ends_s[0] > end_s + SOUND_LATE_S
        ):
            return
