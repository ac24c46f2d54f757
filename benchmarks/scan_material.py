"""Long quiet recordings with known events, composed of real clips: what `fast_scan.py` measures on.

Each camera is a real recording with a stretch in which nobody is about. Longer quiet footage goes
forwards and backwards through these pictures, turning by chance, so that what its pictures share
(the grain that a former encoder left, flicker, a cloud) lasts as long as it did, and no order comes
again. Beneath lies noise that is drawn anew for every picture, as strong as what really changes
from one to the next. Noise alone, moved about in the picture, was tried instead: what flickers at
the edges of a monitor becomes a thing that moves, where it is laid over a wall.

Events are real people, cut out by their silhouettes (Weizmann), who enter this scene at any size
and speed, beneath the noise; and stretches of the recording itself, where somebody is about in it.

Everything is encoded once for each encoder setting, with key pictures at a fixed distance. Hours
are made of that by copying packets, whole groups of pictures at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
Picture = NDArray[np.uint8]
TURN_EVERY = 40
"""Pictures, on average, between two turns of the quiet footage."""
BEFORE_S, AFTER_S = 4.0, 7.0
"""Quiet round each event in what is encoded: longer than a rest, so that it ends within."""


@dataclass(frozen=True)
class Camera:
    """A real recording, and when nobody is about in it."""

    name: str
    path: str
    quiet: tuple[float, float]
    rate: int
    visits: tuple[tuple[float, float], ...] = ()
    """Stretches of the recording itself that are used as events; quiet at both ends."""
    night: float = 0.0
    """Noise is at least so strong, in grey levels."""
    enlarged: int = 1
    """So many times as wide and high as it was recorded, beneath grain of the full size."""
    is_held_out: bool = False
    """Not looked at while the scan was made."""

    @cached_property
    def pictures(self) -> tuple[NDArray[np.float64], list[Picture]]:
        """Times and pictures, planes of YUV 4:2:0 one below the other."""
        with av.open(str(DATA / self.path)) as container:
            frames = list(container.decode(video=0))
        start = frames[0].pts
        times = np.array([float((f.pts - start) * f.time_base) for f in frames])
        w, h = (side * self.enlarged // 4 * 4 for side in (frames[0].width, frames[0].height))
        shown = [f.reformat(width=w, height=h, format="yuv420p").to_ndarray() for f in frames]
        return times, shown

    def between(self, from_s: float, to_s: float) -> list[Picture]:
        """The pictures of a stretch."""
        times, pictures = self.pictures
        return [p for t, p in zip(times, pictures, strict=True) if from_s <= t < to_s]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        rows, columns = self.pictures[1][0].shape
        return columns, rows * 2 // 3

    @cached_property
    def grain(self) -> float:
        """Standard deviation of what changes from one quiet picture to the next, grey levels."""
        calm, height = self.between(*self.quiet), self.size[1]
        steps = [np.std(a[:height].astype(np.float32) - b[:height]) for a, b in pairwise(calm)]
        return float(np.median(steps)) / 2**0.5


class Calm:
    """Quiet footage without end: forwards and backwards through the real pictures, turning by
    chance, beneath fresh noise as strong as what changes from one of them to the next."""

    def __init__(self, camera: Camera, rng: np.random.Generator) -> None:
        self._shown, self._rng = camera.between(*camera.quiet), rng
        self._grain = max(camera.grain, camera.night)
        self._at, self._step = 0, 1

    def __next__(self) -> NDArray[np.float32]:
        """The next picture, before its noise."""
        if self._rng.random() < 1 / TURN_EVERY:
            self._step = -self._step
        if not 0 <= self._at + self._step < len(self._shown):
            self._step = -self._step
        self._at += self._step
        return self._shown[self._at].astype(np.float32)

    def noisy(self, picture: NDArray[np.float32]) -> Picture:
        """A picture with its noise."""
        rows = len(picture) * 2 // 3
        picture[:rows] += self._rng.standard_normal(picture[:rows].shape, np.float32) * self._grain
        return np.clip(picture + 0.5, 0, 255).astype(np.uint8)


CAMERAS = (
    Camera("office", "outdoor/indoor_office.mp4", (0.0, 3.2), 25),
    Camera("corridor", "odd_files/corridor_person.wmv", (0.2, 8.2), 15, ((6.5, 18.0),)),
    Camera("bedroom", "urfd/adl/adl-38-cam0.mp4", (8.1, 11.0), 30),
    Camera("bedroom_night", "urfd/adl/adl-38-cam0.mp4", (8.1, 11.0), 30, night=4.0),
    Camera("office_hd", "outdoor/indoor_office.mp4", (0.0, 3.2), 25, night=1.5, enlarged=3),
    Camera("street_hd", "outdoor/street_people.mp4", (23.4, 28.0), 30, night=1.5, enlarged=2,
           is_held_out=True),
    Camera("street", "outdoor/street_people.mp4", (23.4, 28.0), 30, is_held_out=True),
    Camera("ceiling", "urfd/fall/fall-01-cam1.mp4", (0.0, 2.4), 30, is_held_out=True),
    Camera("park", "outdoor/shadow_pedestrians.mp4", (0.0, 3.9), 25, is_held_out=True),
    Camera("evening", "safety/fall/gmdcsa24_s2_fall_14.mp4", (7.0, 11.0), 15, is_held_out=True),
    Camera("lawn", "kth_few/jogging/person01_jogging_d1.mp4", (6.9, 10.2), 25, is_held_out=True),
)  # fmt: skip
NAMED = {camera.name: camera for camera in CAMERAS}


# -- who moves ------------------------------------------------------------------------------------


def _body(name: str) -> list[tuple[Picture, Picture]]:
    """Pictures and silhouettes of one person, cut to where he is."""
    found = []
    shown, masks = (DATA / part / f"{name}.mp4" for part in ("weizmann_part", "weizmann_masks"))
    with av.open(str(shown)) as one, av.open(str(masks)) as two:
        for picture, mask in zip(one.decode(video=0), two.decode(video=0), strict=False):
            luma, shape = (f.reformat(format="gray").to_ndarray() for f in (picture, mask))
            ys, xs = np.nonzero(shape > 128)
            if len(ys) > 40:
                cut = np.s_[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
                found.append((luma[cut], shape[cut]))
    return found


@dataclass(frozen=True)
class Visit:
    """Somebody enters the scene, goes some way, and leaves it."""

    body: str
    height: float
    """Share of the picture's."""
    speed: float
    """Own heights per second."""
    length_s: float
    row: float
    """Where the feet are, share of the picture's height."""

    def pictures(
        self, camera: Camera, calm: Calm, rng: np.random.Generator
    ) -> Iterator[tuple[Picture, bool]]:
        """The scene with the visitor, and whether enough of him is in it to be seen."""
        width, height = camera.size
        tall = max(8, round(self.height * height))
        shown = [_scaled(*one, tall) for one in _body(self.body)]
        wide = max(mask.shape[1] for _, mask in shown)
        count = round(self.length_s * camera.rate)
        step = self.speed * tall / camera.rate
        is_mirrored = bool(rng.integers(2))
        for n in range(count):
            # In, and out again on the same side where he would not come to the other.
            way = n * step if count * step > width + wide else min(n, count - n) * step
            luma, mask = shown[int(n * 25 / camera.rate) % len(shown)]
            picture = next(calm)
            view = picture[:height, ::-1] if is_mirrored else picture[:height]
            seen = _paste(view, luma, mask, x=round(way) - wide, foot=round(self.row * height))
            yield calm.noisy(picture), seen > 12


def _scaled(luma: Picture, mask: Picture, tall: int) -> tuple[NDArray[Any], NDArray[Any]]:
    size = (max(3, round(luma.shape[1] * tall / luma.shape[0])), tall)
    return tuple(
        cv2.resize(p.astype(np.float32), size, interpolation=cv2.INTER_AREA) for p in (luma, mask)
    )  # type: ignore[return-value]


def _paste(
    view: NDArray[np.float32], luma: NDArray[Any], mask: NDArray[Any], *, x: int, foot: int
) -> int:
    """Lay a body over a picture; gives how many pixels of it are within."""
    h, w = luma.shape
    y = foot - h
    x0, y0 = max(0, x), max(0, y)
    x1, y1 = min(view.shape[1], x + w), min(view.shape[0], y + h)
    if x1 <= x0 or y1 <= y0:
        return 0
    cut = np.s_[y0 - y : y1 - y, x0 - x : x1 - x]
    alpha = mask[cut] / 255
    view[y0:y1, x0:x1] += alpha * (luma[cut] - view[y0:y1, x0:x1])
    return int(np.count_nonzero(alpha > 0.5))


def bodies() -> list[str]:
    """Who travels in the shared recordings."""
    folder = DATA / "weizmann_part"
    kinds = ("walk", "side", "run", "jump", "skip")
    return [
        f"{p.parent.name}/{p.stem}" for kind in kinds for p in sorted((folder / kind).glob("*"))
    ]


def visits(count: int, rng: np.random.Generator) -> list[Visit]:
    """People of all sizes and speeds: a third small, a third slow."""
    names, found = bodies(), []
    for n in range(count):
        height = (0.1, 0.2, 0.45)[n % 3] * rng.uniform(0.8, 1.25)
        speed = (0.25, 0.8, 2.0)[n // 3 % 3] * rng.uniform(0.8, 1.25)
        length_s = rng.uniform(3.0, 8.0)
        if 0.45 * speed * length_s < 1.0:  # slow ones need longer to be in the picture at all
            length_s = 8.0
        found.append(
            Visit(names[rng.integers(len(names))], height, speed, length_s, rng.uniform(0.55, 0.98))
        )
    return found


# -- encoded once ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Encoding:
    """How a recording is coded."""

    name: str
    key_distance: int
    codec: str = "libx264"
    options: Mapping[str, str] = field(default_factory=lambda: {"preset": "fast", "crf": "23"})
    bit_rate: int = 0


@dataclass(eq=False)
class Library:
    """One camera, one encoding: packets of quiet stretches and of events."""

    path: Path
    rate: int
    quiet: tuple[int, int]
    """Pictures, from and up to; multiples of the key distance."""
    episodes: tuple[tuple[int, int, float, float], ...]
    """Pictures from and up to, and when somebody is in them, in seconds from the first of these."""
    key_distance: int


def make_library(
    camera: Camera, encoding: Encoding, path: Path, *, quiet_s: float, events: int, seed: int = 1
) -> Library:
    """Encode quiet footage, and the events of a camera, into one file."""
    rng = np.random.default_rng(seed)
    group = encoding.key_distance
    calm = Calm(camera, rng)
    writer = _Writer(path, camera, encoding)
    with writer.container:
        for _ in range(_whole(quiet_s * camera.rate, group)):
            writer.add(calm.noisy(next(calm)))
        quiet = (0, writer.count)
        episodes = [
            _episode(writer, pictures, calm, rng, group)
            for pictures in _happenings(camera, events, calm, rng)
        ]
        writer.end()
    return Library(path, camera.rate, quiet, tuple(episodes), group)


def _happenings(
    camera: Camera, events: int, calm: Calm, rng: np.random.Generator
) -> Iterator[Iterator[tuple[Picture, bool]]]:
    for from_s, to_s in camera.visits:
        yield ((picture, True) for picture in camera.between(from_s, to_s))
    for visit in visits(events - len(camera.visits), rng):
        yield visit.pictures(camera, calm, rng)


def _episode(
    writer: _Writer,
    pictures: Iterator[tuple[Picture, bool]],
    calm: Calm,
    rng: np.random.Generator,
    group: int,
) -> tuple[int, int, float, float]:
    first = writer.count
    for _ in range(round((BEFORE_S + rng.uniform(0, group / writer.rate)) * writer.rate)):
        writer.add(calm.noisy(next(calm)))
    seen = []
    for picture, is_in in pictures:
        if is_in:
            seen.append(writer.count - first)
        writer.add(picture)
    last = writer.count - first + round(AFTER_S * writer.rate)
    while writer.count - first < _whole(last, group):
        writer.add(calm.noisy(next(calm)))
    return first, writer.count, seen[0] / writer.rate, (seen[-1] + 1) / writer.rate


def _whole(count: float, group: int) -> int:
    return int(-(-count // group)) * group


class _Writer:
    def __init__(self, path: Path, camera: Camera, encoding: Encoding) -> None:
        self.container = av.open(str(path), "w")
        self.stream: Any = self.container.add_stream(encoding.codec, rate=camera.rate)
        self.stream.width, self.stream.height = camera.size
        self.stream.pix_fmt = "yuvj420p" if encoding.codec == "mjpeg" else "yuv420p"
        self.stream.codec_context.gop_size = encoding.key_distance
        self.stream.codec_context.thread_count = 2
        if encoding.bit_rate:
            self.stream.bit_rate = encoding.bit_rate
        self.stream.options = {**encoding.options, **_fixed(encoding)}
        self.count, self.rate = 0, camera.rate

    def add(self, picture: Picture) -> None:
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="yuv420p")
        frame.pts = self.count
        frame.time_base = Fraction(1, self.rate)
        self.count += 1
        self.container.mux(self.stream.encode(frame))

    def end(self) -> None:
        self.container.mux(self.stream.encode(None))


def _fixed(encoding: Encoding) -> dict[str, str]:
    """Key pictures at fixed places, at which packets can be cut."""
    group = encoding.key_distance
    if encoding.codec == "libx264":
        given = encoding.options.get("x264-params", "")
        fixed = f"keyint={group}:min-keyint={group}:scenecut=0:open-gop=0"
        return {"x264-params": ":".join(filter(None, [given, fixed]))}
    if encoding.codec == "libx265":
        given = encoding.options.get("x265-params", "")
        fixed = f"keyint={group}:min-keyint={group}:scenecut=0:open-gop=0:log-level=error:pools=2"
        return {"x265-params": ":".join(filter(None, [given, fixed]))}
    return {}


# -- hours by copying packets ---------------------------------------------------------------------


def compose(
    library: Library, path: Path, *, length_s: float, events: int, seed: int = 2
) -> list[tuple[float, float]]:
    """Write a long recording; gives when somebody is in it, by time."""
    rng = np.random.default_rng(seed)
    group, rate = library.key_distance, library.rate
    order = list(np.arange(events) % len(library.episodes))
    rng.shuffle(order)
    busy = sum(library.episodes[n][1] - library.episodes[n][0] for n in order)
    calm = max(events + 1, round((length_s * rate - busy) / group))
    borders = np.sort(rng.integers(0, calm, events))
    truth: list[tuple[float, float]] = []
    pieces: list[tuple[int, int]] = []
    shown = 0
    for n, groups in enumerate(np.diff([0, *borders, calm])):
        for _ in range(groups):
            first = int(rng.integers((library.quiet[1] - library.quiet[0]) // group)) * group
            pieces.append((first, first + group))
            shown += group
        if n < events:
            first, last, from_s, to_s = library.episodes[order[n]]
            truth.append((shown / rate + from_s, shown / rate + to_s))
            pieces.append((first, last))
            shown += last - first
    _copy(library, pieces, path)
    return truth


def _copy(library: Library, pieces: Sequence[tuple[int, int]], path: Path) -> None:
    with av.open(str(library.path)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copied = target.add_stream_from_template(stream)
        tick = int(1 / (stream.time_base * library.rate))
        groups: list[list[tuple[bytes, int, int, bool]]] = []
        for packet in source.demux(stream):
            if packet.size:
                if packet.is_keyframe and packet.pts % (tick * library.key_distance) == 0:
                    groups.append([])
                first = (len(groups) - 1) * library.key_distance * tick
                groups[-1].append(
                    (bytes(packet), packet.pts - first, packet.dts - first, packet.is_keyframe)
                )
        base = 0
        for first, last in pieces:
            for number in range(first // library.key_distance, last // library.key_distance):
                for data, pts, dts, is_key in groups[number]:
                    packet = av.Packet(data)
                    packet.time_base = stream.time_base
                    packet.pts, packet.dts, packet.is_keyframe = base + pts, base + dts, is_key
                    packet.stream = copied
                    target.mux(packet)
                base += library.key_distance * tick
