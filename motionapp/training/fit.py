"""Fits a network to windows, the same way every time, however often it is stopped on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from motionapp.recognition.going import numbers_of
from motionapp.training.architectures import ClipNetwork
from motionapp.training.fitting import Fitting
from motionapp.training.history import Point, Told
from motionapp.training.recipe import Recipe
from motionapp.training.task import Task
from motionapp.training.transfer import Beginning
from motionapp.training.windows import Windows

Step = Callable[[Told], None]
"""Told after every step."""

Keep = Callable[[Fitting], None]
"""Shown a fitting after every step: it may write down where that stands."""

MEASURE_BATCH = 256


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A trained network, ready to measure, and how it came about."""

    network: ClipNetwork
    history: tuple[Point, ...]


def fit(
    task: Task,
    recipe: Recipe,
    *,
    beginning: Beginning | None = None,
    fitting: Fitting | None = None,
    on_step: Step | None = None,
    keep: Keep | None = None,
) -> Fitted:
    """Train a network.

    Parameters
    ----------
    task : Task
    recipe : Recipe
        Its seed decides every draw: weights, order, changes, dropout.
    beginning : Beginning, optional
        Weights that it begins with; without them they are drawn.
    fitting : Fitting, optional
        One that was begun before, on the same task by the same recipe.
    on_step : callable, optional
        Shows progress.
    keep : callable, optional
        Writes down where it stands, now and then.

    Raises
    ------
    SettingsError
        Its weights grew beyond all numbers, or what it begins with does not fit.
    """
    fitting = Fitting(task, recipe, beginning) if fitting is None else fitting
    while not fitting.is_over:
        told = fitting.step()
        if keep is not None:
            keep(fitting)
        if on_step is not None:
            on_step(told)
    return Fitted(fitting.finished(), tuple(fitting.history))


def answers_of(network: ClipNetwork, windows: Windows) -> NDArray[np.float32]:
    """The trained network's bare answers, shape (windows, outputs)."""
    rows = []
    with torch.inference_mode():
        for first in range(0, len(windows), MEASURE_BATCH):
            numbers = windows.numbers(slice(first, first + MEASURE_BATCH))
            maps = torch.from_numpy(numbers).contiguous(memory_format=torch.channels_last)
            going = torch.from_numpy(numbers_of(windows.goings[first : first + MEASURE_BATCH]))
            rows.append(network(maps, going).numpy())
    return np.concatenate(rows) if rows else np.zeros((0, network.outputs), np.float32)
