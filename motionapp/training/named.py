"""A recording, and what a network that never saw it made of its windows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.core.event import UNKNOWN
from motionapp.recognition.dataset import Sample


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """A recording, or a stretch of it, and what a network that never saw it made of its windows."""

    sample: Sample
    probabilities: NDArray[np.float32]
    """Shape (windows, labels); without rows where no window was cut."""
    times_s: NDArray[np.float64] | None = None
    """When each window begins and ends, shape (windows, 2); None where nobody has said."""

    @property
    def has_name(self) -> bool:
        """Whether there is a label that would be right."""
        return self.sample.label != UNKNOWN

    @property
    def best(self) -> int | None:
        """The number of the label with the best mean probability; None without windows."""
        return int(self.probabilities.mean(0).argmax()) if len(self.probabilities) else None
