"""Finds the clips of a data set that a network takes for most alike: nearest by its features."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip
from motionapp.core.errors import ModelError, SourceError
from motionapp.recognition.dataset import DataSet, Sample, subjects_of
from motionapp.recognition.onnx import MOST_CLIPS, OnnxRecogniser
from motionapp.training.explaining.finding import settings_for
from motionapp.training.gather import Collector, walk_sample, wanting
from motionapp.training.progress import Progress

Numbers = NDArray[np.float32]

NEAREST: Final = 6
"""Clips that are shown ..."""
OF_ONE: Final = 1
"""... and of one recording so many: its others are nearly the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """A clip of a data set, and how far it is from the one that is explained."""

    sample: Sample
    clip: MotionClip
    distance: float
    """1 less the cosine of the angle between both clips' features: 0 for the same, to 2."""


class Neighbours:
    """Keeps the nearest clips of a data set for each of some clips.

    Parameters
    ----------
    recogniser : OnnxRecogniser
    clips : sequence of MotionClip
        Those that are explained.

    Raises
    ------
    ModelError
        The model has no features.
    """

    def __init__(self, recogniser: OnnxRecogniser, clips: Sequence[MotionClip]) -> None:
        self._recogniser = recogniser
        self._wanted = self._directions(clips)
        self._near: list[list[Near]] = [[] for _ in clips]

    @property
    def near(self) -> list[list[Near]]:
        """Of each of the clips, the nearest first."""
        return [own[:NEAREST] for own in self._near]

    def add(self, sample: Sample, clips: Sequence[MotionClip]) -> None:
        """Keep what belongs here of a sample's clips."""
        if not clips:
            return
        distances = 1 - self._wanted @ self._directions(clips).T
        for own, row in zip(self._near, distances, strict=True):
            for place in np.argsort(row, kind="stable")[:OF_ONE]:
                own.append(Near(sample, clips[int(place)], max(0.0, float(row[place]))))
            own.sort(key=lambda near: near.distance)
            del own[NEAREST:]

    def _directions(self, clips: Sequence[MotionClip]) -> Numbers:
        """The clips' features, each of length 1."""
        rows = []
        for first in range(0, len(clips), MOST_CLIPS):
            batch = clips[first : first + MOST_CLIPS]
            maps = np.stack([clip.maps for clip in batch])
            features = self._recogniser.features(maps, [clip.going for clip in batch])
            if features is None:
                raise ModelError(
                    f"the model {self._recogniser.path} gives no features, by which clips are "
                    "alike: leave out --data, or train it again"
                )
            rows.append(features)
        found = np.concatenate(rows)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.maximum(lengths, 1e-12), np.float32)


def nearest_of(
    data: DataSet,
    recogniser: OnnxRecogniser,
    clips: Sequence[MotionClip],
    explained: str,
    progress: Progress,
) -> list[list[Near]]:
    """The most similar clips of a data set, for each of some clips.

    Parameters
    ----------
    data : DataSet
    recogniser : OnnxRecogniser
    clips : sequence of MotionClip
    explained : str
        The recording that they are of, as it was named: what is alike within it is passed by.
    progress : Progress
        Is told of recordings that cannot be read, which are left out.

    Returns
    -------
    list of list of Near
        In the order of `clips`; at most `NEAREST` each, the nearest first.

    Raises
    ------
    ModelError
        The model has no features.
    """
    neighbours = Neighbours(recogniser, clips)
    contract = recogniser.contract
    settings = settings_for(contract)
    recordings = data.recordings()
    for done, places in enumerate(recordings, 1):
        samples = [data.samples[place] for place in places]
        if not _is_same(samples[0], explained):
            subjects = subjects_of(samples)
            collector = Collector(wanting(contract.representation), subjects=subjects)
            try:
                walk_sample(samples[0], collector, settings)
            except SourceError as error:
                progress.say(f"left out: {error}")
                continue
            for sample in samples:
                number = subjects.index(sample.subject)
                neighbours.add(sample, _clips_of(sample, collector, number))
        progress.advance("recordings to compare with", done, len(recordings))
    return neighbours.near


def _clips_of(sample: Sample, collector: Collector, number: int) -> list[MotionClip]:
    """Those of the sample's subject, by its number, within its stretch."""
    pairs = zip(collector.clips, collector.whose, strict=True)
    own = [clip for clip, whose in pairs if whose == number]
    times_s = np.array([(clip.start_s, clip.end_s) for clip in own]).reshape(-1, 2)
    held = sample.stretch.holds(times_s)
    return [clip for clip, is_held in zip(own, held, strict=True) if is_held]


def _is_same(sample: Sample, explained: str) -> bool:
    return sample.recording == os.path.abspath(explained)
