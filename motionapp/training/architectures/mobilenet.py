"""MobileNetV2: convolutions that look at each channel by itself, between narrow layers.

References
----------
Sandler, Howard, Zhu, Zhmoginov, Chen, "MobileNetV2: inverted residuals and linear bottlenecks",
CVPR 2018.
"""

from __future__ import annotations

import torch
from torch import nn

from motionapp.training.architectures.network import ClipNetwork, going_of, head_of
from motionapp.training.architectures.shape import Shape

PAPER_WIDTH = 32
"""Channels of the paper's first convolution."""
BLOCKS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
          (6, 320, 1, 1))  # fmt: skip
"""Expansion, channels at the paper's width, how many, and the step of the first (table 2)."""
LAST = 1280


class _Inverted(nn.Module):
    """Widens, looks at each channel by itself, narrows; adds its input where it fits."""

    def __init__(self, channels: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = channels * expansion
        self._adds = stride == 1 and channels == outputs
        widening = [_convolution(channels, wide, 1)] if expansion != 1 else []
        self.conv = nn.Sequential(
            *widening,
            _convolution(wide, wide, 3, stride=stride, groups=wide),
            nn.Conv2d(wide, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """What was found, on top of what was given where that has its size."""
        found: torch.Tensor = self.conv(maps)
        return maps + found if self._adds else found


class MobilenetV2(ClipNetwork):
    """MobileNetV2; its layers are named as in torchvision's. Always normalised."""

    def __init__(self, shape: Shape, generator: torch.Generator) -> None:
        super().__init__(shape, generator)
        scale = shape.width / PAPER_WIDTH
        channels = _in_eights(PAPER_WIDTH * scale)
        layers: list[nn.Module] = [_convolution(shape.channels, channels, 3, stride=2)]
        for expansion, width, count, stride in BLOCKS:
            outputs = _in_eights(width * scale)
            for place in range(count):
                layers.append(_Inverted(channels, outputs, stride if not place else 1, expansion))
                channels = outputs
        last = _in_eights(LAST * scale)  # the paper keeps it: ten labels need less
        layers.append(_convolution(channels, last, 1))
        self.features = nn.Sequential(*layers)
        self.going, beside = going_of(shape)
        self.classifier = nn.Sequential(
            nn.Identity(),  # torchvision drops here; we do so before how a body goes is added
            head_of(last + beside, shape),
        )

    def row(self, maps: torch.Tensor) -> torch.Tensor:
        """What the convolutions make of maps, averaged over the picture; shape (clips, n)."""
        return torch.flatten(nn.functional.adaptive_avg_pool2d(self.features(maps), 1), 1)

    @property
    def head(self) -> nn.Module:
        """The dense layer."""
        head: nn.Module = self.classifier[-1]
        return head


def _convolution(
    channels: int, outputs: int, kernel: int, *, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(inplace=True),
    )


def _in_eights(channels: float) -> int:
    """The nearest multiple of 8, and never below nine tenths of what was asked for."""
    nearest = max(8, int(channels + 4) // 8 * 8)
    return nearest if nearest >= 0.9 * channels else nearest + 8
