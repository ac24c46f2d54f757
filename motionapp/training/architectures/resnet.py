"""ResNet: blocks that add to what they were given, and one dense layer.

References
----------
He, Zhang, Ren, Sun, "Deep residual learning for image recognition", CVPR 2016; in blocks of three
convolutions the one of 3x3 steps, as in torchvision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import nn

from motionapp.training.architectures.network import ClipNetwork, going_of, head_of
from motionapp.training.architectures.shape import Shape


class _Block(nn.Module):
    """Adds what its convolutions find to what it was given."""

    expansion: ClassVar[int]
    """How many times as wide its outcome is as its first convolution."""

    def __init__(self, channels: int, width: int, stride: int) -> None:
        super().__init__()
        outputs = self.expansion * width
        self.relu = nn.ReLU(inplace=True)
        self.make(channels, width, stride)
        self.downsample = (
            nn.Sequential(
                nn.Conv2d(channels, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )
            if stride != 1 or channels != outputs
            else None
        )

    def make(self, channels: int, width: int, stride: int) -> None:
        """Make the convolutions."""
        raise NotImplementedError

    def found(self, maps: torch.Tensor) -> torch.Tensor:
        """What the convolutions find."""
        raise NotImplementedError

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """The sum, rectified."""
        found = self.found(maps)
        rectified: torch.Tensor = self.relu(
            found + (maps if self.downsample is None else self.downsample(maps))
        )
        return rectified


class _Basic(_Block):
    """Two convolutions of 3x3."""

    expansion = 1

    def make(self, channels: int, width: int, stride: int) -> None:
        """Make the convolutions."""
        self.conv1 = nn.Conv2d(channels, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)

    def found(self, maps: torch.Tensor) -> torch.Tensor:
        """What the convolutions find."""
        found: torch.Tensor = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(maps)))))
        return found


class _Bottleneck(_Block):
    """A convolution of 1x1 that narrows, one of 3x3, and one of 1x1 that widens."""

    expansion = 4

    def make(self, channels: int, width: int, stride: int) -> None:
        """Make the convolutions."""
        outputs = self.expansion * width
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)

    def found(self, maps: torch.Tensor) -> torch.Tensor:
        """What the convolutions find."""
        narrow = self.relu(self.bn1(self.conv1(maps)))
        found: torch.Tensor = self.bn3(self.conv3(self.relu(self.bn2(self.conv2(narrow)))))
        return found


class Resnet(ClipNetwork):
    """A ResNet; its layers are named as in torchvision's. Always normalised."""

    block: ClassVar[type[_Block]]
    counts: ClassVar[Sequence[int]]
    """Blocks of each of the four layers."""

    def __init__(self, shape: Shape, generator: torch.Generator) -> None:
        super().__init__(shape, generator)
        self.conv1 = nn.Conv2d(shape.channels, shape.width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(shape.width)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels = shape.width
        for number, count in enumerate(self.counts):
            width = shape.width * 2**number
            blocks: list[nn.Module] = []
            for place in range(count):
                blocks.append(self.block(channels, width, 2 if number and not place else 1))
                channels = self.block.expansion * width
            self.add_module(f"layer{number + 1}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.going, beside = going_of(shape)
        self.fc = head_of(channels + beside, shape)

    def row(self, maps: torch.Tensor) -> torch.Tensor:
        """What the convolutions make of maps, shape (clips, n)."""
        maps = self.maxpool(self.relu(self.bn1(self.conv1(maps))))
        for number in range(len(self.counts)):
            maps = self.get_submodule(f"layer{number + 1}")(maps)
        return torch.flatten(self.avgpool(maps), 1)

    @property
    def head(self) -> nn.Module:
        """The dense layer."""
        return self.fc


class Resnet18(Resnet):
    """8 blocks of two convolutions."""

    block, counts = _Basic, (2, 2, 2, 2)


class Resnet50(Resnet):
    """16 blocks of three convolutions."""

    block, counts = _Bottleneck, (3, 4, 6, 3)
