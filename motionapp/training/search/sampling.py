"""What Optuna proposes next, and what it says mattered; it remembers nothing between questions.

References
----------
Bergstra, Bardenet, Bengio, Kégl, "Algorithms for hyper-parameter optimization", NeurIPS 2011 (TPE).
Watanabe, Bansal, Hutter, "PED-ANOVA: efficiently quantifying hyperparameter importance in arbitrary
subspaces", IJCAI 2023: unlike Optuna's fANOVA, it needs no scikit-learn.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FrozenTrial, TrialState, create_trial

from motionapp.training.search.space import Choices, Numbers, Space
from motionapp.training.search.trial import FIRST, Made

METHOD: Final = "PED-ANOVA"
FEWEST: Final = 4
"""Trials made to their end, before anything is said to matter."""

optuna.logging.set_verbosity(optuna.logging.WARNING)


def distributions(space: Space) -> dict[str, BaseDistribution]:
    """The ranges of a space as Optuna has them."""
    found: dict[str, BaseDistribution] = {}
    for name, one in space.ranges().items():
        found[name] = _distribution(one)
    return found


def proposed(space: Space, earlier: Sequence[Made], number: int, seed: int) -> dict[str, Any]:
    """The parameters of a trial: decided by what it may know of, its number and the seed alone.

    Parameters
    ----------
    space : Space
    earlier : sequence of Made
        Those that it may know of.
    number : int
        Of the trial; the first is what was asked for.
    seed : int
    """
    if number == 0:
        return space.usual()
    sampler = optuna.samplers.TPESampler(
        n_startup_trials=FIRST,
        seed=int(np.random.SeedSequence([seed, number]).generate_state(1)[0]),
    )
    study = _study(space, earlier, sampler)
    return dict(study.ask(distributions(space)).params)


def importance(space: Space, made: Sequence[Made]) -> dict[str, float]:
    """How much each parameter mattered, the most first: shares of 1; empty of too few trials."""
    if sum(not one.is_pruned for one in made) < FEWEST:
        return {}
    study = _study(space, made, None)
    evaluator = optuna.importance.PedAnovaImportanceEvaluator()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that few trials say little; so does the report
        try:
            found = optuna.importance.get_param_importances(study, evaluator=evaluator)
        except (ValueError, RuntimeError):
            return {}  # all came to the same: nothing mattered
    shares = {name: float(share) for name, share in found.items()}
    return shares if all(np.isfinite(list(shares.values()))) else {}


def frozen_trial(space: Space, one: Made) -> FrozenTrial:
    """A trial as Optuna keeps it."""
    return create_trial(
        state=TrialState.PRUNED if one.is_pruned else TrialState.COMPLETE,
        value=one.value,
        params=dict(one.parameters),
        distributions=distributions(space),
        user_attrs={"folds": list(one.folds), "trouble": one.trouble, "took_s": one.took_s},
        intermediate_values=dict(enumerate(one.means)),
    )


def _study(space: Space, made: Sequence[Made], sampler: Any) -> optuna.Study:
    study = optuna.create_study(direction="maximize", sampler=sampler)
    study.add_trials([frozen_trial(space, one) for one in made])
    return study


def _distribution(one: Choices | Numbers) -> BaseDistribution:
    if isinstance(one, Choices):
        return CategoricalDistribution(one.values)
    if one.is_whole:
        return IntDistribution(int(one.low), int(one.high), log=one.is_log)
    return FloatDistribution(one.low, one.high, log=one.is_log)
