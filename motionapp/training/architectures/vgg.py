"""VGG: blocks of 3x3 convolutions, each block half as wide as the one before, and 3 dense layers.

References
----------
Simonyan, Zisserman, "Very deep convolutional networks for large-scale image recognition",
ICLR 2015 (layouts A, D and E).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import nn

from motionapp.training.architectures.network import (
    DenseNetwork,
    SeededDropout,
    convolution,
    going_of,
    head_of,
)
from motionapp.training.architectures.shape import Shape

FACTORS = (1, 2, 4, 8, 8)
"""How many times as wide as the first each block is."""


class Vgg(DenseNetwork):
    """A VGG; its layers are named as in torchvision's `vgg16_bn`, or `vgg16` where it is not
    normalised."""

    counts: ClassVar[Sequence[int]]
    """Convolutions of each block."""

    def __init__(self, shape: Shape, generator: torch.Generator) -> None:
        super().__init__(shape, generator)
        layers: list[nn.Module] = []
        channels = shape.channels
        for factor, count in zip(FACTORS, self.counts, strict=True):
            for _ in range(count):
                layers += convolution(channels, factor * shape.width, 3, shape, padding=1)
                channels = factor * shape.width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.going, beside = going_of(shape)
        cells = max(1, shape.side_px // 2 ** len(FACTORS)) ** 2
        self.classifier = nn.Sequential(
            nn.Linear(channels * cells + beside, shape.dense),
            nn.ReLU(),
            SeededDropout(shape.dropout, generator),
            nn.Linear(shape.dense, shape.dense),
            nn.ReLU(),
            nn.Identity(),  # torchvision drops here; we do before the first, where maps are few
            head_of(shape.dense, shape),
        )


class Vgg11(Vgg):
    """Layout A: 8 convolutions."""

    counts = (1, 1, 2, 2, 2)


class Vgg16(Vgg):
    """Layout D: 13 convolutions."""

    counts = (2, 2, 3, 3, 3)


class Vgg19(Vgg):
    """Layout E: 16 convolutions."""

    counts = (2, 2, 4, 4, 4)
