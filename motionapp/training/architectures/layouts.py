"""Which network a name means, and how one is built.

A new one is a file beside this one and a line here and in `recognition.catalogue.ARCHITECTURES`,
which is read where torch is absent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

from motionapp.training.architectures.alexnet import Alexnet
from motionapp.training.architectures.lenet import Lenet5
from motionapp.training.architectures.mobilenet import MobilenetV2
from motionapp.training.architectures.network import ClipNetwork
from motionapp.training.architectures.resnet import Resnet18, Resnet50
from motionapp.training.architectures.shape import Shape
from motionapp.training.architectures.vgg import Vgg11, Vgg16, Vgg19
from motionapp.training.choices import Initialiser
from motionapp.training.starting import start


@dataclass(frozen=True, slots=True)
class Layout:
    """A network of a name, and the size that its paper gave it."""

    make: Callable[[Shape, torch.Generator], ClipNetwork]
    side_px: int
    width: int
    dense: int = 0


_LAYOUTS: Mapping[str, Layout] = {
    "vgg16": Layout(Vgg16, 224, 64, 4096),
    "alexnet": Layout(Alexnet, 224, 64, 4096),
    "lenet5": Layout(Lenet5, 32, 6, 120),
    "vgg11": Layout(Vgg11, 224, 64, 4096),
    "vgg19": Layout(Vgg19, 224, 64, 4096),
    "resnet18": Layout(Resnet18, 224, 64),
    "resnet50": Layout(Resnet50, 224, 64),
    "mobilenet_v2": Layout(MobilenetV2, 224, 32),
}


def paper_shape(name: str) -> Shape:
    """The size of a network in its paper: three channels, 1000 outputs, nothing that is ours."""
    layout = _LAYOUTS[name]
    return Shape(
        channels=3, side_px=layout.side_px, outputs=1000, width=layout.width, dense=layout.dense,
        dropout=0.0, batch_norm=False,
    )  # fmt: skip


def build(
    name: str, shape: Shape, generator: torch.Generator, *, initialiser: Initialiser = "small"
) -> ClipNetwork:
    """A network with weights drawn from `generator`."""
    network = _LAYOUTS[name].make(shape, generator)
    start(network, initialiser, generator)
    network.to(memory_format=torch.channels_last)
    return network


def empty(name: str, shape: Shape) -> ClipNetwork:
    """A network without weights: for counting, however large it is."""
    with torch.device("meta"):
        return _LAYOUTS[name].make(shape, torch.Generator("cpu"))


def bytes_of(name: str, shape: Shape) -> int:
    """How much the weights of a network take in a file, with 32 bits each; none is drawn."""
    return 4 * sum(int(weights.numel()) for weights in empty(name, shape).parameters())
