"""Rebuilds the torch network of a model file of ours: the same function, head included.

A file runs, but tells nothing of what happens on the way to its answers; a torch network does.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from motionapp.core.contract import ModelContract
from motionapp.core.errors import ModelError
from motionapp.recognition.catalogue import ARCHITECTURES
from motionapp.recognition.families import NONE, families_of
from motionapp.training.architectures import ClipNetwork, FamilyHead, build
from motionapp.training.fitting import shape_of
from motionapp.training.layers import Layer, Layers, Numbers, layers_of_onnx
from motionapp.training.recipe import Recipe
from motionapp.training.transfer import convolutions_of


def network_of(content: bytes, contract: ModelContract) -> ClipNetwork:
    """The network in a model file, ready to be asked.

    Parameters
    ----------
    content : bytes
        Of the file, which has been checked (`recognition.onnx`); with weights of 32 or 8 bits.
    contract : ModelContract
        What the file says about itself.

    Returns
    -------
    ClipNetwork
        In evaluation mode. Its answers are the file's, but for rounding; where the file has 8 bits,
        but for the rounding of what passes between its layers, too.

    Raises
    ------
    ModelError
        It is no network of ours, or of an older layout.
    """
    training = contract.recipe.get("training")
    if contract.architecture not in ARCHITECTURES or not isinstance(training, dict):
        raise ModelError("it is not of a network that this program builds")
    recipe = Recipe.from_document(training)
    families = families_of(contract.labels)
    families += (NONE,) if families and contract.has_reject else ()
    outputs = len(contract.labels) + contract.has_reject
    shape = shape_of(contract.representation, recipe, outputs, families)
    network = build(contract.architecture, shape, torch.Generator().manual_seed(0))
    network.eval()
    layers = layers_of_onnx(content, planes=contract.representation.planes)
    with torch.no_grad():
        _fill_convolutions(network, layers)
        _fill_dense(network, layers)
    return network


def _fill_convolutions(network: ClipNetwork, layers: Layers) -> None:
    own = convolutions_of(network)
    if len(own) != len(layers.convolutions):
        raise _other_layout(f"it has {len(layers.convolutions)} convolutions, not {len(own)}")
    for number, ((module, norm), layer) in enumerate(zip(own, layers.convolutions, strict=True), 1):
        _copy(module.weight, layer.weight, f"convolution {number}")
        if norm is None:
            _copy(module.bias, layer.bias, f"convolution {number}")
            continue
        # The file has each normalisation worked into the convolution before it: apart again, it
        # passes on what it is given, and adds the shift. The two together are exact.
        if module.bias is not None:
            module.bias.zero_()
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        norm.weight.fill_(1)
        _copy(norm.bias, layer.bias, f"convolution {number}")


def _fill_dense(network: ClipNetwork, layers: Layers) -> None:
    """Fill in what stands behind the convolutions, in the order in which a file has it."""
    head = network.head
    decides = [head.label, head.family] if isinstance(head, FamilyHead) else [head]
    going = [] if network.going is None else _dense_in(network.going)
    between = [one for one in _dense_in(network) if one not in {*decides, *going}]
    given = [*layers.dense, *layers.head]
    if len(given) != len(between) + len(decides) or len(layers.going) != len(going):
        raise _other_layout(
            f"it has {len(given) + len(layers.going)} dense layers, not "
            f"{len(between) + len(decides) + len(going)}"
        )
    _pour(between + decides, given, "dense layer")
    _pour(going, layers.going, "layer for how a body goes")


def _pour(modules: list[nn.Module], layers: list[Layer] | tuple[Layer, ...], what: str) -> None:
    for number, (module, layer) in enumerate(zip(modules, layers, strict=True), 1):
        _copy(module.weight, layer.weight, f"{what} {number}")
        _copy(module.bias, layer.bias, f"{what} {number}")


def _dense_in(module: nn.Module) -> list[nn.Module]:
    return [one for one in module.modules() if isinstance(one, nn.Linear)]


def _copy(own: torch.Tensor, given: Numbers, what: str) -> None:
    if tuple(own.shape) != given.shape:
        raise _other_layout(f"its {what} is {_size(given.shape)}, not {_size(own.shape)}")
    own.copy_(torch.from_numpy(np.array(given, np.float32)))  # onnx gives what is read-only


def _size(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape))


def _other_layout(how: str) -> ModelError:
    return ModelError(f"it is of a layout that this version does not build: {how}")
