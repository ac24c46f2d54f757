"""Trains candidates for a few steps, several side by side: to see how long a step takes, and to
tell which of them are worth a full training."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
import torch

from motionapp.core.errors import MotionAppError
from motionapp.training.architectures import ClipNetwork
from motionapp.training.comparison.candidate import Candidate
from motionapp.training.comparison.memory import peak_memory
from motionapp.training.fit import Fitted, answers_of
from motionapp.training.fitting import Fitting
from motionapp.training.folds import Measured
from motionapp.training.material import Material
from motionapp.training.recipe import Recipe
from motionapp.training.task import Task

PROBED: Final = 4
"""Steps that are timed before anything is planned ..."""
WARM: Final = 1
"""... after so many that are not."""

R = TypeVar("R")
Tell = Callable[[], None]
"""Called after each step; may raise, which ends all that goes on beside."""


class Stopped(Exception):
    """Ends a network of which nobody wants to know any more."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A candidate that came to no network, and why."""

    reason: str


def side_by_side(
    jobs: Mapping[str, Callable[[Tell], R]], workers: int, tell: Tell
) -> dict[str, R | Failed]:
    """What jobs come to, each on a thread of its own; one that ends in an error is told.

    Parameters
    ----------
    jobs : mapping of str to callable
        Each calls what it is given after every step, and ends where that raises.
    workers : int
        So many at a time.
    tell : callable
        Called for every step of any; what it raises is raised here.
    """
    torch.set_num_threads(1)
    is_over = False

    def told() -> None:
        if is_over:
            raise Stopped
        tell()

    def caught(job: Callable[[Tell], R]) -> R | Failed:
        try:
            return job(told)
        except MotionAppError as error:
            return Failed(str(error))

    with ThreadPoolExecutor(max(1, workers), thread_name_prefix="candidate") as threads:
        running = {key: threads.submit(caught, job) for key, job in jobs.items()}
        try:
            for future in wait(running.values(), return_when=FIRST_EXCEPTION).done:
                future.result()
        except BaseException:
            is_over = True  # Ctrl-C, or the time is over
            for future in running.values():
                future.cancel()
            raise
    return {key: future.result() for key, future in running.items()}


def short(recipe: Recipe, steps: int) -> Recipe:
    """The recipe for exactly so many steps, its schedule included."""
    return replace(recipe, epochs=0, fewest_steps=steps, patience=0)


@dataclass(frozen=True, slots=True, eq=False)
class Probed:
    """What the first steps of a candidate tell."""

    step_s: float
    network: ClipNetwork
    """Good for its size and its speed alone."""


def full_steps(task: Task, candidate: Candidate) -> int:
    """How many steps a full training takes of a network, unless it ends early."""
    recipe = candidate.recipe
    return max(recipe.fewest_steps, recipe.epochs * len(task.windows) // recipe.batch)


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """A candidate after a few steps on one fold."""

    measured: Measured
    """What it made of what the fold holds out."""
    steps: int
    network_s: float
    peak_bytes: int | None


def screened(
    material: Material,
    task: Task,
    held_out: frozenset[str],
    candidate: Candidate,
    steps: int,
    tell: Tell,
) -> Screened:
    """Train a candidate for a few steps on one fold, and ask about what that holds out.

    Parameters
    ----------
    material : Material
    task : Task
        What the fold's network learns.
    held_out : frozenset of str
        The groups of the fold.
    candidate : Candidate
    steps : int
    tell : callable
        After each step.

    Raises
    ------
    SettingsError
        It came to no numbers.
    """
    began_s = time.perf_counter()
    with peak_memory() as peak:
        fitting = Fitting(task, short(candidate.recipe, steps))
        while not fitting.is_over:
            fitting.step()
            tell()
        fitted = Fitted(fitting.finished(), tuple(fitting.history))
        network_s = time.perf_counter() - began_s
        rows = np.nonzero(material.held_in(held_out, material.windows))[0]
        answers = answers_of(fitted.network, material.windows.of(rows))
        tell()
    held = tuple(
        number
        for number, sample in enumerate(material.data.samples)
        if sample.fold_group in held_out
    )
    return Screened(Measured(rows, answers, held), steps, network_s, peak.bytes)


def probed(task: Task, candidate: Candidate, tell: Tell) -> Probed:
    """See how long a step of a candidate takes, beside whatever else goes on."""
    fitting = Fitting(task, short(candidate.recipe, WARM + PROBED))
    spent_s = []
    while not fitting.is_over:
        began_s = time.perf_counter()
        fitting.step()
        spent_s.append(time.perf_counter() - began_s)
        tell()
    return Probed(float(np.mean(spent_s[WARM:])), fitting.finished())
