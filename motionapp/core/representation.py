"""What a network was trained to see: part of its contract, never of the detection settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from motionapp.core.frame import ANALYSIS_WIDTH_PX, level_for

Mirror = Literal["none", "flip", "flip-negate-x", "flip-swap"]

Scope = Literal["track", "group", "frame", "moving"]
"""What of the picture a network looks at: one person (`track`), a person with who is nearest
(`group`), all of it (`frame`); `moving`, whatever moves of a body, is that of older models."""

PICTURE: Final = "rgb"
"""Stands for a front-end where a network sees pictures in colour, and no motion: any front-end may
find and follow whom it names."""
PICTURE_PLANES: Final = 3
PICTURE_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Representation:
    """How a stretch of movement becomes a network's input of shape (channels, side, side)."""

    frontend: str
    """Name of the front-end whose maps these are; `rgb` where they are pictures of the frame."""
    lag_s: float = 0.08
    """Seconds between the two pictures behind one map."""
    grid_s: float = 0.08
    """Seconds from one map of a clip to the next."""
    steps: int = 6
    """Maps in a clip (T)."""
    side_px: int = 64
    """Width and height of a clip's maps (S)."""
    planes: int = 1
    """Channels per map: 1 for differences, 2 for flow (x, y) and for drawn limbs (left, right), 3
    for pictures."""
    at_most_px: int = ANALYSIS_WIDTH_PX
    """Pictures are halved until they are at most this wide."""
    mirror: Mirror = "flip"
    """What a mirrored scene does to a clip: nothing may be learnt from it, the maps are turned
    over, or turned over with the sign of the horizontal plane changed (flow), or with the two
    planes exchanged (the left limbs of who is mirrored are their right ones)."""
    scope: Scope = "track"
    """What of the picture the clip's square holds."""
    going: bool = False
    """The network is told how the body goes, beside its maps: a second input, `going`."""
    slowest_hz: float = 0.0
    """So many pictures a second the network was trained on at least: where fewer come, it names
    nothing. 0 where nobody has said: then three pictures must fit into a clip."""
    version: int = 1
    """Of the front-end's maps: other numbers look different to a network."""

    @property
    def is_picture(self) -> bool:
        """Whether it is pictures in colour that the network sees, behind whichever front-end."""
        return self.frontend == PICTURE

    @property
    def channels(self) -> int:
        """Channels of a clip: steps times planes, all planes of one step together."""
        return self.steps * self.planes

    @property
    def is_signed(self) -> bool:
        """Whether its numbers are -1 to 1, and not 0 to 1."""
        return self.mirror == "flip-negate-x"

    @property
    def span_s(self) -> float:
        """Seconds that a clip covers."""
        return self.steps * self.grid_s

    def level(self, size: tuple[int, int]) -> int:
        """How often a picture of `size` (width, height) is halved before it is compared."""
        return level_for(size[0], self.at_most_px)
