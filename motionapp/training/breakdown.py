"""What stands behind the headline of a measurement, as parts of its JSON document: by label, by
group, by fold, by seconds seen, and whether scores mean what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from motionapp.training.intervals import Interval, Spread, interval, spread_of
from motionapp.training.measures import (
    Bin,
    LabelMeasures,
    balanced_accuracy,
    calibration_bins,
    calibration_error,
    confusion_of,
    label_measures,
    macro_f1,
    untempered,
)
from motionapp.training.named import Named
from motionapp.training.rejection import share
from motionapp.training.seconds_seen import Seen, steps_of

DECIMALS: Final = 4


@dataclass(frozen=True, slots=True)
class How:
    """How something was measured, for whoever reads the figures."""

    protocol: str
    data: str
    """What people call the data set."""
    model: str
    """Its name, or the architecture that was trained for each fold."""
    frontend: str
    seed: int | None = None
    """Of what was trained; None where nothing was."""
    folds: tuple[frozenset[str], ...] = ()
    """The groups that each holds out."""
    temperature: float | None = None
    """By which the answers were divided; None where the shares are no longer the answers' alone."""
    rate_hz: float = 0.0
    """Pictures a second that were left; 0 where all were."""

    def document(self) -> dict[str, Any]:
        """Without the folds, which have figures of their own."""
        return {
            "protocol": self.protocol,
            "data": self.data,
            "model": self.model,
            "frontend": self.frontend,
            "seed": self.seed,
            "rate_hz": self.rate_hz or None,
        }


def breakdown(
    labels: Sequence[str], named: Sequence[Named], confusion: NDArray[np.int64], how: How | None
) -> dict[str, Any]:
    """The parts of the document.

    Parameters
    ----------
    labels : sequence of str
        In the order of the probabilities.
    named : sequence of Named
        All with a name.
    confusion : ndarray of int64, shape (labels, labels + 1)
        Of recordings.
    how : How or None
        None where nobody has said.
    """
    order = {label: number for number, label in enumerate(labels)}
    truths = [order[one.sample.label] for one in named]
    of_clips = label_measures(confusion)
    of_windows = label_measures(_window_confusion(named, truths, len(labels)))
    folds = () if how is None else how.folds
    return {
        "how": None if how is None else how.document(),
        "balanced_accuracy": _rounded(balanced_accuracy(of_clips)),
        "macro_f1": _rounded(macro_f1(of_clips)),
        "window_balanced_accuracy": _rounded(balanced_accuracy(of_windows)),
        "window_macro_f1": _rounded(macro_f1(of_windows)),
        "per_label": [_label(*three) for three in zip(labels, of_clips, of_windows, strict=True)],
        "calibration": _calibration(named, truths, None if how is None else how.temperature),
        "seconds_seen": _seconds_seen(named, truths),
        **_by_group(named, truths),
        **_by_fold(named, truths, folds),
    }


@dataclass(slots=True)
class _Sum:
    """Right ones of some recordings and their windows."""

    clips: int = 0
    right_clips: int = 0
    windows: int = 0
    right_windows: int = 0

    def add(self, one: Named, truth: int) -> None:
        """Count a recording."""
        self.clips += 1
        self.right_clips += one.best == truth
        self.windows += len(one.probabilities)
        self.right_windows += int(np.sum(_said(one) == truth))

    def document(self) -> dict[str, Any]:
        """As shares."""
        return {
            "clips": self.clips,
            "clip_accuracy": share(self.right_clips, self.clips),
            "windows": self.windows,
            "window_accuracy": share(self.right_windows, self.windows),
        }


def _sums(
    named: Sequence[Named], truths: Sequence[int], key: Callable[[Named], Any]
) -> dict[Any, _Sum]:
    sums: dict[Any, _Sum] = {}
    for one, truth in zip(named, truths, strict=True):
        sums.setdefault(key(one), _Sum()).add(one, truth)
    return sums


def _by_group(named: Sequence[Named], truths: Sequence[int]) -> dict[str, Any]:
    sums = _sums(named, truths, lambda one: one.sample.fold_group)
    ordered = [sums[group] for group in sorted(sums)]
    of_clips = interval([one.right_clips for one in ordered], [one.clips for one in ordered])
    of_windows = interval([one.right_windows for one in ordered], [one.windows for one in ordered])
    return {
        "groups": [{"group": group, **sums[group].document()} for group in sorted(sums)],
        "group_spread": _spreads(ordered),
        "interval": {"clips": _interval(of_clips), "windows": _interval(of_windows)},
    }


def _by_fold(
    named: Sequence[Named], truths: Sequence[int], folds: Sequence[frozenset[str]]
) -> dict[str, Any]:
    sums = [_Sum() for _ in folds]
    for one, truth in zip(named, truths, strict=True):
        for fold, total in zip(folds, sums, strict=True):
            if one.sample.fold_group in fold:
                total.add(one, truth)
    return {
        "folds": [
            {"groups": sorted(fold), **total.document()}
            for fold, total in zip(folds, sums, strict=True)
        ],
        "fold_spread": _spreads(sums),
    }


def _spreads(sums: Iterable[_Sum]) -> dict[str, Any]:
    listed = [one.document() for one in sums]
    return {
        kind: _spread(spread_of([one[key] for one in listed if one[key] is not None]))
        for kind, key in (("clips", "clip_accuracy"), ("windows", "window_accuracy"))
    }


def _spread(spread: Spread | None) -> dict[str, Any] | None:
    return None if spread is None else _all_rounded(asdict(spread))


def _interval(found: Interval | None) -> dict[str, Any] | None:
    return None if found is None else _all_rounded(asdict(found))


def _label(label: str, clips: LabelMeasures, windows: LabelMeasures) -> dict[str, Any]:
    return _all_rounded(
        {
            "label": label,
            "clips": clips.shown,
            "precision": clips.precision,
            "recall": clips.recall,
            "f1": clips.f1,
            "windows": windows.shown,
            "window_precision": windows.precision,
            "window_recall": windows.recall,
            "window_f1": windows.f1,
        }
    )


def _window_confusion(
    named: Sequence[Named], truths: Sequence[int], labels: int
) -> NDArray[np.int64]:
    pairs = (
        (truth, int(said)) for one, truth in zip(named, truths, strict=True) for said in _said(one)
    )
    return confusion_of(pairs, labels)


def _said(one: Named) -> NDArray[np.int64]:
    """The best label of each window."""
    best: NDArray[np.int64] = one.probabilities.argmax(1) if len(one.probabilities) else _NONE
    return best


_NONE: Final = np.zeros(0, np.int64)


def _calibration(
    named: Sequence[Named], truths: Sequence[int], temperature: float | None
) -> dict[str, Any] | None:
    """How far scores are off, and how far they were before the temperature."""
    parts = [one.probabilities for one in named if len(one.probabilities)]
    if not parts:
        return None
    shares = np.concatenate(parts)
    truth = np.repeat(truths, [len(one.probabilities) for one in named])
    after = calibration_bins(shares.max(1), shares.argmax(1) == truth)
    before: tuple[Bin, ...] = ()
    if temperature is not None:
        bare = untempered(shares, temperature)
        before = calibration_bins(bare.max(1), bare.argmax(1) == truth)
    return {
        "windows": len(shares),
        "temperature": temperature,
        "error": _rounded(calibration_error(after)),
        "error_before": _rounded(calibration_error(before)),
        "bins": [_all_rounded(asdict(one)) for one in after],
        "bins_before": [_all_rounded(asdict(one)) for one in before],
    }


def _seconds_seen(named: Sequence[Named], truths: Sequence[int]) -> list[dict[str, Any]]:
    seen = [
        Seen(one.probabilities, one.times_s, truth)
        for one, truth in zip(named, truths, strict=True)
        if one.times_s is not None and len(one.probabilities)
    ]
    return [_all_rounded(asdict(step)) for step in steps_of(seen)]


def _all_rounded(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _rounded(value) if isinstance(value, float) else value for key, value in values.items()
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)
