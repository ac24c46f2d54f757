"""AlexNet: 5 convolutions, the first two wide, and 3 dense layers.

References
----------
Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep convolutional neural networks",
NIPS 2012; in one column, with the channels of Krizhevsky, "One weird trick for parallelizing
convolutional neural networks", arXiv:1404.5997, as torchvision has it.
"""

from __future__ import annotations

import torch
from torch import nn

from motionapp.training.architectures.network import (
    DenseNetwork,
    SeededDropout,
    convolution,
    going_of,
    head_of,
)
from motionapp.training.architectures.shape import Shape, pooled

WIDE_PX = 128
"""From this side on the first convolution steps by 4, as it was made to for pictures of 224; of
smaller maps, stepping by 4 would leave a single cell."""


class Alexnet(DenseNetwork):
    """AlexNet; its layers are named as in torchvision's where it is not normalised."""

    def __init__(self, shape: Shape, generator: torch.Generator) -> None:
        super().__init__(shape, generator)
        w = shape.width
        stride, padding = (4, 2) if shape.side_px >= WIDE_PX else (2, 5)
        self.features = nn.Sequential(
            *convolution(shape.channels, w, 11, shape, stride=stride, padding=padding),
            nn.MaxPool2d(3, 2),
            *convolution(w, 3 * w, 5, shape, padding=2),
            nn.MaxPool2d(3, 2),
            *convolution(3 * w, 6 * w, 3, shape, padding=1),
            *convolution(6 * w, 4 * w, 3, shape, padding=1),
            *convolution(4 * w, 4 * w, 3, shape, padding=1),
            nn.MaxPool2d(3, 2),
        )
        self.going, beside = going_of(shape)
        side = pooled(shape.side_px, 11, stride, padding)
        for _ in range(3):
            side = pooled(side, 3, 2)
        self.classifier = nn.Sequential(
            nn.Identity(),  # torchvision drops here; we do so before how a body goes is added
            nn.Linear(4 * w * side**2 + beside, shape.dense),
            nn.ReLU(),
            SeededDropout(shape.dropout, generator),
            nn.Linear(shape.dense, shape.dense),
            nn.ReLU(),
            head_of(shape.dense, shape),
        )
