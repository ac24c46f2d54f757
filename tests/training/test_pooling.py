"""A recording is learnt by the windows that show what it is called after."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch")

from motionapp.core.representation import Representation  # noqa: E402
from motionapp.recognition.dataset import DataSet, Sample  # noqa: E402
from motionapp.recognition.stretch import Stretch  # noqa: E402
from motionapp.training.fit import Task, answers_of, fit  # noqa: E402
from motionapp.training.folds import Material  # noqa: E402
from motionapp.training.pooling import LOOKS, Bags, EachWindow, Loudest  # noqa: E402
from motionapp.training.recipe import Recipe  # noqa: E402
from motionapp.training.rendered import Rendered  # noqa: E402
from motionapp.training.windows import Windows  # noqa: E402

pytestmark = pytest.mark.train

SHAPE = Representation("absdiff", side_px=32)


def even(windows: int) -> NDArray[np.float64]:
    return np.full(windows, 1 / windows)


def windows_of(*samples: int) -> Windows:
    maps = np.zeros((len(samples), 4, 4, 6), np.uint8)
    return Windows(maps, np.array(samples), nowhere(len(samples)))


def nowhere(windows: int) -> NDArray[np.float32]:
    return np.zeros((windows, 3), np.float32)


def test_a_recording_is_a_bag_and_so_is_what_is_sure_of_one_answer_and_as_likely() -> None:
    answers, recordings = np.array([0, 0, 1, 1, 0, 1, 1]), np.array([5, 5, 7, -1, -1, -1, -1])
    shares = np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4])

    bags = Bags.of(answers, recordings, shares)

    assert bags.numbers.tolist() == [3, 3, 4, 1, 0, 1, 2]
    assert bags.pooled.tolist() == [False, False, False, True, True]


def test_windows_are_drawn_together_from_one_end_of_their_recording_to_the_other() -> None:
    recordings = np.repeat([0, 1], [40, 80])
    lesson = Loudest(Bags.of(recordings, recordings, even(120)), even(120), 0.0)

    drawn = lesson.draw(64, np.random.default_rng(1)).reshape(-1, LOOKS)

    assert len(drawn) == 8
    for row in drawn:
        assert len(set(recordings[row])) == 1
        assert (np.diff(row) > 0).all()
        assert row.max() - row.min() > 0.7 * np.sum(recordings == recordings[row[0]])


def test_a_recording_of_one_window_and_a_batch_of_less_than_a_bag_are_drawn() -> None:
    lesson = Loudest(Bags.of(np.array([0]), np.array([0]), even(1)), even(1), 0.0)

    assert lesson.draw(2, np.random.default_rng(1)).tolist() == [0] * LOOKS


def test_windows_that_say_nothing_cost_nothing_where_half_of_a_recording_speaks() -> None:
    answers = torch.zeros(LOOKS, 2)
    answers[: LOOKS // 2, 1] = 20.0
    right, drawn = torch.ones(LOOKS, dtype=torch.int64), np.arange(LOOKS)
    ones = np.ones(LOOKS, np.int64)
    pooled = Loudest(Bags.of(ones, 0 * ones, even(LOOKS)), even(LOOKS), 0.0)
    sure = Loudest(Bags.of(ones, -ones, even(LOOKS)), even(LOOKS), 0.0)
    each = EachWindow(even(LOOKS), 0.0)

    assert pooled.loss(answers, right, drawn).item() == pytest.approx(0.0, abs=1e-6)
    assert sure.loss(answers, right, drawn).item() == pytest.approx(np.log(2) / 2, abs=1e-6)
    assert each.loss(answers, right, drawn).item() == pytest.approx(np.log(2) / 2, abs=1e-6)


def test_stretches_what_is_unknown_and_what_was_rendered_are_learnt_window_by_window() -> None:
    samples = (
        Sample(Path("a.mp4"), "a.mp4", "walk", "ann"),
        Sample(Path("b.mp4"), "b.mp4", "walk", "bob", Stretch(0, 1)),
        Sample(Path("c.mp4"), "c.mp4", "unknown", "cyn"),
        Sample(Path("d.mp4"), "d.mp4", "run", "dan"),
    )
    material = Material(
        data=DataSet(Path("set"), samples),
        windows=windows_of(0, 0, 1, 2, 3),
        labels=("run", "walk"),
        representation=SHAPE,
        paced=windows_of(0, 3),
        rendered=Rendered(windows_of(0), np.array(["walk"])),
    )

    task = material.task(frozenset({"dan"}))

    assert task.recordings is not None
    assert task.recordings.tolist() == [0, 0, -1, -1, 0, -1]
    assert task.answers.tolist() == [1, 1, 1, 2, 1, 1]


def half_idle() -> tuple[Task, NDArray[np.bool_]]:
    """Sixteen recordings of two labels; in half of the windows of each nothing is to be told."""
    drawing = np.random.default_rng(1)
    maps = drawing.integers(0, 60, (16 * 16, 32, 32, 6), dtype=np.uint8)
    recordings = np.repeat(np.arange(16), 16)
    shows = drawing.permuted(np.tile([True, False], (16, 8)), axis=1).reshape(-1)
    maps[shows & (recordings % 2 == 0), 4:14] += 180
    maps[shows & (recordings % 2 == 1), 18:28] += 180
    return Task(
        Windows(maps, recordings, nowhere(256)),
        recordings % 2,
        2,
        SHAPE,
        recordings=recordings,
    ), shows


def test_what_shows_a_movement_is_told_from_what_does_not() -> None:
    """Learnt window by window, an idle one is a little of both, and so is what shows it."""
    task, shows = half_idle()
    recipe = Recipe(
        architecture="alexnet", width=2, epochs=1, batch=32, fewest_steps=40, pooling="top"
    )
    threads = torch.get_num_threads()
    torch.set_num_threads(1)

    answers = answers_of(fit(task, recipe), task.windows)

    torch.set_num_threads(threads)
    assert (answers.argmax(1) == task.answers)[shows].mean() > 0.95
