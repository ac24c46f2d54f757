"""How well recordings were named, as the JSON document that `train` and `evaluate` write."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from motionapp.core.event import UNKNOWN
from motionapp.recognition.dataset import Sample
from motionapp.recognition.stretch import Stretch

SCHEMA = 2


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A recording, or a stretch of it, and what a network that never saw it made of its windows."""

    sample: Sample
    probabilities: NDArray[np.float32]
    """Shape (windows, labels); without rows where no window was cut."""


def document(labels: Sequence[str], named: Sequence[Named]) -> dict[str, Any]:
    """The figures of a measurement.

    Parameters
    ----------
    labels : sequence of str
        In the order of the probabilities.
    named : sequence of Named
        In the order in which the recordings are listed; those labelled `unknown` are left out,
        since they have no name that could be right.

    Returns
    -------
    dict
        Accuracies are 0 to 1, or None where nothing was measured. `predicted` is the label with
        the best mean window probability, without rejection; None where no window was cut, which
        counts as wrong. Rows of `confusion` are truth, columns what was predicted; the last column,
        one more than there are labels, counts recordings without a window, so that a row adds up
        to the recordings of its label. Stretches of a recording are scored one by one.
    """
    known = [one for one in named if one.sample.label != UNKNOWN]
    order = {label: number for number, label in enumerate(labels)}
    confusion = np.zeros((len(labels), len(labels) + 1), dtype=np.int64)
    right_windows = windows = right_clips = 0
    clips = []
    for one in known:
        truth = order[one.sample.label]
        best, score = _best(one.probabilities)
        confusion[truth, len(labels) if best is None else best] += 1
        if best is not None:
            right_clips += best == truth
            right_windows += int(np.sum(one.probabilities.argmax(1) == truth))
            windows += len(one.probabilities)
        clips.append(
            {
                "path": one.sample.name,
                "label": one.sample.label,
                "group": one.sample.fold_group,
                "predicted": None if best is None else labels[best],
                "score": score,
                **_stretch_of(one.sample),
            }
        )
    return {
        "schema": SCHEMA,
        "clip_accuracy": _share(right_clips, len(known)),
        "window_accuracy": _share(right_windows, windows),
        "labels": list(labels),
        "confusion": confusion.tolist(),
        "clips": clips,
    }


def summary_line(figures: dict[str, Any]) -> str:
    """The figures on one line, for people."""
    clips = figures["clips"]
    if not clips:
        return "nothing was held out, so nothing was measured"
    right = sum(clip["predicted"] == clip["label"] for clip in clips)
    windows = figures["window_accuracy"]
    share = "no windows were cut" if windows is None else f"{windows:.1%} of windows"
    things = "stretches" if any("start_s" in clip for clip in clips) else "recordings"
    return f"{right} of {len(clips)} {things} named rightly, {share}"


def title_of(clip: Mapping[str, Any]) -> str:
    """What people call one of the figures' `clips`."""
    if "start_s" not in clip:
        return str(clip["path"])
    end_s = math.inf if clip["end_s"] is None else clip["end_s"]
    return f"{clip['path']} ({Stretch(clip['start_s'], end_s)})"


def _stretch_of(sample: Sample) -> dict[str, float | None]:
    """From when to when; nothing of a whole recording."""
    stretch = sample.stretch
    if stretch.is_whole:
        return {}
    end_s = None if math.isinf(stretch.end_s) else stretch.end_s
    return {"start_s": stretch.start_s, "end_s": end_s}


def _best(probabilities: NDArray[np.float32]) -> tuple[int | None, float | None]:
    if not len(probabilities):
        return None, None
    mean = probabilities.mean(0)
    best = int(mean.argmax())
    return best, round(float(mean[best]), 4)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
