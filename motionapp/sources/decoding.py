"""The loop that turns a container's packets into frames, for files and streams alike.

Damage is noted and read past. What a failure to open means in words is left to the sources.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Literal, cast

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from motionapp.core.frame import Frame
from motionapp.files.streams import Video, preferred
from motionapp.sources.arrival import Arrival
from motionapp.sources.coded import CodedPicture, References
from motionapp.sources.decoder_options import MOST_THREADS
from motionapp.sources.joining import Joining
from motionapp.sources.orientation import orientation_of
from motionapp.sources.passes import DamageLedger
from motionapp.sources.picture import AvPicture, PictureForm, form_of
from motionapp.sources.timeline import Stamp, Timeline

MOST_READ_ERRORS = 100
"""Failed reads in a row after which a file counts as ended."""
NO_VIDEO = Disposition.attached_pic | Disposition.timed_thumbnails
"""Cover art and chapter pictures come as video streams, but are none."""

MOST_FLIPS = 10
"""A camera or server may change its size now and then, and be unsure for a moment: so many changes
in a row are none of those."""

UNSTEADY_S = 0.2
"""The clock of a camera may waver, and a time server sets it back a little each hour: a frame or
two are left out, where an epoch would end every event. Bounds of events are told to within as much
(design, "time is seconds")."""

StampKind = Literal["pts", "dts"]


def videos_of(container: InputContainer) -> list[VideoStream]:
    """The streams that are videos and not cover pictures."""
    return [stream for stream in container.streams.video if not stream.disposition & NO_VIDEO]


def video_stream(container: InputContainer) -> VideoStream | None:
    """The video that a player would show; None where there is none."""
    videos = videos_of(container)
    place = preferred(
        [
            Video(
                is_default=bool(video.disposition & Disposition.default),
                is_readable=is_decodable(video) and video.codec_context.width > 0,
            )
            for video in videos
        ]
    )
    return None if place is None else videos[place]


def is_decodable(stream: VideoStream) -> bool:
    """Whether there is a decoder for it; a flipped bit in a header is enough for there to be none.

    Asked before anything else, because PyAV then has no codec context, though its types say so.
    """
    return getattr(stream, "codec_context", None) is not None


def rate_of(stream: VideoStream) -> Fraction | None:
    """Frames per second as the container says; None where it does not, or says nonsense."""
    rate = stream.average_rate or stream.guessed_rate
    return Fraction(rate) if rate and 0 < rate <= 1000 else None


def time_base_of(stream: VideoStream) -> Fraction:
    """Seconds per tick of the stream's stamps."""
    return stream.time_base or Fraction(1, 90_000)


def stamp_kind(container: InputContainer, stream: VideoStream, first: av.VideoFrame) -> StampKind:
    """Which stamp of a decoded picture says when it is shown.

    AVI stores pictures in the order of decoding and no stamps; with B-frames, FFmpeg's guess
    jumps back and forth, while the stamps of decoding go on evenly and differ by a constant.
    """
    if first.pts is None:
        return "dts"
    is_reordered = container.format.name == "avi" and bool(stream.codec_context.has_b_frames)
    return "dts" if is_reordered else "pts"


def stamp_of(picture: av.VideoFrame, kind: StampKind) -> int | None:
    """The stamp of `kind`; None where the picture has none and follows the one before."""
    return picture.dts if kind == "dts" else picture.pts


def form_in(picture: av.VideoFrame, aspect: Fraction | None) -> PictureForm:
    """The form of a decoded picture whose container says `aspect`."""
    return form_of(
        (picture.width, picture.height),
        picture.format.name,
        int(picture.color_range),
        orientation_of(picture),
        aspect,
    )


def has_form(picture: av.VideoFrame, form: PictureForm) -> bool:
    """Whether a picture is stored like the one that `form` was made from."""
    return (
        (picture.width, picture.height) == form.stored_size
        and picture.format.name == form.format_name
        and int(picture.color_range) == form.color_range
    )


def pixels_of(
    picture: av.VideoFrame, form: PictureForm, away_s: tuple[float, float] | None
) -> AvPicture:
    """A decoded picture for a frame; with its vectors where it is known what they point to."""
    if away_s is None:
        return AvPicture(picture, form)
    return CodedPicture(picture, form, away_s)


class Decoder:
    """Decodes one stream of an open container, once.

    Parameters
    ----------
    container : InputContainer
        At the place where reading begins.
    stream : VideoStream
    ledger : DamageLedger
        Notes what cannot be read.
    from_key_frame : bool
        Leaves out what comes before the first key frame: after a seek.
    is_live : bool
        Failed reads are raised instead of noted: there may be nothing after them. Packets of other
        streams are read too, so that sound without pictures does not hold reading up.
    is_stopped : callable
        Asked after each packet: whether reading shall end.
    spared_before : int or None
        Of what is shown before this stamp, pictures that no other is built upon are not decoded:
        on the way to a place. H.264 alone says truly which these are (nal_ref_idc of 0, ITU-T
        H.264, 7.4.1); with B-frames they are half of all.
    joining : Joining, optional
        Of a live source: knows when its packets came.
    references : References, optional
        Knows which pictures others were made from: then frames bring the vectors of their encoder,
        which the stream was told to export.
    before_packet, after_packet : callable
        Given each packet that was read, of whatever stream, before it is decoded and after; may
        raise what ends reading.
    """

    def __init__(
        self,
        container: InputContainer,
        stream: VideoStream,
        ledger: DamageLedger,
        *,
        from_key_frame: bool = False,
        is_live: bool = False,
        is_stopped: Callable[[], bool] = lambda: False,
        spared_before: int | None = None,
        joining: Joining | None = None,
        references: References | None = None,
        before_packet: Callable[[av.Packet[VideoStream]], None] = lambda packet: None,
        after_packet: Callable[[av.Packet[VideoStream]], None] = lambda packet: None,
    ) -> None:
        self._container = container
        self._stream = stream
        self._ledger = ledger
        self._waits_for_key = from_key_frame
        self._is_live = is_live
        self._is_stopped = is_stopped
        is_h264 = stream.codec_context.name == "h264"
        self._spared_before = spared_before if is_h264 else None
        self._joining = joining
        self._references = references
        self._before_packet, self._after_packet = before_packet, after_packet
        self._at_s = 0.0
        self._decoded = self._decode()
        self._ahead: list[av.VideoFrame] = []

    def first(self) -> av.VideoFrame | None:
        """The picture that comes first, which `pictures` gives all the same; None: there is none.

        Asked before any other.
        """
        if not self._ahead:
            self._ahead = list(itertools.islice(self._decoded, 1))
        return self._ahead[0] if self._ahead else None

    def pictures(self) -> Iterator[av.VideoFrame]:
        """All pictures that can be decoded, in the order in which they are shown."""
        while self._ahead:
            yield self._ahead.pop()
        yield from self._decoded

    def _decode(self) -> Iterator[av.VideoFrame]:
        context = self._stream.codec_context
        for packet in self._packets():
            if self._spared_before is not None:
                is_on_the_way = packet.pts is not None and packet.pts < self._spared_before
                context.skip_frame = "NONREF" if is_on_the_way else "DEFAULT"
                if not is_on_the_way:  # from there on for good: stamps may begin again
                    self._spared_before = None
            if self._references is not None:
                self._references.note(packet)
            try:
                yield from context.decode(packet)
            except av.EOFError:
                return
            except av.FFmpegError as error:
                self._note(error)
        if self._is_stopped():
            return
        for _ in range(MOST_THREADS):  # each thread may still hold a packet that fails
            try:
                yield from context.decode(None)
            except av.EOFError:
                return
            except av.FFmpegError as error:
                self._note(error)
            else:
                return

    def frames(
        self,
        timeline: Timeline,
        kind: StampKind | Literal["arrival"],
        *,
        start_s: float = 0.0,
        arrival: Arrival | None = None,
    ) -> Iterator[Frame]:
        """The frames from `start_s` on; what comes before is decoded and left out.

        Parameters
        ----------
        timeline : Timeline
            Knows when the source's first frame was.
        kind : {"pts", "dts", "arrival"}
            Which stamps to trust; with ``arrival`` none, and the time line counts nanoseconds.
        start_s : float
            Seconds from the source's first frame.
        arrival : Arrival, optional
            Of a live source: its stamps are compared with it.
        """
        aspect = self._stream.sample_aspect_ratio
        index = 0
        form, shape = None, None
        for picture in self.pictures():
            arrived_ns = None if arrival is None else self._arrived(arrival)
            if form is None or shape is None or not has_form(picture, form):
                form = form_in(picture, aspect)
                shape = form.shape
            away_s = None if self._references is None else self._references.step(picture)
            pts = arrived_ns if kind == "arrival" else stamp_of(picture, kind)
            if self._is_left_out(pts, timeline, is_live=arrival is not None):
                continue
            end_s = timeline.end_s
            since_s = None
            if arrival is not None and arrived_ns is not None and pts is not None:
                since_s = arrival.step(float(pts * timeline.time_base), arrived_ns)
            duration = None if kind == "arrival" else picture.duration
            stamp = timeline.step(pts, shape, duration, since_s=since_s)
            if stamp is None:
                self._ledger.dropped_stamps += 1
                continue
            self._at_s = stamp.pts_s
            self._note_damage(end_s, stamp, picture)
            if timeline.flips >= MOST_FLIPS:
                self._ledger.note_flips(stamp.pts_s)
            if stamp.pts_s < start_s:
                continue
            yield Frame(
                index=index,
                pts=stamp.pts,
                pts_s=stamp.pts_s,
                duration_s=stamp.duration_s,
                epoch=stamp.epoch,
                pixels=pixels_of(picture, form, away_s),
                captured_ns=arrived_ns,
                is_flagged=picture.is_corrupt,
            )
            index += 1

    def _arrived(self, arrival: Arrival) -> int:
        """When the newest picture came, by the monotonic clock."""
        now_ns = arrival.clock()
        came_ns = now_ns if self._joining is None else self._joining.came_ns
        arrival.ago_s = (now_ns - came_ns) / 1e9
        return came_ns

    def _is_left_out(self, pts: int | None, timeline: Timeline, *, is_live: bool) -> bool:
        """Whether a picture comes when its time has passed."""
        if self._ledger.is_damaged and timeline.is_late(pts):
            return True  # its place is in a stretch that has been noted as lost
        is_unsteady = is_live and timeline.is_late(pts, UNSTEADY_S)
        self._ledger.dropped_stamps += is_unsteady
        return is_unsteady

    def _note_damage(self, end_s: float, stamp: Stamp, picture: av.VideoFrame) -> None:
        """A picture that the decoder flags, and the stretch before it if that is lost."""
        is_first = end_s == 0.0  # whoever opened the source tells of what comes before
        is_late = stamp.pts_s - end_s > stamp.duration_s / 2
        if self._ledger.is_damaged and not is_first and is_late:
            self._ledger.note_lost(end_s, stamp.pts_s)
        if picture.is_corrupt:
            self._ledger.note_flag(stamp.pts_s)

    def _packets(self) -> Iterator[av.Packet[VideoStream]]:
        """The stream's packets; reading goes on after an error, a bounded number of times."""
        failures = 0
        while failures < MOST_READ_ERRORS and not self._is_stopped():
            try:
                for packet in self._demuxed():
                    failures = 0
                    self._before_packet(packet)
                    if packet.size and self._is_wanted(packet):  # an empty one would end decoding
                        yield packet
                    if self._is_stopped():
                        return
                    self._after_packet(packet)
            except IndexError:
                continue  # a packet of a stream that began later, which PyAV cannot place
            except av.FFmpegError as error:
                if self._is_live:
                    raise
                self._note(error)
                failures += 1
            else:
                return

    def _demuxed(self) -> Iterator[av.Packet[VideoStream]]:
        if not self._is_live:
            return self._container.demux(self._stream)
        # Of one stream alone, PyAV would not come back before its next packet.
        packets = cast("Iterator[av.Packet[VideoStream]]", self._container.demux())
        return packets if self._joining is None else self._joining.follow(packets)

    def _is_wanted(self, packet: av.Packet[VideoStream]) -> bool:
        if packet.stream_index != self._stream.index:
            return False
        self._waits_for_key = self._waits_for_key and not packet.is_keyframe
        return not self._waits_for_key

    def _note(self, error: av.FFmpegError) -> None:
        self._ledger.note_error(f"after {self._at_s:.3f} s: {words_of(error)}")


def words_of(error: Exception) -> str:
    """FFmpeg's reason in small words, without its number and without the address."""
    reason = getattr(error, "strerror", None) or str(error)
    return reason[:1].lower() + reason[1:]
