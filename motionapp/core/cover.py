"""What of the pictures nobody is to see: parts that are covered before anybody looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Patch:
    """One part of the picture that is covered."""

    name: str
    corners: tuple[tuple[float, float], ...]
    unit: Literal["share", "px"] = "share"
    """What corners are given in: shares of the picture, or its full-size display pixels."""


@dataclass(frozen=True, slots=True)
class Cover:
    """All parts that are covered; a value, and part of an epoch: another cover is another epoch."""

    patches: tuple[Patch, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything may be seen."""
        return not self.patches

    def includes(self, other: Cover) -> bool:
        """Whether all that the other covers is covered."""
        return all(patch in self.patches for patch in other.patches)

    def united(self, other: Cover) -> Cover:
        """What either of them covers."""
        more = tuple(patch for patch in other.patches if patch not in self.patches)
        return Cover((*self.patches, *more)) if more else self


NO_COVER = Cover()
"""Everything may be seen."""
