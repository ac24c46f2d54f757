"""Small pictures of who was seen, each at its best instant, made where the frames are. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.cover import NO_COVER, Cover
from motionapp.core.event import Event, Segment
from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.track import Group

SIDE_PX: Final = 96
"""Of a square picture: sharp at twice the size at which a list shows it."""
QUALITY: Final = 75
"""Of JPEG; 2 to 4 kB a picture."""
ROUND: Final = 0.15
"""So much of a body's length is seen on each side of it."""
LEAST_PX: Final = 24
"""A smaller stretch of the picture is not enlarged: nobody would know what it is."""
EACH_S: Final = 0.2
"""So often a frame is looked at: its colours may be made for this alone, 9 ms of a 4K frame."""
BETTER: Final = 1.15
"""So many times more worth a picture has to be to take another's place."""
AT_EDGE: Final = 0.5
"""What a body is worth that the picture's edge may cut, as a share."""
MOST_AT_ONCE: Final = 4
"""Pictures that are made of one frame, a millisecond and more each where bodies are large; the
others wait for the next look."""
MOST_GROUPS, MOST_RUNS = 64, 8
"""Bodies that are remembered, and of each the names that it had in turn; 2 MB in all."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A body at one instant."""

    group: int
    at_s: float
    box: Box
    worth: float
    """How much is seen of it: square pixels, fewer where the edge may cut it."""
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Pictured:
    """Who did what: a segment's group and beginning, and its picture."""

    group: int
    start_s: float
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class EventPictures:
    """The pictures of one event."""

    event_id: str
    jpeg: bytes
    """Of the event itself: who did most of what it is called after."""
    segments: tuple[Pictured, ...] = ()
    """Of those that there are pictures of."""


@dataclass(slots=True)
class _Run:
    """How a body looked best while it had one name."""

    label: str | None
    best: Glimpse | None = None


@dataclass(slots=True)
class _Seen:
    runs: list[_Run] = field(default_factory=list)

    def run(self, label: str | None) -> _Run:
        """The one that goes on, or another; of too many, the one that is worth least goes."""
        if not self.runs or self.runs[-1].label != label:
            if len(self.runs) == MOST_RUNS:
                self.runs.remove(min(self.runs, key=_worth))
            self.runs.append(_Run(label))
        return self.runs[-1]


class Glimpses:
    """Takes a small picture of each body when it is seen best, and gives events theirs."""

    def __init__(self) -> None:
        self._seen: dict[int, _Seen] = {}
        self._looked_s = -math.inf
        self._epoch: tuple[int, Cover] = 0, NO_COVER

    def note(self, moment: Moment) -> tuple[EventPictures, ...]:
        """Look at a moment's frame.

        Returns
        -------
        tuple of EventPictures
            Of the events that opened, changed or closed, as far as somebody was seen.
        """
        frame = moment.frame
        epoch = self._epoch if frame is None else (frame.epoch.number, frame.epoch.cover)
        # What was seen before a privacy zone was drawn is in no picture any more, not even in one
        # of the event that ends with that.
        if epoch[1] != self._epoch[1]:
            self._forget(epoch)
        pictures = [self._of(event) for event in moment.closed]
        if moment.is_resting or epoch != self._epoch:
            self._forget(epoch)
        if frame is not None and moment.looked:
            self._look(frame, moment.groups)
        pictures += [self._of(event) for event in (*moment.opened, *moment.changed)]
        return tuple(one for one in pictures if one is not None)

    def _forget(self, epoch: tuple[int, Cover]) -> None:
        """Bodies are counted anew."""
        self._seen.clear()
        self._looked_s, self._epoch = -math.inf, epoch

    def _look(self, frame: Frame, groups: Iterable[Group]) -> None:
        seen = [group for group in groups if group.is_seen and group.is_confirmed]
        if not seen or frame.pts_s - self._looked_s < EACH_S:
            return
        self._looked_s = frame.pts_s
        wanted: list[tuple[Group, _Run, float]] = []
        for group in seen:
            run = self._remembered(group.group_id).run(group.label)
            worth = _worth_of(group.box, frame.epoch.size)
            if worth > 0 and (run.best is None or worth >= BETTER * run.best.worth):
                wanted.append((group, run, worth))
        wanted.sort(key=lambda each: each[1].best is not None)  # first those without any
        for group, run, worth in wanted[:MOST_AT_ONCE]:
            jpeg = picture_of(frame.bgr(), group.box)
            run.best = Glimpse(group.group_id, frame.pts_s, group.box, worth, jpeg)

    def _remembered(self, group: int) -> _Seen:
        seen = self._seen.pop(group, None) or _Seen()
        self._seen[group] = seen  # the last one was seen last
        if len(self._seen) > MOST_GROUPS:
            del self._seen[next(iter(self._seen))]
        return seen

    def _of(self, event: Event) -> EventPictures | None:
        pictured = [(segment, self._of_segment(segment)) for segment in event.segments]
        known = [(segment, one) for segment, one in pictured if one is not None]
        jpeg = _main(event, known) if known else self._of_anybody(event)
        if not jpeg:
            return None
        return EventPictures(
            event.event_id, jpeg,
            tuple(Pictured(each.group, each.start_s, one.jpeg) for each, one in known),
        )  # fmt: skip

    def _of_segment(self, segment: Segment) -> Glimpse | None:
        """The best one in its time, or else the nearest to it."""
        seen = self._seen.get(segment.group)
        runs = [] if seen is None else seen.runs
        return best_of([run.best for run in runs if run.best is not None], segment)

    def _of_anybody(self, event: Event) -> bytes:
        """Whoever was there meanwhile: it is not yet known who did what."""
        there = [
            run.best
            for seen in self._seen.values()
            for run in seen.runs
            if run.best is not None
            and run.best.at_s >= event.start_s - EACH_S
            and run.best.box.intersection(event.box)
        ]
        return max(there, key=lambda one: one.worth).jpeg if there else b""


def best_of(glimpses: Sequence[Glimpse], segment: Segment) -> Glimpse | None:
    """The one that shows a segment best: of those in its time the most worth, else the nearest.

    Parameters
    ----------
    glimpses : sequence of Glimpse
        Of the segment's body.
    segment : Segment

    Returns
    -------
    Glimpse or None
        None where there are none.
    """
    if not glimpses:
        return None
    inside = [one for one in glimpses if segment.start_s <= one.at_s <= segment.end_s]
    if inside:
        return max(inside, key=lambda one: one.worth)
    return min(glimpses, key=lambda one: abs(one.at_s - (segment.start_s + segment.end_s) / 2))


def part_round(box: Box, size: tuple[int, int]) -> Box:
    """The square part of a picture that shows a body, as far as the picture reaches.

    Parameters
    ----------
    box : Box
        The body; not empty.
    size : (int, int)
        Width and height of the picture.

    Returns
    -------
    Box
        In the middle of it the body where there is room; it is no square only where the picture
        is too small for one.
    """
    side = max(LEAST_PX, round(max(box.width, box.height) * (1 + 2 * ROUND)))
    width, height = min(side, size[0]), min(side, size[1])
    middle_x, middle_y = box.centre
    x0 = min(max(0, round(middle_x - width / 2)), size[0] - width)
    y0 = min(max(0, round(middle_y - height / 2)), size[1] - height)
    return Box(x0, y0, x0 + width, y0 + height)


def picture_of(bgr: NDArray[np.uint8], box: Box) -> bytes:
    """A body as a small JPEG.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    box : Box
        Where the body is in it.
    """
    height, width = bgr.shape[:2]
    part = part_round(box, (width, height))
    crop = bgr[part.y0 : part.y1, part.x0 : part.x1]
    scale = min(1.0, SIDE_PX / max(part.width, part.height))
    if scale < 1:
        small = max(1, round(part.width * scale)), max(1, round(part.height * scale))
        crop = np.asarray(cv2.resize(crop, small, interpolation=cv2.INTER_AREA), np.uint8)
    _, content = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return content.tobytes()


def _main(event: Event, known: Sequence[tuple[Segment, Glimpse]]) -> bytes:
    """Of who did longest what the event is called after; where nobody did, of who did most."""
    named = [each for each in known if each[0].label == event.label]
    return max(named or known, key=lambda each: each[0].duration_s)[1].jpeg


def _worth_of(box: Box, size: tuple[int, int]) -> float:
    inside = box.clipped(size)
    touches = box.x0 <= 0 or box.y0 <= 0 or box.x1 >= size[0] or box.y1 >= size[1]
    return inside.area * (AT_EDGE if touches else 1.0)


def _worth(run: _Run) -> float:
    return 0.0 if run.best is None else run.best.worth
