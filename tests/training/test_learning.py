"""Whatever a course teaches about training: it learns, comes to the same twice, and goes on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

import motionapp.training.fitting
from motionapp.core.errors import SettingsError
from motionapp.core.representation import Representation
from motionapp.training.architectures import ClipNetwork
from motionapp.training.augment import Augmentation, Augmenter
from motionapp.training.choices import (
    CLASS_WEIGHTS,
    INITIALISERS,
    LEARNING_RATES,
    OPTIMISERS,
    SCHEDULES,
)
from motionapp.training.fit import Fitted, answers_of, fit
from motionapp.training.fitting import Fitting
from motionapp.training.recipe import Recipe
from motionapp.training.task import Held, Task, drawing_shares
from motionapp.training.unfinished import Unfinished, task_digest
from motionapp.training.windows import Windows

pytestmark = [pytest.mark.train, pytest.mark.timeout(120)]

LABELS, SIDE, STEPS = 3, 32, 2
SHAPE = Representation("absdiff", side_px=SIDE, steps=STEPS, mirror="none")
SMALL = Recipe(
    architecture="lenet5", width=4, dense=16, batch=16, epochs=1, fewest_steps=30,
    augmentation=Augmentation(shift=0, scale=0, patchy=0, erase=0),
)  # fmt: skip


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def windows(count: int, seed: int) -> tuple[Windows, np.ndarray[Any, Any]]:
    """A bright block at the top, in the middle or at the bottom, in noise."""
    drawing = np.random.default_rng(seed)
    answers = np.arange(count) % LABELS
    maps = drawing.integers(0, 60, (count, SIDE, SIDE, STEPS)).astype(np.uint8)
    for one, answer in zip(maps, answers, strict=True):
        x = int(drawing.integers(0, SIDE - 10))
        one[2 + 10 * answer : 10 + 10 * answer, x : x + 10] = 220
    goings = np.tile(np.float32([0, 0, 1]), (count, 1))
    return Windows(maps, np.arange(count), goings), answers.astype(np.int64)


def task(*, held: bool = False) -> Task:
    learnt, answers = windows(90, seed=1)
    others, right = windows(30, seed=2)
    return Task(learnt, answers, LABELS, SHAPE, held=Held(others, right) if held else None)


def accuracy(network: ClipNetwork) -> float:
    """Of windows that it has not seen."""
    others, right = windows(150, seed=3)
    return float((answers_of(network, others).argmax(1) == right).mean())


def weights(network: ClipNetwork) -> bytes:
    return b"".join(one.numpy().tobytes() for one in network.state_dict().values())


RECIPES = {
    **{
        f"optimiser {name}": replace(
            SMALL, optimiser=name, learning_rate=LEARNING_RATES[name], weight_decay=0.0
        )
        for name in OPTIMISERS
    },
    **{f"schedule {name}": replace(SMALL, schedule=name) for name in SCHEDULES},
    **{f"initialiser {name}": replace(SMALL, initialiser=name) for name in INITIALISERS},
    **{f"class weights {name}": replace(SMALL, class_weights=name) for name in CLASS_WEIGHTS},
    "L1": replace(SMALL, l1=1e-4),
    "L2": replace(SMALL, l2=1e-3),
    "L1 and L2": replace(SMALL, l1=1e-4, l2=1e-3),
    "dropout": replace(SMALL, dropout=0.6),
    "no batch norm": replace(SMALL, batch_norm=False),
    "no label smoothing": replace(SMALL, label_smoothing=0.0),
    "drop-outs": replace(SMALL, augmentation=replace(SMALL.augmentation, drop_outs=0.5)),
}


GOING_ON = {
    **{name: one for name, one in RECIPES.items() if name.split()[0] in ("optimiser", "schedule")},
    "dropout": RECIPES["dropout"],
    "patience": replace(SMALL, patience=3),
}
"""Those that a training may be stopped with."""


@functools.cache
def undisturbed(name: str) -> Fitted:
    """One of all of them that nobody stopped."""
    return fit(task(held=name == "patience"), (RECIPES | GOING_ON)[name])


@pytest.mark.parametrize("name", RECIPES)
def test_it_learns_twice_as_much_as_chance_and_the_same_twice(name: str) -> None:
    networks = [undisturbed(name).network, fit(task(), RECIPES[name]).network]

    assert accuracy(networks[0]) >= 2 / LABELS
    assert weights(networks[0]) == weights(networks[1])


@functools.cache
def usual() -> bytes:
    """Weights of the usual recipe after a few steps."""
    return weights(fit(task(), replace(SMALL, fewest_steps=8)).network)


@pytest.mark.parametrize("name", [name for name in RECIPES if name.split()[0] != "initialiser"])
def test_another_choice_is_another_network(name: str) -> None:
    """An option that changed nothing would be none."""
    own = weights(fit(task(), replace(RECIPES[name], fewest_steps=8)).network)

    is_usual = name in ("optimiser adamw", "schedule one-cycle")
    # Every label of the task is as frequent as the others, so that their weights are alike.
    assert (own == usual()) == (name.startswith("class weights") or (is_usual and name[0] == "s"))


class Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


def stopped_at(step: int) -> Callable[[Any], None]:
    def on_step(told: Any) -> None:
        if told.done == step:
            raise Interrupted

    return on_step


@pytest.mark.parametrize("name", GOING_ON)
@pytest.mark.parametrize("step", [1, 13])
def test_a_training_that_was_stopped_comes_to_the_same(
    name: str, step: int, tmp_path: Path
) -> None:
    recipe, held = GOING_ON[name], name == "patience"
    unfinished, digest = Unfinished(tmp_path / "m.training"), task_digest(task(), recipe, "")
    begun = Fitting(task(held=held), recipe)
    with pytest.raises(Interrupted):
        fit(task(held=held), recipe, fitting=begun, on_step=stopped_at(step))
    unfinished.write("all", begun, digest)

    again = Fitting(task(held=held), recipe)
    assert unfinished.take_up("all", again, digest) == step
    went_on = fit(task(held=held), recipe, fitting=again)

    assert weights(went_on.network) == weights(undisturbed(name).network)
    assert went_on.history == undisturbed(name).history


def test_what_is_left_of_another_training_is_no_use(tmp_path: Path) -> None:
    unfinished, recipe = Unfinished(tmp_path), replace(SMALL, fewest_steps=5)
    fitting = Fitting(task(), recipe)
    fitting.step()
    unfinished.write("all", fitting, task_digest(task(), recipe, ""))

    for other in (replace(recipe, seed=2), replace(recipe, l2=0.1)):
        digest = task_digest(task(), other, "")
        assert unfinished.take_up("all", Fitting(task(), other), digest) == 0
    digest = task_digest(task(), recipe, "another beginning")
    assert unfinished.take_up("all", Fitting(task(), recipe), digest) == 0


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.99])
def test_what_was_left_in_pieces_is_no_use_and_no_error(share: float, tmp_path: Path) -> None:
    unfinished, digest = Unfinished(tmp_path), task_digest(task(), SMALL, "")
    fitting = Fitting(task(), SMALL)
    fitting.step()
    unfinished.write("all", fitting, digest)
    file = tmp_path / "all.npz"
    file.write_bytes(file.read_bytes()[: int(share * file.stat().st_size)])

    assert unfinished.take_up("all", Fitting(task(), SMALL), digest) == 0


def test_a_network_is_written_down_once_a_minute_and_at_its_end(tmp_path: Path) -> None:
    now = [0.0]
    unfinished = Unfinished(tmp_path, clock=lambda: now[0])
    fitting = Fitting(task(), replace(SMALL, fewest_steps=5))
    keep = unfinished.keeper("all", "digest")
    written = []

    for seconds in (30.0, 61.0, 90.0, 100.0, 110.0):
        now[0] = seconds
        fitting.step()
        keep(fitting)
        written.append((tmp_path / "all.npz").is_file())
        (tmp_path / "all.npz").unlink(missing_ok=True)

    assert written == [False, True, False, False, True]


def test_it_ends_when_held_groups_gain_nothing_and_keeps_the_best() -> None:
    """Answers of the held windows are drawn: nothing that is learnt can be of use there."""
    learnt = task(held=True)
    assert learnt.held is not None
    drawn = np.random.default_rng(5).integers(0, LABELS, 30).astype(np.int64)
    never = replace(learnt, held=Held(learnt.held.windows, drawn))

    fitted = fit(never, replace(SMALL, fewest_steps=400, patience=3))

    losses = [point.held_out_loss for point in fitted.history]
    assert fitted.history[-1].step < 400
    best = losses.index(min(losses))
    assert len(losses) - 1 - best == 3
    others = answers_of(fitted.network, learnt.held.windows)
    loss = torch.nn.functional.cross_entropy(torch.from_numpy(others), torch.from_numpy(drawn))
    assert float(loss) == pytest.approx(losses[best], abs=1e-4)


def test_a_rate_beyond_use_is_told() -> None:
    wild = replace(
        SMALL, architecture="vgg11", optimiser="sgd", learning_rate=10.0, batch_norm=False,
        initialiser="he-normal", schedule="constant",
    )  # fmt: skip

    with pytest.raises(SettingsError, match=r"beyond all numbers.*--learning-rate than 10"):
        fit(task(), wild)


def test_rare_labels_are_looked_at_as_often_as_they_are_weighed() -> None:
    answers = np.array([0] * 64 + [1] * 16 + [2] * 4)
    seen, _ = windows(84, seed=1)
    rare = Task(seen, answers, LABELS, SHAPE)

    def of_label(weights: Any) -> list[float]:
        shares = drawing_shares(rare, 0.0, weights)
        return [float(shares[answers == label].sum()) for label in range(LABELS)]

    assert of_label("none") == pytest.approx([64 / 84, 16 / 84, 4 / 84])
    assert of_label("root") == pytest.approx([8 / 14, 4 / 14, 2 / 14])
    assert of_label("balanced") == pytest.approx([1 / 3, 1 / 3, 1 / 3])


@pytest.mark.parametrize(
    ("name", "dtype"), [("vgg11", torch.bfloat16), ("mobilenet_v2", torch.float32)]
)
def test_bfloat16_is_used_where_the_layout_gains_by_it(
    name: str, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(motionapp.training.fitting, "has_bfloat16", lambda: True)
    fitting = Fitting(task(), replace(SMALL, architecture=name, width=2))
    found: set[torch.dtype] = set()
    hook = torch.nn.modules.module.register_module_forward_hook(
        lambda module, _, given: (
            found.add(given.dtype) if isinstance(module, torch.nn.Conv2d) else None
        )
    )

    with hook:
        fitting.step()

    assert found == {dtype}


@pytest.mark.parametrize("planes", [1, 2])
def test_of_a_window_with_drop_outs_maps_are_seen_twice(planes: int) -> None:
    steps = 6
    maps = np.zeros((40, 4, 4, steps * planes), np.uint8)
    maps += (1 + np.arange(steps * planes)).astype(np.uint8)
    augmenter = Augmenter(
        Augmentation(drop_outs=1.0, longest=0.5), mirror="none", planes=planes,
        drawing=np.random.default_rng(1),
    )  # fmt: skip

    lossy = augmenter._lossy(maps)

    for before, after in zip(maps, lossy, strict=True):
        by_step = after[0, 0].reshape(steps, planes)
        same = [step for step in range(1, steps) if (by_step[step] == by_step[step - 1]).all()]
        assert 1 <= len(same) <= 3
        assert same == list(range(same[0], same[0] + len(same)))
        kept = [step for step in range(steps) if step not in same]
        assert (by_step[kept] == before[0, 0].reshape(steps, planes)[kept]).all()
