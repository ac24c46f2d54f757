"""How a network is trained: everything that decides its weights, as it stands in the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from itertools import zip_longest
from typing import Any, Final

from motionapp.core.errors import ModelError
from motionapp.recognition.catalogue import ARCHITECTURES
from motionapp.training.augment import Augmentation
from motionapp.training.choices import (
    CLASS_WEIGHTS,
    INITIALISERS,
    OPTIMISERS,
    SCHEDULES,
    ClassWeights,
    Initialiser,
    Optimiser,
    Schedule,
)

CADENCE_S: Final = 0.04
"""Four times as dense as at run time: what is looked at is the same, only more often. A
movement that was recorded once is looked at in more of its phases."""

RENDERED_CADENCE_S: Final = 0.12
"""Figures are not scarce, as people are: another one shows more than another look at this one."""

TEMPOS: Final = (0.85, 1.18)
"""Recordings are also shown slower and quicker, since a few people move at a few tempos only. One
person of nine left out (`weizmann_masks`, seed 1): 95.0 % of windows without, 96.5 % with it."""

RATES_HZ: Final = (12.5, 7.5)
"""So many pictures a second are left of those at other tempos: cameras give 7.5 to 30, and at five
a second a network that was shown 25 alone is sure of what is wrong."""

UNWRITTEN: Final = frozenset(
    {
        "fewest_steps",
        "warm_up",
        "cadence_s",
        "rendered_cadence_s",
        "tempos",
        "rates_hz",
        "augmentation",
        "crops",
        "backgrounds",
        "recorded_share",
        "travel",
        "tremble",
        "families",
        "optimiser",
        "momentum",
        "schedule",
        "l1",
        "l2",
        "batch_norm",
        "initialiser",
        "class_weights",
        "patience",
        "held_share",
        "drop_outs",
        "longest",
        "beginning",
        "frozen",
        "thaw",
    }
)
"""What older models say nothing of: it was the same for all of them, and as it is by default."""

_RANGES: Final[dict[str, tuple[float, float]]] = {
    "width": (1, 1024),
    "dense": (1, 1 << 16),
    "dropout": (0.0, 0.95),
    "epochs": (1, 10_000),
    "batch": (1, 1 << 16),
    "learning_rate": (1e-9, 10.0),
    "label_smoothing": (0.0, 1.0),
    "recorded_share": (0.0, 1.0),
    "fewest_steps": (1, 1_000_000),
    "warm_up": (0.01, 0.99),
    "cadence_s": (0.001, 5.0),
    "rendered_cadence_s": (0.001, 5.0),
    "tempos": (0.1, 10.0),
    "rates_hz": (0.5, 1000.0),
    "momentum": (0.0, 0.999),
    "l1": (0.0, 1.0),
    "l2": (0.0, 1.0),
    "weight_decay": (0.0, 10.0),
    "patience": (0, 1000),
    "held_share": (0.01, 0.9),
    "drop_outs": (0.0, 1.0),
    "longest": (0.0, 1.0),
    "thaw": (0.0, 1.0),
}
"""What can be trained with: a file may say anything. The others are numbers from 0."""
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "architecture": ARCHITECTURES,
    "optimiser": OPTIMISERS,
    "schedule": SCHEDULES,
    "initialiser": INITIALISERS,
    "class_weights": CLASS_WEIGHTS,
}
_FROM_ZERO: Final = (0.0, 1e9)


def most_of(name: str) -> float:
    """The highest number that a choice of a recipe may be."""
    return _RANGES.get(name, _FROM_ZERO)[1]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The choices behind a training. `train` fills them in, `evaluate` can repeat them."""

    architecture: str = "vgg16"
    width: int = 8
    dense: int = 128
    dropout: float = 0.3
    epochs: int = 8
    """Looks at as many windows as there are, so many times."""
    batch: int = 64
    learning_rate: float = 3e-3
    """The highest of the one-cycle schedule."""
    weight_decay: float = 0.02
    label_smoothing: float = 0.1
    seed: int = 1
    rendered: int = 0
    """Rendered figures added to the recordings, each doing every movement once."""
    clutter: int = 0
    """Rendered scenes without people, learnt as `unknown`."""
    fewest_steps: int = 200
    """A data set of a few windows is looked at often enough to learn anything."""
    warm_up: float = 0.25
    """Share of the steps before the learning rate is at its highest."""
    cadence_s: float = CADENCE_S
    """Seconds between two windows of a recording."""
    rendered_cadence_s: float = RENDERED_CADENCE_S
    """... and of a rendered scene."""
    tempos: tuple[float, ...] = TEMPOS
    """Recordings are learnt from at these, too."""
    rates_hz: tuple[float, ...] = ()
    """Pictures a second that are left at each of `tempos`; where it ends, all are."""
    augmentation: Augmentation = Augmentation()
    """How far each window is changed before each look."""
    crops: int = 0
    """Rendered looks from any side at one person each: so many for every movement, and so many of
    people who do something else, learnt as `unknown`."""
    recorded_share: float = 0.0
    """Share of what is looked at that was recorded, where movements were rendered, too; 0: as many
    as there are."""
    backgrounds: str = ""
    """SHA-256 of the empty pictures that half of them stand before; empty if there were none."""
    families: bool = False
    """Whether it decides between families of movements first, where every label has one."""
    optimiser: Optimiser = "adamw"
    momentum: float = 0.9
    """Of the optimisers `momentum` and `nesterov`."""
    schedule: Schedule = "one-cycle"
    l1: float = 0.0
    """Penalty on the sizes of weights ..."""
    l2: float = 0.0
    """... and on half their squares. `weight_decay` is AdamW's own, and apart from gradients."""
    batch_norm: bool = True
    """Whether convolutions are normalised where the architecture leaves the choice."""
    initialiser: Initialiser = "small"
    class_weights: ClassWeights = "root"
    """How much more often windows of rare labels are looked at: by one over the root of how many
    there are, by one over how many, or not."""
    patience: int = 0
    """Ends early once so many looks at everything brought nothing better; 0: never. What is better
    is told by whole groups, held out of the training for it."""
    held_share: float = 0.2
    """Of the groups, so many are."""
    beginning: str = ""
    """SHA-256 of the weights that it began with; empty where they were drawn."""
    frozen: int = 0
    """So many of its first convolutions keep the weights that they began with ..."""
    thaw: float = 1.0
    """... until this share of all steps is done."""

    def document(self) -> dict[str, Any]:
        """The recipe as it is written down, of what JSON has."""
        return {**asdict(self), "tempos": list(self.tempos), "rates_hz": list(self.rates_hz)}

    @property
    def slowest_hz(self) -> float:
        """So many pictures a second are learnt from at least; 0 where nobody has seen to it.

        A rate without a tempo to show it at is never learnt from.
        """
        return min((rate for _, rate in self.passes() if rate), default=0.0)

    def passes(self) -> tuple[tuple[float, float], ...]:
        """How recordings are shown beside as they are: tempo, and pictures a second (0: all)."""
        return tuple(zip_longest(self.tempos, self.rates_hz[: len(self.tempos)], fillvalue=0.0))

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Recipe:
        """The recipe in a model's contract.

        Raises
        ------
        ModelError
            A choice is missing, of another kind or beyond use: the model was not made by this
            program.
        """
        if document.get("architecture") == "alexnet" and "optimiser" not in document:
            document = _of_a_third(document)
        names = [field.name for field in fields(cls)]
        wanted = [name for name in names if name in document or name not in UNWRITTEN]
        return cls(**_chosen(cls(), {name: document.get(name) for name in wanted}))


def _of_a_third(document: Mapping[str, Any]) -> dict[str, Any]:
    """An older AlexNet's recipe, whose width was a third of its first convolution's."""
    width = document.get("width")
    return {**document, **({"width": 3 * width} if type(width) is int else {})}


def _chosen(usual: Any, document: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a document, each of the kind that it has in `usual`, a dataclass's value."""
    return {name: _value(name, value, getattr(usual, name)) for name, value in document.items()}


def _value(name: str, value: object, usual: object) -> object:
    if isinstance(usual, Augmentation) and isinstance(value, Mapping):
        names = [field.name for field in fields(Augmentation)]
        wanted = {one: value.get(one) for one in names if one in value or one not in UNWRITTEN}
        return Augmentation(**_chosen(usual, wanted))
    if isinstance(usual, tuple) and isinstance(value, list):
        return tuple(_value(name, one, 1.0) for one in value)
    if isinstance(usual, float) and type(value) is int:
        value = float(value)
    least, most = _RANGES.get(name, _FROM_ZERO)
    is_in_range = not isinstance(value, int | float) or least <= value <= most
    is_choice = value in _CHOICES.get(name, (value,))
    if type(value) is not type(usual) or not is_in_range or not is_choice:
        raise ModelError(
            f"the model's recipe has no usable {name}: it can be measured with "
            "--protocol all, but not trained again"
        )
    return value
