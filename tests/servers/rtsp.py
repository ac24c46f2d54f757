"""A camera that speaks RTSP, on the loopback, with every fault that a camera can have.

    python -m tests.servers.rtsp FILE [--port 8554] [--rate 10] [--udp]

Serves H.264 as RFC 2326 (RTSP 1.0), RFC 3550 (RTP) and RFC 6184 (H.264 over RTP) say, to any number
of clients, over and over; H.265 (RFC 7798) too, and beside it sound, over TCP: G.711 (RFC 3551) or
AAC (RFC 3640). What it sends is made before, so that it costs next to nothing to send.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import math
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import av
import numpy as np
from numpy.typing import NDArray

MOST_PAYLOAD = 1300
"""Bytes in a packet of RTP."""
CLOCK_HZ = 90_000
PAYLOAD_TYPE = 96
SSRC = 0x5EED
START_CODE = re.compile(b"\x00\x00\x00?\x01")
SPS, PPS, IDR = 7, 8, 5
HEVC_SETS = {"vps": 32, "sps": 33, "pps": 34}
HEVC_KEYS = range(16, 22)
SOUND_TYPE, SOUND_SSRC = 97, 0x50FD

Transport = Literal["tcp", "udp"]
Codec = Literal["h264", "hevc"]


@dataclass(frozen=True, slots=True)
class Unit:
    """An access unit: all NAL units of a picture."""

    nals: tuple[bytes, ...]
    codec: Codec = "h264"

    @property
    def is_key(self) -> bool:
        """Whether decoding may begin with it."""
        if self.codec == "hevc":
            return any(hevc_type(nal) in HEVC_KEYS for nal in self.nals)
        return any(nal[0] & 31 == IDR for nal in self.nals)


def hevc_type(nal: bytes) -> int:
    """The type of a NAL unit of H.265."""
    return nal[0] >> 1 & 63


def units_of(annex_b: bytes, codec: Codec = "h264") -> Unit:
    """What an encoder gives for a picture, cut into NAL units."""
    return Unit(tuple(nal for nal in START_CODE.split(annex_b) if nal), codec)


@dataclass(frozen=True, slots=True)
class Sound:
    """What is to be heard, over and over."""

    codec: Literal["aac", "pcm_mulaw"]
    blocks: tuple[bytes, ...]
    rate_hz: int
    samples: int
    """In a block."""
    config: bytes = b""
    """Of AAC."""


def tone(codec: Literal["aac", "pcm_mulaw"], *, length_s: float = 2.0) -> Sound:
    """A tone, mono."""
    rate_hz, samples = (16_000, 1024) if codec == "aac" else (8000, 320)
    encoder = av.CodecContext.create(codec, "w")
    encoder.sample_rate = rate_hz  # type: ignore[attr-defined]
    encoder.layout = "mono"  # type: ignore[attr-defined]
    encoder.format = "fltp" if codec == "aac" else "s16"  # type: ignore[attr-defined]
    encoder.open()
    blocks = []
    for at in range(0, round(length_s * rate_hz), samples):
        wave = 9000 * np.sin(2 * np.pi * 440 * (at + np.arange(samples)) / rate_hz)
        block = av.AudioFrame.from_ndarray(wave.astype(np.int16)[None], "s16", "mono")
        block.sample_rate, block.pts = rate_hz, at
        resampler = av.AudioResampler("fltp" if codec == "aac" else "s16", "mono", rate_hz)
        for heard in resampler.resample(block):
            blocks += [bytes(packet) for packet in encoder.encode(heard)]  # type: ignore[attr-defined]
    return Sound(codec, tuple(blocks), rate_hz, samples, encoder.extradata or b"")


def encoded(
    pictures: Iterator[NDArray[np.uint8]],
    *,
    rate_hz: int,
    key_frames: int = 20,
    codec: Codec = "h264",
    crf: int = 24,
) -> list[Unit]:
    """Pictures `(h, w, 3)`, blue first, as units; the first is a key frame."""
    encoder = av.CodecContext.create("libx264" if codec == "h264" else "libx265", "w")
    units = []
    for number, picture in enumerate(pictures):
        if number == 0:
            encoder.height, encoder.width = picture.shape[:2]  # type: ignore[attr-defined]
            encoder.pix_fmt = "yuv420p"  # type: ignore[attr-defined]
            encoder.framerate = rate_hz  # type: ignore[attr-defined]
            encoder.options = {
                "preset": "veryfast", "tune": "zerolatency", "g": str(key_frames), "crf": str(crf),
            }  # fmt: skip
            if codec == "hevc":
                encoder.options["x265-params"] = f"log-level=none:keyint={key_frames}:pools=1"
        frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
        units += [units_of(bytes(packet), codec) for packet in encoder.encode(frame)]  # type: ignore[attr-defined]
    units += [units_of(bytes(packet), codec) for packet in encoder.encode(None)]  # type: ignore[attr-defined]
    return units


@dataclass(slots=True)
class Behaviour:
    """What it does from now on; any field may be set at any time."""

    is_silent: bool = False
    """Nothing more is sent, and nothing closed."""
    is_garbage: bool = False
    """Packets hold rubbish."""
    is_refusing: bool = False
    """Who connects is sent away."""
    jump_s: float = 0.0
    """Added to the time stamps."""
    transports: tuple[Transport, ...] = ("tcp",)
    units: Sequence[Unit] = field(default_factory=list)
    """What is sent, over and over."""


class RtspServer:
    """Serves from entering the `with` block until it is left.

    Parameters
    ----------
    units : sequence of Unit
        Sent over and over, the first being a key frame.
    rate_hz : float
        How many a second.
    port : int
        0 for any that is free.
    transports : sequence of {"tcp", "udp"}
        Others are answered by 461.
    sound : Sound, optional
        Sent beside the pictures, over TCP.
    """

    def __init__(
        self,
        units: Sequence[Unit],
        *,
        rate_hz: float = 10.0,
        port: int = 0,
        transports: tuple[Transport, ...] = ("tcp",),
        sound: Sound | None = None,
    ) -> None:
        self.sound = sound
        self.behaviour = Behaviour(units=units, transports=transports)
        self.rate_hz = rate_hz
        self.played = threading.Event()
        """Somebody has been sent a picture."""
        self.sent: Callable[[int], object] = lambda number: None
        """Called with the place in `units` of what has just been sent."""
        self.sessions = 0
        """How many have begun to play."""
        self._over = threading.Event()
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", port))
        self._listener.settimeout(0.1)
        self.port: int = self._listener.getsockname()[1]
        self.began_s = time.monotonic()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"rtsp://127.0.0.1:{self.port}/camera"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self.hang_up()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def hang_up(self) -> None:
        """Close every connection."""
        with self._lock:
            connections, self._connections = self._connections, []
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def wait_until_played(self, timeout_s: float = 10.0) -> None:
        """Until somebody has been sent a picture since the last call."""
        assert self.played.wait(timeout_s), "nobody has come to look"
        self.played.clear()

    def _start(self, run: object, *arguments: object) -> None:
        thread = threading.Thread(target=run, args=arguments, name="rtsp")  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            if self.behaviour.is_refusing:
                connection.close()
                continue
            with self._lock:
                self._connections.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        """One client, from its first request to the end."""
        connection.settimeout(0.2)
        session = _Session(self, connection)
        data = b""
        with connection, contextlib.suppress(OSError):
            while not self._over.is_set():
                try:
                    came = connection.recv(65536)
                except TimeoutError:
                    continue
                if not came:
                    break
                data = session.answer(data + came)
        session.end()


class _Session:
    """What one client has asked for."""

    def __init__(self, server: RtspServer, connection: socket.socket) -> None:
        self._server, self._connection = server, connection
        self._lock = threading.Lock()
        self._udp: socket.socket | None = None
        self._is_over = threading.Event()
        self._sequence = 0
        self._thread: threading.Thread | None = None

    def answer(self, data: bytes) -> bytes:
        """Answer whole requests; gives back what is no whole one yet."""
        while data:
            if data[:1] == b"$":  # a client's own reports
                if len(data) < 4 or len(data) < 4 + int.from_bytes(data[2:4], "big"):
                    break
                data = data[4 + int.from_bytes(data[2:4], "big") :]
                continue
            head, separator, rest = data.partition(b"\r\n\r\n")
            if not separator:
                break
            self._reply(head.decode("latin-1"))
            data = rest
        return data

    def end(self) -> None:
        """Send no more."""
        self._is_over.set()
        if self._thread is not None:
            self._thread.join()
        if self._udp is not None:
            self._udp.close()

    def _reply(self, request: str) -> None:
        method, url = request.split(" ", 2)[:2]
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in request.split("\r\n")[1:])
        }
        status, lines, body = "200 OK", ["Session: 1"], ""
        if method == "OPTIONS":
            lines.append("Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN")
        elif method == "DESCRIBE":
            body = self._description()
            lines += [f"Content-Base: {url}/", "Content-Type: application/sdp"]
        elif method == "SETUP":
            is_sound = url.endswith("track2")
            status, transport = self._transport(fields.get("transport", ""), is_sound=is_sound)
            lines.append(f"Transport: {transport}")
        elif method == "PLAY":
            lines.append("Range: npt=0-")
        head = [f"RTSP/1.0 {status}", f"CSeq: {fields.get('cseq', '0')}", *lines]
        if body:
            head.append(f"Content-Length: {len(body)}")
        self._send(("\r\n".join(head) + "\r\n\r\n" + body).encode())
        if method == "PLAY" and self._thread is None:
            self._server.sessions += 1
            self._thread = threading.Thread(target=self._play, name="rtsp-play")
            self._thread.start()

    def _description(self) -> str:
        unit = self._server.behaviour.units[0]
        form = hevc_form(unit) if unit.codec == "hevc" else h264_form(unit)
        lines = [
            "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=camera", "c=IN IP4 127.0.0.1", "t=0 0",
            f"m=video 0 RTP/AVP {PAYLOAD_TYPE}", *form, "a=control:track1",
        ]  # fmt: skip
        if self._server.sound is not None:
            lines += [*sound_form(self._server.sound), "a=control:track2"]
        return "\r\n".join([*lines, ""])

    def _transport(self, asked: str, *, is_sound: bool) -> tuple[str, str]:
        """The answer to SETUP: its status, and the transport."""
        allowed = self._server.behaviour.transports
        ports = re.search(r"client_port=(\d+)", asked)
        if "interleaved" in asked or "TCP" in asked:
            if "tcp" in allowed:
                channels = "2-3" if is_sound else "0-1"
                return "200 OK", f"RTP/AVP/TCP;unicast;interleaved={channels}"
        elif ports is not None and "udp" in allowed:
            self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._udp.bind(("127.0.0.1", 0))
            self._udp.connect(("127.0.0.1", int(ports.group(1))))
            own = self._udp.getsockname()[1]
            first = int(ports.group(1))
            return "200 OK", (
                f"RTP/AVP;unicast;client_port={first}-{first + 1};server_port={own}-{own + 1}"
            )
        return "461 Unsupported Transport", asked

    def _play(self) -> None:
        """Send unit after unit when each is due."""
        server = self._server
        began_s, number, heard = time.monotonic(), 0, 0
        while not self._is_over.wait(
            max(0.0, began_s + number / server.rate_hz - time.monotonic())
        ):
            units = server.behaviour.units
            unit = units[number % len(units)]
            if not server.behaviour.is_silent:
                stamp_s = number / server.rate_hz + server.behaviour.jump_s
                try:
                    self._send_unit(unit, round(stamp_s * CLOCK_HZ) % 2**32)
                    heard = self._send_sound(heard, number / server.rate_hz)
                except OSError:
                    return
                server.sent(number % len(units))
                server.played.set()
            number += 1

    def _send_unit(self, unit: Unit, stamp: int) -> None:
        nals = unit.nals
        if self._server.behaviour.is_garbage:
            nals = tuple(
                nal[:1] + bytes(len(nal) - 1) for nal in nals if nal[0] & 31 not in (SPS, PPS)
            )
        cut = hevc_fragments if unit.codec == "hevc" else fragments
        payloads = [payload for nal in nals for payload in cut(nal)]
        for number, payload in enumerate(payloads):
            is_last = number == len(payloads) - 1
            self._sequence = (self._sequence + 1) % 2**16
            kind = PAYLOAD_TYPE | (0x80 if is_last else 0)
            head = struct.pack("!BBHII", 0x80, kind, self._sequence, stamp, SSRC)
            if self._udp is not None:
                with contextlib.suppress(ConnectionRefusedError):
                    self._udp.send(head + payload)
            else:
                self._send(struct.pack("!cBH", b"$", 0, len(head + payload)) + head + payload)

    def _send_sound(self, block: int, until_s: float) -> int:
        """Send the blocks that are due; gives back the number of the next one."""
        sound, jump_s = self._server.sound, self._server.behaviour.jump_s
        while sound is not None and block * sound.samples / sound.rate_hz <= until_s:
            data = sound.blocks[block % len(sound.blocks)]
            if sound.codec == "aac":  # the sizes of the AUs behind: one, in 13 bits of 16
                data = struct.pack("!HH", 16, len(data) << 3) + data
            kind = 0x80 | (SOUND_TYPE if sound.codec == "aac" else 0)
            stamp = (block * sound.samples + round(jump_s * sound.rate_hz)) % 2**32
            head = struct.pack("!BBHII", 0x80, kind, block % 2**16, stamp, SOUND_SSRC)
            self._send(struct.pack("!cBH", b"$", 2, len(head + data)) + head + data)
            block += 1
        return block

    def _send(self, data: bytes) -> None:
        with self._lock:
            self._connection.settimeout(5)
            self._connection.sendall(data)
            self._connection.settimeout(0.2)


def h264_form(unit: Unit) -> list[str]:
    """How H.264 is described (RFC 6184, 8.2.1)."""
    sets = [base64.b64encode(nal).decode() for nal in unit.nals if nal[0] & 31 in (SPS, PPS)]
    return [
        f"a=rtpmap:{PAYLOAD_TYPE} H264/{CLOCK_HZ}",
        f"a=fmtp:{PAYLOAD_TYPE} packetization-mode=1;sprop-parameter-sets={','.join(sets)}",
    ]


def hevc_form(unit: Unit) -> list[str]:
    """How H.265 is described (RFC 7798, 7.1)."""
    sets = [
        f"sprop-{name}={base64.b64encode(nal).decode()}"
        for name, number in HEVC_SETS.items()
        for nal in unit.nals
        if hevc_type(nal) == number
    ]
    return [f"a=rtpmap:{PAYLOAD_TYPE} H265/{CLOCK_HZ}", f"a=fmtp:{PAYLOAD_TYPE} {';'.join(sets)}"]


def sound_form(sound: Sound) -> list[str]:
    """How sound is described (RFC 3551, 6; RFC 3640, 4.1)."""
    if sound.codec == "pcm_mulaw":
        return ["m=audio 0 RTP/AVP 0"]
    return [
        f"m=audio 0 RTP/AVP {SOUND_TYPE}",
        f"a=rtpmap:{SOUND_TYPE} MPEG4-GENERIC/{sound.rate_hz}/1",
        f"a=fmtp:{SOUND_TYPE} streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;"
        f"indexlength=3;indexdeltalength=3;config={sound.config.hex()}",
    ]


def hevc_fragments(nal: bytes) -> Iterator[bytes]:
    """A NAL unit of H.265 as payloads of RTP: as it is, or in FU parts (RFC 7798, 4.4.3)."""
    if len(nal) <= MOST_PAYLOAD:
        yield nal
        return
    body = nal[2:]
    count = math.ceil(len(body) / MOST_PAYLOAD)
    for number in range(count):
        edge = (0x80 if number == 0 else 0) | (0x40 if number == count - 1 else 0)
        part = body[number * MOST_PAYLOAD : (number + 1) * MOST_PAYLOAD]
        yield bytes([(nal[0] & 0x81) | 49 << 1, nal[1], edge | hevc_type(nal)]) + part


def fragments(nal: bytes) -> Iterator[bytes]:
    """A NAL unit as payloads of RTP: as it is, or in FU-A parts (RFC 6184, 5.8)."""
    if len(nal) <= MOST_PAYLOAD:
        yield nal
        return
    body = nal[1:]
    count = math.ceil(len(body) / MOST_PAYLOAD)
    for number in range(count):
        edge = (0x80 if number == 0 else 0) | (0x40 if number == count - 1 else 0)
        part = body[number * MOST_PAYLOAD : (number + 1) * MOST_PAYLOAD]
        yield bytes([(nal[0] & 0xE0) | 28, edge | (nal[0] & 0x1F)]) + part


def units_of_file(path: Path) -> list[Unit]:
    """The pictures of a recording that holds H.264, without decoding them."""
    units = []
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        to_annex_b = av.BitStreamFilterContext("h264_mp4toannexb", stream)
        for packet in file.demux(stream):
            units += [units_of(bytes(each)) for each in to_annex_b.filter(packet)]
    return [unit for unit in units if unit.nals]


def main() -> None:
    """Serve a file until somebody ends it."""
    parser = argparse.ArgumentParser(description="Serve a recording as a camera does, by RTSP.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rate", type=float, default=10.0)
    parser.add_argument("--udp", action="store_true")
    arguments = parser.parse_args()
    transports: tuple[Transport, ...] = ("udp",) if arguments.udp else ("tcp",)
    with RtspServer(
        units_of_file(arguments.file),
        rate_hz=arguments.rate,
        port=arguments.port,
        transports=transports,
    ) as server:
        print(server.url, flush=True)  # noqa: T201  whoever starts it reads where it is
        threading.Event().wait()


if __name__ == "__main__":
    main()
