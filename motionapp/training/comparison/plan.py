"""What can be done in the time that is left: which candidates are screened, and for how many steps,
and which are trained in full.

Plain arithmetic over what was measured. What is promised never exceeds the time; a candidate that
does not fit is told by name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MARGIN: Final = 1.15
"""What is reckoned for each second that was measured: other programs come and go."""
SCREENING_SHARE: Final = 0.25
"""Of the time left after gathering, at most so much goes to screening; most of it is for the
trainings that are counted."""
LEAST_STEPS: Final = 40
"""Below, a screening tells candidates apart hardly better than a draw."""
MOST_STEPS: Final = 300
"""Beyond, the time is better spent on a full training."""
FEWEST_FULL: Final = 2
ENDING_SHARE: Final = 0.1
LONGEST_ENDING_S: Final = 90.0
"""Kept for timing networks and front-ends and for the page: a tenth of all the time, at most so
much."""
GATHERING_SHARE: Final = 0.5
"""Of all the time, gathering may take at most so much."""
FEWEST_TRIALS: Final = 3
"""The first is what was asked for: with fewer, there is nothing to choose from."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a candidate takes, as it was measured."""

    key: str
    frontend: str
    step_s: float
    """One step of one network, beside as many others as there are cores."""
    steps: int
    """Of each network in a full training."""
    networks: int
    """Folds."""
    export_s: float = 0.0
    """Writing it as a model, in both precisions."""
    ask_s: float = 0.0
    """Asking it about what a fold holds out."""
    trials: int = 0
    """That it is searched with before; 0 where it is not."""

    def full_s(self, cores: int) -> float:
        """What training it in full takes."""
        return MARGIN * (
            math.ceil(self.networks / cores) * self.steps * self.step_s + self.export_s
        )

    def searched_s(self, trials: int, jobs: int) -> float:
        """What so many trials of it take: a network for each fold, each trial in one process.

        Trials that are given up take less; wider networks and longer clips more.
        """
        return MARGIN * math.ceil(trials / jobs) * self.networks * self.steps * self.step_s

    def screened_s(self, steps: int, cores: int) -> float:
        """What screening it takes beside others."""
        return MARGIN * (steps * self.step_s + self.ask_s) / cores


@dataclass(frozen=True, slots=True)
class Screening:
    """Who is screened, and for how long."""

    steps: int
    """Of each; 0 where nobody is."""
    keys: tuple[str, ...]
    left_out: tuple[str, ...]
    """For whom there is no time."""
    promised_s: float


def ending_s(limit_s: float) -> float:
    """What is kept of a limit for the end: timing, and the page."""
    return min(LONGEST_ENDING_S, ENDING_SHARE * limit_s)


def all_s(works: Sequence[Work], load_s: Mapping[str, float], cores: int, jobs: int = 1) -> float:
    """What searching and training all of them in full takes, one after the other; `load_s` by
    front-end, `jobs` processes make trials."""
    loads = sum(MARGIN * load_s[frontend] for frontend in {one.frontend for one in works})
    return loads + sum(one.full_s(cores) + one.searched_s(one.trials, jobs) for one in works)


def search_ends_s(
    work: Work, *, share_s: float, load_s: float, cores: int, slower: float = 1.0
) -> float:
    """In how many seconds a candidate's search has to end, so that it can be trained in full in its
    share of the time; for the others, see `fits`."""
    full_s = max(1.0, slower) * (MARGIN * load_s + work.full_s(cores))
    return max(0.0, share_s - full_s)


def is_worth_searching(work: Work, ends_s: float, jobs: int) -> bool:
    """Whether a search that ends in so many seconds has something to choose from."""
    return work.searched_s(min(work.trials, FEWEST_TRIALS), jobs) <= ends_s


def found_s(work: Work, trial_s: float, cores: int) -> float:
    """What a full training takes by a recipe that was tried: `trial_s`, fold by fold, on one
    core."""
    rounds = math.ceil(work.networks / cores)
    return MARGIN * (trial_s * rounds / work.networks + work.export_s)


def plan_screening(
    works: Sequence[Work],
    load_s: Mapping[str, float],
    left_s: float,
    cores: int,
    *,
    usual_steps: int = 0,
) -> Screening:
    """Who is screened in the time that is left, each for the same number of steps.

    Parameters
    ----------
    works : sequence of Work
    load_s : mapping of str to float
        Seconds that it takes to have the windows of each front-end at hand.
    left_s : float
        Seconds for screening and full trainings together.
    cores : int
        Candidates that are screened side by side.
    usual_steps : int
        Of screenings that an earlier run has kept: with as many, they count. 0: there are none.

    Notes
    -----
    All of them, if their least number of steps fits into the share of the time that is for
    screening; else the dearest are left out until it does.
    """
    share_s = SCREENING_SHARE * max(0.0, left_s)
    kept = sorted(works, key=lambda one: one.screened_s(LEAST_STEPS, cores))
    while kept and _screening_s(kept, load_s, LEAST_STEPS, cores) > share_s:
        kept.pop()
    if not kept:
        return Screening(0, (), tuple(one.key for one in works), 0.0)
    steps = LEAST_STEPS
    for wanted in (usual_steps, _most_steps(kept, load_s, share_s, cores)):
        if wanted >= steps and _screening_s(kept, load_s, wanted, cores) <= share_s:
            steps = wanted
            break
    keys = {one.key for one in kept}
    return Screening(
        steps,
        tuple(one.key for one in works if one.key in keys),
        tuple(one.key for one in works if one.key not in keys),
        _screening_s(kept, load_s, steps, cores),
    )


def _screening_s(
    works: Sequence[Work], load_s: Mapping[str, float], steps: int, cores: int
) -> float:
    loads = sum(MARGIN * load_s[frontend] for frontend in {one.frontend for one in works})
    longest = max(MARGIN * (steps * one.step_s + one.ask_s) for one in works)  # may run alone
    return loads + longest + sum(one.screened_s(steps, cores) for one in works)


def _most_steps(
    works: Sequence[Work], load_s: Mapping[str, float], share_s: float, cores: int
) -> int:
    """As many as fit, and no more than a quarter of a full training."""
    fixed = _screening_s(works, load_s, 0, cores)
    each = _screening_s(works, load_s, 1, cores) - fixed
    fit = int((share_s - fixed) / each) if each > 0 else MOST_STEPS
    return min(fit, MOST_STEPS, max(LEAST_STEPS, min(one.steps for one in works) // 4))


def wanted_in_full(count: int) -> int:
    """How many of so many candidates are trained in full, at least: the best third, and two."""
    return min(count, max(FEWEST_FULL, math.ceil(count / 3)))


def in_order(ranked: Sequence[Work], full: Sequence[Work] = ()) -> tuple[Work, ...]:
    """In which order candidates are trained in full while time is left.

    Parameters
    ----------
    ranked : sequence of Work
        By how well they did, the best first.
    full : sequence of Work
        Those that are trained already.

    Returns
    -------
    tuple of Work
        The best third; then the best of each front-end that has none among them; then the others.
    """
    wanted = max(0, wanted_in_full(len(ranked) + len(full)) - len(full))
    first = list(ranked[:wanted])
    seen = {one.frontend for one in (*first, *full)}
    for one in ranked[wanted:]:
        if one.frontend not in seen:
            seen.add(one.frontend)
            first.append(one)
    return (*first, *(one for one in ranked if one not in first))


def fits(work: Work, *, load_s: float, left_s: float, cores: int, slower: float = 1.0) -> bool:
    """Whether a candidate's full training ends in the time that is left.

    Parameters
    ----------
    work : Work
    load_s : float
        Seconds to have its front-end's windows at hand; 0 where they are.
    left_s : float
    cores : int
    slower : float
        How much longer than reckoned the trainings before it took; at least 1.
    """
    return max(1.0, slower) * (MARGIN * load_s + work.full_s(cores)) <= left_s
