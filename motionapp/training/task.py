"""What a network is to learn, and how likely each window of it is to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.core.representation import Representation
from motionapp.training.choices import ClassWeights
from motionapp.training.windows import Windows

POWERS = {"none": 0.0, "root": 0.5, "balanced": 1.0}
"""Of one over how often a label occurs."""


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Windows that are only looked at to see when it is enough."""

    windows: Windows
    answers: NDArray[np.int64]
    """The output that is right for each, shape (windows,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What a network is to learn."""

    windows: Windows
    answers: NDArray[np.int64]
    """The output that is right for each window, shape (windows,)."""
    outputs: int
    representation: Representation
    is_rendered: NDArray[np.bool_] | None = None
    """Which windows were rendered, shape (windows,); None where all that shows a movement with a
    name was recorded. Half of all looks would else be at what is unknown."""
    families: tuple[str, ...] = ()
    """Of each output, where all have one."""
    held: Held | None = None
    """Whole groups that tell when to end; None where the steps are counted beforehand."""


def drawing_shares(task: Task, recorded: float, weights: ClassWeights) -> NDArray[np.float64]:
    """How likely each window is to be drawn; `recorded` of them together, where that is said.

    Parameters
    ----------
    task : Task
    recorded : float
        Share of what was recorded, 0 to 1; 0: as many as there are.
    weights : str
        How much more often rare labels are looked at: equal, in expectation, to weighing the loss,
        and without its large single steps.

    Returns
    -------
    ndarray of float64, shape (windows,)
        Sums to 1.
    """
    rendered = task.is_rendered
    if not recorded or rendered is None or rendered.all() or not rendered.any():
        return _shares_of(task, np.ones(len(task.answers), np.bool_), weights)
    return recorded * _shares_of(task, ~rendered, weights) + (1 - recorded) * _shares_of(
        task, rendered, weights
    )


def _shares_of(task: Task, chosen: NDArray[np.bool_], weights: ClassWeights) -> NDArray[np.float64]:
    """By how often each answer is right among the chosen; 0 for the others."""
    counts = np.maximum(np.bincount(task.answers[chosen], minlength=task.outputs), 1)
    if weights == "root":  # a root is exact, a power need not be
        each = np.where(chosen, 1.0 / np.sqrt(counts[task.answers]), 0.0)
    else:
        each = np.where(chosen, counts[task.answers] ** -POWERS[weights], 0.0)
    shares: NDArray[np.float64] = each / each.sum()
    return shares
