"""How a training went: what its loss was along the way, as it is shown, kept and written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

POINTS: Final = 40
"""A curve of so many points shows all that a person can read off it."""


@dataclass(frozen=True, slots=True)
class Point:
    """A stretch of a training, told at its end."""

    step: int
    loss: float
    """Mean over the stretch's looks, without penalties."""
    accuracy: float
    """Share of its looks that were right, 0 to 1: at changed copies, and before the step."""
    held_out_loss: float | None = None
    """Of the groups that tell when to end; None where there are none."""
    held_out_accuracy: float | None = None

    def document(self) -> dict[str, Any]:
        """As JSON has it; what was not measured is left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Point:
        """The point that `document` wrote."""
        return cls(**document)


@dataclass(frozen=True, slots=True)
class Told:
    """What a training says after each step."""

    done: int
    total: int
    """How many steps there will be, if it does not end earlier."""
    loss: float
    """Mean of the last stretch that has ended, else of this one so far."""
    accuracy: float
    new: Point | None = None
    """The stretch that ended with this step, if one did."""
