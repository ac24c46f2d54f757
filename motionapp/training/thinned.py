"""A training's material without some of its groups: of whole groups, less is learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from motionapp.training.folds import Along, measure
from motionapp.training.learning_curve import NameHeldOut
from motionapp.training.material import Material
from motionapp.training.named import Named
from motionapp.training.progress import Progress
from motionapp.training.recipe import Recipe
from motionapp.training.transfer import Beginning


def without(material: Material, left_out: frozenset[str]) -> Material:
    """What is left of a material; what was rendered stays."""
    samples = material.data.samples
    chosen = np.array([one.fold_group not in left_out for one in samples], np.bool_)
    paced = material.paced
    return replace(
        material,
        data=replace(
            material.data,
            samples=tuple(one for one in samples if one.fold_group not in left_out),
        ),
        windows=material.windows.of_samples(chosen),
        paced=None if paced is None else paced.of_samples(chosen),
    )


def shown_by_group(material: Material) -> dict[str, frozenset[str]]:
    """Which labels each group has windows of, `unknown` among them."""
    shown: dict[str, set[str]] = {group: set() for group in material.data.fold_groups}
    for number in np.unique(material.windows.samples):
        sample = material.data.samples[number]
        shown[sample.fold_group].add(sample.label)
    return {group: frozenset(labels) for group, labels in shown.items()}


def measured_without(
    material: Material, recipe: Recipe, temperature: float, beginning: Beginning | None
) -> NameHeldOut:
    """How a part of the groups is learnt from, and what it holds out is named."""
    along = Along(beginning)

    def name_held_out(
        held_out: frozenset[str], left_out: frozenset[str], progress: Progress
    ) -> Sequence[Named]:
        left = without(material, left_out)
        return measure(left, recipe, [held_out], progress, along=along).named(left, temperature)

    return name_held_out
