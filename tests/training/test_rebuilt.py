"""A network that is built again from its file is the same function, head included."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")

import torch

from motionapp.core.clip import Going
from motionapp.core.contract import GOING, ModelContract
from motionapp.core.errors import ModelError
from motionapp.core.representation import Representation
from motionapp.recognition.catalogue import find_model
from motionapp.recognition.families import NONE, families_of
from motionapp.recognition.going import numbers_of
from motionapp.recognition.onnx import OnnxRecogniser, read_model_file
from motionapp.training.architectures import build
from motionapp.training.export import INPUT, quantised, to_onnx
from motionapp.training.files import with_contract
from motionapp.training.fitting import shape_of
from motionapp.training.rebuilt import network_of
from motionapp.training.recipe import Recipe
from motionapp.training.task import Task
from motionapp.training.windows import pack

pytestmark = [pytest.mark.train, pytest.mark.timeout(120)]

LABELS = ("bend", "run", "walk", "wave1")
SHAPE = Representation("absdiff", steps=3, side_px=32)
WHOLE: dict[str, Any] = {
    "vgg16": {"families": True},
    "resnet18": {"families": True},
    "mobilenet_v2": {},
    "alexnet": {"batch_norm": False},
    "lenet5": {},
}
"""Architectures, and what else of a recipe is theirs."""


def contract_of(name: str, *, going: bool = False, **choices: Any) -> ModelContract:
    recipe = Recipe(architecture=name, width=6, dense=12, **choices)
    return ModelContract(
        name="small",
        version="1",
        labels=LABELS,
        representation=replace(SHAPE, going=going),
        architecture=name,
        has_reject=True,
        recipe={"training": recipe.document()},
    )


@functools.cache
def whole(name: str, going: bool) -> tuple[ModelContract, bytes]:
    """A network of the list above in 32 bits; to write one takes seconds."""
    contract = contract_of(name, going=going, **WHOLE[name])
    return contract, written(contract)


def written(contract: ModelContract) -> bytes:
    """The file of a network whose normalisations have seen something: of drawn ones, all are
    alike."""
    recipe = Recipe.from_document(contract.recipe["training"])
    families = (*families_of(LABELS), NONE)
    shape = shape_of(contract.representation, recipe, len(LABELS) + 1, families)
    generator = torch.Generator().manual_seed(3)
    network = build(contract.architecture, shape, generator, initialiser="he-normal")
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2, generator=generator)
            module.running_var.uniform_(0.5, 2.0, generator=generator)
            module.bias.data.normal_(0, 0.2, generator=generator)
    nothing = pack([], contract.representation)
    task = Task(nothing, np.zeros(0, np.int64), len(LABELS) + 1, contract.representation)
    return with_contract(to_onnx(network.eval(), task), contract)


def maps_of(shape: Representation, count: int = 24) -> tuple[Any, list[Going]]:
    rng = np.random.default_rng(5)
    maps = np.maximum(rng.normal(0, 0.5, (count, shape.channels, shape.side_px, shape.side_px)), 0)
    return maps.astype(np.float32), [Going(*rng.normal(0, 0.5, 2), 0.5) for _ in maps]


def answers_of(network: Any, maps: Any, goings: list[Going]) -> Any:
    with torch.no_grad():
        return network(torch.from_numpy(maps), torch.from_numpy(numbers_of(goings))).numpy()


@pytest.mark.parametrize("name", WHOLE)
def test_its_answers_are_the_files(name: str, tmp_path: Path) -> None:
    contract, content = whole(name, name != "lenet5")
    path = tmp_path / "small.onnx"
    path.write_bytes(content)
    recogniser = OnnxRecogniser(path)
    maps, goings = maps_of(contract.representation)

    own = answers_of(network_of(path.read_bytes(), contract), maps, goings)

    file = recogniser.logits(maps, goings)
    assert np.ptp(file, axis=0).max() > 0.01  # it does not say the same of everything
    assert own == pytest.approx(file, abs=1e-4 * max(1.0, float(np.abs(file).max())))


@pytest.mark.parametrize(("name", "going"), [("vgg16", True), ("resnet18", False)])
def test_of_eight_bits_it_chooses_the_same_label(name: str, going: bool, tmp_path: Path) -> None:
    contract, content = whole(name, going)
    maps, goings = maps_of(contract.representation)
    path = tmp_path / "small.onnx"
    fed = {INPUT: maps} | ({GOING: numbers_of(goings)} if going else {})
    path.write_bytes(with_contract(quantised(content, iter([fed])), contract))
    recogniser = OnnxRecogniser(path)

    own = answers_of(network_of(path.read_bytes(), contract), maps, goings)

    file = recogniser.logits(maps, goings)
    margins = np.diff(np.sort(file, axis=1)[:, -2:], axis=1)[:, 0]
    sure = margins > np.quantile(margins, 0.25)  # what is as good as a tie may fall either way
    assert (own.argmax(1) == file.argmax(1))[sure].all()


def test_a_shipped_network_chooses_the_same_label_of_rendered_people() -> None:
    from motionapp.training.crop_clips import CropCutter
    from motionapp.training.crop_views import CropOrder

    path, _ = find_model("actions", "absdiff")
    assert path is not None
    recogniser = OnnxRecogniser(path)
    cutter = CropCutter(recogniser.contract.representation)
    orders = [CropOrder(label, 900_000 + k, k) for k, label in enumerate(LABELS * 2)]
    clips = [clip for clip in (cutter.clip(order.crop()) for order in orders) if clip is not None]

    network = network_of(read_model_file(path), recogniser.contract)

    maps, goings = np.stack([clip.maps for clip in clips]), [clip.going for clip in clips]
    own, file = answers_of(network, maps, goings), recogniser.logits(maps, goings)
    assert len(clips) >= 6
    assert (own.argmax(1) == file.argmax(1)).all()


def test_an_older_layout_is_refused_and_not_guessed_at() -> None:
    path, _ = find_model("actions-alexnet", "absdiff")
    assert path is not None
    recogniser = OnnxRecogniser(path)

    with pytest.raises(ModelError, match="convolution 1 is 24x12x7x7, not 24x12x11x11"):
        network_of(read_model_file(path), recogniser.contract)


def test_a_network_of_others_is_refused(tmp_path: Path) -> None:
    contract = contract_of("vgg16")

    for other in (replace(contract, architecture="theirs"), replace(contract, recipe={})):
        with pytest.raises(ModelError, match="not of a network that this program builds"):
            network_of(b"", other)
