"""A network on its way: it steps, and can be kept and taken up again at any step."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from motionapp.core.errors import SettingsError
from motionapp.core.representation import Representation
from motionapp.recognition.going import numbers_of
from motionapp.training.architectures import ClipNetwork, Shape, build
from motionapp.training.augment import Augmenter
from motionapp.training.early import Watch
from motionapp.training.history import POINTS, Point, Told
from motionapp.training.optimisers import optimiser_of, penalise, schedule_of
from motionapp.training.recipe import Recipe
from motionapp.training.task import Task, drawing_shares
from motionapp.training.transfer import Beginning, begin_with, hold

TORCH: Final = "torch"
"""Under which name a fitting's arrays carry what torch's generator stands at."""


class Fitting:
    """A training, one step at a time.

    Parameters
    ----------
    task : Task
    recipe : Recipe
        Its seed decides every draw: weights, order, changes, dropout.
    beginning : Beginning, optional
        Weights that it begins with.

    Raises
    ------
    SettingsError
        What it begins with does not fit.

    Notes
    -----
    Rare movements are drawn more often than they are recorded, and yet not the same ten windows
    all the time (`task.drawing_shares`). Where the processor multiplies bfloat16, it is used for
    networks that gain by it: their steps take half to four fifths of the time, and what it costs
    in accuracy could not be told from another seed.
    """

    def __init__(self, task: Task, recipe: Recipe, beginning: Beginning | None = None) -> None:
        self._task, self._recipe = task, recipe
        self._generator = torch.Generator().manual_seed(recipe.seed)
        self._drawing = np.random.default_rng(recipe.seed)
        shape = shape_of(task.representation, recipe, task.outputs, task.families)
        self._network = build(
            recipe.architecture, shape, self._generator, initialiser=recipe.initialiser
        )
        self.begun = "" if beginning is None else begin_with(self._network, beginning, task)
        """What was taken over, for people; empty where weights were drawn."""
        self.done = 0
        self.total = max(recipe.fewest_steps, recipe.epochs * len(task.windows) // recipe.batch)
        self._optimiser = optimiser_of(self._network, recipe)
        self._schedule = schedule_of(self._optimiser, recipe, self.total)
        self._shares = drawing_shares(task, recipe.recorded_share, recipe.class_weights)
        self._augmenter = Augmenter(
            recipe.augmentation,
            mirror=task.representation.mirror,
            planes=task.representation.planes,
            drawing=self._drawing,
        )
        self.history: list[Point] = []
        self._looks = _Looks()
        self._watch = None if task.held is None else Watch(task.held, recipe.patience)
        self._in_bfloat16 = has_bfloat16() and gains_by_bfloat16(self._network)

    @property
    def is_over(self) -> bool:
        """Whether there is no step left to take."""
        is_enough = self._watch is not None and self._watch.is_enough
        return self.done >= self.total or is_enough

    def step(self) -> Told:
        """Look at one batch, and follow its gradients.

        Raises
        ------
        SettingsError
            Weights have grown beyond all numbers.
        """
        recipe, network = self._recipe, self._network
        network.train()
        hold(network, recipe, self.done / self.total)
        chosen = self._drawing.choice(len(self._shares), recipe.batch, p=self._shares)
        windows = self._task.windows
        maps, goings = self._augmenter.clips(windows.maps[chosen], windows.goings[chosen])
        answers = self._answers(maps, goings).float()
        right = torch.from_numpy(self._task.answers[chosen])
        loss = functional.cross_entropy(answers, right, label_smoothing=recipe.label_smoothing)
        self.done += 1
        told = loss.item()
        if not math.isfinite(told):
            raise self._beyond_numbers()
        self._optimiser.zero_grad()
        loss.backward()
        penalise(network, recipe)
        self._optimiser.step()
        self._schedule.step()
        self._looks.add(told, int((answers.argmax(1) == right).sum()), len(chosen))
        return self._told()

    def finished(self) -> ClipNetwork:
        """The network, ready to measure; the best one, where groups were held out to tell.

        Raises
        ------
        SettingsError
            Its weights are no numbers, by the last step, which has no loss after it.
        """
        if self._watch is not None and self._watch.best is not None:
            self._network.load_state_dict(_tensors(self._watch.best.weights))
        if not all(value.isfinite().all() for value in self._network.state_dict().values()):
            raise self._beyond_numbers()
        self._network.eval()
        return self._network

    def _answers(self, maps: NDArray[np.float32], goings: NDArray[np.float32]) -> torch.Tensor:
        # Moving the channels to the front changes the view, not the memory: channels_last already.
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._in_bfloat16):
            going = torch.from_numpy(numbers_of(goings))
            answers: torch.Tensor = self._network(torch.from_numpy(maps).permute(0, 3, 1, 2), going)
        return answers

    def _told(self) -> Told:
        every = max(1, self.total // POINTS)
        new = None
        if self.done % every == 0 or self.done == self.total:
            held = (None, None) if self._watch is None else self._watch.look(self._network)
            new = Point(self.done, self._looks.loss, self._looks.accuracy, *held)
            self.history.append(new)
            self._looks = _Looks()
        last = self.history[-1] if self.history else None
        loss, accuracy = (
            (self._looks.loss, self._looks.accuracy) if last is None else (last.loss, last.accuracy)
        )
        return Told(self.done, self.total, loss, accuracy, new)

    def kept(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Where it stands: arrays by name, and what JSON has."""
        arrays = {f"weights/{name}": one for name, one in _arrays(self._network).items()}
        optimiser = self._optimiser.state_dict()
        for number, state in optimiser["state"].items():
            for name, value in state.items():
                arrays[f"optimiser/{number}/{name}"] = value.detach().numpy().copy()
        arrays[TORCH] = self._generator.get_state().numpy()
        if self._watch is not None and self._watch.best is not None:
            arrays |= {f"best/{name}": one for name, one in self._watch.best.weights.items()}
        return arrays, {
            "done": self.done,
            "groups": [_without_weights(group) for group in optimiser["param_groups"]],
            "schedule": self._schedule.state_dict(),
            "drawing": self._drawing.bit_generator.state,
            "augmenter": self._augmenter.kept(),
            "history": [point.document() for point in self.history],
            "looks": self._looks.document(),
            "watch": None if self._watch is None else self._watch.document(),
        }

    def take_up(self, arrays: Mapping[str, NDArray[Any]], document: Mapping[str, Any]) -> None:
        """Stand where `kept` was told to; of the same task and recipe."""
        self._network.load_state_dict(_tensors(_below(arrays, "weights/")))
        self._optimiser.load_state_dict(_optimiser_state(self._optimiser, arrays, document))
        self._schedule.load_state_dict(dict(document["schedule"]))
        self._generator.set_state(torch.from_numpy(arrays[TORCH].copy()))
        self._augmenter.take_up(document["augmenter"])
        self._drawing.bit_generator.state = document["drawing"]
        self.done = int(document["done"])
        self.history = [Point.from_document(point) for point in document["history"]]
        self._looks = _Looks(**document["looks"])
        if self._watch is not None:
            weights = _below(arrays, "best/")
            self._watch.take_up(document["watch"], weights)

    def _beyond_numbers(self) -> SettingsError:
        recipe = self._recipe
        return SettingsError(
            f"at step {self.done} of {self.total} the weights grew beyond all numbers, and no "
            f"network came of it: try another --seed than {recipe.seed}, a smaller "
            f"--learning-rate than {recipe.learning_rate:g}, or a smaller --width"
        )


class _Looks:
    """Adds up what was made of the looks of a stretch."""

    def __init__(self, loss: float = 0.0, right: int = 0, looks: int = 0, steps: int = 0) -> None:
        self._loss, self._right, self._looks, self._steps = loss, right, looks, steps

    def add(self, loss: float, right: int, looks: int) -> None:
        """A batch."""
        self._loss += loss
        self._right += right
        self._looks += looks
        self._steps += 1

    @property
    def loss(self) -> float:
        """Mean loss of the batches so far; 0 before the first."""
        return self._loss / max(1, self._steps)

    @property
    def accuracy(self) -> float:
        """Share of right answers so far, 0 to 1."""
        return self._right / max(1, self._looks)

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "loss": self._loss, "right": self._right, "looks": self._looks, "steps": self._steps,
        }  # fmt: skip


def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 by itself; emulated, it is slower."""
    return bool(torch.cpu.get_capabilities().get("avx512_bf16"))


def gains_by_bfloat16(network: nn.Module) -> bool:
    """Whether a network learns faster in bfloat16. torch has no fast way back through a convolution
    of each channel by itself: with those of `mobilenet_v2` a step takes 329 ms for 169 in float32
    (64 clips, one core)."""
    return all(one.groups == 1 for one in network.modules() if isinstance(one, nn.Conv2d))


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
        batch_norm=recipe.batch_norm,
    )


def _arrays(network: ClipNetwork) -> dict[str, NDArray[Any]]:
    return {name: one.detach().numpy().copy() for name, one in network.state_dict().items()}


def _tensors(arrays: Mapping[str, NDArray[Any]]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(np.array(one)) for name, one in arrays.items()}


def _below(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): one for name, one in arrays.items() if name.startswith(prefix)
    }


def _without_weights(group: Mapping[str, Any]) -> dict[str, Any]:
    """A group of the optimiser's without the list of its weights, which is as long as they are."""
    return {name: value for name, value in group.items() if name != "params"}


def _optimiser_state(
    optimiser: torch.optim.Optimizer,
    arrays: Mapping[str, NDArray[Any]],
    document: Mapping[str, Any],
) -> dict[str, Any]:
    """The optimiser's own document, of what was kept."""
    usual = optimiser.state_dict()
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in _tensors(_below(arrays, "optimiser/")).items():
        number, _, what = name.partition("/")
        state.setdefault(int(number), {})[what] = value
    groups = [
        {**group, **{key: _as_in(group.get(key), value) for key, value in kept.items()}}
        for group, kept in zip(usual["param_groups"], document["groups"], strict=True)
    ]
    return {"state": state, "param_groups": groups}


def _as_in(usual: object, value: object) -> object:
    """JSON has lists for tuples."""
    return tuple(value) if isinstance(usual, tuple) and isinstance(value, list) else value
