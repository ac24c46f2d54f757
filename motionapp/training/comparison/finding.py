"""What came of training a candidate: accuracy by group, sizes, time and memory."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from motionapp.core.event import UNKNOWN
from motionapp.training.scores import Named


@dataclass(frozen=True, slots=True)
class GroupScore:
    """What was right of one group that was held out; of what is `unknown`, nothing counts."""

    group: str
    windows: int
    right_windows: int
    clips: int
    """Recordings, or stretches of them; without a window, they are wrong."""
    right_clips: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A share that is right, over the groups: each counts the same, however many windows it has."""

    mean: float
    """0 to 1."""
    deviation: float
    """Standard deviation over the groups; 0 of a single one."""
    low: float
    high: float
    groups: int

    @property
    def error(self) -> float:
        """Standard error of the mean."""
        return float(self.deviation / max(1, self.groups) ** 0.5)


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of training a candidate."""

    is_full: bool
    """Whether it was trained as `motionapp train` would, once for every fold; else it was screened:
    for a few steps, on one fold."""
    steps: int
    """Of each network."""
    networks: int
    network_s: float
    """What training one network took, on one core beside others."""
    wall_s: float
    """What it took in all, the writing of the model included."""
    peak_bytes: int | None
    """Most that the process held meanwhile; None where the system does not say."""
    windows: int
    """Of the data set's recordings, behind its front-end."""
    float32_bytes: int
    int8_bytes: int
    int8_agreement: float | None
    """Share of windows for which 8 bits choose the same output as PyTorch; None of who was not
    trained in full."""
    precision: str
    """Of the file that `motionapp train` would write: `int8` or `float32`; of who was not trained
    in full, `int8`, as if that were good enough."""
    groups: tuple[GroupScore, ...]
    """Empty where nothing was measured."""

    @property
    def file_bytes(self) -> int:
        """How large that file is."""
        return self.int8_bytes if self.precision == "int8" else self.float32_bytes

    @property
    def of_windows(self) -> Spread:
        """Windows that are right."""
        return _spread((one.right_windows, one.windows) for one in self.groups)

    @property
    def of_clips(self) -> Spread:
        """Recordings that are right."""
        return _spread((one.right_clips, one.clips) for one in self.groups)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "groups": [asdict(one) for one in self.groups]}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Finding:
        """What `document` was made of.

        Raises
        ------
        KeyError, TypeError, ValueError
            It was none.
        """
        usual = {field.name: document[field.name] for field in fields(cls)}
        scores = tuple(GroupScore(**one) for one in usual.pop("groups"))
        if not isinstance(usual["precision"], str) or not isinstance(usual["steps"], int):
            raise ValueError("no finding")
        return cls(**usual, groups=scores)


def group_scores(named: Sequence[Named], labels: Sequence[str]) -> tuple[GroupScore, ...]:
    """What is right of each group, in alphabetical order.

    Parameters
    ----------
    named : sequence of Named
        What was held out.
    labels : sequence of str
        In the order of their probabilities.
    """
    known = [one for one in named if one.sample.label != UNKNOWN]
    found = []
    for group in sorted({one.sample.fold_group for one in known}):
        own = [one for one in known if one.sample.fold_group == group]
        rights = [_right(one, labels) for one in own]
        found.append(
            GroupScore(
                group=group,
                windows=sum(len(one.probabilities) for one in own),
                right_windows=sum(windows for windows, _ in rights),
                clips=len(own),
                right_clips=sum(clip for _, clip in rights),
            )
        )
    return tuple(found)


def _right(one: Named, labels: Sequence[str]) -> tuple[int, int]:
    """How many windows of a recording are right, and whether it is itself: 0 or 1."""
    if not len(one.probabilities):
        return 0, 0
    truth = labels.index(one.sample.label)
    windows = int((one.probabilities.argmax(1) == truth).sum())
    return windows, int(one.probabilities.mean(0).argmax() == truth)


def _spread(parts: Iterable[tuple[int, int]]) -> Spread:
    """Of groups of which nothing was cut, nothing is known."""
    shares = [right / count for right, count in parts if count]
    if not shares:
        return Spread(0.0, 0.0, 0.0, 0.0, 0)
    deviation = statistics.stdev(shares) if len(shares) > 1 else 0.0
    return Spread(statistics.fmean(shares), deviation, min(shares), max(shares), len(shares))
