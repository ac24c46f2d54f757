"""What is drawn, and how large it is drawn on a picture of a given size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """Which parts of a moment are drawn."""

    groups: bool = True
    tracks: bool = True
    trails: bool = False
    """Draw where bodies have been in the last seconds, the fainter the longer ago; of a moment
    with a frame."""
    poses: bool = True
    mask: bool = False
    """Tint what moves."""
    difference: bool = False
    """Show how much the gate saw each place differ: warm above its threshold, cold below."""
    flow: bool = False
    """Lay the colours of the flow over the picture, with their wheel as a legend."""
    arrows: bool = False
    """Draw the flow as arrows."""
    suppressed: bool = False
    """Tint what suppression took out, each rule otherwise, with a legend of their names."""
    valid: bool = True
    """Dim what a camera that moves shows beside the scene, and draw the border."""
    events: bool = True
    """Name the open events in the upper left corner."""
    status: bool = True
    """Time and front-end in the lower left corner."""


EVERYDAY = Style()
"""What is drawn unless someone asks for something else."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in pixels that fit a picture: small ones stay readable, large ones not crowded."""

    text_px: int
    line_px: int
    thin_px: int
    gap_px: int

    @classmethod
    def of(cls, width: int, height: int) -> Sizes:
        """The lengths for a picture of `width` by `height` pixels.

        Text is 10 px high at 180 (the smallest that reads), 15 at 640, 22 at 1280, 30 at 1920.
        """
        longer = max(width, height)
        line_px = max(1, round(longer / 480 + 0.4))
        return cls(
            text_px=min(48, max(10, round(8 + longer / 88))),
            line_px=line_px,
            thin_px=max(1, line_px // 2),
            gap_px=max(2, round(longer / 250)),
        )
