"""Trials, and what each of them may know of those before it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FIRST: Final = 10
"""Trials that are drawn without knowing anything: as many as Optuna's sampler wants before it
models."""
BESIDE: Final = 4
"""So many just before a later one it knows nothing of: they may be made beside it. Enough for a few
processes to be always at work, and not so many that a proposal knows little of those before it."""
NOTE: Final = "chosen by the same folds that the figures are of: they may be too good"
"""Stands beside the figures of whatever was searched for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A trial that is to be made."""

    number: int
    """From 0."""
    parameters: dict[str, Any]
    least: tuple[float, ...] = ()
    """After each fold: below it, the trial is given up. Empty: it is made to its end."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a trial came to."""

    number: int
    parameters: dict[str, Any]
    folds: tuple[float, ...]
    """Share of held-out windows that is right, fold by fold; fewer where it was given up."""
    is_pruned: bool = False
    trouble: str = ""
    """Why it came to no network; it counts as nothing right."""
    took_s: float = field(default=0.0, compare=False)
    """On one core; the one thing about a trial that is not the same twice."""
    means: tuple[float, ...] = field(init=False)
    """After each fold, the mean of those so far."""

    def __post_init__(self) -> None:
        means = tuple(statistics.fmean(self.folds[: n + 1]) for n in range(len(self.folds)))
        object.__setattr__(self, "means", means)

    @property
    def value(self) -> float:
        """Mean over the folds that were trained."""
        return self.means[-1] if self.means else 0.0

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "number": self.number,
            "parameters": dict(self.parameters),
            "folds": list(self.folds),
            "window_accuracy": self.value,
            "given_up": self.is_pruned,
            "trouble": self.trouble,
            "took_s": self.took_s,
        }


def known_to(number: int) -> int:
    """How many of the trials before, from the first on, decide a trial's proposal."""
    return 0 if number < FIRST else max(FIRST, number - BESIDE)


def least_of(earlier: Sequence[Made], folds: int) -> tuple[float, ...]:
    """Below what a trial is given up after each fold but the last: the median of the known trials'
    means after as many; nothing is given up without them."""
    found: list[float] = []
    for fold in range(folds - 1):
        means = [one.means[fold] for one in earlier if len(one.means) > fold]
        if not means:
            return tuple(found)
        found.append(statistics.median(means))
    return tuple(found)


def is_given_up(asked: Asked, folds: Sequence[float]) -> bool:
    """Whether a trial is not worth its next fold."""
    done = len(folds)
    return 0 < done <= len(asked.least) and statistics.fmean(folds) < asked.least[done - 1]


def best_of(made: Sequence[Made]) -> Made | None:
    """The best of those that were made to their end; of equals the first."""
    whole = whole_of(made)
    return min(whole, key=lambda one: (-one.value, one.number)) if whole else None


def whole_of(made: Sequence[Made]) -> list[Made]:
    """Those that were made to their end and came to a network."""
    return [one for one in made if not one.is_pruned and not one.trouble]


def unseen_of(made: Sequence[Made]) -> float | None:
    """What choosing among trials comes to on folds that had no say in it; None where there are not
    two folds.

    For each fold the best by the others is chosen, and what that is right of here is taken. The
    best by all folds is the one that they suit best by chance, too, so that its own figure is too
    good, the more so the more trials there are; this one is never above it.

    References
    ----------
    Tsamardinos, Greasidou, Borboudakis, "Bootstrapping the out-of-sample predictions for efficient
    and accurate cross-validation", Machine Learning 2018: chosen by a part of what was held out,
    and measured by the rest.
    """
    whole = whole_of(made)
    folds = min((len(one.folds) for one in whole), default=0)
    if folds < 2:
        return None
    shares = []
    for fold in range(folds):
        best = min(whole, key=lambda one: (one.folds[fold] - sum(one.folds), one.number))
        shares.append(best.folds[fold])
    return statistics.fmean(shares)
