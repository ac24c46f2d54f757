"""A search: its trials are made, or come from where they were kept, and the best is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from motionapp.core.errors import SettingsError
from motionapp.training.code import code_digest, learning_digest
from motionapp.training.opening import open_all
from motionapp.training.progress import Progress
from motionapp.training.protocols import held_out
from motionapp.training.search.course import Course, Left, no_limit
from motionapp.training.search.order import SearchOrder
from motionapp.training.search.running import Runner
from motionapp.training.search.sampling import METHOD, importance
from motionapp.training.search.space import Space
from motionapp.training.search.study import Study
from motionapp.training.search.trial import NOTE, Made, best_of, unseen_of
from motionapp.training.train import Order


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to."""

    order: Order
    """With the best choices."""
    best: Made
    made: tuple[Made, ...]
    matters: dict[str, float]
    """How much each choice mattered, the most first: shares of 1."""

    @property
    def unseen(self) -> float | None:
        """What choosing comes to on folds that had no say in it; see `trial.unseen_of`."""
        return unseen_of(self.made)

    def document(self) -> dict[str, Any]:
        """As the figures of a training have it."""
        return {
            "trials": [one.document() for one in self.made],
            "best": self.best.number,
            "parameters": dict(self.best.parameters),
            "window_accuracy": self.best.value,
            "unseen_accuracy": self.unseen,
            "importance": {"method": METHOD, "shares": dict(self.matters)},
            "note": NOTE,
        }


class NothingFound(SettingsError):
    """No trial came to a network, or none in time."""


def search(order: Order, wanted: SearchOrder, progress: Progress, left_s: Left = no_limit) -> Found:
    """Look for the choices that name held-out windows best.

    Parameters
    ----------
    order : Order
        Its recipe and representation are what is searched around, and the first trial.
    wanted : SearchOrder
    progress : Progress
    left_s : callable
        How many seconds are left, given the trials that were made: none is waited for any longer.

    Raises
    ------
    DataSetError
        The data set cannot be split as asked, or read.
    NothingFound
        No trial came to a network, or none in time.
    SettingsError
        The study cannot be used, or a process was ended from outside.

    Notes
    -----
    A trial's parameters depend on its number, the seed and what the trials that it may know of came
    to (`trial.known_to`); its outcome on the parameters, and on these trials' medians, below which
    it is given up. So the trials are the same with any number of processes, and after any
    interruption.
    """
    held_out(order.data, order.protocol, seed=order.recipe.seed)
    readings = open_all(order.data, progress)
    order = replace(order, data=readings.left())
    folds = len(held_out(order.data, order.protocol, seed=order.recipe.seed))
    space = Space(order.recipe, order.representation, wanted.fixed)
    if not space.ranges():
        raise SettingsError("--search has nothing to search for: everything was chosen")
    study = Study(wanted.study, search_digest(order, space), space)
    try:
        if wanted.anew:
            study.clear()
        made = study.made()[: wanted.trials]
        if made:
            progress.say(f"{len(made)} of {wanted.trials} trials came from {wanted.study}")
        if len(made) < wanted.trials and left_s(made) > 0:
            course = Course(order, space, wanted.trials, folds, progress, left_s)
            runner = Runner(order, space, lambda: left_s(made))
            course.run(made, study, runner, wanted.jobs)
    finally:
        study.close()
    return found_of(order, space, made)


def found_of(order: Order, space: Space, made: Sequence[Made]) -> Found:
    """What trials come to.

    Raises
    ------
    NothingFound
        None of them came to a network.
    """
    best = best_of(made)
    if best is None:
        trouble = next((one.trouble for one in made if one.trouble), "there was no time for one")
        raise NothingFound(f"no trial of the search came to a network: {trouble}")
    chosen = replace(
        order,
        recipe=space.recipe_of(best.parameters),
        representation=space.shape_of(best.parameters),
    )
    return Found(chosen, best, tuple(made), importance(space, made))


def search_digest(order: Order, space: Space) -> str:
    """What tells a search from others: all that decides its trials but their number, as hex."""
    document = [
        order.data.digest(), str(order.protocol), order.recipe.document(),
        asdict(order.representation), sorted(space.fixed), code_digest(), learning_digest(),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def found_lines(found: Found) -> list[str]:
    """The search on a few lines: the best trials, and what mattered."""
    whole = sorted(
        (one for one in found.made if not one.is_pruned), key=lambda one: (-one.value, one.number)
    )
    given_up = len(found.made) - len(whole)
    lines = [f"{len(found.made)} trials, {given_up} of them given up on the way; the best:"]
    for one in whole[:5]:
        said = ", ".join(f"{name} {_short(value)}" for name, value in one.parameters.items())
        lines.append(f"  {one.value:.1%} of windows  {said}")
    if found.unseen is not None:
        lines.append(
            f"the best was chosen by what it is measured on: chosen each time by the other folds "
            f"alone, it would be {found.unseen:.1%} instead of {found.best.value:.1%}"
        )
    if found.matters:
        said = ", ".join(f"{name} {share:.0%}" for name, share in found.matters.items())
        lines.append(f"what mattered ({METHOD}): {said}")
    return lines


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
