"""What a network costs, layer by layer: parameters and multiply-adds of one clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import nn

from motionapp.recognition.going import NUMBERS
from motionapp.training.architectures.layouts import empty
from motionapp.training.architectures.shape import Shape

COUNTED = (nn.Conv2d, nn.Linear, nn.BatchNorm2d, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d)
"""What has a line of its own; rectifiers and dropout change no shape and have no weights."""


@dataclass(frozen=True, slots=True)
class LayerCost:
    """One layer of a network."""

    name: str
    """As in its state file: torchvision's name."""
    kind: str
    output: tuple[int, ...]
    """Shape of what it gives for one clip: (channels, height, width), or (numbers,)."""
    parameters: int
    multiply_adds: int


@dataclass(frozen=True, slots=True)
class Cost:
    """A whole network."""

    name: str
    parameters: int
    multiply_adds: int
    """Of convolutions and dense layers for one clip, as papers count them."""
    layers: tuple[LayerCost, ...]

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "name": self.name,
            "parameters": self.parameters,
            "multiply_adds": self.multiply_adds,
            "layers": [
                {
                    "name": layer.name,
                    "kind": layer.kind,
                    "output": list(layer.output),
                    "parameters": layer.parameters,
                    "multiply_adds": layer.multiply_adds,
                }
                for layer in self.layers
            ],
        }


def cost_of(name: str, shape: Shape) -> Cost:
    """What a network of a name costs; nothing is computed and no weight drawn.

    Parameters
    ----------
    name : str
        One of `recognition.catalogue.ARCHITECTURES`.
    shape : Shape
    """
    network = empty(name, shape).eval()
    layers: list[LayerCost] = []
    for path, module in network.named_modules():
        if isinstance(module, COUNTED):
            module.register_forward_hook(_noting(path, layers))
    with torch.device("meta"), torch.inference_mode():
        maps = torch.zeros(1, shape.channels, shape.side_px, shape.side_px)
        network(maps, torch.zeros(1, NUMBERS) if shape.going else None)
    return Cost(
        name=name,
        parameters=sum(int(weights.numel()) for weights in network.parameters()),
        multiply_adds=sum(layer.multiply_adds for layer in layers),
        layers=tuple(layers),
    )


def _noting(path: str, layers: list[LayerCost]) -> Callable[..., None]:
    def note(module: nn.Module, given: object, output: torch.Tensor) -> None:
        shape = tuple(int(n) for n in output.shape[1:])
        parameters = sum(int(weights.numel()) for weights in module.parameters())
        layers.append(
            LayerCost(path, _kind_of(module), shape, parameters, prod(shape) * _adds(module))
        )

    return note


def _adds(module: nn.Module) -> int:
    """Multiply-adds behind one number that a layer gives."""
    if isinstance(module, nn.Conv2d):
        return int(module.in_channels // module.groups * prod(module.kernel_size))
    return int(module.in_features) if isinstance(module, nn.Linear) else 0


def _kind_of(module: nn.Module) -> str:
    """What people call a layer: `convolution 3x3`, say."""
    if isinstance(module, nn.Conv2d):
        height, width = module.kernel_size
        step = f", step {module.stride[0]}" if module.stride[0] != 1 else ""
        each = ", each channel by itself" if module.groups > 1 else ""
        return f"convolution {height}x{width}{step}{each}"
    kinds = {
        nn.Linear: "dense", nn.BatchNorm2d: "batch norm", nn.MaxPool2d: "largest of",
        nn.AvgPool2d: "mean of", nn.AdaptiveAvgPool2d: "mean",
    }  # fmt: skip
    kind = kinds[type(module)]
    size = getattr(module, "kernel_size", None)
    return f"{kind} {size}x{size}" if size is not None else kind
