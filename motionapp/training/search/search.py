"""The course of a search: propose a generation, make its trials, keep them in their order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from motionapp.core.errors import DataSetError, SettingsError
from motionapp.core.representation import Representation
from motionapp.training.code import code_digest, learning_digest
from motionapp.training.opening import open_all
from motionapp.training.progress import Progress
from motionapp.training.protocols import held_out
from motionapp.training.search.running import Runner
from motionapp.training.search.sampling import METHOD, importance, proposed
from motionapp.training.search.space import Space
from motionapp.training.search.study import Study
from motionapp.training.search.trial import Asked, Made, best_of, generations, least_of
from motionapp.training.train import Order
from motionapp.training.workers import processes


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants searched."""

    trials: int
    jobs: int
    """Processes."""
    study: Path
    """Where trials are kept."""
    fixed: frozenset[str] = frozenset()
    """What is not searched for: it was chosen."""
    anew: bool = False
    """Whether trials that were kept are forgotten."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to."""

    order: Order
    """With the best choices."""
    best: Made
    made: tuple[Made, ...]
    matters: dict[str, float]
    """How much each choice mattered, the most first: shares of 1."""

    def document(self) -> dict[str, Any]:
        """As the figures of a training have it."""
        return {
            "trials": [one.document() for one in self.made],
            "best": self.best.number,
            "parameters": dict(self.best.parameters),
            "window_accuracy": self.best.value,
            "importance": {"method": METHOD, "shares": dict(self.matters)},
            "note": "chosen by the same folds that the figures are of: they may be too good",
        }


def search(order: Order, wanted: Wanted, progress: Progress) -> Found:
    """Look for the choices that name held-out windows best.

    Parameters
    ----------
    order : Order
        Its recipe and representation are what is searched around, and the first trial.
    wanted : Wanted
    progress : Progress

    Raises
    ------
    DataSetError
        The data set cannot be split as asked, or read.
    SettingsError
        The study cannot be used, or no trial came to a network.

    Notes
    -----
    A trial's parameters depend on its number, the seed and what earlier generations came to; its
    outcome on the parameters, and on these generations' medians, below which it is given up. So
    the trials are the same with any number of processes, and after any interruption.
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
        runner = Runner(order, space)
        if len(made) < wanted.trials:
            with _makers(runner, wanted.jobs) as results_of:
                course = _Course(order, space, wanted, folds, progress)
                course.run(made, study, runner, results_of)
    finally:
        study.close()
    return _found(order, space, made)


class _Course:
    """Generation after generation."""

    def __init__(
        self, order: Order, space: Space, wanted: Wanted, folds: int, progress: Progress
    ) -> None:
        self._order, self._space, self._wanted = order, space, wanted
        self._folds, self._progress = folds, progress
        self._gathered: set[Representation] = set()

    def run(
        self,
        made: list[Made],
        study: Study,
        runner: Runner,
        results_of: Callable[[Sequence[Asked]], Iterator[Made]],
    ) -> None:
        """Make what is missing, and add it to `made`."""
        for numbers in generations(self._wanted.trials):
            missing = [number for number in numbers if number >= len(made)]
            if not missing:
                continue
            earlier = made[: numbers.start]
            asked = self._asked(missing, earlier)
            self._gather(asked, runner)
            if self._wanted.jobs > 1:
                runner.forget()  # each process has its own
            for one in results_of(asked):
                study.add(one)
                made.append(one)
                self._say(made)

    def _asked(self, numbers: Sequence[int], earlier: Sequence[Made]) -> list[Asked]:
        least = least_of(earlier, self._folds)
        seed = self._order.recipe.seed
        return [
            Asked(number, proposed(self._space, earlier, number, seed), least) for number in numbers
        ]

    def _gather(self, asked: Sequence[Asked], runner: Runner) -> None:
        """Once here, with all cores, so that no two processes gather the same."""
        for shape in dict.fromkeys(self._space.shape_of(one.parameters) for one in asked):
            if shape in self._gathered:
                continue
            self._gathered.add(shape)
            order = replace(self._order, representation=shape)
            try:
                runner.material(order, self._progress)
            except DataSetError as error:
                self._progress.say(
                    f"clips of {shape.span_s:g} s with a lag of {shape.lag_s:g} s: {error}"
                )

    def _say(self, made: Sequence[Made]) -> None:
        best = best_of(made)
        said = "" if best is None else f"best {best.value:.1%} of windows"
        self._progress.advance("searching", len(made), self._wanted.trials, said)


@contextmanager
def _makers(runner: Runner, jobs: int) -> Iterator[Callable[[Sequence[Asked]], Iterator[Made]]]:
    """What makes trials: this process, or several."""
    if jobs == 1:
        yield lambda asked: map(runner, asked)
        return
    with processes(Runner(runner.order, runner.space), jobs) as results_of:
        yield results_of


def _found(order: Order, space: Space, made: Sequence[Made]) -> Found:
    best = best_of(made)
    if best is None:
        trouble = next((one.trouble for one in made if one.trouble), "")
        raise SettingsError(f"no trial of the search came to a network: {trouble}")
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
    if found.matters:
        said = ", ".join(f"{name} {share:.0%}" for name, share in found.matters.items())
        lines.append(f"what mattered ({METHOD}): {said}")
    return lines


def _short(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
