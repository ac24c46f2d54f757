"""How weights follow their gradients, and how fast, by name.

References
----------
Polyak, 1964 (momentum); Nesterov, 1983. Duchi, Hazan, Singer, JMLR 2011 (Adagrad). Zeiler,
arXiv:1212.5701 (AdaDelta). Tieleman, Hinton, "Neural networks for machine learning", lecture 6e,
2012 (RMSprop). Kingma, Ba, ICLR 2015 (Adam, Adamax). Dozat, ICLR 2016 (NAdam). Loshchilov, Hutter,
ICLR 2017 (cosine, warm restarts) and 2019 (AdamW). Smith, Topin, arXiv:1708.07120 (one cycle).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import torch
from torch import nn, optim
from torch.optim import lr_scheduler

from motionapp.training.recipe import Recipe

STEPS = 3
"""The stepped schedule divides the rate by ten so many times less one, after equal parts."""
LOWEST = 1e-3
"""What exponential and linear schedules end at, as a share of the rate."""
RESTARTS = 4
"""Warm restarts: the first cycle is one fifteenth of the steps, each twice as long as the last."""

_OPTIMISERS: Mapping[str, Callable[..., optim.Optimizer]] = {
    "sgd": optim.SGD,
    "momentum": optim.SGD,
    "nesterov": partial(optim.SGD, nesterov=True),
    "adagrad": optim.Adagrad,
    "rmsprop": optim.RMSprop,
    "adadelta": optim.Adadelta,
    "adam": optim.Adam,
    "adamw": optim.AdamW,
    "nadam": optim.NAdam,
    "adamax": optim.Adamax,
}
_WITH_BETAS = frozenset({"adam", "adamw", "nadam", "adamax"})


def optimiser_of(network: nn.Module, recipe: Recipe) -> optim.Optimizer:
    """The optimiser of a recipe, over all weights of a network."""
    name = recipe.optimiser
    how: dict[str, float] = {}
    if name in ("momentum", "nesterov"):
        how["momentum"] = recipe.momentum
    if name == "adamw":
        how["weight_decay"] = recipe.weight_decay
    return _OPTIMISERS[name](network.parameters(), lr=recipe.learning_rate, **how)


def schedule_of(optimiser: optim.Optimizer, recipe: Recipe, steps: int) -> lr_scheduler.LRScheduler:
    """How the rate changes over `steps`; the recipe's is the highest that it takes."""
    name = recipe.schedule
    if name == "one-cycle":
        moving = recipe.optimiser in _WITH_BETAS or recipe.optimiser in ("momentum", "nesterov")
        return lr_scheduler.OneCycleLR(
            optimiser, recipe.learning_rate, total_steps=max(steps, 2),
            pct_start=recipe.warm_up, cycle_momentum=moving,
        )  # fmt: skip
    if name == "step":
        return lr_scheduler.StepLR(optimiser, max(1, -(-steps // STEPS)), gamma=0.1)
    if name == "exponential":
        return lr_scheduler.ExponentialLR(optimiser, LOWEST ** (1 / steps))
    if name == "linear":
        return lr_scheduler.LinearLR(optimiser, 1.0, LOWEST, total_iters=steps)
    if name == "cosine":
        return lr_scheduler.CosineAnnealingLR(optimiser, steps)
    if name == "warm-restarts":
        first = max(1, steps // (2**RESTARTS - 1))
        return lr_scheduler.CosineAnnealingWarmRestarts(optimiser, first, T_mult=2)
    return lr_scheduler.ConstantLR(optimiser, 1.0)


def penalise(network: nn.Module, recipe: Recipe) -> None:
    """Add to the gradients those of the penalties on weights: L1, L2, or both.

    Penalised are the weights of convolutions and dense layers, not what is added to them and not
    normalisations, which have no part in how wildly a network may bend.
    """
    if not recipe.l1 and not recipe.l2:
        return
    with torch.no_grad():
        for module in network.modules():
            if not isinstance(module, nn.Conv2d | nn.Linear) or module.weight.grad is None:
                continue
            module.weight.grad.add_(module.weight, alpha=recipe.l2)
            module.weight.grad.add_(module.weight.sign(), alpha=recipe.l1)
