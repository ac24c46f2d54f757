"""How well recordings were named, as the JSON document that `train` and `evaluate` write."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from motionapp.recognition.dataset import Sample
from motionapp.recognition.stretch import Stretch
from motionapp.training.breakdown import How, breakdown
from motionapp.training.measures import confusion_of
from motionapp.training.named import Named as Named
from motionapp.training.readable import Unreadable
from motionapp.training.rejection import Tally, most_named, share

SCHEMA = 2


def document(
    labels: Sequence[str],
    named: Sequence[Named],
    *,
    threshold: float,
    unreadable: Sequence[Unreadable] = (),
    how: How | None = None,
) -> dict[str, Any]:
    """The figures of a measurement.

    Parameters
    ----------
    labels : sequence of str
        In the order of the probabilities.
    named : sequence of Named
        In the order in which the recordings are listed. Those labelled `unknown` have no name
        that could be right: they stand by themselves, in `nameless`.
    threshold : float
        Below it a window is `unknown`, 0 to 1.
    unreadable : sequence of Unreadable
        What was left out: part of no other figure.
    how : How, optional
        How it was measured.

    Returns
    -------
    dict
        Accuracies are 0 to 1, or None where nothing was measured. `predicted` is the label with
        the best mean window probability, without rejection; None where no window was cut, which
        counts as wrong. Rows of `confusion` are truth, columns what was predicted; the last column,
        one more than there are labels, counts recordings without a window, so that a row adds up
        to the recordings of its label. Stretches of a recording are scored one by one.
        `window_accuracy` is before rejection; `after_rejection` has the shares of the same windows
        that are right, wrong and `unknown` then, and of windows of nothing that has a name the
        share that got one. `history`, `learning_curve` and `worst` are for others to fill.
    """
    known = [one for one in named if one.has_name]
    order = {label: number for number, label in enumerate(labels)}
    right_windows, tally = 0, Tally(threshold)
    for one in filter(lambda one: len(one.probabilities), known):
        truth = order[one.sample.label]
        right_windows += int(np.sum(one.probabilities.argmax(1) == truth))
        tally.add_known(one.probabilities, truth)
    nameless = [_nameless(one, labels, tally) for one in named if not one.has_name]
    confusion = confusion_of(((order[one.sample.label], one.best) for one in known), len(labels))
    return {
        "schema": SCHEMA,
        "clip_accuracy": share(int(np.trace(confusion)), len(known)),
        "window_accuracy": share(right_windows, sum(len(one.probabilities) for one in known)),
        "after_rejection": tally.document(),
        "labels": list(labels),
        "confusion": confusion.tolist(),
        "clips": [_clip(one, labels) for one in known],
        "nameless": nameless,
        "unreadable": [_unreadable(one) for one in unreadable],
        **breakdown(labels, known, confusion, how),
        "learning_curve": None,
        "history": None,
        "worst": [],
    }


def summary_line(figures: dict[str, Any]) -> str:
    """The figures on one line, for people."""
    said = [*_known_said(figures), *_nameless_said(figures)]
    left_out = len({one["path"] for one in figures["unreadable"]})
    if left_out:
        said.append(f"{left_out} recording{'' if left_out == 1 else 's'} could not be read")
    return "; ".join(said) or "nothing was held out, so nothing was measured"


def spread_lines(figures: Mapping[str, Any]) -> Iterator[str]:
    """How much folds and groups differ, and how far the figures may be from the truth, for people.

    Nothing of what was not measured.
    """
    for things, key in (("folds", "fold_spread"), ("groups", "group_spread")):
        spread = figures[key]
        if spread["clips"] is not None and spread["clips"]["count"] > 1:
            said = [f"{_spread_said(spread['clips'])} of recordings"]
            if spread["windows"] is not None:
                said.append(f"{_spread_said(spread['windows'])} of windows")
            yield f"over {spread['clips']['count']} {things}: {', '.join(said)}"
    found = figures["interval"]
    parts = [
        f"{found[key]['low']:.1%} to {found[key]['high']:.1%} of {things}"
        for key, things in (("clips", "recordings"), ("windows", "windows"))
        if found[key] is not None
    ]
    if parts:
        how = found["clips"]["method"]
        yield f"of other groups, with 95 % certainty: {', '.join(parts)} ({how})"


def _spread_said(spread: Mapping[str, Any]) -> str:
    """Mean, deviation and range."""
    deviation = 0.0 if spread["deviation"] is None else spread["deviation"]
    mean, low, high = spread["mean"], spread["low"], spread["high"]
    return f"{mean:.1%} ± {100 * deviation:.1f} ({low:.1%} to {high:.1%})"


def _known_said(figures: dict[str, Any]) -> Iterator[str]:
    clips = figures["clips"]
    if not clips:
        return
    right = sum(clip["predicted"] == clip["label"] for clip in clips)
    windows, after = figures["window_accuracy"], figures["after_rejection"]
    part = "no windows were cut" if windows is None else f"{windows:.1%} of windows"
    things = "stretches" if any("start_s" in clip for clip in clips) else "recordings"
    yield f"{right} of {len(clips)} {things} named rightly, {part}"
    if windows is not None:
        yield (
            f"with unknown below {after['threshold']:.2f}, {after['right']:.1%} right, "
            f"{after['wrong']:.1%} wrong, {after['unknown']:.1%} unknown"
        )


def _nameless_said(figures: dict[str, Any]) -> Iterator[str]:
    nameless, part = figures["nameless"], figures["after_rejection"]["false_names"]
    if part is not None:
        windows = sum(one["windows"] for one in nameless)
        yield f"false names for {part:.1%} of the {windows} windows labelled unknown"
    elif nameless:
        yield f"no windows were cut of the {len(nameless)} labelled unknown"


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


def _clip(one: Named, labels: Sequence[str]) -> dict[str, Any]:
    """What a recording that has a name was called."""
    best = one.best
    score = None if best is None else round(float(one.probabilities.mean(0)[best]), 4)
    return {
        "path": one.sample.name,
        "label": one.sample.label,
        "group": one.sample.fold_group,
        "predicted": None if best is None else labels[best],
        "score": score,
        **_stretch_of(one.sample),
    }


def _nameless(one: Named, labels: Sequence[str], tally: Tally) -> dict[str, Any]:
    """How many windows of a recording that shows none of the labels have a name, and which most."""
    return {
        "path": one.sample.name,
        "group": one.sample.fold_group,
        "windows": len(one.probabilities),
        "named": tally.add_nameless(one.probabilities),
        "most_named": most_named(one.probabilities, labels, tally.threshold),
        **_stretch_of(one.sample),
    }


def _unreadable(one: Unreadable) -> dict[str, Any]:
    """A recording that was left out, and why."""
    return {
        "path": one.sample.name,
        "label": one.sample.label,
        "group": one.sample.fold_group,
        "reason": one.reason,
        **_stretch_of(one.sample),
    }
