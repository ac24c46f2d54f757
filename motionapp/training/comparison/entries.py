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
    def chosen(self) -> Candidate:
        """The candidate, with what was found for it where it was searched."""
        searched = None if self.full is None else self.full.searched
        return self.candidate if searched is None else searched.chosen(self.candidate)

    @property
    def is_screened(self) -> bool:
        """Whether there is an accuracy to rank it by."""
        return self.screened is not None and bool(self.screened.finding.groups)

    def finish(self, kept: Kept, outputs: int) -> None:
        """It was trained in full."""
        self.full = kept
        if kept.searched is not None:
            self.cost = _cost(self.chosen, outputs)

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
        entry.cost = _cost(candidate, outputs_of(order))
    except MotionAppError as error:
        entry.leave_out(str(error))
    except RuntimeError as error:  # torch's own: maps too small for its layers, say
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        entry.leave_out(f"its layers do not fit {candidate.representation.side_px} pixels: {said}")
    else:
        entry.screened = results.find(candidate, is_full=False)
        full = results.find(candidate, is_full=True)
        if full is not None:
            entry.finish(full, outputs_of(order))
    return entry


def outputs_of(order: Order) -> int:
    """Of a network of it: one for each label, and one for all else."""
    return len(order.data.labels) + 1


def _cost(candidate: Candidate, outputs: int) -> Cost:
    shape = shape_of(candidate.representation, candidate.recipe, outputs)
    return cost_of(candidate.architecture, shape)
