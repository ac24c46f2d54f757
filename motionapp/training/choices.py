"""What a training can be told to do, by name; read where torch is absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

Optimiser = Literal[
    "sgd", "momentum", "nesterov", "adagrad", "rmsprop",
    "adadelta", "adam", "adamw", "nadam", "adamax",
]  # fmt: skip
"""How weights follow their gradients (`optimisers` has the papers)."""

Schedule = Literal[
    "one-cycle", "constant", "step", "exponential", "linear", "cosine", "warm-restarts"
]
"""How the learning rate changes over a training."""

Initialiser = Literal[
    "small", "normal", "uniform", "he-normal", "he-uniform", "xavier-normal", "xavier-uniform"
]
"""From what weights are drawn before the first step."""

ClassWeights = Literal["none", "root", "balanced"]
"""How much more often rare labels are looked at than they occur."""

OPTIMISERS: Final = get_args(Optimiser)
SCHEDULES: Final = get_args(Schedule)
INITIALISERS: Final = get_args(Initialiser)
CLASS_WEIGHTS: Final = get_args(ClassWeights)

LEARNING_RATES: Final[Mapping[str, float]] = {
    "sgd": 0.1,
    "momentum": 0.03,
    "nesterov": 0.03,
    "adagrad": 0.01,
    "rmsprop": 1e-3,
    "adadelta": 1.0,
    "adam": 3e-3,
    "adamw": 3e-3,
    "nadam": 2e-3,
    "adamax": 4e-3,
}
"""The highest of a training where nobody says otherwise. Adagrad's, AdaDelta's and NAdam's are
torch's own, RMSprop's that of Hinton's lecture 6e; Adamax's is twice torch's, as Adam's and AdamW's
are three times: behind normalisation, and with a schedule that begins and ends far lower."""

WITH_MOMENTUM: Final = frozenset({"momentum", "nesterov"})
NORMALISED: Final = frozenset({"resnet18", "resnet50", "mobilenet_v2"})
"""Architectures that are nothing without normalisation: their papers have it, and so have ours."""

WIDTHS: Final[Mapping[str, int]] = {
    "vgg16": 8,
    "alexnet": 24,
    "lenet5": 6,
    "vgg11": 8,
    "vgg19": 8,
    "resnet18": 16,
    "resnet50": 16,
    "mobilenet_v2": 16,
}
"""Channels of the first convolution where nobody says otherwise: networks of 0.1 to 2 MB, which is
plenty for a few hundred recordings and quick on a small box."""
