"""By what an event is alike others: the mean of what the network saw of its deciding segment.

Told by the predictions of a run whose recogniser gives features (`with_features`), and kept small:
halves of floats, and of each body a bounded number of clips.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.event import Event, Segment
from motionapp.core.frame import Epoch
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.recognition.onnx import OnnxRecogniser

MOST_CLIPS: Final = 256
"""Kept of a body; beyond it every second one goes, and the mean is still that of all of it."""
MOST_BODIES: Final = 256
"""As many as an event remembers (`events.builder`): at 128 numbers each, 17 MB."""
HELD_BACK_S: Final = 60.0
"""An event that opens may have begun so long ago: 24 pictures on trial at one in two seconds."""

Vector = NDArray[np.float16]


def with_features(models: Models) -> Models:
    """The same models, of which the one that decides also tells by what clips are alike."""
    recogniser = models.recogniser
    if not isinstance(recogniser, OnnxRecogniser):
        return models
    return replace(models, recogniser=recogniser.giving_features())


@dataclass(slots=True, eq=False)
class _Body:
    """The clips of one body, thinned where there are many."""

    at_s: list[float] = field(default_factory=list)
    vectors: list[Vector] = field(default_factory=list)
    every: int = 1
    seen: int = 0

    def add(self, centre_s: float, features: NDArray[np.float32]) -> None:
        self.seen += 1
        if (self.seen - 1) % self.every:
            return
        self.at_s.append(centre_s)
        self.vectors.append(features.astype(np.float16))
        if len(self.at_s) > MOST_CLIPS:
            self.at_s, self.vectors = self.at_s[::2], self.vectors[::2]
            self.every *= 2


class EventFeatures:
    """Notes what the network saw of each body, and gives each closed event's vector.

    Parameters
    ----------
    known : mapping of str to bytes, optional
        Vectors of events by their ids, as `known` gives them: of parts that were analysed apart.
    """

    def __init__(self, known: Mapping[str, bytes] | None = None) -> None:
        self.known: dict[str, bytes] = dict(known or {})
        """Of closed events by their ids: float16, little-endian."""
        self._bodies: dict[int, _Body] = {}
        self._open: dict[str, float] = {}
        self._epoch: Epoch | None = None

    def accept(self, moment: Moment) -> None:
        """Take note of a moment."""
        for prediction in moment.predictions:
            if prediction.features is not None:
                body = self._bodies.setdefault(prediction.subject_id, _Body())
                body.add(prediction.centre_s, prediction.features)
        self._open |= {event.event_id: event.start_s for event in moment.opened}
        for event in moment.closed:
            self._open.pop(event.event_id, None)
            vector = self._vector_of(event)
            if vector is not None:
                self.known[event.event_id] = vector.astype("<f2").tobytes()
        if moment.frame is None:
            return
        # From a rest or a new epoch on, the next body is number 1 again.
        if moment.is_resting or moment.frame.epoch != self._epoch:
            self._bodies.clear()
            self._epoch = moment.frame.epoch
        elif moment.predictions:
            self._forget(moment.frame.pts_s)

    def of(self, event_id: str) -> Vector | None:
        """An event's vector, shape (n,), of length 1; None where the network saw nothing of it."""
        content = self.known.get(event_id)
        return None if content is None else np.frombuffer(content, "<f2")

    def _vector_of(self, event: Event) -> Vector | None:
        segment = deciding_segment(event)
        body = None if segment is None else self._bodies.get(segment.group)
        if segment is None or body is None or not body.at_s:
            return None
        inside = [
            vector
            for at_s, vector in zip(body.at_s, body.vectors, strict=True)
            if segment.start_s <= at_s <= segment.end_s
        ]
        # A clip's centre may lie just outside of a segment that is shorter than a clip.
        return mean_direction(inside or [_nearest(body, segment)])

    def _forget(self, now_s: float) -> None:
        """Bodies that no event can have any more."""
        from_s = min([now_s - HELD_BACK_S, *self._open.values()])
        gone = [number for number, body in self._bodies.items() if body.at_s[-1] < from_s]
        for number in gone:
            del self._bodies[number]
        while len(self._bodies) > MOST_BODIES:
            del self._bodies[min(self._bodies, key=lambda one: self._bodies[one].at_s[-1])]


def deciding_segment(event: Event) -> Segment | None:
    """The longest of those that have the event's label, the first of equals; None without any."""
    own = [segment for segment in event.segments if segment.label == event.label]
    return max(own, key=lambda segment: segment.duration_s, default=None)


def mean_direction(vectors: Sequence[NDArray[np.floating]]) -> Vector | None:
    """The mean of vectors, each of length 1, itself of length 1; None where it points nowhere.

    Parameters
    ----------
    vectors : sequence of ndarray, shape (n,)
        At least one; of any lengths.
    """
    rows = np.stack([np.asarray(vector, np.float32) for vector in vectors])
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    mean = (rows / np.maximum(lengths, 1e-12)).mean(0)
    length = float(np.linalg.norm(mean))
    if not np.isfinite(length) or length < 1e-6:
        return None
    return np.asarray(mean / length, np.float16)


def _nearest(body: _Body, segment: Segment) -> Vector:
    middle_s = (segment.start_s + segment.end_s) / 2
    place = min(range(len(body.at_s)), key=lambda n: abs(body.at_s[n] - middle_s))
    return body.vectors[place]
