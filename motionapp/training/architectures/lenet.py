"""LeNet-5: two convolutions of 5x5, each halved by averaging, and 3 dense layers.

References
----------
LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition",
Proceedings of the IEEE 86(11), 1998; every map of the second convolution sees all of the first.
"""

from __future__ import annotations

import torch
from torch import nn

from motionapp.training.architectures.network import DenseNetwork, going_of, head_of
from motionapp.training.architectures.shape import Shape, pooled


class Lenet5(DenseNetwork):
    """LeNet-5, with 16 maps for 6 and 84 dense outputs for 120."""

    def __init__(self, shape: Shape, generator: torch.Generator) -> None:
        super().__init__(shape, generator)
        second = round(shape.width * 16 / 6)
        self.features = nn.Sequential(
            *_convolution(shape.channels, shape.width, shape),
            *_convolution(shape.width, second, shape),
        )
        self.going, beside = going_of(shape)
        side = shape.side_px
        for _ in range(2):
            side = pooled(side, 5, 1) // 2
        last = round(shape.dense * 84 / 120)
        self.classifier = nn.Sequential(
            nn.Linear(second * side**2 + beside, shape.dense),
            nn.Tanh(),
            nn.Linear(shape.dense, last),
            nn.Tanh(),
            head_of(last, shape),
        )


def _convolution(channels: int, outputs: int, shape: Shape) -> list[nn.Module]:
    normed = shape.batch_norm
    convolution = nn.Conv2d(channels, outputs, 5, bias=not normed)
    norm: list[nn.Module] = [nn.BatchNorm2d(outputs)] if normed else []
    return [convolution, *norm, nn.Tanh(), nn.AvgPool2d(2)]
