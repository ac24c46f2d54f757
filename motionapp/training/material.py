"""Everything that a training may look at, and what each network of it is to learn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import DataSetError
from motionapp.core.event import UNKNOWN
from motionapp.core.representation import Representation
from motionapp.recognition.dataset import DataSet
from motionapp.recognition.families import NONE, families_of
from motionapp.training.recipe import Recipe
from motionapp.training.rendered import Rendered
from motionapp.training.task import Held, Task
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

    def task_of(self, recipe: Recipe, without: frozenset[str] = frozenset()) -> Task:
        """What a network of a recipe learns from all groups but `without`.

        Raises
        ------
        DataSetError
            It is to end by groups of its own, and every one of them is needed to learn from.
        """
        if not recipe.patience:
            return self.task(without)
        watched = self._watched(recipe, without)
        rows = np.nonzero(self.held_in(watched, self.windows))[0]
        held = Held(self.windows.of(rows), self._answers(self.labels_of(self.windows)[rows]))
        return replace(self.task(without | watched), held=held)

    def task(self, without: frozenset[str] = frozenset()) -> Task:
        """What is learnt from all groups but `without`, and from what was rendered."""
        recorded = [self.windows] if self.paced is None else [self.windows, self.paced]
        parts = [part.of(np.nonzero(~self.held_in(without, part))[0]) for part in recorded]
        names = [self.labels_of(part) for part in parts]
        if self.rendered is not None:
            parts.append(self.rendered.windows)
            names.append(self.rendered.labels)
        answers = self._answers(np.concatenate(names))
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

    def _answers(self, names: NDArray[np.str_]) -> NDArray[np.int64]:
        """The outputs that stand for labels."""
        order = {label: number for number, label in enumerate((*self.labels, UNKNOWN))}
        return np.array([order[str(name)] for name in names], dtype=np.int64)

    def _watched(self, recipe: Recipe, without: frozenset[str]) -> frozenset[str]:
        """Whole groups that tell when to end: about the share of them that the recipe says, and
        none without which there is nothing left to learn a label from."""
        groups = sorted(set(self.data.fold_groups) - without)
        wanted = max(1, round(recipe.held_share * len(groups)))
        labels = self.labels_of(self.windows)
        chosen: frozenset[str] = frozenset()
        for number in np.random.default_rng(recipe.seed).permutation(len(groups)):
            more = chosen | {groups[number]}
            taught = set(labels[~self.held_in(without | more, self.windows)])
            if len(chosen) < wanted and set(self.labels) <= taught:
                chosen = more
        if not self.held_in(chosen, self.windows).any():
            raise DataSetError(
                f"--patience needs a group that can be spared to tell when to end, and each of the "
                f"{len(groups)} that are left to learn from in {self.data.path} alone shows some "
                "label: add recordings of others, or leave --patience out"
            )
        return chosen
