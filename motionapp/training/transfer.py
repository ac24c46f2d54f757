"""Begins a network with what another has learnt, and holds a part of it still for a while.

References
----------
Yosinski, Clune, Bengio, Lipson, "How transferable are features in deep neural networks?", NIPS
2014. Li, Wang, Shi, Liu, Hou, "Revisiting batch normalization for practical domain adaptation",
ICLR workshop 2017 (normalisations see the new pictures).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import nn

from motionapp.core.errors import SettingsError
from motionapp.recognition.going import numbers_of
from motionapp.training.architectures import ClipNetwork
from motionapp.training.layers import Layer, Layers, Norm, Numbers
from motionapp.training.recipe import Recipe
from motionapp.training.task import Task

SEEN: Final = 256
"""Windows from which normalisations learn what the new pictures look like."""


@dataclass(frozen=True, slots=True, eq=False)
class Beginning:
    """Weights that a training begins with."""

    name: str
    """What people call where they come from."""
    layers: Layers
    sha256: str
    """Of the file, as hex."""


def begin_with(network: ClipNetwork, beginning: Beginning, task: Task) -> str:
    """Give a network what another has learnt, but for its head.

    Parameters
    ----------
    network : ClipNetwork
    beginning : Beginning
        Its first convolution is averaged over channels where it has others than the network.
    task : Task
        Its windows tell normalisations what to expect.

    Returns
    -------
    str
        What was taken over, for people.

    Raises
    ------
    SettingsError
        A convolution does not fit.
    """
    check_fits(network, beginning)
    own, given = convolutions_of(network), beginning.layers.convolutions
    planes = beginning.layers.planes
    same_planes = planes if planes == task.representation.planes else 1
    biases = dict[nn.Module, Layer]()
    with torch.no_grad():
        for number, ((convolution, norm), layer) in enumerate(zip(own, given, strict=True)):
            weight = layer.weight
            if not number:
                weight = adapted(weight, convolution.in_channels, planes=same_planes)
            convolution.weight.copy_(torch.from_numpy(weight))
            if norm is not None:
                biases[norm] = layer
            elif convolution.bias is not None:
                convolution.bias.copy_(torch.from_numpy(_folded_bias(layer)))
                if layer.norm is not None:
                    convolution.weight.mul_(
                        torch.from_numpy(_gain(layer.norm))[:, None, None, None]
                    )
        dense = _take_dense(network, beginning.layers)
        _expect(network, biases, task)
    return f"{len(given)} convolutions and {dense} dense layers of {beginning.name}"


def hold(network: ClipNetwork, recipe: Recipe, share_done: float) -> None:
    """Let the first convolutions of a recipe learn nothing, with what normalises them, until so
    much of the training is done."""
    is_held = share_done < recipe.thaw
    for number, (convolution, norm) in enumerate(convolutions_of(network) if recipe.frozen else ()):
        if number >= recipe.frozen:
            return
        convolution.requires_grad_(not is_held)
        if norm is not None:
            norm.requires_grad_(not is_held)
            norm.train(not is_held)


def convolutions_of(network: nn.Module) -> list[tuple[nn.Conv2d, nn.BatchNorm2d | None]]:
    """The convolutions, in order, each with the normalisation that follows it."""
    found: list[tuple[nn.Conv2d, nn.BatchNorm2d | None]] = []
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            found.append((module, None))
        elif isinstance(module, nn.BatchNorm2d) and found:
            found[-1] = (found[-1][0], module)
    return found


def adapted(weight: Numbers, channels: int, *, planes: int) -> Numbers:
    """A first convolution for another number of channels: its mean over them, so scaled that a
    picture that is alike in all of them gives what it gave.

    Parameters
    ----------
    weight : ndarray of float32, shape (outputs, inputs, height, width)
    channels : int
        How many are wanted.
    planes : int
        Channels of one map, 2 for flow: what is horizontal stays apart from what is vertical.

    Returns
    -------
    ndarray of float32, shape (outputs, channels, height, width)
    """
    outputs, inputs = weight.shape[:2]
    if inputs == channels:
        return weight
    if inputs % planes or channels % planes:
        planes = 1
    mean = weight.reshape(outputs, inputs // planes, planes, *weight.shape[2:]).mean(1)
    wide = np.tile(mean * np.float32(inputs / channels), (1, channels // planes, 1, 1))
    return np.ascontiguousarray(wide, np.float32)


def check_fits(network: ClipNetwork, beginning: Beginning) -> None:
    """Refuse weights that do not fit; but for how many channels the first convolution sees.

    Parameters
    ----------
    network : ClipNetwork
        It may be empty.
    beginning : Beginning

    Raises
    ------
    SettingsError
        The network has another number of convolutions, or one of another size.
    """
    own, given = convolutions_of(network), beginning.layers.convolutions
    if len(own) != len(given):
        raise SettingsError(
            f"--from {beginning.name} has {len(given)} convolutions, and the network that is to "
            f"begin with them {len(own)}: choose the --arch that it has"
        )
    for number, ((convolution, _), layer) in enumerate(zip(own, given, strict=True)):
        wanted, found = list(convolution.weight.shape), list(layer.weight.shape)
        if not number:
            wanted[1] = found[1]
        if wanted != found:
            raise SettingsError(
                f"--from {beginning.name}: its convolution {number + 1} is {_size(found)}, and "
                f"that of the network {_size(wanted)}: choose the --arch and --width that it has "
                f"(--width {given[0].weight.shape[0]})"
            )


def _size(shape: list[int]) -> str:
    outputs, inputs, height, width = shape
    return f"{outputs} of {inputs} channels, {height}x{width}"


def _take_dense(network: ClipNetwork, layers: Layers) -> int:
    """Take over dense layers below the head where all of them fit; how many were."""
    head = set(network.head.modules())
    own = [m for m in network.modules() if isinstance(m, nn.Linear) and m not in head]
    going = [] if network.going is None else [m for m in own if m in set(network.going.modules())]
    between = [module for module in own if module not in going]
    pairs = list(zip(between, layers.dense, strict=False))
    pairs += list(zip(going, layers.going, strict=False))
    fits = len(pairs) >= len(between) and all(_fits(*pair) for pair in pairs)
    if not fits:
        return 0
    for module, layer in pairs:
        wide = np.zeros(tuple(module.weight.shape), np.float32)
        wide[:, : layer.weight.shape[1]] = layer.weight  # it may not know how bodies go
        module.weight.copy_(torch.from_numpy(wide))
        module.bias.copy_(torch.from_numpy(np.array(layer.bias)))
    return len(pairs)


def _fits(module: nn.Linear, layer: Layer) -> bool:
    outputs, inputs = layer.weight.shape
    spare = module.in_features - inputs
    return bool(module.out_features == outputs and 0 <= spare <= 16)


def _expect(network: ClipNetwork, layers: dict[nn.Module, Layer], task: Task) -> None:
    """Let each normalisation expect what it is given of the task's windows, first to last.

    One whose scale is known keeps it. Of one that was worked into weights, nothing must change by
    being apart again: it gives what it is given, and the convolution's own shift.
    """
    rows = np.linspace(0, len(task.windows) - 1, min(SEEN, len(task.windows))).astype(np.int64)
    windows = task.windows.of(rows)
    hooks = [norm.register_forward_pre_hook(_expecting(layer)) for norm, layer in layers.items()]
    network.eval()
    network(torch.from_numpy(windows.numbers()), torch.from_numpy(numbers_of(windows.goings)))
    for hook in hooks:
        hook.remove()


def _expecting(layer: Layer) -> Callable[..., None]:
    def expect(norm: nn.BatchNorm2d, given: tuple[torch.Tensor, ...]) -> None:
        variance, mean = torch.var_mean(given[0], dim=(0, 2, 3), correction=0)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        if layer.norm is not None:
            norm.weight.copy_(torch.from_numpy(layer.norm.scale))
            norm.bias.copy_(torch.from_numpy(layer.norm.shift))
        else:
            norm.weight.copy_((variance + norm.eps).sqrt())
            norm.bias.copy_(mean + torch.from_numpy(layer.bias))

    return expect


def _gain(norm: Norm) -> Numbers:
    gain: Numbers = norm.scale / np.sqrt(norm.variance + np.float32(1e-5))
    return gain


def _folded_bias(layer: Layer) -> Numbers:
    """What is added to a convolution's outcome, its normalisation worked in."""
    if layer.norm is None:
        return layer.bias
    shift: Numbers = layer.norm.shift + (layer.bias - layer.norm.mean) * _gain(layer.norm)
    return shift
