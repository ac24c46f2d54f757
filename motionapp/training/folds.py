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
from motionapp.recognition.onnx import softmax
from motionapp.runtime.threads import usable_cores
from motionapp.training.curves import Curves
from motionapp.training.fit import Fitted, Step, answers_of, fit
from motionapp.training.fitting import Fitting
from motionapp.training.history import Told
from motionapp.training.material import Material
from motionapp.training.named import Named
from motionapp.training.progress import Progress
from motionapp.training.recipe import Recipe
from motionapp.training.task import Task
from motionapp.training.transfer import Beginning
from motionapp.training.unfinished import Unfinished, task_digest

ALL = "all"
"""What the network is called that learns from everything; the others are `fold-1` and so on."""


@dataclass(frozen=True, slots=True, eq=False)
class Along:
    """What trainings are given, and where they leave things; usually nothing."""

    beginning: Beginning | None = None
    """Weights that each network begins with."""
    unfinished: Unfinished | None = None
    """Where they stand, for who goes on after an interruption."""
    curves: Curves | None = None
    """Where TensorBoard finds how they go."""


ALONE = Along()


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What the folds' networks said of what they had not seen."""

    rows: NDArray[np.int64]
    """Windows that were held out, by their place in the material."""
    answers: NDArray[np.float32]
    """Bare answers to them, shape (rows, outputs)."""
    samples: tuple[int, ...]
    """Recordings that were held out, in the order of the data set."""
    networks: tuple[Fitted, ...] = ()
    """The folds' own, in their order."""

    def named(self, material: Material, temperature: float) -> tuple[Named, ...]:
        """The held-out recordings with their windows' probabilities."""
        shares = softmax(self.answers / np.float32(temperature))[:, : len(material.labels)]
        of_window = material.windows.samples[self.rows]
        return tuple(
            Named(
                material.data.samples[number],
                shares[of_window == number],
                material.windows.times_of(self.rows[of_window == number]),
            )
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
    *,
    along: Along = ALONE,
) -> Measured:
    """Train once for every fold and ask about what it held out; see `train_networks`."""
    measured = train_networks(material, recipe, folds, progress, with_all=False, along=along)[0]
    assert measured is not None  # there are folds
    return measured


def train_networks(
    material: Material,
    recipe: Recipe,
    folds: Sequence[frozenset[str]],
    progress: Progress,
    *,
    with_all: bool,
    along: Along = ALONE,
) -> tuple[Measured | None, Fitted | None]:
    """Train once for every fold, ask about what it held out, and once on everything.

    Parameters
    ----------
    material : Material
    recipe : Recipe
    folds : sequence of frozenset of str
        The groups that each holds out; none where nothing is to be measured.
    progress : Progress
    with_all : bool
        Whether a network that learns from everything is wanted, too.
    along : Along

    Returns
    -------
    tuple of (Measured or None, Fitted or None)
        What the folds' networks said; the network that has seen everything.

    Raises
    ------
    DataSetError
        A fold leaves no window of a label, so that its network could not know it.
    SettingsError
        A network came to no numbers, or what it begins with does not fit.

    Notes
    -----
    Networks are trained side by side, one thread each: two of them on two cores are a quarter
    faster than one after the other on both, and their weights do not depend on how many cores there
    are. The one that learns from everything takes longest, and so begins first.
    """
    for fold in folds:
        _check_taught(material, fold)
    torch.set_num_threads(1)
    names = ([ALL] if with_all else []) + [f"fold-{n}" for n in range(1, len(folds) + 1)]
    left_out = ([frozenset[str]()] if with_all else []) + list(folds)
    trained = _side_by_side(
        material, recipe, dict(zip(names, left_out, strict=True)), progress, along
    )
    fitted = trained.pop(0)[2] if with_all else None
    return (_measured(material, folds, trained) if trained else None), fitted


_Trained = tuple[NDArray[np.int64], NDArray[np.float32], Fitted]
"""Rows that were held out, bare answers to them, and the network that gave them."""


def _measured(
    material: Material, folds: Sequence[frozenset[str]], trained: Sequence[_Trained]
) -> Measured:
    """What the folds' networks said, as one."""
    held = frozenset[str]().union(*folds)
    return Measured(
        rows=np.concatenate([rows for rows, _, _ in trained]),
        answers=np.concatenate([answers for _, answers, _ in trained]),
        samples=tuple(
            number
            for number, sample in enumerate(material.data.samples)
            if sample.fold_group in held
        ),
        networks=tuple(fitted for _, _, fitted in trained),
    )


def _side_by_side(
    material: Material,
    recipe: Recipe,
    left_out: dict[str, frozenset[str]],
    progress: Progress,
    along: Along,
) -> list[_Trained]:
    """Train networks by name, each without some groups."""
    bar = _Bar(progress, tuple(left_out), along.curves)
    workers = min(usable_cores(), len(left_out))
    with ThreadPoolExecutor(workers, thread_name_prefix="fold") as threads:
        running = [
            threads.submit(_one, material, recipe, name, groups, bar, along)
            for name, groups in left_out.items()
        ]
        try:
            for future in as_completed(running):
                future.result()  # which of them fails first is not said by their order
        except BaseException:
            bar.stop()  # Ctrl-C, or one that failed: the others would go on for minutes
            raise
    return [future.result() for future in running]


def _one(
    material: Material,
    recipe: Recipe,
    name: str,
    held_out: frozenset[str],
    bar: _Bar,
    along: Along,
) -> _Trained:
    task = material.task_of(recipe, held_out)
    fitting = Fitting(task, recipe, along.beginning)
    if fitting.begun:
        bar.say(f"begins with {fitting.begun}")
    fitted = _kept_while(task, recipe, name, fitting, bar, along)
    rows = np.nonzero(material.held_in(held_out, material.windows))[0]
    return rows, answers_of(fitted.network, material.windows.of(rows)), fitted


def _kept_while(
    task: Task, recipe: Recipe, name: str, fitting: Fitting, bar: _Bar, along: Along
) -> Fitted:
    """Train a network to its end; where it is stopped, write down where it stands."""
    on_step = bar.listener(name)
    if along.unfinished is None:
        return fit(task, recipe, fitting=fitting, on_step=on_step)
    begun = "" if along.beginning is None else along.beginning.sha256
    digest = task_digest(task, recipe, begun)
    if along.unfinished.take_up(name, fitting, digest):
        bar.say(f"{name} goes on at step {fitting.done} of {fitting.total}")
    keep = along.unfinished.keeper(name, digest)
    try:
        return fit(task, recipe, fitting=fitting, on_step=on_step, keep=keep)
    except (_Stopped, KeyboardInterrupt):
        along.unfinished.write(name, fitting, digest)
        raise


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


class _Bar:
    """Adds up the steps of networks that train side by side, and ends them all when one has to."""

    def __init__(self, progress: Progress, names: Sequence[str], curves: Curves | None) -> None:
        self._progress, self._curves = progress, curves
        self._told: dict[str, Told | None] = dict.fromkeys(names)
        self._stage = "training" if len(names) == 1 else f"training {len(names)} networks"
        self._lock = Lock()
        self._said: set[str] = set()
        self._is_stopped = False

    def stop(self) -> None:
        """Let every network end at its next step."""
        self._is_stopped = True

    def say(self, line: str) -> None:
        """A sentence about one of the networks, or once about all of them."""
        with self._lock:
            if line not in self._said:
                self._said.add(line)
                self._progress.say(line)

    def listener(self, name: str) -> Step:
        """What one network tells its steps to."""

        def on_step(told: Told) -> None:
            if self._is_stopped:
                raise _Stopped
            with self._lock:
                self._told[name] = told
                self._say()
            if self._curves is not None and told.new is not None:
                self._curves.add(name, told.new)

        return on_step

    def _say(self) -> None:
        begun = [told for told in self._told.values() if told is not None]
        # Networks are nearly alike: those that have not begun are reckoned as long as the others.
        total = sum(told.total for told in begun) * len(self._told) // len(begun)
        loss = sum(told.loss for told in begun) / len(begun)
        right = sum(told.accuracy for told in begun) / len(begun)
        self._progress.advance(
            self._stage,
            sum(told.done for told in begun),
            total,
            f"loss {loss:.2f}, {right:.0%} right",
        )
