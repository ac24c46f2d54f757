"""Pictures of recordings and of clips, decoded by FFmpeg as a player would, and compared.

A picture is held as the mean grey of blocks of 8 x 8: fine enough that a smear or a picture from
another instant stands out, coarse enough that encoding again does not.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from av.sidedata.sidedata import Type
from numpy.typing import NDArray

BLOCK_PX = 8
LARGEST_DIFFERENCE = 14.0
"""Grey levels a block may be off. Encoded again at the program's quality it is below 6; a body
that is half a step from where it should be makes 40 and more."""
SAME_TIME_S = 0.03

Picture = NDArray[np.float32]
Orientation = tuple[int, int, int, int]
ORIENTATIONS: tuple[Orientation, ...] = (
    (1, 0, 0, 1),
    (0, 1, -1, 0),
    (-1, 0, 0, -1),
    (0, -1, 1, 0),
    (-1, 0, 0, 1),
    (1, 0, 0, -1),
    (0, 1, 1, 0),
    (0, -1, -1, 0),
)
"""a, b, c, d of the display matrix: a stored (x, y) is shown at (ax + cy, bx + dy)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The pictures of a file with their times, as a player shows them."""

    times_s: tuple[float, ...]
    pictures: tuple[Picture, ...]
    sounds: int = 0

    def at(self, time_s: float) -> Picture:
        """The picture nearest to an instant."""
        return self.pictures[int(np.argmin(np.abs(np.array(self.times_s) - time_s)))]

    def near(self, time_s: float) -> list[Picture]:
        """All pictures that are shown about then: with repeated stamps, several."""
        return [
            picture
            for at_s, picture in zip(self.times_s, self.pictures, strict=True)
            if abs(at_s - time_s) <= SAME_TIME_S
        ]


def shown(path: Path, *, stream: int = 0, first_is_zero: bool = True) -> Shown:
    """Decode all of a file.

    Parameters
    ----------
    path : Path
    stream : int
        Among its video streams.
    first_is_zero : bool
        Whether time begins with its first picture; else with the container, as in a player.
    """
    with av.open(str(path)) as container:
        sounds = len(container.streams.audio)
        start_s = (container.start_time or 0) / av.time_base
        pairs = [
            (instant(frame, number), oriented(blocks(frame), matrix_of(frame)))
            for number, frame in enumerate(container.decode(video=stream))
        ]
    zero_s = pairs[0][0] if first_is_zero and pairs else start_s
    times_s = tuple(time_s - zero_s for time_s, _ in pairs)
    return Shown(times_s, tuple(picture for _, picture in pairs), sounds)


def instant(frame: Any, number: int) -> float:
    """When a frame is shown; elementary streams have 25 frames a second."""
    return number / 25 if frame.pts is None else float(frame.pts * frame.time_base)


def blocks(frame: Any) -> Picture:
    """The mean grey of each block."""
    grey = frame.to_ndarray(format="gray")
    height, width = grey.shape
    size = (max(1, width // BLOCK_PX), max(1, height // BLOCK_PX))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.float32)


def matrix_of(frame: Any) -> Orientation:
    """The frame's display matrix, without its scale."""
    for data in frame.side_data:
        if data.type == Type.DISPLAYMATRIX:
            a, b, _, c, d = np.sign(np.frombuffer(bytes(data), np.int32)[:5]).tolist()
            return (a, b, c, d)
    return ORIENTATIONS[0]


def oriented(picture: Picture, matrix: Orientation) -> Picture:
    """A picture as a display matrix wants it shown."""
    a, b, c, d = matrix
    turned = picture if a else picture.T
    turned = turned[:, ::-1] if a + c < 0 else turned
    return turned[::-1] if b + d < 0 else turned


def nearest_orientation(picture: Picture, stored: Picture) -> Orientation:
    """Which of the eight a picture of the stored one has; drawings on it do not matter."""

    def difference(matrix: Orientation) -> float:
        wanted = oriented(stored, matrix)
        if (wanted.shape[0] > wanted.shape[1]) != (picture.shape[0] > picture.shape[1]):
            return float("inf")
        size = (picture.shape[1], picture.shape[0])
        return float(np.abs(cv2.resize(wanted, size) - picture).mean())

    return min(ORIENTATIONS, key=difference)


def clip_complaints(
    folder: Path, events: Sequence[dict[str, Any]], recording: Shown, *, exact_s: float = 0.1
) -> Iterator[str]:
    """Whether each event has a clip that holds it whole, in the recording's own pictures.

    Parameters
    ----------
    folder : Path
        Of the input's results.
    events : sequence of dict
        From `events.json`.
    recording : Shown
        Its times are those of the events.
    exact_s : float
        How much of an event may be missing at either end: its borders lie between pictures.
    """
    for event in events:
        name = event["clip"]
        if name is None or not (folder / name).is_file():
            yield f"{event['id']} has no clip"
            continue
        clip = shown(folder / name, first_is_zero=False)
        times_s = [event["clip_start_s"] + time_s for time_s in clip.times_s]
        yield from (f"{name}: {line}" for line in _unheld(event, times_s, exact_s))
        yield from (f"{name}: {line}" for line in _unlike(times_s, clip, recording))


def _unheld(event: dict[str, Any], times_s: list[float], exact_s: float) -> Iterator[str]:
    if not times_s:
        yield "nothing of it can be decoded"
        return
    if times_s[0] > event["start_s"] + exact_s:
        yield f"its first picture is at {times_s[0]:.2f} s, the event begins {event['start_s']} s"
    if times_s[-1] < event["end_s"] - exact_s:
        yield f"its last picture is at {times_s[-1]:.2f} s, the event ends {event['end_s']} s"
    if any(later <= earlier for earlier, later in itertools.pairwise(times_s)):
        yield "its times do not rise"


def _unlike(times_s: list[float], clip: Shown, recording: Shown) -> Iterator[str]:
    off = []
    for time_s, picture in zip(times_s, clip.pictures, strict=True):
        candidates = [p for p in recording.near(time_s) if p.shape == picture.shape]
        differences = [float(np.abs(p - picture).max()) for p in candidates]
        off.append(min(differences, default=255.0))
    wrong = sum(difference > LARGEST_DIFFERENCE for difference in off)
    if wrong:
        yield (
            f"{wrong} of {len(off)} pictures are not the recording's (up to {max(off):.0f} levels)"
        )
    if times_s:
        distinct = {
            round(at_s, 3) for at_s in recording.times_s if times_s[0] <= at_s <= times_s[-1]
        }
        if len(times_s) < len(distinct) - 1:
            yield f"{len(times_s)} pictures, the recording has {len(distinct)} there"
