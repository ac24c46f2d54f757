"""Makes trials, in whatever process: trains a recipe fold by fold, and says what was right."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import torch

from motionapp.core.errors import DataSetError, SettingsError
from motionapp.core.event import UNKNOWN
from motionapp.core.representation import Representation
from motionapp.runtime.threads import ThreadPlan, apply_threads
from motionapp.training.fit import Step, answers_of, fit
from motionapp.training.history import Told
from motionapp.training.kept import usual_windows
from motionapp.training.material import Material
from motionapp.training.opening import open_all
from motionapp.training.progress import Progress, Silent
from motionapp.training.protocols import held_out
from motionapp.training.recipe import Recipe
from motionapp.training.search.space import Space
from motionapp.training.search.trial import Asked, Made, is_given_up
from motionapp.training.train import Order, check_size, material_of

ONE_EACH: Final = ThreadPlan(decode=1, opencv=1, network=1)
"""Processes are what there are several of: with threads of their own they would take each other's
cores."""


def for_good() -> float:
    """There is all the time in the world."""
    return math.inf


@dataclass(slots=True, eq=False)
class Runner:
    """Makes trials of an order; remembers the windows that it was asked for last.

    Each process has one of its own. What it comes to depends on the trial alone. Where no time is
    left, it raises `TimeoutError` at the next step.
    """

    order: Order
    space: Space
    left_s: Callable[[], float] = for_good
    """How many seconds are left."""
    _at_hand: tuple[Representation, Material] | None = field(default=None, repr=False)

    def __call__(self, asked: Asked) -> Made:
        """What a trial comes to."""
        torch.set_num_threads(1)
        apply_threads(ONE_EACH)
        began_s = time.perf_counter()
        made = self._made(asked)
        return replace(made, took_s=time.perf_counter() - began_s)

    def _made(self, asked: Asked) -> Made:
        recipe = self.space.recipe_of(asked.parameters)
        order = replace(
            self.order, recipe=recipe, representation=self.space.shape_of(asked.parameters)
        )
        rights: list[float] = []
        try:
            check_size(order)
            material = self.material(order, Silent())
            folds = held_out(material.data, order.protocol, seed=recipe.seed)
            for groups in folds:
                rights.append(_right(material, recipe, groups, self._on_step))
                if len(rights) < len(folds) and is_given_up(asked, rights):
                    return Made(asked.number, asked.parameters, tuple(rights), is_pruned=True)
        except (SettingsError, DataSetError) as error:
            # It came to no numbers, or clips of its length show nothing of a label.
            return Made(asked.number, asked.parameters, (0.0,), trouble=str(error))
        return Made(asked.number, asked.parameters, tuple(rights))

    def material(self, order: Order, progress: Progress) -> Material:
        """What an order's networks look at: at hand, kept, or gathered now."""
        shape = order.representation
        if self._at_hand is None or self._at_hand[0] != shape:
            self._at_hand = None  # before the next: two may be more than there is room for
            readings = open_all(order.data, Silent())
            kept = usual_windows(os.environ, progress)
            self._at_hand = shape, material_of(order, readings, progress, kept)
        return self._at_hand[1]

    def forget(self) -> None:
        """Let go of the windows at hand."""
        self._at_hand = None

    def _on_step(self, _: Told) -> None:
        if self.left_s() <= 0:
            raise TimeoutError


def _right(material: Material, recipe: Recipe, held_out: frozenset[str], on_step: Step) -> float:
    """Share of the windows that a fold holds out which its network names rightly."""
    fitted = fit(material.task_of(recipe, held_out), recipe, on_step=on_step)
    names = material.labels_of(material.windows)
    rows = np.nonzero(material.held_in(held_out, material.windows) & (names != UNKNOWN))[0]
    if not len(rows):
        return 0.0
    answers = answers_of(fitted.network, material.windows.of(rows))[:, : len(material.labels)]
    truth = np.array([material.labels.index(str(name)) for name in names[rows]])
    return float(np.mean(answers.argmax(1) == truth))
