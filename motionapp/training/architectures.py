"""The networks to choose between: the layouts of VGG16 and AlexNet, narrow and normalised.

A new one is a function that is called as its name in `recognition.catalogue.ARCHITECTURES`.

References
----------
Simonyan, Zisserman, "Very deep convolutional networks for large-scale image recognition",
ICLR 2015 (layout D). Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep
convolutional neural networks", NIPS 2012. Ioffe, Szegedy, "Batch normalization", ICML 2015.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn

from motionapp.recognition.going import NUMBERS


@dataclass(frozen=True, slots=True)
class Shape:
    """What a network is built for."""

    channels: int
    side_px: int
    outputs: int
    width: int
    """Channels of the narrowest layer; the others keep the original's proportions."""
    dense: int
    """Outputs of the first two dense layers."""
    dropout: float
    going: bool = False
    """Whether it is told how bodies go, beside their maps."""
    families: tuple[str, ...] = ()
    """Of each output; empty where it decides between all of them at once."""


class SeededDropout(nn.Module):
    """Dropout that draws from a generator of its own: two folds may train side by side."""

    def __init__(self, share: float, generator: torch.Generator) -> None:
        super().__init__()
        self._share = share
        self._generator = generator

    def forward(self, numbers: torch.Tensor) -> torch.Tensor:
        """Drop a share of `numbers` while training; change nothing afterwards."""
        if not self.training or self._share == 0:
            return numbers
        drawn = torch.rand(numbers.shape, generator=self._generator)
        return numbers * (drawn >= self._share).to(numbers.dtype) / (1 - self._share)


class FamilyHead(nn.Module):
    """Decides between families, and between the labels of each: two heads, one answer.

    A label's answer is the logarithm of its probability: that of its family, times its own within
    the family. Trained by it, each of the two learns what is its own to decide.

    Parameters
    ----------
    inputs : int
        Features of a clip.
    families : sequence of str
        Of each output.

    References
    ----------
    Redmon, Farhadi, "YOLO9000: better, faster, stronger", CVPR 2017, section 4.
    """

    def __init__(self, inputs: int, families: Sequence[str]) -> None:
        super().__init__()
        names = list(dict.fromkeys(families))
        self._members = [
            torch.tensor([n for n, own in enumerate(families) if own == name]) for name in names
        ]
        self._order = torch.argsort(torch.cat(self._members))
        self.label = nn.Linear(inputs, len(families))
        self.family = nn.Linear(inputs, len(names))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Logarithms of probabilities, shape (clips, outputs)."""
        labels, families = self.label(features), self.family(features).log_softmax(1)
        parts = [
            labels.index_select(1, members).log_softmax(1) + families[:, number : number + 1]
            for number, members in enumerate(self._members)
        ]
        return torch.cat(parts, dim=1).index_select(1, self._order)


GOING_WIDTH = 16
"""What a few numbers are spread over, before they stand beside the maps' hundreds."""


class ClipNetwork(nn.Module):
    """A network over a clip's maps and how the body goes.

    Parameters
    ----------
    convolutions : nn.Sequential
        From maps to rows of numbers.
    inputs : int
        Numbers in such a row.
    shape : Shape
    generator : torch.Generator
        Where dropout is drawn from.
    """

    def __init__(
        self, convolutions: nn.Sequential, inputs: int, shape: Shape, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.convolutions = convolutions
        self.going = _spread(NUMBERS) if shape.going else None
        beside = GOING_WIDTH if shape.going else 0
        self.outputs = shape.outputs
        self.drop = SeededDropout(shape.dropout, generator)
        self.dense = _dense(inputs + beside, shape, generator)
        self.head = (
            FamilyHead(shape.dense, shape.families)
            if shape.families
            else nn.Linear(shape.dense, shape.outputs)
        )

    def forward(self, maps: torch.Tensor, going: torch.Tensor | None = None) -> torch.Tensor:
        """Bare answers, shape (clips, outputs)."""
        answers: torch.Tensor = self.head(self.features(maps, going))
        return answers

    def features(self, maps: torch.Tensor, going: torch.Tensor | None = None) -> torch.Tensor:
        """What the last layer decides by, shape (clips, dense)."""
        seen = self.drop(self.convolutions(maps))
        if self.going is not None:
            seen = torch.cat([seen, self.going(going)], dim=1)
        features: torch.Tensor = self.dense(seen)
        return features


def vgg16(shape: Shape, generator: torch.Generator) -> ClipNetwork:
    """13 convolutions of 3x3 in five blocks and 3 dense layers."""
    layers: list[nn.Module] = []
    channels = shape.channels
    for factor, count in ((1, 2), (2, 2), (4, 3), (8, 3), (8, 3)):
        for _ in range(count):
            layers += _convolution(channels, factor * shape.width, 3)
            channels = factor * shape.width
        layers.append(nn.MaxPool2d(2))
    cells = max(1, shape.side_px // 32) ** 2
    return ClipNetwork(nn.Sequential(*layers, nn.Flatten()), channels * cells, shape, generator)


def alexnet(shape: Shape, generator: torch.Generator) -> ClipNetwork:
    """5 convolutions, the first two wide, and 3 dense layers.

    The first one steps by 2 instead of 4: its pictures are 64 pixels wide, not 227.
    """
    w = shape.width
    convolutions = nn.Sequential(
        *_convolution(shape.channels, 3 * w, 7, stride=2),
        nn.MaxPool2d(2),
        *_convolution(3 * w, 8 * w, 5),
        nn.MaxPool2d(2),
        *_convolution(8 * w, 12 * w, 3),
        *_convolution(12 * w, 12 * w, 3),
        *_convolution(12 * w, 8 * w, 3),
        nn.MaxPool2d(2),
        nn.Flatten(),
    )
    # The first convolution rounds a half up, the three poolings each round one down.
    cells = max(1, (shape.side_px + 1) // 16) ** 2
    return ClipNetwork(convolutions, 8 * w * cells, shape, generator)


_BUILDERS: Mapping[str, Callable[[Shape, torch.Generator], ClipNetwork]] = {
    function.__name__: function for function in (vgg16, alexnet)
}
"""By the names that `recognition.catalogue` gives them, which is read where torch is absent."""


def build(name: str, shape: Shape, generator: torch.Generator) -> ClipNetwork:
    """A network with weights drawn from `generator`.

    Notes
    -----
    Weights begin small (torch's own rule, a third of what is usual for rectified layers): behind
    a normalisation only their change counts, and with the larger ones 8 of 100 windows of a
    person who was held out were lost.
    """
    network = _BUILDERS[name](shape, generator)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_uniform_(module.weight, a=math.sqrt(5), generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    network.to(memory_format=torch.channels_last)
    return network


def bytes_of(name: str, shape: Shape) -> int:
    """How much the weights of a network take in a file, with 32 bits each; none is drawn."""
    with torch.device("meta"):
        network = _BUILDERS[name](shape, torch.Generator("cpu"))
    return 4 * sum(int(weights.numel()) for weights in network.parameters())


def _convolution(channels: int, outputs: int, kernel: int, stride: int = 1) -> list[nn.Module]:
    return [
        nn.Conv2d(channels, outputs, kernel, stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    ]


def _dense(inputs: int, shape: Shape, generator: torch.Generator) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(inputs, shape.dense),
        nn.ReLU(),
        SeededDropout(shape.dropout, generator),
        nn.Linear(shape.dense, shape.dense),
        nn.ReLU(),
    )


def _spread(numbers: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(numbers, GOING_WIDTH), nn.ReLU(), nn.Linear(GOING_WIDTH, GOING_WIDTH), nn.ReLU()
    )
