"""How right a recording is named once so many seconds of it have been seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.window import TIME_TOLERANCE_S

FIRST_S: Final = 0.5
MOST_STEPS: Final = 12
"""Half a second doubled eleven times is 17 minutes: nobody waits longer for a name."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The windows of one recording, and which label is right."""

    probabilities: NDArray[np.float32]
    """Shape (windows, labels), at least one row."""
    times_s: NDArray[np.float64]
    """When each begins and ends, shape (windows, 2)."""
    truth: int

    @property
    def length_s(self) -> float:
        """From the beginning of the first window to the end of the last."""
        return float(self.times_s[:, 1].max() - self.times_s[:, 0].min())


@dataclass(frozen=True, slots=True)
class Step:
    """What is known after some seconds. Shares are of all recordings, 0 to 1."""

    seconds: float
    named: float
    """Of which a window has ended."""
    right: float
    """Whose mean over those windows is best for the right label."""
    long_enough: int
    """How many recordings last so long; of the others, all has been seen by then."""


def seen_after(one: Seen, seconds: float) -> bool | None:
    """Whether a recording is named rightly after some seconds of it.

    By the mean over its windows that have ended by then, as `document` names whole recordings.
    Seconds are counted from where its first window begins: before, nothing moved. None where no
    window has ended yet.
    """
    by_s = one.times_s[:, 0].min() + seconds + TIME_TOLERANCE_S
    ended = one.times_s[:, 1] <= by_s
    if not ended.any():
        return None
    return int(one.probabilities[ended].mean(0).argmax()) == one.truth


def steps_of(recordings: Sequence[Seen]) -> tuple[Step, ...]:
    """How names get better, at half a second and each time twice as long, until all is seen.

    Parameters
    ----------
    recordings : sequence of Seen

    Returns
    -------
    tuple of Step
        Empty without recordings. Those that have no name yet count, as not right.
    """
    steps: list[Step] = []
    longest_s = max((one.length_s for one in recordings), default=0.0)
    while recordings and len(steps) < MOST_STEPS:
        seconds = FIRST_S * 2 ** len(steps)
        answers = [seen_after(one, seconds) for one in recordings]
        steps.append(
            Step(
                seconds=seconds,
                named=sum(answer is not None for answer in answers) / len(answers),
                right=sum(answer is True for answer in answers) / len(answers),
                long_enough=sum(one.length_s >= seconds - TIME_TOLERANCE_S for one in recordings),
            )
        )
        if seconds >= longest_s - TIME_TOLERANCE_S:
            break
    return tuple(steps)
