"""Searches for a candidate's choices before it is trained in full, as `motionapp train --search`
does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from motionapp.training.comparison.candidate import Candidate
from motionapp.training.comparison.plan import (
    MARGIN,
    Work,
    found_s,
    is_worth_searching,
    search_ends_s,
)
from motionapp.training.comparison.searched import Searched, Share
from motionapp.training.progress import Progress
from motionapp.training.search.order import SearchOrder
from motionapp.training.search.search import NothingFound, found_of, search
from motionapp.training.search.space import Space
from motionapp.training.search.trial import Made, best_of
from motionapp.training.train import Order


class Searching:
    """Searches for the choices of one candidate after the other.

    Parameters
    ----------
    wanted : SearchOrder
    order_of : callable
        What would be trained of a candidate, of what can be read.
    progress : Progress
    clock : callable
        Seconds that only grow.
    cores : int
        On which the folds of a full training are trained side by side.
    """

    def __init__(
        self,
        wanted: SearchOrder,
        order_of: Callable[[Candidate], Order],
        progress: Progress,
        clock: Callable[[], float],
        cores: int,
    ) -> None:
        self.wanted = wanted
        self._order_of, self._progress, self._clock = order_of, progress, clock
        self._cores = cores
        self.slower = 1.0
        """How much longer than reckoned a trial took that was as it was asked for."""

    def is_worth(self, work: Work, share: Share) -> bool:
        """Whether a candidate's share of the time is enough for some trials."""
        ends_s = search_ends_s(
            work, share_s=share.seconds, load_s=share.load_s, cores=self._cores,
            slower=share.slower,
        )  # fmt: skip
        return is_worth_searching(work, ends_s, self.wanted.jobs)

    def of(self, candidate: Candidate, work: Work, share: Share) -> Searched | None:
        """What is found for a candidate.

        Parameters
        ----------
        candidate : Candidate
        work : Work
            What it takes as it was asked for.
        share : Share

        Returns
        -------
        Searched or None
            None where nothing was found in time: no trial, or none by whose recipe it could be
            trained in what is left of its share.

        Raises
        ------
        DataSetError
            Its data cannot be split or read.
        SettingsError
            The study cannot be used, or a process was ended from outside.
        """
        wanted, order = self.wanted, self._order_of(candidate)
        end_s = self._clock() + share.seconds - share.load_s
        self._progress.say(f"searching for the choices of {candidate.name}")

        def quick(made: Sequence[Made]) -> list[Made]:
            """Those by whose recipes it could be trained in what is left of the share."""
            left_s = end_s - self._clock()
            return [one for one in made if found_s(work, one.took_s, self._cores) <= left_s]

        def left_s(made: Sequence[Made]) -> float:
            """For trials: all but what the training takes by the best recipe so far."""
            best = best_of(quick(made))
            kept_s = max(1.0, share.slower) * work.full_s(self._cores)
            if best is not None:
                kept_s = MARGIN * found_s(work, best.took_s, self._cores)
            return end_s - kept_s - self._clock()

        try:
            found = search(order, wanted, self._progress, left_s)
            self._note_slowness(work, found.made[0])
            space = Space(order.recipe, order.representation, wanted.fixed)
            best = found_of(order, space, quick(found.made))
        except NothingFound:
            return None
        searched = Searched.of(best, wanted.trials, found.made)
        self._progress.say(
            f"{candidate.name}: {searched.found_accuracy:.1%} of windows by the best of "
            f"{searched.trials} trials, {searched.asked_accuracy:.1%} as it was asked for"
        )
        return searched

    def _note_slowness(self, work: Work, asked: Made) -> None:
        reckoned_s, asked_s = work.full_s(self._cores), found_s(work, asked.took_s, self._cores)
        self.slower = max(self.slower, asked_s / max(reckoned_s, 1e-9))
