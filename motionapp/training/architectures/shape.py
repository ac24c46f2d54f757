"""What a network is built for."""

from __future__ import annotations

from dataclasses import dataclass

from motionapp.core.representation import Representation
from motionapp.training.choices import WIDTHS

USUAL_DENSE = 128
"""A few hundred recordings of ten labels need no more."""


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


def clip_shape(
    name: str, representation: Representation, outputs: int, *, width: int | None = None
) -> Shape:
    """What a network of a name is built for by default.

    Parameters
    ----------
    name : str
    representation : Representation
        Of the clips that it is to see.
    outputs : int
    width : int, optional
        Channels of the first convolution; None for the usual ones.
    """
    return Shape(
        channels=representation.channels,
        side_px=representation.side_px,
        outputs=outputs,
        width=WIDTHS[name] if width is None else width,
        dense=USUAL_DENSE,
        dropout=0.0,
        going=representation.going,
    )


def pooled(side_px: int, kernel: int, stride: int, padding: int = 0) -> int:
    """How wide a picture is after a convolution or a pooling, which round down."""
    return (side_px + 2 * padding - kernel) // stride + 1
