"""Opens the recordings of a data set, before anything is gathered for hours: what cannot be read is
left out at once, and stretches have to lie within theirs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from motionapp.assembly import open_source
from motionapp.core.errors import DataSetError, SourceError
from motionapp.core.seams import Source
from motionapp.recognition.dataset import DataSet, Sample
from motionapp.recognition.stretch import Stretch
from motionapp.training.progress import Progress
from motionapp.training.readable import Readings

ROUNDING_S: Final = 0.1
"""A stretch may end so much later than its recording: whoever wrote it rounded."""


def open_all(data: DataSet, progress: Progress) -> Readings:
    """Open each recording and close it again.

    Parameters
    ----------
    data : DataSet
    progress : Progress

    Returns
    -------
    Readings
        Knows which cannot be opened.

    Raises
    ------
    DataSetError
        A stretch goes beyond the end of its recording, whose line is named; or a label is left
        without a recording.

    Notes
    -----
    A file is open as soon as its first picture is decoded: 3.5 ms of a core for each recording of
    `ut_interaction`, which takes seconds to be led along the road.
    """
    readings = Readings(data, progress)
    recordings = data.recordings()
    for done, places in enumerate(recordings, 1):
        samples = [data.samples[place] for place in places]
        try:
            length_s = _length_s(samples)
        except SourceError as error:
            readings.fail(samples[0], error)
        else:
            for sample in samples:
                _check(data, sample, length_s)
        progress.advance("opening recordings", done, len(recordings))
    readings.left()
    return readings


def _check(data: DataSet, sample: Sample, length_s: float) -> None:
    if goes_beyond(sample.stretch, length_s):
        raise DataSetError(
            f"the data set {data.path}, line {sample.line}: the stretch {sample.stretch} goes "
            f"beyond the end of {sample.name}, which is {length_s:.2f} s long"
        )


def goes_beyond(stretch: Stretch, length_s: float) -> bool:
    """Whether a stretch is not within a recording of that length."""
    if stretch.is_whole:
        return False
    last_s = stretch.start_s if math.isinf(stretch.end_s) else stretch.end_s - ROUNDING_S
    return last_s > length_s or stretch.start_s >= length_s


def _length_s(samples: Sequence[Sample]) -> float:
    """How long the recording is of which all `samples` are; of one without stretches, nobody asks.

    As the recording states it, else counted.
    """
    source: Source = open_source(samples[0].path, decode_threads=1)
    try:
        if source.info.duration_s is not None:
            return source.info.duration_s
        if all(sample.stretch.is_whole for sample in samples):
            return math.inf
        return max((frame.pts_s + frame.duration_s for frame in source.frames()), default=0.0)
    finally:
        source.close()
