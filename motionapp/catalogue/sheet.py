"""A contact sheet: a small picture of each hit, with time, camera and name below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import tzinfo
from itertools import groupby
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.catalogue.hit import Hit
from motionapp.catalogue.recordings import covers_of, open_again
from motionapp.catalogue.wording import label_text, place_text, when_text
from motionapp.core.errors import SourceError
from motionapp.core.event import Event
from motionapp.files.atomic import make_place, publish, stage_bytes
from motionapp.overlay.palette import PLATE_COLOUR, TEXT_COLOUR, Colour, label_colour
from motionapp.overlay.text import fitted_text, text_width
from motionapp.sinks.h264 import fitted
from motionapp.sinks.thumbnails import jpeg_of, thumbnail

MOST_PICTURES: Final = 120
"""More are no overview any more, and each costs a seek."""
WIDTH_PX: Final = 320
HEIGHTS_PX: Final = (160, 320)
"""Pictures have the shape of most of them, within bounds; others stand between borders."""
USUAL_PX: Final = 180
COLUMNS: Final = 5
GAP_PX: Final = 12
TEXT_PX: Final = 15
LINES: Final = 2
PAGE_COLOUR: Final[Colour] = (32, 28, 26)
"""Darker than pictures are, and lighter than their borders."""
DIM_COLOUR: Final[Colour] = (176, 176, 176)
QUALITY: Final = 90

Picture = NDArray[np.uint8]


def write_sheet(
    path: Path, hits: Sequence[Hit], catalogue: Path, *, zone: tzinfo | None = None
) -> list[str]:
    """Write the sheet of the first hits, `MOST_PICTURES` at most, in their order.

    Parameters
    ----------
    path : Path
        ``.jpg`` or ``.png``.
    hits : sequence of Hit
        At least one.
    catalogue : Path
        The catalogue's folder.
    zone : tzinfo or None
        Of the times that are shown; None: of each recording.

    Returns
    -------
    list of str
        Sentences about what is missing in it.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    make_place(path)
    shown = hits[:MOST_PICTURES]
    problems = []
    pictures: dict[str, Picture] = {}
    for hit, picture, problem in _pictures(shown, catalogue):
        pictures[hit.event] = picture
        if problem:
            problems.append(f"the picture of {hit.event} is missing: {problem}")
    page = sheet_of([(hit, pictures[hit.event]) for hit in shown], zone)
    stage_bytes(path, _encoded(page, path.suffix.lower()))
    publish(path)
    return problems


def sheet_of(pictures: Sequence[tuple[Hit, Picture]], zone: tzinfo | None = None) -> Picture:
    """The sheet as a picture.

    Parameters
    ----------
    pictures : sequence of (Hit, ndarray of uint8, shape (h, w, 3))
        At least one.
    zone : tzinfo or None

    Returns
    -------
    ndarray of uint8, shape (h', w', 3)
    """
    width, height = size = _picture_size([hit for hit, _ in pictures])
    columns = min(COLUMNS, len(pictures))
    rows = -(-len(pictures) // columns)
    cell = width + GAP_PX, height + LINES * _line_px() + 2 * GAP_PX
    shape = rows * cell[1] + GAP_PX, columns * cell[0] + GAP_PX, 3
    page = np.full(shape, PAGE_COLOUR, np.uint8)
    for number, (hit, picture) in enumerate(pictures):
        row, column = divmod(number, columns)
        x, y = GAP_PX + column * cell[0], GAP_PX + row * cell[1]
        page[y : y + height, x : x + width] = fitted(picture, size)
        page[y + height : y + height + 3, x : x + width] = label_colour(hit.label)
        _write_below(page, hit, x, y + height + 3, zone)
    return page


def _write_below(page: Picture, hit: Hit, x: int, y: int, zone: tzinfo | None) -> None:
    """What it is and how alike, then where and when."""
    width = WIDTH_PX
    right = hit.event if hit.distance is None else f"{hit.event}  {hit.distance:.3f}"
    room = width - text_width(right, TEXT_PX - 2) - GAP_PX
    baseline = y + _line_px() - 4
    _put(page, fitted_text(label_text(hit), TEXT_PX, room), (x, baseline), TEXT_COLOUR, TEXT_PX)
    at = x + width - text_width(right, TEXT_PX - 2), baseline
    _put(page, right, at, DIM_COLOUR, TEXT_PX - 2)
    below = f"{when_text(hit, zone)} · {place_text(hit)}"
    if hit.start_ms is None:  # a second of a recording says nothing without its name
        below = f"{below} · {hit.name}"
    said = fitted_text(below, TEXT_PX - 2, width)
    _put(page, said, (x, baseline + _line_px()), DIM_COLOUR, TEXT_PX - 2)


def _put(page: Picture, text: str, at: tuple[int, int], colour: Colour, text_px: int) -> None:
    cv2.putText(page, text, at, colour, cv2.FontFace("sans"), text_px, 500)


def _line_px() -> int:
    return round(TEXT_PX * 1.5)


def _pictures(hits: Sequence[Hit], catalogue: Path) -> Iterator[tuple[Hit, Picture, str]]:
    """Each hit's picture, recording by recording; where there is none, an empty one and why."""
    ordered = sorted(hits, key=lambda hit: (hit.recording_key, hit.peak_s))
    for _, own in groupby(ordered, key=lambda hit: hit.recording_key):
        together = list(own)
        try:
            with closing(open_again(together[0], catalogue)) as source:
                for hit in together:
                    frame = next(iter(source.frames(hit.peak_s)), None)
                    if frame is None:
                        yield hit, _empty(), "there is no picture there any more"
                        continue
                    yield hit, thumbnail(frame.bgr(), _event(hit)), ""
        except SourceError as error:
            for hit in together:
                yield hit, *_kept(hit, catalogue, str(error))


def _kept(hit: Hit, catalogue: Path, why: str) -> tuple[Picture, str]:
    """The picture that the batch made, where the recording has gone."""
    path = hit.place_of(hit.thumbnail, catalogue)
    try:
        covers_of(hit)
        content = None if path is None else np.fromfile(path, np.uint8)
    except (OSError, SourceError):
        content = None
    picture = None if content is None else cv2.imdecode(content, cv2.IMREAD_COLOR)
    return (_empty(), why) if picture is None else (np.asarray(picture, np.uint8), "")


def _event(hit: Hit) -> Event:
    return Event(
        hit.id, hit.zone, hit.start_s, hit.end_s, hit.label, hit.score, hit.peak_s, hit.box
    )  # fmt: skip


def _encoded(page: Picture, suffix: str) -> bytes:
    if suffix != ".png":
        return jpeg_of(page, QUALITY)
    _, content = cv2.imencode(suffix, page)
    return content.tobytes()


def _empty() -> Picture:
    return np.full((USUAL_PX, WIDTH_PX, 3), PLATE_COLOUR, np.uint8)


def _picture_size(hits: Sequence[Hit]) -> tuple[int, int]:
    shapes = Counter(
        round(WIDTH_PX * hit.height / hit.width) if hit.width else USUAL_PX for hit in hits
    )
    height = max(shapes, key=lambda one: (shapes[one], -one), default=USUAL_PX)
    return WIDTH_PX, min(HEIGHTS_PX[1], max(HEIGHTS_PX[0], height))
