"""Results of `batch` that belong to a recording: where they are looked for, and whether they are
those of it by these settings. No Qt."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.assembly import is_address
from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.gui.found.gallery import MOST_BYTES
from motionapp.gui.play.glimpses import EventPictures, Pictured, picture_of
from motionapp.sinks.events import EVENTS_JSON
from motionapp.sinks.stored import NotReadable, StoredEvents, read_stored
from motionapp.sources.size import bytes_of

MOST_CANDIDATES: Final = 64
"""Files that are opened; results of recordings of one name lie beside each other."""
LARGEST_PICTURE_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Results:
    """What was found of a recording."""

    path: Path | None = None
    """The events.json that fits; None where none does."""
    stored: StoredEvents | None = None
    others: tuple[Path, ...] = ()
    """Of this recording too, but by other settings, in part, or of an older version."""
    troubles: tuple[str, ...] = ()
    """What could not be read, in sentences."""


def find_results(
    spec: str,
    digest: str,
    folders: Iterable[Path],
    *,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Results:
    """Look for the results of a recording by some settings.

    Parameters
    ----------
    spec : str
        The recording, as `open_source` understands it.
    digest : str
        Of the settings and models.
    folders : iterable of Path
        What batch was told to write to, or what lies in one of them.
    is_wanted : callable
        Asked before each file.
    """
    if is_address(spec):
        return Results()
    name, size = os.path.basename(spec.rstrip("/\\")), bytes_of(spec)
    others: list[Path] = []
    troubles: list[str] = []
    for path in islice(_candidates(name, folders), MOST_CANDIDATES):
        if not is_wanted():
            break
        try:
            stored = read_stored(path)
        except NotReadable as error:
            troubles.append(str(error))
            continue
        if stored.source != name or stored.origin.source_bytes not in (None, size):
            continue
        if stored.origin.analysis == digest and stored.origin.is_whole:
            return Results(path, stored, tuple(others), tuple(troubles))
        others.append(path)
    return Results(others=tuple(others), troubles=tuple(troubles))


def pictures_of(
    path: Path,
    stored: StoredEvents,
    size: tuple[int, int] | None,
    *,
    is_wanted: Callable[[], bool] = lambda: True,
) -> tuple[EventPictures, ...]:
    """The pictures that a report has made of stored events, the newest first, as many as there is
    room for.

    Parameters
    ----------
    path : Path
        Of the events.json; what lies outside of its folder is left alone.
    stored : StoredEvents
    size : (int, int) or None
        Of the recording's pictures; None where it is not known: then they are shown whole.
    is_wanted : callable
        Asked before each picture.
    """
    pictures: list[EventPictures] = []
    room = MOST_BYTES
    both = list(zip(stored.events, stored.thumbnails, strict=True))
    for event, name in reversed(both):
        if not is_wanted() or room <= 0:
            break
        file = _below(path.parent, name)
        bgr = None if file is None else _whole(file)
        if bgr is not None:
            one = _pictures(event, bgr, size)
            room -= len(one.jpeg) + sum(len(each.jpeg) for each in one.segments)
            pictures.append(one)
    return tuple(pictures)


def _candidates(name: str, folders: Iterable[Path]) -> Iterator[Path]:
    """Files that may be the results of a recording: batch names their folders after it."""
    stem, known = Path(name).stem, set()
    for folder in folders:
        named = [folder, folder / stem, folder / name]
        with_digits = sorted(glob.glob(f"{glob.escape(stem)}-*", root_dir=folder))
        for place in (*named, *(folder / one for one in with_digits)):
            path = place / EVENTS_JSON
            if path not in known and os.path.isfile(path):  # which a folder may forbid to tell
                known.add(path)
                yield path


def _below(folder: Path, name: str | None) -> Path | None:
    if not name:
        return None
    try:
        file, top = (folder / name).resolve(), folder.resolve()
    except (OSError, ValueError):  # what stands there is no path
        return None
    return file if file.is_relative_to(top) and os.path.isfile(file) else None


def _whole(file: Path) -> NDArray[np.uint8] | None:
    """What a picture shows; None where it is none."""
    try:
        if file.stat().st_size > LARGEST_PICTURE_BYTES:
            return None
        bgr = cv2.imdecode(np.fromfile(file, np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error):
        return None
    return None if bgr is None else np.asarray(bgr, np.uint8)


def _pictures(event: Event, bgr: NDArray[np.uint8], size: tuple[int, int] | None) -> EventPictures:
    """Bodies out of the picture of an event's peak: all that moved, and who was in it then."""
    height, width = bgr.shape[:2]
    if size is None or not size[0]:
        return EventPictures(event.event_id, picture_of(bgr, Box(0, 0, width, height)))
    scale = width / size[0]
    there = [
        Pictured(one.group, one.start_s, _cut(bgr, body, scale))
        for one in event.segments
        if (body := _body_at(one, event)) is not None
    ]
    return EventPictures(event.event_id, _cut(bgr, event.box, scale), tuple(there))


def _body_at(segment: Segment, event: Event) -> Box | None:
    """About where a body was at an event's peak; None where it was not in it then."""
    if not segment.trail or not segment.start_s <= event.peak_s <= segment.end_s:
        return None
    _, x, y = min(segment.trail, key=lambda point: abs(point[0] - event.peak_s))
    half = max(1, min(segment.box.height, 2 * event.box.height) // 2)
    return Box(round(x) - half, round(y) - half, round(x) + half, round(y) + half)


def _cut(bgr: NDArray[np.uint8], box: Box, scale: float) -> bytes:
    height, width = bgr.shape[:2]
    body = Box(*(round(edge * scale) for edge in box)).clipped((width, height))
    return picture_of(bgr, body if body.area else Box(0, 0, width, height))
