"""What a data set holds, in figures: recordings and seconds of each label, groups, rates, sizes."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from motionapp.core.event import UNKNOWN
from motionapp.recognition.dataset import DataSet, Sample
from motionapp.training.inspection.finding import Finding, Kind, Severity
from motionapp.training.inspection.seeing import Seen

T = TypeVar("T")

MODERATE: Final = 4.0
"""Between the most frequent label and another. Of two labels, 20 to 80: where "moderate" imbalance
begins in Google's course on machine learning (Datasets: imbalanced datasets)."""

RATE_DIGITS: Final = 1
"""Of pictures per second, that are counted as alike."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Of the samples of a label, in seconds."""

    shortest_s: float
    median_s: float
    longest_s: float
    total_s: float


@dataclass(frozen=True, slots=True)
class LabelCount:
    """What there is of a label and can be read."""

    label: str
    samples: int
    """Recordings, or stretches of them."""
    recordings: int
    groups: int
    lengths: Lengths | None
    """None where nothing of it can be read."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What a data set holds and can be read."""

    labels: tuple[LabelCount, ...]
    """In alphabetical order, `unknown` last."""
    groups: tuple[tuple[str, int, int], ...]
    """Name, samples and labels of each, in alphabetical order."""
    rates_hz: tuple[tuple[float, int], ...]
    """Pictures a second, and how many recordings have so many; the most frequent first."""
    sizes: tuple[tuple[tuple[int, int], int], ...]
    """Width and height in pixels, and of how many recordings; the most frequent first."""


def count(data: DataSet, seen: Mapping[str, Seen]) -> Counts:
    """Count what can be read.

    Parameters
    ----------
    data : DataSet
    seen : mapping
        From each recording of `data` to what was seen of it.
    """
    read = [sample for sample in data.samples if not seen[sample.recording].failed]
    names = [*data.labels, *([UNKNOWN] if any(s.label == UNKNOWN for s in data.samples) else [])]
    looks = [seen[name] for name in dict.fromkeys(sample.recording for sample in read)]
    return Counts(
        labels=tuple(_label(name, [s for s in read if s.label == name], seen) for name in names),
        groups=_groups(read),
        rates_hz=_frequent([round(look.rate_hz, RATE_DIGITS) for look in looks]),
        sizes=_frequent([look.size for look in looks]),
    )


def length_s(sample: Sample, seen: Seen) -> float:
    """How long a sample is: its recording, or the part of the stretch that is in it."""
    return max(0.0, min(sample.stretch.end_s, seen.length_s) - sample.stretch.start_s)


def imbalance(counts: Counts) -> list[Finding]:
    """Labels that are seldom beside the most frequent, by samples or by seconds."""
    known = [(one, one.lengths) for one in counts.labels if one.label != UNKNOWN]
    told = [(one, lengths) for one, lengths in known if lengths is not None]
    if len(told) < 2:
        return []
    most, most_s = max(one.samples for one, _ in told), max(own.total_s for _, own in told)
    seldom = [
        one
        for one, own in told
        if one.samples * MODERATE <= most or own.total_s * MODERATE <= most_s
    ]
    if not seldom:
        return []
    said = ", ".join(
        f"{one.label} {one.samples} ({own.total_s:.0f} s)" for one, own in told if one in seldom
    )
    return [
        Finding(
            Kind.IMBALANCE,
            Severity.WARNING,
            f"much less of {said} than of the most frequent label ({most}, {most_s:.0f} s): who "
            "always says that one is often right",
            "Add recordings of what is seldom, and read balanced accuracy or the confusion, not "
            "accuracy alone.",
            labels=tuple(one.label for one in seldom),
        )
    ]


def single_groups(counts: Counts, read: Sequence[Sample]) -> list[Finding]:
    """Labels that one group only shows: held out, nothing is left to learn them from."""
    alone = [one for one in counts.labels if one.label != UNKNOWN and one.groups == 1]
    found = []
    for group in sorted({s.fold_group for s in read}):
        labels = [
            one.label
            for one in alone
            if any(s.label == one.label and s.fold_group == group for s in read)
        ]
        if labels:
            found.append(_single_group(group, labels))
    return found


def _single_group(group: str, labels: Sequence[str]) -> Finding:
    are, they, them = ("is", "it", "it") if len(labels) == 1 else ("are", "they", "them")
    return Finding(
        Kind.SINGLE_GROUP,
        Severity.FAULT,
        f"{', '.join(labels)} {are} in the group {group} only: held out, nothing is left to learn "
        f"{them} from, so that nobody can say how well {they} would be named",
        f"Record another group with {them}, or leave {them} out.",
        labels=tuple(labels),
        groups=(group,),
    )


def _label(name: str, samples: Sequence[Sample], seen: Mapping[str, Seen]) -> LabelCount:
    lengths = [length_s(sample, seen[sample.recording]) for sample in samples]
    return LabelCount(
        label=name,
        samples=len(samples),
        recordings=len({sample.recording for sample in samples}),
        groups=len({sample.fold_group for sample in samples}),
        lengths=Lengths(min(lengths), statistics.median(lengths), max(lengths), sum(lengths))
        if lengths
        else None,
    )


def _groups(samples: Sequence[Sample]) -> tuple[tuple[str, int, int], ...]:
    sizes = Counter(sample.fold_group for sample in samples)
    pairs = Counter(group for group, _ in {(s.fold_group, s.label) for s in samples})
    return tuple((group, sizes[group], pairs[group]) for group in sorted(sizes))


def _frequent(values: Sequence[T]) -> tuple[tuple[T, int], ...]:
    return tuple(Counter(values).most_common())
