"""Measures a recipe by training it anew for every fold, and naming what the fold holds out."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Lock

import numpy as np
import torch
from numpy.typing import NDArray

from motionapp.core.errors import DataSetError
from motionapp.core.event import UNKNOWN
from motionapp.core.representation import Representation
from motionapp.recognition.dataset import DataSet
from motionapp.recognition.families import NONE, families_of
from motionapp.recognition.onnx import softmax
from motionapp.runtime.threads import usable_cores
from motionapp.training.architectures import ClipNetwork
from motionapp.training.fit import Step, Task, answers_of, fit
from motionapp.training.progress import Progress
from motionapp.training.recipe import Recipe
from motionapp.training.rendered import Rendered
from motionapp.training.scores import Named
from motionapp.training.windows import Windows, join


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Everything that a training may look at."""

    data: DataSet
    windows: Windows
    """Of the data set's recordings."""
    labels: tuple[str, ...]
    representation: Representation
    paced: Windows | None = None
    """Of the same recordings at other tempos: trained on, and never measured."""
    rendered: Rendered | None = None
    """Is trained on in every fold, and never measured."""

    @property
    def has_reject(self) -> bool:
        """Whether there is anything to learn `unknown` from."""
        drawn = self.rendered is not None and UNKNOWN in self.rendered.labels
        return drawn or any(sample.label == UNKNOWN for sample in self.data.samples)

    @property
    def draws_movements(self) -> bool:
        """Whether what is rendered shows any movement that has a name."""
        return self.rendered is not None and bool(np.any(self.rendered.labels != UNKNOWN))

    @property
    def families(self) -> tuple[str, ...]:
        """Of each output; empty where there is a label that has none."""
        found = families_of(self.labels)
        return (*found, NONE) if found and self.has_reject else found

    def held_in(self, groups: frozenset[str], windows: Windows) -> NDArray[np.bool_]:
        """Which of the data set's `windows` come from one of `groups`."""
        inside = np.array([sample.fold_group in groups for sample in self.data.samples], np.bool_)
        return inside[windows.samples]

    def labels_of(self, windows: Windows) -> NDArray[np.str_]:
        """The labels of the data set's `windows`."""
        labels = np.array([sample.label for sample in self.data.samples], dtype=np.str_)
        return labels[windows.samples] if len(labels) else labels

    def task(self, without: frozenset[str] = frozenset()) -> Task:
        """What is learnt from all groups but `without`, and from what was rendered."""
        recorded = [self.windows] if self.paced is None else [self.windows, self.paced]
        parts = [part.of(np.nonzero(~self.held_in(without, part))[0]) for part in recorded]
        names = [self.labels_of(part) for part in parts]
        if self.rendered is not None:
            parts.append(self.rendered.windows)
            names.append(self.rendered.labels)
        order = {label: number for number, label in enumerate((*self.labels, UNKNOWN))}
        answers = np.array([order[str(name)] for name in np.concatenate(names)], dtype=np.int64)
        return Task(
            windows=join(parts),
            answers=answers,
            outputs=len(self.labels) + self.has_reject,
            representation=self.representation,
            families=self.families,
            is_rendered=np.arange(len(answers)) >= sum(len(part) for part in parts[: len(recorded)])
            if self.draws_movements
            else None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What the folds' networks said of what they had not seen."""

    rows: NDArray[np.int64]
    """Windows that were held out, by their place in the material."""
    answers: NDArray[np.float32]
    """Bare answers to them, shape (rows, outputs)."""
    samples: tuple[int, ...]
    """Recordings that were held out, in the order of the data set."""

    def named(self, material: Material, temperature: float) -> tuple[Named, ...]:
        """The held-out recordings with their windows' probabilities."""
        shares = softmax(self.answers / np.float32(temperature))[:, : len(material.labels)]
        of_window = material.windows.samples[self.rows]
        return tuple(
            Named(material.data.samples[number], shares[of_window == number])
            for number in self.samples
        )

    def known(self, material: Material) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Answers to held-out windows that have a name, and the right label's number."""
        names = material.labels_of(material.windows)[self.rows]
        known = names != UNKNOWN
        order = {label: number for number, label in enumerate(material.labels)}
        truth = np.array([order[str(name)] for name in names[known]], dtype=np.int64)
        return self.answers[known], truth

    def nameless(self, material: Material) -> NDArray[np.float32]:
        """Answers to held-out windows that have no name; without rows where none was held out."""
        nameless: NDArray[np.bool_] = material.labels_of(material.windows)[self.rows] == UNKNOWN
        return self.answers[nameless]


def measure(
    material: Material,
    recipe: Recipe,
    folds: Sequence[frozenset[str]],
    progress: Progress,
) -> Measured:
    """Train once for every fold and ask about what it held out.

    Raises
    ------
    DataSetError
        A fold leaves no window of a label, so that its network could not know it.

    Notes
    -----
    Folds run side by side, one thread each: two of them on two cores are a quarter faster than
    one after the other on both, and their figures do not depend on how many cores there are.
    """
    for fold in folds:
        _check_taught(material, fold)
    bar = _FoldsBar(progress, len(folds))
    torch.set_num_threads(1)
    workers = min(usable_cores(), len(folds))
    with ThreadPoolExecutor(workers, thread_name_prefix="fold") as threads:
        running = [
            threads.submit(_one_fold, material, recipe, fold, bar.listener(number))
            for number, fold in enumerate(folds)
        ]
        try:
            for future in as_completed(running):
                future.result()  # which of them fails first is not said by their order
        except BaseException:
            bar.stop()  # Ctrl-C, or one that failed: the others would go on for minutes
            raise
    parts = [future.result() for future in running]
    held = frozenset[str]().union(*folds)
    return Measured(
        rows=np.concatenate([rows for rows, _ in parts]),
        answers=np.concatenate([answers for _, answers in parts]),
        samples=tuple(
            number
            for number, sample in enumerate(material.data.samples)
            if sample.fold_group in held
        ),
    )


def train_on_all(material: Material, recipe: Recipe, progress: Progress) -> ClipNetwork:
    """A network that has seen everything."""
    torch.set_num_threads(usable_cores())
    return fit(
        material.task(),
        recipe,
        on_step=lambda done, total: progress.advance("training on everything", done, total),
    )


def _one_fold(
    material: Material, recipe: Recipe, held_out: frozenset[str], on_step: Step
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    network = fit(material.task(held_out), recipe, on_step=on_step)
    rows = np.nonzero(material.held_in(held_out, material.windows))[0]
    return rows, answers_of(network, material.windows.of(rows))


def _check_taught(material: Material, held_out: frozenset[str]) -> None:
    """Recordings in which nothing moves for long enough are of no help to a label."""
    taught: set[str] = set()
    if material.rendered is not None:
        taught |= {str(name) for name in material.rendered.labels}
    for part in filter(None, (material.windows, material.paced)):
        taught |= {
            str(name) for name in material.labels_of(part)[~material.held_in(held_out, part)]
        }
    missing = sorted(set(material.labels) - taught)
    if missing:
        raise DataSetError(
            f"without {_some_of(held_out)} the data set {material.data.path} has no recording of "
            f"{missing[0]} in which something moves for {material.representation.span_s:g} s or "
            "longer, so that nothing is left to learn the label from: add another group's, or use "
            "--protocol none"
        )


def _some_of(groups: frozenset[str]) -> str:
    """The groups by name, as many as one can read."""
    listed = sorted(groups)
    return ", ".join(listed[:3]) + (f" and {len(listed) - 3} more" if len(listed) > 3 else "")


class _Stopped(Exception):
    """Ends a fold of which nobody wants to know any more."""


class _FoldsBar:
    """Adds up the steps of folds that run side by side, and ends them all when one has to."""

    def __init__(self, progress: Progress, folds: int) -> None:
        self._progress = progress
        self._done = [0] * folds
        self._lock = Lock()
        self._is_stopped = False

    def stop(self) -> None:
        """Let every fold end at its next step."""
        self._is_stopped = True

    def listener(self, fold: int) -> Step:
        """What one fold tells its steps to."""

        def on_step(done: int, total: int) -> None:
            if self._is_stopped:
                raise _Stopped
            with self._lock:
                self._done[fold] = done
                # Folds are nearly alike: the whole is reckoned from this one's length.
                self._progress.advance(
                    f"training {len(self._done)} folds", sum(self._done), total * len(self._done)
                )

        return on_step
