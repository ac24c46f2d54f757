"""Small recordings, good ones and ones damaged in different ways, for `batch_faults.py`."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np

from motionapp.core.moment import Moment
from motionapp.overlay import Style
from motionapp.sinks.video import AnnotatedVideoSink
from motionapp.testing import Mover, Stage

NOTHING_DRAWN = Style(groups=False, tracks=False, poses=False, events=False, status=False)
DISTINCT = 5
"""Rendered good ones; the others are copies, which saves minutes and loses nothing."""


def good_clips(folder: Path, count: int) -> list[Path]:
    """`count` recordings of 1.2 to 2 s in which something passes."""
    folder.mkdir(parents=True)
    paths = [folder / f"good-{number:03d}.mp4" for number in range(count)]
    for number, path in enumerate(paths):
        if number < DISTINCT:
            _render(path, number, 1.2 + 0.2 * number)
        else:
            shutil.copy(paths[number % DISTINCT], path)
    return paths


def damaged_clips(folder: Path, count: int) -> list[Path]:
    """`count` recordings, each kind of damage as often as the others."""
    folder.mkdir(parents=True)
    whole = folder / "whole.mp4"
    _render(whole, 99, 2.0)
    content = whole.read_bytes()
    whole.unlink()
    kinds = itertools.islice(itertools.cycle(DAMAGES), count)
    paths = []
    for number, kind in enumerate(kinds):
        paths.append(folder / f"bad-{number:03d}-{kind}.mp4")
        DAMAGES[kind](paths[-1], content, number)
    return paths


def _render(path: Path, seed: int, duration_s: float) -> None:
    def passer(t_s: float) -> tuple[float, float] | None:
        return (10 + 130 * (t_s - 0.2), 30 + 10 * (seed % 5)) if 0.2 <= t_s < 1.0 else None

    stage = Stage(movers=(Mover(passer),), size=(160, 120), sigma=1.0, seed=seed)
    sink = AnnotatedVideoSink(path, style=NOTHING_DRAWN)
    for frame in stage.frames(duration_s):
        sink.accept(Moment("stage", frame))
    sink.close()


def _truncated(path: Path, content: bytes, number: int) -> None:
    """Its index stands in front, so the beginning can be read."""
    path.write_bytes(content[: len(content) * 6 // 10])


def _flipped(path: Path, content: bytes, number: int) -> None:
    """A bit in every fortieth byte of the pictures."""
    changed = bytearray(content)
    for place in range(content.index(b"mdat") + 200, len(changed), 40):
        changed[place] ^= 1 << (number % 8)
    path.write_bytes(changed)


def _hole(path: Path, content: bytes, number: int) -> None:
    middle = (content.index(b"mdat") + len(content)) // 2
    hole = min(4000, len(content) - middle)
    path.write_bytes(content[:middle] + bytes(hole) + content[middle + hole :])


def _empty(path: Path, content: bytes, number: int) -> None:
    path.touch()


def _text(path: Path, content: bytes, number: int) -> None:
    path.write_text("Dear reader, this is no video.\n" * 40)


def _header(path: Path, content: bytes, number: int) -> None:
    path.write_bytes(content[: content.index(b"mdat") + 4])


def _no_index(path: Path, content: bytes, number: int) -> None:
    path.write_bytes(b"\0\0\0\x1cftypisom" + content[content.index(b"mdat") - 4 :])


def _noise(path: Path, content: bytes, number: int) -> None:
    path.write_bytes(np.random.default_rng(number).bytes(len(content)))


def _folder(path: Path, content: bytes, number: int) -> None:
    path.mkdir()


def _sound(path: Path, content: bytes, number: int) -> None:
    """Audio alone."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        silence = np.zeros((1, 16000), np.float32)
        sound = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
        sound.sample_rate = 16000
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))


DAMAGES: dict[str, Callable[[Path, bytes, int], None]] = {
    "truncated": _truncated,
    "flipped": _flipped,
    "empty": _empty,
    "text": _text,
    "header": _header,
    "sound": _sound,
    "hole": _hole,
    "no-index": _no_index,
    "noise": _noise,
    "folder": _folder,
}
"""Each writes a damaged recording, from the bytes of a whole one and its own number."""
