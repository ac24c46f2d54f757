"""Trials, and the generations that they come in."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FIRST_GENERATION: Final = 10
"""Drawn without knowing anything: as many as Optuna's sampler wants before it models."""
NEXT_GENERATION: Final = 5
"""Proposed at once, from what is known of earlier ones: enough for a few processes, and not so many
that a proposal knows little of those before it."""


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
        }


def generations(trials: int) -> Iterator[range]:
    """The numbers of the trials of each generation, up to so many trials."""
    first = 0
    while first < trials:
        size = NEXT_GENERATION if first else FIRST_GENERATION
        yield range(first, min(trials, first + size))
        first += size


def least_of(earlier: Sequence[Made], folds: int) -> tuple[float, ...]:
    """Below what a trial is given up after each fold but the last: the median of earlier
    generations' means after as many; nothing is given up without them."""
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
    whole = [one for one in made if not one.is_pruned and not one.trouble]
    return min(whole, key=lambda one: (-one.value, one.number)) if whole else None
