"""Looks whether stretches lie within their recordings, before anything is gathered for hours."""

from __future__ import annotations

import math
from typing import Final

from motionapp.assembly import open_source
from motionapp.core.errors import DataSetError, SourceError
from motionapp.recognition.dataset import DataSet, Sample

ROUNDING_S: Final = 0.1
"""A stretch may end so much later than its recording: whoever wrote it rounded."""


def check_lengths(data: DataSet) -> None:
    """Raise where a stretch goes beyond the end of its recording.

    Raises
    ------
    DataSetError
        One does, or its recording cannot be read; names the line.
    """
    for places in data.recordings():
        samples = [data.samples[place] for place in places]
        if all(sample.stretch.is_whole for sample in samples):
            continue
        length_s = _length_s(samples[0])
        for sample in samples:
            _check(data, sample, length_s)


def _check(data: DataSet, sample: Sample, length_s: float) -> None:
    stretch = sample.stretch
    last_s = stretch.start_s if math.isinf(stretch.end_s) else stretch.end_s - ROUNDING_S
    if last_s > length_s or stretch.start_s >= length_s:
        raise DataSetError(
            f"the data set {data.path}, line {sample.line}: the stretch {stretch} goes beyond the "
            f"end of {sample.name}, which is {length_s:.2f} s long"
        )


def _length_s(sample: Sample) -> float:
    """As the recording states it, else counted."""
    try:
        source = open_source(sample.path, decode_threads=1)
        try:
            if source.info.duration_s is not None:
                return source.info.duration_s
            return max((frame.pts_s + frame.duration_s for frame in source.frames()), default=0.0)
        finally:
            source.close()
    except SourceError as error:
        raise DataSetError(f"the data set's {sample.name} cannot be used: {error}") from error
