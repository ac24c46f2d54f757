"""What is known of each candidate while a comparison goes on."""

from __future__ import annotations

from dataclasses import dataclass

from motionapp.core.errors import MotionAppError
from motionapp.training.architectures.counting import Cost, cost_of
from motionapp.training.comparison.candidate import Candidate
from motionapp.training.comparison.plan import Work
from motionapp.training.comparison.results import Kept, Results
from motionapp.training.fitting import shape_of
from motionapp.training.train import Order, check_size


@dataclass(slots=True)
class Entry:
    """What is known of a candidate."""

    candidate: Candidate
    cost: Cost | None = None
    full: Kept | None = None
    screened: Kept | None = None
    """With an accuracy, once it was; before, with sizes and speed alone."""
    work: Work | None = None
    reason: str = ""
    """Why it was not trained in full."""
    is_out: bool = False
    """Whether nothing can come of it."""

    @property
    def key(self) -> str:
        """The candidate's."""
        return self.candidate.key

    @property
    def best(self) -> Kept | None:
        """What is known best."""
        return self.full or self.screened

    @property
    def is_screened(self) -> bool:
        """Whether there is an accuracy to rank it by."""
        return self.screened is not None and bool(self.screened.finding.groups)

    def leave_out(self, reason: str) -> None:
        """Nothing can come of it."""
        self.reason, self.is_out = reason, True


def entry_of(candidate: Candidate, order: Order, results: Results) -> Entry:
    """What is known of a candidate before anything is trained.

    Parameters
    ----------
    candidate : Candidate
    order : Order
        Of its front-end.
    results : Results
        What an earlier run has kept.
    """
    entry = Entry(candidate)
    try:
        check_size(order)
        outputs = len(order.data.labels) + 1
        shape = shape_of(candidate.representation, candidate.recipe, outputs)
        entry.cost = cost_of(candidate.architecture, shape)
    except MotionAppError as error:
        entry.leave_out(str(error))
    except RuntimeError as error:  # torch's own: maps too small for its layers, say
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        entry.leave_out(f"its layers do not fit {candidate.representation.side_px} pixels: {said}")
    else:
        entry.full = results.find(candidate, is_full=True)
        entry.screened = results.find(candidate, is_full=False)
    return entry
