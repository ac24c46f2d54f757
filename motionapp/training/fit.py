"""Fits a network to windows, the same way every time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from motionapp.core.errors import SettingsError
from motionapp.core.representation import Representation
from motionapp.recognition.going import numbers_of
from motionapp.training.architectures import ClipNetwork, Shape, build
from motionapp.training.augment import Augmenter
from motionapp.training.recipe import Recipe
from motionapp.training.windows import Windows

Step = Callable[[int, int], None]
"""Told after every step: how many are done, and how many there will be."""

MEASURE_BATCH = 256


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


def fit(task: Task, recipe: Recipe, *, on_step: Step | None = None) -> ClipNetwork:
    """A trained network, ready to measure.

    Parameters
    ----------
    task : Task
    recipe : Recipe
        Its seed decides every draw: weights, order, changes, dropout.
    on_step : callable, optional
        Shows progress.

    Raises
    ------
    SettingsError
        Its weights grew beyond all numbers.

    Notes
    -----
    Movements are drawn by one over the square root of how often they occur: rare ones are seen
    more often than they are recorded, and yet not the same ten windows all the time.
    Where the processor multiplies bfloat16, it is used: it halves the time of a step, and what it
    costs in accuracy could not be told from another seed.
    """
    generator = torch.Generator().manual_seed(recipe.seed)
    drawing = np.random.default_rng(recipe.seed)
    shape = shape_of(task.representation, recipe, task.outputs, task.families)
    network = build(recipe.architecture, shape, generator)
    steps = max(recipe.fewest_steps, recipe.epochs * len(task.windows) // recipe.batch)
    optimiser = torch.optim.AdamW(
        network.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=steps, pct_start=recipe.warm_up
    )
    shares = _drawing_shares(task, recipe.recorded_share)
    augmenter = Augmenter(
        recipe.augmentation,
        mirror=task.representation.mirror,
        planes=task.representation.planes,
        drawing=drawing,
    )
    network.train()
    for done in range(1, steps + 1):
        chosen = drawing.choice(len(shares), recipe.batch, p=shares)
        maps, goings = augmenter.clips(task.windows.maps[chosen], task.windows.goings[chosen])
        answers = _answers(network, maps, goings).float()
        right = torch.from_numpy(task.answers[chosen])
        loss = functional.cross_entropy(answers, right, label_smoothing=recipe.label_smoothing)
        if not math.isfinite(loss.item()):
            raise _beyond_numbers(done, steps, recipe)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if on_step is not None:
            on_step(done, steps)
    if not all(value.isfinite().all() for value in network.state_dict().values()):
        raise _beyond_numbers(steps, steps, recipe)  # by the last step, which has no loss after it
    network.eval()
    return network


def _beyond_numbers(step: int, steps: int, recipe: Recipe) -> SettingsError:
    return SettingsError(
        f"at step {step} of {steps} the weights grew beyond all numbers, and no network came of "
        f"it: try another --seed than {recipe.seed}, or a smaller --width"
    )


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


def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 by itself; emulated, it is slower."""
    return bool(torch.cpu.get_capabilities().get("avx512_bf16"))


def shape_of(
    representation: Representation, recipe: Recipe, outputs: int, families: tuple[str, ...] = ()
) -> Shape:
    """What a network of a recipe is built for; `families` are those of its outputs, if any."""
    return Shape(
        channels=representation.channels,
        side_px=representation.side_px,
        outputs=outputs,
        width=recipe.width,
        dense=recipe.dense,
        dropout=recipe.dropout,
        going=representation.going,
        families=families if recipe.families else (),
    )


def _drawing_shares(task: Task, recorded: float) -> NDArray[np.float64]:
    """How likely each window is to be drawn; `recorded` of them together, where that is said."""
    rendered = task.is_rendered
    if not recorded or rendered is None or rendered.all() or not rendered.any():
        return _shares_of(task, np.ones(len(task.answers), np.bool_))
    return recorded * _shares_of(task, ~rendered) + (1 - recorded) * _shares_of(task, rendered)


def _shares_of(task: Task, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """One over the root of how often each answer is right among the chosen; 0 for the others."""
    counts = np.maximum(np.bincount(task.answers[chosen], minlength=task.outputs), 1)
    weights = np.where(chosen, 1.0 / np.sqrt(counts[task.answers]), 0.0)
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


def _answers(
    network: ClipNetwork, maps: NDArray[np.float32], goings: NDArray[np.float32]
) -> torch.Tensor:
    # Moving the channels to the front changes the view, not the memory: channels_last already.
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bfloat16()):
        going = torch.from_numpy(numbers_of(goings))
        answers: torch.Tensor = network(torch.from_numpy(maps).permute(0, 3, 1, 2), going)
    return answers
