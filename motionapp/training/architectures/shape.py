"""What a network is built for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shape:
    """What a network is built for."""

    channels: int
    side_px: int
    outputs: int
    width: int
    """Channels of the first convolution; the others keep the original's proportions."""
    dense: int
    """Outputs of the first two dense layers, where the layout has any."""
    dropout: float
    going: bool = False
    """Whether it is told how bodies go, beside their maps."""
    families: tuple[str, ...] = ()
    """Of each output; empty where it decides between all of them at once."""
    batch_norm: bool = True
    """Whether a normalisation follows each convolution, where the original has none."""


def pooled(side_px: int, kernel: int, stride: int, padding: int = 0) -> int:
    """How wide a picture is after a convolution or a pooling, which round down."""
    return (side_px + 2 * padding - kernel) // stride + 1
