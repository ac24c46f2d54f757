"""What a fold's network learns from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

from motionapp.core.errors import DataSetError, SettingsError
from motionapp.core.representation import Representation
from motionapp.recognition.dataset import DataSet, Sample
from motionapp.training.fit import fit
from motionapp.training.folds import Measured, measure
from motionapp.training.material import Material
from motionapp.training.progress import Silent
from motionapp.training.recipe import Recipe
from motionapp.training.rendered import Rendered
from motionapp.training.task import Task
from motionapp.training.windows import Windows

SHAPE = Representation("absdiff", side_px=8)


def windows_of(*samples: int) -> Windows:
    count = len(samples)
    maps = np.zeros((count, 8, 8, 6), np.uint8)
    return Windows(maps, np.array(samples), np.tile(np.float32([0, 0, 1]), (count, 1)))


def material_with(*rendered: str) -> Material:
    samples = (Sample(Path("a.mp4"), "a.mp4", "nod", "ann"), Sample(Path("b"), "b", "point", "bob"))
    drawn = Rendered(windows_of(*range(len(rendered))), np.array(rendered))
    return Material(DataSet(Path("set"), samples), windows_of(0, 1), ("nod", "point"), SHAPE,
                    rendered=drawn)  # fmt: skip


def test_half_of_all_looks_are_not_spent_on_what_is_unknown() -> None:
    """With a person's own movements nothing but clutter is rendered: it has its share by number."""
    assert material_with("unknown", "unknown").task().is_rendered is None


def test_rendered_movements_are_told_from_recorded_ones() -> None:
    is_rendered = material_with("unknown", "nod").task().is_rendered

    assert is_rendered is not None
    assert is_rendered.tolist() == [False, False, True, True]


def test_families_are_known_where_every_label_has_one() -> None:
    material = material_with("unknown")

    assert material.families == ()
    known = replace(material, labels=("walk", "bend"))
    assert known.families == ("locomotion", "in place", "none")


class Interrupted(Silent):
    """As Ctrl-C is, once, while all folds run."""

    def __init__(self) -> None:
        self._calls = 0

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        self._calls += 1
        if self._calls == 1:
            raise KeyboardInterrupt


LONG = Recipe(architecture="alexnet", width=1, dense=4, batch=2, fewest_steps=100_000)
FOLDS = [frozenset({group}) for group in ("ann", "bob", "cyn")]


def material_of_three(*, of_no_number: str = "") -> Material:
    """Two movements of three people, of whom one may go at no number."""
    shape = Representation("absdiff", side_px=32, steps=2, going=True)
    maps = np.zeros((6, 32, 32, 2), np.uint8)
    goings = np.tile(np.float32([0, 0, 1]), (6, 1))
    samples = tuple(
        Sample(Path(f"{number}.mp4"), f"{number}.mp4", label, group)
        for number, (label, group) in enumerate(
            (label, group) for group in ("ann", "bob", "cyn") for label in ("nod", "point")
        )
    )
    goings[[sample.fold_group == of_no_number for sample in samples]] = np.nan
    windows = Windows(maps, np.arange(6), goings)
    return Material(DataSet(Path("set"), samples), windows, ("nod", "point"), shape)


@pytest.mark.timeout(60)
def test_folds_end_at_once_when_somebody_interrupts_them() -> None:
    """They ran to their end, which took minutes."""
    with pytest.raises(KeyboardInterrupt):
        measure(material_of_three(), LONG, FOLDS, Interrupted())


@pytest.mark.timeout(60)
def test_folds_end_at_once_when_one_fails_that_is_not_the_first() -> None:
    """The first was waited for, and ran to its end."""
    with pytest.raises(SettingsError, match="beyond all numbers"):
        measure(material_of_three(of_no_number="ann"), LONG, FOLDS, Silent())


def test_a_fold_that_leaves_no_window_of_a_label_is_refused() -> None:
    """Recordings of it there are, but nothing moves in them; the training ended in an error."""
    material = material_with()

    with pytest.raises(DataSetError, match=r"without ann the data set set has no recording of nod"):
        measure(material, Recipe(), [frozenset({"ann"})], Silent())


def test_a_training_that_comes_to_no_numbers_is_told_and_gives_no_network() -> None:
    """Told that a body goes at no number, its first answer is none."""
    maps, ways = np.zeros((2, 32, 32, 6), np.uint8), np.full((2, 3), np.nan, np.float32)
    shape = Representation("absdiff", side_px=32, going=True)
    task = Task(Windows(maps, np.arange(2), ways), np.arange(2), 2, shape)

    with pytest.raises(SettingsError, match=r"step 1 of 9 .* beyond all numbers.*--seed"):
        fit(task, Recipe("alexnet", width=2, dense=8, epochs=1, fewest_steps=9))


def test_weights_that_grow_beyond_numbers_at_the_last_step_give_no_network_either() -> None:
    """No loss is taken after it."""
    maps = np.random.default_rng(0).integers(0, 255, (8, 32, 32, 6)).astype(np.uint8)
    shape = Representation("absdiff", side_px=32)
    windows = Windows(maps, np.arange(8), np.zeros((8, 3), np.float32))
    recipe = Recipe(
        "alexnet", width=2, dense=8, epochs=1, fewest_steps=2, batch=4, learning_rate=1e10
    )

    with pytest.raises(SettingsError, match=r"step 2 of 2 .* beyond all numbers.*--seed"):
        fit(Task(windows, np.arange(8) % 2, 2, shape), recipe)


def test_named_recordings_know_when_their_windows_were() -> None:
    material = material_of_three()
    times_s = np.stack([np.arange(6.0), np.arange(6.0) + 1], axis=1)
    material = replace(material, windows=replace(material.windows, times_s=times_s))
    rows = np.array([4, 5, 0])
    measured = Measured(rows, np.zeros((3, 2), np.float32), (0, 4, 5))

    named = measured.named(material, 1.0)

    assert [one.times_s.tolist() for one in named if one.times_s is not None] == [
        [[0.0, 1.0]], [[4.0, 5.0]], [[5.0, 6.0]],
    ]  # fmt: skip
