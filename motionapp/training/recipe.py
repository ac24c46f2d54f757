"""How a network is trained: everything that decides its weights, as it stands in the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from motionapp.core.errors import ModelError


@dataclass(frozen=True, slots=True)
class Recipe:
    """The choices behind a training. `train` fills them in, `evaluate` can repeat them."""

    architecture: str = "vgg16"
    width: int = 8
    dense: int = 128
    dropout: float = 0.3
    epochs: int = 4
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

    def document(self) -> dict[str, Any]:
        """The recipe as it is written down."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Recipe:
        """The recipe in a model's contract.

        Raises
        ------
        ModelError
            A choice is missing or of another kind: the model was not made by this program.
        """
        chosen: dict[str, Any] = {}
        for field in fields(cls):
            value, usual = document.get(field.name), field.default
            if isinstance(usual, float) and isinstance(value, int):
                value = float(value)
            if type(value) is not type(usual):
                raise ModelError(
                    f"the model's recipe has no usable {field.name}: it can be measured with "
                    "--protocol all, but not trained again"
                )
            chosen[field.name] = value
        return cls(**chosen)
